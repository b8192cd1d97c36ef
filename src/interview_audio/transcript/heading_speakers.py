"""Finds speakers whom headings name in brackets behind their subject: ``## On boats (Ida Holm)``."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from interview_audio.transcript.labels import Label, is_name_shaped, label_of
from interview_audio.transcript.layout import Paragraph
from interview_audio.transcript.roles import part_of
from interview_audio.transcript.typography import ends_with_question

IN_BRACKETS = re.compile(r"[(（]\s*(?:by |with |speaker: ?|讲述：|口述：)?([^()（）]{1,40})[)）]\s*\Z", re.IGNORECASE)
LONGEST_END = 48
FEWEST = 2


def heading_speakers(
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
    are_all = len(labels) >= FEWEST and all(
        is_name_shaped(label.name) or part_of(label.key) for label in labels.values()
    )
    return {index: label for index, label in labels.items() if are_all or label.key in keys}


def _candidates(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[int, Label]]:
    for index, paragraph in enumerate(paragraphs):
        if not (paragraph.is_heading or paragraph.is_strong) or ends_with_question(paragraph.text):
            continue
        match = IN_BRACKETS.search(paragraph.text, max(0, len(paragraph.text) - LONGEST_END))
        if match and match.start() > 0 and (label := label_of(match[1].strip(), 0)):
            yield index, replace(label, is_heading=True)
