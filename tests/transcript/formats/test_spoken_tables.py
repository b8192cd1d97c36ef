import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from growth import grows_too_fast
from interview_audio.transcript.formats.detection import format_of
from interview_audio.transcript.parsing import parse_transcript

SAID = [("Nora Vale", "Is the light still on?"), ("Ida Holm", "It is, as always."), ("Nora Vale", "And at night?")]


def spoken(text: str, suffix: str = ".csv") -> list[tuple[str | None, str]]:
    transcript = parse_transcript(text, suffix=suffix)
    assert transcript.receipt.unaccounted == 0
    return [(turn.speaker, turn.text) for turn in transcript.turns if turn.kind in ("speech", "narration")]


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        (
            'timestamp,speaker,text\n00:03,Nora Vale,Is the light still on?\n00:08,Ida Holm,"It is, as always."\n00:12,Nora Vale,And at night?',
            ".txt",
        ),
        (
            "time,speaker,text\n1,Nora Vale,Is the light still on?\n2,Ida Holm,It is, as always.\n3,Nora Vale,And at night?",
            "",
        ),
        ("Text;Sprecher\nIs the light still on?;Nora Vale\nIt is, as always.;Ida Holm\nAnd at night?;Nora Vale", ""),
        (
            "sep=;\nTesto;Nome\nIs the light still on?;Nora Vale\nIt is, as always.;Ida Holm\nAnd at night?;Nora Vale",
            "",
        ),
        ("1\tNora Vale\tIs the light still on?\n2\tIda Holm\tIt is, as always.\n3\tNora Vale\tAnd at night?", ".tsv"),
        (
            "| Who | Words |\n|---|---|\n| Nora Vale | Is the light still on? |\n| Ida Holm | It is, as always. |\n| Nora Vale | And at night? |",
            ".md",
        ),
        (
            "|Nora Vale|Is the light still on?|\n|-|-|\n|Ida Holm|It is, as always.|\n|Nora Vale|And at night?|".replace(
                "|-|-|", "|--|--|"
            ),
            ".md",
        ),
    ],
)
def test_columns_are_found_by_their_names_or_by_what_they_hold(text: str, suffix: str) -> None:
    assert spoken(text, suffix) == SAID


def test_questions_and_answers_are_two_columns() -> None:
    text = "Question,Answer\nIs it on?,It is.\nAlways?,Always."
    assert spoken(text) == [
        ("Question", "Is it on?"),
        ("Answer", "It is."),
        ("Question", "Always?"),
        ("Answer", "Always."),
    ]


def test_a_table_without_speakers_is_read_in_the_order_of_its_rows() -> None:
    assert spoken("start\tend\ttext\n0\t900\tThe light\n900\t1500\tis on.", "") == [(None, "The light is on.")]


def test_numbers_are_speakers_and_a_gap_goes_on() -> None:
    assert spoken("speaker,text\n1,Is it on?\n2,It is.\n,Always.\n1,Good.") == [
        ("Speaker 1", "Is it on?"),
        ("Speaker 2", "It is. Always."),
        ("Speaker 1", "Good."),
    ]


def test_labels_in_a_table_of_times_that_holds_most_of_the_words() -> None:
    rows = ["Nora: Is it on?", "Ida: It is, as always.", "Nora: And at night?", "Ida: At night as well."]
    text = "# The lamp\n\n|  |  |\n|---|---|\n" + "".join(f"| 00:0{n} | {row} |\n" for n, row in enumerate(rows))
    assert spoken(text, ".md") == [tuple(row.split(": ")) for row in rows]


def test_the_text_around_a_table_is_read_as_other_markdown() -> None:
    text = """# The lamp

See [the tower](https://example.org "a tower") at `dusk`.

| Who | Says |
|---|---|
| Nora | Is it *on*? |
| Ida | It is. |
| Nora | Now? |

![the goose](goose.png)
**Ida**: The ~~end~~ [close](https://example.org).
"""
    assert spoken(text, ".md")[:4] == [
        (None, "See the tower at dusk."),
        ("Nora", "Is it on?"),
        ("Ida", "It is."),
        ("Nora", "Now?"),
    ]
    assert not any(mark in str(spoken(text, ".md")) for mark in ("http", "](", "~~", "|", "goose.png"))


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("Q: Is it on, still?\nA: It is, as always.", ".csv"),
        ("Nora, is it on?\nIda, it is.\nNora, and at night?", ".txt"),
        (
            "| Word | Meaning |\n|---|---|\n| Lamp | What gives the light of the tower |\n| Lens | What bends the light |",
            ".md",
        ),
        ("问 | 灯亮吗？\n答 | 亮着。\n问 | 一直？\n答 | 一直。", ".txt"),
    ],
)
def test_what_is_no_table_of_speech_stays_text(text: str, suffix: str) -> None:
    assert format_of(text, suffix) == "plain"


