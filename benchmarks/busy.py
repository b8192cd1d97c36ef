"""How busy the cores are while a render speaks: from its first second to its last clip, in parts of the run."""

import itertools
import os
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.processes import COMMAND

STEP = 0.25
PARTS = 10
LAST_CLIP = "Speaking 100 %"


def measure(source: Path, jobs: int = 2) -> dict[str, object]:
    """Share of ``jobs`` cores that the render and its workers used while they spoke, over all and in ten parts.

    ``beyond_synthesis`` is the share of those cores' time in the whole run that the workers, who load the engine and
    speak, did not use: before, after, and idle meanwhile. What other programs took of a machine with no more cores
    than ``jobs`` is left out of it.
    """
    with tempfile.TemporaryDirectory() as folder:
        words = ["render", source, "-o", f"{folder}/out", "--store", f"{folder}/store", "--jobs", jobs]
        samples, spoken = _watch([str(word) for word in (COMMAND, *words)])
    speaking = [sample for sample in samples if 1 <= sample.seconds <= spoken]
    edges = [speaking[round(index * (len(speaking) - 1) / PARTS)] for index in range(PARTS + 1)]
    end = samples[-1]
    others = max(end.machine - samples[0].machine - end.run, 0.0) if jobs == os.cpu_count() else 0.0
    return {
        "jobs": jobs,
        "cores": os.cpu_count(),
        "seconds_to_last_clip": spoken,
        "seconds_in_all": end.seconds,
        "beyond_synthesis": 1 - end.workers / (jobs * end.seconds - others),
        "busy": _share(speaking[0], speaking[-1], jobs),
        "busy_by_tenth": [round(_share(*pair, jobs), 3) for pair in itertools.pairwise(edges)],
        "busy_of_the_whole_machine": _machine_share(speaking),
    }


@dataclass(frozen=True, slots=True)
class Sample:
    """What had been used at a moment."""

    seconds: float
    """Since the start."""
    run: float
    """Processor seconds of the command and its workers."""
    workers: float
    """Processor seconds of the workers alone."""
    machine: float
    """Processor seconds of everything that runs here."""


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
            workers = sum(seconds for pid, seconds in used.items() if pid != process.pid)
            spent = Sample(time.perf_counter() - start, sum(used.values()), workers, whole.user + whole.system)
            samples.append(spent)
            time.sleep(STEP)
        listening.join()
    if process.returncode or not spoken:
        raise subprocess.CalledProcessError(process.returncode, command)
    return samples, spoken[0]


def _listen(process: "subprocess.Popen[str]", start: float, spoken: list[float]) -> None:
    assert process.stderr is not None
    spoken.extend(time.perf_counter() - start for line in process.stderr if LAST_CLIP in line)


def _share(first: Sample, last: Sample, jobs: int) -> float:
    return (last.run - first.run) / (last.seconds - first.seconds) / jobs


def _machine_share(samples: list[Sample]) -> float:
    """Of all cores, with whatever else ran: where it is 1, the run had no more to take."""
    first, last = samples[0], samples[-1]
    return (last.machine - first.machine) / (last.seconds - first.seconds) / (os.cpu_count() or 1)
