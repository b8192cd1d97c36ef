"""The workers of a run: a pool that starts them early and keeps them for every episode, and the processes in it.

A process that dies costs the call that it was answering, not the pool.
"""

import contextlib
import math
import multiprocessing
import queue
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar

from interview_audio.engines.protocol import MAX_SOCKETS, Engine, Online, Resource
from interview_audio.errors import EngineError, InterviewAudioError
from interview_audio.machine import lower_priority, sensible_jobs, usable_cores
from interview_audio.synthesis.clip_worker import (
    ClipExecutor,
    ClipWorker,
    DividedExecutor,
    InProcess,
    LoadedEngines,
    ProcessExecutor,
    ThreadExecutor,
)
from interview_audio.synthesis.planning import ClipJob, engine_settings_json

P = ParamSpec("P")
T = TypeVar("T")
_TRACEBACK_SHOWN = 1
"""The exit code of Python after an exception that nobody caught."""

_Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
_WarmFor = tuple[str, str, tuple[str, ...]]
"""An engine, its settings as JSON, and the languages that it is to be ready for."""
WarmUp = tuple[Callable[..., object], tuple[Any, ...]]
"""A function and its arguments; both can be pickled."""


@dataclass(frozen=True, slots=True)
class Courtesy:
    """What the worker processes of a pool leave to others who work on this machine."""

    niceness: int = 0
    """What their priority is lowered by, as by ``nice``."""
    percent: float | None = None
    """Of the machine's processors that all of them together use at most, on average; None for all there is."""

    @property
    def cores(self) -> float:
        """How many cores they may keep busy."""
        return math.inf if self.percent is None else usable_cores() * self.percent / 100


_NO_COURTESY = Courtesy()


class _Pace:
    """Keeps the processor time of this process below a share of the time that passes, by pauses between calls.

    Pauses are portable, and leave no call half done as stopping the process by signals would: its locks are those of
    others, too. A call is never slowed down; the pause comes after it.
    """

    def __init__(self, share: float) -> None:
        self._share = share
        self._began = time.monotonic()
        self._used = time.process_time()

    def wait(self) -> None:
        """Wait until what was used since the last pause is within the share."""
        pause = self._began + (time.process_time() - self._used) / self._share - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        self._began, self._used = time.monotonic(), time.process_time()  # rest is not saved up for later


class WorkerKilledError(EngineError):
    """A worker process ended in the middle of a call: the system may have had no memory left for it."""


class WorkerFailedError(RuntimeError):
    """A worker met an error that is not the user's: a mistake in this program or in a package that it uses."""


