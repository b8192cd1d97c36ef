"""What ``podcast.yaml`` may say of a show and its episodes, stated once, and how it is read.

Fields, types and docstrings say it as those of ``configuration.settings`` do for ``voices.yaml``: the same shapes read
the file, mistakes are reported in the same words, and ``tools/write_voices_schema.py`` makes ``podcast.schema.json``.
Without the file everything has a default; ``completed`` fills in what the episodes say.
"""

import datetime
import ipaddress
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from interview_audio.configuration.documents import inline
from interview_audio.configuration.languages import UNKNOWN, language_hint, primary_tag
from interview_audio.configuration.loading import read_file_of
from interview_audio.configuration.lookup import packaged_schema, working_folder
from interview_audio.configuration.settings import KEY, Between, KeyPath, Language, Mark, Place
from interview_audio.configuration.shapes import Node, Reader, Text
from interview_audio.errors import ConfigurationError, UsageError, did_you_mean, suggestion
from interview_audio.publishing.catalogue import Catalogue, CataloguedEpisode, natural_order
from interview_audio.text.printable import ascii_address, printable

NAME = "podcast.yaml"
SCHEMA_NAME = "podcast.schema.json"
_DEFAULT_CATEGORY = "Society & Culture"
"""Where Apple has interviews that are about nothing else."""
_HOST = re.compile(r"[a-z0-9_.:-]+")
"""A name in ASCII (RFC 1123; some have underscores), or an address."""
_LOCAL_SUFFIXES = (".local", ".lan", ".home.arpa", ".internal", ".localhost")
"""Of names that mean something in one network alone (RFC 6762, RFC 8375, RFC 6761)."""
_OUTPUT_FOLDERS = frozenset(("", "output", "out", "public", "dist", "site", "www", "episodes"))
_MOST_NAMED = 3
"""Guests whom the description of a show names that says nothing else of itself."""


class Category(NamedTuple):
    """A category of Apple Podcasts."""

    name: str
    subcategory: str = ""

    def __str__(self) -> str:
        return f"{self.name} > {self.subcategory}" if self.subcategory else self.name


@cache
def apple_categories() -> Mapping[str, tuple[str, ...]]:
    """Return the categories of Apple Podcasts, each with its subcategories."""
    lines = Path(__file__).with_name("apple_categories.txt").read_text("utf-8").splitlines()
    named = (line.partition(":") for line in lines if not line.startswith("#"))
    return {name: tuple(one.strip() for one in inner.split(",") if one.strip()) for name, _, inner in named}


def category_names() -> list[str]:
    """Return all that may be written for categories, as editors offer it."""
    return list(_spellings())


def _spellings() -> Mapping[str, Category]:
    """Return what may be written for each category: ``Science``, ``Physics``, ``Science > Physics``."""
    found: dict[str, Category] = {}
    for name, inner in apple_categories().items():
        found[name] = Category(name)
        for one in inner:
            found[one] = found[f"{name} > {one}"] = Category(name, one)
    return found


