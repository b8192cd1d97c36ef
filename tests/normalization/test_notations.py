"""IPA, pinyin and markup are told from ordinary letters, which may be anything that a voice reads."""

import time

import pytest

from interview_audio.normalization.pronunciations import notation_of


@pytest.mark.parametrize(
    ("written", "said", "notation"),
    [
        ("Nguyen", "/ŋwiən/", "IPA"),
        ("Nguyen", "/win/", "IPA"),
        ("Nguyen", "[ŋwiən]", "IPA"),
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
        ("Jinping", "jǐn píng", "pinyin"),
        ("Ma Huateng", "mǎ huà téng", "pinyin"),
        ("Hotel", "HH OW0 T EH1 L", "phonetic notation"),
        ("Xi", "xi2", "pinyin"),
        ("Beijing", "bei3jing1", "pinyin"),
        # What a voice reads.
        ("R2-D2", "R2 D2", None),
        ("M1", "M1", None),
        ("McLaren", "F1", None),
        ("T1", "T1", None),
        ("Kay two", "K2", None),
        ("AH-1Z", "AH1 Z", None),
        ("Robot", "ER1", None),
        ("Bae", "B AE", None),
        ("Ayer", "AY ER", None),
        ("Baa", "B A", None),
        ("A1-A2", "A1 A2", None),
        ("A1-A2", "a1 a2", None),
        ("甲一", "A1", None),
        ("René", "ré né", None),
        ("Helebe", "Hélé Bé", None),
        ("mama", "mà mà", None),
        ("Kau", "kā ū", None),
        ("Quran", "Qurʾān", None),
        ("Gogol", "Gogolʹ", None),
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
    assert notation_of(said, written, "en") == notation


@pytest.mark.parametrize(
    ("said", "language", "notation"),
    [
        ("Smis ə", "az", None),
        ("Smis ə", "en", "phonetic notation"),
        ("smɪs ə", "az", "phonetic notation"),
        ("ɗan sarki", "ha", None),
        ("dě ně", "cs", None),
        ("dě ně", "en", "pinyin"),
    ],
)
def test_letters_of_a_language_are_no_notation_in_it(said, language, notation):
    assert notation_of(said, "Smith", language) == notation


def test_a_long_pronunciation_takes_no_time():
    began = time.process_time()
    notation_of("an" * 20_000 + "!x", "安" * 9, "zh")
    notation_of("a1" * 20_000 + "x", "安" * 9, "zh")
    assert time.process_time() - began < 2
