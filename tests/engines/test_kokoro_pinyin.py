"""The table of Mandarin syllables knows every one of pypinyin's, and says each as misaki does."""

import importlib.util
from pathlib import Path

import pytest
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_tone3

from interview_audio.engines.kokoro import mandarin
from interview_audio.engines.kokoro.runtime import vocabulary

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "src" / "interview_audio" / "engines" / "kokoro" / "pinyin.txt"


def sounds():
    lines = TABLE.read_text("utf-8").splitlines()
    return dict(line.split(" ") for line in lines if not line.startswith("#"))


def test_every_syllable_that_pypinyin_can_give_is_in_the_table():
    marked = {sound for one in PINYIN_DICT.values() for sound in one.split(",")}
    marked |= {sound for phrase in PHRASES_DICT.values() for one in phrase for sound in one}
    given = {to_tone3(sound, neutral_tone_with_five=True) for sound in marked}
    assert given - sounds().keys() == set(), "run python tools/list_pinyin_phonemes.py --write"


def test_every_syllable_has_a_sound_that_kokoro_knows():
    assert {
        syllable for syllable, phonemes in sounds().items() if not phonemes or set(phonemes) - set(vocabulary())
    } == set()
    assert {syllable.rstrip("12345") + tone for syllable in sounds() for tone in "12345"} == sounds().keys()


def test_every_syllable_sounds_as_misaki_says():
    zh = pytest.importorskip("misaki.zh", reason="misaki is not installed (it needs Python below 3.13)")
    unknown = "\N{COMBINING INVERTED BREVE BELOW}"
    wrong = {one: said for one, said in sounds().items() if zh.ZHG2P.py2ipa(one).replace(unknown, "") != said}
    assert wrong == {}


def test_the_table_is_what_its_tool_writes():
    pytest.importorskip("misaki", reason="misaki is not installed (it needs Python below 3.13)")
    place = ROOT / "tools" / "list_pinyin_phonemes.py"
    spec = importlib.util.spec_from_file_location(place.stem, place)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    written = [line.split(" ") for line in tool.listing().splitlines() if not line.startswith("#")]
    assert dict(written).items() <= sounds().items()  # an older pypinyin knows fewer


def test_words_are_read_whole():
    assert mandarin.word_phonemes("银行") == "i↗nxa↗ŋ"
    assert mandarin.word_phonemes("女儿") == "ny↓ɚ↗"
