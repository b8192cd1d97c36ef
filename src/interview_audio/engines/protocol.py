"""What an engine is: the values that go in and come out, and the protocols that it follows.

``Engine`` is what every engine is. The other protocols are what it may be besides: whoever calls an engine finds out by
``isinstance``. All of this is public: engines of other packages import it from here (docs/own-engine.md).
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from interview_audio.errors import VoiceError, did_you_mean

MAX_SOCKETS = 8
"""Connections to one service at a time: more would be impolite."""

Gender = Literal["female", "male", "unknown"]
Resource = Literal["cpu", "gpu", "network", "either"]
"""What saying one line occupies: a core, a graphics card, a connection; a card or else a core."""


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """A voice that an engine offers."""

    name: str
    languages: tuple[str, ...]
    """The languages it is made for, as primary tags; others may work with an accent."""
    gender: Gender
    description: str = ""


TOLD_APART = 4.0
"""The distance from which on voices are told apart: a half-and-half blend is at 5 from its parts, docs/voices.md."""
_CLEAR = 0.92
"""Clarity from which on a voice is recommended."""
_GOOD = 3.1
"""Quality from which on a voice is recommended."""


@dataclass(frozen=True, slots=True)
class VoiceTraits:
    """How a voice sounds in a language, as it was measured: docs/voices.md says how."""

    pitch: float
    """Hz: the median of its speech."""
    liveliness: float
    """Semitones between the lowest and the highest tenth of its speech."""
    timbre: tuple[float, ...]
    """In what voices differ besides: each number so scaled that 1 tells two voices apart as well as a semitone does."""
    clarity: float | None = None
    """The share of its words, or Chinese characters, that an ear hears right; None where that was not measured."""
    quality: float | None = None
    """How natural and clean it sounds, from 1 to 5 (DNSMOS, overall); None where that was not measured."""

    @property
    def is_recommended(self) -> bool:
        """Whether it is clear and good, both by measure."""
        return (self.clarity or 0) >= _CLEAR and (self.quality or 0) >= _GOOD

    def raised(self, semitones: float) -> "VoiceTraits":
        """Return the traits of this voice where it speaks higher: its timbre stays."""
        return replace(self, pitch=self.pitch * 2 ** (semitones / 12))


def voice_distance(one: VoiceTraits, other: VoiceTraits) -> float:
    """Return how different two voices sound, in semitones of pitch, or as much of timbre.

    Below ``TOLD_APART`` two voices are hard to tell apart.
    """
    return math.hypot(12 * math.log2(one.pitch / other.pitch), math.dist(one.timbre, other.timbre))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of an utterance that is said otherwise than the rest of it."""

    start: int
    """First code point of it in the utterance's text."""
    end: int
    """One past the last code point."""
    rate: float = 1.0
    """As a multiple of the utterance's own rate."""
    pitch: float = 0.0
    """Semitones above the utterance's own pitch."""
    is_stressed: bool = False
    say: str = ""
    """What is said instead of the written words, here only; empty where they are said."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing to say."""

    text: str
    """Written words."""
    language: str
    voice: str
    rate: float = 1.0
    """Speaking rate: 1.1 is a tenth faster than the voice's own."""
    pronunciations: Mapping[str, str] = field(default_factory=dict)
    """Written form to spoken form, those that occur in the text.

    They may occur with another apostrophe or width: ``normalization.pronunciations.find_pronunciations`` finds them.
    """
    pitch: float = 0.0
    """Semitones above the voice's own pitch."""
    stretches: tuple[Stretch, ...] = ()
    """In order, without overlap. An engine does with them what it can, and never speaks what they are made of."""
    names: tuple[str, ...] = ()
    """Names of people that occur in the text, where an engine reads names otherwise than words (``Naming``)."""

    @property
    def said_here(self) -> tuple[tuple[int, int, str], ...]:
        """Start, end and spoken form of each stretch whose words are said otherwise."""
        return tuple((stretch.start, stretch.end, stretch.say) for stretch in self.stretches if stretch.say)


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A stretch of the written text and when it is heard."""

    start: float
    """Seconds from the first sample."""
    end: float
    """Seconds from the first sample."""
    written: tuple[int, int]
    """Half-open range in the utterance's text."""


