import math
from dataclasses import replace
from pathlib import Path

import pytest

from interview_audio.production.loudness import SILENCE, Levels, SpeakerLevel, gated_loudness, set_levels
from interview_audio.script.lines import Line, Voice
from interview_audio.synthesis.clips import Clip


def clip(loudness, seconds=4.0):
    length = round(seconds * 1000)
    return Clip("k", Path("k.flac"), 1000, length, 0, length, (loudness,) * round(seconds * 10))


def line(speaker, engine="kokoro"):
    return Line(0, speaker, "en", "Hello.", Voice(engine, speaker.lower()), 0.35, None, 1)


def gains(lines, clips):
    return [round(level.gain, 3) for level in set_levels(lines, clips, -16).speakers]


def test_steady_sound_gates_to_itself():
    assert gated_loudness([-20.0] * 10) == pytest.approx(-20)


def test_silence_and_what_is_10_lu_below_the_rest_do_not_count():
    assert gated_loudness([-20.0] * 10 + [-160.0] * 90 + [-40.0] * 5) == pytest.approx(-20)


def test_loudness_is_a_mean_of_power():
    assert gated_loudness([-20.0, -26.0]) == pytest.approx(10 * math.log10((1e-2 + 10**-2.6) / 2))


@pytest.mark.parametrize("series", [[], [-120.691, -160.5], [-70.0]])
def test_silence_has_a_floor(series):
    assert gated_loudness(series) == SILENCE


def test_everybody_is_lowered_to_the_quietest_and_all_are_raised_to_the_target():
    lines = [line("Ada"), line("Ben"), line("Ada")]
    levels = set_levels(lines, [clip(-20.0), clip(-26.0), clip(-20.0)], -16)
    assert levels == Levels(
        (
            SpeakerLevel("Ada", "kokoro:ada", 8.0, pytest.approx(-20), pytest.approx(-6)),
            SpeakerLevel("Ben", "kokoro:ben", 4.0, pytest.approx(-26), 0.0),
        ),
        pytest.approx(-16 - 3.0103 + 26),
    )
    assert levels.gain_of(lines[0]) == pytest.approx(-6)


def test_a_speaker_of_two_voices_has_a_gain_for_each():
    english, chinese = line("Ada"), Line(0, "Ada", "zh", "你好。", Voice("kokoro", "zf"), 0.35, None, 1)
    assert gains([english, chinese], [clip(-20.0), clip(-23.0)]) == [-3, 0]


def test_who_speaks_under_3_s_borrows_the_mean_of_the_others_of_that_engine():
    lines = [line("Ada"), line("Ben"), line("Cy"), line("Dot", "edge")]
    clips = [clip(-20.0), clip(-24.0), clip(-40.0, 2.9), clip(-30.0)]
    assert gains(lines, clips) == [-10, -6, -8, 0]


def test_who_is_alone_and_brief_is_measured_all_the_same():
    levels = set_levels([line("Ada")], [clip(-30.0, 1)], -16)
    assert [level.loudness for level in levels.speakers] == [pytest.approx(-30)]


def test_a_silent_speaker_changes_nobody():
    assert gains([line("Ada"), line("Ben")], [clip(-20.0), clip(-160.0)]) == [0, 0]


def test_a_silent_episode_is_left_alone():
    assert set_levels([line("Ada")], [clip(-160.0)], -16).episode == 0


def test_gain_is_never_positive():
    lines = [line("Ada"), line("Ben")]
    assert all(gain <= 0 for gain in gains(lines, [clip(-20.0), clip(-20.0 - 1e-12)]))


def test_a_volume_is_beside_the_level_of_all_and_changes_no_measured_level():
    lines = [replace(line("Ada"), volume=-6.0), line("Ben")]
    clips = [clip(-20.0), clip(-26.0)]
    levels = set_levels(lines, clips, -16)
    assert levels.speakers == set_levels([line("Ada"), line("Ben")], clips, -16).speakers
    assert [levels.gain_of(one) for one in lines] == [pytest.approx(-12), 0.0]


def test_who_is_to_be_louder_is_left_and_all_others_are_lowered():
    lines = [replace(line("Ada"), volume=4.0), line("Ben"), replace(line("Ben"), volume=2.0)]
    levels = set_levels(lines, [clip(-20.0), clip(-20.0), clip(-20.0)], -16)
    assert [levels.gain_of(one) for one in lines] == [0.0, -4.0, -2.0]
