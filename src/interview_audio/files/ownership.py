"""Which files a command may write: those that are not there, and those that it wrote itself for the same source.

The record beside an episode (``.episode.json``) says which source the episode was made from and the SHA-256 of every
file that was written. Everything else in the output folder is the user's and is never replaced. This is the only place
that decides it: for episodes, previews, script files, and whatever a later command writes.
"""

import hashlib
import itertools
import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from interview_audio.errors import OutputError, UsageError
from interview_audio.files.atomic_files import make_folder, sweep, write_whole
from interview_audio.files.episode_record import RECORD_SUFFIX, Manifest, RecordedSource, read_manifest
from interview_audio.files.file_names import SCRIPT_MARK, stem_of
from interview_audio.text.units import counted

SIDECAR_SUFFIXES = (".chapters.json", ".psc.xml", ".vtt", ".srt", ".transcript.json", ".md", ".html")
"""Of the text files of an episode."""
LYRICS_SUFFIX = ".lrc"
"""Of the lyrics, where settings ask for them."""
COVER_SUFFIX = ".cover.jpg"
"""Of the picture in full size, for a feed."""


def chapter_image_suffix(number: int) -> str:
    """Return the suffix of the file for an image of the text, counted from 1."""
    return f".image-{number}.jpg"


_ANOTHER_PLACE = "choose another name with --name NAME or another folder with -o DIR"
_ANOTHER_FILE = "choose another file with -o FILE"
_MAX_STEPS_UP = 3
"""A relative path with more of them is harder to read than the absolute one."""

_SAME_TEXT = 0.5
"""Share of an episode's text that has to be in a source: an edited text keeps most lines, another one has none."""


class OccupiedError(OutputError):
    """Files that a render would write exist and are not its own: choose another place."""

    def __init__(self, obstacles: tuple[str, ...]) -> None:
        super().__init__(obstacles)
        self.obstacles = obstacles

    def __str__(self) -> str:
        first, *others = self.obstacles
        if not others:
            return first
        return f"{first} ({counted(len(others), 'more file')} in the way)"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The source that is to be rendered, as it was read."""

    path: Path
    sha256: str | None = None
    """Of its bytes, in hexadecimal; None if it is not known."""
    is_piped: bool = False
    """It came through a pipe: its path names no file, and means another text in the next run."""
    token: str = ""
    """Stands for its path in a record that is not to tell that; empty where the record does."""


class Elsewhere(Protocol):
    """The place of an episode's files that is no folder of this machine: they are made in one, and sent there."""

    def size(self, name: str) -> int | None:
        """Return the bytes of a file that is there; None if there is none."""

    def is_ours(self, name: str, written: Mapping[str, str | int]) -> bool:
        """Tell whether a file that is there is as we have put it there, by what its episode's record says."""

    def shown(self, name: str) -> str:
        """Return where a file is or would be, as messages show it."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an episode goes, and what is needed to tell its own files from others."""

    folder: Path
    """Where its files are made, and stay unless they go elsewhere."""
    stem: str
    """Of the file names: ``talk.zh`` for ``talk.zh.mp3``."""
    source: SourceFile | None = None
    """What it is made from; None if it is not known, and then no existing file is replaced."""
    text: str = field(default="", repr=False)
    """What the source says, by which a source that was moved is recognised."""
    protected: Sequence[tuple[Path, str]] = field(default=(), repr=False)
    """Files that are never written to, and what each is: the source, settings files, music, a cover."""
    is_trial: bool = False
    """It is made of test tones, which do not replace speech."""
    is_forced: bool = False
    """Files of this episode that a person edited are replaced too."""
    is_part: bool = False
    """It holds a part of the text only."""
    record_suffix: str = RECORD_SUFFIX
    waiting: Mapping[str, Path] = field(default_factory=dict, repr=False)
    """Files by name that an interrupted render has finished and not moved into place: they count as being there."""
    elsewhere: Elsewhere | None = field(default=None, repr=False)
    """Where the files go in the end, and what is there is not to be replaced unless it is ours."""

    @property
    def record(self) -> str:
        """Name of the file that lists the others."""
        return self.stem + self.record_suffix

    def path(self, name: str) -> Path:
        """Return where the file of this name is, or would be."""
        return self.waiting.get(name, self.folder / name)

    def is_there(self, name: str) -> bool:
        """Tell whether anything has this name, be it a link that leads nowhere."""
        return _is_there(self.path(name)) if self.elsewhere is None else self.elsewhere.size(name) is not None

    def shown(self, name: str) -> str:
        """Return where the file of this name is or would be, as messages show it."""
        return str(self.folder / name) if self.elsewhere is None else self.elsewhere.shown(name)


