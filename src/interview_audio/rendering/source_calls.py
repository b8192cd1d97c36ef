"""What a worker does for one source of a batch: plan it, and make its episode once its clips are stored.

What goes in and what comes out is plain data that can be pickled, without sound. Where the output is an address, the
source is laid out in a folder of the worker, and the episode sent from there.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

from interview_audio.engines.registry import RECORDINGS
from interview_audio.rendering.job import RenderJob, prepare
from interview_audio.rendering.options import RenderOptions, SilentListener
from interview_audio.rendering.render import Episode, check_output, open_up_to_date, refuse_offline, render
from interview_audio.rendering.settings_checks import UnmatchedEntry
from interview_audio.rendering.staged_sources import SentSource, staged
from interview_audio.rendering.up_to_date import RenderInputs
from interview_audio.storage.addresses import Address, Location
from interview_audio.storage.remote_files import open_remote_folder
from interview_audio.synthesis.clip_worker import ClipWorker
from interview_audio.synthesis.planning import ClipJob
from interview_audio.synthesis.synthesizing import LinePlace, longest_first, places_of
from interview_audio.synthesis.workers import WorkerAlone
from interview_audio.transcript.turns import NotRead


@dataclass(frozen=True, slots=True)
class SourceTask:
    """A source of a batch, and what was chosen for it."""

    source: Path
    options: RenderOptions
    sent: SentSource | None = field(default=None, repr=False)
    """The source itself, on its way to a worker that may not have its file; else everything goes by paths."""
    idle: int = 0
    """Workers that have nothing else to do: the cores on which they speak help to make the episode."""

    @property
    def file(self) -> Path | RenderInputs:
        """The source, or what has come of it."""
        return self.sent.inputs if self.sent else self.source


@dataclass(frozen=True, slots=True)
class SourceResult:
    """An episode that a worker has made or found up to date, without anything large."""

    path: Location
    """The file to listen to."""
    title: str
    seconds: float
    """Its duration."""
    chapters: int
    bytes: int
    """Of the file to listen to."""
    lines: int
    is_new: bool
    """False if it was up to date, and nothing was made."""
    not_read: NotRead = NotRead()  # noqa: RUF009 - it cannot change
    """How much of the source it leaves out."""
    warnings: tuple[str, ...] = ()
    """What was noted while it was made, a line each."""
    settings_file: str = ""
    """The nearest settings file, which may be about all sources of the batch."""
    unmatched: tuple[UnmatchedEntry, ...] = ()
    """What in that file matches nothing in this source; no warnings say so."""
    notices: tuple[str, ...] = ()
    """The same, about the machine and the user's files."""


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What has to be spoken for a source."""

    places: tuple[LinePlace, ...] = ()
    """Of its lines, in order."""
    jobs: tuple[ClipJob, ...] = ()
    """The clips that are missing."""
    warnings: tuple[str, ...] = ()
    result: SourceResult | None = None
    """Its episode, if that is up to date."""


def reach(worker: ClipWorker, address: Address) -> None:  # noqa: ARG001 - as all calls of workers
    """See from a worker whether an address can be reached: whoever hands out the work may have no keys for it.

    Raises:
        UsageError: It is no such address.
        OutputError: It cannot, or refuses.
    """
    open_remote_folder(address).sizes(["."])


def plan_source(worker: ClipWorker, task: SourceTask) -> SourcePlan:
    """Read, parse and cast a source, and look its lines up in the store; nothing is spoken.

    Raises:
        InterviewAudioError: Its episode cannot be made.
    """
    if isinstance(task.options.output, Address):
        with staged(task.source, task.options, task.sent) as source:
            if episode := source.unchanged:
                file = source.shown(str(source.inputs.files.nearest or ""))
                return SourcePlan(result=replace(_result(episode, task.options.output), settings_file=file))
            plan = _plan(source.prepare(worker.engines))
            # A recording is heard where its file is: with the episode, by who makes that.
            spoken = tuple(job for job in plan.jobs if job.engine != RECORDINGS)
            return replace(plan, jobs=spoken, warnings=tuple(map(source.shown, plan.warnings)))
    inputs, episode = open_up_to_date(task.file, task.options)
    if episode is not None:
        file = str(inputs.files.nearest or "")
        return SourcePlan(result=replace(_result(episode, task.options.folder), settings_file=file))
    return _plan(prepare(inputs, task.options, worker.engines))


def _plan(job: RenderJob) -> SourcePlan:
    check_output(job.destination, job.suffixes)
    job.store.prepare()
    plan = job.plan_synthesis(job.script.lines)
    refuse_offline(job, job.script.lines, plan)
    return SourcePlan(
        places_of(job.script.lines, plan.keys), tuple(longest_first(plan.jobs.values())), tuple(plan.damaged.values())
    )


def render_source(worker: ClipWorker, task: SourceTask) -> SourceResult:
    """Make the episode of a source whose clips are stored; one that is not is made here.

    Raises:
        InterviewAudioError: It cannot be made; an earlier episode and all finished clips are intact.
    """
    heard = _Heard()
    alone = WorkerAlone(worker, task.idle)
    if isinstance(task.options.output, Address):
        with staged(task.source, task.options, task.sent) as source:
            episode = source.episode(worker.engines, lambda job: heard.render(job, alone))
            warnings, notices = (map(source.shown, said) for said in (heard.warnings, heard.notices))
            result = _result(episode, task.options.output)
            unmatched = tuple(one._replace(place=source.shown(one.place)) for one in heard.unmatched)
            file = source.shown(heard.settings_file)
            return replace(
                result, warnings=tuple(warnings), notices=tuple(notices), settings_file=file, unmatched=unmatched
            )
    inputs, unchanged = open_up_to_date(task.file, task.options)
    episode = unchanged or heard.render(prepare(inputs, task.options, worker.engines), alone)
    return replace(
        _result(episode, task.options.folder),
        warnings=tuple(heard.warnings),
        notices=tuple(heard.notices),
        settings_file=heard.settings_file,
        unmatched=heard.unmatched,
    )


class _Heard(SilentListener):
    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.notices: list[str] = []
        self.settings_file = ""
        self.unmatched: tuple[UnmatchedEntry, ...] = ()

    def render(self, job: RenderJob, alone: WorkerAlone) -> Episode:
        self.settings_file, self.unmatched = job.settings_file, job.unmatched
        return render(job.without_unmatched(), listener=self, pool=alone)

    def warning(self, message: str) -> None:
        self.warnings.append(message)

    def notice(self, message: str) -> None:
        self.notices.append(message)


def _result(episode: Episode, where: Location) -> SourceResult:
    return SourceResult(
        path=where / episode.path.name,
        title=episode.title,
        seconds=episode.duration,
        chapters=len(episode.chapters),
        bytes=episode.record.sound.size,
        lines=episode.lines,
        is_new=episode.is_new,
        not_read=NotRead.of(episode.record),
    )
