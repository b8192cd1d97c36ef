"""Takes the text out of a document that is no text file; what cannot be read is named, with what to do instead.

Of a PDF these are the lines of its pages, without the numbers and the running heads around them; ``zipped_documents``
reads the others. The readers are behind the optional extra ``documents``.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import groupby
from statistics import median

from interview_audio.errors import SourceError
from interview_audio.files.input_files import SOURCE
from interview_audio.text.characters import columns, is_wide
from interview_audio.transcript.lexicon.label_grammar import could_name
from interview_audio.transcript.lexicon.markup import literal, literal_line, without_escapes
from interview_audio.transcript.lexicon.typography import ends_sentence
from interview_audio.transcript.zipped_documents import Archive, book_text, open_document_text, word_text

_FORMAT = re.compile(
    r"\s*(?:[\[{]\s*[\"{\[]|\\<[A-Za-z]|<\\[!?]|\[Script Info\])"
    r"|(?:[^\n]*\n){0,8}[ \t]*(?:\d{1,3}:)?\d{1,2}:\d\d[.,]\d{1,3}[ \t]*-->"
)
"""How the text of a document begins that is JSON, a page's source or subtitles, whose signs are no words."""
_ZIP = b"PK\x03\x04"
_PDF = b"%PDF-"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
_OTHER_PARTS = (
    ("xl/", "an Excel workbook; save the sheet as CSV"),
    ("ppt/", "a PowerPoint file; save its text as .docx or as text"),
    ("Index/", "a document of Apple's Pages, Numbers or Keynote; export it as Word or as text"),
)
_MAX_PAGES = 5000
"""Pages of a talk of some hundred hours: a PDF of more is something else, and would take minutes."""
_BOLD = re.compile(r"bold|black|heavy|semibold", re.IGNORECASE)
_MIN_HEADING_SIZE = 1.25
"""Times the size of most letters."""
_MAX_HEADING = 120
"""Columns; a longer text in large letters is an introduction, which is read."""
_OF_DAMAGED_FILES = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    ImportError,
    NotImplementedError,
)
"""What pypdf raises beside its own errors, where a file is not what it says."""
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|\s]|page|seite|p\.|第)*\d{1,4}(?:\s*(?:/|of|von|页|頁)\s*\d{0,4})?[-–—|\s]*", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_EDGE_LINES = 2
"""Lines at the top and at the foot of a page among which its frame is."""
_MIN_FRAMED = 3
"""Pages that share a line that is their frame."""
_LAST_WORD = re.compile(r"([^\W\d_]{2,40})-\Z")
_FIRST_WORD = re.compile(r"[a-zß-ÿ][^\W\d_]{1,40}")
_BEGINS = re.compile(
    r"\s*(?:[^\s:：，,。.]{1,24}(?: [^\s:：，,。.]{1,24}){0,3} ?[:：]|[QA]\d{0,3}[.．:：]"
    r"|[-–—•●▪◦*]\s|\d{1,3}[.)]\s|>>|\[|【)"
)
"""How a line begins that is a paragraph, whatever is above it: with a label, a mark of a list, a number, a time."""
_NUMBERED = re.compile(r"\s*\d{1,2}(?:\s|\Z)")
_MIN_NUMBERED_SHARE = 0.6
"""Share of lines that begin with a number where lines are numbered, as in a deposition: they stay lines."""
_WIDEST = 0.9
_MIN_FULL_SHARE = 0.8
"""Share of the width of the wider lines, of which one in ten may be wider still, that a line in a paragraph fills."""
_MIN_BROKEN = 24
"""Columns of a line that was broken; a shorter one is a heading, a name, or the line of a poem."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page."""

    text: str
    is_bold: bool = False
    size: float = 0.0
    """Of its letters; nothing where the file does not say it."""


def _pdf_text(content: bytes) -> str:
    """Return the text of a PDF; a paragraph is bold or a heading if all of its letters are heavier or larger.

    Raises:
        SourceError: It is damaged, protected or too large.
    """
    pages = _pages(content)
    frame = _frame(pages)
    lines = [line for page in pages for line in _without_frame(page, frame)]
    if not lines:
        return ""
    if sum(_NUMBERED.match(line.text) is not None for line in lines) >= _MIN_NUMBERED_SHARE * len(lines):
        return "\n".join(line.text for line in lines) + "\n"
    return "\n\n".join(_paragraphs(_told_apart(lines))) + "\n"


