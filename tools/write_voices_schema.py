"""Writes ``voices.schema.json``, by which editors complete and check ``voices.yaml``, from the classes of ``settings``.

It writes ``podcast.schema.json`` as well, for ``podcast.yaml``, from the classes of ``publishing.channel``.

JSON Schema draft 2020-12, with keywords alone that draft 7 has too (but for the name ``$defs``), because some editors
know no later one; ``patternErrorMessage`` is what Visual Studio Code shows, and nothing to others. It accepts what the
loader accepts and refuses nearly all that the loader refuses. It is stricter where a looser rule would make completions
worse: numbers have no quotation marks, ``true`` and ``false`` as texts have them, a file's name is no number, and no
unknown key is allowed even if its value is null.

Run it with ``--write`` after a setting has changed; ``tests/configuration/test_schema.py`` compares the files.
"""

import ast
import inspect
import itertools
import json
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from interview_audio.configuration import languages, settings, shapes
from interview_audio.configuration.loading import load_settings
from interview_audio.configuration.lookup import SCHEMA_NAME
from interview_audio.configuration.settings import LIMITS, Settings
from interview_audio.publishing import channel
from interview_audio.publishing.channel import Channel
from interview_audio.text.units import format_bytes

ROOT = Path(__file__).parents[1]
Schema = dict[str, Any]

_COMMENT = "Written by tools/write_voices_schema.py from src/interview_audio/{}; change that."
_FILLED = r"\S"
"""What a text that is not empty holds."""
_YES_OR_NO = r"^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo]|[Oo][Nn]|[Oo][Ff][Ff])$"
"""YAML 1.2 knows no other booleans than ``true`` and ``false``; the others are texts for it."""
_SIZE = r"^\s*(?:\d+(?:\.\d+)?\s*(?:[kKmMgGtT]i?[bB]?|[bB])|0+(?:\.0+)?)\s*$"
"""A size with its unit, or zero; ``quantities.parse_bytes``."""
_LONGEST_SIZE = 12
_FLAT_LIST = re.compile(r"\[\n\s*([^][{}]*?)\s*\]")
"""A list of plain values, which takes a line."""
_BY_FORMAT = ("bitrate", "sample_rate")
"""Settings whose default depends on another one."""


def voices_schema() -> Schema:
    """Return the schema of a whole settings file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": _COMMENT.format("configuration/settings.py"),
        "title": "voices.yaml of interview-audio",
        **_or_null(_record(shapes.record_of(Settings), load_settings([]))),
        "description": "Who speaks with which voice, and how the episode sounds. What is not set has a default.",
        "$defs": {"language": _language()},
    }


def podcast_schema() -> Schema:
    """Return the schema of a whole ``podcast.yaml``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": _COMMENT.format("publishing/channel.py"),
        "title": "podcast.yaml of interview-audio",
        **_or_null(_record(shapes.record_of(Channel))),
        "description": "What the feed says of the show and its episodes. What is not set has a default.",
        "$defs": {"language": _language(), "category": {"enum": channel.category_names()}},
    }


FILES = {SCHEMA_NAME: voices_schema, channel.SCHEMA_NAME: podcast_schema}
"""The names of the files, and what is in them."""


def text(name: str) -> str:
    """Return the content of one of the files."""
    lines = json.dumps(FILES[name](), indent=1, ensure_ascii=False)
    return _FLAT_LIST.sub(lambda match: "[" + ", ".join(re.split(r",\n\s*", match[1])) + "]", lines) + "\n"


