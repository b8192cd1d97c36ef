"""The date of an interview is the one on its own line."""

import datetime

import pytest

from interview_audio.transcript.layout.front_matter import FrontMatter, FrontMatterEntry, find_front_matter, source_date
from interview_audio.transcript.layout.paragraphs import split_paragraphs
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.turns import Turn


def found_in(source: str) -> FrontMatter:
    return find_front_matter(split_paragraphs(source))


def test_yaml_between_rules() -> None:
    found = found_in('---\ntitle: "The light"\nspeakers:\n  - Ida Holm\n---\n\nQ: Why?\n')
    assert found.entries == (
        FrontMatterEntry("title", "The light", is_item=False),
        FrontMatterEntry("speakers", "", is_item=False),
        FrontMatterEntry("", "Ida Holm", is_item=True),
    )
    assert (found.title, found.starts) == ("The light", frozenset({4, 23, 37}))


def test_a_key_may_have_many_items_below_it() -> None:
    tags = "\n".join(f"- tag {number}" for number in range(20))
    assert found_in(f"---\ntitle: The lamp\nauthor: Ida Holm\ntags:\n{tags}\n---\n\nIs it lit?\n").title == "The lamp"


def test_a_block_may_hold_a_whole_transcript() -> None:
    lines = "".join(f"- line: Ship {number} is out.\n  who: Ida\n" for number in range(300))
    found = found_in(f"---\ntitle: Ships\ndate: 2024-04-09\ntranscript:\n{lines}---\n\nQ: Why?\n")
    assert (found.title, len(found.starts)) == ("Ships", 603)


def test_a_rule_at_the_top_and_one_at_the_end_of_a_long_talk_are_not_a_block() -> None:
    talk = "Q: Is it on?\n\nIda: It is: look.\n\n" * 150
    assert found_in(f"---\n\n{talk}---\n\nThe end.\n") == FrontMatter()


def test_one_json_object() -> None:
    found = found_in('{\n "title": "灯塔",\n "speakers": ["艾达", {"name": "周砚秋", "role": "host"}]\n}\n\n问：好吗？')
    assert found.entries == (
        FrontMatterEntry("title", "灯塔", is_item=False),
        FrontMatterEntry("speakers", "", is_item=False),
        FrontMatterEntry("", "艾达", is_item=True),
        FrontMatterEntry("name", "周砚秋", is_item=True),
        FrontMatterEntry("role", "host", is_item=False),
    )


def test_the_head_of_a_letter() -> None:
    found = found_in("From: Ida\nTo: Tomas\nSubject: Light\n\nDear Tomas")
    assert (found.entries, found.starts) == ((), frozenset({0, 10, 20}))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "A light\n\n---\ntitle: x\n---",
        "---\nShe keeps the light.\nIt is old.\n---\n\nQ: Why?",
        "---\ntitle: never closed",
        "{not json}\n\nQ: Why?",
        '["a list"]',
        "From: where I stand the sea is flat.",
        "{" * 100_000,
    ],
)
def test_none(source: str) -> None:
    assert found_in(source) == FrontMatter()


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


def test_talk_between_two_rules_is_not_a_block_of_keys() -> None:
    assert (
        found_in("---\n\nNora Vale: How was it?\n\nIda Holm: It was bad.\n\n---\n\nNora Vale: And now?\n")
        == FrontMatter()
    )
