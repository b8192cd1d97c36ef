"""SubRip captions, written so that readers which split at every colon, or take markup for markup, lose nothing."""

import re
from collections.abc import Sequence

from interview_audio.production.text.clock import clock
from interview_audio.production.text.cues import Cue
from interview_audio.production.text.lookalikes import as_words
from interview_audio.production.text.pieces import second_line
from interview_audio.production.text.reading import Caption, CompanionError, blocks, parse_clock
from interview_audio.production.timeline import Timeline

_TIMING = re.compile(r"(\S+) --> (\S+)")
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
        timing = _TIMING.fullmatch(block[1]) if len(block) > 2 else None  # number, times, text
        if timing is None:
            raise CompanionError("a caption without times and text", line + 1)
        start, end = (parse_clock(time, ",", line + 1) for time in timing.groups())
        if end <= start or (captions and start < captions[-1].start):
            raise CompanionError("a caption that goes back in time", line + 1)
        name, colon, rest = "\n".join(block[2:]).partition(": ")
        speaker = captions[-1].speaker if captions else ""
        captions.append(Caption(name, rest, start, end) if colon else Caption(speaker, name, start, end))
    return tuple(captions)
