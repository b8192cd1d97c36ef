"""Word boundaries of the service, back to what is written: exact, misspelt, split, missing."""

import pytest

from interview_audio.engines.edge.word_boundaries import WordBoundary, letters_without_word, spoken_words
from interview_audio.engines.protocol import SpokenWord
from interview_audio.engines.utterance_pieces import prepare_text


def reported(*texts):
    return [WordBoundary(text, float(index), index + 0.5) for index, text in enumerate(texts)]


def aligned(text, boundaries, pronunciations=None, seconds=60.0):
    wording = prepare_text(text, pronunciations or {})
    words = spoken_words(wording, (0, len(wording.sent)), boundaries, seconds)
    return [(text[one.written[0] : one.written[1]], one.start, one.end) for one in words]


@pytest.mark.parametrize(
    ("text", "texts", "found"),
    [
        ("你好，世界。", ["你好", "世界"], [("你好", 0, 0.5), ("世界", 1, 1.5)]),
        ("The the THE", ["the", "the", "the"], [("The", 0, 0.5), ("the", 1, 1.5), ("THE", 2, 2.5)]),
        ("in New  York now", ["in", "New York", "now"], [("in", 0, 0.5), ("New  York", 1, 1.5), ("now", 2, 2.5)]),
        ("it costs $5 now", ["it", "costs", "five", "dollars", "now"],
         [("it", 0, 0.5), ("costs", 1, 1.5), ("5", 2, 3.5), ("now", 4, 4.5)]),
        ("yes — no", ["yes", "dash", "no"], [("yes", 0, 0.5), ("no", 2, 2.5)]),
        ("ends in 1999", ["ends", "in", "nineteen"], [("ends", 0, 0.5), ("in", 1, 1.5), ("1999", 2, 2.5)]),
        ("St. Paul a man", ["Saint", "Paul", "a", "man"],
         [("St", 0, 0.5), ("Paul", 1, 1.5), ("a", 2, 2.5), ("man", 3, 3.5)]),
        ("alas, a day", ["a", "day"], [("a", 0, 0.5), ("day", 1, 1.5)]),
        ("don't", ["don", "'t"], [("don", 0, 0.5), ("'t", 1, 1.5)]),
        ("a b", ["", "a", "b"], [("a", 1, 1.5), ("b", 2, 2.5)]),
    ],
)  # fmt: skip
def test_words_are_found_where_they_are_written(text, texts, found):
    assert aligned(text, reported(*texts)) == found


def test_several_words_for_one_that_is_written_are_one():
    words = aligned("用 OpenXR 吧", reported("用", "open", "X", "R", "吧"), {"OpenXR": "open X R"})
    assert words == [("用", 0, 0.5), ("OpenXR", 1, 3.5), ("吧", 4, 4.5)]


def test_a_word_of_the_same_spelling_far_away_is_not_meant():
    text = "start " + "abcdefghi " * 8 + "word next"
    words = aligned(text, reported("start", "word"))
    assert words[0] == ("start", 0, 0.5)
    assert words[1][0] == text[6:]


def test_times_stay_inside_the_sound_and_in_order():
    boundaries = [WordBoundary("a", 1.0, 0.5), WordBoundary("b", 0.2, 9.0)]
    assert aligned("a b", boundaries, seconds=2.0) == [("a", 1.0, 1.0), ("b", 1.0, 2.0)]


def test_without_boundaries_there_are_no_times():
    assert aligned("你好 world", []) == []


def test_letters_that_no_word_covers():
    text = "Hello 你好, 5 friend"
    words = [SpokenWord(0, 1, (0, 5)), SpokenWord(1, 2, (12, 18))]
    assert letters_without_word(text, words) == ["你好"]
    assert letters_without_word("all 5!", [SpokenWord(0, 1, (0, 3))]) == []
