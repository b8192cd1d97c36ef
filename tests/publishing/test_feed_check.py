"""The check of feeds: a good one passes, and of each rule one planted violation is caught."""

import datetime
import re
from pathlib import Path

import pytest

from growth import grows_too_fast
from interview_audio.files.episode_record import EpisodeRecord
from interview_audio.publishing.feed_check import RULES, check_feed, check_feed_text
from shows import NOW, picture

ITEM = re.compile(r"    <item>.*?    </item>\n", re.DOTALL)
GOOD = """\
email: ada@example.org
author: Ada Holm
type: serial
episodes: {lamp.en: {season: 1, number: 1}, ta.zh: {season: 1, number: 2}}
"""


@pytest.fixture
def good(show, publish):
    """A folder whose feed breaks no rule."""
    (show / "podcast.yaml").write_text(GOOD)
    publish(show)
    return show


def names(folder):
    return [finding.rule for finding in check_feed(folder / "feed.xml", NOW)]


def test_a_feed_that_we_write_passes(good):
    assert check_feed(good / "feed.xml", NOW) == []


def test_without_podcast_yaml_only_the_owner_is_missing(show, publish):
    publish(show)
    (finding,) = check_feed(show / "feed.xml", NOW)
    assert str(finding) == (
        "show: it has no itunes:owner with an itunes:email; add it, to prove that the show is yours: email: in "
        "podcast.yaml (Spotify, YouTube, 小宇宙)"
    )


def put(old, new):
    """Write something else in the feed."""

    def change(text):
        assert old in text, old
        return text.replace(old, new, 1)

    return change


def without(tag):
    """Leave out the first element of a name."""
    return lambda text: re.sub(rf" *<{tag}[ >].*?(?:</{tag}>|/>)\n", "", text, count=1)


def without_items(text):
    return ITEM.sub("", text)


IN_TEXT = {
    "encoding": [put('<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0"?>')],
    "version": [put('<rss version="2.0"', '<rss version="0.92"')],
    "title": [without("title")],
    "link": [without("link")],
    "description": [without("description")],
    "language": [without("language")],
    "language-code": [put("<language>en<", "<language>xx<"), put("<language>en<", "<language>english<")],
    "author": [without("itunes:author")],
    "email": [without("itunes:owner"), put("<itunes:email>ada@example.org", "<itunes:email>ada at example")],
    "category": [without("itunes:category")],
    "category-name": [put('text="Society &amp; Culture"', 'text="Society &amp; culture"')],
    "explicit": [without("itunes:explicit")],
    "explicit-value": [put("<itunes:explicit>false", "<itunes:explicit>clean")],
    "image": [without("itunes:image")],
    "image-ending": [put('<itunes:image href="https://example.org/show/podcast-cover.jpg"', '<itunes:image href="https://example.org/cover"')],
    "episodes": [without_items],
    "enclosure": [put(' length="5"', ""), without("enclosure")],
    "enclosure-length": [put('length="5"', 'length="6"'), put('length="5"', 'length="0"'), put('length="5"', 'length="4.2 MB"')],
    "enclosure-type": [put('type="audio/mpeg"', 'type="audio/mp4"')],
    "guid": [without("guid")],
    "pub-date-form": [
        put("<pubDate>Mon, 06 May 2024 12:00:00 +0000", "<pubDate>7/6/2014 1:00:00 PM"),
        put("<pubDate>Mon, 06 May 2024 12:00:00 +0000", "<pubDate>2024-05-06T12:00:00Z"),
    ],
    "pub-date-future": [put("<pubDate>Mon, 06 May 2024 12:00:00 +0000", "<pubDate>Tue, 06 May 2036 12:00:00 +0000")],
    "address-ascii": [put("show/ta.zh.html", "show/塔.html"), put("show/ta.zh.html", "show/a b.html")],
    "address": [put("https://example.org/show/ta.zh.html", "ta.zh.html")],
    "address-public": [
        put("https://example.org/show/ta.zh.html", "https://ada:secret@example.org/ta.zh.html"),
        put("https://example.org/show/ta.zh.html", "https://192.168.1.7:8000/ta.zh.html"),
        put("https://example.org/show/ta.zh.html", "https://localhost/ta.zh.html"),
        put("https://example.org/show/ta.zh.html", "https://desk.lan/ta.zh.html"),
    ],
    "value-length": [put("<title>The Lamp<", f"<title>{'The Lamp' * 40}<")],
    "description-length": [put("<description>", f"<description>{'灯' * 1334}")],
    "numbers": [put("<itunes:season>1<", "<itunes:season>0<"), put("<itunes:season>1<", "<itunes:season>one<")],
    "serial": [without("itunes:episode")],
    "kinds": [put("<itunes:type>serial", "<itunes:type>series"), put("<itunes:episodeType>full", "<itunes:episodeType>extra")],
    "https": [put("https://example.org/show/ta.zh.html", "http://example.org/show/ta.zh.html")],
    "duration": [without("itunes:duration"), put("<itunes:duration>3725", "<itunes:duration>an hour")],
    "episode-description": [lambda text: re.sub(r"(<item>.*?)<description>.*?</description>", r"\1", text, count=1, flags=re.DOTALL)],
    "spaces": [put("<title>The Lamp<", "<title> The Lamp<")],
    "twins": [
        lambda text: text.replace("<title>访谈<", "<title>The lamp &amp; the &lt;sea&gt;<").replace(
            "Mon, 06 May 2024 12:00:00 +0000", "Sat, 28 Nov 2026 00:30:00 +0000"
        )
    ],
    "guid-link": [put(' isPermaLink="false"', "")],
    "blocked": [put("<itunes:type>", "<itunes:block>Yes</itunes:block><itunes:type>")],
    "self-link": [without("atom:link")],
    "title-repeated": [put("<title>访谈<", "<title>The Lamp - 访谈<")],
    "show-guid": [without("podcast:guid"), put("<podcast:guid>", "<podcast:guid>1")],
    "medium": [put("<podcast:medium>podcast", "<podcast:medium>talk")],
    "locked": [put(">no</podcast:locked>", ">false</podcast:locked>")],
    "ai-content": [put('purpose="ai-content">true', 'purpose="ai-content">partly')],
    "people": [put("林默老师</podcast:person>", f"{'林' * 129}</podcast:person>")],
    "chapters-type": [put('type="application/json+chapters"', 'type="text/json"')],
    "transcript-type": [put('type="application/x-subrip"', 'type="application/pdf"')],
    "transcript-order": [without("podcast:transcript")],
    "times": [
        lambda text: _at_times(text, "00:10 One<br />01:00 Two"),
        lambda text: _at_times(text, "00:00 One<br />01:00 Two<br />00:50 Three"),
        lambda text: _at_times(text, "00:00 One<br />01:00 Two"),
    ],
}  # fmt: skip


