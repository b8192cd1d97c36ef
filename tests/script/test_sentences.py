"""Utterances: whole sentences, nothing lost, none too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.script.sentences import MAX_UTTERANCE_PHONEMES, estimate_phonemes, sentences, utterances


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