@dataclass(frozen=True, slots=True)
class Speech:
    """An utterance as sound."""

    samples: NDArray[np.int16]
    """Mono, shape ``(n,)``, with the engine's own silence around the speech."""
    sample_rate: int
    """Hz."""
    words: tuple[SpokenWord, ...]
    """In order; ranges do not overlap."""
    unspoken: tuple[str, ...] = ()
    """Words and characters that the engine has no sound for."""
    made_by: str = ""
    """What ran (a graph, a server's version): recorded with the clip, not part of its identity."""


class Engine(Protocol):
    """Turns utterances into speech. Building one is cheap; what is heavy is loaded by the first ``speak``."""

    name: str
    local: bool
    """True if nothing leaves the machine."""
    identity: str
    """What it speaks with, as far as that changes the sound (the hash of its weights): part of a clip's key."""
    heavy: bool
    """True if speaking is worth worker processes."""

    def voices(self) -> Sequence[VoiceInfo]:
        """Return all voices that it offers."""

    def check(self, voice: str, language: str) -> None:
        """Raise ``VoiceError`` if this voice cannot speak this language, ``EngineError`` if no voice can now."""

    def speak(self, utterance: Utterance) -> Speech:
        """Say an utterance.

        Raises:
            SpeechError: Nothing of this text can be said.
            VoiceError: There is no such voice.
            EngineError: Nothing can be said now.
        """


@runtime_checkable
class Preparing(Protocol):
    """An engine that speaks faster once it has made something on this machine."""

    preparation_seconds: float
    """How long one worker takes to make it, for an estimate."""

    def worth_preparing(self, utterances: Sequence[Utterance]) -> bool:
        """Tell whether it should be made now, given what is to be said."""

    def preparation_state(self) -> str:
        """Return one line that says what has been made and how much faster it is."""

    def prepare(self, on_step: Callable[[str], None], *, again: bool = False) -> str:
        """Make it, once however many processes ask, and return one line about the result.

        Args:
            on_step: Called with each step as it begins.
            again: Make it anew even if it exists.

        Raises:
            EngineError: It cannot be made; the engine speaks without it.
        """


@runtime_checkable
class Loading(Protocol):
    """An engine that can load what is heavy before it is asked to speak."""

    def load(self, languages: Collection[str]) -> None:
        """Load what speaking these languages needs; raise ``EngineError`` as ``speak`` would."""


@runtime_checkable
class Downloading(Protocol):
    """What an engine may be besides: one that may have to download what it speaks with, before its first line."""

    def needs_download(self) -> str:
        """Return what would be downloaded, how much and from where, for a message; empty where nothing would."""

    def download(self, on_progress: Callable[[int, int], None], *, is_offline: bool = False) -> None:
        """Download it, once however many processes ask; does nothing where it is here.

        Args:
            on_progress: Called with the bytes that have arrived, and all of them.
            is_offline: Whether the network must not be used.

        Raises:
            EngineError: It cannot be downloaded, or must not be.
        """


@runtime_checkable
class Selective(Protocol):
    """An engine that knows which letters its voices pass over in silence."""

    def unread(self, text: str, voice: str) -> str:
        """Return the letters of a text for which this voice has no sound, judged by their script alone."""


@runtime_checkable
class Describing(Protocol):
    """An engine that can describe any voice that it takes, those that it does not list too: blends."""

    def describe(self, voice: str) -> VoiceInfo:
        """Return what is known of a voice; it has no languages where it speaks any as well, or none is known.

        Raises:
            VoiceError: There is no such voice.
        """


@runtime_checkable
class Measured(Protocol):
    """An engine that knows how its voices sound."""

    def traits(self, voice: str, language: str) -> VoiceTraits | None:
        """Return how a voice or a blend sounds in a language; None where it was not measured.

        Raises:
            VoiceError: There is no such voice.
        """


@dataclass(frozen=True, slots=True)
class Sounds:
    """How an engine says a text, for people."""

    spoken: str
    """The text as it is read, numbers and signs in words."""
    phonemes: str
    """Its sounds in the engine's own notation."""
    pinyin: str = ""
    """The reading of its Chinese characters, empty where there are none."""
    unspoken: tuple[str, ...] = ()
    """Words and characters that the engine has no sound for."""


