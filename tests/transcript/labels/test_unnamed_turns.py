from interview_audio.transcript.labels.unlabelled_turns import label_unnamed_turns
from interview_audio.transcript.layout.paragraphs import split_paragraphs
from interview_audio.transcript.lexicon.label_grammar import read_label


def turns_of(text: str) -> list[tuple[int, str, str, str]]:
    paragraphs = split_paragraphs(text)
    found = label_unnamed_turns(paragraphs, [read_label(paragraph.text) for paragraph in paragraphs])
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
    assert {(printed, name) for _, printed, name, _ in turns_of(text)} == {("――", "Q")}


def test_a_text_without_such_signs() -> None:
    assert turns_of("Q: Why?\nSo.") == []
