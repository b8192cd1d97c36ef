"""The server as the engine uses it: requests that are retried, why they failed in the end, and a test for doctor.

Below that is one request and its answer, whole, or what its failure means. No error holds the request: it holds the
key.
"""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.online.completeness import MAX_ANSWER_BYTES, check_duration, decode_audio
from interview_audio.engines.online.network import Route, find_proxy, parse_retry_after, translate_error
from interview_audio.engines.online.request_runner import RequestRunner, diagnose
from interview_audio.engines.online.retries import (
    RUN_AGAIN_LATER,
    FailureKind,
    RateLimiter,
    RetriesExhaustedError,
    Timeouts,
    TransientError,
    idle_timeout,
    retry,
)
from interview_audio.engines.openai.server import (
    OFFICIAL_KEY_VARIABLE,
    OFFICIAL_VOICES,
    Server,
    parse_voice_names,
    read_key,
    remove_key,
    request_headers,
    voice_parameter,
)
from interview_audio.engines.protocol import Availability
from interview_audio.errors import InterviewAudioError, OutageError, SpeechError, VoiceError
from interview_audio.text.printable import printable
from interview_audio.text.units import counted, shortened

_TEST_WORDS = "1 2 3"
"""Every voice can read these."""
MAX_ANSWER_SECONDS = 900.0
"""A server without a graphics card may take minutes for a line; one that takes longer never comes to an end."""
_LIST_TIMEOUTS = Timeouts(idle=5.0, total=10.0)
_SEE_SETTINGS = "see engines.openai in voices.yaml"
_CONNECT_SECONDS = 10.0
_THROTTLING_STATUSES = frozenset((408, 425, 429, 502, 503, 504))
"""500 is not among them: servers of one's own answer so to a voice or a text that they cannot say."""
_OUT_OF_CREDIT = ("insufficient_quota", "billing_hard_limit_reached", "credit")
_MAX_COMPLAINT_BYTES, _MAX_SHOWN_CHARS = 65536, 150


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


