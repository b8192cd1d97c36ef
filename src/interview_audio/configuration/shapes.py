"""How ``voices.yaml`` is read: what may be written where, and how a YAML node becomes a plain value.

The shape of each value follows from the annotated fields of ``settings``, or of another class that says what a file may
hold (``podcast.yaml``: ``publishing.channel``), whose annotations may be shapes of their own. Scalars are read by what
is expected there, not by what YAML guesses: a speaker called ``No`` stays a name.

Pydantic was tried instead: importing it takes 95 ms and building the same models 23 ms, where ``settings`` and this
module take 18 ms, and every worker process that receives settings would pay for it. A mistake in a union (a music file
or a mapping) becomes three complaints there, and places in the file and merging over other files would stay our own.
"""

import json
import pathlib
import re
import types
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, Protocol, Union, get_args, get_origin, get_type_hints, runtime_checkable

import yaml

from interview_audio.configuration.languages import language_hint, meant_language, primary_tag
from interview_audio.configuration.mistakes import (
    name_fault,
    number_meant,
    odd_indent,
    rest_of_line,
    swallowed_value,
    voice_fault,
    voices_entry,
    without_typographic_quotes,
    word_meant,
    wrong_colon,
)
from interview_audio.configuration.settings import (
    KEY,
    PLACEHOLDER,
    PLACEHOLDERS,
    Between,
    Examples,
    KeyPath,
    Mark,
    Music,
    OneOf,
    Place,
    Said,
    Settings,
    Speaker,
    Usual,
)
from interview_audio.errors import ConfigurationError, alternatives, did_you_mean, nearest, suggestion
from interview_audio.files.input_files import InputFileError, named_file
from interview_audio.text.units import parse_bytes, shortened

Node = yaml.Node
"""A value as it is written, with its place; shapes of other files are annotated with it."""
NULL_TAG = "tag:yaml.org,2002:null"
_MERGE_TAG = "tag:yaml.org,2002:merge"
_SEPARATOR = re.compile(r"\s*[,，、；;]\s*")
_GENDERS = ("female", "male")
_ROLES = ("host", "narrator")


class Reader:
    """What reading one file needs to remember: its name, what it holds, and where each value stood."""

    def __init__(self, file: str, root: type[Any] = Settings) -> None:
        self.file = file
        self.root = root
        self.places: dict[KeyPath, Place] = {}

    def error_at(self, node: yaml.Node, column: int, message: str) -> ConfigurationError:
        """Return an error that points at some column behind the beginning of ``node``."""
        file, line, first = self.place(node)
        return ConfigurationError(message, file, line, first + column)

    def error(self, node: yaml.Node, message: str) -> ConfigurationError:
        """Return an error that points at ``node``."""
        return ConfigurationError(message, *self.place(node))

    def place(self, node: yaml.Node) -> Place:
        """Return where ``node`` begins."""
        return self.file, node.start_mark.line + 1, node.start_mark.column + 1

    def visit(self, shape: "Shape", node: yaml.Node, path: KeyPath, key: yaml.Node | None = None) -> Any:
        """Return the plain value of ``node``, which must have this shape; the place of a mapping is that of its key."""
        self.places[path] = self.place(key if key and isinstance(node, yaml.MappingNode) else node)
        return shape.read(node, path, self)


