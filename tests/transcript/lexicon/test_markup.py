import pytest

from interview_audio.transcript.layout.paragraphs import split_paragraphs
from interview_audio.transcript.lexicon.markup import (
    NonTextSpan,
    find_non_text,
    find_stage_marks,
    is_stage_mark,
    is_wholly_strong,
)


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("**Q:** Is it *really* so?", "Q: Is it really so?"),
        ("> quoted", "quoted"),
        ("## On boats", "On boats"),
        ("- one thing", "one thing"),
        ("see [the map](https://example.org/map) there", "see the map there"),
        ("![gull](gull.png) a gull", "a gull"),
        ("![][image1] a gull", "a gull"),
        ("[image1]: <data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB/+Q==>", ""),
        ("a data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB/+Q== gull", "a gull"),
        ("one<br>two <b>three</b>", "onetwo three"),
        ("`code` and __so__ _on_", "code and so on"),
        ("Well (laughs), yes", "Well, yes"),
        ("Well [laughter] yes", "Well yes"),
        ("是的【笑】。", "是的。"),
        ("*laughs* No.", "No."),
        ("a\u200bb\ufeff \u202ec\u202c", "ab c"),
        ("**bold that goes on", "bold that goes on"),
        ("## On boats ##", "On boats"),
        ("####问：为什么？####", "问：为什么？"),
        ("# About C#", "About C#"),
        (": a definition", "a definition"),
        ("■ one thing", "one thing"),
        (r"a \*star\* and \[brackets\]", "a *star* and [brackets]"),
        (r"_Looks at node\_modules in snake_case._", "Looks at node_modules in snake_case."),
        (r"\_star\_ and \<b>", "_star_ and <b>"),
        ("salt &amp; rust", "salt & rust"),
        ("────────", ""),
        ("It stood[1] there.[^2]", "It stood there."),
        ("一盏灯［注2］和一座塔①。", "一盏灯和一座塔。"),
        ("It stands there¹, I think", "It stands there, I think"),
        ("We left [inaudible 00:12] early (ph).", "We left early."),
        ("♪ theme ♪", ""),
    ],
)
def test_what_surrounds_words_is_cut(printed: str, words: str) -> None:
    (paragraph,) = split_paragraphs(printed)
    assert paragraph.text == words


@pytest.mark.parametrize(
    "words",
    [
        "the Q* model and the Q* paper",
        "2*3*4 is 24",
        "snake_case_name",
        "[being on] the board (of the port)",
        "(1) salt, (2) rust",
        "原因有三：①海；②风",
        "two [two of them] left",
        "10² metres",
        "a 5 * b",
        "#hashtag",
        "-5 degrees",
        "👩\u200d👩\u200d👧",
        "1 < 2 > 0",
    ],
)
def test_what_only_looks_like_markup_stays(words: str) -> None:
    (paragraph,) = split_paragraphs(words)
    assert paragraph.text == words


def test_cuts_are_ranges_of_the_source() -> None:
    assert set(find_non_text("ab **c** (laughs)", 3, 17)) == {
        NonTextSpan(3, 5, "markup"),
        NonTextSpan(6, 8, "markup"),
        NonTextSpan(9, 17, "stage"),
    }


def test_the_sign_of_a_new_speaker_is_no_sign_of_a_list() -> None:
    assert find_non_text("- Why?", 0, 6, "-") == ()


def test_a_rule_is_markup_altogether() -> None:
    assert [cut.reason for cut in find_non_text("* * *", 0, 5)] == ["markup"]


def test_bold_from_end_to_end() -> None:
    assert is_wholly_strong("**On boats**")
    assert not is_wholly_strong("**On** boats")


@pytest.mark.parametrize(
    "words",
    [
        "笑",
        "大笑",
        "众人笑",
        "笑了一下",
        "沉默片刻",
        "掌声",
        "laughs",
        "laughter",
        "both laughing",
        "long pause",
        "Laughs.",
        "clears her throat",
        "inaudible 00:12",
        "unintelligible",
        "ph",
        "sic",
        "?",
        "crosstalk",
        "MUSIC PLAYING",
        "SOUNDBITE OF ARCHIVED RECORDING",
        "applause and cheering",
        "全场热烈鼓掌",
        "听不清 03:12",
        "停顿了一下",
        "众人鼓掌",
        "此处听不清",
        "片头音乐",
        "拍手",
        "rires",
    ],
)
def test_stage_marks(words: str) -> None:
    assert is_stage_mark(words)


@pytest.mark.parametrize(
    "words",
    [
        "being on",
        "the goose",
        "首席科学家",
        "笑话",
        "at",
        "1",
        "her",
        "music festival",
        "他笑的时候很好看",
        "pause button",
        "the light",
        "both",
        "他说是听鞭炮听的",
        "掌声属于他们",
    ],
)
def test_editors_words_are_no_stage_marks(words: str) -> None:
    assert not is_stage_mark(words)


def test_ranges_of_stage_marks() -> None:
    passage = "Well (laughs), so[1] [both] *sighs* ((cough))"
    assert [passage[start:end] for start, end in find_stage_marks(passage)] == [
        "(laughs)",
        "*sighs*",
        "((cough))",
        "[1]",
    ]