def _schema(shape: shapes.Shape, default: object = None) -> Schema:
    """Return what a value of a shape may be; the default is that of a record's fields."""
    match shape:
        case (
            shapes.Text()
            | shapes.Pattern()
            | shapes.SpokenForm()
            | shapes.VoiceName()
            | shapes.PersonName()
            | shapes.Template()
        ):
            return _text(shape)
        case shapes.Choice():
            return {"enum": list(shape.words)}
        case shapes.Flag():
            message = {"patternErrorMessage": "must be true or false"}
            return {"type": ["boolean", "string"], "pattern": _YES_OR_NO, **message}
        case shapes.Number():
            return {"type": "integer" if shape.whole else "number", "minimum": shape.low, "maximum": shape.high}
        case shapes.Bytes():
            message = {"patternErrorMessage": "must be a size with its unit, such as 10GB, 500MB or 1.5GiB"}
            size = {"type": "string", "pattern": _SIZE, "maxLength": _LONGEST_SIZE, **message}
            return {"anyOf": [size, {"const": 0}]}
        case shapes.File():
            return {"anyOf": _file()}
        case shapes.MusicFile():
            return {"anyOf": [*_file(), _record(shape.mapping, shape.usual)]}
        case shapes.Sequence():
            item = _schema(shape.item)
            return {"anyOf": [{"type": "array", "items": item}, item]}
        case shapes.ByLanguage():
            item = _or_null(_schema(shape.item))
            return {"type": "object", "propertyNames": {"$ref": "#/$defs/language"}, "additionalProperties": item}
        case shapes.MappingOf():
            return _mapping(_or_null(_schema(shape.item)), shape)
        case shapes.Record():
            return _record(shape, default)
    return _own(shape)


def _own(shape: shapes.Shape) -> Schema:
    """Return what the shapes of ``channel`` say themselves; an engine's own settings are whatever it takes."""
    said: Schema = {} if isinstance(shape, shapes.Anything) else shape.schema()  # type: ignore[attr-defined]
    return said


def _text(shape: shapes.Shape) -> Schema:
    if isinstance(shape, shapes.Template):
        return {"anyOf": [{"const": False}, _text(shapes.Text()), _schema(shapes.ByLanguage(shapes.Text()))]}
    filled: Schema = {"type": ["string", "number"], "pattern": "." if isinstance(shape, shapes.Pattern) else _FILLED}
    if isinstance(shape, shapes.SpokenForm):
        return {"anyOf": [filled, {"type": "object", "additionalProperties": _or_null(filled)}]}
    return {**filled, "examples": list(shape.examples)} if isinstance(shape, shapes.Text) and shape.examples else filled


def _file() -> list[Schema]:
    return [{"type": "string", "pattern": _FILLED}, {"const": False}]


def _mapping(item: Schema, shape: shapes.MappingOf) -> Schema:
    if shape.keys:
        return {"type": "object", "properties": dict.fromkeys(shape.keys, item), "additionalProperties": False}
    return {"type": "object", "additionalProperties": item}


def _record(shape: shapes.Record, defaults: object = None) -> Schema:
    """Return the schema of a mapping with known keys, each with what its docstring says and its default."""
    about, said = _docstrings()[shape.made.__name__]
    defaults = defaults or SimpleNamespace(**{one.name: one.default for one in fields(shape.made)})
    properties = {}
    for name, inner in shape.fields.items():
        default = getattr(defaults, name, None)
        schema = _or_null(_schema(inner, default))
        meaning = said.get(name) or schema.get("description")
        head = {"description": meaning} if meaning else {}
        properties[name] = head | schema | head | _default(name, inner, default)
    schema = {"description": about, "type": "object", "properties": properties, "additionalProperties": False}
    if shape.made is settings.Sound:
        properties |= {name: {"description": said[name], **_any_format()[name]} for name in _BY_FORMAT}
        schema["allOf"] = _rates_of_formats()
    return schema


def _default(name: str, shape: shapes.Shape, value: object) -> Schema:
    if name in _BY_FORMAT or value == "" or not isinstance(value, (bool, int, float, str)):
        return {}
    return {"default": format_bytes(int(value)).replace(".0 ", "") if isinstance(shape, shapes.Bytes) else value}


def _or_null(schema: Schema) -> Schema:
    """Return the schema of a value that may be left empty in a mapping, which says nothing."""
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "type" in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return {**schema, "type": [*kinds, "null"]}
    return schema


