"""Where settings files are looked for, and what is in them, read once. No YAML here.

An unchanged episode is recognised by the digests of these files, without parsing any.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from interview_audio.errors import ConfigurationError
from interview_audio.files.app_folders import settings_folder
from interview_audio.files.input_files import (
    NOTHING_PIPED,
    SETTINGS,
    InputFileError,
    PipedContents,
    is_there,
    read_file,
)

NAME = "voices.yaml"
SCHEMA_NAME = "voices.schema.json"
DEFAULT_NAME = "(packaged default)"
"""What messages call the packaged ``voices.yaml``."""


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file that has been read."""

    path: Path
    name: str
    """As messages write it."""
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The digest of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class SettingsFiles:
    """The settings files that count for one source, each read once."""

    packaged: SettingsFile
    found: tuple[SettingsFile, ...] = ()
    """The user's, weakest first."""
    candidates: tuple[Path, ...] = ()
    """Every place where one was looked for, weakest first; relative music and covers are named from these folders."""
    nearest: Path | None = None
    """The strongest of those that are about this source; None where only the user's own and the default count."""

    @property
    def all(self) -> tuple[SettingsFile, ...]:
        """All files, weakest first."""
        return (self.packaged, *self.found)


def read_settings_files(
    source: Path | None, explicit: Path | None, piped: PipedContents = NOTHING_PIPED
) -> SettingsFiles:
    """Find and read the settings files for a source, or those for every source.

    Args:
        source: The interview; None where the command is about none.
        explicit: The file of ``--voices``.
        piped: Has the content of that file if it came through a pipe.

    Raises:
        ConfigurationError: One cannot be read.
    """
    candidates = candidate_files(source, explicit)
    found = tuple(_file(path, piped=piped) for path in candidates if is_there(path, piped))
    return SettingsFiles(_packaged(), found, candidates, nearest_file(source, explicit) if source else explicit)


def these_files(paths: Iterable[Path]) -> SettingsFiles:
    """Read these settings files, weakest first, and look for no others; raises ``ConfigurationError``."""
    files = tuple(map(_file, paths))
    return SettingsFiles(_packaged(), files, tuple(file.path for file in files))


def _packaged() -> SettingsFile:
    return _file(packaged_default(), DEFAULT_NAME)


def _file(path: Path, name: str = "", piped: PipedContents = NOTHING_PIPED) -> SettingsFile:
    try:
        return SettingsFile(path, name or str(path), read_file(path, SETTINGS, piped))
    except InputFileError as error:
        raise ConfigurationError(str(error), str(path)) from error
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", str(path)) from error


def packaged_default() -> Path:
    """Return the file of the default settings: inside an installed package, at the top of a checkout."""
    return _packaged_file(NAME)


def packaged_schema() -> Path:
    """Return the file of the JSON Schema of ``voices.yaml``, which lies beside the default settings."""
    return _packaged_file(SCHEMA_NAME)


def _packaged_file(name: str) -> Path:
    package = Path(__file__).parents[1]
    packaged = package / name
    return packaged if packaged.is_file() else package.parents[1] / name


def candidate_files(source: Path | None, explicit: Path | None) -> tuple[Path, ...]:
    """Return every place that may hold settings for ``source``, weakest first, existing or not, none twice.

    The user's configuration folder and the working folder where there are such, the source's folder, then
    ``--voices FILE``.
    """
    folders = (settings_folder(), working_folder())
    places = [folder / NAME for folder in folders if folder]
    if source is not None:
        places.append(source.absolute().parent / NAME)
    if explicit is not None:
        places.append(explicit)
    unique: dict[Path, Path] = {}
    for place in places:
        unique.pop(place.absolute(), None)  # the strongest mention counts
        unique[place.absolute()] = place
    return tuple(unique.values())


def nearest_file(source: Path, explicit: Path | None) -> Path | None:
    """Return the strongest settings file for ``source``, without the user's own, which serve every interview."""
    folder = settings_folder()
    own = folder and (folder / NAME).absolute()
    near = (file for file in candidate_files(source, None) if file.absolute() != own and file.is_file())
    return explicit or next(reversed([*near]), None)


def working_folder() -> Path | None:
    """Return the folder where relative paths begin; None where it has been removed."""
    try:
        return Path.cwd()
    except OSError:
        return None
