"""The files that say who says what when: SubRip, WebVTT, and the Podcasting 2.0 transcript in JSON.

SubRip is written so that readers which split at every colon, or take markup for markup, lose nothing. WebVTT has
voices: it is the one transcript from which Apple Podcasts takes the speakers. The JSON, version 1.0.0, has a segment
for each caption.
"""

import re
from collections.abc import Iterator, Sequence

from interview_audio.production.sidecars.caption_splitting import second_line
from interview_audio.production.sidecars.captions import Cue, as_words
from interview_audio.production.timeline import Timeline, in_seconds
from interview_audio.text.printable import json_text
from interview_audio.text.units import clock

_COLON = re.compile(r":(?: |$)")


def format_srt(cues: Sequence[Cue], timeline: Timeline) -> str:
    """Write the ``.srt`` of an episode: a speaker's name where the speaker changes, ``Name: text``.

    AntennaPod takes what comes before ``: `` for a speaker and drops what follows another colon. A colon that it
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


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def format_webvtt(cues: Sequence[Cue], timeline: Timeline, language: str, *, words: bool = False) -> str:
    """Write the ``.vtt`` of an episode.

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
    """Yield the text of a cue in parts; time tags ascend and lie inside the cue, as the format asks."""
    done, earliest = 0, timeline.milliseconds(cue.start)
    for index, sample in cue.words if words else ():
        time = timeline.milliseconds(sample)
        if index > done and earliest < time < timeline.milliseconds(cue.end):
            yield f"{_shown(cue, done, index)}<{clock(time)}>"
            done, earliest = index, time
    yield _shown(cue, done, len(cue.text))


def _shown(cue: Cue, start: int, end: int) -> str:
    """Return a part of a cue's text, with the line end if that is in it."""
    if start < cue.second_line <= end and cue.second_line < len(cue.text):
        lines = (cue.text[start : cue.second_line].rstrip(" "), cue.text[cue.second_line : end])
        return "\n".join(map(_escaped, lines))
    return _escaped(cue.text[start:end])


def _escaped(words: str) -> str:
    return as_words(words).translate(_ESCAPES)


TRANSCRIPT_VERSION = "1.0.0"


def format_transcript_json(cues: Sequence[Cue], timeline: Timeline) -> str:
    """Write the ``.transcript.json`` of an episode, one segment a line of the file.

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
    return f'{{"version": "{TRANSCRIPT_VERSION}", "segments": [\n{lines}\n]}}\n'
