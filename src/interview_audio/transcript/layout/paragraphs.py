"""Splits a source into paragraphs, keeps the offset of every character of their words, and separates their labels."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from interview_audio.text.characters import columns, is_wide
from interview_audio.transcript.layout.speech_marks import find_marks, place_marks
from interview_audio.transcript.layout.timestamps import CLOCK, find_times
from interview_audio.transcript.layout.turn_boundaries import begins_with_mark, find_turn_mark, split_at_labels
from interview_audio.transcript.lexicon.label_grammar import Label, is_credit
from interview_audio.transcript.lexicon.markup import NonTextSpan, find_non_text, is_wholly_strong
from interview_audio.transcript.lexicon.typography import ends_sentence, is_full_sentence
from interview_audio.transcript.turns import SpeechMark

_PRINTED_LINE = re.compile("[^\n\x0b\x0c\x85\u2028\u2029]+")
_BEGINS_PARAGRAPH = re.compile(
    r"\s*(?:[#>*•【\[\\—–―─-]|[^\s:：，。,.]{1,24}(?: [^\s:：，。,.]{1,24}){0,3} ?[:：(（]"
    rf"|{CLOCK}(?=\s)|[QA]\d{{0,3}}[.．] )"
)
NO_SPACE_BEFORE = frozenset(",.;:!?)]}，。；：！？、）】」』”’")
_HEADING = re.compile(r"#{2,6}|#\s|={2,}[^=\n]{1,80}={2,}\s*\Z")

_DEFINITION = re.compile(r"\s*[:：]\s")
_MAX_WRAPPED_COLUMNS = 110
"""Columns: a longer line is a paragraph by itself, not a piece of one."""
_OTHER_SPACE = re.compile(r"[^\S ]")
_FOLDED = re.compile(r"\s{2}|[^\S ]")
"""Whitespace that is not shown as it is written."""

_SPACE_LEFT_BY_CUT = re.compile(rf" [{re.escape(''.join(sorted(NO_SPACE_BEFORE)))}]")

_MIN_WRAPPED_COLUMNS = 40
"""Nobody wraps prose more narrowly; poems and lists have short lines that are whole."""
_MIN_BROKEN_COLUMNS = 24
"""Columns of a line that broke off in a sentence; a shorter one is an item or a name."""
_MIN_FILLED_SHARE = 0.7
"""A line of a wrapped paragraph, other than its last, fills this share of the width."""
_MIN_WRAPPED_LINES = 2
_OPEN_BRACKET = re.compile(r"\([^()]*\Z")
"""A remark that a report of an assembly sets in brackets, from its own line on, and has not closed yet."""
_CLOSES_BRACKET = re.compile(r"[^()]*\)[.\s]*$", re.MULTILINE)
_MAX_BRACKET_LENGTH = 600
"""Characters of such a remark: who called what in between takes a few lines."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as the page shows it, with what is not words cut out."""

    line: int
    """Line in the source where it begins, from 1."""
    text: str
    """Its words, a label among them; each run of whitespace is one space."""
    offsets: tuple[int, ...]
    """For each character of ``text``, its offset in the source."""
    cuts: tuple[NonTextSpan, ...]
    printed: str
    """The paragraph as the source has it."""
    is_timed: bool = False
    """Whether a recording's time stood in it, as beside the names in an export."""
    turn_mark: str = ""
    """What the whole document sets before a new speaker's words and this paragraph begins with: ``>>``."""
    is_below_image: bool = False
    """Whether it stands directly below an image, as captions do."""
    is_link: bool = False
    """Whether all its words are a link's."""
    marks: tuple[SpeechMark, ...] = ()
    """How parts of ``text`` are said, and pauses in it."""
    faults: tuple[str, ...] = ()
    """What looks like a mark and is not understood, a sentence each."""

    @property
    def is_heading(self) -> bool:
        """Whether markdown, or a wiki's ``== strokes ==``, set it as a heading."""
        return _HEADING.match(self.printed) is not None

    @property
    def is_quoted(self) -> bool:
        """Whether markdown sets it as a quotation."""
        return self.printed.startswith(">")

    @property
    def is_definition(self) -> bool:
        """Whether markdown sets it as what a term above it means."""
        return _DEFINITION.match(self.printed) is not None

    @property
    def is_strong(self) -> bool:
        """Whether it is bold from end to end."""
        return is_wholly_strong(self.printed)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    joins: bool
    """Whether the line is directly below the line before."""


