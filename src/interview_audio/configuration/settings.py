"""What ``voices.yaml`` may say, stated once: each setting with its type, limits, default and meaning.

A field's name is the key in the file, its type and the marks in ``Annotated`` say what may be written there (``shapes``
reads files by them), its value is the default, and the docstring below it is what an editor shows. The packaged
``voices.yaml`` must say the same defaults, and ``voices.schema.json`` is made of all this by
``tools/write_voices_schema.py``; tests compare both. The other packages use these classes as they are.

Engines, speakers and pools of voices have their defaults in the packaged file alone: they are data.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple


class Between(NamedTuple):
    """Bounds of a number, both allowed."""

    low: float
    high: float


class OneOf(NamedTuple):
    """The only keys that a mapping may have."""

    words: tuple[str, ...]


class Examples(NamedTuple):
    """Values that editors offer for a free text."""

    values: tuple[str, ...]


class Usual(NamedTuple):
    """What a piece of music does unless its mapping says otherwise, in the units of ``Music``."""

    volume: float
    ducked: float
    fade_in: float
    fade_out: float
    overlap: float = 0.0


class Mark(Enum):
    """What a text or a number in the file means, where its type does not say it."""

    LANGUAGE = auto()
    """The primary tag of a language: ``zh``."""
    FILE = auto()
    """The path of a file, from the folder of the settings that name it."""
    SIZE = auto()
    """Bytes, with a unit: ``10GB``."""
    PATTERN = auto()
    """A regular expression, as the package ``regex`` reads it."""
    VOICE = auto()
    """The name of an engine's voice."""
    PERSON = auto()
    """What a text calls somebody."""
    TEMPLATE = auto()
    """A text with placeholders, or one for each of some languages; ``false`` takes back what others say."""
    NOT_IN_FILE = auto()
    """Known from elsewhere; no key of the file."""


REFERENCE_TO_GROUP = re.compile(r"\\(?:([1-9][0-9]?)|g<([^>]*)>)")
"""What a group of an expression matched, in what a rule of reading says."""

PLACEHOLDER = re.compile(r"\{\s?([^{}:：\s]*)\s?\}")
"""Where a template is filled in; what has a colon is a mark (``{say: …}``)."""
PLACEHOLDERS = ("title", "show", "host", "guests", "date")

Format = Literal["mp3", "m4b", "m4a", "opus", "flac"]
Division = Literal["question", "section", "speaker", "minutes"]
Disclosure = Literal["spoken", "metadata", "none"]
Language = Annotated[str, Mark.LANGUAGE]
Template = Annotated[str | Mapping[str, str], Mark.TEMPLATE]
Said = str | Mapping[str, str]
"""A spoken form; or an engine's name to the one for it alone."""
_ENGINES = ("kokoro", "edge", "openai", "tone")
_Gender = Annotated[str, OneOf(("female", "male"))]
_Voice = Annotated[str, Mark.VOICE]
_Person = Annotated[str, Mark.PERSON]
Seconds = Annotated[float, Between(0, 60)]
Level = Annotated[float, Between(-60, 12)]
VOLUMES = Between(-20, 6)
"""dB: a voice that is quieter than this is not heard on a bus, and more is what the limiter would take away again."""

Place = tuple[str, int, int]
"""File, line and column, both from 1."""
KeyPath = tuple[str, ...]
"""Keys from the top of the file down to a value; an index counts as a key."""
KEY = "(key)"
"""Last step of a path whose place is that of a free key, not of its value."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One entry under ``speakers:``, a role or a person.

    A role is ``host`` (whoever asks the questions) or ``narrator``; any other key is a person's name, as the text
    prints it.
    """

    name: Annotated[str, Mark.NOT_IN_FILE]
    """The key in the file: ``host``, ``narrator``, or a person's name as the text prints it."""
    aliases: tuple[_Person, ...] = ()
    """Other names and labels for the same speaker in the text: initials, a short form, "Interviewer". One alone needs
    no list."""
    gender: Literal["female", "male", "unknown"] = "unknown"
    """Decides which voices of the pool fit, for a person without a voice of their own. Unless it is set, it is guessed
    from the text."""
    rate: Annotated[float, Between(0.5, 2.0)] = 1.0
    """Speaking rate, as a multiple of the voice's own: 1.05 is 5 % faster."""
    pitch: Annotated[float, Between(-6, 6)] = 0.0
    """Semitones above the voice's own pitch, or below it. `openai` has no such thing; `edge` comes close."""
    engine: Annotated[str, Examples(_ENGINES)] | None = None
    """The engine that speaks for this speaker, where it is another than that of the rest: `edge`. `--engine` on the
    command line is for everybody."""
    volume: Annotated[float, VOLUMES] = 0.0
    """Decibels above the level that all speakers are brought to, or below it, with every engine: -6 is clearly quieter.
    Changing it speaks nothing anew."""
    pause_after: Seconds | None = None
    """Seconds of silence when this speaker has finished and somebody else goes on, instead of what `pauses` has there.
    A new section still begins after the longer pause of `pauses`."""
    display: str | None = None
    """What listeners read for this speaker: in captions, show notes, chapters and feeds, and on the page. It is not
    spoken. Under `host` it is for somebody whom the text calls `Q` or "Interviewer", without a name."""
    voices: Mapping[Language, Mapping[str, _Voice]] = field(default_factory=dict)
    """The voice of this speaker by language, then by engine: `{en: {kokoro: af_heart, edge: en-US-AvaNeural}}`. The
    command `interview-audio voices list` names the voices; Kokoro also takes blends, `af_bella*0.7 + af_nicole*0.3`."""
    place: Annotated[Place | None, Mark.NOT_IN_FILE] = field(default=None, repr=False, compare=False)
    """File, line and column of the key, for messages."""


