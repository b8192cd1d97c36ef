"""An audition: the same words in several voices, equally loud, so that an ear can compare them, also on a page.

The page is the gallery of voices: one HTML file with the sound of each, which asks nothing of the network.
"""

import base64
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.settings import Settings, Sound
from interview_audio.engines.protocol import Engine
from interview_audio.errors import OutageError, SourceError, VoiceError, did_you_mean
from interview_audio.production.containers.mp3 import encoded_mp3
from interview_audio.production.loudness import DUAL_MONO, SILENCE, gated_loudness
from interview_audio.rendering.options import Listener, RenderOptions, check_reachable
from interview_audio.rendering.settings_checks import check_pronunciations
from interview_audio.script.casting import possible_names
from interview_audio.script.lines import Line, Voice
from interview_audio.script.rules import ReadingRules
from interview_audio.script.sentences import estimate_phonemes
from interview_audio.synthesis.clip_file import read_samples
from interview_audio.synthesis.clip_worker import ClipExecutor, ClipWorker, LoadedEngines, ThreadExecutor
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import SynthesisPlan, plan_synthesis
from interview_audio.synthesis.store import ClipStore
from interview_audio.synthesis.synthesizing import synthesize
from interview_audio.synthesis.workers import WorkerPool
from interview_audio.text.characters import name_key
from interview_audio.text.html_pages import filled, json_in_script, policy_hash
from interview_audio.transcript.turns import Gender, Person

