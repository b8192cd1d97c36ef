from pathlib import Path

import pysubs2
import pytest

from interview_audio.transcript.parsing import parse_transcript


def turns(text: str) -> list[tuple[int, str, str | None, str]]:
    transcript = parse_transcript(text)
    assert transcript.receipt.unaccounted == 0
    return [(turn.line, turn.kind, turn.speaker, turn.text) for turn in transcript.turns]


NAMES = """1
00:00:01,000 --> 00:00:03,500
NORA VALE: Why did you come
to the tower, <i>Ida</i>?

2
00:00:03,600 --> 00:00:06,000
IDA HOLM: I was nine
&amp; a half,

3
00:00:06,500 --> 00:00:08,000
and I never left. (laughs)
There were two things:

4
00:00:08,200 --> 00:00:11,000
birds and silence.

5
00:00:11,500 --> 00:00:12,000
NORA VALE: Really?
"""


def test_names_before_a_colon_hold_until_the_next() -> None:
    assert turns(NAMES) == [
        (3, "speech", "Nora Vale", "Why did you come to the tower, Ida?"),
        (8, "speech", "Ida Holm", "I was nine & a half, and I never left. There were two things: birds and silence."),
        (22, "speech", "Nora Vale", "Really?"),
    ]


def test_a_speaker_of_a_cue_is_certain() -> None:
    transcript = parse_transcript(NAMES)
    assert {(turn.label, turn.confidence, turn.reason) for turn in transcript.turns} == {
        ("NORA VALE", "certain", "speaker of the cue"),
        ("IDA HOLM", "certain", "speaker of the cue"),
    }
    assert transcript.receipt.skipped["label"] == len("NORA VALE:IDA HOLM:NORA VALE:")


CHINESE = """1
00:00:01,000 --> 00:00:03,000
记者：你为什么留下来，

2
00:00:03,000 --> 00:00:05,000
不想家吗？

3
00:00:05,500 --> 00:00:07,000
霍老师：想。但是灯

4
00:00:07,000 --> 00:00:09,000
不能没有人。（笑）

5
00:00:09,500 --> 00:00:12,000
记者：谢谢你。
"""


def test_chinese_sentences_are_joined_without_a_space() -> None:
    assert turns(CHINESE) == [
        (3, "speech", "记者", "你为什么留下来，不想家吗？"),
        (11, "speech", "霍老师", "想。但是灯不能没有人。"),
        (19, "speech", "记者", "谢谢你。"),
    ]


VOICES = """WEBVTT - a talk

STYLE
::cue { color: red }

NOTE made by hand
on two lines

intro-1
00:01.000 --> 00:04.000 align:start position:10%
<v Nora Vale>Good evening, <b>Ida</b>.
How is the

00:04.000 --> 00:06.000
<v.loud Nora Vale>light?</v>

00:06.000 --> 00:09.000
<v Holm &amp; Son>It burns &gt; <00:00:07.000><c.blue>it shines</c>.</v>

00:09.000 --> 00:12.000
<v Holm &amp; Son>Every night.</v> <v Nora Vale>Even now?</v>
"""


def test_voices_of_webvtt() -> None:
    assert turns(VOICES) == [
        (11, "speech", "Nora Vale", "Good evening, Ida. How is the light?"),
        (18, "speech", "Holm & Son", "It burns > it shines. Every night."),
        (21, "speech", "Nora Vale", "Even now?"),
    ]


ROLLING = """WEBVTT
Kind: captions

00:00:00.160 --> 00:00:02.389 align:start
\x20
good<00:00:00.480><c> evening</c>

00:00:02.389 --> 00:00:02.399
good evening
\x20

00:00:02.399 --> 00:00:04.789
good evening
welcome<00:00:02.720><c> to</c><00:00:03.040><c> us</c>

00:00:04.789 --> 00:00:04.799
welcome to us
\x20

00:00:04.799 --> 00:00:06.000
welcome to us
where we talk
"""


def test_captions_that_roll_are_read_once() -> None:
    assert turns(ROLLING) == [(6, "narration", None, "good evening welcome to us where we talk")]


