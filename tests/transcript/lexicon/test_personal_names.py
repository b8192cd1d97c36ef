import pytest

from interview_audio.transcript.lexicon.personal_names import (
    ChineseNameFinder,
    NameIndex,
    addressed_person,
    has_surname,
    index_names,
    is_chinese_name,
    without_capitals,
    without_function,
    without_titles,
)


@pytest.mark.parametrize("name", ["张伟", "欧阳明月", "艾达·霍尔姆", "王老师", "老张", "阿明", "陈为民"])
def test_names(name: str) -> None:
    assert is_chinese_name(name)


@pytest.mark.parametrize("text", ["灯塔日报", "但是", "我的", "Ida", "张", "明天会更好"])
def test_no_names(text: str) -> None:
    assert not is_chinese_name(text)


def test_surnames() -> None:
    assert has_surname("李华")
    assert not has_surname("手记")


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


@pytest.mark.parametrize(
    ("printed", "name"),
    [("Dr. Ida Holm", "Ida Holm"), ("MAYOR FROST", "FROST"), ("Ida Holm", "Ida Holm"), ("Dr.", "Dr.")],
)
def test_titles(printed: str, name: str) -> None:
    assert without_titles(printed) == name


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("IDA VAN HOLM", "Ida van Holm"),
        ("SEAN O'HARA-REYES", "Sean O'Hara-Reyes"),
        ("J. P. HOLM", "J. P. Holm"),
        ("SPEAKER 1", "SPEAKER 1"),
        ("HOLM", "HOLM"),
        ("Ida HOLM", "Ida HOLM"),
        ("BBC NEWS", "BBC News"),
    ],
)
def test_capitals(printed: str, name: str) -> None:
    assert without_capitals(printed) == name


def test_functions() -> None:
    assert [without_function(name) for name in ("Ida Holm, keeper", "Ida Holm – Gazette", "Anne-Marie Holm")] == [
        "Ida Holm",
        "Ida Holm",
        "Anne-Marie Holm",
    ]
