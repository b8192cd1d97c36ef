"""Sends the episodes of a folder to where listeners get them: what is new or changed, the feed last.

A feed names a file only once it is there: sound and what goes with it are sent first, then the pages, then the feed.
Only an allow-list is sent: what records list, covers, pages and feeds that are made here. Nothing is ever deleted.
"""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from interview_audio.errors import OutputError, UsageError
from interview_audio.files.app_folders import secrets_notice
from interview_audio.files.file_names import media_type
from interview_audio.machine import usable_cores
from interview_audio.production.sidecars.sidecar_files import with_whole_addresses
from interview_audio.publishing.catalogue import Catalogue, CataloguedEpisode, read_catalogue
from interview_audio.publishing.channel import Channel, completed, given_base_url, read_channel, unknown_episodes
from interview_audio.publishing.feed import (
    FEED_TYPE,
    EarlierFeed,
    Feed,
    cover_of,
    dates_in,
    earlier_feed,
    feeds_of,
    format_feed,
    left_out,
    read_earlier,
    unsent_notice,
)
from interview_audio.publishing.git_branch import GitBranch, OvertakenError, is_git_address
from interview_audio.publishing.index_page import INDEX_NAME, FeedLink, episode_page, index_page
from interview_audio.publishing.private_paths import private_path
from interview_audio.storage.buckets import OutgoingFile, in_parallel
from interview_audio.storage.targets import (
    FolderTarget,
    Sent,
    State,
    Target,
    TargetError,
    open_target,
)
from interview_audio.text.units import counted, format_bytes

_PAGE = ".html"
_CHAPTERS = ".chapters.json"
_FOR_EPISODES = 3600
"""Seconds for which sound, captions and covers are kept without asking again: a render may replace them."""
_FOR_FEEDS = 300
"""Seconds for which feeds and pages are: how long a new episode is not seen."""
_ATTEMPTS = 5
"""How often a branch is looked at again that somebody else has just published to."""
_NO_INDEX = b'<meta name="robots" content="noindex, nofollow">'
_HEAD = re.compile(rb"(?:.*?<head(?:\s[^>]*)?>|\s*<!doctype[^>]*>)?", re.IGNORECASE | re.DOTALL)
"""What is before the first element of a page's head."""


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What may be asked of a publication; what is not given is taken from ``podcast.yaml``."""

    to: str | None = None
    """The address of the target."""
    base_url: str | None = None
    """The address of the same place, as listeners have it."""
    podcast: Path | None = None
    """Another file than the ``podcast.yaml`` that counts."""
    is_private: bool = False
    """It goes to a folder there that nobody can guess, and directories are asked not to list it."""
    is_dry: bool = False
    """Nothing is sent."""
    is_replacing: bool = False
    """Files there that are not ours are replaced, too."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What was sent, or would be."""

    target: str
    base_url: str
    feeds: tuple[str, ...]
    """Addresses to subscribe to."""
    files: tuple[tuple[OutgoingFile, State], ...]
    """All that listeners get, in the order in which they are sent."""
    notices: tuple[str, ...]
    """Episodes that are left out, and what else is to be known: a line each."""
    is_dry: bool

    @property
    def page(self) -> str:
        """The address of the page with all episodes."""
        return self.base_url + INDEX_NAME

    @property
    def sent(self) -> tuple[tuple[OutgoingFile, State], ...]:
        """The files that were not there as they are to be."""
        return tuple(entry for entry in self.files if entry[1] is not State.SAME)

    @property
    def bytes(self) -> int:
        """Of the files that were sent."""
        return sum(file.size for file, _ in self.sent)


class SendingListener(Protocol):
    """Is told how far a publication is."""

    def begin(self, files: int, size: int) -> None:
        """Learn how many files will be sent, and how many bytes in all."""

    def sent(self, size: int) -> None:
        """Learn how many bytes have been sent in all; a fault may make it fewer."""

    def finishing(self) -> None:
        """Learn that all are on their way, and that the target is getting ready."""


def publish(folder: Path, options: PublishOptions, listener: SendingListener) -> Publication:
    """Publish the episodes of a folder.

    Args:
        folder: With the episodes.
        options: Where to, and how.
        listener: Is told of the progress.

    Raises:
        UsageError: It is not said where to, or where that is for listeners.
        ConfigurationError: ``podcast.yaml`` has a mistake.
        OutputError: There is nothing to publish, or something there is not ours.
        TargetError: The target refuses it, or cannot be reached.
        OSError: A file of an episode cannot be read.
    """
    show = _read_show(folder, options)
    with closing(_open(show, options)) as target:
        base_url = _base_url(target, show.channel, options)
        if options.is_private:
            # By the whole of both, so that each show has its own path at each target.
            where = target.folder.resolve() if isinstance(target, FolderTarget) else target.address
            secret = private_path("publish", f"{where} {folder.resolve()}")
            target.enter(secret)
            base_url += f"{secret}/"
        _refuse_too_large(target, show)
        prepared = _prepared(show, base_url, options)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return _published(target, show, prepared, base_url, options, listener)
            except OvertakenError:
                if attempt == _ATTEMPTS:
                    raise
    raise AssertionError  # the last attempt returns or raises


