"""Provenance a clip: written words with their marks, and no clip that a listener would miss words in."""

import numpy as np
import pytest

from interview_audio.engines.protocol import Speech, SpokenWord, Utterance
from interview_audio.errors import EngineError, SpeechError
from interview_audio.synthesis.clip_file import read_words
from interview_audio.synthesis.clip_worker import ClipResult, ClipWorker, LoadedEngines, written_words
from interview_audio.synthesis.planning import ClipJob

LOUD = np.tile(np.array([3000, -3000], np.int16), 12000)


def speech(*ranges, samples=LOUD):
    words = tuple(SpokenWord(0.1 * index, 0.1 * index + 0.1, span) for index, span in enumerate(ranges))
    return Speech(samples, 24000, words)


@pytest.mark.parametrize(
    ("text", "ranges", "words"),
    [
        ("「你」好。", [(1, 2), (3, 4)], ["「你」", "好。"]),
        ("Well, (she) said", [(0, 4), (7, 10), (12, 16)], ["Well, ", "(she) ", "said"]),
        ("用「大」字", [(0, 1), (2, 3), (4, 5)], ["用", "「大」", "字"]),
        ("a — b", [(0, 1), (4, 5)], ["a ", "— b"]),
    ],
)
def test_marks_stay_with_their_words_and_nothing_is_lost(text, ranges, words):
    found = [word.text for word in written_words(text, speech(*ranges))]
    assert found == words
    assert "".join(found) == text


def job(tmp_path, text="Hello there."):
    return ClipJob("tone", "{}", Utterance(text, "en", "male-1"), "ab" * 32, tmp_path)


def test_a_clip_is_stored_with_its_words_and_measurement(tmp_path):
    made = ClipWorker().make_clip(job(tmp_path))
    clip = made.clip
    assert (made.is_ours, ClipWorker().make_clip(job(tmp_path))) == (True, ClipResult(clip, is_ours=False))
    assert [word.text for word in read_words(clip.path)] == ["Hello ", "there."]
    assert 0 < clip.onset < clip.offset < clip.samples
    assert len(clip.loudness) > 3


def test_a_text_that_cannot_be_said_is_not_stored(tmp_path):
    with pytest.raises(SpeechError):
        ClipWorker().make_clip(job(tmp_path, "……"))
    assert not list(tmp_path.rglob("*.flac"))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (speech((0, 5), samples=np.zeros(24000, np.int16)), "\\(silence\\)"),
        (speech((0, 5), samples=np.zeros(0, np.int16)), "\\(no sound\\)"),
        (speech((0, 99)), "impossible word times"),
        (speech((6, 11), (0, 5)), "impossible word times"),
        (Speech(LOUD, 24000, (SpokenWord(0.5, 0.4, (0, 5)),)), "impossible word times"),
        (Speech(LOUD, 24000, (SpokenWord(0.5, 99.0, (0, 5)),)), "a sound that is cut off"),
    ],
)
def test_silence_and_impossible_word_times_cost_the_line_and_are_not_stored(tmp_path, broken, message):
    class BrokenEngine:
        def speak(self, utterance):
            return broken

    class BrokenEngines(LoadedEngines):
        def get(self, name, settings):
            return BrokenEngine()

    with pytest.raises(SpeechError, match=message):
        ClipWorker(BrokenEngines()).make_clip(job(tmp_path))
    assert not list(tmp_path.rglob("*.flac"))


def test_a_worker_that_was_cancelled_begins_no_clip_and_others_do(tmp_path):
    worker = ClipWorker()
    worker.cancel()
    with pytest.raises(EngineError, match=r"^stopped before it had finished; run again, finished clips are kept$"):
        worker.make_clip(job(tmp_path))
    assert ClipWorker().make_clip(job(tmp_path)).is_ours
