"""A source of any format as paragraphs, and how the readers of formats build it.

A reader gives the paragraphs that its format sets, as spans of the source. They are laid out as plain text would be,
with the place in the source of each character. What a format writes in another way (``&amp;`` in HTML, ``\u4e2d`` in
JSON, a tag that breaks a line) is an escape.
"""

import html
import json
import re
from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from interview_audio.errors import SourceError
from interview_audio.text.characters import UNSPACED, count_words, is_wide, name_key
from interview_audio.text.printable import is_seen, printable
from interview_audio.transcript.layout.paragraphs import Paragraph, split_paragraphs
from interview_audio.transcript.layout.speech_marks import place_marks
from interview_audio.transcript.lexicon.label_grammar import Label, make_label
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.lexicon.typography import ends_sentence, is_full_sentence

_NOWHERE = -1
"""The place of a mark that the source does not write: ``#`` for a heading that HTML sets with a tag."""
_ENTITY = re.compile(
    r"&(?P<again>amp;(?=#?[A-Za-z0-9]{2,31};))?(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?"
)
"""One that was escaped twice, as in YouTube's ``&amp;#39;``, included: nobody says its letters."""
_BACKSLASHED = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\[^u]")
_ASS_SPACES = ("\\N", "\\n", "\\h")
_BETWEEN_CELLS = frozenset("\"'`”>,;|\t")
"""What ends a value of JSON, of a table or of a shortcode, where a space is needed before the next one."""
_DOUBLED = ('""', "''", "\\|")
"""Characters that a table writes twice or with a backslash because they would end a cell."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("[\n\x0b\x0c\x85\u2028\u2029]")
LEFT_OUT = "outside the transcript"
"""The reason of words that a format keeps beside what is said."""
_MIN_LEFT_OUT_WORDS = 4
"""Words that a format leaves out and that are more than a heading or a key."""
_MIN_SENTENCE_WORDS = 3
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_RUN = 3
"""Words in a row by which a text is found to repeat what is read."""
_MIN_REPEATED_SHARE = 0.6
"""Share of such runs in a text that says again, in other pieces or with names, what is read."""
SOFT_BREAK = "\r"
"""A line end inside a paragraph, to the layout: a space, and nothing between two Chinese characters."""
_PARAGRAPH_BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A run of source characters that belongs to the words."""

    start: int
    end: int
    shown: str | None = None
    """What the reader of the page sees instead of the characters (``&`` for ``&amp;``); None where it sees them."""


@dataclass(frozen=True, slots=True)
class FormattedParagraph:
    """A paragraph as its format sets it."""

    spans: tuple[TextSpan, ...]
    speaker: str | None = None
    """Whom the format itself names as its speaker."""
    dropped: str = ""
    """Why it is not part of the interview; empty where it is."""
    keeps_lines: bool = False
    """Whether its line ends are the page's, as in plain text."""
    is_below_image: bool = False


def added_mark(characters: str) -> TextSpan:
    """Return a markdown mark for what the format says in another way."""
    return TextSpan(_NOWHERE, _NOWHERE, characters)


def text_of(spans: Iterable[TextSpan], source: str) -> str:
    """Return what spans show, before any space is folded."""
    return "".join(source[span.start : span.end] if span.shown is None else span.shown for span in spans)


def places_of(spans: Iterable[TextSpan]) -> list[int]:
    """Return the place in the source of each character that spans show."""
    places: list[int] = []
    for span in spans:
        length = span.end - span.start if span.shown is None else len(span.shown)
        places.extend((_NOWHERE,) * length if span.start == _NOWHERE else range(span.start, span.start + length))
    return places


def split_spans(spans: Sequence[TextSpan], place: int) -> tuple[tuple[TextSpan, ...], tuple[TextSpan, ...]]:
    """Divide spans at a place in the source; an escape is not divided."""
    before = [span for span in spans if span.start < place]
    after = [span for span in spans if span.start >= place]
    if before and before[-1].shown is None and before[-1].end > place:
        last = before.pop()
        before.append(replace(last, end=place))
        after.insert(0, replace(last, start=place))
    return tuple(before), tuple(after)


