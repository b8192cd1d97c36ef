"""The Podcasting 2.0 transcript in JSON, version 1.0.0, one segment a caption."""

from collections.abc import Sequence

from interview_audio.printable import json_text
from interview_audio.production.chapter_marks import in_seconds
from interview_audio.production.text.cues import Cue
from interview_audio.production.text.reading import (
    Caption,
    CompanionError,
    read_json_list,
    read_milliseconds,
    read_text,
)
from interview_audio.production.timeline import Timeline

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
