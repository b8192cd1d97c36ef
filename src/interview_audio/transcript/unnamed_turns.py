"""Gives turns to the speakers of a document that only marks where the speaker changes."""

import re
from collections.abc import Sequence

from interview_audio.transcript.labels import Label, index_of_words
from interview_audio.transcript.layout import Paragraph
from interview_audio.transcript.markup import HAN
from interview_audio.transcript.roles import fold
from interview_audio.transcript.turn_marks import ARROWS, ASKING_DASHES
from interview_audio.transcript.typography import ends_with_question

HAN_LETTERS = re.compile(f"[{HAN}]")
MOSTLY_ASKS = 0.6


def unnamed_turns(paragraphs: Sequence[Paragraph], found: Sequence[Label | None]) -> dict[int, Label]:
    """Label the paragraphs that begin with the document's sign of a new speaker and name nobody.

    Such a paragraph is the words of the other one of the two who spoke last; where nobody has a name, two unknown
    speakers take turns. A double dash that asks nearly always is the interviewer's.

    Args:
        paragraphs: The document's paragraphs.
        found: The labels that name a speaker.

    Returns:
        For each such paragraph, its label.
    """
    marked = [index for index, paragraph in enumerate(paragraphs) if paragraph.turn_mark and not found[index]]
    if _only_asks(paragraphs, marked):
        called = "问" if _is_chinese(paragraphs, marked) else "Q"
        return {index: _label(paragraphs[index], fold(called), called) for index in marked}
    unknown = ("发言人1", "发言人2") if _is_chinese(paragraphs, marked) else ("Speaker 1", "Speaker 2")
    return _alternating(paragraphs, found, frozenset(marked), unknown)


def _alternating(
    paragraphs: Sequence[Paragraph], found: Sequence[Label | None], marked: frozenset[int], unknown: Sequence[str]
) -> dict[int, Label]:
    turns: dict[int, Label] = {}
    current, other = "", ""
    keys: dict[str, str] = {}
    for index, paragraph in enumerate(paragraphs):
        label = found[index]
        if index in marked:
            speaker = other or next(name for name in unknown if name != current)
            turns[index] = label = _label(paragraph, keys.get(speaker, fold(speaker)), speaker)
        if label and label.name != current:
            current, other = label.name, current
            keys[label.name] = label.key
    return turns


def _only_asks(paragraphs: Sequence[Paragraph], marked: Sequence[int]) -> bool:
    asking = sum(ends_with_question(paragraphs[index].text) for index in marked)
    is_set_so = bool(marked) and paragraphs[marked[0]].turn_mark in ASKING_DASHES
    return is_set_so and asking >= MOSTLY_ASKS * len(marked)


def _is_chinese(paragraphs: Sequence[Paragraph], marked: Sequence[int]) -> bool:
    words = "".join(paragraphs[index].text for index in marked)
    return 4 * len(HAN_LETTERS.findall(words)) > len(words)


def _label(paragraph: Paragraph, key: str, called: str) -> Label:
    end = len(paragraph.turn_mark)
    while paragraph.text[end : end + 1] == ARROWS[0]:
        end += 1
    return Label(paragraph.turn_mark, key, index_of_words(paragraph.text, end), called)
