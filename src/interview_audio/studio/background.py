"""What goes on while pages are open: events to all of them, a render that can be ended, and files that change."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from interview_audio.errors import InterviewAudioError
from interview_audio.files.staged_files import complete_published
from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import SilentListener, Stage
from interview_audio.rendering.render import render
from interview_audio.rendering.up_to_date import is_up_to_date
from interview_audio.studio.project import Project
from interview_audio.synthesis.workers import WorkerPool

_LOOK_AGAIN = 2.0
"""Seconds after which files are looked at although no change was reported: network disks report none."""
_QUIET = 0.1
"""Seconds without a change that end a group of them: editors write a file in several steps."""
_PROGRESS_SECONDS = 0.1
"""Seconds between two events of progress at least."""
_WAIT_SECONDS = 10.0
"""Seconds after which it is told again that a service is waited for; it is heard of every second."""
_COMMENT_SECONDS = 15.0
"""Seconds after which a quiet stream of events says that it is still there."""
_UNSURE_BELOW = 0.05
"""Part of a stage below which nobody can say how long the rest takes."""


class Events:
    """What pages are told as it happens: server-sent events, the same to every page."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pages: set[asyncio.Queue[str | None]] = set()

    def tell(self, event: str, data: dict[str, Any]) -> None:
        """Tell all pages; any thread may call it."""
        if self._loop is not None and not self._loop.is_closed():
            text = f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
            with suppress(RuntimeError):  # the loop was closed a moment ago
                self._loop.call_soon_threadsafe(self._put, text)

    def open(self) -> None:
        """Have the running event loop carry what is told."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """End all streams."""
        self._put(None)

    async def stream(self, first: str) -> AsyncIterator[str]:
        """Yield events for one page until it goes or the studio closes.

        Args:
            first: What it is told at once.
        """
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._pages.add(queue)
        try:
            yield first
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), _COMMENT_SECONDS)
                except TimeoutError:
                    text = ": still here\n\n"
                if text is None:
                    return
                yield text
        finally:
            self._pages.discard(queue)

    def _put(self, text: str | None) -> None:
        for queue in self._pages:
            queue.put_nowait(text)


class _CancelledError(InterviewAudioError):
    """Somebody ended the render."""

    def __str__(self) -> str:
        return "the render was ended; finished lines are kept"


class Teller(SilentListener):
    """A listener that tells the pages.

    Args:
        events: Where.
        task: What goes on, in one word.
    """

    def __init__(self, events: Events, task: str) -> None:
        self._events = events
        self._task = task
        self._stage: Stage | None = None
        self._began = 0.0
        self._told = 0.0
        self._waited = -_WAIT_SECONDS
        self.latest: dict[str, Any] | None = None
        """What was told last of the progress."""

    def progress(self, stage: Stage, done: int, total: int) -> None:
        """See ``Listener``."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began, self._told = stage, now, 0.0
        part = done / max(total, 1)
        left = round((now - self._began) * (1 - part) / part, 1) if part > _UNSURE_BELOW else None
        self.latest = {"task": self._task, "stage": stage, "done": done, "total": total, "seconds_left": left}
        if now - self._told >= _PROGRESS_SECONDS or done >= total:
            self._told = now
            self._events.tell("progress", self.latest)

    def notice(self, message: str) -> None:
        """See ``Listener``."""
        self._events.tell("notice", {"message": message})

    def waiting(self, message: str | None) -> None:
        """See ``Listener``."""
        now = time.monotonic()
        if message and now - self._waited >= _WAIT_SECONDS:
            self._waited = now
            self._events.tell("notice", {"message": f"Waiting: {message}"})

    def warning(self, message: str) -> None:
        """See ``Listener``."""
        self._events.tell("warning", {"message": message})


class DownloadTeller(Teller):
    """A listener for single lines, of which only the download of an engine takes long enough to be told."""

    def progress(self, stage: Stage, done: int, total: int) -> None:
        """See ``Listener``."""
        if stage == "download":
            super().progress(stage, done, total)


