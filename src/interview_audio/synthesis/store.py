"""Leases: which clips the renders that run now need, so that none of them is pruned.

The clip store: one FLAC file a clip, named by the hash of everything that shaped its sound.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from os import utime
from pathlib import Path

from interview_audio.errors import StoreError
from interview_audio.files.app_folders import cache_folder
from interview_audio.files.atomic_files import PREFIX, Temporaries, leftovers, make_folder, sweep
from interview_audio.files.file_locks import alone
from interview_audio.synthesis.clip_file import (
    DamagedClipError,
    MissingClipError,
    OutdatedClipError,
    read_clip,
    read_samples,
)
from interview_audio.synthesis.clips import Clip

_LEASE = ".part"


class Leases:
    """A folder with a file for each render, which holds a key a line and is owned as temporary files are.

    Leases are given and looked at one after the other, behind one lock that is held for milliseconds: a render that has
    its lease finds no clip that is about to be pruned.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def lease(self, keys: Iterable[str]) -> Iterator[None]:
        """Keep these clips while the context lasts, or until the process ends.

        Raises:
            StoreError: The folder cannot be written.
        """
        with ExitStack() as held:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                temporaries = held.enter_context(Temporaries(self._folder))
                with alone(self._gate):
                    temporaries.new().write_text("\n".join(keys), "ascii", newline="\n")
            except OSError as error:
                raise StoreError(
                    f"{self._folder}: no clip can be reserved there ({error.strerror}): "
                    f"make room or choose another folder with --store"
                ) from error
            yield

    @contextmanager
    def closed(self) -> Iterator[frozenset[str]]:
        """A context in which no render begins; gives the keys that those which run need.

        Raises:
            OSError: The folder cannot be read or written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with alone(self._gate):
            sweep(self._folder)
            files = [path for path in leftovers(self._folder) if path.suffix == _LEASE]
            yield frozenset(key for file in files for key in _keys(file))

    @property
    def _gate(self) -> Path:
        return self._folder / f"{PREFIX}gate.lock"


def _keys(lease: Path) -> list[str]:
    try:
        return lease.read_text("ascii").split()
    except FileNotFoundError:  # its render has ended
        return []


SCHEMA = 1
SAME_USE = 3600
"""Seconds within which a second use of a clip is not noted: it changes little in what is pruned first."""


def default_folder() -> Path:
    """Where clips are kept unless ``--store`` says otherwise."""
    return cache_folder() / "clips"


class ClipStore:
    """Clips under one folder: ``v1/<first two hex digits>/<key>.flac``; a file's time of change is its last use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / f"v{SCHEMA}"
        self.leases = Leases(self.folder / "leases")

    def path(self, key: str) -> Path:
        """Where the clip of this key is or will be."""
        return self.folder / key[:2] / f"{key}.flac"

    def find(self, key: str) -> Clip | None:
        """The stored clip, or None where none is stored that this version can use; it counts as used.

        Raises:
            DamagedClipError: There is one, and it cannot be read.
            StoreError: Something else has its name.
        """
        path = self.path(key)
        try:
            clip = read_clip(key, path)
            _note_use(path)
        except (MissingClipError, OutdatedClipError, FileNotFoundError):
            return None
        return clip

    def lease(self, keys: Iterable[str]) -> AbstractContextManager[None]:
        """A context in which no clip of these keys is pruned, to be entered before they are looked for.

        Raises:
            StoreError: Nothing can be written to the store.
        """
        return self.leases.lease(keys)

    def prepare(self) -> None:
        """Make the folder; raises ``StoreError`` where nothing can be written to it."""
        try:
            make_folder(self.folder)
            with Temporaries(self.folder) as temporaries:
                temporaries.new().touch()
        except OSError as error:
            raise StoreError(
                f"cannot write to the clip store {self.folder}: {error.strerror}; choose another folder with --store"
            ) from error

    def discard(self, path: Path) -> None:
        """Remove a damaged clip, so that it is made again, unless another process has done so meanwhile.

        Raises:
            StoreError: It cannot be removed.
        """
        try:
            with alone(_lock(path)):
                if _is_damaged(path):
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"cannot remove the damaged clip {path}: {error.strerror}") from error


@contextmanager
def making(key: str, path: Path, is_given_up: Callable[[], bool] | None = None) -> Iterator[Clip | None]:
    """A context in which no other process makes this clip; gives the clip where one has just done so.

    Args:
        key: Of the clip.
        path: ``ClipStore.path(key)``.
        is_given_up: Asked while another process makes it: whether to wait no longer.

    Raises:
        HeldElsewhereError: Another process makes it, and waiting was given up.
        StoreError: Nothing can be written to the clip's folder.
    """
    with ExitStack() as held:
        try:
            make_folder(path.parent)
            held.enter_context(alone(_lock(path), is_given_up))
        except OSError as error:
            raise StoreError(
                f"{path}: the clip cannot be stored ({error.strerror}): make room or choose another folder with --store"
            ) from error
        yield made_meanwhile(key, path)


def made_meanwhile(key: str, path: Path) -> Clip | None:
    """The clip, where it stands by now and can be read."""
    with suppress(MissingClipError, DamagedClipError):  # either way it is to be made
        return read_clip(key, path)
    return None


def _lock(path: Path) -> Path:
    return path.with_name(f"{PREFIX}{path.stem}.lock")


def _note_use(path: Path) -> None:
    # Not the time of access, which many systems do not keep.
    if time.time() - path.stat().st_mtime > SAME_USE:
        with suppress(OSError):  # another user's clip, or one on a disk that is only read, serves as well
            utime(path)


def _is_damaged(path: Path) -> bool:
    try:
        read_clip(path.stem, path)
        read_samples(path)
    except DamagedClipError:
        return True
    except MissingClipError:
        return False
    return False
