"""The feed of a show: RSS 2.0 with the elements of Apple Podcasts and Podcasting 2.0, and what an earlier one said.

Identifiers and dates are given once and read back from the feed that is there, so that no app takes an episode for a
new one. The last line of a feed is a comment with the SHA-256 of the lines above: a feed without it was not written
here, one that does not fit it was edited since; neither is replaced.

Specifications: https://help.apple.com/itc/podcasts_connect/#/itcb54353390 and
https://github.com/Podcastindex-org/podcast-namespace (docs/tags), read in 2026.
"""

import datetime
import hashlib
import itertools
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from xml.sax.saxutils import escape, quoteattr

from interview_audio.configuration.languages import UNKNOWN, primary_tag
from interview_audio.configuration.lookup import working_folder
from interview_audio.errors import ConfigurationError, OutputError
from interview_audio.files.atomic_files import write_whole
from interview_audio.files.episode_record import RecordedChapter
from interview_audio.files.input_files import COVER, InputFileError, SizeLimit, read_file
from interview_audio.production.sidecars.captions import sidecar_words
from interview_audio.production.sidecars.sidecar_files import PODLOVE_NAMESPACE
from interview_audio.publishing.catalogue import Catalogue, CataloguedEpisode, natural_order
from interview_audio.publishing.channel import UUID, Channel, at_noon, completed, for_language
from interview_audio.text.printable import printable
from interview_audio.text.units import clock

FEED_TYPE = "application/rss+xml; charset=utf-8"
"""What servers call a feed."""
FEED_SIZE = SizeLimit("200 MB", "check that it is a feed")
"""Of a feed: one of a thousand episodes with sixty chapters each has 16 MB."""
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ATOM = "http://www.w3.org/2005/Atom"
PODCAST = "https://podcastindex.org/namespace/1.0"
_PODCAST_NAMESPACE_ID = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""From which, with the feed's address, the identifier of a show is made (podcast-namespace, docs/tags/guid.md)."""
_GENERATOR = "interview-audio"
ENCLOSURE_TYPES: Mapping[str, str] = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/x-m4a",
    ".m4b": "audio/x-m4b",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
}
"""Of enclosures; Apple's list has the first two, in these words."""
TRANSCRIPTS = ((".vtt", "text/vtt"), (".transcript.json", "application/json"), (".srt", "application/x-subrip"))
"""Suffixes and types, the best first: Apple takes speakers from WebVTT alone."""
LONGEST_NOTES = 4000
"""Bytes of a description that Apple takes."""
LONGEST_NAME = 128
"""Characters of a person's name, and of the text of a link for support (podcast-namespace)."""
_SOUND_SUFFIX = re.compile(f"(?:{'|'.join(map(re.escape, ENCLOSURE_TYPES))})$")
_SIGNATURE = re.compile(
    r"\n<!-- Written by interview-audio; SHA-256 of the lines above: (?P<digest>[0-9a-f]{64}) -->\s*\Z"
)
_COVER_LINE = re.compile(r"\n<!-- SHA-256 of podcast-cover[\w.]*\.jpg: (?P<digest>[0-9a-f]{64}) -->\s*\Z")
"""Only in the file: whether the picture beside it is the one that was made with it."""
_REMEMBERED = re.compile(r"^<!-- Listed before: (?P<stem>\S+) (?P<guid>\S+) (?P<date>[^>]*) -->$", re.MULTILINE)
_WEB_ADDRESS = re.compile(r"(https?://[^\s<>\"“”]+[^\s<>\"'“”.,;:!?。，；：！？）)])")
_BUILT = "\0"
"""Where the moment goes at which a feed was made; nothing else in a feed has this character."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that a folder has: which episodes, and what it says of the show."""

    name: str
    """Of its file: ``feed.xml``, ``feed.zh.xml``."""
    language: str | None
    """The primary tag of its episodes, where each language has a feed; None for the only one."""
    channel: Channel
    """With everything filled in."""
    episodes: tuple[CataloguedEpisode, ...]
    """Those that it lists, by stem."""

    @property
    def cover_name(self) -> str:
        """The name of the file with the picture of the show."""
        return f"podcast-cover.{self.language}.jpg" if self.language else "podcast-cover.jpg"


