"""Reads back from an episode's record what the next render starts from: its cast, and its lines with their recipes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interview_audio.script.lines import CastMember, Voice
from interview_audio.script.takes import MOST_TAKES, SpokenLine
from interview_audio.synthesis.recipes import Recipe


@dataclass(frozen=True, slots=True)
class LastRender:
    """What is known of the last render; nothing where there was none, or where somebody has edited its record."""

    cast: tuple[CastMember, ...] = ()
    spoken: tuple[SpokenLine, ...] = ()
    recipes: tuple[Recipe, ...] = ()
    """Of each line in ``spoken``."""


def last_render(record: Mapping[str, Any] | None) -> LastRender:
    """What a record says, as far as it is what production writes: anybody may have edited the file."""
    if record is None:
        return LastRender()
    cast, (spoken, recipes) = _cast(record.get("cast")), _lines(record.get("voices"), record.get("lines"))
    return LastRender(cast, spoken, recipes)


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


def _lines(voices: Any, lines: Any) -> tuple[tuple[SpokenLine, ...], tuple[Recipe, ...]]:
    if not isinstance(voices, list) or not all(_has(voice, _VOICE) for voice in voices):
        return (), ()
    if not isinstance(lines, list) or not all(_is_line(line, len(voices)) for line in lines):
        return (), ()
    spoken = tuple(_spoken(line) for line in lines)
    recipes = tuple(_recipe(voices[line["voice"]], line) for line in lines)
    return spoken, recipes


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


def _recipe(voice: Mapping[str, Any], line: Mapping[str, Any]) -> Recipe:
    pronunciations = tuple(sorted(line.get("pronunciations", {}).items()))
    shared = {name: voice[name] for name in _VOICE}
    return Recipe(**shared, text=line["text"], pronunciations=pronunciations, take=line.get("take", 1))
