"""Files that exist whole or not at all, and the locks that keep processes apart.

A file is written under a temporary name, flushed, renamed, and its folder flushed. A lock is a file that exists while
it is held; a killed process holds none. A temporary name belongs to a process as long as that holds the lock of the
same token: so what a killed one left is known, and is removed by the next who sweeps the folder.
"""

import errno
import os
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from interview_audio.errors import InterviewAudioError

_POLL = 0.02
"""Seconds between two looks at a lock that another process holds."""


class LockHeldError(InterviewAudioError):
    """Somebody else holds the lock, and is waited for no longer: do something else, or wait."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: another process is using this; run again when it is done"


@contextmanager
def file_lock(path: Path, is_given_up: Callable[[], bool] | None = None) -> Iterator[None]:
    """Hold the lock of this name, after waiting for whoever holds it; its file is gone afterwards.

    The system gives the lock back when its process ends, however it ends. A file that a killed process left is taken
    over by the next who asks for this lock.

    Args:
        path: The lock's file, in a folder that exists.
        is_given_up: Asked while waiting, and before that: whether to wait no longer.

    Raises:
        LockHeldError: Waiting was given up.
        OSError: The file cannot be made, or the disk knows no locks.
    """
    import filelock  # takes a twentieth of a second, and an unchanged episode needs no lock

    def is_over() -> bool:
        _refuse_impossible(path)
        return is_given_up is not None and is_given_up()

    lock = filelock.FileLock(path, poll_interval=_POLL)
    try:
        lock.acquire(cancel_check=is_over)
    except filelock.Timeout as error:
        raise LockHeldError(str(path)) from error
    try:
        yield
    finally:
        _remove_held(path)
        lock.release()


@contextmanager
def try_file_lock(path: Path) -> Iterator[bool]:
    """Like ``file_lock``, but without waiting: gives whether the lock was free, and is held.

    Raises:
        OSError: The file cannot be made.
    """
    import filelock

    lock = filelock.FileLock(path)
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        yield False
        return
    try:
        yield True
    finally:
        _remove_held(path)
        lock.release()


def _refuse_impossible(path: Path) -> None:
    """Raise the ``OSError`` of making a lock's file where it is not there.

    In a folder of ``/proc`` no file can be made, and the system says of it that it is not there. filelock takes that
    for a file that its holder has removed a moment ago, and would look again for ever.
    """
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o644))


def _remove_held(path: Path) -> None:
    # While it is held: who waits with this file open finds that it has no name any more, and opens the next one.
    # Windows removes no open file; there filelock does so once the lock is released.
    if os.name != "nt":
        path.unlink(missing_ok=True)


PREFIX = ".interview-audio-"
"""How every temporary name begins."""
JOURNAL = ".journal"
"""Suffix of a list of files that are complete and only wait to be renamed: what has its token is not swept."""

_NAME = re.compile(
    re.escape(PREFIX) + r"(?P<token>[0-9a-f]{12}|[0-9a-f]{64}|publishing|gate)\.(?:lock|\d+\.part(?:\.bare)?)"
)
"""A process's own files and lock, and the locks of a clip, of the moves in a folder and of a store."""
_JOURNAL_NAME = re.compile(re.escape(PREFIX) + r"[0-9a-f]{12}" + re.escape(JOURNAL))
_FOLDER_CANNOT_BE_FLUSHED = {errno.EINVAL, errno.ENOTSUP}


