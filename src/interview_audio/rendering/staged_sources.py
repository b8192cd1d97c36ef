"""Episodes that go to an address, and sources that are sent to whoever makes them.

A worker may not share a disk with the author. The source and its settings are sent along with the call; a worker lays
them out in a folder of its own as they lie to each other, makes the episode there, and sends it on. What music, covers
and recordings they name is known only once a worker has read them: it asks for what it does not have.
"""

import hashlib
import os
import platform
import shutil
import uuid
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from interview_audio.configuration.loading import named_cast, settings_from
from interview_audio.configuration.lookup import SettingsFiles
from interview_audio.errors import ConfigurationError, InterviewAudioError, OutputError, reworded
from interview_audio.files.app_folders import cache_folder
from interview_audio.files.atomic_files import file_lock, make_folder, try_file_lock, write_whole
from interview_audio.files.episode_record import RecordedAsset
from interview_audio.files.input_files import (
    SOUND,
    InputFileError,
    SizeLimit,
    Stamp,
    digest_of,
    read_file,
    stamp_of,
)
from interview_audio.rendering.job import RenderJob, cast_source, parse_source, recordings_of
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.render import Episode, unchanged_episode
from interview_audio.rendering.up_to_date import RenderInputs, is_up_to_date, named_assets, read_inputs
from interview_audio.storage.addresses import Address
from interview_audio.storage.remote_files import RemoteEpisode
from interview_audio.synthesis.clip_worker import LoadedEngines
from interview_audio.synthesis.store import open_store

_SENT = SizeLimit("200 MB", "put it where all machines that make episodes find it by the same path")
"""Of a file that goes to a worker through the memory of whoever hands out the work."""
_REMEMBERED = 32
"""Files whose digests are sent with every source: the music of a show is asked for once."""
_MISSING = ""
"""The digest of a file that is not there."""
_KEPT_DAYS = 7
_DAY = 86_400


class FilesWantedError(InterviewAudioError):
    """A worker needs files that a source or its settings name: send them, and ask again.

    Args:
        unknown: Paths of files of which it must know the digest.
        missing: Paths of files that it does not have.
    """

    def __init__(self, unknown: tuple[str, ...], missing: tuple[str, ...]) -> None:
        super().__init__(unknown, missing)
        self.unknown = unknown
        self.missing = missing

    @property
    def named(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.unknown, *self.missing)

    def __str__(self) -> str:
        return f"{', '.join(self.named)}: changed again and again while it was read; run again"


