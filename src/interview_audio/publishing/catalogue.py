"""The finished episodes of a folder, as their records list them: who is heard, what they are about, which files go out.

A record holds paths of the author's machine, so it is never among the files that listeners get; nor are previews,
settings, and whatever else lies in the folder.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from interview_audio.errors import UsageError
from interview_audio.files.episode_record import (
    RECORD_SUFFIX,
    EpisodeRecord,
    RecordedLine,
    RecordedMember,
    RecordError,
    read_record,
)
from interview_audio.files.input_files import InputFileError
from interview_audio.production.sidecars.sidecar_files import chapter_lines
from interview_audio.production.timeline import ChapterMark
from interview_audio.script.lines import NARRATOR, named_people, shown_names
from interview_audio.text.characters import joined, letters_and_digits
from interview_audio.text.printable import printable
from interview_audio.transcript.lexicon.label_grammar import HOST_WORDS

_CHAPTERS = ".chapters.json"
_SUMMARY = 600
"""Characters after which a summary has no further sentence: podcast apps show three or four lines of it."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who is heard in an episode, as listeners read it."""

    name: str
    role: str
    """``host`` or ``guest``."""
    is_named: bool
    """Whether it is a person's name; ``Interviewer`` and the like are not."""


@dataclass(frozen=True, slots=True)
class CataloguedEpisode:
    """A finished episode with the files that go out."""

    stem: str
    """Of its file names."""
    record: EpisodeRecord
    files: Mapping[str, Path]
    """By suffix (``.mp3``, ``.vtt``, ``.cover.jpg``): all that its record lists and that are there, the sound last.

    Where a person has edited a sidecar file, it is the edited one that goes out.
    """

    @property
    def title(self) -> str:
        """As the source has it."""
        return self.record.title

    @property
    def language(self) -> str:
        """BCP 47."""
        return self.record.language

    @property
    def date(self) -> datetime.date | None:
        """Of the interview, where the source has one."""
        return self.record.about.date

    @property
    def disclosure(self) -> str:
        """That the voices are synthetic; nothing where that is not to be said."""
        return self.record.about.disclosure

    @property
    def sound(self) -> Path:
        """The file to listen to."""
        return tuple(self.files.values())[-1]

    @property
    def chapter_lines(self) -> list[str]:
        """``00:00 Title`` for each chapter that a list of whole seconds has; no markup is escaped."""
        chapters = self.record.chapters
        marks = [ChapterMark(one.title, round(one.start * 1000), round(one.end * 1000)) for one in chapters]
        return chapter_lines(marks, printable)

    @property
    def participants(self) -> tuple[Participant, ...]:
        """Everybody but the narrator, hosts first."""
        people = [member for member in self.record.cast if member.speaker != NARRATOR]
        parts = [(member.speaker, member.role) for member in people]
        # 主持人 and Host are what somebody does, in feeds as little a name as Q.
        named = named_people(parts, (word for word in HOST_WORDS if len(word) > 1))
        usual = shown_names(parts, self.language)
        # Settings may have listeners read a name for ``Q``.
        heard = [
            _participant(one, is_named=one.speaker in named or one.shown not in ("", usual[one.speaker]))
            for one in people
        ]
        return tuple(sorted(heard, key=lambda one: one.role != "host"))

    @property
    def summary(self) -> str:
        """What the narrator says before the first speech, without the title; the first speech where that is nothing."""
        return _summary(self.record.lines, self.title)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The episodes of a folder, with as much of their records as a feed says."""

    folder: Path
    episodes: tuple[CataloguedEpisode, ...]
    """By stem."""
    problems: tuple[str, ...]
    """Episodes that are left out: where, what and what to do, each in one line."""


def read_catalogue(folder: Path) -> Catalogue:
    """Read the records of a folder; those below it are not looked for.

    Raises:
        UsageError: It is not a folder.
        OSError: It cannot be read.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: not a folder; name the folder into which the episodes were rendered")
    episodes: list[CataloguedEpisode] = []
    problems: list[str] = []
    for path in records_in(folder):
        episode = read_episode(path)
        if isinstance(episode, str):
            problems.append(episode)
        else:
            episodes.append(lean(episode))
    return Catalogue(folder, tuple(episodes), tuple(problems))


