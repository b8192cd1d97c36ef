from pathlib import Path

import pytest

from interview_audio.errors import SourceError
from interview_audio.transcript.reading import read_source

CHINESE = "问：灯塔还亮吗？\n答：亮着，每天晚上都亮着。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_encodings_that_chinese_files_come_in(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "talk.txt"
    path.write_bytes(CHINESE.encode(encoding))
    assert read_source(path) == CHINESE


def test_big_endian_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_bytes(b"\xfe\xff" + "Q: a".encode("utf-16-be"))
    assert read_source(path) == "Q: a"


def test_line_ends_become_line_feeds(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_bytes(b"Q: a\r\nA: b\rQ: c\n")
    assert read_source(path) == "Q: a\nA: b\nQ: c\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"Q: a\x00b", "not text"),
        (b"\x01\x02\x03 abc", "not text"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04...", "a Word document"),
        (b"\x89PNG\r\n\x1a\n\x00", "an image"),
        ("Q: café".encode("latin-1"), "encoding"),
        ("Q: don’t “say” it".encode("cp1252"), "encoding"),
        (b"\xff\xfe\x00", "not"),
    ],
)
def test_what_is_no_text_is_one_line_that_names_the_file(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "talk.txt"
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert str(caught.value).startswith(f"{path}:")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_line_of_a_broken_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_bytes(b"Q: a\nA: caf\xe9 \n")
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert caught.value.line == 2


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_source(tmp_path / "absent.txt")
    with pytest.raises(SourceError, match="folder"):
        read_source(tmp_path)
