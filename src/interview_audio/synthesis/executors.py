"""Where clips are made: in worker processes, as many as the machine can hold, or in this process."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager

WORKER_BYTES = 900_000_000
"""Memory that a worker may hold: 571 MB were measured at 300 phoneme tokens, 844 MB at 505."""


def sensible_jobs() -> int:
    """Worker processes that this machine's cores and free memory allow, at least one."""
    import psutil

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, psutil.virtual_memory().available // WORKER_BYTES))


@contextmanager
def worker_processes(jobs: int) -> Iterator[Executor]:
    """An executor of ``jobs`` processes; when the block is left by an error or Ctrl-C, none is left behind."""
    context = multiprocessing.get_context("spawn")  # fork is not safe with threads, and Windows has only this
    pool = ProcessPoolExecutor(jobs, context, initializer=_leave_interrupts_to_parent)
    try:
        yield pool
        pool.shutdown()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()


@contextmanager
def this_process() -> Iterator[Executor]:
    """An executor of one thread, for engines that are instant."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