@runtime_checkable
class Shape(Protocol):
    """What is expected at a place of the file."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> Any:
        """Return the plain value of ``node``; raises ``ConfigurationError``."""


def _named(path: KeyPath) -> str:
    return ".".join(path) or "the file"


def _scalar(node: yaml.Node, path: KeyPath, reader: Reader, expected: str) -> str:
    if isinstance(node, yaml.MappingNode):
        hint = "a text with a colon in it needs quotation marks"
        raise reader.error(node, f"{_named(path)} must be {expected}, not keys and values; {hint}")
    if not isinstance(node, yaml.ScalarNode):
        raise reader.error(node, f"{_named(path)} must be {expected}, not a list")
    return _whole(node, path, reader)


def _whole(node: yaml.ScalarNode, path: KeyPath, reader: Reader) -> str:
    """Return the text of a node, its characters joined where they are escaped in two halves, as JSON does (UTF-16)."""
    try:
        return str(node.value).encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError as error:  # no file and no message could be written with one half
        message = f"{_named(path)} contains half a character (\\ud800 to \\udfff); write all of it"
        raise reader.error(node, message) from error


def _pairs(node: yaml.Node, path: KeyPath, reader: Reader, expected: str) -> list[tuple[str, yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise _not_a_mapping(node, path, reader, expected)
    pairs: list[tuple[str, yaml.Node, yaml.Node]] = []
    seen: dict[str, int] = {}
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag == _MERGE_TAG:
            raise reader.error(key, f"{_named(path)} cannot take values from elsewhere (<<); write them out")
        if not isinstance(key, yaml.ScalarNode):
            raise reader.error(key, f"a key in {_named(path)} must be plain text")
        name = _whole(key, path, reader)
        if name in seen:
            message = f"{_named((*path, name))} is given twice, first in line {seen[name]}; make it one"
            raise reader.error(key, message)
        seen[name] = key.start_mark.line + 1
        if value.tag != NULL_TAG:
            pairs.append((name, key, value))
        elif fault := swallowed_value(key):
            raise reader.error(value, f"{_named((*path, name))} has no value, as {fault}")
    return pairs


def _not_a_mapping(node: yaml.Node, path: KeyPath, reader: Reader, expected: str) -> ConfigurationError:
    """Return the error for a text or a list where keys and values belong, with what was meant if that is clear."""
    named = _named(path)
    if isinstance(node, yaml.SequenceNode):
        keys = [str(key.value) for item in node.value if isinstance(item, yaml.MappingNode) for key, _ in item.value]
        if path[:1] == ("speakers",) and "name" in keys:
            how = "write each NAME: on a line, and the rest indented below it, without - and name:"
        elif path[:1] == ("pool",) and path[-1] in _GENDERS:
            how = f"write the engine before it: {{kokoro: {{{path[-1]}: [...]}}}}"
        else:
            how = "remove the - before each key" if keys else "write KEY: VALUE"
        return reader.error(node, f"{named} must be {expected}, not a list; {how}")
    text = str(node.value)
    is_voice = path[:1] == ("speakers",) and "voices" in path
    is_plain = getattr(node, "style", None) is None
    if is_plain and not is_voice and (wrong := wrong_colon(rest_of_line(node.start_mark))):
        return reader.error_at(node, wrong.column, wrong.message)
    if path[:1] == ("speakers",) and path[-1] == "voices":
        return reader.error(node, f"{named} needs a language and an engine; write {voices_entry(text)}")
    if path[:1] == ("speakers",) and path[2:3] == ("voices",):
        return reader.error(node, f"{named} needs an engine; write {voices_entry(text, path[3])}")
    if len(path) == 2 and path[0] == "speakers" and path[1] in record_of(Speaker).fields:
        return reader.error(node, f"{path[1]} belongs to a speaker; indent it further than the speaker's name")
    if path == ("speakers", "narrator") and text.lower() in ("no", "none", "off", "false"):
        how = "if nobody should read title and narration, write read: {title: false, narration: false}"
        return reader.error(node, f"{named} cannot be switched off here; {how}")
    name, _, last = path[-1].rpartition(" ") if path else ("", "", "")
    if path[:1] == ("speakers",) and last in record_of(Speaker).fields:
        return reader.error(node, f"{last} needs a line of its own, below {name}: and indented further")
    if not path:
        example = "engine: kokoro" if reader.root is Settings else f"{next(iter(record_of(reader.root).fields))}: ..."
        return reader.error(node, f"this is a text, not settings; they are written as KEY: VALUE, such as {example}")
    first = (
        {"show": "title", "chapters": "by", "store": "max_size", "funding": "url"}.get(path[0])
        if len(path) == 1
        else None
    )
    how = f"; write {path[0]}: {{{first}: {shortened(text)}}}" if first else ""
    return reader.error(node, f"{named} must be {expected}, not {shortened(text)!r}{how}")


@dataclass(frozen=True, slots=True)
class Text:
    """A non-empty text."""

    examples: tuple[str, ...] = ()

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> str:
        """See ``Shape``."""
        text = _scalar(node, path, reader, "text").strip()
        if not text:
            raise reader.error(node, f"{_named(path)} is empty; fill it in or remove it")
        if self.examples and (bare := without_typographic_quotes(text)):
            raise reader.error(node, f"typographic quotation marks do not belong here; write {bare}")
        return text


@dataclass(frozen=True, slots=True)
class VoiceName:
    """The name of a voice, or a blend, below the name of its engine."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> str:
        """See ``Shape``."""
        name = Text().read(node, path, reader)
        engine = path[2] if path[0] == "pool" else path[-1]
        if fault := voice_fault(name, engine):
            raise reader.error(node, fault)
        return name