SENTENCES: Mapping[str, str] = {
    "en": "Good morning, and thank you for coming. When did you know, after all those years, that it would work?",
    "zh": "早上好，谢谢你今天能来。这么多年过去了，你是什么时候知道这件事能成的？",
    "de": "Guten Morgen, und danke, dass Sie gekommen sind. Wann wussten Sie, dass es gelingen würde?",
    "fr": "Bonjour, et merci d'être venue. Quand avez-vous su, après toutes ces années, que cela marcherait ?",
    "es": "Buenos días, y gracias por venir. ¿Cuándo supo usted, después de tantos años, que iba a funcionar?",
    "ja": "おはようございます。今日は来てくださってありがとうございます。うまくいくと分かったのは、いつでしたか。",
}
"""What a voice says of each language unless something else is given: a greeting, and a question with its tune."""
_ENOUGH_PHONEMES = 250
"""Of a speaker's lines, about 15 seconds: enough to judge a voice by."""
_FEW = 6
"""Clips that are spoken in this process: starting workers takes longer than they would save."""
_PEAK = 10 ** (-1 / 20)
"""Highest sample of an audition: an encoder and a loudspeaker need a decibel."""
_GAP = 0.35
"""Seconds of silence between two utterances of one voice."""
_SPEAKER = "audition"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words for an audition: utterances of one language."""

    language: str
    texts: tuple[str, ...]
    gender: Gender = "unknown"
    """Of whoever says them in the source."""
    rate: float = 1.0
    """At which the settings have that speaker speak."""
    pitch: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A voice that is heard."""

    voice: Voice
    name: str = ""
    """Its name as it says it first; empty where it does not."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a voice has said."""

    voice: Voice
    samples: NDArray[np.int16]
    """Mono, shape ``(n,)``, without the engine's silence at the ends."""
    sample_rate: int
    """Hz."""
    is_new: bool
    """Whether any of it had to be spoken: the rest was stored."""
    unspoken: tuple[str, ...] = ()
    """Words that the engine has no sound for."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.sample_rate


def first_words(source: Path, speaker: str, language: str | None, options: RenderOptions) -> Excerpt:
    """Return the first lines of a speaker, about 15 seconds of them.

    Args:
        source: An interview or a script file.
        speaker: The name, or another form of it that the text has.
        language: Of the lines; None for the one in which that person speaks first.
        options: What was chosen beside the source.

    Raises:
        InterviewAudioError: The source cannot be understood.
        SourceError: Nobody is called so, or they say nothing in that language.
    """
    from interview_audio.rendering.job import prepare  # a sentence of ours is heard without a parser

    with LoadedEngines() as engines:
        job = prepare(source, options, engines, is_partial=True)
    who = _person_called(speaker, job.transcript.speakers, [member.speaker for member in job.cast], source)
    lines = [line for line in job.script.lines if line.speaker == who and language in (None, line.language)]
    if not lines:
        raise SourceError(f"{who} says nothing that can be read{f' in {language}' if language else ''}", str(source))
    said = [line for line in lines if line.language == lines[0].language]
    gender: Gender = next((person.gender for person in job.transcript.speakers if person.name == who), "unknown")
    count, phonemes = 0, 0.0
    while count < len(said) and phonemes < _ENOUGH_PHONEMES:
        phonemes = estimate_phonemes(said[count].text, phonemes)
        count += 1
    texts = tuple(line.text for line in said[:count])
    return Excerpt(lines[0].language, texts, gender, lines[0].voice.rate, lines[0].voice.pitch)


def _person_called(wanted: str, people: Sequence[Person], speakers: Sequence[str], source: Path) -> str:
    """Return who has this name, alias, or one word of a name that nobody else has."""
    key, names = name_key(wanted), possible_names(people)
    exact = [name for name in speakers if key == name_key(name) or key in names.get(name, ())]
    partly = [name for name in speakers if key in map(name_key, name.split())]
    if len(found := exact or partly) == 1:
        return found[0]
    hint = did_you_mean(wanted, speakers, f"speakers: {', '.join(speakers)}")
    raise SourceError(f"{'several are' if found else 'nobody is'} called {wanted!r}{hint}", str(source))


def pool_voices(excerpt: Excerpt, settings: Settings, engine: Engine) -> tuple[str, ...]:
    """Return the voices among which an audition chooses where none is named: the pool's, of the speaker's gender.

    Raises:
        VoiceError: The engine has none for the language.
    """
    pool = settings.pool.get(excerpt.language, {}).get(engine.name, {})
    own = [voice for voice in engine.voices() if excerpt.language in voice.languages]
    genders = ("female", "male") if excerpt.gender == "unknown" else (excerpt.gender,)
    found = [name for gender in genders for name in pool.get(gender, ())]
    found = found or [voice.name for voice in own if voice.gender in genders] or [voice.name for voice in own]
    if not found:
        raise VoiceError(f"{engine.name} has no voice for {excerpt.language}; name a voice, or choose an engine")
    return tuple(dict.fromkeys(found))


class Audition:
    """Voices heard with the same words.

    Args:
        settings: Those that count; their rules and pronunciations are obeyed.
        store: Where clips are kept: what was heard before is there at once.
        listener: Called with the progress.
        is_offline: Whether nothing may be sent over the network.
    """

    def __init__(self, settings: Settings, store: ClipStore, listener: Listener, *, is_offline: bool = False) -> None:
        check_reachable(store.location, is_offline=is_offline)
        self._settings = settings
        self._store = store
        self._listener = listener
        self._is_offline = is_offline

    def hear(
        self,
        candidates: Sequence[Candidate],
        excerpt: Excerpt,
        engine: Engine,
        engine_settings: Mapping[str, Any],
        pool: WorkerPool,
    ) -> tuple[Heard, ...]:
        """Have each voice of one engine say an excerpt.

        Args:
            candidates: The voices.
            excerpt: The words.
            engine: Whose voices they are.
            engine_settings: Its part of ``voices.yaml``.
            pool: Workers for more than a few clips, and the engines that use a network.

        Raises:
            VoiceError: There is no such voice.
            SpeechError: Something cannot be said.
            EngineError: The engine cannot work now.
        """
        for candidate in candidates:
            engine.check(candidate.voice.name, excerpt.language)
        texts = [(*([one.name] if one.name else []), *excerpt.texts) for one in candidates]
        lines = [
            self._line(text, excerpt.language, one.voice)
            for one, said in zip(candidates, texts, strict=True)
            for text in said
        ]
        check_pronunciations(lines, self._settings, engine)
        pronunciations = self._settings.pronunciations_for(engine.name)
        is_checked = self._settings.check_clips
        plan = plan_synthesis(lines, engine, engine_settings, pronunciations, self._store, is_checked=is_checked)
        clips = self._clips(lines, plan, engine, engine_settings, pool)
        found, start = [], 0
        for one, said in zip(candidates, texts, strict=True):
            end = start + len(said)
            is_new = any(key in plan.jobs for key in plan.keys[start:end])
            found.append(_heard(one.voice, clips[start:end], self._settings.sound.loudness, is_new=is_new))
            start = end
        return tuple(found)

    def _line(self, text: str, language: str, voice: Voice) -> Line:
        replaced = tuple(match.replacement for match in ReadingRules(self._settings.rules).find(text))
        return Line(0, _SPEAKER, language, text, voice, _GAP, None, 0, replaced=replaced)

    def _clips(
        self,
        lines: Sequence[Line],
        plan: SynthesisPlan,
        engine: Engine,
        engine_settings: Mapping[str, Any],
        pool: WorkerPool,
    ) -> tuple[Clip, ...]:
        if not plan.jobs:
            return tuple(plan.stored[key] for key in plan.keys)
        if self._is_offline and not engine.local:
            raise OutageError(f"--offline forbids {engine.name}", "leave out --offline, or choose a local engine")
        from interview_audio.rendering.render import download_missing  # what is stored is heard without it

        self._store.prepare()
        download_missing(engine, self._listener, is_offline=self._is_offline)
        done = 0

        def on_clip(_: object) -> None:
            nonlocal done
            done += 1
            self._listener.progress("voices", done, len(plan.jobs))

        with self._store.lease(plan.keys), ThreadPoolExecutor(1, "audition") as thread:
            executor: ClipExecutor = ThreadExecutor(thread, ClipWorker(pool.engines))
            if len(plan.jobs) > _FEW or not engine.heavy:
                workers = pool.jobs_for(engine, len(plan.jobs))
                executor = pool.executor(engine, engine_settings, {lines[0].language}, workers)
            else:
                plan = replace(plan, preparation=None)  # it takes longer than these few clips
            return synthesize(lines, plan, executor, on_clip, self._listener.notice)


def gain_alone(clips: Sequence[Clip], target: float) -> float:
    """Return the gain in dB that makes clips by themselves as loud as an episode.

    Args:
        clips: Of one voice.
        target: Of the episode, in LUFS.
    """
    loudness = gated_loudness(momentary for clip in clips for momentary in clip.loudness)
    return target - DUAL_MONO - loudness if loudness > SILENCE else 0.0


def _heard(voice: Voice, clips: Sequence[Clip], target: float, *, is_new: bool) -> Heard:
    """Join the clips of a voice and bring them to the loudness of an episode, as far as their peaks allow."""
    rate = clips[0].sample_rate
    parts: list[NDArray[np.int16]] = []
    for clip in clips:
        parts += [
            np.zeros(round(_GAP * rate) if parts else 0, np.int16),
            read_samples(clip.path)[clip.onset : clip.offset],
        ]
    samples = np.concatenate(parts).astype(np.float32)
    gain = 10 ** (gain_alone(clips, target) / 20)
    highest = float(np.abs(samples).max(initial=1.0)) / 32768
    levelled = np.rint(samples * min(gain, _PEAK / highest)).astype(np.int16)
    unspoken = tuple(dict.fromkeys(word for clip in clips for word in clip.unspoken))
    return Heard(voice, levelled, rate, is_new, unspoken)


_BARS = 120
"""Of a waveform: as many as a card is wide enough to show."""
_BIT_RATE = 48
"""Of a sample's MP3, in kbit/s; at 24 kHz, mono, nobody hears a difference."""


