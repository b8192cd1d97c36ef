"""Questions rise where their language lets them; pitch, pace and stress go where they were asked for."""

import re
from pathlib import Path

import numpy as np
import pytest

from interview_audio.engines.kokoro.engine import KokoroEngine
from interview_audio.engines.kokoro.intonation import prosody, questions, stressed
from interview_audio.engines.kokoro.phonemes import PhonemeWord
from interview_audio.engines.kokoro.runtime import CONTROLS
from interview_audio.engines.protocol import Stretch, Utterance

DATA = Path(__file__).parents[1] / "data" / "speech" / "questions.tsv"


def test_questions_rise_as_their_words_say():
    rows = [line.split("\t") for line in DATA.read_text("utf-8").splitlines() if not line.startswith("#")]
    wrong = [text for _, tune, text in rows if bool(list(questions(text))) != (tune == "rises")]
    assert wrong == []
    assert len(rows) > 170


@pytest.mark.parametrize(("text", "rising"), [
    ("Good: Are you ready, Ada? Yes. Why? It is. You walked?", ["Are you ready, Ada?", "You walked?"]),
    ("He left. Did Dr. Okafor see it?", ["Did Dr. Okafor see it?"]),
    ("你好！可以吗？为什么？", ["可以吗？"]),
    ("他说：“你去吗？”我没去。", ["他说：“你去吗？"]),
    ("It is 3.5 m high. No?", ["No?"]),
    ("?", []),
    ("……？！", []),
])  # fmt: skip
def test_each_question_of_a_text_is_judged_by_itself(text, rising):
    assert [text[start:end] for start, end, _ in questions(text)] == rising


def test_a_text_of_marks_alone_takes_no_time():
    assert list(questions("?, " * 20_000)) == []
    assert list(questions("a. " * 20_000 + "?")) == []
    assert list(questions("a" * 100_000)) == []


def said(text, phonemes, **utterance):
    words = [PhonemeWord(sound, *word.span()) for word, sound in zip(re.finditer(r"\S+", text), phonemes, strict=True)]
    return prosody(Utterance(text, "en", "af_heart", **utterance), words)


def semitones(values):
    return (12 * np.log2(values)).round(2).tolist()


def test_a_statement_is_left_as_kokoro_says_it():
    assert said("It rained.", ["ɪt ", "ɹˈeɪnd."]) is None
    assert said("Who knew?", ["hˌuː ", "nˈuː?"]) is None


def test_a_question_rises_from_its_last_stress_and_nothing_before_it_changes():
    phonemes = ["wˌɪ ", "nˈoʊ. ", "wʌz ", "ɪt ", "nˈoʊʃən?"]
    question = said("We know. Was it ocean?", phonemes)
    start = "".join(phonemes).index("ˈoʊʃ")
    pitches = semitones(question.pitch)
    assert set(pitches[: start - 1]) <= {0.0, -2.0}
    assert set(pitches[: len("wˌɪ nˈoʊ. ")]) == {0.0}
    rise = pitches[start:]
    assert rise == sorted(rise)
    assert rise[0] == -2
    assert rise[-1] == 7
    assert question.pace[-3] < 1 < 1 + question.energy[-3]
    assert question.level[-2] > 1  # the voice goes on through the last consonant


@pytest.mark.parametrize(("written", "last", "level"), [
    ("你走吗？", "ma?", 1.01),  # no tone of its own: all of it is ours
    ("你走？", "ʦou↓?", 1.01),
    ("你去？", "ʨʰy↘?", 0.4),  # the fall stays, higher
])  # fmt: skip
def test_the_last_syllable_of_a_mandarin_question_is_lifted_by_its_tone(written, last, level):
    words = [PhonemeWord("ni↓ ", 0, 1), PhonemeWord(last, 1, len(written))]
    question = prosody(Utterance(written, "zh", "zf_xiaoxiao"), words)
    assert question.level[-2] == np.float32(level)
    assert question.pitch[-2] > question.pitch[0]


@pytest.mark.parametrize("written", ["你怎么去？", "你呢？", "去还是不去？"])
def test_other_mandarin_questions_are_left_as_kokoro_says_them(written):
    words = [PhonemeWord("ni↓ ", 0, 1), PhonemeWord("ʨʰy↘?", 1, len(written))]
    assert prosody(Utterance(written, "zh", "zf_xiaoxiao"), words) is None