@dataclass(frozen=True, slots=True)
class SentSource:
    """A source and its settings, as they are sent to a worker."""

    path: Path
    """The whole path of its file, which need not be on the worker."""
    is_piped: bool
    content: bytes = field(repr=False)
    files: SettingsFiles = field(repr=False)
    digests: Mapping[str, str] = field(default_factory=dict, repr=False)
    """SHA-256 of files that may be named, by their whole paths; empty for one that is not there."""
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Those that a worker has asked for, by their SHA-256."""

    @property
    def bytes(self) -> int:
        """Of the contents."""
        return sum(map(len, self.contents.values()))

    @property
    def inputs(self) -> RenderInputs:
        """What was read, for a worker that sees the folder of the output, and what is named by its whole path."""
        return RenderInputs(self.path, self.content, self.files, is_piped=self.is_piped)


class SourceSender:
    """Reads what is sent to workers; it remembers digests of a few files, and no content."""

    def __init__(self) -> None:
        self._digests: OrderedDict[str, tuple[Stamp, str]] = OrderedDict()

    def sent(
        self, source: Path, options: RenderOptions, named: Collection[str] = (), missing: Collection[str] = ()
    ) -> SentSource:
        """Return a source as it is now.

        Args:
            source: The file.
            options: Chosen beside it.
            named: The whole paths of files that it is known to name.
            missing: Those of them that workers do not have.

        Raises:
            SourceError: It cannot be read.
            ConfigurationError: A settings file cannot be read.
        """
        inputs = read_inputs(source, replace(options, output=None))
        digests = {path: self._digest(path) for path in dict.fromkeys((*self._digests, *named))}
        while len(self._digests) > _REMEMBERED:
            self._digests.popitem(last=False)
        contents = {}
        for path in missing:
            try:
                contents[digests[path]] = read_file(Path(path), _SENT)
            except InputFileError as error:
                raise ConfigurationError(str(error), path) from error
            except OSError:  # it has gone: the worker says so
                continue
        return SentSource(_whole(source), inputs.is_piped, inputs.content, _seen(inputs.files), digests, contents)

    def _digest(self, path: str) -> str:
        stamp = stamp_of(Path(path))
        before, digest = self._digests.pop(path, (None, _MISSING))
        if stamp is None or stamp != before:
            try:
                digest = digest_of(Path(path), SOUND)
            except (OSError, InputFileError):
                digest = _MISSING
        self._digests[path] = stamp, digest
        return digest


def for_others(options: RenderOptions) -> RenderOptions:
    """Return options that mean the same on another machine, for a source that is sent along."""
    output = _whole(options.place) if isinstance(options.place, Path) else options.place
    return replace(options, output=output, store=open_store(options.store).location, voices=None, piped={})


def as_given(text: str, source: Path, options: RenderOptions) -> str:
    """Return a message of a worker with the source and the output as they were given here."""
    for given in (source, options.place):
        text = text.replace(str(_whole(given)), str(given)) if isinstance(given, Path) else text
    return text


def _seen(files: SettingsFiles) -> SettingsFiles:
    """Return settings files with their whole paths."""
    return replace(
        files,
        found=tuple(replace(file, path=_whole(file.path)) for file in files.found),
        candidates=tuple(map(_whole, files.candidates)),
        nearest=files.nearest and _whole(files.nearest),
    )


@dataclass(frozen=True, slots=True)
class StagedSource:
    """A source whose episode goes to an address, where it can be worked on."""

    inputs: RenderInputs
    options: RenderOptions
    """With the folder in which the episode is made."""
    remote: RemoteEpisode
    layout: "_Layout | None"
    """None where the files of the author are at hand."""

    @property
    def unchanged(self) -> Episode | None:
        """The episode that is there, if it is up to date."""
        return unchanged_episode(self.inputs, self.options) if is_up_to_date(self.inputs, self.options) else None

    def prepare(self, engines: LoadedEngines) -> RenderJob:
        """Parse and cast it.

        Raises:
            FilesWantedError: It names files that are not here.
            InterviewAudioError: Its episode cannot be made.
        """
        inputs, options, layout = self.inputs, self.options, self.layout
        if layout:
            if cast := named_cast(inputs.files):
                layout.fetch((cast,))
            settings = settings_from(inputs.files, options.format)
            layout.fetch((*settings.assets(), *recordings_of(inputs.source, {})))
        parsed = parse_source(inputs, options)
        if layout:
            layout.fetch(parsed.images)
        job = cast_source(parsed, options, engines)
        return _without_places(job, layout) if layout else job

    def episode(self, engines: LoadedEngines, render_job: Callable[[RenderJob], Episode]) -> Episode:
        """Return the episode that is there, if it is up to date; else have one made, and send it.

        Raises:
            FilesWantedError: It names files that are not here.
            InterviewAudioError: It cannot be made or sent.
        """
        if episode := self.unchanged:
            return episode
        episode = render_job(self.prepare(engines))
        self.remote.send(episode.files)
        return episode

    def shown(self, text: str) -> str:
        """Return a message with the names that the author knows."""
        text = text.replace(str(self.options.folder), str(self.remote.address))
        return self.layout.shown(text) if self.layout else text


@contextmanager
def staged(source: Path, options: RenderOptions, sent: SentSource | None = None) -> Iterator[StagedSource]:
    """Open a context in which an episode can be made that goes to an address; messages name the author's files.

    Args:
        source: As the author names it.
        options: With the address.
        sent: The source, where its files may not be here.

    Raises:
        FilesWantedError: What shaped the episode that is there must be known.
        InterviewAudioError: The source cannot be read, or the address not be reached.
    """
    address = options.output
    assert isinstance(address, Address)
    with _own_folder() as folder, _explained(folder):
        made_in = folder / "out"
        made_in.mkdir()
        remote = RemoteEpisode(address, options.stem(source))
        chosen = replace(options, output=made_in)
        if sent is None:
            inputs = read_inputs(source, replace(chosen, output=None))
            layout = None
        else:
            layout = _Layout(folder / "in", source, sent)
            inputs = layout.inputs()
        token = "" if inputs.is_piped else _token_of(sent.path if sent else source)
        inputs = replace(inputs, record=remote.fetch_record(made_in), elsewhere=remote, token=token)
        if layout:
            inputs = replace(inputs, digests=layout.known(named_assets(inputs)))
        one = StagedSource(inputs, chosen, remote, layout)
        try:
            yield one
        except InterviewAudioError as error:
            if isinstance(error.__cause__, OSError) and str(made_in) in str(error):
                raise error.__cause__ from error  # of this machine's disk, which says nothing of the address
            raise reworded(error, one.shown) from error


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Have an error of this machine's disk say which machine that is."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"the episode cannot be made in {folder.parent} of {platform.node()} ({error.strerror}); make room there, "
            "or set XDG_CACHE_HOME to another folder"
        ) from error


@cache
def _sweep(above: Path) -> None:
    """Remove what killed processes have left, once."""
    for lock in above.glob("*.lock"):
        with suppress(OSError), try_file_lock(lock) as is_free:
            if is_free:
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)


@contextmanager
def _own_folder() -> Iterator[Path]:
    """Give a folder that is removed afterwards, as are those of processes that were killed."""
    above = cache_folder() / "staged"
    with ExitStack() as held:
        with _explained(above / "any"):
            make_folder(above)
            _sweep(above)
            folder = above.resolve() / uuid.uuid4().hex[:12]
            held.enter_context(file_lock(folder.with_suffix(".lock")))
            folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class _Layout:
    """The author's files in a folder of this machine, as they lie to each other."""

    def __init__(self, folder: Path, source: Path, sent: SentSource) -> None:
        self.folder = folder
        self.source = self._here(sent.path)
        self._sent = sent
        self._written = {str(self.source): str(source)}
        """What the author calls files that are here."""

    def inputs(self) -> RenderInputs:
        """Lay the source and its settings out."""
        sent = self._sent
        self._write(self.source, sent.content)
        for place in sent.files.candidates:
            self._here(place).parent.mkdir(parents=True, exist_ok=True)
        found = []
        for file in sent.files.found:
            path = self._here(file.path)
            self._write(path, file.content)
            self._written[str(path)] = file.name
            found.append(replace(file, path=path, name=str(path)))  # files that it names are looked for beside it
        nearest = sent.files.nearest
        files = replace(
            sent.files,
            found=tuple(found),
            candidates=tuple(map(self._here, sent.files.candidates)),
            nearest=nearest and self._here(nearest),
        )
        return RenderInputs(self.source, sent.content, files, is_piped=sent.is_piped)

    def known(self, paths: Iterable[Path]) -> Mapping[Path, str]:
        """Return the digests of files as the author has them; raise ``FilesWantedError`` if one is not known."""
        named = {path: self._there(path) for path in paths}
        unknown = {there for there in named.values() if there not in self._sent.digests}
        if unknown:
            raise FilesWantedError(tuple(sorted(unknown)), ())
        return {path: self._sent.digests[there] for path, there in named.items()}

    def fetch(self, paths: Iterable[Path]) -> None:
        """Put files where they are named, or raise ``FilesWantedError``; one that the author has not is left out."""
        missing = []
        for path, digest in self.known(tuple(paths)).items():
            there = self._there(path)
            if self.is_outside(path):
                _refuse_another(path, digest)
            elif digest == _MISSING or path.exists():
                continue
            elif (found := self._content(Path(there), digest)) is None:
                missing.append(there)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                _link(found, path)
        if missing:
            raise FilesWantedError((), tuple(missing))

    def is_outside(self, path: Path) -> bool:
        """Tell whether a file is named by a whole path."""
        return not Path(os.path.normpath(path)).is_relative_to(self.folder)

    def shown(self, text: str) -> str:
        """Return a message with the author's names of files."""
        for here in sorted(self._written, key=len, reverse=True):
            text = text.replace(here, self._written[here])
        return text.replace(str(self.folder), "")

    def _content(self, there: Path, digest: str) -> Path | None:
        """Return a file with this content: the author's own, if that can be seen from here, or one that was sent."""
        with suppress(OSError, InputFileError):
            if digest_of(there, SOUND) == digest:
                return there
        kept = cache_folder() / "sent" / digest
        if content := self._sent.contents.get(digest):
            make_folder(kept.parent)
            _forget_old(kept.parent)
            write_whole(kept, content)
        with suppress(OSError, InputFileError):
            if digest_of(kept, SOUND) == digest:
                kept.touch()
                return kept
        return None

    def _here(self, path: Path) -> Path:
        whole = _whole(path)
        return self.folder / whole.drive.rstrip(":") / whole.relative_to(whole.anchor)

    def _there(self, path: Path) -> str:
        whole = Path(os.path.normpath(path))
        if not whole.is_relative_to(self.folder):
            return str(whole)
        parts = whole.relative_to(self.folder).parts
        return str(Path(f"{parts[0]}:\\", *parts[1:]) if os.name == "nt" else Path("/", *parts))

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _refuse_another(path: Path, digest: str) -> None:
    """Raise ``ConfigurationError`` where a file that is named by its whole path is not the author's."""
    with suppress(OSError, InputFileError):
        if digest_of(path, SOUND) == digest:
            return
    raise ConfigurationError(
        "the machine that makes the episode does not have this file, or another one; put it beside the text or its "
        "settings, and name it from there",
        str(path),
    )


