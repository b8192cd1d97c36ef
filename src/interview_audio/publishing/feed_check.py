"""What directories and apps would refuse of a feed, whoever wrote it, and what to do about it.

Each rule is a row of ``RULES``: whose it is, the page that says it, the remedy, and how a violation is found. The files
that the feed names are looked at where they lie beside it. Pages were read in November 2026, Spotify's specification in
its version 1.6; 小宇宙 publishes no specification, so what is said of it here is what its forms ask for (an address of
e-mail) and what it takes over from Apple's.
"""

import datetime
import itertools
import json
import re
import warnings
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from interview_audio.configuration.languages import primary_tag
from interview_audio.files.episode_record import EpisodeRecord
from interview_audio.files.input_files import read_file
from interview_audio.production.sidecars.sidecar_files import PODLOVE_NAMESPACE
from interview_audio.publishing.channel import UUID, apple_categories, is_public
from interview_audio.publishing.feed import (
    ATOM,
    CONTENT,
    FEED_SIZE,
    ITUNES,
    LONGEST_NAME,
    LONGEST_NOTES,
    PODCAST,
    moment_in,
    name_in_address,
)
from interview_audio.text.printable import printable
from interview_audio.text.units import counted, format_bytes, shortened

_APPLE = "https://podcasters.apple.com/support/823-podcast-requirements"
_APPLE_TAGS = "https://help.apple.com/itc/podcasts_connect/#/itcb54353390"
_APPLE_ARTWORK = "https://podcasters.apple.com/support/896-artwork-requirements"
_APPLE_AUDIO = "https://podcasters.apple.com/support/893-audio-requirements"
_APPLE_CATEGORIES = "https://podcasters.apple.com/support/1691-apple-podcasts-categories"
_APPLE_TRANSCRIPTS = "https://podcasters.apple.com/support/5316-transcripts-on-apple-podcasts"
_SPOTIFY = "https://content-ops.atspotify.com/hc/en-us/articles/360050808931--PODCAST-Show-Metadata-Requirements"
_SPOTIFY_CHAPTERS = "https://support.spotifyforpodcasters.com/hc/en-us/articles/360043932711"
_YOUTUBE = "https://github.com/Chocobozzz/PeerTube/issues/6201"
"""What YouTube answers to a feed without an owner."""
_RSS = "https://www.rssboard.org/rss-specification"
_RSS_PROFILE = "https://www.rssboard.org/rss-profile"
_TAGS = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/"
_HTTPS = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
_CHAPTERS = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md"
_PRX = "https://help.prx.org/hc/en-us/articles/360022234293"
_ANTENNAPOD = "https://github.com/AntennaPod/AntennaPod/blob/develop/"
_ANTENNAPOD_DATES = f"{_ANTENNAPOD}parser/feed/src/main/java/de/danoeh/antennapod/parser/feed/util/DateUtils.java"
_ANTENNAPOD_TWINS = (
    f"{_ANTENNAPOD}storage/database/src/main/java/de/danoeh/antennapod/storage/database/FeedItemDuplicateGuesser.java"
)
_EVERYBODY = "Apple, Spotify, YouTube, 小宇宙"

_LONGEST_VALUE = 255
"""Characters of any tag that Apple says nothing else of."""
_SMALLEST_COVER, _LARGEST_COVER = 1400, 3000
_LARGEST_TAG = 300_000
"""Bytes before the sound; a player loads them all before it plays (PRX)."""
_LOUDNESS, _TOLERANCE, _PEAK = -16.0, 1.0, -1.0
_ENCLOSURE_TYPES = {
    "mp3": ("audio/mpeg",),
    "m4a": ("audio/x-m4a", "audio/mp4", "audio/m4a"),
    "m4b": ("audio/x-m4b", "audio/x-m4a", "audio/mp4"),
    "mp4": ("video/mp4", "audio/mp4"),
    "m4v": ("video/x-m4v",),
    "mov": ("video/quicktime",),
    "pdf": ("application/pdf",),
    "opus": ("audio/ogg", "audio/opus"),
    "ogg": ("audio/ogg",),
    "flac": ("audio/flac", "audio/x-flac"),
}
_PLAYED_BY_APPLE = ("mp3", "m4a", "mp4", "m4v", "mov", "pdf")
_TRANSCRIPT_TYPES = (
    "text/vtt",
    "application/x-subrip",
    "application/srt",
    "text/srt",
    "application/json",
    "text/html",
    "text/plain",
)
_MEDIUMS = ("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course", "mixed")
_TIME_LINE = re.compile(r"^[^\S\n]*\(?(?:(\d{1,2}):)?(\d{1,2}):(\d\d)\)?(?=\s*\S)", re.MULTILINE)
_FEWEST_CHAPTERS = 3
"""That Spotify takes from times in the notes."""

_SAME_TO_ANTENNAPOD = str.maketrans("“”„—", '"""-')
"""Marks that it takes for the same in titles."""

