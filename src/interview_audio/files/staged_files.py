"""Files in the making: under temporary names in the folder where they will be, then moved into place, all or none.

Whole files that wait to be moved are listed in a journal. Before it is on the disk nothing of what was there has been
touched; from then on the new files count, and whoever looks at the folder next moves what a killed run did not.
"""

import errno
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from interview_audio.errors import OutputError
from interview_audio.files.atomic_files import (
    JOURNAL,
    PREFIX,
    TemporaryFiles,
    file_lock,
    journals,
    make_folder,
    sweep,
    sync_file,
    sync_folder,
    write_whole,
)
from interview_audio.files.ownership import free_name, sha256_of


class StagedFiles:
    """A context in which the files of an episode are made; on leaving it, whatever was not published is removed.

    Raises:
        OutputError: On entering, if what a killed run left complete cannot be moved into place.
        OSError: From any method, if the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._temporaries = TemporaryFiles(folder)
        self._journal = folder / f"{PREFIX}{self._temporaries.token}{JOURNAL}"
        self._held = ExitStack()

    def __enter__(self) -> Self:
        make_folder(self._folder)
        complete_published(self._folder)
        sweep(self._folder)
        self._held.enter_context(self._temporaries)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._held:
            if self._journal.exists():  # interrupted between two moves, or one is not possible now
                self._temporaries.keep()
                complete_published(self._folder)

    def temporary(self) -> Path:
        """Return a new name in the folder, for a file that will be published or removed."""
        return self._temporaries.new()

    def publish(self, name_files: Callable[[], Mapping[str, Path]]) -> tuple[Path, ...]:
        """Move finished files into place, in the order in which they are named.

        Args:
            name_files: Gives final name to temporary file, the last being the one by which readers find the others.
                It is called while no other run moves files in this folder; what it raises leaves the folder as it was.

        Returns:
            The final paths, in the same order.

        Raises:
            OSError: Nothing was moved: there is no room, or a file cannot be replaced.
            OutputError: On leaving the context: a file cannot be replaced any more, and waits for the next run.
        """
        with folder_lock(self._folder):
            files = name_files()
            for temporary in files.values():
                sync_file(temporary)
            sync_folder(self._folder)  # a journal must not come to the disk before the names that it lists
            targets = tuple(self._folder / name for name in files)
            for target in targets:
                _check_replaceable(target)
            moves = [
                [temporary.name, target.name, _digest(target)]
                for temporary, target in zip(files.values(), targets, strict=True)
            ]
            write_whole(self._journal, json.dumps({"moves": moves}).encode())
            _complete(self._journal)
        return targets


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Keep other runs from moving files into a folder, once what they had finished is in place.

    Raises:
        OSError: The folder cannot be written.
    """
    with file_lock(_publishing(folder)):
        for journal in journals(folder):  # what was finished before this must not replace it later
            _complete(journal)
        yield


def complete_published(folder: Path) -> None:
    """Move into place what a killed run left complete in a folder; does nothing if there is nothing to move.

    A command that writes calls it before it looks at the files of an episode; one that only reads them takes
    ``waiting_files`` into account.

    Raises:
        OutputError: A file cannot be moved.
    """
    if not journals(folder):
        return
    try:
        with folder_lock(folder):
            pass
    except OSError as error:
        raise OutputError(
            f"{folder}: the finished episode there cannot be moved into place "
            f"({error.strerror}: {error.filename}); close programs that use its files, or make room, and run again"
        ) from error


def waiting_files(folder: Path) -> dict[str, Path]:
    """Find the files that a killed run left complete and did not move into place, by the names that they will have.

    Nothing is moved: whoever only looks at a folder sees it as the next render will find it.

    Raises:
        OutputError: A list of such files is damaged.
    """
    found = {}
    for journal in journals(folder):
        try:
            moves = _moves(journal)
        except FileNotFoundError:  # it is that of a render at work, which has just moved its files
            continue
        for temporary, final, before in moves:
            if (folder / temporary).exists() and _digest(folder / final) == before:
                found[final] = folder / temporary
    return found


def _publishing(folder: Path) -> Path:
    """Return the lock under which files are moved: two runs that publish one name do not mix."""
    return folder / f"{PREFIX}publishing.lock"


def _complete(journal: Path) -> None:
    """Move what has not been moved, and forget the list once that is on the disk.

    A file that was changed since the list was written is kept, and the new one lies beside it.
    """
    folder = journal.parent
    for temporary, final, before in _moves(journal):
        if (folder / temporary).exists():
            is_changed = _digest(folder / final) != before
            (folder / temporary).replace(folder / (free_name(folder, final) if is_changed else final))
    sync_folder(folder)
    journal.unlink(missing_ok=True)


def _digest(path: Path) -> str | None:
    """Return the digest by which a changed file is recognised; None if it does not exist."""
    try:
        return sha256_of(path)
    except FileNotFoundError:
        return None


def _moves(journal: Path) -> list[tuple[str, str, object]]:
    """Read what a journal lists; each name must be one of a file in the journal's folder, whoever wrote it."""
    try:
        listed = json.loads(journal.read_bytes())["moves"]
        moves = [(temporary, final, before[0] if before else None) for temporary, final, *before in listed]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise OutputError(f"{journal}: not a list of files to move; delete it") from error
    token = journal.name.removesuffix(JOURNAL)
    if not all(_is_own(temporary, token) and _is_plain(final) for temporary, final, _ in moves):
        raise OutputError(f"{journal}: it lists files outside this folder; delete it")
    return moves


def _is_own(name: object, token: str) -> bool:
    return _is_plain(name) and str(name).startswith(f"{token}.")


def _is_plain(name: object) -> bool:
    return isinstance(name, str) and name not in ("", "..") and Path(name).name == name


def _check_replaceable(target: Path) -> None:
    """Raise what replacing a file would: a folder is not replaced, and Windows keeps files that a player has open."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if os.name == "nt" and target.exists():
        target.rename(target)
