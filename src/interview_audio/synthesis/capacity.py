"""How many threads and worker processes this machine can hold."""

import os

WORKER_BYTES = 900_000_000
"""Memory that a worker may hold: 571 MB were measured at 300 phoneme tokens, 844 MB at 505."""


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def sensible_jobs() -> int:
    """Worker processes that this machine's cores and free memory allow, at least one."""
    import psutil

    return max(1, min(usable_cores(), psutil.virtual_memory().available // WORKER_BYTES))
