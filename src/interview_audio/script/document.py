"""A script as a document that a person can edit: the transcript as understood, and the cast."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from interview_audio.errors import SourceError
from interview_audio.script.lines import CastMember
from interview_audio.transcript.document import transcript_as_dict, transcript_for_editing
from interview_audio.transcript.turns import Transcript, Turn

HEADER = """\
What interview-audio understood. Change what you like, then: interview-audio render THIS-FILE

speakers  role: host or guest. gender: female, male or unknown. voices: engine:voice for each language.
turns     in order, one per paragraph; a turn that you add needs only a speaker and a text.
  speaker   who says it: a name listed above or a new one; without a speaker it is narration.
  text      the words. After >- a line break is a space; after |- write a paragraph on one line.
  kind      if it is not speech: narration, heading, quote or boilerplate.
  language  if it is not the language of the document.
  at        where it comes from: line and characters in the source, the label there, how certain that is and why.
            You can delete it: the turn then counts as certain.

A comment above a turn says what was inferred or guessed, and what is not read aloud.
"""


def script_as_dict(transcript: Transcript, cast: Sequence[CastMember], engine: str) -> dict[str, Any]:
    """The shape of ``script --format json``: the transcript, each speaker with voices, and the narrator's."""
    return _with_cast(transcript_as_dict(transcript), cast) | _narrators(transcript, cast, engine)


def script_for_editing(transcript: Transcript, cast: Sequence[CastMember], engine: str) -> dict[str, Any]:
    """The same without what goes without saying, in the order in which a person reads it; see ``HEADER``."""
    document = _with_cast(transcript_for_editing(transcript), cast)
    first = ("schema", "title", "language")
    return (
        {key: document[key] for key in first}
        | _narrators(transcript, cast, engine)
        | {key: value for key, value in document.items() if key not in first}
    )


def notes_on_turns(transcript: Transcript, read: Collection[int]) -> dict[int, list[str]]:
    """What an editor should know of a turn, by its index: that it was inferred or guessed, or is not read, and why.

    Args:
        transcript: The turns.
        read: Indexes of those that are read aloud.
    """
    return {
        index: notes for index, turn in enumerate(transcript.turns) if (notes := _notes(turn, is_read=index in read))
    }


def _notes(turn: Turn, *, is_read: bool) -> list[str]:
    unsure = [] if turn.confidence == "certain" else [f"{turn.confidence}: {turn.reason}"]
    if is_read:
        return unsure
    return [f"not read: {turn.kind}" + (f", {unsure[0]}" if unsure else f" ({turn.reason})")]


def _with_cast(document: dict[str, Any], cast: Sequence[CastMember]) -> dict[str, Any]:
    voices = _voices(cast)
    people = [person | {"voices": voices.get(person["name"], {})} for person in document["speakers"]]
    return document | {"speakers": people}


def _narrators(transcript: Transcript, cast: Sequence[CastMember], engine: str) -> dict[str, Any]:
    """The engine, and the voices of those who are no people of the transcript."""
    people = {person.name for person in transcript.speakers}
    others = {name: {"voices": voices} for name, voices in _voices(cast).items() if name not in people}
    return {"engine": engine, "cast": others}


def _voices(cast: Sequence[CastMember]) -> dict[str, dict[str, str]]:
    return {member.speaker: {language: str(voice) for language, voice in member.voices} for member in cast}


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
