from pathlib import Path

import numpy as np
import pyloudnorm
import pytest

from interview_audio.configuration.settings import Music, Sound
from interview_audio.production import mixing
from interview_audio.production.loudness import SILENCE, set_levels
from interview_audio.production.mastering import predict_loudness
from interview_audio.production.music import MusicPiece, Soundtrack
from interview_audio.production.timeline import Timeline, lay_out

RATE = 48000
SPEECH = -27.0


def hiss(rate, seconds):
    return np.random.default_rng(1).normal(0, 0.05, rate * seconds).astype(np.float32)


def meter(samples, rate=RATE):
    return pyloudnorm.Meter(rate).integrated_loudness(samples.astype(np.float64))


def piece(monkeypatch, **changes):
    """Noise of as many seconds as are asked for, out of no file."""
    values = {"volume": -4.0, "ducked": -18.0, "fade_in": 0.5, "fade_out": 2.0, "overlap": 3.0, **changes}
    monkeypatch.setattr("interview_audio.production.mixing.play", lambda _, rate: iter_of(hiss(rate, 20)))
    monkeypatch.setattr("interview_audio.production.mixing.repeat", lambda _, rate: iter_of(hiss(rate, 90)))
    return MusicPiece(Music("a.wav", Path("a.wav"), **values), RATE, RATE * 20, meter(hiss(RATE, 20)))


def iter_of(block):
    yield block


MUSIC = {
    "none": (),
    "intro": ("intro",),
    "all": ("intro", "outro", "bed"),
}


@pytest.mark.parametrize("kinds", MUSIC.values(), ids=MUSIC)
@pytest.mark.parametrize("volume", [-12.0, 6.0])
def test_the_mix_is_as_loud_as_predicted(studio, monkeypatch, kinds, volume):
    lines = [studio.line(speaker=("Ada", "narrator")[number % 2]) for number in range(8)]
    clips = [studio.clip(studio.speech(3, seed=number, peak=0.1 + 0.1 * (number % 2))) for number in range(8)]
    music = piece(monkeypatch, volume=volume, ducked=volume - 3)
    settings = studio.settings(sound=Sound(sample_rate=RATE))
    timeline = lay_out(studio.script(lines), clips, settings, Soundtrack(**dict.fromkeys(kinds, music)))
    levels = set_levels(lines, clips, -16)
    mixed = np.concatenate(list(mixing.mix(timeline, levels, SPEECH)))
    assert predict_loudness(timeline, levels, SPEECH) == pytest.approx(meter(mixed), abs=0.3)


def test_nothing_is_as_loud_as_silence():
    assert predict_loudness(Timeline(RATE, (), (), 100), set_levels([], [], -16), SPEECH) == SILENCE
