"""One request to the server and its answer, whole, or what its failure means; no error holds the request."""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from interview_audio.engines.online.limits import Limits, watched
from interview_audio.engines.online.network_errors import Route, meaning, retry_after
from interview_audio.engines.online.retries import LATER, SetbackError, Trouble
from interview_audio.engines.openai.decoding import LONGEST
from interview_audio.engines.openai.keys import headers, without_key
from interview_audio.engines.openai.server import Server
from interview_audio.errors import OutageError
from interview_audio.printable import printable

_CONNECT = 10.0
_THROTTLING = frozenset((408, 425, 429, 502, 503, 504))
"""500 is not among them: servers of one's own answer so to a voice or a text that they cannot say."""
_OUT_OF_CREDIT = ("insufficient_quota", "billing_hard_limit_reached", "credit")
_LONGEST_COMPLAINT, _SHOWN = 65536, 150
_SETTINGS = "see engines.openai in voices.yaml"


class RefusedError(Exception):
    """The server understood the request and does not do it: the text, the voice, the model or a setting."""

    def __init__(self, reason: str, complaint: str) -> None:
        super().__init__(reason, complaint)
        self.reason = reason
        self.complaint = complaint


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer with status 200."""

    content: bytes
    kind: str
    """Media type, lower case, without parameters."""
    software: str
    """What the ``Server`` header says."""


async def post(
    server: Server, route: Route, limits: Limits, body: Mapping[str, Any], on_bytes: Callable[[], None]
) -> Answer:
    """Send ``POST …/audio/speech``.

    Args:
        server: Where to.
        route: Through which proxy.
        limits: How long to wait.
        body: The request.
        on_bytes: Called for each portion that comes.

    Raises:
        SetbackError: This attempt failed; the answer, if any, is not whole.
        RefusedError: The server does not do it.
        OutageError: No attempt can succeed.
    """
    return await _exchange(server, route, limits, ("POST", "/audio/speech", body), on_bytes)


async def get(server: Server, route: Route, limits: Limits, path: str) -> Answer:
    """Ask for a path below the base URL; raises as ``post`` does."""
    return await _exchange(server, route, limits, ("GET", path, None), lambda: None)


async def _exchange(
    server: Server,
    route: Route,
    limits: Limits,
    request: tuple[str, str, Mapping[str, Any] | None],
    on_bytes: Callable[[], None],
) -> Answer:
    method, path, body = request
    trouble: SetbackError | OutageError
    try:
        async with (
            watched(limits, route.host, on_bytes) as heard,
            aiohttp.ClientSession(
                headers=headers(server),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(connect=_CONNECT),
            ) as session,
            session.request(
                method,
                server.base_url + path,
                json=body,
                proxy=route.proxy.url if route.proxy else None,
                allow_redirects=False,  # a key goes nowhere but where the settings say
            ) as response,
        ):
            heard()
            if response.status != 200:
                raise _refusal(response, await _complaint(response, server), route)
            return await _received(response, route, heard)
    except (aiohttp.ClientError, OSError) as error:
        trouble = meaning(error, route)
    raise trouble  # out here, for the errors of aiohttp hold the request and so the key


async def _received(response: aiohttp.ClientResponse, route: Route, on_bytes: Callable[[], None]) -> Answer:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise _strange(f"{route.host} sent a compressed answer, which was not requested")
    portions, size = [], 0
    async for portion in response.content.iter_any():
        on_bytes()
        size += len(portion)
        if size > LONGEST:
            raise _strange(f"{route.host} sent more than {LONGEST // 1024**2} MB")
        portions.append(portion)
    return Answer(b"".join(portions), response.content_type.lower(), _on_one_line(response.headers.get("Server", "")))


async def _complaint(response: aiohttp.ClientResponse, server: Server) -> str:
    """What a refusal says; nothing if it does not say it to the end."""
    content = b""
    try:
        async for portion in response.content.iter_any():
            content += portion
            if len(content) >= _LONGEST_COMPLAINT:
                break
    except aiohttp.ClientError:
        return ""  # that it broke off says less than the status, which stands
    return _said(content, server)


def _refusal(response: aiohttp.ClientResponse, complaint: str, route: Route) -> Exception:
    status = response.status
    reason = f"{route.host} answered {status}" + (f" ({complaint})" if complaint else "")
    if status == 402 or (status == 429 and any(word in complaint for word in _OUT_OF_CREDIT)):
        return OutageError(reason, "top up the account; waiting does not help")
    if status in _THROTTLING:
        return SetbackError(Trouble.THROTTLED, reason, LATER, retry_after(response.headers))
    if status in (401, 403):  # what it says of a key may show a part of it
        return OutageError(f"{route.host} refused the request ({status})", route.refused())
    if 300 <= status < 400:
        return OutageError(f"{route.host} redirects to another address ({status})", "correct engines.openai.base_url")
    if status == 500:
        return SetbackError(Trouble.STRANGE, reason, f"{_SETTINGS}, and the server's log")
    if 400 <= status < 500 and status != 407:
        return RefusedError(reason, complaint)
    return OutageError(reason, _SETTINGS)


def _said(content: bytes, server: Server) -> str:
    """What a refusal says, in a few words: OpenAI's ``error.message``, FastAPI's ``detail``, or plain text."""
    text = content.decode("utf-8", "replace")
    if text.lstrip().startswith("<"):  # a page of a proxy or web server
        return ""
    with contextlib.suppress(ValueError, RecursionError):  # plain text, more than was read, or nesting without end
        text = _message(json.loads(text))
    return _on_one_line(without_key(text, server))


def _message(answer: Any) -> str:
    """The innermost text, with the code that stands beside it."""
    if isinstance(answer, list):
        answer = answer[0] if answer else ""
    if not isinstance(answer, dict):
        return str(answer)
    inner = next((answer[key] for key in ("error", "detail", "message", "msg") if answer.get(key)), "")
    code = answer.get("code")
    return _message(inner) + (f" [{code}]" if isinstance(code, str) and code else "")


def _on_one_line(text: str) -> str:
    """What fits a message of it."""
    line = printable(text)
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _strange(reason: str) -> SetbackError:
    return SetbackError(Trouble.STRANGE, reason, f"{_SETTINGS}, and the server's log")
