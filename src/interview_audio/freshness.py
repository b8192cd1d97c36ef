"""Whether an episode is still what a render would make: hashes of what went in, sizes of what came out.

Imports nothing heavy: an unchanged episode is recognised in the time that Python takes to start.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from interview_audio import __version__
from interview_audio.configuration.lookup import candidate_files, packaged_default, settings_files
from interview_audio.errors import ConfigurationError
from interview_audio.options import Options
from interview_audio.production.staging import complete_published

SUFFIX = ".episode.json"
SCHEMA = 2
"""Of the record that production writes; another one is as good as none."""
ASSETS = "assets"
"""Key of the music and the cover in a fingerprint: known only once the settings have been read."""


def fingerprint(source: Path, options: Options) -> dict[str, Any]:
    """What shapes an episode: this version, the options given, the source and every settings file there is.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    files = [source, packaged_default(), *settings_files(source, options.voices)]
    return {
        "version": __version__,
        "options": options.shaping(),
        "inputs": [_digest(file) for file in files],
    }


def asset_digests(assets: Iterable[Path], source: Path, options: Options) -> list[dict[str, Any]]:
    """What else shapes an episode: music and a cover, each by its place beside the settings file nearest to it.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    folders = [file.absolute().parent for file in candidate_files(source, options.voices)]
    return [_asset(asset, folders) for asset in sorted(set(assets))]


def _asset(asset: Path, folders: Sequence[Path]) -> dict[str, Any]:
    ways = {index: way for index, folder in enumerate(folders) if (way := _way(asset, folder))}
    nearest = min(ways, key=lambda index: (ways[index].count("../"), len(ways[index])), default=0)
    return {"file": ways.get(nearest, str(asset.absolute())), "beside": nearest, "sha256": _digest(asset)}


def _way(asset: Path, folder: Path) -> str | None:
    """From a folder to a file; None where there is none: they are on two drives."""
    try:
        return os.path.relpath(asset.absolute(), folder).replace(os.sep, "/")
    except ValueError:
        return None


def _is_current(asset: Mapping[str, Any], folders: Sequence[Path]) -> bool:
    if asset["beside"] >= len(folders):  # seen from another working folder there are fewer
        return False
    path = folders[asset["beside"]] / asset["file"]
    return path.is_file() and bool(_digest(path) == asset["sha256"])


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", str(file)) from error


def read_episode(folder: Path, stem: str) -> dict[str, Any] | None:
    """What the last render said of its episode; None where there is none that can be read.

    Raises:
        OutputError: An episode is complete and cannot be moved into place.
    """
    complete_published(folder)
    try:
        episode = json.loads((folder / f"{stem}{SUFFIX}").read_bytes())
    except (OSError, ValueError):
        return None
    return episode if isinstance(episode, dict) and episode.get("schema") == SCHEMA else None


def is_fresh(episode: Mapping[str, Any], source: Path, options: Options) -> bool:
    """Whether this episode was made from just that, and all its files are there in their full size.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    recorded = episode.get("fingerprint")
    if not isinstance(recorded, dict) or not episode.get("files"):
        return False
    made_from = fingerprint(source, options)
    if {name: value for name, value in recorded.items() if name != ASSETS} != made_from:
        return False
    folders = [file.absolute().parent for file in candidate_files(source, options.voices)]
    if not all(_is_current(asset, folders) for asset in recorded.get(ASSETS, ())):
        return False
    sizes = {options.folder / file["name"]: file["bytes"] for file in episode["files"]}
    return all(path.is_file() and path.stat().st_size == size for path, size in sizes.items())


def audio_file(episode: Mapping[str, Any]) -> str:
    """The name of the file that is listened to: the record lists it last."""
    name: str = episode["files"][-1]["name"]
    return name