class TemporaryFiles:
    """A context that gives names in a folder to one process; on leaving it, what still has such a name is removed.

    Args:
        folder: Must exist.

    Raises:
        OSError: On entering, if nothing can be written to the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.token = uuid.uuid4().hex[:12]
        self._folder = folder
        self._given: list[Path] = []
        self._held = ExitStack()

    def __enter__(self) -> Self:
        self._held.enter_context(file_lock(self._folder / f"{PREFIX}{self.token}.lock"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._held:
            for path in self._given:
                path.unlink(missing_ok=True)

    def new(self) -> Path:
        """Return a name for a file that is yet to be made."""
        path = self._folder / f"{PREFIX}{self.token}.{len(self._given)}.part"
        self._given.append(path)
        return path

    def keep(self) -> None:
        """Leave the files that were made where they are when the context is left."""
        self._given.clear()


def write_whole(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a file whole or not at all, and durably once this returns; one that exists is replaced.

    Args:
        path: Where.
        content: All of it.
        mode: Who may read it; as for any new file unless given.

    Raises:
        OSError: It cannot be written; what was there before is as it was.
    """
    with TemporaryFiles(path.parent) as temporaries:
        temporary = temporaries.new()
        with temporary.open("xb") as file:
            if mode is not None:
                temporary.chmod(mode)  # before there is anything in it to be read
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    sync_folder(path.parent)


def rewrite_whole(path: Path, content: bytes) -> None:
    """Write another content into a user's file whole or not at all: a link stays one, and who may read it may then.

    Raises:
        OSError: It is not there, or cannot be written; what was there before is as it was.
    """
    path = path.resolve()
    mode = path.stat().st_mode
    with TemporaryFiles(path.parent) as temporaries:
        temporary = temporaries.new()
        with temporary.open("xb") as file:
            temporary.chmod(mode)  # before there is anything in it to be read
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, durably; does nothing where it exists.

    Raises:
        OSError: It cannot be made.
    """
    if not folder.is_dir():
        if folder.parent != folder:  # a drive that is not there has no other above it
            make_folder(folder.parent)
        try:
            folder.mkdir(exist_ok=True)
        except FileExistsError as error:  # a file, or a device
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error
        sync_folder(folder.parent)


def sync_file(path: Path) -> None:
    """Have the system write the content of a closed file to the disk."""
    with path.open("r+b") as file:  # Windows flushes only what is open for writing
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have the system write the names in a folder to the disk; does nothing where it cannot (Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _FOLDER_CANNOT_BE_FLUSHED:
            raise
    finally:
        os.close(handle)


def is_temporary(name: str) -> bool:
    """Tell whether a name is that of a temporary file, of whatever process; a journal's is not."""
    return bool(_NAME.fullmatch(name))


def leftovers(folder: Path) -> tuple[Path, ...]:
    """List the temporary files in a folder, those of living processes included; journals are not temporary."""
    with os.scandir(folder) as entries:
        ours = (entry for entry in entries if is_temporary(entry.name) and entry.is_file(follow_symlinks=False))
        return tuple(sorted(Path(entry.path) for entry in ours))


def journals(folder: Path) -> tuple[Path, ...]:
    """List the journals in a folder; none where there is no folder, or one that this user may not enter."""
    try:
        return tuple(path for path in folder.glob(f"{PREFIX}*{JOURNAL}") if _JOURNAL_NAME.fullmatch(path.name))
    except PermissionError:
        return ()


def sweep(folder: Path) -> tuple[Path, ...]:
    """Remove the temporary files that no living process owns and no journal needs; gives those that are gone.

    Raises:
        OSError: The folder cannot be read or written.
    """
    tokens: dict[str, list[Path]] = {}
    for path in leftovers(folder):
        tokens.setdefault(_token(path), []).append(path)
    return tuple(path for token, paths in tokens.items() for path in _swept(folder / f"{PREFIX}{token}", paths))


def _swept(stem: Path, paths: Sequence[Path]) -> Sequence[Path]:
    with (
        suppress(PermissionError),
        try_file_lock(stem.with_suffix(".lock")) as is_free,
    ):  # another user's files are not ours to remove
        # Looked for under the lock: its owner may have written it since the folder was read.
        if is_free and not stem.with_suffix(JOURNAL).exists():
            for path in paths:
                path.unlink(missing_ok=True)
            return paths
    return ()


def _token(path: Path) -> str:
    found = _NAME.fullmatch(path.name)
    assert found
    return found["token"]