def split_paragraphs(source: str) -> tuple[Paragraph, ...]:
    """Split a source into paragraphs.

    A line is a paragraph, unless the text is wrapped at a width: then lines that fill it belong together.

    Args:
        source: The decoded text, with line feeds as line ends.

    Returns:
        The paragraphs that are not empty, in order; one of nothing but markup has an empty ``text``.
    """
    lines = tuple(_lines(source))
    width = _wrapped_width(source, lines)
    groups = [(group[0].start, group[-1].end) for group in _group(source, lines, width)]
    spans = split_at_labels(source, groups)
    mark = find_turn_mark([source[start:end] for start, end in spans])
    times = find_times(source, spans)
    return tuple(
        _paragraph(source, span, number, times.get(span[0], ()), mark)
        for span, number in zip(spans, _line_numbers(source, spans), strict=True)
    )


def _line_numbers(source: str, spans: Iterable[tuple[int, int]]) -> Iterator[int]:
    number, counted = 1, 0
    for start, _ in spans:
        number += source.count("\n", counted, start)
        counted = start
        yield number


def _lines(source: str) -> Iterator[_Line]:
    previous = -2
    for match in _PRINTED_LINE.finditer(source):
        printed = match[0]
        if not printed.strip():
            continue
        start = match.start() + len(printed) - len(printed.lstrip())
        yield _Line(start, match.start() + len(printed.rstrip()), match.start() == previous + 1)
        previous = match.end()


def _wrapped_width(source: str, lines: Sequence[_Line]) -> int:
    """Return the columns at which the text is wrapped; 0 where it is not."""
    widths: list[int] = []
    for line in lines:
        widths.append(columns(source[line.start : line.end]))
        if widths[-1] > _MAX_WRAPPED_COLUMNS:
            return 0
    widest = max(widths, default=0)
    if widest < _MIN_WRAPPED_COLUMNS:
        return 0
    pairs = [
        (widths[index], source[lines[index].start : lines[index].end])
        for index, below in enumerate(lines[1:])
        if below.joins and not _BEGINS_PARAGRAPH.match(source, below.start, below.end)
    ]
    full = [text for width, text in pairs if width >= _MIN_FILLED_SHARE * widest]
    open_ended = [text for text in full if not ends_sentence(text)]
    # Names and keys below one another are pairs as well; a Chinese line that is full says enough where it breaks off.
    of_kind = full if open_ended and is_wide(open_ended[0][-1]) else pairs
    is_wrapped = len(open_ended) >= _MIN_WRAPPED_LINES and 2 * len(open_ended) > len(of_kind)
    return widest if is_wrapped else 0


def _group(source: str, lines: Sequence[_Line], width: int) -> Iterator[list[_Line]]:
    group: list[_Line] = []
    for line in lines:
        if group and not (_continues(source, group[-1], line, width) or _is_in_brackets(source, group, line)):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _continues(source: str, above: _Line, line: _Line, width: int) -> bool:
    if not line.joins or _BEGINS_PARAGRAPH.match(source, line.start, line.end):
        return False
    filled = columns(source[above.start : above.end])
    return (width > 0 and filled >= _MIN_FILLED_SHARE * width) or _breaks_a_sentence(source, above, line, filled)


def _is_in_brackets(source: str, group: Sequence[_Line], line: _Line) -> bool:
    """Tell whether a line goes on with a remark in brackets: ``(Beifall –`` above ``Ida Holm [SPD]: Nein!)``."""
    begin = group[0].start
    if not line.joins or source[begin] != "(" or line.end - begin > _MAX_BRACKET_LENGTH:
        return False
    above = source[group[-1].start : group[-1].end]
    if is_full_sentence(above) and source[line.start] not in "–—-":
        return False
    is_open = _OPEN_BRACKET.match(source, begin, group[-1].end) is not None
    return is_open and _CLOSES_BRACKET.match(source, line.start, begin + _MAX_BRACKET_LENGTH) is not None


def _breaks_a_sentence(source: str, above: _Line, line: _Line, filled: int) -> bool:
    """Tell whether a line goes on in small letters where the line above broke off."""
    is_broken = source[above.end - 1].isalpha() and source[line.start].islower()
    return is_broken and _MIN_BROKEN_COLUMNS <= filled <= _MAX_WRAPPED_COLUMNS and source[line.start - 1] in "\n \t"


