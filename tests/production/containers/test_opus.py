import base64

import numpy as np
import pytest
from mutagen.flac import Picture
from mutagen.oggopus import OggOpus


@pytest.fixture
def episode(press):
    sound = press.sound("opus")
    return press.write(sound, press.timeline(["One", "二"], 48000, extra=321))


def test_mutagen_reads_comments_and_cover(press, episode):
    file = OggOpus(episode)
    assert file.info.length == pytest.approx((48000 + 321) / 48000)
    tags = dict(file.tags)
    (picture,) = tags.pop("metadata_block_picture")
    shown = Picture(base64.b64decode(picture))
    assert (shown.mime, shown.type, shown.width, shown.data) == ("image/png", 3, 64, press.tags.cover)
    assert tags == {
        "title": ["访谈：灯塔 & more"],
        "artist": ["Ada Brook, 林默"],
        "album": ["My show"],
        "date": ["2024-03-21"],
        "language": ["zho"],
        "chapter000": ["00:00:00.000"],
        "chapter000name": ["One"],
        "chapter001": ["00:00:00.500"],
        "chapter001name": ["二"],
    }


def test_the_stream_has_the_same_number_in_every_file(press, episode):
    other = press.write(press.sound("opus"), press.timeline([], 48000, seconds=2), press.bare_tags, name="other")
    assert episode.read_bytes()[14:18] == other.read_bytes()[14:18]


@pytest.mark.parametrize("bitrate", [24, 48, 96])
def test_the_bit_rate_is_about_what_was_asked_for(press, bitrate):
    noise = np.random.default_rng(2).normal(0, 0.1, 10 * 48000).astype(np.float32)
    timeline = press.timeline([], 48000, seconds=10)
    path = press.write(press.sound("opus", bitrate=bitrate), timeline, press.bare_tags, noise)
    assert path.stat().st_size * 8 / 10 == pytest.approx(bitrate * 1000, rel=0.15)
