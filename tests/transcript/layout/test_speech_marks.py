"""Marks inside a line: what is said how, what is a mark of another tool, what is almost one, and the way back."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.transcript.layout.paragraphs import split_paragraphs
from interview_audio.transcript.layout.speech_marks import find_marks, read_marks, write_marks
from interview_audio.transcript.parsing import parse_transcript


def shown(mark, text):
    """A mark in a few characters: ``0.8@3`` for a pause, the words and what is done with them for the others."""
    if mark.pause is not None:
        return f"{mark.pause:g}@{mark.start}"
    how = [f"x{mark.rate:g}"] if mark.rate != 1 else []
    how += [f"{mark.pitch:+g}"] if mark.pitch else []
    how += [f"{mark.volume:+g}dB"] if mark.volume else []
    how += ["!"] if mark.is_stressed else []
    how += [f"={mark.say}"] if mark.say else []
    return f"{text[mark.start : mark.end]}{''.join(how)}"


@pytest.mark.parametrize(
    ("written", "words", "marks"),
    [
        ("Well, [pause 1.5] who?", "Well, who?", "1.5@6"),
        ("Well, [pause] who?", "Well, who?", "0.8@6"),
        ("Well,[Pause: 800ms] who?", "Well, who?", "0.8@5"),
        ("Well [pause 1s].", "Well.", "1@4"),
        ("嗯，[停顿 1.5]你好。", "嗯，你好。", "1.5@2"),
        ("嗯，【停顿2秒】你好。", "嗯，你好。", "2@2"),
        ('Well, <break time="1s"/> who?', "Well, who?", "1@6"),
        ('Well, <break strength="weak"></break> who?', "Well, who?", "0.25@6"),
        ("I was [slow]very tired[/slow] then.", "I was very tired then.", "very tiredx0.8"),
        ("I was [fast] very tired [/fast] then.", "I was very tired then.", "very tiredx1.25"),
        ("我[慢]非常累[/慢]。", "我非常累。", "非常累x0.8"),
        ("I [rate 0.9][pitch -2]was[/pitch][/rate].", "I was.", "was-2 wasx0.9"),
        ("[slow]I [stress]was[/stress] there[/slow].", "I was there.", "I was therex0.8 was!"),
        ("Ms Nguyen{say: win} came.", "Ms Nguyen came.", "Nguyen=win"),
        ("Ms [Nguyen Van]{say: win van} came.", "Ms Nguyen Van came.", "Nguyen Van=win van"),
        ("他在重庆{say: 崇庆}。", "他在重庆。", "重庆=崇庆"),
        ("银行{读: hang2}。", "银行。", "行=hang2"),
        ("It was *really* cold there.", "It was really cold there.", "really!"),
        ("It was _not at all_ cold there.", "It was not at all cold there.", "not at all!"),
        ("It is *I* who did that.", "It is I who did that.", "I!"),
        ("我*真的*不知道。", "我真的不知道。", "真的!"),
        ("She read *Moby Dick* at sea.", "She read Moby Dick at sea.", ""),
        ("That is my *raison d’être* here.", "That is my raison d’être here.", ""),
        ("I said *that I would never go there* then.", "I said that I would never go there then.", ""),
        ("It was **really** cold there.", "It was really cold there.", ""),
        ("*really*", "really", ""),
        ("Yes. *laughs* It was cold.", "Yes. It was cold.", ""),
        ("Yes. [laughs] It was cold.", "Yes. It was cold.", ""),
        ("It <emphasis>is</emphasis> cold.", "It is cold.", "is!"),
        ('It <emphasis level="none">is</emphasis> cold.', "It is cold.", ""),
        ('It <prosody rate="slow" pitch="+2st">is</prosody> cold.', "It is cold.", "isx0.8 is+2"),
        ('It <prosody rate="90%" volume="loud">is</prosody> cold.', "It is cold.", "isx0.9 is+4dB"),
        ('It <prosody volume="-30dB">is</prosody> cold.', "It is cold.", "is-20dB"),
        ('It <prosody volume="silent">is</prosody> cold.', "It is cold.", ""),
        ("It [volume -6]is[/volume] cold; 很[音量 3]冷[/音量]。", "It is cold; 很冷。", "is-6dB 冷+3dB"),
        ('The <sub alias="World Wide Web">WWW</sub>.', "The WWW.", "WWW=World Wide Web"),
        ('The <say-as interpret-as="characters">NBA</say-as>.', "The NBA.", "NBA=N B A"),
        ('On <say-as interpret-as="date">May 4</say-as>.', "On May 4.", ""),
        ('A <phoneme alphabet="ipa" ph="pɪˈkɑːn">pecan</phoneme>.', "A pecan.", "pecan=/pɪˈkɑːn/"),
        (r"Write \[slow]it\[/slow] there.", "Write [slow]it[/slow] there.", ""),
        ("He was [slow] to answer.", "He was [slow] to answer.", ""),
        ("The [last] one, {x: y}.", "The [last] one, {x: y}.", ""),
    ],
)
def test_what_marks_say(written, words, marks):
    (paragraph,) = split_paragraphs(written)
    assert paragraph.text == words
    assert " ".join(shown(mark, words) for mark in paragraph.marks) == marks
    assert all(written[offset] == letter for offset, letter in zip(paragraph.offsets, words, strict=True))


@pytest.mark.parametrize(
    ("written", "said_of_it"),
    [
        ("So [pauze 2] it was.", "did you mean 'pause'?"),
        ("So [slow]it was.[/slwo]", "did you mean 'slow'?"),
        ("So [slow]it was.", "has no [/slow]"),
        ("So it[/slow] was.", "closes what nothing"),
        ("Nguyen{sya: win} came.", "{say: …}"),
        ("Nguyen{say win} came.", "{say: …}"),
        ("{say: win} came.", "has no word before it"),
        ("So [rate 9]it[/rate] was.", "[rate 0.5] to [rate 2]"),
        ("So [volume 20]it[/volume] was.", "or [volume -6]"),
        ("So [pause 90] it was.", "longer than 30 seconds"),
        ("So [pause 999999] it was.", "longer than 30 seconds"),
        ("So [it]{say: } was.", "says nothing, so that its words are read"),
        ('A <phoneme alphabet="x-sampa" ph="pI">pecan</phoneme>.', "only ipa is"),
    ],
)
def test_what_is_almost_a_mark_is_told(written, said_of_it):
    warnings = parse_transcript(f"Q: Why is it so?\n\nA: {written}\n\nQ: And then?\n\nA: No.").warnings
    assert any(warning.startswith("line 3: ") and said_of_it in warning for warning in warnings)


def test_the_words_of_a_mark_that_says_nothing_are_read():
    (turn, *_) = parse_transcript("A: So [it]{say: } was.\n\nQ: And then?\n\nA: No.").turns
    assert turn.text == "So it was."


@pytest.mark.parametrize(
    "written", ["On [page 2] of it.", "[phase 1] began.", "The [last] one.", "See [note 3].", "[cause]"]
)
def test_other_brackets_are_no_marks(written):
    assert find_marks(written).faults == []


LETTERS = st.lists(
    st.sampled_from(
        ["a", " ", "好", ".", "\\", "[", "]", "{say: b}", "[pause 1]", "[slow]", "[/slow]", "[stress]", "[/stress]",
         "[x]{say: y}", "[pitch +2]", "[/pitch]", "[volume -6]", "[/volume]", "<break/>", "[rate 0.9]", "[/rate]"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(LETTERS)
def test_what_is_written_reads_the_same(written):
    text, marks, _ = read_marks(written)
    assert read_marks(write_marks(text, marks))[:2] == (text, marks)
    assert read_marks(write_marks(written, ()))[:2] == (written, ())


def test_marks_without_an_end_take_no_more_than_their_share_of_time():
    begun = time.process_time()
    for written in ("[slow]" * 20_000, "[slow]a[/slow]" * 8_000, "<prosody rate='slow'>" * 5_000, "{say: a" * 9_000):
        find_marks(written)
    assert time.process_time() - begun < 20
