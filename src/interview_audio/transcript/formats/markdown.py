"""Reads Markdown, and what else is written between the words of a text, to what the page shows.

tree-sitter's grammars say where code, tables, links, images, tags and entities are; the layout then goes on as with
plain text. Much that is pasted is plain text: where nothing is set in another way than it is shown, nothing happens.
Emphasis and the signs at the beginning of a line stay for the layout, which reads labels by them.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter, itemgetter
from typing import TypeVar

import tree_sitter_markdown
from tree_sitter import Language, Node, Parser, Query, QueryCursor

from interview_audio.text.characters import is_wide, name_key
from interview_audio.transcript.formats.source_document import (
    FormattedParagraph,
    SourceDocument,
    TextSpan,
    added_mark,
    build_document,
    html_spans,
)
from interview_audio.transcript.formats.template_marks import (
    ADMONITIONS,
    TAG_INSIDE,
    TITLED,
    Edit,
    UnreadSpan,
    around_title,
    find_template_marks,
    note_edit,
    spoken_arguments,
    tag_name,
    unspoken_arguments,
)
from interview_audio.transcript.layout.front_matter import has_known_keys
from interview_audio.transcript.layout.paragraphs import NO_SPACE_BEFORE, Paragraph
from interview_audio.transcript.layout.speech_marks import find_speech_tags
from interview_audio.transcript.lexicon.label_grammar import part_of, read_label
from interview_audio.transcript.lexicon.markup import NonTextSpan, is_stage_mark
from interview_audio.transcript.lexicon.typography import ends_sentence
from interview_audio.transcript.lexicon.vocabulary import words_of
from interview_audio.transcript.turns import ABOVE_LINE, CODE, COMMENT, FOOTNOTES, HIDDEN, TABLE

_BLOCKS = Language(tree_sitter_markdown.language())
_INLINE = Language(tree_sitter_markdown.inline_language())
_BLOCK_QUERY = Query(_BLOCKS, "(fenced_code_block) @fence (pipe_table) @table (setext_heading) @heading")
_BLOCK_SIGN = re.compile(
    r"^[ \t>]{0,20}(?:[-*+] |\d{1,3}\. )?(?:```|~~~)|^(?=[^\n]{0,40}(?:--|\|))[ \t>|:-]{1,300}$|^=+[ \t]*$",
    re.MULTILINE,
)
"""What a document without any code, table or underlined heading has none of."""
_SIGN = re.compile(r"\]\(|\]\[|!\[|`|<[A-Za-z/!?]|<\w+@|&[#A-Za-z]")
_NESTED_EMPHASIS = re.compile(r"\*\*\*|\*\*[^*\n]{1,200}\*[^*\n]|(?<!\*)\*[^*\n]{1,200}\*\*[^*\n]")
_DENSE_SIGN = re.compile(r"[*_~\[\]()<>`!&]")
_MAX_SIGN_SHARE = 0.34
"""Share of signs in a stretch of text that is no prose; the grammar would take quadratic time for some of those."""
_BARE_WORDS = re.compile(r"<[A-Za-z][\w-]*(?:\s+[\w'’-]+){2,}\s*>")
"""Words between angle brackets, which the grammar takes for a tag with attributes: ``<I was afraid>``."""
_MAX_BLOCKS = 3000
"""Blocks of one kind that are looked at: a document of more is no text."""
_MAX_STRETCH = 2000
"""Characters that the inline grammar is given at once."""
_MAX_STRETCHES = 20_000
"""Stretches of a document that are given to it, so that a hostile file of brackets ends in time."""
_FRONT_MATTER = re.compile(r"\s{0,20}(?:```[ \t]{0,4}\w{0,20}[ \t]*\n)?(-{3,}|\+{3,})[ \t]*\n")
_FENCE_AROUND = re.compile(r"\s{0,20}(```[ \t]{0,4}\w{0,20})[ \t]*\n(?=-{3,}|\+{3,})")
"""What a whole document stands between that was copied with its fences."""
_MAX_FRONT_MATTER = 30_000
_FILLER = str.maketrans(dict.fromkeys(map(chr, range(32, 127)), "x"))
"""Takes the place of what is cut already, so that ``[lamp]({{< ref "a b" >}})`` is a link to the grammar."""
_DEFINITION = re.compile(
    r"^[ \t>]{0,12}(?:\[[^\[\]^\n][^\[\]\n]{0,120}\]:[ \t]*<?(?:[\w.+-]{2,12}:|www\.|\.{0,2}/|#)[^\s>]*>?"
    r"(?:[ \t]+(?:\"[^\n]*\"|'[^\n]*'|\([^\n]*\)))?[ \t]*$"
    r"|\[\^[^\]\s]{1,40}\]:[^\n]*(?:\n(?: {2,}|\t)[^\n]+|\n\n(?: {4}|\t)[^\n]+)*)",
    re.MULTILINE,
)
_DEFINED = re.compile(r"\s*>?\s*\[([^\[\]]+)\]:")
_SPACES = re.compile(r"\s+")
_LINK_SIGN = re.compile(r"(?:\d{1,3}|[\^↩↩︎⤴#¶🔗⬆↑\s]+)\Z")
"""The text of a link to a note, back from it, or to the heading it stands in."""
_CLOCK = re.compile(r"\d{1,3}(?::\d{2}){1,2}(?:[.,]\d{1,3})?")
_TAG = re.compile(r"</?([A-Za-z][\w:.-]*)")
_TAG_WITH_WORDS = re.compile(
    # The grammar takes <details open> for text; the words that may stand in a tag without a value are these.
    r"(?<!`)<(?P<name>[A-Za-z][\w-]{0,30})(?=\s)(?:\s{1,4}(?:[\w:-]{1,40}\s?=\s?(?:\"[^\"<>]{0,400}\"|'[^'<>]{0,400}'|[^\s\"'<>=]{1,200})"
    r"|(?P<word>hidden|open|controls|autoplay|loop|muted|playsinline|checked|selected|disabled|readonly|multiple|async"
    r"|defer|nomodule|allowfullscreen|reversed|inert|required))){1,20}\s{0,4}/?>",
    re.IGNORECASE,
)
_IS_HIDDEN = re.compile(
    r"<[^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)*?\s(?:hidden(?=[\s/>=])|style\s?=\s?[\"'][^\"'<>]*display\s*:\s*none"
    r"|(?P<for_readers>aria-hidden\s?=\s?[\"']?true))",
    re.IGNORECASE,
)
_PERSON_TAG = re.compile(r"person\d{1,2}", re.IGNORECASE)
"""Around what somebody says, in scripts of podcastfy: ``<Person1>``."""
_ONLY_A_TAG = re.compile(r"`+\s*</?([A-Za-z][\w-]*)\s*/?>\s*`+")
_ATTRIBUTE = re.compile(r"\s[\w:@-]+\s*=")
_TALK_LANGUAGES = (
    "", "text", "txt", "plain", "plaintext", "markdown", "md", "transcript", "dialog", "dialogue", "quote",
)  # fmt: skip
_BOX = re.compile(r"\{(?P<name>[\w-]{1,40})\}[ \t]*(?P<title>[^\n]*)")
"""What stands behind the fence of a box in MyST: ``{note} Mind the step.``"""
_MIN_TALK_SHARE = 0.5
"""Share of the lines between two fences that are sentences, or have a label, above which they are talk."""
_MAX_HIDDEN_SHARE = 0.4
"""Share of a document's characters in an element that is hidden, above which they are its text, shown by a click."""
_MAX_CODE_SHARE = 0.5
"""Share of a document's characters between two fences that name no language, above which they are its text."""
_MIN_TABLE_SHARE = 0.4
"""Share of a document's characters in tables, above which they are its text."""
_MIN_SHARE_OF_TABLE_ALONE = 0.9
"""The same above which there is nothing else to read, so that even data is."""
_BARE_PIPES = re.compile(r"^[ \t>]*\|[ \t]?|[ \t]*\|[ \t]*$", re.MULTILINE)
_INNER_PIPE = re.compile(r"(?<=[^\s|])[ \t]*\|[ \t]*(?=[^\s|])")
_DELIMITER_ROW = re.compile(r"^[ \t>]*\|?[ \t]*:?-[-|: \t]*$", re.MULTILINE)
_MAX_SETEXT_COLUMNS = 80
_MAX_GAP = 20
_MAX_BLANK_LINES = 2
"""Between an image and what may be its caption."""
_MAX_EDITS_BESIDE_IMAGE = 20
_BELOW_IMAGE = "below an image"
_BLANK = re.compile(r"\s*")
_MAX_CAPTION_LENGTH = 600
"""Characters of a caption; an element that holds more was closed in the wrong place."""