@dataclass(frozen=True, slots=True)
class GalleryVoice:
    """A voice as the gallery shows it."""

    name: str
    language: str
    gender: str
    description: str
    yaml: str
    """The line of ``voices.yaml`` that chooses it."""
    used: str = ""
    """Who has it by the settings: ``voice of the host``, ``voice of Sam Reed``."""
    recommended: bool = False
    clarity: float | None = None
    """Percent of words or characters that a speech recogniser hears right."""
    quality: float | None = None
    """DNSMOS, 1 to 5."""
    pitch: float | None = None
    """Hz, median."""


def gallery_page(voices: Sequence[tuple[GalleryVoice, Heard]], about: str) -> str:
    """Return the page; whoever opens it needs no other file, and it makes no request.

    Args:
        voices: Each with what it says, in the order in which they are shown.
        about: A line below the heading.
    """
    data = {
        "about": about,
        "languages": sorted({voice.language for voice, _ in voices}),
        "voices": [_entry(voice, heard) for voice, heard in voices],
    }
    style, script = _part("css"), _part("js")
    parts = {
        "STYLE_HASH": policy_hash(style),
        "SCRIPT_HASH": policy_hash(script),
        "STYLE": style,
        "SCRIPT": script,
        "DATA": json_in_script(data),
    }
    return filled(_part("html"), parts)


def _part(suffix: str) -> str:
    return resources.files(__package__).joinpath(f"gallery.{suffix}").read_text("utf-8")


def _entry(voice: GalleryVoice, heard: Heard) -> dict[str, object]:
    samples = heard.samples.astype(np.float32) / np.float32(32768)
    sound = Sound(sample_rate=heard.sample_rate, bitrate=_BIT_RATE)
    audio = base64.b64encode(encoded_mp3(samples, sound)).decode()
    return {
        **asdict(voice),
        "seconds": round(heard.seconds, 2),
        "peaks": _peaks(heard.samples),
        "audio": f"data:audio/mpeg;base64,{audio}",
    }


def _peaks(samples: NDArray[np.int16]) -> list[int]:
    """Return the height of each bar of the waveform, 2 to 100."""
    levels = [float(np.abs(part.astype(np.float32)).max(initial=0)) for part in np.array_split(samples, _BARS)]
    highest = max(levels) or 1.0
    return [max(2, round(100 * level / highest)) for level in levels]
