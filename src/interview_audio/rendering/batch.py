"""Many interviews, one queue: what is ready is done by whoever is free, and episodes are finished one by one.

For each source a worker plans, workers make the clips that are missing, and a worker renders: by then all clips are
stored, and whatever is damaged or gone again is made on the spot. This process only hands out calls; it holds no sound,
and only the sources that are being worked on. A source that fails stops no other.
"""

import heapq
import os
import queue
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar, Unpack

from interview_audio.engines.protocol import DeviceChoosing, Engine, Preparing, Resource, Utterance
from interview_audio.errors import EngineError, InterviewAudioError, OutageError, SourceError, UsageError
from interview_audio.files.file_names import clashing_stems, stem_of
from interview_audio.rendering.options import RenderKeywords, RenderOptions, SilentListener, Stage, options_of
from interview_audio.rendering.render import download_missing
from interview_audio.rendering.settings_checks import UnmatchedEntry, unmatched_warnings
from interview_audio.rendering.source_calls import (
    SourcePlan,
    SourceResult,
    SourceTask,
    plan_source,
    reach,
    render_source,
)
from interview_audio.rendering.staged_sources import FilesWantedError, SourceSender, as_given, for_others
from interview_audio.storage.addresses import Address
from interview_audio.synthesis.clip_worker import ClipResult, ClipWorker, LoadedEngines
from interview_audio.synthesis.planning import ClipJob, EnginePreparation
from interview_audio.synthesis.store import open_store
from interview_audio.synthesis.synthesizing import (
    ClipAttempts,
    outage_of,
    speech_failure,
)
from interview_audio.synthesis.workers import (
    LocalWorkers,
    WorkerFailedError,
    WorkerKilledError,
    WorkerPool,
    Workers,
)

P = ParamSpec("P")
T = TypeVar("T")

State = Literal["done", "unchanged", "failed", "not tried"]

_AHEAD = 2
"""Calls handed out for each that can run: nobody waits for the next one, and what is urgent waits for few."""
_MORE_SOURCES = 2
"""Sources that are worked on at a time beside two for each worker."""
_GATHERED = 1000
"""Lines after which an engine that is still not worth preparing is never asked again."""
_MOST_ASKED = 20
"""Times that workers may ask for files of one source: more mean that these change all the time."""
_MOST_ON_ITS_WAY = 64_000_000
"""Bytes of such files that are sent at a time, and one more."""
_LOOK_UP = 1.0
"""Seconds between two looks at what engines wait for."""


@dataclass(frozen=True, slots=True)
class SourceEnd:
    """How a source of a batch has ended."""

    source: Path
    state: State
    result: SourceResult | None = None
    """The episode, if there is one."""
    spoken: int = 0
    """Clips that were made for it."""
    reason: str = ""
    """Why it failed or was not tried, one line."""
    line: int | None = None
    """Of the source, if the reason is there."""
    warnings: tuple[str, ...] = ()


class BatchListener(Protocol):
    """Called with the progress of a batch, by the thread that runs it."""

    def planned(self, source: Path, lines: int, missing: int) -> None:
        """Show that a source is understood, and how many of its lines have to be spoken."""

    def spoken(self, source: Path, done: int, missing: int) -> None:
        """Show how many of its lines have been spoken."""

    def producing(self, source: Path) -> None:
        """Show that its episode is being made of the clips."""

    def notice(self, message: str) -> None:
        """Show a line about the machines, which changes no episode."""

    def warning(self, message: str) -> None:
        """Show a line about settings that many sources share, at the end."""

    def waiting(self, message: str | None) -> None:
        """Show what is waited for, about once a second; None while the work goes on."""

    def downloading(self, arrived: int, size: int) -> None:
        """Show how many megabytes have arrived of what an engine lacks on this machine."""


class SilentBatchListener:
    """A listener that ignores everything; derive your own from it and override the methods you need."""

    def planned(self, source: Path, lines: int, missing: int) -> None:
        """Ignore it."""

    def spoken(self, source: Path, done: int, missing: int) -> None:
        """Ignore it."""

    def producing(self, source: Path) -> None:
        """Ignore it."""

    def notice(self, message: str) -> None:
        """Ignore it."""

    def warning(self, message: str) -> None:
        """Ignore it."""

    def waiting(self, message: str | None) -> None:
        """Ignore it."""

    def downloading(self, arrived: int, size: int) -> None:
        """Ignore it."""


