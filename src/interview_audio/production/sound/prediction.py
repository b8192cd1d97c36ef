"""How loud an episode will be before it is mixed: from the measured loudness of its clips and its music."""

import math

import numpy as np
from numpy.typing import NDArray

from interview_audio.production.sound.ducking import duck, music_gain, speech_spans
from interview_audio.production.sound.levels import Levels, gate
from interview_audio.production.timeline import Timeline

# Windows of momentary loudness begin each 100 ms and last 400 (EBU R128).
_HOP = 0.1
_WINDOW_HOPS = 4


def predict_loudness(timeline: Timeline, levels: Levels, speech_loudness: float) -> float:
    """Integrated loudness of what `mix` gives, in LUFS, mono counted once; `SILENCE` where there is no sound.

    The powers of speech and music add up in each window; a piece of music counts as loud as it is on the whole.

    Args:
        timeline: What stands where.
        levels: The speakers' gains.
        speech_loudness: What music is relative to, in LUFS, mono counted once.
    """
    hop = _HOP * timeline.sample_rate
    powers = np.zeros(math.ceil(timeline.length / hop) + 2 * _WINDOW_HOPS)
    for placed in timeline.placements:
        first = round(placed.start / hop)
        gain = levels.gain_of(placed.line)
        series = np.asarray(placed.clip.loudness)
        powers[first : first + len(series)] += 10 ** ((series + gain) / 10)
    spans = speech_spans(timeline.placements, timeline.sample_rate)
    for placement in timeline.music:
        first, last = round(placement.start / hop), round(placement.end / hop)
        middles = _middles(first, last, hop)
        gains = music_gain(placement, duck(placement, spans, timeline.sample_rate), middles)
        powers[first:last] += gains**2 * 10 ** (speech_loudness / 10)
    return gate(powers)


def _middles(first: int, last: int, hop: float) -> NDArray[np.int64]:
    """The samples in the middle of windows that end with these hops."""
    middles = (np.arange(first, last) + 1 - _WINDOW_HOPS / 2) * hop
    return np.asarray(np.rint(middles), np.int64)
