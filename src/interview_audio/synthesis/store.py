"""The clip store: one FLAC file a clip, named by the hash of everything that shaped its sound.

Several renders share a store. While one makes a clip, a lock keeps the others from making it too; while one needs
clips, a lease keeps them from being pruned.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from os import utime
from pathlib import Path

from interview_audio.errors import StoreError, UsageError
from interview_audio.files.app_folders import cache_folder
from interview_audio.files.atomic_files import PREFIX, TemporaryFiles, file_lock, leftovers, make_folder, sweep
from interview_audio.storage.addresses import Address, Location
from interview_audio.synthesis.clip_file import (
    DamagedClipError,
    MissingClipError,
    OutdatedClipError,
    read_clip,
    read_samples,
)
from interview_audio.synthesis.clips import Clip

_LAYOUT = 1
"""Version of how clips are laid out in folders; part of the folder's name, so that two versions can share a store."""
SAME_USE = 3600
"""Seconds within which a second use of a clip is not noted: it changes little in what is pruned first."""
_LEASE = ".part"
"""Ends the name of a lease, as that of every temporary file that belongs to a running process."""


def open_store(where: Location | None) -> "ClipStore":
    """Return the clip store in a folder, or in the user's cache folder if none was chosen."""
    if isinstance(where, Address):
        raise UsageError(f"{where}: clips are kept in a folder")
    return ClipStore(where or cache_folder() / "clips")


class ClipStore:
    """Clips under one folder: ``v1/<first two hex digits>/<key>.flac``; a file's modification time is its last use."""

    def __init__(self, home: Path) -> None:
        self.home = home
        """Also holds what outlives a change of the layout: how fast clips were made."""
        self.folder = home / f"v{_LAYOUT}"
        self.leases = Leases(self.folder / "leases")

    def path(self, key: str) -> Path:
        """Return where the clip of this key is or will be."""
        return self.folder / key[:2] / f"{key}.flac"

    @property
    def location(self) -> Location:
        """Where another process opens the same store: what ``open_store`` takes."""
        return self.home.absolute()

    def prefetch(self, keys: Iterable[str]) -> None:
        """Bring clips to this machine that will be looked for next, where they are kept on another one.

        Raises:
            StoreError: They cannot be read.
        """

    def find(self, key: str) -> Clip | None:
        """Return the stored clip, which counts as used; None if none is stored that this version can read.

        Raises:
            DamagedClipError: It cannot be read.
            StoreError: Something that is not a file has its name.
        """
        path = self.path(key)
        try:
            clip = read_clip(key, path)
            _note_use(path)
        except (MissingClipError, OutdatedClipError, FileNotFoundError):
            return None
        return clip

    def stored_meanwhile(self, key: str) -> Clip | None:
        """Return the clip if it is stored by now and can be read; its use is not noted."""
        return _readable(key, self.path(key))

    @contextmanager
    def making(self, key: str, is_given_up: Callable[[], bool] | None = None) -> Iterator[Clip | None]:
        """Keep other processes from making this clip; yield the clip if one has just done so.

        Who makes it writes it to ``path`` and then calls ``keep``.

        Args:
            key: Of the clip.
            is_given_up: Asked again and again while another process makes the clip: whether to stop waiting.

        Raises:
            LockHeldError: Another process is making it, and waiting was given up.
            StoreError: Nothing can be written to the clip's folder.
        """
        path = self.path(key)
        with ExitStack() as held:
            try:
                make_folder(path.parent)
                held.enter_context(file_lock(_lock(path), is_given_up))
            except OSError as error:
                raise StoreError(
                    f"cannot store the clip {path} ({error.strerror}); make room, or choose another folder with --store"
                ) from error
            yield self.stored_meanwhile(key)

    def keep(self, key: str) -> Clip:
        """Return the clip that was just written to ``path``, for everybody who shares this store.

        Raises:
            StoreError: It cannot be stored.
        """
        return read_clip(key, self.path(key))

    def lease(self, keys: Iterable[str]) -> AbstractContextManager[None]:
        """Return a context in which no clip of these keys is pruned; enter it before looking for them.

        Raises:
            StoreError: Nothing can be written to the store.
        """
        return self.leases.lease(keys)

    def prepare(self) -> None:
        """Make the folder; raise ``StoreError`` if nothing can be written to it."""
        try:
            make_folder(self.folder)
            with TemporaryFiles(self.folder) as temporaries:
                temporaries.new().touch()
        except OSError as error:
            raise StoreError(
                f"cannot write to the clip store {self.folder}: {error.strerror}; choose another folder with --store"
            ) from error

    def discard(self, path: Path) -> None:
        """Remove a damaged clip, so that it is made again, unless another process has replaced it meanwhile.

        Raises:
            StoreError: It cannot be removed.
        """
        try:
            with file_lock(_lock(path)):
                if _is_damaged(path):
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"cannot remove the damaged clip {path}: {error.strerror}") from error


class Leases:
    """The clips that running renders need: a folder with a file for each render, which holds one key a line.

    The file belongs to its process as temporary files do. Leases are given and looked at behind one lock, which is held
    for milliseconds: a render that has its lease finds no clip that is about to be pruned.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def lease(self, keys: Iterable[str]) -> Iterator[None]:
        """Keep these clips while the context lasts, or until the process ends.

        Raises:
            StoreError: The folder cannot be written.
        """
        listed = "\n".join(keys)  # making keys takes a while, during which no other render should wait
        with ExitStack() as held:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                temporaries = held.enter_context(TemporaryFiles(self._folder))
                with file_lock(self._gate):
                    temporaries.new().write_text(listed, "ascii", newline="\n")
            except OSError as error:
                raise StoreError(
                    f"cannot reserve clips in {self._folder} ({error.strerror}); "
                    "make room, or choose another folder with --store"
                ) from error
            yield

    @contextmanager
    def frozen(self) -> Iterator[frozenset[str]]:
        """Let no render begin while the context lasts; yield the keys that the running ones need.

        Raises:
            OSError: The folder cannot be read or written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with file_lock(self._gate):
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


def _readable(key: str, path: Path) -> Clip | None:
    with suppress(MissingClipError, DamagedClipError):  # either way it has to be made
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