_KNOWN = words_of("html_elements")
_BREAKS = (
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure",
    "footer", "form", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "tr", "ul",
)  # fmt: skip
"""Elements that begin and end a paragraph."""
_SHOWN_AS = {
    **{f"h{level}": (f"\n\n{'#' * level} ", "\n\n") for level in range(1, 7)},
    "summary": ("\n\n### ", "\n\n"),
    "li": ("\n- ", "\n"),
    "b": ("**", "**"),
    "strong": ("**", "**"),
    **dict.fromkeys(_BREAKS, ("\n\n", "\n\n")),
}
"""What the layout is told of an element, where it begins and where it ends."""
_UNREAD_ELEMENTS = {
    **dict.fromkeys(("figcaption", "caption"), "image caption"),
    **dict.fromkeys(("script", "style", "template", "noscript", "svg", "math", "canvas"), CODE),
    **dict.fromkeys(("iframe", "audio", "video", "object", "picture", "map"), "embedded media"),
    **dict.fromkeys(("button", "select", "textarea", "form", "datalist"), "form"),
    "dialog": "dialog",
    **dict.fromkeys(("rt", "rp"), ABOVE_LINE),
    "ref": FOOTNOTES,
    "nav": "navigation",
    "table": TABLE,
}
_INSIDE_WORDS = frozenset(("rt", "rp", "ref"))
"""Elements within a sentence: what they hold is cut, and the sentence goes on."""
_WITHIN_LINES = _UNREAD_ELEMENTS.keys() - {"figcaption", "caption", "form", "dialog", "nav", "table"}
"""Elements that may stand in a line: the heading or the sentence goes on behind them."""
_CAPTION_ELEMENTS = frozenset(("center", "small"))
_RARELY_CLOSED = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "body", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rb", "rp", "rt", "tbody", "td",
    "tfoot", "th", "thead", "tr",
    "b", "big", "center", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
))  # fmt: skip
"""Elements that need no closing tag, and those that set words and of which many texts have only one tag."""
_CALLED_TAG = re.compile(r"\s{1,4}(?:tags?|elements?)\b", re.IGNORECASE)
"""What a sentence calls the tag before it."""
_LINE_AROUND = 400
"""Characters of a line that are looked at on either side of a tag."""
_BEGINS_SENTENCE = re.compile(r"(?:^[\s\d.>#*+-]*|[.!?:…。！？：][\"'”’)*_]*)[\s\"'“‘«(\[*_]*\Z")
"""What is before a tag with which a sentence begins, or the text that it sets."""
_HEADING_LINE = re.compile(r"^[ \t>]{0,12}#{1,6}[ \t][^\n]*", re.MULTILINE)
_GLUED = re.compile(r"[^\s>]")
"""What a tag keeps apart from the words behind it."""
_HEADING_NAME = re.compile(r"h[1-6]")
_NOTE_MARK = re.compile(r"\s*[\[(]?(?:\d{1,3}|[a-z*†‡])[\])]?\s*")


