"""Words that are written alike sound as their sentence means them."""

import re
from pathlib import Path

import pytest

from interview_audio.engines.kokoro.english import heteronyms
from interview_audio.engines.kokoro.english.heteronyms import Tagger
from interview_audio.engines.kokoro.english.reader import English
from interview_audio.engines.kokoro.runtime import vocabulary

SENTENCES = Path(__file__).parents[1] / "data" / "speech" / "heteronyms.tsv"


@pytest.fixture(scope="module")
def american() -> English:
    return English("en-us", vocabulary())


def sound(english: English, word: str, sentence: str) -> str:
    """Read the phrase of a sentence that the word is in, with what is around it."""
    found = re.search(rf"\b{word}\b", sentence, re.IGNORECASE)
    start = max(sentence.rfind(mark, 0, found.start()) for mark in ",.;:?!—") + 1
    phrase = re.match(r"[^,.;:?!—]*", sentence[start:])[0]
    words = phrase.split()
    sounds = english.phrase(words, sentence[:start], sentence[start + len(phrase) :])
    return sounds[[part.lower() for part in words].index(word.lower())].strip()


def test_heteronyms_sound_as_their_sentence_means_them(american):
    rows = [line.split("\t") for line in SENTENCES.read_text("utf-8").splitlines() if not line.startswith("#")]
    wrong = [
        (word, expected, sentence) for word, expected, sentence in rows if sound(american, word, sentence) != expected
    ]
    assert (len(rows) >= 300, wrong) == (True, [])


def test_british_voices_have_their_own_readings():
    british = English("en-gb", vocabulary())
    assert sound(british, "resume", "Send me your resume.") == "ɹˈɛzjʊmˌA"
    assert sound(british, "produce", "We sell local produce.") == "pɹˈɒdjuːs"
    assert sound(british, "read", "Have you read it?") == "ɹˈɛd"


def test_only_the_sentence_decides(american):
    alone = sound(american, "read", "I will wait. We read it to him every day. It was long ago.")
    assert alone == "ɹˈid"
    assert american.phrase(["used"], before="I was not ", after=", to be fair") == ["jˈuzd"]
    assert american.phrase(["close"]) == american.phrase(["CLOSE"]) == ["klˈOs"]


def test_tags_are_those_of_the_treebank():
    sentence = "We used white sheets to diffuse the well-known light , and he did n't read it ."
    tags = Tagger().tags(sentence.split())
    assert " ".join(tags) == "PRP VBD JJ NNS TO VB DT JJ NN , CC PRP VBD RB VB PRP ."
    assert Tagger().tags([]) == []


def test_every_rule_can_be_read_and_names_what_there_is(american):
    for word, rules in heteronyms._rules().items():
        readings = american._readings(word) or {}
        for rule in rules:
            name = rule.sound.get("reading")
            assert name in readings or name in (None, "DEFAULT", "VERB"), word
            assert name or all(set(sound) <= set(vocabulary()) for sound in rule.sound.values()), word
    with pytest.raises(KeyError, match="beside"):
        heteronyms._condition("beside:a")
