"""The player page of an episode: one HTML file that plays the sound beside it and lights each word as it is heard.

The whole transcript is in the HTML, a paragraph for each turn, with no element for each word: it reads, prints and is
searched without a script, and a screen reader hears whole sentences. When each word is heard is in one JSON element.
The page's policy allows its own script and style and no other, and no request but for the sound and the cover.
"""

import datetime
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from urllib.parse import quote

from interview_audio.files.ownership import COVER_SUFFIX
from interview_audio.production.sidecars.captions import Cue, sidecar_words
from interview_audio.production.sidecars.line_breaks import columns_of
from interview_audio.production.timeline import ChapterMark, Placement, Timeline, in_seconds
from interview_audio.script.lines import NARRATOR, Line, Script
from interview_audio.text.characters import space_between
from interview_audio.text.html_pages import escaped, filled, json_in_script, policy_hash
from interview_audio.text.printable import printable
from interview_audio.text.units import playing_time, shortened

HEAD_MARK = "<!-- in a show: its feed -->"
"""In the head of a page, once: who gives it out puts there what only they know, such as its address."""
WAY_MARK = "<!-- in a show: its episodes -->"
"""Below the title, once: there the way to the other episodes goes. No text has it: its ``<`` would be escaped."""
_COLOURS = 8
"""Of people; a ninth has the first one's."""
_LONGEST = 900 * 10
"""Width of a paragraph, in tenths of a column, behind which a turn goes on in another one: fourteen lines."""
_MEASURE = 66 * 10
"""Width of a line on the page, in tenths of a column, from which the height of what is not yet drawn is guessed."""
_MOST_ROWS = 14


@dataclass(frozen=True, slots=True)
class EpisodeDetails:
    """What is known of an episode beside its script and timeline."""

    artists: tuple[str, ...]
    show: str | None
    """The podcast's name."""
    date: datetime.date | None
    """Of the interview, where the source has one."""
    disclosure: str = ""
    """That its voices are synthetic; nothing where that is not to be said."""
    sound: str = "episode.mp3"
    """Name of the sound file, with whose stem the names of the others begin."""


@dataclass(slots=True)
class _Paragraph:
    """What somebody says in one go; it grows line by line."""

    line: Line
    """Its first."""
    chapter: int
    text: str = ""
    width: int = 0
    words: list[tuple[int, int]] = field(default_factory=list)
    """Index into the text and millisecond of the episode, both ascending."""


