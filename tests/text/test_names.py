import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.text.characters import name_key, with_middle_dots


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("I.H.", "IH"),
        ("I. H.", "ih"),
        ("Ｉ．Ｈ．", "I.H."),
        ("“Ida”", "Ida"),
        ("„Ida“", '"ida"'),
        ("「艾达」", "艾达"),
        ("《灰鸥》", "灰鸥"),
        ("O’Hara", "O'Hara"),
        ("OʼHara", "Ｏ＇Ｈａｒａ"),
        ("O‘Hara", "OHARA"),
        ("艾达・霍尔姆", "艾达·霍尔姆"),
        ("艾达•霍尔姆", "艾达·霍尔姆"),
        ("艾达．霍尔姆", "艾达‧霍尔姆"),
        ("ｱﾀﾞ･ﾎﾙﾑ", "アダ・ホルム"),
        ("ＱＡ", "qa"),
        ("Ida  Holm", "ida\u3000holm"),
        ("Zoe\u0308", "Zoë"),
        ("STRASSE", "Straße"),
        ("@ida", "ida"),
        ("Ida\u200b Holm\ufeff", "Ida Holm"),
    ],
)
def test_two_ways_to_write_a_name_are_one_key(left: str, right: str) -> None:
    assert name_key(left) == name_key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Ida", "Ada"), ("艾达·霍尔姆", "艾达霍尔姆"), ("Anne-Marie", "Anne Marie"), ("Zoe", "Zoë"), ("...", "??")],
)
def test_different_names_keep_their_own(left: str, right: str) -> None:
    assert name_key(left) != name_key(right)


def test_only_a_blank_name_has_no_key() -> None:
    assert name_key(" \u3000") == ""
    assert name_key("...") != ""


@given(st.text())
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


def test_middle_dots() -> None:
    assert with_middle_dots("艾达・霍尔姆") == "艾达·霍尔姆"
    assert with_middle_dots("Ｉ．Ｈ．") == "Ｉ．Ｈ．"