@dataclass(frozen=True, slots=True)
class CategoryName:
    """A category of Apple Podcasts."""

    def read(self, node: Node, path: KeyPath, reader: Reader) -> Category:
        """See ``shapes.Shape``."""
        text = Text().read(node, path, reader)
        written = re.sub(r"\s*(?:>|/|:|›|»)\s*", " > ", text)
        known = _spellings()
        by_letters = {name.casefold(): category for name, category in known.items()}
        if category := by_letters.get(written.casefold()):
            return category
        hint = did_you_mean(written, known, f"known: {', '.join(apple_categories())}, and their subcategories")
        raise reader.error(node, f"{text!r} is not a category of Apple Podcasts{hint}")

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of it."""
        return {"$ref": "#/$defs/category"}


def web_address(text: str, *, is_folder: bool = False) -> str:
    """Return an address of the web in ASCII, as feeds need it.

    Args:
        text: As it was written.
        is_folder: Whether files follow: a slash is put at the end, and there may be no query.

    Raises:
        ValueError: It is not an address that listeners can use; says why, and what to write.
    """
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname if parts.port != 0 else None  # which raises for what is no number
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        bare = text.strip().removeprefix("//")
        is_host = "." in bare.partition("/")[0] and "://" not in bare and " " not in bare
        hint = suggestion(f"https://{bare}" if is_host else None, "write one like https://example.org/show/")
        raise ValueError(f"{text!r} is not the address of a web page{hint}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address with a password in it cannot be given to listeners; remove what is before @")
    if is_folder and (parts.query or parts.fragment):
        raise ValueError(f"{text!r} has a ? or # in it, and file names are put after it; leave that out")
    if re.search(r"\s", f"{host}{parts.path}"):
        raise ValueError(f"{text!r} has a space in it; write %20 for it, or leave it out")
    address = ascii_address(text)
    if not _HOST.fullmatch(urlsplit(address).hostname or ""):
        raise ValueError(f"{text!r} has no host name that exists; check it")
    return f"{address}/" if is_folder and not address.endswith("/") else address


def given_base_url(text: str) -> str:
    """Return the address that somebody gave with ``--base-url``.

    Raises:
        UsageError: It is not one that listeners can use.
    """
    try:
        return web_address(text, is_folder=True)
    except ValueError as error:
        raise UsageError(f"--base-url: {error}") from error


def is_public(host: str) -> bool:
    """Tell whether a host's name or address may lead somewhere from outside of its network."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_LOCAL_SUFFIXES)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address of the web."""

    is_folder: bool = False

    def read(self, node: Node, path: KeyPath, reader: Reader) -> str:
        """See ``shapes.Shape``."""
        try:
            return web_address(Text().read(node, path, reader), is_folder=self.is_folder)
        except ValueError as error:
            raise reader.error(node, f"{'.'.join(path)}: {error}") from error

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of it."""
        message = {"patternErrorMessage": "must be an address such as https://example.org/show/"}
        return {"type": "string", "pattern": r"^\s*https?://\S+\s*$", **message}


_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\]]+\.[^\s@<>,;:\"()\[\].]+")


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address of e-mail, without a name."""

    def read(self, node: Node, path: KeyPath, reader: Reader) -> str:
        """See ``shapes.Shape``."""
        text = Text().read(node, path, reader)
        if _EMAIL.fullmatch(text):
            return text
        found = _EMAIL.search(text.replace("＠", "@"))
        hint = suggestion(found[0] if found else None, "write one like ada@example.org")
        raise reader.error(node, f"{text!r} is not an address of e-mail{hint}")

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of it."""
        message = {"patternErrorMessage": "must be an address such as ada@example.org"}
        return {"type": "string", "pattern": r"^\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*$", **message}


_OTHER_DATE = re.compile(
    r"(?P<year>\d{4})[./年-](?P<month>\d{1,2})[./月-](?P<day>\d{1,2})日?|(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})"
)
_EITHER_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
"""In some countries the month comes first, in others the day."""
_MONTHS = 12
_NOON = datetime.time(12, tzinfo=datetime.UTC)
"""Of a day without a time: then it is that day nearly everywhere."""


def at_noon(day: datetime.date) -> datetime.datetime:
    """Return when something is published of which only the day is known: it is that day nearly everywhere."""
    return datetime.datetime.combine(day, _NOON)


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """A day, or a day and a time; Universal Time where nothing else is said."""

    def read(self, node: Node, path: KeyPath, reader: Reader) -> datetime.datetime:
        """See ``shapes.Shape``."""
        text = Text().read(node, path, reader)
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                return at_noon(datetime.date.fromisoformat(text))
            if re.match(r"\d{4}-\d\d-\d\d[T ]", text):
                moment = datetime.datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d\d:?\d\d$|Z$)", "", text))
                return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        except ValueError as error:
            raise reader.error(node, f"{'.'.join(path)}: there is no such day or time as {text}; correct it") from error
        hint = suggestion(_iso_date(text), "write one like 2024-12-01, or 2024-12-01 18:30 +08:00")
        raise reader.error(node, f"{'.'.join(path)} must be a date, not {text!r}{hint}")

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of it."""
        message = {"patternErrorMessage": "must be a date such as 2024-12-01, or 2024-12-01 18:30 +08:00"}
        return {"type": "string", "pattern": r"^\s*\d{4}-\d\d-\d\d(?:[T ].+)?$", **message}


