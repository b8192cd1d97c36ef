"""The sound of a timeline as a stream of blocks: edited clips at one rate, with silence and music around them."""

from collections.abc import Iterator

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.production.sound.accompaniment import accompany
from interview_audio.production.sound.clip_editing import edit_clip
from interview_audio.production.sound.levels import Levels
from interview_audio.production.timeline import Placement, Timeline
from interview_audio.synthesis.flac import read_samples


def mix(timeline: Timeline, levels: Levels, speech_loudness: float) -> Iterator[NDArray[np.float32]]:
    """Yield the episode's sound before its own gain, ``timeline.length`` samples in all.

    Args:
        timeline: What stands where.
        levels: The speakers' gains; the episode's is left to mastering.
        speech_loudness: Of the levelled speech, in LUFS, mono counted once: music is relative to it.

    Raises:
        StoreError: A clip cannot be read.
        ConfigurationError: A music file is not what it was when it was opened.
    """
    speech = _speech(timeline, levels)
    return accompany(speech, timeline, speech_loudness) if timeline.music else speech


def _speech(timeline: Timeline, levels: Levels) -> Iterator[NDArray[np.float32]]:
    block = timeline.sample_rate
    position = 0
    for placement in timeline.placements:
        yield from _silence(placement.start - position, block)
        sound = _sound(placement, levels.gain_of(placement.line), timeline.sample_rate)
        yield from (sound[start : start + block] for start in range(0, len(sound), block))
        position = placement.end
    yield from _silence(timeline.length - position, block)


def _silence(length: int, block: int) -> Iterator[NDArray[np.float32]]:
    for start in range(0, length, block):
        yield np.zeros(min(block, length - start), np.float32)


def _sound(placement: Placement, gain: float, sample_rate: int) -> NDArray[np.float32]:
    clip = placement.clip
    edited = edit_clip(read_samples(clip.path), (clip.onset, clip.offset), gain, clip.sample_rate)
    sound = np.zeros(placement.end - placement.start, np.float32)
    # What the resampler makes may differ from the place by a sample.
    resampled = _resampled(edited, clip.sample_rate, sample_rate)[: len(sound)]
    sound[: len(resampled)] = resampled
    return sound


def _resampled(samples: NDArray[np.int32], source_rate: int, target_rate: int) -> NDArray[np.float32]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=target_rate)
    parts: list[av.AudioFrame] = []
    # By the second: a frame as long as the clip would leave the processor's cache, and take half as long again.
    for start in range(0, len(samples), source_rate):
        part = samples[np.newaxis, start : start + source_rate]
        frame = av.AudioFrame.from_ndarray(part, format="s32", layout="mono")
        frame.sample_rate = source_rate
        parts += resampler.resample(frame)
    parts += resampler.resample(None)
    return np.concatenate([part.to_ndarray()[0] for part in parts]) if parts else np.zeros(0, np.float32)
