import re

import pysubs2
import pytest
import srt
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.configuration.settings import Pauses
from interview_audio.production.sidecars.captions import Cue, caption_names, format_srt, make_cues
from interview_audio.production.timeline import Timeline, lay_out
from interview_audio.text.printable import printable
from interview_audio.verification.sidecar_reading import Caption, SidecarError, parse_srt

TIMELINE = Timeline(1000, (), (), 4_000_000)


def cue(speaker, text, start, end, second_line=None):
    return Cue(speaker, text, second_line or len(text), start, end)


def spoken(text, speaker="Ada"):
    """The lines of one caption, without number and times."""
    return format_srt([cue(speaker, text, 0, 1000)], TIMELINE).splitlines()[2:]


TALK = (
    cue("Ada Brook", "Hello, world.", 500, 1250, 7),
    cue("Ada Brook", "It is 12:30: two options: yes or no", 1250, 3000, 13),
    cue("Ben", "See https://example.org: fine.", 3000, 3_725_004),
    cue("Ada Brook", "For example:", 3_725_004, 3_730_000),
)


def as_antennapod(text):
    """Speakers and words as AntennaPod's SRT reader takes them: it keeps what is between the first two colons."""
    speaker, read = "", []
    for block in text.split("\n\n"):
        body = " ".join(line.strip() for line in block.splitlines()[2:]) + " "
        if ": " in body:
            parts = body.strip().split(":")
            if len(parts) == 1:
                continue
            speaker, body = parts[0], parts[1].strip()
        read.append((speaker, body.strip()))
    return read


def test_a_name_stands_where_the_speaker_changes():
    assert format_srt(TALK, TIMELINE) == (
        "1\n00:00:00,500 --> 00:00:01,250\nAda Brook: Hello, world.\n\n"
        "2\n00:00:01,250 --> 00:00:03,000\nIt is 12:30：\ntwo options：yes or no\n\n"
        "3\n00:00:03,000 --> 01:02:05,004\nBen: See https：//example.org：fine.\n\n"
        "4\n01:02:05,004 --> 01:02:10,000\nAda Brook: For example：\n"
    )


SPEAKERS = ("Ada Brook", "Q", "narrator", "A & <B>: {C}", "林默", "Dr. No --> {\\an8}", "\u202eIda\n")
TEXTS = st.text("Aé中 ：:>-{}&.,5", min_size=1, max_size=90).map(printable).filter(str.strip) | st.sampled_from(
    ["Ada Brook: so I said.", "旁白：后来", "0:01:02.5 --> then: no"]
)


@given(st.lists(st.tuples(st.sampled_from(SPEAKERS), TEXTS), max_size=12))
def test_every_change_of_speaker_is_named_and_nothing_else_looks_like_one(turns):
    names = caption_names([(name, "host" if name == "Q" else "guest") for name in SPEAKERS], "en")
    cues = [cue(names[name], text, 1000 * n, 1000 * n + 900) for n, (name, text) in enumerate(turns)]
    speaker = ""
    for block, one in zip(srt.parse(format_srt(cues, TIMELINE)), cues, strict=True):
        label, colon, _ = block.content.partition(": ")
        assert label.startswith(one.speaker) if colon else one.speaker == speaker
        assert bool(colon) == (one.speaker != speaker)
        assert not colon or label == one.speaker
        speaker = one.speaker
    assert [caption.speaker for caption in parse_srt(format_srt(cues, TIMELINE))] == [one.speaker for one in cues]


def test_an_utterance_is_never_in_the_caption_of_another_speaker(studio):
    """So that no caption would need two names: the end of one and the beginning of the next are two captions."""
    said = [("Q", "Yes?"), ("Ada", "No."), ("narrator", "She laughs."), ("Ada", "No."), ("Ada", "Never."), ("Q", "Ah.")]
    lines = [studio.line(text, speaker=name, pause=0) for name, text in said]
    clip = studio.clip(studio.click(0.3))
    timeline = lay_out(studio.script(lines), [clip] * len(lines), studio.settings(pauses=Pauses(head=0, tail=0)))
    cues = make_cues(timeline, caption_names([("Q", "host"), ("Ada", "guest")], "en"))
    assert [block.content for block in srt.parse(format_srt(cues, timeline))] == [
        "Interviewer: Yes?",
        "Ada: No.",
        "Narrator: She laughs.",
        "Ada: No.",
        "Never.",
        "Interviewer: Ah.",
    ]


