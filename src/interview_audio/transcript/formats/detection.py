"""Tells the format of a source from its content; the suffix of its name is a hint where the content leaves doubt."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Literal

from interview_audio.transcript.formats.chat_logs import is_chat_log, read_chat_log
from interview_audio.transcript.formats.html_page import read_page
from interview_audio.transcript.formats.markdown import read_markdown
from interview_audio.transcript.formats.numbered_lines import has_numbered_lines, read_numbered_lines
from interview_audio.transcript.formats.recognized_speech import is_json, read_recognized_speech
from interview_audio.transcript.formats.source_document import SourceDocument, build_document
from interview_audio.transcript.formats.subtitles import is_subtitle_file, read_subtitles
from interview_audio.transcript.formats.tables import (
    has_spoken_table,
    is_table,
    read_markdown_tables,
    read_table,
)
from interview_audio.transcript.formats.xml_transcripts import read_xml, xml_root
from interview_audio.transcript.layout.paragraphs import split_paragraphs

SourceFormat = Literal["plain", "subtitles", "json", "html", "xml", "table", "markdown table", "numbered lines", "chat"]

_HTML_OPENING = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)?<(?:!doctype\s+html|html|head|body|sami)\b",
    re.IGNORECASE | re.DOTALL,
)
_SPEECH_MARKUP = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<speak[\s>]", re.IGNORECASE)
"""SSML, whose paragraphs and sentences have the tags of pages."""
_HTML_BLOCK = re.compile(
    r"</(?:p|div|h[1-6]|li|dd|dt|section|article|blockquote|t[dr]|table|pre|ul|dl)\s*>", re.IGNORECASE
)
_FRAGMENT_OPENING = re.compile(
    r"\s*<(?:p|div|h[1-6]|ul|ol|dl|section|article|main|blockquote|table|pre|span|b|strong)[\s>]", re.IGNORECASE
)
_MIN_BLOCKS = 2


def format_of(source: str, suffix: str = "") -> SourceFormat:
    """Tell the format of a source.

    Args:
        source: The decoded source.
        suffix: Of its name, with the dot; empty where it has none.
    """
    suffix = suffix.lower()
    if is_subtitle_file(source):
        return "subtitles"
    if suffix in (".json", ".jsonl") or is_json(source):
        return "json"
    is_hinted = suffix in (".html", ".htm", ".xhtml") and _HTML_BLOCK.search(source) is not None
    if _SPEECH_MARKUP.match(source):
        return "html"
    if xml_root(source):
        return "xml"
    if is_hinted or _HTML_OPENING.match(source) or _is_fragment(source):
        return "html"
    if is_table(source, suffix):
        return "table"
    if is_chat_log(source):
        return "chat"
    if has_numbered_lines(source):
        return "numbered lines"
    return "markdown table" if has_spoken_table(source) else "plain"


def read_document(source: str, suffix: str, known: Collection[str]) -> SourceDocument:
    """Read a source of any format to paragraphs.

    Args:
        source: The decoded source.
        suffix: Of its name.
        known: Folded names that are labels without further evidence.

    Raises:
        SourceError: The source is in a format that it does not keep to, or has no transcript.
    """
    read = _READERS.get(format_of(source, suffix), _read_text)
    return read(source, known)


def _read_html(source: str, _: Collection[str]) -> SourceDocument:
    return build_document(source, *read_page(source), "speaker of the paragraph")


def _read_text(source: str, _: Collection[str]) -> SourceDocument:
    """Read what people write: Markdown where it is clearly that, else paragraphs."""
    if document := read_markdown(source):
        return document
    paragraphs = split_paragraphs(source)
    return SourceDocument(paragraphs, (None,) * len(paragraphs))


_READERS: Mapping[SourceFormat, Callable[[str, Collection[str]], SourceDocument]] = {
    "subtitles": read_subtitles,
    "json": read_recognized_speech,
    "xml": read_xml,
    "html": _read_html,
    "table": read_table,
    "markdown table": lambda source, _: read_markdown_tables(source),
    "chat": lambda source, _: read_chat_log(source),
    "numbered lines": lambda source, _: read_numbered_lines(source),
}


def _is_fragment(source: str) -> bool:
    """Tell whether a text without a page around it is set in HTML."""
    blocks = _HTML_BLOCK.findall(source) if _FRAGMENT_OPENING.match(source) else ()
    return len(blocks) >= _MIN_BLOCKS