def test_stretches_change_the_words_that_they_touch():
    stretches = (Stretch(0, 2, rate=0.8), Stretch(3, 6, pitch=2.0), Stretch(7, 10, is_stressed=True))
    changed = said("We did try.", ["wi ", "dɪd ", "tɹˈaɪ."], stretches=stretches, pitch=-1.0)
    assert semitones(changed.pitch) == [-1.0] * 3 + [1.0] * 4 + [2.0] * 6
    assert np.allclose(changed.pace[:3], 0.8)
    assert set(changed.pace[3:7].tolist()) == {1.0}
    assert changed.pace[7:].max() == np.float32(0.8)
    assert changed.pace[-2] == np.float32(0.7)  # the vowel of "try"
    assert (changed.energy[7:] > 0).all()
    assert not changed.energy[:7].any()
    assert not changed.level.any()


@pytest.mark.parametrize(("weak", "strong"), [
    ("wʌz ", "wˈʌz "),
    ("mˌi.", "mˈi."),
    ("nˈɛvəɹ ", "nˈɛvəɹ "),
    ("ðə ", "ðˈi "),
    ("ɐ, ", "ˈA, "),
    ("tə ", "tˈu "),
    ("… ", "… "),
])  # fmt: skip
def test_a_stressed_word_has_its_strong_form(weak, strong):
    words = [PhonemeWord("ɪt ", 0, 2), PhonemeWord(weak, 3, 6), PhonemeWord("wʌz.", 7, 11)]
    utterance = Utterance("it was was.", "en", "af_heart", stretches=(Stretch(3, 6, is_stressed=True),))
    assert [word.phonemes for word in stressed(utterance, words)] == ["ɪt ", strong, "wʌz."]


def test_a_hum_takes_its_time():
    words = [PhonemeWord("ə↘n, ", 0, 2), PhonemeWord("twei↘.", 2, 4)]
    changed = prosody(Utterance("嗯，对。", "zh", "zf_xiaoxiao"), words)
    assert set(changed.pace[:5].tolist()) == {np.float32(0.8)}
    assert set(changed.pace[5:].tolist()) == {1}
    assert semitones(changed.pitch) == [0] * 11


def test_mandarin_has_no_mark_of_stress():
    utterance = Utterance("我的", "zh", "zf_xiaoxiao", stretches=(Stretch(0, 2, is_stressed=True),))
    words = (PhonemeWord("wo↓ ", 0, 1), PhonemeWord("tɤ", 1, 2))
    assert stressed(utterance, words) == words


def test_a_stretch_of_what_has_no_sound_changes_nothing():
    changed = said("We — did.", ["wi ", "", "dɪd."], stretches=(Stretch(3, 4, pitch=3.0),))
    assert {name: set(getattr(changed, name).tolist()) for name in CONTROLS} == {
        name: {neutral} for name, neutral in CONTROLS.items()
    }


@pytest.mark.slow
def test_kokoro_says_higher_what_is_to_be_higher_and_slower_what_is_stressed():
    engine = KokoroEngine({"graph": "published"})
    plain = engine.speak(Utterance("They did it.", "en", "am_michael"))
    higher = engine.speak(Utterance("They did it.", "en", "am_michael", pitch=6.0))
    stressed = engine.speak(Utterance("They did it.", "en", "am_michael", stretches=(Stretch(5, 8, is_stressed=True),)))
    assert higher.words == plain.words
    assert 1.25 < pitch_of(higher.samples) / pitch_of(plain.samples) < 1.6
    lengths = [speech.words[1].end - speech.words[1].start for speech in (plain, stressed)]
    assert lengths[1] > 1.1 * lengths[0]
    assert plain.made_by == stressed.made_by == "published"


def pitch_of(samples):
    """The strongest period of the voice between 70 and 300 Hz, in Hz."""
    voice = samples.astype(float) - samples.mean()
    spectrum = np.abs(np.fft.rfft(voice, 2 * len(voice))) ** 2
    similarity = np.fft.irfft(spectrum)[: len(voice)]
    lags = np.arange(24000 // 300, 24000 // 70)
    return 24000 / lags[similarity[lags].argmax()]
