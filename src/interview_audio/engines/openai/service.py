"""The server as the engine uses it: requests that are retried, why they failed in the end, and a test for doctor."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.online.completeness import check_duration, decode_audio
from interview_audio.engines.online.network import Route, find_proxy
from interview_audio.engines.online.rate_limiter import RateLimiter
from interview_audio.engines.online.request_runner import RequestRunner, diagnose
from interview_audio.engines.online.retries import (
    RUN_AGAIN_LATER,
    FailureKind,
    RetriesExhaustedError,
    Timeouts,
    TransientError,
    retry,
)
from interview_audio.engines.openai.exchange import HttpAnswer, RequestRefusedError, get, post_speech
from interview_audio.engines.openai.server import OFFICIAL_KEY_VARIABLE, Server, read_key
from interview_audio.engines.openai.voices import OFFICIAL_VOICES, parse_voice_names, voice_parameter
from interview_audio.engines.protocol import Availability
from interview_audio.errors import InterviewAudioError, OutageError, SpeechError, VoiceError
from interview_audio.text.units import counted, shortened

_TEST_WORDS = "1 2 3"
"""Every voice can read these."""
MAX_ANSWER_SECONDS = 900.0
"""A server without a graphics card may take minutes for a line; one that takes longer never comes to an end."""
_LIST_TIMEOUTS = Timeouts(idle=5.0, total=10.0)
_SEE_SETTINGS = "see engines.openai in voices.yaml"


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """What one request is to say."""

    text: str
    voice: str
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class ServerSpeech:
    """All that was said for a request."""

    samples: NDArray[np.int16]
    """Mono."""
    sample_rate: int
    software: str
    """What the ``Server`` header says."""


@dataclass(frozen=True, slots=True)
class OpenAIService:
    """The way to the server, for coroutines of one event loop."""

    server: Server
    limiter: RateLimiter
    max_answer_seconds: float = MAX_ANSWER_SECONDS

    def route(self) -> Route:
        """Return where requests go now; raise ``OutageError`` if the proxy cannot be used."""
        server = self.server
        schemes = (server.base_url.partition(":")[0], "all")
        is_direct = server.proxy is None and server.is_loopback  # a proxy's loopback is another machine's
        proxy = None if is_direct else find_proxy(server.host, server.proxy, "engines.openai.proxy", schemes)
        return Route("openai", server.address, proxy, self._remedy_for_refusal, _SEE_SETTINGS)

    async def say(self, request: SpeechRequest) -> ServerSpeech:
        """Say a text that fits one request, with as many attempts as it is worth.

        Raises:
            SpeechError: The server says everything but this.
            VoiceError: It has no such voice.
            OutageError: It cannot be used now.
        """
        route = self.route()
        read_key(self.server)
        try:
            return await retry(lambda: self._attempt(request, route), self.limiter)
        except RetriesExhaustedError as error:
            failure, attempts = error.failure, error.attempts
            if failure.kind in (FailureKind.THROTTLED, FailureKind.UNREACHABLE):
                raise failure.as_outage(attempts) from error
            outage = failure.as_outage(attempts, f", for {shortened(request.text)!r}")
            raise await self._explain(outage, request, failure.describe(attempts)) from error
        except RequestRefusedError as error:
            if "voice" in error.complaint.lower():
                raise VoiceError(f"{error.reason} for the voice {request.voice!r}; choose another") from error
            raise await self._explain(OutageError(error.reason, _SEE_SETTINGS), request, error.reason) from error

    async def list_voices(self) -> list[str]:
        """Return the names that ``GET …/audio/voices`` gives; none if the server has no such list.

        Raises:
            OutageError: It cannot be reached.
        """
        try:
            answer = await get(self.server, self.route(), _LIST_TIMEOUTS, "/audio/voices")
            return parse_voice_names(json.loads(answer.content))
        except TransientError as error:
            raise error.as_outage(1) from error
        except (RequestRefusedError, ValueError, RecursionError):
            return []

    async def say_test_words(self, voice: str) -> None:
        """Say test words, in one attempt; raise ``OutageError`` if that fails."""
        try:
            async with self.limiter.connection():
                await self._attempt(SpeechRequest(_TEST_WORDS, voice), self.route())
        except TransientError as error:
            raise error.as_outage(1) from error
        except RequestRefusedError as error:
            raise OutageError(error.reason, _SEE_SETTINGS) from error

    async def _attempt(self, request: SpeechRequest, route: Route) -> ServerSpeech:
        server = self.server
        timeouts = Timeouts(server.timeout, self.max_answer_seconds)
        answer = await post_speech(server, route, timeouts, _body(request, server), self.limiter.note_activity)
        return _speech(answer, request, server)

    async def _explain(self, outage: OutageError, request: SpeechRequest, reason: str) -> InterviewAudioError:
        """Find out whether it is this text or the server."""
        try:
            await self.say_test_words(request.voice)
        except OutageError:
            return outage
        return SpeechError(
            f"{reason}, for {shortened(request.text)!r} with {request.voice}, while openai speaks other text; "
            "run again later, change the words, or add a pronunciation to voices.yaml"
        )

    def _remedy_for_refusal(self) -> str:
        variable = self.server.key_variable
        if variable is None:
            return "set its key as an environment variable and name that variable in engines.openai.key_variable"
        is_official = variable == OFFICIAL_KEY_VARIABLE and self.server.is_official
        where = "at platform.openai.com" if is_official else "on the server"
        return f"check the key in {variable} {where}: it may be wrong or lack a permission"


def _body(request: SpeechRequest, server: Server) -> dict[str, Any]:
    body: dict[str, Any] = {
        **server.extra,
        "model": server.model,
        "input": request.text,
        "voice": voice_parameter(request.voice, is_official=server.is_official),
        "response_format": server.format,
    }
    if request.rate != 1:
        body["speed"] = round(request.rate, 3)
    if server.instructions:
        body["instructions"] = server.instructions
    return body


def _speech(answer: HttpAnswer, request: SpeechRequest, server: Server) -> ServerSpeech:
    """Decode an answer; raise ``TransientError`` if it is not the whole speech."""
    if not answer.content:
        raise TransientError(FailureKind.SILENT, "no audio was received", RUN_AGAIN_LATER)
    if answer.media_type.startswith("text/") or "json" in answer.media_type:
        reason = f"{server.address} sent {answer.media_type} instead of audio"
        raise TransientError(FailureKind.NOT_UNDERSTOOD, reason, _SEE_SETTINGS)
    samples, rate = decode_audio(answer.content, server.format)
    check_duration(samples, rate, request.text, request.rate, follows_rate=False)
    return ServerSpeech(samples, rate, answer.software)


def diagnose_server(service: OpenAIService, runner: RequestRunner, *, online: bool) -> Availability:
    """See ``Diagnosable``.

    Args:
        service: The way to it.
        runner: Where requests run.
        online: Whether the list of voices and test words may be asked for.
    """
    server = service.server

    def how() -> str:
        proxy = service.route().proxy
        key = f"with the key in {server.key_variable}" if read_key(server) else "without a key"
        return f"{server.address}, {key}, {f'through {proxy}' if proxy else 'without a proxy'}"

    def speak() -> Availability:
        known = [voice.name for voice in OFFICIAL_VOICES]
        names = known if server.is_official else runner.run_apart(service.list_voices)
        if not names:
            return Availability(
                "unknown", f"{how()}: it answers, but lists no voices to try", "try it with a short text"
            )
        runner.run_apart(lambda: service.say_test_words(names[0]))
        return Availability("ready", f"{names[0]} spoke, {how()}, {counted(len(names), 'voice')}")

    return diagnose(how, speak, online=online)
