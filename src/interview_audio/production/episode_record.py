"""Writes what made an episode and what came of it: the ``.episode.json``, from which the next render starts.

Reads back from an episode's record what the next render starts from: its cast, and its lines with their specs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from interview_audio.production.audio.levels import Levels, SpeakerLevel
from interview_audio.production.mastering import Mastering
from interview_audio.production.timeline import MusicPlacement, Placement, Timeline
from interview_audio.script.lines import CastMember, Script, Voice
from interview_audio.script.takes import MOST_TAKES, SpokenLine
from interview_audio.synthesis.clip_keys import ClipSpec
from interview_audio.text.printable import json_text

SCHEMA = 2
VOICE_FIELDS = ("engine", "identity", "voice", "rate", "language")
"""What the specs of many lines share."""


@dataclass(frozen=True, slots=True)
class Production:
    """What production decided, and what the decoded MP3 measures."""

    timeline: Timeline
    levels: Levels
    target: float
    """LUFS that were asked for, dual mono."""
    mastering: Mastering
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """What the caller knows of an episode: plain data that is written as it is."""

    fingerprint: Mapping[str, object]
    """Whatever shaped the episode, to tell whether it is still current."""
    skipped: Sequence[Mapping[str, object]]
    """What of the source is not read, and why."""
    specs: Sequence[ClipSpec] = ()
    """Of each line, in order; none where nobody will ask for them."""
    source: Mapping[str, object] | None = None
    """The file that the episode was made from, as ``output_files`` describes it; None if it is not known."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of an episode."""

    name: str
    size: int
    """Bytes."""
    sha256: str
    beside: str | None = None
    """The file in whose place it would be if a person had not edited that one."""


def format_files(files: Sequence[WrittenFile]) -> list[dict[str, object]]:
    """Files as a record lists them."""
    return [
        {"name": file.name, "bytes": file.size, "sha256": file.sha256}
        | ({"beside": file.beside} if file.beside else {})
        for file in files
    ]


