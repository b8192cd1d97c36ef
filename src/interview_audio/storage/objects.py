"""Objects that many machines share: a bucket of S3, or what another address of fsspec names.

An object is put whole or not at all, under a name that nobody else has put one under: where two put one at once, one of
them is told that it came too late. What is got is what was put, or an error. A server that does not answer is asked
again for about a minute, so that it may be started anew.
"""

import functools
import hashlib
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from interview_audio.errors import StoreError
from interview_audio.storage.addresses import Address
from interview_audio.storage.buckets import (
    CONNECTIONS,
    MARK,
    OutgoingFile,
    Use,
    bucket_and_prefix,
    explained_s3,
    file_system,
    in_parallel,
    listed_entries,
    s3_file_system,
)
from interview_audio.text.printable import without_password

_KEYED = ("aws:kms", "aws:kms:dsse")
"""How a bucket is encrypted if the ETag of an object is no MD5."""
_GIVES_UP_AFTER = 60.0
"""Seconds for which a server is asked again that does not answer: time enough to start one anew."""
_FIRST_GIVES_UP_AFTER = 20.0
"""The same for one that has never answered this process: its address may be wrong."""
_PAUSES = (0.1, 8.0)
"""Seconds before a server is asked again: the first time, and at most; each time twice as long."""
_ANOTHER_PUTS, _HAS_ONE = 409, 412
"""What S3 answers to who puts an object that somebody else puts at this moment, or has put."""
_TOO_MANY, _SERVER_FAILED, _NOT_IMPLEMENTED = 429, 500, 501

_READINGS = 4
"""How often an object is read that does not have the hash that it should have."""

Answer = TypeVar("Answer")


class RefusedError(StoreError):
    """We may not do that there: what can be read is read, what cannot be written stays here."""


_USE = Use(StoreError, RefusedError, "keeping clips in", "a folder or s3://…", "run again, finished clips are kept")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it was got."""

    content: bytes = field(repr=False)
    tag: str = ""
    """What the server calls this content; empty where it does not say."""
    is_verified: bool = False
    """Its hash was compared; else only its length."""


@dataclass(frozen=True, slots=True)
class ListedObject:
    """An object as a listing shows it."""

    name: str
    bytes: int


class ObjectStore(Protocol):
    """Objects under one address, by names with slashes; several threads may use it at once."""

    @property
    def address(self) -> str:
        """As messages show it: without a password."""

    def get(self, name: str) -> StoredObject | None:
        """Return an object; None where there is none.

        Raises:
            StoreError: The server cannot be reached, or refuses.
        """

    def put_new(self, name: str, content: bytes) -> bool:
        """Put an object unless there is one of this name; tell whether it was put.

        Raises:
            RefusedError: We have no right to.
            StoreError: The server cannot be reached.
        """

    def delete(self, name: str, tag: str = "") -> None:
        """Remove an object; with its tag only if it is still that one, where the server can tell.

        Raises:
            StoreError: The server cannot be reached, or refuses.
        """

    def listed(self, prefixes: Sequence[str]) -> Sequence[ListedObject]:
        """List the objects whose names begin with one of these prefixes.

        Raises:
            StoreError: The server cannot be reached, or refuses.
        """


def open_objects(address: Address) -> ObjectStore:
    """Return what is at an address: the same one to every caller in this process.

    Raises:
        UsageError: It is no such address.
        StoreError: What it needs is not installed.
    """
    # A process that was forked from this one has connections of its own.
    return _opened(address, os.getpid(), endpoint())


@functools.cache
def _opened(address: Address, process: int, server: str) -> ObjectStore:  # noqa: ARG001
    return FileSystemObjects(address) if address.s3_path is None else S3Objects(address.s3_path)


def place_of(address: Address) -> str:
    """Return what tells a place from every other one: the address, and whose server that is."""
    return address.text if address.s3_path is None else f"{address.text} {endpoint()}".strip()


def endpoint() -> str:
    """Return whose server is meant by ``s3://``, if not Amazon's; as the variables say."""
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""


class _Patience:
    """Asks a server again, after growing pauses, until it answers or too much time has passed."""

    def __init__(self) -> None:
        self._has_answered = False

    def ask(self, call: Callable[[], Answer], is_passing: Callable[[Exception], bool]) -> Answer:
        """Return what a call returns; raise its last error if that is not passing, or does not pass.

        Args:
            call: Asks the server.
            is_passing: Whether an error may be gone in a moment.
        """
        began, pause = time.monotonic(), _PAUSES[0]
        while True:
            try:
                answer = call()
            except Exception as error:
                if not is_passing(error):
                    self._has_answered = True
                    raise
                limit = _GIVES_UP_AFTER if self._has_answered else _FIRST_GIVES_UP_AFTER
                if time.monotonic() - began + pause > limit:
                    raise
            else:
                self._has_answered = True
                return answer
            # Not all at the same moment, when a server is there again that hundreds wait for.
            time.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311
            pause = min(2 * pause, _PAUSES[1])