def test_the_same_words_in_two_cues_are_said_twice() -> None:
    text = (
        "1\n00:01,000 --> 00:02,000\nNo.\n\n2\n00:02,000 --> 00:03,000\nNo.\n\n3\n00:03,000 --> 00:04,000\nI said it.\n"
    )
    assert turns(text) == [(3, "narration", None, "No. No. I said it.")]


ARROWS = """WEBVTT

00:01.000 --> 00:02.000
&gt;&gt; Why did you come
here?

00:02.000 --> 00:04.000
>> For the birds. I said so. >> And

00:04.000 --> 00:05.000
you stayed?
"""
DASHES = """1
00:00:01,000 --> 00:00:02,000
- Did you sleep?
- I never do.

2
00:00:02,100 --> 00:00:03,000
- Why not?
- The light keeps me awake
and that is good.
"""


def test_marks_of_a_change() -> None:
    assert turns(ARROWS) == [
        (4, "speech", "Speaker 1", "Why did you come here?"),
        (8, "speech", "Speaker 2", "For the birds. I said so."),
        (8, "speech", "Speaker 1", "And you stayed?"),
    ]
    assert turns(DASHES) == [
        (3, "speech", "Speaker 1", "Did you sleep?"),
        (4, "speech", "Speaker 2", "I never do."),
        (8, "speech", "Speaker 1", "Why not?"),
        (9, "speech", "Speaker 2", "The light keeps me awake and that is good."),
    ]


UNNAMED = """1
00:00:01,000 --> 00:00:03,000
The light at Gull Point has burned

2
00:00:03,000 --> 00:00:05,000
for ninety years. Nobody

3
00:00:05,000 --> 00:00:07,000
knows who lit it.

4
00:00:12,000 --> 00:00:14,000
Today we climb the tower.
"""


def test_without_names_a_pause_after_a_sentence_ends_a_paragraph() -> None:
    assert turns(UNNAMED) == [
        (3, "narration", None, "The light at Gull Point has burned for ninety years. Nobody knows who lit it."),
        (15, "narration", None, "Today we climb the tower."),
    ]


@pytest.mark.parametrize(
    ("top", "cue"),
    [
        ("", "0:00:0{0}.599,0:00:0{0}.960\n{1}\n\n"),
        ("", "{0}\n00:00:0{0},5 --> 00:00:0{0},9\n{1}\n"),
        ("WEBVTT\n\n", "00:0{0}.500 --> 00:0{0}.900\n{1}\n\n"),
        ("WEBVTT\n\n", "a name\n00:0{0}.500 --> 00:0{0}.900 line:0\n{1}\n\n"),
    ],
)
def test_other_ways_to_write_cues(top: str, cue: str) -> None:
    lines = ("Nora: Why", "now?", "Ida:\nI was cold.", "Nora: And\n\nyou stayed?", "Ida: We did.")
    text = top + "".join(cue.format(number, line) for number, line in enumerate(lines))
    assert [(speaker, words) for _, _, speaker, words in turns(text)] == [
        ("Nora", "Why now?"),
        ("Ida", "I was cold."),
        ("Nora", "And you stayed?"),
        ("Ida", "We did."),
    ]


def test_a_cue_without_a_voice_goes_on_inside_a_sentence() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Nora>Why did\n\n00:02.000 --> 00:03.000\nyou come?\n"
    assert turns(text) == [(4, "speech", "Nora", "Why did you come?")]


STYLED = Path(__file__).resolve().parents[2] / "data" / "transcripts" / "styled.en.ass"


def test_the_words_of_ass_are_those_that_pysubs2_reads() -> None:
    text = STYLED.read_text("utf-8")
    shown = [event for event in pysubs2.SSAFile.from_string(text) if event.is_text]
    wanted = [(event.name, " ".join(event.plaintext.split())) for event in shown]
    found = [(speaker, words) for _, _, speaker, words in turns(text)]
    assert " ".join(words for _, words in found) == " ".join(words for _, words in wanted)
    assert [speaker for speaker, _ in found] == ["Nora Vale", "Ida Holm", "Nora Vale"]


