"""What of a folder is given out, to whom and how: asked without sockets, as a podcast app does and as nobody should."""

import json
import os
import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

import pytest

from interview_audio.errors import ConfigurationError
from interview_audio.files.episode_record import RecordedChapter, RecordedMember
from interview_audio.files.file_names import media_type
from interview_audio.production.sidecars.player_page import HEAD_MARK, WAY_MARK
from interview_audio.publishing import server
from interview_audio.publishing.catalogue import read_episode
from interview_audio.publishing.channel import read_channel
from interview_audio.publishing.feed import earlier_feed
from interview_audio.publishing.server import places_of
from interview_audio.web_server import byte_ranges
from served_folder import PORT, SITE, TOKEN, Served, put_episode, sound

KINDS = {
    "a.mp3": "audio/mpeg",
    "a.m4b": "audio/mp4",
    "a.m4a": "audio/mp4",
    "a.opus": "audio/ogg",
    "a.flac": "audio/flac",
    "a.vtt": "text/vtt; charset=utf-8",
    "a.srt": "application/x-subrip; charset=utf-8",
    "a.transcript.json": "application/json",
    "a.chapters.json": "application/json+chapters",
    "a.html": "text/html; charset=utf-8",
    "a.md": "text/markdown; charset=utf-8",
    "a.lrc": "text/plain; charset=utf-8",
    "a.cover.jpg": "image/jpeg",
    "a": "application/octet-stream",
}
OPEN = replace(SITE, token=TOKEN, is_open=True, places=("192.168.1.20",))
RANGES = {  # of 100 bytes
    "bytes=0-0": [(0, 1)],
    "bytes=10-": [(10, 100)],
    "bytes=-5": [(95, 100)],
    "bytes=-500": [(0, 100)],
    "bytes=90-500": [(90, 100)],
    "Bytes= 0-1 ,, 98-": [(0, 2), (98, 100)],
    "bytes=50-59,0-9": [(50, 60), (0, 10)],
    "bytes=0-9,5-19,20-29": [(0, 30)],
    "bytes=200-,0-0": [(0, 1)],
    "bytes=100-": [],
    "bytes=-0": [],
    "bytes=9-1": None,
    "bytes=a-b": None,
    "bytes=-": None,
    "bytes=": None,
    "bytes=1_0-": None,
    "bytes=٣-": None,
    "lines=0-1": None,
    f"bytes={','.join('0-0' for _ in range(21))}": None,
}
TRAVERSALS = """
/../secret.txt
/../../secret.txt
/../out/../secret.txt
/./../secret.txt
/a.mp3/../../secret.txt
/a.mp3/..
/a.mp3/
/a.mp3/.
//a.mp3
///a.mp3
//secret.txt
//127.0.0.1/secret.txt
/./a.mp3
/.//a.mp3
/x/../a.mp3
/%2e%2e/secret.txt
/%2e%2e%2fsecret.txt
/..%2fsecret.txt
/.%2e/secret.txt
/%2e./secret.txt
/%252e%252e%252fsecret.txt
/%252e%252e/secret.txt
/%25252e%25252e%25252fsecret.txt
/..%5csecret.txt
/..%255csecret.txt
/..\\secret.txt
/..\\..\\secret.txt
/\\secret.txt
/a.mp3\\..\\..\\secret.txt
/%5c%5c127.0.0.1%5csecret.txt
/C:/secret.txt
/C:%5csecret.txt
/SECRET
/%SECRET
/file:SECRET
/file://SECRET
/~/secret.txt
/~root/.profile
/$HOME/secret.txt
/a.mp3%00
/%00a.mp3
/..%00/secret.txt
/secret.txt%00a.mp3
/a.mp3%0a
/a.mp3%20
/a.mp3.
/a.mp3::$DATA
/A.MP3
/a.mp3;x
/.%c0%ae/secret.txt
/%c0%ae%c0%ae/secret.txt
/..%c0%afsecret.txt
/%e0%80%ae%e0%80%ae/secret.txt
/%ef%bc%8e%ef%bc%8e/secret.txt
/%ef%bc%8e%ef%bc%8e%ef%bc%8fsecret.txt
/..%ef%bc%8fsecret.txt
/%e2%80%a5/secret.txt
/..%e2%88%95secret.txt
/%uff0e%uff0e/secret.txt
/link.txt
/folder
/folder/secret.txt
/linked.mp3
/pipe.mp3
/.hidden.mp3
/a.episode.json
/A.EPISODE.JSON
/a.episode.json/
/podcast.yaml
/podcast.yml
/cast.yaml
/voices.yaml
/a.preview.mp3
/a.preview.json
/notes.txt
/.interview-audio-0123456789ab.0.part
/feed.xml/
/feed.xml/..
/index.html/
/*
/%2a
/.
/..
""".split()  # noqa: SIM905 - one a line is read more easily
"""Paths as they are sent: what is outside of the folder, or in it and nobody's to have."""