Fault = tuple[str, str]
"""Where, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that directories or apps would refuse, or that listeners would miss."""

    rule: str
    is_refused: bool
    """Whether somebody refuses the feed or an episode; else it is a warning."""
    who: str
    where: str
    what: str
    remedy: str
    source: str
    """Address of the page that says so."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy} ({self.who})"


@dataclass(frozen=True, slots=True)
class _Item:
    """An episode of the feed that is checked."""

    element: ET.Element
    where: str

    def text(self, tag: str) -> str:
        return (self.element.findtext(tag) or "").strip()

    @property
    def enclosure(self) -> str:
        found = self.element.find("enclosure")
        return "" if found is None else found.get("url", "").strip()


@dataclass(frozen=True, slots=True)
class _ReadFeed:
    """A feed that is checked, with the files beside it."""

    text: str = field(repr=False)
    root: ET.Element
    channel: ET.Element
    items: tuple[_Item, ...]
    folder: Path
    now: datetime.datetime
    has_sounds: bool
    """Whether any sound that it names lies beside it; if none does, its files are elsewhere."""

    def file(self, address: str) -> Path | None:
        """Return the file beside the feed that has the name at the end of an address; None where there is none."""
        path = self.folder / name_in_address(address)
        return path if name_in_address(address) and path.is_file() else None

    def places(self) -> Iterator[tuple[str, ET.Element]]:
        """Yield the show and each episode, with what messages call it."""
        yield "show", self.channel
        yield from ((item.where, item.element) for item in self.items)

    def addresses(self) -> Iterator[tuple[str, str, str]]:
        """Yield each address: where, which element says it, and the address."""
        for where, place in self.places():
            for element in place:
                for address in (element.get("url"), element.get("href")):
                    if address is not None:
                        yield where, _short(element.tag), address.strip()
                if element.tag in ("link", f"{{{ITUNES}}}new-feed-url") and (element.text or "").strip():
                    yield where, _short(element.tag), (element.text or "").strip()

    def images(self) -> Iterator[tuple[str, str]]:
        """Yield the artwork of the show and its episodes: where, and its address."""
        for where, place in self.places():
            for image in place.iterfind(f"{{{ITUNES}}}image"):
                yield where, image.get("href", "").strip()

    def all(self, tag: str) -> Iterator[tuple[str, ET.Element]]:
        """Yield the elements of a name in the show and its episodes."""
        for where, place in self.places():
            yield from ((where, element) for element in place.iterfind(tag))


def check_feed(path: Path, now: datetime.datetime | None = None) -> list[Finding]:
    """Check the feed in a file, and the files that lie beside it.

    Args:
        path: Of the feed, whoever wrote it.
        now: Later dates are in the future; the present unless given.

    Returns:
        What is refused first, then warnings.

    Raises:
        InputFileError: It is not a file, or too large.
        OSError: It cannot be read.
    """
    return check_feed_text(read_file(path, FEED_SIZE), path.parent, now)


def check_feed_text(content: bytes, folder: Path, now: datetime.datetime | None = None) -> list[Finding]:
    """Check the content of a feed, and the files in a folder that it names."""
    try:
        root = ET.fromstring(content)  # noqa: S314 - expat bounds entities, and the size is bounded
        text = content.decode("utf-8-sig")
    except (ET.ParseError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else f"it is not XML: {error}"
        remedy = "save it as UTF-8, or correct it at that place; a & is written &amp;"
        return [Finding("xml", True, _EVERYBODY, "feed", reason, remedy, _APPLE)]
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        what = f"its first element is {_short(root.tag)}, not an rss with a channel"
        return [Finding("rss", True, _EVERYBODY, "feed", what, "offer RSS 2.0; Atom is not taken", _APPLE)]
    items = tuple(
        _Item(element, f"episode {number}, {shortened(printable(element.findtext('title') or 'without a title'), 40)}")
        for number, element in enumerate(channel.iterfind("item"), start=1)
    )
    has_sounds = any(
        name_in_address(item.enclosure) and (folder / name_in_address(item.enclosure)).is_file() for item in items
    )
    feed = _ReadFeed(text, root, channel, items, folder, now or datetime.datetime.now(datetime.UTC), has_sounds)
    findings = [
        Finding(rule.name, rule.is_refused, rule.who, where, printable(what), rule.remedy, rule.source)
        for rule in RULES
        for where, what in rule.find(feed)
    ]
    return sorted(findings, key=lambda finding: not finding.is_refused)


def _extension(address: str) -> str:
    return name_in_address(address).rpartition(".")[2].lower()


def _short(tag: str) -> str:
    """Return an element's name as feeds write it: ``itunes:image``."""
    known = {ITUNES: "itunes", PODCAST: "podcast", ATOM: "atom", CONTENT: "content", PODLOVE_NAMESPACE: "psc"}
    space, _, name = tag.rpartition("}")
    return f"{known.get(space[1:], space[1:])}:{name}" if space else name


