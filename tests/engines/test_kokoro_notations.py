"""Kokoro says IPA and pinyin as they are written, in misaki's notation of the voice's accent."""

import pytest

from interview_audio.engines.kokoro.notations import (
    PinyinError,
    ipa_fault,
    ipa_to_phonemes,
    pinyin_syllables,
    to_ipa,
)
from interview_audio.engines.kokoro.phonemes import Phonemizer
from interview_audio.engines.kokoro.runtime import vocabulary


@pytest.mark.parametrize(
    ("said", "american", "british"),
    [
        ("/ŋwɪn/", "ŋwɪn", "ŋwɪn"),
        ("[oʊˈkɑːfɔːr]", "Okˈɑfɔɹ", "Qkˈɑːfɔːɹ"),
        ("/kəmˈpjuːtə(r)/", "kəmpjˈutəɹ", "kəmpjˈuːtə"),
        ("/ˈt͡ʃaɪ̯kɔfskiː/", "ʧˈIkɔfski", "ʧˈIkɔfskiː"),
        ("/ˈbɜːd dres kafe/", "bˈɜɹd dɹɛs kafA", "bˈɜːd dɹɛs kafA"),
        ("/kɔːt.ʃɪp/", "kɔtʃɪp", "kɔːtʃɪp"),
        ("/ˈnᵻkAlʤ/", "nˈᵻkAlʤ", "nˈᵻkAlʤ"),
        ("/fʁiˈdʁiç ʒɑ̃/", "fʁidʁˈiç ʒɑ̃", "fʁidʁˈiç ʒɑ̃"),
    ],
)
def test_ipa(said, american, british):
    assert ipa_to_phonemes(said, "en-us") == american
    assert ipa_to_phonemes(said, "en-gb") == british
    assert ipa_fault(said) == ""


@pytest.mark.parametrize(("said", "letter"), [("/ħa/", "ħ"), ("/ma˥/", "˥"), ("/K/", "K"), ("/a1/", "1"), ("/я/", "я")])
def test_a_letter_outside_the_vocabulary_is_named(said, letter):
    assert ipa_fault(said) == letter


@pytest.mark.parametrize("phonemes", ["Okˈɑfəɹ", "kˈɔɹtʃˌɪp", "ʤˈɪɡsɔɪŋ", "ʧˈYs", "wˈɔTəɹ", "lˈɪTᵊl", "ɹˈOzᵻz"])
def test_phonemes_as_ipa_and_back(phonemes):
    assert ipa_to_phonemes(f"/{to_ipa(phonemes)}/", "en-us") == phonemes


@pytest.mark.parametrize(
    ("said", "syllables"),
    [
        ("hen3 chang2", "hen3 chang2"),
        ("hěn cháng", "hen3 chang2"),
        ("hěncháng", "hen3 chang2"),
        ("fāngàn", "fan1 gan4"),
        ("fāng'àn", "fang1 an4"),
        ("nǚ'ér lü4 lv4 Lǘ", "nv3 er2 lv4 lv4 lv2"),
        ("peng2 you", "peng2 you5"),
        ("de5", "de5"),
        ("hua1r nar4 huār", "huar1 nar4 huar1"),
    ],
)
def test_pinyin(said, syllables):
    assert pinyin_syllables(said) == syllables.split()


@pytest.mark.parametrize("said", ["hang zhang", "xyz1", "hen3 长", "r", "1", "ê4", ""])
def test_what_is_no_pinyin_with_tones(said):
    with pytest.raises(PinyinError):
        pinyin_syllables(said)


def test_notations_in_a_line_keep_their_written_words():
    text = "绳子很长，Nguyen’s 行。"
    said = {"很长": "hen3 chang2", "Nguyen": "/ŋwɪn/", "行": "xing2"}
    read = Phonemizer(vocabulary())(text, "zh", pronunciations=said)
    assert [(text[word.start : word.end], word.phonemes) for word in read.words[-3:]] == [
        ("很长，", "xə↓nꭧʰa↗ŋ, "),
        ("Nguyen’s", "ŋwɪnz "),
        ("行。", "ɕi↗ŋ."),
    ]
    assert read.unspoken == ()