_SILENT = SilentBatchListener()
_OF_ONE_SOURCE = ("title", "name", "redo", "take")
"""Keywords that make sense for one source only."""


def batch(
    sources: Iterable[str | Path],
    *,
    listener: BatchListener = _SILENT,
    workers: Workers | None = None,
    **keywords: Unpack[RenderKeywords],
) -> Iterator[SourceEnd]:
    """Make the episodes of many interviews with one pool of workers; yield how each source has ended, as it comes.

    Args:
        sources: Files.
        listener: Called with the progress.
        workers: Who does the work; processes of this machine unless given.
        **keywords: See ``RenderKeywords``; ``title``, ``name``, ``redo`` and ``take`` are for one source.

    Raises:
        TypeError: There is no such keyword.
        UsageError: The keywords do not fit.
        EngineError: The workers are gone, when the next end is asked for.
    """
    if found := [name for name in _OF_ONE_SOURCE if keywords.get(name)]:
        raise UsageError(f"{found[0]} works with one source; render them one by one")
    return _ends(sources, options_of(keywords), workers, listener)


def _ends(
    sources: Iterable[str | Path], options: RenderOptions, workers: Workers | None, listener: BatchListener
) -> Iterator[SourceEnd]:
    with ExitStack() as stack:
        if workers is None:
            workers = local_workers(stack.enter_context(WorkerPool(options.jobs)), options, listener)
        yield from run_batch(distinct(map(Path, sources)), options, workers, listener)


def distinct(sources: Iterable[Path]) -> list[Path]:
    """Return the sources in order, each once."""
    known: dict[str, Path] = {}
    for source in sources:
        known.setdefault(identity_of(source), source)
    return list(known.values())


def identity_of(source: Path) -> str:
    """Return what a source is known by: two ways to one file of one name are one source."""
    return os.path.abspath(source)  # noqa: PTH100 - which also takes out what leads up and down again


def local_workers(pool: WorkerPool, options: RenderOptions, listener: BatchListener) -> LocalWorkers:
    """Return the workers of a pool on this machine; what an engine lacks is downloaded before it speaks in them."""
    downloads = _Downloads(listener)

    def get_ready(engine: Engine) -> None:
        download_missing(engine, downloads, is_offline=options.is_offline)
        if isinstance(engine, DeviceChoosing) and (notice := engine.device_notice()):
            listener.notice(notice)

    return LocalWorkers(pool, get_ready)


class _Downloads(SilentListener):
    """Passes on what a batch hears of a download."""

    def __init__(self, listener: BatchListener) -> None:
        self._listener = listener

    def notice(self, message: str) -> None:
        self._listener.notice(message)

    def progress(self, stage: Stage, done: int, total: int) -> None:  # noqa: ARG002 - there is no other stage
        self._listener.downloading(done, total)


def run_batch(
    sources: Sequence[Path], options: RenderOptions, workers: Workers, listener: BatchListener
) -> Iterator[SourceEnd]:
    """Make the episodes of distinct sources; yield how each of them has ended, as it comes.

    Those that would write the same files fail, as nobody knows which one is meant; the others do not suffer from it.

    Raises:
        EngineError: The workers are gone.
        OutputError: The address of the episodes cannot be reached, or refuses: nothing is tried.
    """
    if isinstance(options.output, Address) and sources:
        with suppress(WorkerKilledError):  # it says nothing of the address
            workers.submit(reach, options.output).result()
    clashes = clashing_stems(source for source in sources if os.path.lexists(source))
    for source, other in clashes.items():
        reason = f"{source} and {other} would both write {stem_of(source)}.*; rename one of them, or render it alone"
        yield SourceEnd(source, "failed", reason=f"{reason} with --name NAME")
    yield from Batch((SourceTask(one, options) for one in sources if one not in clashes), workers, listener).run()