class WorkerProcesses(Executor):
    """An executor of processes, each with a thread in this process that hands it calls and waits for the answers.

    ``concurrent.futures`` fails all pending calls when one process is killed, and starts none before the first call.

    Args:
        most: Number of processes at most; ``grow`` starts them.
        warm_up: Called in each of them before anything else. An engine's error in it is not reported: the first call
            that needs the engine raises it again.
        courtesy: What they leave to others.
    """

    def __init__(self, most: int, warm_up: WarmUp | None = None, courtesy: Courtesy = _NO_COURTESY) -> None:
        self._most = most
        self._start = _Start(warm_up, courtesy.niceness, courtesy.cores / most)
        self._is_closing = False
        self._changing = threading.Lock()
        self._workers: list[_Worker] = []
        self._idle: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        self._threads = ThreadPoolExecutor(most, "worker")

    def grow(self, count: int) -> Self:
        """Start processes until there are ``count``, but never more than the most that are allowed.

        Raises:
            EngineError: The system starts no more processes.
        """
        while len(self._workers) < min(count, self._most):
            self._workers.append(_Worker(self._start))
            self._idle.put(self._workers[-1])
        return self

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call, as in ``Executor``; the future raises ``WorkerKilledError`` if the process dies first."""
        return self._threads.submit(self._run, (fn, args, kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001 - Executor's
        """End all processes: after their calls, or at once if these are to be cancelled."""
        with self._changing:  # so that no process is started that would not be ended
            self._is_closing = self._is_closing or cancel_futures
        if cancel_futures:
            for worker in self._workers:
                worker.kill()
            for _ in range(self._most):  # whoever waits for a worker waits no longer
                self._idle.put(None)
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for worker in self._workers:
            worker.dismiss()
        for worker in self._workers:
            worker.close()

    def _run(self, call: _Call) -> Any:
        worker = self._idle.get()
        if worker is None:
            raise WorkerKilledError("the worker processes were stopped")
        try:
            if worker.exit_code is not None:  # it died while it had nothing to do: no call is to blame
                worker = self._replaced(worker)
            return worker.answer(call)
        except (EOFError, OSError) as error:
            failed = worker
            worker = self._replaced(failed)
            if failed.exit_code == _TRACEBACK_SHOWN:
                raise WorkerFailedError("a worker process failed; its traceback is above") from error
            raise WorkerKilledError("a worker process was killed, perhaps for lack of memory") from error
        finally:
            self._idle.put(worker)

    def _replaced(self, dead: "_Worker") -> "_Worker":
        dead.close()
        with self._changing:
            if self._is_closing:
                return dead
            worker = _Worker(self._start)
            self._workers[self._workers.index(dead)] = worker
            return worker


@dataclass(frozen=True, slots=True)
class _Start:
    """What a worker process is started with."""

    warm_up: WarmUp | None = None
    niceness: int = 0
    share: float = math.inf
    """Of one core."""


class _Worker:
    """One process and this side of the pipe to it."""

    def __init__(self, start: _Start) -> None:
        context = multiprocessing.get_context("spawn")  # fork is not safe with threads, and Windows has only this
        self._connection, far_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(far_end, start), daemon=True)
        try:
            with without_interrupts():
                self._process.start()
        except OSError as error:
            self._connection.close()
            raise EngineError(
                f"a worker process cannot be started ({error.strerror}): use fewer with --jobs"
            ) from error
        finally:
            far_end.close()  # so that the death of the process ends the pipe

    @property
    def exit_code(self) -> int | None:
        """Of the process: negative where a signal ended it; None while it runs."""
        return self._process.exitcode

    def answer(self, call: _Call) -> Any:
        """Return or raise what the process does for a call; raise ``EOFError`` or ``OSError`` if it died."""
        self._connection.send(call)
        answer = self._connection.recv()
        if isinstance(answer, InterviewAudioError):
            raise answer
        return answer

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()

    def dismiss(self) -> None:
        """Let the process end."""
        self._connection.close()

    def close(self) -> None:
        """Let the process end and wait for that."""
        self.dismiss()
        self._process.join()


@contextlib.contextmanager
def without_interrupts() -> Iterator[None]:
    """Keep processes that are started in the block from hearing Ctrl-C before they can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # it would let the signal through again by itself
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, start: _Start) -> None:
    """Answer calls until the pipe ends, because the pool closes it or because the parent process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and decides
    if start.niceness:
        lower_priority(start.niceness)
    pace = _Pace(start.share)
    if start.warm_up:
        function, arguments = start.warm_up
        with contextlib.suppress(InterviewAudioError):
            function(*arguments)
    while True:
        try:
            call = connection.recv()
        except (EOFError, ConnectionResetError):
            return
        pace.wait()  # not before a call has come: a process that rests still hears at once that the pool is closed
        answer = _answer(call)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the next one is not received then either
            connection.send(answer)


def _answer(call: _Call) -> Any:
    """Return a call's result, or the error of ours that it raises; any other ends the process with a traceback."""
    function, arguments, named = call
    try:
        return function(*arguments, **named)
    except InterviewAudioError as error:
        return error


@dataclass(frozen=True, slots=True)
class EngineWork:
    """What an engine is to do."""

    engine: Engine
    settings: Mapping[str, Any]
    """Its part of ``voices.yaml``."""
    languages: Collection[str]
    """In which it is to speak."""
    workers: int = 1
    """Processes, if it is heavy."""


