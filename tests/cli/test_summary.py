"""What is said at the end."""

from pathlib import Path

import pytest

from interview_audio.cli.summary import clock, shortened, summary

EPISODE = {
    "duration": 3723.4,
    "chapters": [{}],
    "cast": [{"speaker": "Ada", "role": "guest", "voices": {"en": {"voice": "tone:male-1", "rate": 1.0}}}],
    "skipped": [{"kind": "quote", "reason": "repeats", "line": line} for line in range(1, 11)],
}


def test_summary():
    assert summary(EPISODE, Path("talk.mp3"), "done").splitlines() == [
        "talk.mp3  1:02:03  1 chapter  (done)",
        "  Ada (guest): en tone:male-1",
        "  not read: quote, repeats (line 1, 2, 3, 4, 5, 6, 7, 8, …)",
    ]


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (59.6, "1:00"), (3600, "1:00:00"), (150, "2:30")])
def test_clock(seconds, shown):
    assert clock(seconds) == shown


def test_a_long_text_is_shortened_on_one_line():
    assert shortened("a\nb  c") == "a b c"
    assert shortened("x" * 99, 10) == "x" * 9 + "…"