@dataclass(frozen=True, slots=True)
class PersonName:
    """What a text calls somebody."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> str:
        """See ``Shape``."""
        name = Text().read(node, path, reader)
        if fault := name_fault(name):
            raise reader.error(node, fault)
        return name


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> str:
        """See ``Shape``."""
        import regex  # few files have one, and it takes 45 ms

        pattern = _scalar(node, path, reader, "a regular expression")
        try:
            regex.compile(pattern)
        except regex.error as error:
            where = "" if error.pos is None else f", at its character {error.pos + 1}"
            raise reader.error(node, f"{_named(path)} is not a regular expression: {error.msg}{where}") from error
        if not pattern:
            raise reader.error(node, f"{_named(path)} is empty; fill it in or remove it")
        return pattern


def _meant(word: str, known: Collection[str]) -> str:
    """Return the end of a message about a word that is not among those known."""
    meant = word_meant(word, known)
    return suggestion(meant) if meant else did_you_mean(word, known)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> str:
        """See ``Shape``."""
        word = _scalar(node, path, reader, "one of " + ", ".join(self.words))
        if word not in self.words:
            raise reader.error(node, f"{_named(path)} cannot be {word!r}{_meant(word, self.words)}")
        return word


@dataclass(frozen=True, slots=True)
class Flag:
    """``true`` or ``false``."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> bool:
        """See ``Shape``."""
        word = _scalar(node, path, reader, "true or false").lower()
        if word not in ("true", "false", "yes", "no", "on", "off"):
            meant = word_meant(word, ("true", "false"))
            hint = f"; write {meant}" if meant else ""
            raise reader.error(node, f"{_named(path)} must be true or false, not {word!r}{hint}")
        return word in ("true", "yes", "on")


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds, both allowed."""

    low: float
    high: float
    whole: bool = False

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> float:
        """See ``Shape``."""
        expected = f"a {'whole ' if self.whole else ''}number from {self.low:.10g} to {self.high:.10g}"
        word = _scalar(node, path, reader, expected)
        try:
            value: float = int(word) if self.whole else float(word)
        except ValueError as error:
            raise reader.error(node, f"{_named(path)} must be {expected}, not {word!r}{self._hint(word)}") from error
        if not self.low <= value <= self.high:
            raise reader.error(node, f"{_named(path)} must be {expected}, not {word}{self._hint(word)}")
        return value

    def _hint(self, word: str) -> str:
        meant = number_meant(word, self.low, self.high)
        return f"; write {meant}" if meant and not (self.whole and "." in meant) else ""


@dataclass(frozen=True, slots=True)
class Bytes:
    """A size: ``10GB``."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> int:
        """See ``Shape``."""
        try:
            return parse_bytes(_scalar(node, path, reader, "a size such as 10GB"))
        except ValueError as error:
            raise reader.error(node, f"{_named(path)}: {error}") from error


