"""Written text as a voice is to say it, with the way back: every spoken stretch knows what it stands for."""

import functools
import itertools
import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, ModuleType

from interview_audio.normalization import english, english_dates
from interview_audio.normalization.addresses import address_rules, rules_of_angles
from interview_audio.normalization.capitals import ROMAN_RULES
from interview_audio.normalization.grammar import Grammar, Item
from interview_audio.normalization.latin import word_rules
from interview_audio.normalization.pronunciations import IPA, PINYIN, find_pronunciations, notation_of
from interview_audio.normalization.signs import (
    ENGLISH,
    MANDARIN,
    PAUSES,
    Language,
    fold_characters,
    is_numeral_sign,
    mark_rules,
    say_numeral,
    sign_rules,
    stands_for_nothing,
)
from interview_audio.text.characters import HAN, LATIN

VERSION = 3
"""Raised whenever the same text would be spoken otherwise: it is part of a clip's key."""

_NONE: Mapping[str, str] = MappingProxyType({})
_QUOTED_WORDS = 4
"""From this many words on, a Latin clause inside Mandarin is English and its numbers are read in English."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of speech and the written range that it stands for."""

    spoken: str
    """What the voice reads; empty where the writing has no sound."""
    start: int
    """First code point of the written range."""
    end: int
    """One past its last code point."""
    notation: str = ""
    """``IPA`` or ``pinyin`` where what is spoken is written in it, as a user has given it."""


def spoken_spans(
    text: str, language: str, pronunciations: Mapping[str, str] = _NONE, here: Sequence[tuple[int, int, str]] = ()
) -> tuple[Span, ...]:
    """Turn written text into spoken text.

    Args:
        text: Written words of one line.
        language: ``zh`` or ``en`` (subtags are ignored): how numbers and signs are read. A clause in the
            other language is read in its own.
        pronunciations: Written form to spoken form, case-sensitive; they win over everything else, the
            longest first, and Latin ones match whole words only.
        here: Start, end and spoken form of what is said otherwise at one place only, in order: that wins there.

    Returns:
        Spans in order. Their written ranges are contiguous and cover the text; ``spoken`` joined is what the
        voice reads, without digits but for the tones of pinyin.
    """
    folded = fold_characters(text)
    spans: list[Span] = []
    position = 0
    given = deque(_given(text, pronunciations, language, here))
    for start, end, tag in _stretches(folded, _primary(language)):
        while given and given[0].start < end:
            span = given.popleft()
            spans.extend(_read(text, folded, (max(position, start), span.start), tag))
            spans.append(span)
            position = span.end
        spans.extend(_read(text, folded, (max(position, start), end), tag))
    return tuple(_joined(_apart(spans, folded), text))


def _primary(language: str) -> str:
    return "zh" if language.lower().startswith("zh") else "en"


def _tongue(tag: str) -> Language:
    return MANDARIN if tag == "zh" else ENGLISH


def _mandarin() -> ModuleType:
    from interview_audio.normalization import mandarin  # its word lists, which a text in English need not wait for

    return mandarin


@functools.cache
def _grammar(tag: str) -> Grammar:
    tongue = _tongue(tag)
    numbers = _mandarin().RULES if tag == "zh" else (*ROMAN_RULES, *english_dates.RULES, *english.RULES)
    return Grammar(
        (
            *rules_of_angles(),
            *(_mandarin().NOTES if tag == "zh" else ()),
            *address_rules(tongue),
            *numbers,
            *word_rules(tongue),
            *mark_rules(tongue),
            *sign_rules(tongue),
        ),
    )


def _given(
    text: str, pronunciations: Mapping[str, str], language: str, here: Sequence[tuple[int, int, str]]
) -> Iterator[Span]:
    for start, end, said in find_pronunciations(text, pronunciations, here):
        notation = notation_of(said, text[start:end], _primary(language))
        if notation in (IPA, PINYIN):
            yield Span(said, start, end, notation)
        else:
            yield Span(_without_digits(said, language), start, end)


def _without_digits(said: str, language: str) -> str:
    """Return a pronunciation as it is written, with its digits spoken out: no engine may see those."""
    if not any(character.isnumeric() and not character.isalpha() for character in said):
        return said
    return "".join(span.spoken for span in spoken_spans(said, language))


def _stretches(folded: str, tag: str) -> Iterator[tuple[int, int, str]]:
    """Cut a text where its language changes: an English clause in Mandarin, Chinese characters in English."""
    position = 0
    for start, end in _english_clauses(folded) if tag == "zh" else _chinese_words(folded):
        yield position, start, tag
        yield start, end, "en" if tag == "zh" else "zh"
        position = end
    yield position, len(folded), tag


