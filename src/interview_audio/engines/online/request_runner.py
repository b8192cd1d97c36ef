"""The requests of one engine: from any thread onto one event loop in the background; the first outage ends them all."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from interview_audio.engines.protocol import Availability
from interview_audio.errors import EngineError, OutageError

Result = TypeVar("Result")


class BackgroundLoop:
    """An event loop in a thread of its own; it starts with its first coroutine, and once closed it stays closed."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stop = asyncio.Event()
        self._closed = False

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine to its end and return its result.

        Raises:
            CancelledError: The loop was or is being closed, or the coroutine was cancelled.
            EngineError: The machine has no room for a loop.
        """
        # Under the lock: what is submitted before the loop is told to stop is cancelled by it, and nothing comes after.
        with self._lock:
            if self._closed:
                coroutine.close()
                raise CancelledError
            if self._thread is None:
                self._start_for(coroutine)
            future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result()
        finally:
            future.cancel()  # if Ctrl-C ended the wait

    def close(self) -> None:
        """Cancel what runs and wait until the loop and its connections are gone."""
        with self._lock:
            thread = None if self._closed else self._thread
            self._closed = True
            if thread:
                self._loop.call_soon_threadsafe(self._stop.set)
        if thread:
            thread.join()

    def _start_for(self, coroutine: Coroutine[Any, Any, Result]) -> None:
        """Make the loop here and not in its thread, so that the caller hears of it if that fails."""
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
    """A loop that resolves host names in threads which neither it nor the process waits for at its end.

    Nothing can cancel such a query: if no name server answers, it lasts as long as the system's resolver waits, and
    Ctrl-C must not.
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
    except (OSError, ValueError, OverflowError) as error:  # not found, not a name, not a port
        future.set_exception(error)
    else:
        future.set_result(addresses)


class RequestRunner:
    """Runs the requests of one engine.

    After an outage what waits ends with the same error, and what comes later sends nothing: each of a thousand lines
    would find out for itself otherwise.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._background = BackgroundLoop(service)
        self._outage: OutageError | None = None
        self._under_way: set[asyncio.Task[Any]] = set()

    def run(self, request: Callable[[], Awaitable[Result]]) -> Result:
        """Run a request, as one of all, and return its result.

        Raises:
            OutageError: This or another request met it.
            EngineError: The engine was closed.
        """
        return self._on_loop(lambda: self._unless_outage(request))

    def run_apart(self, request: Callable[[], Awaitable[Result]]) -> Result:
        """Run a request whose outage concerns no other; raise ``EngineError`` if the engine was closed."""
        return self._on_loop(request)

    def close(self) -> None:
        """See ``Online``."""
        self._background.close()

    def _on_loop(self, request: Callable[[], Awaitable[Result]]) -> Result:
        async def awaited() -> Result:
            return await request()

        try:
            return self._background.run(awaited())
        except CancelledError:
            if self._outage:
                raise OutageError(*self._outage.args) from None
            raise EngineError(
                f"{self._service} was stopped before it had finished; run again, finished clips are kept"
            ) from None

    async def _unless_outage(self, request: Callable[[], Awaitable[Result]]) -> Result:
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


def diagnose(describe: Callable[[], str], speak: Callable[[], Availability], *, online: bool) -> Availability:
    """Find out whether a service can be used from this machine; raises nothing.

    Args:
        describe: Returns how the service would be reached, and raises ``OutageError`` if it cannot be.
        speak: Has a test word spoken and returns what came of it; raises ``OutageError`` or ``EngineError``.
        online: Whether that may be done.
    """
    try:
        how = describe()
        if online:
            return speak()
        return Availability("unknown", f"not tested; {how}", "run: interview-audio doctor --online")
    except OutageError as error:
        return Availability("unavailable", error.reason, error.remedy)
    except EngineError as error:  # this machine has no room for a connection
        return Availability("unavailable", str(error))