@dataclass(frozen=True, slots=True)
class File:
    """The path of a file, from the folder of the settings that name it; ``false`` takes back what others name."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> dict[str, str] | Literal[False]:
        """See ``Shape``; as written, and where it is."""
        word = _scalar(node, path, reader, "the path of a file, or false").strip()
        if not word:
            raise reader.error(node, f"{_named(path)} is empty; fill it in or remove it")
        if word.lower() in ("false", "no", "off"):
            return False
        if word.lower() in ("true", "yes", "on"):
            raise reader.error(node, f"{_named(path)} must be the path of a file, or false, not {word!r}")
        if set(word) & set("\n\t\r\a\b\f\v"):
            how = "it comes from a \\ in double quotation marks; use single ones"
            raise reader.error(node, f"{_named(path)} has a line break or a tab in it; {how}")
        if bare := without_typographic_quotes(word):
            raise reader.error(node, f"typographic quotation marks do not belong here; write {bare}")
        try:
            named = named_file(word)
        except InputFileError as error:
            raise reader.error(node, f"{_named(path)}: {error}") from error
        return {"file": word, "path": str(pathlib.Path(reader.file).parent / named)}


@dataclass(frozen=True, slots=True)
class MusicFile:
    """A file alone, or a mapping with the file and how it is played."""

    mapping: "Record"
    usual: Usual

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> dict[str, Any] | Literal[False]:
        """See ``Shape``."""
        if not isinstance(node, yaml.MappingNode):
            return File().read(node, path, reader)
        values = self.mapping.read(node, path, reader)
        file = values.pop("file", {})
        return values | (file or {})


def _check_list(node: yaml.Node, path: KeyPath, reader: Reader) -> None:
    """Raise ``ConfigurationError`` for a list of texts that YAML takes for one text, or for keys."""
    if isinstance(node, yaml.MappingNode):
        words = ", ".join(str(key.value) for key, _ in node.value)
        raise reader.error(node, f"{_named(path)} is a list; write it in square brackets: [{shortened(words)}]")
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            sign = re.search("[，、；]", str(item.value)) if not getattr(item, "style", '"') else None
            if node.flow_style and sign:
                what = f"entries are separated by a comma (,), not by {sign[0]}"
                raise reader.error_at(item, sign.start(), f"{what}; an entry that has it needs quotation marks")
        return
    text = str(node.value).strip()
    if getattr(node, "style", None) or not text:
        return
    if re.match("[–—•·*] ", text):
        raise reader.error(node, f"an entry of a list begins with -, not with {text[0]}")
    if re.match(r"-\w", text):
        raise reader.error(node, "a space is missing after the - of a list")
    if text[0] in "【［〔（(" or _SEPARATOR.search(text):
        inner = text.strip("【】［］〔〕（）()")
        how = f"write [{', '.join(re.split(_SEPARATOR, inner))}]; one name with a comma needs quotation marks"
        raise reader.error(node, f"{_named(path)} is a list; {how}")


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of one shape; a single scalar counts as a list of one."""

    item: Shape

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> tuple[Any, ...]:
        """See ``Shape``."""
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not isinstance(self.item, Record):
            _check_list(node, path, reader)
        return tuple(reader.visit(self.item, item, (*path, str(index))) for index, item in enumerate(items))


