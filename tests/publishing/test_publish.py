"""What is sent to a target, in which order, and what a second run sends: by folders, which all targets are like."""

import errno
import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import pytest

from interview_audio.errors import OutputError, UsageError
from interview_audio.production.sidecars.player_page import HEAD_MARK, WAY_MARK
from interview_audio.publishing.catalogue import read_catalogue
from interview_audio.publishing.channel import read_channel
from interview_audio.publishing.feed import write_feeds
from interview_audio.publishing.publish import PublishOptions, publish
from interview_audio.storage import targets
from interview_audio.storage.targets import LIST_NAME, TargetError
from served_folder import put_episode, sound

BASE = "https://example.org/show/"
EPISODE = ("vtt", "srt", "transcript.json", "chapters.json", "md", "mp3", "html")


@dataclass
class Listener:
    told: list = field(default_factory=list)

    def begin(self, files, size):
        self.told.append((files, size))

    def sent(self, size):
        self.told.append(size)

    def finishing(self):
        self.told.append("finishing")


def published(folder, to="site", base_url=BASE, **options):
    return publish(folder, PublishOptions(str(to), base_url, **options), Listener())


def names(publication):
    return [file.name for file, _ in publication.sent]


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_all_that_listeners_get_is_sent_and_nothing_else(episodes, tmp_path):
    (episodes / "podcast.yaml").write_text("title: Lights")
    (episodes / "talk.txt").write_text("The source.")
    published(episodes)
    expected = {f"{stem}.{suffix}" for stem in "ab" for suffix in EPISODE}
    assert files(tmp_path / "site").keys() == expected | {"index.html", "podcast-cover.jpg", "feed.xml", LIST_NAME}
    assert (tmp_path / "site" / "a.mp3").read_bytes() == (episodes / "a.mp3").read_bytes()


def test_sound_and_captions_go_first_then_pages_then_the_feed(episodes):
    sent = names(published(episodes))
    kinds = ["feed" if name == "feed.xml" else "page" if name.endswith(".html") else "file" for name in sent]
    kinds[sent.index("podcast-cover.jpg")] = "page"
    assert kinds == sorted(kinds, key=["file", "page", "feed"].index)


def test_a_second_run_sends_nothing(episodes, tmp_path):
    first = published(episodes)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "site").iterdir()}
    second = published(episodes)
    assert names(second) == []
    assert second.feeds == first.feeds == (f"{BASE}feed.xml",)
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "site").iterdir()} == before


def test_an_episode_that_was_rendered_again_is_sent_again(episodes):
    published(episodes)
    put_episode(episodes, "b", sound("another", 4000))
    assert names(published(episodes)) == ["b.mp3", "feed.xml"]


def test_what_is_no_longer_listed_stays_there(episodes, tmp_path):
    published(episodes)
    (episodes / "a.episode.json").unlink()
    assert names(published(episodes)) == ["index.html", "feed.xml"]
    assert (tmp_path / "site" / "a.mp3").exists()


def test_dates_and_identifiers_are_those_of_the_feed_that_is_there(episodes, tmp_path):
    published(episodes)
    (guids, dates) = (
        re.findall(f"<{tag}.*?</{tag}>", (tmp_path / "site/feed.xml").read_text()) for tag in ("guid", "pubDate")
    )
    put_episode(episodes, "b", sound("another", 4000))
    put_episode(episodes, "c", sound("c", 3000))
    published(episodes, base_url="https://other.example/")
    feed = (tmp_path / "site/feed.xml").read_text()
    assert all(entry in feed for entry in (*guids, *dates))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("edited", "was changed after it was written, and is not sent"),
        ("<rss><channel/></rss>", "was not written by this command, or is damaged, and is not sent"),
    ],
)
def test_a_feed_that_somebody_edited_is_named_and_not_sent(episodes, tmp_path, content, what):
    feed = write_feeds(read_catalogue(episodes), read_channel(episodes), BASE)[0].path
    assert published(episodes).notices == ()
    written = feed.read_text().replace("<title>", "<title>My ")
    feed.write_text(written if content == "edited" else content)
    assert published(episodes).notices == (
        f"{feed} {what}: what is sent is made from podcast.yaml and the episodes; put changes into podcast.yaml",
    )
    assert "<title>My " not in (tmp_path / "site/feed.xml").read_text()


def test_a_dry_run_says_what_would_be_sent_and_makes_not_even_the_folder(episodes, tmp_path):
    plan = published(episodes, is_dry=True)
    assert names(plan) == names(published(episodes))
    assert plan.bytes == sum(len(content) for name, content in files(tmp_path / "site").items() if name != LIST_NAME)
    put_episode(episodes, "b", sound("another", 4000))
    before = files(tmp_path / "site")
    assert [(file.name, state.value) for file, state in published(episodes, is_dry=True).sent] == [
        ("b.mp3", "changed"),
        ("feed.xml", "changed"),
    ]
    assert files(tmp_path / "site") == before


