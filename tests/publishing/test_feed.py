"""The feed: what it says, what it keeps, and what it never replaces."""

import datetime
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from email.utils import format_datetime

import pytest

from interview_audio.errors import ConfigurationError, OutputError
from interview_audio.files.episode_record import RecordedAbout, RecordedChapter
from interview_audio.publishing.catalogue import read_catalogue
from interview_audio.publishing.channel import Channel, read_channel
from interview_audio.publishing.feed import (
    ATOM,
    CONTENT,
    ITUNES,
    PODCAST,
    channel_guid,
    earlier_feed,
    feeds_of,
    format_feed,
    left_out,
    read_earlier,
)
from records import RECORD
from shows import JPEG, NOW, picture

LATER = NOW + datetime.timedelta(days=1)
SPACES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM, "content": CONTENT}
PSC = "{http://podlove.org/simple-chapters}"


def channel_of(path):
    return ET.fromstring(path.read_bytes()).find("channel")


def texts(place, tag):
    return [element.text for element in place.iterfind(tag, SPACES)]


def items_of(path):
    """The episodes of a feed by title: guid and date."""
    items = channel_of(path).iterfind("item")
    return {item.findtext("title"): (item.findtext("guid"), item.findtext("pubDate")) for item in items}


def test_the_identifier_of_a_show_is_that_of_the_specification():
    assert channel_guid("https://podnews.net/rss") == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert channel_guid("https://mp3s.nashownotes.com/pc20rss.xml/") == "917393e3-1b1e-5cef-ace4-edaa54e1f810"


def test_a_show_without_podcast_yaml_is_complete(show, publish):
    (written,) = publish(show)
    channel = channel_of(written.path)
    said = {element.tag: element.text for element in channel if element.text and element.tag != "item"}
    assert (written.address, written.title, written.episodes) == ("https://example.org/show/feed.xml", "The Lamp", 2)
    assert said == {
        "title": "The Lamp",
        "link": "https://example.org/show/",
        "description": "The Lamp: interviews with Ida Holm and 林默老师.",
        "language": "en",
        "pubDate": format_datetime(NOW),
        "lastBuildDate": format_datetime(NOW),
        "generator": "interview-audio",
        f"{{{ITUNES}}}author": "The Lamp",
        f"{{{ITUNES}}}explicit": "false",
        f"{{{ITUNES}}}type": "episodic",
        f"{{{PODCAST}}}guid": channel_guid(written.address),
        f"{{{PODCAST}}}medium": "podcast",
        f"{{{PODCAST}}}locked": "no",
        f"{{{PODCAST}}}txt": "true",
    }
    assert channel.find("atom:link", SPACES).get("href") == written.address
    assert channel.find("itunes:image", SPACES).get("href") == "https://example.org/show/podcast-cover.jpg"
    assert channel.find("itunes:category", SPACES).get("text") == "Society & Culture"
    assert written.cover.read_bytes()[:2] == b"\xff\xd8"


