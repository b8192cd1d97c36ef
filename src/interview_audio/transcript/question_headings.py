"""Finds interviews that set their questions in bold, as headings or with numbers, and print the answers plainly."""

import re
from collections import defaultdict
from collections.abc import Sequence

from interview_audio.transcript.passages import Passage
from interview_audio.transcript.typography import columns, ends_sentence, ends_with_question

EMPHATIC = re.compile(r"(?:\*[^*]+\*|_[^_]+_|<(?:b|strong|em|i)>[^<>]*</(?:b|strong|em|i)>)\Z", re.IGNORECASE)
HEADING = re.compile(r"(#{1,6})\s|<(h[1-6])[\s>]", re.IGNORECASE)
NUMBERED = re.compile(r"(?:Q?\d{1,3}\s?[.、)．:：]|[一二三四五六七八九十]{1,3}、)\s*\S")
FEWEST = 2
FEWEST_NUMBERED = 3
ASKING = 0.5
"""Share of the paragraphs of one style that must ask for it to be the style of questions."""
ASKING_NUMBERED = 0.8
WIDEST_HEADING = 60
LABELS_FOR_QUESTION = 0.34
"""A document with more labels than this for each question names its speakers itself."""


def find_question_headings(passages: Sequence[Passage]) -> frozenset[int]:
    """Find the questions of a document whose style tells them from the answers.

    Returns:
        Indices of the passages that ask; empty where labels name the speakers, or no style is that of questions.
    """
    by_style: defaultdict[str, list[int]] = defaultdict(list)
    for index, passage in enumerate(passages):
        if style := _style(passage):
            by_style[style].append(index)
    styles = [(style, found) for style, found in by_style.items() if _is_of_questions(passages, style, found)]
    questions = {index for _, found in styles for index in found if _is_prompt(passages[index])}
    labels = sum(passage.label is not None for passage in passages)
    return frozenset(questions) if labels <= LABELS_FOR_QUESTION * len(questions) else frozenset()


def _style(passage: Passage) -> str:
    if passage.label or not passage.text:
        return ""
    paragraph = passage.paragraph
    if heading := HEADING.match(paragraph.printed):
        return heading[1] or heading[2]
    if paragraph.is_strong:
        return "strong"
    if EMPHATIC.match(paragraph.printed):
        return "emphatic"
    return "numbered" if NUMBERED.match(passage.text) else ""


def _is_of_questions(passages: Sequence[Passage], style: str, found: Sequence[int]) -> bool:
    below_title = [index for index in found if index > 0]
    asking = [index for index in below_title if ends_with_question(passages[index].text)]
    answered = sum(_is_answered(passages, index) for index in asking)
    fewest, share = (FEWEST_NUMBERED, ASKING_NUMBERED) if style == "numbered" else (FEWEST, ASKING)
    return answered >= fewest and len(asking) >= share * len(below_title)


def _is_answered(passages: Sequence[Passage], index: int) -> bool:
    below = passages[index + 1] if index + 1 < len(passages) else None
    return below is not None and not below.label and not _style(below)


def _is_prompt(passage: Passage) -> bool:
    """Whether it is a question, or a sentence that is no heading (``Tell us about the fog.``)."""
    return ends_with_question(passage.text) or ends_sentence(passage.text) or columns(passage.text) > WIDEST_HEADING
