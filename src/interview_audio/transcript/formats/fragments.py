"""Joins what a clock has cut, cues and segments, to paragraphs again: one turn, or some whole sentences, each."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from interview_audio.text.characters import columns
from interview_audio.transcript.formats.source_document import (
    FormattedParagraph,
    TextSpan,
    build_document,
    places_of,
    split_spans,
    text_of,
)
from interview_audio.transcript.languages import likely_language
from interview_audio.transcript.layout.paragraphs import NO_SPACE_BEFORE, Paragraph
from interview_audio.transcript.lexicon.label_grammar import Label, read_label
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.lexicon.typography import ends_sentence
from interview_audio.transcript.speaker_labels import find_speaking_labels

_DASH = re.compile(r"[-–—‐]\s*(?=\S)")
_ARROWS = re.compile(r">>+\s*")
_MIN_PAUSE_SECONDS = 2.0
"""Seconds of silence after a sentence that end a paragraph of a speaker who is not known."""
_MAX_PARAGRAPH_COLUMNS = 900
"""Columns after which the next end of a sentence ends such a paragraph."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words that a format shows or transcribes together."""

    spans: tuple[TextSpan, ...]
    text: str
    """What the spans show."""
    joint: TextSpan
    """What becomes the space before the next fragment, if one is needed."""
    speaker: str | None = None
    pause: float = 0.0
    """Seconds of silence before it."""
    begins: bool = False
    """Whether the format marks a change of speakers before it."""


def has_dashes(cues: Iterable[Sequence[str]]) -> bool:
    """Tell whether a cue sets two of its lines apart by dashes: two people."""
    return any(sum(_DASH.match(line.strip()) is not None for line in lines) > 1 for lines in cues)


def divide_at_changes(
    source: str, spans: Sequence[TextSpan], joint: TextSpan, speaker: str | None, *, is_dashed: bool
) -> Iterator[Fragment]:
    """Divide a line before each mark of a change of speakers: ``>>``, and a dash where the source sets them so."""
    text, places = text_of(spans, source), places_of(spans)
    begins = is_dashed and _DASH.match(text.lstrip()) is not None
    rest = tuple(spans)
    for arrows in _ARROWS.finditer(text):
        before, rest = split_spans(rest, places[arrows.start()])
        if before:
            yield Fragment(before, text_of(before, source), _behind(before), speaker, begins=begins)
        begins = True
    if rest:
        yield Fragment(rest, text_of(rest, source), joint, speaker, begins=begins)


def _behind(spans: Sequence[TextSpan]) -> TextSpan:
    return TextSpan(spans[-1].end, spans[-1].end + 1)


def name_fragments(
    source: str, fragments: Sequence[Fragment], known: Collection[str]
) -> tuple[tuple[Fragment, ...], tuple[NonTextSpan, ...]]:
    """Take names before a colon off the fragments, where the whole source shows that they are speakers'.

    A name holds until the next one or until a mark of a change: that is how subtitles name speakers.

    Returns:
        The fragments that have words left, and the names as spans that are not words.
    """
    if all(fragment.speaker for fragment in fragments):  # nothing is left to be found, and finding takes long
        return tuple(fragments), ()
    labels = _labels(source, fragments, range(len(fragments)), known)
    turns = [index for index, fragment in enumerate(fragments) if index in labels or _may_begin_turn(fragment)]
    speaking = frozenset(label.key for _, label in labels.values()).union(known)
    labels |= _labels(source, fragments, turns, speaking)
    named: list[Fragment] = []
    cuts: list[NonTextSpan] = []
    speaker: str | None = None
    begins_next = False
    for index, fragment in enumerate(fragments):
        speaker = None if fragment.begins or fragment.speaker else speaker
        spans = fragment.spans
        if index in labels:
            paragraph, label = labels[index]
            speaker = label.called or label.printed
            taken, spans = _divide_at(spans, paragraph, label)
            cuts.extend(NonTextSpan(span.start, span.end, "label") for span in taken)
        text = text_of(spans, source)
        begins_now = fragment.begins or begins_next
        begins_next = begins_now and not text.strip()
        if text.strip():
            spoken_by = fragment.speaker or speaker
            named.append(replace(fragment, spans=spans, text=text, speaker=spoken_by, begins=begins_now))
        else:
            cuts.extend(NonTextSpan(span.start, span.end, "markup") for span in spans)
    return tuple(named), tuple(cuts)


