from pathlib import Path

import pytest

from interview_audio.configuration.settings import Chapters, Pauses, Sound
from interview_audio.production.chapters import Chapter
from interview_audio.production.timeline import Placement, Timeline, audible_length, lay_out
from interview_audio.synthesis.clips import Clip


def clip(onset, offset, samples, rate=24000):
    return Clip("k", Path("k.flac"), rate, samples, onset, offset, ())


TRIMMED = clip(4800, 52800, 60000)
"""Two seconds, of which 20 ms before and 50 ms after are silence."""
WHOLE = clip(0, 24000, 24000)


def test_everything_stands_where_its_pauses_put_it(studio):
    first, second, third = lines = (
        studio.line(pause=0.35, chapter="One"),
        studio.line(pause=1.0),
        studio.line(pause=9.0, chapter="Two"),
    )
    clips = (TRIMMED, WHOLE, TRIMMED)
    settings = studio.settings(pauses=Pauses(head=0.5, tail=1.2))
    assert lay_out(studio.script(lines), clips, settings) == Timeline(
        44100,
        (
            Placement(first, TRIMMED, 22050 - 882, 109368),
            Placement(second, WHOLE, 109368 - 2205 + 15435, 166698),
            Placement(third, TRIMMED, 166698 + 44100 - 882, 298116),
        ),
        (Chapter("One", 0, 209916), Chapter("Two", 209916, 298116 - 2205 + 52920)),
        298116 - 2205 + 52920,
    )


def test_a_pause_shorter_than_the_silence_kept_is_that_silence(studio):
    lines = [studio.line(pause=0.05), studio.line()]
    first, second = lay_out(studio.script(lines), [TRIMMED, TRIMMED], studio.settings()).placements
    assert second.start == first.end


def test_short_chapters_join(studio):
    lines = [studio.line(chapter="One"), studio.line(chapter="Two"), studio.line(chapter="Three")]
    settings = studio.settings(chapters=Chapters(min_seconds=4))
    timeline = lay_out(studio.script(lines), [TRIMMED] * 3, settings)
    assert [chapter.title for chapter in timeline.chapters] == ["Two"]


def test_a_script_without_lines_is_a_head_and_a_tail(studio):
    settings = studio.settings(pauses=Pauses(head=0.5, tail=1.5), sound=Sound(sample_rate=24000))
    timeline = lay_out(studio.script([]), [], settings)
    assert timeline == Timeline(24000, (), (), 36000)


def test_a_script_needs_as_many_clips_as_lines(studio):
    with pytest.raises(ValueError, match="zip"):
        lay_out(studio.script([studio.line()]), [], studio.settings())


def test_a_sample_begun_counts():
    assert [audible_length(clip(0, length, length), 44100) for length in (0, 1, 2, 80, 24000)] == [0, 2, 4, 147, 44100]


def test_milliseconds_are_rounded_once_and_half_up():
    timeline = Timeline(2000, (), (), 0)
    assert [timeline.milliseconds(position) for position in (0, 1, 2, 3, 4)] == [0, 1, 1, 2, 2]
    assert timeline.seconds(4001) == 2.001