def _iso_date(text: str) -> str | None:
    """Return the date that somebody meant by 2024/12/1, 1.12.2024, 12/31/2024, 2024年12月1日; None if nothing tells."""
    if either := _EITHER_DATE.fullmatch(text):
        first, second, year = map(int, either.groups())
        month, day = sorted((first, second))
        return f"{year:04}-{month:02}-{day:02}" if month == day or month <= _MONTHS < day else None
    match = _OTHER_DATE.fullmatch(text)
    if match is None:
        return None
    groups = (("year", "y"), ("month", "m"), ("day", "d"))
    year, month, day = (int(match[long] or match[short]) for long, short in groups)
    return f"{year:04}-{month:02}-{day:02}"


UUID = re.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A UUID."""

    def read(self, node: Node, path: KeyPath, reader: Reader) -> str:
        """See ``shapes.Shape``."""
        text = Text().read(node, path, reader)
        if UUID.fullmatch(text):
            return text.lower()
        found = UUID.search(text)
        hint = suggestion(found[0].lower() if found else None, "copy the podcast:guid of the feed that you move here")
        raise reader.error(node, f"{'.'.join(path)} must be a UUID, 36 characters long, not {text!r}{hint}")

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of it."""
        message = {"patternErrorMessage": "must be a UUID such as 917393e3-1b1e-5cef-ace4-edaa54e1f810"}
        return {"type": "string", "pattern": f"^{UUID.pattern}$", **message}


_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?")