def format_episode(
    script: Script,
    production: Production,
    origin: Origin,
    files: Sequence[WrittenFile],
    earlier: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The ``.episode.json`` of an episode.

    Args:
        script: With the cast.
        production: Timeline, gains and measurements.
        origin: What the caller adds.
        files: All files of the episode but this one, the sound last.
        earlier: SHA-256 by name of files that an earlier render wrote and this one leaves as they are.
    """
    timeline = production.timeline
    content = {
        "schema": SCHEMA,
        "title": script.title,
        "language": script.language,
        "duration": timeline.seconds(timeline.length),
        "fingerprint": dict(origin.fingerprint),
        "source": origin.source and dict(origin.source),
        "cast": [_member(member) for member in script.cast],
        "gains": {
            "episode": round(production.mastering.gain, 2),
            "ceiling": round(production.mastering.ceiling, 2),
            "speakers": [_level(level) for level in production.levels.speakers],
        },
        "loudness": {
            "target": production.target,
            "integrated": round(production.mastering.loudness.integrated, 2),
            "true_peak": round(production.mastering.loudness.true_peak, 2),
            "encodings": production.mastering.encodings,
        },
        "music": [_music(placed, timeline) for placed in timeline.music],
        "chapters": [
            {"title": chapter.title, "start": timeline.seconds(chapter.start), "end": timeline.seconds(chapter.end)}
            for chapter in timeline.chapters
        ],
        "skipped": [dict(turn) for turn in origin.skipped],
        "warnings": list(production.warnings),
        "files": format_files(files),
        "earlier": [{"name": name, "sha256": sha256} for name, sha256 in earlier.items()],
    }
    text = json_text(content, indent=2)
    return text.removesuffix("\n}") + _lines(timeline, origin.specs) + "\n}\n"


def _lines(timeline: Timeline, specs: Sequence[ClipSpec]) -> str:
    """The specs and the lines, one on each line of the file: a ten-hour episode has ten thousand."""
    if not specs:
        return ""
    shared = {values: number for number, values in enumerate(dict.fromkeys(map(_shared, specs)))}
    voices = [dict(zip(VOICE_FIELDS, values, strict=True)) for values in shared]
    lines = [
        _line(timeline, placed, spec, shared[_shared(spec)])
        for placed, spec in zip(timeline.placements, specs, strict=True)
    ]
    return f',\n  "voices": {_rows(voices)},\n  "lines": {_rows(lines)}'


def _shared(spec: ClipSpec) -> tuple[object, ...]:
    return tuple(getattr(spec, name) for name in VOICE_FIELDS)


def _line(timeline: Timeline, placed: Placement, spec: ClipSpec, voice: int) -> dict[str, object]:
    line = placed.line
    entry: dict[str, object] = {
        "turn": line.turn + 1,
        "line": line.source_line,
        "speaker": line.speaker,
        "start": timeline.milliseconds(placed.start),
        "end": timeline.milliseconds(placed.end),
        "voice": voice,
        "text": spec.text,
    }
    if spec.pronunciations:
        entry["pronunciations"] = dict(spec.pronunciations)
    if line.takes > 1:
        entry |= {"take": spec.take, "takes": line.takes, "rate": spec.spoken_rate}
    return entry


def _rows(entries: Sequence[Mapping[str, object]]) -> str:
    rows = (json_text(entry) for entry in entries)
    return "[\n    " + ",\n    ".join(rows) + "\n  ]"


def _member(member: CastMember) -> dict[str, object]:
    voices = {language: {"voice": str(voice), "rate": voice.rate} for language, voice in member.voices}
    return {"speaker": member.speaker, "role": member.role, "voices": voices, "reason": member.reason}


def _level(level: SpeakerLevel) -> dict[str, object]:
    return {
        "speaker": level.speaker,
        "voice": level.voice,
        "seconds": round(level.seconds, 2),
        "loudness": round(level.loudness, 2),
        "gain": round(level.gain, 2),
    }


def _music(placed: MusicPlacement, timeline: Timeline) -> dict[str, object]:
    return {
        "kind": placed.kind,
        "file": placed.piece.music.file,
        "start": timeline.seconds(placed.start),
        "end": timeline.seconds(placed.end),
        "loudness": round(placed.piece.loudness, 2),
    }


@dataclass(frozen=True, slots=True)
class LastRender:
    """What is known of the last render; nothing where there was none, or where somebody has edited its record."""

    cast: tuple[CastMember, ...] = ()
    spoken: tuple[SpokenLine, ...] = ()
    specs: tuple[ClipSpec, ...] = ()
    """Of each line in ``spoken``."""


def last_render(record: Mapping[str, Any] | None) -> LastRender:
    """What a record says, as far as it is what production writes: anybody may have edited the file."""
    if record is None:
        return LastRender()
    cast, (spoken, specs) = _cast(record.get("cast")), _spoken_lines(record.get("voices"), record.get("lines"))
    return LastRender(cast, spoken, specs)


def _cast(members: Any) -> tuple[CastMember, ...]:
    if not isinstance(members, list) or not all(map(_is_member, members)):
        return ()
    return tuple(
        CastMember(
            member["speaker"],
            member["role"],
            tuple((language, _voice(voice["voice"], voice["rate"])) for language, voice in member["voices"].items()),
            member["reason"],
        )
        for member in members
    )


def _is_member(entry: Any) -> bool:
    if not isinstance(entry, dict) or not {"speaker", "role", "voices", "reason"} <= entry.keys():
        return False
    voices = entry["voices"]
    return isinstance(voices, dict) and all(_has(voice, {"voice": str, "rate": float}) for voice in voices.values())


def _voice(written: str, rate: float) -> Voice:
    engine, _, name = written.partition(":")
    return Voice(engine, name, rate)


_VOICE = {"engine": str, "identity": str, "voice": str, "rate": float, "language": str}
_LINE = {"turn": int, "line": int, "speaker": str, "start": int, "end": int, "voice": int, "text": str}


def _spoken_lines(voices: Any, lines: Any) -> tuple[tuple[SpokenLine, ...], tuple[ClipSpec, ...]]:
    if not isinstance(voices, list) or not all(_has(voice, _VOICE) for voice in voices):
        return (), ()
    if not isinstance(lines, list) or not all(_is_line(line, len(voices)) for line in lines):
        return (), ()
    spoken = tuple(_spoken(line) for line in lines)
    specs = tuple(_spec(voices[line["voice"]], line) for line in lines)
    return spoken, specs


def _is_line(entry: Any, voices: int) -> bool:
    if not _has(entry, _LINE) or not 0 <= entry["voice"] < voices:
        return False
    take, takes = entry.get("take", 1), entry.get("takes", 1)
    pronunciations = entry.get("pronunciations", {})
    return (
        isinstance(take, int)
        and isinstance(takes, int)
        and 1 <= take <= takes <= MOST_TAKES
        and isinstance(pronunciations, dict)
        and all(isinstance(said, str) for said in pronunciations.values())
    )


def _has(entry: Any, fields: Mapping[str, type]) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(name), kind) for name, kind in fields.items())


def _spoken(line: Mapping[str, Any]) -> SpokenLine:
    return SpokenLine(
        speaker=line["speaker"],
        turn=line["turn"] - 1,
        source_line=line["line"],
        text=line["text"],
        start=line["start"],
        end=line["end"],
        take=line.get("take", 1),
        takes=line.get("takes", 1),
    )


def _spec(voice: Mapping[str, Any], line: Mapping[str, Any]) -> ClipSpec:
    pronunciations = tuple(sorted(line.get("pronunciations", {}).items()))
    shared = {name: voice[name] for name in _VOICE}
    return ClipSpec(**shared, text=line["text"], pronunciations=pronunciations, take=line.get("take", 1))