@dataclass(frozen=True, slots=True)
class MappingOf:
    """Free keys, values of one shape; ``keys`` limits the keys where given."""

    item: Shape
    keys: tuple[str, ...] = ()
    are_people: bool = False
    """Whether the keys are names of people."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> dict[str, Any]:
        """See ``Shape``."""
        values = {}
        for key, key_node, value in _pairs(node, path, reader, "a mapping (key: value)"):
            if self.keys and key not in self.keys:
                hint = _meant(key, self.keys)
                raise reader.error(key_node, f"{key!r} is not allowed in {_named(path)}{hint}")
            if self.are_people and (fault := name_fault(key)):
                raise reader.error(key_node, fault)
            values[key] = reader.visit(self.item, value, (*path, key), key_node)
            reader.places[(*path, key, KEY)] = reader.place(key_node)
        return values


@dataclass(frozen=True, slots=True)
class ByLanguage:
    """A language (its primary tag) to a value of one shape."""

    item: Shape

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> dict[str, Any]:
        """See ``Shape``."""
        values = {}
        for key, key_node, value in _pairs(node, path, reader, "a mapping (language: value)"):
            if primary_tag(key) != key:
                hint = language_hint(key)
                if key in record_of(Settings).fields["engine"].examples:  # type: ignore[attr-defined]
                    hint = f", but an engine; write the language before it: {path[-1]}: {{en: {{{key}: ...}}}}"
                elif path[:1] == ("pronunciations",) and not meant_language(key) and isinstance(value, yaml.ScalarNode):
                    hint = f"; write the language before it, such as en: {{{key}: {value.value}}}"
                raise reader.error(key_node, f"{key!r} is not a language, in {_named(path)}{hint}")
            values[key] = reader.visit(self.item, value, (*path, key), key_node)
        return values


@dataclass(frozen=True, slots=True)
class SpokenForm:
    """A text; or a text for each of some engines."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> str | dict[str, Any]:
        """See ``Shape``."""
        if isinstance(node, yaml.MappingNode):
            return MappingOf(Text()).read(node, path, reader)
        _scalar(node, path, reader, "text, or a mapping (engine: text)")
        return Text().read(node, path, reader)


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders, or one for each of some languages; ``false`` takes back what others say."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> str | dict[str, Any] | Literal[False]:
        """See ``Shape``."""
        if isinstance(node, yaml.MappingNode):
            return ByLanguage(_Filled()).read(node, path, reader)
        word = _scalar(node, path, reader, "text, a mapping (language: text), or false")
        return False if word.strip().lower() in ("false", "no", "off") else _Filled().read(node, path, reader)


@dataclass(frozen=True, slots=True)
class _Filled:
    """A text in which placeholders stand for what is known of an episode."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> str:
        """See ``Shape``."""
        text = Text().read(node, path, reader)
        for found in PLACEHOLDER.finditer(text):
            if found[1] not in PLACEHOLDERS:
                hint = did_you_mean(found[1], PLACEHOLDERS, f"write {{{'}, {'.join(PLACEHOLDERS)}}}")
                message = f"{_named(path)} cannot say {found[0]}{hint}"
                raise ConfigurationError(message, *_place_within(node, found[0], reader))
        return " ".join(text.split())


def _place_within(node: yaml.Node, words: str, reader: Reader) -> Place:
    """Return where words of a text stand, or where it begins: quoted and folded texts may be written otherwise."""
    begin, end = node.start_mark, node.end_mark
    if begin.buffer is None:
        return reader.place(node)
    written = begin.buffer[begin.pointer : end.pointer]
    before, found, _ = written.partition(words)
    if not found:
        return reader.place(node)
    lines = before.split("\n")
    column = len(lines[-1]) + (begin.column if len(lines) == 1 else 0)
    return reader.file, begin.line + len(lines), column + 1


@dataclass(frozen=True, slots=True)
class Record:
    """Known keys, each with its own shape: the fields of a class of ``settings``."""

    made: type[Any]
    """That class."""
    fields: Mapping[str, Shape] = field(hash=False)

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> dict[str, Any]:
        """See ``Shape``."""
        values = {}
        for key, key_node, value in _pairs(node, path, reader, "a mapping (key: value)"):
            if key not in self.fields:
                raise reader.error(key_node, self._unknown(key, path, reader.root))
            values[key] = reader.visit(self.fields[key], value, (*path, key), key_node)
        return values

    def _unknown(self, key: str, path: KeyPath, root: type[Any]) -> str:
        """Return the message for a key that is none of these."""
        if odd := odd_indent(key):
            return odd[1]
        bare = key.lstrip("- ")
        if bare != key and (bare in self.fields or [*_homes(bare, root)]):
            return f"{bare} is a key, not an entry of a list; remove the -, and indent it as the lines beside it"
        if meant := word_meant(key, self.fields):
            return f"unknown setting {_named((*path, key))}{suggestion(meant)}"
        if key.partition(".")[0] in self.fields and "." in key:
            lines = ", ".join(f"{part}:" for part in key.split("."))
            return f"{key} takes a line for each of its parts, each indented further: {lines}"
        if path[:1] == ("rules",) and not nearest(key, self.fields):
            return f"unknown setting {_named((*path, key))}; a rule is written as {{match: {key}, say: ...}}"
        if homes := [*_homes(key, root)]:
            where = alternatives([f"{home}:" for home in homes])
            place = f"under {path[-1]}" if path else "here"
            return f"{key} does not belong {place}; put it under {where}, indented further"
        return f"unknown setting {_named((*path, key))}{did_you_mean(key, self.fields)}"


def _homes(key: str, root: type[Any]) -> Iterator[str]:
    """Yield the settings of a file below which a key belongs that is in a wrong place."""
    if key in _ROLES and root is Settings:
        yield "speakers"
    for name, shape in record_of(root).fields.items():
        if isinstance(shape, Record) and key in shape.fields:
            yield name
        elif isinstance(shape, MappingOf) and isinstance(shape.item, Record) and key in shape.item.fields:
            yield f"{name}, NAME"


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever YAML says: an engine's own settings."""

    def read(self, node: yaml.Node, path: KeyPath, reader: Reader) -> Any:
        """See ``Shape``."""
        try:
            value = yaml.SafeLoader("").construct_document(node)
            json.dumps(value, ensure_ascii=False).encode()
        except (yaml.YAMLError, RecursionError, TypeError, ValueError) as error:
            raise reader.error(node, f"{_named(path)} must be text, a number, a list or a mapping of these") from error
        return value


