"""Edge's service: sends a request, receives all of the answer, tries again, explains failures; doctor's test.

A request is one ``Communicate`` and one connection, and gives speech only if all of it has come.
"""

from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

import aiohttp
import av
import edge_tts
import numpy as np
from edge_tts import communicate
from edge_tts import exceptions as client_errors
from edge_tts.drm import DRM
from edge_tts.typing import TTSChunk
from numpy.typing import NDArray

from interview_audio.engines.edge.voices import HAN_RUN, EdgeVoice, EdgeVoiceList, parse_gender
from interview_audio.engines.edge.word_boundaries import WordBoundary, check_sound, check_words
from interview_audio.engines.online.completeness import check_audible, check_duration
from interview_audio.engines.online.network import Route, find_proxy, translate_error
from interview_audio.engines.online.request_runner import RequestRunner, diagnose
from interview_audio.engines.online.retries import (
    RUN_AGAIN_LATER,
    FailureKind,
    RateLimiter,
    RetriesExhaustedError,
    Timeouts,
    TransientError,
    idle_timeout,
    incomplete_answer_error,
    retry,
)
from interview_audio.engines.protocol import Availability
from interview_audio.errors import InterviewAudioError, OutageError, SpeechError, VoiceError
from interview_audio.text.units import counted, shortened

SAMPLE_RATE = 24000
TIMEOUTS = Timeouts(idle=30.0, total=180.0)
"""The client itself waits for ever; answers of 90 to 150 seconds that succeeded are known (edge-tts issue 473)."""
LIST_TIMEOUTS = Timeouts(idle=10.0, total=10.0)
_BYTES_PER_SECOND = 6000
"""48 kbit/s, constant: 144 bytes each 24 ms."""
_LENGTH_TOLERANCE_SECONDS = 0.1
"""Between the bytes and the samples: four frames, which a decoder may hold back at the ends."""
_TICKS_PER_SECOND = 10_000_000
_CONNECT_TIMEOUT, _RECEIVE_TIMEOUT = 10, 30
"""Seconds; the client takes whole numbers, and its ``receive_timeout`` ends with the WebSocket upgrade."""
_PROXY_SCHEMES = ("wss", "https", "all")
"""The client itself follows ``WSS_PROXY`` for speech and ``HTTPS_PROXY`` for the list of voices, and no other."""
_TEST_WORDS = "1 2 3"
"""Every voice can read these."""
_TEST_VOICE = "zh-CN-XiaoxiaoNeural"
_USUAL_PITCH: Mapping[str, float] = MappingProxyType({"female": 205.0, "male": 115.0, "unknown": 160.0})
"""Hz, about what Traunmüller and Eriksson (1995) found in the speech of many languages."""
_NOTABLE_SKEW_SECONDS = 60.0
"""The service accepts a clock that is five minutes off; one that is a minute off is mentioned."""
_UPGRADE = "update edge-tts: pip install --upgrade edge-tts"


@dataclass(frozen=True, slots=True)
class EdgeRequest:
    """What one connection is asked to say."""

    text: str
    """At most 4096 bytes escaped: the client splits more, and not well (``utterance_pieces.cut_text`` does)."""
    voice: EdgeVoice
    rate: float = 1.0
    pitch: float = 0.0
    """Semitones."""


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
    client = edge_tts.Communicate(
        request.text,
        request.voice.long_name,
        rate=f"{rate_percent(request.rate):+d}%",
        pitch=f"{pitch_hertz(request.pitch, request.voice):+d}Hz",
        boundary="WordBoundary",  # the client's default became the sentence in 7.2.0
        proxy=route.proxy.url if route.proxy else None,
        connect_timeout=_CONNECT_TIMEOUT,
        receive_timeout=_RECEIVE_TIMEOUT,
    )
    answer = _PartialAnswer()
    async with idle_timeout(timeouts, route.host, on_message) as note_activity:
        await _receive(client, route, answer, note_activity)
    # The client adds to this on ``turn.end`` alone: a dropped connection raises nothing, and shows only here.
    if client.state.get("cumulative_audio_bytes", answer.received_bytes) != answer.received_bytes:
        raise incomplete_answer_error("the connection closed in the middle of a clip")
    samples = answer.decoder.finish()
    _check_whole(request, answer.received_bytes, samples, answer.boundaries)
    return EdgeAnswer(samples, tuple(answer.boundaries))


def rate_percent(rate: float) -> int:
    """Return a rate as the service takes it: whole percents more or less than the voice's own.

    Halves go up, not to even: rates that are 0.01 apart stay different.
    """
    return (round(rate * 10_000) - 10_000 + 50) // 100


def pitch_hertz(semitones: float, voice: EdgeVoice) -> int:
    """Return a change of pitch as the service takes it: whole Hz, the same for every sound of the voice.

    It is right where the voice is at the pitch that is usual for its gender.
    """
    return round(_USUAL_PITCH[voice.gender] * (2 ** (semitones / 12) - 1))


class _Mp3Decoder:
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
        self.decoder = _Mp3Decoder()
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
    client: edge_tts.Communicate, route: Route, answer: _PartialAnswer, note_activity: Callable[[], None]
) -> None:
    """Receive the client's messages to the end, its errors translated."""
    try:
        async with aclosing(client.stream()) as messages:
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


