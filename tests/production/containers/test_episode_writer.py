"""What every format promises; what one alone does is tested beside it."""

import dataclasses
import math
import re

import mutagen
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interview_audio.configuration.settings import LIMITS
from interview_audio.production.containers.episode_writer import writer_of
from interview_audio.production.timeline import ChapterRules, Timeline, mark_chapters
from interview_audio.text.printable import printable
from interview_audio.verification.audio_file import read_file

FORMATS = list(LIMITS)
WITHOUT_ENDS = ("opus", "flac")
CODECS = {"mp3": "mp3", "m4b": "aac", "m4a": "aac", "opus": "opus", "flac": "flac"}
# FFmpeg decodes an MP4's last block of 1024 samples whole; the edit list says where the sound ends.
LONGER = {"m4b": 1023, "m4a": 1023}

every_format = pytest.mark.parametrize("output_format", FORMATS)


def read_marks(path):
    return [(mark.title, mark.start, mark.end) for mark in read_file(path).chapters]


def written_marks(press, timeline, output_format):
    return [
        (title, start, None if output_format in WITHOUT_ENDS else end) for title, start, end in press.marks(timeline)
    ]


@every_format
@pytest.mark.parametrize("cover", ["png", "jpeg"])
def test_a_file_says_all_that_it_was_given(press, output_format, cover):
    sound = press.sound(output_format)
    timeline = press.timeline(["Hello", "再见", "🎉 שלום"], sound.sample_rate, seconds=0.6004, extra=77)
    tags = press.tags if cover == "png" else dataclasses.replace(press.tags, cover=press.jpeg)
    path = press.write(sound, timeline, tags)
    contents = read_file(path)
    assert (contents.format, contents.codec, contents.channels, contents.sample_rate, contents.samples) == (
        output_format, CODECS[output_format], 1, sound.sample_rate, timeline.length,
    )  # fmt: skip
    assert read_marks(path) == written_marks(press, timeline, output_format)
    said = {name: contents.tags[name] for name in ("title", "artist", "album", "language", "date")}
    assert said == {
        "title": "访谈：灯塔 & more",
        "artist": "Ada Brook, 林默",
        "album": "My show",
        "language": "zho",
        "date": "2024-03-21",
    }
    assert contents.cover == tags.cover
    assert [file.name for file in press.folder.iterdir()] == [path.name]


@every_format
def test_what_is_not_known_is_not_said(press, output_format):
    sound = press.sound(output_format)
    contents = read_file(press.write(sound, press.timeline([], sound.sample_rate), press.bare_tags))
    assert (contents.chapters, contents.cover) == ((), b"")
    assert contents.tags.get("title") == "Talk"
    assert not {"artist", "album", "date"} & set(contents.tags)
    assert contents.tags.get("language", "und") == "und"


@every_format
def test_the_same_input_gives_the_same_bytes_without_a_version_or_a_path(press, output_format):
    sound = press.sound(output_format)
    noise = np.random.default_rng(1).normal(0, 0.1, sound.sample_rate).astype(np.float32)
    timeline = press.timeline(["a", "b"], sound.sample_rate)
    first, second = (press.write(sound, timeline, samples=noise, name=name).read_bytes() for name in ("one", "two"))
    assert first == second
    assert re.search(rb"Lav[cf]\d|one|" + str(press.folder).encode(), first) is None


@every_format
def test_sound_stands_where_it_was_put_and_ends_where_it_should(press, listen, output_format):
    sound = press.sound(output_format)
    timeline = press.timeline(["a", "b", "c"], sound.sample_rate, seconds=1.003, extra=321)
    samples = np.zeros(timeline.length, np.float32)
    for chapter in timeline.chapters:
        samples[chapter.start : chapter.start + len(press.marker)] = press.marker
    heard = listen(press.write(sound, timeline, samples=samples))
    assert timeline.length <= len(heard) <= timeline.length + LONGER.get(output_format, 0)
    reach = sound.sample_rate // 50
    heard = np.concatenate([np.zeros(reach), heard])
    for chapter in timeline.chapters:
        around = heard[chapter.start : chapter.start + 2 * reach + len(press.marker)]
        found = int(np.argmax(np.correlate(around, press.marker, "valid"))) - reach
        assert abs(found) <= sound.sample_rate // 2000


