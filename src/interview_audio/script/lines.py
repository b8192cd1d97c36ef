"""The script's values: lines to speak, the cast that speaks them, how listeners read its names, and whom lines name."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from types import MappingProxyType

from interview_audio.configuration.settings import Settings
from interview_audio.engines.protocol import Engine, Naming, Stretch
from interview_audio.normalization.pronunciations import special_names
from interview_audio.script.rules import Replacement, said_text
from interview_audio.text.characters import name_key
from interview_audio.transcript.lexicon.label_grammar import GUEST_WORDS
from interview_audio.transcript.turns import Person, Reference

NARRATOR = "narrator"
"""The role that reads title, introduction and narration."""
NameAndRole = tuple[str, str]
"""Canonical name and role of somebody in the cast."""
_ROLE_NAMES: Mapping[str, Mapping[str, str]] = {
    "zh": {"host": "采访者", "guest": "嘉宾"},
    "ja": {"host": "聞き手", "guest": "ゲスト"},
    "en": {"host": "Interviewer", "guest": "Guest"},
    "de": {"host": "Interview", "guest": "Gast"},
    "fr": {"host": "Journaliste", "guest": "Invité"},
    "es": {"host": "Periodista", "guest": "Invitado"},
}
"""By language and role; a language that is not here takes English.

Nobody knows whether whoever asks is a woman or a man: the words leave it open. German has none but that for the
interview, which magazines print there.
"""
_FORMER_ROLE_NAMES: Mapping[str, Mapping[str, str]] = {
    "zh": {"host": "主持人"},
    "en": {"host": "Host"},
    "de": {"host": "Moderation"},
}
"""What earlier versions wrote: settings may still say it, and captions of finished episodes have it."""
_QUESTION_LABELS = frozenset(["q", "question", "问", "問", "提问", "提問", "问题", "質問", "frage", "pregunta"])
_ANSWER_LABELS = frozenset(["a", "answer", "答", "回答", "réponse", "antwort", "respuesta"])
_INITIALS_OF_QUESTION_AND_ANSWER = (("q", "a"), ("f", "a"), ("p", "r"), ("q", "r"), ("d", "r"))
"""Question and answer by their first letters, in English, German, Spanish and French (demande)."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice as an engine knows it."""

    engine: str
    name: str
    """The engine's own name; Kokoro takes a blend too (``af_heart*0.6 + af_bella*0.4``)."""
    rate: float = 1.0
    """Speaking rate as a factor of the voice's own."""
    pitch: float = 0.0
    """Semitones above the voice's own pitch."""
    identity: str = ""
    """What it is made of, where that is not its engine's: the SHA-256 of a recording."""

    def __str__(self) -> str:
        return f"{self.engine}:{self.name}"


def parts_of_blend(name: str) -> tuple[str, ...]:
    """Return the voices that make up a blend, without their shares; a voice that is none is its only part."""
    return tuple(part.partition("*")[0].strip() for part in name.split("+"))


@dataclass(frozen=True, slots=True)
class CastMember:
    """A speaker and the voices given to them."""

    speaker: str
    """Canonical name, or ``narrator``."""
    role: str
    voices: tuple[tuple[str, Voice], ...]
    """Pairs of language and voice, for the languages in which this speaker speaks."""
    reason: str
    """Why these voices: ``voices.yaml``, ``cast.yaml``, ``default`` (packaged), ``as in the last render``.

    ``pool, female``, where nothing names them. And ``recorded``, where some turns, or all, are heard without any.
    """
    volume: float = 0.0
    """dB above where levelling puts the speaker."""
    pause_after: float | None = None
    """Seconds of silence before somebody else speaks, instead of what ``pauses:`` has there."""
    given_in: frozenset[str] = field(default=frozenset(), compare=False)
    """The languages for which a file of the user's names the voice."""
    display: str = ""
    """What listeners read for this speaker, where the settings say it."""


@dataclass(frozen=True, slots=True)
class VolumeChange:
    """A part of a line that is louder or quieter than the rest of it."""

    start: int
    """First code point of it in the line's text."""
    end: int
    """One past the last code point."""
    volume: float
    """dB above the line's own."""


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
    stretches: tuple[Stretch, ...] = ()
    """What is said otherwise than the rest of it, in order."""
    replaced: tuple[Replacement, ...] = ()
    """What the reading rules have said instead of what is written, in order; never all of it by nothing."""
    volume: float = 0.0
    """dB above where levelling puts its speaker."""
    volume_changes: tuple[VolumeChange, ...] = ()
    """In order, without overlap."""
    names: tuple[str, ...] = ()
    """Names of people in what is said that an engine has to know to read them."""
    is_announced: bool = False
    """Whether the show says it around the interview: its turn is behind all turns of the source."""

    @property
    def place(self) -> str:
        """Where its words are written, for messages."""
        return "what the show says" if self.is_announced else f"line {self.source_line}"

    @property
    def said(self) -> str:
        """What is said, in ordinary writing: the text as the reading rules have it."""
        return said_text(self.text, self.replaced)


@dataclass(frozen=True, slots=True)
class Script:
    """All that an engine is to say, in order."""

    title: str
    language: str
    speakers: tuple[str, ...]
    """People (not the narrator) in order of appearance; the episode's artists."""
    cast: tuple[CastMember, ...]
    lines: tuple[Line, ...]
    references: Mapping[int, tuple[Reference, ...]] = field(default_factory=dict)
    """By turn that is read, images and links of the source for the chapter that it is in; none unless settings ask."""


def displayed_names(cast: Iterable[CastMember]) -> dict[str, str]:
    """Return what the settings have listeners read for speakers; nothing for those of whom they do not say it."""
    return {member.speaker: member.display for member in cast if member.display}


