"""Gives every line its clip: the stored one where there is one, else one that the engine makes on an executor."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from typing import Self

from interview_audio.errors import EngineError, InterviewAudioError, OutageError, SpeechError, VoiceError
from interview_audio.files.atomic_files import LockHeldError
from interview_audio.script.lines import Line
from interview_audio.script.sentences import estimate_phonemes
from interview_audio.synthesis.clip_worker import ClipExecutor, ClipResult, ClipWorker
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import ClipJob, SynthesisPlan
from interview_audio.synthesis.store import open_store
from interview_audio.synthesis.workers import WorkerKilledError
from interview_audio.text.units import counted, numbered

_MOST_NAMED = 12
"""Lines that a message lists: more do not help to find the fault, and hide the rest of the message."""
_MOST_KILLED = 10
"""Workers killed one after the other, without a clip in between, before the run is given up: the next one would be
killed too."""


def synthesize(
    lines: Sequence[Line],
    plan: SynthesisPlan,
    executor: ClipExecutor,
    on_clip: Callable[[ClipResult], None],
    on_notice: Callable[[str], None] = lambda _: None,
) -> tuple[Clip, ...]:
    """Make the clips that are missing and return one clip for each line.

    A line that cannot be said does not stop the others: what can be made is made and stored first. What another render
    is making is left to it; what that one does not finish is made here.

    Args:
        lines: The script's lines.
        plan: What ``plan_synthesis`` found.
        executor: Where the engine runs.
        on_clip: Called for each clip as it is made, here or by another render.
        on_notice: Called with one-line notices: the result of the engine's preparation, which makes it faster and
            nothing else, and how many clips another render is making.

    Raises:
        SpeechError: Lines that cannot be said, named.
        OutageError: The engine's service cannot be used now; says which lines are missing, the others are stored.
        EngineError: The engine cannot work, a worker was killed twice over a line, which is named, or too many were
            killed one after the other.
        StoreError: A clip cannot be written.
    """
    run = _SynthesisRun(executor, on_clip, on_notice).make(plan)
    clips = {**plan.stored, **run.clips}
    places = places_of(lines, plan.keys)
    if run.outage:
        raise outage_of(run.outage, places, set(plan.keys) - clips.keys())
    if failure := speech_failure(places, run.failures):
        raise failure
    return tuple(clips[key] for key in plan.keys)


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A line, as far as messages name it."""

    key: str
    """Of its clip."""
    source_line: int = 0
    """0 where it has none: somebody added it to a script file."""
    is_announced: bool = False
    """Whether the show says it around the interview."""


def places_of(lines: Sequence[Line], keys: Sequence[str]) -> tuple[LinePlace, ...]:
    """Return the places of lines that have clips of these keys."""
    return tuple(LinePlace(key, line.source_line, line.is_announced) for line, key in zip(lines, keys, strict=True))


def outage_of(outage: OutageError, places: Sequence[LinePlace], missing: Collection[str]) -> OutageError:
    """Return the error for lines that a service did not speak.

    Args:
        outage: Why.
        places: Of all lines.
        missing: Keys of the clips that there are none of.
    """
    unspoken = [place for place in places if place.key in missing]
    are = "is" if len(unspoken) == 1 else "are"
    of_source = [place.source_line for place in unspoken if not place.is_announced]
    named = f" ({numbered('line', of_source, _MOST_NAMED)} of the source)" if of_source else ""
    stored = ", the others are stored" if len(unspoken) < len(places) else ""
    told = f"{len(unspoken)} of {counted(len(places), 'line')} {are} not spoken yet{named}{stored}"
    return OutageError(f"{outage.reason}; {told}", outage.remedy)


def speech_failure(
    places: Sequence[LinePlace], failures: Mapping[str, InterviewAudioError]
) -> InterviewAudioError | None:
    """Return the error for lines that cannot be said, each named; None where there is no failure.

    Args:
        places: Of all lines.
        failures: By the key of the clip.
    """
    if not failures:
        return None
    told = dict.fromkeys(
        f"line {place.source_line}: {failures[place.key]}" if place.source_line else str(failures[place.key])
        for place in places
        if place.key in failures
    )
    if any(isinstance(error, WorkerKilledError) for error in failures.values()):
        return EngineError(f"{'; '.join(told)}; run again with --jobs 1, finished clips are kept")
    return SpeechError("; ".join(told))


Made = ClipResult | InterviewAudioError
"""A clip, or why there is none."""


