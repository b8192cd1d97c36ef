"""Podcasting 2.0 JSON chapters, version 1.2: what podcast apps read that take chapters from beside the sound.

Podlove Simple Chapters, version 1.2: chapters as XML, which Spotify and others take from a feed.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from interview_audio.production.timeline import ChapterMark, in_seconds
from interview_audio.text.printable import json_text, printable
from interview_audio.text.units import clock
from interview_audio.verification.sidecar_reading import (
    CompanionError,
    parse_clock,
    read_json_list,
    read_milliseconds,
    read_text,
)

_VERSION = "1.2.0"


def format_chapters_json(
    marks: Sequence[ChapterMark], title: str, artists: Sequence[str] = (), show: str | None = None
) -> str:
    """The ``.chapters.json`` of an episode, with the same chapters and milliseconds as its tag.

    Args:
        marks: In order.
        title: Of the episode.
        artists: Who speaks; left out if empty.
        show: Name of the podcast; left out if there is none.
    """
    about = {"title": printable(title), "author": printable(", ".join(artists)), "podcastName": printable(show or "")}
    content = {
        "version": _VERSION,
        **{name: text for name, text in about.items() if text},
        "chapters": [_chapter(mark) for mark in marks],
    }
    return json_text(content, indent=2) + "\n"


def parse_chapters_json(text: str) -> tuple[ChapterMark, ...]:
    """Read a ``.chapters.json`` back.

    Raises:
        CompanionError: It is not JSON chapters 1.2, or a chapter begins before the one above it.
    """
    marks: list[ChapterMark] = []
    for number, item in enumerate(read_json_list(text, _VERSION, "chapters"), start=1):
        place = f"chapter {number}"
        start = read_milliseconds(item, "startTime", place)
        end = read_milliseconds(item, "endTime", place) if "endTime" in item else None
        if start < (marks[-1].start if marks else 0) or (end is not None and end < start):
            raise CompanionError(f"{place} goes back in time")
        marks.append(ChapterMark(read_text(item, "title", place), start, end))
    return tuple(marks)


def _chapter(mark: ChapterMark) -> dict[str, object]:
    ending = {} if mark.end is None else {"endTime": in_seconds(mark.end)}
    return {"startTime": in_seconds(mark.start), **ending, "title": mark.title}


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