def test_antennapod_loses_nothing():
    assert as_antennapod(format_srt(TALK, TIMELINE)) == [
        ("Ada Brook", "Hello, world."),
        ("Ada Brook", "It is 12:30： two options：yes or no"),
        ("Ben", "See https：//example.org：fine."),
        ("Ada Brook", "For example："),
    ]


def test_antennapod_would_lose_what_follows_another_colon():
    assert as_antennapod("1\n00:00:00,000 --> 00:00:01,000\nAda: one: two\n") == [("Ada", "one")]


def test_a_name_counts_in_the_width_of_its_line():
    assert spoken("The board will conduct an independent review of it", "Sam Altman") == [
        "Sam Altman: The board will conduct",
        "an independent review of it",
    ]
    assert spoken("这是一个更适合他们回答的问题。", "Sam Altman") == ["Sam Altman: 这是一个更", "适合他们回答的问题。"]


def test_markup_is_shown_as_text():
    assert spoken(r"<b>bold</b> {\an8} 1 < 2 --> {set}") == [r"Ada: ＜b>bold＜/b> ｛\an8｝ 1 ＜ 2 → ｛set｝"]


def test_a_caption_has_no_times_but_its_own():
    assert spoken("00:00:01,000 --> 00:00:02,000") == ["Ada: 00：00：01,000 → 00：00：02,000"]
    assert spoken("Yes --> no, at 12.30.") == ["Ada: Yes → no, at 12.30."]
    assert as_antennapod(format_srt([cue("Ada", "Yes --> no.", 0, 9)], TIMELINE)) == [("Ada", "Yes → no.")]


def test_a_bare_number_is_no_last_line():
    assert spoken(f"{'y' * 37} 1984") == [f"Ada: {'y' * 37} 1984"]
    assert spoken(f"{'y' * 37} 1984.") == [f"Ada: {'y' * 37}", "1984."]


def test_independent_readers_agree():
    text = format_srt(TALK, TIMELINE)
    own = [(caption.start, caption.end) for caption in parse_srt(text)]
    loose = pysubs2.SSAFile.from_string(text)
    assert [(event.start, event.end) for event in loose] == own
    strict = list(srt.parse(text))
    assert [(round(sub.start.total_seconds() * 1000), round(sub.end.total_seconds() * 1000)) for sub in strict] == own
    assert [sub.content for sub in strict] == [event.plaintext for event in loose]
    assert srt.compose(strict, strict=True, reindex=True) == text + "\n"


def test_it_is_read_back():
    assert parse_srt(format_srt(TALK, TIMELINE)) == (
        Caption("Ada Brook", "Hello, world.", 500, 1250),
        Caption("Ada Brook", "It is 12:30：\ntwo options：yes or no", 1250, 3000),
        Caption("Ben", "See https：//example.org：fine.", 3000, 3_725_004),
        Caption("Ada Brook", "For example：", 3_725_004, 3_730_000),
    )


def test_no_cue_is_an_empty_file():
    assert format_srt((), TIMELINE) == ""
    assert parse_srt("") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2\n00:00:00,000 --> 00:00:01,000\nHi\n", "line 1: not caption 1"),
        ("1\n00:00:00,000 --> 00:00:01,000\n", "line 2: a caption without times and text"),
        ("1\n00:00:00.000 --> 00:00:01,000\nHi\n", "line 2: '00:00:00.000' is not a time"),
        ("1\n00:00:01,000 --> 00:00:01,000\nHi\n", "line 2: a caption that goes back in time"),
        (
            "1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n00:00:00,000 --> 00:00:02,000\nHi\n",
            "line 6: a caption that goes back in time",
        ),
    ],
)
def test_a_broken_file_is_refused(text, message):
    with pytest.raises(SidecarError, match=f"^{re.escape(message)}$"):
        parse_srt(text)
