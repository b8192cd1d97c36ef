"""The transcript's values: turns, the people who speak, and the receipt that accounts for every character."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from interview_audio.files.episode_record import EpisodeRecord
from interview_audio.text.characters import count_words

Kind = Literal["speech", "narration", "heading", "quote", "boilerplate"]
Confidence = Literal["certain", "inferred", "guessed"]
Role = Literal["host", "guest"]
Gender = Literal["female", "male", "unknown"]

SPOKEN_KINDS: tuple[Kind, ...] = ("speech", "narration")
"""Kinds of turns that make an interview."""


TITLE = "title"
"""The reason that marks the document's title among the headings."""
CODE = "code"
TABLE = "table"
"""Reasons of what is not read unless ``read:`` says so."""
FOOTNOTES = "footnotes"
"""The reason of notes: what stands below a text, or beside it, on the page."""
ABOVE_LINE = "pronunciation above the line"
"""The reason of what is set in small above the words."""
HIDDEN = "hidden"
"""The reason of what a page holds and does not show."""
COMMENT = "comment"
"""The reason of what an author wrote for other authors: the format itself says that no reader sees it."""


FRONT_MATTER = "front matter"
"""The reason of what the file says about itself in keys and values: no words of the interview."""
PRINTED_KEYS = "keys and values above the text"
"""The same, where only its form shows what it is."""
REPEATED = "repeats a passage of the text"
"""The reason of a pull quote: its words are read where they are said."""
READ_IN_DOUBT = "read in doubt: "
"""How the reason of a turn begins that a rule would not read, were there not too much of it."""
ANNOUNCED = "said by the show"
"""The reason of what the settings have said around the interview: no words of the source."""
KEYS = (FRONT_MATTER, PRINTED_KEYS)
"""Reasons of what a text says about itself: no words of the interview."""
MAX_SKIPPED_SHARE = 0.02
"""Of the body's words, that rules may leave out without a word of it: more is no editor's."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """How much of an interview is not read aloud in its episode."""

    words: int = 0
    share: float = 0.0
    """Of all its words, from 0 to 1."""

    @classmethod
    def of(cls, episode: EpisodeRecord) -> "NotRead":
        """Count what the record of an episode says; what a text says about itself in keys and values is no words."""
        words = sum(count_words(turn.text) for turn in episode.skipped if turn.reason not in KEYS)
        if not words:  # as of most: the words of a long interview are not counted for nothing
            return cls()
        return cls(words, words / (words + sum(count_words(line.text) for line in episode.lines)))


@dataclass(frozen=True, slots=True)
class SpeechMark:
    """How a part of a text is said otherwise than the rest, or a pause in it."""

    start: int
    """First code point of it in the text."""
    end: int
    """One past the last one; a pause has no width."""
    pause: float | None = None
    """Seconds of silence here; None where this is no pause."""
    rate: float = 1.0
    """As a multiple of the speaker's own rate."""
    pitch: float = 0.0
    """Semitones above the speaker's own pitch."""
    is_stressed: bool = False
    say: str = ""
    """What is said instead of the written words, here only; empty where they are said."""
    volume: float = 0.0
    """dB above the rest of the speaker's words."""

    @property
    def changes_speech(self) -> bool:
        """Whether an engine says its words otherwise than the rest; how loud they are is not the engine's."""
        return self.rate != 1 or self.pitch != 0 or self.is_stressed or self.say != ""

    @property
    def says_something(self) -> bool:
        """Whether it is a pause, or changes how words are heard."""
        return self.pause is not None or (self.start < self.end and (self.changes_speech or self.volume != 0))


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a whole turn is said, where a script file says so."""

    rate: float = 1.0
    """As a multiple of the speaker's own rate."""
    pitch: float = 0.0
    """Semitones above the speaker's own pitch."""
    volume: float = 0.0
    """dB above the speaker's own volume."""
    pause_after: float | None = None
    """Seconds of silence after it, instead of what the settings have there."""
    is_stressed: bool = False
    """Whether every word of it is stressed."""
    takes: tuple[int, ...] = ()
    """Which take of each of its lines is heard; where it says nothing, the one of the last render."""


