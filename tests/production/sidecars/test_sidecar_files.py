import contextlib
import datetime
import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_audio.configuration.settings import Captions, Pauses, Sound
from interview_audio.production.containers.episode_writer import Tags
from interview_audio.production.containers.mp3 import write_tag
from interview_audio.production.sidecars.captions import (
    Cue,
    caption_names,
    format_srt,
    format_transcript_json,
    format_webvtt,
)
from interview_audio.production.sidecars.line_breaks import second_line
from interview_audio.production.sidecars.player_page import EpisodeDetails
from interview_audio.production.sidecars.sidecar_files import (
    format_chapters_json,
    format_podlove,
    format_show_notes,
    format_sidecars,
    listed_marks,
    with_whole_addresses,
)
from interview_audio.production.timeline import Chapter, ChapterMark, Timeline, chapter_marks, lay_out
from interview_audio.script.lines import Script
from interview_audio.synthesis.clips import Word
from interview_audio.text.printable import printable
from interview_audio.verification.id3_tags import read_tag
from interview_audio.verification.sidecar_reading import (
    SidecarError,
    parse_chapters_json,
    parse_podlove,
    parse_show_notes,
    parse_srt,
    parse_transcript_json,
    parse_webvtt,
)

RATES = st.sampled_from([16000, 22050, 24000, 44100, 48000])
TITLES = st.text(st.characters(), min_size=1, max_size=300) | st.text(
    "中文&<>:😀אב\u202e\x00\n#*_`", min_size=1, max_size=300
)


