"""The script file: the transcript as understood and the cast, as a document that a person can edit and render.

It is written as plain data (``script --format json``) or for a person to read, and read back from either.
"""

import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, get_args

from interview_audio.configuration.documents import line_of
from interview_audio.configuration.mistakes import number_meant, word_meant
from interview_audio.configuration.settings import VOLUMES, Between
from interview_audio.errors import SourceError, did_you_mean
from interview_audio.script.lines import CastMember
from interview_audio.script.takes import MOST_TAKES
from interview_audio.transcript.formats.recognized_speech import is_json, read_json
from interview_audio.transcript.formats.tables import has_spoken_table
from interview_audio.transcript.languages import primary_language
from interview_audio.transcript.layout.speech_marks import read_marks, write_marks
from interview_audio.transcript.receipt import REASONS
from interview_audio.transcript.turns import (
    TITLE,
    Confidence,
    Delivery,
    Gender,
    Kind,
    Person,
    Receipt,
    Recording,
    Reference,
    ReferenceKind,
    Role,
    Transcript,
    Turn,
)

_SCHEMA = 1
_ORIGIN_KEYS = ("line", "source", "label", "confidence", "reason")
_DELIVERY_KEYS = ("rate", "pitch", "volume", "pause_after", "emphasis")
_RECORDING_KEYS = ("audio", "start", "end")
_REFERENCE_KEYS: Mapping[str, ReferenceKind] = {"images": "image", "links": "link"}
_TURN_KEYS = (
    "kind",
    "speaker",
    "language",
    "text",
    *_DELIVERY_KEYS,
    "takes",
    *_RECORDING_KEYS,
    *_REFERENCE_KEYS,
    "at",
    *_ORIGIN_KEYS,
)
_SPEAKER_KEYS = ("name", "role", "gender", "gender_reason", "aliases", "evidence", "voices")
_WRITTEN_BY_HAND = "written by hand"
_GENDER_FROM_FILE = "script file"
_YAML_SUFFIXES = (".yaml", ".yml")
_ENGINE_KEY = re.compile(rb"(?:^engine|\"engine\"\s?):[ \t]*[\"']?([\w-]+)", re.MULTILINE)
_SCHEMA_ON_TOP = re.compile(r"(?:\s*#[^\n]*\n|\s*\n)*schema: ?\d", re.ASCII)
_TURNS_KEY = re.compile(r"^turns:", re.MULTILINE)

_Value = TypeVar("_Value")
_BOUNDS = {
    "rate": Between(0.5, 2.0),
    "pitch": Between(-6, 6),
    "volume": VOLUMES,
    "pause_after": Between(0, 60),
    "start": Between(0, 1e6),
    "end": Between(0, 1e6),
}
"""As of a speaker in the settings; of a file, more than ten days."""
SCRIPT_FILE_HEADER = """\
What interview-audio understood. Change what you like, then: interview-audio render THIS-FILE

speakers  role: host or guest. gender: female, male or unknown. voices: engine:voice for each language.
turns     in order, one per paragraph; a turn that you add needs only a speaker and a text.
  speaker   who says it: a name listed above or a new one; without a speaker it is narration.
  text      the words. After >- a line break is a space; after |- write a paragraph on one line.
            Marks in them: [pause 1.5], [slow]...[/slow], [fast]...[/fast], [stress]...[/stress], Nguyen{say: win}.
  kind      if it is not speech: narration, heading, quote or boilerplate.
  language  if it is not the language of the document.
  rate, pitch, volume, pause_after   how all of it is said, beside the speaker's own: 0.9, +1 (semitones), -6 (dB),
            seconds of silence after it. emphasis: true stresses it.
  takes     which take of each of its utterances is heard: [1, 3].
  audio     a sound file that is heard instead of a voice; start, end: seconds, for a part of it.
  images, links   what its chapter shows, where voices.yaml has chapters: {images: true, links: true}.
  at        where it comes from: line and characters in the source, the label there, how certain that is and why.
            You can delete it: the turn then counts as certain.

A comment above a turn says what was inferred or guessed, and what is not read aloud.
"""


