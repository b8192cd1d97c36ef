import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_audio.production.chapters import Chapter
from interview_audio.production.containers.id3_tag import Tags, write_tag
from interview_audio.production.timeline import Timeline
from interview_audio.verification.id3_reader import TagError, read_tag

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
def test_what_breaks_the_specification_is_an_error(tmp_path, content, complaint):
    (tmp_path / "a.mp3").write_bytes(content)
    with pytest.raises(TagError, match=complaint):
        read_tag(tmp_path / "a.mp3")


def test_the_untouched_tag_is_none(tmp_path):
    (tmp_path / "a.mp3").write_bytes(TAG + b"sound")
    assert read_tag(tmp_path / "a.mp3").size == len(TAG)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_is_damaged_is_told_as_damage(tag_file, data):
    position = data.draw(st.integers(10, len(TAG) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=8))
    tag_file.write_bytes(TAG[:position] + damage + TAG[position + len(damage) :])
    with contextlib.suppress(TagError):
        assert read_tag(tag_file).size == len(TAG)
