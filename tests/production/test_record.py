"""What production writes of a render is what the next one reads; what anybody else wrote is nothing."""

import json
from pathlib import Path

import pytest

from interview_audio.production.audio.levels import Levels
from interview_audio.production.audio.metering import Loudness
from interview_audio.production.episode_record import LastRender, Origin, Production, format_episode, last_render
from interview_audio.production.mastering import Mastering
from interview_audio.production.timeline import Placement, Timeline
from interview_audio.script.lines import CastMember, Line, Script, Voice
from interview_audio.script.takes import SpokenLine
from interview_audio.synthesis.clip_keys import clip_spec
from interview_audio.synthesis.clips import Clip

VOICE = Voice("kokoro", "zf_xiaobei", 1.05)
CAST = (CastMember("林默", "guest", (("zh", VOICE),), "pool, female"),)
LINES = (
    Line(2, "林默", "zh", "用 OpenXR。", VOICE, 0.5, None, 5),
    Line(4, "林默", "zh", "好。", VOICE, 0.5, None, 9, take=2, takes=3),
)
SPECS = tuple(clip_spec(line, "weights 1", {"zh": {"OpenXR": "open X R"}}) for line in LINES)


MASTERING = Mastering(0.0, -2.5, Loudness(-16.0, -1.5), 1)


def record():
    clip = Clip("ab", Path("ab.flac"), 1000, 400, 0, 400, ())
    timeline = Timeline(1000, (Placement(LINES[0], clip, 500, 900), Placement(LINES[1], clip, 1400, 1800)), (), 3000)
    production = Production(timeline, Levels((), 0.0), -16.0, MASTERING, ())
    return format_episode(Script("访谈", "zh", ("林默",), CAST, LINES), production, Origin({}, (), SPECS), [])


def test_the_next_render_reads_what_this_one_wrote():
    spoken = (
        SpokenLine("林默", 2, 5, "用 OpenXR。", 500, 900),
        SpokenLine("林默", 4, 9, "好。", 1400, 1800, take=2, takes=3),
    )
    assert last_render(json.loads(record())) == LastRender(CAST, spoken, SPECS)


def test_a_line_is_one_line_of_the_file_and_voices_are_written_once():
    assert record().splitlines()[-8:] == [
        '  "voices": [',
        '    {"engine": "kokoro", "identity": "weights 1", "voice": "zf_xiaobei", "rate": 1.05, "language": "zh"}',
        "  ],",
        '  "lines": [',
        '    {"turn": 3, "line": 5, "speaker": "林默", "start": 500, "end": 900, "voice": 0, "text": "用 OpenXR。", '
        '"pronunciations": {"OpenXR": "open X R"}},',
        '    {"turn": 5, "line": 9, "speaker": "林默", "start": 1400, "end": 1800, "voice": 0, "text": "好。", '
        '"take": 2, "takes": 3, "rate": 1.0815}',
        "  ]",
        "}",
    ]


def test_no_record_is_no_last_render():
    assert last_render(None) == last_render({}) == LastRender()


@pytest.mark.parametrize(
    "change",
    [
        {"voice": 1},
        {"voice": -1},
        {"voice": "0"},
        {"text": None},
        {"take": 0},
        {"take": 4},
        {"takes": 99},
        {"take": "2"},
        {"pronunciations": {"a": 1}},
        {"pronunciations": []},
    ],
)
def test_lines_that_somebody_edited_are_none_and_the_cast_stays(change):
    edited = json.loads(record())
    edited["lines"][1] |= change
    assert last_render(edited) == LastRender(CAST)


@pytest.mark.parametrize("key", ["voices", "lines", "cast"])
@pytest.mark.parametrize("value", [None, 5, {}, [5], [{}], "text"])
def test_anything_may_stand_in_a_record(key, value):
    assert isinstance(last_render(json.loads(record()) | {key: value}), LastRender)
