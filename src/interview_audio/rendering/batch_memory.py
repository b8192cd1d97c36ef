"""How each source of earlier batches into a place has ended, so that ``--continue`` tries only what is not finished.

A file of JSON lines for each output folder or address, in the user's data folder: nothing can be appended to an object
of a bucket, and a folder that is published stays free of it. Every end is appended as it comes, under a lock: a batch
may be killed at any time, and several may write to one place. For a source its last line counts.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal, get_args

from interview_audio.errors import StoreError
from interview_audio.files.app_folders import data_folder
from interview_audio.files.atomic_files import file_lock, make_folder, write_whole
from interview_audio.rendering.batch import SourceEnd, State, identity_of
from interview_audio.rendering.options import RenderOptions
from interview_audio.storage.addresses import Location
from interview_audio.text.printable import json_text

_SCHEMA = 1
_FOLDER = "batches"
_HEADER = "interview_audio_batches"
"""The key of the first line, whose value is the schema."""

_Ended = State | Literal["open"]
_OF_WHAT_FAILS = ("fallback", "strict")
"""Options that may well be chosen otherwise for what has failed, so that it does not fail again."""
_STATES = (*get_args(State), "open")


class DamagedMemoryError(StoreError):
    """What is remembered of earlier batches cannot be understood: try all sources again."""


@dataclass(frozen=True, slots=True)
class RememberedSource:
    """How a source ended when it was last part of a batch."""

    state: _Ended
    """``open`` where its batch was ended before, or is still under way."""
    choice: str
    """What was chosen for it: a key of ``RememberedBatches.choices``."""
    reason: str = ""
    line: int | None = None

    @property
    def is_finished(self) -> bool:
        """Whether its episode was there in the end."""
        return self.state in ("done", "unchanged")


@dataclass(frozen=True, slots=True)
class RememberedBatches:
    """What is known of earlier batches into a place."""

    sources: Mapping[str, RememberedSource] = field(default_factory=dict)
    """By ``identity_of`` the source, in the order in which they were first given."""
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The options of a batch, as they are written, by their digest."""

    def is_finished(self, source: Path) -> bool:
        """Tell whether a source had its episode in the end."""
        remembered = self.sources.get(identity_of(source))
        return remembered is not None and remembered.is_finished

    def unfinished(self) -> Iterator[Path]:
        """Yield the sources that failed, were not tried or were not reached."""
        return (Path(source) for source, remembered in self.sources.items() if not remembered.is_finished)

    def changed_options(self, sources: Iterable[Path], options: RenderOptions) -> tuple[list[str], list[str]]:
        """Return what was chosen otherwise when these sources were last tried, as it would be written.

        Returns:
            What makes another episode, and what only decides whether there is one.
        """
        now = _choice_of(options)
        known = filter(None, (self.sources.get(identity_of(source)) for source in sources))
        earlier = [self.choices.get(digest, now) for digest in dict.fromkeys(one.choice for one in known)]
        changed = {
            (name, f"--{name} {choice[name]}".removesuffix(" yes") if name in choice else f"without --{name}")
            for choice in earlier
            for name in now.keys() | choice.keys()
            if now.get(name) != choice.get(name)
        }
        return (
            sorted(shown for name, shown in changed if name not in _OF_WHAT_FAILS),
            sorted(shown for name, shown in changed if name in _OF_WHAT_FAILS),
        )


def _choice_of(options: RenderOptions) -> dict[str, str]:
    """Return what was chosen and shapes an episode, by the options' names."""
    choice = {
        "engine": options.engine,
        "fallback": options.fallback,
        "format": options.format,
        "language": options.language,
        "read-everything": "yes" if options.reads_everything else None,
        "strict": "yes" if options.is_strict else None,
        "voices": options.voices and identity_of(options.voices),
    }
    return {name: value for name, value in choice.items() if value}