@dataclass(frozen=True, slots=True)
class EarlierItem:
    """What a feed said of an episode that must not change."""

    guid: str
    published: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class EarlierFeed:
    """What the feed that is there says and the next one must say, too."""

    guid: str = ""
    """Identifier of the show; nothing where there is no feed yet, or one with something else than a UUID."""
    items: Mapping[str, EarlierItem] = field(default_factory=dict)
    """By the stem of the sound file."""
    base_url: str = ""
    """Address of the folder in which it says that it is."""
    text: str = field(default="", repr=False)
    """All of it, to see whether anything changes."""

    @property
    def built(self) -> str:
        """When it was made, as it says it."""
        found = re.search("<lastBuildDate>([^<]*)</lastBuildDate>", self.text)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class WrittenFeed:
    """What became of a feed."""

    path: Path
    """Where it was written, or already was."""
    address: str
    """To subscribe with."""
    title: str
    episodes: int
    is_changed: bool
    """Whether anything was written."""
    cover: Path
    """The picture of the show."""
    notices: tuple[str, ...] = ()
    """What the user should know: each one line."""


def feeds_of(channel: Channel, catalogue: Catalogue, now: datetime.datetime | None = None) -> tuple[Feed, ...]:
    """Return the feeds of a folder: one, or one for each language.

    Args:
        channel: As ``podcast.yaml`` says it.
        catalogue: The episodes.
        now: Episodes whose date is later are left out; the present unless given.
    """
    kept = tuple(one for one in catalogue.episodes if not _why_left_out(channel, one.stem, now or _now()))
    whole = completed(channel, catalogue, kept)
    if channel.feeds == "one":
        return (Feed("feed.xml", None, whole, kept),)
    by_language: dict[str, list[CataloguedEpisode]] = {}
    for episode in kept:
        by_language.setdefault(primary_tag(episode.language) or UNKNOWN, []).append(episode)
    return tuple(
        Feed(f"feed.{language}.xml", language, for_language(whole, language, some, channel.description), tuple(some))
        for language, some in sorted(by_language.items())
    )


def left_out(channel: Channel, catalogue: Catalogue, now: datetime.datetime | None = None) -> Iterator[str]:
    """Yield a line for each episode that no feed lists, and why."""
    yield from catalogue.problems
    for episode in catalogue.episodes:
        if reason := _why_left_out(channel, episode.stem, now or _now()):
            yield printable(f"{episode.stem}: {reason}")


def _why_left_out(channel: Channel, stem: str, now: datetime.datetime) -> str:
    entry = channel.entry(stem)
    if entry.hide:
        return "left out of the feed, as podcast.yaml says hide: true"
    if entry.date and entry.date > now:
        return f"left out of the feed until {entry.date:%Y-%m-%d %H:%M %Z}; run this again then"
    return ""


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def earlier_feed(text: str) -> EarlierFeed:
    """Return what a feed says of identifiers and dates.

    Raises:
        ValueError: It is not RSS.
    """
    try:
        root = ET.fromstring(text.encode())  # noqa: S314 - of the user's own folder; expat bounds entities
    except ET.ParseError as error:
        raise ValueError(f"not XML: {error}") from error
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        raise ValueError("not RSS")
    items = dict(_remembered(text))
    for item in channel.iterfind("item"):
        enclosure, guid = item.find("enclosure"), item.findtext("guid", "").strip()
        if enclosure is not None and guid:
            name = name_in_address(enclosure.get("url", ""))
            items[_SOUND_SUFFIX.sub("", name)] = EarlierItem(guid, moment_in(item.findtext("pubDate", "")))
    links = [link.get("href", "") for link in channel.iterfind(f"{{{ATOM}}}link") if link.get("rel") == "self"]
    base_url = links[0].rpartition("/")[0] + "/" if links and "/" in links[0] else ""
    guid = channel.findtext(f"{{{PODCAST}}}guid", "").strip()
    return EarlierFeed(guid if UUID.fullmatch(guid) else "", items, base_url, text)