def test_an_episode_says_all_that_its_files_have(show, publish):
    item = next(item for item in channel_of(publish(show)[0].path).iterfind("item") if item.findtext("title") != "访谈")
    base = "https://example.org/show/lamp.en"
    assert item.findtext("title") == "The lamp & the <sea>"
    assert item.findtext("link") == f"{base}.html"
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("pubDate") == "Mon, 06 May 2024 12:00:00 +0000"
    assert item.find("enclosure").attrib == {"url": f"{base}.mp3", "length": "5", "type": "audio/mpeg"}
    assert texts(item, "itunes:duration") == ["61"]
    assert item.find("itunes:image", SPACES).get("href") == f"{base}.cover.jpg"
    assert item.find("podcast:chapters", SPACES).attrib == {
        "url": f"{base}.chapters.json",
        "type": "application/json+chapters",
    }
    assert [one.attrib for one in item.iterfind("podcast:transcript", SPACES)] == [
        {"url": f"{base}.vtt", "type": "text/vtt", "language": "en", "rel": "captions"},
        {"url": f"{base}.transcript.json", "type": "application/json", "language": "en"},
        {"url": f"{base}.srt", "type": "application/x-subrip", "language": "en", "rel": "captions"},
    ]
    assert [(one.text, one.get("role")) for one in item.iterfind("podcast:person", SPACES)] == [("Ida Holm", "guest")]
    assert [one.attrib for one in item.iter(f"{PSC}chapter")] == [
        {"start": "00:00:00.000", "title": "Who?"},
        {"start": "00:00:30.500", "title": 'Why "so"?'},
    ]
    txt = item.find("podcast:txt", SPACES)
    assert (txt.get("purpose"), txt.text) == ("ai-content", "true")
    assert item.findtext("description") == (
        "<p>We met Ida &amp; her &lt;lamp&gt;.</p><p>Guest: Ida Holm<br />Date: 2024-05-06</p><p>Chapters</p>"
        "<p>00:00 Who?<br />00:30 Why &quot;so&quot;?</p><p>The voices are synthetic.</p>"
    )


def test_where_the_notice_is_not_to_be_said_the_feed_does_not_say_it(add, publish):
    folder = add("a", about=RecordedAbout(None, None, ""))
    assert "ai-content" not in publish(folder)[0].path.read_text("utf-8")


def test_podcast_yaml_wins_over_what_the_episodes_say(show, publish):
    (show / "podcast.yaml").write_text(
        """\
title: Talks & more
description: |
  First paragraph,
  with <signs> & more.

  Second.
language: en-GB
author: Ada
email: ada@example.org
categories: [Physics, Technology]
explicit: true
link: https://example.org/
copyright: 2026 Ada
guid: 917393e3-1b1e-5cef-ace4-edaa54e1f810
locked: true
block: true
type: serial
new_feed_url: https://example.net/feed.xml
funding: {url: https://example.org/give, text: Give}
episodes:
  lamp.en:
    {title: Light, description: 'See https://example.org/a?b=1&c=2.', date: 2025-01-02 18:30 +08:00, season: 2, number: 7, type: bonus,
     explicit: false}
""",
        "utf-8",
    )
    channel = channel_of(publish(show)[0].path)
    owner = channel.find("itunes:owner", SPACES)
    assert channel.findtext("description") == "First paragraph, with <signs> & more.\n\nSecond."
    assert [channel.findtext(tag) for tag in ("title", "link", "language", "copyright")] == [
        "Talks & more",
        "https://example.org/",
        "en-GB",
        "2026 Ada",
    ]
    assert [element.text for element in owner] == ["Ada", "ada@example.org"]
    assert [one.get("text") for one in channel.iter(f"{{{ITUNES}}}category")] == ["Science", "Physics", "Technology"]
    assert texts(channel, "itunes:explicit") == ["true"]
    assert texts(channel, "itunes:type") == ["serial"]
    assert texts(channel, "itunes:block") == ["Yes"]
    assert texts(channel, "podcast:block") == ["yes"]
    assert texts(channel, "itunes:new-feed-url") == ["https://example.net/feed.xml"]
    assert texts(channel, "podcast:guid") == ["917393e3-1b1e-5cef-ace4-edaa54e1f810"]
    locked = channel.find("podcast:locked", SPACES)
    assert (locked.text, locked.get("owner")) == ("yes", "ada@example.org")
    funding = channel.find("podcast:funding", SPACES)
    assert (funding.text, funding.get("url")) == ("Give", "https://example.org/give")
    item = next(item for item in channel.iterfind("item") if item.findtext("title") == "Light")
    assert item.findtext("description").startswith(
        '<p>See <a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>.</p>'
    )
    assert item.findtext("pubDate") == "Thu, 02 Jan 2025 18:30:00 +0800"
    assert [texts(item, f"itunes:{tag}") for tag in ("season", "episode", "episodeType", "explicit")] == [
        ["2"],
        ["7"],
        ["bonus"],
        ["false"],
    ]