@dataclass(frozen=True, slots=True)
class Escape:
    """Source characters that stand for others."""

    start: int
    end: int
    text: str
    """What they stand for; never longer than what is written."""


def can_stand_for(written: str, text: str) -> bool:
    """Tell whether what is written can stand for a text: tags and quotation marks of a format part words and names."""
    if written in _BETWEEN_CELLS or (written.startswith("<") and written.endswith(">")):
        return text.strip() in ("", ":")
    if text == ", ":
        return written.strip() == "|"
    if written in _ASS_SPACES:
        return text.isspace()
    if written in _DOUBLED:
        return text == written[1:]
    if written.startswith("\\"):
        return _unescaped(written) == text or (text.isspace() and _unescaped(written).isspace())
    shown = html.unescape(written)
    return text in (shown, html.unescape(shown))


def html_spans(source: str, start: int, end: int) -> Iterator[TextSpan]:
    """Divide the text between two tags at its entities."""
    reached = start
    for match in _ENTITY.finditer(source, start, end):
        shown = html.unescape(html.unescape(match[0]) if match["again"] else match[0])
        if shown == match[0]:
            continue
        if match.start() > reached:
            yield TextSpan(reached, match.start())
        yield TextSpan(match.start(), match.end(), shown)
        reached = match.end()
    if end > reached:
        yield TextSpan(reached, end)


def json_spans(source: str, start: int, end: int) -> Iterator[TextSpan]:
    """Divide the inside of a JSON string at its escapes, and at the entities that a recogniser took from a page.

    Raises:
        SourceError: An escape is half a character.
    """
    reached = start
    while (found := source.find("\\", reached, end)) >= 0:
        match = _BACKSLASHED.match(source, found, end)
        assert match is not None, "the JSON has been checked"
        if found > reached:
            yield from html_spans(source, reached, found)
        yield from _backslashed(source, match)
        reached = match.end()
    if end > reached:
        yield from html_spans(source, reached, end)


def _backslashed(source: str, match: re.Match[str]) -> Iterator[TextSpan]:
    """Return one span for each character of a run of escapes; a pair of surrogates is one."""
    at = match.start()
    for character in _unescaped(match[0]):
        if _SURROGATE.match(character):
            line = source.count("\n", 0, at) + 1
            raise SourceError(f"{source[at : at + 6]} is only half of a character; correct or remove it", line=line)
        width = len(match[0]) if source[at + 1] != "u" else 12 if character > "\uffff" else 6
        yield TextSpan(at, at + width, character)
        at += width


def _unescaped(written: str) -> str:
    value = json.loads(f'"{written}"')
    assert isinstance(value, str)
    return value


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A source as paragraphs, whatever its format."""

    paragraphs: tuple[Paragraph, ...]
    speakers: tuple[Label | None, ...]
    """For each paragraph the speaker that the format names; labels in the words are not looked for there."""
    reason: str = ""
    """How the format names speakers: ``speaker of the cue``."""
    dropped: tuple[tuple[Paragraph, str], ...] = ()
    """What the format marks as not part of the interview, and why."""
    cuts: tuple[NonTextSpan, ...] = ()
    """What is not words but the format's own: tags, times, braces."""
    escapes: tuple[Escape, ...] = ()
    is_recorded: bool = False
    """Whether it is the record of a voice, which says no titles and no headings but those that are marked."""


