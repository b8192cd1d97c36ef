"""What the studio and `serve` share: a port, a server that ends when it is told to, files as players ask for them.

It knows neither what is served nor who may have it.
"""

import asyncio
import errno
import itertools
import os
import re
import secrets
import signal
import socket
import stat
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interview_audio.errors import OutputError

LOOPBACK = "127.0.0.1"
SAFE_HEADERS = ((b"referrer-policy", b"no-referrer"), (b"x-content-type-options", b"nosniff"))
"""Of every answer: no other site is to see the tokens in addresses, and what is not a script is not taken for one."""
_NOT_OURS = "{} is not an address of this machine; choose another with --host ADDRESS"
_MOST_CONNECTIONS = 400
_MOST_OPEN = 1024
"""Files and sockets of this process: each connection may have both."""
_SECONDS_FOR_TASKS = 1
"""After which an answer that waits for a thread is waited for no longer."""
_LAST_SECOND = 253_402_300_799
"""Of the year 9999."""
_CHUNK = 64 * 1024
_MOST_RANGES = 20
"""Of a request; one for more is answered with the whole file (RFC 9110, 14.2: a server may ignore what is abuse)."""
_BYTES_UNIT = "bytes="
_RANGE = re.compile(r"[ \t]*(?:([0-9]{1,18})-([0-9]{1,18})?|-([0-9]{1,18}))[ \t]*", re.ASCII)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Args:
        host: An address of this machine, or a name of one.
        port: 0 for any that is free.

    Raises:
        OutputError: The address is not one of this machine, or the port is not free.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise OutputError(_NOT_OURS.format(host)) from error
    listening = socket.socket(family)
    if os.name != "nt":  # where it would let two programs share a port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen()
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise OutputError(_NOT_OURS.format(host)) from error
        raise OutputError(f"port {port} cannot be used: {error.strerror}; choose another with --port N") from error
    return listening


def run_server(
    app: ASGIApp, listening: socket.socket, *, patience: float, on_end: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Answer requests until a signal comes, and then do what the command does with it.

    Args:
        app: What answers them.
        listening: From ``listen``; it is closed in the end.
        patience: Seconds that answers which have been begun may take when it ends; then their readers are hung up on.
        on_end: Ends what answers wait for.

    Raises:
        KeyboardInterrupt: Somebody ended it.
    """
    _allow_open_files()
    config = uvicorn.Config(
        app,
        ws="none",
        log_config=None,
        log_level="error",  # a request that is no HTTP is nothing that somebody at a terminal can mend
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_SECONDS_FOR_TASKS,
    )
    _Server(config, patience, on_end).run([listening])


def _allow_open_files() -> None:
    """Have the system allow as many open files as connections need; macOS begins with 256."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_OPEN if hard == resource.RLIM_INFINITY else min(_MOST_OPEN, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class _Server(uvicorn.Server):
    """A server that ends in time, whoever is still reading what it sends."""

    def __init__(
        self, config: uvicorn.Config, patience: float, on_end: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        super().__init__(config)
        self._patience = patience
        self._on_end = on_end
        self._heard: list[int] = []

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """End gracefully when a signal comes, and then do what the command does with it.

        uvicorn would send itself the signal again, which is taken for somebody who presses Ctrl-C a second time.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {int(number): signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        handlers = {number: handler for number, handler in before.items() if callable(handler)}
        for number in handlers:
            signal.signal(number, self._on_signal)
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
        for number in self._heard[:1]:
            handlers[number](number, None)

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self._heard.append(number)
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._on_end:
            await self._on_end()
        hang_up = asyncio.get_running_loop().call_later(self._patience, self._hang_up)
        try:
            await super().shutdown(sockets)
        finally:
            hang_up.cancel()

    def _hang_up(self) -> None:
        # Left to itself, uvicorn would cancel the tasks, and log each as a fault of the program.
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()


def with_headers(send: Send, headers: Sequence[tuple[bytes, bytes]]) -> Send:
    """Return a ``send`` that gives these headers to every answer that has none of that name."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = list(message.get("headers", ()))
            names = {name.lower() for name, _ in own}
            message["headers"] = [*own, *(header for header in headers if header[0] not in names)]
        await send(message)

    return send_with_headers


def headers_of(scope: Scope) -> Mapping[bytes, Sequence[bytes]]:
    """Return the values of each header of a request, by its name in small letters."""
    headers: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.lower(), []).append(value)
    return headers


def path_behind(token: str, path: str) -> str | None:
    """Return what follows ``/token`` in the path of a request; None where it does not begin so."""
    given, slash, rest = path.removeprefix("/").partition("/")
    if not slash or not secrets.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        return None
    return slash + rest


class OpenFile:
    """A file that is open to be sent, and stays what it is while another one takes its name.

    Args:
        path: Where it is; a link is not followed.

    Raises:
        OSError: It is not there, cannot be read, or is not a file.
    """

    def __init__(self, path: Path) -> None:
        # Without waiting: a named pipe would be opened once somebody writes into it.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        self._handle = os.open(path, flags)
        status = os.fstat(self._handle)
        if not stat.S_ISREG(status.st_mode):
            self.close()
            raise IsADirectoryError(f"{path} is not a file")
        self.size = status.st_size
        self.modified = datetime.fromtimestamp(min(max(int(status.st_mtime), 0), _LAST_SECOND), UTC)
        self.tag = f'"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"'

    def read(self, start: int, length: int) -> bytes:
        """Return the bytes from there on; fewer where the file is over."""
        os.lseek(self._handle, start, os.SEEK_SET)
        return os.read(self._handle, length)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._handle)


