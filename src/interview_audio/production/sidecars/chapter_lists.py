"""Podcasting 2.0 JSON chapters, version 1.2: what podcast apps read that take chapters from beside the sound.

Podlove Simple Chapters, version 1.2: chapters as XML, which Spotify and others take from a feed.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from interview_audio.production.timeline import ChapterMark, in_seconds
from interview_audio.text.printable import json_text, printable
from interview_audio.text.units import clock

CHAPTERS_VERSION = "1.2.0"


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
        "version": CHAPTERS_VERSION,
        **{name: text for name, text in about.items() if text},
        "chapters": [_chapter(mark) for mark in marks],
    }
    return json_text(content, indent=2) + "\n"


def _chapter(mark: ChapterMark) -> dict[str, object]:
    ending = {} if mark.end is None else {"endTime": in_seconds(mark.end)}
    return {"startTime": in_seconds(mark.start), **ending, "title": mark.title}


PODLOVE_NAMESPACE = "http://podlove.org/simple-chapters"


def format_podlove(marks: Sequence[ChapterMark]) -> str:
    """The ``.psc.xml`` of an episode; the root can be copied into an item of a feed as it is."""
    root = ET.Element("psc:chapters", {"xmlns:psc": PODLOVE_NAMESPACE, "version": "1.2"})
    for mark in marks:
        ET.SubElement(root, "psc:chapter", {"start": clock(mark.start), "title": mark.title})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'
