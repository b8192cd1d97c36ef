"""A paragraph with its label told apart from its words."""

from dataclasses import dataclass, replace

from interview_audio.transcript.labels import Label, is_credit
from interview_audio.transcript.layout import Paragraph


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph as classification sees it."""

    paragraph: Paragraph
    label: Label | None
    """The label that speaks here, on this line or alone on the line above; None where there is none."""
    text: str
    """The words without the label; empty for a rule, a stage mark alone, a label alone."""
    source: tuple[int, int]
    """Half-open range of the words in the source."""
    is_credit: bool
    """Whether it only names who has a part: ``Host: Ida Holm``; its label is among its words then."""
    speaks_below: Label | None = None
    """The speaker whom a heading names for the words below it."""


def tell_apart(paragraph: Paragraph, label: Label | None) -> Passage:
    """Divide a paragraph into its label and its words."""
    if label and is_credit(label, paragraph.text[label.end :]):
        return Passage(paragraph, None, paragraph.text, _range_of(paragraph.offsets), is_credit=True)
    if label and label.is_heading:
        words = _range_of(paragraph.offsets)
        return Passage(paragraph, None, paragraph.text, words, is_credit=False, speaks_below=label)
    begin = label.end if label else 0
    return Passage(paragraph, label, paragraph.text[begin:], _range_of(paragraph.offsets[begin:]), is_credit=False)


def carry_lone_labels(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Give a label that stands alone on its line, or in a heading, to the unlabelled words below it."""
    carried: list[Passage] = []
    lone: Label | None = None
    for passage in passages:
        takes = lone is not None and bool(passage.text) and not passage.label and not passage.paragraph.is_heading
        carried.append(replace(passage, label=lone) if takes else passage)
        if passage.label is not None:
            lone = passage.label if not passage.text else None
        elif passage.text:
            lone = passage.speaks_below
    return tuple(carried)


def _range_of(offsets: tuple[int, ...]) -> tuple[int, int]:
    return (offsets[0], offsets[-1] + 1) if offsets else (0, 0)
