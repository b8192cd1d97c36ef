"""Files that exist whole or not at all: written under a temporary name, flushed, renamed, and the folder flushed.

A temporary name belongs to a process as long as that holds the lock of the same token; what a killed one left is known
by this, and removed by the next who sweeps the folder.
"""

import errno
import os
import re
import uuid
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from interview_audio.files.file_locks import file_lock, try_file_lock

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


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and durably once this returns; one that exists is replaced.

    Raises:
        OSError: It cannot be written; what was there before is as it was.
    """
    with TemporaryFiles(path.parent) as temporaries:
        temporary = temporaries.new()
        with temporary.open("xb") as file:
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
