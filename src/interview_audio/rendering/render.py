"""An episode of an interview: the whole way from a source to finished files, in the order in which it happens."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self, Unpack

from interview_audio.configuration.settings import Read, Settings
from interview_audio.engines.protocol import DeviceChoosing, Downloading, Engine, Online
from interview_audio.errors import OutageError, OutputError, StoreError
from interview_audio.files.app_folders import fallback_notice
from interview_audio.files.atomic_files import TemporaryFiles, make_folder, sweep, write_whole
from interview_audio.files.episode_record import (
    RECORD_SUFFIX,
    EpisodeRecord,
    RecordedChapter,
    RecordedMember,
    SkippedTurn,
)
from interview_audio.files.ownership import Destination, assign_names
from interview_audio.files.staged_files import complete_published, folder_lock
from interview_audio.production.cover import Cover, make_cover
from interview_audio.production.episode import EpisodeRequest, PublishedEpisode, assemble, episode_staging, publish
from interview_audio.rendering.job import RenderJob, cast_source, parse_source
from interview_audio.rendering.options import (
    Listener,
    RenderKeywords,
    RenderOptions,
    SilentListener,
    options_of,
    refuse_unknown,
)
from interview_audio.rendering.up_to_date import RenderInputs, is_up_to_date, read_inputs, with_record
from interview_audio.script.lines import Line, artists_of
from interview_audio.synthesis.clip_file import DamagedClipError, MissingClipError, read_samples
from interview_audio.synthesis.clip_worker import ClipResult
from interview_audio.synthesis.clips import Clip, ClipSpec
from interview_audio.synthesis.planning import ClipJob, EngineInUse, SynthesisPlan, engine_settings_json, spec_of
from interview_audio.synthesis.pruning import prune_when_due
from interview_audio.synthesis.store import ClipStore
from interview_audio.synthesis.synthesizing import synthesize
from interview_audio.synthesis.throughput import Stopwatch, remember_speeds
from interview_audio.synthesis.workers import EngineWork, WorkerPool
from interview_audio.text.characters import has_letter_or_digit
from interview_audio.text.units import counted
from interview_audio.transcript.layout.front_matter import source_date
from interview_audio.transcript.turns import Turn

_SILENT = SilentListener()
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Episode:
    """A finished episode."""

    path: Path
    """The file to listen to."""
    files: tuple[Path, ...]
    """All of its files, the one to listen to last."""
    record: EpisodeRecord = field(repr=False)
    """Everything that its ``.episode.json`` says."""
    is_new: bool = True
    """False if it was up to date, and nothing was made."""
    lines_spoken: int = 0
    """How many of its lines had no clip before."""

    @property
    def lines(self) -> int:
        """How many lines are spoken in it."""
        return len(self.record.lines)

    @property
    def title(self) -> str:
        """What the episode is called."""
        return self.record.title

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.record.duration

    @property
    def chapters(self) -> tuple[RecordedChapter, ...]:
        """Its chapters, with title, start and end in seconds."""
        return self.record.chapters

    @property
    def cast(self) -> tuple[RecordedMember, ...]:
        """Who speaks, and with which voices."""
        return self.record.cast

    @property
    def skipped(self) -> tuple[SkippedTurn, ...]:
        """What of the source is not read aloud, and why."""
        return self.record.skipped

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was noted while its files were made, a line each."""
        return self.record.warnings


