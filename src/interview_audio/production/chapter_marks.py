"""The chapters of an episode in whole milliseconds, as every format writes them and gives them back."""

from dataclasses import dataclass

from interview_audio.printable import printable
from interview_audio.production.timeline import Timeline

_UNTITLED = "…"


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """A chapter as a file has it."""

    title: str
    start: int
    """Milliseconds; whole seconds where the format has no more."""
    end: int | None
    """Milliseconds; None where the format has none."""


def chapter_marks(timeline: Timeline) -> tuple[ChapterMark, ...]:
    """The chapters of a timeline, for the writers."""
    return tuple(
        ChapterMark(
            printable(chapter.title) or _UNTITLED,
            timeline.milliseconds(chapter.start),
            timeline.milliseconds(chapter.end),
        )
        for chapter in timeline.chapters
    )


def in_seconds(milliseconds: int) -> int | float:
    """Seconds for JSON, exact to the millisecond."""
    return milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000
