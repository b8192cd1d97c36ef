import pytest

from interview_audio.transcript.layout.front_matter import FrontMatter, FrontMatterEntry, find_front_matter
from interview_audio.transcript.layout.paragraphs import split_paragraphs


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
