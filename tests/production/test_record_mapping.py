"""What production says of a render is what the next one starts from."""

from dataclasses import replace
from pathlib import Path

from interview_audio.engines.protocol import Stretch
from interview_audio.files.episode_record import (
    EpisodeRecord,
    Fingerprint,
    RecordedChapter,
    RecordedFile,
    RecordedGain,
    RecordedLevels,
    RecordedLine,
    RecordedMember,
    RecordedSource,
    RecordedSpeech,
    RecordedStretch,
    RecordedVoice,
    SkippedTurn,
)
from interview_audio.production.loudness import Levels, Loudness, SpeakerLevel
from interview_audio.production.mastering import Mastering
from interview_audio.production.record_mapping import LastRender, Origin, ProductionResult, episode_record, last_render
from interview_audio.production.timeline import Chapter, Placement, Timeline
from interview_audio.script.lines import CastMember, Line, Script, Voice
from interview_audio.script.rules import Replacement
from interview_audio.script.takes import SpokenLine
from interview_audio.synthesis.clips import Clip, clip_spec

VOICE = Voice("kokoro", "zf_xiaobei", 1.05, -2.0)
CAST = (CastMember("林默", "guest", (("zh", VOICE),), "pool, female"),)
LINES = (
    Line(2, "林默", "zh", "用 OpenXR。", VOICE, 0.5, None, 5),
    Line(
        4,
        "林默",
        "zh",
        "好。",
        VOICE,
        0.5,
        None,
        9,
        take=2,
        takes=3,
        replaced=(Replacement(0, 1, "很好"),),
        names=("曾国平",),
        stretches=(Stretch(0, 1, 0.8),),
    ),
)
SPECS = tuple(clip_spec(line, "weights 1", {"zh": {"OpenXR": "open X R"}}) for line in LINES)


ORIGIN = Origin(
    Fingerprint("0.1.0"), (SkippedTurn(12, "quote", "repeats", "好。"),), SPECS, RecordedSource("../a.txt", "56ef")
)
FILES = (RecordedFile("a.mp3", 3456, "34cd"),)


def made(origin=ORIGIN):
    clip = Clip("ab", Path("ab.flac"), 1000, 400, 0, 400, ())
    placements = (Placement(LINES[0], clip, 500, 900), Placement(LINES[1], clip, 1400, 1800))
    production = ProductionResult(
        Timeline(1000, placements, (Chapter("开场", 0, 3000),), 3000),
        Levels((SpeakerLevel("林默", "kokoro:zf_xiaobei", 1.234567, -20.123, -1.5),), 4.5678),
        -16.0,
        Mastering(4.5678, -2.0, Loudness(-16.04321, -1.6612), 1),
        ("a warning",),
    )
    script = Script("访谈", "zh", ("林默",), CAST, LINES)
    return episode_record(script, production, origin, FILES, {"a.opus": "cd"})


def test_a_record_says_what_was_made():
    speech = RecordedSpeech("kokoro", "weights 1", "zf_xiaobei", 1.05, "zh", -2.0)
    assert made() == EpisodeRecord(
        title="访谈",
        language="zh",
        duration=3.0,
        fingerprint=Fingerprint("0.1.0"),
        source=RecordedSource("../a.txt", "56ef"),
        cast=(
            RecordedMember(
                "林默", "guest", (RecordedVoice("zh", "kokoro:zf_xiaobei", 1.05, -2.0),), "pool, female", "林默"
            ),
        ),
        levels=RecordedLevels(
            4.57, -2.0, (RecordedGain("林默", "kokoro:zf_xiaobei", 1.23, -20.12, -1.5),), -16.0, -16.04, -1.66, 1
        ),
        music=(),
        chapters=(RecordedChapter("开场", 0.0, 3.0),),
        skipped=ORIGIN.skipped,
        warnings=("a warning",),
        files=FILES,
        earlier={"a.opus": "cd"},
        lines=(
            RecordedLine(3, 5, "林默", 500, 900, speech, "用 OpenXR。", {"OpenXR": "open X R"}, rate=1.05),
            RecordedLine(
                5,
                9,
                "林默",
                1400,
                1800,
                speech,
                "好。",
                {},
                ((0, 1, "很好"),),
                2,
                3,
                1.0815,
                (RecordedStretch(0, 1, 0.8),),
                ("曾国平",),
            ),
        ),
    )


def test_the_next_render_starts_from_what_this_one_wrote():
    spoken = (
        SpokenLine("林默", 2, 5, "用 OpenXR。", 500, 900),
        SpokenLine("林默", 4, 9, "好。", 1400, 1800, take=2, takes=3),
    )
    assert last_render(made()) == LastRender(CAST, spoken, SPECS)


def test_without_recipes_no_line_is_recorded():
    assert last_render(made(replace(ORIGIN, specs=()))) == LastRender(CAST)


def test_more_takes_than_there_can_be_are_no_last_render():
    record = made()
    lines = (record.lines[0], replace(record.lines[1], takes=99))
    assert last_render(replace(record, lines=lines)) == LastRender()
