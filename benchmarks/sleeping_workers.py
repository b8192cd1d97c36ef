"""Workers of a Dask cluster, many in one process, that sleep instead of speaking: for `simulation`.

usage: python -m benchmarks.sleeping_workers SCHEDULER COUNT

Each is a worker of Dask as it is, with one thread; what it is asked to do arrives as it would at a real one. A source
is a name that says what it costs: ``CLIPS-PLAN-CLIP-RENDER-NUMBER``, the last three in milliseconds.
"""

import asyncio
import hashlib
import sys
import time
from pathlib import Path
from typing import Any

import dask

from interview_audio.engines.protocol import Utterance
from interview_audio.rendering import source_calls
from interview_audio.synthesis.clip_worker import ClipResult, ClipWorker
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import ClipJob
from interview_audio.synthesis.synthesizing import LinePlace

TEXT = "What is said in a line of an interview is a sentence or two, about as long as this one and the next. " * 2
LOUDNESS = tuple(-23.0 - index / 7 for index in range(63))
"""Of a clip of 6.3 s, one value each 100 ms: the average of the two seeds."""


def _costs(source: Path) -> tuple[int, float, float, float]:
    clips, *milliseconds, _ = map(int, source.stem.split("-"))
    plan, clip, render = (one / 1000 for one in milliseconds)
    return clips, plan, clip, render


def plan_source(_worker: ClipWorker, task: source_calls.SourceTask) -> source_calls.SourcePlan:
    """Sleep, and answer with jobs as large as real ones."""
    clips, plan, clip, _ = _costs(task.source)
    time.sleep(plan)
    keys = [hashlib.sha256(f"{task.source} {index}".encode()).hexdigest() for index in range(clips)]
    store = task.options.store
    assert isinstance(store, Path)
    jobs = tuple(ClipJob("tone", "{}", Utterance(f"{clip} {TEXT}", "en", "female-1"), key, store) for key in keys)
    return source_calls.SourcePlan(tuple(map(LinePlace, keys, range(clips))), jobs)


def make_clip(_worker: ClipWorker, job: ClipJob, *, waits: bool = True) -> ClipResult:
    """Sleep, and answer with a clip as large as a real one."""
    del waits
    time.sleep(float(job.utterance.text.split()[0]))
    return ClipResult(Clip(job.key, Path(f"{job.store}/{job.key}.flac"), 24000, 151200, 3000, 148000, LOUDNESS))


def render_source(_worker: ClipWorker, task: source_calls.SourceTask) -> source_calls.SourceResult:
    """Sleep, and answer with an episode."""
    clips, *_, render = _costs(task.source)
    time.sleep(render)
    return source_calls.SourceResult(task.source.with_suffix(".mp3"), TEXT, 600.0, 12, 7_000_000, clips, is_new=True)


def pretend() -> None:
    """Have this process sleep wherever it would read, speak or encode. Calls name their function by its place."""
    changed: dict[tuple[Any, str], object] = {
        (source_calls, "plan_source"): plan_source,
        (source_calls, "render_source"): render_source,
        (ClipWorker, "make_clip"): make_clip,
    }
    for (place, name), function in changed.items():
        setattr(place, name, function)


async def _serve(address: str, count: int) -> None:
    from distributed import Worker

    workers = [await Worker(address, nthreads=1, dashboard=False, memory_limit=0) for _ in range(count)]
    await asyncio.gather(*(worker.finished() for worker in workers))


if __name__ == "__main__":
    pretend()
    # What each of the machines that these workers stand for would do for itself, this process would do for all of them.
    quiet = {
        "distributed.worker.profile.enabled": False,
        "distributed.admin.tick.interval": "1s",
        "distributed.admin.system-monitor.interval": "10s",
    }
    with dask.config.set(quiet):
        asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
