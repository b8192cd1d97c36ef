"""What fsspec and s3fs are told, and what their errors mean: for what is published, and for objects that are shared.

An object of S3 has its hash beside it, which tells what is ours.
"""

import base64
import hashlib
import queue
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, TypeVar
from urllib.parse import urlsplit

from interview_audio.errors import InterviewAudioError, UsageError
from interview_audio.text.printable import without_password

_INSTALL = "pip install 'interview-audio[s3]'"
MARK = "interview-audio-sha256"
"""Metadata of an object in S3 that we have put there: the hash of its content."""
CONNECTIONS = 8
"""Requests to a bucket at once: small files take as long as the way there and back."""
_BUCKET = re.compile(r"[a-zA-Z0-9._-]{1,255}|arn:.+")
"""Names that botocore takes; to what is no name it answers with its patterns."""
_CHUNK = 1 << 20
"""Bytes of a file that are read at a time."""
_ATTEMPTS = 5
"""How often botocore tries what fails, at growing intervals: some seconds in all."""

_SCHEMES = frozenset(
    (
        *("abfs", "adl", "az", "box", "dbfs", "dropbox", "gcs", "gdrive", "gs", "hdfs", "hf", "memory", "oci"),
        *("oss", "sftp", "smb", "ssh", "tos", "webdav", "webhdfs"),
    )
)
"""Of addresses that fsspec knows and files can be written to: which ask for it where it is not installed."""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file as it is to be where it is sent."""

    name: str
    content: Path | bytes = field(repr=False)
    size: int
    """Bytes."""
    sha256: str
    """Hexadecimal."""
    md5: str
    """Hexadecimal; what S3 knows a content by."""
    media_type: str = "application/octet-stream"
    cache_control: str = ""
    """How long players and caches may keep it, as HTTP says it; empty where nobody says so."""

    @classmethod
    def of(cls, name: str, content: Path | bytes, media_type: str, cache_control: str = "") -> "OutgoingFile":
        """Describe a file of the disk, or a text in memory.

        Raises:
            OSError: The file cannot be read.
        """
        sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
        with content.open("rb") if isinstance(content, Path) else BytesIO(content) as file:
            while chunk := file.read(_CHUNK):
                sha256.update(chunk)
                md5.update(chunk)
                size += len(chunk)
        return cls(name, content, size, sha256.hexdigest(), md5.hexdigest(), media_type, cache_control)

    def open(self) -> BinaryIO:
        """Open the content for reading."""
        return self.content.open("rb") if isinstance(self.content, Path) else BytesIO(self.content)

    def s3_arguments(self, marks: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
        """Return what S3 is told of it beside its name and its content: its hash, and other marks of ours."""
        described = {"CacheControl": self.cache_control} if self.cache_control else {}
        return described | {
            "ContentLength": self.size,
            # What is stored otherwise than it was hashed is refused, and so is what changed meanwhile.
            "ContentMD5": base64.b64encode(bytes.fromhex(self.md5)).decode(),
            "ContentType": self.media_type,
            "Metadata": {MARK: self.sha256, **marks},
        }


@dataclass(frozen=True, slots=True)
class Use:
    """What an address is used for: which errors are raised, and what they say."""

    failure: type[InterviewAudioError]
    refusal: type[InterviewAudioError]
    """Raised where rights are missing."""
    doing: str
    """``publishing to``"""
    places: str
    """Which other ones would do: ``a folder, s3://… or git+…``"""
    again: str
    """Ends a message: ``publishing again continues``"""


def bucket_and_prefix(path: str) -> tuple[str, str]:
    """Return the bucket and how the keys in it begin, of what is behind ``s3://``; raise ``UsageError`` without one."""
    bucket, _, prefix = path.rstrip("/").partition("/")
    if not bucket:
        raise UsageError(f"s3://{path}: no bucket; write s3://BUCKET or s3://BUCKET/FOLDER")
    if not _BUCKET.fullmatch(bucket):
        raise UsageError(f"s3://{path}: a bucket cannot be called {bucket!r}; correct the address")
    return bucket, f"{prefix.strip('/')}/" if prefix else ""


