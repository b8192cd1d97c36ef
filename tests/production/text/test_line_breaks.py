import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_audio.production.text.line_breaks import break_text

ENGLISH = (
    "Well, I think it was a surprise to everybody. We had been working on this for years, and suddenly the whole "
    "world was watching; people expected a product, and what we had was a research preview."
)
CHINESE = "我觉得这对每个人来说都是一个惊喜。我们为此工作了很多年，突然之间全世界都在看；人们期待的是产品，而我们手里只有一个研究预览版，谁也没有想到会这样。"


def lines(text, word_starts=()):
    return [piece.lines for piece in break_text(text, word_starts)]


def columns(line):
    return sum(2.1 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def test_a_short_text_is_one_line():
    assert lines("No.") == [("No.",)]


def test_no_text_is_no_caption():
    assert lines("") == []


def test_what_fits_two_lines_is_one_caption():
    assert lines("How do you weigh the safety of a system, and the speed of its release?") == [
        ("How do you weigh the safety of a system,", "and the speed of its release?")
    ]


def test_english_breaks_after_sentences_and_clauses():
    assert lines(ENGLISH) == [
        ("Well, I think it was a", "surprise to everybody."),
        ("We had been working on this for years,", "and suddenly the whole world was watching;"),
        ("people expected a product,", "and what we had was a research preview."),
    ]


def test_chinese_breaks_after_sentences_and_clauses():
    assert lines(CHINESE) == [
        ("我觉得这对每个人来说都是一个惊喜。", "我们为此工作了很多年，"),
        ("突然之间全世界都在看；人们期待的是产品，", "而我们手里只有一个研究预览版，"),
        ("谁也没有想到会这样。",),
    ]


def test_chinese_words_stay_whole_where_they_are_known():
    text = "人工智能" * 15
    assert {len(line) % 4 for pair in lines(text, range(0, 60, 4)) for line in pair} == {0}


def test_punctuation_does_not_begin_a_line():
    text = "一二三四五六七八九十一二三四五六七八九十。" * 3
    assert all(line[0] != "。" for pair in lines(text) for line in pair)


def test_a_word_longer_than_a_line_is_cut():
    assert lines("x" * 100) == [("x" * 42,), ("x" * 42, "x" * 16)]


def test_a_combined_character_is_never_cut():
    family = "👨‍👩‍👧"
    assert all(line.count("👨") == line.count("👧") for pair in lines(family * 40) for line in pair)


TEXTS = st.text(st.sampled_from("ab .,?“”’()—-中文，。「」！…é😀1"), max_size=400).map(
    lambda text: " ".join(text.split())
)


@settings(deadline=None)
@given(TEXTS, st.sets(st.integers(1, 400)))
def test_any_text_is_shown_whole_in_lines_that_fit(text, word_starts):
    pieces = break_text(text, word_starts)
    shown = "".join("".join(piece.lines) for piece in pieces)
    assert shown.replace(" ", "") == text.replace(" ", "")
    assert all(1 <= len(piece.lines) <= 2 and all(piece.lines) for piece in pieces)
    assert all(columns(line) <= 42 for piece in pieces for line in piece.lines)
    assert [piece.start for piece in pieces] == sorted({piece.start for piece in pieces})


@pytest.mark.parametrize("text", [ENGLISH * 20, CHINESE * 30, "y" * 5000])
def test_a_long_text_takes_time_in_proportion(text):
    assert len(lines(text)) >= len(text) / 84
