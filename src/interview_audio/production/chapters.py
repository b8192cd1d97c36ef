"""Chapters of an episode, in samples: where lines may open one, less those that are too short to be worth a mark."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from interview_audio.configuration.settings import Chapters

MOST_CHAPTERS = 255
"""What the table of contents of an ID3 tag can count."""
CLOSEST_IN_LIST = 10
"""Seconds from mark to mark below which YouTube takes none of a list (support.google.com/youtube/answer/9884579)."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the episode with a title."""

    title: str
    start: int
    """First sample, at the episode's rate."""
    end: int
    """One past the last sample."""


@dataclass(frozen=True, slots=True)
class ChapterRules:
    """Which openings become chapters; all lengths in samples."""

    shortest: int = 0
    """Below this a chapter is too short."""
    spacing: int | None = None
    """One chapter for each stretch of this length; None to take every opening."""
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class MarkedChapters:
    """The chapters of an episode, and what the listener should be told about them."""

    chapters: tuple[Chapter, ...]
    """Contiguous: the first starts at 0, each ends where the next starts, the last ends with the episode."""
    warnings: tuple[str, ...]


def chapter_rules(chapters: Chapters, sample_rate: int) -> ChapterRules:
    """Convert the settings to samples at this rate.

    A numbered chapter is long enough for every list: one that show notes must leave out would leave a gap in theirs.
    """
    spacing = round(chapters.minutes * 60 * sample_rate) if chapters.by == "minutes" else None
    shortest = max(chapters.min_seconds, CLOSEST_IN_LIST) if chapters.numbered else chapters.min_seconds
    return ChapterRules(round(shortest * sample_rate), spacing, chapters.numbered)


def mark_chapters(
    openings: Sequence[tuple[int, str]], length: int, rules: ChapterRules, *, has_preface: bool = False
) -> MarkedChapters:
    """Turn the places where a chapter may open into chapters.

    Chapters that are too short join those after them until they are long enough together, else the one before. What
    begins them is their title; only a preface that is too short has the title of the chapter that it joins.

    Args:
        openings: Samples in ascending order, each with a title.
        length: Of the episode, in samples.
        rules: Which of the openings become chapters.
        has_preface: Whether the first opening is what comes before the interview, under its title: the next says more.
    """
    chosen = _spaced(openings, rules.spacing) if rules.spacing else openings
    ends = [start for start, _ in chosen[1:]] + [length]
    starts = [0, *ends[:-1]]
    chapters = [Chapter(title, *span) for (_, title), *span in zip(chosen, starts, ends, strict=False)]
    merged = _without_short_ones(_with_preface(chapters, rules.shortest) if has_preface else chapters, rules.shortest)
    if len(merged) <= MOST_CHAPTERS:
        return MarkedChapters(_titled(merged, rules), ())
    warning = (
        f"{len(merged)} chapters, but players show at most {MOST_CHAPTERS}; the shortest were merged into the one "
        f"before; raise chapters.min_seconds for fewer"
    )
    return MarkedChapters(_titled(_without_surplus(merged), rules), (warning,))


def _spaced(openings: Sequence[tuple[int, str]], spacing: int) -> list[tuple[int, str]]:
    """Return the first opening, and the first in each further stretch of so many samples."""
    chosen = list(openings[:1])
    for opening in openings:
        if opening[0] // spacing > chosen[-1][0] // spacing:
            chosen.append(opening)
    return chosen


def _titled(chapters: Sequence[Chapter], rules: ChapterRules) -> tuple[Chapter, ...]:
    if not rules.numbered:
        return tuple(chapters)
    return tuple(replace(chapter, title=f"{number}. {chapter.title}") for number, chapter in enumerate(chapters, 1))


def _with_preface(chapters: Sequence[Chapter], shortest: int) -> Sequence[Chapter]:
    """Join a preface that is too short to the next chapter, whose title stays."""
    if len(chapters) < 2 or _length(chapters[0]) >= shortest:
        return chapters
    preface, first, *others = chapters
    return [Chapter(first.title, preface.start, first.end), *others]


def _without_short_ones(chapters: Sequence[Chapter], shortest: int) -> list[Chapter]:
    """Join short chapters that follow one another into one; one that is still short joins its neighbour."""
    runs: list[Chapter] = []
    for chapter in chapters:
        if runs and _length(runs[-1]) < shortest and (_length(chapter) < shortest or len(runs) == 1):
            runs[-1] = Chapter(runs[-1].title, runs[-1].start, chapter.end)
        else:
            runs.append(chapter)
    merged: list[Chapter] = []
    for run in runs:
        if merged and _length(run) < shortest:
            merged[-1] = Chapter(merged[-1].title, merged[-1].start, run.end)
        else:
            merged.append(run)
    return merged


def _without_surplus(chapters: list[Chapter]) -> list[Chapter]:
    merged = list(chapters)
    while len(merged) > MOST_CHAPTERS:
        shortest = min(range(1, len(merged)), key=lambda index: _length(merged[index]))
        before, short = merged[shortest - 1], merged[shortest]
        merged[shortest - 1 : shortest + 1] = [Chapter(before.title, before.start, short.end)]
    return merged


def _length(chapter: Chapter) -> int:
    return chapter.end - chapter.start
