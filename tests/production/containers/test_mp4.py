import struct

import pytest
from mutagen.mp4 import MP4

BOXES_OF_BOXES = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"edts", b"tref")


def boxes(content, path=()):
    """Path and content of each box."""
    position = 0
    while position < len(content):
        size, name = struct.unpack_from(">I4s", content, position)
        body = content[position + 8 : position + size]
        yield (*path, name), body
        if name in BOXES_OF_BOXES:
            yield from boxes(body, (*path, name))
        position += size


def bodies(path, *names):
    return [body for found, body in boxes(path.read_bytes()) if found == names]


@pytest.fixture
def episode(press):
    def written(output_format, titles=("One", "二"), **changes):
        sound = press.sound(output_format, **changes)
        return press.write(sound, press.timeline(titles, sound.sample_rate, extra=78))

    return written


@pytest.mark.parametrize(("output_format", "brand", "kind"), [("m4b", b"M4B ", [2]), ("m4a", b"M4A ", None)])
def test_a_file_says_what_it_is(episode, output_format, brand, kind):
    path = episode(output_format)
    (description,) = bodies(path, b"ftyp")
    assert description[:4] == brand
    assert MP4(path).tags.get("stik") == kind


def test_players_find_the_chapters_before_the_sound(episode):
    names = [found[0] for found, _ in boxes(episode("m4b").read_bytes()) if len(found) == 1]
    assert names.index(b"moov") < names.index(b"mdat")


@pytest.mark.parametrize("sample_rate", [24000, 44100, 48000])
def test_the_edit_list_cuts_the_priming_and_ends_with_the_last_sample(episode, sample_rate):
    path = episode("m4b", sample_rate=sample_rate, bitrate=64)
    lists = bodies(path, b"moov", b"trak", b"edts", b"elst")
    _, count, length, start, _ = struct.unpack(">5I", lists[0])
    assert (count, length, start) == (1, sample_rate + 78, 1024)


def test_times_in_both_kinds_of_chapters_are_to_the_millisecond(press):
    sound = press.sound("m4b")
    timeline = press.timeline(["a", "b", "c"], 44100, seconds=0.6004)
    path = press.write(sound, timeline)
    starts = [start for _, start, _ in press.marks(timeline)]
    assert [round(chapter.start, 7) for chapter in MP4(path).chapters] == [start / 1000 for start in starts]
    (times,) = [body for body in bodies(path, b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stts") if body[7] == 3]
    lengths = struct.unpack(">6I", times[8:])[1::2]
    assert [round(sum(lengths[:number]) / 44.1) for number in range(3)] == starts


def test_mutagen_reads_the_tags(episode):
    tags = MP4(episode("m4b")).tags
    said = {name: tags[name] for name in ("\xa9nam", "\xa9ART", "\xa9alb", "\xa9day")}
    assert said == {
        "\xa9nam": ["访谈：灯塔 & more"],
        "\xa9ART": ["Ada Brook, 林默"],
        "\xa9alb": ["My show"],
        "\xa9day": ["2024-03-21"],
    }
    assert (tags["covr"][0].imageformat, len(tags["covr"])) == (14, 1)


@pytest.mark.parametrize("bitrate", [48, 64, 80, 128])
def test_the_bit_rate_is_what_was_asked_for(press, bitrate):
    import numpy as np

    sound = press.sound("m4a", bitrate=bitrate)
    noise = np.random.default_rng(2).normal(0, 0.1, 10 * 44100).astype(np.float32)
    path = press.write(sound, press.timeline(["a"], 44100, seconds=10), samples=noise)
    info = MP4(path).info
    assert (info.codec, info.codec_description, info.sample_rate) == ("mp4a.40.2", "AAC LC", 44100)
    assert info.bitrate == pytest.approx(bitrate * 1000, rel=0.03)
