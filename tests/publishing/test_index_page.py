"""The page of a show as a text; ``tests/oracles/test_index_page_in_browser.py`` looks at it in a browser."""

import datetime
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from interview_audio.files.episode_record import RecordedAbout, RecordedChapter
from interview_audio.production.sidecars.player_page import HEAD_MARK, WAY_MARK
from interview_audio.publishing.catalogue import Catalogue, read_catalogue
from interview_audio.publishing.channel import Channel, EpisodeEntry, completed
from interview_audio.publishing.feed import feeds_of
from interview_audio.publishing.index_page import FeedLink, episode_page, index_page
from served_folder import put_episode

HOSTILE = "</script><script>alert(1)</script> \u202e\u2028 \"'`${}&amp; STYLE DATA"
HOME = FeedLink("http://192.168.1.20:8468/t/feed.xml", "The show")
WEB = FeedLink("https://example.org/show/feed.xml", "The show")
BASE = "https://example.org/show/"
RENDERED = f"<!doctype html><head>{HEAD_MARK}<title>x</title></head><body>{WAY_MARK}</body>"


class Outline(HTMLParser):
    """Links, inputs and the text of a page."""

    def __init__(self, page):
        super().__init__()
        self.links, self.tags, self.text = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag == "a":
            self.links.append(dict(attributes)["href"])

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture
def page(tmp_path):
    """Return the page of the episodes in the folder."""

    def made(channel=None, feeds=(HOME,), **how):
        catalogue = read_catalogue(tmp_path)
        return index_page(completed(channel or Channel(title="The show"), catalogue), catalogue.episodes, feeds, **how)

    return made


def titles(page):
    return re.findall(r"<h3[^>]*><a[^>]*>([^<]*)</a>", page)


def test_an_episode_has_its_page_its_sound_and_its_facts(page, tmp_path):
    about = RecordedAbout(datetime.date(2026, 3, 5), None, "Voices are synthetic.")
    put_episode(tmp_path, "a", title="A talk", duration=3725.0, about=about)
    outline = Outline(page())
    assert [link for link in outline.links if "://" not in link] == ["a.html", "a.html", "a.mp3"]
    assert "5 March 2026" in outline.text
    assert any("1 h 2 min · Ida Holm" in text for text in outline.text)
    assert "Voices are synthetic." in outline.text


def test_a_show_in_chinese_has_a_page_in_chinese(page, tmp_path):
    put_episode(tmp_path, "a", title="灯塔", language="zh", about=RecordedAbout(datetime.date(2026, 3, 5)))
    outline = Outline(page())
    assert {"订阅", "节目", "2026年3月5日"} <= set(outline.text)
    assert ("html", {"lang": "zh"}) in outline.tags


def test_the_newest_is_first_and_a_serial_begins_with_its_first(page, tmp_path):
    for stem, day in (("a", 3), ("b", 9), ("c", 6)):
        put_episode(tmp_path, stem, about=RecordedAbout(datetime.date(2026, 3, day)))
    assert titles(page()) == ["Episode b", "Episode c", "Episode a"]
    entries = {stem: EpisodeEntry(number=number, title=stem) for number, stem in enumerate("cba", 1)}
    assert titles(page(Channel(title="x", type="serial", episodes=entries))) == ["c", "b", "a"]


def test_text_is_data(page, tmp_path):
    put_episode(tmp_path, "a", title=HOSTILE, chapters=(RecordedChapter(HOSTILE, 0.0, 1.0),))
    plain = page(Channel(title="x"), [WEB])
    hostile = page(
        Channel(title=HOSTILE, description=HOSTILE, author=HOSTILE), [replace(WEB, title=HOSTILE, language='"x')]
    )
    kinds = [[tag for tag, _ in Outline(one).tags if tag not in ("p", "option")] for one in (plain, hostile)]
    assert kinds[0] == kinds[1]
    assert hostile.count("<script") == hostile.count("</script") == 2
    assert "\u202e" not in hostile
    assert "STYLE DATA" in titles(hostile)[0]


def test_apps_that_fetch_from_their_own_servers_are_offered_public_feeds_alone(page, tmp_path):
    put_episode(tmp_path, "a")
    assert [link for link in Outline(page()).links if "://" in link] == [
        "antennapod-subscribe://192.168.1.20:8468/t/feed.xml",
        "podcast://192.168.1.20:8468/t/feed.xml",
        "pcast://192.168.1.20:8468/t/feed.xml",
    ]
    assert [link for link in Outline(page(feeds=[WEB])).links if "://" in link] == [
        "podcast://example.org/show/feed.xml",
        "https://antennapod.org/deeplink/subscribe?url=https%3A%2F%2Fexample.org%2Fshow%2Ffeed.xml",
        "pktc://subscribe/example.org/show/feed.xml",
        "overcast://x-callback-url/add?url=https%3A%2F%2Fexample.org%2Fshow%2Ffeed.xml",
        "podcastaddict://example.org/show/feed.xml",
    ]
    for host in ("127.0.0.1", "desk", "desk.local:8468", "[fe80::1]:80", "10.0.0.4"):
        assert "pktc" not in page(feeds=[replace(WEB, address=f"https://{host}/feed.xml")])


