import pytest

from interview_audio.transcript.layout.paragraphs import split_paragraphs
from interview_audio.transcript.lexicon.label_grammar import read_label
from interview_audio.transcript.speaker_labels import (
    find_introduced_labels,
    find_single_labels,
    find_speaking_labels,
)


def labels_of(text: str, known: frozenset[str] = frozenset()) -> list[str | None]:
    paragraphs = split_paragraphs(text)
    found = find_speaking_labels(paragraphs, [read_label(paragraph.text) for paragraph in paragraphs], known, "en")
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


@pytest.mark.parametrize(
    "text",
    [
        "Name: Gull 3\nPrice: 12 crowns\nVerdict: You should buy it.\n" * 3,
        "价格：300元\n地点：灰鸥角\n" * 3,
        "NASB: The agency said so.\nESB: The probe is on its way.\n" * 2,
        "FAQ: Common questions answered.\nThe lamp is big.\nFAQ: More of them.",
        "Step 1: Cut.\nStep 2: Boil.\nTip: You will like it.\nTip: I do.",
        "Chorus: You are the sea\nVerse: I am the shore\n" * 3,
    ],
)
def test_lists_of_values_are_no_conversations(text: str) -> None:
    assert set(labels_of(text)) == {None}


@pytest.mark.parametrize(
    "lines",
    [
        "Bird: the gull\nWeather: none\nBook: The Tides",
        "Knife: it must be sharp.\nRope: it must be dry.\nLamp: it must be full.",
        "Myth: bees are busy.\nFact: they sleep.\nMyth: they sting.\nFact: they rarely do.",
        "Video: a tour of the whole tower, from the cellar to the lamp, with every one of its steps",
    ],
)
def test_lists_within_an_answer_are_its_words(lines: str) -> None:
    labels = labels_of(f"Q: Why?\nHolm: So.\nQ: And?\nHolm: Look.\n{lines}\nQ: Well?\nHolm: Well.")
    expected = [None if not line.startswith("Video") else "Video" for line in lines.split("\n")]
    assert labels[4:-2] == expected


def test_labels_of_nobody_need_a_conversation_around_them() -> None:
    text = "Video: A tour\n\nQ: Why?\nA: So.\nAll: Cheers!\nQ: And?\nA: Well."
    assert labels_of(text) == [None, "Q", "A", "All", "Q", "A"]


def test_fuller_and_shorter_labels_count_together() -> None:
    text = "IDA HOLM, KEEPER: I am up.\nTOM REYES, THE GULL: Are you?\nHOLM: I am.\nREYES: You are."
    assert labels_of(text) == ["IDA HOLM, KEEPER", "TOM REYES, THE GULL", "HOLM", "REYES"]


def test_surnames_alone() -> None:
    text = "记者：风大吗？\n张伟：大。\n记者：海呢？\n李明：也大。\n张：我不怕。\n李：我怕。"
    assert labels_of(text) == ["记者", "张伟", "记者", "李明", "张", "李"]


def test_a_medium_that_asks_twice() -> None:
    assert labels_of("《灰鸥》：风大吗？\n艾达·霍姆：大。\n《灰鸥》：海呢？\n艾达·霍姆：也大。") == [
        "灰鸥",
        "艾达·霍姆",
        "灰鸥",
        "艾达·霍姆",
    ]


def test_a_label_that_defines_its_short_form() -> None:
    text = "《灰鸥》杂志（以下简称“鸥”）：风大吗？\n张伟（以下简称“张”）：大。\n" + "鸥：海呢？\n张：也大。\n" * 3
    assert None not in labels_of(text)


def test_handles_in_bold() -> None:
    text = "**gull_1:** You sleep?\n\n**ida_h:** Badly.\n\n**salt99:** What do you eat?\n\n**ida_h:** Fish."
    assert labels_of(text) == ["gull_1", "ida_h", "salt99", "ida_h"]


def test_one_label_in_capitals_among_others_in_capitals() -> None:
    assert labels_of("VALE: Do you?\nHOLM: I do.\nVALE: Well?\nHOLM: Well.\nMAYOR: Quiet!")[-1] == "MAYOR"