def dates_in(text: str) -> dict[str, datetime.datetime]:
    """Return when a feed says that each episode was published, by its stem."""
    return {stem: item.published for stem, item in earlier_feed(text).items.items() if item.published}


def _remembered(text: str) -> Iterator[tuple[str, EarlierItem]]:
    """Yield what a feed keeps of episodes that it lists no longer, by their stem."""
    for line in _REMEMBERED.finditer(text.rpartition("</rss>")[2]):
        yield unquote(line["stem"]), EarlierItem(unquote(line["guid"]), moment_in(line["date"]))


def name_in_address(address: str) -> str:
    """Return the name of the file at the end of an address; nothing where it makes no sense."""
    try:
        name = unquote(urlsplit(address.strip()).path).rpartition("/")[2]
    except ValueError:
        return ""
    return "" if name in (".", "..") or "\0" in name else name


def moment_in(text: str) -> datetime.datetime | None:
    """Return the moment that a date of RFC 2822 means; None where it is none, or at the edge of the calendar."""
    try:
        moment = parsedate_to_datetime(text.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        moment.astimezone(datetime.UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return moment


def format_feed(
    feed: Feed, base_url: str, earlier: EarlierFeed | None = None, now: datetime.datetime | None = None
) -> str:
    """Write the text of a feed; the same as before where nothing else has changed than the time.

    Args:
        feed: Which.
        base_url: The address of the folder in which it and its episodes are, with a slash at the end.
        earlier: What the feed said before; identifiers and dates stay.
        now: The date of episodes that have none; the present unless given.
    """
    earlier, now = earlier or EarlierFeed(), now or _now()
    guid = feed.channel.guid or earlier.guid or channel_guid(base_url + quote(feed.name))
    dates = _dates(feed, earlier, now)
    items = [
        _Item(episode, _item_guid(episode.stem, guid, earlier), dates[episode.stem])
        for episode in sorted(feed.episodes, key=lambda one: (dates[one.stem], natural_order(one.stem)), reverse=True)
    ]
    text = _rss(feed, items, guid, base_url) + "".join(_reminders(feed, earlier))
    same = _signed(text.replace(_BUILT, earlier.built))
    if same == earlier.text.replace("\r\n", "\n"):
        return same
    return _signed(text.replace(_BUILT, format_datetime(now)))


def channel_guid(feed_url: str) -> str:
    """Return the identifier that a show gets whose feed is first at this address."""
    return str(uuid.uuid5(_PODCAST_NAMESPACE_ID, re.sub("^[a-z]+://", "", feed_url).rstrip("/")))


@dataclass(frozen=True, slots=True)
class _Item:
    """An episode with its place in the feed."""

    episode: CataloguedEpisode
    guid: str
    published: datetime.datetime


def _item_guid(stem: str, guid: str, earlier: EarlierFeed) -> str:
    before = earlier.items.get(stem)
    return before.guid if before else str(uuid.uuid5(uuid.UUID(guid), stem))


def _reminders(feed: Feed, earlier: EarlierFeed) -> Iterator[str]:
    """Yield a line for each episode that has gone: hidden for a day, or damaged, it comes back as what it was."""
    listed = {episode.stem for episode in feed.episodes}
    for stem, item in sorted(earlier.items.items()):
        if stem not in listed and item.published:
            # Two hyphens would end the comment, and a quoted space the word.
            stem_and_guid = (quote(word, safe="").replace("-", "%2D") for word in (stem, item.guid))
            yield f"\n<!-- Listed before: {' '.join(stem_and_guid)} {format_datetime(item.published)} -->"


def _dates(feed: Feed, earlier: EarlierFeed, now: datetime.datetime) -> dict[str, datetime.datetime]:
    """Return when each episode was published, by its stem."""
    dates, undated = {}, []
    for episode in feed.episodes:
        before, day = earlier.items.get(episode.stem), episode.date
        moment = feed.channel.entry(episode.stem).date or (before and before.published)
        if moment is None and day and at_noon(day) <= now:
            moment = at_noon(day)
        if moment:
            dates[episode.stem] = moment
        else:
            undated.append(episode.stem)
    # Apps show those of one moment in any order, so each is a minute older than the next by name.
    for minutes, stem in enumerate(sorted(undated, key=natural_order, reverse=True)):
        dates[stem] = now - datetime.timedelta(minutes=minutes)
    return dates


def _signed(text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{text}\n<!-- Written by {_GENERATOR}; SHA-256 of the lines above: {digest} -->\n"


def _rss(feed: Feed, items: Sequence[_Item], guid: str, base_url: str) -> str:
    known = {"itunes": ITUNES, "content": CONTENT, "atom": ATOM, "podcast": PODCAST, "psc": PODLOVE_NAMESPACE}
    namespaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in known.items())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<rss version="2.0" {namespaces}>',
        "  <channel>",
        *(f"    {line}" for line in _channel(feed, items, guid, base_url)),
    ]
    for item in items:
        lines += ["    <item>", *(f"      {line}" for line in _item(feed.channel, item, base_url)), "    </item>"]
    return "\n".join((*lines, "  </channel>", "</rss>"))


def _element(name: str, text: str = "", /, **attributes: str) -> str:
    """Write an element on a line; white space is folded, and what XML forbids is taken away."""
    given = "".join(f" {key.rstrip('_')}={quoteattr(printable(value))}" for key, value in attributes.items() if value)
    shown = escape(printable(text))
    return f"<{name}{given}>{shown}</{name}>" if shown else f"<{name}{given}/>"


def _yes_or_no(name: str, value: bool) -> str:  # noqa: FBT001 - the only thing it is about
    return _element(name, "true" if value else "false")


def _channel(feed: Feed, items: Sequence[_Item], guid: str, base_url: str) -> Iterator[str]:
    """Yield the elements of the show."""
    channel, link, cover = feed.channel, feed.channel.link or base_url, base_url + quote(feed.cover_name)
    yield _element("title", channel.title)
    yield _element("link", link)
    yield _element("atom:link", href=base_url + quote(feed.name), rel="self", type="application/rss+xml")
    yield f"<description>{escape(_plain(channel.description))}</description>"
    yield _element("language", channel.language)
    if channel.copyright:
        yield _element("copyright", channel.copyright)
    if items:
        yield _element("pubDate", format_datetime(items[0].published))
    yield f"<lastBuildDate>{_BUILT}</lastBuildDate>"
    yield _element("generator", _GENERATOR)
    yield f"<image>{_element('url', cover)}{_element('title', channel.title)}{_element('link', link)}</image>"
    yield _element("itunes:image", href=cover)
    yield _element("itunes:author", channel.author)
    if channel.email:
        owner = _element("itunes:name", channel.author) + _element("itunes:email", channel.email)
        yield f"<itunes:owner>{owner}</itunes:owner>"
    yield from _categories(channel)
    yield _yes_or_no("itunes:explicit", channel.explicit)
    yield _element("itunes:type", channel.type)
    if channel.new_feed_url:
        yield _element("itunes:new-feed-url", channel.new_feed_url)
    if channel.block:
        yield _element("itunes:block", "Yes")
    yield from _podcasting_of_show(channel, items, guid)


def _podcasting_of_show(channel: Channel, items: Sequence[_Item], guid: str) -> Iterator[str]:
    """Yield the elements of Podcasting 2.0 that are about the show."""
    yield _element("podcast:guid", guid)
    if channel.block:
        yield _element("podcast:block", "yes")
    yield _element("podcast:medium", "podcast")
    yield _element("podcast:locked", "yes" if channel.locked else "no", owner=channel.email)
    if channel.funding.url:
        text = channel.funding.text[:LONGEST_NAME] or channel.funding.url
        yield _element("podcast:funding", text, url=channel.funding.url)
    for name in _constant_hosts(items):
        yield _element("podcast:person", name[:LONGEST_NAME], role="host")
    if any(item.episode.disclosure for item in items):
        yield _AI_CONTENT


_AI_CONTENT = '<podcast:txt purpose="ai-content">true</podcast:txt>'
"""That voices are synthetic, as the namespace's docs/tags/txt.md says it for machines; the notes say it in words."""


def _categories(channel: Channel) -> Iterator[str]:
    for category in channel.categories:
        if category.subcategory:
            inner = _element("itunes:category", text=category.subcategory)
            yield f"<itunes:category text={quoteattr(category.name)}>{inner}</itunes:category>"
        else:
            yield _element("itunes:category", text=category.name)


def _constant_hosts(items: Sequence[_Item]) -> Sequence[str]:
    """Return the hosts of all episodes, who are those of the show."""
    hosts = [[one.name for one in item.episode.participants if one.role == "host" and one.is_named] for item in items]
    return [name for name in dict.fromkeys(hosts[0] if hosts else ()) if all(name in some for some in hosts)]


def _item(channel: Channel, item: _Item, base_url: str) -> Iterator[str]:
    """Yield the elements of an episode."""
    episode, entry = item.episode, channel.entry(item.episode.stem)
    explicit = channel.explicit if entry.explicit is None else entry.explicit
    files = {suffix: base_url + quote(path.name) for suffix, path in episode.files.items()}
    yield _element("title", channel.title_of(episode))
    if ".html" in files:
        yield _element("link", files[".html"])
    yield _element("guid", item.guid, isPermaLink="false")
    yield _element("pubDate", format_datetime(item.published))
    short, whole = _notes(episode, entry.description)
    yield f"<description>{_cdata(short)}</description>"
    if whole != short:
        yield f"<content:encoded>{_cdata(whole)}</content:encoded>"
    sound = episode.sound
    kind = ENCLOSURE_TYPES.get(sound.suffix, "audio/mpeg")
    yield _element("enclosure", url=base_url + quote(sound.name), length=str(sound.stat().st_size), type=kind)
    yield _element("itunes:duration", str(max(1, round(episode.record.duration))))
    if ".cover.jpg" in files:
        yield _element("itunes:image", href=files[".cover.jpg"])
    yield _yes_or_no("itunes:explicit", explicit)
    yield _element("itunes:episodeType", entry.type)
    if entry.season:
        yield _element("itunes:season", str(entry.season))
    if entry.number:
        yield _element("itunes:episode", str(entry.number))
    yield from _podcasting(episode, files)


def _podcasting(episode: CataloguedEpisode, files: Mapping[str, str]) -> Iterator[str]:
    """Yield the elements of Podcasting 2.0 and of Podlove: chapters, transcripts, people."""
    if ".chapters.json" in files:
        yield _element("podcast:chapters", url=files[".chapters.json"], type="application/json+chapters")
    if episode.record.chapters:
        marks = "".join(_podlove_mark(chapter, episode.stem, files) for chapter in episode.record.chapters)
        yield f'<psc:chapters version="1.2">{marks}</psc:chapters>'
    for suffix, kind in TRANSCRIPTS:
        if suffix in files:
            language = "" if episode.language == UNKNOWN else episode.language
            rel = "" if kind == "application/json" else "captions"
            yield _element("podcast:transcript", url=files[suffix], type=kind, language=language, rel=rel)
    for one in episode.participants:
        if one.is_named:
            yield _element("podcast:person", one.name[:LONGEST_NAME], role=one.role)
    if episode.disclosure:
        yield _AI_CONTENT


def _podlove_mark(chapter: RecordedChapter, stem: str, files: Mapping[str, str]) -> str:
    is_remote = chapter.image.startswith(("http://", "https://"))
    image = chapter.image if is_remote else files.get(unquote(chapter.image).removeprefix(stem), "")
    start = clock(round(chapter.start * 1000))
    return _element("psc:chapter", start=start, title=chapter.title, href=chapter.link, image=image)


def _plain(text: str) -> str:
    """Return a text in its paragraphs: of shows, some apps print markup as it is written."""
    parts = map(printable, re.split(r"\n\s*\n", text.strip()))
    return "\n\n".join(part for part in parts if part)


def _cdata(html: str) -> str:
    return f"<![CDATA[{html.replace(']]>', ']]&gt;')}]]>"


def _paragraphs(text: str) -> str:
    """Return a text as HTML: an empty line begins a paragraph, and addresses become links."""
    parts = [part for part in re.split(r"\n\s*\n", text.strip()) if printable(part)]
    return "".join(f"<p>{'<br />'.join(map(_linked, part.strip().splitlines()))}</p>" for part in parts)


def _linked(line: str) -> str:
    parts = _WEB_ADDRESS.split(printable(line))  # a text, an address, a text, and so on
    shown = [escape(part, {'"': "&quot;"}) for part in parts]
    shown[1::2] = [f'<a href="{address}">{address}</a>' for address in shown[1::2]]
    return "".join(shown)


def _notes(episode: CataloguedEpisode, description: str) -> tuple[str, str]:
    """Return the show notes of an episode as HTML: as long as Apple takes them, and whole.

    The lines with times are chapters to Spotify and YouTube; it is these that are left out where there is no room.
    """
    words = sidecar_words(episode.language)
    hosts, guests = _names(episode, "host"), _names(episode, "guest")
    people = [
        f"{label}{words.colon}{words.comma.join(names)}"
        for label, names in (
            (words.hosts if len(hosts) > 1 else words.host, hosts),
            (words.guests if len(guests) > 1 else words.guest, guests),
            (words.date, [episode.date.isoformat()] if episode.date else []),
        )
        if names
    ]
    head = _paragraphs(description.strip() or episode.summary) + _lines(people)
    is_told = episode.disclosure and episode.disclosure not in episode.summary
    tail = _paragraphs(episode.disclosure) if is_told or description.strip() else ""
    marks = episode.chapter_lines
    whole = head + (_lines(marks, words.chapters) + tail)
    room = LONGEST_NOTES - len((head + _lines(["…"], words.chapters) + tail).encode())
    kept: list[str] = []
    for mark in marks:
        room -= len(f"<br />{_linked(mark)}".encode())
        if room < 0:
            break
        kept.append(mark)
    if len(kept) == len(marks):
        return whole, whole
    return head + (_lines([*kept, "…"], words.chapters) if kept else "") + tail, whole


def _names(episode: CataloguedEpisode, role: str) -> list[str]:
    return [printable(one.name) for one in episode.participants if one.role == role and one.is_named]


def _lines(lines: Sequence[str], heading: str = "") -> str:
    if not lines:
        return ""
    above = f"<p>{escape(heading)}</p>" if heading else ""
    return f"{above}<p>{'<br />'.join(map(_linked, lines))}</p>"


def cover_of(feed: Feed) -> bytes:
    """Return the picture of the show as a JPEG that directories take: the one named, or one drawn from the title.

    Raises:
        ConfigurationError: The picture that is named cannot be the cover; says why.
    """
    from interview_audio.production.cover import is_fit_cover, make_cover  # with Pillow

    named = feed.channel.cover
    try:
        if named and is_fit_cover(named):
            return named.read_bytes()
        return make_cover(feed.channel.title, named).full
    except ConfigurationError as error:
        raise _cover_error(feed, error.message) from error


def _cover_error(feed: Feed, message: str) -> ConfigurationError:
    """Return the error of the picture that is named, with the place where it is."""
    channel, named = feed.channel, feed.channel.cover
    own = ("languages", feed.language or "", "cover")
    place = channel.places.get(own) or channel.places.get(("cover",))
    shown = _from_here(named) if named else ""
    return ConfigurationError(f"{shown}: {message}", *place) if place else ConfigurationError(message, shown)


def _from_here(path: Path) -> str:
    """Return a path as short as it can be written here, without ``..``."""
    whole = path.resolve()
    here = working_folder()
    return str(whole.relative_to(here.resolve()) if here and whole.is_relative_to(here.resolve()) else whole)


@dataclass(frozen=True, slots=True)
class _Found:
    """A feed that is there."""

    earlier: EarlierFeed
    cover: str = ""
    """SHA-256 of the picture that was written with it."""
    is_edited: bool = False
    """Whether a person has changed it since."""


def read_earlier(path: Path) -> EarlierFeed:
    """Return what the feed in a file says of identifiers and dates; nothing where there is none.

    Raises:
        OutputError: The file is damaged, or was not written here, so that it must not be replaced.
    """
    return _found(path).earlier


def unsent_notice(path: Path) -> str:
    """Say of a feed in a folder that what is published is not it; nothing where it says nothing of its own.

    Args:
        path: Where the feed would be; a person may have edited it.
    """
    try:
        if not _found(path).is_edited:
            return ""
        what = "was changed after it was written, and is not sent"
    except OutputError:
        what = "was not written by this command, or is damaged, and is not sent"
    return f"{path} {what}: what is sent is made from podcast.yaml and the episodes; put changes into podcast.yaml"


def remembered_address(folder: Path, feeds: Sequence[Feed]) -> str:
    """Return the address of the folder that a feed there says, also one that is no longer written; nothing if none."""
    for path in (*(folder / feed.name for feed in feeds), *stale_feeds(folder, feeds)):
        try:
            address = read_earlier(path).base_url
        except OutputError:  # somebody else's, or damaged
            continue
        if address:
            return address
    return ""


def _found(path: Path) -> _Found:
    remedy = "move it away, or render the episodes into another folder"
    try:
        content = read_file(path, FEED_SIZE)
    except FileNotFoundError:
        return _Found(EarlierFeed())
    except InputFileError as error:
        raise OutputError(f"{path}: {error}") from error
    try:
        text = content.decode().replace("\r\n", "\n")
        earlier = earlier_feed(text)
    except ValueError as error:  # UnicodeDecodeError is one
        reason = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error
        message = f"{path} is damaged ({reason}) and is not replaced; restore it, as it has the identifiers and dates"
        raise OutputError(f"{message} that apps know, or {remedy}") from error
    cover = _COVER_LINE.search(text)
    signed = text[: cover.start()] + "\n" if cover else text
    signature = _SIGNATURE.search(signed)
    if signature and signature["digest"] == hashlib.sha256(signed[: signature.start()].encode()).hexdigest():
        return _Found(replace(earlier, text=signed), cover["digest"] if cover else "")
    if signature or f"<generator>{_GENERATOR}</generator>" in text:
        return _Found(earlier, cover["digest"] if cover else "", is_edited=True)
    raise OutputError(f"{path} was not written by this command and is not replaced; {remedy}")


def write_feeds(
    catalogue: Catalogue, channel: Channel, base_url: str, now: datetime.datetime | None = None
) -> tuple[WrittenFeed, ...]:
    """Write the feeds of a folder, each with the picture of its show; what is the same already is left as it is.

    Args:
        catalogue: The episodes of the folder.
        channel: As ``podcast.yaml`` says it.
        base_url: The address to which the folder is uploaded.
        now: The present unless given.

    Raises:
        OutputError: A feed that is there must not be replaced, or there is no episode, and nothing has been written;
            or a file cannot be written.
        ConfigurationError: The picture of the show cannot be its cover.
    """
    now = now or _now()
    feeds = feeds_of(channel, catalogue, now)
    if not any(feed.episodes for feed in feeds):
        raise OutputError(f"there is no episode to publish in {catalogue.folder}; render one into it with -o")
    # All that may be wrong is found before anything is written.
    plans = [plan_feed(feed, catalogue.folder, base_url, now) for feed in feeds]
    stale = map(stale_notice, stale_feeds(catalogue.folder, feeds))
    written = tuple(_carried_out(plan) for plan in plans)
    return (replace(written[0], notices=(*stale, *written[0].notices)), *written[1:])


@dataclass(frozen=True, slots=True)
class PlannedFeed:
    """What is to be written for a feed."""

    feed: Feed
    path: Path
    address: str
    text: str
    cover: Path
    picture: bytes | None
    """None where the picture that is there stays."""
    notices: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        """Whether that is other than what is there."""
        return self.picture is not None or self.is_text_changed

    @property
    def is_text_changed(self) -> bool:
        """Whether the feed itself is."""
        return not self.path.exists() or _content(self.path) != self.text.encode()


def plan_feed(feed: Feed, folder: Path, base_url: str, now: datetime.datetime | None = None) -> PlannedFeed:
    """Say what is to be written for a feed; nothing is.

    Args:
        feed: Which.
        folder: Of the episodes.
        base_url: The address to which it is uploaded.
        now: The present unless given.

    Raises:
        OutputError: The feed that is there must not be replaced.
        ConfigurationError: The picture of the show cannot be its cover.
    """
    path, notices, now = folder / feed.name, [], now or _now()
    found = _found(path)
    earlier = found.earlier
    if found.is_edited:
        path, other = _beside(path)
        notices.append(
            f"{folder / feed.name} was changed after it was written, and is kept; the new feed is {path.name}: compare "
            "them, and move it over the old one"
        )
        # What the edited feed says of dates counts; an episode that it does not have keeps what the last new one said.
        earlier = replace(other, guid=earlier.guid, items={**other.items, **earlier.items})
    cover = folder / feed.cover_name
    picture = _picture(feed, cover)
    digest = hashlib.sha256(picture).hexdigest()
    is_there = cover.exists()
    old = hashlib.sha256(read_file(cover, COVER)).hexdigest() if is_there else ""
    if is_there and old not in (digest, found.cover):
        notices.append(
            f"{cover} was not made by this command, and is kept; to have it checked, name it as cover: in podcast.yaml"
        )
        digest = old
    text = format_feed(feed, base_url, earlier, now).rstrip("\n")
    line = f"\n<!-- SHA-256 of {feed.cover_name}: {digest} -->\n"
    new_picture = None if old == digest else picture
    return PlannedFeed(feed, path, base_url + quote(feed.name), text + line, cover, new_picture, tuple(notices))


def _beside(path: Path) -> tuple[Path, EarlierFeed]:
    """Return a name for the new feed beside an edited one, and what a feed says that has it: ``feed.new.xml``."""
    for number in itertools.count(1):
        name = path.with_name(f"{path.stem}.new{number if number > 1 else ''}.xml")
        try:
            found = _found(name)
        except OutputError:
            continue
        if not found.is_edited:
            return name, found.earlier
    raise AssertionError  # there are names without end


def _picture(feed: Feed, cover: Path) -> bytes:
    """Return the picture of the show; one that has the name which the feed gives it stays as it is."""
    named = feed.channel.cover
    picture = cover_of(feed)
    if named and cover.exists() and named.exists() and named.samefile(cover) and picture != cover.read_bytes():
        raise _cover_error(feed, "it would be written over itself; rename the file, and set cover to that")
    return picture


def stale_feeds(folder: Path, feeds: Sequence[Feed]) -> Iterator[Path]:
    """Find feeds that were written here and are no longer."""
    names = [feed.name for feed in feeds]
    for path in sorted(folder.glob("feed*.xml")):
        if path.name not in names and not re.search(r"\.new\d*\.xml$", path.name):
            try:
                _found(path)
            except OutputError:
                continue
            yield path


def stale_notice(path: Path) -> str:
    """Say of a feed that it is no longer written."""
    return (
        f"{path} is a feed of before, and no longer written; remove it once its subscribers have moved "
        "(new_feed_url in podcast.yaml tells them where to)"
    )


def write_beside(path: Path, content: bytes) -> None:
    """Write a file into the folder of the episodes, whole or not at all.

    Raises:
        OutputError: It cannot be written; names the folder, and not the temporary file that could not be made.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        raise OutputError(
            f"cannot write {path.name} to {path.parent}: {error.strerror}; make room or allow writing there, or copy "
            "the episodes to another folder and name that one"
        ) from error


def _carried_out(plan: PlannedFeed) -> WrittenFeed:
    is_changed = plan.is_changed
    if plan.picture is not None:
        write_beside(plan.cover, plan.picture)
    if plan.is_text_changed:
        write_beside(plan.path, plan.text.encode())
    count = len(plan.feed.episodes)
    return WrittenFeed(plan.path, plan.address, plan.feed.channel.title, count, is_changed, plan.cover, plan.notices)


def _content(path: Path) -> bytes:
    return path.read_bytes().replace(b"\r\n", b"\n")
