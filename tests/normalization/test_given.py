"""A pronunciation applies where its written form stands: folded, Latin ones as whole words, the longest first."""

import pytest

from interview_audio.normalization.pronunciations import applies, given_pattern


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
    assert given_pattern(("open", "open xr")).findall("the open xr runtime is open") == ["open xr", "open"]
