"""The files that shape an episode, each read once, and whether an episode is still what a render would make of them.

Imports nothing heavy: an unchanged episode is recognised in the time that Python takes to start.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from interview_audio import __version__
from interview_audio.configuration.lookup import SettingsFiles, read_settings_files
from interview_audio.errors import ConfigurationError
from interview_audio.files.episode_record import EpisodeRecord, Fingerprint, RecordedAsset
from interview_audio.files.input_files import CHAPTER_IMAGE, SOUND, InputFileError, PipedContents, digest_of
from interview_audio.files.ownership import SIDECAR_SUFFIXES, Elsewhere, SourceFile, is_same_source, way_to
from interview_audio.files.staged_files import waiting_files
from interview_audio.rendering.options import STRICT, RenderOptions
from interview_audio.transcript.reading import read_bytes

if TYPE_CHECKING:
    from interview_audio.configuration.settings import Settings

_ASSET = SOUND
"""The limit of a cover is smaller, and is checked when the cover is read."""
_MISSING = ""
"""The digest of an image that cannot be read: once it can, the episode is another one."""
_TEXT = Path("episode.txt")
"""What the text of a caller in Python is called; its settings are those of the working folder."""


@dataclass(frozen=True, slots=True)
class RenderInputs:
    """Everything on the disk that shapes an episode, as it was when it was read."""

    source: Path
    content: bytes = field(repr=False)
    """Of the source."""
    files: SettingsFiles
    settings: "Settings | None" = None
    """Those of a caller in Python, which replace all files."""
    record: EpisodeRecord | None = field(default=None, repr=False)
    """That of the episode which the last render made; None if there is none, or if no episode is asked for."""
    waiting: Mapping[str, Path] = field(default_factory=dict, repr=False)
    """Files by name that an interrupted render has finished and not moved into place."""
    is_piped: bool = False
    """The source came through a pipe: its path names no file, and means another text in the next run."""
    elsewhere: Elsewhere | None = field(default=None, repr=False)
    """Where the episode goes in the end, if not into the folder in which it is made."""
    token: str = ""
    """What stands for the source's path in the record of an episode at an address."""
    digests: Mapping[Path, str] | None = field(default=None, repr=False)
    """SHA-256 of music, covers and recordings where they are the author's; None if they are read here."""

    @property
    def sha256(self) -> str:
        """The digest of the source, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def source_file(self) -> SourceFile:
        """The source, as ownership of files depends on it."""
        return SourceFile(self.source, self.sha256, self.is_piped, self.token)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders in which settings files are looked for; assets are recorded by their way from one of them."""
        return tuple(file.absolute().parent for file in self.files.candidates)


def read_inputs(source: str | Path, options: RenderOptions, settings: "Settings | None" = None) -> RenderInputs:
    """Read the source, its settings files and, if an episode is to be made, the record of the last one.

    Args:
        source: The file of an interview; or, if it has a line break, the text of one.
        options: What was chosen beside it.
        settings: Settings of a caller in Python, which replace all files.

    Raises:
        SourceError: The source cannot be read.
        ConfigurationError: A settings file cannot be read.
        OutputError: The list of an interrupted render's files is damaged.
    """
    path, content = _source(source, options.piped)
    files = read_settings_files(path, options.voices, options.piped)
    return with_record(RenderInputs(path, content, files, settings, is_piped=path in options.piped), options)


def with_record(inputs: RenderInputs, options: RenderOptions) -> RenderInputs:
    """Add the record of the last episode in the folder of the output, if one is to be made.

    Raises:
        OutputError: The list of an interrupted render's files is damaged.
    """
    if not options.output:
        return inputs
    waiting = waiting_files(options.folder)
    record = EpisodeRecord.read(options.folder, options.stem(inputs.source), waiting)
    return replace(inputs, record=record, waiting=waiting)


def _source(source: str | Path, piped: PipedContents) -> tuple[Path, bytes]:
    if isinstance(source, str) and "\n" in source:
        return _TEXT, source.encode()
    return Path(source), read_bytes(Path(source), piped)


def fingerprint(inputs: RenderInputs, options: RenderOptions) -> Fingerprint:
    """Return what shapes an episode: this version, the options given, the source and every settings file."""
    if inputs.settings is not None:
        digest = hashlib.sha256(repr(inputs.settings).encode()).hexdigest()
        return Fingerprint(__version__, options.shaping() | {"settings": digest}, (inputs.sha256,))
    digests = (inputs.sha256, *(file.sha256 for file in inputs.files.all))
    return Fingerprint(__version__, options.shaping(), digests)


