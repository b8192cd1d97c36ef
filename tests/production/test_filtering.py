import numpy as np
import pytest

from interview_audio.production.streams import filter_stream


def blocks(length, size):
    samples = np.linspace(-0.5, 0.5, length, dtype=np.float32)
    return samples, [samples[start : start + size] for start in range(0, length, size)]


@pytest.mark.parametrize("size", [1, 7, 1000, 4000])
def test_a_chain_is_applied_to_the_whole_stream(size):
    samples, parts = blocks(1000, size)
    frames = filter_stream(parts, 24000, [("volume", "0.5"), ("aformat", "sample_fmts=flt")])
    assert np.allclose(np.concatenate([frame.to_ndarray()[0] for frame in frames]), samples / 2)


def test_what_a_filter_holds_back_comes_at_the_end():
    _, parts = blocks(2400, 100)
    frames = list(filter_stream(parts, 24000, [("aresample", "48000")]))
    assert sum(frame.samples for frame in frames) == 4800


def test_no_blocks_are_no_sound():
    assert list(filter_stream([], 24000, [("volume", "1")])) == []
