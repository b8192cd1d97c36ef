"""The ``.episode.json`` beside an episode: what made it and which files belong to it, as plain data.

Nobody else knows the keys of this file. Production maps its values into an ``EpisodeRecord``; the next render,
``plan``, ``verify`` and the summary read one. Reading changes nothing in the folder.
"""

import datetime
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from interview_audio.files.input_files import RECORD, InputFileError, read_file
from interview_audio.text.printable import json_text

RECORD_SUFFIX = ".episode.json"
_SCHEMA = 2
"""Of an earlier schema only the manifest is used."""
_LOUDNESS = -16.0
"""LUFS that were asked for where a record of an early build does not say it."""


@dataclass(frozen=True, slots=True)
class RecordedSource:
    """The file that an episode was made from."""

    file: str | None
    """The way to it from the folder of the record, with slashes, or the token of one whose record is at an address;
    None if it has no place of its own."""
    sha256: str | None
    """Of its bytes; None if they were not known."""


@dataclass(frozen=True, slots=True)
class RecordedAsset:
    """Music or a cover that shaped an episode."""

    file: str
    """The way to it from a settings file's folder."""
    beside: int
    """Which settings file that is: its index among the candidates."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What shaped an episode, to tell whether it is up to date."""

    version: str
    """Of this program."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Those given on the command line that change an episode."""
    inputs: tuple[str, ...] = ()
    """SHA-256 of the source, then of each settings file."""
    assets: tuple[RecordedAsset, ...] = ()
    """Known only once the settings have been read."""


@dataclass(frozen=True, slots=True)
class RecordedVoice:
    """A voice of a member of the cast."""

    language: str
    name: str
    """``engine:voice``."""
    rate: float
    pitch: float = 0.0


@dataclass(frozen=True, slots=True)
class RecordedMember:
    """Who speaks in an episode."""

    speaker: str
    role: str
    voices: tuple[RecordedVoice, ...]
    """One for each language."""
    reason: str
    """Why the speaker has these."""
    shown: str = ""
    """The name as listeners read it; empty for a narrator who has the usual one, and in records of early builds."""


@dataclass(frozen=True, slots=True)
class RecordedAbout:
    """What an episode says of itself beside its title."""

    date: datetime.date | None = None
    """Of the interview, where the source has one."""
    show: str | None = None
    """The podcast's name."""
    disclosure: str = ""
    """That its voices are synthetic; nothing where that is not to be said."""


@dataclass(frozen=True, slots=True)
class RecordedGain:
    """How much louder a speaker was made."""

    speaker: str
    voice: str
    seconds: float
    """Of speech."""
    loudness: float
    """LUFS before."""
    gain: float
    """dB."""


@dataclass(frozen=True, slots=True)
class RecordedLevels:
    """How loud an episode is and was made."""

    gain: float
    """dB that all of it was raised by."""
    ceiling: float
    """dBTP that the limiter kept below."""
    speakers: tuple[RecordedGain, ...]
    target: float
    """LUFS that were asked for, dual mono."""
    integrated: float
    """LUFS that the encoded episode measures, dual mono."""
    true_peak: float
    """dBTP that the encoded episode measures."""
    encodings: int
    """Attempts that it took."""


@dataclass(frozen=True, slots=True)
class RecordedMusic:
    """A piece of music in its place."""

    kind: str
    file: str
    start: float
    """Seconds."""
    end: float
    """Seconds."""
    loudness: float
    """LUFS of the file."""


@dataclass(frozen=True, slots=True)
class RecordedChapter:
    """A chapter."""

    title: str
    start: float
    """Seconds."""
    end: float
    """Seconds."""
    image: str = ""
    """Address of its image, or the name of one of the files, as addresses write it; empty where it has none."""
    link: str = ""
    """Address that belongs to it; empty where it has none."""


@dataclass(frozen=True, slots=True)
class SkippedTurn:
    """A turn of the source that is not read aloud."""

    line: int
    """Of the source."""
    kind: str
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A file of an episode."""

    name: str
    size: int
    """Bytes."""
    sha256: str | None
    """None in records of early builds."""
    beside: str | None = None
    """The file in whose place it would be if a person had not edited that one."""


@dataclass(frozen=True, slots=True)
class RecordedSpeech:
    """What the clips of many lines share."""

    engine: str
    identity: str
    """Of the engine's version or weights."""
    voice: str
    rate: float
    language: str
    pitch: float = 0.0


