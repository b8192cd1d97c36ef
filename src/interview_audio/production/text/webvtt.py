"""WebVTT with voices: captions, and the one transcript from which Apple Podcasts takes the speakers."""

import html
import itertools
import re
from collections.abc import Iterator, Sequence

from interview_audio.production.text.clock import clock
from interview_audio.production.text.cues import Cue
from interview_audio.production.text.lookalikes import as_words
from interview_audio.production.text.reading import Caption, CompanionError, blocks, parse_clock
from interview_audio.production.timeline import Timeline

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_TIMING = re.compile(r"(\S+)[ \t]+-->[ \t]+(\S+)(?:[ \t].*)?")
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
    timing = _TIMING.fullmatch(block[skipped]) if len(block) > skipped else None
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
