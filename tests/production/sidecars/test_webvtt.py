import pytest

from interview_audio.production.sidecars.captions import Cue, format_webvtt
from interview_audio.production.timeline import Timeline
from interview_audio.verification.sidecar_reading import Caption, SidecarError, parse_webvtt

TIMELINE = Timeline(1000, (), (), 4_000_000)
HELLO = Cue("Ada Brook", "Hello, big world.", 11, 500, 1250, ((0, 500), (7, 800), (11, 1000)))


def captions(*cues, words=False):
    return format_webvtt(cues, TIMELINE, "en-GB", words=words)


def test_cues_have_voices_and_times():
    assert captions(HELLO, Cue("Narrator", "Then.", 5, 1250, 3_725_004)) == (
        "WEBVTT Language: en-GB\n"
        "\n"
        "00:00:00.500 --> 00:00:01.250\n"
        "<v Ada Brook>Hello, big\n"
        "world.\n"
        "\n"
        "00:00:01.250 --> 01:02:05.004\n"
        "<v Narrator>Then.\n"
    )


def test_words_have_time_tags_if_asked():
    text = captions(HELLO, words=True)
    assert text.endswith("<v Ada Brook>Hello, <00:00:00.800>big\n<00:00:01.000>world.\n")
    assert parse_webvtt(text) == (Caption("Ada Brook", "Hello, big\nworld.", 500, 1250),)


def test_a_time_tag_is_later_than_the_one_before_and_inside_the_cue():
    cue = Cue("A", "a b c d e", 9, 10, 20, ((0, 10), (2, 10), (4, 15), (6, 15), (8, 20)))
    assert captions(cue, words=True).endswith("<v A>a b <00:00:00.015>c d e\n")


def test_text_cannot_break_the_markup():
    text = captions(Cue("A", "1 < 2 && 3 --> 4 &amp;", 22, 0, 1))
    assert text.endswith("<v A>1 ＜ 2 &amp;&amp; 3 → 4 ＆amp;\n")
    assert parse_webvtt(text) == (Caption("A", "1 ＜ 2 && 3 → 4 ＆amp;", 0, 1),)


def test_no_cue_is_a_valid_file():
    assert captions() == "WEBVTT Language: en-GB\n"
    assert parse_webvtt(captions()) == ()


def test_files_of_other_makers_are_read():
    text = (
        "\ufeffWEBVTT\r\n\r\nNOTE by\r\nhand\r\n\r\nSTYLE\r\n::cue {}\r\n\r\nintro\r\n"
        "00:01.000 --> 00:02.000 align:start\r\n<v.loud Tom &amp; Jo>Hi <i>there</i>&nbsp;</v>\r\n"
    )
    assert parse_webvtt(text) == (Caption("Tom & Jo", "Hi there\u00a0", 1000, 2000),)


@pytest.mark.parametrize("name", ["NOTES-1", "STYLED", "REGION 2"])
def test_a_cue_may_have_a_name_that_begins_as_a_comment_does(name):
    assert parse_webvtt(f"WEBVTT\n\n{name}\n00:01.000 --> 00:02.000\nHi\n") == (Caption("", "Hi", 1000, 2000),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("WEBVTTX\n", "line 1: WEBVTT is missing on the first line"),
        ("WEBVTT\n00:01.000 --> 00:02.000\nHi\n", "line 1: WEBVTT is missing on the first line"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n", "line 3: a cue that ends before it begins, or is empty"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nHi\n", "line 3: a cue that ends before it begins, or is empty"),
        ("WEBVTT\n\n00:01,000 --> 00:02.000\nHi\n", "line 3: '00:01,000' is not a time"),
        ("WEBVTT\n\n1\n00:61.000 --> 00:02.000\nHi\n", "line 4: '00:61.000' is not a time"),
        ("WEBVTT\n\nHi\n\nthere\n", "line 4: a cue without times"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nA & B\n", "line 4: an unescaped <, > or & in a cue"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<x>A\n", "line 4: an unescaped <, > or & in a cue"),
        (
            "WEBVTT\n\n00:01.000 --> 00:03.000\nA<00:00:03.000>B\n",
            "line 4: a time tag that is out of order",
        ),
        (
            "WEBVTT\n\n00:03.000 --> 00:04.000\nA\n\n00:01.000 --> 00:02.000\nB\n",
            "line 6: a cue that begins before the one above it",
        ),
    ],
)
def test_a_broken_file_is_refused(text, message):
    with pytest.raises(SidecarError) as caught:
        parse_webvtt(text)
    assert str(caught.value) == message
