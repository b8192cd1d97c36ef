"""One request to the server and its answer, whole, or what its failure means.

No error holds the request: it holds the key.
"""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from interview_audio.engines.online.completeness import MAX_ANSWER_BYTES
from interview_audio.engines.online.network import Route, parse_retry_after, translate_error
from interview_audio.engines.online.retries import (
    RUN_AGAIN_LATER,
    FailureKind,
    Timeouts,
    TransientError,
    idle_timeout,
)
from interview_audio.engines.openai.server import Server, remove_key, request_headers
from interview_audio.errors import OutageError
from interview_audio.text.printable import printable
from interview_audio.text.units import shortened

_CONNECT_SECONDS = 10.0
_THROTTLING_STATUSES = frozenset((408, 425, 429, 502, 503, 504))
"""500 is not among them: servers of one's own answer so to a voice or a text that they cannot say."""
_OUT_OF_CREDIT = ("insufficient_quota", "billing_hard_limit_reached", "credit")
_MAX_COMPLAINT_BYTES, _MAX_SHOWN_CHARS = 65536, 150
_SEE_SETTINGS = "see engines.openai in voices.yaml"


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


async def post_speech(
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


async def get(server: Server, route: Route, timeouts: Timeouts, path: str) -> HttpAnswer:
    """Send ``GET`` for a path below the base URL; raise as ``post_speech`` does."""
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