class WorkerPool:
    """A context that gives executors; however it is left, no process, thread or connection of it remains.

    One pool serves one run: several renders one after the other. Renders at the same time have a pool each, and ending
    one pool does not touch another.

    Args:
        jobs: Worker processes at most; None for what cores and memory allow.
        courtesy: What they leave to others.
    """

    def __init__(self, jobs: int | None = None, courtesy: Courtesy = _NO_COURTESY) -> None:
        self.engines = LoadedEngines()
        """The engines that speak in this process."""
        self.notices: set[str] = set()
        """What was said once in this run."""
        self._asked_for = jobs
        self._courtesy = courtesy
        self._warm_for: _WarmFor | None = None
        self._processes: WorkerProcesses | None = None
        self._has_worked = False
        self._threads: dict[str, ThreadPoolExecutor] = {}
        """By the name of the engine that speaks in them."""
        self._thread_worker = ClipWorker(self.engines)
        self._sockets: dict[str, int] = {}

    @property
    def cores(self) -> int:
        """How many cores this process may use for what it does itself."""
        return usable_cores()

    @property
    def has_worked(self) -> bool:
        """Whether clips were made in this run before, so that its workers have loaded their engines already."""
        return self._has_worked

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end(cancel=error is not None)
        self.engines.close()

    @property
    def is_warm(self) -> bool:
        """Whether worker processes have been started."""
        return self._processes is not None

    @cached_property
    def jobs(self) -> int:
        """Worker processes at most, decided once: workers that hold memory would leave room for fewer new ones."""
        wanted = self._asked_for or sensible_jobs()
        return math.ceil(min(wanted, self._courtesy.cores))

    def jobs_for(self, engine: Engine, clips: int) -> int:
        """Return how many workers make so many clips."""
        return min(self.jobs, max(clips, 1)) if engine.heavy else 1

    def warm_up(
        self, engine: Engine, settings: Mapping[str, Any], languages: Collection[str], count: int | None = None
    ) -> None:
        """Start workers that will probably be needed: they load what is heavy while the source is still being read.

        Args:
            engine: The engine that will speak.
            settings: Its part of ``voices.yaml``.
            languages: What it is to be ready for.
            count: Of workers; None for as many as there may be.
        """
        if engine.heavy:
            self._processes_for([EngineWork(engine, settings, languages)]).grow(self.jobs if count is None else count)

    def executor(
        self, engine: Engine, settings: Mapping[str, Any], languages: Collection[str], count: int
    ) -> ClipExecutor:
        """Return where clips are made: ``count`` processes for a heavy engine, a thread a connection for another."""
        return self.executor_for([EngineWork(engine, settings, languages, count)])

    def executor_for(self, works: Sequence[EngineWork]) -> ClipExecutor:
        """Return where the clips of engines are made, at the same time: heavy ones share the processes."""
        self._has_worked = True
        heavy = [work for work in works if work.engine.heavy]
        executors: dict[str, ClipExecutor] = {}
        if heavy:
            processes = ProcessExecutor(self._processes_for(heavy).grow(max(work.workers for work in heavy)))
            executors = dict.fromkeys((work.engine.name for work in heavy), processes)
        light = [work.engine for work in works if not work.engine.heavy]
        executors |= {engine.name: self._threads_for(engine) for engine in light}
        return next(iter(executors.values())) if len(executors) == 1 else DividedExecutor(executors)

    def processes(self, calls: int) -> ClipExecutor:
        """Return the worker processes for so many calls at once; they load an engine with the first that needs it."""
        self._has_worked = True
        if self._processes is None:
            self._processes = WorkerProcesses(self.jobs, courtesy=self._courtesy)
        return ProcessExecutor(self._processes.grow(min(calls, self.jobs)))

    def threads_of(self, job: ClipJob) -> ClipExecutor:
        """Return the threads in which the engine of a job speaks here, one for each connection that it may have.

        Raises:
            EngineError: There is no such engine, or its package is broken.
        """
        return self._threads_for(self.engines.get(job.engine, job.engine_settings))

    def _threads_for(self, engine: Engine) -> ClipExecutor:
        sockets = engine.sockets if isinstance(engine, Online) else 1
        if self._sockets.get(engine.name) != sockets:
            if engine.name in self._threads:
                self._end_threads(cancel=True)
            self._threads[engine.name] = ThreadPoolExecutor(sockets, "engine")
            self._sockets[engine.name] = sockets
        return ThreadExecutor(self._threads[engine.name], self._thread_worker)

    def stop_unused(self) -> None:
        """End at once what was started in vain, because there is nothing to make."""
        if not self._has_worked:
            self._end(cancel=True)

    def _processes_for(self, works: Sequence[EngineWork]) -> WorkerProcesses:
        wanted = [
            (work.engine.name, engine_settings_json(work.settings), tuple(sorted(work.languages))) for work in works
        ]
        if self._processes and self._warm_for and self._warm_for[:2] not in [warm_for[:2] for warm_for in wanted]:
            self._end(cancel=True)
        if self._processes is None:
            self._warm_for = warm_for = wanted[0]
            self._processes = WorkerProcesses(self.jobs, (InProcess(ClipWorker.load), warm_for), self._courtesy)
        return self._processes

    def _end(self, *, cancel: bool) -> None:
        if self._processes is not None:
            self._processes.shutdown(cancel_futures=cancel)
        self._processes = None
        self._end_threads(cancel=cancel)

    def _end_threads(self, *, cancel: bool) -> None:
        if not self._threads:
            return
        if cancel:
            self._thread_worker.cancel()
        for threads in self._threads.values():
            threads.shutdown(wait=not cancel, cancel_futures=cancel)
        self.engines.close()  # which ends what threads are waiting for
        for threads in self._threads.values():
            threads.shutdown()
        self._threads, self._sockets, self._thread_worker = {}, {}, ClipWorker(self.engines)