def illustrated_lists(episodes: Iterable[CataloguedEpisode]) -> Iterator[str]:
    """Yield the names of the lists of chapters whose images are files: podcast apps want whole addresses of them."""
    for episode in episodes:
        images = [chapter.image for chapter in episode.record.chapters if chapter.image]
        if _CHAPTERS in episode.files and any("://" not in image for image in images):
            yield episode.files[_CHAPTERS].name


def natural_order(stem: str) -> list[tuple[bool, int, str]]:
    """Return a key by which ``part-2`` comes before ``part-10``."""
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", stem)]


def records_in(folder: Path) -> list[Path]:
    """Return the records of a folder, in the order of their names."""
    return sorted(path for path in folder.glob(f"*{RECORD_SUFFIX}") if not path.name.startswith("."))


def read_episode(path: Path) -> CataloguedEpisode | str:
    """Read the episode of a record; or say in a line why it cannot go out."""
    try:
        record = read_record(path)
    except RecordError as error:
        return f"{path}: {error}; render the interview again to publish it"
    except InputFileError as error:
        return f"{path}: {error}"
    except OSError as error:
        return f"{path}: cannot be read: {error.strerror}; check its permissions"
    stem = path.name.removesuffix(RECORD_SUFFIX)
    files = _files(path.parent, stem, record)
    if _suffix(record.sound.name, stem) not in files:
        sound = path.parent / record.sound.name
        if sound.is_symlink():  # whatever it leads to is not given out
            return f"{sound}: it is a link, which is not followed; put the sound itself there"
        return f"{sound}: the sound is not there; render the interview again to publish it"
    return CataloguedEpisode(stem, record, files)


def lean(episode: CataloguedEpisode) -> CataloguedEpisode:
    """Leave out the lines behind the first speech, which only a summary begins with: a thousand records are large."""
    record = episode.record
    first = next((line.turn for line in record.lines if line.speaker != NARRATOR), None)
    if first is None:
        return episode
    lines = tuple(line for line in record.lines if line.turn <= first)
    return replace(episode, record=replace(record, lines=lines, skipped=(), warnings=()))


def _files(folder: Path, stem: str, record: EpisodeRecord) -> dict[str, Path]:
    """Return the files that are there, by suffix; only names in this folder count, whatever a record says."""
    found: dict[str, Path] = {}
    for file in record.files:
        name = file.beside or file.name
        path = folder / name
        if Path(name).name == name and name.startswith(stem) and path.is_file() and not path.is_symlink():
            found[_suffix(name, stem)] = path
    return found


def _suffix(name: str, stem: str) -> str:
    return name.removeprefix(stem)


def _participant(member: RecordedMember, *, is_named: bool) -> Participant:
    return Participant(member.shown or member.speaker, member.role, is_named)


def _summary(lines: Sequence[RecordedLine], title: str) -> str:
    first = next((line.turn for line in lines if line.speaker != NARRATOR), None)
    told = [line for line in lines if line.speaker == NARRATOR and (first is None or line.turn < first)]
    introduction = _without_title([line.text for line in told], title)
    return _shortened(introduction or [line.text for line in lines if line.turn == first])


def _without_title(texts: Sequence[str], title: str) -> Sequence[str]:
    """Leave out the lines with which the narrator reads the title."""
    rest = letters_and_digits(title)
    for index, text in enumerate(texts):
        spoken = letters_and_digits(text)
        if not spoken or not rest.startswith(spoken):
            return texts[index:]
        rest = rest.removeprefix(spoken)
    return ()


def _shortened(texts: Sequence[str]) -> str:
    """Join as many sentences as a summary takes."""
    lengths = accumulate(map(len, texts))
    kept = max(sum(length <= _SUMMARY for length in lengths), 1)
    return joined(texts[:kept])
