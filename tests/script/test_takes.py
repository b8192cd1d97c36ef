from dataclasses import replace

import pytest

from interview_audio.errors import UsageError
from interview_audio.script.lines import Line, Voice
from interview_audio.script.takes import (
    MOST_TAKES,
    LineSelector,
    SpokenLine,
    keep_takes,
    match_lines,
    match_lines_by_text,
    parse_line_selector,
    redo_lines,
    select_lines,
)
from interview_audio.transcript.turns import Person


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
    assert match_lines(after, before) == (None, 0, 1, 2, 3)
    assert [one.take for one in keep_takes(after, before)] == [1, 1, 1, 1, 2]


def test_another_speaker_has_takes_of_their_own():
    before = (spoken("No.", 2, speaker="Ben"),)
    assert takes_of(keep_takes((line("No."),), before)) == [("No.", 1, 1)]
    assert match_lines_by_text((line("No."),), before) == (0,)


def test_a_redo_is_the_next_take_of_each_line():
    lines = (line("A."), replace(line("B."), take=1, takes=3), line("C."))
    assert takes_of(redo_lines(lines, {0, 1})) == [("A.", 2, 2), ("B.", 4, 4), ("C.", 1, 1)]


def test_a_take_can_be_gone_back_to():
    lines = (replace(line("B."), take=3, takes=3),)
    assert takes_of(redo_lines(lines, {0}, 1)) == [("B.", 1, 3)]


@pytest.mark.parametrize(
    ("takes", "take", "message"),
    [(MOST_TAKES, None, "line 7 has 11 takes"), (1, MOST_TAKES + 1, "take 12 does not exist; a line has at most 11")],
)
def test_there_is_an_end_to_takes(takes, take, message):
    with pytest.raises(UsageError, match=message):
        redo_lines((replace(line("A.", number=7), takes=takes),), {0}, take)


def line_of(turn, speaker, text, number):
    return Line(turn, speaker, "en", text, Voice("tone", "male-1"), 0.1, None, number)


LINES = (
    line_of(0, "narrator", "The light.", 1),
    line_of(2, "Q", "Why?", 5),
    line_of(3, "Ada Brook", "To see the sea.", 7),
    line_of(3, "Ada Brook", "And to be seen by it, whatever the weather says.", 7),
)
PEOPLE = (Person("Ada Brook", "guest", "female", "", ("AB",)), Person("Q", "host", "unknown", "", ()))
SPOKEN = (
    SpokenLine("narrator", 0, 1, "The light.", 500, 1500),
    SpokenLine("Q", 2, 5, "Why?", 2000, 3000),
    SpokenLine("Ada Brook", 3, 7, "Not any more.", 3500, 3724_000),
    SpokenLine("Ada Brook", 3, 7, "To see the sea.", 3725_000, 3726_000),
)


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("turn:14", LineSelector("turn", "turn:14", 14)),
        ("Line: 88", LineSelector("line", "Line: 88", 88)),
        ("line：8", LineSelector("line", "line：8", 8)),
        ("speaker:Sam Altman", LineSelector("speaker", "speaker:Sam Altman", name="Sam Altman")),
        ('speaker:"Sam Altman"', LineSelector("speaker", 'speaker:"Sam Altman"', name="Sam Altman")),
        ("speaker:“林默”", LineSelector("speaker", "speaker:“林默”", name="林默")),
        ("@34", LineSelector("time", "@34", 34_000)),
        ("@12:34", LineSelector("time", "@12:34", 754_000)),
        ("@1:02:33.5", LineSelector("time", "@1:02:33.5", 3_753_500)),
        ("＠0：05", LineSelector("time", "＠0：05", 5_000)),
    ],
)
def test_targets(written, target):
    assert parse_line_selector(written) == target


@pytest.mark.parametrize(
    "written", ["", "14", "turn:", "turn:-1", "turn:1.5", "speaker:", 'speaker:""', "@", "@a", "@1:2:3:4"]
)
def test_what_is_no_target(written):
    with pytest.raises(UsageError, match=r"is not understood; write turn:14, speaker:"):
        parse_line_selector(written)


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        ("turn:1", (0,)),
        ("turn:4", (2, 3)),
        ("line:7", (2, 3)),
        ("speaker:ada brook", (2, 3)),
        ("speaker:ab", (2, 3)),
        ("speaker:A.B.", (2, 3)),
        ("speaker:host", (1,)),  # as listeners read it
        ("speaker:Q", (1,)),
        ("speaker:narrator", (0,)),
        ("@0:00", (0,)),
        ("@0:01.9", (0,)),
        ("@0:02", (1,)),
        ("@1:02:05", (2,)),
    ],
)
def test_what_is_meant(written, chosen):
    assert select_lines(parse_line_selector(written), LINES, PEOPLE, SPOKEN) == chosen


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("turn:2", "turn:2: no turn with that number is read aloud; nearby: turn:1 (narrator: The light.), "
         "turn:3 (Q: Why?), turn:4 (Ada Brook: To see the sea.)"),
        ("line:99", "line:99: no turn that begins there is read aloud; nearby: line:1 (narrator: The light.), "
         "line:5 (Q: Why?), line:7 (Ada Brook: To see the sea.)"),
        ("speaker:Ada Brok", "speaker:Ada Brok: no speaker has that name; did you mean 'Ada Brook'?"),
        ("speaker:Zoe", "speaker:Zoe: no speaker has that name; the speakers are: narrator, Q, Ada Brook"),
        ("@9:59:59", "@9:59:59: the last word of the episode ends at 1:02:06; choose an earlier time"),
        ("@0:10", "@0:10: what is spoken there is no longer in the source (Ada Brook: Not any more.); "
         "render first, or use line: or turn:"),
    ],
)  # fmt: skip
def test_what_is_not_there(written, message):
    with pytest.raises(UsageError) as error:
        select_lines(parse_line_selector(written), LINES, PEOPLE, SPOKEN)
    assert str(error.value) == message


def test_a_time_needs_an_episode():
    with pytest.raises(UsageError, match="a time needs a finished episode"):
        select_lines(parse_line_selector("@1:00"), LINES, PEOPLE, ())
