"""The text files beside an episode: which there are, and the chapter lists among them.

Chapter lists are Podcasting 2.0 JSON chapters 1.2, which podcast apps read, and Podlove Simple Chapters 1.2 (XML),
which Spotify and others take from a feed.
"""

import datetime
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interview_audio.configuration.settings import Captions
from interview_audio.production.sidecars.captions import caption_names, make_cues
from interview_audio.production.sidecars.show_notes import format_show_notes
from interview_audio.production.sidecars.subtitles import format_srt, format_transcript_json, format_webvtt
from interview_audio.production.timeline import ChapterMark, Timeline, chapter_marks, in_seconds
from interview_audio.script.lines import Script
from interview_audio.text.printable import json_text, printable
from interview_audio.text.units import clock

CHAPTERS_VERSION = "1.2.0"


def format_chapters_json(
    marks: Sequence[ChapterMark], title: str, artists: Sequence[str] = (), show: str | None = None
) -> str:
    """Write the ``.chapters.json`` of an episode, with the same chapters and milliseconds as its tag.

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
    """Write the ``.psc.xml`` of an episode; the root can be copied unchanged into an item of a feed."""
    root = ET.Element("psc:chapters", {"xmlns:psc": PODLOVE_NAMESPACE, "version": "1.2"})
    for mark in marks:
        ET.SubElement(root, "psc:chapter", {"start": clock(mark.start), "title": mark.title})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'


@dataclass(frozen=True, slots=True)
class EpisodeDetails:
    """What is known of an episode beside its script and timeline."""

    artists: tuple[str, ...]
    show: str | None
    """The podcast's name."""
    date: datetime.date | None
    """Of the interview, where the source has one."""


def format_sidecars(script: Script, timeline: Timeline, captions: Captions, facts: EpisodeDetails) -> Mapping[str, str]:
    """Give suffix and content of every text file that lies beside the sound: those of ``SIDECAR_SUFFIXES``.

    Raises:
        StoreError: The words of a clip cannot be read.
    """
    names = caption_names(((member.speaker, member.role) for member in script.cast), script.language)
    cues = make_cues(timeline, names)
    marks = chapter_marks(timeline)
    return {
        ".chapters.json": format_chapters_json(marks, script.title, facts.artists, facts.show),
        ".psc.xml": format_podlove(marks),
        ".vtt": format_webvtt(cues, timeline, script.language, words=captions.words),
        ".srt": format_srt(cues, timeline),
        ".transcript.json": format_transcript_json(cues, timeline),
        ".md": format_show_notes(script, marks, facts.artists, facts.date),
    }
