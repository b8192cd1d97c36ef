"""Test tones: deterministic, as long as the text, with word times."""

import numpy as np
import pytest

from interview_audio.engines.protocol import Utterance
from interview_audio.engines.tone import SAMPLE_RATE, ToneEngine
from interview_audio.errors import SpeechError


def speak(text, voice="male-1", rate=1.0):
    return ToneEngine({}).speak(Utterance(text, "zh", voice, rate))


def test_each_word_is_a_tone_at_its_time():
    speech = speak("你好 world。")
    assert [word.written for word in speech.words] == [(0, 1), (1, 2), (3, 8)]
    for word in speech.words:
        middle = round((word.start + word.end) / 2 * SAMPLE_RATE)
        assert np.abs(speech.samples[middle - 200 : middle + 200]).max() > 1000
    assert not speech.samples[: round(0.15 * SAMPLE_RATE)].any()


def test_the_same_words_give_the_same_samples_and_another_voice_others():
    assert np.array_equal(speak("一样").samples, speak("一样").samples)
    assert not np.array_equal(speak("一样").samples, speak("一样", "female-2").samples)


def test_rate_shortens():
    assert speak("一二三四五六七八", rate=2.0).samples.size < 0.65 * speak("一二三四五六七八").samples.size


def test_a_text_without_words_is_an_error():
    with pytest.raises(SpeechError, match="no words to speak"):
        speak("……！")
