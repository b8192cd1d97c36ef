"""Runs a command as a user would and says how long it took and how much memory its main process held."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

COMMAND = Path(sys.executable).with_name("interview-audio")


@dataclass(frozen=True, slots=True)
class Run:
    """One finished command."""

    seconds: float
    cpu_seconds: float
    """Of the process and of those it started, as far as sampling every 20 ms saw them."""
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
        watched = psutil.Process(process.pid)
        peak, cpu = 0, {}
        while process.poll() is None:
            try:
                peak = max(peak, watched.memory_info().rss)
                for one in (watched, *watched.children(recursive=True)):
                    times = one.cpu_times()
                    cpu[one.pid] = times.user + times.system
            except psutil.NoSuchProcess:
                continue
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
        seconds = time.perf_counter() - start
        output, errors = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words, output, errors)
    return Run(seconds, sum(cpu.values()), peak, output)


def interview_audio(*words: object, environment: Mapping[str, str] | None = None) -> Run:
    """Run our command line."""
    return run([COMMAND, *words], environment)


def fastest(command: Sequence[object], times: int) -> float:
    """Seconds of the fastest of several runs: what is left is the command, not the machine's other guests."""
    return min(run(command).seconds for _ in range(times))
