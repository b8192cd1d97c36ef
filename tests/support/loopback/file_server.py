"""A server of one large file, as release pages have them: behind a redirect, with ranges, and with faults."""

import asyncio
import re

from aiohttp import web

from loopback.server import LoopbackServer


class FileServer(LoopbackServer):
    """Serves ``content`` at ``/release/file``; what it is to do wrong is set beforehand."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content
        self.knows_ranges = True
        self.knows_size = True
        self.statuses: list[int] = []
        """What the next requests are answered with instead."""
        self.cuts: list[int] = []
        """After how many bytes the next answers break off."""
        self.asked: list[str] = []
        """The ``Range`` of each request for the file."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/release/file"

    def routes(self):
        return (web.get("/release/file", self._redirect), web.get("/stored", self._send))

    async def _redirect(self, _request):
        raise web.HTTPFound("/stored")

    async def _send(self, request):
        self.asked.append(request.headers.get("Range", ""))
        if self.statuses:
            return web.Response(status=self.statuses.pop(0))
        found = re.fullmatch(r"bytes=(\d+)-", self.asked[-1]) if self.knows_ranges else None
        first = int(found[1]) if found else 0
        if first >= len(self.content):
            return web.Response(status=416)
        answer = web.StreamResponse(status=206 if found else 200)
        if self.knows_size:
            answer.content_length = len(self.content) - first
        if found:
            answer.headers["Content-Range"] = f"bytes {first}-{len(self.content) - 1}/{len(self.content)}"
        await answer.prepare(request)
        rest = self.content[first:]
        if self.cuts:
            await answer.write(rest[: self.cuts.pop(0)])
            await asyncio.sleep(0.05)  # what has been sent is read before the connection goes
            request.transport.abort()
            return answer
        await answer.write(rest)
        return answer
