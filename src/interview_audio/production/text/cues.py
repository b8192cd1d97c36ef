"""Captions of an episode: what is seen while it is heard, timed by the words of the clips."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from interview_audio.production.text.line_breaks import break_text
from interview_audio.production.timeline import Placement, Timeline
from interview_audio.synthesis.clips import Word
from interview_audio.synthesis.flac import read_words


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption."""

    speaker: str
    """Canonical name, or ``narrator``."""
    lines: tuple[str, ...]
    """One or two, of at most 42 columns or 20 Chinese characters."""
    start: int
    """Sample of the episode."""
    end: int
    """Sample of the episode; not after the start of the next cue."""


def make_cues(timeline: Timeline) -> tuple[Cue, ...]:
    """Make the captions of a timeline: each line of the script is one cue or more.

    The lines of all cues, joined, are the lines' text but for spaces.

    Raises:
        StoreError: The words of a clip cannot be read.
    """
    return tuple(
        cue for placement in timeline.placements for cue in _cues_of(placement, read_words(placement.clip.path))
    )


def _cues_of(placement: Placement, words: Sequence[Word]) -> Iterator[Cue]:
    text = " ".join(placement.line.text.split())
    onsets = _onsets(text, words)
    pieces = break_text(text, onsets.keys())
    starts = _starts(placement, [piece.start for piece in pieces], len(text), onsets)
    for piece, (start, end) in zip(pieces, itertools.pairwise((*starts, placement.end)), strict=True):
        yield Cue(placement.line.speaker, piece.lines, start, end)


def _onsets(text: str, words: Sequence[Word]) -> dict[int, float]:
    """Seconds at which the words begin, by their index in the text; none where the words are not those of the text."""
    spellings = ["".join(word.text.split()) for word in words]
    if "".join(spellings) != text.replace(" ", ""):
        return {}
    places = [index for index, character in enumerate(text) if character != " "]
    firsts = itertools.accumulate(map(len, spellings), initial=0)
    return {
        places[first]: word.start for first, spelling, word in zip(firsts, spellings, words, strict=False) if spelling
    }


def _starts(placement: Placement, indices: Sequence[int], length: int, onsets: dict[int, float]) -> list[int]:
    """Where the cues of a line begin: with their first word, or between two known times in proportion."""
    known = {0: placement.start, **{index: _position(placement, start) for index, start in onsets.items() if index}}
    known[length] = placement.end
    times = np.maximum.accumulate(list(known.values()))
    starts = np.interp(indices, list(known), np.minimum(times, placement.end))
    return [round(start) for start in starts]


def _position(placement: Placement, seconds: float) -> int:
    clip = placement.clip
    part = (seconds * clip.sample_rate - clip.onset) / max(clip.offset - clip.onset, 1)
    return placement.start + round(part * (placement.end - placement.start))
