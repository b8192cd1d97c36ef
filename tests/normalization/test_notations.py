"""IPA, pinyin and markup are told from ordinary letters, which may be anything that a voice reads."""

import time

import pytest

from interview_audio.normalization.notations import notation_of


@pytest.mark.parametrize(
    ("written", "said", "notation"),
    [
        ("Nguyen", "/ŋwiən/", "phonetic notation"),
        ("Nguyen", "/win/", "phonetic notation"),
        ("Nguyen", "[ŋwiən]", "phonetic notation"),
        ("Nguyen", "ŋwiən", "phonetic notation"),
        ("Okafor", "oˈkafor", "phonetic notation"),
        ("Nguyen", "N W IH1 N", "phonetic notation"),
        ("Nguyen", '<phoneme ph="x">Nguyen</phoneme>', "markup"),
        ("Nguyen", "…", "a mark without a letter"),
        ("很长", "hen3 chang2", "pinyin"),
        ("很长", "hen3chang2", "pinyin"),
        ("很长", "很chang2", "pinyin"),
        ("行长", "háng zhǎng", "pinyin"),
        ("行长", "hángzhǎng", "pinyin"),
        ("行长", "hang zhang", "pinyin"),
        ("绿", "lǜ", "pinyin"),
        ("绿", "lv4", "pinyin"),
        ("女儿", "nǚ'ér", "pinyin"),
        ("行", "ㄏㄤˊ", "zhuyin"),
        ("OpenAI", "ou1 pen4 ei1 ai4", "pinyin"),
        # What a voice reads.
        ("Nguyen", "win", None),
        ("Nguyen", "n'goo-yen", None),
        ("Okafor", "oh KAH-for", None),
        ("OpenXR", "open X R", None),
        ("重庆", "虫庆", None),
        ("北京", "Beijing", None),
        ("字节", "byte", None),
        ("简历", "résumé", None),
        ("CV", "résumé", None),
        ("Web3", "web 3", None),
        ("MP3", "mp3", None),
        ("和/或", "and/or", None),
        ("Kau", "Kaʻū", None),
        ("Mama", "ma ma", None),
        ("...", "—", None),
    ],
)
def test_notations(written, said, notation):
    assert notation_of(said, written) == notation


def test_a_long_pronunciation_takes_no_time():
    began = time.process_time()
    notation_of("an" * 20_000 + "!x", "安" * 9)
    notation_of("a1" * 20_000 + "x", "安" * 9)
    assert time.process_time() - began < 2