class _RenderTeller(Teller):
    """The listener of a render, which ends it where that was asked for."""

    def __init__(self, events: Events) -> None:
        super().__init__(events, "render")
        self.is_cancelled = threading.Event()

    def progress(self, stage: Stage, done: int, total: int) -> None:
        """See ``Listener``."""
        self._end_if_asked()
        super().progress(stage, done, total)

    def notice(self, message: str) -> None:
        """See ``Listener``."""
        self._end_if_asked()
        super().notice(message)

    def _end_if_asked(self) -> None:
        if self.is_cancelled.is_set():
            raise _CancelledError


class Renders:
    """The render of a project in the background, one at a time.

    Args:
        project: What is rendered.
        events: Told of the progress and the end.
        on_end: Called when a render has ended, however.
    """

    def __init__(self, project: Project, events: Events, on_end: Callable[[], None]) -> None:
        self._project = project
        self._events = events
        self._on_end = on_end
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._teller: _RenderTeller | None = None
        self._pool: WorkerPool | None = None
        self._is_closed = False

    @property
    def task(self) -> dict[str, Any] | None:
        """What goes on, with its progress; None where nothing does."""
        teller = self._teller
        if teller is None:
            return None
        return teller.latest or {"task": "render", "stage": "voices", "done": 0, "total": 0, "seconds_left": None}

    def start(self) -> bool:
        """Start a render; tell whether one was not running already."""
        with self._lock:
            if self._teller is not None:
                return False
            self._teller = _RenderTeller(self._events)
            self._thread = threading.Thread(target=self._run, args=(self._teller,), daemon=True, name="render")
            self._thread.start()
            return True

    def cancel(self) -> None:
        """End the render that runs; what is finished of it is kept in the store, and no file is half written."""
        teller, pool = self._teller, self._pool
        if teller is not None:
            teller.is_cancelled.set()
            if pool is not None:
                pool.engines.close()  # a request under way is not waited for

    def close(self, seconds: float) -> None:
        """End the render that runs, the lines that are being spoken too, and wait so long for it."""
        self._is_closed = True
        self.cancel()
        if (pool := self._pool) is not None:
            pool.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)  # as when a command is interrupted
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, teller: _RenderTeller) -> None:
        path, message = None, "it failed unexpectedly; the terminal says how"
        try:
            path = str(self._render(teller))
        except InterviewAudioError as error:
            message = str(error)
        except RuntimeError:
            if not self._is_closed:  # its workers were ended under it
                raise
        finally:
            is_cancelled = teller.is_cancelled.is_set() and path is None
            self._teller = self._pool = None
            self._on_end()
            shown = None if is_cancelled or path else message
            self._events.tell("finished", {"task": "render", "path": path, "error": shown, "interrupted": is_cancelled})

    def _render(self, teller: _RenderTeller) -> Path:
        options = self._project.options
        complete_published(options.folder)
        inputs = self._project.read()
        if is_up_to_date(inputs, options) and inputs.record is not None:
            return options.folder / inputs.record.sound.name
        with WorkerPool(options.jobs) as self._pool:
            job = prepare(inputs, options, pool=self._pool)
            return render(job, listener=teller, pool=self._pool).path


async def watch(project: Project, on_fault: Callable[[Exception], None]) -> None:
    """Have a project read its files again whenever one of them changes; never ends by itself.

    Args:
        project: Whose files they are.
        on_fault: Called with whatever goes wrong that no file is to blame for; the next change is seen all the same.
    """
    from watchfiles import awatch

    async def look() -> None:
        try:
            await asyncio.to_thread(project.look)
        except Exception as error:  # noqa: BLE001 - without a watcher the page would show old files and say nothing
            on_fault(error)

    while True:
        folders = _folders(project)
        try:
            async for _ in awatch(
                *folders,
                watch_filter=None,  # the project compares: an editor may rename what it wrote over the file
                step=round(_QUIET * 1000),
                rust_timeout=round(_LOOK_AGAIN * 1000),
                yield_on_timeout=True,
                recursive=False,
            ):
                await look()
                if folders != _folders(project):
                    break
        except OSError:  # the system has no more watches to give, or its disk knows none
            await asyncio.sleep(_LOOK_AGAIN)
            await look()


def _folders(project: Project) -> set[Path]:
    """Return where changes are to be reported; a folder that is missing will appear in the one above."""
    nearest = (next(filter(Path.is_dir, file.absolute().parents), None) for file in project.watched())
    return {folder for folder in nearest if folder}