@dataclass(slots=True, eq=False)
class _Source:
    """A source that is being worked on."""

    number: int
    task: SourceTask
    plan: SourcePlan = field(default_factory=SourcePlan)
    missing: set[str] = field(default_factory=set)
    """Keys of clips that are not there yet."""
    spoken: int = 0
    failures: dict[str, InterviewAudioError] = field(default_factory=dict)
    outage: OutageError | None = None
    has_lost_worker: bool = False
    """A worker was killed while it planned or rendered this."""
    named: dict[str, None] = field(default_factory=dict)
    """Files that workers have found to be named in it."""
    wanted: dict[str, None] = field(default_factory=dict)
    """Those that a worker has not, and that are sent with the next call: perhaps another one answers that."""
    asked: int = 0
    """How often workers have asked."""
    warnings: tuple[str, ...] = ()
    held: ExitStack = field(default_factory=ExitStack)
    """Keeps its clips from being pruned."""


@dataclass(slots=True, eq=False)
class _SettingsFile:
    """What the sources that a settings file is about have of what it names."""

    source: Path = Path()
    """One of them."""
    sources: int = 0
    unmatched: dict[str, UnmatchedEntry] = field(default_factory=dict)
    """By their places."""
    lacking: Counter[str] = field(default_factory=Counter)
    """By the place of an entry, how many sources have nothing that it matches."""

    def add(self, source: Path, unmatched: Iterable[UnmatchedEntry]) -> None:
        """Take in what one of them has not."""
        self.source = source
        self.sources += 1
        for one in unmatched:
            self.unmatched.setdefault(one.place, one)
            self.lacking[one.place] += 1


