"""The service's MP3 into samples, as it arrives.

One turn with the service: one ``Communicate``, one connection, and speech only when all of it has come.
"""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

import aiohttp
import av
import edge_tts
import numpy as np
from edge_tts import exceptions as client_errors
from edge_tts.typing import TTSChunk
from numpy.typing import NDArray

from interview_audio.engines.edge.voices import EdgeVoice
from interview_audio.engines.edge.word_boundaries import Boundary, check_sound, check_words
from interview_audio.engines.online.durations import check_audible, check_whole
from interview_audio.engines.online.network import Route, meaning
from interview_audio.engines.online.retries import LATER, Limits, SetbackError, Trouble, broken, watched
from interview_audio.engines.online.utterance_pieces import HAN
from interview_audio.errors import OutageError

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


TICKS_PER_SECOND = 10_000_000
_TOLERANCE = 0.1
LIMITS = Limits(idle=30.0, whole=180.0)
"""The client itself waits for ever; turns of 90 to 150 seconds that succeeded are known (edge-tts issue 473)."""
_CONNECT, _ANSWER = 10, 30
"""Seconds; the client takes whole numbers, and its ``receive_timeout`` ends with the WebSocket upgrade."""


@dataclass(frozen=True, slots=True)
class Request:
    """What one connection is asked to say."""

    text: str
    """At most 4096 bytes escaped: the client splits more, and not well (``wording.pieces`` does)."""
    voice: EdgeVoice
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """All that was said."""

    samples: NDArray[np.int16]
    """Mono, ``SAMPLE_RATE``, with the service's own padding."""
    boundaries: tuple[Boundary, ...]


async def take_turn(request: Request, route: Route, limits: Limits, on_message: Callable[[], None]) -> Turn:
    """Send a request and take its answer in full.

    Args:
        request: What to say.
        route: Through which proxy.
        limits: How long to wait.
        on_message: Called for each message that comes.

    Raises:
        SetbackError: This attempt failed; the answer, if any, is not whole.
        OutageError: No attempt can succeed.
    """
    communicate = edge_tts.Communicate(
        request.text,
        request.voice.long_name,
        rate=f"{whole_percents(request.rate):+d}%",
        boundary="WordBoundary",  # the client's default became the sentence in 7.2.0
        proxy=route.proxy.url if route.proxy else None,
        connect_timeout=_CONNECT,
        receive_timeout=_ANSWER,
    )
    answer = _Answer()
    async with watched(limits, route.host, on_message) as heard:
        await _listen(communicate, route, answer, heard)
    # The client adds to this on ``turn.end`` alone: a dropped connection raises nothing, and shows only here.
    if communicate.state.get("cumulative_audio_bytes", answer.received) != answer.received:
        raise broken("the connection closed in the middle of a clip")
    samples = _finished(answer.decoder)
    _check(request, answer.received, samples, answer.boundaries)
    return Turn(samples, tuple(answer.boundaries))


class _Answer:
    """What has come so far."""

    def __init__(self) -> None:
        self.decoder = Mp3Decoder()
        self.boundaries: list[Boundary] = []
        self.received = 0

    def take(self, message: TTSChunk) -> None:
        if message["type"] == "audio":
            self.received += len(message["data"])
            self.decoder.feed(message["data"])
        else:
            start, length = message["offset"] / TICKS_PER_SECOND, message["duration"] / TICKS_PER_SECOND
            self.boundaries.append(Boundary(message["text"], start, start + length))


async def _listen(communicate: edge_tts.Communicate, route: Route, answer: _Answer, heard: Callable[[], None]) -> None:
    """Take the client's messages to the end, its errors translated."""
    try:
        async with aclosing(communicate.stream()) as messages:
            async for message in messages:
                heard()
                answer.take(message)
    except client_errors.NoAudioReceived as error:
        raise SetbackError(Trouble.SILENT, "no audio was received", LATER) from error
    except client_errors.SkewAdjustmentError as error:
        raise OutageError(f"{route.host} refused the request (403)", route.refused()) from error
    except client_errors.WebSocketError as error:
        raise broken(f"the connection to {route.host} was lost") from error
    except (aiohttp.ClientError, OSError) as error:
        raise meaning(error, route) from error
    # What the client does not understand, it either says or trips over.
    except (client_errors.EdgeTTSException, LookupError, TypeError, ValueError) as error:
        raise SetbackError(
            Trouble.STRANGE, f"{route.host} sent an answer that edge-tts does not understand", route.outdated
        ) from error


def _finished(decoder: Mp3Decoder) -> NDArray[np.int16]:
    try:
        return decoder.finish()
    except DecodingError as error:
        raise broken("the audio received is damaged") from error


def _check(request: Request, received: int, samples: NDArray[np.int16], boundaries: list[Boundary]) -> None:
    """Raise where speech is missing: by the times of the words, by the words, and by the length of the text."""
    if abs(len(samples) / SAMPLE_RATE - received / BYTES_PER_SECOND) > _TOLERANCE:
        raise broken("the audio received is damaged")
    check_audible(samples)
    reads_han = request.voice.reads_han()
    end = check_sound(boundaries, samples, SAMPLE_RATE, reads_han=reads_han)
    check_words(request.text, boundaries, request.rate, end, reads_han=reads_han)
    readable = request.text if reads_han else HAN.sub("", request.text)
    check_whole(samples, SAMPLE_RATE, readable, request.rate, is_followed=True)


def whole_percents(rate: float) -> int:
    """What the service is told of a rate. Halves go up, not to even: rates that are 0.01 apart stay different."""
    return (round(rate * 10_000) - 10_000 + 50) // 100
