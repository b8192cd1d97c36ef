"""Downloads one large file with a known hash: once, however many processes ask, and on from where it stopped.

What has arrived is kept beside the file under a name of its own, so that an interrupted download costs only the rest.
"""

import hashlib
import http.client
import re
import shutil
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from interview_audio import __version__
from interview_audio.errors import EngineError, OutageError
from interview_audio.files.atomic_files import file_lock, make_folder, sync_file, sync_folder
from interview_audio.text.printable import without_password

_ATTEMPTS = 4
"""Connections that may break before the user is asked to run again: a network that drops each of them is down."""
_PAUSE = 1.0
"""Seconds before the next attempt."""
_SILENCE = 30.0
"""Seconds without a byte after which a connection counts as broken."""
_CHUNK_BYTES = 1 << 18
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP statuses that may be another one a second later."""
_RANGE_REFUSED = 416

Progress = Callable[[int, int], None]
"""Called with the bytes that have arrived and the bytes of the whole file."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on a web server."""

    address: str
    """http or https; what it redirects to may be another host."""
    size: int
    """In bytes."""
    sha256: str
    """In hexadecimal."""
    alternative: str
    """What the user can do where it cannot be downloaded, for messages."""


class _BrokenError(Exception):
    """A connection broke: the next one may not."""


