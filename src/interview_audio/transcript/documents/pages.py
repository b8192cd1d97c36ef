"""Takes the text out of a PDF: the lines of its pages, without the numbers and the running heads around them."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from interview_audio.errors import SourceError
from interview_audio.files.input_files import SOURCE
from interview_audio.text.characters import columns, is_wide

_MAX_PAGES = 5000
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


def pdf_text(content: bytes) -> str:
    """Return the text of a PDF.

    Raises:
        SourceError: It is damaged, protected or too large.
    """
    pages = [_lines(page) for page in _pages(content)]
    frame = _frame(pages)
    lines = [line for page in pages for line in _without_frame(page, frame)]
    if not lines:
        return ""
    is_numbered = sum(_NUMBERED.match(line) is not None for line in lines) >= _MIN_NUMBERED_SHARE * len(lines)
    return "\n".join(lines) + "\n" if is_numbered else "\n\n".join(_paragraphs(lines)) + "\n"


def _pages(content: bytes) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    texts: list[str] = []
    size = 0
    try:
        with _quiet():
            reader = PdfReader(io.BytesIO(content))
            if reader.is_encrypted and not reader.decrypt(""):
                raise SourceError("this PDF is protected by a password; save it without one")
            for page in reader.pages[:_MAX_PAGES]:
                texts.append(page.extract_text())
                size += len(texts[-1])
                if size > SOURCE.bytes:
                    raise SourceError(f"the text in this PDF is larger than the {SOURCE.size} limit; {SOURCE.remedy}")
    except FileNotDecryptedError as error:
        raise SourceError("this PDF is protected by a password; save it without one") from error
    except (
        PyPdfError,
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        ImportError,
        NotImplementedError,
    ) as error:
        raise SourceError("this PDF is damaged or cannot be read; save its text, or print it to PDF again") from error
    return texts


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


def _lines(page: str) -> list[str]:
    return [line.rstrip() for line in page.replace("\0", "").splitlines() if line.strip()]


def _key(line: str) -> str:
    return _DIGITS.sub("", line).strip()


def _frame(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return what recurs, but for its digits, at the top or the foot of most pages."""
    counts = Counter(key for page in pages for key in {_key(line) for line in _edges(page)} if key)
    return frozenset(key for key, count in counts.items() if count >= max(_MIN_FRAMED, len(pages) // 2))


def _edges(page: Sequence[str]) -> list[str]:
    return [*page[:_EDGE_LINES], *page[-_EDGE_LINES:]]


def _without_frame(page: Sequence[str], frame: frozenset[str]) -> Iterator[str]:
    for index, line in enumerate(page):
        is_at_edge = index < _EDGE_LINES or index >= len(page) - _EDGE_LINES
        is_number = (index in (0, len(page) - 1)) and _PAGE_NUMBER.fullmatch(line)
        if not (is_number or (is_at_edge and _key(line) in frame)):
            yield line


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Join the lines that were broken at the width of the page: after a full one, or inside a sentence."""
    widths = sorted(columns(line) for line in lines)
    full = _MIN_FULL_SHARE * widths[int(_WIDEST * (len(widths) - 1))]
    written = frozenset(re.findall(r"[^\W\d_]{2,40}-[^\W\d_]{2,40}", "\n".join(lines)))
    paragraph = ""
    last = 0
    for line in lines:
        goes_on = line[:1].islower() and paragraph[-1:].isalpha() and last >= _MIN_BROKEN
        is_joined = last >= max(full, _MIN_BROKEN) and not _BEGINS.match(line)
        if paragraph and (is_joined or (goes_on and not _BEGINS.match(line))):
            paragraph = _joined(paragraph, line.strip(), written)
        else:
            if paragraph:
                yield paragraph
            paragraph = line.strip()
        last = columns(line)
    yield paragraph


def _joined(above: str, below: str, written: frozenset[str]) -> str:
    """Join two lines; a word that was divided is whole again, unless it has its hyphen elsewhere, too."""
    first, second = _LAST_WORD.search(above), _FIRST_WORD.match(below)
    if first and second:
        is_hyphenated = f"{first[1]}-{second[0]}" in written
        return above + below if is_hyphenated else above[:-1] + below
    is_wide_joint = is_wide(above[-1:]) and is_wide(below[:1])
    return above + below if is_wide_joint else f"{above} {below}"
