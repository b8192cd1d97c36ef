import pytest

from interview_audio.text.characters import columns, is_wide


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Ida", 3),
        ("ab灯：", 6),
        ("한국어", 6),
        ("😀😀", 4),
        ("e\u0301e\u0301", 2),
        ("é", 1),
        ("Ⅳ", 1),
        ("ｱ", 1),
        ("", 0),
    ],
)
def test_columns_are_those_of_a_terminal(text: str, taken: int) -> None:
    assert columns(text) == taken


@pytest.mark.parametrize("character", "灯：あ한😀Ａ")
def test_wide_characters_take_two_columns(character: str) -> None:
    assert is_wide(character)
    assert columns(character) == 2


@pytest.mark.parametrize("character", "aé.“—ｱ")
def test_narrow_characters_take_one(character: str) -> None:
    assert not is_wide(character)
    assert columns(character) == 1