def test_ssa_without_actors_is_read_by_the_names_before_a_colon() -> None:
    head = "[Script Info]\nScriptType: v4.00\n[Events]\nFormat: Marked, Start, End, Style, Name, Text\n"
    said = ("NORA: Is it on?", "IDA: It is,", "as always.", "NORA: Always?", "IDA: Always.")
    events = [f"Dialogue: Marked=0,0:00:0{n}.00,0:00:0{n}.90,*Default,NTP,{words}" for n, words in enumerate(said, 1)]
    assert [(speaker, words) for _, _, speaker, words in turns(head + "\n".join(events))] == [
        ("NORA", "Is it on?"),
        ("IDA", "It is, as always."),
        ("NORA", "Always?"),
        ("IDA", "Always."),
    ]


def test_an_arrow_before_a_label_in_an_event() -> None:
    events = ("Nora: Why is it on?", " >> Nora: Why is it so loud?")
    lines = [f"Dialogue: 0,0:00:0{n}.00,0:00:0{n}.90,a,,0,0,0,,{text}" for n, text in enumerate(events)]
    turns = parse_transcript("[Script Info]\n" + "\n".join(lines) + "\n", suffix=".ass").turns
    assert [turn.text for turn in turns] == ["Why is it on?", "Why is it so loud?"]


def test_words_around_the_times_of_webvtt_are_not_lost() -> None:
    text = (
        "WEBVTT\nKind: captions\nThis file was made by a machine.\n\nNOTE\nNora and Ida talk about\nthe last lamp.\n\n"
        "1\n00:01.000 --> 00:02.000\nNora: Is it lit?\n\nNOTE TODO\n\nthe answer\n00:02.000 --> 00:03.000\n"
        "Ida: It is, and it has\n\nbeen for nine years.\n00:03.000 --> 00:04.000 align:start\nNora: Really?\n\n"
        "00:05.000 --> 00:06.000 Ida: Yes.\n"
    )
    transcript = parse_transcript(text)
    assert [(turn.kind, turn.speaker, turn.text) for turn in transcript.turns] == [
        ("boilerplate", None, "This file was made by a machine."),
        ("boilerplate", None, "Nora and Ida talk about the last lamp."),
        ("speech", "Nora", "Is it lit?"),
        ("speech", "Ida", "It is, and it has been for nine years."),
        ("speech", "Nora", "Really?"),
        ("speech", "Ida", "Yes."),
    ]
    assert transcript.receipt.unaccounted == 0
    assert [turn.confidence for turn in transcript.turns if turn.reason == "comment"] == ["certain"]


def test_a_cue_between_two_times_without_blank_lines_is_read() -> None:
    cues = "".join(
        f"00:0{second}.000 --> 00:0{second + 1}.000\n{said}\n" for second, said in enumerate(("It", "is lit"))
    )
    assert [words for *_, words in turns(f"WEBVTT\n\n{cues}00:05.000 --> 00:06.000\nnow.\n")] == ["It is lit now."]


EVENTS = "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, "


def test_events_that_are_wrapped_or_name_their_fields_in_another_order() -> None:
    at = ("0,0:00:01.00,0:00:02.00,Default", "0,0:00:03.00,0:00:04.00,Default")
    wrapped = f"Name, Text\nDialogue: {at[0]},Nora,Is it lit,\nor is it not?\nDialogue: {at[1]},Ida,It is.\n"
    turned = (
        f"Text, Name\nDialogue: {at[0]},Is it lit, or is it not?,Nora\nDialogue: {at[1]},It is.,Ida\n\n[Fonts]\na.ttf\n"
    )
    for events in (wrapped, turned):
        assert [(speaker, words) for *_, speaker, words in turns(EVENTS + events)] == [
            ("Nora", "Is it lit, or is it not?"),
            ("Ida", "It is."),
        ]


def test_comments_of_ass_that_are_sentences_are_not_lost() -> None:
    at = "0,0:00:01.00,0:00:02.00,Default,Nora"
    events = f"Comment: {at},,Bert checked this.\nDialogue: {at},,Is it lit? {{The translator is not sure.}}\n"
    assert [(kind, words) for _, kind, _, words in turns(f"{EVENTS}Name, Effect, Text\n{events}")] == [
        ("boilerplate", "Bert checked this."),
        ("speech", "Is it lit?"),
        ("boilerplate", "The translator is not sure."),
    ]