class RecordedStretch(NamedTuple):
    """What was said otherwise than the rest of a line, as its marks asked."""

    start: int
    """First code point of it in the line's text."""
    end: int
    rate: float = 1.0
    pitch: float = 0.0
    is_stressed: bool = False
    say: str = ""


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """A line as it was spoken."""

    turn: int
    """Counted from 1."""
    line: int
    """Of the source."""
    speaker: str
    start: int
    """Milliseconds."""
    end: int
    """Milliseconds."""
    speech: RecordedSpeech
    text: str
    """As it is written."""
    pronunciations: Mapping[str, str] = field(default_factory=dict)
    """Those that apply to this line."""
    replaced: tuple[tuple[int, int, str], ...] = ()
    """What reading rules have said instead of stretches of the text: their half-open ranges, in order."""
    take: int = 1
    takes: int = 1
    """How many takes of it there are."""
    rate: float = 1.0
    """At which this take was spoken."""
    stretches: tuple[RecordedStretch, ...] = ()
    """In order."""
    names: tuple[str, ...] = ()
    """Names of people in what is said that were read as such."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a record of any version, or of a preview, says: which files were written, and what they were made from."""

    source: RecordedSource | None
    written: Mapping[str, str | int]
    """SHA-256 of each file by name, or its size in bytes in records of early builds."""
    voices: tuple[str, ...] = ()
    """``engine:voice`` of the whole cast."""
    spoken: tuple[str, ...] = ()
    """The text of each line."""


class RecordError(ValueError):
    """A file is not the record of an episode; says why in words that follow its name."""


