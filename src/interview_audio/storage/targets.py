"""Places that files are sent to: a folder, a bucket; a branch of a Git repository is in ``git_branch``.

A target says of each file whether it has it, takes files stage by stage, and deletes nothing. It knows its own files
from those of others: by what it wrote beside an object in an S3 bucket, elsewhere by a list that it keeps among them.
Both are written so that they are right whenever a run ends, and for whoever publishes next, on whatever machine.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from enum import Enum
from functools import partial
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from interview_audio.errors import InterviewAudioError
from interview_audio.files.atomic_files import PREFIX, TemporaryFiles, file_lock, make_folder, sweep, sync_folder
from interview_audio.files.ownership import sha256_of
from interview_audio.storage.addresses import location
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

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LIST_NAME = ".interview-audio-published.json"
"""Where a target lists what was published there."""
_SCHEMA = 1
_CHUNK = 1 << 20
"""Bytes read at a time."""
_SETTLED_AFTER = 16 << 20
"""Bytes after which a bucket's list is written again: what a killed run has to send once more."""
_MAX_S3_BYTES = 5 * 1000**3
"""What S3 takes in one request, which makes an object whole or not at all; its ETag is the MD5 of its content then."""
Sent = Callable[[OutgoingFile, int], None]
"""Called with a file and the bytes of it that have been sent; after a fault it may begin again."""


class TargetError(InterviewAudioError):
    """Files cannot be sent to where they are published: correct the address, its permissions or the connection."""


_USE = Use(TargetError, TargetError, "publishing to", "a folder, s3://… or git+…", "publishing again continues")


class State(Enum):
    """What a target has under the name of a file."""

    ABSENT = "new"
    SAME = "unchanged"
    OUTDATED = "changed"
    """What we sent before."""
    FOREIGN = "not ours"
    """What somebody else put there, or changed."""


class Target(Protocol):
    """A place for files."""

    @property
    def address(self) -> str:
        """As messages show it: without a password."""

    @property
    def max_file_size(self) -> int | None:
        """Bytes of the largest file that it takes, where it has a limit."""

    def enter(self, folder: str) -> None:
        """Use a folder of it from now on; called before anything else."""

    def look(self, files: Sequence[OutgoingFile]) -> Mapping[str, State]:
        """Say what the target has under the name of each file; nothing is changed.

        Raises:
            TargetError: It cannot be reached or read.
        """

    def read(self, name: str) -> bytes | None:
        """Return the content of a small file; None where there is none.

        Raises:
            TargetError: It cannot be reached or read.
        """

    def begin(self, files: Sequence[OutgoingFile]) -> None:
        """Get ready for these files, all that will be sent.

        Raises:
            TargetError: It cannot be written.
        """

    def send(self, files: Sequence[OutgoingFile], report: Sent) -> None:
        """Send some of them, and return when all are there.

        Raises:
            TargetError: One cannot be sent.
        """

    def finish(self) -> None:
        """End the work that ``begin`` began: afterwards everything is there for everybody.

        Raises:
            TargetError: It cannot be written.
        """

    def close(self) -> None:
        """Let go of it, finished or not."""


class PublishedList:
    """Which files we have written to a target, with the digests that each may have.

    A file that is about to be replaced has two, until it is known to be there: a run may be killed at any moment.
    """

    def __init__(self, digests: Mapping[str, tuple[str, ...]]) -> None:
        self._digests = dict(digests)

    @classmethod
    def parse(cls, content: bytes | None) -> "PublishedList":
        """Read a list; a damaged one is empty, and then every other content is taken for somebody else's."""
        try:
            files = json.loads(content or b"{}")["files"]
            return cls({str(name): tuple(map(str, digests)) for name, digests in files.items()})
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls({})

    def format(self) -> bytes:
        """Return the list as it is written."""
        files = {name: list(self._digests[name]) for name in sorted(self._digests)}
        return (json.dumps({"schema": _SCHEMA, "files": files}, ensure_ascii=False, indent=1) + "\n").encode()

    def expect(self, digests: Mapping[str, str]) -> bool:
        """Add what is about to be written; tell whether that is news."""
        before = dict(self._digests)
        for name, digest in digests.items():
            self._digests[name] = tuple(dict.fromkeys((*self._digests.get(name, ()), digest)))
        return self._digests != before

    def settle(self, digests: Mapping[str, str]) -> bool:
        """Note what is known to be there; tell whether that is news."""
        before = dict(self._digests)
        self._digests |= {name: (digest,) for name, digest in digests.items()}
        return self._digests != before

    def possible(self, name: str) -> tuple[str, ...]:
        """Return the digests that a file of ours may have; none where it is not ours."""
        return self._digests.get(name, ())


