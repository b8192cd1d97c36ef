"""Tags of ours, damaged, and tags of other makers, written by mutagen or by hand."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import APIC, CHAP, CTOC, ID3, TIT2

from interview_audio.production.containers.episode_writer import Tags
from interview_audio.production.containers.mp3 import write_tag
from interview_audio.production.timeline import Chapter, Timeline
from interview_audio.verification.id3_tags import Id3Tag, TaggedChapter, read_tag


def tagged(tmp_path, version, titles, flags=3):
    path = tmp_path / "talk.mp3"
    path.write_bytes(b"")
    tag = ID3()
    for number, title in enumerate(titles):
        tag.add(CHAP(f"c{number}", number * 1000, number * 1000 + 1000, sub_frames=[TIT2(encoding=3, text=[title])]))
    tag.add(CTOC("toc", flags, [f"c{number}" for number in range(len(titles))]))
    tag.add(APIC(3, "image/png", 3, "", bytes(300)))
    tag.save(path, v2_version=version)
    return path


@pytest.mark.parametrize(("version", "sizes"), [(3, (12, 602)), (4, (7, 902))])
def test_both_versions_are_read(tmp_path, version, sizes):
    tag = read_tag(tagged(tmp_path, version, ["Intro", "很" * 300]))
    assert tag.version == version
    assert sorted(tag.chapters, key=lambda chapter: chapter.start) == [
        TaggedChapter("c0", "Intro", 0, 1000, tag.chapters[0].largest_frame, True),
        TaggedChapter("c1", "很" * 300, 1000, 2000, tag.chapters[1].largest_frame, True),
    ]
    assert tag.chapters[1].largest_frame in (602 + 3, 902)
    assert (tag.contents, tag.damage) == ((("c0", "c1"),), "")


def test_a_table_that_is_not_top_level_is_none(tmp_path):
    assert read_tag(tagged(tmp_path, 4, ["Intro"], flags=1)).contents == ()


def test_a_file_without_a_tag(tmp_path):
    path = tmp_path / "talk.mp3"
    path.write_bytes(b"\xff\xfb")
    assert read_tag(path) == Id3Tag(0, 0, faults=("byte 0 of the ID3 tag: not a plain ID3v2.3 header",))


def frame(identifier, body):
    return identifier + struct.pack(">IH", len(body), 0) + body


def tagged_with(frames, flags=0, version=3):
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([version, 0, flags]) + size + frames


CHAPTER = frame(b"CHAP", b"c0\0" + struct.pack(">4I", 0, 1000, 0, 0) + frame(b"TIT2", b"\0Intro"))
READ = (TaggedChapter("c0", "Intro", 0, 1000, 6, True),)


@pytest.mark.parametrize(
    ("content", "version", "chapters", "fault"),
    [
        (tagged_with(CHAPTER), 3, READ, ""),
        (tagged_with(CHAPTER + bytes(50)), 3, READ, ""),
        (tagged_with(struct.pack(">IHI", 6, 0, 0) + CHAPTER, flags=0x40), 3, READ, ""),
        (tagged_with(frame(b"TXXX", b"\0\xff\x00\xe0") + CHAPTER).replace(b"\xff\x00", b"\xff\x00"), 3, READ, ""),
        (tagged_with(CHAPTER, version=2), 2, (), ""),
        (tagged_with(CHAPTER)[:-3], 3, (), "the file ends inside it"),
        (tagged_with(CHAPTER[:-3]), 3, (), "frame 'CHAP' does not fit into its parent"),
        (tagged_with(frame(b"CHAP", b"c0\0\0")), 3, (), "a chapter without times"),
        (tagged_with(frame(b"CTOC", b"toc\0\x03\x05c0\0")), 3, (), "an element without a name"),
    ],
)
def test_odd_tags(tmp_path, content, version, chapters, fault):
    path = tmp_path / "talk.mp3"
    path.write_bytes(content)
    tag = read_tag(path)
    assert (tag.version, tag.chapters, tag.damage[: len(fault) or None]) == (version, chapters, fault)


def test_an_unsynchronised_tag(tmp_path):
    title = b"\x01\xff\xfe" + "Ä".encode("utf-16-le") + b"\xff\x00"
    chapter = frame(b"CHAP", b"c0\0" + struct.pack(">4I", 0, 1, 0, 0) + frame(b"TIT2", title))
    path = tmp_path / "talk.mp3"
    path.write_bytes(tagged_with(chapter.replace(b"\xff\x00", b"\xff\x00\x00"), flags=0x80))
    assert read_tag(path).chapters[0].title == "Äÿ"


def test_utf_16_without_a_byte_order(tmp_path):
    body = b"c0\0" + struct.pack(">4I", 0, 1, 0, 0) + frame(b"TIT2", b"\x01" + "很".encode("utf-16-le"))
    path = tmp_path / "talk.mp3"
    path.write_bytes(tagged_with(frame(b"CHAP", body)))
    assert not read_tag(path).chapters[0].has_byte_order


TAG = write_tag(
    Tags("T", ("A",), None, "zh", None, b"\x89PNG"),
    Timeline(1000, (), (Chapter("Hi", 0, 500), Chapter("章", 500, 900)), 900),
)


@pytest.fixture(scope="module")
def tag_file(tmp_path_factory):
    return tmp_path_factory.mktemp("tag") / "a.mp3"


def altered(old, new):
    assert TAG.count(old) == 1
    return TAG.replace(old, new)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "not a plain ID3v2.3 header"),
        (b"ID3\x04" + TAG[4:], "not a plain ID3v2.3 header"),
        (TAG[:6] + b"\xff" + TAG[7:], "its size is not syncsafe"),
        (TAG[:-1], "the file ends within the tag"),
        (altered(b"TPE1\x00\x00\x00\x03", b"TPE1\x00\x00\x00\x04"), "a text that is not ASCII"),
        (altered(b"TLEN\x00\x00", b"tlen\x00\x00"), "not a frame"),
        (altered(b"TPE1\x00\x00\x00\x03", b"TPE1\x00\x0f\x00\x03"), "a frame that does not fit into its parent"),
        (altered(b"toc\x00\x03\x02", b"toc\x00\x01\x02"), "a table of contents with flags 1"),
        (altered(b"\x02chp0\x00chp1\x00", b"\x02chp1\x00chp0\x00"), "the table lists other chapters"),
        (altered(b"\x02chp0\x00chp1\x00", b"\x02chp0\x00chp0\x00"), "a table that lists a chapter twice"),
        (altered(b"\x00\x00\x01\xf4\x00\x00\x03\x84", b"\x00\x00\x03\x84\x00\x00\x03\x84"), "a chapter from 900 to 900 ms"),
        (altered(b"TIT2\x00\x00\x00\x04\x00\x00\x00Hi", b"TIT3\x00\x00\x00\x04\x00\x00\x00Hi"), "the title does not come first"),
        (altered(b"\x01\xff\xfe\xe0\x7a", b"\x01\xfe\xff\x7a\xe0"), "a text without a byte order mark"),
        (altered(b"\xff\xfe\xe0\x7a", b"\xff\xfe\xe0\xd8"), "a text with half a surrogate pair"),
        (b"ID3\x03\x00\x00\x00\x00\x00\x0eCTOC\x00\x00\x00\x04\x00\x00toc\x00", "a table of contents without entries"),
        (altered(b"\x00A\x00", b"\x00\xe9\x00"), "a text that is not ASCII or does not end"),
        (altered(b"image/png", b"image/gif"), "a cover of unknown type"),
    ],
)  # fmt: skip
def test_what_breaks_the_specification_is_the_first_fault(tmp_path, content, complaint):
    (tmp_path / "a.mp3").write_bytes(content)
    assert complaint in read_tag(tmp_path / "a.mp3").faults[0]


def test_the_untouched_tag_has_no_fault(tmp_path):
    (tmp_path / "a.mp3").write_bytes(TAG + b"sound")
    tag = read_tag(tmp_path / "a.mp3")
    assert (tag.size, tag.faults, tag.damage) == (len(TAG), (), "")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_is_damaged_is_no_reason_to_crash(tag_file, data):
    position = data.draw(st.integers(10, len(TAG) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=8))
    tag_file.write_bytes(TAG[:position] + damage + TAG[position + len(damage) :])
    assert read_tag(tag_file).size == len(TAG)