def is_script(source: str, suffix: str = "") -> bool:
    """Tell whether a source is a script file: YAML, or JSON whose turns are written as ours are.

    YAML without our turns may be a list of who says what, as sites keep their transcripts.
    """
    suffix = suffix.lower()
    if suffix in _YAML_SUFFIXES and not _TURNS_KEY.search(source) and has_spoken_table(source):
        return False
    if suffix in _YAML_SUFFIXES or (_SCHEMA_ON_TOP.match(source) and _TURNS_KEY.search(source)):
        return True
    if '"turns"' not in source:
        return False
    if not is_json(source):
        return suffix == ".json"
    root = read_json(source)
    turns = root.get("turns") if isinstance(root, dict) else None
    keys = {key for turn in turns if isinstance(turn, dict) for key in turn} if isinstance(turns, list) else set()
    # A recogniser's turns have a start and an end, too: they are those of a recording only where that is named.
    ours = set(_TURN_KEYS) - (set() if "audio" in keys else set(_RECORDING_KEYS))
    return isinstance(root, dict) and turns is not None and ("schema" in root or keys <= ours)


def guess_engine(content: bytes, suffix: str) -> str | None:
    """Return the engine that a script file seems to name, without reading it whole; None for other files."""
    found = _ENGINE_KEY.search(content) if suffix.lower() in (*_YAML_SUFFIXES, ".json") else None
    return found[1].decode() if found else None


def is_written_script(text: str) -> bool:
    """Tell whether this is a script file as ``script`` writes it: nothing else may be replaced by one."""
    if _SCHEMA_ON_TOP.match(text) and _TURNS_KEY.search(text):
        return True
    try:
        root = json.loads(text)
    except (ValueError, RecursionError):
        return False
    turns = root.get("turns") if isinstance(root, dict) and isinstance(root.get("schema"), int) else None
    return isinstance(turns, list) and all(isinstance(turn, dict) and {"kind", "text"} <= turn.keys() for turn in turns)


def transcript_as_dict(transcript: Transcript) -> dict[str, Any]:
    """Return a transcript as plain data, ready for JSON or YAML."""
    return {
        "schema": _SCHEMA,
        "title": transcript.title,
        "language": transcript.language,
        "speakers": [
            {
                "name": person.name,
                "role": person.role,
                "gender": person.gender,
                "aliases": list(person.aliases),
                "evidence": person.evidence,
            }
            for person in transcript.speakers
        ],
        "turns": [_turn_as_dict(turn) for turn in transcript.turns],
        "receipt": {
            "characters": transcript.receipt.characters,
            "spoken": transcript.receipt.spoken,
            "skipped": dict(transcript.receipt.skipped),
            "unaccounted": transcript.receipt.unaccounted,
        },
    }


def transcript_for_editing(transcript: Transcript) -> dict[str, Any]:
    """Return a transcript as plain data for a person: without the obvious, and with each turn's origin under ``at``."""
    receipt = transcript.receipt
    return {
        "schema": _SCHEMA,
        "title": transcript.title,
        "language": transcript.language,
        "speakers": [_person_for_editing(person) for person in transcript.speakers],
        "turns": [_turn_for_editing(turn, transcript.title, transcript.language) for turn in transcript.turns],
        "receipt": {
            "characters": receipt.characters,
            "spoken": receipt.spoken,
            "skipped": {reason: count for reason, count in receipt.skipped.items() if count},
            "unaccounted": receipt.unaccounted,
        },
    }


