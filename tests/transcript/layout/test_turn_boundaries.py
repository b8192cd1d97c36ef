import pytest

from interview_audio.transcript.layout.turn_boundaries import find_turn_mark, split_at_labels


def parts_of(text: str) -> list[str]:
    return [text[start:end] for start, end in split_at_labels(text, [(0, len(text))])]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "问：您修表？答：修。问：修多久了？答：四十年。",
            ["问：您修表？", "答：修。", "问：修多久了？", "答：四十年。"],
        ),
        (
            "Ida Holm: Is it loud? Dr. Tom Reyes: It is. Ida Holm: Do you mind? Dr. Tom Reyes: At night.",
            ["Ida Holm: Is it loud?", "Dr. Tom Reyes: It is.", "Ida Holm: Do you mind?", "Dr. Tom Reyes: At night."],
        ),
        (
            "**Q:** Why? **A:** So. **Q:** Do you? **A:** I do.",
            ["**Q:** Why?", "**A:** So.", "**Q:** Do you?", "**A:** I do."],
        ),
        (
            "Q: so do you like it A: i do Q: since when A: always",
            ["Q: so do you like it", "A: i do", "Q: since when", "A: always"],
        ),
        (
            "灯塔要关了 艾达 守灯三十年 记者：您难过吗？ 艾达：不难过。 记者：真的？ 艾达：真的。",
            ["灯塔要关了 艾达 守灯三十年", "记者：您难过吗？", "艾达：不难过。", "记者：真的？", "艾达：真的。"],
        ),
        ("news at ten >> I agree. >> You would.", ["news at ten", ">> I agree.", ">> You would."]),
    ],
)
def test_a_conversation_on_one_line(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "She asked me: why? I told her: because. She asked me: and then? I told her: nothing.",
        "Price: 10 crowns. Colour: grey. Price: 12 crowns. Colour: blue.",
        "Holm: I said yes. And then Reyes: you know him. It was late.",
        "他说：好。我说：不好。他说：那就算了。我说：算了。",
        "The options were: salt. The others were: rust.",
    ],
)
def test_colons_within_words(text: str) -> None:
    assert parts_of(text) == [text]


@pytest.mark.parametrize(
    ("paragraphs", "mark"),
    [
        ([">> Good evening.", ">> IDA: Hello."], ">>"),
        (["- Is it loud?", "- It is.", "- Do you mind?", "- At night."], "-"),
        (["— Est-ce fort ?", "— Oui.", "— Et la nuit ?", "— Aussi."], "—"),
        (["――眠れますか？", "はい。", "――いつ？", "夜です。", "――本当に？", "ええ。", "――なぜ？", "さあ。"], "――"),
    ],
)
def test_signs_of_new_speakers(paragraphs: list[str], mark: str) -> None:
    assert find_turn_mark(paragraphs) == mark


@pytest.mark.parametrize(
    "paragraphs",
    [
        [],
        ["> quoted", ">> quoted twice"],
        [">>> 1 + 1", ">>> 2 + 2"],
        ["- salt", "- rust", "- wind", "- fog"],
        ["- Why?", "- When?", "- Where?", "- Who?"],
        ["- Q: Why?", "- A: So.", "- Q: When?", "- A: Then."],
        ["-5 degrees?", "-4 degrees.", "-3 degrees?", "-2 degrees."],
        ["-----", "-----?", "-----", "-----?"],
    ],
)
def test_signs_of_lists(paragraphs: list[str]) -> None:
    assert find_turn_mark(paragraphs) == ""