def _at_times(text, times):
    """Give the first episode these times in its notes, and no other chapters."""
    text = without("psc:chapters")(text)
    return re.sub(r"(<item>.*?<description><!\[CDATA\[).*?\]\]>", rf"\1<p>{times}</p>]]>", text, count=1, flags=re.DOTALL)  # fmt: skip


def _again(tag):
    """Give the second episode what the first one has."""

    def change(text):
        found = re.findall(rf"<{tag}[ >].*(?:</{tag}>|/>)", text)
        return text.replace(found[-1], found[0])

    return change


IN_TEXT |= {"guid-unique": [_again("guid")], "enclosure-unique": [_again("enclosure")]}
PLANTED = [
    pytest.param(rule, change, id=f"{rule}-{number}")
    for rule, changes in IN_TEXT.items()
    for number, change in enumerate(changes)
]


@pytest.mark.parametrize(("rule", "change"), PLANTED)
def test_a_planted_violation_in_the_feed_is_caught(good, rule, change):
    path = good / "feed.xml"
    before = path.read_text("utf-8")
    path.write_text(change(before), "utf-8")
    assert path.read_text("utf-8") != before
    assert names(good) == [rule]


def _namespace(folder):
    path = folder / "feed.xml"
    path.write_text(path.read_text("utf-8").replace("/dtds/podcast", "/DTDs/Podcast"), "utf-8")


def _write(name, content):
    return lambda folder: (folder / name).write_bytes(content)


def _record(**levels):
    def change(folder):
        record = EpisodeRecord.read(folder, "ta.zh")
        loudness = {"integrated": -16.04, "true_peak": -1.66} | levels
        text = record.format()
        for name, value in loudness.items():
            text = re.sub(rf'("{name}": )-?[\d.]+', rf"\g<1>{value}", text)
        (folder / "ta.zh.episode.json").write_text(text, "utf-8")

    return change


def _in_another_format(folder):
    (folder / "ta.zh.mp3").rename(folder / "ta.zh.opus")
    path = folder / "feed.xml"
    text = path.read_text("utf-8").replace('ta.zh.mp3" length="5" type="audio/mpeg"', 'ta.zh.opus" length="5" type="audio/ogg"')  # fmt: skip
    path.write_text(text, "utf-8")


def _undated(folder):
    path = folder / "feed.xml"
    path.write_text(re.sub("(<item>.*?)<pubDate>.*?</pubDate>", r"\1", path.read_text("utf-8"), flags=re.DOTALL), "utf-8")  # fmt: skip


def _untitled(folder):
    path = folder / "feed.xml"
    path.write_text(path.read_text("utf-8").replace("<title>访谈</title>", "<title/>"), "utf-8")


TAG = b"ID3\x03\x00\x00" + bytes((0, 19, 0, 0)) + b"x" * 10


def _tagged(folder):
    (folder / "ta.zh.mp3").write_bytes(TAG)
    path = folder / "feed.xml"
    path.write_text(path.read_text("utf-8").replace('ta.zh.mp3" length="5"', f'ta.zh.mp3" length="{len(TAG)}"'), "utf-8")  # fmt: skip


