"""Runs a command as a user would and says how long it took and how much memory its main process held."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil

COMMAND = Path(sys.executable).with_name("interview-audio")


@dataclass(frozen=True, slots=True)
class Run:
    """One finished command."""

    seconds: float
    peak_bytes: int
    """Most resident memory of the main process alone."""
    output: str


def run(command: Sequence[object], environment: Mapping[str, str] | None = None) -> Run:
    """Run to the end, with these variables besides; raises ``CalledProcessError`` with the output when it fails."""
    words = [str(word) for word in command]
    start = time.perf_counter()
    pipe = subprocess.PIPE
    variables = os.environ | dict(environment or {})
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", env=variables) as process:
        ended = threading.Event()
        with ThreadPoolExecutor(1) as threads:
            peak = threads.submit(_peak_memory, process.pid, ended)
            try:
                output, errors = process.communicate()
                seconds = time.perf_counter() - start
            finally:
                ended.set()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words, output, errors)
    return Run(seconds, peak.result(), output)


def _peak_memory(process: int, ended: threading.Event) -> int:
    """Watch the resident memory of a process. To list what it started as well would take 15 % of a core."""
    peak = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        watched = psutil.Process(process)
        while not ended.is_set():
            peak = max(peak, watched.memory_info().rss)
            ended.wait(0.02)
    return peak


def interview_audio(*words: object, environment: Mapping[str, str] | None = None) -> Run:
    """Run our command line."""
    return run([COMMAND, *words], environment)


def fastest(command: Sequence[object], times: int) -> float:
    """Seconds of the fastest of several runs: what is left is the command, not the machine's other guests."""
    return min(run(command).seconds for _ in range(times))