def test_running_it_twice_changes_nothing(show, publish):
    (first,) = publish(show)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in show.iterdir()}
    (second,) = publish(show, now=LATER)
    assert (first.is_changed, second.is_changed) == (True, False)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in show.iterdir()} == before


def test_line_ends_that_git_has_changed_count_for_nothing(show, publish):
    path = publish(show)[0].path
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert not publish(show, now=LATER)[0].is_changed


def test_identifiers_and_dates_stay_when_an_episode_is_rendered_again(show, add, publish):
    before = items_of(publish(show)[0].path)
    add("ta.zh", suffix=".m4a", sound=b"longer sound", about=RecordedAbout(None, "The Lamp", ""))
    (written,) = publish(show, now=LATER)
    assert items_of(written.path) == before
    enclosure = channel_of(written.path).find("item/enclosure")
    assert (enclosure.get("length"), enclosure.get("type")) == ("12", "audio/x-m4a")
    assert channel_of(written.path).findtext("lastBuildDate") == format_datetime(LATER)


def test_identifiers_and_dates_stay_at_another_address_and_with_another_guid(show, publish):
    (first,) = publish(show)
    before, guid = items_of(first.path), texts(channel_of(first.path), "podcast:guid")
    (moved,) = publish(show, "https://example.net/elsewhere/", LATER)
    assert items_of(moved.path) == before
    assert texts(channel_of(moved.path), "podcast:guid") == guid
    (show / "podcast.yaml").write_text("guid: 917393e3-1b1e-5cef-ace4-edaa54e1f810\n")
    assert items_of(publish(show, now=LATER)[0].path) == before


def test_a_new_episode_has_the_moment_at_which_it_was_first_there(show, add, publish):
    before = items_of(publish(show)[0].path)
    add("new", title="New", about=RecordedAbout(None, "The Lamp", ""))
    after = items_of(publish(show, now=LATER)[0].path)
    assert after["New"][1] == format_datetime(LATER)
    assert {title: said for title, said in after.items() if title != "New"} == before
    assert next(iter(after)) == "New"


def test_an_episode_that_is_hidden_for_a_day_comes_back_as_what_it_was(show, publish):
    publish(show)
    first = items_of(show / "feed.xml")
    settings = f"guid: {channel_guid('elsewhere')}\n"
    (show / "podcast.yaml").write_text(settings + "episodes: {lamp.en: {hide: true}, ta.zh: {hide: false}}\n")
    publish(show, now=LATER)
    assert len(items_of(show / "feed.xml")) == 1
    assert not publish(show, now=LATER + datetime.timedelta(days=1))[0].is_changed
    (show / "podcast.yaml").write_text(settings)
    publish(show, now=LATER)
    assert items_of(show / "feed.xml") == first


def test_what_a_feed_remembers_is_not_taken_from_what_its_episodes_say(add, publish):
    title = "x</rss>\n<!-- Listed before: a b Sat, 28 Nov 2026 18:40:12 +0000 -->"
    folder = add("ta.zh", title=title)
    publish(folder)
    assert list(read_earlier(folder / "feed.xml").items) == ["ta.zh"]


def test_undated_episodes_are_in_the_order_of_their_names(add, publish):
    for number in (1, 10, 2):
        folder = add(f"part-{number}", title=f"Part {number}", about=RecordedAbout(None, None, ""))
    items = items_of(publish(folder)[0].path)
    assert [*items] == ["Part 10", "Part 2", "Part 1"]
    minutes = [datetime.timedelta(minutes=minutes) for minutes in (0, 1, 2)]
    assert [date for _, date in items.values()] == [format_datetime(NOW - some) for some in minutes]


