"""What makes one clip: it asks an engine for the sound, checks and measures that, and stores it.

A worker process has a ``ClipWorker`` of its own; the threads of one worker pool share one. What goes in and what comes
out can be pickled.
"""

import functools
import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar

from interview_audio.engines.protocol import Engine, Loading, Online, Preparing, Speech
from interview_audio.engines.registry import load_engine
from interview_audio.engines.utterance_pieces import merge_words
from interview_audio.errors import EngineError, SpeechError
from interview_audio.script.rules import reworded
from interview_audio.synthesis.clip_checks import find_fault, find_unusable, join_parts, ways_to_speak
from interview_audio.synthesis.clip_file import Provenance, write_clip
from interview_audio.synthesis.clips import Clip, Word, measure
from interview_audio.synthesis.planning import ClipJob, EnginePreparation
from interview_audio.synthesis.store import ClipStore, open_store
from interview_audio.text.units import counted, shortened

P = ParamSpec("P")
T = TypeVar("T")

_UNCHECKED = ", or keep it as it is: check_clips: false in voices.yaml"


class LoadedEngines:
    """The engines of one run, each loaded once: its threads share what an engine knows of its server.

    A context; when it is left, no engine of it has a connection or a thread.
    """

    def __init__(self) -> None:
        self._engines: dict[tuple[str, str], Engine] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def get(self, name: str, settings: str) -> Engine:
        """Return an engine, which is loaded by the first call.

        Args:
            name: Of the engine.
            settings: Its part of ``voices.yaml``, as JSON.

        Raises:
            EngineError: There is no such engine, or its package is broken.
        """
        with self._lock:
            if (name, settings) not in self._engines:
                self._engines[name, settings] = load_engine(name, json.loads(settings))
            return self._engines[name, settings]

    def waiting(self) -> str | None:
        """Return one line that says what engines wait for; None while they work."""
        with self._lock:
            online = [engine for engine in self._engines.values() if isinstance(engine, Online)]
        return "; ".join(filter(None, (engine.waiting() for engine in online))) or None

    def close(self) -> None:
        """End every request under way and forget the engines: what is asked for later is loaded anew."""
        with self._lock:
            for engine in self._engines.values():
                if isinstance(engine, Online):
                    engine.close()
            self._engines.clear()


@dataclass(frozen=True, slots=True)
class ClipResult:
    """A clip that was not stored when the render began."""

    clip: Clip
    is_ours: bool = True
    """This render spoke it; False where another one has done so meanwhile."""


class ClipWorker:
    """Makes clips with the engines that it has loaded; its methods may be called by several threads.

    Args:
        engines: Those to use; None for its own.
    """

    def __init__(self, engines: LoadedEngines | None = None) -> None:
        self._engines = engines or LoadedEngines()
        self._cancelled = threading.Event()

    @property
    def engines(self) -> LoadedEngines:
        """Those that it speaks with."""
        return self._engines

    def load(self, engine: str, engine_settings: str, languages: tuple[str, ...]) -> None:
        """Have an engine ready to speak these languages, if it can load anything beforehand.

        Raises:
            EngineError: It cannot work here.
        """
        loaded = self._engines.get(engine, engine_settings)
        if isinstance(loaded, Loading):
            loaded.load(languages)

    def prepare_engine(self, preparation: EnginePreparation) -> str:
        """Make what an engine speaks faster with; return a line about it.

        Raises:
            EngineError: It cannot be made; the engine speaks without it.
        """
        engine = self._engines.get(preparation.engine, preparation.engine_settings)
        assert isinstance(engine, Preparing)
        return engine.prepare(lambda _: None)

    def make_clip(self, job: ClipJob, *, waits: bool = True) -> ClipResult:
        """Say the utterance, check and measure the sound, and store it, unless another process has just done so.

        Args:
            job: What is to be said, and where the clip goes.
            waits: If another process is making this clip, wait for it, and make the clip here if that one fails.

        Raises:
            LockHeldError: Another process is making it, and it is not waited for.
            SpeechError: The text cannot be said, or its sound was wrong each time.
            EngineError: The engine cannot work.
            StoreError: The clip cannot be written.
        """
        store = open_store(job.store)
        with store.making(job.key, lambda: not waits or self._cancelled.is_set()) as stored:
            return ClipResult(stored, is_ours=False) if stored else ClipResult(self._spoken(job, store))

    def cancel(self) -> None:
        """Start no more clips, and stop waiting for those that another process is making."""
        self._cancelled.set()

    def _spoken(self, job: ClipJob, store: ClipStore) -> Clip:
        speech = _in_written_words(self._faultless(job), job)
        words = written_words(job.written or job.utterance.text, speech)
        provenance = Provenance(speech.made_by, speech.unspoken, job.engine)
        measured = measure(speech.samples, speech.sample_rate)
        write_clip(store.draft(job.key), speech.samples, speech.sample_rate, words, measured, provenance)
        return store.keep(job.key)

    def _faultless(self, job: ClipJob) -> Speech:
        """Return the first sound of an utterance that has no fault."""
        engine = self._engines.get(job.engine, job.engine_settings)
        find = find_fault if job.is_checked else find_unusable
        faults: list[str] = []
        for parts in ways_to_speak(engine, job.utterance):
            if self._cancelled.is_set():
                raise EngineError("stopped before it had finished; run again, finished clips are kept")
            spoken = [engine.speak(part.utterance) for part in parts]
            found = [find(speech, part.utterance) for speech, part in zip(spoken, parts, strict=True)]
            if not any(found):
                return join_parts(parts, spoken)
            faults.append(next(filter(None, found)))
        raise SpeechError(
            f"{job.engine} said {shortened(job.utterance.text)!r} wrong in {counted(len(faults), 'attempt')} "
            f"({', then '.join(dict.fromkeys(faults))}); change the text or the voice {job.utterance.voice}"
            f"{_UNCHECKED if job.is_checked else ''}"
        )


