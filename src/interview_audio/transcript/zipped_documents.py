"""Takes the text out of Word documents, OpenDocument texts and EPUBs.

Headings, bold and italic words and tables become Markdown, a paragraph a line; what Markdown would take for its own is
escaped, since a word processor shows it as it is written. Comments, notes, headers, footers and
deleted words are left out: they are not what was said. Whatever an archive claims, its parts are read up to the size of
a source, and none that declares entities of its own is.
"""

import html
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from interview_audio.errors import SourceError
from interview_audio.files.input_files import SOURCE
from interview_audio.transcript.lexicon.markup import literal, literal_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DAMAGED = "this file is damaged; save it again in the program that made it"
_DECLARES_ENTITIES = "this file declares XML entities, which word processors do not write; save it as text"
_OF_DAMAGED_PARTS = (
    KeyError,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
_MIME = "mimetype"
_MAX_MIME = 200
_TEXT_PART = re.compile(r"\.(?:xml|rels|opf|ncx|xhtml|html?)\Z", re.IGNORECASE)
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]{0,2000}>(.*)</body\s*>", re.IGNORECASE | re.DOTALL)
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}encoding=["']([\w-]{1,40})["']""")
_HEADING = re.compile(r"(?:heading|title|subtitle|überschrift|titre|标题) ?(\d)?", re.IGNORECASE)
_LINE_ENDS = re.compile(r"[\n\x0b\x0c\r\u2028\u2029]+")
_AROUND_RUNS = re.compile(
    rb"</?(?:[\w.-]{1,40}:)?(?:fldSimple|dir|bdo|ruby|rubyBase)(?:\s(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)?/?>"
)
"""Elements of Word around runs that mammoth passes over with all that is in them: fields, directions, ruby."""
_MIN_COLUMNS = 2
_MAX_LEVEL = 6
_MAX_DEPTH = 200
"""Elements inside each other; deeper ones are of no document that a person wrote."""


class Archive:
    """A zipped document, opened and checked."""

    def __init__(self, content: bytes) -> None:
        """Open it.

        Raises:
            SourceError: It is damaged, protected or too large.
        """
        self.content = content
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            parts = self._archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise SourceError(_DAMAGED) from error
        if any(part.flag_bits & 1 for part in parts):
            raise SourceError("this file is protected by a password; save it without one")
        self.names = tuple(part.filename for part in parts)
        texts = [part for part in parts if _TEXT_PART.search(part.filename)]
        self._texts = tuple(part.filename for part in texts)
        size = sum(part.file_size for part in texts)
        if size > SOURCE.bytes:
            raise _too_large()

    @property
    def mime_type(self) -> bytes:
        """What the archive itself says that it is; empty where it does not."""
        is_said = _MIME in self.names and self._archive.getinfo(_MIME).file_size <= _MAX_MIME
        return self.read(_MIME).strip() if is_said else b""

    def read(self, name: str) -> bytes:
        """Return a part.

        Raises:
            SourceError: It is missing, damaged or larger than a source may be.
        """
        try:
            size = self._archive.getinfo(name).file_size
            content = b"" if size > SOURCE.bytes else self._archive.read(name)
        except _OF_DAMAGED_PARTS as error:
            raise SourceError(_DAMAGED) from error
        if size > SOURCE.bytes:
            raise _too_large()
        return content

    def refuse_declarations(self) -> None:
        """Raise ``SourceError`` where a part of XML declares a document type or entities, which could explode."""
        for name in self._texts:
            if _DECLARES.search(self.read(name).replace(b"\0", b"")):
                raise SourceError(_DECLARES_ENTITIES)

    def rewritten(self, change: Callable[[bytes], bytes]) -> bytes:
        """Return the archive of the parts of XML, each changed.

        Raises:
            SourceError: A part is damaged or larger than a source may be.
        """
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            for name in dict.fromkeys(self._texts):
                archive.writestr(name, change(self.read(name)))
        return written.getvalue()

    def xml(self, name: str) -> "Element":
        """Return a part of XML, parsed.

        Raises:
            SourceError: It is missing, damaged or declares entities.
        """
        from xml.etree.ElementTree import ParseError

        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import fromstring

        try:
            root: Element = fromstring(self.read(name))
        except DefusedXmlException as error:
            raise SourceError(_DECLARES_ENTITIES) from error
        except (ParseError, ValueError, LookupError) as error:
            raise SourceError(_DAMAGED) from error
        return root


def _too_large() -> SourceError:
    return SourceError(f"the text in this file is larger than the {SOURCE.size} limit; {SOURCE.remedy}")


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that are set alike."""

    text: str
    is_bold: bool = False
    is_italic: bool = False


def _markdown(pieces: Iterable[_Run], level: int = 0) -> str:
    """Return a paragraph as a line of Markdown for each of its lines, a heading with its level."""
    runs = [
        (style, literal("".join(piece.text for piece in run)))
        for style, run in groupby(pieces, lambda piece: "*" * (2 * piece.is_bold + piece.is_italic))
    ]
    whole = "".join(_set(text, "" if level else style) for style, text in _without_gaps(runs))
    lines = [literal_line(line.strip()) for line in _LINE_ENDS.split(whole)]
    if level:
        heading = " ".join(filter(None, lines))
        return f"{'#' * min(level, _MAX_LEVEL)} {heading}" if heading else ""
    return "\n".join(filter(None, lines))


def _without_gaps(runs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Join runs of one style between which there is only space in another."""
    joined: list[tuple[str, str]] = []
    for style, text in runs:
        is_same = joined and (joined[-1][0] == style or not text.strip())
        if is_same:
            joined[-1] = joined[-1][0], joined[-1][1] + text
        else:
            joined.append((style, text))
    return iter(joined)


def _set(text: str, style: str) -> str:
    """Set marks around the words of each line, inside the space around them."""
    if not style:
        return text
    return "\n".join(_marked(part, style) for part in _LINE_ENDS.split(text))


def _marked(line: str, style: str) -> str:
    words = line.strip()
    before = line[: len(line) - len(line.lstrip())]
    return f"{before}{style}{words}{style}{line[len(before) + len(words) :]}" if words else line


def _table(rows: Sequence[Sequence[Sequence[str]]]) -> Iterator[str]:
    """Yield a table of cells of paragraphs: as Markdown, or its paragraphs where it only arranges them on the page.

    That is so for rows of one cell, and for rows in which two cells have several paragraphs, as forms have.
    """
    for width, group in groupby((row for row in rows if any(row)), len):
        alike = tuple(group)
        long_columns = {column for row in alike for column, cell in enumerate(row) if len(cell) > 1}
        if width < _MIN_COLUMNS or len(long_columns) > 1:
            yield from (paragraph for row in alike for cell in row for paragraph in cell)
        else:
            head, *lines = (f"| {' | '.join(map(_in_cell, row))} |" for row in alike)
            yield "\n".join((head, "|" + " --- |" * width, *lines))


def _filled(paragraphs: Iterable[str]) -> list[str]:
    return list(filter(None, paragraphs))


def _in_cell(paragraphs: Sequence[str]) -> str:
    return "<br>".join(paragraphs).replace("\n", "<br>").replace("|", "\\|")


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(filter(None, blocks)) + "\n"


def word_text(archive: Archive) -> str:
    """Return the text of a Word document.

    Raises:
        SourceError: It is damaged.
    """
    from xml.parsers.expat import ExpatError

    from mammoth import convert_to_html, documents

    archive.refuse_declarations()
    content = archive.rewritten(lambda part: part if b"\0" in part else _AROUND_RUNS.sub(b"", part))
    kept: list[Any] = []

    def keep(document: Any) -> Any:
        kept.append(document)
        return documents.document([])  # nothing is left to be converted

    try:
        convert_to_html(io.BytesIO(content), transform_document=keep, include_embedded_style_map=False)
    except (LookupError, ValueError, AttributeError, TypeError, OSError, RecursionError, ExpatError) as error:
        raise SourceError(_DAMAGED) from error
    return _joined(_word_blocks(kept[0].children, _bold_word_styles(archive)))


def _bold_word_styles(archive: Archive) -> frozenset[str]:
    """Return the styles of paragraphs that are bold."""
    if "word/styles.xml" not in archive.names:
        return frozenset()
    bold = set()
    for style in archive.xml("word/styles.xml").iter():
        if _local(style.tag) == "style":
            marks = [mark for mark in style.findall("{*}rPr/{*}b") if _attribute(mark, "val") not in ("0", "false")]
            bold.update([_attribute(style, "styleId")] if marks else [])
    return frozenset(bold)


def _word_blocks(children: Sequence[Any], bold: frozenset[str]) -> Iterator[str]:
    from mammoth import documents

    for child in children:
        if isinstance(child, documents.Paragraph):
            named = _HEADING.fullmatch(child.style_name or "")
            level = 0 if named is None else int(named[1] or 1)
            is_bold = child.style_id in bold and not level
            yield _markdown(_word_pieces(child.children, is_bold=is_bold), level)
        elif isinstance(child, documents.Table):
            yield from _table(
                [[_filled(_word_blocks(cell.children, bold)) for cell in row.children] for row in child.children]
            )
        elif isinstance(child, documents.HasChildren):
            yield from _word_blocks(child.children, bold)


def _word_pieces(children: Sequence[Any], *, is_bold: bool, is_italic: bool = False) -> Iterator[_Run]:
    from mammoth import documents

    for child in children:
        if isinstance(child, documents.Run):
            yield from _word_pieces(
                child.children,
                is_bold=is_bold or child.is_bold or (child.style_name or "").lower() == "strong",
                is_italic=is_italic or child.is_italic or (child.style_name or "").lower() == "emphasis",
            )
        elif isinstance(child, documents.HasChildren):
            yield from _word_pieces(child.children, is_bold=is_bold, is_italic=is_italic)
        elif isinstance(child, documents.Text):
            yield _Run(child.value, is_bold, is_italic)
        elif isinstance(child, documents.Break):
            yield _Run("\n", is_bold, is_italic)
        elif isinstance(child, documents.Tab):
            yield _Run("\t", is_bold, is_italic)


def open_document_text(archive: Archive) -> str:
    """Return the text of an OpenDocument text.

    Raises:
        SourceError: It is damaged.
    """
    content = archive.xml("content.xml")
    parts = [archive.xml("styles.xml")] if "styles.xml" in archive.names else []
    styles = {
        _attribute(style, "name"): style
        for part in (*parts, content)
        for style in part.iter()
        if _local(style.tag) == "style"
    }
    body = next((part for part in content.iter() if part.tag.endswith("}text") and "office" in part.tag), None)
    if body is None:
        raise SourceError(_DAMAGED)
    return _joined(_OpenDocument(styles).blocks(body, 0))


_UNSAID = frozenset((
    "note", "annotation", "annotation-end", "tracked-changes", "sequence-decls", "table-of-content", "ruby-text",
))  # fmt: skip
_BOXES = frozenset(("frame", "text-box"))
"""What stands beside the words of a paragraph; its text is read below them."""
_SPACES = {"tab": "\t", "line-break": "\n"}


@dataclass(frozen=True, slots=True)
class _OpenDocument:
    styles: Mapping[str, "Element"]

    def blocks(self, element: "Element", depth: int) -> Iterator[str]:
        """Yield the paragraphs and tables in an element, in order."""
        for child in element:
            name = _local(child.tag)
            if name in _UNSAID or depth > _MAX_DEPTH:
                continue
            if name in ("p", "h"):
                yield _markdown(self._pieces(child, _Run(""), depth), self._level(child, name))
                for box in _outermost(child, "text-box"):
                    yield from self.blocks(box, depth + 1)
            elif name == "table":
                rows = list(_outermost(child, "table-row"))
                yield from _table([[_filled(self.blocks(cell, depth + 1)) for cell in row] for row in rows])
            else:
                yield from self.blocks(child, depth + 1)

    def _level(self, paragraph: "Element", name: str) -> int:
        if name == "h":
            level = _attribute(paragraph, "outline-level")
            return int(level) if level.isdecimal() and len(level) < 3 else 1
        return 1 if "Title" in self._family(_attribute(paragraph, "style-name")) else 0

    def _family(self, name: str) -> list[str]:
        """Return a style and those it is made from."""
        family: list[str] = []
        while name in self.styles and name not in family:
            family.append(name)
            name = _attribute(self.styles[name], "parent-style-name")
        return [*family, name] if name else family

    def _pieces(self, element: "Element", around: _Run, depth: int) -> Iterator[_Run]:
        inside = self._styled(element, around)
        yield _Run(_folded(element.text), inside.is_bold, inside.is_italic)
        for child in element:
            name = _local(child.tag)
            if name in _SPACES:
                yield _Run(_SPACES[name], inside.is_bold, inside.is_italic)
            elif name == "s":
                count = _attribute(child, "c")
                yield _Run(" " * (int(count) if count.isdecimal() and len(count) < 4 else 1), *_style_of(inside))
            elif name not in _UNSAID and name not in _BOXES and depth < _MAX_DEPTH:
                yield from self._pieces(child, inside, depth + 1)
            yield _Run(_folded(child.tail), inside.is_bold, inside.is_italic)

    def _styled(self, element: "Element", around: _Run) -> _Run:
        bold, italic = around.is_bold, around.is_italic
        for name in reversed(self._family(_attribute(element, "style-name"))):
            style = self.styles.get(name)
            for properties in style if style is not None else ():
                weight, posture = _attribute(properties, "font-weight"), _attribute(properties, "font-style")
                bold = weight == "bold" or (weight.isdecimal() and int(weight[:4]) >= 600) if weight else bold
                italic = posture in ("italic", "oblique") if posture else italic
        return _Run("", bold, italic)


def _outermost(element: "Element", name: str) -> Iterator["Element"]:
    """Yield the elements of a name that are in no other of that name, which would be read twice."""
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if _local(child.tag) == name:
            yield child
        else:
            waiting.extend(reversed(child))


def _style_of(piece: _Run) -> tuple[bool, bool]:
    return piece.is_bold, piece.is_italic


def _folded(text: str | None) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(element: "Element", name: str) -> str:
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")


def book_text(archive: Archive) -> str:
    """Return the chapters of an EPUB as one HTML page.

    Raises:
        SourceError: It is damaged.
    """
    container = archive.xml("META-INF/container.xml")
    package_name = next(
        (_attribute(part, "full-path") for part in container.iter() if _local(part.tag) == "rootfile"), ""
    )
    package = archive.xml(package_name)
    items = {_attribute(item, "id"): item for item in package.iter() if _local(item.tag) == "item"}
    title = next((part.text or "" for part in package.iter() if _local(part.tag) == "title"), "")
    chapters: list[str] = []
    size = 0
    for reference in package.iter():
        item = items.get(_attribute(reference, "idref")) if _local(reference.tag) == "itemref" else None
        if item is None or _attribute(reference, "linear") == "no" or "nav" in _attribute(item, "properties").split():
            continue
        name = normpath(join(dirname(package_name), unquote(_attribute(item, "href"))))
        if name in archive.names and "html" in _attribute(item, "media-type"):
            chapters.append(_chapter(archive.read(name)))
            size += len(chapters[-1])
            if size > SOURCE.bytes:  # a book may name one chapter a thousand times
                raise _too_large()
    head = f"<!DOCTYPE html>\n<html><head><title>{html.escape(title.strip())}</title></head><body>\n"
    return "".join((head, *chapters, "</body></html>\n")) if any(map(str.strip, chapters)) else ""


def _chapter(content: bytes) -> str:
    declared = _ENCODING.match(content)
    encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        page = content.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        page = content.decode("utf-8", "replace")
    body = _BODY.search(page)
    return f"{body[1].strip() if body else page}\n"
