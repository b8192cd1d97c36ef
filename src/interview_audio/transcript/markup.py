"""Tells words from what only surrounds them on the page: markdown, stage marks, invisible characters.

Knows nothing of speakers. What is cut is kept as a range with its reason, so that every character can be accounted for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from interview_audio.transcript.vocabulary import word_set

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

BLOCK_PREFIX = re.compile(r"\s*((?:#{1,6}\s+|>+\s*|[-*+•]\s+)+)")
RULE = re.compile(r"[\s*_=~#•·—–-]*")
"""A line of nothing but strokes and stars."""
STRONG = re.compile(r"(\*\*)(?=[^\s*])(?:[^*]|\*(?!\*))*?(?<=\S)(\*\*)")
EMPHASIS = re.compile(r"(?<![A-Za-z0-9*])(\*)(?=[^\s*])[^*]*?(?<=[^\s*])(\*)(?![A-Za-z0-9*])")
UNDERLINE = re.compile(r"(?<!\w)(__?)(?=[^\s_])[^_]*?(?<=[^\s_])(__?)(?!\w)")
CODE = re.compile(r"(`)[^`]+(`)")
LINK = re.compile(r"(\[)[^\[\]]+(\]\((?:https?:/|mailto:|www\.|[/#])[^()\s]*\))")
IMAGE = re.compile(r"(!\[[^\[\]]*\]\([^()\s]*\))")
TAG = re.compile(r"(</?(?:a|b|br|em|i|p|span|strong|u)(?:\s[^<>]*)?/?>)", re.IGNORECASE)
INLINE = (IMAGE, LINK, TAG, STRONG, EMPHASIS, UNDERLINE, CODE)
WHOLLY_STRONG = re.compile(r"\*\*[^*]+\*\*|__[^_]+__")

INVISIBLE = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
"""Format and control characters that print nothing; the joiners inside emoji and Indic words are not among them."""

BRACKETED = re.compile(r"[(\[（【〔［*]([^()\[\]（）【】〔〕［］*\n]{1,32})[)\]）】〕］*]")
STAGE_ZH = re.compile(
    r"(?:全场|观众|众人?|两人|三人|大家|现场|同时|一起|突然|无奈地?|尴尬地?|短暂|长时间|轻|小声|大声|再次|又"
    r"|和|、|，|,|\s)*"
    r"(?:(?:大|微|苦|哄|爆|偷|冷|狂|坏|傻|嬉)?笑(?:声|场)?|掌声|鼓掌|沉默|停顿|叹气|叹息|叹了口气|咳嗽"
    r"|清嗓子?|点头|摇头|耸肩|哭泣?|哽咽"
    r"|听不清|听不清楚|无法辨认|音乐(?:起|声)?|铃声|电话(?:铃)?响|喝水|思考|欢呼|插话|打断)"
    r"(?:声|起来|了起来|着|了|了?一[下会阵]儿?|不止|不语|良久|片刻|几秒|\s)*\Z"
)
STAGE_EN = word_set(
    """
    applause applauds audience beat both brief briefly chuckle chuckles chuckling cheer cheers cheering clapping
    claps clears cough coughs coughing cries crosstalk crying everyone giggles giggling grin grins grinning
    inaudible indistinct laugh laughs laughing laughter loud loudly long music nervous nervously nods nodding
    pause pauses pausing phone playing plays rings room rueful short shrugs shrugging sigh sighs sighing silence
    silent smile smiles smiling snorts soft softly sobs sips throat unintelligible weeps wry
    """
)
STAGE_GLUE = word_set(
    """
    a again all and for his her in moment more quiet quietly some still the their then together
    """
)
"""Words that may stand in a stage mark and do not make one."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A half-open range of source characters that are not words, and why."""

    start: int
    end: int
    reason: str
    """A key of the receipt's ``skipped``: markup, stage, label."""


def is_stage_mark(words: str) -> bool:
    """Say whether what stands in brackets tells what is heard or seen instead of being said."""
    if STAGE_ZH.match(words.strip()):
        return True
    found = re.findall(r"[a-z]+", words.casefold())
    named = [word for word in found if word not in STAGE_GLUE]
    return bool(named) and len(found) <= 5 and all(word in STAGE_EN for word in named) and words.isascii()


def find_cuts(source: str, start: int, end: int) -> tuple[Cut, ...]:
    """Find what is not words in a paragraph.

    Args:
        source: The whole text.
        start: Offset of the paragraph's first character.
        end: Offset after its last.

    Returns:
        Ranges in code points of the source, in no particular order; they may overlap.
    """
    passage = source[start:end]
    if RULE.fullmatch(passage):
        return (Cut(start, end, "markup"),)
    return tuple(Cut(start + first, start + last, reason) for first, last, reason in _cuts_within(passage))


def is_wholly_strong(passage: str) -> bool:
    """Say whether a paragraph is set in bold from end to end, as headings are."""
    return WHOLLY_STRONG.fullmatch(passage) is not None


def _cuts_within(passage: str) -> Iterator[tuple[int, int, str]]:
    if prefix := BLOCK_PREFIX.match(passage):
        yield prefix.start(1), prefix.end(1), "markup"
    for match in BRACKETED.finditer(passage):
        if is_stage_mark(match[1]):
            yield match.start(), match.end(), "stage"
    for match in INVISIBLE.finditer(passage):
        yield match.start(), match.end(), "markup"
    yield from _dangling_strokes(passage)
    for pattern in INLINE:
        for match in pattern.finditer(passage):
            yield from (
                (*match.span(group), "markup") for group in range(1, (match.lastindex or 0) + 1) if match[group]
            )


def _dangling_strokes(passage: str) -> Iterator[tuple[int, int, str]]:
    """Bold that begins or ends in another paragraph."""
    for stroke in "*_":
        opened = len(passage) - len(passage.lstrip(stroke))
        closed = len(passage) - len(passage.rstrip(stroke))
        if opened > 1:
            yield 0, opened, "markup"
        if closed > 1:
            yield len(passage) - closed, len(passage), "markup"