def test_a_name_above_a_recordings_time_speaks_from_the_first_line() -> None:
    text = "Nora Vale (00:03):\nIs it loud?\nIda Holm (00:05):\nIt is."
    assert labels_of(text) == ["Nora Vale", None, "Ida Holm", None]


def test_a_part_above_the_label_of_the_one_who_has_it() -> None:
    text = "问\n记者：\n怕吗？\n答\n张伟：\n不怕。\n问\n记者：\n真的？\n答\n张伟：\n真的。"
    assert labels_of(text) == ["问", "记者", None, "答", "张伟", None] * 2


def test_labels_without_a_colon_beside_one_with() -> None:
    text = "Q. You saw him?\nA. I did.\nQ. Are you sure?\nA. I am.\nMS. VALE: Objection."
    assert labels_of(text) == ["Q", "A", "Q", "A", "MS. VALE"]


def test_a_changing_speaker_without_a_name() -> None:
    assert labels_of(">> Good evening.\n>> Hello.") == [">>", ">>"]


def test_speakers_in_headings() -> None:
    text = "## On salt (Ida Holm)\n\nIt is old.\n\n## On rust (Tom Reyes)\n\nIt is new."
    assert labels_of(text) == ["Ida Holm", None, "Tom Reyes", None]


def once(text: str, *keys: str) -> set[str]:
    """The folded labels that speak once beside those of ``keys``."""
    paragraphs = split_paragraphs(text)
    candidates = [read_label(paragraph.text) for paragraph in paragraphs]
    singles = {label.key: label.name for label in candidates if label and label.key not in keys}
    return set(find_single_labels(paragraphs, candidates, singles, keys))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ida Holm: I am up.\nQ: Why?\nHolm: So.\nHolm: Well.", "idaholm"),
        ("Evening Gull: Are you up?\nHolm: So.\nEG: Why?\nEG: When?", "eveninggull"),
        ("We met Tom Reyes.\nQ: Why?\nHolm: So.\nReyes: And so.", "reyes"),
        ("We met Tom Reyes.\nQ: Why?\nHolm: So.\nTR: And so.", "tr"),
        ("Q: Why?\nHolm: So.\nDr. Vale: No.", "drvale"),
        ("Q: Why?\nVale: So.", "vale"),
        ("**Q:** Why?\n\n**Holm:** So.\n\n**gull_1:** No.", "gull_1"),
        ("张伟和老霍姆（霍姆）在塔里。\nQ：风大吗？\n张伟：大。\n霍姆：不大。", "霍姆"),
        ("Q：风大吗？\n张伟：大。\n张：很大。", "张"),
    ],
)
def test_labels_that_speak_once(text: str, key: str) -> None:
    assert key in once(text, "q", "holm", "eg", "张伟")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Vale: So.\nQ: Why?\nHolm: So.", "vale"),
        ("Q: Why?\nHolm: So.\nPatience: that is all.", "patience"),
        ("Q: What matters?\nSmell: up to ten.\nTaste: up to ten.", "smell"),
        ("Q: What matters?\nHolm: Look.\nSmell: up to ten.\nTaste: up to ten.", "taste"),
    ],
)
def test_words_with_a_colon(text: str, key: str) -> None:
    assert key not in once(text, "q", "holm")


def test_labels_that_the_text_introduces() -> None:
    paragraphs = split_paragraphs(
        "《灰鸥》杂志（以下简称“鸥”）：风大吗？\n鸥：大吗？\n老师傅（霍姆）来了。\n霍姆：不大。\n风：大。"
    )
    labels = [label for label in (read_label(paragraph.text) for paragraph in paragraphs) if label]
    assert find_introduced_labels(paragraphs, labels) == {"灰鸥杂志", "霍姆"}


def test_where_each_label_is_alone_on_its_line_a_colon_within_the_words_is_none() -> None:
    rounds = "Ida Holm (SPD):\nIs the lamp lit?\n\nNora Vale (CDU):\nIt is, as it was.\n\n" * 12
    report = (
        f"{rounds}Ida Holm (SPD):\nMy question: who pays for it?\nThank you. – My next question, Ms. Vale:\nWhen?\n"
    )
    assert set(filter(None, labels_of(report))) == {"Ida Holm (SPD)", "Nora Vale (CDU)"}