_Part = TypeVar("_Part", Edit, UnreadSpan)


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag of HTML or of a component."""

    start: int
    end: int
    name: str
    closes: bool
    is_component: bool
    """Whether it is written as only a tag is: with an attribute, or closed in itself."""


@dataclass(slots=True)
class _Reading:
    """What has been found in a source."""

    source: str
    begin: int
    """Offset behind its front matter."""
    edits: list[Edit] = field(default_factory=list)
    unread: list[UnreadSpan] = field(default_factory=list)
    images: list[tuple[int, int]] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)
    tags: list[_Tag] = field(default_factory=list)
    defined: frozenset[str] = frozenset()
    speech_tags: frozenset[int] = frozenset()
    """Where the tags begin that say how words are said, which the layout reads."""
    underlined: list[tuple[int, int, str]] = field(default_factory=list)
    """Where headings are that a line below them marks, and the mark of their level."""


@dataclass(frozen=True, slots=True)
class Markup:
    """What of a source is not shown as it is written."""

    source: str
    edits: tuple[Edit, ...]
    blocks: tuple[UnreadSpan, ...]
    """Stretches that are laid out by themselves."""
    links: tuple[tuple[int, int], ...]
    """Where the words of links are."""
    edits_of_notes: tuple[Edit, ...] = ()
    """Those within what other edits keep apart."""

    @property
    def cuts(self) -> tuple[NonTextSpan, ...]:
        """What is no words."""
        return tuple(
            NonTextSpan(first, last, "markup")
            for edit in (*self.edits, *self.edits_of_notes)
            for first, last in _cut_by(edit)
        )

    def stretches(self, start: int, end: int) -> Iterator[FormattedParagraph]:
        """Yield the text between the blocks of a range, and the blocks, those that are not read marked as dropped."""
        reached = start
        inside = (block for block in self.blocks if start <= block.start and block.end <= end)
        for block in (*inside, UnreadSpan(end, end, "")):
            for first, last, reason in ((reached, block.start, ""), (block.start, block.end, block.reason)):
                if last > first:
                    spans = tuple(self.spans(first, last))
                    is_below = reason == _BELOW_IMAGE
                    dropped = "" if is_below else reason
                    yield FormattedParagraph(spans, dropped=dropped, keeps_lines=True, is_below_image=is_below)
            reached = block.end
        yield from self.notes(start, end)

    def notes(self, start: int, end: int) -> Iterator[FormattedParagraph]:
        """Yield what is kept apart in a range: notes within sentences, which nobody says there."""
        for edit in self._overlapping(self.edits, start, end):
            for note in edit.unread:
                inside = self._overlapping(self.edits_of_notes, note.start, note.end)
                spans = tuple(_spans(self.source, inside, note.start, note.end))
                # A note goes on over the end of a line, as its sentence does; a comment may hold lines of talk.
                yield FormattedParagraph(spans, dropped=note.reason, keeps_lines=note.reason == COMMENT)

    @staticmethod
    def _overlapping(edits: Sequence[Edit], start: int, end: int) -> Sequence[Edit]:
        first = bisect_right(edits, start, key=attrgetter("end"))
        return edits[first : bisect_left(edits, end, key=attrgetter("start"))]

    def spans(self, start: int, end: int) -> Iterator[TextSpan]:
        """Yield what is shown of a range."""
        yield from _spans(self.source, self._overlapping(self.edits, start, end), start, end)

    def applied(self, spans: Iterable[TextSpan]) -> Iterator[TextSpan]:
        """Yield what is shown of spans that another format has found; its escapes are shown as it says."""
        for span in spans:
            yield from (span,) if span.shown is not None else self.spans(span.start, span.end)


def read_markdown(source: str) -> SourceDocument | None:
    """Read a text to what its page shows; None where that is what is written."""
    markup = find_markup(source)
    if not markup.edits and not markup.blocks:
        return None
    document = build_document(source, tuple(markup.stretches(0, len(source))), markup.cuts)
    paragraphs = tuple(
        replace(paragraph, is_link=True) if _is_link(paragraph, markup.links) else paragraph
        for paragraph in document.paragraphs
    )
    return replace(document, paragraphs=paragraphs)


def _is_link(paragraph: Paragraph, links: Sequence[tuple[int, int]]) -> bool:
    """Tell whether all words of a paragraph are one link."""
    words = [offset for character, offset in zip(paragraph.text, paragraph.offsets, strict=True) if character.isalnum()]
    last = bisect_left(links, (words[0] + 1, 0)) - 1 if words else -1
    return last >= 0 and links[last][0] <= words[0] and words[-1] < links[last][1]


def find_markup(source: str) -> Markup:
    """Find what a text's page shows in another way than it is written."""
    reading = _Reading(source, _after_front_matter(source), speech_tags=find_speech_tags(source))
    reading.edits, reading.unread = find_template_marks(source, reading.begin)
    if fence := _FENCE_AROUND.match(source):
        reading.edits.append(Edit(*fence.span(1)))
    _take_definitions(reading)
    if _BLOCK_SIGN.search(source, reading.begin):
        _take_blocks(reading)
    _take_inline_parts(reading)
    _take_elements(reading)
    edits = tuple(_with_levels(tuple(_apart(reading.edits)), reading.underlined))
    unread = tuple(_apart(reading.unread))
    blocks = tuple(_apart((*unread, *_below_images(reading, edits))))
    return Markup(source, edits, blocks, tuple(sorted(reading.links)), tuple(_within_notes(reading.edits, edits)))


