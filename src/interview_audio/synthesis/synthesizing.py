"""Gives every line its clip: from the store where it is, else made by the engine on an executor."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future, as_completed
from typing import Self

from interview_audio.errors import EngineError, InterviewAudioError, OutageError, SpeechError, VoiceError
from interview_audio.files.file_locks import HeldElsewhereError
from interview_audio.script.lines import Line
from interview_audio.script.sentences import estimate_phonemes
from interview_audio.synthesis.clip_worker import Made, make_clip, prepare_engine
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import Task, Work
from interview_audio.synthesis.store import made_meanwhile
from interview_audio.synthesis.workers import WorkerKilledError
from interview_audio.text.units import counted, numbered

MOST_NAMED = 12
"""Lines that a message lists."""
MOST_KILLED = 10
"""Workers that are killed one after the other, without a clip in between, before nobody hopes for the next one."""


def synthesize(
    lines: Sequence[Line],
    work: Work,
    executor: Executor,
    on_clip: Callable[[Made], None],
    on_notice: Callable[[str], None] = lambda _: None,
) -> tuple[Clip, ...]:
    """Make what is missing and return one clip for each line.

    A line that cannot be said does not stop the others: what can be made is made and stored first. What another render
    makes at the moment is left to it; what it has not made in the end is made here.

    Args:
        lines: The script's lines.
        work: What ``plan_work`` found.
        executor: Where the engine runs.
        on_clip: Called for each clip as it is made, here or by another render.
        on_notice: Told what came of the engine's preparation, without which it speaks as well, and slower; and for how
            many clips of another render this one waits.

    Raises:
        SpeechError: Lines that cannot be said, named.
        OutageError: The engine's service cannot be used now; says which lines are missing, the others are stored.
        EngineError: The engine cannot work, a worker was killed twice over a line, which is named, or too many were
            killed one after the other.
        StoreError: A clip cannot be written.
    """
    made = _Making(executor, on_clip, on_notice).make(work)
    clips = {**work.stored, **made.clips}
    if made.outage:
        missing = [line.source_line for line, key in zip(lines, work.keys, strict=True) if key not in clips]
        raise OutageError(f"{made.outage.reason}; {_missing(missing, len(lines))}", made.outage.remedy)
    _raise_failures(lines, work.keys, made.failures)
    return tuple(clips[key] for key in work.keys)


def _missing(source_lines: Sequence[int], count: int) -> str:
    are = "is" if len(source_lines) == 1 else "are"
    named = numbered("line", source_lines, MOST_NAMED)
    stored = ", the others are stored" if len(source_lines) < count else ""
    return f"{len(source_lines)} of {counted(count, 'line')} {are} not spoken yet ({named} of the source){stored}"


def _raise_failures(lines: Sequence[Line], keys: Sequence[str], failures: Mapping[str, InterviewAudioError]) -> None:
    places = [
        f"line {line.source_line}: {failures[key]}" for line, key in zip(lines, keys, strict=True) if key in failures
    ]
    if any(isinstance(error, WorkerKilledError) for error in failures.values()):
        raise EngineError(f"{'; '.join(dict.fromkeys(places))}; run again with --jobs 1, finished clips are kept")
    if failures:
        raise SpeechError("; ".join(dict.fromkeys(places)))


class _Making:
    """What is being made on an executor, and what has come of it."""

    def __init__(self, pool: Executor, on_clip: Callable[[Made], None], on_notice: Callable[[str], None]) -> None:
        self.clips: dict[str, Clip] = {}
        self.failures: dict[str, InterviewAudioError] = {}
        self.outage: OutageError | None = None
        self._pool = pool
        self._on_clip = on_clip
        self._on_notice = on_notice
        self._preparing: Future[str] | None = None
        self._killers: set[str] = set()
        """Keys of the clips over which a worker was killed."""
        self._killed_in_a_row = 0

    def make(self, work: Work) -> Self:
        """Make the engine's preparation and every clip; one over which a worker was killed goes back in the queue.

        So does one that another render makes at the moment: the two share what there is to do.
        """
        if work.preparation:
            self._preparing = self._pool.submit(prepare_engine, work.preparation)
        tasks = self._attempt(sorted(work.tasks.values(), key=_length, reverse=True), waits=False)
        while tasks and not self.outage:
            elsewhere = len(tasks.keys() - self._killers)
            if elsewhere:
                self._on_notice(f"Waiting for another render, which is speaking {elsewhere} of these lines")
            tasks = self._attempt(list(tasks.values()), waits=True)
        self._hear_of_preparation(self._preparing)
        return self

    def _attempt(self, tasks: Sequence[Task], *, waits: bool) -> dict[str, Task]:
        """Make these clips, in this order; returns those to be tried again. An error ends what waits."""
        futures = {self._pool.submit(make_clip, task, waits=waits): task for task in tasks}
        try:
            return self._heard(futures)
        finally:
            for future in futures:
                future.cancel()

    def _heard(self, futures: Mapping[Future[Made], Task]) -> dict[str, Task]:
        again: dict[str, Task] = {}
        for future in as_completed(futures):
            if self._preparing and self._preparing.done():
                self._hear_of_preparation(self._preparing)
            task = futures[future]
            try:
                self._keep(future.result())
            except (SpeechError, VoiceError) as error:
                self.failures[task.key] = error
            except HeldElsewhereError:
                again[task.key] = task
            except WorkerKilledError as error:
                self._count_death(error)
                if task.key in self._killers:
                    self.failures[task.key] = error
                else:
                    again[task.key] = task
                self._killers.add(task.key)
            except OutageError as error:
                self.outage = error
                for waiting in futures:
                    waiting.cancel()
            except CancelledError:
                continue  # what waited behind the outage
            again = self._still_missing(again)
        return again

    def _count_death(self, error: WorkerKilledError) -> None:
        self._killed_in_a_row += 1
        if self._killed_in_a_row == MOST_KILLED:
            raise EngineError(
                f"{MOST_KILLED} worker processes in a row were killed, perhaps for lack of memory; "
                f"run again with --jobs 1, finished clips are kept"
            ) from error

    def _still_missing(self, tasks: Mapping[str, Task]) -> dict[str, Task]:
        """Those of them that no other render has made by now; what one has made is kept."""
        missing = {}
        for key, task in tasks.items():
            if clip := made_meanwhile(key, task.path):
                self._keep(Made(clip, is_ours=False))
            else:
                missing[key] = task
        return missing

    def _keep(self, made: Made) -> None:
        self._killed_in_a_row = 0
        self.clips[made.clip.key] = made.clip
        self._on_clip(made)

    def _hear_of_preparation(self, preparing: Future[str] | None) -> None:
        if preparing is None:
            return
        self._preparing = None
        try:
            self._on_notice(preparing.result())
        except EngineError as error:
            self._on_notice(f"{error}; continuing without it")


def _length(task: Task) -> float:
    return estimate_phonemes(task.utterance.text) / task.utterance.rate
