"""Measures a finished episode as its listeners' players decode it."""

import itertools
import math
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.production.sound.filtering import filter_stream
from interview_audio.production.sound.read_ahead import read_ahead

_METER = ("ebur128", "metadata=1:dualmono=1:peak=true:framelog=quiet")
_QUIETEST = 1e-6
# An MP3 frame is 26 ms: handing each on by itself would cost more than measuring it.
_FRAMES_A_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Loudness:
    """Loudness of a whole episode (EBU R128)."""

    integrated: float
    """LUFS, dual mono; -70 for silence."""
    true_peak: float
    """dBTP; -120 for silence."""


def measure_episode(path: Path) -> Loudness:
    """Decode a mono audio file and measure it, as a stream.

    Raises:
        OSError: The file cannot be read.
    """
    with av.open(f"file:{path}") as container:
        rate = container.streams.audio[0].rate
        metadata = {"lavfi.r128.I": "-70", "lavfi.r128.true_peak": "0"}
        with closing(read_ahead(_decoded(container))) as blocks:
            # The meter counts up; the last frame may be too short for it to say anything.
            for frame in deque(filter_stream(blocks, rate, [_METER]), maxlen=2):
                metadata |= frame.metadata
    true_peak = max(float(metadata["lavfi.r128.true_peak"]), _QUIETEST)
    return Loudness(float(metadata["lavfi.r128.I"]), 20 * math.log10(true_peak))


def _decoded(container: av.container.InputContainer) -> Iterator[NDArray[np.float32]]:
    frames = (frame.to_ndarray()[0] for frame in container.decode(audio=0))
    while gathered := list(itertools.islice(frames, _FRAMES_A_BLOCK)):
        yield np.concatenate(gathered)