class S3Objects:
    """Objects in a bucket of S3, or of what speaks like it, each with its hash beside it.

    That nobody has put an object before is left to the server to find: ``If-None-Match: *``. It is known to Amazon S3,
    Cloudflare R2, Google's S3, MinIO, Ceph and others; one that says that it does not know it is asked beforehand.
    """

    _marks: Mapping[str, str] = MappingProxyType({})
    """What is written beside an object besides its hash."""

    def __init__(self, path: str, use: Use = _USE) -> None:
        self._bucket, self._prefix = bucket_and_prefix(path)
        self._use = use
        self._files = s3_file_system(self.address, use, attempts=1)
        self._patience = _Patience()
        self._is_conditional = True

    @property
    def address(self) -> str:
        """See ``ObjectStore``."""
        return without_password(f"s3://{self._bucket}/{self._prefix}".rstrip("/"))

    def get(self, name: str) -> StoredObject | None:
        """See ``ObjectStore``."""
        last: bytes | None = None
        for _ in range(_READINGS):
            try:
                with explained_s3(self.address, self._use):
                    answer, content = self._patience.ask(lambda: self._read(name), _is_passing)
            except FileNotFoundError:
                return None
            is_verified = _is_verified(answer, content)
            # Two readings that agree are what is there: then it is the tag that is no hash.
            if is_verified or content == last:
                return StoredObject(content, str(answer.get("ETag", "")), is_verified)
            last = content
        raise self._use.failure(f"{self.address}/{name}: arrives otherwise each time; check the connection")

    def put_new(self, name: str, content: bytes) -> bool:
        """See ``ObjectStore``."""
        if not self._is_conditional and self._exists(name):
            return False
        file = OutgoingFile.of(name, content, "audio/flac")
        try:
            return self._put(file, {"IfNoneMatch": "*"} if self._is_conditional else {})
        except UnknownConditionError:
            self._is_conditional = False
            return self.put_new(name, content)

    def delete(self, name: str, tag: str = "") -> None:
        """See ``ObjectStore``."""
        condition = {"IfMatch": tag} if tag and self._is_conditional else {}
        try:
            self._call("delete_object", Key=self._prefix + name, **condition)
        except (_TooLateError, FileNotFoundError):
            return  # somebody has done so
        except UnknownConditionError:
            self._call("delete_object", Key=self._prefix + name)

    def listed(self, prefixes: Sequence[str]) -> Sequence[ListedObject]:
        """See ``ObjectStore``."""
        return [one for some in in_parallel(self._with_prefix, prefixes, CONNECTIONS) for one in some]

    def _with_prefix(self, prefix: str, **limits: str) -> list[ListedObject]:
        entries = listed_entries(
            functools.partial(self._call, "list_objects_v2", Prefix=self._prefix + prefix, **limits)
        )
        return [ListedObject(entry["Key"].removeprefix(self._prefix), entry["Size"]) for entry in entries]

    def _put(self, file: OutgoingFile, condition: Mapping[str, str]) -> bool:
        """Put a file; tell whether the condition held. Raise ``UnknownConditionError`` where the server knows none."""

        def request() -> Any:
            with file.open() as body:
                key, described = self._prefix + file.name, file.s3_arguments(self._marks)
                return self._files.call_s3(
                    "put_object", Bucket=self._bucket, Key=key, Body=body, **described, **condition
                )

        try:
            self._requested(request, is_conditional=bool(condition))
        except _TooLateError:
            return False
        except FileNotFoundError:  # S3's answer to IfMatch where somebody has removed it
            if "IfMatch" not in condition:
                raise
            return False
        return True

    def _exists(self, name: str) -> bool:
        try:
            self._call("head_object", Key=self._prefix + name)
        except FileNotFoundError:
            return False
        return True

    def _read(self, name: str) -> tuple[Any, bytes]:
        from aiohttp import ClientError
        from fsspec.asyn import sync

        answer = self._files.call_s3("get_object", Bucket=self._bucket, Key=self._prefix + name)
        body = answer["Body"]
        try:
            content: bytes = sync(self._files.loop, body.read)
        except (ClientError, RuntimeError) as error:  # the server has gone away in the middle
            raise _CutShortError(f"{name}: {error}") from error
        finally:
            body.close()
        if len(content) != answer["ContentLength"]:
            raise _CutShortError(f"{name}: {len(content)} of {answer['ContentLength']} bytes arrived")
        return answer, content

    def _call(self, method: str, **arguments: Any) -> Any:
        return self._requested(
            lambda: self._files.call_s3(method, Bucket=self._bucket, **arguments),
            is_conditional="IfNoneMatch" in arguments or "IfMatch" in arguments,
        )

    def _requested(self, request: Callable[[], Any], *, is_conditional: bool) -> Any:
        def call() -> Any:
            try:
                return request()
            except OSError as error:
                if is_conditional:
                    _raise_condition(error)
                raise

        with explained_s3(self.address, self._use):
            return self._patience.ask(call, _is_passing)


