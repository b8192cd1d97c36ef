import pytest

from interview_audio.production.cover import TitleLayout, lay_out_title

BOX, SIZES = (1000, 620), (300, 250, 200, 150, 100)


def width(text):
    """Of a font whose Chinese characters are as wide as high, and whose others are half as wide."""
    return sum(1.0 if ord(character) > 0x2E80 else 0.5 for character in text)


def set_(title):
    return lay_out_title(title, width, BOX, SIZES, 1.2)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("A talk", ("A talk",)),
        ("对话", ("对话",)),
        ("灯塔之上：一次漫长的谈话", ("灯塔之上：", "一次漫长的", "谈话")),
        ("与李飞飞谈智能", ("与李飞飞", "谈智能")),
        ("The keeper of the light", ("The keeper", "of the light")),
        ("The end of the beginning", ("The end of", "the beginning")),
        ("We ask: is it so", ("We ask:", "is it so")),
        ("《红楼梦》的作者是谁", ("《红楼梦》", "的作者是谁")),
        ("Is GPT-5 it", ("Is GPT-5", "it")),
        ("A well-understood thing", ("A well-", "understood", "thing")),
        ("인공지능의 미래와 오늘", ("인공지능의", "미래와 오늘")),
    ],
)
def test_lines_break_where_a_reader_would(title, lines):
    assert set_(title).lines == lines


def test_letters_are_as_large_as_the_box_allows():
    assert [set_("字" * count).size for count in (1, 3, 6, 12, 30)] == [300, 300, 250, 150, 100]


@pytest.mark.parametrize("title", ["字" * 300, "word " * 99 + "word", "w" * 400, "字 w，" * 150 + "x"])
def test_what_does_not_fit_is_cut_and_says_so(title):
    setting = set_(title)
    assert setting.lines[-1].endswith("…")
    assert title.replace(" ", "").startswith("".join(setting.lines)[:-1].replace(" ", ""))
    assert max(map(width, setting.lines)) * setting.size <= BOX[0]
    assert len(setting.lines) * setting.size * 1.2 <= BOX[1]


def test_a_word_wider_than_the_cover_is_divided():
    assert set_("Donaudampfschifffahrtsgesellschaft") == TitleLayout(
        ("Donaudampfsch", "ifffahrtsgese", "llschaft"), 150
    )


def test_what_is_far_too_long_is_not_measured_again_for_each_word_that_is_left_out():
    measured = []

    def counting(text):
        measured.append(text)
        return width(text)

    assert lay_out_title("so it is " * 5_000, counting, BOX, SIZES, 1.2) == set_("so it is " * 50)
    assert len(measured) < 100
