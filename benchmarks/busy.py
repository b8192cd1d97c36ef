"""How busy the cores are while a render speaks: from its first second to its last clip, in parts of the run."""

import itertools
import os
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import psutil

from benchmarks.processes import COMMAND

STEP = 0.25
PARTS = 10
LAST_CLIP = "Speaking 100 %"


def measure(source: Path, jobs: int = 2) -> dict[str, object]:
    """Share of ``jobs`` cores that the render and its workers used while they spoke, over all and in ten parts.

    ``beyond_synthesis`` is the share of the run in which the cores did not speak: before, after, and idle meanwhile.
    """
    with tempfile.TemporaryDirectory() as folder:
        words = ["render", source, "-o", f"{folder}/out", "--store", f"{folder}/store", "--jobs", jobs]
        samples, spoken = _watch([str(word) for word in (COMMAND, *words)])
    speaking = [sample for sample in samples if 1 <= sample[0] <= spoken]
    edges = [speaking[round(index * (len(speaking) - 1) / PARTS)] for index in range(PARTS + 1)]
    return {
        "jobs": jobs,
        "cores": os.cpu_count(),
        "seconds_to_last_clip": spoken,
        "seconds_in_all": samples[-1][0],
        "beyond_synthesis": 1 - (speaking[-1][1] - speaking[0][1]) / jobs / samples[-1][0],
        "busy": _share(speaking[0], speaking[-1], jobs),
        "busy_by_tenth": [round(_share(*pair, jobs), 3) for pair in itertools.pairwise(edges)],
        "busy_of_the_whole_machine": _machine_share(speaking),
    }


Sample = tuple[float, float, float]
"""Seconds since the start; processor seconds of the run; processor seconds of the whole machine."""


def _watch(command: list[str]) -> tuple[list[Sample], float]:
    start = time.perf_counter()
    spoken: list[float] = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        listening = threading.Thread(target=_listen, args=(process, start, spoken))
        listening.start()
        watched, used, samples = psutil.Process(process.pid), {}, []
        while process.poll() is None:
            try:
                for one in (watched, *watched.children(recursive=True)):
                    times = one.cpu_times()
                    used[one.pid] = times.user + times.system
            except psutil.NoSuchProcess:
                continue
            whole = psutil.cpu_times()
            samples.append((time.perf_counter() - start, sum(used.values()), whole.user + whole.system))
            time.sleep(STEP)
        listening.join()
    if process.returncode or not spoken:
        raise subprocess.CalledProcessError(process.returncode, command)
    return samples, spoken[0]


def _listen(process: "subprocess.Popen[str]", start: float, spoken: list[float]) -> None:
    assert process.stderr is not None
    spoken.extend(time.perf_counter() - start for line in process.stderr if LAST_CLIP in line)


def _share(first: Sample, last: Sample, jobs: int) -> float:
    return (last[1] - first[1]) / (last[0] - first[0]) / jobs


def _machine_share(samples: list[Sample]) -> float:
    """Of all cores, with whatever else ran: where it is 1, the run had no more to take."""
    first, last = samples[0], samples[-1]
    return (last[2] - first[2]) / (last[0] - first[0]) / (os.cpu_count() or 1)