class BatchMemory:
    """The memory of batches into one place; others may write to it at the same time.

    Args:
        output: Folder or address of the episodes.

    Raises:
        StoreError: There is no place for it.
    """

    def __init__(self, output: Location) -> None:
        place = os.path.realpath(output) if isinstance(output, Path) else output.text
        self._shown = place if isinstance(output, Path) else str(output)
        self.path = data_folder() / _FOLDER / f"{_digest(place)}.jsonl"
        """Where it is kept; it may not be there yet."""
        self._choice = ""

    def read(self) -> RememberedBatches:
        """Return what is remembered; nothing where there was no batch.

        Raises:
            DamagedMemoryError: The file is not what was written.
            OSError: It cannot be read.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return RememberedBatches()
        try:
            return _parsed(content)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DamagedMemoryError(f"{self.path}: what it remembers of earlier batches is damaged") from error

    def begin(self, sources: Iterable[Path], options: RenderOptions, *, is_continued: bool) -> None:
        """Remember that these sources are to be made; ``add`` writes down how they end.

        What is remembered of others stays; of those whose file is gone only where a batch is continued.

        Raises:
            OSError: It cannot be written.
        """
        make_folder(self.path.parent)
        choice = _choice_of(options)
        self._choice = _digest(json.dumps(choice))[:8]
        given = dict.fromkeys(map(identity_of, sources), RememberedSource("open", self._choice))
        with self._locked():
            try:
                before = self.read()
            except DamagedMemoryError:
                before = RememberedBatches()
            kept = {
                source: one for source, one in before.sources.items() if is_continued or os.path.lexists(source)
            } | given
            used = {one.choice for one in kept.values()}
            choices = {key: value for key, value in before.choices.items() if key in used} | {self._choice: choice}
            lines = [_line({_HEADER: _SCHEMA, "output": self._shown})]
            lines += [_line({"choice": key, "options": value}) for key, value in choices.items()]
            lines += [_line(_entry(source, one)) for source, one in kept.items()]
            write_whole(self.path, b"".join(lines))

    def add(self, end: SourceEnd) -> None:
        """Write down how a source of the batch has ended.

        Raises:
            OSError: It cannot be written.
        """
        entry = _entry(identity_of(end.source), RememberedSource(end.state, self._choice, end.reason, end.line))
        with self._locked(), self.path.open("r+b") as file:
            _go_behind_last_line(file)
            file.write(_line(entry))

    def _locked(self) -> AbstractContextManager[None]:
        return file_lock(self.path.with_suffix(".lock"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _line(entry: Mapping[str, Any]) -> bytes:
    return f"{json_text(entry)}\n".encode()


def _entry(source: str, one: RememberedSource) -> dict[str, Any]:
    entry: dict[str, Any] = {"source": source, "state": one.state, "choice": one.choice}
    if one.reason:
        entry["reason"] = one.reason
    return entry if one.line is None else entry | {"line": one.line}


def _parsed(content: bytes) -> RememberedBatches:
    """Read a memory; a last line that was cut off does not count, and anything else that does not fit is an error."""
    sources: dict[str, RememberedSource] = {}
    choices: dict[str, dict[str, str]] = {}
    header, *entries = content.split(b"\n")[:-1]  # the file ends with a line end, or with part of a line
    if json.loads(header)[_HEADER] != _SCHEMA:
        raise ValueError
    for entry in map(json.loads, entries):
        if "options" in entry:
            choices[entry["choice"]] = {str(name): str(value) for name, value in entry["options"].items()}
            continue
        one = RememberedSource(entry["state"], entry["choice"], entry.get("reason", ""), entry.get("line"))
        if one.state not in _STATES:
            raise ValueError
        sources[str(entry["source"])] = one
    return RememberedBatches(sources, choices)


def _go_behind_last_line(file: IO[bytes]) -> None:
    """Go to where the next line begins; what a power failure left of a line is cut off."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 1))
    if file.read(1) not in (b"", b"\n"):
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)
        file.seek(0, os.SEEK_END)