CELLS = st.text(st.sampled_from('ab,;"\n\t| .é灯'), max_size=12)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(("Nora", "Ida Holm")), CELLS), min_size=2, max_size=6))
def test_any_cell_that_is_written_as_csv_is_read_back(rows: list[tuple[str, str]]) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([("speaker", "text"), *rows])
    read = "".join("".join(text.split()) for _, text in spoken(f"{written.getvalue()}Nora,the end"))
    assert sorted(filter(str.isalnum, read)) == sorted(
        filter(str.isalnum, "".join(text for _, text in rows) + "theend")
    )


@pytest.mark.parametrize("marks", ['"', '"a"b,', "a,", "|", '""",', "a,b\n"])
def test_marks_are_read_in_linear_time(marks: str) -> None:
    def read(text: str) -> None:
        parse_transcript(f"speaker,text\nNora,Why?\n{text}", suffix=".csv")

    assert not grows_too_fast(read, marks, 1000)


def test_a_table_of_things_with_names_names_nobody() -> None:
    rows = "| Name | Description |\n|---|---|\n| Lamp | It gives light. |\n| Wick | It burns. |\n"
    assert parse_transcript(f"# lamp\n\nA tool for lamps.\n\n{rows}\n## License\n\nMIT\n", suffix=".md").speakers == ()


def test_delimiters_that_nobody_quoted_belong_to_the_words() -> None:
    turns = parse_transcript("speaker,text,time\nAnna,Well, yes, I think so,00:01\nBob,No,00:02\n", suffix=".csv").turns
    assert [(turn.speaker, turn.text) for turn in turns] == [("Anna", "Well, yes, I think so"), ("Bob", "No")]


def test_a_remark_below_a_table_is_read() -> None:
    table = "speaker,text\nAnna,Hello there.\nBob,Hello to you.\nAfter the talk we walked along the harbour.\n"
    assert parse_transcript(table, suffix=".csv").turns[-1].text == "After the talk we walked along the harbour."


def test_sentences_of_other_columns_are_turns_that_everything_reads() -> None:
    table = "speaker,text,translation\nAnna,Guten Tag.,Good day to you.\nBob,Es regnet.,It rains today.\n"
    kinds = [turn.kind for turn in parse_transcript(table, suffix=".csv").turns]
    assert kinds == ["speech", "boilerplate", "speech", "boilerplate"]
    everything = parse_transcript(table, suffix=".csv", reads_everything=True).turns
    assert [turn.text for turn in everything if turn.kind == "narration"] == ["Good day to you.", "It rains today."]


def test_sentences_in_other_columns_are_not_read_and_not_lost() -> None:
    table = (
        "start,speaker,text,clean text,note\n"
        '1,Nora,"Is it lit, or is it out, um?",Is it lit or is it out?,"She says ""no"" and looks at the sea."\n'
        "2,Nora,Or is it not lit?,Or is it not lit?,\n"
        "3,Ida,It is.,,He laughs at all of it.\n"
    )
    transcript = parse_transcript(table, suffix=".csv")
    assert transcript.receipt.unaccounted == 0
    assert [(turn.kind, turn.text) for turn in transcript.turns] == [
        ("speech", "Is it lit, or is it out, um? Or is it not lit?"),
        ("boilerplate", 'She says "no" and looks at the sea.'),
        ("speech", "It is."),
        ("boilerplate", "He laughs at all of it."),
    ]
    rows = (
        "Who | Says | Note",
        "---|---|---",
        "Nora | Is it lit? | *She looks* at the sea.",
        "Nora | Or not? |",
        "Ida | It is. |",
    )
    transcript = parse_transcript("".join(f"| {row} |\n" for row in rows))
    assert transcript.receipt.unaccounted == 0
    assert [(turn.kind, turn.text) for turn in transcript.turns] == [
        ("speech", "Is it lit? Or not?"),
        ("boilerplate", "She looks at the sea."),
        ("speech", "It is."),
    ]


def test_columns_are_chosen_by_what_they_hold_where_their_names_are_of_something_else() -> None:
    rows = (
        "house,transcript,first_name,rep_name,text",
        "Upper_Room,s98a,NA,The chair,The sitting is open again.",
        "Upper_Room,s98a,Ida,Ida Holm,I thank the chair for the lamp.",
        "Upper_Room,s98a,NA,The chair,Nora Vale has the floor now.",
        "Upper_Room,s98a,Ida,Ida Holm,One more word about the lamp.",
    )
    assert spoken("\n".join(rows)) == [
        ("The chair", "The sitting is open again."),
        ("Ida Holm", "I thank the chair for the lamp."),
        ("The chair", "Nora Vale has the floor now."),
        ("Ida Holm", "One more word about the lamp."),
    ]
