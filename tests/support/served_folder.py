"""A folder of small episodes to be served, and an application asked as a client does but without a network."""

import asyncio
from dataclasses import dataclass, replace
from hashlib import sha256

from interview_audio.files.episode_record import RecordedFile, RecordedMember
from interview_audio.publishing.server import Broadcast, Shelf, Site
from records import RECORD

TOKEN, PORT = "t" * 22, 8468
SITE = Site(PORT, None, ("127.0.0.1",), is_open=False, names=frozenset(("localhost", "desk", "desk.local")))
TEXTS = {
    ".vtt": "WEBVTT\n",
    ".srt": "1\n",
    ".transcript.json": "{}",
    ".chapters.json": "{}",
    ".md": "# Notes\n",
    ".html": "<!doctype html><title>Player</title>",
}


def sound(stem, size=200_000):
    """Bytes of which no two stretches are alike."""
    parts = (sha256(f"{stem} {number}".encode()).digest() for number in range(size // 32 + 1))
    return b"".join(parts)[:size]


def put_episode(folder, stem, content=None, kind=".mp3", **changes):
    """Write an episode as a render leaves it: its record and its sidecar files, the sound last."""
    folder.mkdir(exist_ok=True)
    names = [f"{stem}{suffix}" for suffix in (*TEXTS, kind)]
    files = tuple(RecordedFile(name, 1, "ab") for name in names)
    people = [RecordedMember("Q", "host", (), "", "Interviewer"), RecordedMember("Ida Holm", "guest", (), "")]
    changes = {"title": f"Episode {stem}", "language": "en", "cast": tuple(people), **changes}
    (folder / f"{stem}.episode.json").write_text(replace(RECORD, files=files, **changes).format(), "utf-8")
    for suffix, text in TEXTS.items():
        (folder / f"{stem}{suffix}").write_text(text, "utf-8")
    part = folder / f".{stem}.part"
    part.write_bytes(sound(stem) if content is None else content)
    part.replace(folder / f"{stem}{kind}")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self):
        return self.body.decode()


class Served:
    """A folder as it is served; what is asked for goes through everything but sockets."""

    def __init__(self, folder, site=SITE, podcast=None):
        self.warnings, self.told = [], []
        self.shelf = Shelf(folder, podcast, self.warnings.append)
        self.shelf._looked = float("-inf")  # looks again at once
        self.site = site
        self.app = Broadcast(self.shelf, site, self.told.append).app()

    def ask(self, path, headers=(), method="GET", host=f"127.0.0.1:{PORT}", on_send=None):
        own = [(b"host", host.encode())] if host is not None else []
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode("utf-8", "replace"),
            "query_string": b"",
            "headers": [*own, *((name.lower().encode(), value.encode()) for name, value in dict(headers).items())],
            "http_version": "1.1",
            "scheme": "http",
            "root_path": "",
            "server": ("127.0.0.1", PORT),
            "client": ("192.168.1.9", 1),
        }
        return asyncio.run(self._ask(scope, on_send))

    async def _ask(self, scope, on_send):
        sent = []

        async def receive():
            await asyncio.Event().wait()

        async def send(message):
            sent.append(message)
            if on_send:
                on_send(message)

        await self.app(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))

    def get(self, name, headers=(), **more):
        """Ask for a name, now: the folder is looked at again."""
        self.shelf._looked = float("-inf")
        return self.ask(f"/{self.site.token}/{name}" if self.site.token else f"/{name}", headers, **more)