@dataclass(frozen=True, slots=True)
class LanguageTag:
    """The tag of a language, with a script or a country if need be: ``zh``, ``en-GB``."""

    def read(self, node: Node, path: KeyPath, reader: Reader) -> str:
        """See ``shapes.Shape``."""
        text = Text().read(node, path, reader)
        tag = text.replace("_", "-")
        tag = tag[:3].lower() + tag[3:] if "-" in tag[:3] else tag
        if _TAG.fullmatch(tag) and primary_tag(tag) == tag.partition("-")[0]:
            return tag
        raise reader.error(node, f"{'.'.join(path)}: {text!r} is not a language{language_hint(text)}")

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of it."""
        message = {"patternErrorMessage": "must be a language such as zh, en or en-GB"}
        pattern = "^[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|[0-9]{3}))?$"
        return {"type": "string", "pattern": pattern, **message}


@dataclass(frozen=True, slots=True)
class Funding:
    """Where listeners can support the show."""

    url: Annotated[str, WebAddress()] = ""
    """Address of the page."""
    text: str = ""
    """What the link says, at most 128 characters: "Support the show"."""


@dataclass(frozen=True, slots=True)
class EpisodeEntry:
    """What the feed says of one episode, where that is not what the interview says."""

    title: str = ""
    """Title of the episode in the feed. Unless it is set, it is that of the interview."""
    description: str = ""
    """What the episode is about; an empty line begins a paragraph, and addresses become links. Unless it is set, it is
    the introduction that the narrator reads. Chapters, people and the notice about synthetic voices follow anyway."""
    date: Annotated[datetime.datetime, PublicationDate()] | None = None
    """When it was published: `2024-12-01`, or `2024-12-01 18:30 +08:00`. Unless it is set, it is the date of the
    interview, else the moment at which the episode was first in the feed. In the future: it is left out until then."""
    season: Annotated[int, Between(1, 100_000)] | None = None
    """Number of the season."""
    number: Annotated[int, Between(1, 1_000_000)] | None = None
    """Number of the episode; a serial needs one for each."""
    type: Literal["full", "trailer", "bonus"] = "full"
    """Whether it is an episode, a trailer or a bonus."""
    explicit: bool | None = None
    """Whether it is for adults. Unless it is set, what is said of the show counts."""
    hide: bool = False
    """Whether the episode is left out of the feed."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What the feed of one language says otherwise, where each language has a feed of its own."""

    title: str = ""
    """Name of the show in this language."""
    description: str = ""
    """What the show is about, in this language."""
    author: str = ""
    """Who makes the show, as written in this language."""
    cover: Path | None = None
    """Picture of the show in this language."""
    link: Annotated[str, WebAddress()] = ""
    """Web page of the show in this language."""
    guid: Annotated[str, Identifier()] = ""
    """Identifier of the feed in this language, if it has been published elsewhere before."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A whole ``podcast.yaml``: what the feed says of the show."""

    title: str = ""
    """Name of the show. Unless it is set, it is the `show: {title: ...}` that all episodes have in common, else the
    name of their folder, or of the one above `output`."""
    description: str = ""
    """What the show is about, at most 4000 bytes (1300 Chinese characters); directories show and search it."""
    language: Annotated[str, LanguageTag()] = ""
    """Language of the show: zh, en, en-GB. Unless it is set, it is that of most episodes."""
    author: str = ""
    """Who makes the show. Unless it is set, it is the host whom all episodes have in common, else the title."""
    email: Annotated[str, EmailAddress()] = ""
    """Address at which directories verify that the show is yours (Spotify and YouTube need one). It is public."""
    categories: tuple[Annotated[Category, CategoryName()], ...] = (Category(_DEFAULT_CATEGORY),)
    """Categories of Apple Podcasts: `Technology`, or with a subcategory `Society & Culture > Documentary`. Directories
    go by the first."""
    explicit: bool = False
    """Whether the show is for adults."""
    cover: Path | None = None
    """Picture of the show: square, 1400 to 3000 pixels wide. Unless it is set, one is drawn from the title. A relative
    path counts from the folder of this file."""
    link: Annotated[str, WebAddress()] = ""
    """Web page of the show. Unless it is set, it is the folder in which the feed is."""
    copyright: str = ""
    """Whose the show is: "2026 Ada Holm"."""
    base_url: Annotated[str, WebAddress(is_folder=True)] = ""
    """Address of the folder to which feed and episodes are uploaded; --base-url says another."""
    publish_to: str = ""
    """Where `publish` sends them: a folder, `s3://BUCKET/FOLDER`, or `git+URL#BRANCH` (`gh-pages` alone: of the
    repository that the episodes are in); --to says another. A relative path counts from the folder of this file."""
    guid: Annotated[str, Identifier()] = ""
    """Identifier of the show, which it keeps wherever it moves (podcast:guid). Set it if the show has been published
    elsewhere before; else it is made when the feed is first written, and kept."""
    new_feed_url: Annotated[str, WebAddress()] = ""
    """Where the feed has moved to; apps follow it. Leave the old feed there for some weeks."""
    locked: bool = False
    """Whether other hosts are told not to import the show; needs `email`."""
    block: bool = False
    """Whether directories are asked not to list the show: for a feed that only those have who know its address."""
    type: Literal["episodic", "serial"] = "episodic"
    """Whether the newest episode is heard first, or the first one."""
    feeds: Literal["one", "by_language"] = "one"
    """Whether all episodes are in one feed, `feed.xml`, or those of each language in their own: `feed.zh.xml`."""
    funding: Funding = Funding()
    languages: Mapping[Language, Translation] = field(default_factory=dict)
    """What each feed says in its language, with `feeds: by_language`: `{zh: {title: 灯塔访谈}}`."""
    episodes: Mapping[str, EpisodeEntry] = field(default_factory=dict)
    """What the feed says of single episodes, by the name of their files without its ending: `{talk.en: {season: 1,
    number: 3}}`."""
    file: Annotated[Path | None, Mark.NOT_IN_FILE] = field(default=None, repr=False, compare=False)
    """The file that says all this; None where there is none."""
    places: Annotated[Mapping[KeyPath, Place], Mark.NOT_IN_FILE] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Path of keys to file, line and column of the value."""

    def entry(self, stem: str) -> EpisodeEntry:
        """Return what is said of an episode."""
        return self.episodes.get(stem, EpisodeEntry())

    def title_of(self, episode: CataloguedEpisode) -> str:
        """Return the title of an episode as listeners read it."""
        return self.entry(episode.stem).title or episode.title

    def description_of(self, episode: CataloguedEpisode) -> str:
        """Return what an episode is about."""
        return self.entry(episode.stem).description.strip() or episode.summary

    def title_in(self, language: str) -> str:
        """Return the name of the show in the feed of a language; nothing where ``podcast.yaml`` does not say it."""
        own = self.languages.get(primary_tag(language) or UNKNOWN)
        return (own.title if own else "") or self.title


def find_channel_file(folder: Path, file: Path | None = None) -> Path | None:
    """Return the ``podcast.yaml`` that counts for a folder: the one given, the one in it, or the one here."""
    if file is not None:
        return file
    places = (folder / NAME, *(here / NAME for here in [working_folder()] if here))
    return next((place for place in places if place.is_file()), None)


def read_channel(folder: Path, file: Path | None = None) -> Channel:
    """Read what ``podcast.yaml`` says, or the defaults where there is none.

    Args:
        folder: Of the episodes.
        file: Another file than ``podcast.yaml`` in that folder, or in the working folder.

    Raises:
        ConfigurationError: It has a mistake; with file, line and column.
    """
    found = find_channel_file(folder, file)
    if found is None:
        return Channel()
    values, places = read_file_of(Channel, found)
    channel = Channel(**_made(values), file=found, places=places)
    _check(channel)
    return channel


def _made(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain values of the file as those of the classes."""
    special: dict[str, Any] = {}
    if "funding" in values:
        special["funding"] = Funding(**values["funding"])
    special["languages"] = {
        language: Translation(**_with_cover(entry)) for language, entry in values.get("languages", {}).items()
    }
    special["episodes"] = {stem: EpisodeEntry(**entry) for stem, entry in values.get("episodes", {}).items()}
    return {**_with_cover(values), **special}


