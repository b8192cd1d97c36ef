"""The transcript's values: turns, the people who speak, and the receipt that accounts for every character."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

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

    @property
    def is_title(self) -> bool:
        """Whether it is the document's title; other headings open sections."""
        return self.kind == "heading" and self.reason == TITLE


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
