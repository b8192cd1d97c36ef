"""Where settings files are looked for, and what is in them, read once. No YAML here.

An unchanged episode is recognised by the digests of these files, without parsing any.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
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
CAST_NAME = "cast.yaml"
"""The file of a series: who speaks with which voice in all of its episodes."""
_MOST_FOLDERS_UP = 3
"""From a source to the cast of its series: ``show/season/episode/texts``."""
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
    is_cast: bool = False
    """Whether it is that of a series."""

    @property
    def sha256(self) -> str:
        """The digest of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class SettingsFiles:
    """The settings files that count for one source, each read once."""

    packaged: SettingsFile
    found: tuple[SettingsFile, ...] = ()
    """The user's, weakest first; the cast of the series is among them, below the file beside the source."""
    candidates: tuple[Path, ...] = ()
    """Every place where a ``voices.yaml`` was looked for, weakest first; relative music and covers are named from these
    folders."""
    nearest: Path | None = None
    """The strongest of those that are about this source; None where only the user's own and the default count."""
    cast_at: int = 0
    """Where among ``found`` the cast of the series is, or would be."""

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
    found = [settings_file(path, piped=piped) for path in candidates if is_there(path, piped)]
    beside = source and (_folder_of(source) / NAME, explicit and explicit.absolute())
    cast_at = next((at for at, file in enumerate(found) if beside and file.path.absolute() in beside), len(found))
    cast = next((path for path in cast_candidates(source) if is_there(path)), None)
    if cast:
        found.insert(cast_at, cast_file(cast))
    nearest = nearest_file(source, explicit) if source else explicit
    return SettingsFiles(_packaged(), tuple(found), candidates, nearest, cast_at)


def cast_candidates(source: Path | None) -> tuple[Path, ...]:
    """Return where the cast of a source's series is looked for: beside it, then in the folders above; the first counts.

    None of them need exist.
    """
    if source is None:
        return ()
    folder = _folder_of(source)
    return tuple(one / CAST_NAME for one in (folder, *folder.parents[:_MOST_FOLDERS_UP]))


def _folder_of(source: Path) -> Path:
    """Return the folder of a source as people would write it: ``/talks``, and not ``/here/../talks``."""
    folder = source.absolute().parent
    if ".." not in folder.parts:
        return folder
    plain = Path(os.path.normpath(folder))
    try:
        return plain if plain.samefile(folder) else folder  # behind a link, `..` leads elsewhere
    except OSError:
        return folder


def cast_file(path: Path) -> SettingsFile:
    """Read the cast of a series; raises ``ConfigurationError``."""
    return replace(settings_file(path), is_cast=True)


def these_files(paths: Iterable[Path]) -> SettingsFiles:
    """Read these settings files, weakest first, and look for no others; raises ``ConfigurationError``."""
    files = tuple(map(settings_file, paths))
    return SettingsFiles(_packaged(), files, tuple(file.path for file in files), cast_at=max(0, len(files) - 1))


def _packaged() -> SettingsFile:
    return settings_file(packaged_default(), DEFAULT_NAME)


def settings_file(path: Path, name: str = "", piped: PipedContents = NOTHING_PIPED) -> SettingsFile:
    """Read one file; ``name`` is what messages call it, its path unless given. Raises ``ConfigurationError``."""
    try:
        return SettingsFile(path, name or str(path), read_file(path, SETTINGS, piped))
    except InputFileError as error:
        raise ConfigurationError(str(error), str(path)) from error
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", str(path)) from error


def packaged_default() -> Path:
    """Return the file of the default settings: inside an installed package, at the top of a checkout."""
    return _packaged_file(NAME)


def packaged_schema(name: str = SCHEMA_NAME) -> Path:
    """Return the file of a JSON Schema, that of ``voices.yaml`` unless named; it lies beside the default settings."""
    return _packaged_file(name)


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
        places.append(_folder_of(source) / NAME)
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
