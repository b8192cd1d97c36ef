"""A turn with marks: cut at its pauses, its stretches with the piece that they are in."""

import pytest

from interview_audio.engines.protocol import Stretch
from interview_audio.script.lines import VolumeChange
from interview_audio.script.spoken_pieces import Piece, leading_pause, spoken_pieces
from interview_audio.transcript.layout.speech_marks import read_marks


def pieces(written):
    text, marks, _ = read_marks(written)
    return spoken_pieces(text, marks)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Well, [pause 1.5] who is it?", [("Well,", 1.5), ("who is it?", None)]),
        ("Well [pause 1.5], who is it?", [("Well,", 1.5), ("who is it?", None)]),
        ("Well [pause 1] [pause 0.5] it is.", [("Well", 1.5), ("it is.", None)]),
        ("Well [pause 1] — [pause 2] it is.", [("Well", 3.0), ("— it is.", None)]),
        ("[pause 2] It is. [pause 3]", [("It is.", 3.0)]),
        ("嗯[停顿 1]，你好。", [("嗯，", 1.0), ("你好。", None)]),
        ("一[停顿 1]二", [("一", 1.0), ("二", None)]),
    ],
)
def test_a_pause_ends_a_piece(written, expected):
    assert [(piece.text, piece.pause) for piece in pieces(written)] == expected


def test_a_pause_before_the_first_word_belongs_to_what_is_before():
    assert leading_pause(*read_marks("“[pause 2] It is.”")[:2]) == 2
    assert leading_pause(*read_marks("It [pause 2] is.")[:2]) is None


def test_stretches_go_with_their_pieces():
    said = "because I have been there for many years with nobody but the goose to talk to."
    first, second = pieces(f"It [slow]was, {said} And so[/slow] [Ng]{{say: ng}}, {said}")
    assert first.text.startswith("It was, ")
    assert first.stretches == (Stretch(3, len(first.text), rate=0.8),)
    assert second.stretches == (Stretch(0, 6, rate=0.8), Stretch(7, 9, say="ng"))


def test_marks_within_one_another_are_stretches_beside_one_another():
    (piece,) = pieces("[slow]I [stress]was[/stress] there[/slow].")
    assert piece == Piece(
        "I was there.",
        (Stretch(0, 2, rate=0.8), Stretch(2, 5, rate=0.8, is_stressed=True), Stretch(5, 11, rate=0.8)),
    )


def test_what_is_said_otherwise_is_not_cut():
    name = "The one company that I have worked for all of my life and will never leave is Yahoo! Japan"
    (piece,) = pieces(f"[Yahoo! Japan, which is in the city of the lamps]{{say: yahoo}} and so on, {name}.")[:1]
    assert piece.text.startswith("Yahoo! Japan, which")
    assert piece.stretches[0].say == "yahoo"


def test_a_volume_is_not_the_engines_and_cuts_no_stretch():
    (piece,) = pieces("[slow]I [volume -6]was[/volume] there[/slow].")
    assert piece == Piece("I was there.", (Stretch(0, 11, rate=0.8),), None, (VolumeChange(2, 5, -6.0),))


def test_volumes_within_one_another_add_up_and_go_with_their_pieces():
    first, second = pieces("[volume -6]I [volume -18]was[/volume] [pause 1] there[/volume].")
    assert first.volume_changes == (VolumeChange(0, 2, -6.0), VolumeChange(2, 5, -20.0))
    assert second.volume_changes == (VolumeChange(0, 5, -6.0),)
