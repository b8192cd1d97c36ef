"""What this machine has room for: cores, worker processes, memory that is freed; and what is not to be told of it."""

import ctypes
import os
import sys

_WORKER_BYTES = 900_000_000
"""Memory that a worker process may hold, in bytes: 571 MB were measured at 300 phoneme tokens, 844 MB at 505."""

_IDLE_NICENESS = 15
"""From which on a process of Windows works only when no other one does."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""The numbers of mallopt(3); setting one of them keeps glibc from raising both by itself."""
_KEPT_BYTES = 4 * 1024 * 1024
"""Twenty seconds of samples; with less, pages come and go so often that an episode takes a tenth longer."""


def usable_cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def sensible_jobs() -> int:
    """Count the worker processes that this machine's cores and free memory allow, at least one."""
    import psutil

    return max(1, min(usable_cores(), psutil.virtual_memory().available // _WORKER_BYTES))


def lower_priority(niceness: int) -> None:
    """Lower the priority of this process, for good.

    Args:
        niceness: What its own niceness is raised by; Windows has two steps, below normal and idle.
    """
    if sys.platform == "win32":
        import psutil

        is_idle = niceness >= _IDLE_NICENESS
        psutil.Process().nice(psutil.IDLE_PRIORITY_CLASS if is_idle else psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(niceness)


def forbid_telemetry() -> None:
    """Have onnxruntime keep nothing about its use; call it before the first import of it in a process.

    From version 1.32 on it writes a number of this machine and each program that uses it to the user's cache folder, to
    be sent to its makers. Its own function for that, after the import, comes too late.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def return_freed_memory() -> None:
    """Have glibc's allocator keep little of what is freed, so that no stage's memory is kept beside the next one's.

    After the first picture of 27 MB it would keep up to 54 MB for each of its arenas, and threads have their own. Other
    allocators are left alone.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # musl has no such function
        mallopt(_M_MMAP_THRESHOLD, _KEPT_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
