"""Reads the sidecar files of an episode back as strictly as their formats are written for authors."""

import html
import itertools
import json
import operator
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from interview_audio.errors import OutputError
from interview_audio.production.sidecars.captions import TRANSCRIPT_VERSION
from interview_audio.production.sidecars.sidecar_files import CHAPTERS_VERSION, MARKDOWN_PUNCTUATION, PODLOVE_NAMESPACE
from interview_audio.production.timeline import ChapterMark
from interview_audio.text.html_pages import policy_hash

_CLOCK = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)([.,])(\d{3})", re.ASCII)
_SRT_TIMING = re.compile(r"(\S+) --> (\S+)")
_WEBVTT_TIMING = re.compile(r"(\S+)[ \t]+-->[ \t]+(\S+)(?:[ \t].*)?")
_NOT_A_CUE = re.compile(r"NOTE(?:[ \t].*)?|(?:STYLE|REGION)[ \t]*")
"""A comment and definitions; any other word on that line is the name of a cue, ``NOTES-1`` for instance."""
_WEBVTT_TAG = re.compile(r"<(/?(?:v|c|i|b|u|lang|ruby|rt)(?:[ \t.][^<>\n]*)?|[\d:.]+)>")
_WEBVTT_VOICE = re.compile(r"<v(?:\.[^ \t<>&]*)?[ \t]+([^<>\n]+)>")
_WEBVTT_STRAY = re.compile(r"[<>]|&(?!(?:amp|lt|gt|nbsp|lrm|rlm|#\d+|#x[\da-fA-F]+);)")
_NOTES_CHAPTER = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d) (\S.*)", re.ASCII)
_MARKDOWN_ESCAPE = re.compile(rf"\\({MARKDOWN_PUNCTUATION})")
_PODLOVE = f"{{{PODLOVE_NAMESPACE}}}"
_NEVER = 1e8
"""Seconds that no episode has."""


class SidecarError(OutputError):
    """A sidecar file breaks its format: render the episode again."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason, line)
        self.reason = reason
        self.line = line
        """Counted from 1; None where the format has no lines to speak of."""

    def __str__(self) -> str:
        return self.reason if self.line is None else f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption as a file has it."""

    speaker: str
    """As shown; empty where the file names none."""
    text: str
    """Line ends as the file has them."""
    start: int
    """Milliseconds."""
    end: int
    """Milliseconds."""


def parse_srt(text: str) -> tuple[Caption, ...]:
    """Read a ``.srt`` back; a speaker is named where they begin and speaks on until another is named.

    Raises:
        SidecarError: A line is not as SubRip has it, or a caption begins before the one above it.
    """
    captions: list[Caption] = []
    for number, (line, block) in enumerate(_blocks(text.replace("\r\n", "\n"), first_line=1), start=1):
        if block[0] != str(number):
            raise SidecarError(f"not caption {number}", line)
        timing = _SRT_TIMING.fullmatch(block[1]) if len(block) > 2 else None  # number, times, text
        if timing is None:
            raise SidecarError("a caption without times and text", line + 1)
        start, end = (parse_clock(time, ",", line + 1) for time in timing.groups())
        if end <= start or (captions and start < captions[-1].start):
            raise SidecarError("a caption that goes back in time", line + 1)
        name, colon, rest = "\n".join(block[2:]).partition(": ")
        speaker = captions[-1].speaker if captions else ""
        captions.append(Caption(name, rest, start, end) if colon else Caption(speaker, name, start, end))
    return tuple(captions)


def parse_webvtt(text: str) -> tuple[Caption, ...]:
    """Read a ``.vtt`` back, as strictly as the specification is written for authors.

    Raises:
        SidecarError: A line is not as WebVTT has it, or a cue begins before the one above it.
    """
    signature, _, body = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").partition("\n")
    if re.fullmatch(r"WEBVTT(?:[ \t].*)?", signature) is None or (body and not body.startswith("\n")):
        raise SidecarError("WEBVTT is missing on the first line", 1)
    captions: list[Caption] = []
    for line, block in _blocks(body, first_line=2):
        if _NOT_A_CUE.fullmatch(block[0]):
            continue
        captions.append(_webvtt_caption(line, block))
        if len(captions) > 1 and captions[-1].start < captions[-2].start:
            raise SidecarError("a cue that begins before the one above it", line)
    return tuple(captions)


