"""What ``voices.yaml`` can say, as frozen values. Field names are the file's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Format = Literal["mp3", "m4b", "m4a", "opus", "flac"]
Division = Literal["question", "section", "speaker", "minutes"]


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
    place: tuple[str, int, int] | None = field(default=None, repr=False, compare=False)
    """File, line and column of the key, for messages."""


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
    """Share by which pauses inside the episode differ from these, up and down; decided by the text."""


@dataclass(frozen=True, slots=True)
class Chapters:
    """Where chapters begin and how their titles look."""

    by: Division = "question"
    minutes: float = 5.0
    """Length of a chapter where they are made by time."""
    min_seconds: float = 15.0
    title_columns: int = 60
    """Terminal columns: a Chinese character takes two."""
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Music:
    """A piece of music and how it is laid under or between speech. Levels in LU relative to the episode's speech."""

    file: str
    """As written in the settings."""
    path: Path
    """Where that is: beside the file that names it."""
    volume: float
    """While nobody speaks."""
    ducked: float
    """While somebody speaks."""
    fade_in: float
    """Seconds."""
    fade_out: float
    """Seconds."""
    overlap: float = 0.0
    """Seconds that it shares with speech: at the end of an intro, at the beginning of an outro."""
    seconds: float | None = None
    """The most that is played of it; None for all."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Loudness, format and music of the episode."""

    loudness: float = -16.0
    """Integrated loudness in LUFS, measured as dual mono (EBU R128)."""
    bitrate: int = 96
    """kbit/s; 0 for a format that has none."""
    sample_rate: int = 44100
    format: Format = "mp3"
    intro: Music | None = None
    outro: Music | None = None
    sting: Music | None = None
    """Between sections."""
    bed: Music | None = None
    """Under narration."""


@dataclass(frozen=True, slots=True)
class Captions:
    """How captions look."""

    words: bool = False
    """Whether WebVTT carries a time for every word."""


@dataclass(frozen=True, slots=True)
class Show:
    """The podcast that the episode belongs to."""

    title: str | None = None
    """The album of the file's tags."""
    cover: Path | None = None
    """An image; one is drawn from the episode's title where there is none."""


@dataclass(frozen=True, slots=True)
class Store:
    """The clip store."""

    max_size: int = 10_000_000_000
    """Bytes beyond which the clips that were not used for longest are removed."""


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
    captions: Captions = Captions()
    show: Show = Show()
    store: Store = Store()
    places: Mapping[tuple[str, ...], tuple[str, int, int]] = field(default_factory=dict, repr=False, compare=False)
    """Path of keys to file, line and column of the value, for messages about what only an engine can check."""

    def assets(self) -> tuple[Path, ...]:
        """The files that the settings name: music, and a cover."""
        music = (self.sound.intro, self.sound.outro, self.sound.sting, self.sound.bed)
        return (*(piece.path for piece in music if piece), *((self.show.cover,) if self.show.cover else ()))