@every_format
def test_an_encoder_is_as_loud_as_it_says(press, listen, output_format):
    sound = press.sound(output_format)
    instants = np.arange(2 * sound.sample_rate) / sound.sample_rate
    tone = (0.1 * np.sin(2 * np.pi * 1000 * instants)).astype(np.float32)
    heard = listen(press.write(sound, Timeline(sound.sample_rate, (), (), len(tone)), samples=tone))
    middle = slice(len(tone) // 4, len(tone) * 3 // 4)
    difference = 10 * math.log10(np.mean(heard[middle] ** 2) / np.mean(tone[middle].astype(np.float64) ** 2))
    assert difference == pytest.approx(writer_of(sound).added_gain(sound), abs=0.05)


@every_format
def test_every_rate_of_a_format_is_what_a_reader_finds(press, output_format):
    rates = LIMITS[output_format].bitrates
    for sample_rate, bitrates in rates.items():
        for bitrate in {min(bitrates), max(bitrates)} if bitrates else {0}:
            sound = press.sound(output_format, sample_rate=sample_rate, bitrate=bitrate)
            path = press.write(sound, press.timeline(["a"], sample_rate), name=f"episode.{output_format}")
            info = mutagen.File(path).info
            assert (info.channels, getattr(info, "sample_rate", 48000)) == (1, sample_rate)


@every_format
@pytest.mark.parametrize("count", [0, 1, 26, 27, 255, 256, 400])
def test_any_number_of_chapters_is_read_in_order(press, output_format, count):
    sound = press.sound(output_format, sample_rate=48000)
    step = 480
    openings = [
        (number * step, f"第{number}问：您怎么看未来五年里的变化？" * (number % 5 + 1)) for number in range(count)
    ]
    length = max(count, 1) * step
    timeline = Timeline(48000, (), mark_chapters(openings, length, ChapterRules()).chapters, length)
    assert len(timeline.chapters) == min(count, 255)
    assert read_marks(press.write(sound, timeline)) == written_marks(press, timeline, output_format)


@every_format
@pytest.mark.parametrize("letter", ["字", "😀", "ש", "é", "a"])
def test_titles_of_any_length_are_whole(press, output_format, letter):
    sound = press.sound(output_format)
    lengths = (1, 41, 42, 62, 63, 64, 85, 86, 126, 127, 128, 255, 256, 300, 2)
    timeline = press.timeline([letter * length for length in lengths], sound.sample_rate, seconds=0.05)
    path = press.write(sound, timeline)
    assert read_marks(path) == written_marks(press, timeline, output_format)
    assert mutagen.File(path) is not None


@every_format
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    titles=st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Z", "Cn", "Co")), max_size=300)
        .map(printable).filter(bool),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_titles_of_any_characters_are_whole(long_running_press, output_format, titles):
    press = long_running_press
    sound = press.sound(output_format)
    timeline = press.timeline(titles, sound.sample_rate, seconds=0.01)
    path = press.write(sound, timeline)
    assert read_marks(path) == written_marks(press, timeline, output_format)
    assert mutagen.File(path) is not None


@every_format
def test_what_would_end_a_line_or_a_text_does_not_reach_a_player(press, output_format):
    sound = press.sound(output_format)
    timeline = press.timeline([" a\x00b\r\n c\t", "half \ud83c pair"], sound.sample_rate)
    tags = dataclasses.replace(press.tags, title="a\nb\udf89")
    contents = read_file(press.write(sound, timeline, tags))
    assert [mark.title for mark in contents.chapters] == ["a\ufffdb c", "half \ufffd pair"]
    assert contents.tags["title"] == "a b\ufffd"


@pytest.mark.parametrize("output_format", ["mp3", "m4b", "m4a"])
def test_more_chapters_than_a_format_can_list_are_refused(press, output_format):
    sound = press.sound(output_format)
    with pytest.raises(ValueError, match="256 chapters, at most 255"):
        press.write(sound, press.timeline(["x"] * 256, sound.sample_rate, seconds=0.01))


@every_format
def test_a_folder_that_is_not_there_is_an_error_of_the_system(press, output_format):
    sound = press.sound(output_format)
    with pytest.raises(OSError, match="No such file"):
        press.write(sound, press.timeline([], sound.sample_rate), name="missing/episode")


@pytest.mark.parametrize(("output_format", "name"), [("m4b", "\xa9lyr"), ("opus", "lyrics"), ("flac", "lyrics")])
def test_lyrics_are_where_players_look_for_them(press, output_format, name):
    sound, lyrics = press.sound(output_format), "Ada: Yes.\nNo.\n\n林默：“是。”"
    timeline = press.timeline(["One", "二"], sound.sample_rate, seconds=0.2)
    path = press.write(sound, timeline, dataclasses.replace(press.tags, lyrics=lyrics))
    assert mutagen.File(path).tags[name] == [lyrics]
    assert read_marks(path) == written_marks(press, timeline, output_format)
