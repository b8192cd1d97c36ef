import pytest

from interview_audio.transcript.labels.bare_labels import find_bare_labels
from interview_audio.transcript.layout.paragraphs import split_paragraphs
from interview_audio.transcript.lexicon.label_grammar import Label


def labels_of(text: str, *, common: frozenset[str] = frozenset()) -> list[str | None]:
    paragraphs = split_paragraphs(text)
    found = find_bare_labels(paragraphs, [None] * len(paragraphs), (), common)
    return [found[index].printed if index in found else None for index in range(len(paragraphs))]


def words_of(text: str) -> list[str]:
    paragraphs = split_paragraphs(text)
    found = find_bare_labels(paragraphs, [None] * len(paragraphs), (), ())
    return [paragraph.text[found[index].end if index in found else 0 :] for index, paragraph in enumerate(paragraphs)]


WORDS = ("Is it loud?", "It is.", "Do you mind?", "At night.")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("[Nora] ", "[Ida] "),
        ("【问】", "【答】"),
        ("<Nora> ", "<Ida> "),
        ("Q. ", "A. "),
        ("Q1. ", "A1. "),
        ("Q｜", "A｜"),
        ("Q ", "A "),
        ("问　", "答　"),
        ("问、", "答、"),
        ("Nora | ", "Ida | "),
        ("Nora — ", "Ida — "),
        ("Nora - ", "Ida - "),
        ("Nora> ", "Ida> "),
        ("Nora Vale\t", "Ida Holm\t"),
        ("**Nora Vale** ", "**Ida Holm** "),
        ("__Q__ ", "__A__ "),
        ("Q\n", "A\n"),
        ("NORA VALE\n\n", "IDA HOLM\n\n"),
        ("### Nora\n", "### Ida\n"),
        ("**记者**\n", "**张伟**\n"),
        ("Nora Vale (0:06)\n", "Ida Holm (0:09)\n"),
        ("[00:06] Nora\n", "[00:09] Ida\n"),
    ],
)
def test_forms(first: str, second: str) -> None:
    text = "".join(f"{(first, second)[index % 2]}{words}\n\n" for index, words in enumerate(WORDS))
    said = [words for words in words_of(text) if words]
    assert said == list(WORDS)


@pytest.mark.parametrize(
    ("first", "second"), [("Nora Vale", "Ida Holm"), ("发言人1", "发言人2"), ("Unknown Speaker", "Ida")]
)
@pytest.mark.parametrize("time", ["  0:0{}", "\t00:00:0{}", " · 00:0{}", "   0 minutes {} seconds"])
def test_names_beside_the_times_of_a_recording(first: str, second: str, time: str) -> None:
    lines = [f"{(first, second)[index % 2]}{time.format(index)}\n{words}\n" for index, words in enumerate(WORDS)]
    assert [words for words in words_of("\n".join(lines)) if words] == list(WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "Salt - the old kind.\nRust - the new kind.\nSalt - again.\nRust - again.",
        "[1] A book.\n[2] Another book.\n[1] A book again.\n[2] Do you see?",
        "Boats\n\nThey are grey. You know?\n\nNets\n\nThey are torn.\n\nRope\n\nIt is old.",
        "A boat came.\nA gull cried.\nA man said: you?",
        "Price | 12 crowns\nColour | grey\nPrice | 14 crowns\nColour | blue",
        "Ida Holm\n\nThe keeper of the light wrote this. I like it.",
        "Monday\n\nYou rest.\n\nTuesday\n\nI rest.\n\nMonday\n\nYou rest.\n\nTuesday\n\nDo I?",
    ],
)
def test_other_things_of_the_same_form(text: str) -> None:
    assert set(labels_of(text)) == {None}


def test_questions_alone_are_labelled() -> None:
    assert labels_of("Q. Why?\nBecause of the salt.\nQ. And then?\nThen tea.") == ["Q", None, "Q", None]


def test_a_person_who_speaks_once_between_names_alone_on_their_lines() -> None:
    text = "NORA\n\nWhy?\n\nIDA\n\nI know.\n\nTOM REYES\n\nSo do I.\n\nNORA\n\nYou?\n\nIDA\n\nYes."
    assert labels_of(text)[::2] == ["NORA", "IDA", "TOM REYES", "NORA", "IDA"]


def test_a_word_that_the_text_writes_in_small_letters_is_no_name() -> None:
    text = "Salt\n\nDo you?\n\nRust\n\nI do.\n\nSalt\n\nYou?\n\nRust\n\nYes."
    assert set(labels_of(text, common=frozenset({"salt", "rust"}))) == {None}


def test_beside_labels_with_a_colon_only_those_who_speak_there_speak() -> None:
    paragraphs = split_paragraphs("Ida: Is it?\nTom: It is.\nIda: You?\nTom: I.\n**Ida**\nYes.\n**Rope**\nOld.")
    taken = [Label("Ida", "ida", 5), Label("Tom", "tom", 5)] * 2 + [None] * 4
    assert find_bare_labels(paragraphs, taken, {"ida", "tom"}, ()) == {4: Label("Ida", "ida", 3)}
