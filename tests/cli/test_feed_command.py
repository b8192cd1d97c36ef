"""``feed``: what a user types, and what it says."""

import errno
import json

import pytest

from interview_audio.production import cover
from interview_audio.publishing import feed
from shows import JPEG

URL = "https://example.org/show"


@pytest.fixture(autouse=True)
def _no_cover_drawn(monkeypatch):
    drawn, made = cover.Cover(b"", JPEG, ()), cover.make_cover
    monkeypatch.setattr(cover, "make_cover", lambda title, path: made(title, path) if path else drawn)


@pytest.fixture
def out(rendered, tmp_path):
    return tmp_path / "out"


def test_the_first_command_works_without_a_podcast_yaml(run, out):
    done = run("feed", "out", "--base-url", URL)
    assert (done.code, done.out) == (0, f"out/feed.xml  1 episode, written: {URL}/feed.xml\n")
    assert done.err == (
        "1 thing would be refused; see: interview-audio feed out --check\n"
        "Name, description and address of the show: interview-audio feed out --init\n"
    )
    again = run("feed", "out")  # the feed says where it is
    assert (again.code, again.out) == (0, f"out/feed.xml  1 episode, unchanged: {URL}/feed.xml\n")


def test_a_podcast_yaml_to_fill_in(run, out):
    run("feed", "out", "--base-url", URL)
    assert run("feed", "out", "--init").out == "out/podcast.yaml  fill it in, then: interview-audio feed out\n"
    file = out / "podcast.yaml"
    file.write_text(file.read_text("utf-8").replace("# email: you@", "email: ada@"), "utf-8")
    assert run("feed", "out").err == ""
    checked = run("feed", "out", "--check")
    assert (checked.code, checked.out) == (0, "out/feed.xml\nNothing would be refused.\n")
    refused = run("feed", "out", "--init")
    assert (refused.code, refused.err) == (
        1,
        "Error: out/podcast.yaml exists and is not replaced; edit it, or move it away\n",
    )


def test_a_command_that_is_suggested_can_be_pasted(run, out, tmp_path):
    name = "我的 播客 show #1 & co%20"
    out.rename(tmp_path / name)
    done = run("feed", name, "--base-url", URL)
    assert done.err == (
        f"1 thing would be refused; see: interview-audio feed '{name}' --check\n"
        f"Name, description and address of the show: interview-audio feed '{name}' --init\n"
    )
    assert run("feed", name, "--init").out.endswith(f"  fill it in, then: interview-audio feed '{name}'\n")
    (tmp_path / name / "podcast.yaml").write_text("email: ada@example.org\n")
    assert run("feed", name, "--check").err.endswith(f"; to write it: interview-audio feed '{name}'\n")


def test_a_podcast_yaml_without_an_address_says_that_it_is_needed(run, out):
    done = run("feed", "out", "--init")
    assert done.out == "out/podcast.yaml  fill it in (base_url: is needed), then: interview-audio feed out\n"


@pytest.mark.parametrize("words", [("--base-url", URL), ("--init",)])
def test_a_folder_that_cannot_be_written_is_named(run, out, monkeypatch, words):
    def refuse(path, content):
        raise OSError(errno.EROFS, "Read-only file system", str(path.with_name(".interview-audio-29d3.lock")))

    monkeypatch.setattr(feed, "write_whole", refuse)
    done = run("feed", "out", *words)
    name = "podcast.yaml" if "--init" in words else "podcast-cover.jpg"
    assert (done.code, done.err) == (
        1,
        f"Error: cannot write {name} to out: Read-only file system; make room or allow writing there, or copy the "
        "episodes to another folder and name that one\n",
    )


def test_the_chapters_of_an_episode_called_feedback_are_no_feed(run, out):
    for name in ("feed.psc.xml", "feedback.psc.xml"):
        (out / name).write_text("<psc:chapters xmlns:psc='http://podlove.org/simple-chapters'/>")
    run("feed", "out", "--base-url", URL)
    checked = json.loads(run("feed", "out", "--check", "--json").out)
    assert [one["path"] for one in checked["feeds"]] == ["out/feed.xml"]


def test_what_would_be_refused_makes_the_check_fail(run, out):
    done = run("feed", "out", "--check", "--base-url", URL)
    assert not (out / "feed.xml").exists()
    assert (done.code, done.err) == (1, "Error: out: 1 thing would be refused\n")
    assert done.out.splitlines()[:2] == ["out/feed.xml", "Refused: 1"]
    assert "email: in podcast.yaml (Spotify, YouTube, 小宇宙)" in " ".join(done.out.split())


def test_what_would_be_written_now_is_checked_and_not_the_feed_of_before(run, out):
    run("feed", "out", "--base-url", URL)
    (out / "podcast.yaml").write_text("email: ada@example.org\n")
    before = (out / "feed.xml").read_bytes()
    checked = run("feed", "out", "--check")
    assert (checked.code, checked.out) == (0, "out/feed.xml\nNothing would be refused.\n")
    older = "out/feed.xml is older than what is checked here; to write it: interview-audio feed out"
    assert checked.err == f"Warning: {older}\n"
    assert json.loads(run("feed", "out", "--check", "--json").out)["notices"] == [older]
    assert (out / "feed.xml").read_bytes() == before
    assert run("feed", "out/feed.xml", "--check").code == 1
    run("feed", "out")
    assert run("feed", "out", "--check").err == ""