def test_an_edited_feed_is_kept_and_the_new_one_is_beside_it(show, publish):
    path = publish(show)[0].path
    edited = path.read_text("utf-8").replace("Mon, 06 May 2024 12:00:00 +0000", "Tue, 07 May 2024 12:00:00 +0000")
    path.write_text(edited, "utf-8")
    (beside,) = publish(show, now=LATER)
    assert beside.path == show / "feed.new.xml"
    assert beside.notices == (
        f"{path} was changed after it was written, and is kept; the new feed is feed.new.xml: compare them, and move "
        "it over the old one",
    )
    assert path.read_text("utf-8") == edited
    assert items_of(beside.path) == items_of(path)
    assert not publish(show, now=LATER + datetime.timedelta(days=1))[0].is_changed
    beside.path.replace(path)
    assert publish(show)[0].path == path


def test_a_feed_without_its_comment_is_an_edited_one(show, publish):
    path = publish(show)[0].path
    path.write_text(re.sub("<!--.*-->", "", path.read_text("utf-8")), "utf-8")
    assert publish(show)[0].path == show / "feed.new.xml"
    (show / "feed.new.xml").write_text("mine")
    assert publish(show)[0].path == show / "feed.new2.xml"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"<rss version='2.0'><channel><title>Mine</title></channel></rss>",
            "{} was not written by this command and is not replaced; move it away, or render the episodes into another "
            "folder",
        ),
        (
            b"<rss version='2.0'><channel>",
            "{} is damaged (not XML: no element found: line 1, column 28) and is not replaced; restore it, as it has "
            "the identifiers and dates that apps know, or move it away, or render the episodes into another folder",
        ),
        (
            b"\xff\xfe<",
            "{} is damaged (not UTF-8 text) and is not replaced; restore it, as it has the identifiers and dates that "
            "apps know, or move it away, or render the episodes into another folder",
        ),
        (
            b"<html/>",
            "{} is damaged (not RSS) and is not replaced; restore it, as it has the identifiers and dates that apps "
            "know, or move it away, or render the episodes into another folder",
        ),
    ],
)
def test_a_foreign_or_damaged_feed_is_not_replaced(show, publish, content, message):
    path = show / "feed.xml"
    path.write_bytes(content)
    with pytest.raises(OutputError, match=f"^{re.escape(message.format(path))}$"):
        publish(show)
    assert path.read_bytes() == content
    assert not (show / "podcast-cover.jpg").exists()


def test_each_language_has_its_feed(show, publish):
    (show / "podcast.yaml").write_text(
        "feeds: by_language\nlanguages: {zh: {title: 灯, author: 林, link: 'https://example.org/zh/'}}\n", "utf-8"
    )
    english, chinese = publish(show)
    assert (english.path.name, english.title, english.episodes) == ("feed.en.xml", "The Lamp", 1)
    assert (chinese.path.name, chinese.title, chinese.episodes) == ("feed.zh.xml", "灯", 1)
    channel = channel_of(chinese.path)
    assert [channel.findtext(tag) for tag in ("language", "description", "link")] == [
        "zh",
        "灯：与林默老师的访谈。",
        "https://example.org/zh/",
    ]
    assert chinese.cover == show / "podcast-cover.zh.jpg"
    assert texts(channel, "podcast:guid") == [channel_guid("https://example.org/show/feed.zh.xml")]
    assert not any(one.is_changed for one in publish(show, now=LATER))


def test_an_identifier_that_is_none_is_not_kept(show, publish):
    (feed,) = feeds_of(Channel(), read_catalogue(show))
    theirs = f'<rss xmlns:p="{PODCAST}"><channel><p:guid>abc</p:guid></channel></rss>'
    text = format_feed(feed, "https://example.org/show/", earlier_feed(theirs), NOW)
    assert text == format_feed(feed, "https://example.org/show/", None, NOW)


def test_two_feeds_do_not_share_an_identifier(show, publish):
    (show / "podcast.yaml").write_text("feeds: by_language\nguid: 917393e3-1b1e-5cef-ace4-edaa54e1f810\n")
    guids = {texts(channel_of(one.path), "podcast:guid")[0] for one in publish(show)}
    assert len(guids) == 2


