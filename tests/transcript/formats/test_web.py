import sys

import pytest

from interview_audio.errors import SourceError
from interview_audio.transcript.formats import web


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
    assert web.is_address(address)
    assert web.name_of(address) == name


def test_files_are_no_addresses() -> None:
    assert [web.is_address(name) for name in ("talk.txt", "http.txt", "C:\\talk.txt", "https:// a")] == [False] * 4


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "find_spec", lambda _: None)
    with pytest.raises(SourceError, match=r"^https://example.org: .*pip install 'interview-audio\[web\]'"):
        web.fetch_page("https://example.org")


class Response:
    def __init__(self, status: int, data: bytes) -> None:
        self.status, self.data = status, data


class Extra:
    def __init__(self, response: Response | None) -> None:
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
    monkeypatch.setattr(web, "find_spec", lambda _: object())
    monkeypatch.setitem(sys.modules, "trafilatura", Extra(response))
    with pytest.raises(SourceError, match=says):
        web.fetch_page("https://example.org")


def test_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "find_spec", lambda _: object())
    monkeypatch.setitem(sys.modules, "trafilatura", Extra(Response(200, b"<p>")))
    assert web.fetch_page("https://example.org") == b"<p>"