def open_target(address: str, beside: Path = Path()) -> Target:
    """Return the target of an address: a folder, ``s3://BUCKET/PREFIX``, or another address that fsspec knows.

    Args:
        address: As people write it.
        beside: The folder that a relative path begins in.

    Raises:
        UsageError: It is no such address.
        TargetError: What it needs is not installed.
    """
    place = location(address)
    if isinstance(place, Path):
        return FolderTarget(beside / place.expanduser())
    return BucketTarget(place.text) if place.s3_path is None else S3Target(place.s3_path)


class FolderTarget:
    """A folder that some web server gives out."""

    max_file_size = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._list = PublishedList({})
        self._states: Mapping[str, State] = {}
        self._sent: dict[str, str] = {}
        self._held = ExitStack()

    @property
    def address(self) -> str:
        """See ``Target``."""
        return str(self.folder)

    def enter(self, folder: str) -> None:
        """See ``Target``."""
        self.folder /= folder

    def look(self, files: Sequence[OutgoingFile]) -> Mapping[str, State]:
        """See ``Target``."""
        self._list = self._read_list()
        with _explained(self.address):
            self._states = {file.name: self._state(file) for file in files}
        return self._states

    def read(self, name: str) -> bytes | None:
        """See ``Target``."""
        with _explained(self.address):
            try:
                return (self.folder / name).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def begin(self, files: Sequence[OutgoingFile]) -> None:
        """See ``Target``."""
        with _explained(self.address):
            make_folder(self.folder)
            sweep(self.folder)
            self._held.enter_context(file_lock(self.folder / f"{PREFIX}publishing.lock"))
            self._list = self._read_list()  # somebody else may have published while we waited
            self._refuse_what_has_come(files)
            if self._list.expect({file.name: file.sha256 for file in files}):
                self._write_list()

    def send(self, files: Sequence[OutgoingFile], report: Sent) -> None:
        """See ``Target``."""
        for file in files:
            with _explained(self.address), TemporaryFiles(self.folder) as temporaries:
                temporary = temporaries.new()
                self._copy(file, temporary, report)
                temporary.replace(self.folder / file.name)
            self._sent[file.name] = file.sha256
        with _explained(self.address):
            sync_folder(self.folder)  # before a feed names any of them

    def finish(self) -> None:
        """See ``Target``."""
        if self._list.settle(self._sent):
            with _explained(self.address):
                self._write_list()

    def close(self) -> None:
        """See ``Target``."""
        self._held.close()

    def _refuse_what_has_come(self, files: Sequence[OutgoingFile]) -> None:
        """Raise ``TargetError`` for a file of somebody else's that was not there when we looked."""
        for file in files:
            if self._states[file.name] is not State.FOREIGN and self._state(file) is State.FOREIGN:
                path = self.folder / file.name
                raise TargetError(f"{path}: somebody has put it there meanwhile; publish again")

    def _state(self, file: OutgoingFile) -> State:
        path = self.folder / file.name
        if not os.path.lexists(path):
            return State.ABSENT
        if path.is_symlink() or not path.is_file():
            return State.FOREIGN
        digest = sha256_of(path)
        if digest == file.sha256:
            return State.SAME
        return State.OUTDATED if digest in self._list.possible(file.name) else State.FOREIGN

    def _copy(self, file: OutgoingFile, path: Path, report: Sent) -> None:
        digest, size = hashlib.sha256(), 0
        with file.open() as source, path.open("xb") as copy:
            while chunk := source.read(_CHUNK):
                copy.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                report(file, size)
            copy.flush()
            os.fsync(copy.fileno())
        if digest.hexdigest() != file.sha256:
            raise changed(file)

    def _read_list(self) -> PublishedList:
        return PublishedList.parse(self.read(LIST_NAME))

    def _write_list(self) -> None:
        with TemporaryFiles(self.folder) as temporaries:
            temporary = temporaries.new()
            temporary.write_bytes(self._list.format())
            temporary.replace(self.folder / LIST_NAME)
        sync_folder(self.folder)


