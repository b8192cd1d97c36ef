"""Reads transcripts that are set in XML: TTML (Apple Podcasts, broadcasters), Transcriber's ``.trs``, TEI, YouTube's.

The XML is read with the place of every tag, and forgiving: what is not well-formed loses no words. Entities that a
document declares are not expanded, so that none can explode.
"""

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from types import MappingProxyType

from interview_audio.errors import SourceError
from interview_audio.transcript.formats.fragments import (
    Fragment,
    divide_at_changes,
    has_dashes,
    join_fragments,
    name_fragments,
)
from interview_audio.transcript.formats.source_document import (
    LEFT_OUT,
    SOFT_BREAK,
    FormattedParagraph,
    SourceDocument,
    TextSpan,
    added_mark,
    build_document,
    cuts_beside,
    holds_sentence,
    html_spans,
    text_of,
)
from interview_audio.transcript.layout.paragraphs import NO_SPACE_BEFORE
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.turns import COMMENT

_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,60})(?=[\s/>])")
_TAG = re.compile(
    r"<(?P<closes>/)?(?:[\w.-]{1,40}:)?(?P<name>[A-Za-z][\w.-]{0,60})"
    r"""(?P<attributes>(?:[^<>"']|"[^"<]*"|'[^'<]*')*)>"""
)
_ATTRIBUTE = re.compile(r"""(?:[\w.-]{1,40}:)?([\w.-]{1,60})\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)')""")
_OPAQUE = (
    (re.compile("<!--"), "-->"),
    (re.compile(r"<!\[CDATA\["), "]]>"),
    (re.compile(r"<\?"), "?>"),
    (re.compile(r"<!DOCTYPE[^<>\[\]]{0,1000}\["), "]>"),
    (re.compile("<!"), ">"),
)
"""What is no tag, and how it ends."""
_CDATA = "<![CDATA["
_CLOCK = re.compile(r"(?:(\d{1,6}):)?(?:(\d{1,6}):)?(\d{1,9}(?:[.,]\d{1,9})?)(ms|s|m|h)?")
_UNITS = {"ms": 0.001, "m": 60.0, "h": 3600.0}
_BREAKS = frozenset(("br", "lb"))
_SYNC, _WHO = "sync", "who"
"""Of Transcriber: a time between the words, and which of two speaks them."""
_YOUTUBE_TEXT = re.compile(r"\s{0,80}<text start=")
_MAX_HEAD = 5000
"""Characters before the first element: declarations and a licence."""
_MAX_DEPTH = 100
"""Elements inside each other; tags of deeper ones are passed over, so that no file exhausts the stack."""
_SPACED_WORDS = re.compile(r"</(?:[\w.-]{1,40}:)?span>\s+<(?:[\w.-]{1,40}:)?span\b")
_NOTES = frozenset(("note", "figure", "writing", "metadata", "copyright", "desc"))
"""Elements that are not said and may hold sentences for those who read; others say what is heard and done."""
_TIMES = (("begin", "time", "starttime", "start"), ("end", "endtime"))


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """What the elements of one kind of XML mean."""

    reason: str
    """How it names speakers."""
    body: frozenset[str]
    """Elements outside which nothing is said."""
    pieces: frozenset[str]
    """Elements that begin something said."""
    person: str
    """The element that declares somebody, by an identifier."""
    spoken_by: str
    """The attribute that names who speaks."""
    names: frozenset[str] = frozenset()
    """Elements in a person whose text is the name; empty where an attribute has it."""
    label: str = ""
    """The element whose text names who speaks in the element around it."""
    silent: frozenset[str] = frozenset()
    """Elements whose text is not said."""
    headings: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    """Elements before the body whose text is the title."""
    is_recorded: bool = True
    """Whether it is the record of a voice, with its times."""


