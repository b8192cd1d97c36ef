import datetime
import io
from dataclasses import replace

import av
import eyed3
import numpy as np
import pytest
from eyed3.id3 import Tag
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import ID3

from interview_audio.production.containers.episode_writer import Tags
from interview_audio.production.containers.mp3 import write_tag
from interview_audio.production.timeline import Chapter, ChapterRules, Timeline, mark_chapters
from interview_audio.text.printable import printable
from interview_audio.transcript.turns import Reference
from interview_audio.verification.id3_tags import Id3Tag, TaggedChapter, read_tag

RATE = 44100
PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)
TAGS = Tags("访谈：灯塔", ("Ada Brook", "林默"), "My show", "zh-CN", datetime.date(2024, 3, 21), PNG)


def silent_mp3():
    file = io.BytesIO()
    with av.open(file, "w", format="mp3", options={"id3v2_version": "0"}) as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono", format="fltp")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, RATE), np.float32), format="fltp", layout="mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


SILENT_MP3 = silent_mp3()


def timeline(titles, seconds=2):
    length = seconds * RATE
    chapters = tuple(Chapter(title, i * length, (i + 1) * length) for i, title in enumerate(titles))
    return Timeline(RATE, (), chapters, max(len(titles), 1) * length)


def spans(count, seconds=2):
    return [(i * seconds * 1000, (i + 1) * seconds * 1000) for i in range(count)]


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    path = tmp_path_factory.mktemp("id3") / "episode.mp3"

    def written(tags, of):
        path.write_bytes(write_tag(tags, of) + SILENT_MP3)
        return path

    return written


def strictly(path):
    return [(chapter.title, chapter.start, chapter.end) for chapter in read_tag(path).chapters]


def by_pyav(path):
    with av.open(str(path)) as container:
        return [
            (chapter["metadata"]["title"], *(round(chapter[edge] * chapter["time_base"] * 1000) for edge in ("start", "end")))
            for chapter in container.chapters()
        ]  # fmt: skip


def by_mutagen(path):
    tag = ID3(path)
    chapters = [tag[f"CHAP:{element}"] for table in tag.getall("CTOC") for element in table.child_element_ids]
    return [(chapter.sub_frames["TIT2"].text[0], chapter.start_time, chapter.end_time) for chapter in chapters]


def by_eyed3(path):
    tag = Tag()
    tag.parse(str(path))
    by_element = {chapter.element_id: chapter for chapter in tag.chapters}
    chapters = [by_element[child] for table in tag.table_of_contents for child in table.child_ids]
    return [(chapter.title, *chapter.times) for chapter in chapters]


READERS = [strictly, by_pyav, by_mutagen, by_eyed3]


def test_a_tag_says_all_that_it_was_given(write):
    path = write(TAGS, timeline(["Hello", "再见"]))
    assert read_tag(path) == Id3Tag(
        version=3,
        size=len(path.read_bytes()) - len(SILENT_MP3),
        texts=(
            ("TIT2", "访谈：灯塔"),
            ("TPE1", "Ada Brook, 林默"),
            ("TALB", "My show"),
            ("TLAN", "zho"),
            ("TYER", "2024"),
            ("TDAT", "2103"),
            ("TLEN", "4000"),
        ),
        contents=(("chp0", "chp1"),),
        chapters=(TaggedChapter("chp0", "Hello", 0, 2000, 7), TaggedChapter("chp1", "再见", 2000, 4000, 9)),
        cover=PNG,
    )


def test_what_is_not_known_is_not_said(write):
    path = write(Tags("Talk", (), None, "tlh", None, b""), timeline([]))
    expected = (("TIT2", "Talk"), ("TLAN", "und"), ("TLEN", "2000"))
    assert read_tag(path) == Id3Tag(3, len(path.read_bytes()) - len(SILENT_MP3), expected)


