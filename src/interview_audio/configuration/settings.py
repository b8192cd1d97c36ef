"""What ``voices.yaml`` can say, as frozen values. Field names are the file's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Speaker:
    """One entry under ``speakers:``, a role or a person."""

    name: str
    """The key in the file: ``host``, ``narrator``, or a person's name as the text prints it."""
    aliases: tuple[str, ...] = ()
    gender: Literal["female", "male", "unknown"] = "unknown"
    rate: float = 1.0
    voices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language to engine to voice: ``{"zh": {"kokoro": "zf_xiaoxiao"}}``."""


@dataclass(frozen=True, slots=True)
class Read:
    """What is read aloud beside speech."""

    title: bool = True
    narration: bool = True
    headings: bool = False
    quotes: bool = False


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds of silence from the end of one utterance to the start of the next, by kind of transition."""

    head: float = 0.5
    sentence: float = 0.25
    paragraph: float = 0.5
    question_to_answer: float = 0.45
    answer_to_question: float = 0.6
    turn: float = 0.35
    short_reply: float = 0.2
    heading: float = 0.8
    narration: float = 0.7
    section: float = 1.3
    tail: float = 1.2
    vary: float = 0.0


@dataclass(frozen=True, slots=True)
class Chapters:
    """Where chapters begin and how their titles look."""

    by: Literal["question"] = "question"
    min_seconds: float = 15.0
    title_columns: int = 60
    """Terminal columns: a Chinese character takes two."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Loudness and format of the episode."""

    loudness: float = -16.0
    """Integrated loudness in LUFS, measured as dual mono (EBU R128)."""
    bitrate: int = 96
    """kbit/s, constant."""
    sample_rate: int = 44100


@dataclass(frozen=True, slots=True)
class Settings:
    """A whole ``voices.yaml``, merged over the defaults."""

    engine: str
    engines: Mapping[str, Mapping[str, Any]]
    speakers: Mapping[str, Speaker]
    """By name, in the file's order; the roles ``host`` and ``narrator`` among them."""
    pool: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]]
    """Language to engine to gender to voices."""
    read: Read
    pronunciations: Mapping[str, Mapping[str, str]]
    """Language to written form to spoken form."""
    pauses: Pauses
    chapters: Chapters
    sound: Sound
    places: Mapping[tuple[str, ...], tuple[str, int, int]] = field(default_factory=dict, repr=False, compare=False)
    """Path of keys to file, line and column of the value, for messages about what only an engine can check."""