def _local_image(feed: _ReadFeed, address: str) -> tuple[str, str, tuple[int, int]] | str | None:
    """Return format, mode and size of an image beside the feed, or what is wrong with it; None where there is none."""
    from PIL import Image, UnidentifiedImageError  # only a check opens images

    path = feed.file(address)
    if path is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pixels beyond count, which are in the size
            with Image.open(path) as image:
                return str(image.format), image.mode, image.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "cannot be read as an image"


def _encoding(feed: _ReadFeed) -> Iterator[Fault]:
    if not re.match(r"<\?xml\s[^>]*encoding=[\"']utf-8[\"']", feed.text, re.IGNORECASE):
        yield "feed", "its first line does not say that it is XML in UTF-8"


def _version(feed: _ReadFeed) -> Iterator[Fault]:
    if feed.root.get("version") != "2.0":
        yield "feed", f"it says version {feed.root.get('version') or 'nothing'} of RSS"


def _namespace(feed: _ReadFeed) -> Iterator[Fault]:
    for element in feed.channel.iter():
        space = element.tag[1:].partition("}")[0] if isinstance(element.tag, str) and element.tag[:1] == "{" else ""
        if space != ITUNES and space.lower() == ITUNES:
            yield "feed", f"the namespace of Apple's tags is written {space}"
            return


def _missing_in_show(tag: str, attribute: str = "") -> Callable[[_ReadFeed], Iterator[Fault]]:
    def find(feed: _ReadFeed) -> Iterator[Fault]:
        element = feed.channel.find(tag)
        value = None if element is None else element.get(attribute) if attribute else "".join(element.itertext())
        if not (value or "").strip():
            yield "show", f"it has no {_short(tag)}"

    return find


def _missing_in_episodes(tag: str) -> Callable[[_ReadFeed], Iterator[Fault]]:
    def find(feed: _ReadFeed) -> Iterator[Fault]:
        for item in feed.items:
            if not item.text(tag):
                yield item.where, f"it has no {_short(tag)}"

    return find


def _language(feed: _ReadFeed) -> Iterator[Fault]:
    written = (feed.channel.findtext("language") or "").strip()
    if written and (primary_tag(written) or "") != written.partition("-")[0].lower():
        yield "show", f"{written!r} is not a language of ISO 639"


def _categories(feed: _ReadFeed) -> Iterator[Fault]:
    for category in feed.channel.iterfind(f"{{{ITUNES}}}category"):
        name = category.get("text", "")
        inner = [one.get("text", "") for one in category.iterfind(f"{{{ITUNES}}}category")]
        if name not in apple_categories():
            yield "show", f"{name!r} is not a category of Apple's list, in which capitals count"
        else:
            for one in inner:
                if one not in apple_categories()[name]:
                    yield "show", f"{one!r} is not a subcategory of {name}"


def _explicit(feed: _ReadFeed) -> Iterator[Fault]:
    for where, element in feed.all(f"{{{ITUNES}}}explicit"):
        if (element.text or "").strip().lower() not in ("true", "false"):
            yield where, f"itunes:explicit is {(element.text or '').strip()!r}"


def _email(feed: _ReadFeed) -> Iterator[Fault]:
    email = (feed.channel.findtext(f"{{{ITUNES}}}owner/{{{ITUNES}}}email") or "").strip()
    if not email:
        yield "show", "it has no itunes:owner with an itunes:email"
    elif not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+", email):
        yield "show", f"{email!r} is not an address of e-mail"


def _no_episode(feed: _ReadFeed) -> Iterator[Fault]:
    if not feed.items:
        yield "show", "it has no episode"


def _enclosure(feed: _ReadFeed) -> Iterator[Fault]:
    for item in feed.items:
        found = item.element.find("enclosure")
        if found is None:
            yield item.where, "it has no enclosure"
        elif missing := [name for name in ("url", "length", "type") if not found.get(name, "").strip()]:
            yield item.where, f"its enclosure has no {' and no '.join(missing)}"


def _length(feed: _ReadFeed) -> Iterator[Fault]:
    for item in feed.items:
        found = item.element.find("enclosure")
        if found is None or not found.get("length", "").strip():
            continue
        said, sound = found.get("length", "").strip(), feed.file(item.enclosure)
        if not said.isascii() or not said.isdigit() or int(said[:20]) == 0:
            yield item.where, f"its enclosure has the length {said!r}, which is not a number of bytes"
        elif sound and int(said[:20]) != sound.stat().st_size:
            yield item.where, f"its enclosure has the length {said}, but {sound.name} has {sound.stat().st_size} bytes"


def _sound_gone(feed: _ReadFeed) -> Iterator[Fault]:
    for item in feed.items:
        if feed.has_sounds and item.enclosure and feed.file(item.enclosure) is None:
            yield item.where, f"{name_in_address(item.enclosure)} is not beside the feed"


def _type(feed: _ReadFeed) -> Iterator[Fault]:
    for item in feed.items:
        found = item.element.find("enclosure")
        said = "" if found is None else found.get("type", "").partition(";")[0].strip().lower()
        known = _ENCLOSURE_TYPES.get(_extension(item.enclosure))
        if said and known and said not in known:
            yield item.where, f"its enclosure has the type {said}, but .{_extension(item.enclosure)} is {known[0]}"


