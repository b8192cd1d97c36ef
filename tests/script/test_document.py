import json
from typing import Any

import pytest

from interview_audio.errors import SourceError
from interview_audio.script.script_file import transcript_as_dict, transcript_for_editing, transcript_from_dict
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.receipt import REASONS
from interview_audio.transcript.turns import Person, Receipt, Transcript, Turn

SOURCE = "Q: Why?\nIda Holm: So."
DOCUMENT = {
    "schema": 1,
    "title": "",
    "language": "en",
    "speakers": [
        {"name": "Q", "role": "host", "gender": "unknown", "aliases": []},
        {"name": "Ida Holm", "role": "guest", "gender": "female", "aliases": []},
    ],
    "turns": [
        {
            "kind": "speech",
            "speaker": "Q",
            "label": "Q",
            "language": "en",
            "text": "Why?",
            "line": 1,
            "source": [3, 7],
            "confidence": "certain",
            "reason": "label Q",
        },
        {
            "kind": "speech",
            "speaker": "Ida Holm",
            "label": "Ida Holm",
            "language": "en",
            "text": "So.",
            "line": 2,
            "source": [18, 21],
            "confidence": "certain",
            "reason": "label Ida Holm",
        },
    ],
    "receipt": {
        "characters": 21,
        "spoken": 7,
        "skipped": {"label": 11, "whitespace": 3, "markup": 0, "boilerplate": 0, "heading": 0, "quote": 0, "stage": 0},
        "unaccounted": 0,
    },
}


def edited(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(DOCUMENT))
    return document | changes


def with_turn(**changes: Any) -> dict[str, Any]:
    document = edited()
    document["turns"][1] |= changes
    return document


def test_the_shape_of_script_format_json() -> None:
    assert transcript_as_dict(parse_transcript(SOURCE)) == DOCUMENT


def test_it_comes_back_as_it_was_through_json() -> None:
    back = transcript_from_dict(json.loads(json.dumps(DOCUMENT)))
    assert transcript_as_dict(back) == DOCUMENT


def test_a_file_written_by_hand_needs_little() -> None:
    document = {"language": "en-GB", "turns": [{"text": "A tower."}, {"speaker": "Ida", "text": "So."}], "cast": {}}
    assert transcript_from_dict(document) == Transcript(
        title="",
        language="en",
        speakers=(Person("Ida", "guest", "unknown", "", ()),),
        turns=(
            Turn("narration", None, None, "en", "A tower.", 0, (0, 0), "certain", "written by hand"),
            Turn("speech", "Ida", None, "en", "So.", 0, (0, 0), "certain", "written by hand"),
        ),
        receipt=Receipt(0, 0, dict.fromkeys(REASONS, 0), 0),
    )


def test_voices_of_speakers_are_left_to_the_script() -> None:
    document = edited()
    document["speakers"][0]["voices"] = {"en": "kokoro:af_heart"}
    assert transcript_from_dict(document).speakers[0].name == "Q"


EDITABLE = {
    "schema": 1,
    "title": "The light",
    "language": "en",
    "speakers": [
        {"name": "Q", "role": "host", "gender": "unknown"},
        {"name": "Ida", "role": "guest", "gender": "female", "gender_reason": "pronoun she", "aliases": ["IH"]},
    ],
    "turns": [
        {"kind": "heading", "text": "The light", "at": {"line": 1, "source": [0, 9]}},
        {"speaker": "Q", "text": "Why?", "at": {"line": 3, "source": [14, 18], "label": "Q"}},
        {
            "speaker": "Ida",
            "language": "fr",
            "text": "Pour voir.",
            "at": {"line": 5, "source": [19, 29], "confidence": "guessed", "reason": "answers line 3"},
        },
        {"kind": "narration", "text": "She went."},
    ],
    "receipt": {"characters": 29, "spoken": 14, "skipped": {"label": 5, "heading": 9}, "unaccounted": 1},
}
EDITED = Transcript(
    title="The light",
    language="en",
    speakers=(
        Person("Q", "host", "unknown", "", ()),
        Person("Ida", "guest", "female", "pronoun she", ("IH",)),
    ),
    turns=(
        Turn("heading", None, None, "en", "The light", 1, (0, 9), "certain", "title"),
        Turn("speech", "Q", "Q", "en", "Why?", 3, (14, 18), "certain", "label Q"),
        Turn("speech", "Ida", None, "fr", "Pour voir.", 5, (19, 29), "guessed", "answers line 3"),
        Turn("narration", None, None, "en", "She went.", 0, (0, 0), "certain", "written by hand"),
    ),
    receipt=Receipt(29, 14, dict.fromkeys(REASONS, 0) | {"label": 5, "heading": 9}, 1),
)


