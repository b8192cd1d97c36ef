"""SubRip captions, written so that readers which split at every colon, or take markup for markup, lose nothing.

WebVTT with voices: captions, and the one transcript from which Apple Podcasts takes the speakers.

The Podcasting 2.0 transcript in JSON, version 1.0.0, one segment a caption.
"""

import html
import itertools
import re
from collections.abc import Iterator, Sequence

from interview_audio.production.sidecars.caption_splitting import second_line
from interview_audio.production.sidecars.captions import Cue
from interview_audio.production.sidecars.escaping import as_words
from interview_audio.production.timeline import Timeline, in_seconds
from interview_audio.text.printable import json_text
from interview_audio.text.units import clock
from interview_audio.verification.sidecar_reading import (
    Caption,
    CompanionError,
    blocks,
    parse_clock,
    read_json_list,
    read_milliseconds,
    read_text,
)

_SRT_TIMING = re.compile(r"(\S+) --> (\S+)")
_COLON = re.compile(r":(?: |$)")


def format_srt(cues: Sequence[Cue], timeline: Timeline) -> str:
    """The ``.srt`` of an episode: a speaker's name where the speaker changes, ``Name: text``.

    AntennaPod takes what stands before ``: `` for a speaker and drops what follows another colon. A colon that it
    would cut at becomes a full-width one, which takes the place of the space after it too.

    Args:
        cues: In order.
        timeline: Theirs; it turns samples into time.
    """
    captions = []
    speaker = ""
    for number, cue in enumerate(cues, start=1):
        span = f"{clock(timeline.milliseconds(cue.start), ',')} --> {clock(timeline.milliseconds(cue.end), ',')}"
        lines = _plain(cue.lines) if cue.speaker == speaker else _named(cue)
        captions.append("\n".join((str(number), span, *lines, "")))
        speaker = cue.speaker
    return "\n".join(captions)


def _plain(lines: Sequence[str]) -> list[str]:
    return [_COLON.sub("：", as_words(line)) for line in lines]


def _named(cue: Cue) -> list[str]:
    label = f"{cue.speaker}: "
    text = label + cue.text
    middle = second_line(text, {len(label) + index for index, _ in cue.words}, len(label))
    first, *rest = (part for part in (text[:middle].rstrip(" "), text[middle:]) if part)
    return [label + _without_colon(first[len(label) :]), *map(_without_colon, rest)]


def _without_colon(line: str) -> str:
    return as_words(line).replace(": ", "：").replace(":", "：")


def parse_srt(text: str) -> tuple[Caption, ...]:
    """Read a ``.srt`` back; a speaker is named where they begin and speaks on until another is named.

    Raises:
        CompanionError: A line is not as SubRip has it, or a caption begins before the one above it.
    """
    captions: list[Caption] = []
    for number, (line, block) in enumerate(blocks(text.replace("\r\n", "\n"), first_line=1), start=1):
        if block[0] != str(number):
            raise CompanionError(f"not caption {number}", line)
        timing = _SRT_TIMING.fullmatch(block[1]) if len(block) > 2 else None  # number, times, text
        if timing is None:
            raise CompanionError("a caption without times and text", line + 1)
        start, end = (parse_clock(time, ",", line + 1) for time in timing.groups())
        if end <= start or (captions and start < captions[-1].start):
            raise CompanionError("a caption that goes back in time", line + 1)
        name, colon, rest = "\n".join(block[2:]).partition(": ")
        speaker = captions[-1].speaker if captions else ""
        captions.append(Caption(name, rest, start, end) if colon else Caption(speaker, name, start, end))
    return tuple(captions)


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_WEBVTT_TIMING = re.compile(r"(\S+)[ \t]+-->[ \t]+(\S+)(?:[ \t].*)?")
_TAG = re.compile(r"<(/?(?:v|c|i|b|u|lang|ruby|rt)(?:[ \t.][^<>\n]*)?|[\d:.]+)>")
_VOICE = re.compile(r"<v(?:\.[^ \t<>&]*)?[ \t]+([^<>\n]+)>")
_STRAY = re.compile(r"[<>]|&(?!(?:amp|lt|gt|nbsp|lrm|rlm|#\d+|#x[\da-fA-F]+);)")


def format_webvtt(cues: Sequence[Cue], timeline: Timeline, language: str, *, words: bool = False) -> str:
    """The ``.vtt`` of an episode.

    Args:
        cues: In order.
        timeline: Theirs; it turns samples into time.
        language: Of the episode: BCP 47.
        words: Whether each word but the first of a cue has a time tag.
    """
    captions = [f"WEBVTT Language: {language}\n"]
    for cue in cues:
        span = f"{clock(timeline.milliseconds(cue.start))} --> {clock(timeline.milliseconds(cue.end))}"
        captions.append(f"{span}\n<v {cue.speaker}>{''.join(_parts(cue, timeline, words))}\n")
    return "\n".join(captions)