def _format(feed: _ReadFeed) -> Iterator[Fault]:
    for item in feed.items:
        extension = _extension(item.enclosure)
        if item.enclosure and extension not in _PLAYED_BY_APPLE:
            yield item.where, f"Apple does not play .{extension}" if extension else "its enclosure has no file ending"


def _repeated(feed: _ReadFeed, value: Callable[[_Item], str], what: str) -> Iterator[Fault]:
    counts = Counter(value(item) for item in feed.items)
    seen: set[str] = set()
    for item in feed.items:
        if value(item) and counts[value(item)] > 1 and value(item) in seen:
            yield item.where, f"its {what} is that of an episode above"
        seen.add(value(item))


def _enclosure_again(feed: _ReadFeed) -> Iterator[Fault]:
    yield from _repeated(feed, lambda item: item.enclosure, "enclosure")


def _guid_again(feed: _ReadFeed) -> Iterator[Fault]:
    yield from _repeated(feed, lambda item: item.text("guid"), "guid")


def _twins(feed: _ReadFeed) -> Iterator[Fault]:
    seen: dict[tuple[str, datetime.date], str] = {}
    for item, _, moment in _dates(feed):
        title = item.text("title").translate(_SAME_TO_ANTENNAPOD)
        if title and moment:
            twin = seen.setdefault((title, moment.astimezone(datetime.UTC).date()), item.where)
            if twin != item.where:
                yield item.where, f"it has the title and the day of {twin.partition(',')[0]}"


def _guid_link(feed: _ReadFeed) -> Iterator[Fault]:
    for item in feed.items:
        guid = item.element.find("guid")
        is_link = guid is not None and guid.get("isPermaLink", "true").strip().lower() != "false"
        if is_link and item.text("guid") and not re.match("https?://", item.text("guid")):
            yield item.where, "its guid is not an address, but counts as one"


def _ascii(feed: _ReadFeed) -> Iterator[Fault]:
    for where, name, address in feed.addresses():
        if not address.isascii() or re.search(r"\s", address):
            yield where, f"the address of {name} has other characters than ASCII: {shortened(address)}"


def _absolute(feed: _ReadFeed) -> Iterator[Fault]:
    for where, name, address in feed.addresses():
        if not re.match("https?://[^/]", address, re.IGNORECASE) or not _makes_sense(address):
            yield where, f"{name} has {shortened(address)!r}, which is not an address of the web"


def _makes_sense(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False


def _https(feed: _ReadFeed) -> Iterator[Fault]:
    plain = [(where, name) for where, name, address in feed.addresses() if address.lower().startswith("http://")]
    if plain:
        more = f", and {len(plain) - 1} more" if len(plain) > 1 else ""
        yield plain[0][0], f"{plain[0][1]} begins with http://{more}"


def _public(feed: _ReadFeed) -> Iterator[Fault]:
    seen: set[str] = set()
    for where, name, address in feed.addresses():
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            continue
        if host and host not in seen and (parts.username is not None or not is_public(host)):
            seen.add(host)
            what = "asks for a password" if parts.username is not None else f"is on {host}, which only your network has"
            yield where, f"{name} {what}"


def _dates(feed: _ReadFeed) -> Iterator[tuple[_Item, str, datetime.datetime | None]]:
    for item in feed.items:
        written = item.text("pubDate")
        if written:
            yield item, written, _moment(written)


_RFC_2822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|[A-Z]{1,4})"
)


def _moment(written: str) -> datetime.datetime | None:
    if not _RFC_2822.fullmatch(written):
        return None
    return moment_in(written)


def _date_form(feed: _ReadFeed) -> Iterator[Fault]:
    for item, written, moment in _dates(feed):
        if moment is None:
            yield item.where, f"its pubDate is {shortened(written)!r}"


def _date_future(feed: _ReadFeed) -> Iterator[Fault]:
    for item, written, moment in _dates(feed):
        if moment and moment > feed.now:
            yield item.where, f"its pubDate is in the future: {written}"


def _duration(feed: _ReadFeed) -> Iterator[Fault]:
    for item in feed.items:
        written = item.text(f"{{{ITUNES}}}duration")
        if not re.fullmatch(r"0*[1-9]\d*|(?:\d+:)?\d{1,2}:\d\d", written):
            yield item.where, f"its itunes:duration is {written!r}" if written else "it has no itunes:duration"


def _long_values(feed: _ReadFeed) -> Iterator[Fault]:
    for where, place in feed.places():
        for tag in ("title", f"{{{ITUNES}}}title", f"{{{ITUNES}}}author", "copyright"):
            length = len((place.findtext(tag) or "").strip())
            if length > _LONGEST_VALUE:
                yield where, f"its {_short(tag)} has {length} characters, {_LONGEST_VALUE} at most"


def _long_description(feed: _ReadFeed) -> Iterator[Fault]:
    for where, place in feed.places():
        size = len((place.findtext("description") or "").strip().encode())
        if size > LONGEST_NOTES:
            yield where, f"its description has {size} bytes, {LONGEST_NOTES} at most"


