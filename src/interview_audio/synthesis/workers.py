"""Worker processes that are warm before they are needed, and whose death costs one call and not the pool."""

import contextlib
import multiprocessing
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, Self, TypeVar

from interview_audio.errors import EngineError, InterviewAudioError

P = ParamSpec("P")
T = TypeVar("T")
_TRACEBACK_SHOWN = 1
"""What Python exits with after an exception that nobody caught."""

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
WarmUp = tuple[Callable[..., object], tuple[Any, ...]]
"""A function and what it takes; both can be pickled."""


class WorkerKilledError(EngineError):
    """A worker process ended in the middle of a call: the system may have had no memory left for it."""


class WorkerProcesses(Executor):
    """An executor of processes, each with a thread of this one that hands it calls and waits for it.

    ``concurrent.futures`` gives up all that waits when one process is killed, and starts none before the first call.

    Args:
        most: Number of processes at most; `grow` starts them.
        warm_up: Called in each of them before anything else, with what it takes. An engine's error in it is not
            reported: the first call that needs the engine raises it again.
    """

    def __init__(self, most: int, warm_up: WarmUp | None = None) -> None:
        self._most = most
        self._warm_up = warm_up
        self._is_closing = False
        self._changing = threading.Lock()
        self._workers: list[_Worker] = []
        self._idle: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        self._threads = ThreadPoolExecutor(most, "worker")

    def grow(self, count: int) -> Self:
        """Start processes until there are so many, or as many as there may be; none is ever too many.

        Raises:
            EngineError: The system starts no more of them.
        """
        while len(self._workers) < min(count, self._most):
            self._workers.append(_Worker(self._warm_up))
            self._idle.put(self._workers[-1])
        return self

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See ``Executor``; the future raises ``WorkerKilledError`` where the process did not live to answer."""
        return self._threads.submit(self._run, (fn, args, kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001 - Executor's
        """End all processes: after their calls, or, where these are to be cancelled, at once."""
        with self._changing:  # no process is started that would not be ended
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

    def _run(self, call: Call) -> Any:
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
                raise RuntimeError("a worker process failed; its traceback is above") from error
            raise WorkerKilledError("a worker process was killed, perhaps for lack of memory") from error
        finally:
            self._idle.put(worker)

    def _replaced(self, dead: "_Worker") -> "_Worker":
        dead.close()
        with self._changing:
            if self._is_closing:
                return dead
            worker = _Worker(self._warm_up)
            self._workers[self._workers.index(dead)] = worker
            return worker


class _Worker:
    """One process and this side of the pipe to it."""

    def __init__(self, warm_up: WarmUp | None) -> None:
        context = multiprocessing.get_context("spawn")  # fork is not safe with threads, and Windows has only this
        self._connection, far_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(far_end, warm_up), daemon=True)
        try:
            with _without_interrupts():
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

    def answer(self, call: Call) -> Any:
        """What the process returns for a call, or raises; raises ``EOFError`` or ``OSError`` where it died."""
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
def _without_interrupts() -> Iterator[None]:
    """Processes that are started in the block do not hear Ctrl-C before they can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # it would let the signal through again by itself
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, warm_up: WarmUp | None) -> None:
    """What a worker does until the pipe ends, because it is told to or because its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and decides
    if warm_up:
        function, arguments = warm_up
        with contextlib.suppress(InterviewAudioError):
            function(*arguments)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            connection.send(_answer(connection.recv()))


def _answer(call: Call) -> Any:
    """What a call returns, or the error of ours that it raises; any other ends the process and shows its traceback."""
    function, arguments, named = call
    try:
        return function(*arguments, **named)
    except InterviewAudioError as error:
        return error
