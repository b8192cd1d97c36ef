import pytest

from interview_audio.transcript.lexicon.personal_names import (
    ChineseNameFinder,
    NameIndex,
    addressed_person,
    index_names,
)

INDEX = index_names(
    [("Ida Holm", "Ida Holm"), ("霍尔姆", "Ida Holm"), ("艾达·霍尔姆", "Ida Holm"), ("Tomas Reyes", "Tomas Reyes")]
)


def found(index: NameIndex, text: str) -> list[tuple[str, str]]:
    return [(mention.form, mention.person) for mention in index.find(text)]


def test_people_are_found_by_any_part_of_their_names() -> None:
    assert found(INDEX, "Holm's goose and Reyes的门, 霍尔姆说") == [
        ("Holm", "Ida Holm"),
        ("Reyes", "Tomas Reyes"),
        ("霍尔姆", "Ida Holm"),
    ]


def test_words_that_contain_a_name_do_not_name() -> None:
    assert found(INDEX, "Idaho, Holmes, ida") == []


def test_a_form_of_two_people_names_neither() -> None:
    index = index_names([("Ida Holm", "Ida Holm"), ("Nils Holm", "Nils Holm")])
    assert found(index, "Holm and Nils") == [("Nils", "Nils Holm")]


def test_the_longest_form_is_found() -> None:
    assert list(ChineseNameFinder(["张伟", "张伟明"]).find("请张伟明和张伟来")) == [(1, "张伟明"), (5, "张伟")]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Ida, how was it?", "Ida Holm"),
        ("How was it, Tomas?", "Tomas Reyes"),
        ("Welcome. Tomas, you first.", "Tomas Reyes"),
        ("艾达·霍尔姆，你好吗？", "Ida Holm"),
        ("I saw Ida. How is she?", None),
        ("Ida told me that it was, well, loud?", None),
        ("You must ask Ida", None),
    ],
)
def test_who_is_addressed(text: str, person: str | None) -> None:
    assert addressed_person(text, INDEX) == person
