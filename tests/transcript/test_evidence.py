import pytest

from interview_audio.transcript.evidence import speaking_labels
from interview_audio.transcript.labels import read_label
from interview_audio.transcript.layout import split_paragraphs


def labels_of(text: str, known: frozenset[str] = frozenset()) -> list[str | None]:
    paragraphs = split_paragraphs(text)
    found = speaking_labels(paragraphs, [read_label(paragraph.text) for paragraph in paragraphs], known)
    return [label.printed if label else None for label in found]


def test_roles_and_names_that_recur() -> None:
    assert labels_of("Q: a?\nHolm: b.\nQ: c?\nHolm: d.") == ["Q", "Holm", "Q", "Holm"]


def test_a_name_that_occurs_once_and_that_the_text_knows() -> None:
    assert labels_of("Ida Holm keeps a light.\nQ: Holm?\nQ: a?\nb.\nHolm: c.")[-1] == "Holm"


def test_a_name_that_occurs_once_as_the_answer_to_a_question() -> None:
    assert labels_of("Q: Who are you?\nIda Holm: A keeper.") == ["Q", "Ida Holm"]


def test_initials_of_a_name_in_the_text() -> None:
    assert labels_of("We met Ida Holm.\nQ: a?\nb.\nIH: c.")[-1] == "IH"


@pytest.mark.parametrize(
    "line", ["Patience: that is all it takes.", "Summer: too short.", "关键：要有耐心。", "灯塔：一盏灯。"]
)
def test_a_word_with_a_colon_that_occurs_once_is_speech(line: str) -> None:
    assert labels_of(f"Q: a?\nHolm: b.\n{line}\nQ: c?\nHolm: d.")[2] is None


def test_a_common_word_that_recurs_is_speech() -> None:
    text = "Q: a?\nHolm: the weather was bad.\nWeather: bad.\nQ: c?\nHolm: d.\nWeather: worse."
    assert [label for label in labels_of(text) if label == "Weather"] == []


def test_a_headline_with_a_name_is_no_label() -> None:
    text = "Ida Holm: the last keeper\n\nShe lives far out.\n\nQ: a?\n\nIda Holm: b.\n\nQ: c?\n\nIda Holm: d."
    assert labels_of(text) == [None, None, "Q", "Ida Holm", "Q", "Ida Holm"]


def test_a_first_line_that_speaks_is_one() -> None:
    assert labels_of("Ida Holm: Come in.\nNora Vale: Thank you.\nIda Holm: Tea?\nNora Vale: Yes.")[0] == "Ida Holm"


def test_a_known_name_needs_no_other_evidence() -> None:
    assert labels_of("Q: a?\nb.\nGull: c.") == ["Q", None, None]
    assert labels_of("Q: a?\nb.\nGull: c.", frozenset({"gull"})) == ["Q", None, "Gull"]


def test_a_medium_that_asks() -> None:
    text = "灰鸥评论：你好？\n张伟：好。\n" * 3
    assert set(labels_of(text)) == {"灰鸥评论", "张伟"}


def test_a_lone_answer_letter_is_no_label() -> None:
    assert labels_of("Plan\nA: go home.") == [None, None]
