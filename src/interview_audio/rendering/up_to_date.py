"""Whether an episode is still what a render would make: hashes of what went in, sizes of what came out.

Imports nothing heavy: an unchanged episode is recognised in the time that Python takes to start.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from interview_audio import __version__
from interview_audio.configuration.lookup import candidate_files, packaged_default, settings_files
from interview_audio.errors import ConfigurationError, SourceError
from interview_audio.files.episode_record import EpisodeRecord, Fingerprint, RecordedAsset
from interview_audio.files.input_files import MUSIC, SETTINGS, SOURCE, InputFileError, SizeLimit, digest_of
from interview_audio.files.ownership import is_same_source, way_to
from interview_audio.rendering.options import Options

_ASSET = MUSIC
"""The larger limit of the two: reading a cover has met its own before."""


def fingerprint(source: Path, options: Options) -> Fingerprint:
    """What shapes an episode: this version, the options given, the source and every settings file there is.

    Raises:
        SourceError: The source cannot be read.
        ConfigurationError: A settings file cannot be read.
    """
    settings = [packaged_default(), *settings_files(source, options.voices)]
    inputs = (_source_digest(source), *(_digest(file, SETTINGS) for file in settings))
    return Fingerprint(__version__, options.shaping(), inputs)


def asset_digests(assets: Iterable[Path], source: Path, options: Options) -> tuple[RecordedAsset, ...]:
    """What else shapes an episode: music and a cover, each by its place beside the settings file nearest to it.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    folders = [file.absolute().parent for file in candidate_files(source, options.voices)]
    return tuple(_asset(asset, folders) for asset in sorted(set(assets)))


def _asset(asset: Path, folders: Sequence[Path]) -> RecordedAsset:
    ways = {index: way for index, folder in enumerate(folders) if (way := way_to(asset, folder))}
    nearest = min(ways, key=lambda index: (ways[index].count("../"), len(ways[index])), default=0)
    return RecordedAsset(ways.get(nearest, str(asset.absolute())), nearest, _digest(asset, _ASSET))


def _is_current(asset: RecordedAsset, folders: Sequence[Path]) -> bool:
    if asset.beside >= len(folders):  # seen from another working folder there are fewer
        return False
    path = folders[asset.beside] / asset.file
    return path.is_file() and _digest(path, _ASSET) == asset.sha256


def _source_digest(source: Path) -> str:
    try:
        return digest_of(source, SOURCE)
    except InputFileError as error:
        raise SourceError(str(error), str(source)) from error
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", str(source)) from error


def _digest(file: Path, limit: SizeLimit) -> str:
    try:
        return digest_of(file, limit)
    except InputFileError as error:
        raise ConfigurationError(str(error), str(file)) from error
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", str(file)) from error


def is_fresh(
    episode: EpisodeRecord, source: Path, options: Options, waiting: Mapping[str, Path] = MappingProxyType({})
) -> bool:
    """Tell whether this episode was made from just that, its sound is whole, and its other files are there.

    A companion that a person edited does not make an episode stale; one that was deleted does.

    Args:
        episode: The episode's record.
        source: What would be rendered.
        options: With what would be rendered.
        waiting: Files by name that an interrupted render has finished and not moved into place.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    if not is_same_source(episode.manifest, options.folder, source):
        return False
    if replace(episode.fingerprint, assets=()) != fingerprint(source, options):
        return False
    folders = [file.absolute().parent for file in candidate_files(source, options.voices)]
    if not all(_is_current(asset, folders) for asset in episode.fingerprint.assets):
        return False
    names = [name for file in episode.files for name in (file.name, file.beside) if name]
    paths = {name: waiting.get(name, options.folder / name) for name in names}
    is_whole = all(path.is_file() for path in paths.values())
    return is_whole and paths[episode.sound.name].stat().st_size == episode.sound.size
