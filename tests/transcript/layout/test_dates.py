"""The date of an interview is the one on its own line."""

import datetime

import pytest

from interview_audio.transcript.layout.front_matter import source_date
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.turns import Turn


def turn(text: str, kind: str = "boilerplate", reason: str = "date line") -> Turn:
    return Turn(kind, None, None, "en", text, 1, (0, 1), "certain", reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-21", (2024, 3, 21)),
        ("2024年3月21日 10:30", (2024, 3, 21)),
        ("2024/3/1", (2024, 3, 1)),
        ("March 21, 2024", (2024, 3, 21)),
        ("Thursday, Mar. 21, 2024 at 10:30", (2024, 3, 21)),
        ("21 March 2024", (2024, 3, 21)),
        ("Feb 29, 2024", (2024, 2, 29)),
        ("Feb 29, 2023", None),
        ("2024-13-01", None),
        ("5 min read", None),
    ],
)
def test_dates(text: str, expected: tuple[int, int, int] | None) -> None:
    assert source_date([turn(text)]) == (expected and datetime.date(*expected))


def test_a_date_in_what_is_said_is_not_the_interviews() -> None:
    assert source_date([turn("On March 21, 2024, we left.", "speech", "label A")]) is None


def test_a_date_line_in_a_text_is_found_and_not_read() -> None:
    text = "The light\n\nMarch 21, 2024\n\nQ: Is it dark?\n\nAda: It is.\n\nQ: Always?\n\nAda: Always.\n"
    assert source_date(parse_transcript(text).turns) == datetime.date(2024, 3, 21)
