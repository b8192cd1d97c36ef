import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.reading import read_source
from interview_audio.transcript.turns import Transcript

REPOSITORY = Path(__file__).resolve().parents[2]
SEEDS = REPOSITORY / os.environ.get("INTERVIEW_AUDIO_SEEDS", "../shared/seeds")
NAMES = ("000_7c0c3b74ca06ab4f", "003_c631dcad11afa56c")
HOST = {"Interviewer": "Q"}
"""What the expectations call the host, whom the text only labels."""


@pytest.fixture(params=NAMES)
def seed(request: pytest.FixtureRequest) -> tuple[Transcript, dict[str, Any]]:
    source = SEEDS / f"{request.param}.txt"
    if not source.is_file():
        pytest.skip(f"no seed interviews in {SEEDS}; set INTERVIEW_AUDIO_SEEDS")
    expected = json.loads(source.with_suffix(".turns.json").read_text(encoding="utf-8"))
    return parse_transcript(read_source(source)), expected


def expected_by_line(
    expected: dict[str, Any], transcript: Transcript
) -> Iterator[tuple[int, set[tuple[str, str | None]]]]:
    lines = [turn.line for turn in transcript.turns]
    for entry in expected["turns"]:
        first, last = entry["lines"]
        kinds = {entry["kind"], *entry.get("kinds_also_accepted", [])}
        speakers = {entry["speaker"], *entry.get("also_accepted", [])}
        accepted = {(kind, HOST.get(name, name)) for kind in kinds for name in speakers}
        accepted |= {("quote", None)} if entry["kind"] == "heading" and first > 1 else set()
        yield from ((line, accepted) for line in lines if first <= line <= last)


def test_every_paragraph_has_the_kind_and_the_speaker_that_it_should(seed: tuple[Transcript, dict[str, Any]]) -> None:
    transcript, expected = seed
    accepted = dict(expected_by_line(expected, transcript))
    understood = {turn.line: (turn.kind, turn.speaker) for turn in transcript.turns}
    assert {line: found for line, found in understood.items() if found not in accepted.get(line, set())} == {}
    assert accepted.keys() == understood.keys()


def test_as_many_characters_as_expected_are_in_the_turns(seed: tuple[Transcript, dict[str, Any]]) -> None:
    transcript, expected = seed
    for entry in expected["turns"]:
        first, last = entry["lines"]
        within = [turn for turn in transcript.turns if first <= turn.line <= last]
        markup = 2 * sum(turn.kind == "boilerplate" and turn.line == 95 for turn in within)
        assert sum(len(turn.text) for turn in within) + markup == entry["characters"], entry


def test_three_people_with_canonical_names_and_roles(seed: tuple[Transcript, dict[str, Any]]) -> None:
    transcript, expected = seed
    people = {person.name: (person.role, person.gender) for person in transcript.speakers}
    assert people.keys() == {HOST.get(name, name) for name in expected["speakers"]}
    assert people == {
        "Q": ("host", "unknown"),
        "Sam Altman": ("guest", "male"),
        "Mira Murati": ("guest", "female"),
    }
    printed = {turn.label for turn in transcript.turns if turn.label}
    assert {expected["aliases"].get(label, label) for label in printed} == set(expected["speakers"])


def test_language_and_title(seed: tuple[Transcript, dict[str, Any]]) -> None:
    transcript, expected = seed
    assert transcript.language == expected["language"]
    assert transcript.title == transcript.turns[0].text
    assert {turn.language for turn in transcript.turns} == {expected["language"]}


def test_nothing_is_lost(seed: tuple[Transcript, dict[str, Any]]) -> None:
    transcript, _ = seed
    receipt = transcript.receipt
    assert receipt.unaccounted == 0
    assert receipt.spoken + sum(receipt.skipped.values()) == receipt.characters


@pytest.mark.parametrize(
    ("name", "line", "kind", "speaker", "confidence"),
    [
        ("000_7c0c3b74ca06ab4f", 15, "quote", None, "inferred"),
        ("000_7c0c3b74ca06ab4f", 28, "quote", None, "inferred"),
        ("000_7c0c3b74ca06ab4f", 40, "speech", "Q", "guessed"),
        ("003_c631dcad11afa56c", 15, "speech", "Sam Altman", "inferred"),
        ("003_c631dcad11afa56c", 83, "speech", "Sam Altman", "inferred"),
        ("003_c631dcad11afa56c", 85, "speech", "Sam Altman", "certain"),
        ("003_c631dcad11afa56c", 89, "speech", "Sam Altman", "inferred"),
        ("003_c631dcad11afa56c", 93, "boilerplate", None, "guessed"),
    ],
)
def test_paragraphs_that_take_judgement(name: str, line: int, kind: str, speaker: str | None, confidence: str) -> None:
    source = SEEDS / f"{name}.txt"
    if not source.is_file():
        pytest.skip(f"no seed interviews in {SEEDS}; set INTERVIEW_AUDIO_SEEDS")
    turns = {turn.line: turn for turn in parse_transcript(read_source(source)).turns}
    turn = turns[line]
    assert (turn.kind, turn.speaker, turn.confidence) == (kind, speaker, confidence)
    assert turn.reason
