from interview_audio.transcript.layout.paragraphs import carry_lone_labels, separate_label, split_paragraphs
from interview_audio.transcript.lexicon.label_grammar import Label, read_label


def divide(text: str) -> list[tuple[str | None, str, tuple[int, int]]]:
    passages = tuple(separate_label(paragraph, read_label(paragraph.text)) for paragraph in split_paragraphs(text))
    carried = carry_lone_labels(passages)
    return [(passage.label.printed if passage.label else None, passage.text, passage.source) for passage in carried]


def test_label_and_words() -> None:
    assert divide("Q: why?\nso") == [("Q", "why?", (3, 7)), (None, "so", (8, 10))]


def test_a_label_alone_on_its_line_speaks_the_words_below() -> None:
    assert divide("Ida Holm:\n\nHello.\n\nAgain.") == [
        ("Ida Holm", "", (0, 0)),
        ("Ida Holm", "Hello.", (11, 17)),
        (None, "Again.", (19, 25)),
    ]


def test_a_lone_label_does_not_pass_a_heading_or_another_label() -> None:
    assert divide("Q:\n# Boats\nIda:\nQ: why?")[1:] == [
        (None, "Boats", (5, 10)),
        ("Ida", "", (0, 0)),
        ("Q", "why?", (19, 23)),
    ]


def test_a_credit_keeps_its_label_among_its_words() -> None:
    assert divide("Host: Nora Vale") == [(None, "Host: Nora Vale", (0, 15))]


def test_a_heading_gives_its_speaker_to_the_words_below_and_keeps_its_own() -> None:
    heading, words = split_paragraphs("## On salt (Ida)\n\nIt is old.")
    label = Label("Ida", "ida", 0, is_heading=True)
    carried = carry_lone_labels((separate_label(heading, label), separate_label(words, None)))
    assert [(passage.label, passage.text) for passage in carried] == [(None, "On salt (Ida)"), (label, "It is old.")]


def test_a_stage_mark_does_not_take_the_words_of_a_lone_label() -> None:
    assert divide("Ida:\n(laughs)\nHello.") == [("Ida", "", (0, 0)), (None, "", (0, 0)), ("Ida", "Hello.", (14, 20))]
