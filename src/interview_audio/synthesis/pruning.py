"""What is in the clip store, and how it is kept within its limits: the least recently used clips go first."""

import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from interview_audio.errors import StoreError
from interview_audio.files.atomic_files import is_temporary, sweep
from interview_audio.synthesis.clip_file import DamagedClipError, MissingClipError, OutdatedClipError, read_engine
from interview_audio.synthesis.store import SAME_USE, ClipStore

_PRUNING_INTERVAL = 3600
"""Seconds from one look at the size of a store to the next, when renders end: a large one takes a second to list."""

RECENT = 86_400 + SAME_USE
"""Seconds since the last use of the clips of episodes that were rendered in the last day, finished or not.

A render uses every clip of its episode. An hour more, because a use is noted once an hour.
"""

_BATCH = 100
"""Clips that are removed at once: no render can begin meanwhile, and it is not to wait for a whole store."""
_SUFFIX = ".flac"
_CLIP = re.compile(r"[0-9a-f]{64}" + re.escape(_SUFFIX))
"""A key and the suffix: a folder that is named as a store by mistake may hold FLAC files of other names."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A clip file, as a listing of its folder shows it."""

    key: str
    path: str
    """As text: 100,000 paths take a second to make."""
    bytes: int
    used: int
    """Nanoseconds since 1970."""


@dataclass(frozen=True, slots=True)
class StoreContents:
    """What is in a store."""

    clips: tuple[StoredFile, ...]
    """The least recently used first."""
    leftovers: tuple[Path, ...]
    """Temporary files and locks, of running processes or of killed ones."""

    @property
    def bytes(self) -> int:
        """Size of all clips."""
        return sum(clip.bytes for clip in self.clips)


@dataclass(frozen=True, slots=True)
class EngineShare:
    """The clips of one engine."""

    engine: str
    """Its name; empty for files that cannot be read."""
    clips: int
    bytes: int
    is_outdated: bool = False
    """An earlier build made them, and nothing can read them any more."""


@dataclass(frozen=True, slots=True)
class StoreLimits:
    """What a store may hold."""

    bytes: int | None = None
    older_than: float | None = None
    """Seconds since the last use."""
    keeps_outdated: bool = True
    """Whether clips of earlier builds stay as long as others; to know them, every clip has to be opened."""
    recent: float = 0
    """Clips used within so many seconds stay, whatever the other limits say, unless an earlier build made them."""


