"""Tags of other makers, written by mutagen or by hand."""

import struct

import pytest
from mutagen.id3 import APIC, CHAP, CTOC, ID3, TIT2

from interview_audio.verification.id3_survey import SurveyedChapter, TagSurvey, survey_tag


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
    survey = survey_tag(tagged(tmp_path, version, ["Intro", "很" * 300]))
    assert survey.version == version
    assert sorted(survey.chapters, key=lambda chapter: chapter.start) == [
        SurveyedChapter("c0", "Intro", 0, survey.chapters[0].largest, True),
        SurveyedChapter("c1", "很" * 300, 1000, survey.chapters[1].largest, True),
    ]
    assert survey.chapters[1].largest in (602 + 3, 902)
    assert (survey.contents, survey.fault) == ((("c0", "c1"),), "")


def test_a_table_that_is_not_top_level_is_none(tmp_path):
    assert survey_tag(tagged(tmp_path, 4, ["Intro"], flags=1)).contents == ()


def test_a_file_without_a_tag(tmp_path):
    path = tmp_path / "talk.mp3"
    path.write_bytes(b"\xff\xfb")
    assert survey_tag(path) == TagSurvey(0, 0, (), (), "")


def frame(identifier, body):
    return identifier + struct.pack(">IH", len(body), 0) + body


def tag(frames, flags=0, version=3):
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([version, 0, flags]) + size + frames


CHAPTER = frame(b"CHAP", b"c0\0" + struct.pack(">4I", 0, 1000, 0, 0) + frame(b"TIT2", b"\0Intro"))
READ = (SurveyedChapter("c0", "Intro", 0, 6, True),)


@pytest.mark.parametrize(
    ("content", "version", "chapters", "fault"),
    [
        (tag(CHAPTER), 3, READ, ""),
        (tag(CHAPTER + bytes(50)), 3, READ, ""),
        (tag(struct.pack(">IHI", 6, 0, 0) + CHAPTER, flags=0x40), 3, READ, ""),
        (tag(frame(b"TXXX", b"\0\xff\x00\xe0") + CHAPTER).replace(b"\xff\x00", b"\xff\x00"), 3, READ, ""),
        (tag(CHAPTER, version=2), 2, (), ""),
        (tag(CHAPTER)[:-3], 3, (), "the file ends inside it"),
        (tag(CHAPTER[:-3]), 3, (), "frame 'CHAP' does not fit into its parent"),
        (tag(frame(b"CHAP", b"c0\0\0")), 3, (), "unpack_from requires a buffer"),
        (tag(frame(b"CTOC", b"toc\0\x03\x05c0\0")), 3, (), "subsection not found"),
    ],
)
def test_odd_tags(tmp_path, content, version, chapters, fault):
    path = tmp_path / "talk.mp3"
    path.write_bytes(content)
    survey = survey_tag(path)
    assert (survey.version, survey.chapters, survey.fault[: len(fault) or None]) == (version, chapters, fault)


def test_an_unsynchronised_tag(tmp_path):
    title = b"\x01\xff\xfe" + "Ä".encode("utf-16-le") + b"\xff\x00"
    chapter = frame(b"CHAP", b"c0\0" + struct.pack(">4I", 0, 1, 0, 0) + frame(b"TIT2", title))
    path = tmp_path / "talk.mp3"
    path.write_bytes(tag(chapter.replace(b"\xff\x00", b"\xff\x00\x00"), flags=0x80))
    assert survey_tag(path).chapters[0].title == "Äÿ"


def test_utf_16_without_a_byte_order(tmp_path):
    body = b"c0\0" + struct.pack(">4I", 0, 1, 0, 0) + frame(b"TIT2", b"\x01" + "很".encode("utf-16-le"))
    path = tmp_path / "talk.mp3"
    path.write_bytes(tag(frame(b"CHAP", body)))
    assert not survey_tag(path).chapters[0].has_byte_order