@pytest.mark.parametrize("name", ["index.html", "a.mp3"])
def test_a_file_of_somebody_else_is_replaced_only_when_that_is_asked_for(episodes, tmp_path, name):
    site = tmp_path / "site"
    site.mkdir()
    (site / name).write_text("theirs")
    with pytest.raises(OutputError, match=f"{name} was put there by somebody else"):
        published(episodes)
    assert files(site) == {name: b"theirs"}
    assert [state.value for file, state in published(episodes, is_dry=True).sent if file.name == name] == ["not ours"]
    published(episodes, is_replacing=True)
    assert (site / name).read_bytes() != b"theirs"
    assert names(published(episodes)) == []


@pytest.mark.parametrize("name", ["index.html", "a.mp3"])
def test_what_somebody_puts_there_while_we_look_is_not_replaced(episodes, tmp_path, name):
    site = tmp_path / "site"

    class Rival(Listener):
        def begin(self, files, size):
            site.mkdir()
            (site / name).write_text("theirs")

    with pytest.raises(TargetError, match=f"{name}: somebody has put it there meanwhile; publish again"):
        publish(episodes, PublishOptions(str(site), BASE), Rival())
    assert files(site).keys() - {".interview-audio-publishing.lock"} == {name}
    assert (site / name).read_text() == "theirs"


def test_a_file_of_ours_that_was_edited_there_is_somebody_else_s(episodes, tmp_path):
    published(episodes)
    (tmp_path / "site" / "a.vtt").write_text("WEBVTT edited")
    with pytest.raises(OutputError, match=re.escape("site: a.vtt was put there")):
        published(episodes)


