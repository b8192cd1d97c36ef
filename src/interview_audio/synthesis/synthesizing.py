"""Gives every line its clip: from the store where it is, else made by the engine on an executor."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future, as_completed
from typing import Self

from interview_audio.errors import EngineError, InterviewAudioError, OutageError, SpeechError, VoiceError
from interview_audio.script.lines import Line
from interview_audio.script.sentences import estimate_tokens
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.making import make_clip, prepare_engine
from interview_audio.synthesis.planning import Task, Work
from interview_audio.synthesis.workers import WorkerKilledError

MOST_NAMED = 12
"""Lines that a message lists."""


def synthesize(
    lines: Sequence[Line],
    work: Work,
    executor: Executor,
    on_clip: Callable[[Clip], None],
    on_preparation: Callable[[str], None] = lambda _: None,
) -> tuple[Clip, ...]:
    """Make what is missing and return one clip for each line.

    A line that cannot be said does not stop the others: what can be made is made and stored first.

    Args:
        lines: The script's lines.
        work: What ``plan_work`` found.
        executor: Where the engine runs.
        on_clip: Called for each clip as it is made.
        on_preparation: Told what came of the engine's preparation; without it the engine speaks as well, and slower.

    Raises:
        SpeechError: Lines that cannot be said, named.
        OutageError: The engine's service cannot be used now; says which lines are missing, the others are stored.
        EngineError: The engine cannot work, or a worker was killed twice over a line, which is named.
        StoreError: A clip cannot be written.
    """
    made = _Making(executor, on_clip, on_preparation).make(work)
    clips = {**work.stored, **made.clips}
    if made.outage:
        missing = [line.source_line for line, key in zip(lines, work.keys, strict=True) if key not in clips]
        raise OutageError(f"{made.outage.reason}; {_missing(missing, len(lines))}", made.outage.remedy)
    _raise_failures(lines, work.keys, made.failures)
    return tuple(clips[key] for key in work.keys)


def _missing(source_lines: Sequence[int], count: int) -> str:
    numbers = list(dict.fromkeys(map(str, source_lines)))
    shown = ", ".join(numbers[:MOST_NAMED]) + (", …" if len(numbers) > MOST_NAMED else "")
    stored = ", the others are stored" if len(source_lines) < count else ""
    return f"{len(source_lines)} of {count} utterances are not spoken yet (source line {shown}){stored}"


def _raise_failures(lines: Sequence[Line], keys: Sequence[str], failures: Mapping[str, InterviewAudioError]) -> None:
    places = [
        f"line {line.source_line}: {failures[key]}" for line, key in zip(lines, keys, strict=True) if key in failures
    ]
    if any(isinstance(error, WorkerKilledError) for error in failures.values()):
        raise EngineError(f"{'; '.join(dict.fromkeys(places))}: run it again with --jobs 1; what was spoken is stored")
    if failures:
        raise SpeechError("; ".join(dict.fromkeys(places)))


class _Making:
    """What is being made on an executor, and what has come of it."""

    def __init__(self, pool: Executor, on_clip: Callable[[Clip], None], on_preparation: Callable[[str], None]) -> None:
        self.clips: dict[str, Clip] = {}
        self.failures: dict[str, InterviewAudioError] = {}
        self.outage: OutageError | None = None
        self._pool = pool
        self._on_clip = on_clip
        self._on_preparation = on_preparation
        self._preparing: Future[str] | None = None

    def make(self, work: Work) -> Self:
        """Make the engine's preparation and every clip; one over which a worker was killed goes back in the queue."""
        if work.preparation:
            self._preparing = self._pool.submit(prepare_engine, work.preparation)
        killed = self._attempt(sorted(work.tasks.values(), key=_length, reverse=True))
        self.failures |= self._attempt([work.tasks[key] for key in killed])
        self._hear_of_preparation(self._preparing)
        return self

    def _attempt(self, tasks: Sequence[Task]) -> dict[str, WorkerKilledError]:
        """Make these clips, in this order; returns those over which a worker was killed. An error ends what waits."""
        futures = {self._pool.submit(make_clip, task): task.key for task in tasks}
        try:
            return self._heard(futures)
        finally:
            for future in futures:
                future.cancel()

    def _heard(self, futures: Mapping[Future[Clip], str]) -> dict[str, WorkerKilledError]:
        killed: dict[str, WorkerKilledError] = {}
        for future in as_completed(futures):
            if self._preparing and self._preparing.done():
                self._hear_of_preparation(self._preparing)
            try:
                self._keep(futures[future], future.result())
            except (SpeechError, VoiceError) as error:
                self.failures[futures[future]] = error
            except WorkerKilledError as error:
                killed[futures[future]] = error
            except OutageError as error:
                self.outage = error
                for waiting in futures:
                    waiting.cancel()
            except CancelledError:
                continue  # what waited behind the outage
        return killed

    def _keep(self, key: str, clip: Clip) -> None:
        self.clips[key] = clip
        self._on_clip(clip)

    def _hear_of_preparation(self, preparing: Future[str] | None) -> None:
        if preparing is None:
            return
        self._preparing = None
        try:
            self._on_preparation(preparing.result())
        except EngineError as error:
            self._on_preparation(f"{error}; speaking goes on without it")


def _length(task: Task) -> float:
    return estimate_tokens(task.utterance.text) / task.utterance.rate
