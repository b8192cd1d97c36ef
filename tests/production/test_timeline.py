from dataclasses import replace
from pathlib import Path

import pytest

from interview_audio.configuration.settings import Chapters, Music, Pauses, Sound
from interview_audio.production.music import MusicPiece, Soundtrack
from interview_audio.production.timeline import Chapter, Placement, Timeline, audible_length, lay_out
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
    assert [chapter.title for chapter in timeline.chapters] == ["One"]


def test_a_script_without_lines_is_a_head_and_a_tail(studio):
    settings = studio.settings(pauses=Pauses(head=0.5, tail=1.5), sound=Sound(sample_rate=24000))
    timeline = lay_out(studio.script([]), [], settings)
    assert timeline == Timeline(24000, (), (), 48000)


def test_a_script_needs_as_many_clips_as_lines(studio):
    with pytest.raises(ValueError, match="zip"):
        lay_out(studio.script([studio.line()]), [], studio.settings())


def test_a_sample_begun_counts():
    assert [audible_length(clip(0, length, length), 44100) for length in (0, 1, 2, 80, 24000)] == [0, 2, 4, 147, 44100]


def test_milliseconds_are_rounded_once_and_half_up():
    timeline = Timeline(2000, (), (), 0)
    assert [timeline.milliseconds(position) for position in (0, 1, 2, 3, 4)] == [0, 1, 1, 2, 2]
    assert timeline.seconds(4001) == 2.001


@pytest.mark.parametrize(("samples", "pause"), [(35999, 0.2), (36000, 1.0)])
def test_a_short_reply_comes_faster(studio, samples, pause):
    question = replace(studio.line(pause=1.0), pause_before_short_reply=0.2)
    clips = [WHOLE, clip(0, samples, samples)]
    first, second = lay_out(studio.script([question, studio.line()]), clips, studio.settings()).placements
    assert second.start - first.end == pause * 44100


def test_where_no_short_reply_is_expected_none_is_hurried(studio):
    first, second = lay_out(studio.script([studio.line(pause=1.0)] * 2), [WHOLE] * 2, studio.settings()).placements
    assert second.start - first.end == 44100


def piece(seconds, **changes):
    music = Music("a.wav", Path("a.wav"), **{"volume": -4, "ducked": -18, "fade_in": 0, "fade_out": 0, **changes})
    return MusicPiece(music, 48000, round(seconds * 48000), -20)


def laid(studio, lines, soundtrack, head=0.5, tail=1.2):
    """Where speech and music begin and end, in seconds; every line lasts one."""
    settings = studio.settings(pauses=Pauses(head=head, tail=tail), sound=Sound(sample_rate=24000))
    timeline = lay_out(studio.script(lines), [WHOLE] * len(lines), settings, soundtrack)
    assert timeline.chapters == () or timeline.chapters[0].start == 0
    assert timeline.chapters == () or timeline.chapters[-1].end == timeline.length
    spoken = [(placed.start / 24000, placed.end / 24000) for placed in timeline.placements]
    music = [(music.kind, music.start / 24000, music.end / 24000) for music in timeline.music]
    return spoken, music, timeline.length / 24000


def test_speech_begins_before_the_intro_ends_and_the_chapters_count_it(studio):
    lines = [studio.line(chapter="One", pause=1), studio.line(chapter="Two")]
    intro = Soundtrack(intro=piece(10, overlap=3))
    assert laid(studio, lines, intro) == ([(7, 8), (9, 10)], [("intro", 0, 10)], 11.2)


@pytest.mark.parametrize(("seconds", "begin"), [(0.8, 0.5), (4, 2), (20, 17)])
def test_speech_waits_for_the_head_and_for_half_of_a_short_intro(studio, seconds, begin):
    spoken, _, _ = laid(studio, [studio.line()], Soundtrack(intro=piece(seconds, overlap=3)))
    assert spoken == [(begin, begin + 1)]


def test_the_episode_ends_with_the_outro(studio):
    outro = Soundtrack(outro=piece(10, overlap=0.5))
    assert laid(studio, [studio.line()], outro) == ([(0.5, 1.5)], [("outro", 1.0, 11.0)], 11.0)


def test_an_outro_waits_for_the_intro(studio):
    soundtrack = Soundtrack(intro=piece(4, overlap=3), outro=piece(10, overlap=4))
    assert laid(studio, [studio.line()], soundtrack)[1] == [("intro", 0, 4), ("outro", 4, 14)]


def test_a_sting_stands_in_the_middle_of_its_pause(studio):
    lines = [replace(studio.line(pause=1), opens_section=True), replace(studio.line(), opens_section=True)]
    spoken, music, _ = laid(studio, lines, Soundtrack(sting=piece(2)))
    assert (spoken, music) == ([(0.5, 1.5), (4.5, 5.5)], [("sting", 2.0, 4.0)])


def test_a_sting_is_left_out_while_the_intro_is_heard(studio):
    lines = [studio.line(pause=1), replace(studio.line(), opens_section=True)]
    spoken, music, _ = laid(studio, lines, Soundtrack(intro=piece(10, overlap=5), sting=piece(2)))
    assert (spoken, music) == ([(5, 6), (7, 8)], [("intro", 0, 10)])


def narrator(studio, **changes):
    return studio.line(speaker="narrator", **changes)


BED = piece(60, fade_in=0.75, fade_out=2)


def test_a_bed_lies_under_each_run_of_narration(studio):
    lines = [studio.line(pause=1), narrator(studio, pause=1), narrator(studio, pause=1), studio.line(pause=1)]
    spoken, music, _ = laid(studio, [*lines, narrator(studio)], Soundtrack(bed=BED))
    assert spoken == [(0.5, 1.5), (2.5, 3.5), (4.5, 5.5), (6.5, 7.5), (8.5, 9.5)]
    assert music == [("bed", 1.75, 6.5), ("bed", 7.75, 10.7)]


def test_two_pieces_are_never_heard_at_once(studio):
    first, second = narrator(studio, pause=2), replace(narrator(studio), opens_section=True)
    soundtrack = Soundtrack(intro=piece(4, overlap=1.5), outro=piece(5, overlap=0.5), sting=piece(2), bed=BED)
    assert laid(studio, [first, second], soundtrack)[1] == [
        ("intro", 0, 4),
        ("sting", 4.5, 6.5),
        ("bed", 6.75, 8.0),
        ("outro", 8.0, 13.0),
    ]
