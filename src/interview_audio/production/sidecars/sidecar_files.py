"""The text files beside an episode: which there are, and those of them that list its chapters.

Podcasting 2.0 JSON chapters 1.2 are read by podcast apps, Podlove Simple Chapters 1.2 (XML) by Spotify and others who
take them from a feed. Show notes are Markdown: title, speakers, and the ``00:00 Title`` lines that are chapters to
Spotify and YouTube. The transcript is not in them: Apple Podcasts takes 4000 bytes of notes, and a transcript has a
file of its own (``captions.py``).

Only what would be read as markup is escaped in show notes (CommonMark and GitHub's): they are pasted into forms that
take plain text too, where a backslash too many would be seen.
"""

import datetime
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from interview_audio.configuration.settings import Captions
from interview_audio.files.ownership import LYRICS_SUFFIX
from interview_audio.production.sidecars.captions import (
    SidecarWords,
    format_lrc,
    format_lyrics,
    format_srt,
    format_transcript_json,
    format_webvtt,
    make_cues,
    names_of_cast,
    sidecar_words,
)
from interview_audio.production.sidecars.player_page import EpisodeDetails, format_player_page
from interview_audio.production.timeline import CLOSEST_IN_LIST, ChapterMark, Timeline, chapter_marks, in_seconds
from interview_audio.script.lines import Script
from interview_audio.text.printable import json_text, printable
from interview_audio.text.units import clock, clock_of_seconds


def format_sidecars(script: Script, timeline: Timeline, captions: Captions, facts: EpisodeDetails) -> Mapping[str, str]:
    """Give suffix and content of every text file that lies beside the sound: those of ``SIDECAR_SUFFIXES`` and lyrics.

    Raises:
        StoreError: The words of a clip cannot be read.
    """
    names = names_of_cast(script.cast, script.language)
    cues = make_cues(timeline, names)
    marks = chapter_marks(timeline)
    about = {"ti": script.title, "ar": ", ".join(facts.artists), "al": facts.show or ""}
    lyrics = {LYRICS_SUFFIX: format_lrc(cues, timeline, about)} if captions.lyrics else {}
    return {
        ".chapters.json": format_chapters_json(marks, script.title, facts.artists, facts.show, facts.disclosure),
        ".psc.xml": format_podlove(marks),
        ".vtt": format_webvtt(cues, timeline, script.language, words=captions.words),
        ".srt": format_srt(cues, timeline),
        ".transcript.json": format_transcript_json(cues, timeline),
        ".md": format_show_notes(script, marks, facts.artists, facts.date, facts.disclosure),
        ".html": format_player_page(script, timeline, cues, names, marks, facts),
        **lyrics,
    }


MOST_LYRICS = 200_000
"""Bytes of lyrics in a tag, which players load before they play: of the 300 kB that a whole tag should have at most
(PRX), with room for covers. In UTF-16 that is an hour and a half of English or six hours of Chinese."""


@dataclass(frozen=True, slots=True)
class TaggedLyrics:
    """The lyrics for a file's tag."""

    text: str = ""
    warnings: tuple[str, ...] = ()


def tagged_lyrics(script: Script, timeline: Timeline, captions: Captions) -> TaggedLyrics:
    """Return the transcript for the tag of the sound file, where settings ask for it and a tag bears it: all or none.

    Half a transcript would end where the listener does not expect it; the ``.lrc`` beside the sound always has all.
    """
    if not captions.lyrics:
        return TaggedLyrics()
    text = format_lyrics(timeline, names_of_cast(script.cast, script.language))
    size = len(text) if text.isascii() else len(text.encode("utf-16-le"))
    if size <= MOST_LYRICS:
        return TaggedLyrics(text)
    warning = f"{size // 1000} kB of lyrics are too much for the file's tag, which players load before they play"
    return TaggedLyrics("", (f"{warning}; they are in the {LYRICS_SUFFIX} alone",))


CHAPTERS_VERSION = "1.2.0"


def format_chapters_json(
    marks: Sequence[ChapterMark],
    title: str,
    artists: Sequence[str] = (),
    show: str | None = None,
    description: str = "",
) -> str:
    """Write the ``.chapters.json`` of an episode, with the same chapters and milliseconds as its tag.

    Args:
        marks: In order.
        title: Of the episode.
        artists: Who speaks; left out if empty.
        show: Name of the podcast; left out if there is none.
        description: Of the episode; left out if empty.
    """
    about = {
        "title": printable(title),
        "author": printable(", ".join(artists)),
        "podcastName": printable(show or ""),
        "description": printable(description),
    }
    content = {
        "version": CHAPTERS_VERSION,
        **{name: text for name, text in about.items() if text},
        "chapters": [_chapter(mark) for mark in marks],
    }
    return json_text(content, indent=2) + "\n"


def _chapter(mark: ChapterMark) -> dict[str, object]:
    ending = {} if mark.end is None else {"endTime": in_seconds(mark.end)}
    more = {key: address for key, address in (("img", mark.image), ("url", mark.link)) if address}
    return {"startTime": in_seconds(mark.start), **ending, "title": mark.title, **more}


