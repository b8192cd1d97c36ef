import math

import mutagen
import numpy as np
import pytest
from mutagen.mp3 import BitrateMode

from interview_audio.configuration.settings import LIMITS
from interview_audio.production.containers.episode_writer import writer_of
from interview_audio.verification.audio_file import frame_problems, read_frames
from interview_audio.verification.id3_tags import read_tag

ALL_RATES = [(rate, bitrate) for rate, bitrates in LIMITS["mp3"].bitrates.items() for bitrate in bitrates]


@pytest.mark.parametrize(("sample_rate", "bitrate"), ALL_RATES)
def test_every_rate_is_a_constant_bit_rate_of_the_true_length(press, sample_rate, bitrate):
    sound = press.sound("mp3", sample_rate=sample_rate, bitrate=bitrate)
    timeline = press.timeline(["a", "b"], sample_rate, extra=31)
    path = press.write(sound, timeline, name="a.mp3")
    frames = read_frames(path, read_tag(path).size)
    assert frame_problems(frames) == ()
    assert (frames.sample_rate, frames.channels, frames.bitrates) == (sample_rate, 1, (bitrate,))
    assert frames.samples == timeline.length
    info = mutagen.File(path).info
    assert (info.sample_rate, round(info.bitrate, -3), info.bitrate_mode) == (
        sample_rate,
        bitrate * 1000,
        BitrateMode.CBR,
    )


# Two of them need more padding than FFmpeg writes.
@pytest.mark.parametrize("length", [79510, 79510 - 20, 79000, 80000, 44100, 576, 1])
def test_every_length_is_decoded_to_the_sample(press, listen, length):
    sound = press.sound("mp3")
    timeline = press.timeline([], sound.sample_rate, seconds=length / sound.sample_rate)
    assert timeline.length == length
    path = press.write(sound, timeline)
    assert len(listen(path)) == timeline.length


@pytest.mark.parametrize(
    ("sample_rate", "bitrate"), [(44100, 96), (44100, 320), (24000, 64), (24000, 160), (16000, 32)]
)
def test_the_gain_of_the_encoder_is_what_comes_out(press, listen, sample_rate, bitrate):
    sound = press.sound("mp3", sample_rate=sample_rate, bitrate=bitrate)
    tone = (0.2 * np.sin(np.arange(2 * sample_rate) * 0.3)).astype(np.float32)
    heard = listen(press.write(sound, press.timeline([], sample_rate, seconds=2), samples=tone))
    middle = slice(sample_rate // 2, sample_rate * 3 // 2)
    power = np.mean(heard[middle] ** 2) / np.mean(tone[middle].astype(np.float64) ** 2)
    assert writer_of(sound).added_gain(sound) == pytest.approx(10 * math.log10(power), abs=0.05)