def _spaces(feed: _ReadFeed) -> Iterator[Fault]:
    for where, place in feed.places():
        for element in place:
            text = element.text or ""
            if text.strip() and not len(element) and text != text.strip() and element.tag != "description":
                yield where, f"{_short(element.tag)} begins or ends with a space"


def _image_ending(feed: _ReadFeed) -> Iterator[Fault]:
    for where, address in feed.images():
        if address and _extension(address) not in ("jpg", "jpeg", "png"):
            yield where, f"the address of its artwork ends in {name_in_address(address) or address!r}"


def _image_size(feed: _ReadFeed) -> Iterator[Fault]:
    for where, address in feed.images():
        found = _local_image(feed, address)
        if isinstance(found, tuple):
            width, height = found[2]
            if width != height or not _SMALLEST_COVER <= width <= _LARGEST_COVER:
                yield where, f"its artwork is {width} x {height} pixels"


def _image_kind(feed: _ReadFeed) -> Iterator[Fault]:
    for where, address in feed.images():
        found = _local_image(feed, address)
        if isinstance(found, str):
            yield where, f"its artwork {name_in_address(address)} {found}"
        elif found:
            kind = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG"}.get(_extension(address))
            if kind and found[0] != kind:
                yield where, f"its artwork {name_in_address(address)} is a {found[0]} file"


def _image_colours(feed: _ReadFeed) -> Iterator[Fault]:
    for where, address in feed.images():
        found = _local_image(feed, address)
        if isinstance(found, tuple) and found[1] != "RGB":
            what = "has an alpha channel" if found[1] in ("RGBA", "LA", "PA") else f"has the colours {found[1]}"
            yield where, f"its artwork {what}"


def _numbers(feed: _ReadFeed) -> Iterator[Fault]:
    for item in feed.items:
        for name in ("season", "episode"):
            written = item.text(f"{{{ITUNES}}}{name}")
            if written and not re.fullmatch("[1-9][0-9]*", written):
                yield item.where, f"its itunes:{name} is {written!r}"


def _serial(feed: _ReadFeed) -> Iterator[Fault]:
    if (feed.channel.findtext(f"{{{ITUNES}}}type") or "").strip().lower() == "serial":
        for item in feed.items:
            is_full = item.text(f"{{{ITUNES}}}episodeType").lower() in ("", "full")
            if is_full and not item.text(f"{{{ITUNES}}}episode"):
                yield item.where, "it has no itunes:episode, and the show is a serial"


def _kinds(feed: _ReadFeed) -> Iterator[Fault]:
    kind = (feed.channel.findtext(f"{{{ITUNES}}}type") or "").strip()
    if kind and kind.lower() not in ("episodic", "serial"):
        yield "show", f"its itunes:type is {kind!r}"
    for item in feed.items:
        kind = item.text(f"{{{ITUNES}}}episodeType")
        if kind and kind.lower() not in ("full", "trailer", "bonus"):
            yield item.where, f"its itunes:episodeType is {kind!r}"


def _blocked(feed: _ReadFeed) -> Iterator[Fault]:
    for where, element in feed.all(f"{{{ITUNES}}}block"):
        if (element.text or "").strip().lower() == "yes":
            yield where, "itunes:block keeps it out of Apple's directory"


def _self_link(feed: _ReadFeed) -> Iterator[Fault]:
    links = feed.channel.iterfind(f"{{{ATOM}}}link")
    if not any(link.get("rel") == "self" and link.get("href") for link in links):
        yield "show", "it has no atom:link to itself"


def _repeated_title(feed: _ReadFeed) -> Iterator[Fault]:
    title = (feed.channel.findtext("title") or "").strip().casefold()
    for item in feed.items:
        own = item.text("title").casefold()
        if title and own != title and re.match(re.escape(title) + r"\s*[-–—|:：·#]", own):
            yield item.where, "its title repeats that of the show"


def _show_guid(feed: _ReadFeed) -> Iterator[Fault]:
    guid = (feed.channel.findtext(f"{{{PODCAST}}}guid") or "").strip()
    if not UUID.fullmatch(guid):
        yield "show", f"its podcast:guid is {guid!r}" if guid else "it has no podcast:guid"


def _words_of(tag: str, allowed: Sequence[str]) -> Callable[[_ReadFeed], Iterator[Fault]]:
    def find(feed: _ReadFeed) -> Iterator[Fault]:
        for where, element in feed.all(f"{{{PODCAST}}}{tag}"):
            if (element.text or "").strip() not in allowed:
                yield where, f"its podcast:{tag} is {(element.text or '').strip()!r}"

    return find


def _ai_content(feed: _ReadFeed) -> Iterator[Fault]:
    for where, element in feed.all(f"{{{PODCAST}}}txt"):
        is_about_it = element.get("purpose", "").strip().lower() == "ai-content"
        if is_about_it and (element.text or "").strip().lower() not in ("true", "false"):
            yield where, f"what it says of ai-content is {shortened((element.text or '').strip())!r}"


