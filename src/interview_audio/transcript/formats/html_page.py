"""Reads a web page to the blocks that a browser would show, with headings, quotations and bold as markdown marks."""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from itertools import pairwise

from interview_audio.text.characters import columns, letters_and_digits
from interview_audio.transcript.formats.html_tokens import UNSEEN, HtmlTag, HtmlText, read_tokens
from interview_audio.transcript.formats.source_document import (
    FormattedParagraph,
    TextSpan,
    added_mark,
    html_spans,
    is_worded,
    places_of,
    split_spans,
    text_of,
)
from interview_audio.transcript.formats.template_marks import TAG_INSIDE, comment_edit
from interview_audio.transcript.languages import document_language
from interview_audio.transcript.layout.speech_marks import find_speech_tags
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.lexicon.typography import ends_sentence
from interview_audio.transcript.lexicon.vocabulary import alternation
from interview_audio.transcript.turns import ABOVE_LINE, CODE, COMMENT, HIDDEN, TABLE

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head",
    "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
))  # fmt: skip
"""Elements that a browser sets apart from the text around them."""
VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
))  # fmt: skip
"""Elements that hold nothing and are never closed."""
_STRONG = ("b", "strong")
_HEADING = re.compile(r"h([1-6])")
_ENDED_BY = {
    "p": _BLOCKS,
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "tr": {"tr"},
    "td": {"td", "th", "tr"},
    "option": {"option", "optgroup"},
    "rt": {"rt", "rp", *_BLOCKS},
    "rp": {"rt", "rp", *_BLOCKS},
    "style": _BLOCKS,
}
"""Elements whose closing tag may be missing, and what begins behind them."""
_ARTICLES = ("article", "main")
_GROUPS = (*_ARTICLES, "details", "pre", "table")
"""Elements that are looked at as a whole."""
_ABOVE_WORDS = ("rt", "rp")
"""How characters are pronounced, set in small above them."""
_APART = {
    **dict.fromkeys(("script", "style", *UNSEEN), CODE),
    **dict.fromkeys(("audio", "iframe", "object", "video"), "embedded media"),
    **dict.fromkeys(("datalist", "select", "textarea"), "form"),
    **dict.fromkeys(_ABOVE_WORDS, ABOVE_LINE),
}
"""Elements whose text the sentence around them goes on without, and why nobody says it."""
_MIN_BESIDE_SHARE = 0.25
"""Share of the words of a page's article that another one has which is no teaser; both are read."""
_MIN_TALK_SHARE = 0.5
"""Share of the blocks of a table or of preformatted text that are sentences, above which they are talk."""
_FURNITURE = {
    "nav": "navigation",
    "footer": "page footer",
    "aside": "sidebar",
    "form": "form",
    "button": "button",
    "dialog": "dialog",
    "menu": "menu",
    "figcaption": "image caption",
    "caption": "table caption",
}
_FURNITURE_ROLES = ("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu")
_FURNITURE_CLASS = re.compile(rf"(?:\A|[\s_-])(?:{alternation('page_furniture_classes')})(?:\Z|[\s_-])", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPEAKER_CLASS = re.compile(r"(?:\A|[\s_-])speaker(?:[_-]?(?:name|label))?(?:\Z|[\s_-])", re.IGNORECASE)
_NAMING_CLASS = re.compile(
    r"<(?:div|span|p|b|strong|dt|h[1-6]|cite|td|li)\b[^<>]{0,200}\bclass=[\"']([^\"'<>]{0,80}(?:name|author|person|who|user|talker)[^\"'<>]{0,40})[\"']"
    r"[^<>]{0,200}>\s{0,80}([^<>\n]{1,60}?)\s{0,80}</",
    re.IGNORECASE,
)
"""An element whose class may say that it names whoever speaks, and its text."""
_MIN_TURNS_OF_NAMES = 4
_MAX_NAMES = 12
"""Different texts of such a class: people of a talk recur, those of a list or of comments are each another."""
_TIME_CLASS = re.compile(r"(?:\A|[\s_-])time(?:[_-]?(?:stamp|code))?(?:\Z|[\s_-])", re.IGNORECASE)
_CLOCK = re.compile(
    r"[\s\[(]*\d{1,3}(?::\d{2}){1,2}(?:[.,]\d+)?(?:\s*[-–—]+>?\s*\d{1,3}(?::\d{2}){1,2}(?:[.,]\d+)?)?[\s\])]*"
)
_MAX_SPEAKER_COLUMNS = 60
"""Columns of a name in an element whose class is ``speaker``; a wider one holds the words too."""
_MAX_OPEN = 200
"""Elements within one another: pages that people read have a few dozen."""
_OUTSIDE = "outside the article"
_MIN_ARTICLE_SHARE = 0.6
"""Share of the words of a page that its article has."""
_MAX_SHARE_ABOVE_HEADLINE = 0.1
"""Share of the words of a page that may be above its headline and are no part of its article."""
_MAX_FURNITURE_SHARE = 0.4
"""Share of the words of a page that are too many to be furniture, whatever a class says."""


@dataclass(frozen=True, slots=True)
class _Element:
    """An open element."""

    name: str
    number: int
    """In order of opening; tells the article and the furniture apart."""
    kind: str = ""
    """What its class marks: ``speaker``, ``time``."""
    begins: int = 0
    """How many runs of the block stood before it."""
    speaker: str | None = None


@dataclass(slots=True)
class _Holding:
    """A speaker who is named once for all that an element holds."""

    speaker: str
    names: int = 1
    """How many names the element has held so far."""
    since: int = 0
    """How many blocks had been placed before the latest of them."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A span of a block, and how it is set."""

    span: TextSpan
    is_strong: bool


@dataclass(frozen=True, slots=True)
class _PlacedBlock:
    """A block and where it is on the page."""

    block: FormattedParagraph
    width: int
    within: tuple[int, ...]
    """Numbers of the articles and the furniture around it."""
    name: str
    """The heading that it is (``h1``), ``title``, or empty."""
    parent: int
    """Number of the element around the one that holds the block."""
    holder: int = 0
    """Number of the element whose speaker it has, where no name stands at the block itself."""


@dataclass(frozen=True, slots=True)
class _Interrupted:
    """A block around an element that is laid out apart; it goes on behind it."""

    runs: list[_Run]
    speaker: str | None
    item: bool
    has_image: bool
    defines: bool


@dataclass(slots=True)
class _Page:
    """What has been read of a page."""

    source: str
    naming: frozenset[str] = frozenset()
    """Classes whose elements name speakers, by what they hold on this page."""
    placed: list[_PlacedBlock] = field(default_factory=list)
    cuts: list[NonTextSpan] = field(default_factory=list)
    furniture: dict[int, str] = field(default_factory=dict)
    """Number of an element to why it is not part of the text."""
    articles: list[int] = field(default_factory=list)
    stack: list[_Element] = field(default_factory=list)
    open: Counter[str] = field(default_factory=Counter)
    runs: list[_Run] = field(default_factory=list)
    collapsed: set[int] = field(default_factory=set)
    data: dict[int, str] = field(default_factory=dict)
    """Number of a table or of preformatted text to why it is not read, unless it is talk."""
    holdings: dict[int, _Holding] = field(default_factory=dict)
    """Number of an element to the speaker whom it names."""
    interrupted: dict[int, _Interrupted] = field(default_factory=dict)
    """Number of an element that is laid out apart to the block around it."""
    programs: set[int] = field(default_factory=set)
    """Numbers of the programs that nothing ends, which a page that was cut off has: nobody says one, however long."""
    comments: list[FormattedParagraph] = field(default_factory=list)
    opened: int = 0
    speaker: str | None = None
    """Named by an element just above or at the beginning of the block."""
    item: bool = False
    """Whether the block begins an item of a list."""
    has_image: bool = False
    """Whether an image stands in the block."""
    is_below_image: bool = False
    """Whether the block above is an image alone."""
    defines: bool = False
    """Whether the block is a term that its definition follows."""


def read_page(source: str) -> tuple[tuple[FormattedParagraph, ...], tuple[NonTextSpan, ...]]:
    """Read a page to blocks, those outside its article marked as dropped, and cuts for its tags."""
    page = _Page(source, _naming_classes(source))
    speech_tags = find_speech_tags(source)
    for token in read_tokens(source):
        if isinstance(token, HtmlText) or token.start in speech_tags:
            _take_text(page, token)
        elif not token.name and source.startswith("<!--", token.start):
            _take_comment(page, token)
        else:
            page.cuts.append(NonTextSpan(token.start, token.end, "markup"))
            _take_tag(page, token)
    while page.stack:
        _close_last(page)
    _flush(page)
    return (*_chosen(page), *page.comments), tuple(page.cuts)


def _naming_classes(source: str) -> frozenset[str]:
    """Find the classes whose elements hold a few texts again and again, in turns: whoever speaks."""
    held: defaultdict[str, list[str]] = defaultdict(list)
    for match in _NAMING_CLASS.finditer(source):
        held[match[1]].append(" ".join(html.unescape(match[2]).split()))
    return frozenset(name for name, texts in held.items() if _take_turns(texts))


def _take_turns(texts: Sequence[str]) -> bool:
    changes = sum(before != after for before, after in pairwise(texts))
    return (
        len(texts) >= _MIN_TURNS_OF_NAMES
        and 1 < len(set(texts)) <= min(_MAX_NAMES, len(texts) // 2)
        and 2 * changes >= len(texts) - 1
        and not any(map(ends_sentence, texts))
    )


def _take_text(page: _Page, text: HtmlText | HtmlTag) -> None:
    is_strong = any(page.open[name] for name in _STRONG) and not any(page.open[f"h{level}"] for level in range(1, 7))
    for span in html_spans(page.source, text.start, text.end):
        kept = _lines(page.source, span) if page.open["pre"] else (span,)
        page.runs.extend(_Run(part, is_strong) for part in kept)


def _take_comment(page: _Page, comment: HtmlTag) -> None:
    """Take a comment out; one with a sentence is kept apart, without its tags."""
    reached = comment.start
    for kept in comment_edit(page.source, comment.start, comment.end, len("<!--"), len("-->")).unread:
        begins = [kept.start, *(tag.end() for tag in TAG_INSIDE.finditer(page.source, kept.start, kept.end))]
        ends = [*(tag.start() for tag in TAG_INSIDE.finditer(page.source, kept.start, kept.end)), kept.end]
        spans: list[TextSpan] = []
        for begin, end in zip(begins, ends, strict=True):
            page.cuts.append(NonTextSpan(reached, begin, "markup"))
            spans += html_spans(page.source, begin, end)
            reached = end
        page.comments.append(FormattedParagraph(tuple(spans), dropped=COMMENT, keeps_lines=True))
    page.cuts.append(NonTextSpan(reached, comment.end, "markup"))


def _lines(source: str, span: TextSpan) -> Iterator[TextSpan]:
    """Return the lines of preformatted text."""
    if span.shown is not None:
        yield span
        return
    reached = span.start
    while (found := source.find("\n", reached, span.end)) >= 0:
        if found > reached:
            yield TextSpan(reached, found)
        yield TextSpan(found, found + 1, "\n")
        reached = found + 1
    if span.end > reached:
        yield TextSpan(reached, span.end)


def _take_tag(page: _Page, tag: HtmlTag) -> None:
    if tag.name == "br":
        page.runs.append(_Run(TextSpan(tag.start, tag.end, "\n"), is_strong=False))
    elif tag.closes:
        _close(page, tag.name)
    elif tag.name:
        if tag.name == "dd" and page.defines and not _text(page).endswith((":", "：")):
            page.runs.append(_Run(TextSpan(tag.start, tag.end, ":"), is_strong=False))
        if tag.name in _BLOCKS:
            while page.stack and page.stack[-1].number in page.interrupted and _ends(tag, page.stack[-1]):
                _close_last(page)
            _flush(page)
        _open(page, tag)


def _open(page: _Page, tag: HtmlTag) -> None:
    while page.stack and _ends(tag, page.stack[-1]):
        _close_last(page)
    if tag.name in VOID:
        page.has_image = page.has_image or tag.name == "img"
        return
    page.opened += 1
    page.item = page.item or tag.name == "li"
    if tag.name in _ARTICLES and not page.interrupted:
        page.articles.append(page.opened)
    apart = _APART.get(tag.name, "")
    if reason := apart or why_furniture(tag):
        page.furniture[page.opened] = reason
    if tag.name == "script":
        page.programs.add(page.opened)
    if tag.name == "details" and "open" not in tag.attributes:
        page.collapsed.add(page.opened)
    if tag.name == "table" or (tag.name == "code" and page.stack and page.stack[-1].name == "pre"):
        page.data[page.opened if tag.name == "table" else page.stack[-1].number] = (
            TABLE if tag.name == "table" else CODE
        )
    written = tag.attributes.get("class", "")
    is_time = tag.name == "time" or _TIME_CLASS.search(written) is not None
    is_name = written in page.naming or _SPEAKER_CLASS.search(written) is not None
    kind = "speaker" if is_name else "time" if is_time else ""
    speaker = tag.attributes.get("data-speaker", "").strip() or None
    if len(page.stack) >= _MAX_OPEN:  # each block looks at all of them, and old pages leave thousands open
        return
    # What is hidden from screen readers only is seen.
    is_unseen = reason == HIDDEN and tag.name not in _BLOCKS and tag.attributes.get("aria-hidden") != "true"
    if apart or is_unseen:
        page.interrupted[page.opened] = _Interrupted(page.runs, page.speaker, page.item, page.has_image, page.defines)
        page.runs, page.speaker, page.item, page.defines = [], None, False, False
    page.stack.append(_Element(tag.name, page.opened, kind, len(page.runs), speaker))
    page.open[tag.name] += 1


def _ends(tag: HtmlTag, element: _Element) -> bool:
    """Tell whether a tag ends an element whose closing tag may be missing."""
    return tag.name in _ENDED_BY.get(element.name, ())


def why_furniture(tag: HtmlTag) -> str:
    """Return why an element is a part of a page's frame; empty where nothing says so."""
    attributes = tag.attributes
    if tag.name in _FURNITURE:
        return _FURNITURE[tag.name]
    if attributes.get("role") in _FURNITURE_ROLES:
        return f"role {attributes['role']}"
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or _UNSEEN.search(attributes.get("style", "")):
        return HIDDEN
    found = _FURNITURE_CLASS.search(attributes.get("class", "")) if tag.name not in ("html", "body") else None
    return f"class {attributes['class']}" if found else ""


def _close(page: _Page, name: str) -> None:
    """Close the last element of a name and all that is open in it; a closing tag of nothing does nothing."""
    while page.open[name]:
        if _close_last(page, name) == name:
            return


def _close_last(page: _Page, closed: str = "") -> str:
    """Close the innermost element.

    Args:
        page: The page.
        closed: The name in the closing tag; empty where the element only ends.
    """
    element = page.stack[-1]
    if element.kind:
        _take_mark(page, element)
    if element.name == "dt" and 0 < columns(_text(page)) <= _MAX_SPEAKER_COLUMNS:
        page.defines = True
    elif element.name in _BLOCKS:
        _flush(page)
    elif element.number in page.interrupted:
        _resume(page, element, is_closed=element.name == closed)
    page.stack.pop()
    page.open[element.name] -= 1
    if (holding := page.holdings.get(element.number)) and holding.since == len(page.placed) and page.stack:
        # An element that holds nothing but a name: <p><b class="speaker">Ida Holm</b></p>
        _hold(page, page.stack[-1].number, holding.speaker)
    return element.name


def _resume(page: _Page, element: _Element, *, is_closed: bool) -> None:
    """Go on with the block around an element that is laid out apart."""
    before = page.interrupted[element.number]
    runs = before.runs
    if element.name in _ABOVE_WORDS and not ends_sentence(_text(page)):
        page.cuts.extend(NonTextSpan(run.span.start, run.span.end, "markup") for run in page.runs)
        page.runs = []
    elif element.name in _ABOVE_WORDS and not is_closed:  # The text behind it would be lost with it.
        first = page.runs[0].span.start
        runs = [*runs, _Run(TextSpan(first - 1, first, " "), is_strong=False), *page.runs]
        page.runs = []
    _flush(page)
    del page.interrupted[element.number]
    page.runs, page.speaker, page.item = runs, before.speaker, before.item
    page.has_image, page.defines = before.has_image, before.defines


def _hold(page: _Page, number: int, speaker: str) -> None:
    held = page.holdings.get(number)
    page.holdings[number] = _Holding(speaker, held.names + 1 if held else 1, len(page.placed))


def _take_mark(page: _Page, element: _Element) -> None:
    """Take the name of a speaker, or a time, out of the block."""
    inside = [run.span for run in page.runs[element.begins :]]
    words = text_of(inside, page.source).strip()
    if not words:
        return
    is_name = (
        element.kind == "speaker" and columns(words) <= _MAX_SPEAKER_COLUMNS and not ends_sentence(words.rstrip(":： "))
    )
    if is_name:
        del page.runs[element.begins :]
        _flush(page)
        page.speaker = words.rstrip(":： ")
        if len(page.stack) > 1:
            _hold(page, page.stack[-2].number, page.speaker)
    elif element.kind == "time" and _CLOCK.fullmatch(words):
        del page.runs[element.begins :]
    else:
        return
    page.cuts.extend(
        NonTextSpan(span.start, span.end, "label" if is_name else "markup") for span in inside if span.start >= 0
    )


def _text(page: _Page) -> str:
    return text_of((run.span for run in page.runs), page.source).strip()


def _flush(page: _Page) -> None:
    """End the block."""
    page.defines = False
    runs, page.runs = page.runs, []
    text = text_of((run.span for run in runs), page.source)
    is_below = page.is_below_image
    if not page.interrupted:
        page.is_below_image, page.has_image = not text.strip() and (page.has_image or is_below), False
    elif not is_worded(text):
        page.cuts.extend(NonTextSpan(run.span.start, run.span.end, "markup") for run in runs if run.span.start >= 0)
        return
    if not runs:
        return
    within = tuple(
        element.number for element in page.stack if element.number in page.furniture or element.name in _GROUPS
    )
    name = (
        ""
        if page.interrupted
        else next(
            (element.name for element in page.stack if _HEADING.fullmatch(element.name) or element.name == "title"), ""
        )
    )
    speaker, holder = _speaker(page, name) if text.strip() else (None, 0)
    spans = (*_prefix(page, name), *_marked(page.source, runs))
    block = FormattedParagraph(spans, speaker, is_below_image=is_below)
    parent = page.stack[-2].number if len(page.stack) > 1 else 0
    page.placed.append(_PlacedBlock(block, columns("".join(text.split())), within, name, parent, holder))
    if text.strip():
        page.speaker, page.item = None, False


def _speaker(page: _Page, name: str) -> tuple[str | None, int]:
    """Return who speaks in the block, and the element that says so, where the block itself does not."""
    said = page.speaker or next((element.speaker for element in reversed(page.stack) if element.speaker), None)
    if said or name:
        return said, 0
    holder = next((element.number for element in reversed(page.stack) if element.number in page.holdings), 0)
    return (page.holdings[holder].speaker, holder) if holder else (None, 0)


def _prefix(page: _Page, name: str) -> Iterator[TextSpan]:
    if page.open["blockquote"]:
        yield added_mark("> ")
    if page.item:
        yield added_mark("- ")
    if heading := _HEADING.fullmatch(name):
        yield added_mark("#" * int(heading[1]) + " ")
    elif page.open["summary"]:
        yield added_mark("### ")


def _marked(source: str, runs: Sequence[_Run]) -> Iterator[TextSpan]:
    """Return the spans of a block, what is bold between stars."""
    strong: list[TextSpan] = []
    for run in runs:
        if run.is_strong:
            strong.append(run.span)
            continue
        yield from _starred(source, strong)
        strong = []
        yield run.span
    yield from _starred(source, strong)


def _starred(source: str, spans: Sequence[TextSpan]) -> Iterator[TextSpan]:
    text = text_of(spans, source)
    if not text.strip() or "*" in text:
        yield from spans
        return
    places = places_of(spans)
    before, rest = split_spans(spans, places[len(text) - len(text.lstrip())])
    inside, after = split_spans(rest, places[len(text.rstrip()) - 1] + 1)
    yield from (*before, added_mark("**"), *inside, added_mark("**"), *after)


def _chosen(page: _Page) -> Iterator[FormattedParagraph]:
    """Return the blocks, and why those that are no part of the article are dropped."""
    widths: Counter[int] = Counter()
    for entry in page.placed:
        for number in entry.within:
            widths[number] += entry.width
    whole = sum(entry.width for entry in page.placed)
    furniture = {
        number: why
        for number, why in page.furniture.items()
        if widths[number] <= _MAX_FURNITURE_SHARE * whole or number in page.programs
    }
    hidden = [number for number, why in furniture.items() if why == HIDDEN]
    if sum(widths[number] for number in hidden) > _MAX_FURNITURE_SHARE * whole:  # the pages of a talk, shown in turn
        furniture = {number: why for number, why in furniture.items() if why != HIDDEN}
    furniture |= _data(page, widths, whole)
    articles = _articles(page, widths, furniture)
    has_heading = any(entry.name == "h1" for entry in page.placed)
    reasons = [_why_dropped(entry, furniture, articles, has_heading=has_heading) for entry in page.placed]
    begin, end = (0, len(page.placed)) if articles else _extracted(page, reasons)
    begin = max(begin, _headline(page, reasons))
    names = sum(holding.names for holding in page.holdings.values())
    for index, (entry, reason) in enumerate(zip(page.placed, reasons, strict=True)):
        is_outside = not begin <= index < end and entry.name not in ("h1", "title")
        speaker = None if _is_held_too_long(page, entry, index, names) else entry.block.speaker
        yield replace(entry.block, speaker=speaker, dropped=reason or (_OUTSIDE if is_outside else ""))


def _is_held_too_long(page: _Page, entry: _PlacedBlock, index: int, names: int) -> bool:
    """Tell whether a block has the last name in a row of names, which nothing ends, or the only one of the page."""
    holding = page.holdings.get(entry.holder)
    return holding is not None and (names == 1 or (holding.names > 1 and index >= holding.since))


def _data(page: _Page, widths: Mapping[int, int], whole: int) -> dict[int, str]:
    """Return the tables and the preformatted texts that are none of the words of the page, and why."""
    blocks: Counter[int] = Counter()
    said: Counter[int] = Counter()
    for entry in page.placed:
        for number in page.data.keys() & set(entry.within):
            blocks[number] += 1
            said[number] += ends_sentence(text_of(entry.block.spans, page.source))
    return {
        number: why
        for number, why in page.data.items()
        if widths[number] <= _MAX_FURNITURE_SHARE * whole and said[number] < _MIN_TALK_SHARE * blocks[number]
    }


def _articles(page: _Page, widths: Mapping[int, int], furniture: Mapping[int, str]) -> frozenset[int]:
    """Return the elements that are the article: one, and others that are no teasers beside it.

    What a click opens is left out where it is in another language than the rest: the text again, for other readers.
    """
    rest = sum(entry.width for entry in page.placed if not furniture.keys() & set(entry.within))
    whole = max((number for number in page.articles if widths[number] >= _MIN_ARTICLE_SHARE * rest), default=None)
    main = max(page.articles, key=lambda number: widths[number], default=None) if whole is None else whole
    if main is None:
        return frozenset()
    nested = {main}
    for entry in page.placed:
        if main in entry.within:
            nested.update(entry.within)
    beside = [
        number
        for number in page.articles
        if number not in nested and number not in furniture and widths[number] >= _MIN_BESIDE_SHARE * widths[main]
    ]
    found = frozenset((main, *beside))
    if sum(widths[number] for number in found) < _MIN_ARTICLE_SHARE * rest:
        return frozenset()
    return found - _collapsed_translations(page, found)


def _collapsed_translations(page: _Page, articles: frozenset[int]) -> frozenset[int]:
    words: dict[int, list[str]] = {number: [] for number in articles}
    shut: set[int] = set()
    for entry in page.placed:
        for number in articles & set(entry.within):
            words[number].append(text_of(entry.block.spans, page.source))
            if page.collapsed & set(entry.within):
                shut.add(number)
    if not shut or shut == articles:
        return frozenset()
    languages = {number: _language("\n".join(texts)) for number, texts in words.items()}
    visible = {languages[number] for number in articles - shut}
    return frozenset(number for number in shut if languages[number] not in visible)


def _language(words: str) -> str:
    return document_language(words) if any(map(str.isalpha, words)) else ""


def _why_dropped(
    entry: _PlacedBlock, furniture: Mapping[int, str], articles: Collection[int], *, has_heading: bool
) -> str:
    if entry.name == "title":
        return "page title" if has_heading else ""
    if reason := next((furniture[number] for number in entry.within if number in furniture), ""):
        return reason
    return _OUTSIDE if articles and entry.name != "h1" and not set(articles) & set(entry.within) else ""


def _headline(page: _Page, reasons: Sequence[str]) -> int:
    """Return the index of a headline with next to nothing above it but what a site prints everywhere; 0 without one."""
    widths = [
        0 if reason or entry.name == "title" else entry.width
        for entry, reason in zip(page.placed, reasons, strict=True)
    ]
    headline = next((index for index, entry in enumerate(page.placed) if entry.name == "h1" and widths[index]), 0)
    return headline if sum(widths[:headline]) <= _MAX_SHARE_ABOVE_HEADLINE * sum(widths) else 0


def _extracted(page: _Page, reasons: Sequence[str]) -> tuple[int, int]:
    """Return where the article begins and ends on a page that does not say so: around what is extracted."""
    kept = [index for index, reason in enumerate(reasons) if not reason and page.placed[index].name != "title"]
    paragraphs = _article_paragraphs(page.source) if kept else frozenset()
    found = [
        index
        for index in kept
        if letters_and_digits(text_of(page.placed[index].block.spans, page.source)) in paragraphs
    ]
    whole = sum(page.placed[index].width for index in kept)
    if not found or sum(page.placed[index].width for index in found) < _MIN_ARTICLE_SHARE * whole:
        return 0, len(page.placed)
    parents = {page.placed[index].parent for index in found}
    inside = [index for index in kept if page.placed[index].parent in parents]
    return inside[0], inside[-1] + 1


def _article_paragraphs(page: str) -> frozenset[str]:
    """Ask trafilatura, an optional extra, for the article of a page.

    Args:
        page: Its HTML.

    Returns:
        The letters and digits of each paragraph; nothing without the extra, or where it finds no article.
    """
    if find_spec("trafilatura") is None:
        return frozenset()
    from trafilatura import extract

    article = extract(page, favor_recall=True, include_comments=False, output_format="txt") or ""
    return frozenset(letters_and_digits(line) for line in article.splitlines()) - {""}
