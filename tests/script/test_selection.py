"""What a user may write to name lines, and what is answered to what names none."""

import pytest

from interview_audio.errors import UsageError
from interview_audio.script.lines import Line, Voice
from interview_audio.script.takes import SpokenLine, Target, parse_target, select
from interview_audio.transcript.turns import Person


def line(turn, speaker, text, number):
    return Line(turn, speaker, "en", text, Voice("tone", "male-1"), 0.1, None, number)


LINES = (
    line(0, "narrator", "The light.", 1),
    line(2, "Q", "Why?", 5),
    line(3, "Ada Brook", "To see the sea.", 7),
    line(3, "Ada Brook", "And to be seen by it, whatever the weather says.", 7),
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
        ("turn:14", Target("turn", "turn:14", 14)),
        ("Line: 88", Target("line", "Line: 88", 88)),
        ("line：8", Target("line", "line：8", 8)),
        ("speaker:Sam Altman", Target("speaker", "speaker:Sam Altman", name="Sam Altman")),
        ('speaker:"Sam Altman"', Target("speaker", 'speaker:"Sam Altman"', name="Sam Altman")),
        ("speaker:“林默”", Target("speaker", "speaker:“林默”", name="林默")),
        ("@34", Target("time", "@34", 34_000)),
        ("@12:34", Target("time", "@12:34", 754_000)),
        ("@1:02:33.5", Target("time", "@1:02:33.5", 3_753_500)),
        ("＠0：05", Target("time", "＠0：05", 5_000)),
    ],
)
def test_targets(written, target):
    assert parse_target(written) == target


@pytest.mark.parametrize(
    "written", ["", "14", "turn:", "turn:-1", "turn:1.5", "speaker:", 'speaker:""', "@", "@a", "@1:2:3:4"]
)
def test_what_is_no_target(written):
    with pytest.raises(UsageError, match=r"is not understood; write turn:14, speaker:"):
        parse_target(written)


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        ("turn:1", (0,)),
        ("turn:4", (2, 3)),
        ("line:7", (2, 3)),
        ("speaker:ada brook", (2, 3)),
        ("speaker:ab", (2, 3)),
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
    assert select(parse_target(written), LINES, PEOPLE, SPOKEN) == chosen


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("turn:2", "turn:2: no turn with that number is read aloud; nearby: turn:1 (narrator: The light.), "
         "turn:3 (Q: Why?), turn:4 (Ada Brook: To see the sea.)"),
        ("line:99", "line:99: no turn that begins there is read aloud; nearby: line:1 (narrator: The light.), "
         "line:5 (Q: Why?), line:7 (Ada Brook: To see the sea.)"),
        ("speaker:Ada Brok", "speaker:Ada Brok: no speaker has that name; did you mean Ada Brook?"),
        ("speaker:Zoe", "speaker:Zoe: no speaker has that name; the speakers are: narrator, Q, Ada Brook"),
        ("@9:59:59", "@9:59:59: the last word of the episode ends at 1:02:06; choose an earlier time"),
        ("@0:10", "@0:10: what is spoken there is no longer in the source (Ada Brook: Not any more.); "
         "render first, or use line: or turn:"),
    ],
)  # fmt: skip
def test_what_is_not_there(written, message):
    with pytest.raises(UsageError) as error:
        select(parse_target(written), LINES, PEOPLE, SPOKEN)
    assert str(error.value) == message


def test_a_time_needs_an_episode():
    with pytest.raises(UsageError, match="a time needs a finished episode"):
        select(parse_target("@1:00"), LINES, PEOPLE, ())