_TTML = _Vocabulary(
    reason="speaker of the cue",
    body=frozenset(("body",)),
    pieces=frozenset(("p",)),
    person="agent",
    spoken_by="agent",
    names=frozenset(("name",)),
    silent=frozenset(("metadata", "desc", "title", "copyright", "actor")),
    titles=frozenset(("title",)),
)
_TRANSCRIBER = _Vocabulary(
    reason="speaker of the turn",
    body=frozenset(("episode",)),
    pieces=frozenset(("turn",)),
    person="speaker",
    spoken_by="speaker",
)
_TEI = _Vocabulary(
    reason="speaker of the utterance",
    body=frozenset(("text",)),
    pieces=frozenset(("u", "p", "sp", "ab", "l", "lg", "div", "item")),
    person="person",
    spoken_by="who",
    names=frozenset(("persname", "name")),
    label="speaker",
    silent=frozenset(("note", "stage", "kinesic", "incident", "vocal", "fw", "desc", "figure", "gap", "writing")),
    headings=frozenset(("head",)),
    titles=frozenset(("title",)),
    is_recorded=False,
)
_YOUTUBE = _Vocabulary(
    reason="speaker of the cue",
    body=frozenset(("transcript", "timedtext")),
    pieces=frozenset(("text", "p")),
    person="agent",
    spoken_by="agent",
    silent=frozenset(("head",)),
)
_VOCABULARIES: Mapping[str, _Vocabulary] = MappingProxyType(
    {"tt": _TTML, "trans": _TRANSCRIBER, "tei": _TEI, "tei.2": _TEI, "teicorpus": _TEI, "timedtext": _YOUTUBE}
)
_UNDECLARED = frozenset(("trans", "tei", "tei.2", "timedtext"))
"""Roots that no page and no plain text begins with, so that a document may leave its declaration out."""
_OF_PAGES = frozenset(("html", "head", "body", "article", "main", "section", "div", "p"))
"""Roots of pages and of parts of pages, declared as XML or not."""
_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "rss": "the feed of a podcast; save the transcript of one episode",
        "feed": "a feed; save the transcript of one episode",
        "annotation_document": "an ELAN file; export it as subtitles (SRT) or as tab-delimited text with the speakers",
        "basic-transcription": "an EXMARaLDA file; export it as text or as TEI",
        "office": "an office document; save it as .docx or as text",
        "document": "an office document; save it as .docx or as text",
        "package": "an office document; save it as .docx or as text",
        "worddocument": "a Word document in XML; save it as .docx or as text",
        "opml": "an outline; export it as Markdown or as text",
        "svg": "a drawing; save the interview as text",
    }
)
"""What other XML is, and what to do."""


def xml_root(source: str) -> str:
    """Return the name of the first element of an XML document, in small letters; empty where the text is none."""
    head = source[:_MAX_HEAD].lstrip("\ufeff \t\n")
    if not head.startswith("<"):
        return ""
    first = next(
        (token for token in _tokens(head) if not isinstance(token, _Text) or head[token.start : token.end].strip()),
        None,
    )
    if first is None or isinstance(first, _Text):
        return ""
    if first.name in _OF_PAGES:
        return ""
    is_declared = head.startswith("<?xml") or "xmlns" in head[first.start : first.end]
    return first.name if is_declared or first.name in _UNDECLARED or _is_youtube(head, first) else ""


def _is_youtube(head: str, first: "_Tag") -> bool:
    return first.name == "transcript" and _YOUTUBE_TEXT.match(head, first.end) is not None


def read_xml(source: str, known: Collection[str]) -> SourceDocument:
    """Read a transcript in XML to paragraphs, one a turn where speakers are named.

    Args:
        source: The decoded source.
        known: Folded names that are labels without further evidence.

    Raises:
        SourceError: It is XML of a kind that is not read.
    """
    name = xml_root(source)
    vocabulary = _YOUTUBE if name == "transcript" else _VOCABULARIES.get(name)
    if vocabulary is None:
        what = _OTHERS.get(name, f"XML of a kind that is not read (<{name}>); export the transcript as text")
        raise SourceError(f"this is {what}")
    root = _tree(source)
    reader = _Reader(source, vocabulary, _people(source, root, vocabulary))
    _around_bodies(root, vocabulary.body, reader.around)
    reader.read(root, None)
    blocks = list(_title(source, root, vocabulary))
    cuts = tuple(reader.cuts)
    if vocabulary.is_recorded:
        named, labels = name_fragments(source, tuple(_fragments(source, reader.lines)), known)
        blocks += join_fragments(named)
        cuts = (*cuts, *labels)
    else:
        blocks += [FormattedParagraph((*line.mark, *line.spans), line.speaker) for line in reader.lines]
    titled = {span.start for block in blocks for span in block.spans}
    blocks += [block for block in reader.beside if block.spans[0].start not in titled]
    beside = cuts_beside(source, blocks, cuts)
    return build_document(source, blocks, (*beside, *cuts), vocabulary.reason, is_recorded=vocabulary.is_recorded)


