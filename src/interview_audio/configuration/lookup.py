"""Where settings files are looked for. No YAML here: an unchanged episode is recognised without reading any."""

from pathlib import Path

from interview_audio.files.app_folders import settings_folder
from interview_audio.files.input_files import is_there

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


def settings_files(source: Path | None, explicit: Path | None) -> tuple[Path, ...]:
    """Those of ``candidate_files`` that are there; one that is not a file is an error when it is read."""
    return tuple(place for place in candidate_files(source, explicit) if is_there(place))


def nearest_file(source: Path, explicit: Path | None) -> Path | None:
    """The strongest settings file there is for ``source``, without the user's own, which serve every interview."""
    folder = settings_folder()
    own = folder and (folder / NAME).absolute()
    near = (file for file in candidate_files(source, None) if file.absolute() != own and file.is_file())
    return explicit or next(reversed([*near]), None)


def working_folder() -> Path | None:
    """Where relative paths begin; None where it has been removed."""
    try:
        return Path.cwd()
    except OSError:
        return None