def format_player_page(
    script: Script,
    timeline: Timeline,
    cues: Sequence[Cue],
    names: Mapping[str, str],
    marks: Sequence[ChapterMark],
    details: EpisodeDetails,
) -> str:
    """Write the ``.html`` of an episode.

    Args:
        script: For the title, the language and the order of the speakers.
        timeline: Where the lines are.
        cues: The captions made of it: they know when each word is heard.
        names: What listeners read for each speaker.
        marks: The chapters, in order.
        details: What else is shown.
    """
    wording = _WORDINGS[_own_language(script.language)]
    paragraphs = _paragraphs(timeline, cues, marks)
    style, code = _part("css"), _part("js")
    parts = {
        "START_HASH": policy_hash(_START),
        "CODE_HASH": policy_hash(code),
        "STYLE_HASH": policy_hash(style),
        "START": _START,
        "CODE": code,
        "STYLE": style,
        "DATA": json_in_script(_data(script, timeline, paragraphs, marks, details)),
        "EPISODE_LANGUAGE": escaped(script.language),
        "OWN_LANGUAGE": _own_language(script.language),
        "TITLE": escaped(printable(script.title)),
        "HEAD_MARK": HEAD_MARK,
        "WAY_MARK": WAY_MARK,
        "SHOW": _line("show", details.show or ""),
        "ABOUT": _about(details, timeline, script.language),
        "NOTICE": _line("notice", details.disclosure),
        "SOUND": _address(details.sound),
        "COVER": _address(_stem(details) + COVER_SUFFIX),
        "SECONDS": str(-(-timeline.milliseconds(timeline.length) // 1000)),
        "LENGTH": playing_time(timeline.seconds(timeline.length)),
        "NO_CHAPTERS": "" if marks else " hidden",
        "CHAPTERS": "\n".join(f"<li>{_chapter_link(mark)}</li>" for mark in marks),
        "FILES": "\n".join(_file_links(details, wording)),
        "TRANSCRIPT": "\n".join(_sections(script, marks, paragraphs, names)),
    }
    words = {f"{{{name}}}": escaped(text) for name, text in wording.items()}
    return filled(_part("html"), words | parts)


_START = 'document.documentElement.className = "js";'
"""Run before anything is drawn: what only a script can do is hidden without one."""


def _part(suffix: str) -> str:
    return resources.files(__package__).joinpath(f"player_page.{suffix}").read_text("utf-8")


def _address(name: str) -> str:
    """Return the address of a file beside the page; ``./``, since a name with a colon would be taken for a protocol."""
    return f"./{quote(name)}"


def _stem(details: EpisodeDetails) -> str:
    return details.sound.rpartition(".")[0]


def _data(
    script: Script,
    timeline: Timeline,
    paragraphs: Sequence[_Paragraph],
    marks: Sequence[ChapterMark],
    details: EpisodeDetails,
) -> dict[str, object]:
    """Return what the script of the page has to know; ``parse_player_page`` in verification reads the chapters back."""
    return {
        "title": printable(script.title),
        "artist": _listed(details.artists, script.language),
        "show": printable(details.show or ""),
        "duration": timeline.milliseconds(timeline.length),
        "chapters": [[mark.start, mark.title] for mark in marks],
        "words": list(_differences(paragraphs)),
        "say": _WORDINGS[_own_language(script.language)],
    }


def _differences(paragraphs: Sequence[_Paragraph]) -> Iterator[list[int]]:
    """Yield the words of each paragraph as differences, two numbers a word: UTF-16 units of its text, milliseconds.

    Differences are half as many digits, and UTF-16 is what a page's script counts in.
    """
    last = 0
    for paragraph in paragraphs:
        units = [0, *itertools.accumulate(1 + (character > "\uffff") for character in paragraph.text)]
        numbers: list[int] = []
        place = 0
        for index, time in paragraph.words:
            numbers += (units[index] - place, time - last)
            place, last = units[index], time
        yield numbers


def _paragraphs(timeline: Timeline, cues: Sequence[Cue], marks: Sequence[ChapterMark]) -> list[_Paragraph]:
    """Join the lines of a turn again, as far as they are in one chapter and no wall of text."""
    found: list[_Paragraph] = []
    ends = [*(mark.start for mark in marks[1:]), None]
    chapter = 0
    for placement, text, words in _spoken(timeline, cues):
        start = timeline.milliseconds(placement.start)
        while (end := ends[chapter]) is not None and start >= end:
            chapter += 1
        line, width = placement.line, columns_of(text)
        last = found[-1] if found else None
        if last is None or not _goes_on(last, line, chapter) or last.width + width > _LONGEST:
            last = _Paragraph(line, chapter)
            found.append(last)
        else:
            last.text += space_between(last.text, text)
        last.words += ((len(last.text) + index, time) for index, time in words)
        last.text += text
        last.width += width
    return found


def _goes_on(paragraph: _Paragraph, line: Line, chapter: int) -> bool:
    first = paragraph.line
    return (first.turn, first.speaker, paragraph.chapter) == (line.turn, line.speaker, chapter)


def _spoken(timeline: Timeline, cues: Sequence[Cue]) -> Iterator[tuple[Placement, str, list[tuple[int, int]]]]:
    """Yield each line with its text and the index and millisecond of its words; of a cue, where no words are known."""
    following = iter(cues)
    for placement in timeline.placements:
        text = printable(placement.line.text)
        words: list[tuple[int, int]] = []
        place = 0
        while place < len(text):
            cue = next(following)
            start = text.index(cue.text, place)
            words += (
                (start + index, timeline.milliseconds(sample)) for index, sample in cue.words or ((0, cue.start),)
            )
            place = start + len(cue.text)
        if text:
            yield placement, text, words


def _sections(
    script: Script, marks: Sequence[ChapterMark], paragraphs: Sequence[_Paragraph], names: Mapping[str, str]
) -> Iterator[str]:
    """Yield the transcript, line by line: a section for each chapter, a paragraph for what somebody says in one go."""
    people = [member.speaker for member in script.cast if member.speaker != NARRATOR]
    colours = {name: f"p{number % _COLOURS}" for number, name in enumerate(people)} | {NARRATOR: "pn"}
    for number, inside in itertools.groupby(paragraphs, lambda paragraph: paragraph.chapter):
        title = f'<h2 id="chapter-{number}" dir="auto">{escaped(marks[number].title)}</h2>' if marks else ""
        label = f' aria-labelledby="chapter-{number}"' if marks else ""
        yield f'<section class="chapter"{label}>{title}{_illustration(marks[number]) if marks else ""}'
        speaker = None
        for paragraph in inside:
            line = paragraph.line
            shown = "" if line.speaker == speaker else f"<b>{escaped(names[line.speaker])}</b> "
            yield _turn(paragraph, shown, colours[line.speaker], script.language)
            speaker = line.speaker
        yield "</section>"


def _turn(paragraph: _Paragraph, name: str, colour: str, language: str) -> str:
    start, line = paragraph.words[0][1], paragraph.line
    rows = min(paragraph.width // _MEASURE + 1, _MOST_ROWS)
    other = "" if line.language == language else f' lang="{escaped(line.language)}"'
    return (
        f'<div class="turn {colour} r{rows}">'
        f'<p class="who" dir="auto">{name}<a href="#t={in_seconds(start)}">{_clock(start)}</a></p>'
        f'<p class="words" dir="auto"{other}>{escaped(paragraph.text)}</p></div>'
    )


def _illustration(mark: ChapterMark) -> str:
    """Write the image and the link of a chapter; an image of the web is not loaded: nobody learns who reads here."""
    file, text = escaped(mark.image), escaped(mark.image_text)
    is_file = mark.image and "://" not in mark.image
    image = f'<img class="image" src="./{file}" alt="{text}" loading="lazy">' if is_file else ""
    shown = escaped(shortened(mark.link.partition("://")[2].rstrip("/")))
    link = f'<a href="{escaped(mark.link)}" target="_blank" rel="noopener noreferrer" dir="ltr">{shown}</a>'
    return image + (f'<p class="link">{link}</p>' if mark.link else "")


def _chapter_link(mark: ChapterMark) -> str:
    title = f'<span dir="auto">{escaped(mark.title)}</span>'
    return f'<a href="#t={in_seconds(mark.start)}"><span class="time">{_clock(mark.start)}</span> {title}</a>'


def _clock(milliseconds: int) -> str:
    """Write a time as it stands in the player while it is heard: whole seconds, none too early."""
    return playing_time(milliseconds // 1000)


def _line(name: str, text: str) -> str:
    return f'<p class="{name}" dir="auto">{escaped(printable(text))}</p>' if text else ""


def _about(details: EpisodeDetails, timeline: Timeline, language: str) -> str:
    """Write the line below the title: who speaks, the date, the length."""
    people = f"<bdi>{escaped(_listed(details.artists, language))}</bdi>" if details.artists else ""
    date = f'<time datetime="{details.date:%Y-%m-%d}">{details.date:%Y-%m-%d}</time>' if details.date else ""
    length = playing_time(timeline.seconds(timeline.length))
    return " <i>·</i> ".join(part for part in (people, date, length) if part)


def _listed(artists: Sequence[str], language: str) -> str:
    return sidecar_words(language).comma.join(printable(artist) for artist in artists)


def _file_links(details: EpisodeDetails, wording: Mapping[str, str]) -> Iterator[str]:
    files = (
        (wording["sound"], details.sound),
        (wording["captions"], f"{_stem(details)}.vtt"),
        (wording["captions"], f"{_stem(details)}.srt"),
        (wording["transcript"], f"{_stem(details)}.transcript.json"),
    )
    for what, name in files:
        ending = escaped(name.rpartition(".")[2].upper())
        yield f'<li><a href="{_address(name)}" download>{escaped(what)} <small>{ending}</small></a></li>'


def _own_language(language: str) -> str:
    """Return the language of the page's own words: the episode's where there are some in it, else English."""
    tag = language.partition("-")[0].lower()
    return tag if tag in _WORDINGS else "en"


_WORDINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "skip": "Skip to the transcript",
        "player": "Player",
        "play": "Play",
        "pause": "Pause",
        "back": "Back 15 seconds",
        "forth": "Forward 15 seconds",
        "position": "Position",
        "of": "{now} of {all}",
        "hours": "{n} h",
        "minutes": "{n} min",
        "seconds": "{n} s",
        "speed": "Speed",
        "link": "Copy a link to this moment",
        "keys": "Keyboard shortcuts",
        "chapters": "Chapters",
        "transcript": "Transcript",
        "search": "Search the transcript",
        "previous": "Previous hit",
        "next": "Next hit",
        "hits": "{n} of {all}",
        "none": "No hits",
        "follow": "Follow along",
        "quote": "Copy a link to this quote",
        "copied": "The link is copied",
        "by_hand": "Copy this link:",
        "files": "Download",
        "sound": "Sound",
        "captions": "Captions",
        "print": "Print the transcript",
        "close": "Close",
        "single": "Shortcuts of a single key",
        "key_play": "play, pause",
        "key_skip": "15 seconds back, forward",
        "key_chapter": "previous, next chapter",
        "key_speed": "slower, faster",
        "key_search": "search",
        "key_follow": "follow along again",
        "key_link": "copy a link to this moment",
        "key_help": "this list",
        "space": "Space",
        "broken": "The sound cannot be played: {file} is not beside this page, or this browser does not play it.",
        "without_script": "A click on a word, search and chapters need JavaScript; the transcript does not.",
    },
    "zh": {
        "skip": "跳到文字稿",
        "player": "播放器",
        "play": "播放",
        "pause": "暂停",
        "back": "后退15秒",
        "forth": "前进15秒",
        "position": "播放位置",
        "of": "{now}，共{all}",
        "hours": "{n}小时",
        "minutes": "{n}分",
        "seconds": "{n}秒",
        "speed": "语速",
        "link": "复制此刻的链接",
        "keys": "键盘快捷键",
        "chapters": "章节",
        "transcript": "文字稿",
        "search": "搜索文字稿",
        "previous": "上一处",
        "next": "下一处",
        "hits": "第{n}处，共{all}处",
        "none": "没有找到",
        "follow": "跟随朗读",
        "quote": "复制这段话的链接",
        "copied": "链接已复制",
        "by_hand": "请复制这个链接：",
        "files": "下载",
        "sound": "音频",
        "captions": "字幕",
        "print": "打印文字稿",
        "close": "关闭",
        "single": "启用单键快捷键",
        "key_play": "播放、暂停",
        "key_skip": "后退、前进15秒",
        "key_chapter": "上一章、下一章",
        "key_speed": "减速、加速",
        "key_search": "搜索",
        "key_follow": "重新跟随朗读",
        "key_link": "复制此刻的链接",
        "key_help": "显示这张表",
        "space": "空格",
        "broken": "无法播放声音：{file} 不在本页旁边，或者这个浏览器不支持它的格式。",
        "without_script": "点词播放、搜索和章节需要 JavaScript；阅读文字稿不需要。",
    },
}
"""What the page says of its own, in one language; in braces what its script puts in."""
