import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_audio.production.sidecars.line_breaks import cut_text, second_line

ENGLISH = (
    "Well, I think it was a surprise to everybody. We had been working on this for years, and suddenly the whole "
    "world was watching; people expected a product, and what we had was a research preview."
)
CHINESE = "我觉得这对每个人来说都是一个惊喜。我们为此工作了很多年，突然之间全世界都在看；人们期待的是产品，而我们手里只有一个研究预览版，谁也没有想到会这样。"


def captions(text, word_starts=(), *, pace=0.06, label=0):
    """Lines of the captions of a text that is spoken at an even pace, in seconds a character."""
    pieces = cut_text(text, word_starts, [index * pace for index in range(len(text) + 1)], label)
    parts = [(text[piece.start : piece.second_line], text[piece.second_line : piece.end]) for piece in pieces]
    return [tuple(line.rstrip(" ") for line in lines if line) for lines in parts]


def columns(line):
    return sum(2.1 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def test_a_short_text_is_one_line():
    assert captions("No.") == [("No.",)]


def test_no_text_is_no_caption():
    assert captions("") == []


def test_what_fits_two_lines_is_one_caption():
    assert captions("How do you weigh the safety of a system, and the speed of its release?") == [
        ("How do you weigh the safety of a system,", "and the speed of its release?")
    ]


def test_english_breaks_after_sentences_and_clauses():
    assert captions(ENGLISH) == [
        ("Well, I think", "it was a surprise to everybody."),
        ("We had been working on this for years,", "and suddenly the whole world was watching;"),
        ("people expected a product,", "and what we had was a research preview."),
    ]


def test_chinese_breaks_after_sentences_and_clauses():
    assert captions(CHINESE, pace=0.18) == [
        ("我觉得这对每个人来说都是一个惊喜。", "我们为此工作了很多年，"),
        ("突然之间全世界都在看；人们期待的是产品，",),
        ("而我们手里只有一个研究预览版，", "谁也没有想到会这样。"),
    ]


def test_names_stay_whole():
    assert captions(
        "经历了为期五天的董事会政变尝试后,Sam Altman 于本周三正式重返 OpenAI 担任首席执行官。", pace=0.15
    ) == [
        ("经历了为期五天的董事会政变尝试后,",),
        ("Sam Altman 于本周三正式重返", "OpenAI 担任首席执行官。"),
    ]


def test_slow_speech_has_more_captions():
    text = "one two three, four five six, seven eight nine"
    assert captions(text, pace=0.1) == [("one two three, four five six,", "seven eight nine")]
    assert captions(text, pace=0.3) == [("one two three,",), ("four five six,",), ("seven eight nine",)]


def test_a_word_does_not_flash_by():
    text = "We asked all of them who were there at the time whether they had seen it, one by one, on that day. No."
    assert captions(text, pace=0.05)[-1][-1] == "one by one, on that day. No."


def test_the_first_caption_leaves_room_for_a_name():
    text = "I very much welcome this, and I look forward to learning more about it all."
    assert captions(text) == [("I very much welcome this, and I look", "forward to learning more about it all.")]
    assert captions(text, label=200) == [
        ("I very much welcome this,",),
        ("and I look forward", "to learning more about it all."),
    ]


def test_chinese_words_stay_whole_where_they_are_known():
    lines = captions("人工智能" * 15, range(0, 60, 4), pace=0.1)
    assert {len(line) % 4 for pair in lines for line in pair} == {0}


def test_a_word_longer_than_a_line_is_cut():
    assert captions("x" * 100) == [("x" * 42,), ("x" * 42, "x" * 16)]


def test_the_second_line_of_a_named_caption_never_begins_at_the_name():
    text = "Sam Altman: 这是一个更适合他们回答的问题。"
    assert text[second_line(text, (), len("Sam Altman: ")) :] == "适合他们回答的问题。"
    assert second_line("Ada: No.", (), 5) == 8


TEXTS = st.text(st.sampled_from('ab .,?“”’()—-中文，。「」！…é😀1"«»%々あ'), max_size=400).map(
    lambda text: " ".join(text.split())
)


@settings(deadline=None)
@given(TEXTS, st.sets(st.integers(1, 400)), st.floats(0, 1), st.integers(0, 600))
def test_any_text_is_shown_whole_in_lines_that_fit(text, word_starts, pace, label):
    lines = captions(text, word_starts, pace=pace, label=label)
    assert "".join("".join(pair) for pair in lines).replace(" ", "") == text.replace(" ", "")
    assert all(1 <= len(pair) <= 2 and all(pair) for pair in lines)
    assert all(columns(line) <= 42 for pair in lines for line in pair)


@pytest.mark.parametrize("text", [ENGLISH * 20, CHINESE * 30, "y" * 5000])
def test_a_long_text_takes_captions_in_proportion(text):
    assert len(text) / 84 <= len(captions(text)) <= len(text) / 15
