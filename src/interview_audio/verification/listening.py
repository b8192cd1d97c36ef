"""Decodes a file from end to end, as a stream, and measures it with FFmpeg's meter, which did not set its levels."""

import contextlib
import math
from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av

SILENCE = -70.0
"""LUFS of what no meter hears."""

# A mono file plays from two loudspeakers; a meter that counts one of them reads 3 LU less (EBU R128, dual mono).
_METER = "metadata=1:framelog=quiet:dualmono=1:peak=true"
_QUIETEST = 1e-6


@dataclass(frozen=True, slots=True)
class Heard:
    """What comes out of a decoder."""

    loudness: float
    """Integrated, in LUFS (EBU R128), mono as dual mono; -70 for silence."""
    true_peak: float
    """dBTP; -120 for silence."""
    seconds: Fraction
    """Length of the decoded sound."""
    fault: str
    """Why the sound could not be decoded to its end; empty if it could."""

    @property
    def milliseconds(self) -> int:
        """Length, rounded half up as `Timeline.milliseconds` does."""
        return math.floor(self.seconds * 1000 + Fraction(1, 2))


def listen(path: Path) -> Heard:
    """Decode a file and measure it, in as much memory for ten hours as for a minute.

    Args:
        path: Of a file that FFmpeg opens and that has sound.
    """
    samples, fault = 0, ""
    with av.open(f"file:{path}") as container:
        stream = container.streams.audio[0]
        meter = _Meter(stream)
        try:
            for frame in container.decode(stream):
                samples += frame.samples
                meter.hear(frame)
        except av.error.FFmpegError as error:
            fault = error.strerror or type(error).__name__
        metadata = meter.end()
        rate = stream.codec_context.sample_rate
    true_peak = max(float(metadata.get("lavfi.r128.true_peak", 0)), _QUIETEST)
    loudness = max(float(metadata.get("lavfi.r128.I", SILENCE)), SILENCE)
    return Heard(loudness, 20 * math.log10(true_peak), Fraction(samples, rate), fault)


class _Meter:
    """FFmpeg's ``ebur128`` behind a stream."""

    def __init__(self, stream: av.AudioStream) -> None:
        self._graph = av.filter.Graph()
        source = self._graph.add_abuffer(template=stream)
        meter = self._graph.add("ebur128", _METER)
        self._graph.link_nodes(source, meter, self._graph.add("abuffersink")).configure()

        # It counts up; the last frame may be too short for it to say anything.
        self._last: deque[av.AudioFrame] = deque(maxlen=2)

    def hear(self, frame: av.AudioFrame | None) -> None:
        """Measure one frame more; None ends the sound."""
        self._graph.push(frame)
        # The graph says by raising that it wants more, or that it has no more.
        with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
            while True:
                self._last.append(cast(av.AudioFrame, self._graph.pull()))

    def end(self) -> dict[str, str]:
        """What the meter says of all that it heard."""
        self.hear(None)
        metadata: dict[str, str] = {}
        for frame in self._last:
            metadata |= frame.metadata
        return metadata