def file_system(address: str, use: Use) -> tuple[Any, str]:
    """Return the file system of fsspec that an address names, and the folder in it.

    Raises:
        UsageError: It is no such address.
        InterviewAudioError: What it needs is not installed.
    """
    name = urlsplit(address).scheme
    try:
        import fsspec
    except ModuleNotFoundError as error:
        if name not in _SCHEMES:
            raise UsageError(f"{name}://: not a known address; write {use.places}") from error
        raise use.failure(f"{use.doing} {without_password(address)} needs: {_INSTALL}") from error
    try:
        files, root = fsspec.core.url_to_fs(address, use_listings_cache=False)
    except ImportError as error:
        raise use.failure(f"{without_password(address)}: {error}") from error
    except ValueError as error:
        raise UsageError(f"{name}://: not a known address ({error}); write {use.places}") from error
    return files, root.rstrip("/")


def s3_file_system(address: str, use: Use, attempts: int | None = None) -> Any:
    """Return the file system of S3, or of what speaks like it; nothing is asked of it yet.

    Where it is, and who we are, is said by the usual variables and files of AWS: ``AWS_ENDPOINT_URL``,
    ``AWS_ACCESS_KEY_ID``, ``AWS_PROFILE``, ``~/.aws``.

    Args:
        address: As messages show it.
        use: What for.
        attempts: How often botocore tries what fails; some times if it is not said.

    Raises:
        InterviewAudioError: s3fs is not installed.
    """
    try:
        import s3fs
    except ModuleNotFoundError as error:
        raise use.failure(f"{use.doing} {address} needs: {_INSTALL}") from error
    files = s3fs.S3FileSystem(
        skip_instance_cache=True,
        use_listings_cache=False,
        config_kwargs={
            "connect_timeout": 10,
            "read_timeout": 60,
            "retries": {"total_max_attempts": attempts or _ATTEMPTS, "mode": "standard"},
            "max_pool_connections": CONNECTIONS,
            # Checksums that AWS alone knows are refused by others (Cloudflare R2, older MinIO, Backblaze): we send MD5.
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        },
    )
    files.retries = 1  # botocore's own go back to the beginning of a file, those of s3fs do not
    return files


@contextmanager
def explained_s3(address: str, use: Use) -> Iterator[None]:
    """Have errors say what to do; that an object is missing is left to the caller, as ``FileNotFoundError``."""
    from botocore import exceptions

    try:
        yield
    except FileNotFoundError as error:
        if "bucket" not in str(error).lower():
            raise
        raise use.failure(f"{address}: there is no such bucket; create it, or correct the address") from error
    except PermissionError as error:
        raise use.refusal(f"{address}: refused ({error}); check the credentials and their rights") from error
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError, exceptions.ProfileNotFound) as error:
        raise use.failure(
            f"{address}: {error}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
        ) from error
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
        raise use.failure(
            f"{address}: cannot be reached ({error}); check the connection and AWS_ENDPOINT_URL; {use.again}"
        ) from error
    except (exceptions.BotoCoreError, OSError) as error:
        raise use.failure(f"{address}: {getattr(error, 'strerror', None) or error}; {use.again}") from error
    except ValueError as error:  # botocore's, of an address without a scheme
        raise use.failure(f"{address}: {error}; check AWS_ENDPOINT_URL, such as https://s3.example.org") from error


def listed_entries(list_page: Callable[..., Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a listing of S3; it is called for each page."""
    further: dict[str, str] = {}
    while True:
        page = list_page(**further)
        yield from page.get("Contents", ())
        if not page.get("IsTruncated"):
            return
        further = {"ContinuationToken": page["NextContinuationToken"]}


Item = TypeVar("Item")
Result = TypeVar("Result")


def in_parallel(function: Callable[[Item], Result], items: Iterable[Item], threads: int) -> list[Result]:
    """Call a function with each item, some at a time; the first error ends it, and is raised.

    The threads end with the process: whoever presses Ctrl-C does not wait for what they are sending.
    """
    waiting: queue.SimpleQueue[tuple[int, Item]] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Result | Exception]] = queue.SimpleQueue()
    count = 0
    for count, item in enumerate(items, start=1):
        waiting.put((count - 1, item))
    is_over = threading.Event()

    def work() -> None:
        while not is_over.is_set():
            try:
                number, item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((number, function(item)))
            except Exception as error:  # noqa: BLE001 - raised where it is waited for
                done.put((number, error))

    for _ in range(min(threads, count)):
        threading.Thread(target=work, daemon=True).start()
    results: dict[int, Result] = {}
    try:
        while len(results) < count:
            number, result = done.get()
            if isinstance(result, Exception):
                raise result
            results[number] = result
    finally:
        is_over.set()
    return [results[number] for number in range(count)]
