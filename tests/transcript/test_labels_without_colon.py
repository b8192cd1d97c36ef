import pytest

from interview_audio.transcript.labels_without_colon import (
    find_bare_labels,
    find_heading_speakers,
    find_question_headings,
    label_unnamed_turns,
)
from interview_audio.transcript.languages import likely_language
from interview_audio.transcript.layout.paragraphs import separate_label, split_paragraphs
from interview_audio.transcript.lexicon.label_grammar import Label, read_label
from interview_audio.transcript.parsing import parse_transcript


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


def headings_of(text: str, *keys: str) -> dict[int, Label]:
    paragraphs = split_paragraphs(text)
    return find_heading_speakers(paragraphs, [None] * len(paragraphs), keys)


def test_headings_that_name_the_speaker_of_what_is_below() -> None:
    assert headings_of("## On salt (Ida Holm)\n\nIt is old.\n\n**On rust（Tom Reyes）**\n\nIt is new.") == {
        0: Label("Ida Holm", "idaholm", 0, is_heading=True),
        2: Label("Tom Reyes", "tomreyes", 0, is_heading=True),
    }


def test_one_such_heading_names_a_speaker_who_is_known() -> None:
    assert headings_of("## On salt (Ida Holm)\n\nIt is old.") == {}
    assert headings_of("## On salt (Ida Holm)\n\nIt is old.", "idaholm").keys() == {0}


def test_brackets_that_hold_capitals_and_no_name() -> None:
    text = "## On salt (Ida Holm)\n\nIt is old.\n\n## Rust (Looks Familiar)\n\nIt is red."
    assert headings_of(text).keys() == {0}


def test_brackets_of_other_headings() -> None:
    assert headings_of("## On salt (2 of 3)\n\na\n\n## On rust (an aside)\n\nb\n\n## Why (Ida Holm)?\n\nc") == {}


def questions(source: str) -> list[int]:
    passages = [separate_label(paragraph, None) for paragraph in split_paragraphs(source)]
    return sorted(find_question_headings(passages))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("# Light\n\n**Why?**\n\nSo.\n\n**When?**\n\nThen.", [1, 3]),
        ("# 灯塔\n\n## 为什么？\n\n因为。\n\n## 何时？\n\n昨天。", [1, 3]),
        ("# Light\n\n*Why?*\n\nSo.\n\n*When?*\n\nThen.", [1, 3]),
        ("Light\n\n1. Why?\n\nSo.\n\n2. When?\n\nThen.\n\n3. Who?\n\nMe.", [1, 3, 5]),
        ("# Light\n\n**Why?**\n\nSo.\n\n## Salt\n\n**Tell me of it.**\n\nNo.\n\n**When?**\n\nThen.", [1, 4, 6]),
        ("# Light\n\n**Why?**\n\nSo.\n\n**Salt**\n\nThen.\n\n**Gulls**\n\nMore.", []),
        ("Why?\n\nSo.\n\nWhen?\n\nThen.", []),
    ],
)
def test_questions(source: str, found: list[int]) -> None:
    assert questions(source) == found


def test_who_asks_and_who_answers() -> None:
    transcript = parse_transcript(
        "# Light\n\nIda Holm keeps it.\n\n**Why do you?**\n\nIt is mine.\n\nAnd it is warm.\n\n**Since when?**\n\nSince May."
    )
    assert [(turn.kind, turn.speaker) for turn in transcript.turns] == [
        ("heading", None),
        ("narration", None),
        ("speech", "Interviewer"),
        ("speech", "Ida Holm"),
        ("speech", "Ida Holm"),
        ("speech", "Interviewer"),
        ("speech", "Ida Holm"),
    ]
    assert [(person.name, person.role) for person in transcript.speakers] == [
        ("Interviewer", "host"),
        ("Ida Holm", "guest"),
    ]


def test_a_guest_whom_nothing_names() -> None:
    transcript = parse_transcript("# 灯塔\n\n**灯为什么亮？**\n\n因为有人点。\n\n**谁点？**\n\n我点。")
    assert [person.name for person in transcript.speakers] == ["记者", "受访者"]


def turns_of(text: str) -> list[tuple[int, str, str, str]]:
    paragraphs = split_paragraphs(text)
    labels = [read_label(paragraph.text) for paragraph in paragraphs]
    found = label_unnamed_turns(paragraphs, labels, likely_language(text))
    return [(index, label.printed, label.name, paragraphs[index].text[label.end :]) for index, label in found.items()]


def test_two_unknown_speakers_take_turns() -> None:
    assert turns_of(">> Good evening.\n>> Hello.\nMore.\n>> Goodbye.") == [
        (0, ">>", "Speaker 1", "Good evening."),
        (1, ">>", "Speaker 2", "Hello."),
        (3, ">>", "Speaker 1", "Goodbye."),
    ]


def test_the_other_one_of_two_who_have_names() -> None:
    assert turns_of(">> IDA: Hello.\n>> TOM: Yes?\n>> Are you up?\n>>> I am.") == [
        (2, ">>", "IDA", "Are you up?"),
        (3, ">>", "TOM", "I am."),
    ]


def test_dialogue_with_dashes() -> None:
    assert [(name, words) for _, _, name, words in turns_of("- 吵吗？\n- 吵。\n- 夜里呢？\n- 也吵。")] == [
        ("发言人1", "吵吗？"),
        ("发言人2", "吵。"),
        ("发言人1", "夜里呢？"),
        ("发言人2", "也吵。"),
    ]


def test_a_double_dash_that_asks_is_the_interviewers() -> None:
    text = "――眠れますか？\nはい。\n――いつ？\n夜です。\n――本当に？\nええ。\n――なぜ？\nさあ。"
    assert {(printed, name) for _, printed, name, _ in turns_of(text)} == {("――", "聞き手")}


def test_a_text_without_such_signs() -> None:
    assert turns_of("Q: Why?\nSo.") == []
