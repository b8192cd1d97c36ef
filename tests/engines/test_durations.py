"""Word times where a service tells none: in order, inside the sound, in proportion to the letters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.engines.durations import audible_range, estimate_seconds, estimate_words
from interview_audio.engines.protocol import SpokenWord
from interview_audio.engines.utterance_pieces import merge_words, prepare_text


def test_how_long_a_text_takes():
    assert estimate_seconds("你好，1!") == pytest.approx(0.2 + 0.2 + 0.25)
    assert estimate_seconds("sixteen letters..") == pytest.approx(14 / 16)
    assert estimate_seconds("…") == 0


def test_where_sound_begins_and_ends():
    samples = np.zeros(24000, np.int16)
    samples[2400:12000] = 5000
    samples[20000] = 90  # hiss
    assert audible_range(samples, 24000) == (0.1, 0.5)
    assert audible_range(np.zeros(24000, np.int16), 24000) == (0.0, 1.0)
    assert audible_range(np.zeros(0, np.int16), 24000) == (0.0, 0.0)
    assert audible_range(np.full(10, -32768, np.int16), 10) == (0.0, 1.0)


def test_words_are_as_long_as_their_letters_with_pauses_at_marks():
    words = estimate_words(prepare_text("ab abcd。好", {}), (0, 9), (1.0, 2.85))
    pace = (2.85 - 1.0) / (2 / 16 + 4 / 16 + 0.35 + 0.2)
    assert [one.written for one in words] == [(0, 2), (3, 7), (8, 9)]
    assert [one.start for one in words] == pytest.approx([1.0, 1 + 2 / 16 * pace, 1 + (6 / 16 + 0.35) * pace])
    assert words[-1].end == pytest.approx(2.85)


def test_what_is_said_for_one_written_word_is_one():
    wording = prepare_text("用 XR 好", {"XR": "X R eyes"})
    words = merge_words(estimate_words(wording, (0, len(wording.sent)), (0.0, 1.0)))
    assert [one.written for one in words] == [(0, 1), (2, 4), (5, 6)]
    assert merge_words([SpokenWord(0, 1, (0, 2)), SpokenWord(1, 2, (1, 4))]) == (SpokenWord(0, 2, (0, 4)),)


@given(st.text(max_size=60), st.floats(0, 3), st.floats(0, 30))
def test_any_text_has_its_words_in_order_inside_the_sound(text, first, length):
    wording = prepare_text(text, {})
    words = estimate_words(wording, (0, len(wording.sent)), (first, first + length))
    clock, at = first, 0
    for one in words:
        assert clock <= one.start <= one.end <= first + length
        assert at <= one.written[0] < one.written[1] <= len(text)
        clock, at = one.start, one.written[1]
