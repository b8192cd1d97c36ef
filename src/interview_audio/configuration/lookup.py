"""Where settings files are looked for. No YAML here: an unchanged episode is recognised without reading any."""

from pathlib import Path

import platformdirs

from interview_audio.input_files import is_there

NAME = "voices.yaml"


def packaged_default() -> Path:
    """The default settings: inside an installed package, at the top of a checkout."""
    package = Path(__file__).parents[1]
    packaged = package / NAME
    return packaged if packaged.is_file() else package.parents[1] / NAME


def candidate_files(source: Path | None, explicit: Path | None) -> tuple[Path, ...]:
    """Every place that may hold settings for ``source``, weakest first, existing or not, none twice.

    The user's configuration folder, the working folder, the source's folder, then ``--voices FILE``.
    """
    places = [_of_the_user(), Path.cwd() / NAME]
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
    """The strongest settings file there is for ``source``, without the user's own, which serve every interview."""
    own = _of_the_user().absolute()
    near = (file for file in candidate_files(source, None) if file.absolute() != own and file.is_file())
    return explicit or next(reversed([*near]), None)


def _of_the_user() -> Path:
    return platformdirs.user_config_path("interview-audio", appauthor=False) / NAME


def settings_files(source: Path | None, explicit: Path | None) -> tuple[Path, ...]:
    """Those of ``candidate_files`` that are there; one that is no file is an error when it is read, not passed over."""
    return tuple(place for place in candidate_files(source, explicit) if is_there(place))