@dataclass(frozen=True, slots=True)
class Read:
    """What is read aloud besides speech."""

    title: bool = True
    """Whether the narrator reads the title."""
    narration: bool = True
    """Whether the narrator reads the introduction and what is told between the speeches."""
    headings: bool = False
    """Whether the narrator reads the headings inside the text."""
    quotes: bool = False
    """Whether pull quotes are read: sentences of the interview that the page prints a second time."""
    code: bool = False
    """Whether the narrator reads blocks of code. What is set as code within a sentence is always read."""
    tables: bool = False
    """Whether the narrator reads tables, row by row. One with a column of speakers is a transcript, and always read."""


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """A rule of reading: what it matches in a line is said otherwise than it is written, or passed over."""

    match: Annotated[str, Mark.PATTERN]
    """A regular expression for the written text of a line, in the syntax of Python and of its package `regex`: `(?i)`
    ignores case, `\\b` is the edge of a word."""
    say: str = ""
    """What is said instead, in ordinary writing: it is read and pronounced as if the text said it. `\\1` or
    `\\g<name>` is what a group matched."""
    skip: bool = False
    """Whether what it matches is passed over in silence; instead of `say`."""
    place: Annotated[Place | None, Mark.NOT_IN_FILE] = field(default=None, repr=False, compare=False)
    """File, line and column of the expression, for messages."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds of silence from the end of one utterance to the start of the next, by kind of transition."""

    head: Seconds = 0.5
    """Seconds before the first sound of the episode."""
    sentence: Seconds = 0.25
    """Seconds between two sentences of one paragraph."""
    paragraph: Seconds = 0.5
    """Seconds between two paragraphs of the same speaker."""
    question_to_answer: Seconds = 0.45
    """Seconds between the host's question and a guest's answer."""
    answer_to_question: Seconds = 0.6
    """Seconds between a guest's answer and the host's next question."""
    turn: Seconds = 0.35
    """Seconds between two guests, or between two hosts."""
    short_reply: Seconds = 0.2
    """Seconds between a question and an answer that takes less than 1.5 seconds: "No." sounds reluctant if it comes
    late."""
    heading: Seconds = 0.8
    """Seconds after the title or a heading that is read, and at a heading after which the same speaker goes on."""
    narration: Seconds = 0.7
    """Seconds before and after narration."""
    section: Seconds = 1.3
    """Seconds at a heading in the text after which somebody else speaks."""
    tail: Seconds = 1.2
    """Seconds after the last sound of the episode."""
    vary: Annotated[float, Between(0, 0.5)] = 0.0
    """Share by which pauses inside the episode differ from these values, up and down: 0.2 is up to 20 %. The text
    decides, so the same text always sounds the same."""


@dataclass(frozen=True, slots=True)
class Chapters:
    """Where chapters begin and how their titles look."""

    by: Division = "question"
    """What begins a chapter: each question, each section (a heading in the text), each change of speaker, or a number
    of minutes."""
    minutes: Annotated[float, Between(0.1, 600)] = 5.0
    """Length of a chapter in minutes, with `by: minutes`; it ends with the turn that is being spoken."""
    min_seconds: Annotated[float, Between(0, 3600)] = 15.0
    """Shortest chapter, in seconds; a shorter one joins the chapter before it."""
    title_columns: Annotated[int, Between(8, 200)] = 60
    """Longest title, in columns of a terminal: a Chinese character takes two. A longer title is cut at a clause or
    between words."""
    numbered: bool = False
    """Whether titles begin with their number: "1. ", "2. "."""
    images: bool = False
    """Whether a chapter shows the first image that stands in its part of the text. One of the web is linked; a file is
    made smaller and published beside the episode and in the tag of an MP3."""
    links: bool = False
    """Whether a chapter has the first link that stands in its part of the text."""


