"""Cuts a stream of sound where it is silent, so that encoders of MP3 may work on its segments side by side.

An encoder that begins in silence has the same past as one that has come from the beginning, where the silence is longer
than what it remembers: its filter bank and a frame of its transform. Its first frame borrows no bits from those before
(ISO/IEC 11172-3, 2.4.3.4: ``main_data_begin``), and its frames begin where they would have begun, as all segments
but the last are whole frames long. So the frames of the segments, each without those that the encoder adds behind its
end, are one stream. (Frames differ by a byte to keep a bit rate on the average; each encoder begins to count anew,
so that a segment may differ by one byte.)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SILENT_FRAMES = 4
"""On each side of a cut; behind it LAME saves bits for the first sound, as it does at the start of a file."""
LEAST_SECONDS, MOST_SECONDS = 6, 20
"""Of a part."""


@dataclass(frozen=True, slots=True)
class Part:
    """Samples that follow those of the part before."""

    samples: NDArray[np.float32]
    """Mono; whole frames, but for the last part of a stream."""
    ends_segment: bool = True
    """The next part may have an encoder of its own."""
    ends_stream: bool = False


def cut(blocks: Iterable[NDArray[np.float32]], frame_samples: int, sample_rate: int) -> Iterator[Part]:
    """Cut a stream into parts, the same ones whatever the sizes of its blocks.

    Args:
        blocks: Mono sound.
        frame_samples: What one frame encodes.
        sample_rate: Of the sound, Hz.

    Yields:
        Parts, at least one. Where there is silence, each is a segment; elsewhere a segment has several.
    """
    least, most = (seconds * sample_rate // frame_samples for seconds in (LEAST_SECONDS, MOST_SECONDS))
    samples, first = np.zeros(0, np.float32), least
    for block in blocks:
        samples = np.concatenate([samples, block])
        while (last := len(samples) // frame_samples - SILENT_FRAMES) >= first:
            place = _silent_place(samples, frame_samples, range(first, min(last, most) + 1))
            if place is None and last < most:
                first = last + 1
                break
            part, samples = np.split(samples, [(place or most) * frame_samples])
            first = least
            yield Part(part, ends_segment=place is not None)
    yield Part(samples, ends_stream=True)


def _silent_place(samples: NDArray[np.float32], frame_samples: int, places: range) -> int | None:
    """The first of some frames with silence on both sides."""
    edges = slice((places.start - SILENT_FRAMES) * frame_samples, (places.stop - 1 + SILENT_FRAMES) * frame_samples)
    sounding = np.any(samples[edges].reshape(-1, frame_samples), axis=1)
    around = np.lib.stride_tricks.sliding_window_view(sounding, 2 * SILENT_FRAMES)
    silent = np.flatnonzero(~np.any(around, axis=1))
    return places[int(silent[0])] if len(silent) else None