def _language() -> Schema:
    """Return the schema of a key that is a primary tag: ``languages.primary_tag`` gives it back as it is."""
    # A pattern instead of a list: editors print lists in full.
    longer = "|".join(sorted(tag for tag in (*languages.SYNONYMS, *languages.MISTAKEN) if len(tag) == 3))
    return {
        "description": "The tag of a language: zh, en, ja, fr, de, es; or any other of ISO 639, the shortest it has.",
        "pattern": f"^(?:{'|'.join(sorted(languages.CODES))}|(?!(?:{longer})$)[a-z]{{3}})$",
        "patternErrorMessage": "is not a language; write one like zh, en, ja, fr, de or es",
    }


def _any_format() -> Mapping[str, Schema]:
    """Return what the rates may be where nothing is said of the format: another file may say it."""
    rates = sorted({rate for limits in LIMITS.values() for rate in limits.bitrates})
    bitrates = {bitrate for limits in LIMITS.values() for some in limits.bitrates.values() for bitrate in some}
    return {
        "sample_rate": {"enum": [*rates, None]},
        "bitrate": {"type": ["integer", "null"], "minimum": min(bitrates), "maximum": max(bitrates)},
    }


def _rates_of_formats() -> list[Schema]:
    """Return a rule for the rates of each format, and one for the bit rates of its sample rates where they differ."""
    rules = []
    for limits in {id(limits.bitrates): limits for limits in LIMITS.values()}.values():
        formats = [name for name, other in LIMITS.items() if other.bitrates is limits.bitrates]
        every = sorted({bitrate for some in limits.bitrates.values() for bitrate in some})
        rates = {"sample_rate": {"enum": [*limits.bitrates, None]}, "bitrate": _bitrates(every)}
        rules.append(_rule({"format": formats}, rates))
        by_bitrates: dict[tuple[int, ...], list[int]] = {}
        for rate, some in limits.bitrates.items():
            by_bitrates.setdefault(tuple(some), []).append(rate)
        if len(by_bitrates) > 1:
            rules += [
                _rule({"format": formats, "sample_rate": rates}, {"bitrate": _bitrates(some)})
                for some, rates in by_bitrates.items()
            ]
    return rules


def _rule(said: Mapping[str, list[Any]], then: Mapping[str, Schema]) -> Schema:
    condition = {name: {"enum": values} for name, values in said.items()}
    return {"if": {"properties": condition, "required": list(said)}, "then": {"properties": dict(then)}}


def _bitrates(some: Collection[int]) -> Schema:
    """Return the schema of one of some bit rates, in order, or null."""
    if some and len(some) == max(some) - min(some) + 1:
        return {"minimum": min(some), "maximum": max(some)}
    return {"enum": [*some, None]}


def _docstrings() -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """Return what is said of each class of ``settings`` and ``channel``, and of its fields, as Markdown."""
    modules = [ast.parse(inspect.getsource(module)) for module in (settings, channel)]
    classes = [node for module in modules for node in module.body if isinstance(node, ast.ClassDef)]
    return {node.name: (_markdown(ast.get_docstring(node) or ""), _said(node.body)) for node in classes}


def _said(body: list[ast.stmt]) -> Mapping[str, str]:
    found = {}
    for before, node in itertools.pairwise(body):
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name) and isinstance(node, ast.Expr):
            found[before.target.id] = _markdown(ast.literal_eval(node.value))
    return found


def _markdown(docstring: str) -> str:
    return re.sub(r"\s+", " ", docstring).replace("``", "`").strip()


def main() -> None:
    """Print the schemas, or write them with ``--write``."""
    for name in FILES:
        if "--write" in sys.argv[1:]:
            (ROOT / name).write_text(text(name), encoding="utf-8")
        else:
            sys.stdout.write(text(name))


if __name__ == "__main__":
    main()