def _webvtt_caption(line: int, block: Sequence[str]) -> Caption:
    skipped = 0 if "-->" in block[0] else 1
    timing = _WEBVTT_TIMING.fullmatch(block[skipped]) if len(block) > skipped else None
    if timing is None:
        raise SidecarError("a cue without times", line + skipped)
    start, end = (parse_clock(time, ".", line + skipped) for time in timing.groups())
    payload = "\n".join(block[skipped + 1 :])
    if end <= start or not payload:
        raise SidecarError("a cue that ends before it begins, or is empty", line + skipped)
    _check_webvtt_tags(payload, line + skipped + 1, start, end)
    voice = _WEBVTT_VOICE.match(payload)
    plain = _WEBVTT_TAG.sub("", payload)
    if "-->" in payload or _WEBVTT_STRAY.search(plain):
        raise SidecarError("an unescaped <, > or & in a cue", line + skipped + 1)
    return Caption(html.unescape(voice[1]) if voice else "", html.unescape(plain), start, end)


def _check_webvtt_tags(payload: str, line: int, start: int, end: int) -> None:
    times = [parse_clock(tag, ".", line) for tag in _WEBVTT_TAG.findall(payload) if tag[:1].isdigit()]
    edges = [start, *times, end]
    if any(later <= earlier for earlier, later in itertools.pairwise(edges)):
        raise SidecarError("a time tag that is out of order", line)


def parse_transcript_json(text: str) -> tuple[Caption, ...]:
    """Read a ``.transcript.json`` back.

    Raises:
        SidecarError: It is not such a transcript, or a segment begins before the one above it.
    """
    captions: list[Caption] = []
    for number, item in enumerate(_read_json_list(text, TRANSCRIPT_VERSION, "segments"), start=1):
        place = f"segment {number}"
        start, end = (_read_milliseconds(item, key, place) for key in ("startTime", "endTime"))
        if end <= start or (captions and start < captions[-1].start):
            raise SidecarError(f"{place} goes back in time")
        speaker = _read_text(item, "speaker", place) if "speaker" in item else ""
        captions.append(Caption(speaker, _read_text(item, "body", place), start, end))
    return tuple(captions)


def parse_chapters_json(text: str) -> tuple[ChapterMark, ...]:
    """Read a ``.chapters.json`` back.

    Raises:
        SidecarError: It is not JSON chapters 1.2, or a chapter begins before the one above it.
    """
    marks: list[ChapterMark] = []
    for number, item in enumerate(_read_json_list(text, CHAPTERS_VERSION, "chapters"), start=1):
        place = f"chapter {number}"
        start = _read_milliseconds(item, "startTime", place)
        end = _read_milliseconds(item, "endTime", place) if "endTime" in item else None
        if start < (marks[-1].start if marks else 0) or (end is not None and end < start):
            raise SidecarError(f"{place} goes back in time")
        image, link = (_read_text(item, key, place) if key in item else "" for key in ("img", "url"))
        marks.append(ChapterMark(_read_text(item, "title", place), start, end, image, link))
    return tuple(marks)


def parse_podlove(text: str) -> tuple[ChapterMark, ...]:
    """Read a ``.psc.xml`` back; the format has no ends.

    Raises:
        SidecarError: It is not Podlove Simple Chapters, or a chapter begins before the one above it.
    """
    marks: list[ChapterMark] = []
    for number, element in enumerate(_podlove_root(text), start=1):
        title = element.get("title", "")
        if element.tag != f"{_PODLOVE}chapter" or not title.strip():
            raise SidecarError(f"chapter {number} is not a chapter, or has no title")
        start = parse_clock(element.get("start", ""), ".", number + 2)
        if start < (marks[-1].start if marks else 0):
            raise SidecarError(f"chapter {number} goes back in time")
        marks.append(ChapterMark(title, start, None, element.get("image", ""), element.get("href", "")))
    return tuple(marks)


def _podlove_root(text: str) -> ET.Element:
    try:
        root = ET.fromstring(text)  # noqa: S314 - the file of an episode, whose entities expat limits
    except ET.ParseError as error:
        raise SidecarError(f"not XML ({error.msg})", error.position[0]) from error
    if root.tag != f"{_PODLOVE}chapters":
        raise SidecarError("not Podlove Simple Chapters")
    return root


class _PageReader(HTMLParser):
    """Collects the parts of a player page that have to agree with each other."""

    def __init__(self) -> None:
        super().__init__()
        self.policy = ""
        self.parts: dict[str, list[str]] = {"code": [], "data": [], "words": []}
        """Scripts and styles; the data of the page's script; the paragraphs of the transcript."""
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given.get("content") or ""
        elif tag in ("script", "style"):
            self._begin("data" if given.get("id") == "data" else "code")
        elif tag == "p" and given.get("class") == "words":
            self._begin("words")

    def _begin(self, part: str) -> None:
        self._open = part
        self.parts[part].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "p"):
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.parts[self._open][-1] += data