def test_a_feed_that_is_no_longer_written_is_named(show, publish):
    publish(show)
    (show / "podcast.yaml").write_text("feeds: by_language\n")
    assert publish(show)[0].notices == (
        f"{show / 'feed.xml'} is a feed of before, and no longer written; remove it once its subscribers have moved "
        "(new_feed_url in podcast.yaml tells them where to)",
    )


def test_hidden_and_future_episodes_are_left_out_and_named(show, publish):
    (show / "podcast.yaml").write_text("episodes: {lamp.en: {hide: true}, ta.zh: {date: 2026-12-24}}\n")
    channel, catalogue = read_channel(show), read_catalogue(show)
    assert [*left_out(channel, catalogue, NOW)] == [
        "lamp.en: left out of the feed, as podcast.yaml says hide: true",
        "ta.zh: left out of the feed until 2026-12-24 12:00 UTC; run this again then",
    ]
    with pytest.raises(OutputError, match="there is no episode to publish in"):
        publish(show)
    assert publish(show, now=NOW + datetime.timedelta(days=30))[0].episodes == 1


def test_a_show_does_not_name_the_guests_of_episodes_that_are_not_listed(show, publish):
    (show / "podcast.yaml").write_text("episodes: {ta.zh: {date: 2026-12-24}}\n")
    channel = channel_of(publish(show)[0].path)
    assert channel.findtext("description") == "The Lamp: interviews with Ida Holm."


def test_an_episode_whose_sound_is_gone_is_left_out_and_named(show, publish):
    (show / "ta.zh.mp3").unlink()
    assert publish(show)[0].episodes == 1
    assert "ta.zh" in next(left_out(Channel(), read_catalogue(show), NOW))


def test_notes_that_are_too_long_lose_chapters_alone(add, publish):
    chapters = tuple(RecordedChapter("长" * 30, 20.0 * number, 20.0 * number + 20) for number in range(200))
    folder = add("a", chapters=chapters, duration=4000.0)
    item = channel_of(publish(folder)[0].path).find("item")
    short, whole = item.findtext("description"), item.findtext(f"{{{CONTENT}}}encoded")
    assert 3800 < len(short.encode()) <= 4000
    assert short.endswith("<br />…</p><p>声音由人工智能合成。</p>")
    assert "00:00:00 长" in short
    assert whole.count("<br />") > 199


def test_nothing_of_a_title_or_name_is_obeyed(add, publish):
    nasty = "a\u0000b\u202e ]]> <b>&amp;\"'"
    member = replace(RECORD.cast[0], shown=nasty)
    folder = add("a", title=nasty, chapters=(RecordedChapter(nasty, 0.0, 20.0),), cast=(member,))
    (folder / "podcast.yaml").write_text("episodes: {a: {description: 'see ]]> <script>'}}")
    item = channel_of(publish(folder)[0].path).find("item")
    assert item.findtext("title") == "a�b ]]> <b>&amp;\"'"
    assert texts(item, "podcast:person") == ["a�b ]]> <b>&amp;\"'"]
    assert item.findtext("description").startswith("<p>see ]]&gt; &lt;script&gt;</p>")


def test_addresses_in_notes_are_links_without_what_is_around_them(add, publish):
    folder = add("a")
    said = "See \"https://a.example/?b=1&c=2\", <https://b.example/>, 'https://c.example/d' & https://e.example/?f&."
    (folder / "podcast.yaml").write_text(json.dumps({"episodes": {"a": {"description": said}}}))
    notes = ET.fromstring(
        channel_of(publish(folder)[0].path).findtext("item/description").partition("</p>")[0] + "</p>"
    )
    links = [(link.get("href"), link.text) for link in notes]
    addresses = ["https://a.example/?b=1&c=2", "https://b.example/", "https://c.example/d", "https://e.example/?f&"]
    assert links == [(address, address) for address in addresses]
    assert "".join(notes.itertext()) == said


