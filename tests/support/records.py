"""The record of a small episode, for tests that change a part of it."""

import datetime
from dataclasses import replace

from interview_audio.files.episode_record import (
    EpisodeRecord,
    Fingerprint,
    RecordedAbout,
    RecordedChapter,
    RecordedFile,
    RecordedGain,
    RecordedLevels,
    RecordedLine,
    RecordedMember,
    RecordedMusic,
    RecordedSource,
    RecordedSpeech,
    RecordedStretch,
    RecordedVoice,
    SkippedTurn,
)

SPEECH = RecordedSpeech("kokoro", "weights 1", "zf_xiaobei", 1.05, "zh", -2.0)
MARKED = (RecordedStretch(0, 1, rate=0.8, pitch=2.0, is_stressed=True), RecordedStretch(2, 8, say="open X R"))
RECORD = EpisodeRecord(
    title="访谈",
    language="zh",
    duration=2.5,
    fingerprint=Fingerprint("0.1.0", {"title": "访谈"}, ("56ef",)),
    source=RecordedSource("../a.txt", "56ef"),
    cast=(
        RecordedMember(
            "林默", "guest", (RecordedVoice("zh", "kokoro:zf_xiaobei", 1.05, -2.0),), "pool, female", "林默老师"
        ),
    ),
    about=RecordedAbout(datetime.date(2024, 5, 6), "灯塔", "声音由人工智能合成。"),
    levels=RecordedLevels(
        4.57, -2.0, (RecordedGain("林默", "kokoro:zf_xiaobei", 1.23, -20.12, -1.5),), -16.0, -16.04, -1.66, 1
    ),
    music=(RecordedMusic("intro", "theme.flac", 0.0, 1.5, -18.2),),
    chapters=(RecordedChapter("开场", 0.0, 2.5),),
    skipped=(SkippedTurn(12, "boilerplate", "links", "关注我们"),),
    warnings=("a warning",),
    files=(RecordedFile("a.new.vtt", 12, "12ab", "a.vtt"), RecordedFile("a.mp3", 3456, "34cd")),
    earlier={"a.opus": "cd"},
    lines=(
        RecordedLine(
            3, 5, "林默", 500, 900, SPEECH, "用 OpenXR。", {"OpenXR": "open X R"}, rate=1.05, stretches=MARKED
        ),
        RecordedLine(
            5, 9, "林默", 1400, 1800, SPEECH, "好。", replaced=((0, 1, "很好"),), take=2, takes=3, rate=1.0815
        ),
    ),
)


def record(**changes: object) -> EpisodeRecord:
    """Return the record with other fields."""
    return replace(RECORD, **changes)
