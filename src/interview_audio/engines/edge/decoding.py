"""The service's MP3 into samples, as it arrives."""

import av
import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 24000
BYTES_PER_SECOND = 6000
"""48 kbit/s, constant: 144 bytes each 24 ms."""


class DecodingError(Exception):
    """What came is no MP3 of the service's format."""


class Mp3Decoder:
    """Takes bytes in portions and gives mono samples at the end.

    FFmpeg's integer decoder: the same bytes give the same samples on every processor.
    """

    def __init__(self) -> None:
        self._codec = av.AudioCodecContext.create("mp3", "r")
        self._frames: list[NDArray[np.int16]] = []
        self._error: av.error.FFmpegError | None = None

    def feed(self, portion: bytes) -> None:
        """Decode what a portion completes; damage is told by ``finish``."""
        try:
            for packet in self._codec.parse(portion):
                self._frames += [frame.to_ndarray()[0] for frame in self._codec.decode(packet)]
        except av.error.FFmpegError as error:
            self._error = error

    def finish(self) -> NDArray[np.int16]:
        """All samples; raises ``DecodingError`` where something was not MP3 speech at ``SAMPLE_RATE``."""
        self.feed(b"")
        if self._error:
            raise DecodingError(str(self._error)) from self._error
        if self._frames and self._codec.sample_rate != SAMPLE_RATE:
            raise DecodingError(f"{self._codec.sample_rate} Hz instead of {SAMPLE_RATE} Hz")
        return np.concatenate([np.zeros(0, np.int16), *self._frames])