def render(
    source: str | Path | RenderJob,
    *,
    settings: Settings | None = None,
    listener: Listener = _SILENT,
    pool: WorkerPool | None = None,
    **keywords: Unpack[RenderKeywords],
) -> Episode:
    """Make an episode of an interview, unless it is up to date; clips that are stored are not made again.

    Args:
        source: A file, or a prepared job, for which the settings and keywords are those it was prepared with.
        settings: Those to use instead of the ``voices.yaml`` files.
        listener: Called with the progress.
        pool: Workers that are kept for other renders; without one, they end with this render.
        **keywords: See ``RenderKeywords``.

    Raises:
        TypeError: There is no such keyword.
        InterviewAudioError: It cannot be made; an earlier episode and all finished clips are intact.
    """
    refuse_unknown(keywords)
    with ExitStack() as stack:
        jobs = source.options.jobs if isinstance(source, RenderJob) else keywords.get("jobs")
        pool = pool or stack.enter_context(WorkerPool(jobs))
        if not isinstance(source, RenderJob):
            options = options_of(keywords)
            inputs, episode = open_up_to_date(Path(source), options, settings)
            if episode is not None:
                return episode
            source = cast_source(parse_source(inputs, options, pool), options, pool.engines)
        for attempt in Attempts(source, listener, pool, _check_episode, "speaks the whole episode"):
            with attempt as job, _drawn_cover(job) as cover:  # an error that another attempt can mend ends only this
                spoken = attempt.spoken = synthesize_lines(job, job.script.lines, listener, pool)
                request = replace(_request(job, spoken.specs, cover.result(), listener), cores=pool.cores)
                with episode_staging(job.destination, job.settings.sound.format) as staging:
                    assembled = assemble(job.script, spoken.clips, job.settings, request, staging)
                    published = publish(assembled, staging)
                _prune(job, listener)  # while the lease keeps this episode's clips
    _report(published, job, listener)
    return Episode(published.path, published.files, published.record, True, spoken.new)


def open_up_to_date(
    source: Path | RenderInputs, options: RenderOptions, settings: Settings | None = None
) -> tuple[RenderInputs, Episode | None]:
    """Return what shapes the episode of a source, and the episode itself if it is up to date.

    Args:
        source: Its file, or what was read of it without the record of its last episode.
        options: Chosen beside it.
        settings: Those to use instead of the files.

    Raises:
        InterviewAudioError: A file cannot be read.
    """
    complete_published(options.folder)  # an interrupted render may have made the episode
    if isinstance(source, RenderInputs):
        inputs = with_record(source, options)
    else:
        inputs = read_inputs(source, options, settings)
    return inputs, unchanged_episode(inputs, options) if is_up_to_date(inputs, options) else None


def unchanged_episode(inputs: RenderInputs, options: RenderOptions) -> Episode:
    """Return the episode that is up to date."""
    record, folder = inputs.record, options.folder
    assert record is not None
    *sidecars, sound = (folder / file.name for file in record.files)
    record_path = folder / f"{options.stem(inputs.source)}{RECORD_SUFFIX}"
    return Episode(sound, (*sidecars, record_path, sound), record, is_new=False)


def _check_episode(job: RenderJob) -> None:
    check_output(job.destination, job.suffixes)


@contextmanager
def _drawn_cover(job: RenderJob) -> "Iterator[Future[Cover]]":
    """Draw the cover in a thread while the lines are spoken."""
    with ThreadPoolExecutor(1, "cover") as artist:
        yield artist.submit(make_cover, job.script.title, job.settings.show.cover)


def _request(job: RenderJob, specs: Sequence[ClipSpec], cover: Cover, listener: Listener) -> EpisodeRequest:
    host = job.settings.speakers.get("host")
    return EpisodeRequest(
        destination=job.destination,
        artists=artists_of(job.script.cast, host.aliases if host else (), job.script.language),
        date=source_date(job.transcript.turns),
        fingerprint=job.fingerprint,
        soundtrack=job.soundtrack,
        skipped=_skipped(job),
        specs=specs,
        cover=cover,
        on_progress=lambda part: listener.progress("sound", round(part * 100), 100),
    )


def _skipped(job: RenderJob) -> tuple[SkippedTurn, ...]:
    """Return the turns that are not read aloud, and why."""
    read = {line.turn for line in job.script.lines}
    return tuple(
        SkippedTurn(turn.line, turn.kind, why_skipped(turn, job.settings.read), turn.text)
        for index, turn in enumerate(job.transcript.turns)
        if index not in read
    )


def why_skipped(turn: Turn, read: Read) -> str:
    """Say in a few words why a turn is not read aloud."""
    if turn.kind not in ("speech", "narration"):
        return turn.reason
    if not has_letter_or_digit(turn.text):
        return "no words to speak"
    return "read.narration is off" if turn.kind == "narration" and not read.narration else "skipped by a rule"


