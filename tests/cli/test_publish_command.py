"""``publish`` as a user runs it: an episode of a render, from its folder to a feed whose files are there."""

import json
from urllib.parse import unquote

import feedparser
import pytest
from PIL import Image

from interview_audio.production import cover
from interview_audio.publishing import publish as publishing

BASE = "https://example.org/show/"


@pytest.fixture(autouse=True)
def _covers_not_drawn(monkeypatch, tmp_path):
    monkeypatch.setattr(cover, "draw_cover", lambda title: cover.DrawnCover(Image.new("RGB", (1400, 1400)), ()))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_a_rendered_episode_is_published_in_one_command(run, rendered, tmp_path):
    plan = run("publish", "out", "--to", "site", "--base-url", BASE, "--dry-run")
    assert not (tmp_path / "site").exists()
    result = run("publish", "out", "--to", "site", "--base-url", BASE)
    count, size = len(plan.out.splitlines()) - 3, plan.out.splitlines()[-3].split(", ")[1].partition(" to ")[0]
    assert result.out.splitlines() == [
        f"Sent {count} files, {size} to site; unchanged: 0",
        f"Feed: {BASE}feed.xml",
        f"Page: {BASE}index.html",
    ]
    assert result.err.startswith(f"Sending {count} files, {size}\nSending ")
    site = tmp_path / "site"
    feed = feedparser.parse((site / "feed.xml").read_bytes())
    assert [entry.title for entry in feed.entries] == ["The keeper of the light"]
    sound = feed.entries[0].enclosures[0]
    assert int(sound.length) == (site / unquote(sound.href.removeprefix(BASE))).stat().st_size
    assert not [path.name for path in site.iterdir() if path.suffix in (".yaml", ".txt") or "episode" in path.name]
    again = run("publish", "out", "--to", "site", "--base-url", BASE, "--json")
    assert (json.loads(again.out)["sent"], json.loads(again.out)["unchanged"]) == ([], count)


def test_a_terminal_has_a_bar(run, rendered, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert "Sending" in run("publish", "out", "--to", "site", "--base-url", BASE, "--private").err


def test_what_is_missing_is_said_in_a_line(run, rendered, tmp_path):
    assert run("publish", "out", "--to", "site").code == 2
    result = run("publish", "out")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Error: where to? give --to FOLDER, s3://BUCKET/FOLDER or git+URL#BRANCH")


def test_ctrl_c_says_that_the_next_run_goes_on(run, rendered, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, "publish", interrupted)
    result = run("publish", "out", "--to", "site", "--base-url", BASE)
    assert (result.code, result.err.strip()) == (
        130,
        "Interrupted; what was sent stays there, publish again to continue.",
    )