def test_without_feeds_or_episodes_there_is_still_a_page():
    empty = index_page(completed(Channel(title="x", language="en"), Catalogue(None, (), ())), (), ())
    assert "There are no episodes yet." in empty
    assert "Subscribe" not in empty


def test_a_policy_allows_its_own_script_and_style_alone(page, tmp_path):
    put_episode(tmp_path, "a")
    policy = re.search('Content-Security-Policy" content="([^"]*)"', page())[1]
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; img-src 'self' file: data:; "
        r"base-uri 'none'; form-action 'none'",
        policy,
    )


@pytest.fixture
def given_out(tmp_path):
    """Return the page of the first episode in the folder as it goes out, and what its head says."""

    def made(channel=None, rendered=RENDERED, **how):
        (feed,) = feeds_of(channel or Channel(title="The show"), read_catalogue(tmp_path))
        page = episode_page(rendered.encode(), feed.episodes[0], feed, BASE, **how).decode()
        return page, card(page)

    return made


def card(page):
    """Return what a page says of itself: by the name of a property or relation."""
    said = [given for tag, given in Outline(page).tags if tag in ("meta", "link")]
    return {
        given.get("property") or given.get("name") or given.get("rel"): given.get("content") or given.get("href")
        for given in said
    }


def test_a_link_to_an_episode_is_a_card_and_leads_to_the_show(given_out, tmp_path):
    put_episode(tmp_path, "a b", title="A talk")
    page, said = given_out(Channel(title="The show", episodes={"a b": EpisodeEntry(description="About lamps.")}))
    assert said == {
        "alternate": f"{BASE}feed.xml",
        "canonical": f"{BASE}a%20b.html",
        "twitter:card": "summary",
        "og:type": "article",
        "og:site_name": "The show",
        "og:title": "A talk",
        "og:description": "About lamps.",
        "og:image": f"{BASE}podcast-cover.jpg",
        "og:audio": f"{BASE}a%20b.mp3",
        "og:audio:type": "audio/mpeg",
        "og:url": f"{BASE}a%20b.html",
    }
    assert '<p class="way" lang="en"><a href="./index.html">All episodes · Subscribe</a></p>' in page
    assert "<!--" not in page


def test_an_episode_in_chinese_leads_to_its_show_in_chinese(given_out, tmp_path):
    put_episode(tmp_path, "a", language="zh")
    assert '<p class="way" lang="zh"><a href="./index.html">全部节目 · 订阅</a></p>' in given_out()[0]


def test_a_private_page_names_its_feed_and_its_title_alone(given_out, tmp_path):
    put_episode(tmp_path, "a", title="A talk")
    page, said = given_out(is_private=True)
    assert said == {"alternate": f"{BASE}feed.xml", "og:title": "A talk"}
    assert "./index.html" in page


def test_what_a_card_says_is_data_and_an_edited_page_goes_out_as_it_is(given_out, tmp_path):
    put_episode(tmp_path, "a", title=HOSTILE)
    hostile, said = given_out(Channel(title=HOSTILE, episodes={"a": EpisodeEntry(description=HOSTILE)}))
    assert "<script" not in hostile
    assert said["og:title"] == said["og:description"] == said["og:site_name"]
    for edited in ("<p>x</p>\r\n", RENDERED.replace("<!--", "<!-- my"), RENDERED * 2):
        assert given_out(rendered=edited)[0] == edited


def test_a_link_to_the_show_is_a_card_where_its_address_is_known(page, tmp_path):
    put_episode(tmp_path, "a")
    about = Channel(title="The show", description="Lamps & more.")
    said = card(page(about, cover="podcast cover.jpg", address=BASE))
    assert {name: said[name] for name in said if name and re.match(r"og:|twitter:|canonical", name)} == {
        "canonical": f"{BASE}index.html",
        "twitter:card": "summary",
        "og:type": "website",
        "og:title": "The show",
        "og:description": "Lamps & more.",
        "og:image": f"{BASE}podcast%20cover.jpg",
        "og:url": f"{BASE}index.html",
    }
    assert "og:title" not in card(page(about))
