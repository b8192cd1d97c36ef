"""How loud music is from sample to sample: it gives way before somebody speaks, and comes back when they have ended.

Nothing listens to the speech: where it stands is known beforehand, so that the music is down before the first word.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interview_audio.production.sound.score import MusicPlacement
from interview_audio.production.timeline import Placement

ATTACK = 0.6
"""Seconds in which music goes down; it is down when the first word begins."""
HOLD = 0.3
"""Seconds that it stays down after the last word."""
RELEASE = 1.5
"""Seconds in which it comes up again."""
LONGEST_GAP = 3.0
"""Seconds of a pause in speech in which it would not be worth coming up: music that rises between lines pumps."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ducking:
    """The gain of a piece over the timeline: straight lines in dB between points."""

    positions: tuple[int, ...]
    """Samples of the timeline, in ascending order."""
    gains: tuple[float, ...]
    """LU relative to speech; before the first point and after the last it stays."""

    def at(self, positions: NDArray[np.int64]) -> NDArray[np.float64]:
        """The gain at each of these samples of the timeline."""
        return np.interp(positions, self.positions, self.gains)


def speech_spans(placements: Iterable[Placement], sample_rate: int) -> list[Span]:
    """When somebody speaks, short pauses included: first sample and one past the last."""
    longest = round(LONGEST_GAP * sample_rate)
    spans: list[Span] = []
    for placed in placements:
        if spans and placed.start - spans[-1][1] <= longest:
            spans[-1] = spans[-1][0], placed.end
        else:
            spans.append((placed.start, placed.end))
    return spans


def duck(placement: MusicPlacement, spans: Iterable[Span], sample_rate: int) -> Ducking:
    """The gain of a piece that gives way to these spans of speech where they meet it.

    Speech that begins after its end, as after a sting, leaves it as it is.
    """
    volume, ducked = placement.piece.music.volume, placement.piece.music.ducked
    attack, hold, release = (round(seconds * sample_rate) for seconds in (ATTACK, HOLD, RELEASE))
    points: list[tuple[int, float]] = []
    for start, end in spans:
        if start < placement.end and placement.start < end:
            points += [(start - attack, volume), (start, ducked), (end + hold, ducked), (end + hold + release, volume)]
    positions, gains = zip(*points or [(placement.start, volume)], strict=True)
    return Ducking(positions, gains)


def music_gain(placement: MusicPlacement, ducking: Ducking, positions: NDArray[np.int64]) -> NDArray[np.float64]:
    """What a piece is multiplied with at these samples of the timeline, relative to being as loud as speech."""
    gain = 10 ** (ducking.at(positions) / 20)
    gain *= _rise(positions - placement.start, placement.fade_in)
    gain *= _rise(placement.end - 1 - positions, placement.fade_out)
    return np.asarray(gain)


def _rise(since: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    """A raised cosine from 0 to 1 over ``length`` samples, at these samples of it."""
    if not length:
        return np.ones(len(since))
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(since / length, 0, 1)))