class BucketTarget:
    """A place that a file system of fsspec reaches; it has a list, for few of them keep a hash beside a file."""

    max_file_size = None

    def __init__(self, address: str) -> None:
        self.address = without_password(address).rstrip("/")
        self._files, self._root = file_system(address, _USE)
        self._list = PublishedList({})
        self._sent: dict[str, str] = {}
        self._unsettled = 0

    def enter(self, folder: str) -> None:
        """See ``Target``."""
        self.address += f"/{folder}"
        self._root += f"/{folder}"

    def look(self, files: Sequence[OutgoingFile]) -> Mapping[str, State]:
        """See ``Target``."""
        self._list = PublishedList.parse(self.read(LIST_NAME))
        sizes = self._sizes()
        return {file.name: self._state(file, sizes) for file in files}

    def read(self, name: str) -> bytes | None:
        """See ``Target``."""
        with _explained(self.address):
            try:
                content: bytes = self._files.cat_file(self._path(name))
            except (FileNotFoundError, NotADirectoryError):
                return None
            return content

    def begin(self, files: Sequence[OutgoingFile]) -> None:
        """See ``Target``."""
        with _explained(self.address):
            self._files.makedirs(self._root, exist_ok=True)
        if self._list.expect({file.name: _digest(file) for file in files}):
            self._write_list()

    def send(self, files: Sequence[OutgoingFile], report: Sent) -> None:
        """See ``Target``."""
        for file in files:
            with _explained(self.address), file.open() as source:
                content = (
                    source.read()
                )  # whole: a file that fsspec has open is stored as it is when somebody interrupts
                if hashlib.sha256(content).hexdigest() != file.sha256:
                    raise changed(file)
                self._files.pipe_file(self._path(file.name), content)
            report(file, file.size)
            self._sent[file.name] = _digest(file)
            self._unsettled += file.size
            if self._unsettled >= _SETTLED_AFTER:
                self.finish()

    def finish(self) -> None:
        """See ``Target``."""
        self._unsettled = 0
        if self._list.settle(self._sent):
            self._write_list()

    def close(self) -> None:
        """See ``Target``."""

    def _sizes(self) -> Mapping[str, int]:
        with _explained(self.address):
            try:
                found = self._files.ls(self._root, detail=True)
            except FileNotFoundError:
                return {}
        return {entry["name"].rstrip("/").rpartition("/")[2]: entry["size"] or 0 for entry in found}

    def _state(self, file: OutgoingFile, sizes: Mapping[str, int]) -> State:
        if file.name not in sizes:
            return State.ABSENT
        possible = self._list.possible(file.name)
        if possible == (_digest(file),) and sizes[file.name] == file.size:
            return State.SAME
        return State.OUTDATED if possible else State.FOREIGN

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _write_list(self) -> None:
        with _explained(self.address):
            self._files.pipe_file(self._path(LIST_NAME), self._list.format())


