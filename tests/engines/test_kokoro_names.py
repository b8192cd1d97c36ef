"""Names of other languages in English text: Chinese ones by their pinyin, others by a table, accents by their language."""

from importlib import resources

import pytest

from interview_audio.engines.kokoro import english
from interview_audio.engines.kokoro.english.reader import English
from interview_audio.engines.kokoro.runtime import vocabulary

VOCABULARY = frozenset(vocabulary())


@pytest.fixture(scope="module")
def american() -> English:
    return English("en-us", VOCABULARY)


@pytest.fixture(scope="module")
def british() -> English:
    return English("en-gb", VOCABULARY)


def said(reader: English, text: str) -> str:
    return "".join(sound or "-" for sound in reader.phrase(text.split()))


@pytest.mark.parametrize(
    ("text", "american_sound", "british_sound"),
    [
        ("Xi Jinping", "ʃˈi ʤˌɪnpˈɪŋ", "ʃˈiː ʤˌɪnpˈɪŋ"),
        ("Xi's", "ʃˈiz", "ʃˈiːz"),
        ("Zhang Xiaoyu", "ʤˈɑŋ ʃjˌWjˈu", "ʤˈaŋ ʃjˌWjˈuː"),
        ("Qiang", "ʧjˈɑŋ", "ʧjˈaŋ"),
        ("Qin", "ʧˈɪn", "ʧˈɪn"),
        ("Xu", "ʃˈu", "ʃˈuː"),
        ("Cai", "tsˈI", "tsˈI"),
        ("Cui", "tswˈA", "tswˈA"),
        ("Liu", "ljˈO", "ljˈQ"),
        ("Tian", "tjˈɛn", "tjˈɛn"),
        ("Ouyang", "ˌOjˈɑŋ", "ˌQjˈaŋ"),
        ("Weixin", "wˌAʃˈɪn", "wˌAʃˈɪn"),
        ("Guangzhou", "ɡwˌɑŋʤˈO", "ɡwaŋʤˈQ"),
        ("Tang Xin'er", "tˈɑŋ ʃˌɪnˈɑɹ", "tˈaŋ ʃˌɪnˈɑː"),
        ("Xi’an", "ʃˌiˈɑn", "ʃˌiːˈan"),
        ("Lü Xun", "lˈu ʃˈun", "lˈuː ʃˈuːn"),
        # Words and names of others are Chinese beside a Chinese name.
        ("Zheng He", "ʤˈʌŋ hˈʌ", "ʤˈʌŋ hˈɜː"),
        ("Sun Xiaoming's", "sˈʊn ʃjˌWmˈɪŋz", "sˈʊn ʃjˌWmˈɪŋz"),
        ("Zhang Yimou", "ʤˈɑŋ jˌimˈO", "ʤˈaŋ jˌiːmˈQ"),
        ("Yimou Zhang", "jˌimˈO ʤˈɑŋ", "jˌiːmˈQ ʤˈaŋ"),
        ("He Jiankui", "hˈʌ ʤjˌɛnkwˈA", "hˈɜː ʤjˌɛnkwˈA"),
        ("Li Yanhong", "lˈi jˌɛnhˈʊŋ", "lˈiː jˌɛnhˈʊŋ"),
    ],
)
def test_chinese_names_are_said_as_newsreaders_say_them(american, british, text, american_sound, british_sound):
    assert (said(american, text), said(british, text)) == (american_sound, british_sound)


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("He Xu", "hˌi ʃˈu"),
        ("Can Zhang", "kˌæn ʤˈɑŋ"),
        ("Lena Chen", "lˈAnə ʧˈɛn"),
        ("Lexi", "lˈɛksi"),
        ("Zhenya", "ʒˈɛnjə"),
        ("Toledo Mason", "tɑlˈidO mˈAsᵊn"),
        ("a song", "ɐ sˈɔŋ"),
    ],
)
def test_what_merely_can_be_cut_into_pinyin_stays_as_it_is(american, text, sound):
    assert said(american, text) == sound


@pytest.mark.parametrize(
    ("text", "american_sound", "british_sound"),
    [
        ("Nguyen", "wˈɪn", "wˈɪn"),
        ("Nguyễn's", "wˈɪnz", "wˈɪnz"),
        ("Watanabe", "wˌɑtɑnˈɑbA", "wˌɑːtɑːnˈɑːbA"),
        ("kobayashi", "kˌObɑjˈɑʃi", "kˌQbɑːjˈɑːʃi"),
        ("Dvořák", "dvˈɔɹʒæk", "dvˈɔːʒæk"),
        ("Krzysztof", "kʃˈɪʃtɑf", "kʃˈɪʃtɒf"),
        ("Siobhan", "ʃɪvˈɔn", "ʃɪvˈɔːn"),
        ("Macron", "mækɹˈɑn", "mækɹˈɒn"),
    ],
)
def test_known_names_are_said_as_their_bearers_do(american, british, text, american_sound, british_sound):
    assert (said(american, text), said(british, text)) == (american_sound, british_sound)


@pytest.mark.parametrize(
    ("text", "american_sound", "british_sound"),
    [
        ("Peña", "pˈɛnjə", "pˈɛnjə"),
        ("García", "ɡɑɹsˈiə", "ɡɑːsˈiːə"),
        ("Wałęsa", "vɑwˈɛnsə", "vawˈɛnsə"),
        ("Čapek", "ʧˈɑpɛk", "ʧˈɑːpɛk"),
        ("Đoković", "ʤˈOkOvɪʧ", "ʤˈQkQvɪʧ"),
        ("Güneş", "ɡunˈɛʃ", "ɡunˈɛʃ"),
        ("Szilágyi", "sˈilɑɡi", "sˈiːlaɡi"),
        ("Schäuble", "ʃˈYblə", "ʃˈYblə"),
        ("Jørgensen", "jˈɜɹɡɛnsən", "jˈɜːɡɛnsən"),
        # What no accent tells is guessed as English.
        ("Đặng", "dˈæŋ", "dˈaŋ"),
    ],
)
def test_accents_tell_whose_rules_read_a_name(american, british, text, american_sound, british_sound):
    assert (said(american, text), said(british, text)) == (american_sound, british_sound)


def test_chinese_names_and_those_of_the_table_are_known(american):
    assert [american.knows(name) for name in ("Xiaoyu", "Nguyen", "Nguyễn", "Watanabe's", "Przybylski")] == [
        True
    ] * 4 + [False]


@pytest.mark.parametrize("name", ["pinyin.tsv", "foreign_names.tsv"])
def test_every_sound_of_a_table_is_kokoros(name):
    lines = (resources.files(english) / name).read_text("utf-8").splitlines()
    sounds = [
        line.split("\t")[1:3] for line in lines if not line.startswith("#") and not line.split("\t")[0].endswith("-")
    ]
    assert {sound for pair in sounds for word in pair for sound in word} <= VOCABULARY


def test_a_compound_of_two_common_words_is_said_by_its_parts(american):
    assert said(american, "bikeshed namespaces Snapchat") == "bˈIkʃˌɛd nˈAmspˌAsᵻz snˈæpʧˌæt"
    assert [american.knows(word) for word in ("bikeshed", "undergone", "mergeable")] == [True, False, False]


def test_contractions_and_names_that_are_guessed_right_need_no_look(american):
    known = ["that'll", "who've", "Brian's", "Kubernetes", "multi-stage", "non-Kubernetes"]
    assert [word for word in [*known, "Sutskever's", "co-Przybylski"] if american.knows(word)] == known