_PLAIN = Delivery()


@dataclass(frozen=True, slots=True)
class Recording:
    """The sound of a turn that somebody has recorded."""

    file: str
    """As the script file has it; a relative path counts from its folder."""
    start: float = 0.0
    """Second of the file at which the turn begins."""
    end: float | None = None
    """Second at which it ends; None for the end of the file."""
    sha256: str = ""
    """Of the file, in hexadecimal; empty until it has been read."""


ReferenceKind = Literal["image", "link"]


@dataclass(frozen=True, slots=True)
class Reference:
    """An image or a link that stands in a source."""

    kind: ReferenceKind
    target: str
    """As written: an address of the web; of an image also the path of a file, from the folder of the source."""
    line: int = 0
    """Of the source; 0 where that has none."""
    text: str = ""
    """What the source says of an image to those who do not see it."""

    @property
    def is_remote(self) -> bool:
        """Whether it is an address of the web."""
        return self.target.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Turn:
    """One paragraph of the source: speech of one speaker, or something that is not speech."""

    kind: Kind
    speaker: str | None
    """Canonical name of the speaker; None for all that is not speech."""
    label: str | None
    """The label as printed (``SA``), without its colon; None where the paragraph has none."""
    language: str
    """BCP 47 primary subtag."""
    text: str
    """Written words as they are to be read and shown: markup and stage marks removed."""
    line: int
    """Line in the source where the paragraph begins, from 1."""
    source: tuple[int, int]
    """Half-open range of code points in the decoded source, of the words without their label."""
    confidence: Confidence
    reason: str
    """Why this kind and speaker, in a few words."""
    marks: tuple[SpeechMark, ...] = ()
    """How parts of the text are said, and pauses in it, in order; of two stretches one is within the other or apart."""
    delivery: Delivery = _PLAIN
    recording: Recording | None = None
    """What is heard instead of a voice."""
    references: tuple[Reference, ...] = field(default=(), compare=False)
    """Images and links that stand in it, and images between it and the next one; nothing of them is read."""

    @property
    def is_title(self) -> bool:
        """Whether it is the document's title; other headings open sections."""
        return self.kind == "heading" and self.reason == TITLE


def everything_read(turns: Iterable[Turn]) -> Iterator[Turn]:
    """Yield the turns, those that a rule or a page's frame leaves out as narration; settings decide on headings."""
    for turn in turns:
        if turn.kind in ("quote", "boilerplate") and turn.reason != FRONT_MATTER:
            yield replace(turn, kind="narration", reason=f"everything is read: {turn.reason}")
        else:
            yield turn


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks in the interview (the narrator is not one)."""

    name: str
    """Canonical name; a host without a name is called by the label as printed."""
    role: Role
    gender: Gender
    gender_reason: str
    """What the gender was guessed from (``given name Mira``, ``pronoun 她``); empty when unknown."""
    aliases: tuple[str, ...]
    """Other labels and short forms that the source uses for this person, in order of appearance."""
    evidence: str = ""
    """Why this is taken for a person, and for one of this name: ``label, 12 turns``, ``named in the title``."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where each code point of the source went: ``spoken + sum(skipped) + unaccounted == characters``."""

    characters: int
    spoken: int
    """Code points in the text of speech and narration."""
    skipped: Mapping[str, int]
    """By reason: label, whitespace, markup, boilerplate, heading, quote, stage."""
    unaccounted: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole source, understood."""

    title: str
    language: str
    speakers: tuple[Person, ...]
    """In order of appearance."""
    turns: tuple[Turn, ...]
    """In order of the source; neighbours of one speaker are not merged."""
    receipt: Receipt
    warnings: tuple[str, ...] = ()
    """What was understood otherwise than it is written, one line each: names that are almost a declared one."""
