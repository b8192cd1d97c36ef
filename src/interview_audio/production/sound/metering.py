"""Measures loudness and true peak as a stream, and a finished episode as its listeners' players decode it."""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.production.sound.filtering import filter_stream
from interview_audio.production.sound.levels import DUAL_MONO, SILENCE
from interview_audio.production.sound.read_ahead import read_ahead
from interview_audio.production.sound.true_peak import TruePeakMeter

_METER = ("ebur128", "metadata=1:framelog=quiet")
# An MP3 frame is 26 ms: handing each on by itself would cost more than measuring it.
_BLOCK = 1 << 16


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
    meter = TruePeakMeter()
    with av.open(f"file:{path}") as container, closing(read_ahead(_decoded(container))) as blocks:
        integrated = integrated_loudness(map(meter.heard, blocks), container.streams.audio[0].rate)
    return Loudness(integrated + DUAL_MONO if integrated > SILENCE else SILENCE, meter.dbtp)


def integrated_loudness(blocks: Iterable[NDArray[np.float32]], sample_rate: int) -> float:
    """Gated loudness of mono sound in LUFS, mono counted once; `SILENCE` where nothing passes the gate."""
    metadata = {"lavfi.r128.I": str(SILENCE)}
    # The meter counts up; the last frame may be too short for it to say anything.
    for frame in deque(filter_stream(blocks, sample_rate, [_METER]), maxlen=2):
        metadata |= frame.metadata
    return max(float(metadata["lavfi.r128.I"]), SILENCE)


def _decoded(container: av.container.InputContainer) -> Iterator[NDArray[np.float32]]:
    gathered = av.AudioFifo()
    for frame in container.decode(audio=0):
        frame.pts = None
        gathered.write(frame)
        if gathered.samples >= _BLOCK:
            yield from _emptied(gathered)
    yield from _emptied(gathered)


def _emptied(gathered: av.AudioFifo) -> Iterator[NDArray[np.float32]]:
    frame = gathered.read()
    if frame:
        yield _floating(frame.to_ndarray()[0])


def _floating(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Full scale at 1: of FLAC the decoder gives integers."""
    if samples.dtype.kind == "f":
        return samples
    return samples.astype(np.float32) / -float(np.iinfo(samples.dtype).min)
