"""The server of a folder of episodes: feeds, the page of the show, the episodes' files, and nothing else.

What may be had is a list of names that is made from the records; no name that is asked for ever becomes part of a path.
Whoever asks must name this machine, so that another site's page cannot read what is served here alone; what others
in the network can reach has a secret token in its address.
"""

import asyncio
import datetime
import hashlib
import ipaddress
import os
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from interview_audio.errors import ConfigurationError, InterviewAudioError, OutputError, StoreError
from interview_audio.files.app_folders import secrets_notice
from interview_audio.files.atomic_files import write_whole
from interview_audio.files.episode_record import RECORD_SUFFIX
from interview_audio.files.file_names import media_type
from interview_audio.production.sidecars.sidecar_files import with_whole_addresses
from interview_audio.publishing.catalogue import Catalogue, CataloguedEpisode, illustrated_lists, lean, read_episode
from interview_audio.publishing.channel import Channel, completed, find_channel_file, read_channel
from interview_audio.publishing.feed import (
    ENCLOSURE_TYPES,
    FEED_TYPE,
    EarlierFeed,
    Feed,
    cover_of,
    dates_in,
    earlier_feed,
    feeds_of,
    format_feed,
    read_earlier,
)
from interview_audio.publishing.index_page import INDEX_NAME, FeedLink, episode_page, index_page
from interview_audio.publishing.private_paths import private_file, private_path
from interview_audio.web_server import (
    LOOPBACK,
    SAFE_HEADERS,
    FileAnswer,
    OpenFile,
    headers_of,
    is_known,
    listen,
    path_behind,
    run_server,
    with_headers,
)

if TYPE_CHECKING:
    import segno

PORT = 8468
"""Always the same one, as it is part of the address to which people subscribe; IANA has given it to nobody."""
_KIND = "serve"
"""Of what is kept between runs."""
_SECONDS_BETWEEN_LOOKS = 1.0
"""At the folder: a thousand episodes are ten thousand files."""
_SECONDS_TO_END = 0.2
"""For answers that have been begun: whoever downloads an episode asks for the rest of it later."""
_MOST_TEXTS = 16
"""Feeds and pages that are kept: one for each address by which somebody asks."""
_MOST_TOLD = 1000
"""Downloads that are remembered, so that each is told once."""
_PAGE = ".html"
_PAGE_TYPE = "text/html; charset=utf-8"
QR_MARGIN = 4
"""Modules around a QR code that stay light (ISO/IEC 18004)."""
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")
_HOME_SUFFIXES = ("", ".local", ".lan", ".home.arpa")
"""After this machine's name in a network at home: no site can have such a name (RFC 6762, RFC 8375)."""
_INNER_NETWORKS = (
    "docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vethernet", "lxc", "cni", "flannel", "bridge",
    "tun", "tap", "utun", "wg", "ppp", "tailscale", "zt",
)  # fmt: skip
"""How interfaces begin that lead to machines inside this one, or through a tunnel: no phone is there."""


@dataclass(frozen=True, slots=True)
class ServedFolder:
    """A folder of episodes as listeners may have it, at one moment."""

    channel: Channel
    """With everything filled in."""
    feeds: tuple[Feed, ...]
    files: Mapping[str, Path]
    """Everything that is given out as it lies there, by its name."""
    earlier: dict[str, EarlierFeed] = field(repr=False)
    """What each feed has said, by its name; it grows with what is said."""
    illustrated: frozenset[str] = frozenset()
    """Names of the lists of chapters whose images are files: podcast apps want whole addresses of them."""
    pages: Mapping[str, tuple[CataloguedEpisode, Feed]] = field(default_factory=dict, repr=False)
    """The episodes that have a page, with the feed that lists each, by its name."""

    @property
    def episodes(self) -> tuple[CataloguedEpisode, ...]:
        """Those that a feed lists."""
        return tuple(episode for feed in self.feeds for episode in feed.episodes)


