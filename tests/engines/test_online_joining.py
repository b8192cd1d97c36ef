"""The sounds of pieces as one: padding cut away, words moved with their sound."""

import numpy as np

from interview_audio.engines.protocol import SpokenWord
from interview_audio.engines.utterance_pieces import SpokenPiece, join_pieces


def part(start, written):
    """Ten seconds, of which two sound, at 100 Hz."""
    samples = np.zeros(1000, np.int16)
    samples[start * 100 : (start + 2) * 100] = 1000
    return SpokenPiece(samples, [SpokenWord(start, start + 2, written)], (start, start + 2))


def test_one_part_stays_as_it_is():
    alone = part(3, (0, 4))
    samples, words = join_pieces([alone], 100)
    assert samples is alone.samples
    assert words == [SpokenWord(3, 5, (0, 4))]


def test_parts_follow_each_other_without_their_padding():
    samples, words = join_pieces([part(3, (0, 4)), part(8, (5, 9))], 100)
    assert [round(one.start, 3) for one in words] == [0.05, 2.22]
    assert [round(one.end, 3) for one in words] == [2.05, 4.22]
    assert np.flatnonzero(np.diff(samples.astype(int))).tolist() == [4, 204, 221]
    assert samples.size == 2 * 100 + 5 + 12 + 5 + 200
