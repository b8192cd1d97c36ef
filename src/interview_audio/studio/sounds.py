"""What is heard in the studio: single lines from the clip store, or spoken at once, at the level of an episode."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from interview_audio.configuration.settings import Settings
from interview_audio.engines.protocol import Engine, Measured, Online, Phonetic, Sounds, VoiceInfo, VoiceTraits
from interview_audio.engines.registry import RECORDINGS
from interview_audio.errors import EngineError, OutageError, StoreError, UsageError
from interview_audio.files.sound_files import wav_of
from interview_audio.production.loudness import (
    Levels,
    set_levels,
    volume_curve,
)
from interview_audio.production.mixing import edit_clip
from interview_audio.rendering.audition import SENTENCES, gain_alone
from interview_audio.rendering.job import RenderJob
from interview_audio.rendering.options import Listener, RenderOptions
from interview_audio.rendering.render import synthesize_lines
from interview_audio.rendering.settings_checks import check_pronunciations
from interview_audio.rendering.wording import usual_voice, wording_of
from interview_audio.script.casting import HOST
from interview_audio.script.lines import Line, Voice
from interview_audio.script.rules import ReadingRules
from interview_audio.synthesis.clip_file import DamagedClipError, MissingClipError, read_samples
from interview_audio.synthesis.clip_worker import LoadedEngines
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import EngineInUse, engine_settings_json, spec_of
from interview_audio.synthesis.throughput import Speed, audible_seconds, remember_speeds
from interview_audio.synthesis.workers import WorkerPool
from interview_audio.text.characters import has_letter_or_digit

_AT_ONCE = 2
"""Lines that are spoken at the same time: while a long one is, the next click need not wait for it."""
_PEAK = 0.89
"""Of full scale (-1 dBFS): what would be louder is lowered as a whole, where an episode has a limiter."""
_LONGEST_TRIAL = 300
"""Characters of a word or sentence that is tried out."""
_CLOSED = "the studio is being closed"
T = TypeVar("T")
_Work = tuple["Future[Any]", Callable[[], Any]]


class Booth:
    """Where lines are spoken while somebody listens: workers that are kept warm, and the newest wish first.

    A context; when it is left, no process, thread or connection remains.

    Args:
        options: Of the project: jobs, and whether the network may be used.
        listener: Called when an engine has to be downloaded.
    """

    def __init__(self, options: RenderOptions, listener: Listener) -> None:
        self._options = options
        self._listener = listener
        self._pools: dict[str, WorkerPool] = {}
        self._engines = LoadedEngines()
        self._changed = threading.Condition()
        self._opening = threading.Lock()
        self._waiting: list[_Work] = []
        self._is_closed = False
        self._threads = [threading.Thread(target=self._serve, daemon=True, name="booth") for _ in range(_AT_ONCE)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End everything at once; who waits for a line gets none."""
        with self._changed:
            self._is_closed = True
            for future, _ in self._waiting:
                future.cancel()
            self._waiting.clear()
            self._changed.notify_all()
        with self._opening:  # after which none is opened any more
            pools = [*self._pools.values()]
        for pool in pools:
            pool.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)  # as when a command is interrupted
        self._engines.close()
        for thread in self._threads:
            thread.join(1)

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """Have something done soon; what was asked for last is done first, and what is cancelled is not."""
        future: Future[T] = Future()
        with self._changed:
            if self._is_closed:
                future.cancel()
            self._waiting.append((future, work))
            self._changed.notify()
        return future

    def warm_up(self, job: RenderJob) -> None:
        """Load what the lines of a job need, before the first of them is asked for."""
        languages: dict[str, set[str]] = {}
        for line in job.script.lines:
            languages.setdefault(line.voice.engine, set()).add(line.language)
        for name, spoken in languages.items():
            self._pool(job, name, spoken)

    def speak(self, job: RenderJob, line: Line) -> Clip:
        """Return the clip of a line, made if it is not stored.

        Raises:
            InterviewAudioError: It cannot be said.
        """
        if stored := job.plan_synthesis([line]).stored:
            return next(iter(stored.values()))
        pool = self._pool(job, line.voice.engine, {line.language})
        is_warm, began = pool.has_worked, time.monotonic()
        try:
            clip = synthesize_lines(job, [line], self._listener, pool).clips[0]
        except OutageError:
            pool.engines.close()  # one that has lost its service does not try again
            raise
        if is_warm:
            self._remember(job, line, Speed(work=time.monotonic() - began, spoken=audible_seconds(clip)))
        return clip

    def _remember(self, job: RenderJob, line: Line, speed: Speed) -> None:
        """Note how fast a line was made: a render measures that over many, but a plan is wanted before the first."""
        with self._opening, suppress(StoreError):
            remember_speeds(job.store.home, {(line.voice.engine, line.language): speed})

    def engine(self, name: str, settings: Settings) -> EngineInUse:
        """Return an engine of the project as it would speak; raises ``EngineError``."""
        own = settings.engines.get(name, {})
        engine = self._engines.get(name, engine_settings_json(own))
        if isinstance(engine, Online) and self._options.is_offline:
            own = {**own, "offline": True}
            engine = self._engines.get(name, engine_settings_json(own))
        return EngineInUse(engine, own, settings.pronunciations_for(name))

    def _pool(self, job: RenderJob, name: str, languages: Iterable[str]) -> WorkerPool:
        with self._opening:
            if self._is_closed:
                raise EngineError(_CLOSED)
            if name not in self._pools:
                jobs = self._options.jobs
                self._pools[name] = WorkerPool(min(_AT_ONCE, jobs) if jobs else None)
                own = job.engines[name]
                self._pools[name].warm_up(own.engine, own.settings, sorted(languages), _AT_ONCE)
            return self._pools[name]

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_closed)
                if self._is_closed:
                    return
                future, work = self._waiting.pop()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - whatever it is, whoever waits for the line hears of it
                # Of pools that were ended under it, a line says many things.
                future.set_exception(EngineError(_CLOSED) if self._is_closed else error)


