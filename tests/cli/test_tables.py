import pytest

from interview_audio.cli.tables import aligned, cut, one_line


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