@pytest.fixture(autouse=True)
def _cover_drawn_at_once(monkeypatch):
    monkeypatch.setattr(server, "cover_of", lambda feed: b"\xff\xd8 " + feed.name.encode())


@pytest.fixture
def folder(tmp_path):
    """Two episodes, and beside them what nobody is to have."""
    folder = tmp_path / "out"
    for stem in ("a", "b"):
        put_episode(folder, stem)
    (tmp_path / "secret.txt").write_text("secret")
    for name in ("a.preview.mp3", "a.preview.json", "notes.txt", ".hidden.mp3", "voices.yaml", "cast.yaml"):
        (folder / name).write_text("secret")
    (folder / ".interview-audio-0123456789ab.0.part").write_text("secret")
    (folder / "podcast.yaml").write_text("title: The show\nlanguage: en\n", "utf-8")
    if os.name != "nt":
        (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
        (folder / "folder").symlink_to(tmp_path)
        put_episode(folder, "linked")
        (folder / "linked.mp3").unlink()
        (folder / "linked.mp3").symlink_to(tmp_path / "secret.txt")
        put_episode(folder, "pipe")
        (folder / "pipe.mp3").unlink()
        os.mkfifo(folder / "pipe.mp3")
    return folder


@pytest.fixture
def served(folder):
    return Served(folder)


def test_what_an_episode_has_is_given_out(served):
    for name in ("a.mp3", "b.mp3", "a.vtt", "a.srt", "a.transcript.json", "a.chapters.json", "a.html"):
        answer = served.get(name)
        assert (answer.status, answer.headers["content-type"]) == (200, KINDS[name.replace("b", "a", 1)])
        assert answer.headers["content-length"] == str(len(answer.body))
    assert served.get("a.mp3").body == sound("a")
    assert {name: media_type(name) for name in KINDS} == KINDS


def test_nothing_else_is(served, tmp_path):
    assert len(TRAVERSALS) > 50
    for site in (SITE, OPEN):
        here = Served(served.shelf._folder, site)
        for path in TRAVERSALS:
            written = path.replace("SECRET", str(tmp_path / "secret.txt"))
            for asked in {written, unquote(written, errors="replace"), unquote(unquote(written), errors="replace")}:
                for whole in (asked, f"/{TOKEN}{asked}"):
                    answer = here.ask(whole)
                    is_page = whole.rstrip("/") in ("", f"/{TOKEN}")
                    assert is_page or (answer.status, answer.body) == (404, b""), (whole, answer)


def test_a_record_names_nothing_outside_its_folder(served, folder, tmp_path):
    record = folder / "a.episode.json"
    record.write_text(record.read_text("utf-8").replace("a.vtt", "../secret.txt").replace('"a.md"', '"podcast.yaml"'))
    assert served.get("../secret.txt").status == 404
    assert served.get("podcast.yaml").status == 404
    assert served.get("a.mp3").status == 200


def test_a_file_that_becomes_a_link_is_not_followed(served, folder, tmp_path):
    assert served.get("a.md").status == 200
    (folder / "a.md").unlink()
    (folder / "a.md").symlink_to(tmp_path / "secret.txt")
    assert served.ask("/a.md").status == 404  # at once, before the folder is looked at again


def test_hidden_episodes_do_not_go_out_and_later_ones_not_before_their_date(served, folder):
    (folder / "podcast.yaml").write_text("episodes: {a: {hide: true}, b: {date: 2999-01-01}}\n", "utf-8")
    assert [served.get(name).status for name in ("a.mp3", "a.html", "b.mp3")] == [404, 404, 404]
    assert "<item>" not in served.get("feed.xml").text
    assert "Episode a" not in served.get("").text


def test_which_ranges_are_meant():
    assert {written: byte_ranges(written, 100) for written in RANGES} == RANGES
    assert byte_ranges("bytes=0-", 0) == []


def test_ranges_of_a_file(served):
    whole = sound("a")
    one = served.get("a.mp3", {"Range": "bytes=100-199999"})
    assert (one.status, one.body) == (206, whole[100:])
    assert one.headers["content-range"] == "bytes 100-199999/200000"
    several = served.get("a.mp3", {"Range": "bytes=0-9,-10,70000-140000"})
    kind, _, boundary = several.headers["content-type"].partition("; boundary=")
    parts = several.body.split(f"--{boundary}".encode())
    assert (kind, several.headers["content-length"]) == ("multipart/byteranges", str(len(several.body)))
    heads = [part.partition(b"\r\n\r\n") for part in parts[1:-1]]
    assert [body.removesuffix(b"\r\n") for _, _, body in heads] == [whole[:10], whole[-10:], whole[70000:140001]]
    assert heads[1][0] == b"\r\nContent-Type: audio/mpeg\r\nContent-Range: bytes 199990-199999/200000"
    assert parts[-1] == b"--\r\n"
    none = served.get("a.mp3", {"Range": "bytes=200000-"})
    assert (none.status, none.headers["content-range"], none.body) == (416, "bytes */200000", b"")
    assert served.get("a.mp3", {"Range": "seconds=1-2"}).body == whole


def test_what_is_known_is_not_sent_again(served):
    for name in ("a.mp3", "a.vtt", "feed.xml", "", "podcast-cover.jpg"):
        tag = served.get(name).headers["etag"]
        for known in (tag, f'"x", W/{tag}', "*"):
            answer = served.get(name, {"If-None-Match": known})
            assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
        assert served.get(name, {"If-None-Match": '"x"'}).status == 200
    date = served.get("a.mp3").headers["last-modified"]
    assert served.get("a.mp3", {"If-Modified-Since": date}).status == 304
    assert served.get("a.mp3", {"If-Modified-Since": date, "If-None-Match": '"x"'}).status == 200
    assert served.get("a.mp3", {"If-Modified-Since": "yesterday"}).status == 200


def test_a_rest_is_sent_of_the_same_file_alone(served):
    head = served.get("a.mp3", method="HEAD").headers
    for condition, status in (
        (head["etag"], 206),
        (head["last-modified"], 206),
        ('"x"', 200),
        (f"W/{head['etag']}", 200),
    ):
        assert served.get("a.mp3", {"Range": "bytes=1-", "If-Range": condition}).status == status


def test_head_says_what_get_would(served):
    for name in ("a.mp3", "feed.xml", "", "podcast-cover.jpg"):
        get, head = served.get(name), served.get(name, method="HEAD")
        assert (head.status, head.headers) == (get.status, get.headers)
    assert served.get("a.mp3", {"Range": "bytes=0-1"}, method="HEAD").headers["content-length"] == "200000"
    assert served.get("a.mp3", method="HEAD").body == b""


def test_other_methods_are_refused(served):
    for method in ("POST", "PUT", "DELETE", "PROPFIND"):
        assert served.get("a.mp3", method=method).status == 405


@pytest.mark.parametrize("host", ["127.0.0.1", f"localhost:{PORT}", "192.168.1.20:80", "[::1]:8468", "DESK.local."])
def test_a_name_of_this_machine_is_answered(served, host):
    assert served.get("feed.xml", host=host).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", f"127.0.0.1.evil.example:{PORT}", "", None, "a b", "x/127.0.0.1", "[::1"]
)
def test_a_site_whose_name_leads_here_reads_nothing(served, host):
    for name in ("", "feed.xml", "a.mp3"):
        answer = served.get(name, host=host)
        assert (answer.status, answer.body) == (403, b"")


def test_with_the_token_there_is_everything_and_without_it_nothing(folder):
    here = Served(folder, OPEN)
    for path in (
        "/",
        "/feed.xml",
        "/a.mp3",
        f"/{TOKEN}",
        f"/{TOKEN}x/",
        f"/{TOKEN[:-1]}/a.mp3",
        f"//{TOKEN}/a.mp3",
        "*",
        "",
    ):
        answer = here.ask(path)
        assert (answer.status, answer.body) == (404, b"")
    assert here.get("a.mp3", host="podcast.example").status == 200  # a name in front of it: the token is what counts
    assert here.get("a.mp3", host="a b").status == 403


def test_other_pages_read_what_has_a_token_and_pages_of_this_machine_the_rest(folder):
    with_token, without = Served(folder, OPEN), Served(folder)
    evil, own = {"Origin": "https://evil.example"}, {"Origin": "http://localhost:3000"}
    for name in ("feed.xml", "a.vtt", "a.chapters.json", "a.mp3"):
        allowed = "access-control-allow-origin"
        assert with_token.get(name, evil).headers[allowed] == "*"
        assert without.get(name, own).headers[allowed] == "http://localhost:3000"
        assert allowed not in without.get(name, evil).headers
        assert allowed not in without.get(name, {"Origin": "http://localhost.evil.example"}).headers
        assert without.get(name).headers["cross-origin-resource-policy"] == "same-site"
    asked = with_token.get("a.vtt", evil, method="OPTIONS")
    assert (asked.status, asked.headers["access-control-allow-headers"]) == (204, "Range, If-Range, If-None-Match")


def test_every_answer_says_what_a_browser_may_do(served):
    for answer in (
        served.get("a.mp3"),
        served.get("nothing"),
        served.get("", host="x.example"),
        served.get("feed.xml"),
    ):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-cache"


def test_the_feed_has_the_address_by_which_it_was_asked(folder):
    here = Served(folder, OPEN)
    for host in ("192.168.1.20:8468", "desk.local:8468"):
        text = here.get("feed.xml", host=host).text
        assert f'<enclosure url="http://{host}/{TOKEN}/a.mp3" length="200000" type="audio/mpeg"/>' in text
        assert text.count(f"http://{host}/{TOKEN}/b.vtt") == 1
    assert here.get("feed.xml").headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert "<itunes:block>Yes</itunes:block>" in here.get("feed.xml").text


def test_a_phone_is_never_led_to_an_address_of_its_own(folder):
    page = Served(folder, OPEN).get("", host="localhost:8468").text
    assert f"http://192.168.1.20:8468/{TOKEN}/feed.xml" in page
    assert "localhost" not in page
    assert '<svg role="img"' in page
    assert "<svg" not in Served(folder).get("").text


def test_identifiers_and_dates_survive_a_restart_and_another_address(folder):
    def said(**how):
        found = earlier_feed(Served(folder, OPEN).get("feed.xml", **how).text)
        return found.guid, found.items

    first = said()
    assert said() == first
    assert said(host="192.168.7.7:8468") == first
    put_episode(folder, "c")
    more = said(host="desk:8468")
    assert (more[0], more[1].keys() - first[1].keys()) == (first[0], {"c"})
    assert first[1].items() <= more[1].items()


def test_new_and_rendered_again_without_a_restart(served, folder):
    assert "Episode c" not in served.get("").text
    put_episode(folder, "c")
    assert "Episode c" in served.get("").text
    assert "c.mp3" in served.get("feed.xml").text
    assert served.get("c.mp3").status == 200
    before = served.get("a.mp3").headers["etag"]
    put_episode(folder, "a", b"shorter", title="Another title")
    assert served.get("a.mp3").body == b"shorter"
    assert served.get("a.mp3").headers["etag"] != before
    assert 'a.mp3" length="7"' in served.get("feed.xml").text
    assert "Another title" in served.get("").text
    (folder / "b.mp3").unlink()
    assert "Episode b" not in served.get("").text
    assert any("b.mp3: the sound is not there" in line for line in served.warnings)


def test_records_that_have_not_changed_are_not_read_again(served, folder, monkeypatch):
    read = []

    def read_and_note(path):
        read.append(path.name)
        return read_episode(path)

    monkeypatch.setattr(server, "read_episode", read_and_note)
    served.get("feed.xml")
    put_episode(folder, "b", b"other")
    (folder / "a.md").unlink()
    served.get("feed.xml")
    assert sorted(name for name in read if name[0] in "ab") == ["a.episode.json", "b.episode.json"]
    read.clear()
    served.get("a.mp3")
    assert read == []


def test_whoever_downloads_gets_the_old_file_whole(served, folder):
    old = sound("a")

    def replace_it(message):
        if message["type"] == "http.response.start":
            put_episode(folder, "a", b"new")

    answer = served.get("a.mp3", on_send=replace_it)
    assert (answer.body, answer.headers["content-length"]) == (old, str(len(old)))
    assert served.get("a.mp3").body == b"new"


def test_a_file_that_is_cut_meanwhile_ends_the_connection(served, folder):
    def cut(message):
        if message["type"] == "http.response.start":
            os.truncate(folder / "a.mp3", 100_000)

    assert len(served.get("a.mp3", on_send=cut).body) < 200_000  # and no last message: the server hangs up


def test_a_mistake_in_podcast_yaml_is_told_and_the_show_goes_on(served, folder):
    assert "The show" in served.get("").text
    (folder / "podcast.yaml").write_text("titel: x\n", "utf-8")
    assert "The show" in served.get("").text
    assert len([line for line in served.warnings if "podcast.yaml:1:1" in line]) == 1
    (folder / "podcast.yaml").write_text("title: Another show\n", "utf-8")
    assert "Another show" in served.get("").text
    (folder / "podcast.yaml").write_text("titel: x\n", "utf-8")
    with pytest.raises(ConfigurationError):
        Served(folder)


def test_feeds_by_language(served, folder):
    put_episode(folder, "c", title="灯塔访谈", language="zh")
    (folder / "podcast.yaml").write_text("title: The show\nfeeds: by_language\n", "utf-8")
    assert served.get("feed.xml").status == 404
    assert "c.mp3" in served.get("feed.zh.xml").text
    assert "c.mp3" not in served.get("feed.en.xml").text
    page = served.get("").text
    assert "feed.zh.xml" in page
    assert "feed.en.xml" in page
    assert served.get("podcast-cover.zh.jpg").headers["content-type"] == "image/jpeg"


def test_an_episode_that_comes_while_the_folder_is_first_read_appears(folder, monkeypatch):
    def read_slowly(*words):
        put_episode(folder, "new")
        return read_channel(*words)

    monkeypatch.setattr(server, "read_channel", read_slowly)
    assert "new.mp3" in Served(folder).get("feed.xml").text


def test_pages_do_not_name_the_guests_of_episodes_that_are_not_listed(served, folder):
    put_episode(folder, "c", cast=(RecordedMember("Ada", "guest", (), ""),))
    (folder / "podcast.yaml").write_text("episodes: {c: {hide: true}}\n", "utf-8")
    assert "Ada" not in served.get("").text


def test_the_page_has_the_dates_of_the_feed(served, folder):
    (day,) = set(re.findall('<time datetime="(.*?)"', served.get("").text))
    feed = served.get("feed.xml").text
    assert {item.published.date().isoformat() for item in earlier_feed(feed).items.values()} == {day}


def test_an_episode_called_index_does_not_hide_the_page_of_the_show(served, folder):
    put_episode(folder, "index")
    assert "<title>The show</title>" in served.get("").text
    assert "<title>Player</title>" in served.get("index.html").text


def test_a_folder_without_episodes_has_a_page_and_a_feed(tmp_path):
    (tmp_path / "none").mkdir()
    here = Served(tmp_path / "none")
    assert "There are no episodes yet." in here.get("").text
    assert "<item>" not in here.get("feed.xml").text


def test_a_download_is_told_once(served):
    for headers in ({}, {}, {"Range": "bytes=0-1"}, {"Range": "bytes=100-"}):
        served.get("a.mp3", headers)
    served.get("a.vtt")
    served.get("b.mp3", {"Range": "bytes=5-"})
    assert served.told == ["192.168.1.9 listens to a.mp3"]


def test_the_picture_of_the_show_is_the_one_that_feed_wrote(served, folder):
    drawn = served.get("podcast-cover.jpg")
    assert (drawn.status, drawn.body[:2]) == (200, b"\xff\xd8")
    (folder / "podcast-cover.jpg").write_bytes(b"written by feed")
    assert served.get("podcast-cover.jpg").body == b"written by feed"


def test_dates_are_those_of_files(served, folder):
    os.utime(folder / "a.mp3", (1e9, 1e9))
    assert parsedate_to_datetime(served.get("a.mp3").headers["last-modified"]).timestamp() == 1e9


def test_the_address_that_others_use(monkeypatch):
    assert places_of("192.168.1.5") == ("192.168.1.5",)
    assert places_of("::1") == ("[::1]",)
    found = [("docker0", "172.17.0.1"), ("wg0", "10.8.0.2"), ("eth1", "10.0.0.4"), ("wlan0", "192.168.1.20")]
    monkeypatch.setattr(server, "_interfaces", lambda: iter(found))
    monkeypatch.setattr(server, "_outgoing", lambda: "192.168.1.20")
    assert places_of("0.0.0.0") == ("192.168.1.20", "10.0.0.4", "172.17.0.1", "10.8.0.2")
    monkeypatch.setattr(server, "_outgoing", lambda: "10.8.0.2")
    assert places_of("::")[0] in ("10.0.0.4", "192.168.1.20")
    monkeypatch.setattr(server, "_interfaces", lambda: iter(()))
    assert places_of("0.0.0.0") == ("127.0.0.1",)


def test_images_of_chapters_have_the_address_by_which_somebody_asks(tmp_path):
    chapters = (RecordedChapter("One", 0, 1, "a.image-1.jpg"), RecordedChapter("Two", 1, 2, "https://b.example/c.jpg"))
    put_episode(tmp_path, "a", chapters=chapters)
    written = '{"chapters": [{"img": "a.image-1.jpg"}, {"img": "https://b.example/c.jpg"}, {}]}'
    (tmp_path / "a.chapters.json").write_text(written, "utf-8")
    served = Served(tmp_path, OPEN)
    answer = served.get("a.chapters.json", host="192.168.1.20:8468")
    whole = [f"http://192.168.1.20:8468/{TOKEN}/a.image-1.jpg", "https://b.example/c.jpg", None]
    assert [one.get("img") for one in json.loads(answer.text)["chapters"]] == whole
    assert answer.headers["content-type"] == "application/json+chapters"
    known = served.get("a.chapters.json", {"if-none-match": answer.headers["etag"]}, host="192.168.1.20:8468")
    assert known.status == 304


def test_the_page_of_an_episode_leads_to_its_show_by_the_address_that_was_asked(folder):
    (folder / "a.html").write_text(f"<head>{HEAD_MARK}</head>{WAY_MARK}", "utf-8")
    here = Served(folder, OPEN)
    for host, named in (("desk.local:8468", "desk.local:8468"), ("localhost:8468", "192.168.1.20:8468")):
        answer = here.get("a.html", host=host)
        assert f'type="application/rss+xml" title="The show" href="http://{named}/{TOKEN}/feed.xml">' in answer.text
        assert f'<meta property="og:audio" content="http://{named}/{TOKEN}/a.mp3">' in answer.text
        assert ">All episodes · Subscribe</a>" in answer.text
        assert f'<link rel="canonical" href="http://{named}/{TOKEN}/index.html">' in here.get("", host=host).text
    known = here.get("a.html", {"if-none-match": answer.headers["etag"]}, host=host)
    assert (known.status, known.body) == (304, b"")
    assert here.get("a.html", {"range": "bytes=0-3"}, host=host).body == answer.body  # made anew, it has no parts
    (folder / "a.html").write_text("edited", "utf-8")
    assert here.get("a.html", {"if-none-match": answer.headers["etag"]}, host=host).text == "edited"
