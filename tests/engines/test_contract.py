"""Every engine keeps the contract of ``interview_audio.testing``; broken ones are told what they break."""

import dataclasses
import itertools

import numpy as np
import pytest

from interview_audio.engines.kokoro.engine import MOST_TOKENS
from interview_audio.engines.kokoro.runtime import TimedSamples
from interview_audio.engines.protocol import Speech, SpokenWord, Utterance, VoiceInfo
from interview_audio.engines.registry import load_engine
from interview_audio.engines.tone import ToneEngine
from interview_audio.errors import EngineError, InterviewAudioError, SpeechError, VoiceError
from interview_audio.testing import (
    NO_VOICE,
    PROMISES,
    SENTENCES,
    Trial,
    check_engine,
    honours_pronunciations,
    honours_the_rate,
    name_of,
    says_long_texts_whole,
    speaks,
)

promises = pytest.mark.parametrize("promise", PROMISES, ids=name_of)


@promises
@pytest.mark.parametrize("language", ["zh", "en", "ja"])
def test_tone(promise, language):
    promise(Trial(load_engine("tone", {}), language, "female-1"))


@promises
@pytest.mark.parametrize(("language", "voice"), [("zh", "zh-CN-YunxiNeural"), ("en", "en-US-AriaNeural")])
def test_edge(emulator, edge, promise, language, voice):
    promise(Trial(edge(sockets=4), language, voice))
    assert {request.voice for request in emulator.requests} <= {voice}


@promises
@pytest.mark.parametrize(
    ("language", "form", "voices"), [("zh", "wav", ["alto"]), ("en", "mp3", None), ("en", "pcm", None)]
)
def test_openai(speech_server, openai, promise, language, form, voices):
    speech_server.voices = voices
    promise(Trial(openai(format=form, sockets=4), language, "alto"))
    assert {asked.body["voice"] for asked in speech_server.asked} <= {"alto"} | (set() if voices else {NO_VOICE})


@pytest.fixture
def short_sentences(monkeypatch):
    """Kokoro takes a second for each three that it says."""
    monkeypatch.setitem(SENTENCES, "zh", "灯塔守护人擦玻璃，记录风向。")
    monkeypatch.setitem(SENTENCES, "en", "The keeper of the clock looks on. ")
    monkeypatch.setattr("interview_audio.testing._CALLS_AT_ONCE", 2)


@pytest.mark.slow
@pytest.mark.usefixtures("short_sentences")
@pytest.mark.parametrize("promise", [promise for promise in PROMISES if promise != says_long_texts_whole], ids=name_of)
def test_kokoro(kokoro, promise):
    promise(Trial(kokoro, "zh", "zf_xiaobei"))


@pytest.mark.slow
@pytest.mark.usefixtures("short_sentences")
@pytest.mark.parametrize("promise", [speaks, honours_pronunciations, honours_the_rate], ids=name_of)
def test_kokoro_in_english(kokoro, promise):
    """What depends on the language."""
    promise(Trial(kokoro, "en", "af_heart"))


