"""Tells the format of a source from its content; the suffix of its name is a hint where the content leaves doubt."""

import json
import re
from collections.abc import Collection
from typing import Literal

from interview_audio.transcript.document import TURN_KEYS
from interview_audio.transcript.formats.composition import Composition, compose
from interview_audio.transcript.formats.cues import is_cued
from interview_audio.transcript.formats.html_page import read_page
from interview_audio.transcript.formats.json_tree import is_json, read_json
from interview_audio.transcript.formats.recognized_speech import read_recognized_speech
from interview_audio.transcript.formats.subtitles import read_subtitles
from interview_audio.transcript.layout import split_paragraphs

Format = Literal["plain", "subtitles", "json", "html"]

HTML_OPENING = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
HTML_BLOCK = re.compile(
    r"</(?:p|div|h[1-6]|li|dd|dt|section|article|blockquote|t[dr]|table|pre|ul|dl)\s*>", re.IGNORECASE
)
FRAGMENT_OPENING = re.compile(
    r"\s*<(?:p|div|h[1-6]|ul|ol|dl|section|article|main|blockquote|table|pre|span|b|strong)[\s>]", re.IGNORECASE
)
FEWEST_BLOCKS = 2
YAML_SUFFIXES = (".yaml", ".yml")
WRITTEN_SCRIPT = re.compile(r"(?:\s*#[^\n]*\n|\s*\n)*schema: ?\d", re.ASCII)
TURNS = re.compile(r"^turns:", re.MULTILINE)


def format_of(source: str, suffix: str = "") -> Format:
    """Tell the format of a source.

    Args:
        source: The decoded source.
        suffix: Of its name, with the dot; empty where it has none.
    """
    suffix = suffix.lower()
    if is_cued(source):
        return "subtitles"
    if suffix in (".json", ".jsonl") or is_json(source):
        return "json"
    is_hinted = suffix in (".html", ".htm", ".xhtml") and HTML_BLOCK.search(source) is not None
    if is_hinted or HTML_OPENING.match(source) or _is_fragment(source):
        return "html"
    return "plain"


def is_script(source: str, suffix: str = "") -> bool:
    """Say whether a source is a script file: YAML, or JSON whose turns are written as ours are."""
    suffix = suffix.lower()
    if suffix in YAML_SUFFIXES or (WRITTEN_SCRIPT.match(source) and TURNS.search(source)):
        return True
    if '"turns"' not in source:
        return False
    if not is_json(source):
        return suffix == ".json"
    root = read_json(source)
    turns = root.get("turns") if isinstance(root, dict) else None
    keys = {key for turn in turns if isinstance(turn, dict) for key in turn} if isinstance(turns, list) else set()
    return isinstance(root, dict) and turns is not None and ("schema" in root or keys <= set(TURN_KEYS))


def is_written_script(text: str) -> bool:
    """Tell whether this is a script file as ``script`` writes it: nothing else may be replaced by one."""
    if WRITTEN_SCRIPT.match(text) and TURNS.search(text):
        return True
    try:
        root = json.loads(text)
    except (ValueError, RecursionError):
        return False
    turns = root.get("turns") if isinstance(root, dict) and isinstance(root.get("schema"), int) else None
    return isinstance(turns, list) and all(isinstance(turn, dict) and {"kind", "text"} <= turn.keys() for turn in turns)


def open_source(source: str, suffix: str, known: Collection[str]) -> Composition:
    """Read a source of any format to paragraphs.

    Args:
        source: The decoded source.
        suffix: Of its name.
        known: Folded names that are labels without further evidence.

    Raises:
        SourceError: The source is in a format that it does not keep to, or has no transcript.
    """
    match format_of(source, suffix):
        case "subtitles":
            return read_subtitles(source, known)
        case "json":
            return read_recognized_speech(source, known)
        case "html":
            return compose(source, *read_page(source), "speaker of the paragraph")
        case "plain":
            paragraphs = split_paragraphs(source)
            return Composition(paragraphs, (None,) * len(paragraphs))


def _is_fragment(source: str) -> bool:
    """Whether a text without a page around it is set in HTML."""
    blocks = HTML_BLOCK.findall(source) if FRAGMENT_OPENING.match(source) else ()
    return len(blocks) >= FEWEST_BLOCKS
