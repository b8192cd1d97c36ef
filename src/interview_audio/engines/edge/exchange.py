"""One request to the service: one ``Communicate``, one connection, and speech only if all of it has come."""

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

from interview_audio.engines.edge.voices import HAN_RUN, EdgeVoice
from interview_audio.engines.edge.word_boundaries import WordBoundary, check_sound, check_words
from interview_audio.engines.online.completeness import check_audible, check_duration
from interview_audio.engines.online.network import Route, translate_error
from interview_audio.engines.online.retries import (
    RUN_AGAIN_LATER,
    FailureKind,
    Timeouts,
    TransientError,
    idle_timeout,
    incomplete_answer_error,
)
from interview_audio.errors import OutageError

SAMPLE_RATE = 24000
TIMEOUTS = Timeouts(idle=30.0, total=180.0)
"""The client itself waits for ever; answers of 90 to 150 seconds that succeeded are known (edge-tts issue 473)."""
_BYTES_PER_SECOND = 6000
"""48 kbit/s, constant: 144 bytes each 24 ms."""
_LENGTH_TOLERANCE_SECONDS = 0.1
"""Between the bytes and the samples: four frames, which a decoder may hold back at the ends."""
_TICKS_PER_SECOND = 10_000_000
_CONNECT_TIMEOUT, _RECEIVE_TIMEOUT = 10, 30
"""Seconds; the client takes whole numbers, and its ``receive_timeout`` ends with the WebSocket upgrade."""


@dataclass(frozen=True, slots=True)
class EdgeRequest:
    """What one connection is asked to say."""

    text: str
    """At most 4096 bytes escaped: the client splits more, and not well (``utterance_pieces.cut_text`` does)."""
    voice: EdgeVoice
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class EdgeAnswer:
    """All that was said for a request."""

    samples: NDArray[np.int16]
    """Mono, ``SAMPLE_RATE``, with the service's own padding."""
    boundaries: tuple[WordBoundary, ...]


async def request_speech(
    request: EdgeRequest, route: Route, timeouts: Timeouts, on_message: Callable[[], None]
) -> EdgeAnswer:
    """Send a request and receive its answer in full.

    Args:
        request: What to say.
        route: Through which proxy.
        timeouts: How long to wait.
        on_message: Called for each message that comes.

    Raises:
        TransientError: This attempt failed; the answer, if any, is not whole.
        OutageError: No attempt can succeed.
    """
    communicate = edge_tts.Communicate(
        request.text,
        request.voice.long_name,
        rate=f"{rate_percent(request.rate):+d}%",
        boundary="WordBoundary",  # the client's default became the sentence in 7.2.0
        proxy=route.proxy.url if route.proxy else None,
        connect_timeout=_CONNECT_TIMEOUT,
        receive_timeout=_RECEIVE_TIMEOUT,
    )
    answer = _PartialAnswer()
    async with idle_timeout(timeouts, route.host, on_message) as note_activity:
        await _receive(communicate, route, answer, note_activity)
    # The client adds to this on ``turn.end`` alone: a dropped connection raises nothing, and shows only here.
    if communicate.state.get("cumulative_audio_bytes", answer.received_bytes) != answer.received_bytes:
        raise incomplete_answer_error("the connection closed in the middle of a clip")
    samples = answer.decoder.finish()
    _check(request, answer.received_bytes, samples, answer.boundaries)
    return EdgeAnswer(samples, tuple(answer.boundaries))


def rate_percent(rate: float) -> int:
    """Return a rate as the service takes it: whole percents more or less than the voice's own.

    Halves go up, not to even: rates that are 0.01 apart stay different.
    """
    return (round(rate * 10_000) - 10_000 + 50) // 100


class Mp3Decoder:
    """Decodes the service's MP3 as it arrives.

    FFmpeg's integer decoder: the same bytes give the same samples on every processor.
    """

    def __init__(self) -> None:
        self._codec = av.AudioCodecContext.create("mp3", "r")
        self._frames: list[NDArray[np.int16]] = []
        self._error: av.error.FFmpegError | None = None

    def feed(self, portion: bytes) -> None:
        """Decode what a portion completes; ``finish`` raises for what is damaged."""
        try:
            for packet in self._codec.parse(portion):
                self._frames += [frame.to_ndarray()[0] for frame in self._codec.decode(packet)]
        except av.error.FFmpegError as error:
            self._error = error

    def finish(self) -> NDArray[np.int16]:
        """Return all samples, mono; raise ``TransientError`` if something was not MP3 at ``SAMPLE_RATE``."""
        self.feed(b"")
        if self._error or (self._frames and self._codec.sample_rate != SAMPLE_RATE):
            raise _damaged_error() from self._error
        return np.concatenate([np.zeros(0, np.int16), *self._frames])


class _PartialAnswer:
    """What has come so far."""

    def __init__(self) -> None:
        self.decoder = Mp3Decoder()
        self.boundaries: list[WordBoundary] = []
        self.received_bytes = 0

    def add(self, message: TTSChunk) -> None:
        """Add what a message holds."""
        if message["type"] == "audio":
            self.received_bytes += len(message["data"])
            self.decoder.feed(message["data"])
        else:
            start, length = message["offset"] / _TICKS_PER_SECOND, message["duration"] / _TICKS_PER_SECOND
            self.boundaries.append(WordBoundary(message["text"], start, start + length))


async def _receive(
    communicate: edge_tts.Communicate, route: Route, answer: _PartialAnswer, note_activity: Callable[[], None]
) -> None:
    """Receive the client's messages to the end, its errors translated."""
    try:
        async with aclosing(communicate.stream()) as messages:
            async for message in messages:
                note_activity()
                answer.add(message)
    except client_errors.NoAudioReceived as error:
        raise TransientError(FailureKind.SILENT, "no audio was received", RUN_AGAIN_LATER) from error
    except client_errors.SkewAdjustmentError as error:
        raise OutageError(f"{route.host} refused the request (403)", route.refused()) from error
    except client_errors.WebSocketError as error:
        raise incomplete_answer_error(f"the connection to {route.host} was lost") from error
    except (aiohttp.ClientError, OSError) as error:
        raise translate_error(error, route) from error
    # What the client does not understand, it either says or trips over.
    except (client_errors.EdgeTTSException, LookupError, TypeError, ValueError) as error:
        raise TransientError(
            FailureKind.NOT_UNDERSTOOD, f"{route.host} sent an answer that edge-tts does not understand", route.outdated
        ) from error


def _check(
    request: EdgeRequest, received_bytes: int, samples: NDArray[np.int16], boundaries: list[WordBoundary]
) -> None:
    """Raise if speech is missing: by the times of the words, by the words, and by the length of the text."""
    if abs(len(samples) / SAMPLE_RATE - received_bytes / _BYTES_PER_SECOND) > _LENGTH_TOLERANCE_SECONDS:
        raise _damaged_error()
    check_audible(samples)
    reads_han = request.voice.reads_han()
    end = check_sound(boundaries, samples, SAMPLE_RATE, reads_han=reads_han)
    check_words(request.text, boundaries, request.rate, end, reads_han=reads_han)
    readable = request.text if reads_han else HAN_RUN.sub("", request.text)
    check_duration(samples, SAMPLE_RATE, readable, request.rate, follows_rate=True)


def _damaged_error() -> TransientError:
    return incomplete_answer_error("the audio received is damaged")
