from dataclasses import replace

from interview_audio.transcript.formats.source_document import Escape
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.receipt import audit_characters
from interview_audio.transcript.turns import Receipt, Turn

SOURCE = "Q: a b\nHolm: c"
ASKS = Turn("speech", "Q", "Q", "en", "a b", 1, (3, 6), "certain", "")
ANSWERS = Turn("speech", "Holm", "Holm", "en", "c", 2, (13, 14), "certain", "")
LABELS = (NonTextSpan(0, 2, "label"), NonTextSpan(7, 12, "label"))
NONE = dict.fromkeys(("label", "whitespace", "markup", "boilerplate", "heading", "quote", "stage"), 0)


def test_every_character_is_counted_once() -> None:
    assert audit_characters(SOURCE, (ASKS, ANSWERS), LABELS) == Receipt(14, 4, {**NONE, "label": 7, "whitespace": 3}, 0)


def test_a_lost_turn_is_unaccounted_for() -> None:
    assert audit_characters(SOURCE, (ASKS,), LABELS).unaccounted == 1


def test_a_lost_word_is_unaccounted_for() -> None:
    assert audit_characters(SOURCE, (replace(ASKS, text="a"), ANSWERS), LABELS).unaccounted == 1


def test_a_changed_word_is_unaccounted_for() -> None:
    assert audit_characters(SOURCE, (ASKS, replace(ANSWERS, text="d")), LABELS).unaccounted == 1


def test_a_label_that_nobody_cut_is_unaccounted_for() -> None:
    assert audit_characters(SOURCE, (ASKS, ANSWERS), LABELS[:1]).unaccounted == 5


def test_what_is_not_spoken_is_counted_by_kind() -> None:
    quote = replace(ASKS, kind="quote", speaker=None)
    assert audit_characters(SOURCE, (quote, ANSWERS), LABELS).skipped == {
        **NONE,
        "label": 7,
        "whitespace": 3,
        "quote": 3,
    }


def test_a_line_break_may_be_read_as_a_space() -> None:
    assert audit_characters("a\nb", (replace(ASKS, source=(0, 3)),), ()).spoken == 3


def test_an_escape_counts_once_where_its_character_went() -> None:
    turn = replace(ASKS, text="a & b", source=(0, 9))
    escapes = (Escape(2, 7, "&"),)
    assert audit_characters("a &amp; b", (turn,), (), escapes) == Receipt(9, 5, {**NONE, "markup": 4}, 0)


def test_an_escape_that_stands_for_something_else_is_read_as_it_is_written() -> None:
    turn = replace(ASKS, text="a < b", source=(0, 9))
    assert audit_characters("a &amp; b", (turn,), (), (Escape(2, 7, "<"),)).unaccounted > 0


def test_a_tag_may_break_a_line_and_says_no_words() -> None:
    turn = replace(ASKS, text="a b", source=(0, 6))
    assert audit_characters("a<br>b", (turn,), (), (Escape(1, 5, "\n"),)) == Receipt(6, 3, {**NONE, "markup": 3}, 0)
    assert audit_characters("a<br>b", (replace(turn, text="axb"),), (), (Escape(1, 5, "x"),)).unaccounted > 0
