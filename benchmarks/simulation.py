"""The real scheduler, client and batch with workers that sleep: how much of many workers' time a batch uses.

The scheduler is a process of its own, as on a cluster, and the workers share one or two. Sleeping takes no processor,
so that two cores carry 200 of them.
"""

import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import sleeping_workers
from interview_audio.rendering.batch import Batch, SilentBatchListener
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.source_calls import SourceTask
from interview_audio.synthesis.clip_worker import ClipWorker
from interview_audio.synthesis.cluster import open_cluster

PLAN, CLIP, RENDER = 0.15, 0.5, 1.8
"""Seconds that a core works on a source of 100 lines: about a third of what they are here with Kokoro, so that a
simulated worker keeps the scheduler as busy as three real cores do."""
CLIPS_A_SOURCE = 100


@dataclass(frozen=True, slots=True)
class Load:
    """What is simulated."""

    workers: int
    clips: int
    plan: float = PLAN
    clip: float = CLIP
    render: float = RENDER

    @property
    def sources(self) -> int:
        """How many there are."""
        return self.clips // CLIPS_A_SOURCE

    @property
    def work(self) -> float:
        """Seconds that are slept in all."""
        return self.clips * self.clip + self.sources * (self.plan + self.render)


def measure(load: Load | None = None) -> dict[str, object]:
    """Efficiency: seconds slept, of the seconds that all workers were there; and what each clip cost around its sleep.

    ``first_episode`` is the share of the time after which the first episode was finished.
    """
    load = load or Load(64, 20_000)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        scheduler = stack.enter_context(_scheduler(folder))
        address = json.loads((folder / "scheduler.json").read_text("utf-8"))["address"]
        count = 1 if load.workers <= 64 else 2
        workers = [stack.enter_context(_workers(address, load.workers // count)) for _ in range(count)]
        processes = {"scheduler": [scheduler], "client": [psutil.Process()], "workers": workers}
        cluster = stack.enter_context(open_cluster(address, lambda message: print(message, file=sys.stderr)))
        while cluster.capacity("cpu") < load.workers:
            time.sleep(0.1)
        before = {who: sum(map(_used, which)) for who, which in processes.items()}
        start = time.perf_counter()
        batch = Batch(_tasks(load, folder), cluster, SilentBatchListener())
        ends = [(time.perf_counter() - start, end) for end in batch.run()]
        seconds = time.perf_counter() - start
        spent = {who: sum(map(_used, which)) - before[who] for who, which in processes.items()}
        memory = {who: sum(one.memory_info().rss for one in which) / 1e6 for who, which in processes.items()}
    assert all(end.state == "done" for _, end in ends), ends[0][1].reason
    return {
        "workers": load.workers,
        "clips": load.clips,
        "clip_s": load.clip,
        "seconds": seconds,
        "efficiency": load.work / (load.workers * seconds),
        "first_episode": ends[0][0] / seconds,
        "episodes": len(ends),
        **{f"{who}_ms_a_clip": used / load.clips * 1000 for who, used in spent.items()},
        **{f"{who}_mb": used for who, used in memory.items()},
        **_message_bytes(),
    }


def _message_bytes() -> dict[str, int]:
    """Bytes of a call and of its result, without what Dask wraps them in."""
    task = SourceTask(Path("/data/sources/1-0-0-0-0.txt"), RenderOptions(store=Path("/data/clips")))
    worker = ClipWorker()
    (job,) = sleeping_workers.plan_source(worker, task).jobs
    result = sleeping_workers.make_clip(worker, job)
    return {
        "job_bytes": len(pickle.dumps((ClipWorker.make_clip, (job,), {}))),
        "result_bytes": len(pickle.dumps(result)),
    }


def _tasks(load: Load, folder: Path) -> Iterator[SourceTask]:
    costs = "-".join(f"{round(1000 * seconds)}" for seconds in (load.plan, load.clip, load.render))
    options = RenderOptions(store=folder / "store", output=folder / "episodes")
    for number in range(load.sources):
        source = folder / f"{CLIPS_A_SOURCE}-{costs}-{number}.txt"
        source.write_text(sleeping_workers.TEXT * CLIPS_A_SOURCE, encoding="utf-8")  # it travels to the worker
        yield SourceTask(source, options)


@contextmanager
def _process(*words: object) -> Iterator[psutil.Process]:
    """Run a program of this interpreter until the block ends."""
    with subprocess.Popen(
        [sys.executable, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.kill()


@contextmanager
def _scheduler(folder: Path) -> Iterator[psutil.Process]:
    file = folder / "scheduler.json"
    words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file)
    with _process("-m", "distributed.cli.dask_scheduler", *words) as process:
        while not file.exists() or not file.stat().st_size:
            time.sleep(0.05)
        yield process


def _workers(address: str, count: int) -> AbstractContextManager[psutil.Process]:
    return _process("-m", "benchmarks.sleeping_workers", address, count)


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


if __name__ == "__main__":
    workers, clips, clip = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    print(json.dumps(measure(Load(workers, clips, PLAN * clip / CLIP, clip, RENDER * clip / CLIP)), indent=1))
