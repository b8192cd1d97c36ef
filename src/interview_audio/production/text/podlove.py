"""Podlove Simple Chapters, version 1.2: chapters as XML, which Spotify and others take from a feed."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from interview_audio.production.chapter_marks import ChapterMark
from interview_audio.production.text.clock import clock
from interview_audio.production.text.reading import CompanionError, parse_clock

_NAMESPACE = "http://podlove.org/simple-chapters"
_PREFIX = f"{{{_NAMESPACE}}}"


def format_podlove(marks: Sequence[ChapterMark]) -> str:
    """The ``.psc.xml`` of an episode; the root can be copied into an item of a feed as it is."""
    root = ET.Element("psc:chapters", {"xmlns:psc": _NAMESPACE, "version": "1.2"})
    for mark in marks:
        ET.SubElement(root, "psc:chapter", {"start": clock(mark.start), "title": mark.title})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'


def parse_podlove(text: str) -> tuple[ChapterMark, ...]:
    """Read a ``.psc.xml`` back; the format has no ends.

    Raises:
        CompanionError: It is not Podlove Simple Chapters, or a chapter begins before the one above it.
    """
    marks: list[ChapterMark] = []
    for number, element in enumerate(_root(text), start=1):
        title = element.get("title", "")
        if element.tag != f"{_PREFIX}chapter" or not title.strip():
            raise CompanionError(f"chapter {number} is not a chapter, or has no title")
        start = parse_clock(element.get("start", ""), ".", number + 2)
        if start < (marks[-1].start if marks else 0):
            raise CompanionError(f"chapter {number} goes back in time")
        marks.append(ChapterMark(title, start, None))
    return tuple(marks)


def _root(text: str) -> ET.Element:
    try:
        root = ET.fromstring(text)  # noqa: S314 - the file of an episode, whose entities expat limits
    except ET.ParseError as error:
        raise CompanionError(f"not XML ({error.msg})", error.position[0]) from error
    if root.tag != f"{_PREFIX}chapters":
        raise CompanionError("not Podlove Simple Chapters")
    return root
