"""A clip, the sound of one line as the store holds it; and its measurement, which is taken once, when it is made."""

import contextlib
import math
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

HEAD = 0.02
"""Seconds kept before the first sound of a trimmed clip."""
TAIL = 0.05
"""Seconds kept after the last sound: a voice dies away below the threshold."""

_FRAME = 0.01
"""Seconds of sound whose level is measured at once."""
_THRESHOLD_DBFS = -50.0
"""A frame below this is silence, however quiet the rest of the clip is."""
_BELOW_PEAK_DB = 40.0
"""A frame that is this much quieter than the loudest one is silence too."""
_LONGEST_TRIM = 1.5
"""Seconds that are trimmed at most at either end: a voice that begins or ends quietly is not cut away."""
_SHORTEST_TRIMMED_CLIP = 0.3
"""Seconds below which a clip is left as it is: it is hardly longer than what is kept before and after its sound."""
_FULL_SCALE = 32768.0

_HOP = 0.1
"""Seconds from one loudness value to the next: FFmpeg's ebur128 gives one each 100 ms."""
_WINDOW_HOPS = 4
"""Momentary loudness is measured over 400 ms (EBU Tech 3341)."""


@dataclass(frozen=True, slots=True)
class Word:
    """A written word and when it is heard."""

    text: str
    """As written, with the punctuation that belongs to it; the words of a clip join to its text but for spaces."""
    start: float
    """Seconds from the clip's first sample, before trimming."""
    end: float


@dataclass(frozen=True, slots=True)
class Clip:
    """One utterance of sound: mono, 16 bit, untrimmed as the engine made it, in a FLAC file of the store.

    Word times stay in the file (``clip_file.read_words``): a five-hour episode has fifty thousand.
    """

    key: str
    path: Path
    sample_rate: int
    samples: int
    """Length of the file in samples."""
    onset: int
    """First sample to be heard: the engine's padding ends here."""
    offset: int
    """One past the last sample to be heard."""
    loudness: tuple[float, ...]
    """Momentary loudness (EBU R128, 400 ms window, LUFS, mono counted once) each 100 ms of ``onset:offset``."""
    unspoken: tuple[str, ...] = ()
    """Words and characters of the text that the engine had no sound for."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What production needs to know of a clip without reading its sound again."""

    onset: int
    """First sample to be heard."""
    offset: int
    """One past the last sample to be heard."""
    loudness: tuple[float, ...]
    """Momentary loudness (EBU R128, LUFS, mono counted once) of ``onset:offset`` in 400 ms windows each 100 ms.

    The windows that straddle the two ends are among them, as if silence lay around the clip: in an episode it does,
    and so the series of all clips, one after the other, gates to the loudness of the episode.
    """


def measure(samples: NDArray[np.int16], sample_rate: int) -> Measurement:
    """Find the edges of the sound in a clip and its loudness over time.

    Args:
        samples: Mono clip as its engine made it.
        sample_rate: In Hz.
    """
    onset, offset = _edges(samples, sample_rate)
    return Measurement(onset, offset, _momentary_loudness(samples[onset:offset], sample_rate))


def _edges(samples: NDArray[np.int16], sample_rate: int) -> tuple[int, int]:
    length = len(samples)
    if length < _SHORTEST_TRIMMED_CLIP * sample_rate:
        return 0, length
    frame = round(_FRAME * sample_rate)
    levels = _frame_levels(samples, frame)
    peak = float(levels.max())
    sounding = np.flatnonzero(levels > max(_THRESHOLD_DBFS, peak - _BELOW_PEAK_DB))
    if not len(sounding):
        return 0, length
    longest = round(_LONGEST_TRIM * sample_rate)
    onset = int(sounding[0]) * frame - round(HEAD * sample_rate)
    offset = (int(sounding[-1]) + 1) * frame + round(TAIL * sample_rate)
    return min(max(onset, 0), longest), max(min(offset, length), length - longest)


def _frame_levels(samples: NDArray[np.int16], frame: int) -> NDArray[np.float64]:
    """Return the RMS of each frame in dBFS; what is missing from the last frame counts as silence."""
    missing = -len(samples) % frame
    frames = np.pad(samples, (0, missing)).reshape(-1, frame) / _FULL_SCALE
    power = np.mean(frames * frames, axis=1)
    return np.asarray(10 * np.log10(np.maximum(power, 1e-12)))


def _momentary_loudness(samples: NDArray[np.int16], sample_rate: int) -> tuple[float, ...]:
    hop = round(_HOP * sample_rate)
    around = (_WINDOW_HOPS - 1) * hop
    hops = math.ceil(len(samples) / hop)
    padded = np.pad(samples, (around, hops * hop - len(samples) + around))
    frame = av.AudioFrame.from_ndarray(padded[np.newaxis], format="s16", layout="mono")
    frame.sample_rate = sample_rate
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=sample_rate, format="s16", layout="mono")
    graph.link_nodes(source, graph.add("ebur128", "metadata=1:framelog=quiet"), graph.add("abuffersink")).configure()
    graph.push(frame)
    graph.push(None)
    series: list[float] = []
    # The graph says that it is drained by raising.
    with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
        while True:
            series.append(float(graph.pull().metadata["lavfi.r128.M"]))
    # The first windows are those that the meter has not yet filled.
    return tuple(series[_WINDOW_HOPS - 1 :])
