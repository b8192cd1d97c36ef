"""Peak memory of the process that hands out a batch of few and of very many sources, to workers that only pretend.

usage: python -m benchmarks.batch_memory SOURCES FOLDER [ADDRESS]
"""

import resource
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.processes import run
from interview_audio.engines.protocol import Resource, Utterance
from interview_audio.rendering.batch import SilentBatchListener, run_batch
from interview_audio.rendering.options import options_of
from interview_audio.rendering.source_calls import (
    SourcePlan,
    SourceResult,
    SourceTask,
    plan_source,
    reach,
    render_source,
)
from interview_audio.synthesis.clip_worker import ClipResult, ClipWorker
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import ClipJob
from interview_audio.synthesis.synthesizing import LinePlace

LINES = 40
SAID = "In that year the lamp was lit, the sea was calm, and nobody came to ask for anything at all, number {number}."
ADDRESS = "s3://nobody/shows"


def measure(few: int = 100, many: int = 10_000) -> dict[str, float]:
    """Peak megabytes with few sources and with many, into a folder and to an address, and their ratios."""
    results: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, output in (("folder", Path(folder) / "out"), ("address", ADDRESS)):
            for count in (few, many):
                command = [sys.executable, "-m", "benchmarks.batch_memory", count, folder, output]
                results[f"{name}_{count}_mb"] = run(command).peak_bytes / 1e6
            results[f"{name}_many_over_few"] = results[f"{name}_{many}_mb"] / results[f"{name}_{few}_mb"]
    return results


class PretendedWorkers:
    """Threads that answer at once what workers would."""

    def __init__(self, threads: ThreadPoolExecutor, store: Path) -> None:
        self._threads, self._store = threads, store

    is_elsewhere = False

    def capacity(self, needs: Resource) -> int:  # noqa: ARG002
        """See ``Workers``."""
        return 16

    def submit(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ARG002
        """See ``Workers``."""
        if call is reach:
            return self._threads.submit(str)
        answers: dict[object, Callable[[Any], Any]] = {
            plan_source: self._plan,
            render_source: self._render,
            ClipWorker.make_clip: self._clip,
        }
        return self._threads.submit(answers[call], args[0])

    def waiting(self) -> str | None:
        """See ``Workers``."""
        return None

    def _plan(self, task: SourceTask) -> SourcePlan:
        jobs = tuple(self._job(f"{task.source.stem}-{number}") for number in range(LINES))
        return SourcePlan(tuple(LinePlace(job.key, line) for line, job in enumerate(jobs)), jobs)

    def _job(self, key: str) -> ClipJob:
        said = SAID.format(number=key)
        return ClipJob("tone", "{}", Utterance(said, "female-1", "en"), key.rjust(64, "0"), self._store)

    def _clip(self, job: ClipJob) -> ClipResult:
        return ClipResult(Clip(job.key, self._store / f"{job.key}.flac", 24000, 144_000, 0, 144_000, (-20.0,) * 60))

    def _render(self, task: SourceTask) -> SourceResult:
        path = task.options.place / f"{task.source.stem}.mp3"
        return SourceResult(path, "The lamp", 720.0, 12, 11_520_000, LINES, is_new=True)


def main(count: int, folder: Path, output: str) -> None:
    """Hand out a batch, and print the peak of this process's memory in bytes."""
    sources = [folder / f"talk{number:05}.txt" for number in range(count)]
    said = (f"Q: {SAID.format(number=number)}\n\nAda: {SAID.format(number=-number)}\n\n" for number in range(LINES))
    text = "".join(said)
    for source in sources:
        source.write_text(text, "utf-8")
    options = options_of({"output": output, "engine": "tone", "store": folder / "clips"})
    with ThreadPoolExecutor(2) as threads:
        workers = PretendedWorkers(threads, folder / "clips")
        ends = sum(end.state == "done" for end in run_batch(sources, options, workers, SilentBatchListener()))
    assert ends == count, ends
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
