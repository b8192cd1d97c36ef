"""Locks between processes: a lock is a file that exists while it is held, and a killed process holds none."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

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
    """Like ``alone``, but without waiting: gives whether the lock was free, and is held.

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
