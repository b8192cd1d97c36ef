"""What other makers' readers of captions and chapter lists see of an episode's companions."""

import datetime
import html
import json
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any, cast

import av
import feedparser
import pysubs2
import pytest
import srt
import webvtt

from interview_audio.production.sidecars.captions import Cue, as_words, format_srt, format_webvtt
from interview_audio.production.sidecars.line_breaks import second_line
from interview_audio.production.sidecars.sidecar_files import format_podlove
from interview_audio.production.timeline import Chapter, Timeline, chapter_marks
from interview_audio.text.printable import printable
from interview_audio.transcript.formats.subtitles import read_subtitles
from interview_audio.verification.sidecar_reading import parse_srt, parse_webvtt

HERE = Path(__file__).parent
RATE = 44100
TEXTS = [
    ("Ada", "第一问：您怎么看未来五年里的变化，以及普通创作者应当如何应对？"),
    ("Ada", "She said: “<b>Tom & Jerry</b>, 1 < 2 --> 3; see https://example.org/a?b=c&d=e.”"),
    ("Ben ＆ Co", "É uma casa portuguesa 😀 com certeza, & it's 12:30 already: go!"),
    ("旁白", "שלום לכולם, ואז הם הלכו הביתה."),
    ("旁白", "x" * 60),
]
CUES = tuple(
    Cue(
        speaker,
        text,
        second_line(text, range(0, len(text), 3), 0),
        number * 3 * RATE + 11,
        (number + 1) * 3 * RATE - 7,
        tuple((index, number * 3 * RATE + 2000 * index) for index in range(0, len(text), 3)),
    )
    for number, (speaker, text) in enumerate(TEXTS, start=1200)
)
TIMELINE = Timeline(RATE, (), (), 3615 * RATE)
TIMES = [(TIMELINE.milliseconds(cue.start), TIMELINE.milliseconds(cue.end)) for cue in CUES]

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
needs_readers = pytest.mark.skipif(
    not (HERE / "node_modules").is_dir(), reason="make oracles has not installed the readers"
)


