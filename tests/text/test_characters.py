import re
import unicodedata

import pytest

from interview_audio.text.characters import (
    HAN,
    HANGUL,
    HIRAGANA,
    KANA,
    LATIN,
    UNSPACED,
    count_han,
    has_han,
    has_letter_or_digit,
    joined,
    letters_and_digits,
)


@pytest.mark.parametrize("character", ["灯", "㐀", "𠀀", "豈", "\U000323af"])
def test_chinese_characters_of_every_block(character: str) -> None:
    assert has_han(character)
    assert count_han(f"a{character}b") == 1


@pytest.mark.parametrize("text", ["", "Ida", "かな", "カナ", "한국어", "，。", "䷀", "々"])
def test_what_is_not_a_chinese_character(text: str) -> None:
    assert not has_han(text)


def test_every_ideograph_that_unicode_names_is_one() -> None:
    names = {chr(point): unicodedata.name(chr(point), "") for point in range(0x2E80, 0x40000)}
    named = [character for character, name in names.items() if re.match("CJK [A-Z ]*IDEOGRAPH-", name)]
    assert not [character for character in named if not has_han(character)]


@pytest.mark.parametrize(
    ("ranges", "inside", "outside"),
    [
        (HIRAGANA, "あん", "アー漢"),
        (KANA, "あアｱヲ", "・ー漢a"),
        (HANGUL, "한ㄱ힣", "漢aア"),
        (UNSPACED, "漢あア々〇ー", "한aé1"),
        (LATIN, "azÉøữ", "1漢й"),
    ],
)
def test_ranges(ranges: str, inside: str, outside: str) -> None:
    assert re.fullmatch(f"[{ranges}]+", inside)
    assert not re.search(f"[{ranges}]", outside)


def test_ranges_may_stand_together() -> None:
    assert re.fullmatch(f"[{HAN}{LATIN}]+", "灯Ida")


def test_something_to_say() -> None:
    assert has_letter_or_digit("… 7")
    assert has_letter_or_digit("灯")
    assert not has_letter_or_digit("… — !")


def test_letters_and_digits_alone() -> None:
    assert letters_and_digits("It is, 7 灯！") == "Itis7灯"


@pytest.mark.parametrize(
    ("texts", "whole"),
    [
        (["We met.", "At noon."], "We met. At noon."),
        (["我们见面了。", "在中午。"], "我们见面了。在中午。"),
        (["她说“好。”", "OpenXR 来了。"], "她说“好。”OpenXR 来了。"),
        (["They left.", "然后呢？"], "They left.然后呢？"),
        (["그렇습니다.", "네, 그래요."], "그렇습니다. 네, 그래요."),
        (["", "One.", "", "Two."], "One. Two."),
        ([], ""),
    ],
)
def test_sentences_are_joined_as_their_script_does(texts, whole):
    assert joined(texts) == whole