@dataclass(frozen=True, slots=True)
class _LevelsOf:
    """Levels, and what they were measured on."""

    job: RenderJob
    count: int
    levels: Levels


class HeardClips:
    """Which lines of a project have a clip, remembered from one state of its files to the next, and their levels."""

    def __init__(self) -> None:
        self._clips: dict[str, Clip] = {}
        self._missing: set[str] = set()
        self._keys: dict[tuple[object, ...], str] = {}
        self._shaped_by: object = None
        self._levels: _LevelsOf | None = None
        self._lock = threading.RLock()

    @property
    def count(self) -> int:
        """How many clips are known, by which it is seen that there are new ones."""
        return len(self._clips)

    def keys(self, job: RenderJob, lines: Sequence[Line]) -> list[str]:
        """Return the key of each line's clip."""
        shaped_by = {name: (own.engine.identity, own.pronunciations) for name, own in job.engines.items()}
        with self._lock:
            if shaped_by != self._shaped_by:
                self._keys, self._shaped_by = {}, shaped_by
            keys = self._keys
        found = []
        for line in lines:
            said = (line.voice, line.language, line.text, line.take, line.stretches, line.replaced)
            key = keys.get(said)
            if key is None:
                key = keys[said] = spec_of(line, job.engines).key
            found.append(key)
        return found

    def find(self, job: RenderJob) -> list[Clip | None]:
        """Return the clip of each line of a job that is stored."""
        lines = job.script.lines
        keys = self.keys(job, lines)
        with self._lock:
            known = self._clips.keys() | self._missing
            new = [line for line, key in zip(lines, keys, strict=True) if key not in known]
            if new:
                plan = job.plan_synthesis(new)
                self._clips |= plan.stored
                self._missing |= plan.jobs.keys()
            return [self._clips.get(key) for key in keys]

    def add(self, clip: Clip) -> None:
        """Remember a clip that has just been made."""
        with self._lock:
            self._missing.discard(clip.key)
            self._clips[clip.key] = clip

    def forget(self) -> None:
        """Look everything up again the next time: a render has stored clips, or a damaged one is gone."""
        with self._lock:
            self._missing.clear()
            self._clips.clear()

    def gain(self, job: RenderJob, line: Line, clip: Clip) -> float:
        """Return the gain in dB that a line has in an episode of the clips that there are."""
        measured = self._levels
        if measured is None or measured.job is not job or measured.count != self.count:
            heard = [(one, found) for one, found in zip(job.script.lines, self.find(job), strict=True) if found]
            target = job.settings.sound.loudness
            levels = set_levels([one for one, _ in heard], [found for _, found in heard], target)
            measured = self._levels = _LevelsOf(job, self.count, levels)
        known = {(level.speaker, level.voice) for level in measured.levels.speakers}
        if (line.speaker, str(line.voice)) in known:
            return measured.levels.gain_of(line) + measured.levels.episode
        return gain_alone([clip], job.settings.sound.loudness)


def line_wav(line: Line, clip: Clip, gain: float) -> bytes:
    """Return a line's clip as a WAV of 16 bits, trimmed and faded as in an episode.

    Args:
        line: What is heard.
        clip: Its sound.
        gain: In dB; less where it would be too loud.

    Raises:
        StoreError: It cannot be read.
    """
    edited = edit_clip(read_samples(clip.path), (clip.onset, clip.offset), 0.0, clip.sample_rate)
    gains = np.full(len(edited), gain)
    if curve := volume_curve(line, clip):
        gains += curve.at(np.arange(clip.onset, clip.offset) / clip.sample_rate)
    heard = edited / 2**31 * 10 ** (gains / 20)
    peak = float(np.abs(heard).max(initial=0.0))
    samples = np.round(heard * (min(1.0, _PEAK / peak) if peak else 1.0) * 32767).astype(np.int16)
    return wav_of(samples, clip.sample_rate)


