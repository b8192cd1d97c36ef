"""Who makes the clips of a run: started once, early where work is expected, and kept for every episode of the run."""

import json
from collections.abc import Collection, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from interview_audio.engines.engine import Engine
from interview_audio.engines.online.protocol import Online
from interview_audio.synthesis.capacity import sensible_jobs
from interview_audio.synthesis.making import close_engines, giving_up, load_speaker
from interview_audio.synthesis.workers import WorkerProcesses

SetUp = tuple[str, str, tuple[str, ...]]
"""Engine, its settings as JSON, and the languages that it is to be ready for."""


class Workforce:
    """A context that gives executors; when it is left, by whatever way, no process and no thread of it is left.

    Args:
        jobs: Worker processes at most; None for what cores and memory allow.
    """

    def __init__(self, jobs: int | None = None) -> None:
        self._asked_for = jobs
        self._set_up: SetUp | None = None
        self._workers: WorkerProcesses | None = None
        self._has_worked = False
        self._threads: ThreadPoolExecutor | None = None
        self._sockets = 0

    @property
    def has_worked(self) -> bool:
        """Whether anything was made in this run: the engine is loaded then."""
        return self._has_worked

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end(is_hasty=error is not None)

    @cached_property
    def jobs(self) -> int:
        """Worker processes at most. It stands for the run: workers that hold memory leave room for fewer new ones."""
        return self._asked_for or sensible_jobs()

    def jobs_for(self, engine: Engine, clips: int) -> int:
        """How many workers make so many clips."""
        return min(self.jobs, max(clips, 1)) if engine.heavy else 1

    def expect(
        self, engine: Engine, settings: Mapping[str, Any], languages: Collection[str], count: int | None = None
    ) -> None:
        """Start workers that will probably be needed: they load what is heavy while the source is still being read.

        Args:
            engine: That will speak.
            settings: Its part of ``voices.yaml``.
            languages: It is to be ready for these.
            count: Of workers; None for as many as there may be.
        """
        if engine.heavy:
            self._processes((engine.name, _as_json(settings), tuple(sorted(languages)))).grow(
                self.jobs if count is None else count
            )

    def executor(self, engine: Engine, settings: Mapping[str, Any], languages: Collection[str], count: int) -> Executor:
        """Where ``count`` clips are made: processes for a heavy engine, a thread a connection for an online one."""
        self._has_worked = True
        if engine.heavy:
            return self._processes((engine.name, _as_json(settings), tuple(sorted(languages)))).grow(count)
        sockets = engine.sockets if isinstance(engine, Online) else 1
        if self._threads is None or self._sockets != sockets:
            self._end_threads(is_hasty=True)
            self._threads, self._sockets = ThreadPoolExecutor(sockets, "engine"), sockets
        return self._threads

    def dismiss(self) -> None:
        """There is nothing to make: end at once what was started in vain."""
        if not self._has_worked:
            self._end(is_hasty=True)

    def _processes(self, set_up: SetUp) -> WorkerProcesses:
        if self._workers and self._set_up and self._set_up[:2] != set_up[:2]:
            self._end(is_hasty=True)
        if self._workers is None:
            self._set_up = set_up
            self._workers = WorkerProcesses(self.jobs, (load_speaker, set_up))
        return self._workers

    def _end(self, *, is_hasty: bool) -> None:
        if self._workers is not None:
            self._workers.shutdown(cancel_futures=is_hasty)
        self._workers = None
        self._end_threads(is_hasty=is_hasty)

    def _end_threads(self, *, is_hasty: bool) -> None:
        if self._threads is None:
            return
        with giving_up() if is_hasty else nullcontext():
            self._threads.shutdown(wait=not is_hasty, cancel_futures=is_hasty)
            close_engines()  # which ends what threads are waiting for
            self._threads.shutdown()
        self._threads = None


def _as_json(settings: Mapping[str, Any]) -> str:
    return json.dumps(settings, sort_keys=True)
