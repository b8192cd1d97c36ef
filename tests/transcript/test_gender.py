import pytest

from interview_audio.transcript.gender import guess_genders
from interview_audio.transcript.mentions import index_names


def guess(name: str, *texts: str, forms: tuple[str, ...] = ()) -> tuple[str, str]:
    index = index_names((form, name) for form in (name, *forms))
    return guess_genders({name: forms}, texts, index)[name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ida Holm", ("female", "given name Ida")),
        ("Robert Lang", ("male", "given name Robert")),
        ("Sam Holm", ("male", "given name Sam")),
        ("李娜", ("female", "given name 娜")),
        ("张伟", ("male", "given name 伟")),
        ("艾达·霍尔姆", ("unknown", "")),
        ("Q", ("unknown", "")),
        ("Xun Reyes", ("unknown", "")),
    ],
)
def test_given_names(name: str, expected: tuple[str, str]) -> None:
    assert guess(name) == expected


def test_the_latin_form_of_a_chinese_name_helps() -> None:
    assert guess("艾达·霍尔姆", forms=("Ida Holm",)) == ("female", "given name Ida")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Xun Reyes", "Xun Reyes repairs radios. He came for a weekend.", ("male", "pronoun he")),
        ("雷叶斯", "雷叶斯是工程师，她修电台。", ("female", "pronoun 她")),
        ("雷叶斯", "雷叶斯有很多朋友，他们修电台。", ("unknown", "")),
        ("Xun Reyes", "Xun Reyes said “she is late”.", ("unknown", "")),
        ("Xun Reyes", "Ms. Reyes repairs radios.", ("female", "honorific Ms")),
        ("雷叶斯", "雷叶斯先生修电台。", ("male", "honorific 先生")),
    ],
)
def test_honorifics_and_pronouns(name: str, text: str, expected: tuple[str, str]) -> None:
    assert guess(name, text) == expected


def test_an_honorific_weighs_more_than_a_given_name() -> None:
    assert guess("Sam Holm", "We met Mrs Sam Holm.") == ("female", "honorific Mrs")


def test_a_pronoun_in_a_paragraph_of_two_people_says_nothing() -> None:
    names = {"Xun Reyes": (), "Ola Vik": ()}
    index = index_names((name, name) for name in names)
    guesses = guess_genders(names, ["Xun Reyes met Ola Vik. She was late."], index)
    assert guesses == {"Xun Reyes": ("unknown", ""), "Ola Vik": ("unknown", "")}