class Shelf:
    """A folder of episodes, which is looked at again when somebody asks and a second has passed.

    Args:
        folder: Of the episodes.
        podcast: Another file than its ``podcast.yaml``.
        warn: Called with a line for everything that the user has to mend, once.

    Raises:
        ConfigurationError: ``podcast.yaml`` has a mistake.
        OSError: The folder cannot be read.
    """

    def __init__(self, folder: Path, podcast: Path | None, warn: Callable[[str], None]) -> None:
        self._folder = folder.resolve()
        self._podcast = podcast
        self._warn = warn
        self._told: set[str] = set()
        self._episodes: dict[str, tuple[object, CataloguedEpisode | str]] = {}
        self._stamp: object = None
        self._looked = 0.0
        listing = self._listing()
        self._served = self._read(*listing)
        self._stamp = self._stamp_of(*listing)
        self._looked = time.monotonic()

    @property
    def last(self) -> ServedFolder | None:
        """What was there less than a second ago; None where it is time to look."""
        return self._served if time.monotonic() - self._looked < _SECONDS_BETWEEN_LOOKS else None

    def current(self) -> ServedFolder:
        """Look at the folder; what was there before counts if somebody has made a mistake in ``podcast.yaml``.

        Never called by two at once.
        """
        try:
            listing = self._listing()
            stamp = self._stamp_of(*listing)
            if stamp != self._stamp:
                self._stamp = stamp
                self._served = self._read(*listing)
        except InterviewAudioError as error:
            self._tell(str(error))
        except OSError as error:
            self._tell(
                f"{self._folder}: cannot be read: {error.strerror}; feed and page stay as they were until it can"
            )
        self._looked = time.monotonic()
        return self._served

    def _listing(self) -> tuple[frozenset[str], Mapping[str, os.stat_result]]:
        """Return the names of the files, and of those that shape a feed when they were last changed."""
        names, states = set(), {}
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                    names.add(entry.name)
                    if entry.name.endswith((RECORD_SUFFIX, ".xml", *ENCLOSURE_TYPES)):
                        states[entry.name] = entry.stat(follow_symlinks=False)
        return frozenset(names), states

    def _stamp_of(self, names: frozenset[str], states: Mapping[str, os.stat_result]) -> object:
        channel = find_channel_file(self._folder, self._podcast)
        apart = (channel, *(feed.channel.cover for feed in self._served.feeds))
        now = datetime.datetime.now(datetime.UTC)
        return (
            names,
            {name: _state(status) for name, status in states.items()},
            [(path, _state(path.stat()) if path and path.exists() else None) for path in apart],
            [entry.date > now for entry in self._served.channel.episodes.values() if entry.date],
        )

    def _read(self, names: frozenset[str], states: Mapping[str, os.stat_result]) -> ServedFolder:
        # Nobody is to list what is at home, and a phone that subscribed here is to stay here.
        channel = replace(read_channel(self._folder, self._podcast), block=True, new_feed_url="")
        records = sorted(name for name in states if name.endswith(RECORD_SUFFIX))
        self._episodes = {name: self._episode(name, names, _state(states[name])) for name in records}
        read = [episode for _, episode in self._episodes.values()]
        for problem in read:
            if isinstance(problem, str):
                self._tell(problem)
        episodes = tuple(episode for episode in read if not isinstance(episode, str))
        feeds = feeds_of(channel, Catalogue(self._folder, episodes, ()))
        files = {path.name: path for feed in feeds for one in feed.episodes for path in one.files.values()}
        earlier = {feed.name: self._earlier(feed.name) for feed in feeds}
        illustrated = frozenset(illustrated_lists(one for feed in feeds for one in feed.episodes))
        listed = [one for feed in feeds for one in feed.episodes]
        whole = completed(channel, Catalogue(self._folder, episodes, ()), listed)
        pages = {one.files[_PAGE].name: (one, feed) for feed in feeds for one in feed.episodes if _PAGE in one.files}
        return ServedFolder(whole, feeds, files, earlier, illustrated, pages)

    def _episode(self, name: str, names: frozenset[str], state: object) -> tuple[object, CataloguedEpisode | str]:
        """Return an episode; its record is read again only if it or the list of its files has changed."""
        known = self._episodes.get(name)
        if known and not isinstance(known[1], str):
            there = frozenset(file.beside or file.name for file in known[1].record.files) & names
            if known[0] == (state, there):
                return known
        episode = read_episode(self._folder / name)
        if isinstance(episode, str):
            return None, episode
        return (state, frozenset(file.beside or file.name for file in episode.record.files) & names), lean(episode)

    def _earlier(self, name: str) -> EarlierFeed:
        """Return what has been said of identifiers and dates: by the feed in the folder, else by this server before."""
        kept = EarlierFeed()
        with suppress(OSError, ValueError, StoreError):  # there is none yet, or somebody has damaged it
            kept = earlier_feed(self._kept(name).read_text("utf-8"))
        try:
            own = read_earlier(self._folder / name)
        except (OutputError, OSError):
            return kept
        return EarlierFeed(own.guid or kept.guid, {**kept.items, **own.items}, kept.text)

    def _kept(self, name: str) -> Path:
        return private_file(_KIND, f"{self._folder}\n{name}", "xml")

    def keep(self, served: ServedFolder, name: str, text: str) -> None:
        """Keep what a feed says of identifiers and dates, if it says more than before: they must survive a restart."""
        said, before = earlier_feed(text), served.earlier[name]
        served.earlier[name] = said
        if said.guid != before.guid or said.items.keys() - before.items.keys():
            try:
                write_whole(self._kept(name), text.encode(), mode=0o600)
            except (OSError, StoreError) as error:
                self._tell(f"the dates of new episodes cannot be kept, and will be others after a restart: {error}")

    def cover(self, served: ServedFolder, name: str) -> bytes | Path | None:
        """Return the picture of the show by its name, or where it is; None for any other name."""
        feed = next((feed for feed in served.feeds if feed.cover_name == name), None)
        if feed is None:
            return None
        path = self._folder / name
        if feed.channel.cover is None and path.is_file() and not path.is_symlink():
            return path
        try:
            return cover_of(feed)
        except ConfigurationError as error:
            self._tell(str(error))
            return None

    def _tell(self, line: str) -> None:
        if line not in self._told:
            self._told.add(line)
            self._warn(line)


