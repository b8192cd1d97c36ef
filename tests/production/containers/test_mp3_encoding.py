"""One encoder for all of it is the oracle."""

import io

import av
import numpy as np
import pytest

from interview_audio.configuration.settings import Sound
from interview_audio.production.containers import mp3
from interview_audio.production.containers.episode_writer import new_encoder
from interview_audio.production.containers.mp3 import encode_mp3
from interview_audio.production.streams import frame_of


def speech(rate, turns, pause=0.5):
    """Something with an onset, vowels and noise, between digital silence."""
    noise = np.random.default_rng(5)
    instants = np.arange(3 * rate) / rate
    made = []
    for turn in range(turns):
        voice = np.sign(np.sin(2 * np.pi * (110 + 9 * turn) * instants)) * np.sin(2 * np.pi * 1.5 * instants) ** 2
        made += [0.2 * voice + 0.01 * noise.standard_normal(len(instants)), np.zeros(round(pause * rate) + 13 * turn)]
    return np.concatenate(made).astype(np.float32)


def in_blocks(samples, block=5000):
    return np.split(samples, range(block, len(samples), block))


def alone(samples, sound):
    encoder = new_encoder(mp3.CODEC, mp3.SAMPLE_FORMAT, sound)
    return [*encoder.encode(frame_of(samples, sound.sample_rate, 0)), *encoder.encode(None)]


def decoded(packets):
    with av.open(io.BytesIO(b"".join(map(bytes, packets))), format="mp3") as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


@pytest.mark.parametrize(("rate", "bitrate"), [(44100, 96), (44100, 64), (24000, 64), (16000, 32), (44100, 320)])
def test_the_frames_of_segments_decode_as_those_of_one_encoder(rate, bitrate):
    sound = Sound(sample_rate=rate, bitrate=bitrate)
    samples = speech(rate, 12)
    ours, whole = list(encode_mp3(in_blocks(samples), sound)), alone(samples, sound)
    assert len(ours) == len(whole)
    assert abs(sum(packet.size for packet in whole) - sum(packet.size for packet in ours)) <= 6
    assert [packet.pts for packet in ours] == list(range(0, len(ours) * ours[0].duration, ours[0].duration))
    heard, expected = decoded(ours), decoded(whole)
    assert len(heard) == len(expected)
    assert np.square(heard - expected).mean() < 0.001 * np.square(expected).mean()


def test_without_silence_the_frames_are_those_of_one_encoder():
    sound = Sound()
    samples = speech(44100, 20, pause=0) + np.float32(1e-6)
    assert list(map(bytes, encode_mp3(in_blocks(samples), sound))) == list(map(bytes, alone(samples, sound)))


def test_the_number_of_cores_changes_no_byte():
    samples, sound = speech(24000, 14), Sound(sample_rate=24000, bitrate=64)
    made = [list(map(bytes, encode_mp3(in_blocks(samples), sound, cores))) for cores in (1, 2, 5)]
    assert made[0] == made[1] == made[2]


def test_what_fails_while_the_sound_is_made_comes_out():
    def broken():
        yield speech(24000, 14)
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        list(encode_mp3(broken(), Sound(sample_rate=24000, bitrate=64)))
