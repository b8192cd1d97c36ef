"""Readers of other makers find every chapter, whole and in order: `make oracles` installs them."""

import json
import math
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from interview_audio.configuration.settings import LIMITS, Sound
from interview_audio.production.containers.episode_writer import Tags, writer_of
from interview_audio.production.timeline import ChapterRules, Timeline, mark_chapters

HERE = Path(__file__).parent
RATE = 48000
STEP = 48 * 7
"""Samples of a chapter: 7 ms."""
MARKS = "第{}问：您怎么看未来五年里的变化，以及创作者应当如何应对？"
COUNTS = (0, 1, 26, 27, 255, 256, 400)
LETTERS = {"chinese": "字", "emoji": "😀", "hebrew": "ש", "latin": "a", "family": "👨‍👩‍👧"}
ID3_READERS = ("ffprobe", "node-id3", "music-metadata")

pytestmark = pytest.mark.slow


def run(*command):
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout


def by_ffprobe(path):
    (program,) = (HERE / "node_modules" / "@ffprobe-installer").glob("*/ffprobe*")
    program.chmod(0o755)  # npm may be told to run no install scripts; this one's would do just that
    read = json.loads(run(program, "-v", "error", "-of", "json", "-show_chapters", path))
    return [
        (mark["tags"]["title"], *(round(float(mark[edge]) * 1000) for edge in ("start_time", "end_time")))
        for mark in read["chapters"]
    ]


def by_node_id3(path):
    read = json.loads(run("node", HERE / "node_id3.mjs", path))
    elements = [mark["element"] for mark in read["chapters"]]
    assert read["contents"] == ([{"isOrdered": True, "elements": elements}] if elements else [])
    return [(mark["title"], mark["start"], mark["end"]) for mark in read["chapters"]]


def by_music_metadata(path):
    read = json.loads(run("node", HERE / "music_metadata.mjs", path))
    edges = [(mark["start"], mark.get("end", math.nan)) for mark in read["chapters"]]  # of an MP4 it gives no ends
    times = [[None if math.isnan(edge) else round(edge * 1000) for edge in span] for span in edges]
    return [(mark["title"], *span) for mark, span in zip(read["chapters"], times, strict=True)]


READERS = {"ffprobe": by_ffprobe, "node-id3": by_node_id3, "music-metadata": by_music_metadata}


@pytest.fixture
def read():
    if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
        pytest.skip("make oracles has not installed the readers, or Node.js is missing")
    return lambda reader, path: READERS[reader](path)


@pytest.fixture
def write(tmp_path):
    def written(titles, output_format="mp3"):
        sound = Sound(format=output_format, sample_rate=RATE, bitrate=LIMITS[output_format].bitrate)
        length = max(len(titles), 1) * STEP
        openings = [(number * STEP, title) for number, title in enumerate(titles)]
        timeline = Timeline(RATE, (), mark_chapters(openings, length, ChapterRules()).chapters, length)
        path = tmp_path / f"episode.{output_format}"
        tags = Tags("访谈", ("Ada", "林默"), None, "zh", None, b"", "本期节目的声音由人工智能合成。")
        writer_of(sound).write(silence(length), sound, tags, timeline, path)
        marks = [(mark.title, *map(timeline.milliseconds, (mark.start, mark.end))) for mark in timeline.chapters]
        return path, marks

    return written


def silence(length):
    return frames_of(np.zeros(length, np.float32), RATE)


def noise_and_silence(length, rate):
    """A second of silence in three."""
    loud = np.arange(length) // rate % 3 > 0
    return frames_of((0.1 * loud * np.random.default_rng(1).standard_normal(length)).astype(np.float32), rate)


def frames_of(samples, rate):
    for start in range(0, len(samples), rate):
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis, start : start + rate], format="fltp", layout="mono")
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        yield frame


@pytest.mark.parametrize("reader", ID3_READERS)
@pytest.mark.parametrize("count", COUNTS)
def test_any_number_of_chapters_in_an_mp3(read, write, reader, count):
    path, marks = write([MARKS.format(number) * (number % 7 + 1) for number in range(count)])
    assert len(marks) == min(count, 255)
    assert read(reader, path) == marks


@pytest.mark.parametrize("reader", ID3_READERS)
@pytest.mark.parametrize("lengths", [range(1, 151), range(151, 301)], ids=["short", "long"])
@pytest.mark.parametrize("script", LETTERS)
def test_titles_of_any_length_in_an_mp3(read, write, reader, script, lengths):
    path, marks = write([(LETTERS[script] * length)[:length] for length in lengths])
    assert read(reader, path) == marks


@pytest.mark.parametrize("output_format", ["m4b", "opus", "flac"])
@pytest.mark.parametrize("count", [0, 27, 255])
def test_ffprobe_reads_the_other_formats(read, write, output_format, count):
    path, marks = write([MARKS.format(number) * (number % 7 + 1) for number in range(count)], output_format)
    found = read("ffprobe", path)
    if output_format != "m4b":  # which alone says where the last chapter ends
        marks, found = marks[:-1], found[:-1]
    assert found == marks


def test_music_metadata_reads_an_m4b(read, write):
    path, marks = write([MARKS.format(number) for number in range(27)], "m4b")
    assert [mark[:2] for mark in read("music-metadata", path)] == [mark[:2] for mark in marks]


@pytest.mark.skipif(shutil.which("mp3val") is None, reason="mp3val is not installed (Debian package mp3val)")
@pytest.mark.parametrize(("sample_rate", "bitrate"), [(44100, 96), (24000, 64), (24000, 32), (16000, 32), (48000, 320)])
def test_mp3val_finds_nothing(tmp_path, sample_rate, bitrate):
    sound = Sound(sample_rate=sample_rate, bitrate=bitrate)
    length = 40 * sample_rate  # encoded in several segments
    timeline = Timeline(sample_rate, (), mark_chapters([(0, "访谈")], length, ChapterRules()).chapters, length)
    path = tmp_path / "episode.mp3"
    frames = noise_and_silence(length, sample_rate)
    writer_of(sound).write(frames, sound, Tags("访谈", (), None, "zh", None, b"", "A comment."), timeline, path)
    report = run("mp3val", path)
    assert "MPEG frames" in report
    assert "WARNING" not in report
    assert "ERROR" not in report
