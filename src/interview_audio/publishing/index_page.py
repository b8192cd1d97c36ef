"""The page of a show: its episodes, a search, how to subscribe; one HTML file beside them that asks no other server.

The page of an episode is made where it is rendered; here it learns to which show it belongs, and where that is.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from urllib.parse import quote, urlsplit

from interview_audio.configuration.languages import UNKNOWN, primary_tag
from interview_audio.production.sidecars.player_page import HEAD_MARK, WAY_MARK
from interview_audio.publishing.catalogue import CataloguedEpisode, natural_order
from interview_audio.publishing.channel import Channel, is_public
from interview_audio.publishing.feed import ENCLOSURE_TYPES, Feed
from interview_audio.text.html_pages import escaped, filled, json_in_script, policy_hash
from interview_audio.text.printable import printable

INDEX_NAME = "index.html"


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed to subscribe to."""

    address: str
    """Of the feed, whole."""
    title: str
    """Of the show, in the feed's language."""
    language: str | None = None
    """Of its episodes; None where there is one feed."""
    dates: Mapping[str, datetime.datetime] = field(default_factory=dict)
    """When it says that each episode was published, by its stem."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What the page says, in one language."""

    code: str
    """Of the language."""
    subscribe: str
    all_episodes: str
    how: str
    address: str
    copy: str
    copied: str
    press: str
    other_app: str
    scan: str
    episodes: str
    find: str
    search: str
    hint: str
    language: str
    every: str
    found: str
    """``#`` stands for the number."""
    none: str
    empty: str
    page: str
    sound: str
    comma: str
    colon: str
    hours: str
    minutes: str
    date: str
    """For ``strftime``; the day and the month without a zero before them are ``{day}`` and ``{month}``."""


