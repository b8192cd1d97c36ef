"""What is sent for a written text, the way back, and cuts where they are heard least."""

from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.engines.utterance_pieces import cut_text, prepare_text


def back(text, pronunciations, said):
    wording = prepare_text(text, pronunciations)
    start = wording.sent.index(said)
    first, last = wording.written_range(start, start + len(said))
    return text[first:last]


@pytest.mark.parametrize(
    ("text", "pronunciations", "sent"),
    [
        ("我用 OpenXR。", {"OpenXR": "open X R"}, "我用 open X R。"),
        ("OpenXRs", {"OpenXR": "open X R"}, "OpenXRs"),
        ("重庆重庆人", {"重庆": "从庆", "重庆人": "虫庆人"}, "从庆虫庆人"),
        ("a\x00b\ud800c\ufffe", {}, "a b c "),
        ("Zoe\u0308 cafe\u0301", {}, "Zoë café"),
        ("1 < 2 & 3", {"": "nothing"}, "1 < 2 & 3"),
    ],
)
def test_what_is_sent(text, pronunciations, sent):
    assert prepare_text(text, pronunciations).sent == sent


def test_one_occurrence_is_said_otherwise():
    here = ((6, 12, "win"),)
    assert prepare_text("Nguyen, Nguyen.", {"Nguyen": "new yen"}, ((8, 14, "win"),)).sent == "new yen, win."
    assert prepare_text("I saw Nguyen Van.", {"Nguyen Van": "new yen van"}, here).sent == "I saw win Van."
    assert prepare_text("I saw Nguyen Van.", {}, here).written_range(6, 9) == (6, 12)


def test_the_way_back():
    assert back("我用 OpenXR 啊", {"OpenXR": "open X R"}, "X") == "OpenXR"
    assert back("我用 OpenXR 啊", {"OpenXR": "open X R"}, "啊") == "啊"
    assert back("Zoe\u0308!", {}, "ë") == "e\u0308"


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("one two three. four five", 16, ["one two three.", " four five"]),
        ("你好。再见，朋友", 15, ["你好。", "再见，朋友"]),
        ("costs 3.14159 in all", 12, ["costs ", "3.14159 in ", "all"]),
        ("一二三四五", 6, ["一二", "三四", "五"]),
        ("&&&", 5, ["&", "&", "&"]),
        ("abcde\u0301f", 5, ["abcd", "e\u0301f"]),
        ("a" + 90 * "\u0301", 81, ["a" + 40 * "\u0301", 40 * "\u0301", 10 * "\u0301"]),
        ("", 5, []),
    ],
)
def test_cuts(text, most, cut):
    assert [text[start:end] for start, end in cut_text(text, most)] == cut


@given(st.text(st.sampled_from("ab 。，.3&好\u0301\n"), max_size=60), st.integers(5, 30))
def test_pieces_are_the_text_and_fit(text, most):
    ranges = list(cut_text(text, most))
    assert "".join(text[start:end] for start, end in ranges) == text
    assert all(len(escape(text[start:end]).encode()) <= most for start, end in ranges)
