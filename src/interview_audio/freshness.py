"""Whether an episode is still what a render would make: hashes of what went in, sizes of what came out.

Imports nothing heavy: an unchanged episode is recognised in the time that Python takes to start.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interview_audio import __version__
from interview_audio.configuration.lookup import candidate_files, packaged_default
from interview_audio.errors import ConfigurationError

SUFFIX = ".episode.json"
SCHEMA = 1
"""Of the record that production writes; another one is as good as none."""


def fingerprint(source: Path, voices: Path | None, options: Mapping[str, str | None]) -> dict[str, Any]:
    """What shapes an episode: this version, the options given, the source and every settings file there is.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    files = [source, packaged_default(), *(file for file in candidate_files(source, voices) if file.is_file())]
    return {
        "version": __version__,
        "options": {name: value for name, value in options.items() if value is not None},
        "inputs": [_digest(file) for file in files],
    }


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", str(file)) from error


def read_episode(folder: Path, stem: str) -> dict[str, Any] | None:
    """What the last render said of its episode; None where there is none that can be read."""
    try:
        episode = json.loads((folder / f"{stem}{SUFFIX}").read_bytes())
    except (OSError, ValueError):
        return None
    return episode if isinstance(episode, dict) and episode.get("schema") == SCHEMA else None


def is_fresh(episode: Mapping[str, Any], made_from: Mapping[str, Any], folder: Path) -> bool:
    """Whether this episode was made from just that, and all its files are there in their full size."""
    if episode.get("fingerprint") != made_from or not episode.get("files"):
        return False
    sizes = {folder / file["name"]: file["bytes"] for file in episode["files"]}
    return all(path.is_file() and path.stat().st_size == size for path, size in sizes.items())
