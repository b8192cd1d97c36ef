"""Finds speakers whom headings name in brackets behind their subject: ``## On boats (Ida Holm)``.

Finds interviews that set their questions in bold, as headings or with numbers, and print the answers plainly.

Gives turns to the speakers of a document that only marks where the speaker changes.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from interview_audio.text.characters import HAN
from interview_audio.text.name_key import name_key
from interview_audio.text.width import columns
from interview_audio.transcript.layout.paragraphs import Paragraph, Passage
from interview_audio.transcript.layout.turn_boundaries import ARROWS, ASKING_DASHES
from interview_audio.transcript.lexicon.label_grammar import Label, index_of_words, is_name_shaped, make_label, part_of
from interview_audio.transcript.lexicon.typography import ends_sentence, ends_with_question

IN_BRACKETS = re.compile(r"[(（]\s*(?:by |with |speaker: ?|讲述：|口述：)?([^()（）]{1,40})[)）]\s*\Z", re.IGNORECASE)
LONGEST_END = 48
FEWEST_HEADINGS = 2


def find_heading_speakers(
    paragraphs: Sequence[Paragraph], found: Sequence[Label | None], keys: Collection[str]
) -> dict[int, Label]:
    """Find the headings that name the speaker of the words below them.

    Args:
        paragraphs: The document's paragraphs.
        found: The labels that speak already.
        keys: Folded names of those who speak elsewhere; others must head two passages or more.

    Returns:
        For each such heading, its label, which is none of the words beside it.
    """
    labels = {index: label for index, label in _candidates(paragraphs) if found[index] is None}
    are_all = len(labels) >= FEWEST_HEADINGS and all(
        is_name_shaped(label.name) or part_of(label.key) for label in labels.values()
    )
    return {index: label for index, label in labels.items() if are_all or label.key in keys}


def _candidates(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[int, Label]]:
    for index, paragraph in enumerate(paragraphs):
        if not (paragraph.is_heading or paragraph.is_strong) or ends_with_question(paragraph.text):
            continue
        match = IN_BRACKETS.search(paragraph.text, max(0, len(paragraph.text) - LONGEST_END))
        if match and match.start() > 0 and (label := make_label(match[1].strip(), 0)):
            yield index, replace(label, is_heading=True)


EMPHATIC = re.compile(r"(?:\*[^*]+\*|_[^_]+_|<(?:b|strong|em|i)>[^<>]*</(?:b|strong|em|i)>)\Z", re.IGNORECASE)
HEADING = re.compile(r"(#{1,6})\s|<(h[1-6])[\s>]", re.IGNORECASE)
NUMBERED = re.compile(r"(?:Q?\d{1,3}\s?[.、)．:：]|[一二三四五六七八九十]{1,3}、)\s*\S")
FEWEST_QUESTIONS = 2
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
    fewest, share = (FEWEST_NUMBERED, ASKING_NUMBERED) if style == "numbered" else (FEWEST_QUESTIONS, ASKING)
    return answered >= fewest and len(asking) >= share * len(below_title)


def _is_answered(passages: Sequence[Passage], index: int) -> bool:
    below = passages[index + 1] if index + 1 < len(passages) else None
    return below is not None and not below.label and not _style(below)


def _is_prompt(passage: Passage) -> bool:
    """Whether it is a question, or a sentence that is no heading (``Tell us about the fog.``)."""
    return ends_with_question(passage.text) or ends_sentence(passage.text) or columns(passage.text) > WIDEST_HEADING


HAN_LETTERS = re.compile(f"[{HAN}]")
MOSTLY_ASKS = 0.6


def label_unnamed_turns(paragraphs: Sequence[Paragraph], found: Sequence[Label | None]) -> dict[int, Label]:
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
        return {index: _label(paragraphs[index], name_key(called), called) for index in marked}
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
            turns[index] = label = _label(paragraph, keys.get(speaker, name_key(speaker)), speaker)
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