class FileSystemObjects:
    """Objects in a file system of fsspec; one that cannot tell who came first is asked beforehand."""

    def __init__(self, address: Address, use: Use = _USE) -> None:
        self.address = str(address)
        """See ``ObjectStore``."""
        self._use = use
        self._files, self._root = file_system(address.text, use)
        self._patience = _Patience()

    def get(self, name: str) -> StoredObject | None:
        """See ``ObjectStore``."""

        def read() -> bytes:
            content: bytes = self._files.cat_file(self._path(name))
            size = self._files.size(self._path(name))
            if size is not None and len(content) != size:
                raise _CutShortError(f"{name}: {len(content)} of {size} bytes arrived")
            return content

        try:
            return StoredObject(self._asked(read))
        except FileNotFoundError:
            return None

    def put_new(self, name: str, content: bytes) -> bool:
        """See ``ObjectStore``."""
        path = self._path(name)

        try:
            try:
                return self._asked(lambda: self._put(path, content))
            except FileNotFoundError:  # a bucket has no folders, and is not asked about them
                self._asked(lambda: self._files.makedirs(path.rpartition("/")[0], exist_ok=True))
                return self._asked(lambda: self._put(path, content))
        except FileNotFoundError as error:
            raise self._use.failure(
                f"{self.address}: there is no such place; create it, or correct the address"
            ) from error

    def delete(self, name: str, tag: str = "") -> None:  # noqa: ARG002 - few can tell
        """See ``ObjectStore``."""
        try:
            self._asked(lambda: self._files.rm_file(self._path(name)))
        except FileNotFoundError:
            return

    def listed(self, prefixes: Sequence[str]) -> Sequence[ListedObject]:
        """See ``ObjectStore``."""
        found = self._asked(lambda: self._files.find(self._root, detail=True))
        named = ((path.removeprefix(self._root).lstrip("/"), entry) for path, entry in found.items())
        return [ListedObject(name, entry["size"] or 0) for name, entry in named if name.startswith(tuple(prefixes))]

    def _put(self, path: str, content: bytes) -> bool:
        try:
            self._files.pipe_file(path, content, mode="create")
        except FileExistsError:
            return False
        except (TypeError, ValueError, NotImplementedError):  # it cannot tell
            if self._files.exists(path):
                return False
            self._files.pipe_file(path, content)
        return True

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _asked(self, call: Callable[[], Answer]) -> Answer:
        with _explained(self.address, self._use):
            return self._patience.ask(call, _is_passing)


class _CutShortError(ConnectionError):
    """Less has arrived than was sent."""


class _TooLateError(Exception):
    """The object is there, or is another one than it was."""


class UnknownConditionError(Exception):
    """The server knows no conditions."""


def _raise_condition(error: OSError) -> None:
    status = _status(error)
    if status == _HAS_ONE:
        raise _TooLateError from error
    if status == _NOT_IMPLEMENTED:
        raise UnknownConditionError from error


def _status(error: BaseException) -> int:
    """Return the number with which a server has answered; 0 where it has not."""
    response = getattr(error.__cause__, "response", None)
    if not isinstance(response, Mapping):
        return 0
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _is_passing(error: Exception) -> bool:
    """Tell whether an error may be gone in a moment: the connection, or a server that is just being started."""
    from aiohttp import ClientError

    status = _status(error)
    if status:
        return status in (_ANOTHER_PUTS, _TOO_MANY) or (status >= _SERVER_FAILED and status != _NOT_IMPLEMENTED)
    if isinstance(error, TimeoutError | ConnectionError | ClientError):
        return True
    try:
        from botocore import exceptions
    except ModuleNotFoundError:
        return False
    return isinstance(error, exceptions.ConnectionError | exceptions.HTTPClientError | exceptions.IncompleteReadError)


def _is_verified(answer: Any, content: bytes) -> bool:
    """Tell whether a content is known to be the one that was put."""
    metadata = {name.lower(): value for name, value in answer.get("Metadata", {}).items()}
    if mark := metadata.get(MARK):
        return bool(mark == hashlib.sha256(content).hexdigest())
    if answer.get("ServerSideEncryption") in _KEYED or answer.get("SSECustomerAlgorithm"):
        return False
    return bool(answer.get("ETag", "").strip('"') == hashlib.md5(content, usedforsecurity=False).hexdigest())


@contextmanager
def _explained(address: str, use: Use) -> Iterator[None]:
    """Have an error of a file system of fsspec say where it was; that there is no file is left to the caller."""
    try:
        yield
    except FileNotFoundError:
        raise
    except PermissionError as error:
        raise use.refusal(f"{address}: refused ({error}); check the credentials and their rights") from error
    except Exception as error:  # each package of fsspec has errors of its own, where credentials are missing
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise use.failure(f"{address}: {reason}; check the address and the connection, then run again") from error