def test_mutagen_reads_the_tag(write):
    tag = ID3(write(TAGS, timeline(["Hello"])))
    assert tag.version == (2, 3, 0)
    assert tag["TIT2"].text == ["访谈：灯塔"]
    assert tag["TPE1"].text == ["Ada Brook, 林默"]
    assert [str(stamp) for stamp in tag["TDRC"].text] == ["2024-03-21"]
    assert (tag["APIC:"].mime, tag["APIC:"].type, tag["APIC:"].data) == ("image/png", 3, PNG)
    assert (tag["CTOC:toc"].flags, tag["CTOC:toc"].sub_frames["TIT2"].text) == (3, ["访谈：灯塔"])


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("count", [0, 1, 26, 27, 254, 255, 256, 400])
def test_every_reader_finds_every_chapter_in_order(write, read, count):
    titles = [
        f"第{number}问：您怎么看未来五年里的变化，以及创作者应当如何应对？" * (number % 7 + 1)
        for number in range(count)
    ]
    length = max(count, 1) * 2 * RATE
    openings = [(number * 2 * RATE, title) for number, title in enumerate(titles)]
    marked = Timeline(RATE, (), mark_chapters(openings, length, ChapterRules()).chapters, length)
    expected = [(chapter.title, *map(marked.milliseconds, (chapter.start, chapter.end))) for chapter in marked.chapters]
    assert len(expected) == min(count, 255)
    assert read(write(TAGS, marked)) == expected


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("lengths", [range(1, 151), range(151, 301)], ids=["short", "long"])
@pytest.mark.parametrize("letters", ["字", "😀", "ש", "é", "a", "a字", "👨‍👩‍👧"])
def test_titles_of_any_length_are_whole(write, read, letters, lengths):
    titles = [(letters * length)[:length] for length in lengths]
    expected = [(title, *span) for title, span in zip(titles, spans(len(titles)), strict=True)]
    assert read(write(TAGS, timeline(titles))) == expected


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Z", "Cn", "Co")), max_size=300)
        .map(printable)
        .filter(bool),
        min_size=1,
    )
)
def test_titles_of_any_characters_are_whole(write, titles):
    path = write(TAGS, timeline(titles))
    expected = [(title, *span) for title, span in zip(titles, spans(len(titles)), strict=True)]
    assert strictly(path) == expected
    assert by_pyav(path) == expected
    assert by_mutagen(path) == expected
    assert by_eyed3(path) == expected


def test_256_chapters_are_refused():
    with pytest.raises(ValueError, match="256 chapters, at most 255"):
        write_tag(TAGS, timeline(["x"] * 256))


def test_what_would_end_a_line_or_a_text_does_not_reach_a_player(write):
    assert strictly(write(TAGS, timeline([" a\x00b\r\n c\t"]))) == [("a\ufffdb c", 0, 2000)]


def test_times_are_rounded_once(write):
    chapters = (Chapter("a", 0, 22), Chapter("b", 22, 23), Chapter("c", 23, RATE * 3600 + 23))
    path = write(TAGS, Timeline(RATE, (), chapters, RATE * 3600 + 23))
    assert by_mutagen(path) == [("a", 0, 0), ("b", 0, 1), ("c", 1, 3600001)]


def test_eyed3_has_no_complaint(write, caplog):
    with caplog.at_level("DEBUG"):
        eyed3.load(str(write(TAGS, timeline(["Hello", "再见"]))))
    assert [record.getMessage() for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


@pytest.mark.parametrize("lyrics", ["Ada: Yes.\nNo.\n\nBen: Why?", "林默：是。\n\nAda: “No.”"])
def test_lyrics_are_read_with_their_language_and_lines_and_no_chapter_is_lost(write, lyrics):
    path = write(replace(TAGS, lyrics=lyrics), timeline(["第一章" * 60, "Two"]))
    (frame,) = ID3(path).getall("USLT")
    assert (frame.text, frame.lang, frame.desc) == (lyrics, "zho", "")
    assert eyed3.load(path).tag.lyrics[0].text == lyrics
    with av.open(str(path)) as container:
        assert container.metadata["lyrics-zho"] == lyrics
    assert (read_tag(path).faults, len(by_pyav(path))) == ((), 2)


def test_without_lyrics_the_tag_is_what_it_was():
    assert b"USLT" not in write_tag(TAGS, timeline(["One"]))


def test_images_and_links_of_chapters_are_read_and_no_chapter_is_lost(write):
    plain = timeline(["第一章" * 60, "Two", "Three"])
    first, second, third = plain.chapters
    link = Reference("link", "https://lämp.example/灯?a=1&b=2")
    of = replace(plain, chapters=(replace(first, link=link), second, replace(third, link=link)))
    images = (b"\xff\xd8" + bytes(5000), b"\xff\xd8two", b"")
    path = write(replace(TAGS, chapter_images=images), of)
    chapters = sorted(ID3(path).getall("CHAP"), key=lambda one: one.start_time)
    found = [
        (
            [frame.data for frame in one.sub_frames.getall("APIC")],
            [frame.url for frame in one.sub_frames.getall("WXXX")],
        )
        for one in chapters
    ]
    address = "https://xn--lmp-qla.example/%E7%81%AF?a=1&b=2"
    assert found == [([images[0]], [address]), ([images[1]], []), ([], [address])]
    by_eyed3 = [(one.title, one.user_url) for one in eyed3.load(path).tag.chapters]
    assert by_eyed3 == [("第一章" * 60, address), ("Two", None), ("Three", address)]
    assert by_pyav(path) == [(one.title, *span) for one, span in zip(of.chapters, spans(3), strict=True)]
    tag = read_tag(path)
    assert (tag.faults, [one.title for one in tag.chapters]) == ((), [one.title for one in of.chapters])
    assert tag.cover == TAGS.cover


def test_without_images_and_links_a_chapter_has_a_title_alone():
    written = write_tag(TAGS, timeline(["One"]))
    assert (written.count(b"APIC"), written.count(b"WXXX")) == (1, 0)
