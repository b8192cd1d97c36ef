"""A connection is served or closed, whenever the server goes away: what is left open ends a test with a warning."""

import asyncio
import contextlib
import gc
import socket

import pytest
from aiohttp import web

from loopback.server import LoopbackServer


class Greeter(LoopbackServer):
    def routes(self):
        return (web.get("/", self._greet),)

    async def _greet(self, request):
        return web.Response(text="hello")


def answer(port):
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        return connection.makefile("rb").read()


@pytest.mark.parametrize("rounds", range(6))
def test_a_connection_that_comes_as_the_server_goes(rounds):
    async def meet():
        connection.connect(("127.0.0.1", server.port))
        for _ in range(rounds):
            await asyncio.sleep(0)
        await server.vanish()

    with Greeter() as server, socket.socket() as connection:
        connection.settimeout(10)
        asyncio.run_coroutine_threadsafe(meet(), server._loop).result(10)
        with contextlib.suppress(ConnectionError):  # refused
            assert connection.recv(1) == b""  # closed
        gc.collect()


def test_away_and_back_at_the_same_port():
    with Greeter() as server:
        port = server.port
        assert answer(port).endswith(b"hello")
        server.disappear()
        with pytest.raises(ConnectionRefusedError):
            answer(port)
        server.reappear()
        assert server.port == port
        assert answer(port).endswith(b"hello")