IN_FILES = {
    "namespace": [_namespace],
    "image-size": [
        _write("podcast-cover.jpg", picture(size=(1399, 1399))),
        _write("ta.zh.cover.jpg", picture(size=(1400, 1500))),
        _write("podcast-cover.jpg", picture(size=(3001, 3001))),
    ],
    "image-kind": [_write("podcast-cover.jpg", picture("PNG")), _write("podcast-cover.jpg", b"a text")],
    "image-colours": [_write("podcast-cover.jpg", picture(mode="L")), _write("podcast-cover.jpg", picture(mode="CMYK"))],
    "episode-title": [_untitled],
    "enclosure-file": [lambda folder: (folder / "ta.zh.mp3").unlink()],
    "enclosure-format": [_in_another_format],
    "pub-date": [_undated],
    "chapters-file": [
        _write("ta.zh.chapters.json", b"{"),
        _write("ta.zh.chapters.json", b"{}"),
        _write("ta.zh.chapters.json", b'{"version": "1.2.0", "chapters": [{"title": "One"}]}'),
        _write("ta.zh.chapters.json", b'{"version": "1.2.0", "chapters": [{"startTime": 2}, {"startTime": 1}]}'),
        lambda folder: (folder / "ta.zh.chapters.json").unlink(),
    ],
    "transcript-file": [_write("ta.zh.vtt", b"1\n"), lambda folder: (folder / "ta.zh.srt").unlink()],
    "tag-size": [_tagged],
    "loudness": [_record(integrated=-18.2)],
    "true-peak": [_record(true_peak=-0.4)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "change"),
    [pytest.param(rule, one, id=f"{rule}-{at}") for rule, some in IN_FILES.items() for at, one in enumerate(some)],
)
def test_a_planted_violation_in_the_files_is_caught(good, rule, change):
    change(good)
    found = names(good)
    # Without Apple's namespace none of Apple's elements are there, either; a file that is no image has no size.
    assert set(found) == {rule} or (rule == "namespace" and rule in found)


def test_each_rule_has_a_planted_violation_a_source_and_a_remedy():
    assert {rule.name for rule in RULES} == IN_TEXT.keys() | IN_FILES.keys()
    assert all(rule.source.startswith("https://") and rule.remedy and rule.who for rule in RULES)


def test_the_documentation_names_each_rule_and_its_page():
    page = (Path(__file__).parents[2] / "docs" / "feed.md").read_text("utf-8")
    assert [rule.name for rule in RULES if f"`{rule.name}`" not in page] == []
    assert [rule.source for rule in RULES if f": {re.sub('/tags/.*', '/tags/', rule.source)}\n" not in page] == []


@pytest.mark.parametrize(
    ("content", "rule", "what"),
    [
        (b"<rss", "xml", "it is not XML: unclosed token: line 1, column 0"),
        ("<?xml version='1.0' encoding='latin-1'?><rss>é</rss>".encode("latin-1"), "xml", "it is not UTF-8 text"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "rss", "its first element is atom:feed, not an rss with a channel"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_one_finding(tmp_path, content, rule, what):
    (finding,) = check_feed_text(content, tmp_path)
    assert (finding.rule, finding.what, finding.is_refused) == (rule, what, True)


OTHER = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>Another tool's</title><link>http://example.org</link><description>A show</description>
<item><title>One</title><enclosure url="http://example.org/1.mp3" length="100" type="audio/mpeg"/></item>
</channel></rss>
"""


def test_a_feed_of_another_tool_is_checked_without_its_files(tmp_path):
    findings = check_feed_text(OTHER.encode(), tmp_path, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    assert [finding.rule for finding in findings] == [
        "language",
        "author",
        "email",
        "category",
        "explicit",
        "image",
        "guid",
        "pub-date",
        "https",
        "duration",
        "episode-description",
        "self-link",
        "show-guid",
    ]
    assert [finding.is_refused for finding in findings] == [True] * 8 + [False] * 5
    assert findings[8].what == "link begins with http://, and 1 more"


def test_a_date_at_the_edge_of_the_calendar_is_a_finding_and_no_crash(good):
    path = good / "feed.xml"
    edge = "31 Dec 9999 23:59:59 -2359"
    path.write_text(path.read_text("utf-8").replace("06 May 2024 12:00:00 +0000", edge), "utf-8")
    assert names(good) == ["pub-date-form"]


def test_addresses_that_make_no_sense_are_findings_not_crashes(good):
    path = good / "feed.xml"
    path.write_text(path.read_text("utf-8").replace("https://example.org/show/ta.zh.mp3", "https://[::bad/.."), "utf-8")
    assert names(good) == ["enclosure-file", "enclosure-format", "address"]


@pytest.mark.parametrize("piece", ["&lt;p>&lt;/p>", "&lt;br>00:00"])
def test_notes_of_any_length_are_checked_in_one_go(tmp_path, piece):
    def check(notes):
        item = f"<item><description>00:00{notes}</description></item>"
        check_feed_text(f"<rss version='2.0'><channel>{item}</channel></rss>".encode(), tmp_path, NOW)

    assert not grows_too_fast(check, piece, 8000)