def with_whole_addresses(chapters: str, base_url: str) -> str:
    """Return the text of a ``.chapters.json`` in which images are addresses of the web.

    Podcast apps ask for them without knowing where the list came from; only who publishes knows the address.

    Args:
        chapters: As it was written; one that is none is returned as it is.
        base_url: Of the folder of the episode's files, with a slash at the end.
    """
    try:
        content = json.loads(chapters)
        relative = [one for one in content["chapters"] if one.get("img") and "://" not in one["img"]]
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):  # a person has edited it
        return chapters
    for one in relative:
        one["img"] = f"{base_url}{one['img']}"
    return json_text(content, indent=2) + "\n" if relative else chapters


PODLOVE_NAMESPACE = "http://podlove.org/simple-chapters"


def format_podlove(marks: Sequence[ChapterMark]) -> str:
    """Write the ``.psc.xml`` of an episode; the root can be copied unchanged into an item of a feed."""
    root = ET.Element("psc:chapters", {"xmlns:psc": PODLOVE_NAMESPACE, "version": "1.2"})
    for mark in marks:
        more = {key: address for key, address in (("href", mark.link), ("image", mark.image)) if address}
        ET.SubElement(root, "psc:chapter", {"start": clock(mark.start), "title": mark.title, **more})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'


_HOUR = 3600
MARKDOWN_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_MARKUP = rf"\\(?={MARKDOWN_PUNCTUATION}|$)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|\](?=\()|(?<=\s)#(?=#*$)"
_MARK_IN_WORD = re.compile(r"(?<=[^\W_])_+(?=[^\W_])")


def format_show_notes(
    script: Script,
    marks: Sequence[ChapterMark],
    artists: Sequence[str],
    date: datetime.date | None,
    disclosure: str = "",
) -> str:
    """Write the ``.md`` of an episode, in the script's language.

    Args:
        script: For the title, and the roles of the artists.
        marks: The chapters, in order, with ends.
        artists: Who speaks, as far as they have a name.
        date: Of the interview, where the source has one.
        disclosure: That the voices are synthetic: the last paragraph; left out if empty.
    """
    wording = sidecar_words(script.language)
    paragraphs = [f"# {escape_markdown(printable(script.title))}", _about(wording, script, artists, date)]
    if marks:
        paragraphs += [f"## {wording.chapters}", "  \n".join(chapter_lines(marks, escape_markdown))]
    paragraphs.append(escape_markdown(printable(disclosure)))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


def listed_marks(marks: Sequence[ChapterMark]) -> tuple[ChapterMark, ...]:
    """Select the chapters for a list of whole seconds: each begins 10 seconds or more after the one before.

    YouTube takes none of a list in which one is shorter; the first always stays. Starts are rounded down, so that
    nobody who follows a mark misses the first words.

    Args:
        marks: In order, with ends.
    """
    listed: list[ChapterMark] = []
    for mark in marks:
        start = mark.start // 1000 * 1000
        last = mark.end is not None and mark is marks[-1] and mark.end - start < CLOSEST_IN_LIST * 1000
        if not listed or (start - listed[-1].start >= CLOSEST_IN_LIST * 1000 and not last):
            listed.append(ChapterMark(mark.title, start, None))
    return tuple(listed)


def _about(wording: SidecarWords, script: Script, artists: Sequence[str], date: datetime.date | None) -> str:
    roles = {member.display or member.speaker: member.role for member in script.cast}
    hosts = [name for name in artists if roles.get(name) == "host"]
    guests = [name for name in artists if roles.get(name) == "guest"]  # "Guest: Guest" would tell nobody anything
    lines = (
        _labelled(wording.hosts if len(hosts) > 1 else wording.host, hosts, wording),
        _labelled(wording.guests if len(guests) > 1 else wording.guest, guests, wording),
        _labelled(wording.date, [date.isoformat()] if date else [], wording),
    )
    return "  \n".join(line for line in lines if line)


def _labelled(label: str, values: Sequence[str], wording: SidecarWords) -> str:
    named = wording.comma.join(escape_markdown(printable(value)) for value in values)
    return f"{label}{wording.colon}{named}" if named else ""


def chapter_lines(marks: Sequence[ChapterMark], written: Callable[[str], str]) -> list[str]:
    """Return ``00:00 Title`` for each of ``listed_marks``: with hours in all lines or none.

    A reader that takes 12:30 for hours and minutes is not misled.

    Args:
        marks: In order, with ends.
        written: Gives a title as it stands there.
    """
    listed = listed_marks(marks)
    skipped = len("00:") if not listed or listed[-1].start < _HOUR * 1000 else 0
    return [f"{clock_of_seconds(mark.start // 1000)[skipped:]} {written(mark.title)}" for mark in listed]


def escape_markdown(text: str) -> str:
    """Write a text for a line of Markdown that begins with something else."""
    pattern = "|".join((_MARKUP, *(re.escape(mark) for mark in "*_`~" if _pairs(text, mark))))
    return re.sub(pattern, r"\\\g<0>", text)


def _pairs(text: str, mark: str) -> bool:
    """Tell whether a mark occurs twice, as emphasis and code need it; one inside a word emphasises nothing."""
    return text.count(mark) > 1 and (mark != "_" or "_" in _MARK_IN_WORD.sub("", text))
