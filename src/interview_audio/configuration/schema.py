"""The shape of ``voices.yaml``: what may stand where, and how a YAML node becomes a plain value.

Scalars are read by what the schema expects, not by what YAML guesses: a speaker called ``No`` stays a name.
"""

import difflib
import json
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import yaml

from interview_audio.configuration.formats import LIMITS
from interview_audio.configuration.languages import meant_language, primary_tag
from interview_audio.errors import ConfigurationError
from interview_audio.files.input_files import InputFileError, named_file
from interview_audio.text.units import parse_bytes

Path = tuple[str, ...]
Place = tuple[str, int, int]
"""File, line and column, both from 1."""

NULL_TAG = "tag:yaml.org,2002:null"
MERGE_TAG = "tag:yaml.org,2002:merge"
KEY = "(key)"
"""Last step of a path whose place is that of a free key, not of its value."""
EXAMPLES = ("zh", "en", "ja", "fr", "de", "es")
"""Languages, for a message; any other may stand in the file too."""


class Reader:
    """What reading one file needs to remember: its name, and where each value stood."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[Path, Place] = {}

    def error(self, node: yaml.Node, message: str) -> ConfigurationError:
        """An error that points at ``node``."""
        return ConfigurationError(message, *self.place(node))

    def place(self, node: yaml.Node) -> Place:
        """Where ``node`` begins."""
        return self.file, node.start_mark.line + 1, node.start_mark.column + 1

    def visit(self, shape: "Shape", node: yaml.Node, path: Path, key: yaml.Node | None = None) -> Any:
        """The plain value of ``node``, which must have this shape; a mapping under a key stands where the key does."""
        self.places[path] = self.place(key if key and isinstance(node, yaml.MappingNode) else node)
        return shape.read(node, path, self)


class Shape(Protocol):
    """What is expected at a place of the file."""

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> Any:
        """The plain value of ``node``; raises ``ConfigurationError``."""


def _named(path: Path) -> str:
    return ".".join(path) or "the file"


def _scalar(node: yaml.Node, path: Path, reader: Reader, expected: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise reader.error(node, f"{_named(path)} must be {expected}")
    return _whole(node, path, reader)


def _whole(node: yaml.ScalarNode, path: Path, reader: Reader) -> str:
    """The text of a node, its characters joined where they are escaped in two halves, as JSON does (UTF-16)."""
    try:
        return str(node.value).encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError as error:  # no file and no message could be written with one half
        message = f"{_named(path)} contains half a character (\\ud800 to \\udfff); write all of it"
        raise reader.error(node, message) from error


def _pairs(node: yaml.Node, path: Path, reader: Reader, expected: str) -> list[tuple[str, yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise reader.error(node, f"{_named(path)} must be {expected}")
    pairs: list[tuple[str, yaml.Node, yaml.Node]] = []
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag == MERGE_TAG:
            raise reader.error(key, f"a key in {_named(path)} must be plain text")
        name = _whole(key, path, reader)
        if name in seen:
            raise reader.error(key, f"{_named((*path, name))} is given twice; keep one")
        seen.add(name)
        if value.tag != NULL_TAG:
            pairs.append((name, key, value))
    return pairs


def did_you_mean(word: str, known: list[str]) -> str:
    """``; did you mean X?`` for the nearest known word, or the words there are."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]}?" if near else f"; known: {', '.join(known)}"


@dataclass(frozen=True, slots=True)
class Text:
    """A non-empty text."""

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> str:
        """See ``Shape``."""
        text = _scalar(node, path, reader, "text").strip()
        if not text:
            raise reader.error(node, f"{_named(path)} is empty; fill it in or remove it")
        return text


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> str:
        """See ``Shape``."""
        word = _scalar(node, path, reader, "one of " + ", ".join(self.words))
        if word not in self.words:
            raise reader.error(node, f"{_named(path)} cannot be {word!r}{did_you_mean(word, list(self.words))}")
        return word


@dataclass(frozen=True, slots=True)
class Flag:
    """``true`` or ``false``."""

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> bool:
        """See ``Shape``."""
        word = _scalar(node, path, reader, "true or false").lower()
        if word not in ("true", "false", "yes", "no", "on", "off"):
            raise reader.error(node, f"{_named(path)} must be true or false, not {word!r}")
        return word in ("true", "yes", "on")


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds, both allowed."""

    low: float
    high: float
    whole: bool = False

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> float:
        """See ``Shape``."""
        expected = f"a {'whole ' if self.whole else ''}number from {self.low:g} to {self.high:g}"
        word = _scalar(node, path, reader, expected)
        try:
            value: float = int(word) if self.whole else float(word)
        except ValueError as error:
            raise reader.error(node, f"{_named(path)} must be {expected}, not {word!r}") from error
        if not self.low <= value <= self.high:
            raise reader.error(node, f"{_named(path)} must be {expected}, not {word}")
        return value


@dataclass(frozen=True, slots=True)
class Bytes:
    """A size: ``10GB``."""

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> int:
        """See ``Shape``."""
        try:
            return parse_bytes(_scalar(node, path, reader, "a size such as 10GB"))
        except ValueError as error:
            raise reader.error(node, f"{_named(path)}: {error}") from error


@dataclass(frozen=True, slots=True)
class File:
    """The path of a file, from the folder of the settings that name it; ``false`` takes back what others name."""

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> dict[str, str] | Literal[False]:
        """See ``Shape``; as written, and where it is."""
        word = _scalar(node, path, reader, "the path of a file, or false").strip()
        if not word:
            raise reader.error(node, f"{_named(path)} is empty; fill it in or remove it")
        if word.lower() in ("false", "no", "off"):
            return False
        try:
            named = named_file(word)
        except InputFileError as error:
            raise reader.error(node, f"{_named(path)}: {error}") from error
        return {"file": word, "path": str(pathlib.Path(reader.file).parent / named)}


@dataclass(frozen=True, slots=True)
class MusicFile:
    """A file alone, or a mapping with the file and how it is played."""

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> dict[str, Any] | Literal[False]:
        """See ``Shape``."""
        if not isinstance(node, yaml.MappingNode):
            return File().read(node, path, reader)
        values = MUSIC.read(node, path, reader)
        file = values.pop("file", {})
        return values | (file or {})


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of one shape; a single scalar counts as a list of one."""

    item: Shape

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> tuple[Any, ...]:
        """See ``Shape``."""
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return tuple(reader.visit(self.item, item, (*path, str(index))) for index, item in enumerate(items))