def test_the_shape_that_a_person_edits() -> None:
    assert transcript_for_editing(EDITED) == EDITABLE
    assert transcript_from_dict(EDITABLE) == EDITED


def test_a_turn_without_its_origin_is_certain_and_the_title_stays_the_title() -> None:
    turns = [{key: value for key, value in turn.items() if key != "at"} for turn in EDITABLE["turns"]]
    read = transcript_from_dict(EDITABLE | {"turns": turns}).turns
    assert [turn.confidence for turn in read] == ["certain"] * 4
    assert [turn.reason for turn in read] == ["title", *["written by hand"] * 3]


def test_an_origin_of_null_is_none() -> None:
    turn = transcript_from_dict({"language": "en", "turns": [{"text": "A.", "at": None}]}).turns[0]
    assert (turn.line, turn.source) == (0, (0, 0))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "script file: expected keys and values, found a list"),
        (edited(schema=2), "schema: unknown version 2"),
        (edited(language=None), "language: missing"),
        (edited(language="Chinese!"), "language: 'Chinese!' is not a language tag"),
        (edited(turns=[]), "turns: empty"),
        (edited(turns="x"), "turns: expected a list, found text"),
        (edited(turns=[1]), r"turns\[0\]: expected keys and values, found a whole number"),
        (edited(speakers=[{"name": "Q"}, {"name": "Q"}]), r"speakers\[1\].name: Q is listed twice"),
        (edited(speakers=[{"role": "host"}]), r"speakers\[0\].name: missing"),
        (
            edited(speakers=[{"name": "Q", "role": "boss"}]),
            r"speakers\[0\].role: must be one of host, guest, not 'boss'",
        ),
        (edited(speakers=[{"name": "Q", "aliases": [1]}]), r"speakers\[0\].aliases: expected a list of names"),
        (with_turn(speeker="Q"), r"turns\[1\].speeker: unknown key; did you mean speaker\?"),
        (with_turn(kind="talk"), r"turns\[1\].kind: must be one of .*, not 'talk'"),
        (with_turn(speaker=None), r"turns\[1\].speaker: a turn of kind speech needs a speaker"),
        (with_turn(kind="quote"), r"turns\[1\].speaker: a turn of kind quote cannot have a speaker"),
        (with_turn(text=" "), r"turns\[1\].text: empty"),
        (with_turn(text=5), r"turns\[1\].text: expected text, found a whole number"),
        (with_turn(line=True), r"turns\[1\].line: expected a whole number"),
        (with_turn(source=[5]), r"turns\[1\].source: expected two offsets"),
        (with_turn(source=[5, 1]), r"turns\[1\].source: expected two offsets"),
        (with_turn(at={"lin": 3}), r"turns\[1\].at.lin: unknown key; did you mean line\?"),
        (with_turn(at={"source": [1]}), r"turns\[1\].at.source: expected two offsets"),
        (with_turn(at=[1]), r"turns\[1\].at: expected keys and values, found a list"),
        (with_turn(language="?"), r"turns\[1\].language: "),
        (edited(receipt={"skipped": {"label": "many"}}), "receipt.skipped.label: expected a whole number, found text"),
    ],
)
def test_a_mistake_is_named_by_its_place(document: object, message: str) -> None:
    with pytest.raises(SourceError, match=f"^{message}"):
        transcript_from_dict(document)
