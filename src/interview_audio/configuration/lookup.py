"""Where settings files are looked for. No YAML here: an unchanged episode is recognised without reading any."""

import stat
from pathlib import Path

from interview_audio.app_folders import settings_folder
from interview_audio.errors import ConfigurationError

NAME = "voices.yaml"


def packaged_default() -> Path:
    """The default settings: inside an installed package, at the top of a checkout."""
    package = Path(__file__).parents[1]
    packaged = package / NAME
    return packaged if packaged.is_file() else package.parents[1] / NAME


def candidate_files(source: Path | None, explicit: Path | None) -> tuple[Path, ...]:
    """Every place that may hold settings for ``source``, weakest first, existing or not, none twice.

    The user's configuration folder and the working folder where there are such, the source's folder, then
    ``--voices FILE``.
    """
    folders = (settings_folder(), _working_folder())
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


def settings_files(source: Path | None, explicit: Path | None) -> tuple[Path, ...]:
    """The settings files that there are for ``source``, weakest first.

    Raises:
        ConfigurationError: A folder has the name of one.
    """
    return tuple(file for file in candidate_files(source, explicit) if _is_file(file))


def _is_file(place: Path) -> bool:
    try:
        mode = place.stat().st_mode
    except OSError:  # not there, or behind a folder that this user may not enter
        return False
    if stat.S_ISDIR(mode):
        raise ConfigurationError("this is a folder where a settings file should be; rename or remove it", str(place))
    return stat.S_ISREG(mode)


def _working_folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # it has been removed
        return None
