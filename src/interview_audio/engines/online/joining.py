"""The sounds of an utterance that was sent in pieces, as one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.engine import SpokenWord

LEAD, TRAIL = 0.05, 0.12
"""Seconds kept around the sound where an utterance had to be cut in pieces."""


@dataclass(frozen=True, slots=True)
class Part:
    """What came for a piece."""

    samples: NDArray[np.int16]
    """Mono, with padding."""
    words: Sequence[SpokenWord]
    """In seconds from its first sample."""
    sounding: tuple[float, float]
    """Seconds at which speech begins and ends in it."""


def joined(parts: Sequence[Part], sample_rate: int) -> tuple[NDArray[np.int16], list[SpokenWord]]:
    """All samples and words; each part without its padding, unless it is the only one."""
    if len(parts) == 1:
        return parts[0].samples, list(parts[0].words)
    sound, words, clock = [], [], 0
    for part in parts:
        first = max(0, round((part.sounding[0] - LEAD) * sample_rate))
        last = min(part.samples.size, round((part.sounding[1] + TRAIL) * sample_rate))
        shift = (clock - first) / sample_rate
        words += [SpokenWord(one.start + shift, one.end + shift, one.written) for one in part.words]
        sound.append(part.samples[first:last])
        clock += last - first
    return np.concatenate(sound), words
