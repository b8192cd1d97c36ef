"""A script as a document that a person can edit: the transcript as understood, and the cast."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from interview_audio.errors import SourceError
from interview_audio.script.lines import CastMember
from interview_audio.transcript.document import transcript_as_dict
from interview_audio.transcript.turns import Transcript


def script_as_dict(transcript: Transcript, cast: Sequence[CastMember], engine: str) -> dict[str, Any]:
    """The shape of ``script --format json``: the transcript, each speaker with voices, and the narrator's."""
    voices = {member.speaker: {language: str(voice) for language, voice in member.voices} for member in cast}
    document = transcript_as_dict(transcript)
    document["speakers"] = [person | {"voices": voices.pop(person["name"], {})} for person in document["speakers"]]
    return document | {"engine": engine, "cast": {name: {"voices": chosen} for name, chosen in voices.items()}}


def voices_of(document: Mapping[str, Any]) -> dict[tuple[str, str, str], str]:
    """The voices that a script document names: speaker, language and engine to voice.

    Raises:
        SourceError: A voice is not written as ``engine:voice``; with its place in the document.
    """
    chosen = {}
    for speaker, place, voices in _named(document):
        if not isinstance(voices, Mapping):
            raise SourceError(f"{place}: expected a voice for each language, such as en: kokoro:af_heart")
        for language, voice in voices.items():
            engine, colon, name = str(voice).partition(":")
            if not colon or not engine.strip() or not name.strip():
                raise SourceError(f"{place}.{language}: expected engine:voice, such as kokoro:af_heart, not {voice!r}")
            chosen[speaker, str(language), engine.strip()] = name.strip()
    return chosen


def _named(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for index, person in enumerate(document.get("speakers") or ()):
        if person.get("voices") is not None:
            yield person["name"], f"speakers[{index}].voices", person["voices"]
    cast = document.get("cast") or {}
    if not isinstance(cast, Mapping):
        raise SourceError("cast: expected names, each with its voices")
    for name, entry in cast.items():
        if not isinstance(entry, Mapping):
            raise SourceError(f"cast.{name}: expected voices: with a voice for each language")
        yield str(name), f"cast.{name}.voices", entry.get("voices") or {}
