"""What listeners read for each speaker: the part of whoever has only a label, and what settings say."""

import pytest

from interview_audio.script.lines import CastMember, artists_of, displayed_names, other_names, shown_names


def cast(*parts):
    return [(name, "host" if asks else "guest") for name, asks in parts]


@pytest.mark.parametrize(
    ("language", "speakers", "shown"),
    [
        ("en", cast(("Q", True), ("A", False)), ["Interviewer", "Guest"]),
        ("zh", cast(("问", True), ("答", False)), ["采访者", "嘉宾"]),
        ("zh-TW", cast(("問", True), ("回答", False)), ["采访者", "嘉宾"]),
        ("nl", cast(("Question", True), ("ANSWER", False)), ["Interviewer", "Guest"]),
        ("de", cast(("F", True), ("A", False)), ["Interview", "Gast"]),
        ("es", cast(("P", True), ("R", False)), ["Periodista", "Invitado"]),
        ("en", cast(("Q", True), ("Ada Brook", False)), ["Interviewer", "Ada Brook"]),
        ("en", cast(("Nora Vale", True), ("A", False)), ["Nora Vale", "Guest"]),
        # Initials, of whomever they are.
        ("en", cast(("A", True), ("B", False)), ["A", "B"]),
        ("en", cast(("B", True), ("A", False)), ["B", "A"]),
        ("en", cast(("Q", True), ("A", False), ("B", False)), ["Interviewer", "A", "B"]),
        ("es", cast(("Q", True), ("R", True)), ["Periodista", "R"]),
        # Somebody else is called that already, or has no name either.
        ("en", cast(("Q", True), ("A", False), ("Guest", False)), ["Interviewer", "Guest 2", "Guest"]),
        ("en", cast(("INTERVIEWER", True), ("Q", True)), ["INTERVIEWER", "Interviewer 2"]),
        ("zh", cast(("主持人", True), ("问", True), ("答", False)), ["主持人", "采访者", "嘉宾"]),
        ("zh", cast(("采访者", True), ("问", True)), ["采访者", "采访者 2"]),
        ("zh", cast(("A", False), ("答", False)), ["嘉宾 1", "嘉宾 2"]),
        (
            "en",
            cast(("Q", True), ("问", True), ("Interviewer 1", True)),
            ["Interviewer 2", "Interviewer 3", "Interviewer 1"],
        ),
        # A description is read as it stands.
        ("zh", cast(("记者", True), ("受访者", False)), ["记者", "受访者"]),
        ("en", cast(("INTERVIEWER", True), ("Speaker 2", False)), ["INTERVIEWER", "Speaker 2"]),
    ],
)
def test_how_listeners_read_them(language, speakers, shown):
    assert list(shown_names(speakers, language).values()) == shown


@pytest.mark.parametrize(
    ("speakers", "artists"),
    [
        (cast(("Q", True), ("A", False)), ("Interviewer", "Guest")),
        (cast(("Q", True), ("Ada", False)), ("Ada",)),
        (cast(("Nora", True), ("A", False)), ("Nora",)),
        (cast(("记者", True), ("嘉宾", False), ("Ada", False)), ("Ada",)),
        (cast(("A", True), ("B", False)), ("A", "B")),
    ],
)
def test_artists_are_those_with_a_name(speakers, artists):
    members = [CastMember(name, role, (), "pool") for name, role in [*speakers, ("narrator", "narrator")]]
    assert artists_of(members, ("Q", "记者"), "en") == artists


def test_settings_say_what_listeners_read_and_nobody_else_is_called_that():
    people = cast(("Q", True), ("Ida", False), ("A", False), ("P", True))
    assert shown_names(people, "en", {"Ida": "Ida Holm", "A": "Interviewer"}) == {
        "Q": "Interviewer 2",
        "Ida": "Ida Holm",
        "A": "Interviewer",
        "P": "P",
    }


def test_whom_settings_name_is_an_artist_and_one_person_is_one():
    named = [
        CastMember("Q", "host", (), "pool", display="Nora Vale"),
        CastMember("Ida", "guest", (), "pool"),
        CastMember("I.H.", "guest", (), "pool", display="Ida"),
        CastMember("A", "guest", (), "pool"),
        CastMember("narrator", "narrator", (), "pool", display="Mara"),
    ]
    assert artists_of(named, (), "en") == ("Nora Vale", "Ida")
    assert displayed_names(named) == {"Q": "Nora Vale", "I.H.": "Ida", "narrator": "Mara"}


def test_settings_may_still_call_the_unnamed_what_earlier_versions_did():
    assert {"Host", "主持人", "Moderation", "Interviewer", "采访者"} <= other_names(cast(("Q", True)))["Q"]
