"""A pronunciation applies where its written form stands: folded, Latin ones as whole words, the longest first."""

import pytest

from interview_audio.normalization.pronunciations import applies, find_pronunciations


@pytest.mark.parametrize(
    ("written", "text", "expected"),
    [
        ("win", "They win.", True),
        ("win", "A window.", False),
        ("GPT-4", "用GPT-4说话", True),
        ("GPT-4", "GPT-45", False),
        ("", "anything", False),
        ("单", "单田芳", True),
    ],
)
def test_where_it_applies(written, text, expected):
    assert applies(written, text) == expected


def test_the_longest_wins():
    found = find_pronunciations("the open xr runtime is open", {"open": "o", "open xr": "x"})
    assert list(found) == [(4, 11, "x"), (23, 27, "o")]


@pytest.mark.parametrize("written", ["O’Hara", "Ｏ'Ｈara", "O＇Hara"])
def test_width_and_the_shape_of_an_apostrophe_do_not_matter(written):
    assert applies(written, "Ask O'Hara.")
    assert list(find_pronunciations("Ask O'Hara.", {written: "oh harrah"})) == [(4, 10, "oh harrah")]