@dataclass(frozen=True, slots=True)
class _Text:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Tag:
    start: int
    end: int
    name: str
    """Without its prefix, in small letters."""
    closes: bool
    is_empty: bool
    attributes: Mapping[str, str]
    """By their names without prefixes, in small letters."""


@dataclass(slots=True)
class _Element:
    tag: _Tag
    children: "list[_Element | _Text]" = field(default_factory=list)
    closing: tuple[int, int] = (0, 0)
    """The place of its closing tag, or its own where it has none."""

    @property
    def name(self) -> str:
        return self.tag.name

    def all(self) -> "Iterator[_Element]":
        """Return it and the elements in it, in order."""
        yield self
        for child in self.children:
            if isinstance(child, _Element):
                yield from child.all()


def _tokens(source: str) -> Iterator[_Tag | _Text]:
    """Divide XML into tags and text in linear time; comments and declarations are left out."""
    reached = at = 0
    absent: set[str] = set()
    while (at := source.find("<", at)) >= 0:
        tag = _TAG.match(source, at)
        end = tag.end() if tag else _end_of_opaque(source, at, absent)
        if end < 0:
            at += 1  # a sign, in XML that is not well-formed
            continue
        if at > reached:
            yield _Text(reached, at)
        if tag:
            yield _tag(tag)
        elif source.startswith(_CDATA, at):
            yield _Text(at + len(_CDATA), end - len("]]>"))
        reached = at = end
    if reached < len(source):
        yield _Text(reached, len(source))


def _end_of_opaque(source: str, at: int, absent: set[str]) -> int:
    """Return the end of a comment and the like; -1 where none begins. An end that is not there is sought once."""
    for begin, end in _OPAQUE:
        if end not in absent and begin.match(source, at):
            found = source.find(end, at)
            if found >= 0:
                return found + len(end)
            absent.add(end)
    return -1


def _tag(found: re.Match[str]) -> _Tag:
    written = found["attributes"]
    attributes = {
        match[1].lower(): html.unescape(match[2] or match[3] or "").strip() for match in _ATTRIBUTE.finditer(written)
    }
    return _Tag(
        found.start(), found.end(), found["name"].lower(), bool(found["closes"]), written[-1:] == "/", attributes
    )


def _tree(source: str) -> _Element:
    """Return the document as an element around it; a closing tag without its element is passed over."""
    whole = _Element(_Tag(0, 0, "", closes=False, is_empty=False, attributes={}), closing=(len(source), len(source)))
    inside = [whole]
    counts: Counter[str] = Counter()
    for token in _tokens(source):
        if isinstance(token, _Text):
            inside[-1].children.append(token)
        elif not token.closes:
            element = _Element(token, closing=(token.start, token.end))
            if token.is_empty or len(inside) < _MAX_DEPTH:
                inside[-1].children.append(element)
            if not token.is_empty and len(inside) < _MAX_DEPTH:
                inside.append(element)
                counts[token.name] += 1
        elif counts[token.name]:
            while (element := inside.pop()).name != token.name:
                counts[element.name] -= 1
            counts[token.name] -= 1
            element.closing = (token.start, token.end)
    return whole


def _words(source: str, element: _Element) -> str:
    return " ".join(
        text_of(html_spans(source, child.start, child.end), source).strip()
        for part in element.all()
        for child in part.children
        if isinstance(child, _Text)
    ).strip()


def _around_bodies(element: _Element, body: Collection[str], found: set[int]) -> bool:
    """Tell whether an element is or holds one in which something is said, and note those in it that do."""
    inside = [_around_bodies(child, body, found) for child in element.children if isinstance(child, _Element)]
    if element.name in body or any(inside):
        found.add(id(element))
        return True
    return False


