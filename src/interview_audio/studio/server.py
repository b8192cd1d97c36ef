"""The studio's server: what pages ask for and may change, on this machine alone.

Another site's page must not be able to drive it: every address begins with a secret token, requests that come from
elsewhere or are for another host's name are refused, and no header lets another origin read an answer.
"""

import asyncio
import gc
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from interview_audio.errors import InterviewAudioError, UsageError
from interview_audio.files.file_names import media_type
from interview_audio.rendering.options import RenderOptions
from interview_audio.script.casting import HOST
from interview_audio.script.lines import Line, Voice
from interview_audio.script.takes import MOST_TAKES, redo_lines
from interview_audio.studio.background import DownloadTeller, Events, Renders, watch
from interview_audio.studio.edits import change_of, entry_name, text_of
from interview_audio.studio.project import Project, StaleEditError
from interview_audio.studio.sounds import (
    Booth,
    HeardClips,
    sample_line,
    sounds_of,
    spoken_wav,
    trial_line,
    voices_of_engine,
)
from interview_audio.studio.state import episode_file, episode_of, plan_of, state_of
from interview_audio.web_server import (
    LOOPBACK,
    SAFE_HEADERS,
    FileAnswer,
    OpenFile,
    headers_of,
    listen,
    path_behind,
    run_server,
    with_headers,
)

_TOKEN_BYTES = 32
_MOST_BYTES = 1_000_000
"""Of a request's body: more than the text of any turn."""
_PAGE = Path(__file__).parent / "page"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
"""Files of the page that are given out."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    *SAFE_HEADERS,
    (b"content-security-policy", _POLICY.encode()),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
_SECONDS_TO_END = 1.0
"""For a render, and for answers that have been begun, when the studio is ended."""
T = TypeVar("T")


class _TooLargeError(InterviewAudioError):
    """A request's body has more bytes than any action needs."""


class Guard:
    """What every request passes: it must be for this host's name, have the token and come from no other site.

    Args:
        app: What is behind it; sees paths without the token.
        token: The secret that addresses begin with.
        port: Of the server.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = {f"{name}:{port}".encode() for name in (LOOPBACK, "localhost")}
        self._origins = {b"http://" + host for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        send = with_headers(send, _HEADERS)
        refused = self._refused(scope)
        path = path_behind(self._token, scope["path"])
        if refused or path is None:
            await Response(status_code=refused or 404)(scope, receive, send)
            return
        await self._app({**scope, "path": path, "raw_path": path.encode()}, receive, send)

    def _refused(self, scope: Scope) -> int | None:
        """Return the status with which a request is refused; None where it is not."""
        if scope["type"] != "http":
            return 404
        headers = headers_of(scope)
        # Another name that resolves to this machine is that of a site (DNS rebinding).
        if len(headers.get(b"host", ())) != 1 or headers[b"host"][0].lower() not in self._hosts:
            return 403
        if any(origin not in self._origins for origin in headers.get(b"origin", ())):
            return 403
        if any(site not in (b"same-origin", b"none") for site in headers.get(b"sec-fetch-site", ())):
            return 403
        if path_behind(self._token, scope["path"]) is None:
            return 404
        if scope["method"] == "POST":
            kind = b"".join(headers.get(b"content-type", ())).partition(b";")[0].strip().lower()
            return None if kind == b"application/json" else 415
        return None if scope["method"] in ("GET", "HEAD") else 405


async def _body(request: Request) -> dict[str, Any]:
    """Return the JSON of a request."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > _MOST_BYTES:
            raise _TooLargeError("the request is too large")
    try:
        data = json.loads(bytes(content) or b"{}")
        json.dumps(data, ensure_ascii=False).encode()  # half a character cannot be written anywhere
    except (ValueError, RecursionError) as error:
        raise UsageError("the request is not JSON") from error
    if not isinstance(data, dict):
        raise UsageError("the request must be keys and values")
    return data


def _refusal(error: InterviewAudioError, version: str) -> JSONResponse:
    status = 422
    if isinstance(error, StaleEditError):
        status = 409
    elif isinstance(error, _TooLargeError):
        status = 413
    elif isinstance(error, UsageError):
        status = 400
    path = getattr(error, "path", "")
    place = {"file": Path(path).name if isinstance(path, str) and path else None}
    place |= {name: getattr(error, name, None) for name in ("line", "column")}
    message = getattr(error, "message", None) if place["file"] else None
    shown = {name: value for name, value in place.items() if value is not None}
    shown |= {"version": version} if status == 409 else {}
    return JSONResponse({"error": message or str(error), **shown}, status)