def _state(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_mtime_ns, status.st_size, status.st_ino


@dataclass(frozen=True, slots=True)
class Site:
    """Where a folder is served."""

    port: int
    token: str | None
    """The secret that its addresses begin with; None where they have none."""
    places: tuple[str, ...]
    """This machine's addresses, as they are part of one; the likeliest first."""
    is_open: bool
    """Whether others in the network can reach it."""
    names: frozenset[str] = frozenset()
    """Names of this machine."""

    def address(self, host: str) -> str:
        """Return the address of the page, by the host and port that somebody asked for."""
        return f"http://{host}/{self.token}/" if self.token else f"http://{host}/"

    @property
    def page(self) -> str:
        """The address to open."""
        return self.address(f"{self.places[0]}:{self.port}")

    def knows(self, host: str) -> bool:
        """Tell whether a request may be for this host: for an address, a name of this machine, or one with the token.

        A site whose name suddenly leads here (DNS rebinding) has a name, and does not know the token.
        """
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = match["name"].lower().rstrip(".")
        return self.token is not None or name in self.names or _is_address(name.strip("[]"))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class ListenerGuard:
    """What every request passes: it must be for this machine, have the token, and want to read.

    Args:
        app: What is behind it; sees paths without the token.
        site: Where.
    """

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = headers_of(scope)
        send = with_headers(send, (*SAFE_HEADERS, *self._headers(asked)))
        refused = self._refused(scope, asked)
        path = path_behind(self._site.token, scope["path"]) if self._site.token else scope["path"]
        if refused or path is None or not path.startswith("/"):
            await Response(status_code=refused or 404)(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            allowed = {"allow": "GET, HEAD, OPTIONS", "access-control-allow-methods": "GET, HEAD, OPTIONS"}
            allowed["access-control-allow-headers"] = "Range, If-Range, If-None-Match"
            await Response(status_code=204, headers=allowed)(scope, receive, send)
        else:
            await self._app({**scope, "path": path, "raw_path": path.encode()}, receive, send)

    def _refused(self, scope: Scope, asked: Mapping[bytes, Sequence[bytes]]) -> int | None:
        if scope["type"] != "http":
            return 404
        hosts = asked.get(b"host", ())
        if len(hosts) != 1 or not self._site.knows(hosts[0].decode("latin-1")):
            return 403
        return None if scope["method"] in ("GET", "HEAD", "OPTIONS") else 405

    def _headers(self, asked: Mapping[bytes, Sequence[bytes]]) -> Iterator[tuple[bytes, bytes]]:
        """Yield who may read the answers in a page: with the token everybody, without it pages of this machine.

        Any page on the web could ask for what is at an address that it can guess.
        """
        yield b"cache-control", b"no-cache" if self._site.token is None else b"private, no-cache"
        yield b"vary", b"Origin"
        yield b"cross-origin-resource-policy", b"cross-origin" if self._site.token else b"same-site"
        origins = asked.get(b"origin", ())
        if self._site.token or (len(origins) == 1 and _is_of_this_machine(origins[0])):
            yield b"access-control-allow-origin", b"*" if self._site.token else origins[0]
            yield b"access-control-expose-headers", b"Accept-Ranges, Content-Length, Content-Range, ETag"


def _is_of_this_machine(origin: bytes) -> bool:
    return bool(re.fullmatch(rb"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?", origin))


class Broadcast:
    """What is served: the show of a shelf, under the address by which somebody asks.

    Args:
        shelf: The episodes.
        site: Where.
        tell: Called with a line for each episode that somebody begins to download.
    """

    def __init__(self, shelf: Shelf, site: Site, tell: Callable[[str], None]) -> None:
        self._shelf = shelf
        self._site = site
        self._tell = tell
        self._texts: dict[tuple[str, str], _Text] = {}
        self._downloads: set[tuple[str, str]] = set()
        # Two hundred who ask at once must not take all threads to wait for the same text.
        self._looking, self._writing = asyncio.Lock(), asyncio.Lock()

    def app(self) -> ASGIApp:
        """Return the application."""
        app = Starlette(routes=[Route("/{name:path}", self._answer, methods=["GET"])])
        app.router.redirect_slashes = False
        return ListenerGuard(app, self._site)

    async def _answer(self, request: Request) -> Response:
        name = request.scope["path"][1:]  # the route's own part leaves out a line end
        served = await self._served()
        if name in served.illustrated or name in served.pages:
            return await self._addressed(request, served, name)
        if name in served.files:
            return await self._file(request, served.files[name])
        if name in ("", INDEX_NAME):  # the first of them even where an episode is called index
            return await self._made(request, served, INDEX_NAME)
        if any(name in (feed.name, feed.cover_name) for feed in served.feeds):
            return await self._made(request, served, name)
        return Response(status_code=404)

    async def _served(self) -> ServedFolder:
        served = self._shelf.last
        if served is None:
            async with self._looking:
                served = self._shelf.last
                if served is None:
                    served = await run_in_threadpool(self._shelf.current)
        return served

    async def _made(self, request: Request, served: ServedFolder, name: str) -> Response:
        """Answer with what is made of the folder: a feed, the page, the picture of the show."""
        key = name, request.headers["host"]
        known = self._texts.get(key)
        if known is None or known.served is not served:
            async with self._writing:
                known = self._texts.get(key)
                if known is None or known.served is not served:
                    try:
                        made = await run_in_threadpool(self._make, served, *key)
                    except OSError:  # an episode has gone since the folder was looked at
                        return Response(status_code=503, headers={"retry-after": "2"})
                    if made is None or isinstance(made, Path):
                        return await self._file(request, made) if made else Response(status_code=404)
                    known = self._keep(key, made)
        return _answer_with(request, known)

    def _keep(self, key: tuple[str, str], text: "_Text") -> "_Text":
        self._texts.pop(key, None)
        if len(self._texts) >= _MOST_TEXTS:
            del self._texts[next(iter(self._texts))]
        self._texts[key] = text
        return text

    async def _addressed(self, request: Request, served: ServedFolder, name: str) -> Response:
        """Answer with the page of an episode or a list of chapters, in which is the address by which somebody asks."""
        host = request.headers["host"]

        def made() -> _Text:
            file = OpenFile(served.files[name])
            try:
                written = file.read(0, file.size)
            finally:
                file.close()
            if name in served.pages:
                return _Text(served, episode_page(written, *served.pages[name], self._base(host)), _PAGE_TYPE)
            chapters = with_whole_addresses(written.decode("utf-8", "replace"), self._site.address(host))
            return _Text(served, chapters.encode(), media_type(name))

        try:
            return _answer_with(request, await run_in_threadpool(made))
        except OSError:  # it has gone since the folder was looked at, or a link has its name
            return Response(status_code=404)

    async def _file(self, request: Request, path: Path) -> Response:
        try:
            file = await run_in_threadpool(OpenFile, path)
        except OSError:  # it has gone since the folder was looked at, or a link has its name
            return Response(status_code=404)
        if path.suffix in ENCLOSURE_TYPES:
            self._tell_of(request, path.name)
        return FileAnswer(file, media_type(path.name))

    def _tell_of(self, request: Request, name: str) -> None:
        reader = request.client.host if request.client else ""  # nothing where it has gone already
        is_first = request.headers.get("range", "bytes=0-").replace(" ", "").startswith("bytes=0-")
        if reader and request.method == "GET" and is_first and (name, reader) not in self._downloads:
            if len(self._downloads) >= _MOST_TOLD:
                self._downloads.clear()
            self._downloads.add((name, reader))
            self._tell(f"{reader} listens to {name}")

    def _make(self, served: ServedFolder, name: str, host: str) -> "_Text | Path | None":
        """Make a text or a picture; a picture may be a file, or not to be had."""
        if name == INDEX_NAME:
            return _Text(served, self._page(served, host).encode(), _PAGE_TYPE)
        feed = next((feed for feed in served.feeds if feed.name == name), None)
        if feed is None:
            cover = self._shelf.cover(served, name)
            return _Text(served, cover, "image/jpeg") if isinstance(cover, bytes) else cover
        return _Text(served, self._feed(served, feed, host).encode(), FEED_TYPE)

    def _feed(self, served: ServedFolder, feed: Feed, host: str) -> str:
        text = format_feed(feed, self._site.address(host), served.earlier[feed.name])
        self._shelf.keep(served, feed.name, text)
        return text

    def _page(self, served: ServedFolder, host: str) -> str:
        base = self._base(host)
        links = [
            FeedLink(
                base + quote(feed.name), feed.channel.title, feed.language, dates_in(self._feed(served, feed, host))
            )
            for feed in served.feeds
        ]
        cover = served.feeds[0].cover_name if served.feeds else None
        code = qr_svg(base) if self._site.is_open else None
        return index_page(served.channel, served.episodes, links, cover, code, base)

    def _base(self, host: str) -> str:
        """Return the address that a page says it has: a phone cannot use the one by which this machine asks itself."""
        is_own = not self._site.is_open or not _is_loopback(host)
        return self._site.address(host) if is_own else self._site.page


@dataclass(frozen=True, slots=True)
class _Text:
    """What was made of a folder for those who ask for it by one address."""

    served: ServedFolder
    content: bytes
    kind: str
    """Its media type."""
    tag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", f'"{hashlib.sha256(self.content).hexdigest()[:24]}"')


def _answer_with(request: Request, text: _Text) -> Response:
    headers = {"etag": text.tag}
    if is_known(request.headers, text.tag):
        return Response(status_code=304, headers=headers)
    return Response(text.content, media_type=text.kind, headers=headers)


def _is_loopback(host: str) -> bool:
    match = _HOST.fullmatch(host)
    name = match["name"].strip("[]").lower() if match else ""
    return name == "localhost" or (_is_address(name) and ipaddress.ip_address(name).is_loopback)


def qr_code(text: str) -> "segno.QRCode":
    """Return a QR code for cameras."""
    import segno

    return segno.make(text, error="l", micro=False)


def qr_svg(text: str) -> str:
    """Return a QR code as an element of HTML, dark on light in every theme, with the margin that cameras need."""
    drawn = qr_code(text).svg_inline(
        border=QR_MARGIN, omitsize=True, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return drawn.replace("<svg ", '<svg role="img" aria-label="QR" ', 1)


def places_of(host: str) -> tuple[str, ...]:
    """Return the addresses under which others reach what listens there, as they are part of one; the likeliest first.

    Nothing is sent: the system says which of its addresses it would use for a machine elsewhere.

    Args:
        host: An address of this machine, or ``0.0.0.0`` or ``::`` for all.
    """
    if not _is_address(host) or not ipaddress.ip_address(host).is_unspecified:
        return (f"[{host}]" if ":" in host else host,)
    found = sorted(_interfaces(), key=lambda one: (_is_inner(one[0]), one[1] != _outgoing()))
    return tuple(address for _, address in found) or (LOOPBACK,)


def _outgoing() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation (RFC 5737)
        except OSError:  # there is no network
            return ""
        address: str = probe.getsockname()[0]
        return address


def _interfaces() -> Iterator[tuple[str, str]]:
    """Yield the name and the IPv4 address of each interface that is up and leads to other machines."""
    import psutil

    states = psutil.net_if_stats()
    for name, addresses in psutil.net_if_addrs().items():
        for one in addresses:
            if one.family == socket.AF_INET and name in states and states[name].isup:
                address = ipaddress.ip_address(one.address)
                if not address.is_loopback and not address.is_link_local:
                    yield name, one.address


def _is_inner(name: str) -> bool:
    return name.lower().startswith(_INNER_NETWORKS)


def _names() -> frozenset[str]:
    own = socket.gethostname().lower().partition(".")[0]
    return frozenset(("localhost", *(f"{own}{suffix}" for suffix in _HOME_SUFFIXES if own)))


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a folder can be heard."""

    page: str
    feeds: tuple[str, ...]
    others: tuple[str, ...]
    """The page by other addresses of this machine."""
    is_open: bool
    """Whether others in the network can reach it."""
    has_token: bool


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What was chosen for a server."""

    host: str = LOOPBACK
    port: int = PORT
    has_token: bool | None = None
    """None: where others in the network can reach it."""
    podcast: Path | None = None
    """Another file than ``podcast.yaml``."""


def serve(
    folder: Path,
    options: ServeOptions,
    on_ready: Callable[[Addresses], None],
    warn: Callable[[str], None],
    tell: Callable[[str], None],
) -> None:
    """Serve a folder until somebody interrupts it.

    Args:
        folder: Of the episodes.
        options: What was chosen.
        on_ready: Called once the page can be opened.
        warn: Called with a line for everything that the user has to mend.
        tell: Called with a line for each episode that somebody begins to download.

    Raises:
        ConfigurationError: ``podcast.yaml`` has a mistake.
        OutputError: The port is not free, or the address is not one of this machine.
        StoreError: The token cannot be kept.
        KeyboardInterrupt: Somebody ended it.
    """
    shelf = Shelf(folder, options.podcast, warn)
    with listen(options.host, options.port) as listening:
        own, port = listening.getsockname()[:2]
        is_open = not ipaddress.ip_address(own.partition("%")[0]).is_loopback
        has_token = is_open if options.has_token is None else options.has_token
        token = private_path(_KIND, str(folder.resolve())) if has_token else None
        if token and (notice := secrets_notice()):
            warn(notice)
        site = Site(port, token, places_of(own), is_open, _names())
        others = tuple(site.address(f"{place}:{port}") for place in site.places[1:])
        served = shelf.current()
        feeds = tuple(site.page + quote(feed.name) for feed in served.feeds)
        on_ready(Addresses(site.page, feeds, others, is_open, has_token))
        if not any(feed.episodes for feed in served.feeds):
            warn(f"there is no episode to listen to in {folder} yet; render one into it with -o, and it appears here")
        run_server(Broadcast(shelf, site, tell).app(), listening, patience=_SECONDS_TO_END)