@dataclass(frozen=True, slots=True)
class FileNames:
    """What each file of an episode is called so that nothing of the user's is replaced."""

    names: Mapping[str, str]
    """By suffix."""
    kept: Mapping[str, str]
    """Files that a person edited, and the name of the new file that is written beside each."""
    earlier: Mapping[str, str]
    """Existing files of this episode that are not written now, with the SHA-256 that they were written with."""


def episode_suffixes(audio_format: str, others: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the suffixes of all files of an episode, the sound last; others are those that settings ask for."""
    return (*SIDECAR_SUFFIXES, *others, COVER_SUFFIX, RECORD_SUFFIX, f".{audio_format}")


def assign_names(destination: Destination, suffixes: Sequence[str]) -> FileNames:
    """Decide what the files of an episode are called.

    Args:
        destination: Where it goes.
        suffixes: Of all files: the record's among them, the sound's last.

    Raises:
        OccupiedError: A file would be replaced that this source's last render did not write.
    """
    record = read_manifest(destination.path(destination.record))
    _refuse(_protected(destination, suffixes))
    if record is not None:
        _refuse(_foreign(destination, record))
    written = record.written if record else {}
    names: dict[str, str] = {}
    kept: dict[str, str] = {}
    obstacles: list[str] = []
    for suffix in suffixes:
        name = destination.stem + suffix
        if not destination.is_there(name) or (suffix == destination.record_suffix and record is not None):
            names[suffix] = name
            continue
        state = _state(destination, name, written)
        if state == "ours" or (state == "edited" and destination.is_forced):
            names[suffix] = name
        elif state == "edited" and suffix != suffixes[-1]:
            names[suffix] = kept[name] = _beside(destination, suffix, written)
        else:
            obstacles.append(_obstacle(destination, name, state))
    _refuse(obstacles)
    return FileNames(names, kept, _earlier(destination, written, names))


def protected_files(
    source: Path,
    settings: Collection[Path],
    assets: Collection[Path],
    recordings: Collection[Path] = (),
    images: Collection[Path] = (),
) -> tuple[tuple[Path, str], ...]:
    """List files that a command never writes to, and what each is in messages."""
    return (
        (source, "the source"),
        *((file, "a settings file") for file in settings),
        *((file, "music or the cover") for file in assets),
        *((file, "the recording of a turn") for file in recordings),
        *((file, "an image of the text") for file in images),
    )


def check_script_file(
    path: Path, text: str, protected: Sequence[tuple[Path, str]], is_script: Callable[[str], bool], *, is_forced: bool
) -> bool:
    """See that a script file may be written, and tell whether it already has this text.

    Args:
        path: The file.
        text: What is to be written.
        protected: Files that are never written to, and what each is.
        is_script: Tells a script file from another text.
        is_forced: An existing script file is replaced, with what a person changed in it.

    Raises:
        UsageError: The file is one of the user's.
    """
    for other, what in protected:
        if _is_same_file(path, other):
            raise UsageError(f"{path} is {what}; {_ANOTHER_FILE}")
    if (special := _special(path)) is not None:
        raise UsageError(f"{path} is {special}; {_ANOTHER_FILE}")
    if not _is_there(path):
        return False
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} exists and cannot be read: {error.strerror}; {_ANOTHER_FILE}") from error
    if content == text.encode():
        return True
    if not is_script(content.decode("utf-8", "replace")):
        raise UsageError(f"{path} exists and is not a script file; {_ANOTHER_FILE}")
    if not is_forced:
        raise UsageError(f"{path} exists, perhaps with your changes; {_ANOTHER_FILE}, or replace it with --force")
    return False


def write_new(path: Path, content: bytes, *, is_forced: bool = False) -> None:
    """Write a whole file or none, and none over another one unless that is asked for; the same content is left alone.

    Raises:
        OutputError: Another file has this name, or it cannot be written.
    """
    try:
        make_folder(path.parent)
        if path.exists() and path.read_bytes() == content:
            return
        if path.exists() and not is_forced:
            raise OutputError(f"{path} exists and is not replaced; choose another place with -o, or use --force")
        sweep(path.parent)
        write_whole(path, content)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another place with -o") from error


def free_name(folder: Path, name: str) -> str:
    """Return a name for a new file beside one of this name that is kept: ``talk.new.md`` for ``talk.md``."""
    stem, dot, suffix = name.rpartition(".")
    return next(new for new in _new_names(stem, dot + suffix) if not _is_there(folder / new))


def _new_names(stem: str, suffix: str) -> Iterator[str]:
    return (f"{stem}.new{number if number > 1 else ''}{suffix}" for number in itertools.count(1))


def is_same_source(
    record: Manifest, folder: Path, source: SourceFile, text: str | None = None, *, is_part: bool = False
) -> bool:
    """Tell whether a record in ``folder`` is of this source.

    That is so if the record names this file, or has its token; a project that moved as a whole keeps the way from one
    to the other.
    If the file that it names is gone (moved, renamed, standard input, a page of the web), or one of the two is the
    script of the other, the text decides: it has the same bytes or shares most of what was spoken.

    Args:
        record: What it lists.
        folder: The folder in which it lies.
        source: What is to be rendered.
        text: What the source says; None if it was not read, and then only its bytes are compared.
        is_part: The record is of a preview, which holds a part of the text.
    """
    if source.token and record.source is not None and record.source.file == source.token:
        return True
    recorded = recorded_source(record, folder)
    path = source.path
    if recorded is not None and not source.is_piped and _is_same_file(recorded, path):
        return True
    if recorded is not None and _is_file(recorded):
        if _is_script(recorded) == _is_script(path):
            return False
        if recorded.absolute().parent == path.absolute().parent and stem_of(recorded) == stem_of(path):
            return True
    elif source.sha256 is not None and record.source and source.sha256 == record.source.sha256:
        return True
    return text is not None and _shares_text(record, text, is_part=is_part)


def recorded_source(record: Manifest, folder: Path) -> Path | None:
    """Return the file that an episode was made from, whether it exists or not; None if the record does not say."""
    if record.source is None or not record.source.file:
        return None
    return Path(os.path.normpath(folder.resolve() / record.source.file))


def describe_source(destination: Destination) -> RecordedSource | None:
    """Return what a record says about its source: the way from the folder to it, and the SHA-256 of its bytes."""
    source = destination.source
    if source is None:
        return None
    if source.token:
        return RecordedSource(source.token, source.sha256)
    # What was piped in has no place of its own.
    # Between real paths: two projects may share one output folder by a link each.
    way = None if source.is_piped else way_to(source.path.resolve(), destination.folder.resolve())
    return RecordedSource(way, source.sha256)


def way_to(file: Path, folder: Path) -> str | None:
    """Return the relative path from a folder to a file, with slashes; None on Windows if they are on two drives."""
    try:
        return os.path.relpath(file.absolute(), folder.absolute()).replace(os.sep, "/")
    except ValueError:
        return None


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; raises ``OSError`` if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse(obstacles: Sequence[str] | Iterator[str]) -> None:
    found = tuple(obstacles)
    if found:
        raise OccupiedError(found)


def _protected(destination: Destination, suffixes: Sequence[str]) -> Iterator[str]:
    for suffix in suffixes:
        path = destination.folder / (destination.stem + suffix)
        for other, what in destination.protected:
            if _is_same_file(path, other):
                yield f"{path} is {what} and would be replaced; {_ANOTHER_PLACE}"
                break


def _foreign(destination: Destination, record: Manifest) -> Iterator[str]:
    """Yield why the existing episode is not this source's to replace."""
    folder, source = destination.folder, destination.source
    where = destination.shown(destination.record)
    recorded = recorded_source(record, folder)
    if source is None or not is_same_source(record, folder, source, destination.text, is_part=destination.is_part):
        of = f"the episode of {_shown(recorded)}" if recorded and _is_file(recorded) else "another interview's episode"
        yield f"{where} belongs to {of}; {_ANOTHER_PLACE}"
    elif (
        recorded is not None
        and _is_script(recorded)
        and not _is_script(source.path)
        and _is_newer(recorded, source.path)
    ):
        yield (
            f"{_shown(recorded)} is newer than {source.path} and was rendered last; render {_shown(recorded)}, "
            f"or name the episode of {source.path.name} with --name NAME"
        )
    elif destination.is_trial and not _is_trial(record):
        yield f"{where} belongs to a spoken episode, which test tones do not replace; {_ANOTHER_PLACE}"


def _obstacle(destination: Destination, name: str, state: str) -> str:
    path = destination.shown(name)
    if state == "edited":
        return f"{path} was changed after it was made; {_ANOTHER_PLACE}, or replace it with --force"
    if state == "foreign":
        return f"{path} exists and was not made from this source; move it away, or {_ANOTHER_PLACE}"
    return f"{path} is {state}; {_ANOTHER_PLACE}"


def _state(destination: Destination, name: str, written: Mapping[str, str | int]) -> str:
    """Tell whose an existing file is: ``ours``, ``edited``, ``foreign``, or what it is if it is not a file."""
    if destination.elsewhere is not None:
        is_ours = destination.elsewhere.is_ours(name, written)
        return "ours" if is_ours else "edited" if name in written else "foreign"
    path = destination.path(name)
    if (what := _special(path)) is not None:
        return what
    if name not in written:
        return "foreign"
    try:
        return "ours" if _is_as_written(path, name, destination.path(destination.record), written) else "edited"
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror}; {_ANOTHER_PLACE}") from error