def _people(feed: _ReadFeed) -> Iterator[Fault]:
    for where, element in feed.all(f"{{{PODCAST}}}person"):
        length = len((element.text or "").strip())
        if not 0 < length <= LONGEST_NAME:
            yield where, f"the name of a podcast:person has {length} characters"


def _chapters_type(feed: _ReadFeed) -> Iterator[Fault]:
    for where, element in feed.all(f"{{{PODCAST}}}chapters"):
        if element.get("type") not in ("application/json+chapters", "application/json"):
            yield where, f"its podcast:chapters has the type {element.get('type') or 'nothing'}"


def _chapters_file(feed: _ReadFeed) -> Iterator[Fault]:
    for where, element in feed.all(f"{{{PODCAST}}}chapters"):
        path = feed.file(element.get("url", ""))
        if path is None:
            if feed.has_sounds:
                yield where, f"{name_in_address(element.get('url', ''))} is not beside the feed"
        elif fault := _chapters_fault(path):
            yield where, f"{path.name} {fault}"


def _chapters_fault(path: Path) -> str:
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError, OSError):
        return "is not JSON"
    chapters = content.get("chapters") if isinstance(content, dict) else None
    if not isinstance(chapters, list) or not isinstance(content.get("version"), str):
        return "has no version, or no list of chapters"
    starts = [one.get("startTime") if isinstance(one, dict) else None for one in chapters]
    times = [start for start in starts if isinstance(start, int | float) and not isinstance(start, bool)]
    if len(times) < len(starts):
        return "has a chapter without a startTime in seconds"
    if any(later < earlier for earlier, later in itertools.pairwise(times)):
        return "has chapters that are not in order"
    return ""


def _transcript_type(feed: _ReadFeed) -> Iterator[Fault]:
    for where, element in feed.all(f"{{{PODCAST}}}transcript"):
        if element.get("type", "").partition(";")[0].strip().lower() not in _TRANSCRIPT_TYPES:
            yield where, f"a podcast:transcript has the type {element.get('type') or 'nothing'}"


def _transcript_file(feed: _ReadFeed) -> Iterator[Fault]:
    for where, element in feed.all(f"{{{PODCAST}}}transcript"):
        path = feed.file(element.get("url", ""))
        if path is None:
            if feed.has_sounds:
                yield where, f"{name_in_address(element.get('url', ''))} is not beside the feed"
        elif element.get("type") == "text/vtt" and not path.read_bytes()[:20].lstrip(b"\xef\xbb\xbf").startswith(
            b"WEBVTT"
        ):
            yield where, f"{path.name} does not begin with WEBVTT"


def _transcript_order(feed: _ReadFeed) -> Iterator[Fault]:
    for item in feed.items:
        kinds = [one.get("type") for one in item.element.iterfind(f"{{{PODCAST}}}transcript")]
        if kinds and kinds[0] != "text/vtt":
            yield item.where, "its first podcast:transcript is not WebVTT"


def _times(feed: _ReadFeed) -> Iterator[Fault]:
    for item in feed.items:
        if item.element.find(f"{{{PODLOVE_NAMESPACE}}}chapters") is not None:
            continue
        notes = re.sub(r"<br ?/?>|</?(?:p|li)>", "\n", item.text("description"))
        starts = [
            int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
            for hours, minutes, seconds in _TIME_LINE.findall(notes)
        ]
        if starts and starts[0] != 0:
            yield item.where, "the first time in its description is not 00:00"
        elif starts and starts != sorted(starts):
            yield item.where, "the times in its description are not in order"
        elif 1 < len(starts) < _FEWEST_CHAPTERS:
            yield (
                item.where,
                f"its description has {counted(len(starts), 'time')}, and Spotify makes chapters from three",
            )


def _tag_size(feed: _ReadFeed) -> Iterator[Fault]:
    for item in feed.items:
        sound = feed.file(item.enclosure)
        if sound and (size := _id3_size(sound)) > _LARGEST_TAG:
            yield item.where, f"the tag of {sound.name} has {format_bytes(size)}, {format_bytes(_LARGEST_TAG)} at most"


def _id3_size(path: Path) -> int:
    """Return the bytes of an ID3v2 tag at the beginning of a file; 0 where there is none."""
    with path.open("rb") as file:
        head = file.read(10)
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return size + 10


def _records(feed: _ReadFeed) -> Iterator[tuple[_Item, EpisodeRecord]]:
    for item in feed.items:
        sound = feed.file(item.enclosure)
        record = EpisodeRecord.read(feed.folder, sound.name.removesuffix(sound.suffix)) if sound else None
        if record:
            yield item, record


def _loudness(feed: _ReadFeed) -> Iterator[Fault]:
    for item, record in _records(feed):
        if abs(record.levels.integrated - _LOUDNESS) > _TOLERANCE:
            yield item.where, f"its loudness is {record.levels.integrated:.1f} LUFS"