def _report(published: PublishedEpisode, job: RenderJob, listener: Listener) -> None:
    for message in published.warnings:
        listener.warning(message)
    shown = job.destination.shown
    for edited, new in published.kept.items():
        listener.notice(f"{shown(edited)} was edited and is kept; the new one is {shown(new)}")


def _prune(job: RenderJob, listener: Listener) -> None:
    try:
        pruned = prune_when_due(job.store, job.settings.store.max_size)
    except StoreError as error:
        listener.warning(str(error))
    else:
        if pruned.clips:
            listener.notice(
                f"The clip store was full; {counted(pruned.clips, 'clip')} removed, the least recently used"
            )


@dataclass(frozen=True, slots=True)
class SpokenLines:
    """Lines and their clips."""

    specs: tuple[ClipSpec, ...]
    clips: tuple[Clip, ...]
    """Of each line, in order."""
    new: int
    """How many of the lines had no clip before."""


class Attempts:
    """The attempts at an episode or a preview: without damaged clips, and after an outage with the fallback engine.

    Each is a context that gives the job of this attempt and keeps its clips from being pruned. An error that another
    attempt may mend ends with the context; every other one is raised.

    Args:
        job: What is to be made.
        listener: Called with the reasons for another attempt.
        pool: Whose engines are closed after an outage.
        check: Called with a job before anything is done for it.
        fallback_speaks: What a message says of the fallback engine.
    """

    spoken: SpokenLines | None = None
    """What this attempt has spoken: if one of its clips is damaged, all of them are checked."""

    def __init__(
        self,
        job: RenderJob,
        listener: Listener,
        pool: WorkerPool,
        check: Callable[[RenderJob], None],
        fallback_speaks: str,
    ) -> None:
        self._job: RenderJob | None = job
        self._listener = listener
        self._pool = pool
        self._check = check
        self._fallback_speaks = fallback_speaks
        self._lease = ExitStack()
        self._is_begun = False
        self._made_again: set[str] = set()
        """Paths of clips that were removed because they are damaged."""

    def __iter__(self) -> Iterator[Self]:
        while self._job is not None:
            yield self

    def __enter__(self) -> RenderJob:
        job = self._job
        assert job is not None
        if not self._is_begun:
            self._check(job)
            for message in job.warnings:
                self._listener.warning(message)
            _check_store(job, self._pool, self._listener)
            self._is_begun = True
        self.spoken = None
        self._lease.enter_context(job.store.lease(_keys(job)))
        return job

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        self._lease.close()
        job = self._job
        assert job is not None
        if isinstance(error, DamagedClipError | MissingClipError) and error.path not in self._made_again:
            # It is missing if another render has found the damage too and is about to make it again. One that is
            # damaged a second time points to a faulty disk, and a third attempt would fail, too.
            clips = self.spoken.clips if self.spoken else ()
            self._made_again |= {error.path} | _discard_damaged(clips, job.store, self._listener)
            return True
        if isinstance(error, OutageError):
            self._pool.engines.close()  # one that has lost its service does not try again
            if job.fallback is not None:
                self._listener.warning(f"{error}; {job.options.fallback} {self._fallback_speaks} (--fallback)")
                self._job, self._is_begun, self._made_again = job.fallback, False, set()
                return True
        self._job = None
        return False


def _check_store(job: RenderJob, pool: WorkerPool, listener: Listener) -> None:
    """Check that clips can be stored; a notice says where, once in a run, if that is not in the user's home.

    Raises:
        StoreError: Nothing can be written to the store.
    """
    # A heavy engine keeps what it prepares in the home, wherever the store is.
    is_heavy = any(one.engine.heavy for one in job.engines.values())
    notice = fallback_notice() if not isinstance(job.options.store, Path) or is_heavy else None
    if notice and notice not in pool.notices:
        pool.notices.add(notice)
        listener.notice(notice)
    job.store.prepare()


def _keys(job: RenderJob) -> Iterator[str]:
    """Yield the keys of all clips that a script is made of."""
    for line in job.script.lines:
        yield spec_of(line, job.engines).key


