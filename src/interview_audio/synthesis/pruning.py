"""What is in the clip store, and how it is kept within its limits: what was not used for longest goes first."""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from interview_audio.durable import is_temporary, sweep
from interview_audio.errors import StoreError
from interview_audio.synthesis.flac import DamagedClipError, MissingClipError, OutdatedClipError, read_engine
from interview_audio.synthesis.store import ClipStore

PRUNING_INTERVAL = 3600
"""Seconds from one look at the size of a store to the next, when renders end."""

_BATCH = 100
_SUFFIX = ".flac"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A clip as its folder shows it."""

    key: str
    path: str
    """As text: 100,000 paths take a second to make."""
    bytes: int
    used: int
    """Nanoseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a store."""

    clips: tuple[StoredFile, ...]
    """The one that was not used for longest comes first."""
    leftovers: tuple[Path, ...]
    """Temporary files and locks, of running processes or of killed ones."""

    @property
    def bytes(self) -> int:
        """Of all clips."""
        return sum(clip.bytes for clip in self.clips)


@dataclass(frozen=True, slots=True)
class Share:
    """The clips of one engine."""

    engine: str
    """Its name; empty for files that cannot be read."""
    clips: int
    bytes: int
    is_outdated: bool = False
    """An earlier build made them, and nothing reads them any more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a store may hold."""

    bytes: int | None = None
    older_than: float | None = None
    """Seconds since the last use."""
    keeps_outdated: bool = True
    """Whether clips of earlier builds stay as long as others; to know them, every clip has to be opened."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed from a store, or would be."""

    clips: int = 0
    bytes: int = 0
    leftovers: int = 0


def contents(store: ClipStore) -> Contents:
    """List a store; no clip is opened.

    Raises:
        StoreError: The store cannot be read.
    """
    clips: list[StoredFile] = []
    left: list[Path] = []
    try:
        for folder in _folders(store):
            for entry in _files(folder):
                if entry.name.endswith(_SUFFIX):
                    clips += _clip(entry)
                elif is_temporary(entry.name):
                    left.append(Path(entry.path))
    except OSError as error:
        raise _unreadable(store, error) from error
    return Contents(tuple(sorted(clips, key=lambda clip: (clip.used, clip.key))), tuple(left))


def shares(clips: Iterable[StoredFile]) -> tuple[Share, ...]:
    """What each engine has in a store, the largest share first; the comment of every clip is read.

    Raises:
        StoreError: A file cannot be opened.
    """
    found: dict[tuple[str, bool], list[int]] = {}
    for clip in clips:
        found.setdefault(_maker_of(clip.path), []).append(clip.bytes)
    ordered = sorted(found.items(), key=lambda item: (-sum(item[1]), item[0]))
    return tuple(Share(engine, len(sizes), sum(sizes), is_outdated) for (engine, is_outdated), sizes in ordered)


def prune(store: ClipStore, limits: Limits, *, is_rehearsal: bool = False) -> Pruned:
    """Bring a store within limits; a clip that a running render needs stays.

    Args:
        store: Which.
        limits: What was not used for too long goes, and what earlier builds made; then what was used least recently,
            until the rest is small enough.
        is_rehearsal: Only say what would be removed.

    Raises:
        StoreError: The store cannot be read, or a clip cannot be removed.
    """
    held = contents(store)
    if not (held.clips or held.leftovers):
        return Pruned()
    try:
        with store.leases.closed() as leased:
            doomed = _beyond(limits, held.clips, leased)
        if is_rehearsal:
            return Pruned(len(doomed), sum(clip.bytes for clip in doomed), len(held.leftovers))
        removed = [clip for batch in _batches(doomed) for clip in _removed(store, batch)]
        swept = [path for folder in {path.parent for path in held.leftovers} for path in sweep(folder)]
    except OSError as error:
        raise _unreadable(store, error) from error
    return Pruned(len(removed), sum(clip.bytes for clip in removed), len(swept))


def prune_when_due(store: ClipStore, max_bytes: int) -> Pruned:
    """Bring a store within its limit if nobody has looked for an hour; to be called when a render has made clips.

    Raises:
        StoreError: The store cannot be read, or a clip cannot be removed.
    """
    mark = store.folder / "pruned"
    try:
        if mark.exists() and abs(time.time() - mark.stat().st_mtime) < PRUNING_INTERVAL:
            return Pruned()
        mark.touch()
    except OSError as error:
        raise _unreadable(store, error) from error
    return prune(store, Limits(bytes=max_bytes))


def _unreadable(store: ClipStore, error: OSError) -> StoreError:
    return StoreError(
        f"{error.filename or store.folder}: the clip store cannot be read or pruned ({error.strerror}): "
        f"check its permissions, or choose another folder with --store"
    )


def _folders(store: ClipStore) -> list[Path]:
    """The store's folder, those of its clips, and that of its leases."""
    if not store.folder.is_dir():
        return []
    with os.scandir(store.folder) as entries:
        return [store.folder, *sorted(Path(entry.path) for entry in entries if entry.is_dir())]


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        yield from entries


def _clip(entry: os.DirEntry[str]) -> list[StoredFile]:
    try:
        status = entry.stat()
    except FileNotFoundError:  # removed by another process
        return []
    return [StoredFile(entry.name.removesuffix(_SUFFIX), entry.path, status.st_size, status.st_mtime_ns)]


def _maker_of(path: str) -> tuple[str, bool]:
    """The engine, empty where it cannot be read, and whether that was in an earlier build."""
    try:
        return read_engine(path), False
    except OutdatedClipError:
        return "", True
    except (DamagedClipError, MissingClipError):
        return "", False


def _beyond(limits: Limits, clips: Sequence[StoredFile], leased: frozenset[str]) -> list[StoredFile]:
    """What has to go, of clips in the order of their last use."""
    free = [clip for clip in clips if clip.key not in leased]
    doomed = [clip for clip in free if _is_past(clip, limits)]
    if limits.bytes is None:
        return doomed
    past = set(doomed)
    surplus = sum(clip.bytes for clip in clips) - sum(clip.bytes for clip in past) - limits.bytes
    for clip in free:
        if surplus > 0 and clip not in past:
            doomed.append(clip)
            surplus -= clip.bytes
    return doomed


def _is_past(clip: StoredFile, limits: Limits) -> bool:
    """Whether it goes however much room there is."""
    is_old = limits.older_than is not None and clip.used < time.time_ns() - int(limits.older_than * 1e9)
    return is_old or (not limits.keeps_outdated and _maker_of(clip.path)[1])


def _batches(clips: Sequence[StoredFile]) -> Iterator[list[StoredFile]]:
    remaining = iter(clips)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _removed(store: ClipStore, batch: Sequence[StoredFile]) -> list[StoredFile]:
    """Remove those that nobody needs by now; between two batches a render can begin."""
    removed = []
    with store.leases.closed() as leased:
        for clip in batch:
            with suppress(FileNotFoundError):  # removed by another process
                path = Path(clip.path)
                if clip.key not in leased and path.stat().st_mtime_ns == clip.used:
                    path.unlink()
                    removed.append(clip)
    return removed