@st.composite
def timelines(draw):
    """An episode with chapters, without sound."""
    rate = draw(RATES)
    lengths = draw(st.lists(st.integers(rate // 1000 + 1, 3600 * rate), max_size=12))
    edges = [*itertools.accumulate(lengths, initial=0)]
    chapters = tuple(Chapter(draw(TITLES), start, end) for start, end in itertools.pairwise(edges))
    return Timeline(rate, (), chapters, edges[-1])


NAMES = caption_names([("Ada", "guest"), ("A & <B>: {C}", "guest")], "zh")


@st.composite
def captioned(draw):
    """An episode's cues and its timeline."""
    rate = draw(RATES)
    cues, clock = [], 0
    for _ in range(draw(st.integers(0, 6))):
        text = printable(draw(st.text(st.characters(), max_size=60) | st.text("abN1 :<>&-{};中，.\\", max_size=60)))
        start = clock + draw(st.integers(0, rate))
        clock = start + draw(st.integers(-(-rate // 1000), 7 * rate))
        words = sorted(draw(st.dictionaries(st.integers(0, len(text)), st.integers(start, clock), max_size=5)).items())
        if text:
            name = NAMES[draw(st.sampled_from(["Ada", "A & <B>: {C}", "narrator"]))]
            cues.append(Cue(name, text, second_line(text, (), 0), start, clock, tuple(words)))
    return tuple(cues), Timeline(rate, (), (), clock)


@settings(deadline=None)
@given(timelines())
def test_all_formats_have_the_same_chapters_to_the_millisecond(tmp_path_factory, timeline):
    marks = chapter_marks(timeline)
    path = tmp_path_factory.mktemp("tag") / "tag.mp3"
    path.write_bytes(write_tag(Tags("t", (), None, "en", None, b""), timeline))
    tagged = tuple(ChapterMark(chapter.title, chapter.start, chapter.end) for chapter in read_tag(path).chapters)
    assert parse_chapters_json(format_chapters_json(marks, "t")) == marks
    assert tagged == marks
    endless = tuple(ChapterMark(mark.title, mark.start, None) for mark in marks)
    assert parse_podlove(format_podlove(marks)) == endless
    notes = format_show_notes(Script("t", "en", (), (), ()), marks, (), None)
    assert parse_show_notes(notes) == listed_marks(marks)
    assert {mark.title for mark in listed_marks(marks)} <= {mark.title for mark in marks}


def letters(text):
    """A text without what formats may change: spaces, line ends, the look of marks."""
    return re.sub(r"[\s:：<＜>＞{｛}｝&＆\\＼→-]", "", text)


@settings(deadline=None)
@given(captioned(), st.booleans())
def test_all_formats_have_the_same_captions_to_the_millisecond(episode, words):
    cues, timeline = episode
    expected = [
        (cue.speaker, letters(cue.text), timeline.milliseconds(cue.start), timeline.milliseconds(cue.end))
        for cue in cues
    ]
    for captions in (
        parse_webvtt(format_webvtt(cues, timeline, "zh", words=words)),
        parse_srt(format_srt(cues, timeline)),
        parse_transcript_json(format_transcript_json(cues, timeline)),
    ):
        read = [(caption.speaker, letters(caption.text), caption.start, caption.end) for caption in captions]
        assert read == expected


WHOLE = {
    parse_webvtt: "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v A>a <00:00:01.500>b\n",
    parse_srt: "1\n00:00:01,000 --> 00:00:02,000\nA: a\n",
    parse_transcript_json: '{"version": "1.0.0", "segments": [{"startTime": 0, "endTime": 1.5, "body": "a"}]}',
    parse_chapters_json: '{"version": "1.2.0", "chapters": [{"startTime": 0, "endTime": 1.5, "title": "a"}]}',
    parse_podlove: '<c:chapters xmlns:c="http://podlove.org/simple-chapters"><c:chapter start="00:00.000" title="a"/></c:chapters>',
    parse_show_notes: "# a\n\n00:00 a  \n00:10 b\n",
}


@pytest.mark.parametrize("parse", WHOLE)
@settings(deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(parse, data):
    text = WHOLE[parse]
    assert len(parse(text)) > 0
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    damaged = text[:start] + data.draw(st.text(st.characters(codec="utf-8"), max_size=9)) + text[end:]
    with contextlib.suppress(SidecarError):
        parse(damaged)


def test_an_episode_has_seven_of_them(studio):
    lines = [studio.line("Why?", speaker="Ada", chapter="Why?"), studio.line("Because.", speaker="Ben & Co")]
    clips = [studio.clip(studio.click(2), [Word(line.text, 0, 2)]) for line in lines]
    chosen = studio.settings(pauses=Pauses(head=0.5, tail=1), sound=Sound(sample_rate=24000))
    script = studio.script(lines, title="A & B")
    timeline = lay_out(script, clips, chosen)
    facts = EpisodeDetails(script.speakers, "Talks", datetime.date(2024, 3, 31))
    texts = dict(format_sidecars(script, timeline, Captions(), facts))
    assert texts.pop(".html").startswith("<!doctype html>")  # test_player_page.py has more to say of it
    assert texts == {
        ".chapters.json": (
            '{\n  "version": "1.2.0",\n  "title": "A & B",\n  "author": "Ada, Ben & Co",\n  "podcastName": "Talks",\n'
            '  "chapters": [\n    {\n      "startTime": 0,\n      "endTime": 5.85,\n      "title": "Why?"\n    }\n  ]\n}\n'
        ),
        ".psc.xml": (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters" version="1.2">\n'
            '  <psc:chapter start="00:00:00.000" title="Why?" />\n'
            "</psc:chapters>\n"
        ),
        ".vtt": (
            "WEBVTT Language: en\n\n"
            "00:00:00.500 --> 00:00:02.850\n<v Ada>Why?\n\n"
            "00:00:02.850 --> 00:00:04.850\n<v Ben ＆ Co>Because.\n"
        ),
        ".srt": (
            "1\n00:00:00,500 --> 00:00:02,850\nAda: Why?\n\n2\n00:00:02,850 --> 00:00:04,850\nBen ＆ Co: Because.\n"
        ),
        ".transcript.json": (
            '{"version": "1.0.0", "segments": [\n'
            '{"speaker": "Ada", "startTime": 0.5, "endTime": 2.85, "body": "Why?"},\n'
            '{"speaker": "Ben ＆ Co", "startTime": 2.85, "endTime": 4.85, "body": "Because."}\n'
            "]}\n"
        ),
        ".md": "# A & B\n\nGuests: Ada, Ben & Co  \nDate: 2024-03-31\n\n## Chapters\n\n00:00 Why?\n",
    }


def test_words_have_times_if_the_settings_say_so(studio):
    line = studio.line("One two.")
    clip = studio.clip(studio.click(2), [Word("One ", 0, 1), Word("two.", 1, 2)])
    script = studio.script([line])
    timeline = lay_out(script, [clip], studio.settings(pauses=Pauses(head=0.5, tail=1)))
    texts = format_sidecars(script, timeline, Captions(words=True), EpisodeDetails((), None, None))
    assert "<v Ada>One <00:00:01.500>two.\n" in texts[".vtt"]


def test_an_untitled_chapter_has_a_title():
    timeline = Timeline(1000, (), (Chapter(" ", 0, 1000),), 1000)
    assert chapter_marks(timeline) == (ChapterMark("…", 0, 1000),)


ILLUSTRATED = (
    ChapterMark("One", 0, 1000, "talk.image-1.jpg", "https://a.example/?b=1&c=2"),
    ChapterMark("Two", 1000, 2000, "https://b.example/c.jpg"),
    ChapterMark("Three", 2000, 3000),
)


def test_lists_of_chapters_have_images_and_links():
    assert parse_chapters_json(format_chapters_json(ILLUSTRATED, "t")) == ILLUSTRATED
    endless = tuple(ChapterMark(mark.title, mark.start, None, mark.image, mark.link) for mark in ILLUSTRATED)
    assert parse_podlove(format_podlove(ILLUSTRATED)) == endless
    assert "img" not in format_chapters_json(ILLUSTRATED[2:], "t")


def test_who_publishes_makes_whole_addresses_of_images():
    written = format_chapters_json(ILLUSTRATED, "t")
    whole = with_whole_addresses(written, "https://pod.example/a/")
    assert [mark.image for mark in parse_chapters_json(whole)] == [
        "https://pod.example/a/talk.image-1.jpg",
        "https://b.example/c.jpg",
        "",
    ]
    for same in (format_chapters_json(ILLUSTRATED[1:], "t"), "{", "[]", '{"chapters": 1}', '{"chapters": [1]}', ""):
        assert with_whole_addresses(same, "https://pod.example/") == same
