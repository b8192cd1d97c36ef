"""A snippet for a post about an episode: a player, its chapters as links, and what machines read (JSON-LD).

It is one piece of HTML for WordPress (a Custom HTML block), Ghost (an HTML card), and Hugo or Jekyll (raw HTML in
Markdown). Each of them looks for marks of its own before a browser sees the page, so nothing in the snippet is one:
WordPress takes ``[gallery]`` for a shortcode, Hugo and Jekyll take ``{{`` and ``{%`` for a template, and CommonMark
ends a block of HTML at an empty line (0.31.2, 4.6, kinds 1 and 6).

The JSON-LD has the terms of schema.org: a ``PodcastEpisode`` with its ``AudioObject`` and, as Google asks for key
moments, a ``Clip`` with its offsets and address for each chapter.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from itertools import groupby

from interview_audio.files.file_names import media_type
from interview_audio.production.sidecars.captions import sidecar_words
from interview_audio.production.timeline import in_seconds
from interview_audio.publishing.catalogue import CataloguedEpisode
from interview_audio.publishing.channel import Channel
from interview_audio.publishing.sharing import address_of
from interview_audio.publishing.sharing.cut import names_in_record
from interview_audio.text.characters import joined
from interview_audio.text.printable import printable
from interview_audio.text.units import playing_time

_LONGEST_TRANSCRIPT = 100_000
"""Characters, about two hours: beyond that a post is slow to edit, and the captions' address must do."""
_TEMPLATE_MARKS = {ord("["): "&#91;", ord("{"): "&#123;"}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_MARKS = re.compile("[<>&\\[\\]{}\u2028\u2029]")
_NO_CHANNEL = Channel()
_SYNTHETIC = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"


def post_snippet(episode: CataloguedEpisode, base_url: str, channel: Channel = _NO_CHANNEL) -> str:
    """Return the HTML of a post about an episode.

    Args:
        episode: Its chapters link to its page, or into the sound where it has no page.
        base_url: Of the folder that listeners reach; ends with a slash.
        channel: The show as ``podcast.yaml`` says it; what it says of the episode counts here as in a feed.
    """
    sound = address_of(base_url, episode.sound.name)
    title, notice = _text(channel.title_of(episode)), _text(episode.disclosure)
    lines = [
        '<figure class="interview-audio">',
        f'<figcaption><a href="{_text(_page(episode, base_url))}">{title}</a></figcaption>',
        f'<audio controls preload="metadata" src="{_text(sound)}" style="width:100%"></audio>',
        *_chapter_lines(episode, base_url),
        *([f"<p><small>{notice}</small></p>"] if notice else []),
        "</figure>",
        f'<script type="application/ld+json">{_json(_linked_data(episode, base_url, channel))}</script>',
    ]
    return "\n".join(lines) + "\n"


def _page(episode: CataloguedEpisode, base_url: str, *times: int) -> str:
    """Return the address of the page, or of a moment on it."""
    file = episode.files.get(".html", episode.sound)
    return address_of(base_url, file.name, *times)


def _chapter_lines(episode: CataloguedEpisode, base_url: str) -> Iterator[str]:
    if len(episode.record.chapters) < 2:  # one chapter is the episode
        return
    yield f"<details open><summary>{_text(sidecar_words(episode.language).chapters)}</summary>"
    yield "<ol>"
    for chapter in episode.record.chapters:
        address = _page(episode, base_url, round(chapter.start * 1000))
        time = f"<small>{playing_time(int(chapter.start))}</small>"
        yield f'<li><a href="{_text(address)}">{_text(chapter.title)}</a> {time}</li>'
    yield "</ol>"
    yield "</details>"


def _text(text: str) -> str:
    """Write a text for an element or an attribute, with nothing in it that a site's software obeys."""
    return html.escape(printable(text)).translate(_TEMPLATE_MARKS)


def _json(content: Mapping[str, object]) -> str:
    """Write JSON on one line so that nothing in its strings ends the element, or is a mark of a template."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return _STRING.sub(lambda string: _MARKS.sub(lambda mark: f"\\u{ord(mark[0]):04x}", string[0]), text)


def _linked_data(episode: CataloguedEpisode, base_url: str, channel: Channel) -> dict[str, object]:
    """Return what the snippet says to machines."""
    record, page = episode.record, _page(episode, base_url)
    cover = episode.files.get(".cover.jpg")
    moment = channel.entry(episode.stem).date
    day = moment.date() if moment else episode.date
    show = channel.title_in(episode.language) or record.about.show or ""
    said: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "@id": page,
        "url": page,
        "name": printable(channel.title_of(episode)),
        "description": printable(channel.description_of(episode)),
        "inLanguage": episode.language,
        "datePublished": day.isoformat() if day else "",
        "timeRequired": _duration(record.duration),
        "image": address_of(base_url, cover.name) if cover else "",
        "partOfSeries": _series(episode, base_url, show),
        "contributor": [
            {"@type": "Person", "name": printable(one.name)} for one in episode.participants if one.is_named
        ],
        "associatedMedia": _sound(episode, base_url),
        "hasPart": [
            {
                "@type": "Clip",
                "name": printable(chapter.title),
                "startOffset": in_seconds(round(chapter.start * 1000)),
                "endOffset": in_seconds(round(chapter.end * 1000)),
                "url": _page(episode, base_url, round(chapter.start * 1000)),
            }
            for chapter in record.chapters
        ],
    }
    return _stated(said)


def _series(episode: CataloguedEpisode, base_url: str, show: str) -> dict[str, object]:
    if not show:
        return {}
    language = episode.language.partition("-")[0].lower()
    feeds = ("feed.xml", f"feed.{language}.xml")
    feed = next((name for name in feeds if episode.sound.with_name(name).is_file()), None)
    address = address_of(base_url, feed) if feed else ""
    return _stated({"@type": "PodcastSeries", "name": printable(show), "webFeed": address})


def _sound(episode: CataloguedEpisode, base_url: str) -> dict[str, object]:
    captions = episode.files.get(".vtt")
    return _stated(
        {
            "@type": "AudioObject",
            "contentUrl": address_of(base_url, episode.sound.name),
            "encodingFormat": media_type(episode.sound.name),
            "contentSize": str(episode.sound.stat().st_size),
            "duration": _duration(episode.record.duration),
            "inLanguage": episode.language,
            "digitalSourceType": _SYNTHETIC if episode.disclosure else "",
            "caption": {
                "@type": "MediaObject",
                "contentUrl": address_of(base_url, captions.name),
                "encodingFormat": "text/vtt",
            }
            if captions
            else {},
            "transcript": _transcript(episode),
        }
    )


def _stated(content: Mapping[str, object]) -> dict[str, object]:
    """Leave out what is not known."""
    return {key: value for key, value in content.items() if value}


def _duration(seconds: float) -> str:
    """Write a length as ISO 8601 does: ``PT1H2M3S``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"PT{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}{rest}S"


def _transcript(episode: CataloguedEpisode) -> str:
    """Return who says what, a turn a line; nothing where that is too much for a post."""
    names, colon = names_in_record(episode.record), sidecar_words(episode.language).colon
    turns = []
    for _, group in groupby(episode.record.lines, key=lambda line: (line.turn, line.speaker)):
        lines = list(group)
        text = joined(line.text for line in lines)
        speaker = names.get(lines[0].speaker, lines[0].speaker)
        turns.append(f"{printable(speaker)}{colon}{printable(text)}")
    written = "\n".join(turns)
    return written if len(written) <= _LONGEST_TRANSCRIPT else ""