@dataclass(frozen=True, slots=True)
class Music:
    """A piece of music and how it is laid under or between speech. Levels in LU relative to the episode's speech."""

    file: Annotated[str, Mark.FILE]
    """The sound file, in any format that FFmpeg decodes; a relative path counts from the folder of this settings
    file."""
    path: Annotated[Path, Mark.NOT_IN_FILE]
    """Where that file is."""
    volume: Level
    """Level while nobody speaks, in LU relative to speech."""
    ducked: Level
    """Level while somebody speaks, in LU relative to speech."""
    fade_in: Seconds
    """Length of the fade at the beginning, in seconds."""
    fade_out: Seconds
    """Length of the fade at the end, in seconds."""
    overlap: Seconds = 0.0
    """Seconds that music and speech share: at the end of an intro, at the beginning of an outro; at most half of the
    piece."""
    seconds: Annotated[float, Between(0.1, 3600)] | None = None
    """The most that is played of the file, in seconds; all of it unless this is set. Of a bed, what is repeated."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Loudness, format and music of the episode."""

    loudness: Annotated[float, Between(-40, -6)] = -16.0
    """Integrated loudness of the episode in LUFS, as heard from two loudspeakers (EBU R128). Apple Podcasts asks for
    -16."""
    bitrate: Annotated[int, Between(1, 1000)] = 96
    """Bit rate in kbit/s. Unless it is set, it is what suits the format: 96 for mp3, m4b and m4a, 48 for opus; flac has
    none."""
    sample_rate: Annotated[int, Between(1, 1_000_000)] = 44100
    """Sample rate in Hz. Unless it is set, it is what suits the format: 48000 for opus, 44100 for the others."""
    format: Format = "mp3"
    """Format of the episode's file."""
    intro: Annotated[Music | None, Usual(-4.0, -18.0, fade_in=0.0, fade_out=3.0, overlap=3.0)] = None
    """Music before the first word: a file, a mapping with the file and how it is played, or false for none."""
    outro: Annotated[Music | None, Usual(-4.0, -18.0, fade_in=1.5, fade_out=4.0, overlap=2.0)] = None
    """Music after the last word: a file, a mapping with the file and how it is played, or false for none."""
    sting: Annotated[Music | None, Usual(-6.0, -18.0, fade_in=0.0, fade_out=0.5)] = None
    """Music between sections: a file, a mapping with the file and how it is played, or false for none."""
    bed: Annotated[Music | None, Usual(-20.0, -24.0, fade_in=1.5, fade_out=2.5)] = None
    """Music under narration: a file, a mapping with the file and how it is played, or false for none."""


@dataclass(frozen=True, slots=True)
class Captions:
    """How captions look."""

    words: bool = False
    """Whether WebVTT captions carry a time for every word. Some players show these times as text."""
    lyrics: bool = False
    """Whether music players without a network have the transcript as lyrics: in the file's tag, and line by line in a
    `.lrc` beside it. It is off because podcast apps show no lyrics and have to load a tag before they play."""


@dataclass(frozen=True, slots=True)
class Show:
    """The podcast that the episode belongs to."""

    title: str | None = None
    """Name of the podcast, written into the file's tags as the album."""
    cover: Path | None = None
    """An image for the cover; false or nothing to have one drawn from the episode's title. A relative path counts from
    the folder of this settings file."""
    opening: Template | None = None
    """What the narrator says before the interview, with {title}, {show}, {host}, {guests} and {date} filled in: one
    text, or one for each language: `{en: "This is {show}.", zh: "这里是{show}。"}`. A sentence for which nothing is
    known is left out. false for none."""
    closing: Template | None = None
    """What the narrator says after the interview; written like `opening`."""
    disclosure: Disclosure = "metadata"
    """Where it is said that the voices are synthetic: in the file's tag, the list of chapters and the show notes
    (metadata), there and aloud before the interview (spoken), or nowhere (none)."""


