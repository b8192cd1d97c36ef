"""A label that only says who asks and who answers is no name: listeners read the part."""

import pytest

from interview_audio.script.lines import CastMember, artists_of, shown_names


def cast(*parts):
    return [(name, "host" if asks else "guest") for name, asks in parts]


@pytest.mark.parametrize(
    ("language", "speakers", "shown"),
    [
        ("en", cast(("Q", True), ("A", False)), ["Host", "Guest"]),
        ("zh", cast(("问", True), ("答", False)), ["主持人", "嘉宾"]),
        ("zh-TW", cast(("問", True), ("回答", False)), ["主持人", "嘉宾"]),
        ("nl", cast(("Question", True), ("ANSWER", False)), ["Host", "Guest"]),
        ("de", cast(("F", True), ("A", False)), ["Moderation", "Gast"]),
        ("es", cast(("P", True), ("R", False)), ["Periodista", "Invitado"]),
        ("en", cast(("Q", True), ("Ada Brook", False)), ["Host", "Ada Brook"]),
        ("en", cast(("Nora Vale", True), ("A", False)), ["Nora Vale", "Guest"]),
        # Initials, of whomever they are.
        ("en", cast(("A", True), ("B", False)), ["A", "B"]),
        ("en", cast(("B", True), ("A", False)), ["B", "A"]),
        ("en", cast(("Q", True), ("A", False), ("B", False)), ["Host", "A", "B"]),
        ("es", cast(("Q", True), ("R", True)), ["Periodista", "R"]),
        # Somebody else is called that already.
        ("en", cast(("Q", True), ("A", False), ("Guest", False)), ["Host", "A", "Guest"]),
        ("zh", cast(("主持人", True), ("问", True), ("答", False)), ["主持人", "问", "嘉宾"]),
        ("zh", cast(("A", False), ("答", False)), ["A", "答"]),
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
        (cast(("Q", True), ("A", False)), ("Host", "Guest")),
        (cast(("Q", True), ("Ada", False)), ("Ada",)),
        (cast(("Nora", True), ("A", False)), ("Nora",)),
        (cast(("记者", True), ("嘉宾", False), ("Ada", False)), ("Ada",)),
        (cast(("A", True), ("B", False)), ("A", "B")),
    ],
)
def test_artists_are_those_with_a_name(speakers, artists):
    members = [CastMember(name, role, (), "pool") for name, role in [*speakers, ("narrator", "narrator")]]
    assert artists_of(members, ("Q", "记者"), "en") == artists