class Workers(Protocol):
    """Where the work of a batch is done: processes of this machine, or of others.

    A context; however it is left, no process, thread or connection of it remains.
    """

    @property
    def is_elsewhere(self) -> bool:
        """Whether relative paths and the user's own settings may be others there."""

    def capacity(self, needs: Resource) -> int:
        """Return how many calls that occupy this run at once now, at least 1: workers of a cluster come and go."""

    def submit(self, call: Callable[Concatenate[ClipWorker, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a function called with the ``ClipWorker`` of whoever calls it, and these arguments.

        All of them can be pickled. What a ``ClipJob`` among them needs decides who calls it; without one a core is
        enough. The future raises ``WorkerKilledError`` if the worker dies first, and ``WorkerFailedError`` for what is
        not an ``InterviewAudioError``.
        """

    def waiting(self) -> str | None:
        """Return one line that says what is waited for; None while the work goes on."""


class LocalWorkers:
    """The processes of a pool, and its threads for engines that wait for the network.

    Args:
        pool: Whoever opened it ends it.
        make_ready: Called here with an engine before it first speaks in a worker process: to have it download what it
            lacks, so that whoever runs the batch hears of it.
    """

    def __init__(self, pool: WorkerPool, make_ready: Callable[[Engine], None] | None = None) -> None:
        self._pool = pool
        self._make_ready = make_ready
        self._unready: dict[tuple[str, str], InterviewAudioError | None] = {}
        """Why an engine cannot speak in this run, by its name and settings; None for one that can."""
        self._calls: list[Future[Any]] = []
        """Those that were under way when the last one came: more processes than calls would be started in vain."""

    is_elsewhere = False

    def capacity(self, needs: Resource) -> int:
        """See ``Workers``."""
        return MAX_SOCKETS if needs == "network" else self._pool.jobs

    def submit(self, call: Callable[Concatenate[ClipWorker, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See ``Workers``."""
        job = args[0] if args else None
        if isinstance(job, ClipJob):
            if job.needs == "network":
                return self._pool.threads_of(job).submit(call, *args, **kwargs)
            if error := self._why_unready(job):
                failed: Future[T] = Future()
                failed.set_exception(error)
                return failed
        self._calls = [running for running in self._calls if not running.done()]
        future = self._pool.processes(len(self._calls) + 1).submit(call, *args, **kwargs)
        self._calls.append(future)
        return future

    def _why_unready(self, job: ClipJob) -> InterviewAudioError | None:
        which = job.engine, job.engine_settings
        if self._make_ready and which not in self._unready:
            self._unready[which] = None
            try:
                self._make_ready(self._pool.engines.get(*which))
            except InterviewAudioError as error:  # asked once: a thousand sources need not each wait for it
                self._unready[which] = error
        return self._unready.get(which)

    def waiting(self) -> str | None:
        """See ``Workers``: what engines that use the network wait for."""
        return self._pool.engines.waiting()


class WorkerAlone(WorkerPool):
    """A pool without processes or threads: what is to be made is made here and now, by one worker.

    A render that a worker does has one, and leaves the worker's engines as they are.

    Args:
        worker: Who makes it.
        idle: Cores beside its own that nobody else uses.
    """

    def __init__(self, worker: ClipWorker, idle: int = 0) -> None:
        super().__init__(1)
        self.engines = worker.engines
        self._idle = idle
        self._worker = worker

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass

    @property
    def cores(self) -> int:
        """See ``WorkerPool``."""
        return min(1 + self._idle, usable_cores())

    def warm_up(
        self, engine: Engine, settings: Mapping[str, Any], languages: Collection[str], count: int | None = None
    ) -> None:
        """Do nothing: there is nobody who could load it meanwhile."""

    def executor_for(self, works: Sequence[EngineWork]) -> ClipExecutor:  # noqa: ARG002 - all of them are made here
        """See ``WorkerPool``."""
        return _Here(self._worker)


class _Here:
    """Makes clips in this thread, one after the other."""

    def __init__(self, worker: ClipWorker) -> None:
        self._worker = worker

    def submit(self, call: Callable[Concatenate[ClipWorker, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call a method of the worker; what it raises is in the future."""
        future: Future[T] = Future()
        try:
            future.set_result(call(self._worker, *args, **kwargs))
        except InterviewAudioError as error:
            future.set_exception(error)
        return future
