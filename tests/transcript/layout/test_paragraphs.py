from interview_audio.transcript.layout.paragraphs import carry_lone_labels, separate_label, split_paragraphs
from interview_audio.transcript.lexicon.label_grammar import Label, read_label
from interview_audio.transcript.lexicon.markup import NonTextSpan

WRAPPED = """\
Q: Why did you paint the whole tower in one single summer?

A: Because the paint came in one barrel that could not be closed, and
a barrel that cannot be closed is a barrel that has to be finished by
somebody before the autumn storms arrive.

I was that somebody.
"""


def test_a_line_is_a_paragraph_where_lines_are_not_wrapped() -> None:
    assert [(p.line, p.text) for p in split_paragraphs("Q: a?\nA: b.\n\n  c \u2028d")] == [
        (1, "Q: a?"),
        (2, "A: b."),
        (4, "c"),
        (4, "d"),
    ]


def test_wrapped_lines_are_joined() -> None:
    assert [(p.line, p.text) for p in split_paragraphs(WRAPPED)] == [
        (1, "Q: Why did you paint the whole tower in one single summer?"),
        (
            3,
            "A: Because the paint came in one barrel that could not be closed, and a barrel that cannot be closed "
            "is a barrel that has to be finished by somebody before the autumn storms arrive.",
        ),
        (7, "I was that somebody."),
    ]


def test_wrapped_chinese_is_joined_without_spaces() -> None:
    source = "问：你好吗？\n\n答：我在灯塔上住了很多年每天晚上都要爬一百多级台阶去\n看那盏灯是不是还亮着有时候风大得连门都打不开我就坐\n在台阶上等风停。"
    assert split_paragraphs(source)[1].text.endswith(
        "台阶去看那盏灯是不是还亮着有时候风大得连门都打不开我就坐在台阶上等风停。"
    )


def test_finished_lines_of_one_width_are_not_joined() -> None:
    source = "\n".join(["这一行正好有这么长，写完了就句号。"] * 6)
    assert len(split_paragraphs(source)) == 6


def test_offsets_lead_back_to_the_source() -> None:
    source = "\n  **Q:**  a\u3000 b (laughs) c  \n"
    (paragraph,) = split_paragraphs(source)
    assert paragraph.text == "Q: a b c"
    assert "".join(source[offset] for offset in paragraph.offsets) == "Q: a\u3000b c"


def test_how_markdown_sets_a_paragraph() -> None:
    heading, quoted, strong, plain = split_paragraphs("# a\n> b\n**c**\n#d")
    assert (heading.is_heading, quoted.is_quoted, strong.is_strong) == (True, True, True)
    assert (plain.is_heading, plain.is_quoted, plain.is_strong) == (False, False, False)


def test_a_line_that_breaks_off_goes_on_below() -> None:
    source = ">> IDA: There is a chair for it, and it has\nbeen put away.\n>> TOM: Good."
    assert [p.text for p in split_paragraphs(source)] == [
        ">> IDA: There is a chair for it, and it has been put away.",
        ">> TOM: Good.",
    ]


def test_a_conversation_on_one_line_is_divided() -> None:
    source = "On salt. Q: Why? A: So. Q: And then?\nA: Then you sleep."
    assert [(p.line, p.text) for p in split_paragraphs(source)] == [
        (1, "On salt."),
        (1, "Q: Why?"),
        (1, "A: So."),
        (1, "Q: And then?"),
        (2, "A: Then you sleep."),
    ]


def test_times_of_a_recording_are_cut() -> None:
    timed, words = split_paragraphs("[00:06] Ida Holm\nHello.")
    assert (timed.text, timed.is_timed, timed.cuts) == ("Ida Holm", True, (NonTextSpan(0, 7, "markup"),))
    assert (words.text, words.is_timed) == ("Hello.", False)


def test_the_sign_of_a_new_speaker_stays_in_front_of_the_words() -> None:
    assert [(p.text, p.turn_mark) for p in split_paragraphs(">> Why?\n>> So.")] == [(">> Why?", ">>"), (">> So.", ">>")]
    assert [(p.text, p.turn_mark) for p in split_paragraphs("- salt\n- rust")] == [("salt", ""), ("rust", "")]


def test_strokes_on_both_sides_set_a_heading():
    first, second, third = split_paragraphs("== Early years ==\n===采访实录===\na == b")
    assert [(p.text, p.is_heading) for p in (first, second, third)] == [
        ("Early years", True),
        ("采访实录", True),
        ("a == b", False),
    ]


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
