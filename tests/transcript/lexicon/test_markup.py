import pytest

from interview_audio.transcript.layout.paragraphs import split_paragraphs
from interview_audio.transcript.lexicon.markup import NonTextSpan, find_non_text, is_wholly_strong


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
    assert find_non_text("ab **c** (laughs)", 3, 17) == (
        NonTextSpan(9, 17, "stage"),
        NonTextSpan(3, 5, "markup"),
        NonTextSpan(3, 5, "markup"),
        NonTextSpan(6, 8, "markup"),
    )


def test_the_sign_of_a_new_speaker_is_no_sign_of_a_list() -> None:
    assert find_non_text("- Why?", 0, 6, "-") == ()


def test_a_rule_is_markup_altogether() -> None:
    assert [cut.reason for cut in find_non_text("* * *", 0, 5)] == ["markup"]


def test_bold_from_end_to_end() -> None:
    assert is_wholly_strong("**On boats**")
    assert not is_wholly_strong("**On** boats")