def transcript_from_dict(data: object) -> Transcript:
    """Read a transcript back from plain data that a person may have edited.

    A turn needs no more than ``text``, and a ``speaker`` if somebody says it. Where it came from (``line``,
    ``source``, ``label``, ``confidence``, ``reason``) is written beside these or under ``at``. Keys of the script stage
    (``cast`` and the like) are left alone.

    Raises:
        SourceError: The data does not have this shape; the message names the place (``turns[3].kind``).
    """
    document = _Place(data, "script file")
    schema = document.get("schema", int, _SCHEMA)
    if schema != _SCHEMA:
        raise SourceError(f"schema: unknown version {schema}; this version of interview-audio reads schema {_SCHEMA}")
    language = _language(document, None)
    listed = tuple(_person(place) for place in document.items("speakers", _SPEAKER_KEYS, []))
    _refuse_twins(listed)
    title = document.get("title", str, "")
    turns = tuple(_turn(place, title, language) for place in document.items("turns", _TURN_KEYS, None))
    if not turns:
        raise SourceError("turns: empty; a script file needs at least one turn with a text")
    speakers = (*listed, *_unlisted(listed, turns))
    return Transcript(title, language, speakers, turns, _receipt(document), tuple(_mark_faults(document)))


def _mark_faults(document: "_Place") -> Iterator[str]:
    """Yield what looks like a mark in a text and is not understood, with its place."""
    for place in document.items("turns", _TURN_KEYS, None):
        yield from (f"{place.prefix}text: {fault}" for fault in read_marks(place.get("text", str, None))[2])


def _turn_as_dict(turn: Turn) -> dict[str, Any]:
    return {
        "kind": turn.kind,
        "speaker": turn.speaker,
        "label": turn.label,
        "language": turn.language,
        "text": write_marks(turn.text, turn.marks),
        **_delivery_as_dict(turn.delivery),
        **_recording_as_dict(turn.recording),
        **_references_as_dict(turn.references),
        "line": turn.line,
        "source": list(turn.source),
        "confidence": turn.confidence,
        "reason": turn.reason,
    }


def _person_for_editing(person: Person) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": person.name, "role": person.role, "gender": person.gender}
    if person.gender_reason != _gender_reason(person.gender):
        entry["gender_reason"] = person.gender_reason
    entry |= {"aliases": list(person.aliases)} if person.aliases else {}
    return entry | ({"evidence": person.evidence} if person.evidence else {})


def _gender_reason(gender: Gender) -> str:
    """Return the reason that need not be written."""
    return "" if gender == "unknown" else _GENDER_FROM_FILE


def _turn_for_editing(turn: Turn, title: str, language: str) -> dict[str, Any]:
    entry: dict[str, Any] = {} if turn.speaker is None else {"speaker": turn.speaker}
    if turn.kind != "speech":
        entry["kind"] = turn.kind
    if turn.language != language:
        entry["language"] = turn.language
    entry["text"] = write_marks(turn.text, turn.marks)
    entry |= _delivery_as_dict(turn.delivery) | _recording_as_dict(turn.recording)
    entry |= _references_as_dict(turn.references)
    origin: dict[str, Any] = {"line": turn.line, "source": list(turn.source)} if turn.line or turn.source[1] else {}
    if turn.label is not None:
        origin["label"] = turn.label
    if turn.confidence != "certain":
        origin["confidence"] = turn.confidence
    if turn.reason != _reason(turn.kind, turn.label, is_title=turn.text == title):
        origin["reason"] = turn.reason
    return entry | ({"at": origin} if origin else {})


def _delivery_as_dict(delivery: Delivery) -> dict[str, Any]:
    """Return what is said of a whole turn, without what goes without saying."""
    written = (delivery.rate, delivery.pitch, delivery.volume, delivery.pause_after, delivery.is_stressed)
    usual = (1.0, 0.0, 0.0, None, False)
    said = {key: value for key, value, is_so in zip(_DELIVERY_KEYS, written, usual, strict=True) if value != is_so}
    return said | ({"takes": list(delivery.takes)} if delivery.takes else {})


def _recording_as_dict(recording: Recording | None) -> dict[str, Any]:
    if recording is None:
        return {}
    start = {"start": recording.start} if recording.start else {}
    end = {} if recording.end is None else {"end": recording.end}
    return {"audio": recording.file, **start, **end}


