"""Takes the text out of a document that is no text file; what cannot be read is named, with what to do instead.

The readers are behind the optional extra ``documents``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from interview_audio.errors import SourceError
from interview_audio.transcript.documents.pages import pdf_text
from interview_audio.transcript.documents.zipped import Archive, book_text, open_document_text, word_text
from interview_audio.transcript.lexicon.markup import without_escapes

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
        name, text = "a PDF", pdf_text(content)
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
