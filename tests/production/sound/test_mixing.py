import numpy as np
import pytest

from interview_audio.configuration.settings import Sound
from interview_audio.production.sound.levels import Levels, SpeakerLevel
from interview_audio.production.sound.mixing import mix
from interview_audio.production.timeline import lay_out

LEVELS = Levels((SpeakerLevel("Ada", "tone:ada", 1, -20, 0.0), SpeakerLevel("Ben", "tone:ben", 1, -14, -6.0206)), 12.0)


def joined(studio, clips, speakers, oversampling=1, rate=44100):
    lines = [studio.line(speaker=speaker) for speaker in speakers]
    timeline = lay_out(studio.script(lines), clips, studio.settings(sound=Sound(sample_rate=rate)))
    blocks = list(mix(timeline, LEVELS, oversampling))
    assert max(map(len, blocks)) <= rate * oversampling
    return timeline, np.concatenate(blocks)


@pytest.mark.parametrize("rate", [22050, 24000, 44100, 48000])
@pytest.mark.parametrize("oversampling", [1, 2, 4])
def test_the_sound_is_as_long_as_the_timeline_says(studio, rate, oversampling):
    clips = [studio.clip(studio.click(seconds)) for seconds in (0.00421, 0.3, 1.23457, 2.5)]
    timeline, sound = joined(studio, clips, ["Ada"] * 4, oversampling, rate)
    assert len(sound) == timeline.length * oversampling


def test_clips_sound_in_their_places_and_silence_lies_between(studio):
    clips = [studio.clip(studio.click(1)), studio.clip(studio.click(2))]
    timeline, sound = joined(studio, clips, ["Ada", "Ada"])
    expected = np.zeros(timeline.length, bool)
    for placement in timeline.placements:
        expected[placement.start : placement.end] = True
    heard = np.abs(sound) > 0
    assert not np.any(heard & ~expected)
    assert np.mean(heard[expected]) > 0.99


def test_speakers_are_at_their_level_and_the_episode_is_not_yet(studio):
    clips = [studio.clip(studio.click(1)), studio.clip(studio.click(1))]
    timeline, sound = joined(studio, clips, ["Ada", "Ben"])
    peaks = [np.abs(sound[placement.start : placement.end]).max() for placement in timeline.placements]
    assert peaks == pytest.approx([0.3, 0.15], abs=0.003)


def test_a_clip_of_another_rate_keeps_its_pitch_and_length(studio):
    _, sound = joined(studio, [studio.clip(studio.click(1))], ["Ada"], rate=48000)
    spectrum = np.abs(np.fft.rfft(sound))
    assert np.argmax(spectrum) * 48000 / len(sound) == pytest.approx(2000, abs=1)
