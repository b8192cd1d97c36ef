"""The real Kokoro: every phoneme is spoken, word times fit, the same text gives the same samples."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.engines.kokoro import engine as kokoro
from interview_audio.engines.kokoro.phonemes import PhonemeWord, Phonemizer
from interview_audio.engines.kokoro.runtime import TimedSamples, vocabulary
from interview_audio.engines.protocol import Utterance
from interview_audio.errors import EngineError, SpeechError
from interview_audio.script.sentences import utterances

slow = pytest.mark.slow
LONG = "灯塔守护人每天清晨擦亮玻璃记录风向和潮水然后给路过的船只回信" * 100


@pytest.fixture(scope="module")
def engine():
    return kokoro.KokoroEngine({"graph": "published"})


def test_three_thousand_characters_without_a_space_lose_no_phoneme():
    assert len(LONG) == 3000
    phonemizer = Phonemizer(vocabulary())
    whole = phonemizer(LONG, "zh")
    assert whole.unspoken == ()
    assert "".join(LONG[word.start : word.end] for word in whole.words) == LONG
    pieces = list(kokoro.split(whole.words))
    assert [word for piece in pieces for word in piece] == list(whole.words)
    assert max(sum(len(word.phonemes) for word in piece) for piece in pieces) <= kokoro.MOST_TOKENS
    lines = utterances(LONG)
    assert "".join(lines) == LONG
    assert max(len(phonemizer(line, "zh").phonemes) for line in lines) <= 330


@given(st.lists(st.tuples(st.integers(1, 90), st.sampled_from(["", ", ", ". ", " "])), max_size=60))
def test_any_words_are_split_in_order_within_the_limit(parts):
    words = tuple(PhonemeWord("a" * size + mark, index, index + 1) for index, (size, mark) in enumerate(parts))
    pieces = list(kokoro.split(words, 100))
    assert [word for piece in pieces for word in piece] == list(words)
    assert all(pieces)
    assert all(sum(len(word.phonemes) for word in piece) <= 100 for piece in pieces)


def test_what_cannot_be_loaded_is_told_while_loading(tmp_path):
    graph = tmp_path / "own.onnx"
    with pytest.raises(EngineError, match=r"own\.onnx not found"):
        kokoro.KokoroEngine({"model": str(graph)}).load(["en"])
    graph.write_bytes(b"no graph")
    with pytest.raises(EngineError, match=r"onnxruntime cannot load .*own\.onnx"):
        kokoro.KokoroEngine({"model": str(graph)}).load(["zh", "en"])


class EvenModel:
    """Stands in for the graph: each phoneme has a tenth of a second, after a tenth of silence."""

    name, has_controls = "even", False

    def speak(self, phonemes, style, speed, prosody=None):
        edges = [(1 + index) / 10 for index in range(len(phonemes) + 1)]
        samples = np.zeros(round((edges[-1] + 0.5) * 24000), np.float32)
        return TimedSamples(samples, tuple(itertools.pairwise(edges)))


def test_a_word_is_heard_from_the_space_before_it_and_but_for_marks_a_frame_earlier(engine, monkeypatch):
    monkeypatch.setattr(engine._loader, "load", EvenModel)
    text = "Sea, an oak."
    phonemes = engine.sounds(Utterance(text, "en", "af_heart")).phonemes
    assert phonemes == "sˈi, ɐn ˈOk."
    words = engine.speak(Utterance(text, "en", "af_heart")).words
    assert [text[slice(*word.written)] for word in words] == ["Sea,", "an", "oak."]
    assert [(word.start, word.end) for word in words] == [
        pytest.approx(times) for times in ((0.075, 0.475), (0.5, 0.775), (0.775, 1.3))
    ]


def test_word_times_fit_where_the_pieces_of_a_long_text_are_joined(engine, monkeypatch):
    monkeypatch.setattr(engine._loader, "load", EvenModel)
    monkeypatch.setattr(kokoro, "split", lambda words: (words[:1], words[1:]))
    speech = engine.speak(Utterance("Sea, an oak.", "en", "af_heart"))
    # Of the first piece 0.05 s before its first phoneme and 0.12 s after its last one are kept.
    joint = 0.05 + 0.4 + 0.12
    assert [(word.start, word.end) for word in speech.words] == [
        pytest.approx(times) for times in ((0.025, 0.45), (joint + 0.025, joint + 0.225), (joint + 0.225, joint + 0.75))
    ]
    assert speech.samples.size / 24000 == pytest.approx(joint + 0.05 + 0.7 + 0.12)


@slow
def test_word_times_cover_the_written_text_in_order(engine):
    text = "GPT-4 在 12 月 1 日发布，OpenAI 涨了 35.5%。"
    speech = engine.speak(Utterance(text, "zh", "zf_xiaobei"))
    assert speech.sample_rate == 24000
    assert speech.unspoken == ()
    assert "35.5%" in [text[slice(*word.written)].rstrip("。") for word in speech.words]
    ends = [0.0]
    for word in speech.words:
        assert ends[-1] <= word.start + 1e-6
        assert word.start < word.end <= speech.samples.size / 24000
        ends.append(word.end)
    first, last = speech.words[0], speech.words[-1]
    loud = np.flatnonzero(np.abs(speech.samples) > 1500) / 24000
    assert first.start - 0.1 < loud[0] < first.end
    assert last.start < loud[-1] < last.end + 0.25


@slow
def test_a_text_over_the_limit_is_spoken_whole_in_pieces(engine, monkeypatch):
    text = "The lamp was lit, the sea was calm. Then the fog arrived."
    whole = engine.speak(Utterance(text, "en", "af_heart"))
    monkeypatch.setattr(kokoro, "split", lambda words: (words[:8], words[8:]))
    pieces = engine.speak(Utterance(text, "en", "af_heart"))
    assert [word.written for word in pieces.words] == [word.written for word in whole.words]
    assert abs(pieces.samples.size / whole.samples.size - 1) < 0.2
    assert all(a.end <= b.start + 1e-6 for a, b in zip(pieces.words, pieces.words[1:], strict=False))
    # It is silent before this word, which begins where the sound does.
    word = whole.words[8]
    assert text[slice(*word.written)] == "Then"
    around = np.abs(whole.samples[round((word.start - 0.12) * 24000) : round((word.start + 0.12) * 24000)])
    assert np.flatnonzero(around > 300)[0] / 24000 == pytest.approx(0.12, abs=0.06)


@slow
def test_the_same_utterance_gives_the_same_samples_after_loading_and_without(engine):
    loaded = kokoro.KokoroEngine({"graph": "published"})
    loaded.load(["zh", "en"])
    for utterance in (
        Utterance("你好, hello.", "zh", "zf_xiaobei"),
        Utterance("The sea, mostly.", "en", "af_heart*0.5 + bm_george*0.5", 1.1),
    ):
        first, other = engine.speak(utterance), loaded.speak(utterance)
        assert np.array_equal(first.samples, other.samples)
        assert first.words == other.words


@slow
def test_the_published_graph_honours_the_rate(engine):
    slow, fast = (engine.speak(Utterance("Hello there.", "en", "bm_george", rate)) for rate in (0.8, 1.25))
    assert slow.samples.size > 1.2 * fast.samples.size


@slow
def test_what_has_no_sound_is_named(engine):
    speech = engine.speak(Utterance("我们叫它㐂号。", "zh", "zm_yunjian"))
    assert speech.unspoken == ("㐂",)
    with pytest.raises(SpeechError, match="kokoro cannot speak 'مرحبا'"):
        engine.speak(Utterance("مرحبا", "en", "af_heart"))