@dataclass(frozen=True, slots=True)
class PruningPlan:
    """What is to be removed from a store."""

    held: StoreContents
    """All of its contents."""
    clips: tuple[StoredFile, ...] = ()
    spared: tuple[StoredFile, ...] = ()
    """Clips that would be removed too, had they not been used recently."""

    @property
    def bytes(self) -> int:
        """Size of the clips that are to be removed."""
        return sum(clip.bytes for clip in self.clips)

    @property
    def is_most(self) -> bool:
        """Whether more than half of the store is to be removed, by count or by bytes."""
        return 2 * len(self.clips) > len(self.held.clips) or 2 * self.bytes > self.held.bytes


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed from a store."""

    clips: int = 0
    bytes: int = 0
    leftovers: int = 0


def contents(store: ClipStore) -> StoreContents:
    """List a store, without opening a clip.

    Raises:
        StoreError: The store cannot be read.
    """
    clips: list[StoredFile] = []
    left: list[Path] = []
    try:
        for folder in _folders(store):
            for entry in _files(folder):
                if _CLIP.fullmatch(entry.name):
                    clips += _clip(entry)
                elif is_temporary(entry.name):
                    left.append(Path(entry.path))
    except OSError as error:
        raise _unreadable(store, error) from error
    return StoreContents(tuple(sorted(clips, key=lambda clip: (clip.used, clip.key))), tuple(left))


def shares(clips: Iterable[StoredFile]) -> tuple[EngineShare, ...]:
    """Return what each engine has in a store, the largest share first; the comment of every clip is read.

    Raises:
        StoreError: A file cannot be opened.
    """
    found: dict[tuple[str, bool], list[int]] = {}
    for clip in clips:
        found.setdefault(_maker_of(clip.path), []).append(clip.bytes)
    ordered = sorted(found.items(), key=lambda item: (-sum(item[1]), item[0]))
    return tuple(EngineShare(engine, len(sizes), sum(sizes), is_outdated) for (engine, is_outdated), sizes in ordered)


def plan_pruning(store: ClipStore, limits: StoreLimits) -> PruningPlan:
    """Decide what is beyond the limits of a store; a clip that a running render needs is not.

    Args:
        store: The clip store.
        limits: What was not used for too long is removed, and what earlier builds made; then the least recently used
            clips, until the rest is small enough.

    Raises:
        StoreError: The store cannot be read.
    """
    held = contents(store)
    if not held.clips:
        return PruningPlan(held)
    try:
        with store.leases.frozen() as leased:
            free = [clip for clip in held.clips if clip.key not in leased]
        return _beyond(limits, held, free)
    except OSError as error:
        raise _unreadable(store, error) from error


def carry_out(store: ClipStore, plan: PruningPlan) -> Pruned:
    """Remove what a plan names, except for what a render needs by now, and what killed renders left behind.

    Raises:
        StoreError: The store cannot be read, or a clip cannot be removed.
    """
    try:
        removed = [clip for batch in _batches(plan.clips) for clip in _removed(store, batch)]
        swept = [path for folder in {path.parent for path in plan.held.leftovers} for path in sweep(folder)]
    except OSError as error:
        raise _unreadable(store, error) from error
    return Pruned(len(removed), sum(clip.bytes for clip in removed), len(swept))


def prune(store: ClipStore, limits: StoreLimits) -> Pruned:
    """Bring a store within limits: ``plan_pruning``, then ``carry_out``."""
    return carry_out(store, plan_pruning(store, limits))


def prune_when_due(store: ClipStore, max_bytes: int) -> Pruned:
    """Bring a store within its limit unless that was done within the last hour; called after a render has made clips.

    Raises:
        StoreError: The store cannot be read, or a clip cannot be removed.
    """
    mark = store.folder / "pruned"
    try:
        if mark.exists() and abs(time.time() - mark.stat().st_mtime) < _PRUNING_INTERVAL:
            return Pruned()
        mark.touch()
    except OSError as error:
        raise _unreadable(store, error) from error
    return prune(store, StoreLimits(bytes=max_bytes))


def _unreadable(store: ClipStore, error: OSError) -> StoreError:
    return StoreError(
        f"{error.filename or store.folder}: the clip store cannot be read or pruned ({error.strerror}): "
        f"check its permissions, or choose another folder with --store"
    )


def _folders(store: ClipStore) -> list[Path]:
    """Return the store's folder, those of its clips, and that of its leases."""
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
    """Return a clip's engine, empty if it cannot be read, and whether an earlier build wrote the clip."""
    try:
        return read_engine(path), False
    except OutdatedClipError:
        return "", True
    except (DamagedClipError, MissingClipError):
        return "", False


def _beyond(limits: StoreLimits, held: StoreContents, free: Sequence[StoredFile]) -> PruningPlan:
    """Choose what has to be removed, of clips in the order of their last use."""
    now = time.time_ns()
    past = {clip for clip in free if _is_past(clip, limits, now)}
    surplus = 0 if limits.bytes is None else held.bytes - sum(clip.bytes for clip in past) - limits.bytes
    for clip in free:
        if surplus > 0 and clip not in past:
            past.add(clip)
            surplus -= clip.bytes
    since = now - int(limits.recent * 1e9)
    spared = {clip for clip in past if limits.recent and clip.used > since and not _goes_as_outdated(clip, limits)}
    return PruningPlan(
        held,
        tuple(clip for clip in free if clip in past and clip not in spared),
        tuple(clip for clip in free if clip in spared),
    )


def _is_past(clip: StoredFile, limits: StoreLimits, now: int) -> bool:
    """Tell whether it is removed however much room there is."""
    is_old = limits.older_than is not None and clip.used < now - int(limits.older_than * 1e9)
    return is_old or _goes_as_outdated(clip, limits)


def _goes_as_outdated(clip: StoredFile, limits: StoreLimits) -> bool:
    return not limits.keeps_outdated and _maker_of(clip.path)[1]


def _batches(clips: Sequence[StoredFile]) -> Iterator[list[StoredFile]]:
    remaining = iter(clips)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _removed(store: ClipStore, batch: Sequence[StoredFile]) -> list[StoredFile]:
    """Remove those that nobody needs by now; a render can begin between two batches."""
    removed = []
    with store.leases.frozen() as leased:
        for clip in batch:
            with suppress(FileNotFoundError):  # removed by another process
                path = Path(clip.path)
                if clip.key not in leased and path.stat().st_mtime_ns == clip.used:
                    path.unlink()
                    removed.append(clip)
    return removed
