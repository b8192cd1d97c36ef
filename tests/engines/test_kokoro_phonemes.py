import os
import re
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_audio.engines.kokoro.english import espeak
from interview_audio.engines.kokoro.phonemes import PhonemeText, PhonemeWord, Phonemizer
from interview_audio.engines.kokoro.runtime import vocabulary
from interview_audio.errors import EngineError

VOCABULARY = frozenset(vocabulary())
MANDARIN = [
    "你好，世界。",
    "我们今天请到了一位特别的乘客！你最近怎么样？",
    "他重返公司之后，董事会的成员都换了：我也没有料到；我们只能等、只能看。",
    "一个不大不小的问题，一起去看一看，不是不行。",
    "银行行长重新长大，重要的是快乐的音乐家着了魔地睡着了。",
    "哼，儿子，哎呀，喔，是吗？！",
    "女儿旅行去了，绿色的，虐待，月光，日出，四十四个石狮子。",
    "乾坤龘靐齉",
]
ENGLISH = [
    "You were telling me, in the middle of the night, about the best of the models.",
    "I'm not sure that's right; is it? No: it isn't!",
    "Who would have been able to do that for a friend, or for the people of the town?",
    "A state-of-the-art co-founder met Beyoncé at a café, and was naïve.",
]
MIXED = "GPT-4 的 CEO 说：「In the end，我们 35.5% 赢了」（是的）。"


@pytest.fixture(scope="module")
def phonemizer() -> Phonemizer:
    return Phonemizer(VOCABULARY)


def written(text: str, read: PhonemeText) -> list[str]:
    return [text[word.start : word.end] for word in read.words]


@pytest.mark.parametrize("text", MANDARIN)
def test_mandarin_is_that_of_misaki(phonemizer, text, monkeypatch):
    zh = pytest.importorskip("misaki.zh", reason="misaki is not installed (it needs Python below 3.13)")
    read = phonemizer(text, "zh")
    # The same dictionary, without a second copy of it in memory and in the shared temporary folder.
    monkeypatch.setattr(zh, "jieba", phonemizer.mandarin.segmenter)
    assert read.phonemes == "".join(phoneme for phoneme in zh.ZHG2P()(text)[0] if phoneme in VOCABULARY)


def test_mixed_text_is_one_sequence_with_its_written_words(phonemizer):
    read = phonemizer(MIXED, "zh")
    assert [(MIXED[word.start : word.end], word.phonemes) for word in read.words] == [
        ("GPT-4", "dʒˌiːpʰˌiːtʰˈiː sɨ↘ "),
        ("的", "tɤ "),
        ("CEO", "sˌiːˌiːˈoʊ "),
        ("说：", "ʂwo→: "),
        ("「In", "ɪn "),
        ("the", "ði "),
        ("end，", "ˈɛnd, "),
        ("我们", "wo↓mən "),
        ("35.5%", "pai↓fə→nꭧɨ→sa→nʂɨ↗u↓ tjɛ↓nu↓ "),
        ("赢", "i↗ŋ "),
        ("了」", "lɤ, "),
        ("（是", "ʂɨ↘ "),
        ("的）。", "tɤ."),
    ]
    assert read.unspoken == ()


def test_every_english_word_has_its_own_sound(phonemizer):
    text = "the middle of the night was a time for a friend to be in the OpenAI office"
    read = phonemizer(text, "en")
    assert written(text, read) == text.split()
    assert [word.phonemes for word in read.words[2:9]] == ["ʌv ", "ðə ", "nˈIt ", "wʌz ", "ɐ ", "tˈIm ", "fɔɹ "]


def test_acronyms_are_spelled_with_one_main_stress(phonemizer):
    assert phonemizer("AGI", "en").phonemes == "ˌAʤˌiˈI"
    assert phonemizer("the U.S. and CEOs", "en").phonemes == "ðə jˌuˈɛs ænd sˌiˌiˈOz"
    assert phonemizer("plan A is", "en").phonemes == "plˈæn ˈA ɪz"


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("OpenAI", "ˌOpᵊnˌAˈI"),
        ("OpenAI’s ChatGPT", "ˌOpᵊnˌAˈIz ʧˌætʤˌipˌitˈi"),
        ("OpenAI CEO", "ˌOpᵊnˌAˈI sˌiˌiˈO"),
        ("the US GDP", "ðə jˌuˈɛs ʤˌidˌipˈi"),
        ("A UK MP", "ɐ jˌukˈA ˌɛmpˈi"),
        ("plan A, A, the U S", "plˈæn ˈA, ˈA, ðə jˌuˈɛs"),
    ],
)
def test_a_name_is_one_word_and_the_acronyms_of_two_words_are_two(phonemizer, text, phonemes):
    assert phonemizer(text, "en").phonemes == phonemes


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("和 Tesla 比", "tʰˈɛslə"),
        ("在 Stanford 读", "stˈænfɚd"),
        ("每周的 meeting 上", "mˈiːtʰɪŋ"),
        ("去 OpenAI 了", "ˈoʊpʰən ˌeɪˈaɪ"),
        ("那个 complete 的", "kʰəmpʰlˈiːt"),
        ("他的 price 高", "pʰɹˈaɪs"),
        ("和 George 说", "dʒˈɔːɹdʒ"),
        ("和 Taylor 说", "tʰˈeɪlɚ"),
        ("我的 boyfriend 说", "bˈɔɪfɹˌɛnd"),
        ("那个 world 里", "wˈɜːld"),
        ("很 loud 的", "lˈaʊd"),
        ("叫 Murray 的", "mˈɜːɹi"),
    ],
)
def test_among_mandarin_english_is_written_as_that_is(phonemizer, text, english):
    read = phonemizer(text, "zh")
    assert read.words[-2].phonemes.strip() == english


