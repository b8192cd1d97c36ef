from interview_audio.production.text.cues import Cue
from interview_audio.production.text.webvtt import format_captions
from interview_audio.production.timeline import Timeline

TIMELINE = Timeline(1000, (), (), 4_000_000)


def captions(*cues, language="en"):
    return format_captions(cues, TIMELINE, language)


def test_cues_have_voices_and_times():
    assert captions(
        Cue("Ada Brook", ("Hello,", "world."), 500, 1250), Cue("narrator", ("Then.",), 1250, 3_725_004)
    ) == (
        "WEBVTT\n"
        "\n"
        "00:00:00.500 --> 00:00:01.250\n"
        "<v Ada Brook>Hello,\n"
        "world.\n"
        "\n"
        "00:00:01.250 --> 01:02:05.004\n"
        "<v Narrator>Then.\n"
    )


def test_the_narrator_has_a_name_in_chinese():
    assert "<v 旁白>" in captions(Cue("narrator", ("然后",), 0, 1), language="zh-CN")


def test_text_and_speaker_cannot_break_the_markup():
    text = captions(Cue("A & <B>\n", ("1 < 2 && 3 --> 4",), 0, 1))
    assert "<v A ＆ ‹B›>1 &lt; 2 &amp;&amp; 3 --&gt; 4\n" in text


def test_a_cue_lasts_a_millisecond_at_least_and_the_next_waits():
    text = captions(Cue("A", ("a",), 10, 10), Cue("A", ("b",), 10, 10))
    assert [line for line in text.splitlines() if "-->" in line] == [
        "00:00:00.010 --> 00:00:00.011",
        "00:00:00.011 --> 00:00:00.012",
    ]


def test_no_cue_is_a_valid_file():
    assert captions() == "WEBVTT\n"
