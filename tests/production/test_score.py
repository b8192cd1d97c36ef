from pathlib import Path

import pytest

from interview_audio.configuration.settings import Music
from interview_audio.production.music import MusicPiece
from interview_audio.production.timeline import MusicPlacement, Narration, lay_beds, overlap, place


def piece(seconds=10.0, **changes):
    music = Music("a.wav", Path("a.wav"), **{"volume": -4, "ducked": -18, "fade_in": 1, "fade_out": 2, **changes})
    return MusicPiece(music, 48000, round(seconds * 48000), -20)


def test_a_piece_is_as_long_as_the_file_at_the_rate_of_the_timeline():
    assert place("intro", piece(), 7, 1000) == MusicPlacement("intro", piece(), 7, 10007, 1000, 2000)


def test_fades_that_do_not_fit_share_the_piece():
    assert place("sting", piece(1.5), 0, 1000) == MusicPlacement("sting", piece(1.5), 0, 1500, 500, 1000)


def test_no_fades_are_none():
    bare = piece(fade_in=0, fade_out=0)
    assert place("sting", bare, 0, 1000) == MusicPlacement("sting", bare, 0, 10000, 0, 0)


@pytest.mark.parametrize(("seconds", "shared"), [(10, 3000), (6, 3000), (4, 2000), (0.5, 250)])
def test_a_piece_shares_at_most_half_of_itself_with_speech(seconds, shared):
    assert overlap(piece(seconds, overlap=3), 1000) == shared


def test_a_bed_reaches_beyond_narration_by_its_fades():
    assert lay_beds(piece(), [Narration(20000, 30000, 0, 60000)], 1000) == (
        MusicPlacement("bed", piece(), 19000, 32000, 1000, 2000),
    )


def test_a_bed_keeps_within_its_room():
    assert lay_beds(piece(), [Narration(20000, 30000, 19800, 30700)], 1000) == (
        MusicPlacement("bed", piece(), 19800, 30700, 1000, 2000),
    )


def test_less_than_a_second_of_bed_is_none():
    runs = [Narration(20000, 21000, 20100, 21000), Narration(30000, 31000, 32000, 31500)]
    assert lay_beds(piece(), runs, 1000) == ()
