from pathlib import Path

import numpy as np
import pytest

from interview_audio.configuration.settings import Music
from interview_audio.production.loudness import GainCurve
from interview_audio.production.mixing import duck, music_gain, speech_spans
from interview_audio.production.music import MusicPiece
from interview_audio.production.timeline import MusicPlacement, Placement

PIECE = MusicPiece(Music("a.wav", Path("a.wav"), -4.0, -18.0, 0, 0), 1000, 60000, -20.0)


def placement(start=0, end=60000, fade_in=0, fade_out=0):
    return MusicPlacement("intro", PIECE, start, end, fade_in, fade_out)


def spans(*edges):
    return speech_spans([Placement(None, None, *span) for span in edges], 1000)


def test_short_pauses_belong_to_speech():
    assert spans((0, 1000), (1300, 2000), (5000, 6000), (9001, 9500)) == [(0, 6000), (9001, 9500)]


def test_music_is_down_when_somebody_begins_and_comes_back_slowly():
    assert duck(placement(), [(20000, 30000)], 1000) == GainCurve(
        (19400, 20000, 30300, 31800), (-4.0, -18.0, -18.0, -4.0)
    )


def test_speech_beside_the_piece_leaves_it_as_it_is():
    sting = placement(10000, 12000)
    assert duck(sting, [(0, 10000), (12000, 20000)], 1000).at(np.array([10000, 11999])).tolist() == [-4, -4]


def test_a_piece_that_begins_under_speech_begins_ducked():
    outro = placement(10000, 20000)
    assert duck(outro, [(0, 12000)], 1000).at(np.array([10000, 12300, 13050, 13800])).tolist() == [-18, -18, -11, -4]


def test_the_gain_never_jumps():
    ducking = duck(placement(), [(5000, 6000), (9001, 20000), (24000, 50000)], 1000)
    assert np.abs(np.diff(ducking.at(np.arange(60000)))).max() < 0.03


def test_fades_start_and_end_in_silence_and_leave_the_middle_alone():
    faded = placement(1000, 9000, fade_in=1000, fade_out=2000)
    gain = music_gain(faded, duck(faded, [], 1000), np.arange(1000, 9000))
    assert (gain[0], gain[-1]) == (0, 0)
    assert gain[1000:6000] == pytest.approx(10 ** (-4 / 20))
    assert gain[500] == pytest.approx(10 ** (-4 / 20) / 2)
    assert np.all(np.diff(gain[:1000]) > 0)
    assert np.all(np.diff(gain[6001:]) < 0)
