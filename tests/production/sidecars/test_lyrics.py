from dataclasses import replace

import lemony_lrc_parser
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.configuration.settings import Captions, Pauses
from interview_audio.production.sidecars.captions import Cue, format_lrc, format_lyrics
from interview_audio.production.sidecars.sidecar_files import tagged_lyrics
from interview_audio.production.timeline import Timeline, lay_out
from interview_audio.text.printable import printable

HOUR = 3_600_000
TEN_HOURS = Timeline(1000, (), (), 10 * HOUR)


def cue(speaker, text, start):
    return Cue(speaker, text, len(text), start, start + 900)


def by_another_reader(text):
    """The times in milliseconds and the texts as lemony-lrc-parser reads them."""
    return [(line.start, line.text) for line in lemony_lrc_parser.loads(text)]


def test_a_line_for_each_caption_with_the_name_where_the_speaker_changes():
    cues = (
        cue("Interviewer", "Why [did:you] come?", 4_321),
        cue("Ada Brook", "For the <sea>.", 59_999),
        cue("Ada Brook", "And the lamp [laughs].", 60_000),
        cue("Interviewer", "Still?", 100 * 60_000 + 5_200),
    )
    about = {"ti": "A talk: [two:one]", "ar": "Ada Brook", "al": ""}
    assert format_lrc(cues, TEN_HOURS, about) == (
        "[ti:A talk: ［two:one]]\n"
        "[ar:Ada Brook]\n"
        "[length:600:00]\n"
        "[00:04.32]Interviewer: Why ［did:you] come?\n"
        "[00:59.99]Ada Brook: For the ＜sea>.\n"
        "[01:00.00]And the lamp [laughs].\n"
        "[100:05.20]Interviewer: Still?\n"
    )


@given(
    st.lists(
        st.tuples(
            st.text("a中[]<>:01.& ", min_size=1, max_size=30).map(printable).filter(str.strip), st.integers(10, 9999)
        ),
        max_size=8,
    ),
    st.integers(0, 599 * 60_000),
)
def test_another_reader_finds_every_line_at_its_time_hours_into_an_episode(said, start):
    cues = []
    for text, length in said:
        cues.append(cue("Ada", text, start))
        start += length
    expected = [one.start // 10 * 10 for one in cues]
    found = by_another_reader(format_lrc(cues, TEN_HOURS, {"ti": "t"}))
    assert [time for time, _ in found] == sorted(set(expected))
    assert len(found) == len(cues)


def lines(studio):
    said = [
        ("Q", 0, "Why?"),
        ("Ada", 1, "For the sea."),
        ("Ada", 1, "It called."),
        ("Ada", 2, "下雨了。"),
        ("Ada", 2, "真的。"),
    ]
    made = [studio.line(text, speaker=name, pause=0) for name, _, text in said]
    return [replace(line, turn=turn) for line, (_, turn, _) in zip(made, said, strict=True)]


def laid_out(studio):
    script = studio.script(lines(studio))
    clip = studio.clip(studio.click(0.3))
    clips = [clip] * len(script.lines)
    return script, lay_out(script, clips, studio.settings(pauses=Pauses(head=0, tail=0)))


def test_lyrics_are_the_whole_transcript_by_speaker(studio):
    _, timeline = laid_out(studio)
    assert format_lyrics(timeline, {"Q": "Interviewer", "Ada": "Ada"}) == (
        "Interviewer: Why?\n\nAda: For the sea. It called.\n下雨了。真的。"
    )


def test_a_tag_has_them_where_settings_ask_and_it_bears_them(studio, monkeypatch):
    script, timeline = laid_out(studio)
    assert tagged_lyrics(script, timeline, Captions()).text == ""
    lyrics = tagged_lyrics(script, timeline, Captions(lyrics=True))
    assert (lyrics.text.startswith("Q: Why?"), lyrics.warnings) == (True, ())
    monkeypatch.setattr("interview_audio.production.sidecars.sidecar_files.MOST_LYRICS", 50)
    assert tagged_lyrics(script, timeline, Captions(lyrics=True)).text == ""
    assert "too much for the file's tag" in tagged_lyrics(script, timeline, Captions(lyrics=True)).warnings[0]
