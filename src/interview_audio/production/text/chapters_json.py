"""Podcasting 2.0 JSON chapters, version 1.2: what podcast apps read that take chapters from beside the sound."""

from collections.abc import Sequence

from interview_audio.printable import json_text, printable
from interview_audio.production.chapter_marks import ChapterMark, in_seconds
from interview_audio.production.text.reading import CompanionError, read_json_list, read_milliseconds, read_text

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
