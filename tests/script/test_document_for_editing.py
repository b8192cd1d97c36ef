"""The script file: what is written for a person to edit gives the same transcript when it is read."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interview_audio.configuration.documents import parse_document, to_yaml
from interview_audio.script.lines import CastMember, Voice
from interview_audio.script.script_file import (
    HEADER,
    notes_on_turns,
    script_for_editing,
    transcript_from_dict,
    voices_of,
)
from interview_audio.transcript.receipt import REASONS
from interview_audio.transcript.turns import Person, Receipt, Transcript, Turn

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
    return parse_document(to_yaml(script_for_editing(transcript, cast, "tone"), HEADER, notes), "talk.script.yaml")


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
