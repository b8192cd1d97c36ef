"""A script as a document that a person can edit: the transcript as understood, and the cast."""

from collections.abc import Sequence
from typing import Any

from interview_audio.script.lines import CastMember
from interview_audio.transcript.document import transcript_as_dict
from interview_audio.transcript.turns import Transcript


def script_as_dict(transcript: Transcript, cast: Sequence[CastMember]) -> dict[str, Any]:
    """The shape of ``script --format json``: the transcript, each speaker with voices, and the narrator's."""
    voices = {member.speaker: {language: str(voice) for language, voice in member.voices} for member in cast}
    document = transcript_as_dict(transcript)
    document["speakers"] = [person | {"voices": voices.pop(person["name"], {})} for person in document["speakers"]]
    return document | {"cast": {name: {"voices": chosen} for name, chosen in voices.items()}}


def cast_of(document: dict[str, Any]) -> dict[str, Any]:
    """The ``speakers:`` part of ``voices.yaml`` that a script document amounts to."""
    chosen = {person["name"]: person.get("voices", {}) for person in document.get("speakers", [])}
    chosen |= {name: entry.get("voices", {}) for name, entry in document.get("cast", {}).items()}
    return {name: {"voices": _by_engine(voices)} for name, voices in chosen.items() if voices}


def _by_engine(voices: dict[str, str]) -> dict[str, dict[str, str]]:
    split = {language: voice.partition(":") for language, voice in voices.items()}
    return {language: {engine: name} for language, (engine, _, name) in split.items() if name}