def _whole(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - which resolves no links, but what leads up and down again


def _token_of(source: Path) -> str:
    """Return what stands for a source's path: the same for the same path, and nobody reads from it where it is."""
    return f"source:{hashlib.sha256(os.fsencode(_whole(source))).hexdigest()}"


def _link(target: Path, path: Path) -> None:
    try:
        path.symlink_to(target)
    except OSError:  # Windows lets few people do that
        shutil.copyfile(target, path)


def _forget_old(folder: Path) -> None:
    """Remove what was sent long ago."""
    import time

    for path in folder.iterdir():
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _KEPT_DAYS * _DAY:
                path.unlink()


def _without_places(job: RenderJob, layout: _Layout) -> RenderJob:
    """Return a job whose record says nothing of where its worker has put files."""
    folders = job.parsed.inputs.folders

    def named(asset: RecordedAsset) -> RecordedAsset:
        path = folders[asset.beside] / asset.file
        return replace(asset, file=os.path.normpath(path), beside=0) if layout.is_outside(path) else asset

    def placed(one: RenderJob) -> RenderJob:
        made_of = replace(one.fingerprint, assets=tuple(map(named, one.fingerprint.assets)))
        return replace(one, fingerprint=made_of, fallback=one.fallback and placed(one.fallback))

    return placed(job)