def test_english_alone_is_written_as_ever(phonemizer):
    assert phonemizer("Tim's meeting", "zh").phonemes == phonemizer("Tim's meeting", "en").phonemes


def test_punctuation_of_both_scripts_becomes_kokoros(phonemizer):
    read = phonemizer("好,好；好……好——好", "zh")
    assert read.phonemes == "xau↓, xau↓; xau↓… xau↓, xau↓"


def test_what_has_no_phoneme_is_named(phonemizer):
    text = "好㐂，مرحبا 和 мир 👍 的\ue000"
    read = phonemizer(text, "zh")
    assert read.unspoken == ("㐂", "مرحبا", "мир", "\ue000")
    assert written(text, read) == ["好㐂，مرحبا", "和 мир 👍", "的\ue000"]


def test_rare_characters_are_spoken_where_a_dictionary_knows_them(phonemizer):
    assert phonemizer("𰻝面", "zh") == PhonemeText(
        (PhonemeWord("pja↗ŋ ", 0, 1), PhonemeWord("mjɛ↘n", 1, 2)),
        (),
    )


def test_letters_that_espeak_does_not_know_lose_their_marks_alone(phonemizer):
    assert phonemizer("Nguyễn", "en").phonemes == phonemizer("Nguyen", "en").phonemes
    decomposed = unicodedata.normalize("NFD", "café")
    assert phonemizer(decomposed, "en").phonemes == phonemizer("café", "en").phonemes


def test_pronunciations_reach_the_voice(phonemizer):
    said = {"Murati": "moo rah tee"}
    text = "Mira Murati"
    read = phonemizer(text, "en", pronunciations=said)
    assert written(text, read) == ["Mira", "Murati"]
    assert read.phonemes == phonemizer("Mira moo rah tee", "en").phonemes


@pytest.mark.parametrize("text", ["", "  ", "……", "「」", "👍"])
def test_a_text_without_sound_has_no_words(phonemizer, text):
    assert phonemizer(text, "zh") == PhonemeText((), ())


def test_an_accent_that_espeak_lacks_is_an_engine_error(phonemizer):
    with pytest.raises(EngineError, match="xx-yy"):
        phonemizer("hello", "en", "xx-yy")


@given(
    st.text(max_size=40) | st.text(alphabet="的一了abcAI Qé'-.,，。「」(\"…—35%$㐂м👍\n", max_size=40),
    st.sampled_from(["zh", "en"]),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_every_text_keeps_its_written_words_and_the_vocabulary(text, language):
    read = SHARED(text, language)
    assert set(read.phonemes) <= VOCABULARY
    assert all(word.phonemes for word in read.words)
    assert [word.start for word in read.words] == sorted({word.start for word in read.words})
    assert "".join(re.sub(r"\s", "", "".join(written(text, read)))) == (re.sub(r"\s", "", text) if read.words else "")


SHARED = Phonemizer(VOCABULARY)


def test_nothing_is_printed_at_the_first_use(tmp_path):
    program = (
        "from interview_audio.engines.kokoro.phonemes import Phonemizer\n"
        "import sys; read = Phonemizer(sys.argv[1])\n"
        "read('你好 of the world of the 世界', 'zh')"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path), "PYTHONUTF8": "1"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, "".join(VOCABULARY)],
        env=environment,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_espeak_data_too_deep_for_it_are_copied_nearer(tmp_path, monkeypatch):
    deep = tmp_path / "deep folder".ljust(100, "x") / "ü中文" / "espeak-ng-data".ljust(70, "y")
    deep.mkdir(parents=True)
    (deep / "phontab").write_bytes(b"phonemes")
    near = tmp_path / "near"
    monkeypatch.setattr(espeak, "_LONGEST_DATA_PATH", len(os.fsencode(near)) + 90)
    monkeypatch.setattr(espeak, "cache_folder", lambda: near)
    short = espeak._short_path(deep)
    assert (short, (short / "phontab").read_bytes()) == (near / deep.name, b"phonemes")
    assert espeak._short_path(deep) == short
    assert espeak._short_path(near) == near
    monkeypatch.setattr(espeak, "_LONGEST_DATA_PATH", 10)
    with pytest.raises(EngineError, match="shorter path"):
        espeak._short_path(deep)


def test_two_renders_in_one_process_read_as_one_does(phonemizer):
    texts = [(text, "zh", "en-us") for text in [*MANDARIN, MIXED]] + [(text, "en", "en-gb") for text in ENGLISH]
    readers = [Phonemizer(VOCABULARY) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        together = threads.map(lambda reader: [reader(*text) for text in texts], readers)
    assert list(together) == [[phonemizer(*text) for text in texts]] * 2