@pytest.mark.slow
@pytest.mark.usefixtures("short_sentences")
def test_kokoro_says_long_texts_whole(kokoro, monkeypatch):
    # A first piece and a short last one; the next test has more of them.
    monkeypatch.setattr("interview_audio.testing.LONG_CHARACTERS", 11 * MOST_TOKENS // 10)
    says_long_texts_whole(Trial(kokoro, "en", "af_heart"))


@pytest.mark.parametrize(("language", "voice"), [("zh", "zf_xiaobei"), ("en", "af_heart")])
def test_kokoro_hands_long_texts_to_its_graph_whole(monkeypatch, language, voice):
    engine = load_engine("kokoro", {"graph": "published"})
    monkeypatch.setattr("interview_audio.engines.kokoro.model.ModelLoader.load", lambda _: Beeping())
    says_long_texts_whole(Trial(engine, language, voice))


class Beeping:
    """Stands for Kokoro with a graph: a tenth of a second a phoneme, and no more of them than the graph holds."""

    name = "beeping"
    has_controls = True

    def speak(self, phonemes, style, speed, prosody):
        count = len(phonemes)
        assert 0 < count <= MOST_TOKENS
        times = tuple((index / 10, (index + 1) / 10) for index in range(count))
        return TimedSamples(np.sin(np.arange(count * 2400, dtype=np.float32) / 9), times)


@pytest.fixture(scope="module")
def kokoro():
    """With the graph that speaks most of what is rendered."""
    return load_engine("kokoro", {"graph": "fast"})


class Broken(ToneEngine):
    """A tone engine; each of those below breaks one promise."""

    flaw = ""

    def __init__(self, settings):
        super().__init__({} if self.flaw == "settings" else settings)
        self.calls = itertools.count()

    def voices(self):
        return [VoiceInfo("a", ("en",), "male")] * 2 if self.flaw == "twice" else super().voices()

    def check(self, voice, language):
        if voice == NO_VOICE and self.flaw in ("check", "speak refuses not"):
            raise (EngineError if self.flaw == "check" else VoiceError)("no such voice")

    def speak(self, utterance):
        text = utterance.text
        if self.flaw == "says silence" and not any(map(str.isalnum, text)):
            return Speech(np.zeros(100, np.int16), 24000, ())
        if self.flaw == "truncates":
            text = text[:1000]
        if self.flaw == "error" and not any(map(str.isalnum, text)):
            raise TwoPartError("one", "two")
        rate = 1.0 if self.flaw == "rate" else utterance.rate
        if utterance.pronunciations and self.flaw != "pronunciations":
            text = text + "".join(utterance.pronunciations.values())
        speech = super().speak(Utterance(text, utterance.language, utterance.voice, rate))
        speech = dataclasses.replace(
            speech, words=tuple(word for word in speech.words if word.written[1] <= len(utterance.text))
        )
        return self.spoilt(speech)

    def spoilt(self, speech):
        change = {
            "float": lambda: {"samples": speech.samples / 32768},
            "stereo": lambda: {"samples": np.stack([speech.samples] * 2)},
            "silence": lambda: {"samples": speech.samples * 0},
            "wordless": lambda: {"words": ()},
            "backwards": lambda: {"words": speech.words[::-1]},
            "outside": lambda: {"words": (SpokenWord(0, 1e6, (0, 2)),)},
            "varies": lambda: {"samples": speech.samples + np.int16(next(self.calls))},
        }.get(self.flaw, dict)
        return dataclasses.replace(speech, **change())


class TwoPartError(SpeechError):
    def __init__(self, one, two):
        super().__init__(one + two)


@pytest.mark.parametrize(
    ("flaw", "sentence"),
    [
        ("settings", "an unknown setting must raise EngineError, not succeed"),
        ("twice", "voices() lists a voice twice"),
        ("check", "check() of an unknown voice raised EngineError, not VoiceError"),
        ("speak refuses not", "speak() accepted a voice that check() refuses: it must raise VoiceError"),
        ("says silence", "speak('……！？ —') must raise SpeechError, not succeed"),
        ("error", "TwoPartError does not survive pickling: give super() all arguments"),
        ("float", "samples must be a numpy array of int16"),
        ("stereo", "samples must be mono, shape (n,)"),
        ("silence", "the speech is silent: its loudest sample is 0"),
        ("wordless", "the speech has no words"),
        ("backwards", "word 1 has the range"),
        ("outside", "word 0 is heard from 0 to 1000000.0 s"),
        ("varies", "the same utterance gave different samples: set varies = True"),
        ("pronunciations", "a longer pronunciation does not make the speech longer"),
        ("rate", "rates 0.8, 1 and 1.25 give"),
        ("truncates", "speech ends at character"),
    ],
)
def test_what_is_broken_is_said(flaw, sentence):
    engine = type("Engine", (Broken,), {"flaw": flaw})({})
    with pytest.raises(AssertionError) as caught:
        check_engine(engine, "en", "a")
    assert str(caught.value).startswith(sentence)


def test_what_is_not_broken_passes():
    check_engine(Broken({}), "en", "a")


def test_a_class_that_wants_more_than_settings_is_told_so():
    engine = type("Engine", (Broken,), {"__init__": lambda self, one, two: Broken.__init__(self, {})})(1, 2)
    with pytest.raises(AssertionError, match="the class must take its settings as its only argument"):
        check_engine(engine, "en", "a")


def test_an_engine_that_varies_may_say_so():
    check_engine(type("Engine", (Broken,), {"flaw": "varies", "varies": True})({}), "en", "a")


def test_no_promise_hides_an_error_of_the_engine(monkeypatch):
    engine = ToneEngine({})
    monkeypatch.setattr(engine, "speak", lambda _: (_ for _ in ()).throw(EngineError("broken")))
    with pytest.raises(InterviewAudioError):
        check_engine(engine, "en", "a")