@dataclass(frozen=True, slots=True)
class MappingOf:
    """Free keys, values of one shape; ``keys`` limits the keys where given."""

    item: Shape
    keys: tuple[str, ...] = ()

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> dict[str, Any]:
        """See ``Shape``."""
        values = {}
        for key, key_node, value in _pairs(node, path, reader, "a mapping (key: value)"):
            if self.keys and key not in self.keys:
                hint = did_you_mean(key, list(self.keys))
                raise reader.error(key_node, f"{key!r} is not allowed in {_named(path)}{hint}")
            values[key] = reader.visit(self.item, value, (*path, key), key_node)
            reader.places[(*path, key, KEY)] = reader.place(key_node)
        return values


@dataclass(frozen=True, slots=True)
class ByLanguage:
    """A language (its primary tag) to a value of one shape."""

    item: Shape

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> dict[str, Any]:
        """See ``Shape``."""
        values = {}
        for key, key_node, value in _pairs(node, path, reader, "a mapping (language: value)"):
            if primary_tag(key) != key:
                meant = primary_tag(key) or meant_language(key)
                hint = f"did you mean {meant}?" if meant else f"write a language like {', '.join(EXAMPLES)}"
                raise reader.error(key_node, f"{key!r} is not a language, in {_named(path)}; {hint}")
            values[key] = reader.visit(self.item, value, (*path, key), key_node)
        return values


@dataclass(frozen=True, slots=True)
class Record:
    """Known keys, each with its own shape."""

    fields: Mapping[str, Shape]

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> dict[str, Any]:
        """See ``Shape``."""
        values = {}
        for key, key_node, value in _pairs(node, path, reader, "a mapping (key: value)"):
            if key not in self.fields:
                hint = did_you_mean(key, list(self.fields))
                raise reader.error(key_node, f"unknown setting {_named((*path, key))}{hint}")
            values[key] = reader.visit(self.fields[key], value, (*path, key), key_node)
        return values


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever YAML says: an engine's own settings."""

    def read(self, node: yaml.Node, path: Path, reader: Reader) -> Any:
        """See ``Shape``."""
        try:
            value = yaml.SafeLoader("").construct_document(node)
            json.dumps(value, ensure_ascii=False).encode()
        except (yaml.YAMLError, RecursionError, TypeError, ValueError) as error:
            raise reader.error(node, f"{_named(path)} must be text, a number, a list or a mapping of these") from error
        return value


SECONDS = Number(0, 60)
SPEAKER = Record(
    {
        "aliases": Sequence(Text()),
        "gender": Choice(("female", "male", "unknown")),
        "rate": Number(0.5, 2.0),
        "voices": ByLanguage(MappingOf(Text())),
    }
)
MUSIC = Record(
    {
        "file": File(),
        "volume": Number(-60, 12),
        "ducked": Number(-60, 12),
        "fade_in": SECONDS,
        "fade_out": SECONDS,
        "overlap": SECONDS,
        "seconds": Number(0.1, 3600),
    }
)
VOICES_FILE = Record(
    {
        "engine": Text(),
        "engines": MappingOf(MappingOf(Anything())),
        "speakers": MappingOf(SPEAKER),
        "pool": ByLanguage(MappingOf(MappingOf(Sequence(Text()), ("female", "male")))),
        "read": Record(dict.fromkeys(("title", "narration", "headings", "quotes"), Flag())),
        "pronunciations": ByLanguage(MappingOf(Text())),
        "pauses": Record(
            dict.fromkeys(
                (
                    "head", "sentence", "paragraph", "question_to_answer", "answer_to_question", "turn",
                    "short_reply", "heading", "narration", "section", "tail",
                ),
                SECONDS,
            )
            | {"vary": Number(0, 0.5)}
        ),
        "chapters": Record(
            {
                "by": Choice(("question", "section", "speaker", "minutes")),
                "minutes": Number(0.1, 600),
                "min_seconds": Number(0, 3600),
                "title_columns": Number(8, 200, whole=True),
                "numbered": Flag(),
            }
        ),
        "sound": Record(
            {
                "loudness": Number(-40, -6),
                "format": Choice(tuple(LIMITS)),
                "bitrate": Number(1, 1000, whole=True),
                "sample_rate": Number(1, 1_000_000, whole=True),
                "intro": MusicFile(), "outro": MusicFile(), "sting": MusicFile(), "bed": MusicFile(),
            }
        ),
        "captions": Record({"words": Flag()}),
        "show": Record({"title": Text(), "cover": File()}),
        "store": Record({"max_size": Bytes()}),
    }
)  # fmt: skip
"""The whole file. Which bit rates fit which format and sample rate, ``loading`` checks by ``formats``."""
