import hashlib

import numpy as np
import pytest
from mutagen.flac import FLAC


@pytest.fixture
def samples():
    return np.random.default_rng(3).normal(0, 0.1, 44100 + 321).astype(np.float32)


def test_mutagen_reads_comments_and_cover(press, samples):
    path = press.write(press.sound("flac"), press.timeline(["One", "二"], 44100, extra=321), samples=samples)
    file = FLAC(path)
    info = file.info
    assert (info.sample_rate, info.channels, info.bits_per_sample, info.total_samples) == (44100, 1, 16, 44421)
    (picture,) = file.pictures
    assert (picture.mime, picture.type, picture.data) == ("image/png", 3, press.tags.cover)
    assert dict(file.tags) == {
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


def test_every_sample_is_kept_and_signed(press, listen, samples):
    path = press.write(press.sound("flac"), press.timeline(["One"], 44100, seconds=1, extra=321), samples=samples)
    heard = listen(path)
    assert np.max(np.abs(heard - samples)) <= 0.5 / 32768 + 1e-9
    content = np.round(heard * 32768).astype("<i2").tobytes()
    assert FLAC(path).info.md5_signature == int.from_bytes(hashlib.md5(content).digest())
