"""The requests of one engine: from any thread onto one background loop, and the first outage ends them all."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError
from typing import Any, TypeVar

from interview_audio.engines.online.background import BackgroundLoop
from interview_audio.errors import EngineError, OutageError

T = TypeVar("T")


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