@dataclass(frozen=True, slots=True)
class _Show:
    """What a folder has for listeners."""

    folder: Path
    channel: Channel
    catalogue: Catalogue
    feeds: tuple[Feed, ...]

    @property
    def episodes(self) -> tuple[CataloguedEpisode, ...]:
        """Those that a feed lists."""
        return tuple(chain.from_iterable(feed.episodes for feed in self.feeds))


def _read_show(folder: Path, options: PublishOptions) -> _Show:
    channel, catalogue = read_channel(folder, options.podcast), read_catalogue(folder)
    if options.is_private:
        # It is another show than the public one: apps do not follow that one's move, or take one for the other.
        languages = {tag: replace(one, guid="") for tag, one in channel.languages.items()}
        channel = replace(channel, block=True, new_feed_url="", guid="", languages=languages)
    show = _Show(folder, channel, catalogue, feeds_of(channel, catalogue))
    if not show.episodes:
        missing = "; ".join(left_out(channel, catalogue))
        reason = f" ({missing})" if missing else ""
        raise OutputError(f"there is no episode to publish in {folder}{reason}; render one into it with -o")
    return show


def _open(show: _Show, options: PublishOptions) -> Target:
    address, channel = options.to or show.channel.publish_to, show.channel
    if not address:
        raise UsageError(
            "where to? give --to FOLDER, s3://BUCKET/FOLDER or git+URL#BRANCH, or write publish_to: into podcast.yaml"
        )
    # As with every path in a file of settings, a relative one counts from the folder of that file.
    beside = channel.file.parent if not options.to and channel.file else Path()
    target = GitBranch(address, beside, show.folder) if is_git_address(address) else open_target(address, beside)
    if isinstance(target, FolderTarget) and target.folder.resolve() == show.folder.resolve():
        raise UsageError(f"{target.folder} is the folder of the episodes; choose another, or write only a feed: `feed`")
    return target


def _base_url(target: Target, channel: Channel, options: PublishOptions) -> str:
    if options.base_url is not None:
        return given_base_url(options.base_url)
    known = channel.base_url or (target.default_base_url() if isinstance(target, GitBranch) else None)
    if not known:
        raise UsageError(
            f"at which address do listeners find {target.address}? give --base-url URL, such as "
            "https://example.org/show/, or write base_url: into podcast.yaml"
        )
    return known