def shown_names(
    cast: Iterable[NameAndRole], language: str, displayed: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Return what listeners read for each speaker: the name, or ``Interviewer`` for ``Q``.

    Where several have no name, or somebody is called so, they are counted: ``Interviewer 2``.

    Args:
        cast: All who speak.
        language: Of the episode.
        displayed: What settings have listeners read, by speaker; it is nobody else's to be called.
    """
    parts = [(name, role, displayed.get(name, "")) for name, role in cast]
    primary = language.partition("-")[0].lower()
    words = _ROLE_NAMES.get(primary, _ROLE_NAMES["en"])
    unnamed = {
        name: words[role] for name, role in people_without_a_name((name, role) for name, role, _ in parts).items()
    }
    plain = {name: shown or name for name, _, shown in parts if shown or name not in unnamed}
    taken = set(map(name_key, plain.values()))
    alone = Counter(word for name, word in unnamed.items() if name not in plain)
    shown: dict[str, str] = {}
    for name, _, _ in parts:
        if name not in plain:
            is_alone = alone[unnamed[name]] == 1 and name_key(unnamed[name]) not in taken
            plain[name] = unnamed[name] if is_alone else _counted(unnamed[name], taken)
            taken.add(name_key(plain[name]))
        shown[name] = plain[name]
    return shown


def _counted(word: str, taken: Collection[str]) -> str:
    """Return a word with the first number that nobody has; the first is 2 where somebody is called by the word."""
    numbered = (f"{word} {number}" for number in count(2 if name_key(word) in taken else 1))
    return next(name for name in numbered if name_key(name) not in taken)


def formerly_shown(role: str, language: str) -> str:
    """Return what earlier versions had listeners read for somebody without a name; empty if it was the same."""
    primary = language.partition("-")[0].lower()
    return _FORMER_ROLE_NAMES.get(primary if primary in _ROLE_NAMES else "en", {}).get(role, "")


def artists_of(cast: Iterable[CastMember], host_labels: Iterable[str], language: str) -> tuple[str, ...]:
    """Return who is named as an artist, as listeners read them: everybody with a name; all, where nobody has one.

    Args:
        cast: All who speak, the narrator among them, who is not an artist.
        host_labels: What the settings call a host (``Q``, ``记者``): no names.
        language: Of the episode.
    """
    people = [member for member in cast if member.speaker != NARRATOR]
    parts, displayed = [(member.speaker, member.role) for member in people], displayed_names(people)
    shown, named = shown_names(parts, language, displayed), {*named_people(parts, host_labels), *displayed}
    return tuple(dict.fromkeys(shown[name] for name, _ in parts if name in named or not named))


def named_people(people: Iterable[NameAndRole], host_labels: Iterable[str]) -> tuple[str, ...]:
    """Return those who have a name, in order.

    Args:
        people: Who speaks, without the narrator.
        host_labels: What the settings call a host (``Q``, ``记者``): no names.
    """
    parts = list(people)
    unnamed = people_without_a_name(parts)
    words = {*map(name_key, host_labels), *(word for word in GUEST_WORDS if len(word) > 1)}
    return tuple(name for name, _ in parts if name not in unnamed and name_key(name) not in words)


def people_without_a_name(cast: Iterable[NameAndRole]) -> dict[str, str]:
    """Return the roles of the speakers for whom the text has only the word for a question or an answer.

    An initial is not such a word: beside ``B``, ``A`` is a person.
    """
    parts = [(name_key(name), name, role) for name, role in cast]
    letters = frozenset(key for key, _, _ in parts if len(key) == 1 and key.isascii() and key.isalpha())
    return {name: role for key, name, role in parts if _is_word_for(role, key, letters)}


def _is_word_for(role: str, key: str, letters: frozenset[str]) -> bool:
    if role == "host":
        return key in _QUESTION_LABELS or any(
            key == asking and answering in letters for asking, answering in _INITIALS_OF_QUESTION_AND_ANSWER
        )
    if role != "guest":
        return False
    if key not in letters:
        return key in _ANSWER_LABELS
    if letters == {key}:
        return key == "a"
    return any(letters == {asking, key} for asking, answering in _INITIALS_OF_QUESTION_AND_ANSWER if answering == key)


def other_names(cast: Iterable[NameAndRole]) -> dict[str, frozenset[str]]:
    """Return what else each unnamed speaker may be called in ``voices.yaml``: what listeners read, in any language."""
    return {
        name: frozenset(words[role] for words in (*_ROLE_NAMES.values(), *_FORMER_ROLE_NAMES.values()) if role in words)
        for name, role in people_without_a_name(cast).items()
    }


def known_names(people: Iterable[Person], settings: Settings) -> Iterator[str]:
    """Yield the names of all who speak or have an entry in the settings, and what else they are called."""
    for person in people:
        yield from (person.name, *person.aliases)
    for name, speaker in settings.speakers.items():
        yield from (name, *speaker.aliases)


def with_names(lines: Sequence[Line], names: Iterable[str], engine: Engine) -> tuple[Line, ...]:
    """Tell lines which names they hold, as far as the engine has to know them to read them.

    Only names with a surname that is read in its own way count, so that other lines keep their clips.

    Args:
        lines: The script's.
        names: Of all people who are known, with what else they are called.
        engine: Which speaks those of its voices.
    """
    special = special_names(names) if isinstance(engine, Naming) and engine.reads_names else ()
    if not special:
        return tuple(lines)
    return tuple(
        replace(line, names=_inside(line.said, special)) if line.voice.engine == engine.name else line for line in lines
    )


def _inside(text: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in text)