@dataclass(frozen=True, slots=True)
class Store:
    """The clip store, which keeps what was spoken."""

    max_size: Annotated[int, Mark.SIZE] = 10_000_000_000
    """Size beyond which the clips not used for longest are removed, with a unit: 10GB, 500MB, 1.5GiB."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A whole ``voices.yaml``, merged over the defaults."""

    engine: Annotated[str, Examples(_ENGINES)]
    """Who speaks: kokoro (on this machine), edge or openai (both send the text over the network), tone (test tones), or
    an engine of one's own."""
    engines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings of each engine, by its name: `{kokoro: {graph: auto}}`."""
    speakers: Mapping[_Person, Speaker] = field(default_factory=dict)
    """Who speaks with which voice, by name; the roles `host` (whoever asks) and `narrator` are among them."""
    pool: Mapping[Language, Mapping[str, Mapping[_Gender, tuple[_Voice, ...]]]] = field(default_factory=dict)
    """Voices for people who are not named under `speakers`, in order of appearance: by language, engine and gender."""
    read: Read = Read()
    pronunciations: Mapping[Language, Mapping[str, Said]] = field(default_factory=dict)
    """How words are spoken, by language: the written form and the spoken one, in ordinary letters: `zh: {OpenXR: open X
    R}`. Kokoro takes IPA between slashes and pinyin with tones as well: `en: {Nguyen: /ŋwiən/}`, `zh: {行长: hang2
    zhang3}`. For one engine alone: `en: {Nguyen: {kokoro: /ŋwiən/, edge: win}}`. Captions keep the written form."""
    rules: tuple[ReadingRule, ...] = ()
    """Rules of reading, applied to the written text before everything else: `[{match: 'fig\\. (\\d+)', say: 'figure
    \\1'}, {match: ' \\(p\\. \\d+\\)', skip: true}]`. Where two match the same words, the earlier one counts. The
    command `interview-audio check --rules` lists what they match. Captions keep what is written."""
    pauses: Pauses = Pauses()
    chapters: Chapters = Chapters()
    sound: Sound = Sound()
    captions: Captions = Captions()
    show: Show = Show()
    series: Path | None = None
    """The cast of a series, a file with `speakers`, `pool`, `show` and `pronunciations` alone: it counts for all
    episodes, below this file. Unless it is named here, it is the `cast.yaml` beside the interview or in one of the
    three folders above. false for none."""
    store: Store = Store()
    check_clips: bool = True
    """Whether the sound of every line is checked when it is made: not silent, overdriven, cut off, interrupted, or of a
    length that its text cannot have. A line that fails is spoken again otherwise, and named if that does not help."""
    cast_file: Annotated[str | None, Mark.NOT_IN_FILE] = field(default=None, repr=False, compare=False)
    """The cast of the series, as messages write it; None where there is none."""
    places: Annotated[Mapping[KeyPath, Place], Mark.NOT_IN_FILE] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Path of keys to file, line and column of the value, for messages about what only an engine can check."""

    def is_of_series(self, speaker: Speaker) -> bool:
        """Tell whether it is the cast of the series that names somebody."""
        return speaker.place is not None and speaker.place[0] == self.cast_file

    def pronunciations_for(self, engine: str) -> dict[str, dict[str, str]]:
        """Return the pronunciations that count for an engine: language to written to spoken form."""
        return {language: dict(_forms_for(engine, given)) for language, given in self.pronunciations.items()}

    def assets(self) -> tuple[Path, ...]:
        """Return the files that the settings name: music, a cover, and the cast of a series."""
        music = (self.sound.intro, self.sound.outro, self.sound.sting, self.sound.bed)
        return (*(piece.path for piece in music if piece), *filter(None, (self.show.cover, self.series)))


def _forms_for(engine: str, given: Mapping[str, Said]) -> Iterator[tuple[str, str]]:
    for written, said in given.items():
        form = said if isinstance(said, str) else said.get(engine)
        if form is not None:
            yield written, form


MPEG1_BITRATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""kbit/s of Layer III from 32 kHz up (ISO/IEC 11172-3), by their index in a frame's header less one."""
MPEG2_BITRATES = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""The same below 32 kHz (ISO/IEC 13818-3)."""
_RATES = (16000, 22050, 24000, 32000, 44100, 48000)
"""Sample rates in Hz that podcast players take; Opus has its own."""
# AAC-LC: at most 6144 bits a block of 1024 samples (ISO/IEC 14496-3); at least what FFmpeg's encoder needs so as not to
# change how loud the sound is.
_AAC = {rate: range(32 if rate < 32000 else 48, min(256, rate * 6 // 1000) + 1) for rate in _RATES}


@dataclass(frozen=True, slots=True)
class FormatLimits:
    """What a format can be asked for."""

    bitrates: Mapping[int, Collection[int]]
    """Sample rate in Hz to bit rates in kbit/s; none where the format has no bit rate."""
    sample_rate: int
    """Where the settings name none."""
    bitrate: int
    """Where the settings name none; 0 for a format that has none."""


LIMITS: Mapping[Format, FormatLimits] = {
    "mp3": FormatLimits({rate: MPEG1_BITRATES if rate >= 32000 else MPEG2_BITRATES for rate in _RATES}, 44100, 96),
    "m4b": FormatLimits(_AAC, 44100, 96),
    "m4a": FormatLimits(_AAC, 44100, 96),
    # Every Opus decoder gives 48 kHz, whatever went in (RFC 7845).
    "opus": FormatLimits({48000: range(12, 257)}, 48000, 48),
    "flac": FormatLimits(dict.fromkeys(_RATES, ()), 44100, 0),
}
"""Which sample rates and bit rates each format has, and what it gets where nothing is said."""
