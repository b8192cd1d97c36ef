import re
from pathlib import Path

import pytest

from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.reading import read_source
from interview_audio.transcript.turns import Transcript

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

IDA, TOMAS, HOST = "Ida Holm", "Tomas Reyes", "Q"
UNDERSTOOD = [
    ("heading", None, None),
    ("narration", None, None),
    ("narration", None, None),
    ("speech", IDA, None),
    ("narration", None, None),
    ("speech", HOST, "Q"),
    ("speech", IDA, "IH"),
    ("speech", IDA, None),
    ("quote", None, None),
    ("speech", HOST, "Q"),
    ("speech", TOMAS, "Reyes"),
    ("speech", HOST, "Q"),
    ("speech", IDA, "Ida Holm"),
    ("speech", TOMAS, "Tomas Reyes"),
    ("speech", HOST, "Q"),
    ("speech", IDA, None),
    ("speech", IDA, "IH"),
    ("speech", HOST, "Q"),
    ("speech", TOMAS, "Tomas Reyes"),
    ("speech", HOST, "the last question's end"),
    ("narration", None, None),
    ("speech", IDA, None),
    ("boilerplate", None, None),
    ("boilerplate", None, None),
    ("boilerplate", None, None),
]
LABEL_OF_THE_CLOSING_REMARK = {"en": "Q", "zh": None}
LINES = {"en": range(1, 50, 2), "zh": range(1, 26)}


def read_example(language: str) -> Transcript:
    return parse_transcript(read_source(EXAMPLES / f"lighthouse.{language}.txt"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_line_is_understood(language: str) -> None:
    closing = LABEL_OF_THE_CLOSING_REMARK[language]
    expected = [
        (line, kind, speaker, closing if label == "the last question's end" else label)
        for line, (kind, speaker, label) in zip(LINES[language], UNDERSTOOD, strict=True)
    ]
    turns = read_example(language).turns
    assert [(turn.line, turn.kind, turn.speaker, turn.label) for turn in turns] == expected


@pytest.mark.parametrize("language", ["en", "zh"])
def test_people(language: str) -> None:
    people = {person.name: (person.role, person.gender) for person in read_example(language).speakers}
    assert people == {IDA: ("guest", "female"), HOST: ("host", "unknown"), TOMAS: ("guest", "male")}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_language_title_and_receipt(language: str) -> None:
    transcript = read_example(language)
    assert {transcript.language, *(turn.language for turn in transcript.turns if turn.kind == "speech")} == {language}
    assert transcript.title == transcript.turns[0].text
    assert transcript.receipt.unaccounted == 0
    assert transcript.receipt.skipped["stage"] > 0


@pytest.mark.parametrize(("language", "fewest", "most"), [("en", 330, 420), ("zh", 600, 750)])
def test_it_takes_two_or_three_minutes_to_read_aloud(language: str, fewest: int, most: int) -> None:
    spoken = [turn.text for turn in read_example(language).turns if turn.kind in ("speech", "narration")]
    counted = " ".join(spoken).split() if language == "en" else re.findall("[一-鿿]", "".join(spoken))
    assert fewest <= len(counted) <= most


def test_editors_brackets_are_words() -> None:
    texts = [turn.text for language in ("en", "zh") for turn in read_example(language).turns]
    assert any("[the goose]" in text for text in texts)
    assert any("[那只鹅]" in text for text in texts)