def _paragraph(
    source: str, span: tuple[int, int], number: int, times: Sequence[tuple[int, int]], mark: str
) -> Paragraph:
    start, end = span
    printed = source[start:end]
    own_mark = mark if mark and begins_with_mark(mark, printed) else ""
    marked = find_marks(printed)
    cuts = (
        *find_non_text(source, start, end, own_mark),
        *(NonTextSpan(first, last, "markup") for first, last in times),
        *(NonTextSpan(start + first, start + last, "markup") for first, last in marked.cuts),
    )
    if not cuts and "  " not in printed and not _OTHER_SPACE.search(printed):
        return Paragraph(
            number, printed, tuple(range(start, end)), (), printed, turn_mark=own_mark, faults=tuple(marked.faults)
        )
    offsets = _kept_offsets(span, cuts)
    text = "".join([source[offset] for offset in offsets])
    if _FOLDED.search(text) or text != text.strip() or _SPACE_LEFT_BY_CUT.search(text):
        offsets = _fold_whitespace(source, offsets)
        text = "".join(" " if source[offset].isspace() else source[offset] for offset in offsets)
    marks = place_marks(marked.marks, lambda at: bisect_left(offsets, start + at), text)
    faults = tuple(marked.faults)
    return Paragraph(number, text, tuple(offsets), cuts, printed, bool(times), own_mark, marks=marks, faults=faults)


def _kept_offsets(span: tuple[int, int], cuts: Sequence[NonTextSpan]) -> list[int]:
    """Return the offsets of a paragraph that no cut covers."""
    reached, end = span
    offsets: list[int] = []
    for cut in sorted(cuts, key=lambda cut: cut.start):
        offsets += range(reached, cut.start)
        reached = max(reached, cut.end)
    offsets += range(reached, end)
    return offsets


def _fold_whitespace(source: str, kept: Sequence[int]) -> list[int]:
    """Drop the whitespace that shows nothing: at the ends, in runs, where a line break or a cut left it."""
    folded: list[int] = []
    space = -1
    for offset in kept:
        character = source[offset]
        if character.isspace():
            space = offset if space < 0 else space
            continue
        if space >= 0 and folded and _shows(source, folded[-1], space, offset):
            folded.append(space)
        folded.append(offset)
        space = -1
    return folded


def _shows(source: str, before: int, space: int, after: int) -> bool:
    is_broken_line = source[space] not in " \t\u00a0\u3000"
    if is_broken_line and is_wide(source[before]) and is_wide(source[after]):
        return False
    left_by_cut = space > before + 1 or source[space:after].strip() != ""
    return not (left_by_cut and source[after] in NO_SPACE_BEFORE)


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


def separate_label(paragraph: Paragraph, label: Label | None) -> Passage:
    """Divide a paragraph into its label and its words."""
    if label and is_credit(label, paragraph.text[label.end :]):
        return Passage(paragraph, None, paragraph.text, _range_of(paragraph.offsets), is_credit=True)
    if label and label.is_heading:
        words = _range_of(paragraph.offsets)
        return Passage(paragraph, None, paragraph.text, words, is_credit=False, speaks_below=label)
    begin = label.end if label else 0
    return Passage(paragraph, label, paragraph.text[begin:], _range_of(paragraph.offsets, begin), is_credit=False)


def carry_lone_labels(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Give a label that is alone on its line, or in a heading, to the unlabelled words below it."""
    carried: list[Passage] = []
    lone: Label | None = None
    is_heading = False
    for passage in passages:
        takes = lone is not None and bool(passage.text) and not passage.label and not passage.paragraph.is_heading
        if lone and is_heading and _tells_of(lone.name, passage.text):
            takes, lone = False, None
            carried[-1] = separate_label(carried[-1].paragraph, None)
        if lone and takes and passage.paragraph.is_definition and is_credit(lone, passage.text):
            carried[-1:] = [_as_credit(carried[-1]), _as_credit(passage)]
        else:
            carried.append(replace(passage, label=lone) if takes else passage)
        if passage.label is not None:
            lone = passage.label if not passage.text else None
            is_heading = lone is not None and passage.paragraph.is_heading
        elif passage.text:
            lone = passage.speaks_below
    return tuple(carried)


def _tells_of(name: str, text: str) -> bool:
    """Tell whether a paragraph is about somebody: ``## Ida Holm`` above ``Ida Holm was born …`` heads a portrait."""
    return text.startswith(name) and text[len(name) : len(name) + 2].strip().isalpha()


def _as_credit(passage: Passage) -> Passage:
    """Return a passage that only names a part, or who has it, in two lines: ``Host`` above ``: Ida Holm``."""
    paragraph = passage.paragraph
    return Passage(paragraph, None, paragraph.text, _range_of(paragraph.offsets), is_credit=True)


def _range_of(offsets: tuple[int, ...], begin: int = 0) -> tuple[int, int]:
    return (offsets[begin], offsets[-1] + 1) if begin < len(offsets) else (0, 0)
