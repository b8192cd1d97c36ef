"""The clip store: one FLAC file a clip, named by the hash of everything that shaped its sound.

Several renders share a store. While one makes a clip, a lock keeps the others from making it too; while one needs
clips, a lease keeps them from being pruned.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from os import utime
from pathlib import Path

from interview_audio.errors import StoreError
from interview_audio.files.app_folders import cache_folder
from interview_audio.files.atomic_files import (
    PREFIX,
    TemporaryFiles,
    file_lock,
    leftovers,
    make_folder,
    sweep,
    try_file_lock,
)
from interview_audio.storage.addresses import Address, Location
from interview_audio.storage.buckets import CONNECTIONS, in_parallel
from interview_audio.storage.objects import RefusedError, place_of
from interview_audio.synthesis.clip_file import (
    DamagedClipError,
    MissingClipError,
    OutdatedClipError,
    read_clip,
    read_samples,
)
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.shared_clips import SharedClips

_LAYOUT = 1
"""Version of how clips are laid out in folders; part of the folder's name, so that two versions can share a store."""
SAME_USE = 3600
"""Seconds within which a second use of a clip is not noted: it changes little in what is pruned first."""
_SUFFIX = ".flac"
_LEASE = ".part"
"""Ends the name of a lease, as that of every temporary file that belongs to a running process."""


def open_store(where: Location | None) -> "ClipStore":
    """Return the clip store in a folder or at an address, or in the user's cache folder if none was chosen.

    Raises:
        UsageError: It is no address that clips can be kept at.
        StoreError: What the address needs is not installed, or there is no folder for a cache.
    """
    if isinstance(where, Address):
        return SharedClipStore(where)
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
        return self.folder / key[:2] / f"{key}{_SUFFIX}"

    def draft(self, key: str) -> Path:
        """Return where the clip of this key is written by who makes it, before ``keep`` is called."""
        return self.path(key)

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

        Who makes it writes it to ``draft`` and then calls ``keep``.

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
        """Return the clip that was just written to ``draft``, for everybody who shares this store.

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


@dataclass(frozen=True, slots=True)
class ContentsThere:
    """What is kept at an address."""

    clips: int
    bytes: int


class SharedClipStore(ClipStore):
    """Clips at an address that many machines share, with a cache of them on this one.

    The address has the layout of a folder. A clip is put there once; of two that were made at the same time the first
    one stays. So what is made here is a draft, in a folder of its own, until it is known which one that is: nobody uses
    it, and who looks for it later sends it, however the process has ended that made it.

    What is here is used without asking, for it never changes there. What is pruned is the cache: leases and dates of
    use are those of this machine.
    """

    def __init__(self, address: Address) -> None:
        place = hashlib.sha256(place_of(address).encode()).hexdigest()[:16]
        super().__init__(cache_folder() / "shared-clips" / place)
        self._address = address
        self.shared = SharedClips(address)
        """What is at the address."""
        self._drafts = self.home / "unsent"  # not among the clips, where it would be counted and pruned
        self._absent: set[str] = set()
        """Keys that were not there a moment ago."""

    @property
    def location(self) -> Location:
        """See ``ClipStore``."""
        return self._address

    def draft(self, key: str) -> Path:
        """See ``ClipStore``."""
        return self._drafts / f"{key}{_SUFFIX}"

    def prefetch(self, keys: Iterable[str]) -> None:
        """Fetch the clips that are not here, several at once; ``find`` does not ask again for what is missing.

        Each is asked for by its name: a list of all there are is longer than most scripts.
        """
        wanted = [key for key in keys if self.draft(key).exists() or not self.path(key).exists()]
        if wanted:
            in_parallel(self._prefetch, wanted, CONNECTIONS)

    def find(self, key: str) -> Clip | None:
        """See ``ClipStore``; what is damaged here is fetched again."""
        self._settle(key)
        try:
            clip = super().find(key)
        except DamagedClipError:
            super().discard(self.path(key))
            clip = None
        if clip or key in self._absent:
            return clip
        return super().find(key) if self._fetch(key) else None

    @contextmanager
    def making(self, key: str, is_given_up: Callable[[], bool] | None = None) -> Iterator[Clip | None]:
        """See ``ClipStore``; two machines may make the same clip, of which one stays."""
        with super().making(key, is_given_up) as stored:
            yield stored or self._sent(key) or self._fetched(key)

    def keep(self, key: str) -> Clip:
        """Send the clip that was just written to ``draft``, and return the one that everybody has from now on.

        Raises:
            StoreError: It cannot be sent: it stays here, and the next run sends it.
        """
        self.shared.send(self._name(key), self.draft(key), self.path(key))
        self._absent.discard(key)
        return read_clip(key, self.path(key))

    def prepare(self) -> None:
        """Make the cache, and send what earlier runs could not.

        Raises:
            StoreError: Nothing can be written to the cache, or the address cannot be reached.
        """
        super().prepare()
        try:
            make_folder(self._drafts)
            sweep(self._drafts)
            unsent = [path.stem for path in self._drafts.glob(f"*{_SUFFIX}")]
        except OSError as error:
            raise _unsent(self._drafts, error) from error
        if unsent:
            in_parallel(self._settle, unsent, CONNECTIONS)

    def discard(self, path: Path) -> None:
        """Remove a damaged clip here and, if it is damaged there too, there."""
        super().discard(path)
        self.shared.discard(self._name(path.stem), path)

    def contents_there(self) -> ContentsThere:
        """Count what is at the address.

        Raises:
            StoreError: It cannot be listed.
        """
        folder = self.folder.name
        sizes = [one.bytes for one in self.shared.contents(folder) if one.name == self._name(Path(one.name).stem)]
        return ContentsThere(len(sizes), sum(sizes))

    def _prefetch(self, key: str) -> None:
        with suppress(DamagedClipError):  # whoever looks for it next reports it
            self._settle(key)
            if not self.path(key).exists() and not self._fetch(key):
                self._absent.add(key)

    def _fetch(self, key: str) -> bool:
        return self.shared.fetch(self._name(key), self.path(key))

    def _fetched(self, key: str) -> Clip | None:
        """Return the clip that is there; None if there is none that can be read."""
        with suppress(DamagedClipError):
            if self._fetch(key):
                return super().stored_meanwhile(key)
        return None

    def _settle(self, key: str) -> None:
        """Send the draft of a clip, if there is one; who has no right to is not told before they make a clip."""
        if not self.draft(key).exists():
            return
        try:
            make_folder(self.path(key).parent)
            with suppress(RefusedError), try_file_lock(_lock(self.path(key))) as is_free:
                if is_free:  # else who is making it sends it
                    self._sent(key)
        except OSError as error:
            raise _unsent(self._drafts, error) from error

    def _sent(self, key: str) -> Clip | None:
        """Send the draft that another process has left; the clip's lock is held."""
        draft = self.draft(key)
        if _readable(key, draft):
            return self.keep(key)
        draft.unlink(missing_ok=True)
        return None

    def _name(self, key: str) -> str:
        return self.path(key).relative_to(self.home).as_posix()


def _unsent(folder: Path, error: OSError) -> StoreError:
    return StoreError(f"cannot send the clips in {folder} ({error.strerror}); make room, and check its permissions")


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
