from dataclasses import replace

import av
import numpy as np
import pytest

from interview_audio.configuration.settings import Music, Sound
from interview_audio.errors import ConfigurationError
from interview_audio.production.loudness import Levels, SpeakerLevel, set_levels, volume_curve
from interview_audio.production.mixing import mix
from interview_audio.production.music import open_music
from interview_audio.production.timeline import lay_out
from interview_audio.script.lines import Voice, VolumeChange
from interview_audio.synthesis.clips import Word

LEVELS = Levels((SpeakerLevel("Ada", "tone:ada", 1, -20, 0.0), SpeakerLevel("Ben", "tone:ben", 1, -14, -6.0206)), 12.0)


def joined(studio, clips, speakers, rate=44100):
    lines = [studio.line(speaker=speaker) for speaker in speakers]
    timeline = lay_out(studio.script(lines), clips, studio.settings(sound=Sound(sample_rate=rate)))
    blocks = list(mix(timeline, LEVELS, -20))
    assert max(map(len, blocks)) <= rate
    return timeline, np.concatenate(blocks)


@pytest.mark.parametrize("rate", [22050, 24000, 44100, 48000])
def test_the_sound_is_as_long_as_the_timeline_says(studio, rate):
    clips = [studio.clip(studio.click(seconds)) for seconds in (0.00421, 0.3, 1.23457, 2.5)]
    timeline, sound = joined(studio, clips, ["Ada"] * 4, rate)
    assert len(sound) == timeline.length


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


def test_a_part_of_a_line_changes_its_volume_between_its_words(studio):
    words = (Word("Not ", 0.1, 0.5), Word("you, ", 0.7, 1.0), Word("me.", 1.2, 1.6))
    changes = (VolumeChange(4, 7, -6.0206), VolumeChange(9, 12, 6.0206))
    line = replace(studio.line("Not you, me."), volume=-6.0206, volume_changes=changes)
    clip = studio.clip(studio.click(2), words)
    timeline = lay_out(studio.script([line]), [clip], studio.settings())
    sound = np.concatenate(list(mix(timeline, set_levels([line], [clip], -16), -20)))[timeline.placements[0].start :]
    peaks = [
        np.abs(sound[round(at * 44100) : round((at + 0.01) * 44100)]).max() for at in (0.3, 0.57, 0.595, 0.63, 1.2)
    ]
    assert peaks == pytest.approx([0.15, 0.15, 0.118, 0.075, 0.3], abs=0.004)


def test_a_part_of_a_line_whose_words_are_not_known_changes_in_proportion(studio):
    line = replace(studio.line("Not you."), volume_changes=(VolumeChange(4, 8, -6.0206),))
    clip = studio.clip(studio.click(2))
    assert volume_curve(line, clip).at(np.array([0.98, 1.0, 1.02])) == pytest.approx([0, -3.01, -6.02], abs=0.01)


def test_a_clip_of_another_rate_keeps_its_pitch_and_length(studio):
    _, sound = joined(studio, [studio.clip(studio.click(1))], ["Ada"], rate=48000)
    spectrum = np.abs(np.fft.rfft(sound))
    assert np.argmax(spectrum) * 48000 / len(sound) == pytest.approx(2000, abs=1)


def music(tmp_path, kind, **changes):
    """A tone of 3 kHz, far from the clicks' 2, of -20 LUFS mono: half a minute of it."""
    path = tmp_path / "music.wav"
    samples = np.sin(2 * np.pi * 3000 * np.arange(24000 * 30) / 24000) * 0.2
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_f32le", rate=24000, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis].astype(np.float32), format="flt", layout="mono")
        frame.sample_rate = 24000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    values = {"volume": -4.0, "ducked": -18.0, "fade_in": 0.0, "fade_out": 0.0, **changes}
    return open_music(Sound(**{kind: Music("music.wav", path, **values)}))


def with_music(studio, lines, clips, soundtrack):
    settings = studio.settings(sound=Sound(sample_rate=24000))
    timeline = lay_out(studio.script(lines), clips, settings, soundtrack)
    return timeline, np.concatenate(list(mix(timeline, LEVELS, -30)))


def level(samples, frequency=3000):
    """Of one frequency, as the loudness of a tone: the weighting adds 3.3 dB at 3 kHz."""
    instants = np.arange(len(samples)) / 24000
    amplitude = 2 * abs(np.mean(samples * np.exp(-2j * np.pi * frequency * instants) * np.hanning(len(samples)) * 2))
    return 20 * np.log10(amplitude / np.sqrt(2)) - 0.691 + 4.0


def test_music_stands_as_loud_against_speech_as_asked_and_gives_way_to_it(studio, tmp_path):
    soundtrack = music(tmp_path, "intro", overlap=10.0)
    lines, clips = [studio.line(speaker="Ada")], [studio.clip(studio.click(5))]
    timeline, sound = with_music(studio, lines, clips, soundtrack)
    (spoken,) = timeline.placements
    assert (timeline.length, spoken.start) == (720000, 480000)
    assert level(sound[240000:264000]) == pytest.approx(-34, abs=0.5)
    assert level(sound[spoken.start + 24000 : spoken.start + 48000]) == pytest.approx(-48, abs=0.5)
    assert level(sound[-48000:-24000]) == pytest.approx(-34, abs=0.5)


def test_speech_is_the_same_with_music(studio, tmp_path):
    lines, clips = [studio.line(speaker="Ada")], [studio.clip(studio.click(5))]
    timeline, sound = with_music(studio, lines, clips, music(tmp_path, "intro", overlap=10.0))
    spoken = sound[timeline.placements[0].start :][24000:48000]
    assert level(spoken, 2000) == pytest.approx(20 * np.log10(0.3 / np.sqrt(2)) - 0.691 + 4.0, abs=0.01)


def test_a_bed_is_repeated_as_long_as_somebody_narrates(studio, tmp_path):
    soundtrack = music(tmp_path, "bed", seconds=1.5)
    lines = [studio.line(speaker="Ada")]
    lines = [replace(line, speaker="narrator", voice=Voice("tone", "ada")) for line in lines]
    levels = Levels((replace(LEVELS.speakers[0], speaker="narrator"),), 0)
    timeline = lay_out(
        studio.script(lines),
        [studio.clip(studio.click(8))],
        studio.settings(sound=Sound(sample_rate=24000)),
        soundtrack,
    )
    sound = np.concatenate(list(mix(timeline, levels, -30)))
    placed = timeline.placements[0]
    levels_over_time = [level(sound[start : start + 12000]) for start in range(placed.start, placed.end - 12000, 12000)]
    assert levels_over_time == pytest.approx([-48] * len(levels_over_time), abs=0.6)
    assert len(sound) == timeline.length


def test_music_that_has_gone_since_it_was_opened_is_an_error(studio, tmp_path):
    soundtrack = music(tmp_path, "intro")
    soundtrack.intro.music.path.unlink()
    with pytest.raises(ConfigurationError, match=r"music\.wav cannot be read"):
        with_music(studio, [studio.line(speaker="Ada")], [studio.clip(studio.click(1))], soundtrack)