def _references_as_dict(references: Sequence[Reference]) -> dict[str, list[str]]:
    found = {key: [one.target for one in references if one.kind == kind] for key, kind in _REFERENCE_KEYS.items()}
    return {key: targets for key, targets in found.items() if targets}


def _reason(kind: Kind, label: str | None, *, is_title: bool) -> str:
    """Return the reason that need not be written."""
    if kind == "heading" and label is None and is_title:
        return TITLE
    return _WRITTEN_BY_HAND if label is None else f"label {label}"


class _Place:
    """A mapping in the data, and its name in messages."""

    def __init__(self, data: object, name: str, keys: Sequence[str] = (), line: int | None = None) -> None:
        if not isinstance(data, Mapping):
            hint = "; write text: behind the -" if name.startswith("turns[") and isinstance(data, str) else ""
            raise SourceError(f"{name}: expected keys and values, found {_kind_of(data)}{hint}", line=line)
        self.data = data
        self.prefix = f"{name}." if "[" in name else ""
        for key in data if keys else ():
            if key not in keys:
                otherwise = f"the keys are {', '.join(keys)}"
                if len(data) == 1 and keys is _TURN_KEYS:
                    otherwise = f"write speaker: {key}, and text: in the next line"
                raise self.error(key, f"unknown key{did_you_mean(str(key), keys, otherwise)}")

    def error(self, key: str, message: str) -> SourceError:
        """Return an error about the value of a key, with its line if the file has lines."""
        return SourceError(f"{self.prefix}{key}: {message}", line=line_of(self.data, key))

    def get(self, key: str, kind: type[_Value], default: _Value | None) -> _Value:
        """Return a value of one type; a missing one is an error where there is no default."""
        value = self.data.get(key, default)
        if value is None and default is None:
            raise self.error(key, "missing; add it")
        if not isinstance(value, kind) or isinstance(value, bool):
            hint = "; begin each entry with -" if kind is list and isinstance(value, Mapping) else ""
            raise self.error(key, f"expected {_name_of(kind)}, found {_kind_of(value)}{hint}")
        return value

    def get_optional_text(self, key: str) -> str | None:
        """Return a text, or None where the key is missing or null."""
        return None if self.data.get(key) is None else self.get(key, str, None)

    def get_number(self, key: str, default: _Value) -> float | _Value:
        """Return a number within its bounds."""
        value = self.data.get(key)
        if value is None:
            return default
        low, high = _BOUNDS[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            meant = number_meant(str(value), low, high)
            hint = f"; write {meant}" if meant else ""
            raise self.error(key, f"must be a number from {low:g} to {high:g}, not {value!r}{hint}")
        return float(value)

    def choose(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """Return one of a few words."""
        value = self.get(key, str, default)
        if value not in choices:
            meant = word_meant(value, choices)
            hint = f"; did you mean {meant}?" if meant else ""
            raise self.error(key, f"must be one of {', '.join(choices)}, not {value!r}{hint}")
        return value

    def items(self, key: str, keys: Sequence[str], default: list[Any] | None) -> Iterator["_Place"]:
        """Yield the mappings in a list."""
        for index, item in enumerate(self.get(key, list, default)):
            yield _Place(item, f"{self.prefix}{key}[{index}]", keys, line_of(self.data, key))


def _person(place: _Place) -> Person:
    gender: Any = place.choose("gender", get_args(Gender), "unknown")
    role: Any = place.choose("role", get_args(Role), "guest")
    aliases = place.get("aliases", list, [])
    if not all(isinstance(alias, str) for alias in aliases):
        raise place.error("aliases", "expected a list of names")
    reason = place.get("gender_reason", str, _gender_reason(gender))
    evidence = place.get("evidence", str, "")
    return Person(place.get("name", str, None), role, gender, reason, tuple(aliases), evidence)


def _turn(place: _Place, title: str, language: str) -> Turn:
    speaker = place.get_optional_text("speaker")
    kind: Any = place.choose("kind", get_args(Kind), "speech" if speaker else "narration")
    if (kind == "speech") != (speaker is not None):
        problem = (
            "needs a speaker; add one" if kind == "speech" else "cannot have a speaker; remove it, or set kind: speech"
        )
        raise place.error("speaker", f"a turn of kind {kind} {problem}")
    origin = _origin(place)
    confidence: Any = origin.choose("confidence", get_args(Confidence), "certain")
    text, marks, _ = read_marks(place.get("text", str, None))
    if not text.strip():
        raise place.error("text", "empty; write what is said or remove the turn")
    label = origin.get_optional_text("label")
    return Turn(
        kind=kind,
        speaker=speaker,
        label=label,
        language=_language(place, language),
        text=text,
        line=origin.get("line", int, 0),
        source=_range(origin),
        confidence=confidence,
        reason=origin.get("reason", str, _reason(kind, label, is_title=text == title)),
        marks=marks,
        delivery=_delivery(place),
        recording=_recording(place),
        references=tuple(_references(place)),
    )


def _references(place: _Place) -> Iterator[Reference]:
    """Yield the images and links of a turn, with their line in this file."""
    for key, kind in _REFERENCE_KEYS.items():
        for target in place.get(key, list, []):
            if not isinstance(target, str) or not target.strip() or "\0" in target:
                raise place.error(key, f"expected a list of addresses, not {target!r}")
            if kind == "link" and not Reference(kind, target).is_remote:
                raise place.error(key, f"a link begins with https://, and {target!r} does not")
            yield Reference(kind, target.strip(), line_of(place.data, key) or 0)


def with_images_from(transcript: Transcript, source: Path, folder: Path) -> Transcript:
    """Return a transcript for a script file in another folder: the images that are files are named from there."""

    def moved(one: Reference) -> Reference:
        if one.kind != "image" or one.is_remote or Path(one.target).is_absolute():
            return one
        try:
            way = os.path.relpath(source.absolute().parent / one.target, folder.absolute())
        except ValueError:  # on another drive of Windows
            return one
        return replace(one, target=Path(way).as_posix())

    turns = (replace(turn, references=tuple(map(moved, turn.references))) for turn in transcript.turns)
    return replace(transcript, turns=tuple(turns))


def _delivery(place: _Place) -> Delivery:
    is_stressed = place.data.get("emphasis", False)
    if not isinstance(is_stressed, bool):
        hint = "for a part of it, write [stress]...[/stress] in the text"
        raise place.error("emphasis", f"must be true or false, not {is_stressed!r}; {hint}")
    return Delivery(
        rate=place.get_number("rate", 1.0),
        pitch=place.get_number("pitch", 0.0),
        volume=place.get_number("volume", 0.0),
        pause_after=place.get_number("pause_after", None),
        is_stressed=is_stressed,
        takes=_takes(place),
    )


def _takes(place: _Place) -> tuple[int, ...]:
    takes = place.get("takes", list, [])
    if not all(isinstance(take, int) and not isinstance(take, bool) and 1 <= take <= MOST_TAKES for take in takes):
        raise SourceError(f"{place.prefix}takes: expected a list of numbers from 1 to {MOST_TAKES}, one for each line")
    return tuple(takes)


def _recording(place: _Place) -> Recording | None:
    file = place.get_optional_text("audio")
    for key in ("start", "end") if file is None else ("rate", "pitch", "emphasis"):
        if place.data.get(key) is not None:
            needs = "needs audio: FILE beside it" if file is None else "a recording is heard as it is; remove it"
            raise place.error(key, needs)
    if file is None:
        return None
    recording = Recording(file, place.get_number("start", 0.0), place.get_number("end", None))
    if not file.strip() or "\0" in file:
        raise place.error("audio", f"expected the name of a file, not {file!r}")
    if recording.end is not None and recording.end <= recording.start:
        raise place.error("end", f"must be after start, {recording.start:g}, not {recording.end:g}")
    return recording


def _origin(place: _Place) -> _Place:
    """Find where a turn says where it came from: under ``at``, else beside its text."""
    written = place.data.get("at")
    return place if written is None else _Place(written, f"{place.prefix}at", _ORIGIN_KEYS)


def _language(place: _Place, default: str | None) -> str:
    tag = place.get("language", str, default)
    try:
        return primary_language(tag)
    except SourceError as error:
        raise place.error("language", error.message) from error


def _range(place: _Place) -> tuple[int, int]:
    match place.get("source", list, [0, 0]):
        case [int(start), int(end)] if 0 <= start <= end:
            return start, end
    raise place.error("source", "expected two offsets in ascending order")


def _receipt(document: _Place) -> Receipt:
    place = _Place(document.get("receipt", dict, {}), "receipt[0]")
    place.prefix = "receipt."
    skipped = _Place(place.get("skipped", dict, {}), "skipped[0]")
    skipped.prefix = "receipt.skipped."
    by_reason = {reason: skipped.get(reason, int, 0) for reason in REASONS}
    counts = [place.get(key, int, 0) for key in ("characters", "spoken", "unaccounted")]
    return Receipt(counts[0], counts[1], by_reason, counts[2])


def _refuse_twins(people: Sequence[Person]) -> None:
    names = [person.name for person in people]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise SourceError(f"speakers[{index}].name: {name} is listed twice; remove one")


def _unlisted(listed: Sequence[Person], turns: Sequence[Turn]) -> Iterator[Person]:
    """Yield the people whom an editor let speak without listing them."""
    names = {person.name for person in listed}
    for name in dict.fromkeys(turn.speaker for turn in turns if turn.speaker):
        if name not in names:
            yield Person(name, "guest", "unknown", "", ())


def _name_of(kind: type) -> str:
    return {str: "text", int: "a whole number", list: "a list", dict: "keys and values"}[kind]


def _kind_of(value: object) -> str:
    for kind in (str, int, list, dict):
        if isinstance(value, kind) and not isinstance(value, bool):
            return _name_of(kind)
    return "nothing" if value is None else type(value).__name__


def script_as_dict(transcript: Transcript, cast: Sequence[CastMember], engine: str) -> dict[str, Any]:
    """Return the shape of ``script --format json``: the transcript, each speaker with voices, and the narrator's."""
    return _with_cast(transcript_as_dict(transcript), cast) | _narrators(transcript, cast, engine)


def script_for_editing(transcript: Transcript, cast: Sequence[CastMember], engine: str) -> dict[str, Any]:
    """Return the shape of ``script`` for a person: without the obvious, in the order in which it is read."""
    document = _with_cast(transcript_for_editing(transcript), cast)
    first = ("schema", "title", "language")
    return (
        {key: document[key] for key in first}
        | _narrators(transcript, cast, engine)
        | {key: value for key, value in document.items() if key not in first}
    )


def notes_on_turns(transcript: Transcript, read: Collection[int]) -> dict[int, list[str]]:
    """Return what an editor should know of a turn, by its index: that it was guessed, or is not read aloud, and why.

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
    """Return the engine, and the voices of those who are not people of the transcript."""
    people = {person.name for person in transcript.speakers}
    others = {name: {"voices": voices} for name, voices in _voices(cast).items() if name not in people}
    return {"engine": engine, "cast": others}


def _voices(cast: Sequence[CastMember]) -> dict[str, dict[str, str]]:
    return {member.speaker: {language: str(voice) for language, voice in member.voices} for member in cast}


def voices_of(document: Mapping[str, Any]) -> dict[tuple[str, str, str], str]:
    """Return the voices that a script document names: speaker, language and engine to voice.

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
                raise SourceError(
                    f"{place}.{language}: expected engine:voice, such as kokoro:af_heart, not {voice!r}",
                    line=line_of(voices, language),
                )
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
