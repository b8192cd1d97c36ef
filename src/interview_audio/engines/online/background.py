"""An event loop in a thread of its own, on which other threads run coroutines and wait for them."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundLoop:
    """Starts with its first coroutine; once closed it stays so."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event
        self._closed = False

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end and return its result.

        Raises:
            CancelledError: The loop was or is being closed, or the coroutine was cancelled.
        """
        with self._lock:  # what is submitted before the loop is told to stop, is cancelled by it; nothing comes after
            if self._closed:
                coroutine.close()
                raise CancelledError
            if self._thread is None:
                self._thread = self._started()
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

    def _started(self) -> threading.Thread:
        ready = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), name=self._name, daemon=True)
        thread.start()
        ready.wait()
        return thread

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        ready.set()
        await self._stop.wait()