def parse_player_page(text: str) -> tuple[ChapterMark, ...]:
    """Read the chapters of a ``.html`` back; ends are not in it.

    Raises:
        SidecarError: Its policy forbids its own script, or the times of its words are not those of its paragraphs.
    """
    reader = _PageReader()
    reader.feed(text)
    reader.close()
    if not all(policy_hash(code) in reader.policy for code in reader.parts["code"]):
        raise SidecarError("its policy forbids its own script or style: it was edited")
    try:
        data = json.loads("".join(reader.parts["data"]), parse_constant=_refuse)
        marks = tuple(ChapterMark(str(title), int(start), None) for start, title in data["chapters"])
        lengths = [sum(map(int, differences[::2])) for differences in data["words"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SidecarError("its data cannot be read") from error
    paragraphs = [len(paragraph.encode("utf-16-le", "surrogatepass")) // 2 for paragraph in reader.parts["words"]]
    if len(lengths) != len(paragraphs) or any(map(operator.ge, lengths, paragraphs)):
        raise SidecarError("the times of its words are not those of its paragraphs")
    return marks


def parse_show_notes(text: str) -> tuple[ChapterMark, ...]:
    """Read the chapters of a ``.md`` back, as those do who find them in a description; ends are not in it.

    Raises:
        SidecarError: The list does not begin at 00:00 or does not ascend.
    """
    marks: list[ChapterMark] = []
    for number, line in enumerate(text.splitlines(), start=1):
        match = _NOTES_CHAPTER.fullmatch(line.removesuffix("  "))
        if match is None:
            continue
        hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
        start = ((hours * 60 + minutes) * 60 + seconds) * 1000
        if (start <= marks[-1].start) if marks else start:
            raise SidecarError("the chapters do not begin at 00:00 or are not in order of time", number)
        marks.append(ChapterMark(unescaped(match[4]), start, None))
    return tuple(marks)


def unescaped(text: str) -> str:
    """Return the text that was escaped."""
    return _MARKDOWN_ESCAPE.sub(r"\1", text)


def _read_json_list(text: str, version: str, key: str) -> list[dict[str, Any]]:
    """Return the objects of a JSON file of this version.

    Raises:
        SidecarError: It is not such a file.
    """
    try:
        content = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise SidecarError(f"not JSON ({error.msg})", error.lineno) from error
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, lists in lists without end
        raise SidecarError("not JSON that can be read") from error
    if not isinstance(content, dict) or content.get("version") != version:
        raise SidecarError(f'"version" is not "{version}"')
    items = content.get(key)
    if not (isinstance(items, list) and all(isinstance(item, dict) for item in items)):
        raise SidecarError(f'"{key}" is not a list of objects')
    return items


def _read_text(item: dict[str, Any], key: str, place: str) -> str:
    """Return a text of an object that must have one.

    Raises:
        SidecarError: It has none; ``place`` says where.
    """
    text = item.get(key)
    if not (isinstance(text, str) and text.strip()):
        raise SidecarError(f'{place} has no "{key}"')
    return text


def _read_milliseconds(item: dict[str, Any], key: str, place: str) -> int:
    """Return a time of an object, which has it in seconds.

    Raises:
        SidecarError: It is missing, negative or no number; ``place`` says where.
    """
    seconds = item.get(key)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < _NEVER:
        raise SidecarError(f'{place} has no "{key}" in seconds')
    return round(seconds * 1000)


def _blocks(text: str, *, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the parts of a caption file between blank lines: the number of the first line, and the lines.

    Args:
        text: Of the file, or from a line of it on, lines divided as in Unix.
        first_line: Number of the text's first line.
    """
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], start=first_line):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _refuse(constant: str) -> None:
    raise SidecarError(f"{constant} is not JSON")


def parse_clock(text: str, mark: str, line: int) -> int:
    """Return the milliseconds of an ``hh:mm:ss.mmm`` or ``mm:ss.mmm`` with this mark.

    Raises:
        SidecarError: It is not such a time.
    """
    match = _CLOCK.fullmatch(text)
    if match is None or match[4] != mark:
        raise SidecarError(f"{text!r} is not a time", line)
    hours, minutes, seconds, thousandths = (int(match[group] or 0) for group in (1, 2, 3, 5))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
