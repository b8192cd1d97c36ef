"""Utterances: whole sentences, nothing lost, none too long; a turn's marks go with the pieces that they are in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.engines.protocol import Stretch
from interview_audio.script.lines import VolumeChange
from interview_audio.script.sentences import (
    MAX_UTTERANCE_PHONEMES,
    Piece,
    estimate_phonemes,
    leading_pause,
    sentences,
    spoken_pieces,
    utterances,
)
from interview_audio.transcript.layout.speech_marks import read_marks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他来了。你呢？好！", ["他来了。", "你呢？", "好！"]),
        ("Dr. Lee met the U.S. team at 3.5 km. They left.", ["Dr. Lee met the U.S. team at 3.5 km. ", "They left."]),
        ("“真的？”她问。走吧。", ["“真的？”", "她问。", "走吧。"]),
        ("Well... yes. And… no.", ["Well... yes. ", "And… no."]),
        ('He said "go." Then went.', ['He said "go." ', "Then went."]),
        ("No. We will not.", ["No. ", "We will not."]),
        ("It is No. 5 on p. 12 of Vol. 2. Yes.", ["It is No. 5 on p. 12 of Vol. 2. ", "Yes."]),
        ("In 1998. It rained.", ["In 1998. ", "It rained."]),
        (
            "Das war am 3. Oktober. Er kam um 3. Dann ging er.",
            ["Das war am 3. Oktober. ", "Er kam um 3. ", "Dann ging er."],
        ),
        (
            "« Vraiment\u00a0? » Oui. «\u00a0Non.\u00a0» Bien.",
            ["« Vraiment\u00a0? » Oui. ", "«\u00a0Non.\u00a0» ", "Bien."],
        ),
        ("Er kam. »Ja«, sagte er.", ["Er kam. ", "»Ja«, sagte er."]),
        ("Er sagte «Nein.» Sie ging bzw. Er blieb.", ["Er sagte «Nein.» ", "Sie ging bzw. Er blieb."]),
        ("¿Por qué? ¡Porque sí! La Sra. Holm lo sabe.", ["¿Por qué? ", "¡Porque sí! ", "La Sra. Holm lo sabe."]),
        ("そうですか。はい！「ええ。」と言いました。", ["そうですか。", "はい！", "「ええ。」", "と言いました。"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_sentences(text, expected):
    assert list(sentences(text)) == expected


def test_short_neighbours_are_joined_and_long_sentences_stand_alone():
    long = "这是一个相当长的句子，它讲的是海边的灯塔和灯塔里的人怎样过冬。"
    assert utterances("是的。不会。" + long + long) == ("是的。不会。" + long, long)


def test_a_paragraph_without_any_space_or_mark_is_cut_and_kept_whole():
    text = "经" * 3000
    parts = utterances(text)
    assert "".join(parts) == text
    assert max(map(estimate_phonemes, parts)) <= MAX_UTTERANCE_PHONEMES


def test_a_long_sentence_is_cut_at_clauses():
    clause = "我们在海边等了很久，"
    parts = utterances(clause * 12)
    assert all(part.endswith("，") for part in parts)
    assert "".join(parts) == clause * 12


def test_numbers_are_not_cut_at_their_commas():
    text = "we counted " + "1,234,567 and " * 40
    assert all(not part.endswith("1,") and not part.startswith("234") for part in utterances(text))


@given(st.text(alphabet=st.sampled_from('ab 经纪，。.,!?…"「」1\n人(—'), max_size=400))
def test_nothing_but_space_is_lost_and_nothing_is_too_long(text):
    parts = utterances(text)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(estimate_phonemes(part) <= MAX_UTTERANCE_PHONEMES for part in parts)


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
