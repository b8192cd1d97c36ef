"""Tells words from what only surrounds them on the page: markdown, stage marks, escapes, invisible characters.

Knows nothing of speakers. What is cut is kept as a range with its reason, so that every character can be accounted for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from interview_audio.transcript.stage_marks import find_stage_marks

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

BLOCK_PREFIX = re.compile(r"\s*((?:#{2,6}\s*|#\s+|>+\s*|[-*+]\s+|[•●○◦■□◆◇▶►▷▲△▼◎★☆※❖➤➢✦]\ufe0f?\s*|[:：]\s+)+)")
"""Signs of headings, quotations, lists and definitions in front of a paragraph."""
ESCAPE = re.compile(r"(\\)(?=[\[\]()*_#>.!+|~`{}-])")
"""The backslash that markdown writes before a sign that is meant as it stands."""
AMPERSAND = re.compile(r"&(amp;)")
RULE = re.compile(r"[\s*_=~#•·—–\u2500-\u257f―＝*-]*")
"""A line of nothing but strokes and stars."""
STRONG_EMPHASIS = re.compile(r"(\*\*\*)(?=[^\s*])[^*]*?(?<=[^\s*])(\*\*\*)")
STRONG = re.compile(r"(\*\*)(?=[^\s*])(?:[^*]|\*(?!\*))*?(?<=\S)(\*\*)")
EMPHASIS = re.compile(r"(?<![A-Za-z0-9*\\])(\*)(?=[^\s*])[^*]*?(?<=[^\s*\\])(\*)(?![A-Za-z0-9*])")
UNDERLINE = re.compile(r"(?<!\w)(__?)(?=[^\s_])[^_]*?(?<=[^\s_])(__?)(?!\w)")
CODE = re.compile(r"(`)[^`]+(`)")
LINK = re.compile(r"(\[)[^\[\]]+(\]\((?:https?:/|mailto:|www\.|[/#])[^()\s]*\))")
IMAGE = re.compile(r"(!\[[^\[\]]*\](?:\([^()\s]*\)|\[image\d+\]))")
PICTURE = re.compile(
    r"((?:^\s*\[[^\[\]]{1,60}\]:[ \t]*)?<?data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/]{24,}={0,2}>?)", re.IGNORECASE
)
"""A picture that is written out; Google Docs has those behind the text, as ``[image1]: <data:...>``."""
TAG = re.compile(r"(</?(?:a|b|br|em|i|p|span|strong|u)(?:\s[^<>]*)?/?>)", re.IGNORECASE)
INLINE = (ESCAPE, AMPERSAND, IMAGE, PICTURE, LINK, TAG, STRONG_EMPHASIS, STRONG, EMPHASIS, UNDERLINE, CODE)
INLINE_SIGN = re.compile(r"[*_`<\[\\&]|data:image/", re.IGNORECASE)
WHOLLY_STRONG = re.compile(r"\*\*[^*]+\*\*|__[^_]+__")

EMPHASISED_LEAD = re.compile(r"\s*(?:>\s*)?(?:\*{1,3}[^*\n]{1,60}\*|__[^\n]{1,60}?__)")

INVISIBLE = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
"""Format and control characters that print nothing; the joiners inside emoji and Indic words are not among them."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A half-open range of source characters that are not words, and why."""

    start: int
    end: int
    reason: str
    """A key of the receipt's ``skipped``: markup, stage, label."""


def find_cuts(source: str, start: int, end: int, turn_mark: str = "") -> tuple[Cut, ...]:
    """Find what is not words in a paragraph.

    Args:
        source: The whole text.
        start: Offset of the paragraph's first character.
        end: Offset after its last.
        turn_mark: What it begins with that looks like a sign of a list and stands for a change of speakers.

    Returns:
        Ranges in code points of the source, in no particular order; they may overlap.
    """
    passage = source[start:end]
    if RULE.fullmatch(passage):
        return (Cut(start, end, "markup"),)
    return tuple(Cut(start + first, start + last, reason) for first, last, reason in _cuts_within(passage, turn_mark))


def is_wholly_strong(passage: str) -> bool:
    """Say whether a paragraph is set in bold from end to end, as headings are."""
    return WHOLLY_STRONG.fullmatch(passage) is not None


def is_emphasised_lead(passage: str) -> bool:
    """Say whether the first words of a paragraph are set in bold or italics, as labels are."""
    return EMPHASISED_LEAD.match(passage) is not None


def _cuts_within(passage: str, turn_mark: str) -> Iterator[tuple[int, int, str]]:
    if prefix := None if turn_mark else BLOCK_PREFIX.match(passage):
        yield prefix.start(1), prefix.end(1), "markup"
        yield from _closing_hashes(passage)
    yield from ((first, last, "stage") for first, last in find_stage_marks(passage))
    for match in INVISIBLE.finditer(passage):
        yield match.start(), match.end(), "markup"
    yield from _dangling_strokes(passage)
    for pattern in INLINE if INLINE_SIGN.search(passage) else ():
        for match in pattern.finditer(passage):
            yield from (
                (*match.span(group), "markup") for group in range(1, (match.lastindex or 0) + 1) if match[group]
            )


def _closing_hashes(passage: str) -> Iterator[tuple[int, int, str]]:
    """``## On boats ##``; the sign of ``# About C#`` is a word's."""
    bare = passage.rstrip("#")
    opened, closed = len(passage) - len(passage.lstrip("#")), len(passage) - len(bare)
    if bare and opened and closed and (opened == closed > 1 or bare[-1].isspace()):
        yield len(bare), len(passage), "markup"


def _dangling_strokes(passage: str) -> Iterator[tuple[int, int, str]]:
    """Bold that begins or ends in another paragraph."""
    for stroke in "*_=":
        opened = len(passage) - len(passage.lstrip(stroke))
        closed = len(passage) - len(passage.rstrip(stroke))
        if opened > 1:
            yield 0, opened, "markup"
        if closed > 1:
            yield len(passage) - closed, len(passage), "markup"