def _wav(content: bytes) -> Response:
    return Response(content, media_type="audio/wav")


class Studio:
    """A project with everything that its pages ask for.

    Args:
        source: An interview, or a script file.
        options: What was chosen beside it.
    """

    def __init__(self, source: Path, options: RenderOptions) -> None:
        self.events = Events()
        self.project = Project(source, options, lambda version: self.events.tell("state", {"version": version}))
        self._clips = HeardClips()
        self._booth = Booth(options, DownloadTeller(self.events, "download"))
        self._renders = Renders(self.project, self.events, self._on_rendered)
        self._shown: tuple[object, bytes, str] | None = None

    def app(self, token: str, port: int) -> ASGIApp:
        """Return the application that serves it."""
        get: Mapping[str, Callable[[Request], Awaitable[Response]]] = {
            "/": self._index,
            "/page/{name:path}": self._page_file,
            "/state": self._state,
            "/events": self._event_stream,
            "/lines/{line}.wav": self._line_sound,
            "/lines/{line}/sounds": self._line_sounds,
            "/sample.wav": self._sample,
            "/voices": self._voices,
            "/plan": self._plan,
            "/episode": self._episode,
            "/episode/{name}": self._episode_file,
        }
        post: Mapping[str, Callable[[Request], Awaitable[Response]]] = {
            "/edit": self._edit,
            "/undo": self._undo,
            "/redo": self._redo,
            "/say": self._say,
            "/redo-line": self._redo_line,
            "/render": self._render,
        }
        routes = [Route(path, endpoint, methods=["GET"]) for path, endpoint in get.items()]
        routes += [Route(path, endpoint, methods=["POST"]) for path, endpoint in post.items()]
        handlers = {InterviewAudioError: self._refuse, ClientDisconnect: _nobody_listens}
        app = Starlette(routes=routes, exception_handlers=handlers, lifespan=self._lifespan)
        app.router.redirect_slashes = False
        return Guard(app, token, port)

    def close(self) -> None:
        """End everything that runs."""
        self._renders.close(_SECONDS_TO_END)
        self._booth.close()
        self.project.close()

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self.events.open()
        tasks = [asyncio.create_task(watch(self.project, self._on_fault)), asyncio.create_task(self._warm_up())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _refuse(self, _: Request, error: Exception) -> Response:
        assert isinstance(error, InterviewAudioError)
        return _refusal(error, self.project.snapshot.version)

    async def _warm_up(self) -> None:
        with suppress(InterviewAudioError):  # the first line that is played says what is wrong
            await run_in_threadpool(self._booth.warm_up, self.project.snapshot.job)

    def _on_fault(self, error: Exception) -> None:
        """Tell of a fault of the program's own in the background, after which it goes on."""
        message = "the files could not be read again; the terminal says why"
        asyncio.get_running_loop().call_exception_handler({"message": message, "exception": error})
        self.events.tell("warning", {"message": message})

    def _on_rendered(self) -> None:
        self._clips.forget()
        with suppress(InterviewAudioError):
            self.project.refresh()  # whose cast and takes are those of the new record
        self.events.tell("state", {"version": self.project.snapshot.version})

    async def _heard(self, request: Request, work: Callable[[], T]) -> T:
        """Return what the booth makes; whoever goes away before it was begun gets nothing made."""
        future: Future[T] = self._booth.submit(work)
        made: asyncio.Future[Any] = asyncio.wrap_future(future)
        gone: asyncio.Future[Any] = asyncio.create_task(_disconnected(request))
        try:
            await asyncio.wait({made, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not made.done():
                made.cancel()
                raise ClientDisconnect
            heard: T = made.result()
        except CancelledError as error:
            raise ClientDisconnect from error
        finally:
            gone.cancel()
        return heard

    # What pages look at.

    async def _index(self, _: Request) -> Response:
        return self._file_of_page("index.html")

    async def _page_file(self, request: Request) -> Response:
        return self._file_of_page(request.path_params["name"])

    def _file_of_page(self, name: str) -> Response:
        path = page_files().get(name)
        if path is None:
            return Response(status_code=404)
        return FileResponse(path, media_type=_TYPES[path.suffix])

    async def _state(self, request: Request) -> Response:
        content, tag = await run_in_threadpool(self._state_now)
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(content, media_type="application/json", headers={"ETag": tag})

    def _state_now(self) -> tuple[bytes, str]:
        project, task = self.project, self._renders.task
        shaped_by = (
            project.snapshot,
            project.error,
            self._clips.count,
            tuple(project.takes.items()),
            project.can_undo,
            project.can_redo,
            None if task is None else tuple(task.items()),
        )
        if self._shown is None or self._shown[0] != shaped_by:
            content = json.dumps(state_of(project, self._clips, task), ensure_ascii=False).encode("utf-8", "replace")
            self._shown = (shaped_by, content, f'"{hashlib.sha256(content).hexdigest()[:20]}"')
        return self._shown[1:]

    async def _event_stream(self, _: Request) -> Response:
        first = f"event: state\ndata: {json.dumps({'version': self.project.snapshot.version})}\n\n"
        return StreamingResponse(self.events.stream(first), media_type="text/event-stream")

    async def _line_sound(self, request: Request) -> Response:
        name, snapshot = request.path_params["line"], self.project.snapshot
        line = snapshot.lines.get(name)
        if line is None:
            return Response(status_code=404)
        line, job = _in_take(line, request.query_params.get("take")), snapshot.job
        count = self._clips.count
        sound = await self._heard(request, lambda: spoken_wav(self._booth, self._clips, job, line))
        if self._clips.count != count:
            self.events.tell("line", {"id": name, "take": line.take})
        return _wav(sound)

    async def _line_sounds(self, request: Request) -> Response:
        snapshot = self.project.snapshot
        line = snapshot.lines.get(request.path_params["line"])
        if line is None:
            return Response(status_code=404)
        return JSONResponse(await run_in_threadpool(sounds_of, self._booth, snapshot.job, line))

    async def _sample(self, request: Request) -> Response:
        asked, job = request.query_params, self.project.snapshot.job
        speaker = asked.get("speaker") or HOST
        language = asked.get("language") or job.transcript.language
        voice = self._asked_voice(request, speaker, language)

        def sound() -> bytes:
            in_voice, line = sample_line(self._booth, job, speaker, language, voice, asked.get("text"))
            return spoken_wav(self._booth, self._clips, in_voice, line, by_itself=True)

        return _wav(await self._heard(request, sound))

    def _asked_voice(self, request: Request, speaker: str, language: str) -> Voice:
        """Return the voice that a page asks for: what it does not say is as the cast has it."""
        asked, job = request.query_params, self.project.snapshot.job
        own = next((dict(one.voices).get(language) for one in job.cast if one.speaker == speaker), None)
        engine = asked.get("engine") or (own.engine if own else job.engine.name)
        name = asked.get("voice") or (own.name if own and own.engine == engine else "")
        if not name:
            raise UsageError("voice: say which one")
        known = any(one.speaker == speaker for one in job.cast)
        entry = job.settings.speakers.get(entry_name(job, speaker)) if known else None
        rate = _number(asked.get("rate"), entry.rate if entry else 1.0, (0.5, 2.0), "rate")
        pitch = _number(asked.get("pitch"), entry.pitch if entry else 0.0, (-6.0, 6.0), "pitch")
        return Voice(engine, name, rate, pitch)

    async def _voices(self, request: Request) -> Response:
        job = self.project.snapshot.job
        engine = request.query_params.get("engine") or job.engine.name
        return JSONResponse(await run_in_threadpool(voices_of_engine, self._booth, engine, job.settings))

    async def _plan(self, _: Request) -> Response:
        return JSONResponse(await run_in_threadpool(plan_of, self.project.snapshot))

    async def _episode(self, _: Request) -> Response:
        return JSONResponse(await run_in_threadpool(episode_of, self.project))

    async def _episode_file(self, request: Request) -> Response:
        path = await run_in_threadpool(episode_file, self.project, request.path_params["name"])
        try:
            file = await run_in_threadpool(OpenFile, path) if path else None
        except OSError:  # it has gone meanwhile
            file = None
        if path is None or file is None:
            return Response(status_code=404)
        return FileAnswer(file, media_type(path.name))

    # What pages do.

    async def _edit(self, request: Request) -> Response:
        body = await _body(request)
        version, change = text_of(body, "version"), change_of(body)
        return JSONResponse({"version": await run_in_threadpool(self.project.edit, version, change)})

    async def _undo(self, request: Request) -> Response:
        version = text_of(await _body(request), "version")
        return JSONResponse({"version": await run_in_threadpool(self.project.undo, version)})

    async def _redo(self, request: Request) -> Response:
        version = text_of(await _body(request), "version")
        return JSONResponse({"version": await run_in_threadpool(self.project.redo, version)})

    async def _say(self, request: Request) -> Response:
        body = await _body(request)
        job = self.project.snapshot.job
        text, language = text_of(body, "text"), text_of(body, "language", job.transcript.language)
        said = text_of(body, "said") if body.get("said") else None

        def sound() -> bytes:
            in_words, line = trial_line(job, text, language, said)
            return spoken_wav(self._booth, self._clips, in_words, line, by_itself=True)

        return _wav(await self._heard(request, sound))

    async def _redo_line(self, request: Request) -> Response:
        name = str((await _body(request)).get("line"))
        snapshot, takes = self.project.snapshot, self.project.takes
        line = snapshot.lines.get(name)
        if line is None:
            return Response(status_code=404)
        if line.is_announced:
            raise UsageError("the show says this line, which has no turn in the script file to name a take of it")
        if snapshot.turn(line.turn).recording:
            raise UsageError("this line is a recording, which has no other take")
        known = max(line.takes, line.take, takes.get(name, 1))
        if known >= MOST_TAKES:
            raise UsageError(f"this line has {MOST_TAKES} takes, which is the most; choose one of them")
        other = redo_lines([line], (0,), known + 1)[0]
        await self._heard(request, lambda: self._clips.add(self._booth.speak(snapshot.job, other)))
        takes[name] = known + 1
        self.events.tell("line", {"id": name, "take": known + 1})
        return JSONResponse({"take": known + 1})

    async def _render(self, request: Request) -> Response:
        if (await _body(request)).get("cancel"):
            await run_in_threadpool(self._renders.cancel)
        elif not self._renders.start():
            raise StaleEditError("a render is running already")
        return JSONResponse({"version": self.project.snapshot.version})


async def _nobody_listens(_: Request, __: Exception) -> Response:
    return Response()  # which nobody gets


def _in_take(line: Line, take: str | None) -> Line:
    if take is None:
        return line
    if not take.isascii() or not take.isdigit() or not 1 <= int(take) <= MOST_TAKES:
        raise UsageError(f"take: must be from 1 to {MOST_TAKES}")
    return redo_lines([line], (0,), int(take))[0]


def _number(written: str | None, default: float, bounds: tuple[float, float], name: str) -> float:
    try:
        value = default if written is None or not written else float(written)
    except ValueError as error:
        raise UsageError(f"{name}: must be a number") from error
    if not bounds[0] <= value <= bounds[1]:
        raise UsageError(f"{name}: must be from {bounds[0]:g} to {bounds[1]:g}")
    return value


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def page_files() -> dict[str, Path]:
    """Return the files of the page by the names under which they are given out; no others are."""
    return {
        path.relative_to(_PAGE).as_posix(): path
        for path in sorted(_PAGE.rglob("*"))
        if path.suffix in _TYPES and path.is_file()
    }


def serve(source: Path, options: RenderOptions, port: int, on_address: Callable[[str], None]) -> None:
    """Serve the studio of a project until somebody interrupts it.

    Args:
        source: An interview, or a script file.
        options: What was chosen beside it.
        port: 0 for any that is free.
        on_address: Called with the address of the page once it can be opened.

    Raises:
        InterviewAudioError: The project cannot be read.
        OutputError: The port is not free.
        KeyboardInterrupt: Somebody ended it.
    """
    studio = Studio(source, options)
    gc.freeze()  # what is loaded stays: looking through all of it takes a third of the time of a change

    async def end() -> None:
        studio.events.close()
        await asyncio.to_thread(studio.close)

    try:
        with listen(LOOPBACK, port) as listening:
            token, number = secrets.token_urlsafe(_TOKEN_BYTES), listening.getsockname()[1]
            on_address(f"http://{LOOPBACK}:{number}/{token}/")
            run_server(studio.app(token, number), listening, patience=_SECONDS_TO_END, on_end=end)
    finally:
        studio.close()