def build_document(
    source: str,
    formatted: Sequence[FormattedParagraph],
    cuts: Sequence[NonTextSpan],
    reason: str = "",
    *,
    is_recorded: bool = False,
) -> SourceDocument:
    """Lay out what a format sets as the paragraphs of a document.

    Args:
        source: The decoded source.
        formatted: Its paragraphs, in order of the source.
        cuts: All that is not words.
        reason: How the format names speakers.
        is_recorded: Whether the paragraphs are the record of a voice.
    """
    left_out = frozenset(_left_out(source, formatted, cuts))
    cuts = [cut for cut in cuts if cut not in left_out]
    kept = tuple(item for item in formatted if not item.dropped)
    beside = (FormattedParagraph((TextSpan(cut.start, cut.end),), dropped=LEFT_OUT) for cut in left_out)
    dropped = sorted((*(item for item in formatted if item.dropped), *beside), key=_first_place)
    laid = tuple(_lay_out(source, kept))
    escapes = tuple(
        Escape(span.start, span.end, span.shown)
        for item in formatted
        for span in item.spans
        if span.shown is not None and span.start != _NOWHERE
    )
    return SourceDocument(
        paragraphs=tuple(paragraph for paragraph, _ in laid),
        speakers=tuple(
            _given_label(item.speaker) if item.speaker and is_seen(item.speaker) and paragraph.text else None
            for paragraph, item in laid
        ),
        reason=reason,
        dropped=tuple((paragraph, item.dropped) for paragraph, item in _lay_out(source, dropped)),
        cuts=tuple(_beside(cuts, escapes)),
        escapes=escapes,
        is_recorded=is_recorded,
    )


def _left_out(
    source: str, formatted: Sequence[FormattedParagraph], cuts: Sequence[NonTextSpan]
) -> Iterator[NonTextSpan]:
    """Yield the cuts that leave words out between two paragraphs: they are turns that nobody reads, not marks."""
    words = [cut for cut in cuts if cut.reason == "boilerplate" and is_worded(source[cut.start : cut.end])]
    ranges = [
        (min(places), max(places))
        for item in formatted
        if (places := [place for span in item.spans if span.start != _NOWHERE for place in (span.start, span.end)])
    ]
    shown = (text_of(item.spans, source) for item in formatted if not item.dropped)
    read = frozenset(_runs("\n".join(shown))) if words else frozenset()
    begins = [begin for begin, _ in sorted(ranges)]
    ends = [end for _, end in sorted(ranges)]
    for cut in words:
        above = bisect_right(begins, cut.start) - 1
        is_between = above < 0 or ends[above] <= cut.start
        if is_between and not _repeats(source[cut.start : cut.end], read):
            yield cut


def is_worded(text: str) -> bool:
    """Tell whether a text says something: an identifier in a table does not."""
    return count_words(text) >= _MIN_LEFT_OUT_WORDS or ends_sentence(text)


def holds_sentence(text: str) -> bool:
    """Tell whether a text beside the words is a sentence that somebody may miss: no name, time, address or version."""
    is_parted = len(text.split()) >= _MIN_SENTENCE_WORDS or any(map(is_wide, text))
    return is_full_sentence(text) and is_parted and count_words(text) >= _MIN_SENTENCE_WORDS


def sentences_beside(
    source: str, beside: Iterable[FormattedParagraph], read: Iterable[TextSpan]
) -> Iterator[FormattedParagraph]:
    """Yield those of the texts beside the words that are sentences, and nowhere in what is read."""
    worded = [item for item in beside if holds_sentence(text_of(item.spans, source))]
    runs = frozenset(_runs(text_of(read, source))) if worded else frozenset()
    yield from (item for item in worded if not _repeats(text_of(item.spans, source), runs))


def _repeats(text: str, read: Collection[tuple[str, ...]]) -> bool:
    """Tell whether a text says what is read: most runs of its words are in that."""
    runs = _runs(text)
    return bool(runs) and sum(run in read for run in runs) >= _MIN_REPEATED_SHARE * len(runs)