def _after_front_matter(source: str) -> int:
    opening = _FRONT_MATTER.match(source)
    if opening is None:
        return 0
    closing = source.find(f"\n{opening[1]}", opening.end() - 1, _MAX_FRONT_MATTER)
    end = closing + 1 + len(opening[1]) if closing >= 0 else 0
    # A rule at the top and another one further down need not be the fences of a block of keys.
    return end if has_known_keys(source[opening.end() : end]) else 0


def _apart(parts: Iterable[_Part]) -> Iterator[_Part]:
    """Yield parts in order, without those that overlap one before or around them."""
    reached = 0
    for part in sorted(parts, key=lambda part: (part.start, -part.end)):
        if part.start >= reached and part.end > part.start:
            yield part
            reached = part.end


def _within_notes(found: Iterable[Edit], edits: Iterable[Edit]) -> Iterator[Edit]:
    """Yield the edits within what others keep apart; what they would keep apart themselves is a note in a note."""
    notes = [note for edit in edits for note in edit.unread]
    ordered = sorted(found, key=attrgetter("start")) if notes else []
    for note in notes:
        first = bisect_left(ordered, note.start, key=attrgetter("start"))
        last = bisect_left(ordered, note.end, key=attrgetter("start"))
        yield from _apart(replace(edit, unread=()) for edit in ordered[first:last] if edit.end <= note.end)


def _cut_by(edit: Edit) -> Iterator[tuple[int, int]]:
    """Yield the ranges that an edit takes out."""
    kept = sorted([(span.start, span.end) for span in edit.shown] + [(part.start, part.end) for part in edit.unread])
    reached = edit.start
    for start, end in kept:
        if start >= 0:
            if start > reached:
                yield reached, start
            reached = end
    if edit.end > reached:
        yield reached, edit.end


def _take_definitions(reading: _Reading) -> None:
    """Take the definitions of links and of footnotes out of the text."""
    defined = set()
    for match in _DEFINITION.finditer(reading.source, reading.begin):
        name = _DEFINED.match(match[0])
        is_note = name is not None and name[1].startswith("^")
        reading.unread.append(UnreadSpan(*match.span(), FOOTNOTES if is_note else "link definition"))
        if name and is_note:
            reading.edits.append(Edit(match.start(), match.start() + name.end()))
        if name:
            defined.add(_folded(name[1]))
    reading.defined = frozenset(defined)


def _folded(name: str) -> str:
    return _SPACES.sub(" ", name.strip()).casefold()


def _take_blocks(reading: _Reading) -> None:
    """Take code, tables and underlined headings."""
    data = reading.source[reading.begin :].encode("utf-8", "replace")
    found = QueryCursor(_BLOCK_QUERY).captures(Parser(_BLOCKS).parse(data).root_node)
    nodes = [(kind, node) for kind, matched in found.items() for node in matched[:_MAX_BLOCKS]]
    wanted = {place for _, node in nodes for place in (node.start_byte, node.end_byte)}
    wanted |= {place for kind, node in nodes if kind == "fence" for place in _bytes_of(node)}
    places = _places(data, wanted, reading.begin)
    tables = []
    for kind, node in nodes:
        if kind == "fence":
            _take_fence(reading, node, places)
        elif kind == "table":
            tables.append((places[node.start_byte], places[node.end_byte]))
        else:
            _take_underlined(reading, node, places)
    _take_tables(reading, tables)


def _take_tables(reading: _Reading, tables: Sequence[tuple[int, int]]) -> None:
    """Take the strokes of tables; what they hold is read only where it is most of the text, and not data."""
    width = sum(end - start for start, end in tables)
    share = width / max(1, len(reading.source) - reading.begin)
    is_text = share >= _MIN_TABLE_SHARE and (
        share >= _MIN_SHARE_OF_TABLE_ALONE or _holds_sentences([reading.source[start:end] for start, end in tables])
    )
    for start, end in tables:
        strokes = [
            Edit(*match.span())
            for pattern in (_DELIMITER_ROW, _BARE_PIPES)
            for match in pattern.finditer(reading.source, start, end)
        ]
        reading.edits += strokes
        if not is_text:
            reading.unread.append(UnreadSpan(start, end, TABLE))
            inner = (match.span() for match in _INNER_PIPE.finditer(reading.source, start, end))
            reading.edits += [Edit(*span, (TextSpan(*span, ", "),)) for span in inner if span[1] - span[0] > 1]


def _holds_sentences(tables: Iterable[str]) -> bool:
    """Tell whether rows of tables mostly have a cell that is a sentence: those of data have names and numbers."""
    rows = [row.strip(" |").split("|") for table in tables for row in table.split("\n")[2:] if row.strip()]
    said = sum(any(" " in cell.strip() and ends_sentence(cell) for cell in row) for row in rows)
    return 2 * said >= len(rows)


def _bytes_of(node: Node) -> Iterator[int]:
    yield from (node.start_byte, node.end_byte)
    for child in node.children:
        yield from (child.start_byte, child.end_byte)


