"""Show notes in Markdown: title, speakers, and the ``00:00 Title`` lines that are chapters to Spotify and YouTube.

The transcript is not in them: Apple Podcasts takes 4000 bytes of notes, and a transcript has a file of its own.
Only what would be read as markup is escaped (CommonMark and GitHub's): show notes are pasted into forms that take plain
text too, where a backslash too many would be seen.
"""

import datetime
import re
from collections.abc import Sequence

from interview_audio.production.chapters import CLOSEST_IN_LIST
from interview_audio.production.sidecars.captions import SidecarWords, sidecar_words
from interview_audio.production.timeline import ChapterMark
from interview_audio.script.lines import Script
from interview_audio.text.printable import printable
from interview_audio.text.units import clock_of_seconds

_HOUR = 3600
MARKDOWN_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_MARKUP = rf"\\(?={MARKDOWN_PUNCTUATION}|$)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|\](?=\()|(?<=\s)#(?=#*$)"
_MARK_IN_WORD = re.compile(r"(?<=[^\W_])_+(?=[^\W_])")


def format_show_notes(
    script: Script, marks: Sequence[ChapterMark], artists: Sequence[str], date: datetime.date | None
) -> str:
    """Write the ``.md`` of an episode, in the script's language.

    Args:
        script: For the title, and the roles of the artists.
        marks: The chapters, in order, with ends.
        artists: Who speaks, as far as they have a name.
        date: Of the interview, where the source has one.
    """
    wording = sidecar_words(script.language)
    paragraphs = [f"# {escaped(printable(script.title))}", _about(wording, script, artists, date)]
    listed = listed_marks(marks)
    if listed:
        paragraphs += [f"## {wording.chapters}", "  \n".join(_mark_lines(listed))]
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
    roles = {member.speaker: member.role for member in script.cast}
    hosts = [name for name in artists if roles.get(name) == "host"]
    guests = [name for name in artists if roles.get(name) == "guest"]  # "Guest: Guest" would tell nobody anything
    lines = (
        _labelled(wording.hosts if len(hosts) > 1 else wording.host, hosts, wording),
        _labelled(wording.guests if len(guests) > 1 else wording.guest, guests, wording),
        _labelled(wording.date, [date.isoformat()] if date else [], wording),
    )
    return "  \n".join(line for line in lines if line)


def _labelled(label: str, values: Sequence[str], wording: SidecarWords) -> str:
    named = wording.comma.join(escaped(printable(value)) for value in values)
    return f"{label}{wording.colon}{named}" if named else ""


def _mark_lines(listed: Sequence[ChapterMark]) -> list[str]:
    """Write all times with hours or none: a reader that takes 12:30 for hours and minutes is not misled."""
    skipped = len("00:") if listed[-1].start < _HOUR * 1000 else 0
    return [f"{clock_of_seconds(mark.start // 1000)[skipped:]} {escaped(mark.title)}" for mark in listed]


def escaped(text: str) -> str:
    """Write a text for a line of Markdown that begins with something else."""
    pattern = "|".join((_MARKUP, *(re.escape(mark) for mark in "*_`~" if _pairs(text, mark))))
    return re.sub(pattern, r"\\\g<0>", text)


def _pairs(text: str, mark: str) -> bool:
    """Tell whether a mark occurs twice, as emphasis and code need it; one inside a word emphasises nothing."""
    return text.count(mark) > 1 and (mark != "_" or "_" in _MARK_IN_WORD.sub("", text))