def _check_whole(
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


@dataclass(frozen=True, slots=True)
class EdgeService:
    """The way to the service, for coroutines of one event loop."""

    proxy: str | None
    """As ``engines.edge.proxy`` has it."""
    limiter: RateLimiter
    timeouts: Timeouts
    list_timeouts: Timeouts
    on_voice_list: Callable[[list[EdgeVoice]], None]
    """Called with a list of voices that came in the course of something else."""

    def route(self) -> Route:
        """Return where requests go now; raise ``OutageError`` if the proxy cannot be used."""
        host = urlsplit(communicate.WSS_URL).hostname or ""  # type: ignore[attr-defined]  # where the client takes it from
        proxy = find_proxy(host, self.proxy, "engines.edge.proxy", _PROXY_SCHEMES)
        return Route("edge", host, proxy, _remedy_for_refusal, _UPGRADE)

    async def say(self, request: EdgeRequest) -> EdgeAnswer:
        """Say a text that fits one request, with as many attempts as it is worth.

        Raises:
            SpeechError: The service says everything but this.
            VoiceError: The service no longer has the voice.
            OutageError: The service cannot be used now.
        """
        route = self.route()

        async def attempt() -> EdgeAnswer:
            return await request_speech(request, route, self.timeouts, self.limiter.note_activity)

        try:
            return await retry(attempt, self.limiter)
        except RetriesExhaustedError as error:
            raise await self._explain(error, request, route) from error

    async def list_voices(self) -> list[EdgeVoice]:
        """Return the voices that the service has now; raise ``OutageError`` if it does not say."""
        route = self.route()
        try:
            async with idle_timeout(self.list_timeouts, route.host, self.limiter.note_activity):
                entries = await edge_tts.list_voices(proxy=route.proxy.url if route.proxy else None)
            voices = [EdgeVoice(str(entry["ShortName"]), parse_gender(entry["Gender"])) for entry in entries]
        except TransientError as error:
            raise error.as_outage(1) from error
        except client_errors.SkewAdjustmentError as error:
            raise OutageError(f"{route.host} refused the request", route.refused()) from error
        except (aiohttp.ClientError, OSError) as error:
            found = translate_error(error, route)
            raise (found.as_outage(1) if isinstance(found, TransientError) else found) from error
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise OutageError(f"{route.host} sent a list of voices in an unknown format", _UPGRADE) from error
        if not voices:
            raise OutageError(f"{route.host} sent an empty list of voices", RUN_AGAIN_LATER)
        return voices

    async def say_test_words(self, voice: EdgeVoice) -> None:
        """Say test words, in one attempt; raise ``OutageError`` if that fails."""
        try:
            async with self.limiter.connection():
                request = EdgeRequest(_TEST_WORDS, voice)
                await request_speech(request, self.route(), self.timeouts, self.limiter.note_activity)
        except TransientError as error:
            raise error.as_outage(1) from error

    async def _explain(self, error: RetriesExhaustedError, request: EdgeRequest, route: Route) -> InterviewAudioError:
        """Find out whether it is the voice, this text or the service."""
        failure = error.failure
        if failure.kind in (FailureKind.THROTTLED, FailureKind.UNREACHABLE):
            return failure.as_outage(error.attempts)
        if failure.kind is FailureKind.SILENT and await self._is_gone(request.voice):
            return VoiceError(f"{route.service} no longer has the voice {request.voice.name}; choose another")
        try:
            await self.say_test_words(request.voice)
        except OutageError:
            return failure.as_outage(error.attempts, f", for {shortened(request.text)!r}")
        return SpeechError(
            f"{failure.describe(error.attempts)}, for {shortened(request.text)!r} with {request.voice.name}, while "
            "edge speaks other text; run again later, change the words, or add a pronunciation to voices.yaml"
        )

    async def _is_gone(self, voice: EdgeVoice) -> bool:
        try:
            voices = await self.list_voices()
        except OutageError:
            return False
        self.on_voice_list(voices)
        return voice.name not in {other.name for other in voices}


def diagnose_edge(service: EdgeService, voices: EdgeVoiceList, runner: RequestRunner, *, online: bool) -> Availability:
    """See ``Diagnosable``.

    Args:
        service: The way to it.
        voices: Its list.
        runner: Where requests run.
        online: Whether the list of voices and test words may be asked for.
    """

    def how() -> str:
        proxy = service.route().proxy
        return f"{f'through {proxy}' if proxy else 'without a proxy'}, {_describe_list(voices)}"

    def speak() -> Availability:
        voice = runner.run_apart(lambda: _say_with_a_listed_voice(service, voices))
        clock = _clock_error()
        state = f"{voice.name} spoke, {how()}" + (f"; {clock} (corrected for)" if clock else "")
        return Availability("ready", state, "correct the clock" if clock else "")

    return diagnose(how, speak, online=online)


async def _say_with_a_listed_voice(service: EdgeService, voices: EdgeVoiceList) -> EdgeVoice:
    listed = await service.list_voices()
    voices.replace(listed)
    voice = next((voice for voice in listed if voice.name == _TEST_VOICE), listed[0])
    await service.say_test_words(voice)
    return voice


def _describe_list(voices: EdgeVoiceList) -> str:
    age = voices.age_seconds()
    count = len(voices.known())
    if age is None:
        return f"{count} voices (packaged list)"
    days = int(age / (24 * 3600))
    when = ("today", "yesterday")[days] if days < 2 else f"{days} days ago"
    return f"{count} voices (listed {when})"


def _clock_error() -> str | None:
    """Return how wrong this machine's clock is, None if not notably.

    The client keeps the difference to the service's time for the whole process: it is the machine's, so that engines
    in several threads may share it.
    """
    skew = DRM.clock_skew_seconds
    if abs(skew) < _NOTABLE_SKEW_SECONDS:
        return None
    return f"this machine's clock is {counted(round(abs(skew) / 60), 'minute')} {'slow' if skew > 0 else 'fast'}"


def _remedy_for_refusal() -> str:
    clock = _clock_error()
    blocked = f"{_UPGRADE}; if the service is blocked, set an HTTP proxy as engines.edge.proxy"
    return f"{clock}: correct it; otherwise {blocked}" if clock else blocked