def _english_clauses(folded: str) -> Iterator[tuple[int, int]]:
    for run in re.finditer(rf"[{LATIN}][^{HAN}]*", folded):
        if len(re.findall(r"(?<![^\s(\"'])[a-z][a-z']+(?![^\s,.;:!?)\"'])", run[0])) >= _QUOTED_WORDS:
            end = run.end()
            # Digits right before a Chinese character belong to it (``in the lab 3 年``).
            while end < len(folded) and _joins_number(folded[end - 1]):
                end -= 1
            yield run.start(), end


def _joins_number(character: str) -> bool:
    return character.isdecimal() or character.isspace() or character in ".,"


def _chinese_words(folded: str) -> Iterator[tuple[int, int]]:
    for run in re.finditer(rf"(?:(?<![\d.,])\d[\d.,]*[ ]?)?[{HAN}](?:[^{LATIN}]*[{HAN}])?", folded):
        yield run.span()


def _read(text: str, folded: str, stretch: tuple[int, int], tag: str) -> Iterator[Span]:
    """Read a stretch of one language."""
    position, end = stretch
    if position >= end:
        return
    items = _mandarin_items(folded, position, end) if tag == "zh" else _grammar(tag).items(folded, position, end)
    for item in items:
        yield from _plain(text, folded, (position, item.start), tag)
        yield Span(item.spoken, item.start, item.end)
        position = item.end
    yield from _plain(text, folded, (position, end), tag)


def _mandarin_items(folded: str, start: int, end: int) -> Iterator[Item]:
    """Find items of either script by simplified characters, and say them in the script of the text."""
    mandarin = _mandarin()
    simplified = mandarin.simplified(folded)
    for item in _grammar("zh").items(simplified, start, end):
        if simplified == folded:
            yield item
        else:
            yield item._replace(spoken=mandarin.in_traditional(item.spoken, folded[item.start : item.end]))


def _plain(text: str, folded: str, stretch: tuple[int, int], tag: str) -> Iterator[Span]:
    """Yield what no rule knows: words stay, look-alikes change, pictures fall silent, single numerals are said."""
    start, end = stretch
    for plain, run in itertools.groupby(range(start, end), key=lambda index: _is_plain(text[index], folded[index])):
        indices = list(run)
        if plain:
            yield Span(text[indices[0] : indices[-1] + 1], indices[0], indices[-1] + 1)
        else:
            yield from (Span(_character(text, folded, index, tag), index, index + 1) for index in indices)


def _is_plain(character: str, folded: str) -> bool:
    if character != folded:
        return False
    return (
        character.isalpha()
        or character in PAUSES
        or character in " '-"
        or not (is_numeral_sign(character) or stands_for_nothing(character))
    )


def _character(text: str, folded: str, index: int, tag: str) -> str:
    character = folded[index]
    if is_numeral_sign(character):
        return say_numeral(character, _tongue(tag))
    if character.isspace():
        return " "
    if character in PAUSES or character in "'-" or not stands_for_nothing(character):
        return character
    joins = unicodedata.category(character) == "Cf"
    return "" if joins or not _between_words(text[max(index - 1, 0) : index], text[index + 1 : index + 2]) else " "


def _between_words(left: str, right: str) -> bool:
    return bool(re.match(f"[{LATIN}]", left[-1:]) and re.match(f"[{LATIN}]", right[:1]))


def _apart(spans: Sequence[Span], folded: str) -> Iterator[Span]:
    """Put one space, and not two, where a changed stretch meets a word (``4o``: four o)."""
    said = " "
    for span, upcoming in zip(spans, _upcoming(spans), strict=True):
        spoken = span.spoken
        if spoken != folded[span.start : span.end] and not span.notation:
            spoken = spoken.lstrip(" ") if said == " " else spoken
            spoken = spoken.rstrip(" ") if upcoming in " " + PAUSES else spoken
            before = " " if _between_words(said, spoken) else ""
            spoken = before + spoken + (" " if _between_words(spoken, upcoming) else "")
        said = spoken[-1:] or said
        yield Span(spoken, span.start, span.end, span.notation)


def _upcoming(spans: Sequence[Span]) -> list[str]:
    """Return for each span the next character that is said, nothing at the end."""
    upcoming = [""]
    for span in reversed(spans[1:]):
        upcoming.append(span.spoken[:1] or upcoming[-1])
    return upcoming[::-1][-len(spans) :] if spans else []


def _joined(spans: Iterable[Span], text: str) -> Iterator[Span]:
    """Yield the spans, neighbours that change nothing joined into one."""
    for same, run in itertools.groupby(
        spans, key=lambda one: one.spoken == text[one.start : one.end] and not one.notation
    ):
        if same:
            whole = list(run)
            yield Span(text[whole[0].start : whole[-1].end], whole[0].start, whole[-1].end)
        else:
            yield from run
