"""The take of a line stays with its words and its speaker, until another one is asked for."""

from dataclasses import replace

import pytest

from interview_audio.errors import UsageError
from interview_audio.script.lines import Line, Voice
from interview_audio.script.takes import MOST_TAKES, SpokenLine, keep_takes, matched, matched_by_text, redo


def line(text, speaker="Ada", number=1):
    return Line(0, speaker, "en", text, Voice("tone", "male-1"), 0.1, None, number)


def spoken(text, take=1, takes=1, speaker="Ada"):
    return SpokenLine(speaker, 0, 1, text, 0, 1000, take, max(take, takes))


def takes_of(lines):
    return [(one.text, one.take, one.takes) for one in lines]


def test_takes_are_kept_where_lines_are_inserted_moved_and_removed():
    before = (spoken("One."), spoken("No.", 2), spoken("Two.", 1, 3), spoken("Gone.", 4))
    after = (line("New."), line("Two."), line("One."), line("No."))
    assert takes_of(keep_takes(after, before)) == [("New.", 1, 1), ("Two.", 1, 3), ("One.", 1, 1), ("No.", 2, 2)]


def test_the_same_words_are_told_apart_by_what_stands_around_them():
    before = (spoken("A."), spoken("No."), spoken("B."), spoken("No.", 2))
    after = tuple(map(line, ("No.", "A.", "No.", "B.", "No.")))
    assert matched(after, before) == (None, 0, 1, 2, 3)
    assert [one.take for one in keep_takes(after, before)] == [1, 1, 1, 1, 2]


def test_another_speaker_has_takes_of_their_own():
    before = (spoken("No.", 2, speaker="Ben"),)
    assert takes_of(keep_takes((line("No."),), before)) == [("No.", 1, 1)]
    assert matched_by_text((line("No."),), before) == (0,)


def test_a_redo_is_the_next_take_of_each_line():
    lines = (line("A."), replace(line("B."), take=1, takes=3), line("C."))
    assert takes_of(redo(lines, {0, 1})) == [("A.", 2, 2), ("B.", 4, 4), ("C.", 1, 1)]


def test_a_take_can_be_gone_back_to():
    lines = (replace(line("B."), take=3, takes=3),)
    assert takes_of(redo(lines, {0}, 1)) == [("B.", 1, 3)]


@pytest.mark.parametrize(
    ("takes", "take", "message"),
    [(MOST_TAKES, None, "line 7 has 11 takes"), (1, MOST_TAKES + 1, "take 12 does not exist; a line has at most 11")],
)
def test_there_is_an_end_to_takes(takes, take, message):
    with pytest.raises(UsageError, match=message):
        redo((replace(line("A.", number=7), takes=takes),), {0}, take)