@runtime_checkable
class Phonetic(Protocol):
    """An engine that takes pronunciations in notations of sounds, and can show what it would say."""

    tells_words_of: tuple[str, ...]
    """The languages, as primary tags, of which it has dictionaries."""

    def notation_fault(self, said: str, notation: str) -> str:
        """Return why it cannot say a pronunciation, in words that follow it; empty if it can.

        Args:
            said: The pronunciation.
            notation: ``normalization.pronunciations.notation_of`` it.
        """

    def sounds(self, utterance: Utterance) -> Sounds:
        """Return what ``speak`` would say; raises ``EngineError`` if it cannot be found out."""

    def guesses(self, utterance: Utterance) -> Sequence[tuple[str, str]]:
        """Return the written words that no dictionary of it has, each with its guess as a pronunciation.

        Raises:
            EngineError: The dictionaries cannot be loaded.
        """


@runtime_checkable
class Expressive(Protocol):
    """An engine that can say a stretch of an utterance slower, higher or with stress."""

    obeys_stretches: bool
    """True if it does; what a stretch has it ``say`` every engine says."""


@runtime_checkable
class Naming(Protocol):
    """An engine that reads Chinese names otherwise than words: 曾 is zēng in one."""

    reads_names: bool
    """True if it wants ``Utterance.names``."""


@runtime_checkable
class Tunable(Protocol):
    """An engine whose voices may be higher or lower than they are of themselves."""

    obeys_pitch: bool
    """True if it does what ``Utterance.pitch`` asks for."""


@runtime_checkable
class Varying(Protocol):
    """An engine that may say the same utterance differently the next time."""

    varies: bool
    """True if the same utterance need not give the same samples."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an engine can speak on this machine now, how that is known, and what to do if it cannot."""

    state: Literal["ready", "unknown", "unavailable"]
    """``unknown`` if only a request would tell and none was allowed."""
    how: str
    """How that is known, in one line."""
    remedy: str = ""
    """What would make it ready, or better; empty if there is nothing to do."""


@runtime_checkable
class Diagnosable(Protocol):
    """An engine that can say whether it works."""

    def availability(self, *, online: bool) -> Availability:
        """Find out whether it can speak; raises nothing.

        Args:
            online: Whether a short request may be sent over the network.
        """


@runtime_checkable
class Online(Protocol):
    """An engine whose ``speak`` waits for a network: several threads call it at once."""

    sockets: int
    """Connections at a time at most: more threads than these only wait."""

    def waiting(self) -> str | None:
        """Return one line that says what it waits for and for how many seconds; None while it works.

        Any thread may call it at any time.
        """

    def close(self) -> None:
        """End every request under way and leave no connection and no thread behind; it may be called again.

        A ``speak`` under way or to come raises ``EngineError``.
        """


@runtime_checkable
class Accelerated(Protocol):
    """An engine that can speak on a graphics card."""

    def device_wanted(self) -> Literal["cpu", "gpu", "either"]:
        """Return where its settings have it speak; nothing is loaded, and no card is looked for."""


@runtime_checkable
class DeviceChoosing(Accelerated, Protocol):
    """An engine that finds out whether a graphics card is there and faster."""

    def device_state(self) -> str:
        """Return a line for people: which device speaks, why that one, and what would make another one speak."""

    def device_notice(self) -> str:
        """Return why a device does not speak that was asked for, or did before; empty where that is as it should be.

        Asked before a run and after it, in any process; nothing is loaded.
        """


def resource_of(engine: Engine) -> Resource:
    """Return what one call of ``speak`` occupies."""
    if isinstance(engine, Online):
        return "network"
    return engine.device_wanted() if isinstance(engine, Accelerated) else "cpu"


@runtime_checkable
class Listing(Protocol):
    """An engine whose service may not say which voices it has."""

    def no_voices(self) -> str:
        """Return one line that says why ``voices`` returns none, and what to do."""


def unknown_voice_error(engine: str, voice: str, known: Sequence[str]) -> VoiceError:
    """Return the error for a voice that an engine does not have, with the nearest name.

    Args:
        engine: Its name.
        voice: As the settings name it.
        known: The voices that the engine has.
    """
    otherwise = f"list them with: interview-audio voices list --engine {engine}"
    return VoiceError(f"{engine} has no voice {voice!r}{did_you_mean(voice, known, otherwise)}")


def fits(voice: str, language: str, engine: Engine) -> bool:
    """Tell whether a voice, or the main part of a blend, is made for a language, as far as the engine knows that."""
    made_for = engine.describe(voice).languages if isinstance(engine, Describing) else ()
    return not made_for or language in made_for