def _discard_damaged(clips: Iterable[Clip], store: ClipStore, listener: Listener) -> set[str]:
    """Remove the clips of which only the sound shows that they are damaged, so that they are made again.

    Returns:
        Their paths.
    """
    damaged = set()
    for path in dict.fromkeys(clip.path for clip in clips):
        try:
            read_samples(path)
        except DamagedClipError as error:
            store.discard(path)
            listener.warning(f"{path} is damaged ({error.reason}); it will be spoken again")
            damaged.add(str(path))
        except MissingClipError:
            continue  # another render has found the damage too
    return damaged


def synthesize_lines(job: RenderJob, lines: Sequence[Line], listener: Listener, pool: WorkerPool) -> SpokenLines:
    """Give each line its clip, from the store or made, and remember how fast that went.

    Args:
        job: Whose lines they are.
        lines: All of its script, or some.
        listener: Called with the progress.
        pool: Makes what is missing.

    Raises:
        SpeechError: Lines that cannot be said, named; all other clips are stored.
        EngineError: The engine failed.
        StoreError: The clip store cannot be written.
    """
    plan = job.plan_synthesis(lines)
    listener.planned(replace(job.script, lines=tuple(lines)), plan)
    for message in plan.damaged.values():
        listener.warning(message)
    if plan.jobs:
        clips = _make_clips(job, lines, plan, listener, pool)
    else:
        pool.stop_unused()
        clips = tuple(plan.stored[key] for key in plan.keys)
    for message in _unspoken(lines, clips):
        listener.warning(message)
    return SpokenLines(plan.specs, clips, len(plan.missing_lines))


def _make_clips(
    job: RenderJob, lines: Sequence[Line], plan: SynthesisPlan, listener: Listener, pool: WorkerPool
) -> tuple[Clip, ...]:
    missing = _missing_by_engine(plan)
    refuse_offline(job, lines, plan)
    for name in missing:
        download_missing(job.engines[name].engine, listener, is_offline=job.options.is_offline)
    works = [_work_of(job.engines[name], clip_jobs, pool) for name, clip_jobs in missing.items()]
    is_loading = not (pool.has_worked or plan.preparation)
    began = time.monotonic() if is_loading else None
    executor = pool.executor_for(works)
    specs = dict(zip(plan.keys, plan.specs, strict=True))
    watches = {work.engine.name: Stopwatch(specs, work.workers, began) for work in works}
    done = 0

    def on_clip(result: ClipResult) -> None:
        nonlocal done
        done += 1
        if result.is_ours:
            watches[specs[result.clip.key].engine].record(result.clip, time.monotonic())
        listener.progress("voices", done, len(plan.jobs))

    if plan.preparation:
        prepared = plan.preparation.engine
        listener.notice(f"Preparing {prepared} for this machine, once; the first lines are spoken meanwhile")
    _tell_devices(works, listener, pool)
    with _reported_waits(works, listener, pool):
        clips = synthesize(lines, plan, executor, on_clip, listener.notice)
    _tell_devices(works, listener, pool)  # one may have failed meanwhile
    for watch in watches.values():
        _remember(watch, job.store, listener)
    return clips


def _missing_by_engine(plan: SynthesisPlan) -> dict[str, list[ClipJob]]:
    missing: dict[str, list[ClipJob]] = {}
    for clip_job in plan.jobs.values():
        missing.setdefault(clip_job.engine, []).append(clip_job)
    return missing


def refuse_offline(job: RenderJob, lines: Sequence[Line], plan: SynthesisPlan) -> None:
    """Raise an ``OutageError`` for lines that only a service could speak, where nothing may be sent."""
    missing = dict.fromkeys(clip_job.engine for clip_job in plan.jobs.values())
    services = [name for name in missing if not job.engines[name].engine.local]
    if not job.options.is_offline or not services:
        return
    waiting = [index for index in plan.missing_lines if lines[index].voice.engine in services]
    raise OutageError(
        f"{len(waiting)} of {counted(len(lines), 'line')} not stored, and --offline forbids {' and '.join(services)}",
        "leave out --offline, or choose an engine that needs no network",
    )