def test_what_was_put_there_by_hand_and_is_the_same_counts_as_sent(episodes, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.mp3").write_bytes((episodes / "a.mp3").read_bytes())
    assert "a.mp3" not in names(published(episodes))


class _StopError(Exception):
    pass


@pytest.mark.parametrize("moment", [2, 5, 13, 16, 18])
def test_a_run_that_ends_half_way_leaves_no_feed_and_the_next_one_sends_the_rest(episodes, tmp_path, moment):
    site = tmp_path / "site"

    class Killed(Listener):
        def sent(self, size):
            super().sent(size)
            if len(self.told) == moment:
                raise _StopError

    with pytest.raises(_StopError):
        publish(episodes, PublishOptions(str(site), BASE), Killed())
    arrived = {name for name in files(site) if name != LIST_NAME}
    assert "feed.xml" not in arrived
    assert len(arrived) == moment - 2  # the first is what will be sent, and the last is still on its way
    put_episode(episodes, "a", sound("meanwhile", 3100))
    rest = names(published(episodes))
    assert set(rest) & arrived <= {"a.mp3", "index.html"}
    assert names(published(episodes)) == []
    assert not [name for name in files(site) if name.endswith(".part")]


def test_a_private_show_has_a_path_of_its_own_and_is_listed_nowhere(episodes, tmp_path):
    for stem in "ab":
        (episodes / f"{stem}.html").write_text("<!DOCTYPE html>\n<html>\n<head lang=en>\n<title>x</title>", "utf-8")
    first = published(episodes, is_private=True)
    assert names(published(episodes, is_private=True)) == []
    (found,) = (tmp_path / "site").iterdir()
    assert re.fullmatch(r"[\w-]{22}", found.name)
    assert first.feeds == (f"{BASE}{found.name}/feed.xml",)
    assert "<itunes:block>Yes</itunes:block>" in (found / "feed.xml").read_text()
    pages = [(found / name).read_text() for name in ("index.html", "a.html", "b.html")]
    assert all('<meta name="robots" content="noindex, nofollow">' in page for page in pages)
    assert pages[1].startswith('<!DOCTYPE html>\n<html>\n<head lang=en>\n<meta name="robots"')
    assert published(episodes, "elsewhere", is_private=True).feeds != first.feeds
    public = published(episodes)
    assert public.feeds == (f"{BASE}feed.xml",)
    guid = re.compile("<podcast:guid>.*</podcast:guid>")
    assert guid.findall((found / "feed.xml").read_text()) != guid.findall((tmp_path / "site/feed.xml").read_text())


@pytest.mark.parametrize("is_private", [False, True])
def test_pages_know_where_they_are_unless_that_is_secret(episodes, tmp_path, is_private):
    (episodes / "a.html").write_text(f"<head>{HEAD_MARK}</head>{WAY_MARK}", "utf-8")
    base = published(episodes, is_private=is_private).base_url
    assert names(published(episodes, is_private=is_private)) == []
    site = tmp_path / "site" / base.removeprefix(BASE)
    for name in ("a.html", "index.html"):
        page = (site / name).read_text("utf-8")
        assert (f'<link rel="canonical" href="{base}{name}">' in page) is not is_private
        assert ('property="og:image"' in page) is not is_private
        assert f'type="application/rss+xml" title="灯塔" href="{base}feed.xml">' in page
    assert ">All episodes · Subscribe</a>" in (site / "a.html").read_text("utf-8")
    assert (site / "b.html").read_bytes().endswith((episodes / "b.html").read_bytes()) is not is_private


def test_a_private_show_is_another_one_than_podcast_yaml_says_of_the_public_one(episodes, tmp_path):
    guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    (episodes / "podcast.yaml").write_text(
        f"guid: {guid}\nnew_feed_url: https://example.net/feed.xml\nfeeds: by_language\nlanguages: {{en: {{guid: {guid}}}}}\n"
    )
    secret = published(episodes, is_private=True).base_url.split("/")[-2]
    private = (tmp_path / "site" / secret / "feed.en.xml").read_text("utf-8")
    published(episodes)
    public = (tmp_path / "site" / "feed.en.xml").read_text("utf-8")
    said = (guid, "<itunes:new-feed-url>")
    assert [[one in feed for one in said] for feed in (private, public)] == [[False, False], [True, True]]


def test_the_page_of_all_languages_is_about_the_whole_show(episodes, tmp_path):
    (episodes / "podcast.yaml").write_text("title: Lights\nfeeds: by_language\nlanguages: {en: {title: English}}\n")
    published(episodes)
    assert "<title>Lights</title>" in (tmp_path / "site" / "index.html").read_text("utf-8")


def test_the_page_has_the_dates_of_the_feed(episodes, tmp_path):
    published(episodes)
    feed = tmp_path / "site/feed.xml"
    days = {
        parsedate_to_datetime(date).date().isoformat()
        for date in re.findall("<item>.*?<pubDate>(.*?)</", feed.read_text(), re.DOTALL)
    }
    page = (tmp_path / "site/index.html").read_text("utf-8")
    assert set(re.findall('<time datetime="(.*?)"', page)) == days
    assert len(days) in (1, 2)  # just after midnight


def test_podcast_yaml_says_where_to_from_its_own_folder(episodes, tmp_path):
    (episodes / "podcast.yaml").write_text(f"publish_to: ../site\nbase_url: {BASE}\n")
    publication = publish(episodes, PublishOptions(), Listener())
    assert (tmp_path / "site" / "feed.xml").exists()
    assert publication.page == f"{BASE}index.html"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (PublishOptions(), "where to[?]"),
        (PublishOptions("site"), "at which address do listeners find site[?]"),
        (PublishOptions("site", "example.org"), "--base-url: 'example.org' is not the address"),
        (PublishOptions("out", BASE), "out is the folder of the episodes"),
        (PublishOptions("https://example.org/", BASE), "https://example.org/: pages are read there"),
        (PublishOptions("nothing://x", BASE), "nothing://: not a known address"),
    ],
)
def test_a_command_that_does_not_fit_says_what_to_write(episodes, options, message):
    with pytest.raises(UsageError, match=message):
        publish(episodes, options, Listener())


def test_a_folder_without_episodes_is_not_published(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(OutputError, match="there is no episode to publish in"):
        published(tmp_path / "empty")


def test_two_files_of_one_name_are_an_error_before_anything_is_sent(episodes, tmp_path):
    put_episode(episodes, "index", sound("index", 3000))
    with pytest.raises(OutputError, match=re.escape("two files would be published as index.html")):
        published(episodes)
    assert not (tmp_path / "site").exists()


def test_a_place_that_cannot_be_written_is_one_line(episodes, tmp_path):
    (tmp_path / "site").write_text("a file")
    with pytest.raises(TargetError, match="site: Not a directory; check the address"):
        published(episodes)


def test_a_folder_that_cannot_be_written_is_named_and_not_a_file_of_ours_in_it(episodes, tmp_path, monkeypatch):
    def refuse(path):
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(targets, "file_lock", refuse)
    with pytest.raises(TargetError, match=f"^{re.escape(str(tmp_path / 'site'))}: Read-only file system; check"):
        published(episodes, tmp_path / "site")


def test_the_listener_is_told_how_many_bytes_are_sent(episodes):
    listener = Listener()
    publication = publish(episodes, PublishOptions("site", BASE), listener)
    (count, size), *steps, last = listener.told
    assert (count, size, last) == (len(publication.files), publication.bytes, "finishing")
    assert steps == sorted(steps)
    assert steps[-1] == size
