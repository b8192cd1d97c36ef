import struct

import pytest
from mutagen.mp4 import MP4

from interview_audio.production.containers.mp4 import mend_titles


def box(name, content, *, large=False):
    if large:
        return struct.pack(">I4sQ", 1, name, 16 + len(content)) + content
    return struct.pack(">I4s", 8 + len(content), name) + content


def chapters(*titles):
    listed = b"".join(struct.pack(">QB", number, len(title)) + title for number, title in enumerate(titles))
    return box(b"chpl", b"\x01" + bytes(7) + bytes([len(titles)]) + listed)


def movie(content, *, large=False):
    return box(b"ftyp", b"M4B ") + box(b"mdat", b"chpl", large=large) + box(b"moov", box(b"trak", b"x") + content)


@pytest.mark.parametrize("large", [False, True])
def test_half_a_character_becomes_spaces_and_nothing_moves(tmp_path, large):
    cut = ("字".encode() * 300)[:255]
    half = ("x" + "🎉" * 80).encode()[:255]
    path = tmp_path / "a.m4b"
    path.write_bytes(movie(box(b"udta", box(b"meta", b"m") + chapters(b"One", half, cut, b"")), large=large))
    mend_titles(path)
    whole = ("x" + "🎉" * 63).encode() + b"  "
    assert path.read_bytes() == movie(box(b"udta", box(b"meta", b"m") + chapters(b"One", whole, cut, b"")), large=large)


@pytest.mark.parametrize("content", [b"", box(b"udta", b""), box(b"udta", box(b"meta", b"m"))])
def test_a_file_without_such_chapters_is_left_alone(tmp_path, content):
    path = tmp_path / "a.m4b"
    path.write_bytes(movie(content))
    mend_titles(path)
    assert path.read_bytes() == movie(content)


def test_a_reader_that_takes_utf8_at_its_word_reads_our_files(press):
    titles = ["🎉" * 100, "x" + "字" * 100, "y" * 300, "xy" + "ש" * 200]
    path = press.write(press.sound("m4b"), press.timeline(titles, 44100))
    assert [chapter.title.rstrip() for chapter in MP4(path).chapters] == [
        "🎉" * 63, "x" + "字" * 84, "y" * 255, "xy" + "ש" * 126,
    ]  # fmt: skip
