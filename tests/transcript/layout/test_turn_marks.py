import pytest

from interview_audio.transcript.layout.turn_boundaries import find_turn_mark


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