def _pages(content: bytes) -> list[list[_Line]]:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    pages: list[list[_Line]] = []
    size = 0
    try:
        with _quiet():
            reader = PdfReader(io.BytesIO(content))
            if reader.is_encrypted and not reader.decrypt(""):
                raise SourceError("this PDF is protected by a password; save it without one")
            if len(reader.pages) > _MAX_PAGES:
                raise SourceError(f"this PDF has more than {_MAX_PAGES} pages; {SOURCE.remedy}")
            for page in reader.pages:
                runs: list[_Run] = []
                text = page.extract_text(visitor_text=_collector(runs))
                size += len(text)
                if size > SOURCE.bytes:
                    raise SourceError(f"the text in this PDF is larger than the {SOURCE.size} limit; {SOURCE.remedy}")
                pages.append(_lines(text, runs))
    except FileNotDecryptedError as error:
        raise SourceError("this PDF is protected by a password; save it without one") from error
    except (PyPdfError, *_OF_DAMAGED_FILES) as error:
        raise SourceError("this PDF is damaged or cannot be read; save its text, or print it to PDF again") from error
    return pages


_Run = tuple[str, bool, float]
"""Letters of one font, whether it is bold, and its size."""


def _collector(runs: list[_Run]) -> Callable[..., None]:
    """Return a function that keeps the runs of a page with their fonts."""

    def collect(text: str, _: object, matrix: Sequence[float], font: Mapping[str, object] | None, size: float) -> None:
        name = str((font or {}).get("/BaseFont", ""))
        runs.append((text, _BOLD.search(name) is not None, round(abs(matrix[3] or matrix[0]) * float(size), 1)))

    return collect


def _lines(page: str, runs: Sequence[_Run]) -> list[_Line]:
    if "".join(text for text, _, _ in runs) != page:  # pypdf has put the runs into another order
        return [_Line(line.rstrip()) for line in page.replace("\0", "").splitlines() if line.strip()]
    letters: list[_Run] = [(letter, is_bold, size) for text, is_bold, size in runs for letter in text if letter != "\0"]
    lines = []
    for is_end, group in groupby(letters, lambda letter: letter[0] in "\r\n"):
        found = list(group)
        words = "".join(letter for letter, _, _ in found).rstrip()
        if is_end or not words.strip():
            continue
        shown = [letter for letter in found if not letter[0].isspace()]
        lines.append(_Line(words, all(letter[1] for letter in shown), median(letter[2] for letter in shown)))
    return lines


def _told_apart(lines: Sequence[_Line]) -> list[_Line]:
    """Return the lines; where most are bold, none is."""
    is_usual = 2 * sum(line.is_bold for line in lines) > len(lines)
    return [replace(line, is_bold=False) for line in lines] if is_usual else list(lines)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pypdf's remarks on a file from the terminal."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _key(line: str) -> str:
    return _DIGITS.sub("", line).strip()