def _with_cover(values: Mapping[str, Any]) -> dict[str, Any]:
    cover = values.get("cover")
    return {**values, "cover": Path(cover["path"]) if cover else None}


def _check(channel: Channel) -> None:
    """Raise ``ConfigurationError`` for values that do not go together."""
    if channel.locked and not channel.email:
        place = channel.places[("locked",)]
        raise ConfigurationError("a show that is locked needs an owner; add email: NAME@HOST", *place)
    if channel.funding != Funding() and not channel.funding.url:
        raise ConfigurationError("funding has no url; add url: https://...", *channel.places[("funding",)])
    if not channel.categories:
        raise ConfigurationError("categories is empty; name one, such as Technology", *channel.places[("categories",)])
    if channel.languages and channel.feeds == "one":
        message = "languages says what feeds by language say, and there is one feed; add feeds: by_language"
        raise ConfigurationError(message, *channel.places[("languages",)])


def unknown_episodes(channel: Channel, catalogue: Catalogue) -> Iterator[str]:
    """Yield a warning for each entry under ``episodes:`` that is about no episode of the folder, with its place."""
    stems = [episode.stem for episode in catalogue.episodes]
    for stem in channel.episodes:
        if stem not in stems:
            place = ":".join(map(str, channel.places[("episodes", stem, KEY)]))
            hint = did_you_mean(stem, stems, "" if stems else "render it first")
            yield printable(f"{place}: there is no episode {stem} in {catalogue.folder}{hint}")


def completed(channel: Channel, catalogue: Catalogue, listed: Sequence[CataloguedEpisode] | None = None) -> Channel:
    """Fill in what is not set from the episodes: title, description, language, author.

    Args:
        channel: As ``podcast.yaml`` says it.
        catalogue: The episodes of the folder; those that are left out of the feed count as well.
        listed: Those that a feed lists: the description names nobody else; all unless given.
    """
    episodes = catalogue.episodes
    title = channel.title or _only(episode.record.about.show for episode in episodes) or _named(catalogue.folder)
    language = channel.language or _most_common([episode.language for episode in episodes])
    return replace(
        channel,
        title=printable(title),
        language=language,
        description=channel.description.strip()
        or _description(episodes if listed is None else listed, language, title),
        author=printable(channel.author or _only(map(_hosts, episodes)) or title),
    )


def for_language(
    channel: Channel, language: str, episodes: Sequence[CataloguedEpisode], description: str = ""
) -> Channel:
    """Return the channel of a feed in one language.

    Args:
        channel: As ``completed`` gives it.
        language: A primary tag.
        episodes: Those in this language.
        description: What ``podcast.yaml`` says of the show in every language; the people in this one unless given.
    """
    own = channel.languages.get(language, Translation())
    said = ("title", "author", "cover", "link", "guid")
    given = {name: getattr(own, name) for name in said if getattr(own, name)}
    is_own = primary_tag(channel.language) == language
    title = given.get("title", channel.title)
    description = own.description or description.strip() or _description(episodes, language, title)
    # One identifier for two feeds would make them one show in every directory.
    guid = given.get("guid") or (str(uuid.uuid5(uuid.UUID(channel.guid), language)) if channel.guid else "")
    tag = channel.language if is_own else language
    return replace(channel, **{**given, "description": description, "guid": guid, "language": tag})


