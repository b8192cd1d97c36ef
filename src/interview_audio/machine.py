"""How many threads and worker processes this machine can hold.

Gives freed memory back to the system, so that what one stage needed is not kept beside what the next one needs.
"""

import ctypes
import os
import sys

WORKER_BYTES = 900_000_000
"""Memory that a worker may hold: 571 MB were measured at 300 phoneme tokens, 844 MB at 505."""


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def sensible_jobs() -> int:
    """Worker processes that this machine's cores and free memory allow, at least one."""
    import psutil

    return max(1, min(usable_cores(), psutil.virtual_memory().available // WORKER_BYTES))


_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""As mallopt(3) numbers them; setting one ends the growth of both."""
_BYTES = 4 * 1024 * 1024
"""Twenty seconds of samples; with less, pages come and go so often that an episode takes a tenth longer."""


def return_freed_memory() -> None:
    """Have glibc's allocator keep little of what is freed; other allocators are left as they are.

    After the first picture of 27 MB it would keep up to 54 MB for each of its arenas, and threads have their own.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # musl has none
        mallopt(_M_MMAP_THRESHOLD, _BYTES)
        mallopt(_M_TRIM_THRESHOLD, _BYTES)
