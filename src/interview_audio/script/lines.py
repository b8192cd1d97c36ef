"""The script's values: lines to speak, and the cast that speaks them."""

from dataclasses import dataclass

NARRATOR = "narrator"
"""The role that reads title, introduction and narration."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice as an engine knows it."""

    engine: str
    name: str
    """The engine's own name; Kokoro takes a blend too (``af_heart*0.6 + af_bella*0.4``)."""
    rate: float = 1.0
    """Speaking rate as a factor of the voice's own."""

    def __str__(self) -> str:
        return f"{self.engine}:{self.name}"


@dataclass(frozen=True, slots=True)
class CastMember:
    """A speaker and the voices given to them."""

    speaker: str
    """Canonical name, or ``narrator``."""
    role: str
    voices: tuple[tuple[str, Voice], ...]
    """Pairs of language and voice, for the languages in which this speaker speaks."""
    reason: str
    """Why these voices: ``voices.yaml``, ``default`` (packaged), ``as in the last render``, ``pool, female``."""


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance: a sentence, or short neighbours joined."""

    turn: int
    """Index into the transcript's turns."""
    speaker: str
    """Canonical name, or ``narrator``."""
    language: str
    text: str
    """Written words."""
    voice: Voice
    pause: float
    """Seconds of silence between the end of this utterance and the start of the next."""
    chapter: str | None
    """Title of the chapter that may begin with this line; None where none begins."""
    source_line: int
    """Line in the source file, for messages."""
    pause_before_short_reply: float | None = None
    """Seconds that take the place of ``pause`` where the next utterance is a whole answer and turns out short."""
    opens_section: bool = False
    """Whether a section of the interview begins with this line."""
    take: int = 1
    """Which rendition of it is heard: the same words and voice, spoken a little differently."""
    takes: int = 1
    """How many takes were ever asked for; the next one is one more."""


@dataclass(frozen=True, slots=True)
class Script:
    """All that an engine is to say, in order."""

    title: str
    language: str
    speakers: tuple[str, ...]
    """People (not the narrator) in order of appearance; the episode's artists."""
    cast: tuple[CastMember, ...]
    lines: tuple[Line, ...]