def _peak(feed: _ReadFeed) -> Iterator[Fault]:
    for item, record in _records(feed):
        if record.levels.true_peak > _PEAK:
            yield item.where, f"its true peak is {record.levels.true_peak:.1f} dBTP"


@dataclass(frozen=True, slots=True)
class FeedRule:
    """A rule of directories or apps, and how a violation is found."""

    name: str
    is_refused: bool
    who: str
    source: str
    """Address of the page that states it."""
    remedy: str
    find: Callable[[_ReadFeed], Iterator[Fault]]


_YAML = "in podcast.yaml"
RULES: tuple[FeedRule, ...] = (
    FeedRule("encoding", True, "Apple", _APPLE, 'begin with <?xml version="1.0" encoding="UTF-8"?>', _encoding),
    FeedRule("version", True, "Apple", _APPLE, 'write <rss version="2.0" ...>', _version),
    FeedRule("namespace", True, "Apple", _APPLE, f'write xmlns:itunes="{ITUNES}"', _namespace),
    FeedRule("title", True, _EVERYBODY, _RSS, f"add it: title: {_YAML}", _missing_in_show("title")),
    FeedRule("link", True, _EVERYBODY, _RSS, f"add it: link: {_YAML}", _missing_in_show("link")),
    FeedRule("description", True, _EVERYBODY, _RSS, f"add it: description: {_YAML}", _missing_in_show("description")),
    FeedRule("language", True, "Apple, Spotify", _APPLE, f"add it: language: {_YAML}", _missing_in_show("language")),
    FeedRule("language-code", True, "Apple", _APPLE_TAGS, "write one like zh, en or en-gb", _language),
    FeedRule("author", True, "Spotify", _SPOTIFY, f"add it: author: {_YAML}", _missing_in_show(f"{{{ITUNES}}}author")),
    FeedRule(
        "email",
        True,
        "Spotify, YouTube, 小宇宙",
        _YOUTUBE,
        f"add it, to prove that the show is yours: email: {_YAML}",
        _email,
    ),
    FeedRule(
        "category",
        True,
        "Apple",
        _APPLE,
        f"add it: categories: {_YAML}",
        _missing_in_show(f"{{{ITUNES}}}category", "text"),
    ),
    FeedRule("category-name", True, "Apple", _APPLE_CATEGORIES, "write it as on that page", _categories),
    FeedRule(
        "explicit", True, "Apple", _APPLE, f"add it: explicit: {_YAML}", _missing_in_show(f"{{{ITUNES}}}explicit")
    ),
    FeedRule("explicit-value", True, "Apple", _APPLE_TAGS, "write true or false", _explicit),
    FeedRule(
        "image", True, _EVERYBODY, _APPLE, f"add it: cover: {_YAML}", _missing_in_show(f"{{{ITUNES}}}image", "href")
    ),
    FeedRule(
        "image-ending",
        True,
        "Apple",
        _APPLE_TAGS,
        "give the file an ending, .jpg or .png, and that in its address",
        _image_ending,
    ),
    FeedRule("image-size", True, "Apple", _APPLE_ARTWORK, "make it square, 1400 to 3000 pixels wide", _image_size),
    FeedRule(
        "image-kind",
        True,
        "Apple",
        _APPLE_ARTWORK,
        "save it as JPEG or PNG, with the ending that belongs to it",
        _image_kind,
    ),
    FeedRule("image-colours", True, "Apple", _APPLE_ARTWORK, "save it as RGB without transparency", _image_colours),
    FeedRule("episodes", True, _EVERYBODY, _SPOTIFY, "publish one first", _no_episode),
    FeedRule("episode-title", True, "Apple, Spotify", _APPLE_TAGS, "give it a title", _missing_in_episodes("title")),
    FeedRule("enclosure", True, _EVERYBODY, _APPLE, "write url, length and type", _enclosure),
    FeedRule("enclosure-unique", True, "Apple", _APPLE, "give each episode a file of its own", _enclosure_again),
    FeedRule("enclosure-length", True, "Apple", _APPLE_TAGS, "write the size of the file: run feed again", _length),
    FeedRule("enclosure-file", True, _EVERYBODY, _APPLE_TAGS, "put the sound there, or run feed again", _sound_gone),
    FeedRule("enclosure-type", True, "Apple", _APPLE_TAGS, "write the type that belongs to the file", _type),
    FeedRule("enclosure-format", True, "Apple", _APPLE_TAGS, "render it as MP3 or M4A: sound: {format: mp3}", _format),
    FeedRule("guid", True, "Apple, Spotify", _APPLE, "give it one that never changes", _missing_in_episodes("guid")),
    FeedRule("guid-unique", True, "Apple, Spotify", _SPOTIFY, "give each episode its own", _guid_again),
    FeedRule(
        "pub-date",
        True,
        "Spotify",
        _SPOTIFY,
        "add it: date: below the episode in podcast.yaml",
        _missing_in_episodes("pubDate"),
    ),
    FeedRule("pub-date-form", True, "Apple", _APPLE, "write it like Wed, 06 Jul 2014 13:00:00 +0000", _date_form),
    FeedRule(
        "address-ascii",
        True,
        "Apple",
        _APPLE,
        "rename the file in a-z, A-Z and 0-9, or write its address with %",
        _ascii,
    ),
    FeedRule("address", True, _EVERYBODY, _RSS, "write all of it, from https:// on", _absolute),
    FeedRule(
        "address-public", True, _EVERYBODY, _APPLE, "publish it where everybody can reach it: --base-url URL", _public
    ),
    FeedRule("value-length", True, "Apple", _APPLE_TAGS, "shorten it", _long_values),
    FeedRule("description-length", True, "Apple", _APPLE_TAGS, "shorten it", _long_description),
    FeedRule("numbers", True, "Apple", _APPLE_TAGS, "write 1, 2, 3 and so on", _numbers),
    FeedRule("serial", True, "Apple", _APPLE_TAGS, "add number: below the episode in podcast.yaml", _serial),
    FeedRule("kinds", True, "Apple", _APPLE_TAGS, "write episodic or serial, and full, trailer or bonus", _kinds),
    FeedRule("https", False, "Apple, 小宇宙, browsers", _HTTPS, "publish it with https://", _https),
    FeedRule(
        "pub-date-future",
        False,
        "AntennaPod",
        _ANTENNAPOD_DATES,
        "it counts as an episode without a date; write the day on which it is published",
        _date_future,
    ),
    FeedRule(
        "twins",
        False,
        "AntennaPod",
        _ANTENNAPOD_TWINS,
        "it shows one of them if they are equally long; give it another title: or date: in podcast.yaml",
        _twins,
    ),
    FeedRule("duration", False, "Apple, 小宇宙", _APPLE_TAGS, "write it in seconds", _duration),
    FeedRule(
        "episode-description", False, "Apple", _APPLE_TAGS, "say what it is about", _missing_in_episodes("description")
    ),
    FeedRule("spaces", False, "Apple", _APPLE_TAGS, "remove it", _spaces),
    FeedRule("guid-link", False, "readers of RSS", _RSS, 'write <guid isPermaLink="false">', _guid_link),
    FeedRule(
        "blocked", False, "Apple", _APPLE_TAGS, f"leave it out, or block: {_YAML}, if it is to be found", _blocked
    ),
    FeedRule("self-link", False, "readers of RSS", _RSS_PROFILE, 'write <atom:link rel="self" href="...">', _self_link),
    FeedRule("title-repeated", False, "Apple", _APPLE_TAGS, "leave the name of the show out of it", _repeated_title),
    FeedRule("show-guid", False, "Podcasting 2.0", _TAGS + "guid.md", f"add it: guid: {_YAML}", _show_guid),
    FeedRule(
        "medium",
        False,
        "Podcasting 2.0",
        _TAGS + "medium.md",
        "write podcast",
        _words_of("medium", (*_MEDIUMS, *(f"{one}L" for one in _MEDIUMS))),
    ),
    FeedRule(
        "locked", False, "Podcasting 2.0", _TAGS + "locked.md", "write yes or no", _words_of("locked", ("yes", "no"))
    ),
    FeedRule("ai-content", False, "Podcasting 2.0", _TAGS + "txt.md", "write true or false", _ai_content),
    FeedRule(
        "people",
        False,
        "Podcasting 2.0",
        _TAGS + "person.md",
        f"write a name of 1 to {LONGEST_NAME} characters",
        _people,
    ),
    FeedRule(
        "chapters-type",
        False,
        "Podcasting 2.0",
        _TAGS + "chapters.md",
        "write application/json+chapters",
        _chapters_type,
    ),
    FeedRule(
        "chapters-file",
        False,
        "Podcasting 2.0",
        _CHAPTERS,
        "render the episode again, or correct the file",
        _chapters_file,
    ),
    FeedRule(
        "transcript-type",
        False,
        "Apple, Podcasting 2.0",
        _TAGS + "transcript.md",
        "write text/vtt, application/x-subrip or application/json",
        _transcript_type,
    ),
    FeedRule(
        "transcript-file",
        False,
        "Apple, Podcasting 2.0",
        _APPLE_TRANSCRIPTS,
        "render the episode again, or correct the file",
        _transcript_file,
    ),
    FeedRule(
        "transcript-order",
        False,
        "Apple",
        _APPLE_TRANSCRIPTS,
        "write that first: Apple takes the speakers from it",
        _transcript_order,
    ),
    FeedRule(
        "times",
        False,
        "Spotify",
        _SPOTIFY_CHAPTERS,
        "begin with 00:00, in order, three or more, or add psc:chapters",
        _times,
    ),
    FeedRule("tag-size", False, "Apple, web players", _PRX, "take a smaller cover", _tag_size),
    FeedRule("loudness", False, "Apple", _APPLE_AUDIO, "render it with sound: {loudness: -16}", _loudness),
    FeedRule("true-peak", False, "Apple", _APPLE_AUDIO, "render it again", _peak),
)
"""All rules, those first by which something is refused."""
