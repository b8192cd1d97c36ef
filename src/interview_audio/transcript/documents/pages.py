"""Takes the text out of a PDF: the lines of its pages, without the numbers and the running heads around them."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from interview_audio.errors import SourceError
from interview_audio.files.input_files import SOURCE

_MAX_PAGES = 5000
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|\s]|page|seite|p\.|第)*\d{1,4}(?:\s*(?:/|of|von|页|頁)\s*\d{0,4})?[-–—|\s]*", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_EDGE_LINES = 2
"""Lines at the top and at the foot of a page among which its frame is."""
_MIN_FRAMED = 3
"""Pages that share a line that is their frame."""
_BROKEN_WORD = re.compile(r"(?P<first>[^\W\d_]{2,40})-\n(?P<second>[a-zß-ÿ][^\W\d_]{1,40})(?P<mark>[.,;:!?]?) ?")


def pdf_text(content: bytes) -> str:
    """Return the text of a PDF.

    Raises:
        SourceError: It is damaged, protected or too large.
    """
    pages = [_lines(page) for page in _pages(content)]
    frame = _frame(pages)
    kept = "\n".join(line for page in pages for line in _without_frame(page, frame))
    return _with_whole_words(kept) + "\n" if kept.strip() else ""


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


def _with_whole_words(text: str) -> str:
    """Join the words that were divided at the ends of lines; one that has its hyphen elsewhere, too, keeps it."""
    written = frozenset(re.findall(r"[^\W\d_]{2,40}-[^\W\d_]{2,40}", text))

    def whole(found: re.Match[str]) -> str:
        hyphen = "-" if f"{found['first']}-{found['second']}" in written else ""
        return f"{found['first']}{hyphen}{found['second']}{found['mark']}\n"

    return _BROKEN_WORD.sub(whole, text)
