"""Makes one clip: what a worker does. Everything it takes and gives can be pickled."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from interview_audio.engines.protocol import Engine, Loading, Online, Preparing, Speech, Utterance
from interview_audio.engines.registry import load_engine
from interview_audio.errors import EngineError
from interview_audio.synthesis.clip_file import Making, read_clip, write_clip
from interview_audio.synthesis.clips import Clip, Word, measure
from interview_audio.synthesis.planning import Preparation, Task
from interview_audio.synthesis.store import making
from interview_audio.text.units import shortened

_LOADING = threading.Lock()
_ENGINES: dict[tuple[str, str], Engine] = {}
_ENDING = threading.Event()


@dataclass(frozen=True, slots=True)
class Made:
    """A clip that was not there when the render began."""

    clip: Clip
    is_ours: bool = True
    """This render spoke it, and no other one."""


def load_speaker(engine: str, engine_settings: str, languages: tuple[str, ...]) -> None:
    """Have an engine ready to speak these languages, if it can load anything beforehand.

    Raises:
        EngineError: It cannot work here.
    """
    speaker = engine_here(engine, engine_settings)
    if isinstance(speaker, Loading):
        speaker.load(languages)


def make_clip(task: Task, *, waits: bool = True) -> Made:
    """Say the utterance, check and measure the sound, and store it, unless another process has just done so.

    Args:
        task: What is to be said, and where the clip goes.
        waits: Where another process makes this clip at the moment, whether to wait for it, and to make the clip here
            if that one fails.

    Raises:
        HeldElsewhereError: Another process makes it, and it is not waited for.
        SpeechError: The text cannot be said.
        EngineError: The engine cannot work, or gave silence or broken word times.
        StoreError: The clip cannot be written.
    """
    with making(task.key, task.path, lambda: not waits or _ENDING.is_set()) as made_meanwhile:
        return Made(made_meanwhile, is_ours=False) if made_meanwhile else Made(_spoken(task))


def _spoken(task: Task) -> Clip:
    if _ENDING.is_set():
        raise EngineError("stopped before it had finished; run again, finished clips are kept")
    speech = engine_here(task.engine, task.engine_settings).speak(task.utterance)
    _check(speech, task.utterance)
    measured = measure(speech.samples, speech.sample_rate)
    words = written_words(task.utterance.text, speech)
    how = Making(speech.made_by, speech.unspoken, task.engine)
    write_clip(task.path, speech.samples, speech.sample_rate, words, measured, how)
    return read_clip(task.key, task.path)


def prepare_engine(preparation: Preparation) -> str:
    """Make what the engine speaks faster with; returns a line about it.

    Raises:
        EngineError: It cannot be made; the engine speaks without it.
    """
    engine = engine_here(preparation.engine, preparation.engine_settings)
    assert isinstance(engine, Preparing)
    return engine.prepare(lambda _: None)


def written_words(text: str, speech: Speech) -> tuple[Word, ...]:
    """The words as written, each with what follows it up to the next word; joined they are the text.

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
    """Where, between two words, the first one's closing marks end and the second one's opening marks begin."""
    for index in range(after, before):
        if text[index].isspace():
            return index + 1
        if text[index] in "「『“‘《（([【〈":
            return index
    return before


def _check(speech: Speech, utterance: Utterance) -> None:
    """No clip is stored that a listener would miss words in: silence and impossible word times are errors."""
    if speech.samples.size == 0 or int(np.abs(speech.samples.astype(np.int32)).max()) < 100:
        raise EngineError(
            f"the engine returned silence for {shortened(utterance.text)!r}; use another voice than {utterance.voice}"
        )
    length = speech.samples.size / speech.sample_rate
    clock, at = 0.0, 0
    for word in speech.words:
        first, last = word.written
        if not (clock - 1e-3 <= word.start <= word.end <= length + 1e-3 and at <= first < last <= len(utterance.text)):
            raise EngineError(
                f"the engine returned impossible word times for {shortened(utterance.text)!r}; please report this"
            )
        clock, at = word.start, last


def engine_here(name: str, settings: str) -> Engine:
    """The one instance of an engine in this process: threads share what it knows of its server.

    Args:
        name: Of the engine.
        settings: Its part of ``voices.yaml``, as JSON.
    """
    with _LOADING:
        if (name, settings) not in _ENGINES:
            _ENGINES[name, settings] = load_engine(name, json.loads(settings))
        return _ENGINES[name, settings]


@contextmanager
def giving_up() -> Iterator[None]:
    """While the block runs, no clip is begun in this process, and nobody waits for one that another process makes."""
    _ENDING.set()
    try:
        yield
    finally:
        _ENDING.clear()


def close_engines() -> None:
    """End what engines have under way in this process, and forget them."""
    with _LOADING:
        for engine in _ENGINES.values():
            if isinstance(engine, Online):
                engine.close()
        _ENGINES.clear()