def download(
    file: RemoteFile,
    path: Path,
    on_progress: Progress = lambda *_: None,
    *,
    proxy: str | None = None,
    proxy_key: str = "",
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Download a file unless it is there; another process that downloads it is waited for.

    Args:
        file: What to download.
        path: Where to; ``path`` with ``.part`` added holds what has arrived so far.
        on_progress: Called as bytes arrive.
        proxy: Address of an HTTP proxy, from the settings; without it, the environment and the system decide.
        proxy_key: What that setting is called, for messages.
        wait: Sleeps between two attempts.

    Raises:
        EngineError: The server cannot be reached or sends something else, or the folder has no room or cannot be
            written.
    """
    try:
        make_folder(path.parent)
        with file_lock(path.with_name(f"{path.name}.lock")):
            if not path.is_file():
                _Download(file, path, on_progress, _opener(file.address, proxy, proxy_key)).run(wait)
    except OSError as error:
        raise EngineError(f"cannot write {path}: {error.strerror or error}") from error


class _Download:
    def __init__(
        self, file: RemoteFile, path: Path, on_progress: Progress, opener: urllib.request.OpenerDirector
    ) -> None:
        self._file = file
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._on_progress = on_progress
        self._opener = opener

    def run(self, wait: Callable[[float], None]) -> None:
        """Complete the part, check it and give it its name."""
        was_begun = self._arrived() > 0
        self._check_room()
        self._complete(wait)
        if not self._is_right() and was_begun:  # the beginning may be of another file, or damaged: once from the start
            self._part.unlink()
            self._complete(wait)
        if not self._is_right():
            self._part.unlink()
            raise self._another_file("wrong sha256")
        sync_file(self._part)
        self._part.replace(self._path)
        sync_folder(self._path.parent)

    def _complete(self, wait: Callable[[float], None]) -> None:
        for attempt in range(_ATTEMPTS):
            try:
                self._add()
            except _BrokenError as error:
                if attempt == _ATTEMPTS - 1:
                    raise self._given_up(str(error)) from error
                wait(_PAUSE)
            else:
                return

    def _add(self) -> None:
        """Add to the part what is missing; raises ``_BrokenError`` where the connection breaks before the end."""
        arrived = self._arrived()
        if arrived == self._file.size:
            return
        with self._answer(arrived) as answer:
            is_rest = answer.status == http.client.PARTIAL_CONTENT and _first_byte(answer) == arrived
            arrived = arrived if is_rest else 0  # a server that ignores Range sends the whole file again
            if answer.length is not None and arrived + answer.length != self._file.size:
                raise self._another_file(f"{arrived + answer.length} bytes instead of {self._file.size}")
            with self._part.open("ab" if is_rest else "wb") as part:
                for chunk in _chunks(answer):
                    part.write(chunk)
                    arrived += len(chunk)
                    self._on_progress(min(arrived, self._file.size), self._file.size)
                    if arrived > self._file.size:  # something else, perhaps without an end
                        return
        if arrived < self._file.size:
            raise _BrokenError("the connection closed")

    def _answer(self, arrived: int) -> http.client.HTTPResponse:
        headers = {"User-Agent": f"interview-audio/{__version__}", "Accept-Encoding": "identity"}
        if arrived:
            headers["Range"] = f"bytes={arrived}-"
        request = urllib.request.Request(self._file.address, headers=headers)  # noqa: S310 - see _opener
        try:
            answer: http.client.HTTPResponse = self._opener.open(request, timeout=_SILENCE)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == _RANGE_REFUSED and arrived:
                self._part.unlink()
                raise _BrokenError("the server has a file of another size") from error
            if error.code in _BUSY:
                raise _BrokenError(f"it answered {error.code}") from error
            raise EngineError(
                f"{without_password(self._file.address)} answered {error.code} {error.reason}; {self._file.alternative}"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            if isinstance(reason, ssl.SSLCertVerificationError):
                raise EngineError(
                    f"the certificate of {_host(self._file.address)} is not valid ({reason.verify_message}); "
                    f"{self._file.alternative}"
                ) from error
            raise _BrokenError(_described(reason)) from error
        return answer

    def _arrived(self) -> int:
        try:
            arrived = self._part.stat().st_size
        except FileNotFoundError:
            return 0
        if arrived > self._file.size:
            self._part.unlink()
            return 0
        return arrived

    def _check_room(self) -> None:
        needed = self._file.size - self._arrived()
        free = shutil.disk_usage(self._path.parent).free
        if free < needed:
            raise EngineError(
                f"{self._path.name} needs {_megabytes(needed)} in {self._path.parent}, "
                f"but only {_megabytes(free)} are free"
            )

    def _is_right(self) -> bool:
        with self._part.open("rb") as part:
            return hashlib.file_digest(part, "sha256").hexdigest() == self._file.sha256

    def _another_file(self, difference: str) -> EngineError:
        address = without_password(self._file.address)
        return EngineError(
            f"{address} is not the expected file ({difference}), perhaps a page of a proxy; {self._file.alternative}"
        )

    def _given_up(self, reason: str) -> EngineError:
        arrived = self._arrived()
        if arrived:
            return EngineError(
                f"the download from {_host(self._file.address)} stopped after {_megabytes(arrived)} of "
                f"{_megabytes(self._file.size)} ({reason}); run again to continue it, or {self._file.alternative}"
            )
        address = without_password(self._file.address)
        return EngineError(f"cannot download {address} ({reason}); check the network, or {self._file.alternative}")


def _opener(address: str, proxy: str | None, proxy_key: str) -> urllib.request.OpenerDirector:
    """Return what opens http and https addresses, and no others, through the proxy where there is one."""
    from interview_audio.engines.online.network import find_proxy  # brings aiohttp along

    scheme = urllib.parse.urlsplit(address).scheme
    try:
        found = find_proxy(_host(address), proxy, proxy_key, (scheme,))
    except OutageError as error:
        raise EngineError(str(error)) from error
    context = ssl.create_default_context()
    _trust_certifi(context)
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler({"http": found.url, "https": found.url} if found else {}),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=context),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _trust_certifi(context: ssl.SSLContext) -> None:
    """Trust the usual authorities besides those of the system: Python on macOS may know none."""
    import certifi

    context.load_verify_locations(certifi.where())


def _chunks(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    while True:
        try:
            chunk = answer.read(_CHUNK_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise _BrokenError(_described(error)) from error
        if not chunk:
            return
        yield chunk


def _first_byte(answer: http.client.HTTPResponse) -> int | None:
    """Return where the sent part begins, as ``Content-Range: bytes 5-9/10`` says."""
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return int(found[1]) if found else None


def _described(error: object) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer for {_SILENCE:.0f} s"
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def _host(address: str) -> str:
    return urllib.parse.urlsplit(address).hostname or address


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"