def _refuse_too_large(target: Target, show: _Show) -> None:
    """Raise ``TargetError`` before anything is sent, or read, that the target would refuse in the end."""
    most = target.max_file_size
    if most is None:
        return
    for path in chain.from_iterable(episode.files.values() for episode in show.episodes):
        if (size := path.stat().st_size) > most:
            raise TargetError(
                f"{path} has {format_bytes(size)}, and {target.address} takes files of up to {format_bytes(most)}; "
                "lower sound: bitrate in voices.yaml, or publish to a bucket"
            )


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is the same in every attempt: all but the feeds, and the page that has their dates."""

    stages: tuple[Sequence[OutgoingFile], Sequence[OutgoingFile]]
    notices: tuple[str, ...] = field(default=())


def _prepared(show: _Show, base_url: str, options: PublishOptions) -> _Prepared:
    paths = [path for episode in show.episodes for path in episode.files.values()]
    made: dict[str, Callable[[], bytes]] = {feed.cover_name: partial(cover_of, feed) for feed in show.feeds}
    _refuse_two_of_a_name([*(path.name for path in paths), INDEX_NAME, *made, *(feed.name for feed in show.feeds)])

    pages = {one.files[_PAGE]: (one, feed) for feed in show.feeds for one in feed.episodes if _PAGE in one.files}

    def of_episode(path: Path) -> OutgoingFile:
        content: Path | bytes = path
        if path.name.endswith(_CHAPTERS):
            written = path.read_text("utf-8", "replace")
            whole = with_whole_addresses(written, base_url)
            content = path if whole == written else whole.encode()
        elif path.suffix == _PAGE:
            rendered = path.read_bytes()
            given = pages.get(path)
            whole_page = episode_page(rendered, *given, base_url, is_private=options.is_private) if given else rendered
            content = _not_indexed(whole_page) if options.is_private else whole_page
        return _outgoing(path.name, content, _FOR_FEEDS if path.suffix == _PAGE else _FOR_EPISODES, options)

    def of_show(name: str) -> OutgoingFile:
        return _outgoing(name, made[name](), _FOR_EPISODES, options)

    first = [path for path in paths if path.suffix != _PAGE]
    then = [path for path in paths if path.suffix == _PAGE]
    cores = usable_cores()
    notices = (
        *unknown_episodes(show.channel, show.catalogue),
        *left_out(show.channel, show.catalogue),
        *filter(None, (unsent_notice(show.folder / feed.name) for feed in show.feeds)),
        *filter(None, [secrets_notice() if options.is_private else None]),
    )
    return _Prepared(
        (in_parallel(of_episode, first, cores), [*in_parallel(of_episode, then, cores), *map(of_show, made)]), notices
    )


def _refuse_two_of_a_name(names: Sequence[str]) -> None:
    taken: set[str] = set()
    for name in names:
        if name in taken:
            raise OutputError(f"two files would be published as {name}; render that episode with another --name")
        taken.add(name)


def _outgoing(
    name: str, content: Path | bytes, seconds: int, options: PublishOptions, kind: str | None = None
) -> OutgoingFile:
    who = "private" if options.is_private else "public"
    return OutgoingFile.of(name, content, kind or media_type(name), f"{who}, max-age={seconds}")


def _index_file(show: _Show, base_url: str, texts: Mapping[str, str], options: PublishOptions) -> OutgoingFile:
    """Return the page of the show, with the dates that the texts of its feeds have, which are given by their names."""
    links = [
        FeedLink(base_url + quote(feed.name), feed.channel.title, feed.language, dates_in(texts[feed.name]))
        for feed in show.feeds
    ]
    whole = completed(show.channel, show.catalogue, show.episodes)
    address = None if options.is_private else base_url
    page = index_page(whole, show.episodes, links, show.feeds[0].cover_name, address=address).encode()
    return _outgoing(INDEX_NAME, _not_indexed(page) if options.is_private else page, _FOR_FEEDS, options)


def _not_indexed(page: bytes) -> bytes:
    """Return a page that asks search engines not to list it."""
    begin = _HEAD.match(page)
    assert begin  # matches nothing, too
    return b"\n".join((page[: begin.end()], _NO_INDEX + page[begin.end() :]))


def _published(
    target: Target,
    show: _Show,
    prepared: _Prepared,
    base_url: str,
    options: PublishOptions,
    listener: SendingListener,
) -> Publication:
    texts = {feed.name: format_feed(feed, base_url, _earlier(target, show, feed, options)) for feed in show.feeds}
    feeds = [_outgoing(name, text.encode(), _FOR_FEEDS, options, FEED_TYPE) for name, text in texts.items()]
    first, pages = prepared.stages
    stages = (first, [*pages, _index_file(show, base_url, texts, options)], feeds)
    states = target.look(list(chain.from_iterable(stages)))
    files = tuple((file, states[file.name]) for file in chain.from_iterable(stages))
    addresses = tuple(base_url + quote(feed.name) for feed in show.feeds)
    publication = Publication(target.address, base_url, addresses, files, prepared.notices, options.is_dry)
    if options.is_dry:
        return publication
    if not options.is_replacing:
        _refuse_foreign(target, publication)
    if publication.sent:
        _send(target, stages, states, listener)
    return publication


def _earlier(target: Target, show: _Show, feed: Feed, options: PublishOptions) -> EarlierFeed:
    """Return what listeners have been told: by the feed that is there, else by the one that ``feed`` wrote."""
    published = target.read(feed.name)
    try:
        if published is not None:
            return earlier_feed(published.decode())
        # A private show is another one to directories: it does not take over the identifier of the public one.
        return EarlierFeed() if options.is_private else read_earlier(show.folder / feed.name)
    except (ValueError, OutputError):  # somebody else's, or damaged
        return EarlierFeed()


def _refuse_foreign(target: Target, publication: Publication) -> None:
    foreign = [file.name for file, state in publication.files if state is State.FOREIGN]
    if foreign:
        others = f" (and {counted(len(foreign) - 1, 'more file')})" if len(foreign) > 1 else ""
        raise OutputError(
            f"{target.address}: {foreign[0]}{others} was put there by somebody else, or changed since we sent it; "
            "publish to another place, or replace it with --replace"
        )


def _send(
    target: Target, stages: Sequence[Sequence[OutgoingFile]], states: Mapping[str, State], listener: SendingListener
) -> None:
    outgoing = [[file for file in stage if states[file.name] is not State.SAME] for stage in stages]
    everything = list(chain.from_iterable(outgoing))
    listener.begin(len(everything), sum(file.size for file in everything))
    report = _summing(listener)
    target.begin(everything)
    for stage in filter(None, outgoing):
        target.send(stage, report)
    listener.finishing()
    target.finish()


def _summing(listener: SendingListener) -> Sent:
    """Return what is told of each file and tells the listener of all."""
    so_far: dict[str, int] = {}
    lock = threading.Lock()

    def report(file: OutgoingFile, size: int) -> None:
        with lock:
            so_far[file.name] = size
            listener.sent(sum(so_far.values()))

    return report
