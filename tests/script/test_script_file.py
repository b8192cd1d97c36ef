import json
import re
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interview_audio.configuration.documents import parse_document, to_yaml
from interview_audio.errors import SourceError
from interview_audio.script.lines import CastMember, Voice
from interview_audio.script.script_file import (
    SCRIPT_FILE_HEADER,
    notes_on_turns,
    script_for_editing,
    transcript_as_dict,
    transcript_for_editing,
    transcript_from_dict,
    voices_of,
    with_images_from,
)
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.receipt import REASONS
from interview_audio.transcript.turns import Delivery, Person, Receipt, Transcript, Turn

SOURCE = "Q: Why?\nIda Holm: So."
DOCUMENT = {
    "schema": 1,
    "title": "",
    "language": "en",
    "speakers": [
        {
            "name": "Q",
            "role": "host",
            "gender": "unknown",
            "aliases": [],
            "evidence": "label, 1 turn; the text does not name them for sure",
        },
        {"name": "Ida Holm", "role": "guest", "gender": "female", "aliases": [], "evidence": "label, 1 turn"},
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
    turns = [
        {key: value for key, value in turn.items() if key != "at"}
        for turn in cast("list[dict[str, object]]", EDITABLE["turns"])
    ]
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
        (with_turn(speeker="Q"), r"turns\[1\].speeker: unknown key; did you mean 'speaker'\?"),
        (with_turn(kind="talk"), r"turns\[1\].kind: must be one of .*, not 'talk'"),
        (with_turn(speaker=None), r"turns\[1\].speaker: a turn of kind speech needs a speaker"),
        (with_turn(kind="quote"), r"turns\[1\].speaker: a turn of kind quote cannot have a speaker"),
        (with_turn(text=" "), r"turns\[1\].text: empty"),
        (with_turn(text=5), r"turns\[1\].text: expected text, found a whole number"),
        (with_turn(line=True), r"turns\[1\].line: expected a whole number"),
        (with_turn(source=[5]), r"turns\[1\].source: expected two offsets"),
        (with_turn(source=[5, 1]), r"turns\[1\].source: expected two offsets"),
        (with_turn(at={"lin": 3}), r"turns\[1\].at.lin: unknown key; did you mean 'line'\?"),
        (with_turn(at={"source": [1]}), r"turns\[1\].at.source: expected two offsets"),
        (with_turn(at=[1]), r"turns\[1\].at: expected keys and values, found a list"),
        (with_turn(language="?"), r"turns\[1\].language: "),
        (edited(receipt={"skipped": {"label": "many"}}), "receipt.skipped.label: expected a whole number, found text"),
    ],
)
def test_a_mistake_is_named_by_its_place(document: object, message: str) -> None:
    with pytest.raises(SourceError, match=f"^{message}"):
        transcript_from_dict(document)


TEXT = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=40),
    st.text(st.sampled_from(" \t\n:#-'\"|>{}[],?!字🙂\x85\u2028\ufeffaN0"), max_size=60),
    st.sampled_from(
        ["---", "no", "Q: why?", "- a", "  lead", "x" * 2000, "two  spaces " * 20, "2024-12-01", "\u202ea"]
    ),
)
WORDS = TEXT.filter(str.strip)
NAMES = st.sampled_from(["Q", "Ida Holm", "记者: 甲", "{x}", "no", "\x85", "- Ida", "🙂 # 1"])
LANGUAGES = st.sampled_from(["zh", "en", "fr", "yue"])
COUNT = st.integers(0, 10**7)
ORIGIN = st.builds(lambda start, length: (start, start + length), COUNT, COUNT)


def turns(speaker, kind):
    return st.builds(
        Turn, kind, speaker, st.none() | TEXT, LANGUAGES, WORDS, COUNT, ORIGIN,
        st.sampled_from(["certain", "inferred", "guessed"]), TEXT | st.sampled_from(["title", "written by hand", "label Q"]),
    )  # fmt: skip


SPEECH = turns(NAMES, st.just("speech"))
OTHER = turns(st.none(), st.sampled_from(["narration", "heading", "quote", "boilerplate"]))
PERSON = st.builds(
    Person, NAMES, st.sampled_from(["host", "guest"]), st.sampled_from(["female", "male", "unknown"]), TEXT,
    st.lists(TEXT, max_size=3).map(tuple),
)  # fmt: skip


def transcript_of(title, language, said, people, receipt):
    listed = {person.name for person in people}
    missing = dict.fromkeys(turn.speaker for turn in said if turn.speaker and turn.speaker not in listed)
    speakers = (*people, *(Person(name, "guest", "unknown", "", ()) for name in missing))
    return Transcript(title, language, speakers, tuple(said), receipt)


TRANSCRIPTS = st.builds(
    transcript_of, TEXT, LANGUAGES, st.lists(SPEECH | OTHER, min_size=1, max_size=6),
    st.lists(PERSON, max_size=4, unique_by=lambda person: person.name),
    st.builds(Receipt, COUNT, COUNT, st.fixed_dictionaries(dict.fromkeys(REASONS, COUNT)), COUNT),
)  # fmt: skip


