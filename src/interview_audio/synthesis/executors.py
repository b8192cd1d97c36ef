"""Where clips are made: in worker processes, as many as the machine can hold, or in this process."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from interview_audio.synthesis.workers import WarmUp, WorkerProcesses

WORKER_BYTES = 900_000_000
"""Memory that a worker may hold: 571 MB were measured at 300 phoneme tokens, 844 MB at 505."""


def sensible_jobs() -> int:
    """Worker processes that this machine's cores and free memory allow, at least one."""
    import psutil

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, psutil.virtual_memory().available // WORKER_BYTES))


@contextmanager
def worker_processes(jobs: int, warm_up: WarmUp | None = None) -> Iterator[Executor]:
    """An executor of ``jobs`` processes that start now; when the block is left by an error or Ctrl-C, none is left."""
    pool = WorkerProcesses(jobs, warm_up)
    is_complete = False
    try:
        yield pool
        is_complete = True
    finally:
        pool.shutdown(cancel_futures=not is_complete)


@contextmanager
def threads(count: int) -> Iterator[Executor]:
    """An executor of threads, for engines that wait for a server."""
    pool = ThreadPoolExecutor(count, "engine")
    is_complete = False
    try:
        yield pool
        is_complete = True
    finally:
        pool.shutdown(cancel_futures=not is_complete)


@contextmanager
def this_process() -> Iterator[Executor]:
    """An executor of one thread, for engines that are instant."""
    with ThreadPoolExecutor(1) as pool:
        yield pool
