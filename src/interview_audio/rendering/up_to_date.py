"""Whether an episode is still what a render would make: hashes of what went in, sizes of what came out.

Imports nothing heavy: an unchanged episode is recognised in the time that Python takes to start.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from interview_audio import __version__
from interview_audio.configuration.lookup import candidate_files, packaged_default, settings_files
from interview_audio.errors import ConfigurationError, SourceError
from interview_audio.files.input_files import MUSIC, SETTINGS, SOURCE, InputFileError, Limit, digest_of
from interview_audio.files.ownership import RECORD_SUFFIX, is_same_source, read_record, way_to
from interview_audio.files.staged_files import complete_published
from interview_audio.rendering.options import Options

SCHEMA = 2
"""Of the record that production writes; another one is as good as none."""
_EVERY = "*"
_RECORD = {
    "duration": (float, int),
    "fingerprint": {"assets?": [{"file": str, "beside": int, "sha256": str}]},
    "cast": [{"speaker": str, "role": str, "voices": {_EVERY: {"voice": str}}}],
    "chapters": [{}],
    "skipped": [{"kind": str, "reason": str, "line": int}],
    "files": [{"name": str, "bytes": int, "beside?": str}],
    "lines?": [
        {"take?": int, "takes?": int, "rate?": (float, int), "line": int, "speaker": str, "start": int, "text": str}
    ],
}
"""What is read of a record here and in summaries; a key with a question mark may be missing."""
ASSETS = "assets"
"""Key of the music and the cover in a fingerprint: known only once the settings have been read."""
_ASSET = MUSIC
"""The larger limit of the two: reading a cover has met its own before."""


def fingerprint(source: Path, options: Options) -> dict[str, Any]:
    """What shapes an episode: this version, the options given, the source and every settings file there is.

    Raises:
        SourceError: The source cannot be read.
        ConfigurationError: A settings file cannot be read.
    """
    settings = [packaged_default(), *settings_files(source, options.voices)]
    return {
        "version": __version__,
        "options": options.shaping(),
        "inputs": [_source_digest(source), *(_digest(file, SETTINGS) for file in settings)],
    }


def asset_digests(assets: Iterable[Path], source: Path, options: Options) -> list[dict[str, Any]]:
    """What else shapes an episode: music and a cover, each by its place beside the settings file nearest to it.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    folders = [file.absolute().parent for file in candidate_files(source, options.voices)]
    return [_asset(asset, folders) for asset in sorted(set(assets))]


def _asset(asset: Path, folders: Sequence[Path]) -> dict[str, Any]:
    ways = {index: way for index, folder in enumerate(folders) if (way := way_to(asset, folder))}
    nearest = min(ways, key=lambda index: (ways[index].count("../"), len(ways[index])), default=0)
    return {"file": ways.get(nearest, str(asset.absolute())), "beside": nearest, "sha256": _digest(asset, _ASSET)}


def _is_current(asset: Mapping[str, Any], folders: Sequence[Path]) -> bool:
    if asset["beside"] >= len(folders):  # seen from another working folder there are fewer
        return False
    path = folders[asset["beside"]] / asset["file"]
    return path.is_file() and bool(_digest(path, _ASSET) == asset["sha256"])


def _source_digest(source: Path) -> str:
    try:
        return digest_of(source, SOURCE)
    except InputFileError as error:
        raise SourceError(str(error), str(source)) from error
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", str(source)) from error


def _digest(file: Path, limit: Limit) -> str:
    try:
        return digest_of(file, limit)
    except InputFileError as error:
        raise ConfigurationError(str(error), str(file)) from error
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", str(file)) from error


def read_episode(folder: Path, stem: str) -> dict[str, Any] | None:
    """What the last render said of its episode; None where there is none that can be read.

    Raises:
        OutputError: An episode is complete and cannot be moved into place.
    """
    complete_published(folder)
    episode = read_record(folder / f"{stem}{RECORD_SUFFIX}")
    is_whole = episode is not None and episode.get("schema") == SCHEMA and _fits(episode, _RECORD)
    return episode if is_whole else None


def _fits(value: Any, shape: Any) -> bool:
    """Tell whether a value of JSON has a shape: a type, a list of one shape, or keys with their shapes.

    Anybody may have edited a record; what does not fit counts as no record, and not as an error of ours.
    """
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(item, shape[0]) for item in value)
    if not isinstance(shape, dict):
        return isinstance(value, shape) and not isinstance(value, bool)
    if not isinstance(value, dict):
        return False
    if _EVERY in shape:
        return all(_fits(item, shape[_EVERY]) for item in value.values())
    return all(
        _fits(value[key.rstrip("?")], kind) if key.rstrip("?") in value else key.endswith("?")
        for key, kind in shape.items()
    )


def is_fresh(episode: Mapping[str, Any], source: Path, options: Options) -> bool:
    """Tell whether this episode was made from just that, its sound is whole, and its other files are there.

    A companion that a person edited does not make an episode stale; one that was deleted does.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    recorded = episode.get("fingerprint")
    if not isinstance(recorded, dict) or not episode.get("files"):
        return False
    if not is_same_source(episode, options.folder, source):
        return False
    made_from = fingerprint(source, options)
    if {name: value for name, value in recorded.items() if name != ASSETS} != made_from:
        return False
    folders = [file.absolute().parent for file in candidate_files(source, options.voices)]
    if not all(_is_current(asset, folders) for asset in recorded.get(ASSETS, ())):
        return False
    names = [name for file in episode["files"] for name in (file["name"], file.get("beside")) if name]
    sound = options.folder / audio_file(episode)
    return (
        all((options.folder / name).is_file() for name in names)
        and sound.stat().st_size == episode["files"][-1]["bytes"]
    )


def audio_file(episode: Mapping[str, Any]) -> str:
    """The name of the file that is listened to: the record lists it last."""
    name: str = episode["files"][-1]["name"]
    return name