def _work_of(in_use: EngineInUse, clip_jobs: Sequence[ClipJob], pool: WorkerPool) -> EngineWork:
    languages = {clip_job.utterance.language for clip_job in clip_jobs}
    return EngineWork(in_use.engine, in_use.settings, languages, pool.jobs_for(in_use.engine, len(clip_jobs)))


def _tell_devices(works: Sequence[EngineWork], listener: Listener, pool: WorkerPool) -> None:
    """Say why an engine does not speak on the device that it should, once in a run."""
    for work in works:
        notice = work.engine.device_notice() if isinstance(work.engine, DeviceChoosing) else ""
        if notice and notice not in pool.notices:
            pool.notices.add(notice)
            listener.notice(notice)


def download_missing(engine: Engine, listener: Listener, *, is_offline: bool = False) -> None:
    """Have an engine download what it lacks: here, and not in a worker, so that the listener hears of it.

    Raises:
        EngineError: It cannot be downloaded, or must not be.
    """
    if not isinstance(engine, Downloading):
        return
    what = engine.needs_download()
    if what and not is_offline:
        listener.notice(f"Downloading {what}, once")
    engine.download(
        lambda arrived, size: listener.progress("download", arrived // _MEGABYTE, size // _MEGABYTE),
        is_offline=is_offline,
    )


@contextmanager
def _reported_waits(works: Sequence[EngineWork], listener: Listener, pool: WorkerPool) -> Iterator[None]:
    """While the block runs, report every second what the online engines wait for."""
    # The job's own engine may have been closed after an outage of an earlier episode; this is the one that speaks.
    services = [work for work in works if isinstance(work.engine, Online)]
    speaking = [pool.engines.get(work.engine.name, engine_settings_json(work.settings)) for work in services]
    online = [engine for engine in speaking if isinstance(engine, Online)]
    if not online:
        yield
        return
    is_over = threading.Event()

    def report() -> None:
        while not is_over.wait(1):
            listener.waiting("; ".join(filter(None, (engine.waiting() for engine in online))) or None)

    reporter = threading.Thread(target=report, daemon=True)
    reporter.start()
    try:
        yield
    finally:
        is_over.set()
        reporter.join()
        listener.waiting(None)


def _remember(watch: Stopwatch, store: ClipStore, listener: Listener) -> None:
    measured = watch.speeds()
    if not measured:
        return
    try:
        remember_speeds(store.home, measured)
    except StoreError as error:
        listener.warning(str(error))


def _unspoken(lines: Sequence[Line], clips: Sequence[Clip]) -> list[str]:
    """Return a warning for each word that an engine has no sound for, with its line."""
    return list(
        dict.fromkeys(
            f"{line.place}: {word!r} cannot be spoken; add its pronunciation to voices.yaml"
            for line, clip in zip(lines, clips, strict=True)
            for word in clip.unspoken
        )
    )


def check_output(destination: Destination, suffixes: Sequence[str]) -> None:
    """Check that the files of an episode or a preview can be written, before anything is spoken for it.

    Raises:
        OccupiedError: A file is there that this source's last render did not write.
        OutputError: The folder cannot be written.
    """
    check_writable(destination.folder)
    complete_published(destination.folder)
    try:
        with folder_lock(destination.folder):  # another render of the same source may move its files just now
            assign_names(destination, suffixes)
    except OSError as error:
        raise _unwritable(destination.folder, error) from error


def check_writable(folder: Path) -> None:
    """Raise ``OutputError`` if no file can be made in ``folder``, which is made if it is missing."""
    try:
        make_folder(folder)
        with TemporaryFiles(folder) as temporaries:
            temporaries.new().touch()
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write to {folder}: {error.strerror}; choose another folder with -o DIR")


def write_text(path: Path, text: str) -> None:
    """Write a whole file or none; raise ``OutputError``."""
    check_writable(path.parent)
    try:
        sweep(path.parent)
        write_whole(path, text.encode())
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another file with -o") from error