def written(transcript, cast=()):
    notes = notes_on_turns(transcript, {0, 2})
    return parse_document(
        to_yaml(script_for_editing(transcript, cast, "tone"), SCRIPT_FILE_HEADER, notes), "talk.script.yaml"
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(TRANSCRIPTS)
def test_any_transcript_comes_back(transcript):
    assert transcript_from_dict(written(transcript)) == transcript


def test_voices_and_engine_come_back():
    turn = Turn("speech", "Ida", None, "en", "Yes.", 1, (0, 4), "certain", "")
    transcript = Transcript(
        "", "en", (Person("Ida", "guest", "unknown", "", ()),), (turn,), Receipt(4, 4, dict.fromkeys(REASONS, 0), 0)
    )
    cast = (
        CastMember("Ida", "guest", (("en", Voice("tone", "female-1")),), "pool"),
        CastMember("narrator", "narrator", (("en", Voice("kokoro", "af_bella*0.7 + af_nicole*0.3")),), "voices.yaml"),
    )
    document = written(transcript, cast)
    assert document["engine"] == "tone"
    assert voices_of(document) == {
        ("Ida", "en", "tone"): "female-1",
        ("narrator", "en", "kokoro"): "af_bella*0.7 + af_nicole*0.3",
    }


def test_notes_say_what_is_unsure_and_what_is_not_read():
    def turn(kind, confidence, reason):
        return Turn(kind, "Ida" if kind == "speech" else None, None, "en", "So.", 1, (0, 3), confidence, reason)

    said = (
        turn("speech", "certain", "label Ida"),
        turn("speech", "guessed", "closes the answer"),
        turn("heading", "certain", "formatted as a heading"),
        turn("boilerplate", "inferred", "row of links"),
    )
    transcript = Transcript("", "en", (), said, Receipt(0, 0, {}, 0))
    assert notes_on_turns(transcript, {0, 1}) == {
        1: ["guessed: closes the answer"],
        2: ["not read: heading (formatted as a heading)"],
        3: ["not read: boilerplate, inferred: row of links"],
    }


DELIVERY = {"rate": 0.9, "pitch": 1.0, "volume": -6.0, "pause_after": 0.0, "emphasis": True}


def test_a_turn_says_how_it_is_said_and_is_written_with_that():
    transcript = transcript_from_dict(with_turn(**DELIVERY))
    assert transcript.turns[1].delivery == Delivery(0.9, 1.0, -6.0, 0.0, True)
    for shape in (transcript_as_dict, transcript_for_editing):
        written = shape(transcript)
        assert DELIVERY.items() <= written["turns"][1].items()
        assert not DELIVERY.keys() & written["turns"][0].keys()
        assert transcript_from_dict(written) == transcript


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rate": 3}, "turns[1].rate: must be a number from 0.5 to 2, not 3"),
        ({"pitch": "high"}, "turns[1].pitch: must be a number from -6 to 6, not 'high'"),
        ({"volume": True}, "turns[1].volume: must be a number from -20 to 6, not True"),
        ({"pause_after": -1}, "turns[1].pause_after: must be a number from 0 to 60, not -1"),
        (
            {"emphasis": "So"},
            "turns[1].emphasis: must be true or false, not 'So'; "
            "for a part of it, write [stress]...[/stress] in the text",
        ),
        ({"pause": 1}, "turns[1].pause: unknown key; did you mean 'pause_after'?"),
    ],
)
def test_a_delivery_that_no_voice_has_is_an_error_with_its_place(change, message):
    with pytest.raises(SourceError) as error:
        transcript_from_dict(with_turn(**change))
    assert error.value.message == message


ILLUSTRATED = "Salt\n\nQ: Why?\n\nIda Holm: For [salt](https://salt.example).\n\n![salt](img/salt.jpg)\n\nQ: Still?\n"


def test_images_and_links_go_through_a_script_file():
    transcript = parse_transcript(ILLUSTRATED)
    for shape in (transcript_as_dict, transcript_for_editing):
        document = shape(transcript)
        assert document["turns"][2]["images"] == ["img/salt.jpg"]
        assert document["turns"][2]["links"] == ["https://salt.example"]
        assert not {"images", "links"} & set(document["turns"][1])
        back = transcript_from_dict(document).turns[2].references
        assert {(one.kind, one.target) for one in back} == {("image", "img/salt.jpg"), ("link", "https://salt.example")}


def test_a_script_file_in_another_folder_names_the_same_image(tmp_path):
    moved = with_images_from(parse_transcript(ILLUSTRATED), tmp_path / "a" / "talk.md", tmp_path / "b" / "c")
    assert [one.target for one in moved.turns[2].references] == ["https://salt.example", "../../a/img/salt.jpg"]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"images": "a.jpg"}, "turns[0].images: expected a list, found text"),
        ({"images": [3]}, "turns[0].images: expected a list of addresses, not 3"),
        ({"links": ["a.example"]}, "turns[0].links: a link begins with https://, and 'a.example' does not"),
    ],
)
def test_images_and_links_are_lists_of_addresses(wrong, what):
    with pytest.raises(SourceError, match=re.escape(what)):
        transcript_from_dict({"language": "en", "turns": [{"text": "Yes.", **wrong}]})
