"""What a render teaches about this machine, and what is foretold from it."""

from pathlib import Path

import pytest

from interview_audio.errors import StoreError
from interview_audio.synthesis.clips import Clip, ClipSpec
from interview_audio.synthesis.throughput import (
    Speed,
    Stopwatch,
    expected_seconds,
    read_speeds,
    remember_speeds,
)


def spec(text="x" * 100, language="en", rate=1.0):
    return ClipSpec("tone", "tone 1", "male-1", rate, language, text)


def clip(key, seconds):
    return Clip(key, Path(), 1000, round(seconds * 1000) + 200, 100, 100 + round(seconds * 1000), ())


def test_speed_counts_from_when_every_worker_has_a_clip_behind_it():
    watch = Stopwatch(dict.fromkeys("abcdefg", spec()), jobs=2)
    for key, now in zip("abcdefg", (60, 61, 63, 65, 67, 69, 71), strict=True):
        watch.record(clip(key, 8), now)
    assert watch.speeds() == {("tone", "en"): Speed(700, 56, work=20, spoken=40)}
    assert watch.speeds()["tone", "en"].real_time_factor == 0.5


def test_a_few_clips_tell_how_long_speech_is_and_not_how_fast_it_is_made():
    watch = Stopwatch({"a": spec(rate=1.25)}, jobs=1)
    watch.record(clip("a", 8), 60)
    assert watch.speeds() == {("tone", "en"): Speed(100, 10)}
    assert Speed(100, 10).seconds_per_character == 0.1
    assert Speed(100, 10).real_time_factor is None
    assert expected_seconds(spec("x" * 50, rate=0.5), watch.speeds()) == 10


def test_work_is_shared_out_by_how_much_was_said_in_each_language():
    watch = Stopwatch({"e": spec(), "z": spec("字" * 10, "zh")}, jobs=1)
    for key, seconds, now in (("e", 9, 1), ("e", 3, 2), ("z", 1, 3), ("z", 1, 4), ("z", 1, 5)):
        watch.record(clip(key, seconds), now)
    speeds = watch.speeds()
    assert speeds["tone", "en"] == Speed(200, 12, work=2, spoken=3)
    assert speeds["tone", "zh"] == Speed(30, 3, work=2, spoken=3)


def test_speeds_are_remembered_and_old_ones_fade(tmp_path):
    name = ("tone", "en")
    remember_speeds(tmp_path, {name: Speed(10, 1, 2, 1)})
    remember_speeds(tmp_path, {name: Speed(10, 3), ("tone", "zh"): Speed(1, 1)})
    assert read_speeds(tmp_path) == {name: Speed(20, 4, 2, 1), ("tone", "zh"): Speed(1, 1)}
    long = Speed(100, 4000, 4000, 4000)
    assert long.plus(Speed(50, 100, 0, 0)) == Speed(100, 2100, 2000, 2000)


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"schema": 0}', '{"schema": 1, "speeds": [{"engine": 1}, 5, {"engine": "tone", "language": "en"}]}'],
)
def test_a_file_that_is_not_ours_teaches_nothing(tmp_path, content):
    (tmp_path / "speeds.json").write_text(content, "utf-8")
    assert read_speeds(tmp_path) == {}


def test_speeds_that_cannot_be_written(tmp_path):
    (tmp_path / "speeds.json").mkdir()
    with pytest.raises(StoreError, match="cannot write"):
        remember_speeds(tmp_path, {("tone", "en"): Speed(1, 1)})


def test_loading_is_what_the_first_clip_took_beyond_speaking_it():
    watch = Stopwatch(dict.fromkeys("abcdef", spec()), jobs=2, began=50)
    for key, now in zip("abcdef", (60, 61, 63, 65, 67, 69), strict=True):
        watch.record(clip(key, 8), now)
    assert watch.speeds() == {("tone", "en"): Speed(600, 48, work=16, spoken=32, loads=1, loading=6)}
    assert watch.speeds()["tone", "en"].plus(Speed(1, 1, loads=1, loading=2)).load_seconds == 4
    assert Speed().load_seconds == 0
