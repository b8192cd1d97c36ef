from pathlib import Path

import pytest

from interview_audio.production.mastering import trial_excerpts
from interview_audio.production.timeline import Placement, Timeline
from interview_audio.script.lines import Line, Voice
from interview_audio.synthesis.clips import Clip

RATE = 1000
CLIP = Clip("k", Path("k.flac"), RATE, 4000, 0, 4000, ())


def timeline(minutes):
    lines = [Line(0, "Ada", "en", str(number), Voice("tone", "a"), 1.0, None, 1) for number in range(minutes * 12)]
    placements = tuple(Placement(line, CLIP, n * 5000, n * 5000 + 4000) for n, line in enumerate(lines))
    return Timeline(RATE, placements, (), len(placements) * 5000)


@pytest.mark.parametrize("minutes", [0, 4])
def test_a_short_episode_is_not_rehearsed(minutes):
    assert trial_excerpts(timeline(minutes)) is None


@pytest.mark.parametrize(("minutes", "lines"), [(5, 10), (20, 10), (60, 12), (120, 24), (600, 60)])
def test_excerpts_are_a_hundredth_from_half_a_minute_to_three_minutes(minutes, lines):
    assert len(trial_excerpts(timeline(minutes)).placements) == lines


def test_excerpts_come_from_all_over_with_their_own_pauses():
    tried = trial_excerpts(timeline(5))
    assert [placed.line.text for placed in tried.placements] == [
        str(number) for first in (6, 18, 30, 42, 54) for number in (first, first + 1)
    ]
    assert [(placed.start, placed.end) for placed in tried.placements[:4]] == [
        (2000, 6000),
        (7000, 11000),
        (12000, 16000),
        (17000, 21000),
    ]
    assert (tried.length, tried.chapters, tried.music) == (52000, (), ())