def _places(data: bytes, wanted: Iterable[int], begin: int) -> dict[int, int]:
    """Return the offset in the source of each offset in its bytes that is wanted."""
    places: dict[int, int] = {}
    reached, place = 0, begin
    for at in sorted(set(wanted)):
        place += len(data[reached:at].decode("utf-8", "ignore"))
        places[at], reached = place, at
    return places


def _take_fence(reading: _Reading, node: Node, places: dict[int, int]) -> None:
    """Take a block between fences: code is not read; talk is, without its fences."""
    start, end = places[node.start_byte], places[node.end_byte]
    fences = [child for child in node.children if child.type == "fenced_code_block_delimiter"]
    named = next((child for child in node.children if child.type == "info_string"), None)
    info = reading.source[places[named.start_byte] : places[named.end_byte]] if named else ""
    language = _language(info)
    box = _BOX.match(info)
    is_box = box is not None and box["name"].casefold() in ADMONITIONS | TITLED
    content = next((child for child in node.children if child.type == "code_fence_content"), None)
    inside = reading.source[places[content.start_byte] : places[content.end_byte]] if content else ""
    # A fence that nothing closes would take the rest of the text with it.
    is_text = language in _TALK_LANGUAGES and (len(inside) >= _MAX_CODE_SHARE * len(reading.source) or _is_talk(inside))
    if len(fences) > 1 and not is_text and not is_box:
        reading.unread.append(UnreadSpan(start, end, CODE))
    shut = places[content.start_byte] if content else end
    if box and named and is_box:
        begin = places[named.start_byte]
        title = (begin + box.start("title"), begin + box.end("title"))
        reading.edits += around_title((start, shut), title, box["title"])
    else:
        reading.edits.append(Edit(start, shut, (added_mark("\n\n"),)))
    reading.edits += [Edit(places[fence.start_byte], places[fence.end_byte]) for fence in fences[1:]]


def _language(info: str) -> str:
    words = info.strip(" \t{.}").split()
    return words[0].casefold() if words else ""


def _is_talk(text: str) -> bool:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = sum(read_label(line) is not None or (ends_sentence(line) and line[-1] not in ";:") for line in lines)
    return bool(lines) and said >= _MIN_TALK_SHARE * len(lines)


def _take_underlined(reading: _Reading, node: Node, places: dict[int, int]) -> None:
    """Take a heading that is underlined; a whole paragraph above a rule is one all the same."""
    start, end = places[node.start_byte], places[node.end_byte]
    printed = reading.source[start:end].strip()
    words = printed.rpartition("\n")[0]
    if "\n" not in words and 0 < len(words) <= _MAX_SETEXT_COLUMNS and not ends_sentence(words):
        level = "# " if printed.endswith("=") else "## "
        reading.underlined.append((start, start + len(words), level))


def _with_levels(edits: Sequence[Edit], underlined: Iterable[tuple[int, int, str]]) -> list[Edit]:
    """Return edits with the marks of underlined headings in front of what those show first."""
    leveled = list(edits)
    for start, _, level in underlined:
        at = bisect_right(edits, start, key=attrgetter("end"))
        first = edits[at] if at < len(edits) and edits[at].start <= start else None
        if first is None:
            leveled.append(Edit(start, start + 1, (added_mark(level), TextSpan(start, start + 1))))
        elif first.start == start:
            leveled[at] = replace(first, shown=(added_mark(level), *first.shown))
    return sorted(leveled, key=attrgetter("start"))


def _take_inline_parts(reading: _Reading) -> None:
    masked = _masked(reading)
    parser = Parser(_INLINE)
    stretches = (span for span in _prose(masked, reading.begin) if _is_for_grammar(masked[span[0] : span[1]], reading))
    for number, (start, end) in enumerate(stretches):
        if number >= _MAX_STRETCHES:
            break
        _take_stretch(reading, parser, masked[start:end], start)


def _masked(reading: _Reading) -> str:
    """Return the source with what is cut already, and code, as letters: nothing in them is markup."""
    parts: list[str] = []
    reached = 0
    ranges = [
        cut
        for edit in reading.edits
        if not edit.shown
        for cut in (_cut_by(edit) if _is_note(edit) else ((edit.start, edit.end),))
    ]
    ranges += [(unread.start, unread.end) for unread in reading.unread if unread.reason in (CODE, "link definition")]
    for start, end in sorted(ranges):
        if end > reached:
            first = max(start, reached)
            parts += (reading.source[reached:first], reading.source[first:end].translate(_FILLER))
            reached = end
    return "".join((*parts, reading.source[reached:])) if parts else reading.source


def _is_note(edit: Edit) -> bool:
    """Tell whether an edit keeps text apart that may be marked up itself."""
    return any(part.reason == FOOTNOTES for part in edit.unread)


