"""What is in the finished file, by meters that are not ours."""

import itertools
from dataclasses import replace

import av
import numpy as np
import pyloudnorm
import pytest

from interview_audio.configuration.settings import Music, Pauses, Sound
from interview_audio.production.containers.episode_writer import Tags
from interview_audio.production.loudness import set_levels
from interview_audio.production.mastering import master_episode
from interview_audio.production.music import MusicPiece, Soundtrack
from interview_audio.production.sidecars.captions import make_cues
from interview_audio.production.timeline import lay_out
from interview_audio.script.lines import Voice

TAGS = Tags("A talk", ("Ada",), None, "en", None, b"")
SMALL = Sound(bitrate=64, sample_rate=24000)


def produced(studio, path, lines, clips, sound=Sound(), soundtrack=Soundtrack(), pauses=Pauses()):  # noqa: B008 - frozen
    timeline = lay_out(studio.script(lines), clips, studio.settings(sound=sound, pauses=pauses), soundtrack)
    return timeline, master_episode(timeline, set_levels(lines, clips, sound.loudness), sound, TAGS, path)


def loudness(samples, rate):
    """Integrated, heard from two equal channels."""
    return pyloudnorm.Meter(rate).integrated_loudness(np.repeat(samples[:, np.newaxis], 2, axis=1).astype(np.float64))


def sounding(samples, rate):
    """First and last second of each stretch above -50 dBFS, in steps of a millisecond, windows of five."""
    power = np.convolve(np.square(samples, dtype=np.float64), np.ones(rate // 200) / (rate // 200), "same")
    heard = np.flatnonzero(power[:: rate // 1000] > 1e-5)
    edges = np.flatnonzero(np.diff(heard) > 50)
    return list(zip(heard[np.r_[0, edges + 1]] / 1000, heard[np.r_[edges, -1]] / 1000, strict=True))


def padded(studio, seconds, head, tail):
    return studio.clip(
        np.concatenate(
            [np.zeros(round(head * 24000), np.int16), studio.click(seconds), np.zeros(round(tail * 24000), np.int16)]
        )
    )


def test_a_pause_is_as_long_as_asked_whatever_silence_an_engine_leaves(studio, tmp_path, decode):
    silences = [(0, 0), (0.18, 0.84), (0.01, 0.02), (0.4, 0.06), (1.2, 1.2), (0.05, 0)]
    pauses = [0.2, 0.35, 0.45, 0.6, 1.3, 9.0]
    lines = [replace(studio.line(pause=pause), pause_before_short_reply=None) for pause in pauses]
    lines[2] = replace(lines[2], pause=5.0, pause_before_short_reply=0.45)
    clips = [padded(studio, 2 if number != 3 else 1.2, *silence) for number, silence in enumerate(silences)]
    sound = Sound(sample_rate=48000, bitrate=128)
    produced(studio, tmp_path / "a.mp3", lines, clips, sound, pauses=Pauses(head=0.5, tail=1.2))
    stretches = sounding(decode(tmp_path / "a.mp3"), 48000)
    heard = [following[0] - stretch[1] for stretch, following in itertools.pairwise(stretches)]
    assert heard == pytest.approx(pauses[:5], abs=0.02)
    assert stretches[0][0] == pytest.approx(0.5, abs=0.02)


def test_speakers_differ_by_less_than_1_lu(studio, tmp_path, decode):
    peaks = {"Ada": 0.9, "Ben": 0.1, "Cy": 0.3}
    lines = [studio.line(speaker=speaker) for _ in range(4) for speaker in peaks]
    clips = [studio.clip(studio.speech(3, seed=number, peak=peaks[line.speaker])) for number, line in enumerate(lines)]
    timeline, _ = produced(studio, tmp_path / "a.mp3", lines, clips)
    samples = decode(tmp_path / "a.mp3")
    heard = [
        loudness(
            np.concatenate([samples[p.start : p.end] for p in timeline.placements if p.line.speaker == speaker]), 44100
        )
        for speaker in peaks
    ]
    assert max(heard) - min(heard) < 1


@pytest.mark.parametrize("sound", [Sound(), SMALL, Sound(-14, 128, 48000)], ids=str)
def test_the_episode_is_as_loud_as_asked(studio, tmp_path, decode, sound):
    lines = [studio.line(speaker=("Ada", "Ben")[number % 2]) for number in range(6)]
    clips = [studio.clip(studio.speech(4, seed=number)) for number in range(6)]
    produced(studio, tmp_path / "a.mp3", lines, clips, sound)
    assert loudness(decode(tmp_path / "a.mp3"), sound.sample_rate) == pytest.approx(sound.loudness, abs=0.5)


@pytest.mark.parametrize("volume", [-4.0, 6.0])
def test_music_counts_in_the_loudness_and_needs_no_second_encoding(studio, tmp_path, decode, volume, monkeypatch):
    hiss = np.random.default_rng(1).normal(0, 0.05, 24000 * 12).astype(np.float32)
    monkeypatch.setattr("interview_audio.production.mixing.play", lambda _, rate: (part for part in [hiss]))
    music = Music("a.wav", tmp_path / "a.wav", volume, -18.0, 0.0, 2.0, 2.0)
    piece = MusicPiece(music, 24000, len(hiss), pyloudnorm.Meter(24000).integrated_loudness(hiss.astype(np.float64)))
    lines = [replace(studio.line(), voice=Voice("tone", "ada")) for _ in range(6)]
    clips = [studio.clip(studio.speech(4, seed=number)) for number in range(6)]
    soundtrack = Soundtrack(intro=piece, outro=piece)
    _, mastering = produced(studio, tmp_path / "a.mp3", lines, clips, SMALL, soundtrack)
    assert loudness(decode(tmp_path / "a.mp3"), 24000) == pytest.approx(-16, abs=0.5)
    assert mastering.encodings == 1


def coarse(path):
    """The absolute samples of a file in 1/255: twenty minutes at a rate of 16 kHz are 19 MB."""
    with av.open(str(path)) as container:
        frames = (frame.to_ndarray()[0] for frame in container.decode(audio=0))
        return np.concatenate([np.rint(np.minimum(np.abs(frame), 1) * 255).astype(np.uint8) for frame in frames])


@pytest.mark.slow
def test_every_clip_of_twenty_minutes_starts_where_its_chapter_and_cue_say(studio, tmp_path):
    clip = studio.clip(studio.click(0.31))
    lines = [studio.line(pause=7.0, chapter=str(number)) for number in range(181)]
    sound = Sound(bitrate=16, sample_rate=16000)
    timeline, _ = produced(studio, tmp_path / "a.mp3", lines, [clip] * len(lines), sound)
    assert timeline.length > 1200 * 16000  # a clip that is a sample off moves the last one by 181
    samples = coarse(tmp_path / "a.mp3")
    assert len(samples) == timeline.length
    late = []
    for placement in timeline.placements:
        around = samples[placement.start - 1600 : placement.start + 1600]
        late.append((np.argmax(around > 0.25 * around.max()) - 1600) / 16)
    # The fade takes 5 ms to full level, and so 1.25 ms to a quarter of it.
    assert late == pytest.approx([1.25] * len(late), abs=1)
    assert late[-1] == pytest.approx(late[0], abs=0.25)
    starts = [timeline.milliseconds(chapter.start) for chapter in timeline.chapters]
    assert starts == [0, *(timeline.milliseconds(placement.start) for placement in timeline.placements[1:])]
    assert [cue.start for cue in make_cues(timeline, {"Ada": "Ada"})] == [
        placement.start for placement in timeline.placements
    ]
