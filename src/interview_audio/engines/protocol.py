"""What an engine is: the values that go in and come out, the Protocol, and the table of those there are.

Whether an engine can speak on this machine now: the answer, how it is known, and what to do if not.

What an engine offers besides speaking when a service on the network speaks for it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.registry import build_plugged_in, plugged_in
from interview_audio.errors import EngineError, VoiceError
from interview_audio.text.suggestions import did_you_mean


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """A voice that an engine offers."""

    name: str
    languages: tuple[str, ...]
    """The languages it is made for; others may work with an accent."""
    gender: Literal["female", "male", "unknown"]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing to say."""

    text: str
    """Written words."""
    language: str
    voice: str
    rate: float = 1.0
    pronunciations: Mapping[str, str] = field(default_factory=dict)
    """Written form to spoken form, those that this text contains."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A stretch of the written text and when it is heard."""

    start: float
    """Seconds from the first sample."""
    end: float
    written: tuple[int, int]
    """Half-open range in the utterance's text."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What an engine made of an utterance."""

    samples: NDArray[np.int16]
    """Mono, with the engine's own padding."""
    sample_rate: int
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
    """True when nothing leaves the machine."""
    identity: str
    """What it speaks with, as far as that changes the sound (the weights' hash): part of a clip's key."""
    heavy: bool
    """True when speaking is worth worker processes."""

    def voices(self) -> Sequence[VoiceInfo]:
        """All voices it offers."""

    def check(self, voice: str, language: str) -> None:
        """Raise ``VoiceError`` when this voice cannot speak this language, ``EngineError`` when none can now."""

    def speak(self, utterance: Utterance) -> Speech:
        """Say it; raises ``SpeechError`` when nothing of the text can be said, ``EngineError`` when none can be."""


@runtime_checkable
class Preparing(Protocol):
    """What an engine may be besides: one that speaks faster once something has been made on this machine."""

    preparation_seconds: float
    """How long one worker takes to make it, for an estimate."""

    def worth_preparing(self, utterances: Sequence[Utterance]) -> bool:
        """Whether it should be made now, given what is to be said."""

    def preparation_state(self) -> str:
        """In a line: what is there, and what it is worth."""

    def prepare(self, on_step: Callable[[str], None], *, again: bool = False) -> str:
        """Make it, once however many processes ask; returns a line that says what came of it.

        Args:
            on_step: Told what is being done.
            again: Make it anew where it stands already.

        Raises:
            EngineError: It cannot be made; the engine speaks without it.
        """


@runtime_checkable
class Loading(Protocol):
    """What an engine may be besides: one that can load what is heavy before it is asked to speak."""

    def load(self, languages: Collection[str]) -> None:
        """Load what speaking these languages needs; raises ``EngineError`` as ``speak`` would."""


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
    """What an engine may be besides: one that knows which letters its voices pass over in silence."""

    def unread(self, text: str, voice: str) -> str:
        """The letters of a text for which this voice has no sound, by their script alone; empty where it reads all."""


@runtime_checkable
class Varying(Protocol):
    """What an engine may be besides: one that may say the same utterance otherwise the next time."""

    varies: bool
    """True where the same utterance need not give the same samples."""


TRIAL = "tone"
"""The engine whose episodes are for trying things out: they never replace spoken ones."""
BUILT_IN = {
    "kokoro": "interview_audio.engines.kokoro.engine:KokoroEngine",
    "edge": "interview_audio.engines.edge.engine:EdgeEngine",
    "openai": "interview_audio.engines.openai.engine:OpenAIEngine",
    TRIAL: "interview_audio.engines.tone:ToneEngine",
}


def engine_names() -> tuple[str, ...]:
    """All engines there are: the built-in ones, then those of installed packages."""
    return (*BUILT_IN, *sorted(plugged_in().keys() - BUILT_IN))


def load_engine(name: str, settings: Mapping[str, Any]) -> Engine:
    """The engine of this name with its part of ``engines:`` in ``voices.yaml``.

    Raises:
        EngineError: There is no such engine, its package is broken, or two have its name.
    """
    packages = plugged_in().get(name, ())
    if name in BUILT_IN:
        if packages:
            raise EngineError(
                f"the package {packages[0].package} offers an engine named {name}, like a built-in one; "
                "uninstall the package, or ask its author for another name"
            )
        module, _, factory = BUILT_IN[name].partition(":")
        engine: Engine = getattr(import_module(module), factory)(settings)
        return engine
    if not packages:
        names = engine_names()
        hint = did_you_mean(name, names, f"the engines are: {', '.join(names)}")
        raise EngineError(f"there is no engine {name!r}{hint}")
    plugged: Engine = build_plugged_in(name, packages, settings)
    return plugged


def shortened(text: str, most: int = 60) -> str:
    """The beginning of a text, for messages."""
    return text if len(text) <= most else text[: most - 1] + "…"


def unknown_voice(engine: str, voice: str, known: Sequence[str]) -> VoiceError:
    """The error for a voice that an engine does not have, with the nearest name."""
    hint = did_you_mean(voice, known, f"list them with: interview-audio voices list --engine {engine}")
    return VoiceError(f"{engine} has no voice {voice!r}{hint}")


@dataclass(frozen=True, slots=True)
class Availability:
    """What a look at the engine found."""

    state: Literal["ready", "unknown", "unavailable"]
    """``unknown`` where only a request would tell and none was allowed."""
    how: str
    """How that is known, in a line."""
    remedy: str = ""
    """What would make it ready, or better; empty where there is nothing to do."""


@runtime_checkable
class Diagnosable(Protocol):
    """What an engine may be besides: one that can say whether it works."""

    def availability(self, *, online: bool) -> Availability:
        """Look; raises nothing.

        Args:
            online: Whether a short request may be sent over the network.
        """


MOST_SOCKETS = 8
"""Connections to a service at a time: more would be impolite."""


@runtime_checkable
class Online(Protocol):
    """An engine whose ``speak`` waits for a network: it is called by several threads at once."""

    sockets: int
    """Most connections at a time: more threads than these only wait."""

    def waiting(self) -> str | None:
        """What it waits for and for how many seconds, in a line; None while it works. For any thread, at any time."""

    def close(self) -> None:
        """End every request under way and leave no connection and no thread behind; for good, and any number of times.

        A ``speak`` under way or to come raises ``EngineError``.
        """


@runtime_checkable
class Listing(Protocol):
    """What such an engine may be besides: one whose service may not say which voices it has."""

    def no_voices(self) -> str:
        """Why ``voices`` gives none, and what to do, in a line."""