def _prose(source: str, begin: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches between blank lines, long ones divided."""
    start = at = begin
    while at < len(source):
        end = source.find("\n", at) + 1 or len(source)
        is_blank = not source[at:end].strip()
        if is_blank or end - start > _MAX_STRETCH:
            yield from _divided(source, start, at)
            start = end if is_blank else at
        at = end
    yield from _divided(source, start, len(source))


def _divided(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _MAX_STRETCH:
        space = source.rfind(" ", start + _MAX_STRETCH // 2, start + _MAX_STRETCH) + 1 or start + _MAX_STRETCH
        yield start, space
        start = space
    if end > start:
        yield start, end


def _is_for_grammar(stretch: str, reading: _Reading) -> bool:
    is_set = (
        _SIGN.search(stretch)
        or ("*" in stretch and _NESTED_EMPHASIS.search(stretch))
        or (reading.defined and "[" in stretch)
    )
    return bool(is_set) and len(_DENSE_SIGN.findall(stretch)) <= max(40, _MAX_SIGN_SHARE * len(stretch))


def _take_stretch(reading: _Reading, parser: Parser, stretch: str, begin: int) -> None:
    data = stretch.encode("utf-8", "replace")
    nodes = list(_marked_nodes(parser.parse(data).root_node))
    wanted = {place for node, _ in nodes for place in _bytes_of(node)}
    is_ascii = len(data) == len(stretch)
    places = {at: begin + at for at in wanted} if is_ascii else _places(data, wanted, begin)
    for node, is_nested in nodes:
        _take_node(reading, node, places, is_nested=is_nested)


def _marked_nodes(root: Node) -> Iterator[tuple[Node, bool]]:
    """Yield the nodes below one, and whether each is in emphasis; what an image describes is no part of the text."""
    waiting = [(child, False) for child in reversed(root.named_children)]
    while waiting:
        node, is_nested = waiting.pop()
        yield node, is_nested
        if node.type not in ("image", "code_span", "latex_block", "html_tag"):
            inside = is_nested or node.type in ("emphasis", "strong_emphasis")
            waiting += [(child, inside) for child in reversed(node.named_children)]


def _take_node(reading: _Reading, node: Node, places: dict[int, int], *, is_nested: bool) -> None:
    start, end = places[node.start_byte], places[node.end_byte]
    written = reading.source[start:end]
    match node.type:
        case "inline_link" | "full_reference_link" | "collapsed_reference_link" | "shortcut_link":
            _take_link(reading, node, places)
        case "image":
            if _is_image(reading, written, start):
                reading.edits.append(Edit(start, end))
                reading.images.append((start, end))
        case "uri_autolink" | "email_autolink":
            reading.edits += [Edit(start, start + 1), Edit(end - 1, end)]
        case "entity_reference" | "numeric_character_reference":
            reading.edits += [Edit(start, end, tuple(html_spans(reading.source, start, end)))]
        case "code_span":
            _take_code_span(reading, start, written)
        case "emphasis_delimiter":
            if is_nested and _is_inner(node):
                reading.edits.append(Edit(start, end))
        case "html_tag":
            _take_tag(reading, start, written)


def _take_code_span(reading: _Reading, start: int, written: str) -> None:
    ticks, end = len(written) - len(written.lstrip("`")), start + len(written)
    reading.edits += [Edit(start, start + ticks), Edit(end - ticks, end)]
    if tag := _ONLY_A_TAG.fullmatch(written):
        reading.edits += [Edit(start + ticks, start + tag.start(1)), Edit(start + tag.end(1), end - ticks)]


def _is_inner(delimiter: Node) -> bool:
    """Tell whether the emphasis of a delimiter is within another one."""
    emphasis = delimiter.parent
    around = emphasis.parent if emphasis else None
    while around is not None:
        if around.type in ("emphasis", "strong_emphasis"):
            return True
        around = around.parent
    return False


def _take_link(reading: _Reading, node: Node, places: dict[int, int]) -> None:
    start, end = places[node.start_byte], places[node.end_byte]
    text = next((child for child in node.named_children if child.type == "link_text"), None)
    if text is None:
        if node.type == "inline_link":
            reading.edits.append(Edit(start, end))
        return
    first, last = places[text.start_byte], places[text.end_byte]
    words = reading.source[first:last]
    if node.type != "inline_link" and not _is_reference(reading, node.type, words, reading.source[last + 1 : end]):
        return
    if node.type == "inline_link" and _LINK_SIGN.match(words) and "(#" in reading.source[last : last + 3]:
        reading.edits.append(Edit(start, end))
        return
    # [00:12](...) is a time to the layout, which knows it by its brackets.
    is_time = _CLOCK.fullmatch(words) is not None
    reading.links.append((first, last))
    reading.edits += [Edit(last + 1, end)] if is_time else [Edit(start, first), Edit(last, end)]


def _is_reference(reading: _Reading, kind: str, words: str, target: str) -> bool:
    """Tell whether brackets are a link to an address that is given elsewhere, and not a remark or two."""
    if words.startswith("^"):
        return False
    if kind == "full_reference_link":
        name = target.strip("[]")
        is_remark = is_stage_mark(words) or is_stage_mark(name)
        return _folded(name) in reading.defined or name.isdigit() or not (is_remark or name.startswith("^"))
    return _folded(words) in reading.defined or (kind == "collapsed_reference_link" and not is_stage_mark(words))


def _is_image(reading: _Reading, written: str, start: int) -> bool:
    """Tell whether brackets behind an exclamation mark are an image, and not a remark behind what was called out."""
    if written.endswith((")", "[]")):
        return True
    described, _, name = written[2:-1].partition("][")
    if _folded(name or described) in reading.defined:
        return True
    is_called_out = start > 0 and reading.source[start - 1].isalnum()
    return bool(name) and not is_called_out and not is_stage_mark(described)


def _take_tag(reading: _Reading, start: int, written: str) -> None:
    if start in reading.speech_tags:
        return
    match = _TAG.match(written)
    end = start + len(written)
    if match is None:
        reading.edits.append(Edit(start, end))
        return
    if _BARE_WORDS.match(written):
        return
    name = match[1]
    closes, is_empty = written.startswith("</"), written.endswith("/>")
    name = name.casefold() if name.casefold() in _KNOWN else name
    is_component = is_empty or "-" in name or _ATTRIBUTE.search(written) is not None
    reading.tags.append(_Tag(start, end, name, closes, is_component))


def _take_elements(reading: _Reading) -> None:
    """Take the tags: what they say to the layout, and what they hold that is not read."""
    _take_tags_with_words(reading)
    waiting: dict[str, list[_Tag]] = defaultdict(list)
    pairs: dict[int, _Tag] = {}
    closed = {tag.name for tag in reading.tags if tag.closes}
    # <Ida> may be who speaks in a chat: what no standard knows is a tag only where it is written or closed as one.
    tags = [tag for tag in reading.tags if tag.name in _KNOWN or tag.is_component or tag.name in closed]
    for tag in tags:
        if not tag.closes:
            waiting[tag.name].append(tag)
        elif waiting[tag.name]:
            pairs[waiting[tag.name].pop().start] = tag
    reading.images += [(tag.start, tag.end) for tag in reading.tags if tag.name == "img"]
    reading.images.sort()
    headings = tuple(_headings(reading, tags, pairs))
    for tag in tags:
        if tag.start not in pairs and _is_mention(reading.source, tag):
            # With a backslash the layout takes it for words, too.
            reading.edits.append(Edit(tag.start, tag.start + 1, (added_mark("\\"), TextSpan(tag.start, tag.start + 1))))
            continue
        shows = _shown_in_heading if _is_within(tag, headings) else _shown_by
        shown = tuple(shows(reading.source, tag))
        is_silent = tag.closes or tag.name in _KNOWN
        unread = () if is_silent else unspoken_arguments(reading.source, tag.start, tag.end, shown)
        reading.edits.append(Edit(tag.start, tag.end, shown, unread))
        if closing := pairs.get(tag.start):
            _take_element(reading, tag, closing)


def _headings(reading: _Reading, tags: Sequence[_Tag], pairs: dict[int, _Tag]) -> Iterator[tuple[int, int]]:
    """Yield where the words of headings are, in order."""
    found = [match.span() for match in _HEADING_LINE.finditer(reading.source, reading.begin)] if tags else []
    found += [(start, end) for start, end, _ in reading.underlined]
    for tag in tags:
        closing = pairs.get(tag.start) if _HEADING_NAME.fullmatch(tag.name) else None
        if closing and "\n\n" not in reading.source[tag.end : closing.start]:
            found.append((tag.end, closing.start))
    reached = reading.begin
    for start, end in sorted(found):
        if start >= reached:
            yield start, end
            reached = end


def _is_within(tag: _Tag, ranges: Sequence[tuple[int, int]]) -> bool:
    above = bisect_right(ranges, tag.start, key=itemgetter(0)) - 1
    return above >= 0 and tag.end <= ranges[above][1]


def _shown_in_heading(source: str, tag: _Tag) -> Iterator[TextSpan]:
    """Yield what a tag shows in a heading, which no element within it ends."""
    if tag.name in ("b", "strong"):
        yield added_mark(_SHOWN_AS[tag.name][tag.closes])
    elif (tag.name == "br" or tag.name in _SHOWN_AS) and _GLUED.match(source[tag.start - 1 : tag.start]):
        yield TextSpan(tag.start, tag.end, " ")


def _is_mention(source: str, tag: _Tag) -> bool:
    """Tell whether a tag that nothing closes is a word of its sentence, as in ``we draw on a <canvas> there``."""
    if tag.closes or tag.is_component or tag.name not in _KNOWN:
        return False
    before, after = _line_around(source, tag.start, tag.end)
    if before.endswith(">") or after.startswith("<") or _is_of_word(before[-1:]) or _is_of_word(after[:1]):
        return False
    if tag.name in _RARELY_CLOSED:
        return _CALLED_TAG.match(after) is not None
    if _BEGINS_SENTENCE.search(TAG_INSIDE.sub("", before)):
        return after.lstrip()[:1].islower() or bool(after[:1].strip())
    return True


def _is_of_word(character: str) -> bool:
    """Tell whether a character makes one word with what it touches, as none of Chinese does."""
    return character.isalnum() and not is_wide(character)


def _line_around(source: str, start: int, end: int) -> tuple[str, str]:
    """Return what is before and behind a range on its lines, or as much of it as is looked at."""
    first = max(source.rfind("\n", max(0, start - _LINE_AROUND), start) + 1, start - _LINE_AROUND, 0)
    behind = source[end : end + _LINE_AROUND]
    return source[first:start], behind.partition("\n")[0]


def _take_tags_with_words(reading: _Reading) -> None:
    """Take the tags of known elements that the grammar has not found, with an attribute that has no value."""
    found = {tag.start for tag in reading.tags}
    code = tuple(_apart(part for part in reading.unread if part.reason == CODE))
    for match in _TAG_WITH_WORDS.finditer(reading.source, reading.begin):
        above = bisect_right(code, match.start(), key=attrgetter("start")) - 1
        is_code = above >= 0 and match.start() < code[above].end
        if match["word"] and match["name"].casefold() in _KNOWN and match.start() not in found and not is_code:
            _take_tag(reading, match.start(), match[0])
    reading.tags.sort(key=attrgetter("start"))


def _shown_by(source: str, tag: _Tag) -> Iterator[TextSpan]:
    if tag.name == "br":
        yield TextSpan(tag.start, tag.end, "\n")
    elif tag.name in _SHOWN_AS:
        yield added_mark(_SHOWN_AS[tag.name][tag.closes])
    elif _PERSON_TAG.fullmatch(tag.name):
        yield added_mark("\n\n")
        if not tag.closes:
            yield from (TextSpan(tag.start + 1, tag.start + 1 + len(tag.name)), TextSpan(tag.end - 1, tag.end, ":"))
    elif not tag.closes and not tag.is_component and part_of(name_key(tag.name)) and tag.name not in _KNOWN:
        yield from (TextSpan(tag.start + 1, tag.start + 1 + len(tag.name)), TextSpan(tag.end - 1, tag.end, ":"))
    elif tag.name not in _KNOWN and not tag.closes:
        yield from spoken_arguments(source, tag.start, tag.end, tag_name(source[tag.start + 1 : tag.end]))


def _take_element(reading: _Reading, opening: _Tag, closing: _Tag) -> None:
    start, end = opening.start, closing.end
    inside = reading.source[opening.end : closing.start]
    name = opening.name
    if name in _INSIDE_WORDS or (name == "sup" and _NOTE_MARK.fullmatch(inside)):
        reason = _UNREAD_ELEMENTS.get(name, FOOTNOTES)
        is_said = reason != ABOVE_LINE or ends_sentence(inside)
        edit = note_edit(reading.source, start, end, (opening.end, closing.start), reason)
        reading.edits.append(edit if is_said else Edit(start, end))
    elif hidden := _hidden(reading.source, opening, inside):
        if name in _BREAKS:
            reading.unread.append(UnreadSpan(start, end, HIDDEN))
        elif not hidden["for_readers"]:  # What is hidden from screen readers only is seen.
            reading.edits.append(note_edit(reading.source, start, end, (opening.end, closing.start), HIDDEN))
    elif name == "figure" and _holds_image(reading, start, end):
        reading.unread.append(UnreadSpan(start, end, "image caption"))
    elif name in _WITHIN_LINES and _goes_on_around(reading.source, start, end):
        said = any(map(str.isalnum, inside))
        unread = (UnreadSpan(opening.end, closing.start, _UNREAD_ELEMENTS[name]),) if said else ()
        reading.edits.append(Edit(start, end, unread=unread))
    elif name in _UNREAD_ELEMENTS and (name not in ("figcaption", "caption") or len(inside) <= _MAX_CAPTION_LENGTH):
        reading.unread.append(UnreadSpan(start, end, _UNREAD_ELEMENTS[name]))
    elif name in _CAPTION_ELEMENTS and len(inside) <= _MAX_CAPTION_LENGTH and _is_below_image(reading, start):
        reading.unread.append(UnreadSpan(start, end, "image caption"))


def _goes_on_around(source: str, start: int, end: int) -> bool:
    """Tell whether an element stands in a line that has words of its own."""
    around = (TAG_INSIDE.sub("", part) for part in _line_around(source, start, end))
    return "\n\n" not in source[start:end] and any(map(str.isalnum, "".join(around)))


def _hidden(source: str, opening: _Tag, inside: str) -> re.Match[str] | None:
    """Return what hides an element; None where it is seen, or is most of the text."""
    if len(inside) > _MAX_HIDDEN_SHARE * len(source) or opening.name not in _KNOWN:
        return None
    return _IS_HIDDEN.match(source, opening.start, opening.end)


def _holds_image(reading: _Reading, start: int, end: int) -> bool:
    following = bisect_right(reading.images, (start, 0))
    return following < len(reading.images) and reading.images[following][0] < end


def _is_below_image(reading: _Reading, start: int) -> bool:
    """Tell whether what begins at an offset is on the line below an image, or beside it."""
    above = bisect_right(reading.images, (start, 0)) - 1
    last = reading.images[above][1] if above >= 0 else -_MAX_GAP
    return 0 <= start - last < _MAX_GAP and not reading.source[last:start].strip()


def _below_images(reading: _Reading, edits: Sequence[Edit]) -> Iterator[UnreadSpan]:
    """Yield the paragraphs that are directly below one that is an image alone."""
    images = {first for first, _ in reading.images}
    source = reading.source
    for number, edit in enumerate(edits):
        if edit.start not in images:
            continue
        end = source.find("\n", edit.end)
        before = source[max(source.rfind("\n", 0, edit.start) + 1, edits[number - 1].end if number else 0) : edit.start]
        if end < 0 or before.strip() or not _is_empty(source, edits, number, end):
            continue
        begin = _end_of_blank(source, end)
        close = source.find("\n\n", begin)
        if source.count("\n", end, begin) <= _MAX_BLANK_LINES and begin < len(source):
            yield UnreadSpan(begin, close if close >= 0 else len(source), _BELOW_IMAGE)


def _end_of_blank(source: str, at: int) -> int:
    blank = _BLANK.match(source, at)
    return blank.end() if blank else at


def _is_empty(source: str, edits: Sequence[Edit], number: int, end: int) -> bool:
    """Tell whether nothing is shown on a line behind an edit."""
    reached = edits[number].end
    for edit in edits[number + 1 : number + 1 + _MAX_EDITS_BESIDE_IMAGE]:
        if edit.start >= end:
            break
        if edit.shown or source[reached : edit.start].strip():
            return False
        reached = edit.end
    return not source[reached:end].strip()


def _spans(source: str, edits: Sequence[Edit], start: int, end: int) -> Iterator[TextSpan]:
    """Yield what is shown of a range of the source."""
    reached = start
    for edit in edits:
        before = edit.start
        if not edit.shown and source[edit.end : edit.end + 1] in NO_SPACE_BEFORE:
            before -= len(source[reached:before]) - len(source[reached:before].rstrip(" "))
        if before > reached:
            yield TextSpan(reached, before)
        if edit.start >= start and edit.end <= end:
            yield from edit.shown
        reached = max(reached, edit.end)
    if reached < end:
        yield TextSpan(reached, end)