def _named(folder: Path) -> str:
    """Return the name of the folder, or of the one above that is not called for what is put into it."""
    place = folder.absolute().resolve()
    return next((one.name for one in (place, *place.parents) if one.name.lower() not in _OUTPUT_FOLDERS), "Interviews")


def _only(values: Iterable[str | None]) -> str:
    """Return what all have in common; nothing where they differ."""
    different = {value or "" for value in values}
    return different.pop() if len(different) == 1 else ""


def _most_common(tags: Sequence[str]) -> str:
    """Return the language of most episodes; English where none is known, as feeds must name one."""
    counted = Counter(tag for tag in sorted(tags) if tag and tag != UNKNOWN)
    return counted.most_common(1)[0][0] if counted else "en"


def _hosts(episode: CataloguedEpisode) -> str:
    names = [one.name for one in episode.participants if one.role == "host" and one.is_named]
    return (", ", "、")[episode.language.startswith(("zh", "ja"))].join(names)


def _description(episodes: Sequence[CataloguedEpisode], language: str, title: str) -> str:
    """Say whom the interviews are with; the title where nobody has a name."""
    guests = dict.fromkeys(
        one.name for episode in episodes for one in episode.participants if one.role == "guest" and one.is_named
    )
    first = list(guests)[:_MOST_NAMED]
    if not first:
        return printable(title)
    more = len(guests) > len(first)
    if language.startswith("zh"):
        return printable(f"{title}：与{'、'.join(first)}{'等人' if more else ''}的访谈。")
    if not language.startswith("en"):
        return printable(f"{title}: {', '.join(first)}{' …' if more else ''}")
    last = "others" if more else first.pop() if len(first) > 1 else ""
    return printable(f"{title}: interviews with {', '.join(first)}{' and ' + last if last else ''}.")


def channel_file(channel: Channel, catalogue: Catalogue) -> str:
    """Return a ``podcast.yaml`` to fill in: what is known of the show, and in comments what could be said.

    Args:
        channel: What is to be said in any case.
        catalogue: The episodes.
    """
    known = completed(channel, catalogue)
    languages = sorted({primary_tag(episode.language) or UNKNOWN for episode in catalogue.episodes})
    lines = [
        f"# yaml-language-server: $schema={packaged_schema(SCHEMA_NAME).as_uri()}",
        f"title: {inline(known.title)}",
        f"description: {inline(known.description)}",
        f"language: {inline(known.language)}",
        f"author: {inline(known.author)}",
        "# Directories send a code to it, to see that the show is yours. Everybody can read it.",
        "# email: you@example.org",
        f"categories: [{', '.join(inline(str(one)) for one in channel.categories)}]",
        "explicit: false",
        "# A square picture, 1400 to 3000 pixels wide; without it, one is drawn from the title.",
        "# cover: cover.jpg",
        "# The address to which this folder is uploaded.",
        f"base_url: {inline(channel.base_url)}" if channel.base_url else "# base_url: https://example.org/show/",
    ]
    if len(languages) > 1:
        lines += [
            f"# A feed for each language ({', '.join(languages)}) instead of one for all:",
            "# feeds: by_language",
        ]
    if catalogue.episodes:
        counted = " (with one feed for all languages, give each episode its own number)" if len(languages) > 1 else ""
        lines += [f"# What the feed says of single episodes, by the name of their files{counted}:", "# episodes:"]
        lines += [f"#   {inline(stem)}: {{season: 1, number: {number}}}" for stem, number in _numbered(catalogue)]
    return "\n".join(lines) + "\n"


def _numbered(catalogue: Catalogue) -> Iterator[tuple[str, int]]:
    """Yield the episodes in the order of their names, each with its number among those in its language."""
    so_far: Counter[str] = Counter()
    for episode in sorted(catalogue.episodes, key=lambda one: natural_order(one.stem)):
        language = primary_tag(episode.language) or UNKNOWN
        so_far[language] += 1
        yield episode.stem, so_far[language]
