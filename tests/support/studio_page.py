"""A page of a studio, which asks as a browser does but without a network."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

from interview_audio.rendering.options import RenderOptions
from interview_audio.studio.server import Studio

TOKEN, PORT = "the-token", 8123
OPTIONS = RenderOptions(output=Path("out"), engine="tone", store=Path("clips"))


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Page:
    """A page of a studio; what it asks for goes through everything but sockets."""

    def __init__(self, source, options=OPTIONS):
        self.studio = Studio(source, options)
        self.app = self.studio.app(TOKEN, PORT)

    def ask(self, method, path, body=b"", headers=(), host=f"127.0.0.1:{PORT}"):
        path, _, query = path.partition("?")
        own = [(b"host", host.encode())] if host else []
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [*own, *((name.encode(), value.encode()) for name, value in headers)],
            "http_version": "1.1",
            "scheme": "http",
            "root_path": "",
            "server": ("127.0.0.1", PORT),
            "client": ("127.0.0.1", 1),
        }
        return asyncio.run(self._ask(scope, body))

    async def _ask(self, scope, body):
        parts = iter([{"type": "http.request", "body": body, "more_body": False}])
        sent = []

        async def receive():
            for part in parts:
                return part
            return await asyncio.Event().wait()

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))

    def get(self, path, **more):
        return self.ask("GET", f"/{TOKEN}/{path}", **more)

    def post(self, path, body, headers=(("content-type", "application/json"),)):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", f"/{TOKEN}/{path}", content, headers)

    @property
    def state(self):
        return self.get("state").json

    def turn(self, start):
        """The turn that begins with these words."""
        return next(turn for turn in self.state["turns"] if turn["text"].startswith(start))

    def line(self, start):
        """The id of the line that begins with these words."""
        return next(name for name, line in self.state["lines"].items() if line["text"].startswith(start))

    def edit(self, action, **body):
        return self.post("edit", {"version": self.state["version"], "action": action, **body})

    def said(self):
        """Who says what, of what is read."""
        return [(turn["speaker"], turn["text"]) for turn in self.state["turns"] if turn["is_read"]]