class RequestRefusedError(Exception):
    """The server understood the request and refuses it: for its text, its voice, its model or a setting."""

    def __init__(self, reason: str, complaint: str) -> None:
        super().__init__(reason, complaint)
        self.reason = reason
        self.complaint = complaint


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer with status 200."""

    content: bytes
    media_type: str
    """Lower case, without parameters."""
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
            answer = await _get(self.server, self.route(), _LIST_TIMEOUTS, "/audio/voices")
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
        answer = await _post_speech(server, route, timeouts, _body(request, server), self.limiter.note_activity)
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


async def _post_speech(
    server: Server, route: Route, timeouts: Timeouts, body: Mapping[str, Any], on_bytes: Callable[[], None]
) -> HttpAnswer:
    """Send ``POST …/audio/speech``.

    Args:
        server: Where to.
        route: Through which proxy.
        timeouts: How long to wait.
        body: The request.
        on_bytes: Called for each portion that comes.

    Raises:
        TransientError: This attempt failed; the answer, if any, is not whole.
        RequestRefusedError: The server refuses this request.
        OutageError: No attempt can succeed.
    """
    return await _exchange(server, route, timeouts, ("POST", "/audio/speech", body), on_bytes)


async def _get(server: Server, route: Route, timeouts: Timeouts, path: str) -> HttpAnswer:
    """Send ``GET`` for a path below the base URL; raise as ``_post_speech`` does."""
    return await _exchange(server, route, timeouts, ("GET", path, None), lambda: None)


async def _exchange(
    server: Server,
    route: Route,
    timeouts: Timeouts,
    request: tuple[str, str, Mapping[str, Any] | None],
    on_bytes: Callable[[], None],
) -> HttpAnswer:
    method, path, body = request
    failure: TransientError | OutageError
    try:
        async with (
            idle_timeout(timeouts, route.host, on_bytes) as note_activity,
            aiohttp.ClientSession(
                headers=request_headers(server),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(connect=_CONNECT_SECONDS),
            ) as session,
            session.request(
                method,
                server.base_url + path,
                json=body,
                proxy=route.proxy.url if route.proxy else None,
                allow_redirects=False,  # a key goes nowhere but where the settings say
            ) as response,
        ):
            note_activity()
            if response.status != 200:
                raise _refusal_error(response, await _read_complaint(response, server), route)
            return await _receive(response, route, note_activity)
    except (aiohttp.ClientError, OSError) as error:
        failure = translate_error(error, route)
    raise failure  # out here, for the errors of aiohttp hold the request and so the key


async def _receive(response: aiohttp.ClientResponse, route: Route, on_bytes: Callable[[], None]) -> HttpAnswer:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise _not_understood_error(f"{route.host} sent a compressed answer, which was not requested")
    portions, size = [], 0
    async for portion in response.content.iter_any():
        on_bytes()
        size += len(portion)
        if size > MAX_ANSWER_BYTES:
            raise _not_understood_error(f"{route.host} sent more than {MAX_ANSWER_BYTES // 1024**2} MB")
        portions.append(portion)
    return HttpAnswer(
        b"".join(portions), response.content_type.lower(), _on_one_line(response.headers.get("Server", ""))
    )


async def _read_complaint(response: aiohttp.ClientResponse, server: Server) -> str:
    """Return what a refusal says, for a message; nothing if it breaks off."""
    content = b""
    try:
        async for portion in response.content.iter_any():
            content += portion
            if len(content) >= _MAX_COMPLAINT_BYTES:
                break
    except aiohttp.ClientError:
        return ""  # the status says more than that the connection broke
    return _explanation(content, server)


def _refusal_error(response: aiohttp.ClientResponse, complaint: str, route: Route) -> Exception:
    status = response.status
    reason = f"{route.host} answered {status}" + (f" ({complaint})" if complaint else "")
    if status == 402 or (status == 429 and any(word in complaint for word in _OUT_OF_CREDIT)):
        return OutageError(reason, "top up the account; waiting does not help")
    if status in _THROTTLING_STATUSES:
        return TransientError(FailureKind.THROTTLED, reason, RUN_AGAIN_LATER, parse_retry_after(response.headers))
    if status in (401, 403):  # what it says of a key may show a part of it
        return OutageError(f"{route.host} refused the request ({status})", route.refused())
    if 300 <= status < 400:
        return OutageError(f"{route.host} redirects to another address ({status})", "correct engines.openai.base_url")
    if status == 500:
        return TransientError(FailureKind.NOT_UNDERSTOOD, reason, f"{_SEE_SETTINGS}, and the server's log")
    if 400 <= status < 500 and status != 407:
        return RequestRefusedError(reason, complaint)
    return OutageError(reason, _SEE_SETTINGS)


def _explanation(content: bytes, server: Server) -> str:
    """Return the text of a refusal: OpenAI's ``error.message``, FastAPI's ``detail``, or plain text."""
    text = content.decode("utf-8", "replace")
    if text.lstrip().startswith("<"):  # a page of a proxy or web server
        return ""
    with contextlib.suppress(ValueError, RecursionError):  # plain text, more than was read, or nesting without end
        text = _innermost_text(json.loads(text))
    return _on_one_line(remove_key(text, server))


def _innermost_text(answer: Any) -> str:
    """Return the innermost text of an answer, with the error code beside it."""
    if isinstance(answer, list):
        answer = answer[0] if answer else ""
    if not isinstance(answer, dict):
        return str(answer)
    inner = next((answer[key] for key in ("error", "detail", "message", "msg") if answer.get(key)), "")
    code = answer.get("code")
    return _innermost_text(inner) + (f" [{code}]" if isinstance(code, str) and code else "")


def _on_one_line(text: str) -> str:
    """Return the part of a text that fits a message."""
    return shortened(printable(text), _MAX_SHOWN_CHARS)


def _not_understood_error(reason: str) -> TransientError:
    return TransientError(FailureKind.NOT_UNDERSTOOD, reason, f"{_SEE_SETTINGS}, and the server's log")