def spoken_wav(booth: Booth, clips: HeardClips, job: RenderJob, line: Line, *, by_itself: bool = False) -> bytes:
    """Return the sound of a line; one whose stored clip turns out to be damaged is spoken again.

    Args:
        booth: Where it is spoken.
        clips: Those that are known.
        job: Whose line it is.
        line: What is to be heard.
        by_itself: It is no line of the script, so that its level is its own.

    Raises:
        InterviewAudioError: It cannot be said.
    """
    for is_last in (False, True):
        clip = booth.speak(job, line)
        clips.add(clip)
        try:
            gain = gain_alone([clip], job.settings.sound.loudness) if by_itself else clips.gain(job, line, clip)
            sound = line_wav(line, clip, gain)
        except (DamagedClipError, MissingClipError):
            if is_last:
                raise
            job.store.discard(clip.path)
            clips.forget()
        else:
            return sound
    raise AssertionError  # the second time returns or raises


def sample_line(
    booth: Booth, job: RenderJob, speaker: str, language: str, voice: Voice, text: str | None = None
) -> tuple[RenderJob, Line]:
    """Return the first line of somebody in a language, or a sentence of ours, in a certain voice, and its job.

    Args:
        booth: Where it will be spoken.
        job: Of the project.
        speaker: Whose line it is.
        language: Of the line.
        voice: In which it is said.
        text: What is said instead.

    Raises:
        InterviewAudioError: There is no such engine, or no such voice for this language.
    """
    own = booth.engine(voice.engine, job.settings)
    own.engine.check(voice.name, language)
    lines = (line for line in job.script.lines if line.speaker == speaker and line.language == language)
    first = next(lines, None)
    if text or first is None:
        said = _short(text) if text else SENTENCES.get(language, SENTENCES["en"])
        first = _line(job, speaker, language, said, voice)
    line = replace(first, voice=voice, take=1)
    return replace(job, engines={**job.engines, voice.engine: own}), line


def trial_line(job: RenderJob, text: str, language: str, said: str | None) -> tuple[RenderJob, Line]:
    """Return a text that is tried out in the host's voice, and the job in which it is said in this way.

    Raises:
        InterviewAudioError: It is too long, or cannot be said.
    """
    settings = job.settings
    if said:
        given = {**settings.pronunciations.get(language, {}), text: said}
        settings = replace(settings, pronunciations={**settings.pronunciations, language: given})
        engine = replace(job.engines[job.engine.name], pronunciations=settings.pronunciations_for(job.engine.name))
        engines = {**job.engines, job.engine.name: engine}
        job = replace(job, parsed=replace(job.parsed, settings=settings), engines=engines)
    voice = Voice(job.engine.name, usual_voice(settings, job.engine, language))
    line = _line(job, HOST, language, _short(text), voice)
    check_pronunciations([line], settings, job.engine)
    return job, line


def _line(job: RenderJob, speaker: str, language: str, text: str, voice: Voice) -> Line:
    replaced = tuple(match.replacement for match in ReadingRules(job.settings.rules).find(text))
    return Line(0, speaker, language, text, voice, 0, None, 0, replaced=replaced)


def _short(text: str) -> str:
    if len(text) > _LONGEST_TRIAL:
        raise UsageError(f"text: longer than {_LONGEST_TRIAL} characters; try a part of it")
    if not has_letter_or_digit(text):
        raise UsageError("text: nothing to say")
    return text


def sounds_of(booth: Booth, job: RenderJob, line: Line) -> dict[str, Any]:
    """Return how a line is said: the words as spoken, and its sounds where the engine tells them.

    Raises:
        InterviewAudioError: It cannot be found out.
    """
    sounds = Sounds(line.text, "")  # of a recording, which is heard as it is
    if line.voice.engine != RECORDINGS:
        engine = booth.engine(line.voice.engine, job.settings).engine  # which has its dictionaries loaded
        sounds = wording_of(line.text, job.settings, engine, line.language, line.voice.name).sounds
        sounds = sounds if isinstance(engine, Phonetic) else replace(sounds, phonemes="")
    return {
        "written": line.text,
        "spoken": sounds.spoken,
        "phonemes": sounds.phonemes or None,
        "pinyin": sounds.pinyin or None,
        "unspoken": list(sounds.unspoken),
        "engine": line.voice.engine,
        "voice": line.voice.name,
    }


def voices_of_engine(booth: Booth, name: str, settings: Settings) -> list[dict[str, Any]]:
    """Return the voices of an engine for the page; raises ``EngineError``."""
    engine = booth.engine(name, settings).engine
    return [_described(voice, _traits(engine, voice)) for voice in engine.voices()]


def _described(voice: VoiceInfo, traits: VoiceTraits | None) -> dict[str, Any]:
    return {
        "name": voice.name,
        "languages": list(voice.languages),
        "gender": voice.gender,
        "description": voice.description,
        "clarity": traits.clarity if traits else None,
        "quality": traits.quality if traits else None,
        "recommended": traits.is_recommended if traits else False,
    }


def _traits(engine: Engine, voice: VoiceInfo) -> VoiceTraits | None:
    """Return how a voice sounds in the first of its languages."""
    if not isinstance(engine, Measured) or not voice.languages:
        return None
    return engine.traits(voice.name, voice.languages[0])
