"""Files in the making: under temporary names in the folder where they will be, then moved into place, all or none.

Whole files that wait to be moved are listed in a journal. Before it is on the disk nothing of what was there has been
touched; from then on the new files count, and whoever looks at the folder next moves what a killed run did not.
"""

import errno
import json
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from interview_audio.durable import (
    JOURNAL,
    PREFIX,
    Temporaries,
    journals,
    make_folder,
    sweep,
    sync_file,
    sync_folder,
    write_whole,
)
from interview_audio.errors import OutputError
from interview_audio.locking import alone


class Staging:
    """A context in which the files of an episode are made; on leaving it, whatever was not published is removed.

    Raises:
        OutputError: On entering, if what a killed run left complete cannot be moved into place.
        OSError: From any method, if the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._temporaries = Temporaries(folder)
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
        """A new name in the folder, for a file that will be published or removed."""
        return self._temporaries.new()

    def publish(self, files: Mapping[str, Path], check: Callable[[], None] = lambda: None) -> tuple[Path, ...]:
        """Move finished files into place in this order.

        Args:
            files: Final name to temporary file. The last is the one by which readers find the others.
            check: Called when no other run can publish in this folder, before the first file is moved; what it
                raises leaves the folder as it was.

        Returns:
            The final paths, in the same order.

        Raises:
            OSError: Nothing was moved: there is no room, or a file cannot be replaced.
            OutputError: On leaving the context: a file cannot be replaced any more, and waits for the next run.
        """
        targets = tuple(self._folder / name for name in files)
        for temporary in files.values():
            sync_file(temporary)
        sync_folder(self._folder)  # a journal must not come to the disk before the names that it lists
        for target in targets:
            _check_replaceable(target)
        with alone(_publishing(self._folder)):
            moves = [[temporary.name, target.name] for temporary, target in zip(files.values(), targets, strict=True)]
            for earlier in journals(self._folder):  # what was finished before this must not replace it later
                _complete(earlier)
            check()
            write_whole(self._journal, json.dumps({"moves": moves}).encode())
            _complete(self._journal)
        return targets


def complete_published(folder: Path) -> None:
    """Move into place what a killed run left complete in a folder; does nothing where there is no such thing.

    To be called before the files of an episode are looked at.

    Raises:
        OutputError: A file cannot be moved.
    """
    if not journals(folder):
        return
    try:
        with alone(_publishing(folder)):
            for journal in journals(folder):
                _complete(journal)
    except OSError as error:
        raise OutputError(
            f"{folder}: a finished episode waits there and cannot be moved into place "
            f"({error.strerror}: {error.filename}): close what holds its files, or make room, and run again"
        ) from error


def _publishing(folder: Path) -> Path:
    """The lock under which files are moved: two runs that publish one name do not mix."""
    return folder / f"{PREFIX}publishing.lock"


def _complete(journal: Path) -> None:
    """Move what has not been moved, and forget the list once that is on the disk."""
    folder = journal.parent
    for temporary, final in _moves(journal):
        if (folder / temporary).exists():
            (folder / temporary).replace(folder / final)
    sync_folder(folder)
    journal.unlink(missing_ok=True)


def _moves(journal: Path) -> list[tuple[str, str]]:
    """What a journal lists; each name is one of a file in the journal's folder, whoever wrote it."""
    try:
        moves = [(temporary, final) for temporary, final in json.loads(journal.read_bytes())["moves"]]
    except (ValueError, KeyError, TypeError) as error:
        raise OutputError(f"{journal}: not a list of files to move; delete it") from error
    token = journal.name.removesuffix(JOURNAL)
    if not all(_is_own(temporary, token) and _is_plain(final) for temporary, final in moves):
        raise OutputError(f"{journal}: it lists files that are not of this folder; delete it")
    return moves


def _is_own(name: object, token: str) -> bool:
    return _is_plain(name) and str(name).startswith(f"{token}.")


def _is_plain(name: object) -> bool:
    return isinstance(name, str) and name not in ("", "..") and Path(name).name == name


def _check_replaceable(target: Path) -> None:
    """Raise what replacing a file would: no folder gives way to one, and Windows keeps files that a player has open."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if os.name == "nt" and target.exists():
        target.rename(target)
