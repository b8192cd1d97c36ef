"""A server of aiohttp in a thread of its own: it serves asyncio tests, blocking tests and child processes alike."""

import asyncio
import ssl
import threading
from collections.abc import Iterable
from typing import Self

from aiohttp import web


class LoopbackServer:
    """A context manager; it serves what ``routes`` names, from within the block, at ``port``."""

    def __init__(self, tls_context: ssl.SSLContext | None = None) -> None:
        self.port = 0
        self._tls = tls_context
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def routes(self) -> Iterable[web.RouteDef]:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the server did not start")
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def disappear(self) -> None:
        """Drop every connection and refuse new ones."""
        asyncio.run_coroutine_threadsafe(self.vanish(), self._loop).result(10)

    def reappear(self) -> None:
        """Answer again, at the same port."""
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    async def vanish(self) -> None:
        """``disappear``, for handlers."""
        await self._refuse()
        for handler in self._runner.server.connections if self._runner.server else ():
            if handler.transport:
                handler.transport.abort()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await self._listen()
        self._ready.set()
        await self._stop.wait()
        await self._refuse()
        await self._runner.cleanup()

    async def _listen(self) -> None:
        assert self._runner.server
        self._listener = await self._loop.create_server(
            self._runner.server, "127.0.0.1", self.port, ssl=self._tls, reuse_address=True
        )
        self.port = int(self._listener.sockets[0].getsockname()[1])

    async def _refuse(self) -> None:
        # A connection accepted in the round of the loop in which asyncio's server is closed is neither served nor
        # closed: first no more are accepted, then those on their way arrive.
        for sock in self._listener.sockets:
            self._loop.remove_reader(sock.fileno())
        for _ in range(3):
            await asyncio.sleep(0)
        self._listener.close()
