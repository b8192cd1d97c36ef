import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_audio.production.containers.mp3 import LEAST_SECONDS, MOST_SECONDS, SILENT_FRAMES, cut

FRAME, RATE = 10, 100  # ten frames a second


def stream(sounds):
    """Sound and silence in turn: (frames of sound, frames of silence)."""
    parts = [np.repeat([1.0, 0.0], [loud * FRAME, silent * FRAME]) for loud, silent in sounds]
    return np.concatenate([np.zeros(0), *parts]).astype(np.float32)


def parts_of(samples, block=7):
    return list(cut(np.split(samples, range(block, len(samples), block)), FRAME, RATE))


def lengths(parts):
    return [len(part.samples) // FRAME for part in parts]


def test_cuts_lie_in_the_middle_of_the_first_silence_that_is_long_enough():
    parts = parts_of(stream([(30, 20), (30, 7), (40, 8), (90, 30), (5, 0)]))
    assert lengths(parts) == [131, 98, 31]
    assert [(part.ends_segment, part.ends_stream) for part in parts] == [(True, False)] * 2 + [(True, True)]


def test_without_silence_a_segment_has_several_parts():
    parts = parts_of(stream([(650, 0)]))
    assert lengths(parts) == [200, 200, 200, 50]
    assert [part.ends_segment for part in parts] == [False, False, False, True]


@pytest.mark.parametrize("length", [0, 1, FRAME - 1, FRAME, 59 * FRAME + 3])
def test_what_is_short_is_one_part(length):
    (part,) = parts_of(np.ones(length, np.float32))
    assert (len(part.samples), part.ends_segment, part.ends_stream) == (length, True, True)


sounds = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 30)), max_size=20)


@given(sounds, st.integers(1, 4000), st.integers(1, 4000), st.integers(0, FRAME - 1))
@settings(max_examples=150, deadline=None)
def test_parts_are_the_stream_and_its_blocks_do_not_matter(sounds, block, other_block, odd):
    samples = np.concatenate([stream(sounds), np.ones(odd, np.float32)])
    parts = parts_of(samples, block)
    assert np.array_equal(np.concatenate([part.samples for part in parts]), samples)
    assert lengths(parts) == lengths(parts_of(samples, other_block))
    assert [part.ends_stream for part in parts] == [False] * (len(parts) - 1) + [True]
    position = 0
    for part in parts[:-1]:
        position += len(part.samples)
        assert position % FRAME == 0
        assert LEAST_SECONDS * RATE <= len(part.samples) <= MOST_SECONDS * RATE
        around = samples[position - SILENT_FRAMES * FRAME : position + SILENT_FRAMES * FRAME]
        assert part.ends_segment == (not around.any() and len(around) == 2 * SILENT_FRAMES * FRAME)
