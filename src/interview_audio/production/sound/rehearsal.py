"""Chooses a few minutes of an episode to try the encoder on, since a second encode of a long episode is expensive."""

from bisect import bisect_left
from dataclasses import replace

from interview_audio.production.timeline import Placement, Timeline

_SHORTEST_EPISODE = 300.0
_SHARE = 1 / 100
_FEWEST_SECONDS, _MOST_SECONDS = 30.0, 180.0
_EXCERPT_SECONDS = 6.0


def excerpts(timeline: Timeline) -> Timeline | None:
    """Speech from all over an episode: a hundredth of it, half a minute to three minutes; no music and no chapters.

    An excerpt is lines that follow one another, with the pauses between them. None of an episode under five minutes,
    which is sooner encoded again.
    """
    seconds = timeline.length / timeline.sample_rate
    if seconds < _SHORTEST_EPISODE:
        return None
    count = round(min(max(seconds * _SHARE, _FEWEST_SECONDS), _MOST_SECONDS) / _EXCERPT_SECONDS)
    starts = [placed.start for placed in timeline.placements]
    length = round(_EXCERPT_SECONDS * timeline.sample_rate)
    chosen: dict[int, Placement] = {}
    for number in range(count):
        first = bisect_left(starts, timeline.length * (2 * number + 1) // (2 * count))
        last = bisect_left(starts, starts[first] + length) if first < len(starts) else first
        chosen |= dict(enumerate(timeline.placements[first:last], first))
    return _joined(timeline, chosen) if chosen else None


def _joined(timeline: Timeline, chosen: dict[int, Placement]) -> Timeline:
    placements: list[Placement] = []
    position = timeline.sample_rate
    for number, placed in chosen.items():
        # Between excerpts a second of silence, as between sections.
        gap = placed.start - chosen[number - 1].end if number - 1 in chosen else timeline.sample_rate
        start = position + gap
        placements.append(replace(placed, start=start, end=start + placed.end - placed.start))
        position = placements[-1].end
    return Timeline(timeline.sample_rate, tuple(placements), (), position + timeline.sample_rate)
