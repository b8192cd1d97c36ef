import pytest

from interview_audio.cli.tables import aligned, cut, folded, folded_rows, one_line, terminal_width


def test_columns_line_up_in_chinese_too():
    rows = [("Q", "12", "a"), ("林海生", "7", "b")]
    assert list(aligned(rows, right=(1,))) == ["  Q       12  a", "  林海生   7  b"]


def test_no_rows():
    assert list(aligned([])) == []


@pytest.mark.parametrize(
    ("text", "width", "shown"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("灯塔亮", 5, "灯塔…"), ("灯塔亮", 4, "灯…")]
)
def test_cut(text, width, shown):
    assert cut(text, width) == shown


def test_one_line_holds_nothing_that_a_terminal_obeys():
    assert one_line("a\n b\x1b[2J\u202e c\x85d") == "a b [2J c d"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("  2  one two three", None, ["  2  one two three"]),
        ("  2  one two three", 18, ["  2  one two three"]),
        ("  2  one two three", 12, ["  2  one two", "     three"]),
        ("  2  one incomprehensibilities", 12, ["  2  one", "     incomprehensibilities"]),
        ("  2  守塔人，你好吗", 11, ["  2  守塔", "     人，你", "     好吗"]),
    ],
)
def test_a_text_is_folded_between_words_and_chinese_characters(text, width, lines):
    assert list(folded(text, width, indent=5)) == lines


def test_rows_go_on_under_their_last_cell():
    rows = [("2", "one two"), ("13", "three")]
    assert list(folded_rows(rows, (0,), 11)) == ["   2  one", "      two", "  13  three"]
    assert list(folded_rows(rows, (0,))) == ["   2  one two", "  13  three"]


def test_a_pipe_has_no_width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert terminal_width() is None
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert terminal_width() == 40