def _parts(cue: Cue, timeline: Timeline, words: bool) -> Iterator[str]:  # noqa: FBT001 - the writer's own option
    """The text of a cue; time tags ascend and stand inside the cue, as the format asks."""
    done, earliest = 0, timeline.milliseconds(cue.start)
    for index, sample in cue.words if words else ():
        time = timeline.milliseconds(sample)
        if index > done and earliest < time < timeline.milliseconds(cue.end):
            yield f"{_shown(cue, done, index)}<{clock(time)}>"
            done, earliest = index, time
    yield _shown(cue, done, len(cue.text))


def _shown(cue: Cue, start: int, end: int) -> str:
    """A part of a cue's text, with the line end if that is in it."""
    if start < cue.second_line <= end and cue.second_line < len(cue.text):
        lines = (cue.text[start : cue.second_line].rstrip(" "), cue.text[cue.second_line : end])
        return "\n".join(map(_escaped, lines))
    return _escaped(cue.text[start:end])


def _escaped(words: str) -> str:
    return as_words(words).translate(_ESCAPES)


def parse_webvtt(text: str) -> tuple[Caption, ...]:
    """Read a ``.vtt`` back, as strictly as the specification is written for authors.

    Raises:
        CompanionError: A line is not as WebVTT has it, or a cue begins before the one above it.
    """
    signature, _, body = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").partition("\n")
    if re.fullmatch(r"WEBVTT(?:[ \t].*)?", signature) is None or (body and not body.startswith("\n")):
        raise CompanionError("WEBVTT is missing on the first line", 1)
    captions: list[Caption] = []
    for line, block in blocks(body, first_line=2):
        if block[0].startswith(("NOTE", "STYLE", "REGION")):
            continue
        captions.append(_caption(line, block))
        if len(captions) > 1 and captions[-1].start < captions[-2].start:
            raise CompanionError("a cue that begins before the one above it", line)
    return tuple(captions)


def _caption(line: int, block: Sequence[str]) -> Caption:
    skipped = 0 if "-->" in block[0] else 1
    timing = _WEBVTT_TIMING.fullmatch(block[skipped]) if len(block) > skipped else None
    if timing is None:
        raise CompanionError("a cue without times", line + skipped)
    start, end = (parse_clock(time, ".", line + skipped) for time in timing.groups())
    payload = "\n".join(block[skipped + 1 :])
    if end <= start or not payload:
        raise CompanionError("a cue that ends before it begins, or is empty", line + skipped)
    _check_tags(payload, line + skipped + 1, start, end)
    voice = _VOICE.match(payload)
    plain = _TAG.sub("", payload)
    if "-->" in payload or _STRAY.search(plain):
        raise CompanionError("an unescaped <, > or & in a cue", line + skipped + 1)
    return Caption(html.unescape(voice[1]) if voice else "", html.unescape(plain), start, end)


def _check_tags(payload: str, line: int, start: int, end: int) -> None:
    times = [parse_clock(tag, ".", line) for tag in _TAG.findall(payload) if tag[:1].isdigit()]
    edges = [start, *times, end]
    if any(later <= earlier for earlier, later in itertools.pairwise(edges)):
        raise CompanionError("a time tag that is out of order", line)


_VERSION = "1.0.0"


def format_transcript_json(cues: Sequence[Cue], timeline: Timeline) -> str:
    """The ``.transcript.json`` of an episode, one segment a line of the file.

    Args:
        cues: In order; their text is not broken into lines.
        timeline: Theirs; it turns samples into time.
    """
    segments = [
        {
            "speaker": cue.speaker,
            "startTime": in_seconds(timeline.milliseconds(cue.start)),
            "endTime": in_seconds(timeline.milliseconds(cue.end)),
            "body": cue.text,
        }
        for cue in cues
    ]
    lines = ",\n".join(json_text(segment) for segment in segments)
    return f'{{"version": "{_VERSION}", "segments": [\n{lines}\n]}}\n'


def parse_transcript_json(text: str) -> tuple[Caption, ...]:
    """Read a ``.transcript.json`` back.

    Raises:
        CompanionError: It is no such transcript, or a segment begins before the one above it.
    """
    captions: list[Caption] = []
    for number, item in enumerate(read_json_list(text, _VERSION, "segments"), start=1):
        place = f"segment {number}"
        start, end = (read_milliseconds(item, key, place) for key in ("startTime", "endTime"))
        if end <= start or (captions and start < captions[-1].start):
            raise CompanionError(f"{place} goes back in time")
        speaker = read_text(item, "speaker", place) if "speaker" in item else ""
        captions.append(Caption(speaker, read_text(item, "body", place), start, end))
    return tuple(captions)
