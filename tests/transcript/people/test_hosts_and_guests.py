import pytest

from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.people.hosts_and_guests import name_behind_part

ASKED = (
    "Ida Holm: Hello.\n\nNora Vale: Why?\n\nIda Holm: So.\n\nNora Vale: I see.\n\nIda Holm: Yes.\n\nNora Vale: Good."
)


def hosts(source: str) -> list[str]:
    return [person.name for person in parse_transcript(source).speakers if person.role == "host"]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("主持人李华", "李华"),
        ("晚报记者 李华", "李华"),
        ("主播阿澈", "阿澈"),
        ("Host Ida Holm", "Ida Holm"),
        ("记者", None),
        ("Ghost Writer Holm", None),
        ("记者甲", None),
    ],
)
def test_names_behind_the_word_for_a_host(printed: str, name: str | None) -> None:
    assert name_behind_part(printed) == name


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (f"The light\n\nBy Nora Vale\n\n{ASKED}", ["Nora Vale"]),
        (f"Nora Vale talks to Ida Holm\n\n{ASKED}", ["Nora Vale"]),
        (f"Host: Nora Vale\nGuest: Ida Holm\n\n{ASKED}", ["Nora Vale"]),
        (
            "Nora: Welcome to the show.\n\nIda: Hi.\n\nNora: Tell me of salt.\n\nIda: It is white.\n\nNora: Why?\n\nIda: So.",
            ["Nora"],
        ),
        (
            "Bea: You're listening to Salt.\n\nTom: And I'm Tom.\n\nIda: Hi.\n\nBea: Why?\n\nIda: So.\n\nTom: Good.\n\nIda: Yes.",
            ["Bea", "Tom"],
        ),
        (
            "Field Notes: Why?\n\nIt was so.\n\nField Notes: Since when?\n\nSince May.\n\nField Notes: Who?\n\nMe.",
            ["Field Notes"],
        ),
        ("Harbor Weekly: Why?\n\nIda Holm: So.\n\nHarbor Weekly: I see.\n\nIda Holm: Do you?", ["Harbor Weekly"]),
        (
            "主持人：沈默\n\n沈默：各位好吗？\n\n林若水：好。\n\n沈默：谢谢。\n\n林若水：好。\n\n晚报记者：你好吗？\n\n林若水：好。",
            ["沈默", "晚报记者"],
        ),
    ],
)
def test_hosts(source: str, names: list[str]) -> None:
    assert hosts(source) == names
