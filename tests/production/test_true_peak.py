import numpy as np
import pytest

from interview_audio.production.loudness import TruePeakMeter
from interview_audio.production.streams import filter_stream

RATE = 44100


def noise(seconds=4):
    return np.random.default_rng(1).normal(0, 0.2, RATE * seconds)


def speech(seconds=4):
    instants = np.arange(RATE * seconds) / RATE
    voice = sum(np.sin(2 * np.pi * 130 * k * instants + k * k) / k for k in range(1, 60))
    return voice * np.sin(np.pi * 3 * instants) ** 2 / 4


def between_samples(seconds=1):
    return 0.5 * np.sin(np.pi / 2 * np.arange(RATE * seconds) + np.pi / 4) * np.hanning(RATE * seconds)


def clipped(seconds=1):
    return np.clip(3 * speech(seconds), -0.5, 0.5)


def metered(samples, size=10000):
    meter = TruePeakMeter()
    blocks = [samples[start : start + size].astype(np.float32) for start in range(0, len(samples), size)]
    assert all(np.array_equal(meter.heard(block), block) for block in blocks)
    return meter.dbtp


def of_ffmpeg(samples):
    frames = list(
        filter_stream([samples.astype(np.float32)], RATE, [("ebur128", "metadata=1:peak=true:framelog=quiet")])
    )
    return 20 * np.log10(max(float(frame.metadata.get("lavfi.r128.true_peak", 0)) for frame in frames))


@pytest.mark.parametrize("material", [noise, speech, between_samples, clipped])
@pytest.mark.parametrize("size", [100, 10000, 200000])
def test_it_reads_what_another_meter_reads(material, size):
    samples = material()
    assert metered(samples, size) == pytest.approx(of_ffmpeg(samples), abs=0.1)


def test_a_peak_between_two_blocks_is_seen():
    samples = between_samples()
    assert {round(metered(samples, size), 1) for size in (22050, 22051, 22052, 22053)} == {-6.0}


def test_a_lone_sample_is_a_peak():
    assert metered(np.array([0.5])) == pytest.approx(-6.02, abs=0.01)


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(5), np.zeros(1000)])
def test_silence_has_a_floor(samples):
    assert metered(samples) == pytest.approx(-120)