class ClipAttempts:
    """Decides what the end of a call of ``ClipWorker.make_clip`` means: a clip, a failure, or another attempt.

    A worker that is killed over a clip may have been killed by it: the clip has one more attempt. What another render
    is making is left to it for as long as there is something else to do.
    """

    def __init__(self) -> None:
        self._killers: set[str] = set()
        """Keys of the clips over which a worker was killed."""
        self._elsewhere: set[str] = set()
        """Keys of the clips that another render was making when they were last tried."""
        self._killed_in_a_row = 0

    def outcome(self, job: ClipJob, future: Future[ClipResult]) -> Made | None:
        """Return what a finished future means; None if the clip is to be tried again.

        Raises:
            EngineError: No clip of this engine can be made, or too many workers were killed one after the other.
            StoreError: No clip can be written.
        """
        self._elsewhere.discard(job.key)
        try:
            result = future.result()
        except (SpeechError, VoiceError, OutageError) as error:
            return error
        except LockHeldError:
            self._elsewhere.add(job.key)
            return None
        except WorkerKilledError as error:
            return self._after_death(job, error)
        self._killed_in_a_row = 0
        return result

    def is_elsewhere(self, key: str) -> bool:
        """Tell whether a clip that is to be tried again is being made by another render."""
        return key in self._elsewhere

    def _after_death(self, job: ClipJob, error: WorkerKilledError) -> Made | None:
        self._killed_in_a_row += 1
        if self._killed_in_a_row == _MOST_KILLED:
            raise EngineError(
                f"{_MOST_KILLED} worker processes in a row were killed, perhaps for lack of memory; "
                f"run again with --jobs 1, finished clips are kept"
            ) from error
        if job.key in self._killers:
            return error
        self._killers.add(job.key)
        return None


class _SynthesisRun:
    """The clips that are being made on an executor, and those that have been."""

    def __init__(
        self, executor: ClipExecutor, on_clip: Callable[[ClipResult], None], on_notice: Callable[[str], None]
    ) -> None:
        self.clips: dict[str, Clip] = {}
        self.failures: dict[str, InterviewAudioError] = {}
        self.outage: OutageError | None = None
        self._executor = executor
        self._on_clip = on_clip
        self._on_notice = on_notice
        self._preparing: Future[str] | None = None
        self._attempts = ClipAttempts()

    def make(self, plan: SynthesisPlan) -> Self:
        """Make the engine's preparation and every clip; one over which a worker was killed is queued again.

        So is one that another render is making: the two share the work.
        """
        if plan.preparation:
            self._preparing = self._executor.submit(ClipWorker.prepare_engine, plan.preparation)
        jobs = self._attempt(longest_first(plan.jobs.values()), waits=False)
        while jobs and not self.outage:
            elsewhere = sum(map(self._attempts.is_elsewhere, jobs))
            if elsewhere:
                self._on_notice(f"Waiting for another render, which is speaking {elsewhere} of these lines")
            jobs = self._attempt(list(jobs.values()), waits=True)
        self._report_preparation(self._preparing)
        return self

    def _attempt(self, jobs: Sequence[ClipJob], *, waits: bool) -> dict[str, ClipJob]:
        """Make these clips, in this order; return those to be tried again. An error cancels what is still queued."""
        futures = {self._executor.submit(ClipWorker.make_clip, job, waits=waits): job for job in jobs}
        try:
            return self._collect(futures)
        finally:
            for future in futures:
                future.cancel()

    def _collect(self, futures: Mapping[Future[ClipResult], ClipJob]) -> dict[str, ClipJob]:
        again: dict[str, ClipJob] = {}
        for future in as_completed(futures):
            if self._preparing and self._preparing.done():
                self._report_preparation(self._preparing)
            if future.cancelled():
                continue  # what was queued behind the outage
            job = futures[future]
            made = self._attempts.outcome(job, future)
            if made is None:
                again[job.key] = job
            elif isinstance(made, ClipResult):
                self._keep(made)
            elif isinstance(made, OutageError):
                self.outage = made
                for waiting, other in futures.items():
                    if other.engine == job.engine:
                        waiting.cancel()
            else:
                self.failures[job.key] = made
            again = self._still_missing(again)
        return again

    def _still_missing(self, jobs: Mapping[str, ClipJob]) -> dict[str, ClipJob]:
        """Return those that no other render has finished by now; the clips of the rest are kept."""
        missing = {}
        for key, job in jobs.items():
            if clip := open_store(job.store).stored_meanwhile(key):
                self._keep(ClipResult(clip, is_ours=False))
            else:
                missing[key] = job
        return missing

    def _keep(self, result: ClipResult) -> None:
        self.clips[result.clip.key] = result.clip
        self._on_clip(result)

    def _report_preparation(self, preparing: Future[str] | None) -> None:
        if preparing is None:
            return
        self._preparing = None
        try:
            self._on_notice(preparing.result())
        except EngineError as error:
            self._on_notice(f"{error}; continuing without it")


def longest_first(jobs: Iterable[ClipJob]) -> list[ClipJob]:
    """Return jobs in the order in which they are begun: a long one begun last would keep a single worker busy."""
    return sorted(jobs, key=_length, reverse=True)


def _length(job: ClipJob) -> float:
    return estimate_phonemes(job.utterance.text) / job.utterance.rate
