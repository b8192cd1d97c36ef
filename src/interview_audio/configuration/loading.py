"""Parses ``voices.yaml`` files and merges them over the packaged default into ``Settings``."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from interview_audio.configuration.lookup import (
    DEFAULT_NAME,
    SettingsFile,
    SettingsFiles,
    cast_file,
    settings_file,
    these_files,
)
from interview_audio.configuration.mistakes import StrictLoader, explain, foreign_kind
from interview_audio.configuration.settings import (
    LIMITS,
    PLACEHOLDER,
    REFERENCE_TO_GROUP,
    Format,
    KeyPath,
    Music,
    Place,
    ReadingRule,
    Settings,
    Show,
    Sound,
    Speaker,
    Usual,
)
from interview_audio.configuration.shapes import NULL_TAG, MusicFile, Reader, Record, record_of
from interview_audio.errors import ConfigurationError

_Places = Mapping[KeyPath, Place]
_OTHER_KINDS = {
    b"\xff\xfe": 'this is UTF-16 text (the "Unicode" of Windows)',
    b"\xfe\xff": 'this is UTF-16 text (the "Unicode" of Windows)',
    b"PK\x03\x04": "this is a Word document or an archive, not plain text",
}
"""How files of other kinds begin."""


def load_settings(files: Iterable[str | Path] = (), output_format: Format | None = None) -> Settings:
    """Read settings files and merge them over the packaged default.

    Args:
        files: Paths of ``voices.yaml`` files, weakest first; no others are looked for.
        output_format: Of the episode, over what the files say; rates that it does not have are replaced by its own.

    Raises:
        ConfigurationError: See ``settings_from``; or a file cannot be read.
    """
    return settings_from(these_files(map(Path, files)), output_format)


def settings_from(files: SettingsFiles, output_format: Format | None = None) -> Settings:
    """Merge the default and the files of a user, later ones over earlier ones: mappings deeply, lists replaced.

    Args:
        files: As they have been read.
        output_format: Of the episode, over what the files say; rates that it does not have are replaced by its own.

    Raises:
        ConfigurationError: A file is not YAML in UTF-8, or says what ``settings`` does not know; with the place.
    """
    merged: dict[str, Any] = {}
    places: dict[KeyPath, Place] = {}
    cast: str | None = None
    for file, (values, found) in _layers(files):
        merged = _merge(merged, values)
        places |= found
        cast = file.name if file.is_cast else cast
    return replace(_settings(merged, places, output_format), cast_file=cast)


_Layer = tuple[dict[str, Any], dict[KeyPath, Place]]
"""The plain values of a file, and where each is written."""
_IN_CAST = ("speakers", "pool", "show", "pronunciations")
"""What the cast of a series may say: what belongs to a show, as a file above the texts is easily forgotten."""


def _layers(files: SettingsFiles) -> list[tuple[SettingsFile, _Layer]]:
    """Read the files, weakest first; the cast that settings name takes the place of the one that was found."""
    layers = [(file, _layer(file)) for file in files.all]
    saying = _naming_cast(layers)
    if saying is None:
        return layers
    values, places = saying
    at = files.cast_at + 1  # the packaged default is below all
    below, above = layers[:at], [(file, layer) for file, layer in layers[at:] if not file.is_cast]
    if not values["series"]:
        return [*below, *above]
    path = Path(values["series"]["path"])
    if not path.is_file():
        raise ConfigurationError(f"series: there is no file {path}", *places[("series",)])
    cast = cast_file(path)
    return [*below, (cast, _layer(cast)), *above]


def _naming_cast(layers: list[tuple[SettingsFile, _Layer]]) -> _Layer | None:
    return next((layer for _, layer in reversed(layers) if "series" in layer[0]), None)


def named_cast(files: SettingsFiles) -> Path | None:
    """Return the cast of a series that settings files name, whether it is there or not; None if they name none.

    Raises:
        ConfigurationError: A file is not YAML in UTF-8, or says what is not known; with the place.
    """
    saying = _naming_cast([(file, _layer(file)) for file in files.found])
    return Path(saying[0]["series"]["path"]) if saying and saying[0]["series"] else None


def cast_speakers(text: str, file: Path) -> dict[str, Speaker]:
    """Return the people in the text of a series' cast; raise ``ConfigurationError`` for any other text."""
    values, places = _layer(SettingsFile(file, str(file), text.encode(), is_cast=True))
    return _speakers(values.get("speakers", {}), places)


