"""Reads all that belongs to an episode; what cannot be read is said, not raised, unless it is the sound file itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from interview_audio.files.episode_record import RECORD_SUFFIX, EpisodeRecord, RecordedChapter, RecordError, read_record
from interview_audio.files.input_files import InputFileError
from interview_audio.files.staged_files import waiting_files
from interview_audio.production.timeline import ChapterMark
from interview_audio.text.printable import printable
from interview_audio.verification.audio_file import (
    FileContents,
    MeasuredSound,
    MpegFrames,
    measure_sound,
    read_file,
    read_frames,
)
from interview_audio.verification.id3_tags import Id3Tag, read_tag
from interview_audio.verification.sidecar_reading import (
    Caption,
    SidecarError,
    parse_chapters_json,
    parse_player_page,
    parse_podlove,
    parse_show_notes,
    parse_srt,
    parse_transcript_json,
    parse_webvtt,
)

T = TypeVar("T")
NOTES = ".md"
EDITED = ("m4a", "m4b")
"""Formats with an edit list."""
_CHAPTER_LISTS: Mapping[str, Callable[[str], tuple[ChapterMark, ...]]] = {
    ".chapters.json": parse_chapters_json,
    ".psc.xml": parse_podlove,
    NOTES: parse_show_notes,
    ".html": parse_player_page,
}
_TRANSCRIPTS: Mapping[str, Callable[[str], tuple[Caption, ...]]] = {
    ".vtt": parse_webvtt,
    ".srt": parse_srt,
    ".transcript.json": parse_transcript_json,
}


@dataclass(frozen=True, slots=True)
class ChapterList:
    """A sidecar file that lists chapters."""

    marks: tuple[ChapterMark, ...]
    fault: str
    """Why it cannot be read; empty if it can."""


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """A sidecar file that says who says what when."""

    captions: tuple[Caption, ...]
    fault: str
    """Why it cannot be read; empty if it can."""


@dataclass(frozen=True, slots=True)
class Mp3Facts:
    """What only an MP3 has."""

    tag: Id3Tag
    frames: MpegFrames


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """All that was read."""

    path: Path
    """The sound file."""
    contents: FileContents
    sound: MeasuredSound
    mp3: Mp3Facts | None
    chapter_lists: Mapping[str, ChapterList]
    """By suffix, those that exist."""
    transcripts: Mapping[str, TranscriptFile]
    """By suffix, those that exist."""
    record: EpisodeRecord | None
    """None for an episode that we did not make, and for a record that cannot be read."""
    record_fault: str
    sizes: Mapping[str, int | None]
    """Bytes of the files that the record names, by name; None for one that is missing."""
    waiting: tuple[str, ...] = ()
    """Names of the episode's files that an interrupted render has finished and not moved into place."""

    @property
    def recorded_chapters(self) -> tuple[ChapterMark, ...] | None:
        """The chapters as the record has them; None without a record."""
        return tuple(map(_mark, self.record.chapters)) if self.record else None

    @property
    def milliseconds(self) -> int:
        """Length of the episode: of MP4 what the edit list keeps, which decoders that fill their last frame exceed."""
        is_cut = self.contents.format in EDITED and self.contents.samples
        return self.contents.milliseconds if is_cut else self.sound.milliseconds

    def sidecar(self, suffix: str) -> str:
        """Name of the file beside the sound that ends so, as the render wrote it."""
        return _sidecar(self.path, suffix, self.record).name


def read_episode(path: Path) -> EpisodeFacts:
    """Read a sound file and whatever lies beside it.

    Raises:
        AudioFileError: The sound file cannot be read.
        OutputError: A list of files that an interrupted render has finished is damaged.
        OSError: The sound file goes away while it is read.
    """
    contents = read_file(path)
    record, record_fault = _record(path.with_name(path.stem + RECORD_SUFFIX))
    if record and _is_of_another_file(record, path):
        record = None  # a later render in another format: it says nothing of this one
    return EpisodeFacts(
        path=path,
        contents=contents,
        sound=measure_sound(path),
        mp3=_mp3(path) if contents.format == "mp3" else None,
        chapter_lists={
            suffix: ChapterList(*_parsed(_sidecar(path, suffix, record), parse))
            for suffix, parse in _CHAPTER_LISTS.items()
            if _sidecar(path, suffix, record).is_file()
        },
        transcripts={
            suffix: TranscriptFile(*_parsed(_sidecar(path, suffix, record), parse))
            for suffix, parse in _TRANSCRIPTS.items()
            if _sidecar(path, suffix, record).is_file()
        },
        record=record,
        record_fault=record_fault,
        sizes={file.name: _size(path.with_name(file.name)) for file in record.files} if record else {},
        waiting=tuple(name for name in waiting_files(path.parent) if name.startswith(f"{path.stem}.")),
    )


def _sidecar(path: Path, suffix: str, record: EpisodeRecord | None) -> Path:
    """Find the file beside a sound file with this suffix; if a person edited it, the one written beside that."""
    name = path.stem + suffix
    beside = {file.beside: file.name for file in record.files} if record else {}
    return path.with_name(beside.get(name, name))


def _mp3(path: Path) -> Mp3Facts:
    tag = read_tag(path)
    return Mp3Facts(tag, read_frames(path, tag.size))


def _is_of_another_file(record: EpisodeRecord, path: Path) -> bool:
    """Tell whether a record is of a sound file that lies beside this one."""
    is_listed = any(file.name == path.name for file in record.files)
    return not is_listed and path.with_name(record.sound.name).exists()


def _record(path: Path) -> tuple[EpisodeRecord | None, str]:
    if not path.is_file():
        return None, ""
    try:
        return read_record(path), ""
    except (RecordError, InputFileError) as error:
        return None, str(error)
    except OSError as error:
        return None, f"it cannot be read ({error.strerror})"


def _parsed(path: Path, parse: Callable[[str], tuple[T, ...]]) -> tuple[tuple[T, ...], str]:
    try:
        return parse(path.read_bytes().decode("utf-8")), ""
    except UnicodeDecodeError:
        return (), "not UTF-8"
    except SidecarError as error:
        return (), str(error)
    except OSError as error:
        return (), f"it cannot be read ({error.strerror})"


def _mark(chapter: RecordedChapter) -> ChapterMark:
    return ChapterMark(printable(chapter.title), round(chapter.start * 1000), round(chapter.end * 1000))


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
