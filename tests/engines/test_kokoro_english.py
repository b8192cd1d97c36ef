"""English words as misaki has them: dictionaries, endings, words that change inside a phrase, and the rest by espeak-ng."""

import json
import re
from importlib import resources

import pytest

from interview_audio.engines.kokoro.english.dictionary import Dictionary, inflected
from interview_audio.engines.kokoro.english.reader import English
from interview_audio.engines.kokoro.runtime import vocabulary
from interview_audio.errors import EngineError

VOCABULARY = frozenset(vocabulary())


@pytest.fixture(scope="module")
def american() -> English:
    return English("en-us", VOCABULARY)


@pytest.fixture(scope="module")
def british() -> English:
    return English("en-gb", VOCABULARY)


def said(english: English, text: str, after: str = "") -> str:
    return "".join(sound or "-" for sound in english.phrase(text.split(), after=after))


@pytest.mark.parametrize("accent", ["us", "gb"])
def test_dictionaries_are_those_of_misaki(accent):
    data = resources.files(pytest.importorskip("misaki.data", reason="misaki is not installed"))
    gold, silver = (json.loads((data / f"{accent}_{kind}.json").read_text("utf-8")) for kind in ("gold", "silver"))
    dictionary = Dictionary(f"en-{accent}")
    for word in [*list(gold)[::83], *list(silver)[::83]]:
        other = word.capitalize() if word == word.lower() else word.lower()
        expected = gold.get(word) or (len(word) > 1 and gold.get(other)) or silver.get(word)
        if isinstance(expected, dict):
            expected = expected["DEFAULT"]
        assert dictionary.readings(word)["DEFAULT"] == expected.replace("ɾ", "T").replace("ʔ", "t"), word


@pytest.mark.parametrize("accent", ["en-us", "en-gb"])
def test_every_entry_is_found_in_kokoros_vocabulary(accent):
    dictionary = Dictionary(accent)
    text = dictionary._words._text.decode("utf-8")
    lines = text.splitlines()
    assert set(re.sub(r"[^\t\n]*\t|[ \n]|[A-Za-z]+=", "", text)) <= VOCABULARY
    words = [line.partition("\t")[0] for line in lines]
    assert words == sorted(set(words))
    assert all(dictionary.readings(word) for word in [*words[:3], *words[1::971], *words[-3:]])
    assert [dictionary.readings(word) for word in ("", "zzyzx", "\t", "日本", "a" * 1000)] == [None] * 5


def test_an_unknown_accent_is_an_error():
    with pytest.raises(EngineError, match="xx-yy"):
        Dictionary("xx-yy")


@pytest.mark.parametrize(
    ("text", "american_sound", "british_sound"),
    [
        # Diphthongs, weak vowels, the American t, vowels of each accent.
        ("water", "wˈɔTəɹ", "wˈɔːtə"),
        ("little boys", "lˈɪTᵊl bˈYz", "lˈɪtᵊl bˈYz"),
        ("we go home now", "wi ɡˌO hˈOm nˈW", "wiː ɡˌQ hˈQm nˈW"),
        ("a tomato in the bath", "ɐ təmˈATO ɪn ðə bˈæθ", "ɐ təmˈɑːtQ ɪn ðə bˈɑːθ"),
        # Words that change before a vowel, a consonant, a pause.
        ("the end of the day", "ði ˈɛnd ʌv ðə dˈA", "ði ˈɛnd ɒv ðə dˈA"),
        ("to eat to win", "tʊ ˈit tə wˈɪn", "tʊ ˈiːt tə wˈɪn"),
        ("I am what I am", "ˌI ɐm wˌʌt ˌI æm", "ˌI ɐm wˌɒt ˌI am"),
        ("come in", "kˈʌm ˈɪn", "kˈʌm ˈɪn"),
        # Endings and possessives without an entry, capitals, letters.
        ("podcasts podcasting", "pˈɑdkˌæsts pˈɑdkˌæstɪŋ", "pˈɒdkɑːsts pˈɒdkɑːstɪŋ"),
        ("dogs' dog's James's", "dˈɔɡz dˈɔɡz ʤˈAmzᵻz", "dˈɒɡz dˈɒɡz ʤˈAmzɪz"),
        ("YES And NO", "jˈɛs ˌænd nˈO", "jˈɛs ˌand nˈQ"),
        ("A I", "ˌAˈI", "ˌAˈI"),
        ("C E O's", "sˌiˌiˈOz", "sˌiːˌiːˈQz"),
        ("plan A is", "plˈæn ˈA ɪz", "plˈan ˈA ɪz"),
        # Compounds have one main stress or two; YouTube is made of its parts.
        ("co-founder", "kˌOfˈWndəɹ", "kˌQfˈWndə"),
        ("A-level", "ˌAlˈɛvᵊl", "ˌAlˈɛvᵊl"),
        ("state-of-the-art", "stˈAtʌvðiˈɑɹt", "stˈAtɒvðiˈɑːt"),
        ("YouTube", "jˈutˌub", "jˈuːtjuːb"),
        # Accents: café is cafe, exposé is not expose.
        ("café", "kæfˈA", "kˈafA"),
        ("exposé", "ɛkspəsˈA", "ɛkspəsˈA"),
    ],
)
def test_words_sound_as_kokoro_learned_them(american, british, text, american_sound, british_sound):
    assert (said(american, text), said(british, text)) == (american_sound, british_sound)


def test_what_follows_a_phrase_decides_its_last_word(american):
    assert [said(american, "the", after) for after in (" “apple", " “pear", ", apple", "")] == ["ði", "ðə", "ðə", "ðə"]
    assert said(american, "I have", "? I") == "ˌI hˈæv"
    assert said(american, "I have", " “one” of") == "ˌI hæv"


def test_unknown_words_are_guessed_in_the_same_notation(american, british):
    assert said(american, "Vrezny jaywoken Etherea") == "vɹˈɛzni ʤˈAwOkən ˌiθəɹˈiə"
    assert said(british, "Glairoad") == "ɡlˈɛːɹQd"


def test_a_dictionary_knows_words_with_their_endings_and_parts(american):
    known = ["Hello", "podcasting", "PODCASTS", "dog's", "dogs’", "co-founder", "café", "T-shirt", "o'clock", "a"]
    unknown = ["Przybylski", "Przybylski's", "co-Przybylski", "exposé", "jaywoken", "日本", "-", ""]
    assert [word for word in known + unknown if american.knows(word)] == known


@pytest.mark.parametrize("word", ["ss", "s's", "ed", "ing", "s'", "'s", "x" * 50 + "ings"])
def test_endings_alone_are_no_words(word):
    assert inflected(word, {}.get, "en-us") is None
    assert inflected(word, lambda stem: None, "en-gb") is None


def test_an_acronym_ends_with_its_letter_in_the_genitive(american):
    assert "".join(filter(None, american.phrase(["B", "B", "C's", "C", "D's"]))) == "bˌibˌisˈiz sˌidˈiz"
