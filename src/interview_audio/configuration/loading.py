"""Reads ``voices.yaml`` files and merges them over the packaged default into ``Settings``."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from interview_audio.configuration import schema
from interview_audio.configuration.formats import LIMITS
from interview_audio.configuration.lookup import packaged_default
from interview_audio.configuration.settings import (
    Captions,
    Chapters,
    Format,
    Music,
    Pauses,
    Read,
    Settings,
    Show,
    Sound,
    Speaker,
    Store,
)
from interview_audio.errors import ConfigurationError
from interview_audio.files.input_files import SETTINGS, InputFileError, read_file

DEFAULT_NAME = "(packaged default)"
# What music does unless its mapping says otherwise: levels in LU relative to the speech, times in seconds.
MUSIC = {
    "intro": {"volume": -4.0, "ducked": -18.0, "fade_in": 0.0, "fade_out": 3.0, "overlap": 3.0},
    "outro": {"volume": -4.0, "ducked": -18.0, "fade_in": 1.5, "fade_out": 4.0, "overlap": 2.0},
    "sting": {"volume": -6.0, "ducked": -18.0, "fade_in": 0.0, "fade_out": 0.5, "overlap": 0.0},
    "bed": {"volume": -20.0, "ducked": -24.0, "fade_in": 1.5, "fade_out": 2.5, "overlap": 0.0},
}


def load_settings(files: Iterable[Path], output_format: Format | None = None) -> Settings:
    """Merge the default and these files, later ones over earlier ones: mappings deeply, lists replaced.

    Args:
        files: Paths of existing files, weakest first.
        output_format: Of the episode, over what the files say; rates that it does not have give way to its own.

    Raises:
        ConfigurationError: A file cannot be read, is not YAML or says what ``schema`` does not know; with the place.
    """
    merged: dict[str, Any] = {}
    places: dict[schema.Path, schema.Place] = {}
    texts = [(DEFAULT_NAME, packaged_default().read_text("utf-8")), *((str(file), _read(file)) for file in files)]
    for name, text in texts:
        values, found = read_values(text, name)
        merged = _merge(merged, values)
        places |= found
    return _settings(merged, places, output_format)


def read_values(text: str, name: str) -> tuple[dict[str, Any], dict[schema.Path, schema.Place]]:
    """The plain values of one file and where each stood.

    Raises:
        ConfigurationError: Not YAML, or not of the schema; with file, line and column.
    """
    reader = schema.Reader(name)
    try:
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise ConfigurationError(f"not valid YAML: {error.problem or error.context}", name, *where) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        raise ConfigurationError(
            f"contains a character that YAML does not allow: {error.reason}", name, line, column
        ) from error
    except RecursionError as error:
        raise ConfigurationError("nested too deeply; make it flatter", name) from error
    if node is None or node.tag == schema.NULL_TAG:
        return {}, {}
    values: dict[str, Any] = reader.visit(schema.VOICES_FILE, node, ())
    return values, reader.places


def _read(file: Path) -> str:
    try:
        return read_file(file, SETTINGS).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigurationError("not UTF-8 text; save it as UTF-8", str(file), line) from error
    except InputFileError as error:
        raise ConfigurationError(str(error), str(file)) from error
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", str(file)) from error


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _settings(
    values: Mapping[str, Any], places: Mapping[schema.Path, schema.Place], output_format: Format | None
) -> Settings:
    show = values.get("show", {})
    return Settings(
        engine=values["engine"],
        engines=values.get("engines", {}),
        speakers={
            name: Speaker(name, **entry, place=places.get(("speakers", name)))
            for name, entry in values.get("speakers", {}).items()
        },
        pool=values.get("pool", {}),
        read=Read(**values.get("read", {})),
        pronunciations=values.get("pronunciations", {}),
        pauses=Pauses(**values.get("pauses", {})),
        chapters=Chapters(**values.get("chapters", {})),
        sound=_sound(values.get("sound", {}), places, output_format),
        captions=Captions(**values.get("captions", {})),
        show=Show(show.get("title"), Path(show["cover"]["path"]) if show.get("cover") else None),
        store=Store(**values.get("store", {})),
        places=places,
    )


def _sound(
    values: Mapping[str, Any], places: Mapping[schema.Path, schema.Place], output_format: Format | None
) -> Sound:
    chosen: Format = output_format or values.get("format", "mp3")
    is_files_own = chosen == values.get("format", "mp3")
    limits = LIMITS[chosen]
    sample_rate = values.get("sample_rate", limits.sample_rate)
    if sample_rate not in limits.bitrates:
        if is_files_own:
            allowed = ", ".join(map(str, limits.bitrates))
            place = places.get(("sound", "sample_rate"), (DEFAULT_NAME, None, None))
            raise ConfigurationError(f"{chosen} supports the sample rates {allowed}, not {sample_rate}", *place)
        sample_rate = limits.sample_rate
    bitrates = limits.bitrates[sample_rate]
    bitrate = values.get("bitrate", limits.bitrate if limits.bitrate in bitrates or not bitrates else max(bitrates))
    if ("bitrate" in values or bitrates) and bitrate not in bitrates:
        if is_files_own:
            place = places.get(("sound", "bitrate"), (DEFAULT_NAME, None, None))
            raise ConfigurationError(
                f"{chosen} at {sample_rate} Hz supports {_listed(bitrates)}, not {bitrate}", *place
            )
        bitrate = limits.bitrate
    music = {kind: _music(kind, values[kind], places) for kind in MUSIC if values.get(kind)}
    return Sound(values.get("loudness", -16.0), bitrate, sample_rate, chosen, **music)


def _listed(bitrates: Collection[int]) -> str:
    if not bitrates:
        return "no bit rate"
    numbers = f"{bitrates[0]} to {bitrates[-1]}" if isinstance(bitrates, range) else ", ".join(map(str, bitrates))
    return f"the bit rates {numbers} kbit/s"


def _music(kind: str, values: Mapping[str, Any], places: Mapping[schema.Path, schema.Place]) -> Music:
    if "file" not in values:
        raise ConfigurationError(f"sound.{kind} has no file; add file: PATH", *places["sound", kind])
    return Music(**{**MUSIC[kind], **values, "path": Path(values["path"])})
