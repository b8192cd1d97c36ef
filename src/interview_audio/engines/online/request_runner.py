"""An event loop in a thread of its own, on which other threads run coroutines and wait for them.

The requests of one engine: from any thread onto one background loop, and the first outage ends them all.
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from interview_audio.errors import EngineError, OutageError

T = TypeVar("T")


class BackgroundLoop:
    """Starts with its first coroutine; once closed it stays so."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stop = asyncio.Event()
        self._closed = False

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end and return its result.

        Raises:
            CancelledError: The loop was or is being closed, or the coroutine was cancelled.
            EngineError: The machine has no room for a loop.
        """
        with self._lock:  # what is submitted before the loop is told to stop, is cancelled by it; nothing comes after
            if self._closed:
                coroutine.close()
                raise CancelledError
            if self._thread is None:
                self._start_for(coroutine)
            future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result()
        finally:
            future.cancel()  # where Ctrl-C ended the wait

    def close(self) -> None:
        """Cancel what runs and wait until the loop and its connections are gone."""
        with self._lock:
            thread = None if self._closed else self._thread
            self._closed = True
            if thread:
                self._loop.call_soon_threadsafe(self._stop.set)
        if thread:
            thread.join()

    def _start_for(self, coroutine: Coroutine[Any, Any, T]) -> None:
        """The loop is made here and not in its thread, so that the caller hears of it if that fails."""
        runner = asyncio.Runner(loop_factory=_Loop)
        thread = threading.Thread(target=lambda: self._serve(runner), name=self._name, daemon=True)
        try:
            self._loop = runner.get_loop()
            thread.start()
        except (OSError, RuntimeError) as error:  # no more files, no more threads
            runner.close()
            coroutine.close()
            raise EngineError(
                f"{self._name} cannot open a connection ({getattr(error, 'strerror', error)}); "
                "close other programs, or raise the limits on open files and processes (ulimit -n, -u)"
            ) from error
        self._thread = thread

    def _serve(self, runner: asyncio.Runner) -> None:
        with runner:
            runner.run(self._stop.wait())


class _Loop(asyncio.SelectorEventLoop):
    """Asks for the addresses of names in threads for which neither it nor the process waits at its end.

    Nothing can cancel such a question: where no name server answers, it takes as long as the system's resolver is
    patient, which Ctrl-C must not be.
    """

    async def getaddrinfo(self, host: Any, port: Any, **hints: Any) -> Any:
        """See ``asyncio``."""
        future: Future[Any] = Future()
        threading.Thread(target=lambda: _resolve(future, host, port, hints), name="resolver", daemon=True).start()
        return await asyncio.wrap_future(future, loop=self)


def _resolve(future: Future[Any], host: Any, port: Any, hints: Mapping[str, int]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        addresses = socket.getaddrinfo(host, port, **hints)
    except (OSError, ValueError, OverflowError) as error:  # not found, no name, no port
        future.set_exception(error)
    else:
        future.set_result(addresses)


class Requests:
    """Once there was an outage, what waits ends with the same error, and what comes later sends nothing."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._background = BackgroundLoop(service)
        self._outage: OutageError | None = None
        self._under_way: set[asyncio.Task[Any]] = set()

    def run(self, request: Callable[[], Awaitable[T]]) -> T:
        """The result of a request, as one of all.

        Raises:
            OutageError: This or another request met it.
            EngineError: The engine was closed.
        """
        return self._on_loop(lambda: self._unless_out(request))

    def run_apart(self, request: Callable[[], Awaitable[T]]) -> T:
        """The result of a request whose outage is its own; raises ``EngineError`` where the engine was closed."""
        return self._on_loop(request)

    def close(self) -> None:
        """See ``Online``."""
        self._background.close()

    def _on_loop(self, request: Callable[[], Awaitable[T]]) -> T:
        async def awaited() -> T:
            return await request()

        try:
            return self._background.run(awaited())
        except CancelledError:
            if self._outage:
                raise OutageError(*self._outage.args) from None
            raise EngineError(
                f"{self._service} was stopped before it had finished; run again, finished clips are kept"
            ) from None

    async def _unless_out(self, request: Callable[[], Awaitable[T]]) -> T:
        task = asyncio.current_task()
        assert task
        if self._outage:
            raise OutageError(*self._outage.args)
        self._under_way.add(task)
        try:
            return await request()
        except OutageError as error:
            self._outage = error
            for other in self._under_way - {task}:
                other.cancel()
            raise
        finally:
            self._under_way.discard(task)
