"""Every engine applies a pronunciation to the same words, whatever apostrophe or width its key is written with."""

import numpy as np
import pytest

from interview_audio.engines.kokoro.phonemes import Phonemizer
from interview_audio.engines.kokoro.runtime import vocabulary
from interview_audio.engines.protocol import Utterance
from interview_audio.engines.registry import load_engine
from interview_audio.normalization.pronunciations import applies

spellings = pytest.mark.parametrize(
    ("key", "text"),
    [
        ("O’Hara", "Ask O'Hara today."),
        ("O'Hara", "Ask O’Hara today."),
        ("ＯｐｅｎＸＲ", "Ask OpenXR today."),
        ("OpenXR", "Ask ＯｐｅｎＸＲ today."),
        ("GPT‐4", "Ask GPT-4 today."),
    ],
)
SAID = "Oh harrah"
EXPECTED = f"Ask {SAID} today."


def utterance(text, voice, pronunciations):
    assert all(applies(key, text) for key in pronunciations)  # so that the clip's key has them, and `plan` shows them
    return Utterance(text, "en", voice, pronunciations=pronunciations)


@spellings
def test_edge(emulator, edge, key, text):
    speech = edge().speak(utterance(text, "en-US-AriaNeural", {key: SAID}))
    assert emulator.requests[-1].text == EXPECTED
    assert [text[slice(*word.written)] for word in speech.words] == text.split()


@spellings
def test_openai(speech_server, openai, key, text):
    openai().speak(utterance(text, "alto", {key: SAID}))
    assert speech_server.asked[-1].body["input"] == EXPECTED


@spellings
def test_tone(key, text):
    tone = load_engine("tone", {})
    speech = tone.speak(utterance(text, "female-1", {key: SAID}))
    assert np.array_equal(speech.samples, tone.speak(utterance(EXPECTED, "female-1", {})).samples)


@spellings
def test_kokoro(key, text):
    read = Phonemizer(vocabulary())
    assert read(text, "en", pronunciations={key: SAID}).phonemes == read(EXPECTED, "en").phonemes


def test_of_two_keys_that_fold_to_the_same_the_last_one_counts_everywhere(emulator, edge):
    edge().speak(utterance("Ask O'Hara today.", "en-US-AriaNeural", {"O'Hara": "first", "O’Hara": "last"}))
    assert emulator.requests[-1].text == "Ask last today."
    spoken = Phonemizer(vocabulary())("O'Hara", "en", pronunciations={"O'Hara": "first", "O’Hara": "last"})
    assert spoken.phonemes == Phonemizer(vocabulary())("last", "en").phonemes