def _in_written_words(speech: Speech, job: ClipJob) -> Speech:
    """Return speech with the places of its words in the line as it is written."""
    if not job.replaced:
        return speech
    said = reworded(job.written, job.replaced)
    words = [replace(word, written=said.written_range(*word.written)) for word in speech.words]
    return replace(speech, words=merge_words(words))


class ClipExecutor(Protocol):
    """Where clips are made."""

    def submit(self, call: Callable[Concatenate[ClipWorker, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a method of a ``ClipWorker`` called with these arguments."""


class ThreadExecutor:
    """Makes clips in threads of this process, which share one worker."""

    def __init__(self, executor: Executor, worker: ClipWorker) -> None:
        self._executor = executor
        self._worker = worker

    def submit(self, call: Callable[Concatenate[ClipWorker, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a method of the worker called in one of the threads."""
        return self._executor.submit(call, self._worker, *args, **kwargs)


class ProcessExecutor:
    """Makes clips in worker processes, each of which has a worker of its own."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, call: Callable[Concatenate[ClipWorker, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a method of a process's worker called in that process."""
        return self._executor.submit(InProcess(call), *args, **kwargs)


class DividedExecutor:
    """Has the work of each engine done where that engine speaks.

    Args:
        executors: By the name of the engine.
    """

    def __init__(self, executors: Mapping[str, ClipExecutor]) -> None:
        self._executors = executors

    def submit(self, call: Callable[Concatenate[ClipWorker, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a method of a ``ClipWorker`` called whose first argument names the engine: a job, or a preparation."""
        work = args[0]
        assert isinstance(work, ClipJob | EnginePreparation)
        return self._executors[work.engine].submit(call, *args, **kwargs)


@dataclass(frozen=True, slots=True)
class InProcess(Generic[P, T]):
    """A method of ``ClipWorker`` to be called in a worker process, on the worker of that process."""

    call: Callable[Concatenate[ClipWorker, P], T]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call it."""
        return self.call(_worker_of_process(), *args, **kwargs)


_FIRST_CALL = threading.Lock()


def _worker_of_process() -> ClipWorker:
    with _FIRST_CALL:  # threads of one process that come at once would each have one, and load every engine again
        return _only_worker()


@functools.cache
def _only_worker() -> ClipWorker:
    # The one value that lives as long as its process: a worker process does nothing else.
    return ClipWorker()


def written_words(text: str, speech: Speech) -> tuple[Word, ...]:
    """Return the words as written, each with what follows it up to the next word; joined they are the text.

    Punctuation before the first word belongs to it; an opening mark stays with the word that it opens.
    """
    words = []
    start = 0
    for word, following in zip(speech.words, [*speech.words[1:], None], strict=True):
        end = len(text) if following is None else _boundary(text, word.written[1], following.written[0])
        words.append(Word(text[start:end], word.start, word.end))
        start = end
    return tuple(words)


def _boundary(text: str, after: int, before: int) -> int:
    """Find where, between two words, the first one's closing marks end and the second one's opening marks begin."""
    for index in range(after, before):
        if text[index].isspace():
            return index + 1
        if text[index] in "「『“‘《（([【〈":
            return index
    return before
