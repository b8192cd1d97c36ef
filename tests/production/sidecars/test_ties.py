"""What no line parts: a bar stands wherever a caption may be broken while there is any other way."""

import time

import pytest

from interview_audio.production.sidecars.line_breaks import WORD, cut_text, measured, tied

TIED = WORD - 6


def free(text):
    places = [place for place, quality in measured(text, ()).breaks.items() if quality > TIED]
    return "|".join(text[start:end] for start, end in zip([0, *places], places, strict=False))


@pytest.mark.parametrize(
    "expected",
    [
        # A number and what it counts, or is called by.
        "from |3 a.m. |to |11 P.M. |today",
        "it |cost |$3 million |or |5 million dollars |then",
        "at |35 percent |of |20 kg |in |two hundred years",
        "not |10 |to |20 |of |them |in |2018 |when |it |rained",
        "see |No. 5, |Fig. 3 |on |p. 12 |and |Chapter 3 |of |Vol. 2",
        "of |June 14, 2018 |and |14 June 2018 |and |5 o’clock",
        "nach |5 Millionen Euro |am |3. Oktober |um |20 Uhr",
        "World |War II, |5 x 3",
        # Titles, initials, abbreviations.
        "met |Dr. Smith, |Mrs Brown |and |Prof. J. R. R. Tolkien |there",
        "Harry S. Truman |and |George W. Bush |in |Washington D.C. |today",
        "The |U.S. Senate, |the |U.S. economy |and |the |U.S. |and |the |U.K. |then",
        "Luther |King Jr. |vs. Sullivan",
        # A sentence ends as it did.
        "I |said |No. |We |take |plan |B. |The |rest |is |vitamin |C.",
        # Chinese numbers with their measure words, ordinals, shares, weekdays.
        "用|了|3个月|花|了|5亿美元|做|第3代|和|第三届|大|会",
        "有|三十五个|孩|子、|五十万美元|和|一百多位|老|师",
        "2023年|11月|17日|星期五|下|午|3点半",
        "约 |300 万|用|户, |第 5 章, |百分之三十|的|人",
        "统|一|行|动",
        # Titles of books, whole if short; their ends if long. Terms in quotation marks, names in syllables.
        "就|《三体》|说|“灯塔”|和|「走|马|观|花|又|一次」",
        "读|《一部漫|长|而|又|漫|长|的|历|史|之续篇》|吧",
        "萨|姆·奥|特|曼",
    ],
)
def test_what_is_read_as_one_stays_together(expected):
    assert free(expected.replace("|", "")) == expected


def lines(text, pace=0.06):
    pieces = cut_text(text, (), [index * pace for index in range(len(text) + 1)])
    pairs = [(text[piece.start : piece.second_line], text[piece.second_line : piece.end]) for piece in pieces]
    return [line.rstrip(" ") for pair in pairs for line in pair if line]


@pytest.mark.parametrize(
    ("space", "pace", "expected"),
    [
        (" ", 0.065, ["Nobody at all had been awake for long", "at 3 a.m. when the great light went out."]),
        ("", 0.2, ["每年四月，罗大勇要把一百二十只", "蜂箱从油菜田搬到槐树坡。"]),
        ("", 0.2, ["市园林局有关负责人就", "《行道树休假办法》答记者问"]),
    ],
)
def test_a_caption_is_cut_beside_a_tie(space, pace, expected):
    assert lines(space.join(expected), pace) == expected


def test_what_is_longer_than_a_line_is_cut_all_the_same():
    initials = "A. " * 40 + "Smith"
    assert " ".join(lines(initials)) == initials
    assert max(map(len, lines(initials))) <= 42
    assert "".join(lines("一二三" * 30)) == "一二三" * 30
    assert max(map(len, lines("一二三" * 30))) <= 20


@pytest.mark.parametrize("piece", ["1", "1,", "1:", "A.", "A. ", "A-", "百", "一", "U.S. ", "1 百", "1 million "])
def test_no_text_takes_time_that_grows_with_its_square(piece):
    began = time.process_time()
    tied(piece * (40_000 // len(piece)))
    assert time.process_time() - began < 5  # without bounds some of them take minutes