@dataclass(frozen=True, slots=True)
class EpisodeRecord:
    """What made an episode, what it is like, and which files belong to it."""

    title: str
    language: str
    duration: float
    """Seconds."""
    fingerprint: Fingerprint
    source: RecordedSource | None
    """None if it was not known."""
    cast: tuple[RecordedMember, ...]
    levels: RecordedLevels
    music: tuple[RecordedMusic, ...]
    chapters: tuple[RecordedChapter, ...]
    skipped: tuple[SkippedTurn, ...]
    warnings: tuple[str, ...]
    files: tuple[RecordedFile, ...]
    """All but the record itself, the sound last."""
    earlier: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by name of files that an earlier render wrote and the last one left as they were."""
    lines: tuple[RecordedLine, ...] = ()
    about: RecordedAbout = RecordedAbout()

    @classmethod
    def read(
        cls, folder: Path, stem: str, waiting: Mapping[str, Path] = MappingProxyType({})
    ) -> "EpisodeRecord | None":
        """Read the record of an episode; None if there is none, or it is not what a render of this version writes.

        Args:
            folder: Where the episode is.
            stem: Of its file names.
            waiting: Files by name that an interrupted render has finished and not moved into place.
        """
        name = f"{stem}{RECORD_SUFFIX}"
        try:
            return read_record(waiting.get(name, folder / name))
        except (OSError, InputFileError, RecordError):
            return None

    @property
    def sound(self) -> RecordedFile:
        """The file to listen to."""
        return self.files[-1]

    @property
    def manifest(self) -> Manifest:
        """Which files were written, and what they were made from."""
        written: dict[str, str | int] = {file.name: file.sha256 or file.size for file in self.files}
        return Manifest(
            self.source or _first_input(self.fingerprint.inputs),
            written | dict(self.earlier),
            tuple(voice.name for member in self.cast for voice in member.voices),
            tuple(line.text for line in self.lines),
        )

    def format(self) -> str:
        """Return the text of the ``.episode.json``."""
        # A ten-hour episode has ten thousand lines: each takes one line of the file, and what they share comes once.
        text = json_text(self._head(), indent=2)
        return text.removesuffix("\n}") + _format_lines(self.lines) + "\n}\n"

    def _head(self) -> dict[str, object]:
        """Return everything but the lines."""
        levels, made_from = self.levels, self.fingerprint
        return {
            "schema": _SCHEMA,
            "title": self.title,
            "language": self.language,
            "duration": self.duration,
            "fingerprint": {
                "version": made_from.version,
                "options": dict(made_from.options),
                "inputs": list(made_from.inputs),
                "assets": [
                    {"file": asset.file, "beside": asset.beside, "sha256": asset.sha256} for asset in made_from.assets
                ],
            },
            "source": _format_source(self.source),
            "about": _format_about(self.about),
            "cast": [_format_member(member) for member in self.cast],
            "gains": _format_gains(levels),
            "loudness": {
                "target": levels.target,
                "integrated": levels.integrated,
                "true_peak": levels.true_peak,
                "encodings": levels.encodings,
            },
            "music": [
                {"kind": one.kind, "file": one.file, "start": one.start, "end": one.end, "loudness": one.loudness}
                for one in self.music
            ],
            "chapters": [_format_chapter(one) for one in self.chapters],
            "skipped": [
                {"line": turn.line, "kind": turn.kind, "reason": turn.reason, "text": turn.text}
                for turn in self.skipped
            ],
            "warnings": list(self.warnings),
            "files": _format_files(self.files),
            "earlier": [{"name": name, "sha256": sha256} for name, sha256 in self.earlier.items()],
        }


@dataclass(frozen=True, slots=True)
class PreviewRecord:
    """The file beside a preview, so that the next one may replace it; it is read back as a manifest."""

    source: RecordedSource | None
    voices: Mapping[str, Mapping[str, str]]
    """``engine:voice`` by language, of each speaker."""
    lines: Sequence[tuple[str, str]]
    """Speaker and text."""
    files: Sequence[RecordedFile]

    def format(self) -> str:
        """Return the text of the file."""
        content = {
            "source": _format_source(self.source),
            "cast": [
                {"speaker": speaker, "voices": {language: {"voice": voice} for language, voice in voices.items()}}
                for speaker, voices in self.voices.items()
            ],
            "lines": [{"speaker": speaker, "text": text} for speaker, text in self.lines],
            "files": _format_files(self.files),
        }
        return json_text(content, indent=1) + "\n"


def _format_source(source: RecordedSource | None) -> dict[str, object] | None:
    return {"file": source.file, "sha256": source.sha256} if source else None


def _format_chapter(chapter: RecordedChapter) -> dict[str, object]:
    more = {key: address for key, address in (("image", chapter.image), ("link", chapter.link)) if address}
    return {"title": chapter.title, "start": chapter.start, "end": chapter.end, **more}


def _format_gains(levels: RecordedLevels) -> dict[str, object]:
    speakers = [
        {
            "speaker": one.speaker,
            "voice": one.voice,
            "seconds": one.seconds,
            "loudness": one.loudness,
            "gain": one.gain,
        }
        for one in levels.speakers
    ]
    return {"episode": levels.gain, "ceiling": levels.ceiling, "speakers": speakers}


def _format_about(about: RecordedAbout) -> dict[str, object]:
    date = about.date.isoformat() if about.date else None
    return {"date": date, "show": about.show, "disclosure": about.disclosure}


def _format_member(member: RecordedMember) -> dict[str, object]:
    voices = {
        voice.language: {"voice": voice.name, "rate": voice.rate} | _format_pitch(voice.pitch)
        for voice in member.voices
    }
    entry: dict[str, object] = {
        "speaker": member.speaker,
        "role": member.role,
        "voices": voices,
        "reason": member.reason,
    }
    return entry | ({"shown": member.shown} if member.shown else {})


def _format_pitch(pitch: float) -> dict[str, float]:
    return {"pitch": pitch} if pitch else {}


def _format_files(files: Sequence[RecordedFile]) -> list[dict[str, object]]:
    return [
        {"name": file.name, "bytes": file.size, "sha256": file.sha256}
        | ({"beside": file.beside} if file.beside else {})
        for file in files
    ]


def _format_lines(lines: Sequence[RecordedLine]) -> str:
    if not lines:
        return ""
    shared = {speech: number for number, speech in enumerate(dict.fromkeys(line.speech for line in lines))}
    voices = [
        {
            "engine": one.engine,
            "identity": one.identity,
            "voice": one.voice,
            "rate": one.rate,
            "language": one.language,
        }
        | _format_pitch(one.pitch)
        for one in shared
    ]
    return f',\n  "voices": {_rows(voices)},\n  "lines": {_rows([_format_line(line, shared) for line in lines])}'


def _format_line(line: RecordedLine, shared: Mapping[RecordedSpeech, int]) -> dict[str, object]:
    entry: dict[str, object] = {
        "turn": line.turn,
        "line": line.line,
        "speaker": line.speaker,
        "start": line.start,
        "end": line.end,
        "voice": shared[line.speech],
        "text": line.text,
    }
    if line.pronunciations:
        entry["pronunciations"] = dict(line.pronunciations)
    if line.replaced:
        entry["replaced"] = [{"start": start, "end": end, "say": said} for start, end, said in line.replaced]
    if line.names:
        entry["names"] = list(line.names)
    if line.stretches:
        entry["stretches"] = [_format_stretch(stretch) for stretch in line.stretches]
    if line.takes > 1:
        entry |= {"take": line.take, "takes": line.takes, "rate": line.rate}
    return entry


def _format_stretch(stretch: RecordedStretch) -> dict[str, object]:
    usual = RecordedStretch._field_defaults
    return {name: value for name, value in stretch._asdict().items() if name not in usual or value != usual[name]}


def _rows(entries: Sequence[Mapping[str, object]]) -> str:
    rows = (json_text(entry) for entry in entries)
    return "[\n    " + ",\n    ".join(rows) + "\n  ]"


_EVERY = "*"
_NUMBER = (float, int)
_SHAPE = {
    "title": str,
    "language": str,
    "duration": _NUMBER,
    "fingerprint": {
        "version": str,
        "options": {_EVERY: str},
        "inputs": [str],
        "assets?": [{"file": str, "beside": int, "sha256": str}],
    },
    "source?": {"file?": str, "sha256?": str},
    "about?": {"date?": str, "show?": str, "disclosure?": str},
    "cast": [
        {
            "speaker": str,
            "role": str,
            "voices": {_EVERY: {"voice": str, "rate": _NUMBER, "pitch?": _NUMBER}},
            "reason": str,
            "shown?": str,
        }
    ],
    "gains": {
        "episode": _NUMBER,
        "ceiling": _NUMBER,
        "speakers": [{"speaker": str, "voice": str, "seconds": _NUMBER, "loudness": _NUMBER, "gain": _NUMBER}],
    },
    "loudness": {"target?": _NUMBER, "integrated": _NUMBER, "true_peak": _NUMBER, "encodings": int},
    "music": [{"kind": str, "file": str, "start": _NUMBER, "end": _NUMBER, "loudness": _NUMBER}],
    "chapters": [{"title": str, "start": _NUMBER, "end": _NUMBER, "image?": str, "link?": str}],
    "skipped": [{"line": int, "kind": str, "reason": str, "text?": str}],
    "warnings": [str],
    "files": [{"name": str, "bytes": int, "sha256?": str, "beside?": str}],
    "earlier?": [{"name": str, "sha256": str}],
    "voices?": [{"engine": str, "identity": str, "voice": str, "rate": _NUMBER, "language": str, "pitch?": _NUMBER}],
    "lines?": [
        {
            "turn": int,
            "line": int,
            "speaker": str,
            "start": int,
            "end": int,
            "voice": int,
            "text": str,
            "pronunciations?": {_EVERY: str},
            "replaced?": [{"start": int, "end": int, "say": str}],
            "names?": [str],
            "stretches?": [
                {"start": int, "end": int, "rate?": _NUMBER, "pitch?": _NUMBER, "is_stressed?": bool, "say?": str}
            ],
            "take?": int,
            "takes?": int,
            "rate?": _NUMBER,
        }
    ],
}
"""What a record must hold to count as one; a key with a question mark may be missing or null, others are ignored."""


def read_record(path: Path) -> EpisodeRecord:
    """Read the record of an episode.

    Raises:
        RecordError: It is not what a render of this version writes; anybody may have edited it.
        InputFileError: It is not a regular file, or too large.
        OSError: The file cannot be read.
    """
    content = _load(path)
    if not isinstance(content, dict) or content.get("schema") != _SCHEMA:
        raise RecordError("written by another version")
    if not (_fits(content, _SHAPE) and content["files"] and _has_plausible_lines(content)):
        raise RecordError("not what a render writes")
    return _record(content)


def read_manifest(path: Path) -> Manifest | None:
    """Read what a record of whatever version lists; None if there is none, or this is not a record."""
    try:
        record = _load(path)
    except (OSError, InputFileError, RecordError):
        return None
    if not isinstance(record, dict) or not isinstance(record.get("files"), list):
        return None
    return Manifest(
        _manifest_source(record),
        _manifest_files(record),
        tuple(
            str(voice.get("voice", ""))
            for member in _entries(record, "cast")
            for voice in _values(member.get("voices"))
        ),
        tuple(line["text"] for line in _entries(record, "lines") if isinstance(line.get("text"), str)),
    )


def _load(path: Path) -> Any:
    try:
        return json.loads(read_file(path, RECORD))
    except (ValueError, RecursionError) as error:
        raise RecordError("not JSON") from error


def _fits(value: Any, shape: Any) -> bool:
    """Tell whether a value of JSON has a shape: a type, a list of one shape, or keys with their shapes."""
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(item, shape[0]) for item in value)
    if shape is bool:
        return isinstance(value, bool)
    if not isinstance(shape, dict):
        return isinstance(value, shape) and not isinstance(value, bool) and (shape is not _NUMBER or _is_finite(value))
    if not isinstance(value, dict):
        return False
    if _EVERY in shape:
        return all(_fits(item, shape[_EVERY]) for item in value.values())
    return all(
        _fits(value.get(key), kind)
        if not key.endswith("?")
        else value.get(key[:-1]) is None or _fits(value[key[:-1]], kind)
        for key, kind in shape.items()
    )


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float can hold
        return False


def _has_plausible_lines(content: Mapping[str, Any]) -> bool:
    voices = len(_given(content, "voices", ()))
    return all(
        0 <= line["voice"] < voices and 1 <= _given(line, "take", 1) <= _given(line, "takes", 1)
        for line in _given(content, "lines", ())
    )


def _given(content: Mapping[str, Any], key: str, otherwise: Any) -> Any:
    """Return the value of a key that may be missing or null."""
    value = content.get(key)
    return otherwise if value is None else value


def _pitch(content: Mapping[str, Any]) -> float:
    return float(_given(content, "pitch", 0))


def _record(content: Mapping[str, Any]) -> EpisodeRecord:
    """Return the record of content that has been checked."""
    speeches = [
        RecordedSpeech(one["engine"], one["identity"], one["voice"], float(one["rate"]), one["language"], _pitch(one))
        for one in _given(content, "voices", ())
    ]
    return EpisodeRecord(
        title=content["title"],
        language=content["language"],
        duration=float(content["duration"]),
        fingerprint=_fingerprint(content["fingerprint"]),
        source=_source(content.get("source")),
        cast=tuple(_member(member) for member in content["cast"]),
        levels=_levels(content["gains"], content["loudness"]),
        music=tuple(
            RecordedMusic(one["kind"], one["file"], float(one["start"]), float(one["end"]), float(one["loudness"]))
            for one in content["music"]
        ),
        chapters=tuple(map(_chapter, content["chapters"])),
        skipped=tuple(
            SkippedTurn(turn["line"], turn["kind"], turn["reason"], _given(turn, "text", ""))
            for turn in content["skipped"]
        ),
        warnings=tuple(content["warnings"]),
        files=tuple(
            RecordedFile(file["name"], file["bytes"], file.get("sha256"), file.get("beside"))
            for file in content["files"]
        ),
        earlier={file["name"]: file["sha256"] for file in _given(content, "earlier", ())},
        lines=tuple(_line(line, speeches) for line in _given(content, "lines", ())),
        about=_about(_given(content, "about", {})),
    )


def _fingerprint(content: Mapping[str, Any]) -> Fingerprint:
    assets = _given(content, "assets", ())
    return Fingerprint(
        content["version"],
        dict(content["options"]),
        tuple(content["inputs"]),
        tuple(RecordedAsset(asset["file"], asset["beside"], asset["sha256"]) for asset in assets),
    )


def _source(content: Mapping[str, Any] | None) -> RecordedSource | None:
    return None if content is None else RecordedSource(content.get("file"), content.get("sha256"))


def _chapter(content: Mapping[str, Any]) -> RecordedChapter:
    image, link = (_given(content, key, "") for key in ("image", "link"))
    return RecordedChapter(content["title"], float(content["start"]), float(content["end"]), image, link)


def _about(content: Mapping[str, Any]) -> RecordedAbout:
    try:
        date = datetime.date.fromisoformat(_given(content, "date", ""))
    except ValueError:  # none, or somebody has edited it
        date = None
    return RecordedAbout(date, content.get("show"), _given(content, "disclosure", ""))


def _first_input(inputs: Sequence[str]) -> RecordedSource | None:
    """Return what a record of an early build says of its source: the first of the inputs that shaped the episode."""
    return RecordedSource(None, inputs[0]) if inputs else None


def _member(content: Mapping[str, Any]) -> RecordedMember:
    voices = (
        RecordedVoice(language, voice["voice"], float(voice["rate"]), _pitch(voice))
        for language, voice in content["voices"].items()
    )
    shown = _given(content, "shown", "")
    return RecordedMember(content["speaker"], content["role"], tuple(voices), content["reason"], shown)


def _levels(gains: Mapping[str, Any], loudness: Mapping[str, Any]) -> RecordedLevels:
    return RecordedLevels(
        gain=float(gains["episode"]),
        ceiling=float(gains["ceiling"]),
        speakers=tuple(
            RecordedGain(
                one["speaker"], one["voice"], float(one["seconds"]), float(one["loudness"]), float(one["gain"])
            )
            for one in gains["speakers"]
        ),
        target=float(_given(loudness, "target", _LOUDNESS)),
        integrated=float(loudness["integrated"]),
        true_peak=float(loudness["true_peak"]),
        encodings=loudness["encodings"],
    )


def _line(content: Mapping[str, Any], speeches: Sequence[RecordedSpeech]) -> RecordedLine:
    speech = speeches[content["voice"]]
    return RecordedLine(
        turn=content["turn"],
        line=content["line"],
        speaker=content["speaker"],
        start=content["start"],
        end=content["end"],
        speech=speech,
        text=content["text"],
        pronunciations=_given(content, "pronunciations", {}),
        replaced=tuple((one["start"], one["end"], one["say"]) for one in _given(content, "replaced", [])),
        names=tuple(_given(content, "names", [])),
        stretches=tuple(map(_stretch, _given(content, "stretches", []))),
        take=_given(content, "take", 1),
        takes=_given(content, "takes", 1),
        rate=float(_given(content, "rate", speech.rate)),
    )


def _stretch(content: Mapping[str, Any]) -> RecordedStretch:
    return RecordedStretch(
        content["start"],
        content["end"],
        rate=float(_given(content, "rate", 1.0)),
        pitch=float(_given(content, "pitch", 0.0)),
        is_stressed=_given(content, "is_stressed", otherwise=False),
        say=_given(content, "say", ""),
    )


def _manifest_source(record: Mapping[str, Any]) -> RecordedSource | None:
    source, made_from = record.get("source"), record.get("fingerprint")
    if isinstance(source, dict):
        file, sha256 = source.get("file"), source.get("sha256")
        return RecordedSource(
            file if isinstance(file, str) and file else None, sha256 if isinstance(sha256, str) else None
        )
    inputs = made_from.get("inputs") if isinstance(made_from, dict) else None
    return _first_input([one for one in inputs[:1] if isinstance(one, str)]) if isinstance(inputs, list) else None


def _manifest_files(record: Mapping[str, Any]) -> dict[str, str | int]:
    files = (*_entries(record, "files"), *_entries(record, "earlier"))
    return {
        file["name"]: file.get("sha256") or file["bytes"]
        for file in files
        if isinstance(file.get("name"), str) and isinstance(file.get("sha256") or file.get("bytes"), str | int)
    }


def _entries(record: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    listed = record.get(key)
    yield from (entry for entry in listed if isinstance(entry, dict)) if isinstance(listed, list) else ()


def _values(content: Any) -> Iterator[Mapping[str, Any]]:
    yield from (value for value in content.values() if isinstance(value, dict)) if isinstance(content, dict) else ()