def asset_digests(
    assets: Iterable[Path], inputs: RenderInputs, images: Iterable[Path] = ()
) -> tuple[RecordedAsset, ...]:
    """Return what else shapes an episode: music, a cover, recordings; each by its way from the nearest settings file.

    They are known only once settings and source have been parsed.

    Args:
        assets: Files that must be there.
        inputs: What was read.
        images: Files that a text names, and that the episode is made without where they cannot be read.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    needed, wished = set(assets), set(images)
    return tuple(
        _asset(asset, inputs.folders, _digest if asset in needed else _digest_if_any)
        for asset in sorted(needed | wished)
    )


def _asset(asset: Path, folders: Sequence[Path], digest: Callable[[Path], str]) -> RecordedAsset:
    ways = {index: way for index, folder in enumerate(folders) if (way := way_to(asset, folder))}
    nearest = min(ways, key=lambda index: (ways[index].count("../"), len(ways[index])), default=0)
    return RecordedAsset(ways.get(nearest, str(asset.absolute())), nearest, digest(asset))


def named_assets(inputs: RenderInputs) -> tuple[Path, ...]:
    """Return the files that shaped the episode beside its source and settings, as its record names them."""
    record, folders = inputs.record, inputs.folders
    assets = record.fingerprint.assets if record else ()
    return tuple(folders[asset.beside] / asset.file for asset in assets if asset.beside < len(folders))


def _is_current(asset: RecordedAsset, inputs: RenderInputs) -> bool:
    folders = inputs.folders
    if asset.beside >= len(folders):  # seen from another working folder there are fewer
        return False
    path = folders[asset.beside] / asset.file
    if inputs.digests is not None:
        return inputs.digests.get(path) == asset.sha256
    if asset.sha256 == _MISSING:
        return _digest_if_any(path) == _MISSING
    return _size_of(path) is not None and _digest(path) == asset.sha256


def _is_same(made: Fingerprint, wanted: Fingerprint) -> bool:
    """Tell whether an episode was made of what is wanted, and was checked as strictly."""
    is_checked = STRICT in made.options or STRICT not in wanted.options
    shaping = [
        replace(one, assets=(), options={name: value for name, value in one.options.items() if name != STRICT})
        for one in (made, wanted)
    ]
    return is_checked and shaping[0] == shaping[1]


def _size_of(file: Path) -> int | None:
    """Return the bytes of a file; None if it does not exist, or if nobody may look."""
    try:
        return file.stat().st_size if file.is_file() else None
    except OSError:
        return None


def _digest(file: Path) -> str:
    try:
        return digest_of(file, _ASSET)
    except InputFileError as error:
        raise ConfigurationError(str(error), str(file)) from error
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", str(file)) from error


def _digest_if_any(file: Path) -> str:
    try:
        return digest_of(file, CHAPTER_IMAGE) if _size_of(file) is not None else _MISSING
    except (OSError, InputFileError):
        return _MISSING


def is_up_to_date(inputs: RenderInputs, options: RenderOptions) -> bool:
    """Tell whether a render would change nothing: same inputs, the sound is whole, and all other files exist.

    A sidecar file that a person edited does not make an episode out of date; one that was deleted does, and one that an
    earlier version did not write.

    Raises:
        ConfigurationError: Music or the cover cannot be read.
    """
    episode = inputs.record
    if episode is None or options.redo or options.is_forced:
        return False
    if not is_same_source(episode.manifest, options.folder, inputs.source_file):
        return False
    if not _is_same(episode.fingerprint, fingerprint(inputs, options)):
        return False
    if not all(_is_current(asset, inputs) for asset in episode.fingerprint.assets):
        return False
    names = [name for file in episode.files for name in (file.name, file.beside) if name]
    if not {options.stem(inputs.source) + suffix for suffix in SIDECAR_SUFFIXES} <= set(names):
        return False
    if inputs.elsewhere is not None:
        return _is_whole(episode, names, inputs.elsewhere)
    paths = {name: inputs.waiting.get(name, options.folder / name) for name in names}
    sizes = {name: _size_of(path) for name, path in paths.items()}
    return None not in sizes.values() and sizes[episode.sound.name] == episode.sound.size


def _is_whole(episode: EpisodeRecord, names: Sequence[str], place: Elsewhere) -> bool:
    sound, written = episode.sound, episode.manifest.written
    is_there = all(place.size(name) is not None for name in names)
    return is_there and place.size(sound.name) == sound.size and place.is_ours(sound.name, written)