def _people(source: str, root: _Element, words: _Vocabulary) -> Mapping[str, str]:
    """Return the names of those whom the document declares, by their identifiers."""
    found: dict[str, str] = {}
    for element in root.all():
        identifier = element.tag.attributes.get("id")
        if element.name == words.person and identifier:
            within = (_words(source, part) for part in element.all() if part.name in words.names)
            name = element.tag.attributes.get("name") or next(filter(None, within), "")
            found[identifier] = " ".join(name.split()) or identifier
    return found


def _title(source: str, root: _Element, words: _Vocabulary) -> Iterator[FormattedParagraph]:
    """Return the title in the head of the document."""
    for element in root.all():
        if element.name in words.body:
            return
        texts = [child for child in element.children if isinstance(child, _Text)]
        if element.name in words.titles and texts and source[texts[0].start : texts[0].end].strip():
            yield FormattedParagraph((added_mark("# "), *html_spans(source, texts[0].start, texts[0].end)))
            return


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of something said."""

    spans: tuple[TextSpan, ...]
    joint: TextSpan
    """The tag that ends it."""
    speaker: str | None
    pause: float
    piece: int
    """The number of the element that it belongs to."""
    mark: tuple[TextSpan, ...]
    """What says in Markdown that it is a heading."""


class _Reader:
    """Gathers the lines of what is said, and what is cut from them."""

    def __init__(self, source: str, words: _Vocabulary, people: Mapping[str, str]) -> None:
        self.source = source
        self.words = words
        self.people = people
        self.lines: list[_Line] = []
        self.cuts: list[NonTextSpan] = []
        self.beside: list[FormattedParagraph] = []
        """Sentences that are not said."""
        self.around: set[int] = set()
        """Elements that hold one in which something is said."""
        self.parts_words = _SPACED_WORDS.search(source) is None
        """Whether the ends of timed words stand for spaces, as the source writes none."""
        self.spans: list[TextSpan] = []
        self.joint: TextSpan | None = None
        self.piece = 0
        self.reached: float | None = None
        self.pause = 0.0

    def read(self, element: _Element, speaker: str | None) -> None:
        """Read what is not said before what is."""
        for child in element.children:
            if isinstance(child, _Element) and child.name in self.words.body:
                self._say(child, self._speaker_of(child) or speaker)
            elif isinstance(child, _Element) and self._is_prose(child):
                self._leave_out(child, LEFT_OUT)
            elif isinstance(child, _Element):
                self.read(child, speaker)
            elif self.source[child.start : child.end].strip():
                self._add_beside((child,), LEFT_OUT)

    def _is_prose(self, element: _Element) -> bool:
        """Tell whether an element has text of its own, and not only elements with theirs."""
        texts = (child for child in element.children if isinstance(child, _Text))
        return id(element) not in self.around and any(self.source[text.start : text.end].strip() for text in texts)

    def _leave_out(self, element: _Element, reason: str) -> bool:
        """Keep what an element says that is not said, if it is a sentence."""
        texts = [child for part in element.all() for child in part.children if isinstance(child, _Text)]
        return self._add_beside(sorted(texts, key=lambda text: text.start), reason)

    def _add_beside(self, texts: Sequence[_Text], reason: str) -> bool:
        spans = tuple(span for text in texts for span in html_spans(self.source, text.start, text.end))
        is_sentence = holds_sentence(text_of(spans, self.source))
        if is_sentence:
            self.beside.append(FormattedParagraph(spans, dropped=reason))
        return is_sentence

    def _speaker_of(self, element: _Element) -> str | None:
        named = element.tag.attributes.get(self.words.spoken_by, "").replace("#", " ").split()
        return " and ".join(self.people.get(name, name) for name in named) or None

    def _say(self, element: _Element, speaker: str | None) -> None:
        """Read the words of an element; a break, a change of speakers and the ends of pieces end a line."""
        is_piece = element.name in self.words.pieces | self.words.headings | self.words.body
        if is_piece:
            self._begin_piece(element)
        for child in element.children:
            if isinstance(child, _Text):
                self._add(child)
            elif child.name in self.words.silent:
                self._pass_over(child)
            elif child.name in _BREAKS:
                self._end_line(child, speaker)
            elif child.name == self.words.label:
                self.cuts.append(NonTextSpan(child.tag.start, child.closing[1], "label"))
                speaker = self._labelled(child, element, speaker)
            elif child.name == _SYNC or child.name == _WHO:
                self._end_line(child, speaker)
                self._wait(child)
                speaker = self._turned(child, element) or speaker
            else:
                own = self._speaker_of(child)
                if own and own != speaker:
                    self._end_line(child, speaker)
                self._say(child, own or speaker)
                if own and own != speaker:
                    self._end_line(child, own)
        if is_piece:
            self._end_line(element, speaker)
        elif self.parts_words and "begin" in element.tag.attributes and self.spans:
            self.joint = TextSpan(*element.closing, SOFT_BREAK)

    def _pass_over(self, element: _Element) -> None:
        """Leave out an element that is not said: what is heard and done, or a note."""
        if not (element.name in _NOTES and self._leave_out(element, COMMENT)):
            self.cuts.append(NonTextSpan(element.tag.start, element.closing[1], "stage"))

    def _begin_piece(self, element: _Element) -> None:
        self._end_line(element, None)
        self.piece += 1
        self._wait(element)

    def _labelled(self, label: _Element, around: _Element, speaker: str | None) -> str | None:
        """Return who speaks below a printed label: the one declared for the element, else the one that is printed."""
        declared = around.tag.attributes.get(self.words.spoken_by, "").replace("#", " ").split()
        is_declared = any(name in self.people for name in declared)
        return speaker if is_declared else _words(self.source, label).rstrip(".:： ") or speaker

    def _turned(self, mark: _Element, turn: _Element) -> str | None:
        """Return which of two who speak at once a mark gives the word to."""
        speakers = turn.tag.attributes.get(self.words.spoken_by, "").split()
        number = mark.tag.attributes.get("nb", "")
        is_one = number.isdecimal() and len(number) < 3 and 0 < int(number) <= len(speakers)
        return self.people.get(name := speakers[int(number) - 1], name) if is_one else None

    def _wait(self, element: _Element) -> None:
        """Note how long nobody spoke before."""
        begin, end = (_seconds(element.tag.attributes, keys) for keys in _TIMES)
        self.pause = begin - self.reached if begin is not None and self.reached is not None else 0.0
        self.reached = end

    def _add(self, text: _Text) -> None:
        shown = self.source[text.start : text.end]
        if self.joint and shown[:1] not in NO_SPACE_BEFORE and not shown[:1].isspace():
            self.spans.append(self.joint)
        self.joint = None
        self.spans.extend(html_spans(self.source, text.start, text.end))

    def _end_line(self, element: _Element, speaker: str | None) -> None:
        """End a line at the tag of an element, or at its end where the line is in it."""
        spans, self.spans, self.joint = tuple(self.spans), [], None
        if not text_of(spans, self.source).strip():
            return
        is_inside = spans[0].start >= element.tag.end
        joint = TextSpan(*element.closing) if is_inside else TextSpan(element.tag.start, element.tag.end)
        mark = (added_mark("## "),) if element.name in self.words.headings and is_inside else ()
        joint = replace(joint, shown=SOFT_BREAK)
        self.lines.append(_Line(spans, joint, speaker, self.pause, self.piece, mark))
        self.pause = 0.0


def _fragments(source: str, lines: Sequence[_Line]) -> Iterator[Fragment]:
    shown = ([text_of(line.spans, source) for line in piece] for _, piece in groupby(lines, lambda line: line.piece))
    is_dashed = has_dashes(shown)
    for line in lines:
        pause = line.pause
        for fragment in divide_at_changes(source, line.spans, line.joint, line.speaker, is_dashed=is_dashed):
            yield replace(fragment, pause=pause)
            pause = 0.0


def _seconds(attributes: Mapping[str, str], keys: Sequence[str]) -> float | None:
    """Return a time that one of some attributes gives: ``00:00:03.5``, ``3.5s``, ``3.5``."""
    written = next((attributes[key] for key in keys if key in attributes), "")
    clock = _CLOCK.fullmatch(written)
    if clock is None:
        return None
    hours, minutes, seconds, unit = clock.groups()
    hours, minutes = (hours, minutes) if minutes else (None, hours)
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds.replace(",", ".")) * _UNITS.get(unit, 1.0)