class S3Target:
    """A prefix in a bucket of S3, or of what speaks like it; each object has its hash beside it.

    Where it is, and who we are, is said by the usual variables and files of AWS: ``AWS_ENDPOINT_URL``,
    ``AWS_ACCESS_KEY_ID``, ``AWS_PROFILE``, ``~/.aws``.
    """

    max_file_size = _MAX_S3_BYTES

    def __init__(self, path: str) -> None:
        self._bucket, self._prefix = bucket_and_prefix(path)
        self._files = s3_file_system(self.address, _USE)

    @property
    def address(self) -> str:
        """See ``Target``."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def enter(self, folder: str) -> None:
        """See ``Target``."""
        self._prefix += f"{folder}/"

    def look(self, files: Sequence[OutgoingFile]) -> Mapping[str, State]:
        """See ``Target``."""
        tags = self._tags()
        # A plain ETag is the MD5 of the content, unless the bucket is encrypted with a key or an object came in parts:
        # only then, and where the content is another one, each object has to be asked.
        states = {
            file.name: State.SAME if tags.get(file.name) == file.md5 else State.ABSENT
            for file in files
            if tags.get(file.name) in (None, file.md5)
        }
        asked = [file for file in files if file.name not in states]
        return states | dict(in_parallel(lambda file: (file.name, self._asked(file)), asked, CONNECTIONS))

    def read(self, name: str) -> bytes | None:
        """See ``Target``."""
        try:
            with explained_s3(self.address, _USE):
                content: bytes = self._files.cat_file(f"{self._bucket}/{self._prefix}{name}")
                return content
        except FileNotFoundError:
            return None

    def begin(self, files: Sequence[OutgoingFile]) -> None:
        """See ``Target``."""

    def send(self, files: Sequence[OutgoingFile], report: Sent) -> None:
        """See ``Target``."""
        in_parallel(lambda file: self._put(file, report), files, CONNECTIONS)

    def finish(self) -> None:
        """See ``Target``."""

    def close(self) -> None:
        """See ``Target``."""

    def _tags(self) -> Mapping[str, str]:
        """Return the ETag of each object by name."""
        entries = listed_entries(partial(self._call, "list_objects_v2", Prefix=self._prefix, Delimiter="/"))
        return {entry["Key"].removeprefix(self._prefix): entry["ETag"].strip('"') for entry in entries}

    def _asked(self, file: OutgoingFile) -> State:
        try:
            metadata = self._call("head_object", Key=self._prefix + file.name).get("Metadata", {})
        except FileNotFoundError:
            return State.ABSENT
        written = {name.lower(): value for name, value in metadata.items()}.get(MARK)
        if written == file.sha256:
            return State.SAME
        return State.OUTDATED if written else State.FOREIGN

    def _put(self, file: OutgoingFile, report: Sent) -> None:
        with file.open() as source:
            body = _Upload(source, file, report)
            self._call("put_object", Key=self._prefix + file.name, Body=body, **file.s3_arguments())
        report(file, file.size)

    def _call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        with explained_s3(self.address, _USE):
            answer: Mapping[str, Any] = self._files.call_s3(method, Bucket=self._bucket, **arguments)
            return answer


class _Upload(RawIOBase):
    """The content of a file on its way, which says how far it is."""

    def __init__(self, source: BinaryIO, file: OutgoingFile, report: Sent) -> None:
        self._source, self._file, self._report = source, file, report

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        return self._source.tell()

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        chunk = self._source.read(len(view))
        view[: len(chunk)] = chunk
        self._report(self._file, self._source.tell())
        return len(chunk)


def changed(file: OutgoingFile) -> TargetError:
    """Return the error for a file whose content is no longer the one that was described."""
    where = file.content if isinstance(file.content, Path) else file.name
    return TargetError(f"{where}: changed while it was sent; publish again")


def _digest(file: OutgoingFile) -> str:
    return f"sha256:{file.sha256}"


@contextmanager
def _explained(address: str) -> Iterator[None]:
    """Have an error of the system, or of fsspec, say where it was."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        is_ours = Path(str(error.filename)).name.startswith(PREFIX)  # of a name that nobody knows
        where = without_password(str(error.filename)) if error.filename and not is_ours else address
        raise TargetError(f"{where}: {reason}; check the address and its permissions, then publish again") from error
