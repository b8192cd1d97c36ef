"""Mandarin is read by what surrounds it: characters with several readings, surnames, traditional characters, 儿 and 轻声."""

import re
from pathlib import Path

import pytest

from interview_audio.engines.kokoro.mandarin import Mandarin, simplified
from interview_audio.engines.kokoro.runtime import vocabulary

CASES = Path(__file__).resolve().parents[1] / "data" / "speech" / "polyphones.tsv"


@pytest.fixture(scope="module")
def mandarin() -> Mandarin:
    return Mandarin()


def pinyin(mandarin: Mandarin, sentence: str) -> list[str]:
    """A syllable for every character; marks have empty ones."""
    runs = re.findall(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]", sentence)
    return [
        syllable
        for run in runs
        for syllable in (
            [one for word in mandarin.readings(run) for one in word.pinyin] if "\u4e00" <= run[0] <= "\u9fff" else [""]
        )
    ]


def test_the_marked_characters_of_our_sentences_are_read_as_careful_readers_read_them(mandarin):
    wrong = []
    for line in CASES.read_text("utf-8").splitlines()[1:]:
        character, readings, position, sentence = line.split("\t")
        assert sentence[int(position) :].startswith(character)
        said = pinyin(mandarin, sentence)[int(position)]
        if said not in readings.split("|"):
            wrong.append((line, said))
    assert wrong == []


@pytest.mark.parametrize(
    ("run", "names", "expected"),
    [
        ("那天曾国平没有来", ("曾国平",), "na4 tian1 zeng1 guo2 ping2 mei2 you3 lai2"),
        ("單霽翔說", ("單霽翔",), "shan4 ji4 xiang2 shuo1"),
        ("找尉迟长乐", ("尉迟长乐",), "zhao3 yu4 chi2 chang2 le4"),
        ("仇英不记仇", ("仇英",), "qiu2 ying1 bu4 ji4 chou2"),
        ("区健关心社区健康", ("区健",), "ou1 jian4 guan1 xin1 she4 qu1 jian4 kang1"),
        ("华为来了", ("华为",), "hua2 wei2 lai2 le5"),
    ],
)
def test_a_name_that_the_text_knows_is_read_as_one(mandarin, run, names, expected):
    words = mandarin.readings(run, names)
    assert " ".join(syllable for word in words for syllable in word.pinyin) == expected
    assert "".join(word.written for word in words) == run


def test_words_join_to_the_run_and_sound_in_kokoros_phonemes(mandarin):
    run = "銀行行長在那兒得了獎龘单老师慢慢地走着玩儿"
    assert "".join(word.written for word in mandarin.readings(run)) == run
    words = mandarin.words(run)
    assert "".join(word for word, _ in words) == run
    assert set("".join(phonemes for _, phonemes in words)) <= set(vocabulary())


def test_a_syllable_with_r_loses_its_ending(mandarin):
    assert mandarin.words("点儿") == [("点儿", "tja↓ɚ")]
    assert mandarin.words("事儿") == [("事儿", "ʂə↘ɚ")]
    assert mandarin.words("女儿") == [("女儿", "ny↓ɚ↗")]


def test_what_no_dictionary_has_is_not_known(mandarin):
    assert mandarin.knows("银行")
    assert mandarin.knows("銀行")
    assert not mandarin.knows("翟志勇")
    assert [word.is_known for word in mandarin.readings("解")] == [True]


def test_simplified_characters_stand_where_the_traditional_ones_stood():
    assert simplified("她著急地說，這本著作在乾隆年間曬乾了。") == "她着急地说，这本著作在乾隆年间晒干了。"
    assert simplified("头发乾净") == "头发干净"