def written(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8", newline="\n")
    return tmp_path / name


def read_by_webvtt_parser(path):
    run = subprocess.run(["node", HERE / "webvtt_parser.mjs", path], capture_output=True, check=True)
    return json.loads(run.stdout)


@pytest.fixture(params=["talk.vtt", "words.vtt", "talk.srt"])
def captions(request, tmp_path):
    """A file of captions of each kind."""
    text = {
        "talk.vtt": format_webvtt(CUES, TIMELINE, "zh-CN"),
        "words.vtt": format_webvtt(CUES, TIMELINE, "zh-CN", words=True),
        "talk.srt": format_srt(CUES, TIMELINE),
    }[request.param]
    return written(tmp_path, request.param, text)


@needs_node
@needs_readers
@pytest.mark.parametrize("words", [False, True])
def test_webvtt_parser_finds_no_error_and_every_word(words, tmp_path):
    read = read_by_webvtt_parser(written(tmp_path, "talk.vtt", format_webvtt(CUES, TIMELINE, "zh-CN", words=words)))
    assert read["errors"] == []
    # The times of these words cut an arrow in two, which is then written as it is, with an escape.
    assert [(cue["voice"], as_words(cue["text"].replace("\n", ""))) for cue in read["cues"]] == [
        (cue.speaker, "".join(map(as_words, cue.lines))) for cue in CUES
    ]
    assert [(round(cue["start"] * 1000), round(cue["end"] * 1000)) for cue in read["cues"]] == TIMES


@needs_node
@needs_readers
def test_webvtt_parser_is_strict(tmp_path):
    bad = written(tmp_path, "bad.vtt", "WEBVTT\n\n00:00:00.500 --> 00:00:00.100\n<v A>a & b\n")
    assert len(read_by_webvtt_parser(bad)["errors"]) == 2


def test_webvtt_py_reads_voices_and_lines(tmp_path):
    path = written(tmp_path, "talk.vtt", format_webvtt(CUES, TIMELINE, "zh-CN"))
    assert [(cue.voice, html.unescape(cue.text)) for cue in webvtt.read(str(path))] == [
        (cue.speaker, as_words("\n".join(cue.lines))) for cue in CUES
    ]


def test_ffmpeg_reads_every_caption_at_its_time(captions):
    with av.open(str(captions)) as container:
        packets = [packet for packet in container.demux() if packet.size]
    assert [
        (round(packet.pts * packet.time_base * 1000), round((packet.pts + packet.duration) * packet.time_base * 1000))
        for packet in packets
    ] == TIMES


# Word times inside a caption look like the start of another one to newer versions, which read it all the same.
@pytest.mark.filterwarnings("ignore:Possible missed subtitle")
def test_pysubs2_reads_every_caption_at_its_time(captions):
    read = pysubs2.load(str(captions))
    assert [(event.start, event.end) for event in read] == TIMES


def test_srt_reads_what_it_would_write_itself():
    text = format_srt(CUES, TIMELINE)
    read = list(srt.parse(text))
    assert len(read) == len(CUES)
    assert srt.compose(read, strict=True, reindex=True) == text + "\n"


def test_feedparser_reads_podlove_chapters_in_a_feed():
    chapters = (Chapter("开场 & <more>", 0, 44123), Chapter('"Why?" 😀', 44123, 3615 * RATE))
    marks = chapter_marks(Timeline(RATE, (), chapters, 3615 * RATE))
    _, _, element = format_podlove(marks).partition("\n")
    feed = f'<rss version="2.0"><channel><item><title>A talk</title>{element}</item></channel></rss>'
    read = feedparser.parse(feed).entries[0].psc_chapters.chapters
    assert [(chapter["title"], chapter["start_parsed"]) for chapter in read] == [
        (mark.title, datetime.timedelta(milliseconds=mark.start)) for mark in marks
    ]


TWISTED = [
    "a --> b",
    "-->",
    "00:00:01,000 --> 00:00:02,000",
    "00:00:01.000 --> 00:00:02.000",
    "7 00:00:01,000 --> 00:00:02,000 7",
    "between 0:00:01.0 and 0:00:02.5 we lost it",
    "0:00:01.000,0:00:04.000",
    "1984",
    "2",
    "The year when all of that had to end was 1984",
    "那一年我们所有的人都离开了那个小小的村庄，就是 1984",
    r"{\an8}up {set} {} {1}{2}",
    r"C:\New\net\home \N \n \h \ ",
    "<b>bold</b> <i>x 1 < 2 and 3 > 2 < y and z > w <SAMI> <",
    "&amp; & &lt;b&gt; &#62; &",
    "NOTE this",
    "STYLE",
    "REGION",
    "WEBVTT",
    "WEBVTT - a title",
    "a >> b >>> c << d",
    "yes -- no --- yes ----> maybe -> so <-- back",
]
"""Words that look like a part of a caption file; each stands in the middle of one, and once at its end."""


def twisted(text, speaker="Ada"):
    return tuple(
        Cue(speaker, words, second_line(words, (), 0), number * RATE, (number + 1) * RATE)
        for number, words in enumerate(["First.", printable(text), "Between.", printable(text)])
    )


def as_plain(text):
    """The words, whatever marks they are written with."""
    return "".join(unicodedata.normalize("NFKC", text).replace("→", "-->").split()).replace("----", "--")


READERS = {
    ".srt": {
        "srt": lambda path: [cue.content for cue in srt.parse(path.read_text("utf-8"))],
        "pysubs2": lambda path: [event.plaintext for event in pysubs2.load(str(path), format_="srt")],
        "webvtt-py": lambda path: [cue.text for cue in webvtt.from_srt(str(path))],
        "ours": lambda path: [caption.text for caption in parse_srt(path.read_text("utf-8"))],
    },
    ".vtt": {
        "pysubs2": lambda path: [html.unescape(cue.plaintext) for cue in pysubs2.load(str(path), format_="vtt")],
        "webvtt-py": lambda path: [html.unescape(cue.text) for cue in webvtt.read(str(path))],
        "ours": lambda path: [caption.text for caption in parse_webvtt(path.read_text("utf-8"))],
    },
}


@pytest.mark.parametrize("text", TWISTED)
@pytest.mark.parametrize("suffix", READERS)
def test_no_reader_takes_words_for_a_part_of_the_file(suffix, text, tmp_path):
    cues = twisted(text)
    write = {".srt": format_srt, ".vtt": lambda cues, timeline: format_webvtt(cues, timeline, "en")}[suffix]
    path = written(tmp_path, f"talk{suffix}", write(cues, TIMELINE))
    expected = [as_plain(cue.text) for cue in cues]
    for reader, read in READERS[suffix].items():
        found = [as_plain(words.removeprefix("Ada: ")) for words in read(path)]
        assert (reader, found) == (reader, expected)
    with av.open(str(path)) as container:
        found = [
            as_plain(_as_shown(cast("Any", line).ass).removeprefix("Ada: ")) for line in container.decode(subtitles=0)
        ]
    assert ("FFmpeg", found) == ("FFmpeg", expected)


def _as_shown(subtitle):
    """The words of a line of SubStation Alpha as libass shows it: escapes undone, overrides gone."""
    line = subtitle.decode().split(",", 8)[8]
    line = re.sub(r"(?<!\\)\{[^}]*\}", "", line.replace("\\{{}", "｛").replace("\u2060", ""))
    return re.sub(r"\\[Nnh]", " ", line)


@pytest.mark.parametrize("text", TWISTED)
def test_our_reader_of_sources_hears_all_words(text, tmp_path):
    cues = twisted(text)
    for content in (format_srt(cues, TIMELINE), format_webvtt(cues, TIMELINE, "en")):
        heard = as_plain("".join(paragraph.text for paragraph in read_subtitles(content, ()).paragraphs))
        assert heard.removeprefix("Ada:") == "".join(as_plain(cue.text) for cue in cues)