def test_a_feed_that_is_no_longer_written_does_not_fail_the_check(run, out):
    run("feed", "out", "--base-url", URL)
    (out / "podcast.yaml").write_text("email: ada@example.org\nfeeds: by_language\n")
    checked = run("feed", "out", "--check")
    assert (checked.code, checked.out) == (0, "out/feed.en.xml\nNothing would be refused.\n")
    assert checked.err == (
        "Warning: out/feed.xml is a feed of before, and no longer written; remove it once its subscribers have moved "
        "(new_feed_url in podcast.yaml tells them where to)\n"
    )


def test_a_feed_that_is_kept_is_checked_as_it_is(run, out):
    run("feed", "out", "--base-url", URL)
    (out / "podcast.yaml").write_text("email: ada@example.org\n")
    feed = out / "feed.xml"
    feed.write_text(feed.read_text("utf-8").replace("<title>", "<title>My "), "utf-8")
    checked = run("feed", "out", "--check")
    lines = checked.out.splitlines()
    assert (checked.code, lines[:2], lines[-2:]) == (
        1,
        ["out/feed.xml", "Refused: 1"],
        ["out/feed.new.xml", "Nothing would be refused."],
    )
    assert checked.err.startswith(
        "Warning: out/feed.xml was changed after it was written, and is checked as it is; a new feed is beside it\n"
    )
    feed.write_text('<rss version="2.0"><channel><title>Mine</title></channel></rss>')
    checked = run("feed", "out", "--check")
    assert checked.err.startswith("Warning: out/feed.xml was not written by this command and is not replaced; ")
    assert [line for line in checked.out.splitlines() if line.startswith("out/")] == ["out/feed.xml"]


def test_a_folder_from_which_nothing_would_be_written_cannot_be_checked(run, out):
    (out / "podcast.yaml").write_text("feeds: by_language\nepisodes: {talk.en: {hide: true}}\n")
    checked = run("feed", "out", "--check", "--base-url", URL)
    assert (checked.code, checked.err) == (
        1,
        "Error: there is no episode to publish in out; render one into it with -o\n",
    )


def test_a_feed_of_another_program_is_checked_and_not_replaced(run, out):
    feed = out / "feed.xml"
    feed.write_text('<rss version="2.0"><channel><title>Mine</title></channel></rss>')
    checked = run("feed", feed, "--check", "--json")
    rules = {finding["rule"] for finding in json.loads(checked.out)["feeds"][0]["findings"]}
    assert checked.code == 1
    assert {"encoding", "description", "image", "category"} <= rules
    done = run("feed", "out", "--base-url", URL)
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "was not written by this command and is not replaced" in done.err


def test_a_folder_of_another_program_is_checked(run, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "rss.xml").write_text('<rss version="2.0"><channel><title>Mine</title></channel></rss>')
    (tmp_path / "site" / "chapters.xml").write_text("<chapters/>")
    done = run("feed", "site", "--check")
    assert done.code == 1
    assert [line for line in done.out.splitlines() if line.startswith("site")] == ["site/rss.xml"]


def test_everything_as_json(run, out, tmp_path):
    (out / "podcast.yaml").write_text(f"base_url: {URL}\nepisodes: {{talk.em: {{hide: true}}}}\n")
    done = run("feed", "out", "--json")
    (feed,) = json.loads(done.out)["feeds"]
    assert feed.pop("findings")[0]["rule"] == "email"
    assert feed == {
        "path": "out/feed.xml",
        "address": f"{URL}/feed.xml",
        "title": tmp_path.name,
        "episodes": 1,
        "changed": True,
        "cover": "out/podcast-cover.jpg",
        "notices": [],
    }
    assert done.err == ("Warning: out/podcast.yaml:2:12: there is no episode talk.em in out; did you mean 'talk.en'?\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["out"], "where will out be? give --base-url URL"),
        (["out", "--base-url", "example.org"], "--base-url: 'example.org' is not the address of a web page"),
        (["out/talk.en.mp3", "--base-url", URL], "is a file; name the folder of the episodes"),
        (["out", "--check", "--init"], "--check and --init are two commands"),
        (
            ["out", "--init", "--podcast", "out/talk.en.md"],
            "--init writes a podcast.yaml into out; leave out --podcast",
        ),
        (["nothing"], "does not exist"),
    ],
)
def test_wrong_words(run, out, words, message):
    done = run("feed", *words)
    assert done.code == 2
    assert message in done.err


def test_a_folder_without_episodes(run, tmp_path):
    (tmp_path / "empty").mkdir()
    done = run("feed", "empty", "--base-url", URL)
    assert (done.code, done.err) == (1, "Error: there is no episode to publish in empty; render one into it with -o\n")


def test_a_mistake_in_podcast_yaml_is_an_error_with_its_place(run, out):
    (out / "podcast.yaml").write_text("titel: Talks\n")
    done = run("feed", "out", "--base-url", URL)
    assert (done.code, done.err) == (
        1,
        "Error: out/podcast.yaml:1:1: unknown setting titel; did you mean 'title'?\n",
    )
    assert not (out / "feed.xml").exists()