def _is_as_written(path: Path, name: str, record: Path, written: Mapping[str, str | int]) -> bool:
    expected = written[name]
    if isinstance(expected, int):  # a record of an earlier build, which was written after all other files
        status = path.stat()
        return status.st_size == expected and status.st_mtime_ns <= record.stat().st_mtime_ns
    return sha256_of(path) in written.values()  # a new file that a person moved over the old one is ours as well


def _special(path: Path) -> str | None:
    """Say what a path is that exists and is not a file; None for files and for what does not exist."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return "a link that leads nowhere" if os.path.islink(path) else None  # noqa: PTH114 (that one raises where it may not look)
    if stat.S_ISREG(mode):
        return None
    return "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"


def _beside(destination: Destination, suffix: str, written: Mapping[str, str | int]) -> str:
    """Return a name for the new file beside an edited one: ``talk.new.md``, then ``talk.new2.md``."""
    for name in _new_names(destination.stem, suffix):
        if not destination.is_there(name) or _state(destination, name, written) == "ours":
            return name
    raise AssertionError  # there are names without end


def _earlier(destination: Destination, written: Mapping[str, str | int], names: Mapping[str, str]) -> dict[str, str]:
    return {
        name: digest
        for name, digest in written.items()
        if name not in names.values() and isinstance(digest, str) and _is_file_there(destination, name)
    }


def _is_file_there(destination: Destination, name: str) -> bool:
    return destination.path(name).is_file() if destination.elsewhere is None else destination.is_there(name)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # behind a folder that this user may not enter: nobody says that it is gone
        return True


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)  # a link that leads nowhere exists too


def _is_script(path: Path) -> bool:
    return path.stem.endswith(SCRIPT_MARK)


def _is_newer(one: Path, other: Path) -> bool:
    try:
        return one.stat().st_mtime_ns > other.stat().st_mtime_ns
    except OSError:
        return False


def _is_trial(record: Manifest) -> bool:
    """Tell whether an episode has test tones in it."""
    return any(voice.startswith("tone:") for voice in record.voices)


def _shares_text(record: Manifest, text: str, *, is_part: bool) -> bool:
    """Tell whether most of what was spoken is in a text and makes up most of it; of a part, whether all of it is."""
    words = _squeezed(text)
    lines = [_squeezed(line) for line in record.spoken]
    spoken = sum(map(len, lines))
    shared = sum(len(line) for line in lines if line in words)
    if is_part:
        return 0 < spoken == shared
    return spoken > 0 and shared >= _SAME_TEXT * max(spoken, len(words))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _is_same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return os.path.normcase(one.absolute()) == os.path.normcase(other.absolute())


def _shown(path: Path) -> str:
    """Return a path as short as it can be written from here."""
    try:
        way = os.path.relpath(path)
    except ValueError:
        return str(path)
    return str(path) if Path(way).parts.count("..") > _MAX_STEPS_UP else way