_BY_MARK: Mapping[Mark, Shape] = {
    Mark.SIZE: Bytes(),
    Mark.FILE: File(),
    Mark.PATTERN: Pattern(),
    Mark.VOICE: VoiceName(),
    Mark.PERSON: PersonName(),
    Mark.TEMPLATE: Template(),
}


def shape_of(hint: Any) -> Shape:
    """Return how a value of an annotated type of ``settings`` is read; one that is annotated with a shape, by that.

    Raises:
        TypeError: No value of this type can be written in a file: a mistake in ``settings``.
    """
    hint, marks = _marked(hint)
    for mark in marks:
        if isinstance(mark, Between):
            return Number(mark.low, mark.high, whole=hint is int)
        if isinstance(mark, Examples):
            return Text(mark.values)
        if isinstance(mark, Usual):
            return MusicFile(record_of(Music), mark)
        if isinstance(mark, Shape):
            return mark
    if marked := next((shape for mark, shape in _BY_MARK.items() if mark in marks), None):
        return marked
    if hint == Said:
        return SpokenForm()
    simple: Mapping[Any, Shape] = {bool: Flag(), str: Text(), pathlib.Path: File(), Any: Anything()}
    if hint in simple:
        return simple[hint]
    return record_of(hint) if isinstance(hint, type) and is_dataclass(hint) else _container(hint)


def _container(hint: Any) -> Shape:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return Choice(arguments)
    if origin is tuple:
        return Sequence(shape_of(arguments[0]))
    if origin is not Mapping:
        raise TypeError(f"no setting can be of the type {hint}")
    marks, item = _marked(arguments[0])[1], shape_of(arguments[1])
    if Mark.LANGUAGE in marks:
        return ByLanguage(item)
    keys = tuple(word for mark in marks if isinstance(mark, OneOf) for word in mark.words)
    return MappingOf(item, keys, are_people=Mark.PERSON in marks)


def record_of(made: type[Any]) -> Record:
    """Return the shape of a mapping with the fields of a class of ``settings``: ``Settings`` is the whole file.

    Which bit rates fit which format and sample rate, ``loading`` checks.
    """
    return _record_of(made)  # type: ignore[arg-type]  # every class can be hashed


@cache
def _record_of(made: type[Any]) -> Record:
    hints = get_type_hints(made, include_extras=True)
    in_file = (one.name for one in fields(made) if Mark.NOT_IN_FILE not in _marked(hints[one.name])[1])
    return Record(made, {name: shape_of(hints[name]) for name in in_file})


def _marked(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return a type without the marks on it, and these; that a value may be left out makes no difference."""
    if get_origin(hint) in (Union, types.UnionType) and hint != Said:
        (hint,) = (one for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is not Annotated:
        return hint, ()
    inner, *marks = get_args(hint)
    bare, more = _marked(inner)
    return bare, (*marks, *more)
