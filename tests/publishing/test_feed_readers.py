"""The feed as readers of other makers see it: every element as it is written."""

import json
import shutil
import subprocess
from pathlib import Path

import feedparser
import podcastparser
import pytest

from interview_audio.publishing.feed import channel_guid

ORACLES = Path(__file__).parents[1] / "oracles"
BASE = "https://example.org/show/"
GUID = channel_guid(f"{BASE}feed.xml")
NOTES = (
    "<p>We met Ida &amp; her &lt;lamp&gt;.</p><p>Guest: Ida Holm<br />Date: 2024-05-06</p><p>Chapters</p>"
    "<p>00:00 Who?<br />00:30 Why &quot;so&quot;?</p><p>The voices are synthetic.</p>"
)
YAML = """\
title: Lamp & <light>
description: All of it.
author: Ada Holm
email: ada@example.org
categories: [Society & Culture > Documentary, Technology]
copyright: 2026 Ada
locked: true
funding: {url: https://example.org/give, text: Give}
type: serial
episodes: {lamp.en: {season: 2, number: 7, type: bonus, explicit: true}, ta.zh: {number: 1}}
"""


@pytest.fixture
def feed(show, publish):
    (show / "podcast.yaml").write_text(YAML)
    return publish(show)[0].path


def test_gpodder_s_reader(feed):
    with feed.open("rb") as file:
        read = podcastparser.parse(f"{BASE}feed.xml", file)
    episodes = {episode.pop("title"): episode for episode in read.pop("episodes")}
    assert read == {
        "title": "Lamp & <light>",
        "description": "All of it.",
        "link": BASE,
        "language": "en",
        "cover_url": f"{BASE}podcast-cover.jpg",
        "generator": "interview-audio",
        "explicit": False,
        "type": "serial",
        "itunes_author": "Ada Holm",
        "itunes_owner": {"name": "Ada Holm", "email": "ada@example.org"},
        "itunes_categories": [["Society & Culture", "Documentary"], ["Technology"]],
    }
    episode = episodes["The lamp & the <sea>"]
    assert episode.pop("description").splitlines()[0] == "We met Ida & her <lamp>."
    assert episode == {
        "guid": episode["guid"],
        "link": f"{BASE}lamp.en.html",
        "published": 1714996800,
        "description_html": NOTES,
        "enclosures": [{"url": f"{BASE}lamp.en.mp3", "file_size": 5, "mime_type": "audio/mpeg"}],
        "episode_art_url": f"{BASE}lamp.en.cover.jpg",
        "total_time": 61,
        "explicit": True,
        "season": 2,
        "number": 7,
        "type": "bonus",
        "chapters": [{"start": 0, "title": "Who?"}, {"start": 30, "title": 'Why "so"?'}],
        "payment_url": None,
    }


def test_feedparser(feed):
    read = feedparser.parse(feed.read_bytes())
    assert not read.bozo
    assert (read.feed.title, read.feed.subtitle, read.feed.rights) == ("Lamp & <light>", "All of it.", "2026 Ada")
    assert [link.href for link in read.feed.links] == [BASE, f"{BASE}feed.xml"]
    assert read.feed.publisher_detail == {"name": "Ada Holm", "email": "ada@example.org"}
    assert (read.feed.podcast_guid, read.feed.podcast_medium) == (GUID, "podcast")
    assert read.feed.podcast_locked == {"owner": "ada@example.org"}  # of an element with attributes it has no text
    assert [tag.term for tag in read.feed.tags] == ["Society & Culture", "Documentary", "Technology"]
    entry = next(entry for entry in read.entries if entry.title.startswith("The lamp"))
    assert entry.summary == NOTES
    assert entry.enclosures == [{"href": f"{BASE}lamp.en.mp3", "length": "5", "type": "audio/mpeg"}]
    assert [mark.title for mark in entry.psc_chapters.chapters] == ["Who?", 'Why "so"?']
    assert entry.podcast_chapters == {"url": f"{BASE}lamp.en.chapters.json", "type": "application/json+chapters"}
    assert (entry.itunes_season, entry.itunes_episode, entry.itunes_episodetype) == ("2", "7", "bonus")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
@pytest.mark.skipif(
    not (ORACLES / "node_modules/feedsmith").is_dir(), reason="make oracles has not installed the readers"
)
def test_partytime_and_feedsmith(feed):
    run = subprocess.run(["node", ORACLES / "feeds.mjs", feed], capture_output=True, check=True)
    read = json.loads(run.stdout)
    partytime, feedsmith = read["partytime"], read["feedsmith"]
    transcripts = [
        {"url": f"{BASE}lamp.en.vtt", "type": "text/vtt", "language": "en", "rel": "captions"},
        {"url": f"{BASE}lamp.en.transcript.json", "type": "application/json", "language": "en"},
        {"url": f"{BASE}lamp.en.srt", "type": "application/x-subrip", "language": "en", "rel": "captions"},
    ]
    chapters = {"url": f"{BASE}lamp.en.chapters.json", "type": "application/json+chapters"}

    assert (partytime["title"], partytime["guid"], partytime["medium"]) == ("Lamp & <light>", GUID, "podcast")
    assert (partytime["locked"], partytime["podcastOwner"]) == (True, "ada@example.org")
    assert partytime["podcastFunding"] == [{"message": "Give", "url": "https://example.org/give"}]
    assert partytime["itunesCategory"] == ["Society & Culture > Documentary", "Technology"]
    assert partytime["owner"] == {"name": "Ada Holm", "email": "ada@example.org"}
    item = next(item for item in partytime["items"] if item["title"].startswith("The lamp"))
    assert item["enclosure"] == {"url": f"{BASE}lamp.en.mp3", "length": 5, "type": "audio/mpeg"}
    assert (item["itunesSeason"], item["itunesEpisode"], item["itunesEpisodeType"]) == (2, 7, "bonus")
    assert [one["type"] for one in item["podcastTranscripts"]] == ["text/vtt", "application/json", "application/srt"]
    assert item["podcastChapters"] == chapters
    assert item["podcastPeople"] == [{"name": "Ida Holm", "role": "Guest", "group": "Cast"}]

    assert feedsmith["atom"]["links"] == [{"href": f"{BASE}feed.xml", "rel": "self", "type": "application/rss+xml"}]
    assert feedsmith["podcast"] == {
        "guid": GUID,
        "medium": "podcast",
        "locked": {"value": True, "owner": "ada@example.org"},
        "fundings": [{"url": "https://example.org/give", "display": "Give"}],
        "txts": [{"purpose": "ai-content", "display": "true"}],
    }
    item = next(item for item in feedsmith["items"] if item["title"].startswith("The lamp"))
    assert item["itunes"] == {
        "duration": 61,
        "image": f"{BASE}lamp.en.cover.jpg",
        "explicit": True,
        "episodeType": "bonus",
        "season": 2,
        "episode": 7,
    }
    assert item["podcast"] == {
        "transcripts": transcripts,
        "chapters": chapters,
        "persons": [{"display": "Ida Holm", "role": "guest"}],
        "txts": [{"purpose": "ai-content", "display": "true"}],
    }
    assert [mark["start"] for mark in item["psc"]["chapters"]] == ["00:00:00.000", "00:00:30.500"]
    assert item["description"] == NOTES