_ENGLISH = _Words(
    code="en",
    subscribe="Subscribe",
    all_episodes="All episodes",
    how="Open the show in your podcast app, or copy its address into the app:",
    address="Address of the feed",
    copy="Copy",
    copied="Copied the address",
    press="Press Ctrl+C to copy the address that is selected",
    other_app="Another app",
    scan="Scan it with your phone, then choose your podcast app there",
    episodes="Episodes",
    find="Find episodes",
    search="Search",
    hint="title, person, words",
    language="Language",
    every="all",
    found="Episodes found: #",
    none="No episode has these words. Try fewer of them.",
    empty="There are no episodes yet.",
    page="Listen and read",
    sound="Sound file",
    comma=", ",
    colon=": ",
    hours="{} h ",
    minutes="{} min",
    date="{day} %B %Y",
)
_CHINESE = _Words(
    code="zh",
    subscribe="订阅",
    all_episodes="全部节目",
    how="在播客应用中打开，或把地址复制到应用里：",
    address="订阅地址",
    copy="复制",
    copied="已复制地址",
    press="地址已选中，请按 Ctrl+C 复制",
    other_app="其他应用",
    scan="用手机扫码，再选择播客应用",
    episodes="节目",
    find="查找节目",
    search="搜索",
    hint="标题、人物、关键词",
    language="语言",
    every="全部",
    found="找到 # 期",
    none="没有找到相关节目，请减少关键词。",
    empty="还没有节目。",
    page="收听并阅读",
    sound="音频文件",
    comma="、",
    colon="：",
    hours="{} 小时 ",
    minutes="{} 分钟",
    date="%Y年{month}月{day}日",
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""``strftime`` would write them in the language of the machine."""


def index_page(
    channel: Channel,
    episodes: Sequence[CataloguedEpisode],
    feeds: Sequence[FeedLink],
    cover: str | None = None,
    qr: str | None = None,
    address: str | None = None,
) -> str:
    """Return the page.

    Args:
        channel: With everything filled in.
        episodes: Those that listeners get.
        feeds: Where to subscribe; none where there is nothing to subscribe to.
        cover: Name of the picture of the show, beside the page; None where there is none.
        qr: A code that leads a phone to this page, as an SVG element; None where none is shown.
        address: Of the folder that the page is in, with a slash at the end; None where no card is to be made of the
            page where somebody posts a link to it.
    """
    words = _words(channel.language)
    dates = {stem: moment for feed in feeds for stem, moment in feed.dates.items()}
    days = {episode.stem: _day(channel, episode, dates) for episode in episodes}
    ordered = sorted(
        episodes, key=lambda episode: _order(channel, episode, days[episode.stem]), reverse=channel.type == "episodic"
    )
    style, script = _part("css"), _part("js")
    shown = [_shown(channel, episode, days[episode.stem], words) for episode in ordered]
    parts = {
        "STYLE_HASH": policy_hash(style),
        "SCRIPT_HASH": policy_hash(script),
        "STYLE": style,
        "SCRIPT": script,
        "DATA": json_in_script(_data(ordered, words)),
        "DESCRIPTION_LINE": escaped(printable(channel.description)),
        "DESCRIPTION": _paragraphs(channel.description),
        "TITLE": escaped(printable(channel.title)),
        "AUTHOR": escaped(printable(channel.author)) if channel.author != channel.title else "",
        "COVER": f'<img src="{quote(cover)}" alt="" width="160" height="160">' if cover else "",
        "CARD": _card_of_show(channel, cover, address) if address else "",
        "FEED_LINKS": "\n".join(map(_alternate, feeds)),
        "SUBSCRIBE": _subscribe(feeds, qr, words) if feeds else "",
        "HEADING": words.episodes,
        "FIND_LABEL": words.find,
        "SEARCH_LABEL": words.search,
        "SEARCH_HINT": words.hint,
        "LANGUAGES": _languages(ordered, words),
        "LANGUAGE": escaped(channel.language) or "en",
        "EPISODES": "\n".join(shown),
        "NONE_FOUND": words.none,
        "EMPTY": "" if ordered else f"<p>{words.empty}</p>",
        "NOTICES": _notices(ordered),
    }
    return filled(_part("html"), parts)


def episode_page(
    page: bytes, episode: CataloguedEpisode, feed: Feed, base_url: str, *, is_private: bool = False
) -> bytes:
    """Return the page of an episode with the way to its show, and with what a card says where its link is posted.

    Args:
        page: As it was rendered; one without the marks, which somebody has edited, is returned as it is.
        episode: Whose it is.
        feed: That lists the episode.
        base_url: Of the folder of the episode's files, with a slash at the end.
        is_private: Whether the page is to name no address but that of the feed, and a card no more than its title:
            the services that draw cards keep what they read.
    """
    alternate = _alternate(FeedLink(base_url + quote(feed.name), feed.channel.title))
    card = _title_alone(feed.channel, episode) if is_private else _card_of_episode(episode, feed, base_url)
    for mark, text in ((HEAD_MARK, f"{alternate}\n{card}"), (WAY_MARK, _way_to_show(episode))):
        if page.count(mark.encode()) == 1:
            page = page.replace(mark.encode(), text.encode())
    return page


def _way_to_show(episode: CataloguedEpisode) -> str:
    words = _words(episode.language)
    return (
        f'<p class="way" lang="{words.code}"><a href="./{INDEX_NAME}">{words.all_episodes} · {words.subscribe}</a></p>'
    )


def _card_of_show(channel: Channel, cover: str | None, base_url: str) -> str:
    said = {
        "og:type": "website",
        "og:title": channel.title,
        "og:description": channel.description,
        "og:image": f"{base_url}{quote(cover)}" if cover else "",
    }
    return _card(base_url + INDEX_NAME, said)


def _card_of_episode(episode: CataloguedEpisode, feed: Feed, base_url: str) -> str:
    channel, sound = feed.channel, episode.sound.name
    said = {
        "og:type": "article",
        "og:site_name": channel.title,
        "og:title": channel.title_of(episode),
        "og:description": channel.description_of(episode),
        "og:image": f"{base_url}{_link(episode, '.cover.jpg') or quote(feed.cover_name)}",
        "og:audio": f"{base_url}{quote(sound)}",
        "og:audio:type": ENCLOSURE_TYPES.get(episode.sound.suffix, ""),
    }
    return _card(f"{base_url}{_link(episode, '.html')}", said)


def _title_alone(channel: Channel, episode: CataloguedEpisode) -> str:
    return _property("og:title", channel.title_of(episode))


def _card(address: str, said: Mapping[str, str]) -> str:
    """Return what Mastodon, Slack, WeChat and the like read of a page (https://ogp.me); pictures here are square."""
    lines = [f'<link rel="canonical" href="{escaped(address)}">', '<meta name="twitter:card" content="summary">']
    lines += [_property(name, text) for name, text in {**said, "og:url": address}.items() if text]
    return "\n".join(lines)


def _property(name: str, text: str) -> str:
    return f'<meta property="{name}" content="{escaped(printable(text))}">'


@cache
def _part(suffix: str) -> str:
    return resources.files(__package__).joinpath(f"index_page.{suffix}").read_text("utf-8")


def _words(language: str) -> _Words:
    return _CHINESE if primary_tag(language) == "zh" else _ENGLISH


def _lang(language: str) -> str:
    """Return the attribute that says in which language an element is."""
    return f' lang="{escaped(language)}"' if language and language != UNKNOWN else ""


def _day(channel: Channel, episode: CataloguedEpisode, dates: Mapping[str, datetime.datetime]) -> datetime.date | None:
    moment = channel.entry(episode.stem).date or dates.get(episode.stem)
    return moment.date() if moment else episode.date


def _order(channel: Channel, episode: CataloguedEpisode, day: datetime.date | None) -> tuple[object, ...]:
    entry = channel.entry(episode.stem)
    key = (entry.season or 0, entry.number or 0, day or datetime.date.min, natural_order(episode.stem))
    return key if channel.type == "serial" else key[2:]


def _data(episodes: Sequence[CataloguedEpisode], words: _Words) -> Mapping[str, object]:
    """Return what the page's script needs beside what is shown."""
    return {
        "episodes": [
            {
                "language": primary_tag(episode.language) or UNKNOWN,
                "page": _link(episode, ".html"),
                "chapters": [[round(one.start, 3), printable(one.title)] for one in episode.record.chapters],
            }
            for episode in episodes
        ],
        "words": {"found": words.found, "copied": words.copied, "press": words.press},
    }


def _link(episode: CataloguedEpisode, suffix: str) -> str | None:
    path = episode.files.get(suffix)
    return quote(path.name) if path else None


def _alternate(feed: FeedLink) -> str:
    title, address = escaped(printable(feed.title)), escaped(feed.address)
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{address}">'


def _subscribe(feeds: Sequence[FeedLink], qr: str | None, words: _Words) -> str:
    ways = "\n".join(_feed(feed, number, words) for number, feed in enumerate(feeds))
    code = f"<figure>{qr}<figcaption>{words.scan}</figcaption></figure>" if qr else ""
    return (
        f'<section class="subscribe" aria-labelledby="subscribe"><div><div class="ways">\n'
        f'<h2 id="subscribe">{words.subscribe}</h2>\n<p class="hint">{words.how}</p>\n'
        f"{ways}\n</div>{code}</div></section>"
    )


def _feed(feed: FeedLink, number: int, words: _Words) -> str:
    language = f" ({escaped(feed.language)})" if feed.language else ""
    title = f"{escaped(printable(feed.title))}{words.colon}" if feed.language else ""
    apps = "".join(
        f'<li><a href="{escaped(address)}">{escaped(name)}</a></li>' for name, address in _apps(feed.address, words)
    )
    return (
        f'<div class="feed"><label for="feed{number}">{title}{words.address}{language}</label>\n'
        f'<div class="address"><input id="feed{number}" readonly value="{escaped(feed.address)}">'
        f'<button type="button" hidden>{words.copy}</button></div>\n<ul class="apps">{apps}</ul></div>'
    )


def _apps(address: str, words: _Words) -> Iterator[tuple[str, str]]:
    """Yield apps with the address that opens the feed in each.

    Pocket Casts, Overcast and the like fetch feeds with servers of their own, which reach only what is public
    (Automattic/pocket-casts-ios#449, umputun/feed-master#73, where Apple's app does well at home). Behind an app's own
    scheme the address has no ``http://``: browsers would write it otherwise, and AntennaPod adds it (UrlChecker.java).
    """
    parts = urlsplit(address)
    bare = address.removeprefix(f"{parts.scheme}://")
    apple = ("Apple Podcasts", f"podcast://{bare}")
    if parts.scheme != "https" or not is_public(parts.hostname or ""):
        yield from (("AntennaPod", f"antennapod-subscribe://{bare}"), apple, (words.other_app, f"pcast://{bare}"))
        return
    encoded = quote(address, safe="")
    yield apple
    # https://antennapod.org/documentation/podcasters-hosters/add-on-antennapod
    yield "AntennaPod", f"https://antennapod.org/deeplink/subscribe?url={encoded}"
    yield "Pocket Casts", f"pktc://subscribe/{bare}"
    yield "Overcast", f"overcast://x-callback-url/add?url={encoded}"
    yield "Podcast Addict", f"podcastaddict://{bare}"


def _languages(episodes: Sequence[CataloguedEpisode], words: _Words) -> str:
    """Return the choice of a language; nothing where all episodes have the same."""
    tags = sorted({primary_tag(episode.language) or UNKNOWN for episode in episodes})
    if len(tags) < 2:
        return ""
    options = "".join(f'<option value="{escaped(tag)}">{escaped(tag)}</option>' for tag in tags)
    every = f'<option value="">{words.every}</option>'
    return f'<label>{words.language} <select id="language">{every}{options}</select></label>'


def _shown(channel: Channel, episode: CataloguedEpisode, day: datetime.date | None, words: _Words) -> str:
    """Return an episode as an entry of the list."""
    title = escaped(printable(channel.title_of(episode)))
    page, sound, cover = _link(episode, ".html"), quote(episode.sound.name), _link(episode, ".cover.jpg")
    language = _lang(episode.language)
    picture = f'<img src="{cover}" alt="" width="96" height="96" loading="lazy" decoding="async">' if cover else ""
    people = words.comma.join(printable(one.name) for one in episode.participants if one.is_named)
    facts = " · ".join(filter(None, (_date(day, words), _length(episode, words), escaped(people))))
    summary = escaped(printable(channel.description_of(episode)))
    links = [f'<a href="{page}" aria-label="{words.page}{words.colon}{title}">{words.page}</a>'] if page else []
    links.append(f'<a href="{sound}" aria-label="{words.sound}{words.colon}{title}">{words.sound}</a>')
    return (
        f'<li><article{"" if cover else " class=bare"}>{picture}<div class="words">'
        f'<h3{language} dir="auto"><a href="{page or sound}">{title}</a></h3>'
        f'<p class="facts">{facts}</p>'
        f'<p class="summary"{language} dir="auto">{summary}</p>'
        f'<p class="links">{"".join(links)}</p></div></article></li>'
    )


def _date(day: datetime.date | None, words: _Words) -> str:
    if day is None:
        return ""
    written = words.date.replace("%Y", f"{day.year}").replace("%B", _MONTHS[day.month - 1])
    return f'<time datetime="{day.isoformat()}">{written.format(day=day.day, month=day.month)}</time>'


def _length(episode: CataloguedEpisode, words: _Words) -> str:
    minutes = max(1, round(episode.record.duration / 60))
    hours, rest = divmod(minutes, 60)
    return (words.hours.format(hours) if hours else "") + words.minutes.format(rest)


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escaped(printable(part))}</p>" for part in text.split("\n\n") if part.strip())


def _notices(episodes: Iterable[CataloguedEpisode]) -> str:
    """Say once what any of the episodes says of its synthetic voices."""
    said = {episode.disclosure: _lang(episode.language) for episode in episodes if episode.disclosure}
    return "".join(f"<p{language}>{escaped(printable(text))}</p>" for text, language in said.items())