class Batch:
    """A batch that is under way.

    Args:
        tasks: The sources, in the order in which their episodes are wanted; read as there is room for them.
        workers: Who does the work.
        listener: Called with the progress.
    """

    def __init__(self, tasks: Iterable[SourceTask], workers: Workers, listener: BatchListener) -> None:
        self._tasks = enumerate(tasks)
        self._workers = workers
        self._listener = listener
        self._sources: dict[int, _Source] = {}
        self._to_plan: deque[_Source] = deque()
        """Those that are planned once more."""
        self._to_render: deque[_Source] = deque()
        self._queued: dict[Resource, list[tuple[bool, int, int, ClipJob]]] = {}
        """Heaps: what another render was making comes last, else the earliest source first."""
        self._order = count()
        self._wanted: dict[str, list[_Source]] = {}
        """By the key of a clip that is queued or being made, who needs it."""
        self._running: dict[Future[Any], tuple[Resource, Callable[[Future[Any]], Iterator[SourceEnd]]]] = {}
        self._busy: Counter[Resource] = Counter()
        self._ended: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        self._attempts = ClipAttempts()
        self._sender = SourceSender()
        self._on_its_way = 0
        """Bytes of files that are being sent to workers which asked for them."""
        self._outages: dict[str, OutageError] = {}
        """By engine whose service cannot be used: it is not asked again in this run."""
        self._engines = LoadedEngines()
        self._settings_files: defaultdict[str, _SettingsFile] = defaultdict(_SettingsFile)
        self._to_say: dict[tuple[str, str], list[Utterance] | None] = {}
        """By engine and settings, what is to be said until preparing it pays off; None once that is settled."""

    def run(self) -> Iterator[SourceEnd]:
        """Yield the end of each source as it comes.

        Raises:
            EngineError: The workers are gone.
        """
        with self._engines:
            try:
                while True:
                    self._hand_out()
                    if not self._running:
                        self._tell_unmatched()
                        return
                    yield from self._next_ends()
            finally:
                for future in self._running:
                    future.cancel()
                for source in self._sources.values():
                    source.held.close()

    def _tell_unmatched(self) -> None:
        """Tell what in a settings file matches nothing in any source: what one of them lacks is about another one."""
        for name, file in self._settings_files.items():
            unmatched = [one for one in file.unmatched.values() if file.lacking[one.place] == file.sources]
            where = file.source.name if file.sources == 1 else f"any of {file.sources:,} interviews"
            for message in unmatched_warnings(unmatched, name, where, hints=file.sources == 1):
                self._listener.warning(message)

    def _next_ends(self) -> Iterator[SourceEnd]:
        try:
            future = self._ended.get(timeout=_LOOK_UP)
        except queue.Empty:
            self._listener.waiting(self._workers.waiting())
            return
        needs, follow = self._running.pop(future)
        self._busy[needs] -= 1
        yield from follow(future)

    # What is handed out, and in which order.

    def _hand_out(self) -> None:
        """Hand out calls: finish what is begun before something else is begun."""
        for needs in self._queued:
            while needs != "cpu" and self._has_room(needs) and self._speak_next(needs):
                pass
        while self._has_room("cpu"):
            if source := self._first(self._to_render):
                self._render(source)
            elif self._is_short_of_lines() and (source := self._next_source()):
                self._call(self._planned, source, plan_source)
            elif not self._speak_next("cpu"):
                return

    def _has_room(self, needs: Resource) -> bool:
        ahead = 1 if needs == "network" else _AHEAD  # a connection too many would be impolite
        return self._busy[needs] < ahead * self._workers.capacity(needs)

    def _idle_workers(self) -> int:
        """Count the cores that nobody needs while one more call is done."""
        return max(0, self._workers.capacity("cpu") - self._busy["cpu"] - self._busy["either"] - 1)

    def _is_short_of_lines(self) -> bool:
        return sum(map(len, self._queued.values())) < _AHEAD * self._workers.capacity("cpu")

    def _first(self, waiting: deque[_Source]) -> _Source | None:
        """Take the first that can be worked on: files are sent while not too much of them is on its way."""
        for index, source in enumerate(waiting):
            if not source.wanted or self._on_its_way < _MOST_ON_ITS_WAY:
                del waiting[index]
                return source
        return None

    def _next_source(self) -> _Source | None:
        if again := self._first(self._to_plan):
            return again
        if len(self._sources) >= _MORE_SOURCES + _AHEAD * self._workers.capacity("cpu"):
            return None
        number, task = next(self._tasks, (0, None))
        if task is None:
            return None
        source = self._sources[number] = _Source(number, task)
        return source

    def _speak_next(self, needs: Resource) -> bool:
        """Hand the next clip out that somebody still needs; tell whether there was one."""
        queued = self._queued.get(needs, [])
        while queued:
            waits, _, _, job = heapq.heappop(queued)
            if job.key in self._wanted:
                self._submit(needs, partial(self._made, job), ClipWorker.make_clip, job, waits=waits)
                return True
        return False

    def _render(self, source: _Source) -> None:
        self._listener.producing(source.task.source)
        self._call(self._rendered, source, render_source)

    def _call(
        self,
        follow: Callable[[_Source, Future[T]], Iterator[SourceEnd]],
        source: _Source,
        call: Callable[[ClipWorker, SourceTask], T],
    ) -> None:
        task = replace(source.task, idle=self._idle_workers())
        if isinstance(task.options.output, Address) or self._workers.is_elsewhere:
            try:
                sent = self._sender.sent(task.source, task.options, source.named, source.wanted)
                task = replace(task, sent=sent, options=for_others(task.options))
                follow = self._counted(sent.bytes, follow)
            except InterviewAudioError as error:
                failed: Future[T] = Future()
                failed.set_exception(error)
                self._wait_for("cpu", partial(follow, source), failed)
                return
        self._submit("cpu", partial(follow, source), call, task)

    def _counted(
        self, size: int, follow: Callable[[_Source, Future[T]], Iterator[SourceEnd]]
    ) -> Callable[[_Source, Future[T]], Iterator[SourceEnd]]:
        """Count what is sent with a call until that has ended."""
        self._on_its_way += size

        def arrived(source: _Source, future: Future[T]) -> Iterator[SourceEnd]:
            self._on_its_way -= size
            yield from follow(source, future)

        return arrived

    def _submit(
        self,
        needs: Resource,
        follow: Callable[[Future[T]], Iterator[SourceEnd]],
        call: Callable[Concatenate[ClipWorker, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        self._wait_for(needs, follow, self._workers.submit(call, *args, **kwargs))

    def _wait_for(self, needs: Resource, follow: Callable[[Future[T]], Iterator[SourceEnd]], future: Future[T]) -> None:
        self._running[future] = needs, follow
        self._busy[needs] += 1
        future.add_done_callback(self._ended.put)

    # What follows when a call has ended.

    def _planned(self, source: _Source, future: Future[SourcePlan]) -> Iterator[SourceEnd]:
        try:
            source.plan = plan = future.result()
        except OutageError as error:  # nothing may be sent, or the service would not even say which voices it has
            if source.task.options.fallback:
                self._fall_back(source, source.task.options.fallback, error)
            else:
                yield self._failed(source, error)
            return
        except (InterviewAudioError, WorkerFailedError) as error:
            yield from self._again_or_failed(source, error, self._to_plan)
            return
        if plan.result is not None:
            self._settings_files[plan.result.settings_file].add(source.task.source, ())
            yield self._end(source, "unchanged", plan.result)
            return
        source.wanted, source.asked = {}, 0  # who renders it may have them
        source.warnings += plan.warnings
        source.missing = {job.key for job in plan.jobs}
        self._listener.planned(source.task.source, len(plan.places), len(plan.jobs))
        for job in plan.jobs:
            if outage := self._outages.get(job.engine):
                source.outage = outage
        if source.outage:
            yield from self._after_outage(source, is_first=False)
            return
        try:
            self._hold(source)
            self._prepare_engines(plan.jobs)
        except InterviewAudioError as error:
            yield self._failed(source, error)
            return
        for job in plan.jobs:
            self._queue(source, job)
        if not plan.jobs:
            self._to_render.append(source)

    def _hold(self, source: _Source) -> None:
        if source.plan.jobs:
            store = open_store(source.task.options.store)
            source.held.enter_context(store.lease(dict.fromkeys(place.key for place in source.plan.places)))

    def _queue(self, source: _Source, job: ClipJob) -> None:
        waiting = self._wanted.setdefault(job.key, [])
        waiting.append(source)
        if len(waiting) == 1:
            self._push(job, source.number, waits=False)

    def _push(self, job: ClipJob, number: int, *, waits: bool) -> None:
        heapq.heappush(self._queued.setdefault(job.needs, []), (waits, number, next(self._order), job))

    def _prepare_engines(self, jobs: Sequence[ClipJob]) -> None:
        """Have an engine prepared as soon as what is to be said with it in this batch is worth that."""
        for job in jobs:
            which = job.engine, job.engine_settings
            gathered = self._to_say.setdefault(which, [])
            if gathered is not None:
                gathered.append(job.utterance)
        for (name, settings), gathered in self._to_say.items():
            if gathered is None:
                continue
            engine = self._engines.get(name, settings)
            if not isinstance(engine, Preparing) or len(gathered) > _GATHERED:
                self._to_say[name, settings] = None
            elif engine.worth_preparing(gathered):
                self._to_say[name, settings] = None
                self._listener.notice(f"Preparing {name}, once for each machine; the first lines are spoken meanwhile")
                self._submit("cpu", self._prepared, ClipWorker.prepare_engine, EnginePreparation(name, settings))

    def _prepared(self, future: Future[str]) -> Iterator[SourceEnd]:
        try:
            self._listener.notice(future.result())
        except (EngineError, WorkerFailedError) as error:
            self._listener.notice(f"{error}; continuing without it")
        yield from ()

    def _made(self, job: ClipJob, future: Future[ClipResult]) -> Iterator[SourceEnd]:
        sources = self._wanted.get(job.key, [])
        try:
            made = self._attempts.outcome(job, future)
        except (InterviewAudioError, WorkerFailedError) as error:  # no other line mends that
            self._wanted.pop(job.key, None)
            for source in sources:
                yield self._failed(source, error)
            return
        if made is None:
            first = min((source.number for source in sources), default=0)
            self._push(job, first, waits=self._attempts.is_elsewhere(job.key))
            return
        self._wanted.pop(job.key, None)
        if isinstance(made, OutageError):
            yield from self._lost_service(job.engine, made, sources)
            return
        for source in sources:
            source.missing.discard(job.key)
            if isinstance(made, ClipResult):
                source.spoken += 1
                total = len(source.plan.jobs)
                self._listener.spoken(source.task.source, total - len(source.missing), total)
            else:
                source.failures[job.key] = made
            yield from self._after_clip(source)

    def _lost_service(self, engine: str, outage: OutageError, asked_for: Sequence[_Source]) -> Iterator[SourceEnd]:
        """Ask the service of an engine no more: nothing that it has to speak can be spoken in this run."""
        self._outages.setdefault(engine, outage)
        for source in list(self._sources.values()):
            if any(job.engine == engine and job.key in source.missing for job in source.plan.jobs):
                source.outage = outage
                yield from self._after_outage(source, is_first=source in asked_for)

    def _after_clip(self, source: _Source) -> Iterator[SourceEnd]:
        """Go on with a source that has one clip less to wait for; one that has ended waits for no other."""
        if source.missing:
            return
        if failure := speech_failure(source.plan.places, source.failures):
            yield self._failed(source, failure)
        else:
            self._to_render.append(source)

    def _after_outage(self, source: _Source, *, is_first: bool) -> Iterator[SourceEnd]:
        """Have the fallback speak a whole episode, or give it up: the service of its engine cannot be used."""
        options, outage = source.task.options, source.outage
        assert outage
        error = outage_of(outage, source.plan.places, source.missing)
        self._forget(source)
        if options.fallback:
            self._fall_back(source, options.fallback, error)
        elif is_first or not source.plan.jobs:
            yield self._failed(source, error)
        else:
            named = " and ".join(sorted({job.engine for job in source.plan.jobs} & self._outages.keys()))
            reason = f"the service of {named} failed before; run again later"
            yield self._end(source, "not tried", None, reason)

    def _fall_back(self, source: _Source, engine: str, error: OutageError) -> None:
        source.warnings += (f"{error}; {engine} speaks the whole episode (--fallback)",)
        source.task = replace(source.task, options=replace(source.task.options, engine=engine, fallback=None))
        source.outage, source.missing = None, set()
        self._to_plan.append(source)

    def _rendered(self, source: _Source, future: Future[SourceResult]) -> Iterator[SourceEnd]:
        try:
            result = future.result()
        except (InterviewAudioError, WorkerFailedError) as error:
            yield from self._again_or_failed(source, error, self._to_render)
        else:
            for notice in result.notices:
                self._listener.notice(notice)
            self._settings_files[result.settings_file].add(source.task.source, result.unmatched)
            # It was out of date: one that is not any more was made by a worker that died before it could say so.
            yield self._end(source, "done", result)

    def _again_or_failed(
        self, source: _Source, error: InterviewAudioError | WorkerFailedError, again: deque[_Source]
    ) -> Iterator[SourceEnd]:
        if isinstance(error, FilesWantedError) and source.asked < _MOST_ASKED:
            source.named |= dict.fromkeys(error.named)
            source.wanted |= dict.fromkeys(error.missing)
            source.asked += 1
            again.append(source)
        elif isinstance(error, WorkerKilledError) and not source.has_lost_worker:
            source.has_lost_worker = True
            again.append(source)
        else:
            yield self._failed(source, error)

    def _failed(self, source: _Source, error: Exception) -> SourceEnd:
        line = error.line if isinstance(error, SourceError) else None
        return self._end(source, "failed", None, str(error), line or None)

    def _end(
        self, source: _Source, state: State, result: SourceResult | None, reason: str = "", line: int | None = None
    ) -> SourceEnd:
        self._forget(source)
        del self._sources[source.number]
        warnings = dict.fromkeys((*source.warnings, *(result.warnings if result else ())))
        end = SourceEnd(source.task.source, state, result, source.spoken, reason, line, tuple(warnings))
        return _as_given(end, source.task.options) if self._workers.is_elsewhere else end

    def _forget(self, source: _Source) -> None:
        """Let go of a source's clips: those that nobody else needs are not made."""
        source.held.close()
        for key in source.missing:
            others = [other for other in self._wanted.get(key, ()) if other is not source]
            if others:
                self._wanted[key] = others
            else:
                self._wanted.pop(key, None)


def _as_given(end: SourceEnd, options: RenderOptions) -> SourceEnd:
    """Return an end that a worker has told, with the names that were given here."""

    def shown(text: str) -> str:
        return as_given(text, end.source, options)

    result = end.result
    if result:
        path = Path(shown(str(result.path))) if isinstance(result.path, Path) else result.path
        result = replace(result, path=path, notices=tuple(map(shown, result.notices)))
    return replace(end, result=result, reason=shown(end.reason), warnings=tuple(map(shown, end.warnings)))