def _frame(pages: Sequence[Sequence[_Line]]) -> frozenset[str]:
    """Return what recurs, but for its digits, at the top or the foot of most pages."""
    counts = Counter(key for page in pages for key in {_key(line.text) for line in _edges(page)} if key)
    inside = {_key(line.text) for page in pages for line in page[_EDGE_LINES:-_EDGE_LINES]}
    most = max(_MIN_FRAMED, len(pages) // 2)
    # What is within the pages, too, is a label; a sentence is somebody's, even where it recurs.
    frame = frozenset(
        key for key, count in counts.items() if count >= most and key not in inside and not ends_sentence(key)
    )
    return frame - _labels(pages, frame)


def _labels(pages: Sequence[Sequence[_Line]], frame: frozenset[str]) -> frozenset[str]:
    """Return what is only at the edges of pages and yet no frame of theirs: the labels of two people or more.

    Each could name somebody, and has the words of a turn below it; a frame is in the middle of a sentence somewhere,
    above words with a label of their own, or below another frame.
    """
    named = frozenset(key for key in frame if could_name(key))
    lines = [line.text for page in pages for line in _without_frame(page, frame - named)]
    is_label = dict.fromkeys(named, True)
    for above, line, below in zip(("", *lines), lines, (*lines[1:], ""), strict=False):
        if (key := _key(line)) in named:
            is_label[key] &= _begins_turn(above, below) and _key(below) not in named
    labels = frozenset(key for key in named if is_label[key])
    return labels if len(labels) > 1 else frozenset()


def _begins_turn(above: str, below: str) -> bool:
    """Tell whether a line between two others may be the label of a turn."""
    is_between = not above or ends_sentence(above)
    return is_between and below.strip() != "" and not below.lstrip()[0].islower() and not _BEGINS.match(below)


def _edges(page: Sequence[_Line]) -> list[_Line]:
    return [*page[:_EDGE_LINES], *page[-_EDGE_LINES:]]


def _without_frame(page: Sequence[_Line], frame: frozenset[str]) -> Iterator[_Line]:
    for index, line in enumerate(page):
        is_at_edge = index < _EDGE_LINES or index >= len(page) - _EDGE_LINES
        is_number = (index in (0, len(page) - 1)) and _PAGE_NUMBER.fullmatch(line.text)
        if not (is_number or (is_at_edge and _key(line.text) in frame)):
            yield line


def _paragraphs(lines: Sequence[_Line]) -> Iterator[str]:
    """Join the lines that were broken at the width of the page: after a full one, or inside a sentence."""
    widths = sorted(columns(line.text) for line in lines)
    full = max(_MIN_BROKEN, _MIN_FULL_SHARE * widths[int(_WIDEST * (len(widths) - 1))])
    usual = median(line.size for line in lines)
    written = frozenset(re.findall(r"[^\W\d_]{2,40}-[^\W\d_]{2,40}", "\n".join(line.text for line in lines)))
    paragraph = ""
    for above, line in zip((None, *lines), lines, strict=False):
        if above and _goes_on(above, line, full):
            paragraph = _joined(paragraph, line.text.strip(), written)
            continue
        if above and paragraph:
            yield _marked(paragraph, above, usual)
        paragraph = line.text.strip()
    yield _marked(paragraph, lines[-1], usual)


def _goes_on(above: _Line, line: _Line, full: float) -> bool:
    if line.is_bold != above.is_bold or line.size != above.size or _BEGINS.match(line.text):
        return False
    width = columns(above.text)
    return width >= full or (width >= _MIN_BROKEN and above.text[-1:].isalpha() and line.text.lstrip()[:1].islower())


def _marked(paragraph: str, last: _Line, usual: float) -> str:
    """Return a paragraph as Markdown sets one that is bold, or a heading."""
    paragraph = literal_line(literal(paragraph))
    is_short = columns(paragraph) <= _MAX_HEADING and not paragraph.endswith((".", "。"))
    if is_short and last.size > _MIN_HEADING_SIZE * usual > 0:
        return f"## {paragraph}"
    return f"**{paragraph}**" if last.is_bold and "*" not in paragraph else paragraph


def _joined(above: str, below: str, written: frozenset[str]) -> str:
    """Join two lines; a word that was divided is whole again, unless it has its hyphen elsewhere, too."""
    first, second = _LAST_WORD.search(above), _FIRST_WORD.match(below)
    if first and second:
        is_hyphenated = f"{first[1]}-{second[0]}" in written
        return above + below if is_hyphenated else above[:-1] + below
    is_wide_joint = is_wide(above[-1:]) and is_wide(below[:1])
    return above + below if is_wide_joint else f"{above} {below}"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of zipped document."""

    name: str
    """As messages call it."""
    needs: str
    """The package of the extra that reads it."""
    text_of: Callable[[Archive], str]


_WORD = _Kind("a Word document", "mammoth", word_text)
_OPEN_TEXT = _Kind("an OpenDocument text", "defusedxml", open_document_text)
_BOOK = _Kind("an EPUB", "defusedxml", book_text)


def is_document(content: bytes) -> bool:
    """Tell whether a source is a document whose text is taken out before it is read."""
    return content.startswith((_ZIP, _PDF))


def document_text(content: bytes) -> str:
    """Return the text of a document: Markdown of Word, OpenDocument and PDF, HTML of EPUB.

    Raises:
        SourceError: It is of another kind, damaged, protected, too large or without text; or the extra is missing.
    """
    if content.startswith(_PDF):
        _require("a PDF", "pypdf")
        name, text = "a PDF", _pdf_text(content)
    else:
        archive = Archive(content)
        kind = _kind_of(archive)
        _require(kind.name, kind.needs)
        name, text = kind.name, kind.text_of(archive)
    if not text.strip():
        raise SourceError(
            f"this is {name} without text; if its pages are scanned, run text recognition (OCR) on it first"
        )
    return without_escapes(text) if _FORMAT.match(text) else text


def _require(name: str, package: str) -> None:
    if find_spec(package) is None:
        raise SourceError(f"reading {name} needs: pip install 'interview-audio[documents]'; or save it as UTF-8 text")


def _kind_of(archive: Archive) -> _Kind:
    names = archive.names
    mime = archive.mime_type
    if any(name.startswith("word/") for name in names):
        return _WORD
    if mime.startswith(_OPEN_DOCUMENT + b".text"):
        return _OPEN_TEXT
    if mime == b"application/epub+zip" or "META-INF/container.xml" in names:
        return _BOOK
    if mime.startswith(_OPEN_DOCUMENT):
        raise SourceError("this is an OpenDocument file of another kind; save it as .docx, CSV or text")
    for beginning, what in _OTHER_PARTS:
        if any(name.startswith(beginning) for name in names):
            raise SourceError(f"this is {what}")
    raise SourceError("this is a ZIP archive; unpack it and choose the interview")
