"""The sound of a timeline as a stream of blocks: clips edited, brought to one rate and separated by silence."""

from collections.abc import Iterator

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.production.sound.clip_editing import edit_clip
from interview_audio.production.sound.levels import Levels
from interview_audio.production.timeline import Placement, Timeline
from interview_audio.synthesis.flac import read_samples


def mix(timeline: Timeline, levels: Levels, oversampling: int) -> Iterator[NDArray[np.float32]]:
    """Yield the episode's sound before its own gain, ``timeline.length * oversampling`` samples in all.

    Args:
        timeline: What stands where.
        levels: Speakers' gains; the episode's is left to mastering.
        oversampling: How many samples to make for each of the timeline's.

    Raises:
        StoreError: A clip cannot be read.
    """
    block = timeline.sample_rate * oversampling
    position = 0
    for placement in timeline.placements:
        yield from _silence((placement.start - position) * oversampling, block)
        sound = _sound(placement, levels.gain_of(placement.line), timeline.sample_rate, oversampling)
        yield from (sound[start : start + block] for start in range(0, len(sound), block))
        position = placement.end
    yield from _silence((timeline.length - position) * oversampling, block)


def _silence(length: int, block: int) -> Iterator[NDArray[np.float32]]:
    for start in range(0, length, block):
        yield np.zeros(min(block, length - start), np.float32)


def _sound(placement: Placement, gain: float, sample_rate: int, oversampling: int) -> NDArray[np.float32]:
    clip = placement.clip
    edited = edit_clip(read_samples(clip.path), (clip.onset, clip.offset), gain, clip.sample_rate)
    sound = np.zeros((placement.end - placement.start) * oversampling, np.float32)
    # The resampler yields the sample begun at the higher rate; the place is as long as the one begun at the lower.
    resampled = _resampled(edited, clip.sample_rate, sample_rate * oversampling)[: len(sound)]
    sound[: len(resampled)] = resampled
    return sound


def _resampled(samples: NDArray[np.int32], source_rate: int, target_rate: int) -> NDArray[np.float32]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=target_rate)
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s32", layout="mono")
    frame.sample_rate = source_rate
    parts = [part.to_ndarray()[0] for part in (*resampler.resample(frame), *resampler.resample(None))]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)