def test_every_address_is_ascii_whatever_the_files_are_called(add, publish):
    folder = add("灯 塔")
    text = publish(folder, "https://example.org/show/")[0].path.read_text("utf-8")
    assert 'url="https://example.org/show/%E7%81%AF%20%E5%A1%94.mp3"' in text
    assert earlier_feed(text).items.keys() == {"灯 塔"}


def test_a_cover_that_fits_goes_out_as_it_is(show, publish):
    (show / "mine.jpg").write_bytes(JPEG)
    (show / "podcast.yaml").write_text("cover: mine.jpg\n")
    assert publish(show)[0].cover.read_bytes() == JPEG


def test_a_cover_of_another_kind_becomes_a_jpeg(show, publish):
    (show / "mine.png").write_bytes(picture("PNG", "RGBA"))
    (show / "podcast.yaml").write_text("cover: mine.png\n")
    assert publish(show)[0].cover.read_bytes()[:2] == b"\xff\xd8"
    assert not publish(show)[0].is_changed


def test_a_cover_that_cannot_be_one_is_an_error_before_anything_is_written(show, publish):
    (show / "mine.jpg").write_bytes(picture(size=(1400, 900)))
    (show / "podcast.yaml").write_text("cover: mine.jpg\n")
    with pytest.raises(ConfigurationError, match="1400 x 900 pixels, but a cover must be square"):
        publish(show)
    assert not (show / "feed.xml").exists()


def test_a_cover_that_a_person_put_there_is_kept(show, publish):
    (show / "podcast-cover.jpg").write_bytes(b"mine")
    (written,) = publish(show)
    assert written.cover.read_bytes() == b"mine"
    assert written.notices == (
        f"{written.cover} was not made by this command, and is kept; to have it checked, name it as cover: in "
        "podcast.yaml",
    )


def test_a_cover_of_ours_is_replaced(show, publish):
    publish(show)
    (show / "mine.jpg").write_bytes(picture(size=(1500, 1500)))
    (show / "podcast.yaml").write_text("cover: mine.jpg\n")
    (written,) = publish(show)
    assert written.cover.read_bytes() == (show / "mine.jpg").read_bytes()
    assert written.notices == ()


def test_a_cover_is_never_written_over_itself(show, publish):
    (show / "podcast-cover.jpg").write_bytes(picture("PNG"))
    (show / "podcast.yaml").write_text("cover: podcast-cover.jpg\n")
    with pytest.raises(ConfigurationError, match="the cover would be written over itself"):
        publish(show)


def test_a_feed_in_memory_keeps_its_dates_when_it_is_handed_back(show):
    (feed,) = feeds_of(Channel(), read_catalogue(show))
    first = format_feed(feed, "http://127.0.0.1:8000/", None, NOW)
    assert format_feed(feed, "http://127.0.0.1:8000/", earlier_feed(first), LATER) == first
    assert read_earlier(show / "feed.xml").guid == ""


def test_chapters_have_whole_addresses_of_images_and_their_links(add, publish):
    chapters = (
        RecordedChapter("One", 0.0, 20.0, "a.image-1.jpg", "https://a.example/?b=1&c=2"),
        RecordedChapter("Two", 20.0, 40.0, "https://b.example/c.jpg"),
        RecordedChapter("Three", 40.0, 60.0, "a.image-9.jpg"),
    )
    folder = add("a", chapters=chapters)
    record = json.loads((folder / "a.episode.json").read_text("utf-8"))
    record["files"].insert(0, {"name": "a.image-1.jpg", "bytes": 1, "sha256": "12ab"})
    (folder / "a.episode.json").write_text(json.dumps(record), "utf-8")
    (folder / "a.image-1.jpg").write_bytes(JPEG)
    (written,) = publish(folder)
    marks = channel_of(written.path).iterfind(f"item/{PSC}chapters/{PSC}chapter")
    assert [(mark.get("image"), mark.get("href")) for mark in marks] == [
        ("https://example.org/show/a.image-1.jpg", "https://a.example/?b=1&c=2"),
        ("https://b.example/c.jpg", None),
        (None, None),
    ]
