"""Where everything in an episode stands, in whole samples of the MP3: nothing is rounded before it is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from interview_audio.configuration.settings import Settings
from interview_audio.production.chapters import Chapter, chapter_rules, mark_chapters
from interview_audio.script.lines import Line, Script
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.measurement import HEAD, TAIL


@dataclass(frozen=True, slots=True)
class Placement:
    """A clip in its place: the sound from ``clip.onset`` to ``clip.offset`` fills ``start:end``."""

    line: Line
    clip: Clip
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """An episode as placed clips with silence between them; all positions in samples at ``sample_rate``."""

    sample_rate: int
    placements: tuple[Placement, ...]
    chapters: tuple[Chapter, ...]
    length: int
    warnings: tuple[str, ...] = ()

    def seconds(self, position: int) -> float:
        """A position in seconds, rounded to a millisecond: the one rounding, for every format that is written."""
        return self.milliseconds(position) / 1000

    def milliseconds(self, position: int) -> int:
        """A position in whole milliseconds, rounded half up."""
        return (position * 2000 + self.sample_rate) // (2 * self.sample_rate)


def lay_out(script: Script, clips: Sequence[Clip], settings: Settings) -> Timeline:
    """Place the clips of a script one after the other.

    A pause lasts from the last sound of an utterance to the first of the next: the little silence that trimming leaves
    at the edges of a clip is part of it. The last line is followed by the tail, whatever its own pause.

    Args:
        script: Lines to place.
        clips: One for each line, in the same order.
        settings: Pauses, chapters and output rate.
    """
    rate = settings.sound.sample_rate
    placements: list[Placement] = []
    sound_end = 0
    pause = settings.pauses.head
    for line, clip in zip(script.lines, clips, strict=True):
        earliest = placements[-1].end if placements else 0
        start = max(earliest, sound_end + round(pause * rate) - _kept_head(clip, rate))
        placements.append(Placement(line, clip, start, start + audible_length(clip, rate)))
        sound_end = placements[-1].end - _kept_tail(clip, rate)
        pause = line.pause
    length = max(placements[-1].end if placements else 0, sound_end + round(settings.pauses.tail * rate))
    openings = [(placed.start, placed.line.chapter) for placed in placements if placed.line.chapter is not None]
    marks = mark_chapters(openings, length, chapter_rules(settings.chapters, rate))
    return Timeline(rate, tuple(placements), marks.chapters, length, marks.warnings)


def audible_length(clip: Clip, sample_rate: int) -> int:
    """Samples that a trimmed clip has at another rate: a sample begun counts, as the resampler has it."""
    return -(-(clip.offset - clip.onset) * sample_rate // clip.sample_rate)


def _kept_head(clip: Clip, sample_rate: int) -> int:
    return round(HEAD * sample_rate) if clip.onset > 0 else 0


def _kept_tail(clip: Clip, sample_rate: int) -> int:
    return round(TAIL * sample_rate) if clip.offset < clip.samples else 0
