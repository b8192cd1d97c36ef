import pytest

from growth import grows_too_fast
from interview_audio.cli.terminal import format_rows, terminal_width, truncate, wrap
from interview_audio.text.characters import columns


def test_columns_line_up_in_every_script():
    rows = [("Q", "12", "a"), ("林海生", "7", "b"), ("김하나", "1", "c"), ("Zoe\u0308 😀", "3", "d")]
    assert list(format_rows(rows, right=(1,))) == [
        "  Q       12  a",
        "  林海生   7  b",
        "  김하나   1  c",
        "  Zoe\u0308 😀   3  d",
    ]


def test_no_rows():
    assert list(format_rows([])) == []


@pytest.mark.parametrize(
    ("text", "width", "shown"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("灯塔亮", 5, "灯塔…"), ("灯塔亮", 4, "灯…")]
)
def test_cut(text, width, shown):
    assert truncate(text, width) == shown


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("  2  one two three", None, ["  2  one two three"]),
        ("  2  one two three", 18, ["  2  one two three"]),
        ("  2  one two three", 12, ["  2  one two", "     three"]),
        ("  2  one incomprehensibilities", 12, ["  2  one", "     incomprehensibilities"]),
        ("  2  守塔人，你好吗", 11, ["  2  守塔", "     人，你", "     好吗"]),
        ("  2  守“塔”人（你）好", 11, ["  2  守“塔”", "     人", "     （你）", "     好"]),
        ("  2  灯塔GitHub，好", 13, ["  2  灯塔", "     GitHub，", "     好"]),
        ("  2  카메라가 있어요", 14, ["  2  카메라가", "     있어요"]),
        ("见 output/灯塔/第一集.mp3 的话", 24, ["见", "     output/灯塔/第一集.mp3", "     的话"]),
        ("at https://example.org/a/b/c?d=e-f, too", 20, ["at", "     https://example.org/a/b/c?d=e-f,", "     too"]),
    ],
)
def test_a_text_is_folded_between_words_and_chinese_characters(text, width, lines):
    assert list(wrap(text, width, indent=5)) == lines


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize(
    "text", ["我们等了很久，“灯塔”说：（好）。" * 9, "Ada said (again): so, 3.5 % of it? " * 9, "가나다 라마 " * 30]
)
def test_no_line_is_too_wide_or_begins_with_what_closes(text, width):
    lines = list(wrap(text, width, indent=2))
    assert max(map(columns, lines)) <= width
    assert not any(line.lstrip()[0] in "，。、：；）”」.,:;)?" for line in lines)
    assert not any(line[-1] in "（“「(" for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize("piece", ["灯", "x", "灯/", "“", " ", "a "])
def test_a_long_text_is_folded_in_linear_time(piece):
    text = piece * (20_000 // len(piece)) + "x"
    assert "".join("".join(wrap(text, 40)).split()) == "".join(text.split())
    assert not grows_too_fast(lambda text: list(wrap(text, 40)), piece, 5000)


def test_rows_go_on_under_their_last_cell():
    rows = [("2", "one two"), ("13", "three")]
    assert list(format_rows(rows, (0,), 12)) == ["   2  one", "      two", "  13  three"]
    assert list(format_rows(rows, (0,), 11)) == ["   2", "    one two", "  13  three"]
    assert list(format_rows(rows, (0,))) == ["   2  one two", "  13  three"]


def test_a_pipe_has_no_width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert terminal_width() is None
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert terminal_width() == 40
