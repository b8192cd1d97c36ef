import pytest

from interview_audio.transcript.labels.single_labels import find_introduced_labels, find_single_labels
from interview_audio.transcript.layout.paragraphs import split_paragraphs
from interview_audio.transcript.lexicon.label_grammar import read_label


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
