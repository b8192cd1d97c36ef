import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

from interview_audio.errors import SourceError
from interview_audio.transcript import reading
from interview_audio.transcript.reading import read_source

CHINESE = "问：灯塔还亮吗？\n答：亮着，每天晚上都亮着。\n"


TRADITIONAL = "問：燈塔還亮嗎？\n答：亮著，每天晚上都亮著，從來沒有離開過。\n"
JAPANESE = "記者：どうしてここに来たのですか。\nホルム：灯台が好きだったからです。\n"
FRENCH = "Q : Pourquoi êtes-vous resté ?\nR : À cause de la lumière, voilà — l’été…\n"
KOREAN = "질문: 왜 여기에 왔습니까? 그리고 우리는 오래 살았습니다. " * 20


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"),
        (CHINESE, "utf-8-sig"),
        (CHINESE, "utf-16"),
        (CHINESE, "utf-16-le"),
        (CHINESE, "utf-16-be"),
        (CHINESE, "gb18030"),
        (CHINESE, "gbk"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "big5hkscs"),
        (TRADITIONAL, "gb18030"),
        (TRADITIONAL, "utf-16-le"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (FRENCH, "cp1252"),
        (FRENCH, "utf-16-be"),
        ("Q: don’t “say” café", "cp1252"),
        ("Frage: Warum heißt es Überschuss?", "latin-1"),
    ],
)
def test_encodings_are_found(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "talk.txt"
    path.write_bytes(text.encode(encoding))
    assert read_source(path) == text


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
        (b"%PDF-1.7 ...", "PDF is damaged"),
        (b"PK\x03\x04...", "this file is damaged"),
        (b"{\\rtf1\\ansi Q: Why?}", "this is an RTF document; save it as .docx or as UTF-8 text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word document, or one with a password; save it as"),
        (b"\x00\x00\x00 ftypisom", "this is an audio or video file; transcribe it"),
        (b"bplist00\xd1", "a web archive; save the page as HTML"),
        (
            b"From: <Saved by Blink>\r\nSubject: Salt\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;",
            "a web archive",
        ),
        (b"% a talk\n\\documentclass{article}\n\\begin{document}", "this is LaTeX; save it as Markdown or as text"),
        (b"\x89PNG\r\n\x1a\n\x00", "an image"),
        ("Почему это так? Потому что.".encode("cp1251"), "encoding"),
        (KOREAN.encode("euc-kr"), "encoding"),
        ("Q: 灯塔".encode() + b"\xff\xff", "encoding"),
        (b"Q: a\n" * 4_000_001, "larger than the 20 MB limit; split it"),
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
    path.write_bytes(b"Q: a\nA: caf\x81 \n")
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert caught.value.line == 2


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not found; check the file name"):
        read_source(tmp_path / "absent.txt")
    with pytest.raises(SourceError, match="folder"):
        read_source(tmp_path)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.org/talks/keeper.html?page=1", "keeper.html"),
        ("https://example.org/talks/the-keeper/", "the-keeper.html"),
        ("https://example.org", "example.org.html"),
        ("https://example.org/%E7%81%AF%E5%A1%94", "灯塔.html"),
    ],
)
def test_the_file_of_an_address(address: str, name: str) -> None:
    assert reading.is_web_address(address)
    assert reading.file_name_of(address) == name


def test_files_are_no_addresses() -> None:
    assert [reading.is_web_address(name) for name in ("talk.txt", "http.txt", "C:\\talk.txt", "https:// a")] == [
        False
    ] * 4


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(SourceError, match=r"^https://example.org: .*pip install 'interview-audio\[web\]'"):
        reading.fetch_page("https://example.org")


class Response:
    def __init__(self, status: int, data: bytes) -> None:
        self.status, self.data = status, data


class Extra(ModuleType):
    def __init__(self, response: Response | None) -> None:
        super().__init__("trafilatura")
        self.__spec__ = ModuleSpec("trafilatura", None)
        self.response = response

    def fetch_response(self, address: str) -> Response | None:
        return self.response


@pytest.mark.parametrize(
    ("response", "says"),
    [(None, "cannot be fetched"), (Response(200, b""), "cannot be fetched"), (Response(404, b"no"), "error 404")],
)
def test_a_page_that_cannot_be_had_is_one_line(
    monkeypatch: pytest.MonkeyPatch, response: Response | None, says: str
) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", Extra(response))
    with pytest.raises(SourceError, match=says):
        reading.fetch_page("https://example.org")


def test_a_page_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", Extra(Response(200, b"<p>")))
    assert reading.fetch_page("https://example.org") == b"<p>"