def _divide_at(
    spans: tuple[TextSpan, ...], paragraph: Paragraph, label: Label
) -> tuple[tuple[TextSpan, ...], tuple[TextSpan, ...]]:
    """Divide a fragment behind its label; one that is only inferred is not printed in it."""
    printed = paragraph.text[: label.end].rstrip()
    return split_spans(spans, paragraph.offsets[len(printed) - 1] + 1) if printed else ((), spans)


def _may_begin_turn(fragment: Fragment) -> bool:
    return fragment.begins or fragment.speaker is not None or read_label(fragment.text.strip()) is not None


def _labels(
    source: str, fragments: Sequence[Fragment], begins: Sequence[int], known: Collection[str]
) -> dict[int, tuple[Paragraph, Label]]:
    """Return the labels that speak, and their paragraphs, where each fragment in ``begins`` begins a paragraph."""
    groups = [fragments[begin:end] for begin, end in pairwise((*begins, len(fragments)))]
    places = [fragments[begin].spans[0].start for begin in begins]
    paragraphs = build_document(source, tuple(map(_joined, groups)), ()).paragraphs
    owners = [bisect_right(places, paragraph.offsets[0]) - 1 if paragraph.offsets else -1 for paragraph in paragraphs]
    is_named = [owner >= 0 and fragments[begins[owner]].speaker is not None for owner in owners]
    candidates = [
        None if named else read_label(paragraph.text) for named, paragraph in zip(is_named, paragraphs, strict=True)
    ]
    language = likely_language("\n".join(paragraph.text for paragraph in paragraphs))
    found = find_speaking_labels(paragraphs, candidates, known, language)
    speaking = {label.key for label in found if label}
    labels: dict[int, tuple[Paragraph, Label]] = {}
    everything = zip(owners, paragraphs, candidates, found, is_named, strict=True)
    for owner, paragraph, candidate, spoken, named in everything:
        # The first line of a file may look like a headline; a cue does not.
        label = spoken or (candidate if candidate and candidate.key in speaking else None)
        if label and owner >= 0 and not named:
            labels.setdefault(begins[owner], (paragraph, label))
    return labels


def join_fragments(fragments: Sequence[Fragment]) -> Iterator[FormattedParagraph]:
    """Join the fragments of one turn, and the sentences of a speaker who is not known, to paragraphs."""
    gathered: list[Fragment] = []
    width = 0
    for fragment in _with_gaps_filled(fragments):
        if gathered and _begins_paragraph(gathered[-1], fragment, width):
            yield _joined(gathered)
            gathered, width = [], 0
        gathered.append(fragment)
        width += columns(fragment.text)
    if gathered:
        yield _joined(gathered)


def _with_gaps_filled(fragments: Sequence[Fragment]) -> Iterator[Fragment]:
    """Return a fragment without a speaker, inside a sentence, to the speaker of the sentence."""
    before: Fragment | None = None
    for fragment in fragments:
        is_inside = before is not None and not fragment.begins and not ends_sentence(before.text)
        if before and before.speaker and not fragment.speaker and is_inside:
            before = replace(fragment, speaker=before.speaker)
        else:
            before = fragment
        yield before


def _begins_paragraph(before: Fragment, fragment: Fragment, width: int) -> bool:
    if fragment.begins or fragment.speaker != before.speaker:
        return True
    is_restful = fragment.pause >= _MIN_PAUSE_SECONDS or width >= _MAX_PARAGRAPH_COLUMNS
    return fragment.speaker is None and is_restful and ends_sentence(before.text)


def _joined(fragments: Sequence[Fragment]) -> FormattedParagraph:
    spans: list[TextSpan] = []
    for before, fragment in zip((None, *fragments), fragments, strict=False):
        if before and _parts(before.text, fragment.text):
            spans.append(before.joint)
        spans.extend(fragment.spans)
    return FormattedParagraph(tuple(spans), fragments[0].speaker)


def _parts(before: str, after: str) -> bool:
    """Tell whether a space is needed between two fragments."""
    return not (before[-1:].isspace() or after[:1].isspace() or after[:1] in NO_SPACE_BEFORE)