class FileAnswer(Response):
    """A file, or the ranges of it that are asked for (RFC 9110, 13 and 14), as it was when it was opened.

    Starlette's own opens the file by its name after it has said how long it is, refuses ranges in units that it does
    not know instead of ignoring them, and does not look at ``If-None-Match``.

    Args:
        file: Closed once it is sent, or nobody wants it any more.
        kind: Its media type.
    """

    def __init__(self, file: OpenFile, kind: str) -> None:
        self._file = file
        self._type = kind
        self.status_code = 200
        self.background = None
        self.body = b""
        self.init_headers(
            {
                "accept-ranges": "bytes",
                "content-type": kind,
                "etag": file.tag,
                "last-modified": format_datetime(file.modified, usegmt=True),
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        try:
            parts = self._parts(Headers(scope=scope), scope["method"])
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            if scope["method"] == "HEAD":
                await send({"type": "http.response.body"})
            else:
                await self._send(parts, receive, send)
        finally:
            self._file.close()

    async def _send(self, parts: Sequence[bytes | range], receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_disconnected(receive))
        try:
            for part in parts:
                async for content in self._contents(part):
                    if gone.done():
                        return
                    await send({"type": "http.response.body", "body": content, "more_body": True})
            await send({"type": "http.response.body"})
        except EOFError:
            return  # the server hangs up: what came next would be taken for the rest of the file
        finally:
            gone.cancel()

    async def _contents(self, part: bytes | range) -> AsyncIterator[bytes]:
        if isinstance(part, bytes):
            yield part
            return
        for start in part:
            length = min(part.step, part.stop - start)
            content = await run_in_threadpool(self._file.read, start, length)
            if len(content) < length:  # somebody has cut it
                raise EOFError
            yield content

    def _parts(self, asked: Headers, method: str) -> Sequence[bytes | range]:
        """Decide on the answer; return what is sent: bytes, and stretches of the file as starts of chunks."""
        size = self._file.size
        if is_known(asked, self._file.tag, self._file.modified):
            self.status_code = 304
            return ()
        ranges = self._ranges(asked) if method == "GET" else None  # RFC 9110, 14.2: of no other method
        if ranges is None:
            self.headers["content-length"] = str(size)
            return (range(0, size, _CHUNK),)
        if not ranges:
            self.status_code = 416
            self.headers["content-range"] = f"bytes */{size}"
            self.headers["content-length"] = "0"
            return ()
        self.status_code = 206
        if len(ranges) == 1:
            start, end = ranges[0]
            self.headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
            self.headers["content-length"] = str(end - start)
            return (range(start, end, _CHUNK),)
        return self._multipart(ranges)

    def _ranges(self, asked: Headers) -> Sequence[tuple[int, int]] | None:
        """Return the ranges to be sent; None where it is the whole file."""
        written = asked.get("range")
        condition = asked.get("if-range")
        if written is None or (condition is not None and not self._is_current(condition)):
            return None
        return byte_ranges(written, self._file.size)

    def _is_current(self, condition: str) -> bool:
        return condition.strip() in (self.headers["etag"], self.headers["last-modified"])

    def _multipart(self, ranges: Sequence[tuple[int, int]]) -> Sequence[bytes | range]:
        boundary = secrets.token_hex(16)
        self.headers["content-type"] = f"multipart/byteranges; boundary={boundary}"
        parts: list[bytes | range] = []
        for start, end in ranges:
            place = f"Content-Range: bytes {start}-{end - 1}/{self._file.size}"
            parts += [
                f"\r\n--{boundary}\r\nContent-Type: {self._type}\r\n{place}\r\n\r\n".encode(),
                range(start, end, _CHUNK),
            ]
        parts.append(f"\r\n--{boundary}--\r\n".encode())
        length = sum(len(part) if isinstance(part, bytes) else part.stop - part.start for part in parts)
        self.headers["content-length"] = str(length)
        return parts


def byte_ranges(written: str, size: int) -> Sequence[tuple[int, int]] | None:
    """Return the ranges of a ``Range`` header, each its first byte and the one behind its last, in the order asked for.

    Args:
        written: Value of the header.
        size: Of what they are ranges of, in bytes.

    Returns:
        None where the header is to be ignored: another unit, another form, or too many. Empty where none of the
        ranges is in it. Ranges that lie in one another or meet are one.
    """
    if not written.lower().startswith(_BYTES_UNIT):
        return None
    asked = written[len(_BYTES_UNIT) :].split(",")
    matches = [_RANGE.fullmatch(one) for one in asked if one.strip(" \t")]
    if not matches or len(matches) > _MOST_RANGES or not all(matches):
        return None
    found: list[tuple[int, int]] = []
    for first, last, suffix in (match.groups() for match in matches if match):
        if first is not None and last is not None and int(last) < int(first):
            return None
        start = max(size - int(suffix), 0) if suffix is not None else int(first)
        end = min(int(last) + 1, size) if last is not None else size
        if start < end:
            found.append((start, end))
    return list(_merged(found)) if len(found) > 1 else found


def _merged(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield them without what is asked for twice: nobody is sent a file many times for one request."""
    in_order = sorted(ranges)
    if all(before[1] < after[0] for before, after in itertools.pairwise(in_order)):
        yield from ranges
        return
    start, end = in_order[0]
    for first, last in in_order[1:]:
        if first > end:
            yield start, end
            start, end = first, last
        else:
            end = max(end, last)
    yield start, end


def is_known(asked: Headers, tag: str, modified: datetime | None = None) -> bool:
    """Tell whether a request's sender has what it asks for already (RFC 9110, 13.1)."""
    tags = asked.get("if-none-match")
    if tags is not None:
        known = [one.strip().removeprefix("W/") for one in tags.split(",")]
        return tag.removeprefix("W/") in known or known == ["*"]
    since = asked.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return modified <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # TypeError: a date without a zone
        return False


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