def _runs(text: str) -> list[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return [tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]


def _first_place(item: FormattedParagraph) -> int:
    return next((span.start for span in item.spans if span.start != _NOWHERE), _NOWHERE)


def cuts_beside(
    source: str, formatted: Iterable[FormattedParagraph], names: Iterable[NonTextSpan]
) -> Iterator[NonTextSpan]:
    """Return all that is neither in a paragraph nor a name: what the format writes for itself."""
    words = [(span.start, span.end) for item in formatted for span in item.spans if span.start != _NOWHERE]
    reached = 0
    for start, end in sorted([*words, *((name.start, name.end) for name in names), (len(source), len(source))]):
        if start > reached:
            yield NonTextSpan(reached, start, "markup")
        reached = max(reached, end)


def _given_label(name: str) -> Label:
    """Return the label of a speaker whom a format names: nothing of it is in the words."""
    name = printable(name)
    return make_label(name, 0) or Label(name, name_key(name), 0)


def _beside(cuts: Iterable[NonTextSpan], escapes: Iterable[Escape]) -> Iterator[NonTextSpan]:
    """Return the cuts without escapes: a tag that breaks a line is not only a tag."""
    waiting = deque(sorted((escape.start, escape.end) for escape in escapes))
    for cut in sorted(cuts, key=lambda cut: cut.start):
        begin = cut.start
        while waiting and waiting[0][1] <= begin:
            waiting.popleft()
        while waiting and waiting[0][0] < cut.end and cut.reason == "markup":
            start, end = waiting.popleft()
            if start > begin:
                yield NonTextSpan(begin, start, cut.reason)
            begin = end
        if begin < cut.end:
            yield NonTextSpan(begin, cut.end, cut.reason)


def _lay_out(source: str, formatted: Sequence[FormattedParagraph]) -> Iterator[tuple[Paragraph, FormattedParagraph]]:
    """Print the paragraphs of a format below each other, split that as plain text, and look up all places."""
    places = array("q")
    begins = []
    for item in formatted:
        begins.append(len(places))
        places.extend(places_of((*item.spans, added_mark(_PARAGRAPH_BREAK))))
    printed = "".join(
        _printed(source, span, item) for item in formatted for span in (*item.spans, added_mark(_PARAGRAPH_BREAK))
    )
    line, counted = 1, 0
    for paragraph in split_paragraphs(printed):
        where = paragraph.offsets[0] if paragraph.offsets else min(cut.start for cut in paragraph.cuts)
        end = where + len(paragraph.printed)
        begin = next((place for place in places[where:end] if place != _NOWHERE), counted)
        # A block may begin above the one before, which stands apart in it; one of the two counts is 0.
        line += source.count("\n", counted, begin) - source.count("\n", begin, counted)
        counted = begin
        item = formatted[bisect_right(begins, where) - 1]
        yield _at_its_place(paragraph, places, line, item), item


def _printed(source: str, span: TextSpan, item: FormattedParagraph) -> str:
    if span.shown is not None:
        return span.shown
    written = source[span.start : span.end]
    return written if item.keeps_lines else _LINE_ENDS.sub(SOFT_BREAK, written)


def _at_its_place(paragraph: Paragraph, places: Sequence[int], line: int, item: FormattedParagraph) -> Paragraph:
    """Return the paragraph with offsets in the source; a mark that the source does not write is not in its words."""
    text, offsets, marks = paragraph.text, tuple([places[at] for at in paragraph.offsets]), paragraph.marks
    if _NOWHERE in offsets:
        kept = _stripped([at for at, place in enumerate(offsets) if place != _NOWHERE], text)
        text, offsets = "".join(text[at] for at in kept), tuple(offsets[at] for at in kept)
        marks = place_marks(marks, lambda at: bisect_left(kept, at), text)
    return replace(
        paragraph,
        line=line,
        text=text,
        offsets=offsets,
        marks=marks,
        cuts=tuple(span for cut in paragraph.cuts for span in _cuts_at_their_places(cut, places)),
        is_below_image=item.is_below_image,
    )


def _stripped(kept: list[int], text: str) -> list[int]:
    printed = "".join(text[at] for at in kept)
    begin = len(printed) - len(printed.lstrip())
    return kept[begin : len(printed.rstrip())]


def _cuts_at_their_places(cut: NonTextSpan, places: Sequence[int]) -> Iterator[NonTextSpan]:
    """Return the parts of a cut that are together in the source."""
    here = places[cut.start : cut.end]
    if here and here[0] != _NOWHERE and here == array("q", range(here[0], here[0] + len(here))):
        yield NonTextSpan(here[0], here[-1] + 1, cut.reason)
        return
    begin = previous = _NOWHERE
    for place in (*here, _NOWHERE):
        if place != previous + 1 or begin == _NOWHERE:
            if begin != _NOWHERE:
                yield NonTextSpan(begin, previous + 1, cut.reason)
            begin = place
        previous = place
