from interview_audio.transcript.labels.unlabelled_turns import find_heading_speakers
from interview_audio.transcript.layout.paragraphs import split_paragraphs
from interview_audio.transcript.lexicon.label_grammar import Label


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


def test_brackets_of_other_headings() -> None:
    assert headings_of("## On salt (2 of 3)\n\na\n\n## On rust (an aside)\n\nb\n\n## Why (Ida Holm)?\n\nc") == {}
