"""Reads ``voices.yaml`` files and merges them over the packaged default into ``Settings``."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from interview_audio.configuration import schema
from interview_audio.configuration.lookup import packaged_default
from interview_audio.configuration.settings import Chapters, Pauses, Read, Settings, Sound, Speaker
from interview_audio.errors import ConfigurationError

DEFAULT_NAME = "(packaged default)"
# ISO/IEC 11172-3 and 13818-3: Layer III bit rates (kbit/s) that exist at a sample rate.
MPEG1_BITRATES = range(32, 321)
MPEG2_BITRATES = range(8, 161)


def load_settings(files: Iterable[Path]) -> Settings:
    """Merge the default and these files, later ones over earlier ones: mappings deeply, lists replaced.

    Args:
        files: Paths of existing files, weakest first.

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
    return _settings(merged, places)


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
        raise ConfigurationError(f"a character that YAML forbids: {error.reason}", name, line, column) from error
    except RecursionError as error:
        raise ConfigurationError("nested too deeply", name) from error
    if node is None or node.tag == schema.NULL_TAG:
        return {}, {}
    values: dict[str, Any] = reader.visit(schema.VOICES_FILE, node, ())
    return values, reader.places


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigurationError("not UTF-8 text; save it as UTF-8", str(file), line) from error
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", str(file)) from error


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _settings(values: Mapping[str, Any], places: Mapping[schema.Path, schema.Place]) -> Settings:
    settings = Settings(
        engine=values["engine"],
        engines=values.get("engines", {}),
        speakers={name: Speaker(name, **entry) for name, entry in values.get("speakers", {}).items()},
        pool=values.get("pool", {}),
        read=Read(**values.get("read", {})),
        pronunciations=values.get("pronunciations", {}),
        pauses=Pauses(**values.get("pauses", {})),
        chapters=Chapters(**values.get("chapters", {})),
        sound=Sound(**values.get("sound", {})),
        places=places,
    )
    _check_bitrate(settings)
    return settings


def _check_bitrate(settings: Settings) -> None:
    sound = settings.sound
    allowed = MPEG1_BITRATES if sound.sample_rate >= 32000 else MPEG2_BITRATES
    if sound.bitrate not in allowed:
        place = settings.places.get(("sound", "bitrate"), (DEFAULT_NAME, None, None))
        raise ConfigurationError(
            f"MP3 at {sound.sample_rate} Hz allows {allowed[0]} to {allowed[-1]} kbit/s, not {sound.bitrate}", *place
        )
