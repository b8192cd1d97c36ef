"""Reads the ``.episode.json`` of an episode back: what the render says that it made."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interview_audio.production.episode_record import SCHEMA
from interview_audio.production.sidecars.captions import caption_names
from interview_audio.production.timeline import ChapterMark
from interview_audio.text.printable import printable

_LOUDNESS = -16.0
"""LUFS that are aimed at where the record does not say."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a render wrote down."""

    title: str
    language: str
    milliseconds: int
    """Length of the episode."""
    target: float
    """LUFS, dual mono, that were asked for."""
    integrated: float
    """LUFS, dual mono, that the render measured."""
    speakers: tuple[str, ...]
    """As captions show them, the narrator among them if somebody narrates."""
    chapters: tuple[ChapterMark, ...]
    sizes: Mapping[str, int]
    """Bytes by name of every file but the record."""
    beside: Mapping[str, str]
    """Files that a person had edited, and the name of the one that was written beside each."""


class RecordError(ValueError):
    """A record is not one; says why."""


def read_record(path: Path) -> Record:
    """Read a record.

    Raises:
        RecordError: It is not what a render of this version writes.
        OSError: The file cannot be read.
    """
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise RecordError("not JSON") from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise RecordError("written by another version")
    try:
        return _record(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordError("not what a render writes") from error


def _record(content: Mapping[str, Any]) -> Record:
    return Record(
        title=str(content["title"]),
        language=str(content["language"]),
        milliseconds=round(float(content["duration"]) * 1000),
        target=float(content["loudness"].get("target", _LOUDNESS)),
        integrated=float(content["loudness"]["integrated"]),
        speakers=_speakers(content["cast"], str(content["language"])),
        chapters=tuple(_mark(chapter) for chapter in content["chapters"]),
        sizes={str(file["name"]): int(file["bytes"]) for file in content["files"]},
        beside={str(file["beside"]): str(file["name"]) for file in content["files"] if file.get("beside")},
    )


def _speakers(cast: Sequence[Mapping[str, Any]], language: str) -> tuple[str, ...]:
    parts = [(str(member["speaker"]), str(member["role"])) for member in cast]
    names = caption_names(parts, language)
    return tuple(names[speaker] for speaker, _ in parts)


def _mark(chapter: Mapping[str, Any]) -> ChapterMark:
    start, end = (round(float(chapter[edge]) * 1000) for edge in ("start", "end"))
    return ChapterMark(printable(str(chapter["title"])), start, end)