def _layer(file: SettingsFile) -> _Layer:
    if file.name == DEFAULT_NAME:
        return _packaged_values(file.content)
    values, places = read_values(_text(file), file.name)
    if file.is_cast and (foreign := next((key for key in values if key not in _IN_CAST), None)):
        allowed = f"{', '.join(_IN_CAST[:-1])} and {_IN_CAST[-1]}"
        message = f"the cast of a series has {allowed} alone; move {foreign} to voices.yaml"
        raise ConfigurationError(message, *places[(foreign,)])
    return values, places


@lru_cache(maxsize=1)
def _packaged_values(content: bytes) -> tuple[dict[str, Any], dict[KeyPath, Place]]:
    """Return what the packaged default says, read once by a process that reads settings again and again."""
    return read_values(content.decode(), DEFAULT_NAME)


def read_file_of(root: type[Any], path: Path) -> _Layer:
    """Return the plain values of a file that holds what the fields of a class say, and where each is written.

    Raises:
        ConfigurationError: It cannot be read, is not YAML in UTF-8, or not as the class says; with the place.
    """
    file = settings_file(path)
    return read_values(_text(file), file.name, root)


def read_values(text: str, name: str, root: type[Any] = Settings) -> _Layer:
    """Return the plain values of one file, and where each is written.

    Args:
        text: Of the file.
        name: Of the file, as messages write it.
        root: The class whose fields say what it may hold.

    Raises:
        ConfigurationError: Not YAML, or not as the class says; with file, line and column.
    """
    reader = Reader(name, root)
    if mistake := foreign_kind(text):
        raise ConfigurationError(mistake.message, name, mistake.line, mistake.column)
    try:
        node = yaml.compose(text, StrictLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mistake = explain(text, error)
        raise ConfigurationError(mistake.message, name, mistake.line, mistake.column) from error
    if node is None or node.tag == NULL_TAG:
        return {}, {}
    values: dict[str, Any] = reader.visit(record_of(root), node, ())
    return values, reader.places


def _text(file: SettingsFile) -> str:
    for beginning, what in _OTHER_KINDS.items():
        if file.content.startswith(beginning):
            raise ConfigurationError(f"{what}; save it as UTF-8", file.name, 1, 1)
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig")) + 1
        raise ConfigurationError("not UTF-8 text; save it as UTF-8", file.name, line, column) from error


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _settings(values: Mapping[str, Any], places: _Places, output_format: Format | None) -> Settings:
    """Return the values as those of the classes; three groups need more than what is written in them."""
    special: dict[str, Any] = {
        "speakers": _speakers(values.get("speakers", {}), places),
        "sound": _sound(values.get("sound", {}), places, output_format),
        "show": _show(values.get("show", {}), places),
        "series": Path(values["series"]["path"]) if values.get("series") else None,
        "rules": tuple(_rules(values.get("rules", ()), places)),
    }
    plain = {
        key: shape.made(**values[key]) if isinstance(shape, Record) else values[key]
        for key, shape in record_of(Settings).fields.items()
        if key in values and key not in special
    }
    return Settings(**plain, **special, places=places)


def _speakers(values: Mapping[str, Any], places: _Places) -> dict[str, Speaker]:
    return {name: Speaker(name, **entry, place=places.get(("speakers", name))) for name, entry in values.items()}


def _rules(values: Collection[Mapping[str, Any]], places: _Places) -> Iterator[ReadingRule]:
    """Yield the rules of reading; each says either what is said or that nothing is."""
    for number, entry in enumerate(values):
        named, path = f"rules.{number}", ("rules", str(number))
        if "match" not in entry:
            raise ConfigurationError(f"{named} has no match; add match: REGULAR EXPRESSION", *places[path])
        rule = ReadingRule(**entry, place=places[(*path, "match")])
        if bool(rule.say) == rule.skip:
            fault = "has both say and skip; keep one" if rule.say else "does nothing; add say: TEXT, or skip: true"
            raise ConfigurationError(f"{named} {fault}", *places[path])
        if missing := next(_missing_groups(rule), None):
            message = f"{rule.match!r} has no group for {missing}; put ( ) around what it means"
            raise ConfigurationError(message, *places[(*path, "say")])
        yield rule


def _missing_groups(rule: ReadingRule) -> Iterator[str]:
    """Yield what a rule would say of a group that its expression does not have."""
    found = list(REFERENCE_TO_GROUP.finditer(rule.say))
    if not found:
        return
    import regex  # see ``shapes.Pattern``

    pattern = regex.compile(rule.match)
    groups = {*map(str, range(pattern.groups + 1)), *pattern.groupindex}
    yield from (reference[0] for reference in found if (reference[1] or reference[2]) not in groups)


def _show(values: Mapping[str, Any], places: _Places) -> Show:
    cover = values.get("cover")
    said = {key: values.get(key) or None for key in ("opening", "closing")}
    for key, written in said.items():
        texts = {} if written is None else {(): written} if isinstance(written, str) else written
        for language, text in texts.items():
            if "show" in PLACEHOLDER.findall(text) and not values.get("title"):
                place = places[("show", key, *([language] if language else []))]
                raise ConfigurationError(
                    f"show.{key} says {{show}}, which has no name; add title: NAME to show:", *place
                )
    return Show(**{**values, **said, "cover": Path(cover["path"]) if cover else None})


def _sound(values: Mapping[str, Any], places: _Places, output_format: Format | None) -> Sound:
    files_own: Format = values.get("format", Sound().format)
    chosen = output_format or files_own
    sample_rate, bitrate = _rates(values, places, chosen, is_files_own=chosen == files_own)
    music = {
        kind: _music(kind, values[kind], shape.usual, places) if values.get(kind) else None
        for kind, shape in record_of(Sound).fields.items()
        if isinstance(shape, MusicFile)
    }
    return Sound(**{**values, **music, "format": chosen, "sample_rate": sample_rate, "bitrate": bitrate})


def _rates(values: Mapping[str, Any], places: _Places, chosen: Format, *, is_files_own: bool) -> tuple[int, int]:
    """Return sample rate and bit rate; what the chosen format does not have is an error if the files chose it."""
    limits = LIMITS[chosen]
    sample_rate: int = values.get("sample_rate", limits.sample_rate)
    if sample_rate not in limits.bitrates:
        if is_files_own:
            allowed = ", ".join(map(str, limits.bitrates))
            place = places.get(("sound", "sample_rate"), (DEFAULT_NAME, None, None))
            raise ConfigurationError(f"{chosen} supports the sample rates {allowed}, not {sample_rate}", *place)
        sample_rate = limits.sample_rate
    bitrates = limits.bitrates[sample_rate]
    bitrate: int = values.get("bitrate", limits.bitrate)
    if ("bitrate" in values or bitrates) and bitrate not in bitrates:
        if is_files_own:
            place = places.get(("sound", "bitrate"), (DEFAULT_NAME, None, None))
            raise ConfigurationError(
                f"{chosen} at {sample_rate} Hz supports {_listed(bitrates)}, not {bitrate}", *place
            )
        bitrate = limits.bitrate
    return sample_rate, bitrate


def _listed(bitrates: Collection[int]) -> str:
    if not bitrates:
        return "no bit rate"
    numbers = f"{bitrates[0]} to {bitrates[-1]}" if isinstance(bitrates, range) else ", ".join(map(str, bitrates))
    return f"the bit rates {numbers} kbit/s"


def _music(kind: str, values: Mapping[str, Any], usual: Usual, places: _Places) -> Music:
    if "file" not in values:
        raise ConfigurationError(f"sound.{kind} has no file; add file: PATH", *places["sound", kind])
    return Music(**{**usual._asdict(), **values, "path": Path(values["path"])})
