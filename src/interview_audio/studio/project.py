"""A project: a source with its script file and its settings, read as a render reads them, and changed a file at a time.

The files are the truth. What is here is how they were when they were last read; a change is made of their text, read
back, and written only if a render could use it. What was changed can be undone as long as nobody has changed it since.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.lookup import NAME, SettingsFile, SettingsFiles, candidate_files, cast_candidates
from interview_audio.configuration.settings import Settings
from interview_audio.errors import InterviewAudioError, OutputError, SourceError, UsageError
from interview_audio.files.atomic_files import write_whole
from interview_audio.files.file_names import SCRIPT_MARK
from interview_audio.files.input_files import Stamp, stamp_of
from interview_audio.files.ownership import check_script_file
from interview_audio.rendering.job import RenderJob, cast_source, parse_source
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.up_to_date import RenderInputs, read_inputs
from interview_audio.script.lines import Line
from interview_audio.script.script_file import is_script, is_written_script
from interview_audio.synthesis.clip_worker import LoadedEngines
from interview_audio.transcript.layout.speech_marks import write_marks
from interview_audio.transcript.turns import Turn

_DIGITS = 12
"""Hexadecimal digits of a version and of an id: two texts of a project with the same ones would be a wonder."""


class StaleEditError(InterviewAudioError):
    """A change was made of files that have changed since: look at them, and do it again."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file before and after a change; None where it was not there."""

    path: Path
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class ProjectEdit:
    """All that one action changes."""

    files: tuple[FileChange, ...]
    before: RenderOptions
    """The options before it: an engine that the page chooses counts instead of that of the command line."""
    after: RenderOptions

    @property
    def reversed(self) -> "ProjectEdit":
        """What undoes it."""
        files = tuple(FileChange(one.path, one.after, one.before) for one in self.files)
        return ProjectEdit(files, self.after, self.before)


@dataclass(frozen=True, eq=False)  # without slots, for what is worked out once
class Snapshot:
    """A project as its files say."""

    job: RenderJob
    """As for ``script``: turns without a voice are left out, with a warning."""

    @cached_property
    def version(self) -> str:
        """What it was made of, in hexadecimal: an edit says which version it changes."""
        inputs = self.job.parsed.inputs
        digests = [str(inputs.source), inputs.sha256, *(file.sha256 for file in inputs.files.all), self.job.engine.name]
        if (settings := self.job.settings).series:  # which is none of these files
            digests += map(repr, (settings.speakers, settings.pool, settings.show, settings.pronunciations))
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:_DIGITS]

    @cached_property
    def turn_ids(self) -> tuple[str, ...]:
        """A name for each turn, which it keeps as long as its text and its place among equal ones are the same."""
        return tuple(_ids("t", (write_marks(turn.text, turn.marks) for turn in self.job.transcript.turns)))

    @cached_property
    def line_ids(self) -> tuple[str, ...]:
        """A name for each line of the script, made in the same way."""
        return tuple(_ids("l", (line.text for line in self.job.script.lines)))

    @cached_property
    def lines(self) -> Mapping[str, Line]:
        """The lines by their ids."""
        return dict(zip(self.line_ids, self.job.script.lines, strict=True))

    def index_of(self, turn_id: object) -> int:
        """Return the index of a turn; raise ``UsageError`` if there is no such turn."""
        places = {name: index for index, name in enumerate(self.turn_ids)}
        index = places.get(str(turn_id))
        if index is None:
            raise UsageError("there is no such turn any more; look again")
        return index

    def turn(self, index: int) -> Turn:
        """Return a turn by its index."""
        return self.job.transcript.turns[index]


def _ids(kind: str, texts: Iterable[str]) -> Iterable[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGITS]
        counts[name] += 1
        yield f"{kind}{name}" + (f"-{counts[name]}" if counts[name] > 1 else "")


Change = Callable[["Project"], tuple[Mapping[Path, bytes], RenderOptions]]
"""Gives the new contents of files and the options from then on."""


@dataclass(slots=True)
class _History:
    """What can be undone and done again."""

    done: list[ProjectEdit] = field(default_factory=list)
    undone: list[ProjectEdit] = field(default_factory=list)


class Project:
    """What a studio works on; its methods may be called by several threads, and take as long as a parse.

    Args:
        source: An interview, or a script file.
        options: What was chosen beside it: folder, settings file, engine, store.
        on_change: Called with the version after it has become another one, or an error has come or gone.

    Raises:
        InterviewAudioError: It cannot be read as it is.
    """

    def __init__(self, source: Path, options: RenderOptions, on_change: Callable[[str], None] = lambda _: None) -> None:
        self.source = source
        self.options = options
        self.script_path, self.is_script = _script_of(source)
        self.settings_path = options.voices or source.absolute().parent / NAME
        self.error: InterviewAudioError | None = None
        """Why the files cannot be read now; the snapshot is then the last one that could."""
        self.takes: dict[str, int] = {}
        """How many takes were asked for here of a line, by its id."""
        self._on_change = on_change
        self._engines = LoadedEngines()
        self._history = _History()
        self._lock = threading.RLock()
        self._stamps = self._look()
        self.snapshot = Snapshot(self._prepared(self.read()))

    def close(self) -> None:
        """Leave no connection of an engine open."""
        self._engines.close()

    @property
    def has_script(self) -> bool:
        """Whether a script file is what is read."""
        return self.snapshot.job.source == self.script_path

    def doubts(self) -> Iterator[str]:
        """Yield what should be known of the files beside what a render says."""
        script, source = self.script_path, self.source
        written, changed = stamp_of(script), stamp_of(source)
        if self.is_script or written is None:
            return
        if not self.has_script:
            yield f"{script.name} exists and is not a script file: corrections cannot be written there; rename it"
        elif changed and written[0] < changed[0]:
            yield (
                f"{source.name} has changed after {script.name} was written, which is what is read; "
                f"to read {source.name} again, move {script.name} away"
            )

    @property
    def can_undo(self) -> bool:
        """Whether the last change can be undone."""
        return bool(self._history.done)

    @property
    def can_redo(self) -> bool:
        """Whether the change that was undone last can be done again."""
        return bool(self._history.undone)

    def read(self) -> RenderInputs:
        """Read what a render would read now; raises ``InterviewAudioError``."""
        return read_inputs(self.script_path if self._has_script_file() else self.source, self.options)

    def watched(self) -> frozenset[Path]:
        """Return the files that may change it, existing or not."""
        return frozenset(self._stamps)

    def look(self) -> bool:
        """Read the files again if any of them has changed; tell whether that made a difference."""
        with self._lock:
            stamps = self._look()
            if stamps == self._stamps:
                return False
            self._stamps = stamps
            return self.refresh()

    def refresh(self) -> bool:
        """Read the files again, whatever the system says of them; tell whether that made a difference."""
        with self._lock:
            before = self.snapshot.version, str(self.error)
            try:
                self._take(self._prepared(self.read()))
            except InterviewAudioError as error:
                self.error = error
            has_changed = (self.snapshot.version, str(self.error)) != before
        if has_changed:
            self._on_change(self.snapshot.version)
        return has_changed

    def content(self, path: Path) -> bytes | None:
        """Return what is in one of the project's files now; None if it is not there."""
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise OutputError(f"{path} cannot be read: {error.strerror}") from error

    def edit(self, version: str, change: "Change") -> str:
        """Change files, and return the version that this makes.

        Args:
            version: Of what is to be changed.
            change: Called with this project; returns the new contents of its files, and the options from then on.

        Raises:
            StaleEditError: The files are not those of this version any more.
            InterviewAudioError: What would come out cannot be read, or not be written; no file is changed.
        """
        with self._lock:
            # Before anything is compared with them: what an editor saves from now on is seen when they are written.
            before = {path: self.content(path) for path in (self.script_path, self.settings_path)}
            self.look()
            if version != self.snapshot.version:
                raise StaleEditError("the files have changed meanwhile; look again, and repeat the change")
            files, options = change(self)
            changes = (FileChange(path, before[path], after) for path, after in files.items())
            edit = ProjectEdit(tuple(one for one in changes if one.before != one.after), self.options, options)
            if edit.files:
                self._commit(edit)
                self._history.done.append(edit)
                self._history.undone.clear()
        if edit.files:
            self._on_change(self.snapshot.version)
        return self.snapshot.version

    def undo(self, version: str) -> str:
        """Undo the last change, and return the version; raises as ``edit``."""
        return self._step(version, self._history.done, self._history.undone, is_back=True)

    def redo(self, version: str) -> str:
        """Do again what was undone last, and return the version; raises as ``edit``."""
        return self._step(version, self._history.undone, self._history.done, is_back=False)

    def _step(self, version: str, source: list[ProjectEdit], target: list[ProjectEdit], *, is_back: bool) -> str:
        with self._lock:
            self.look()
            if version != self.snapshot.version:
                raise StaleEditError("the files have changed meanwhile; look again")
            if not source:
                raise StaleEditError("there is nothing to undo" if is_back else "there is nothing to do again")
            wanted = source[-1].reversed if is_back else source[-1]
            for one in wanted.files:
                if self.content(one.path) != one.before:
                    what = "undone" if is_back else "done again"
                    raise StaleEditError(f"{one.path.name} was changed otherwise since; this cannot be {what}")
            self._commit(wanted)
            target.append(source.pop())
        self._on_change(self.snapshot.version)
        return self.snapshot.version

    def _commit(self, edit: ProjectEdit) -> None:
        """See that a render could use what would come out, then write it."""
        job = self._prepared(self._changed_inputs(edit.files), edit.after)
        self._refuse_overwriting(edit.files)  # what was saved meanwhile, which may have taken seconds
        written: list[FileChange] = []
        try:
            for one in edit.files:
                self._write(one)
                written.append(one)
        except InterviewAudioError:
            for one in written:
                self._write(FileChange(one.path, one.after, one.before))
            raise
        self.options = edit.after
        self._stamps = self._look()
        self._take(job)

    def _refuse_overwriting(self, changes: Iterable[FileChange]) -> None:
        for one in changes:
            if self.content(one.path) != one.before:
                raise StaleEditError(f"{one.path.name} has changed meanwhile; look again, and repeat the change")

    def settings_with(self, content: bytes) -> Settings:
        """Return the settings of all files, with other content in the one that is written here.

        Raises:
            ConfigurationError: They cannot be read so.
        """
        change = FileChange(self.settings_path, None, content)
        return settings_from(self._changed_inputs([change]).files, self.options.format)

    def _take(self, job: RenderJob) -> None:
        self.snapshot, self.error = Snapshot(job), None

    def _has_script_file(self) -> bool:
        if self.is_script:
            return True
        with suppress(OSError):
            return is_written_script(self.script_path.read_bytes().decode("utf-8", "replace"))
        return False

    def _prepared(self, inputs: RenderInputs, options: RenderOptions | None = None) -> RenderJob:
        options = options or self.options
        try:
            return cast_source(parse_source(inputs, options), options, self._engines, is_partial=True)
        except OSError as error:  # a name that is too long for the system, for example
            raise SourceError(f"cannot be read: {error.strerror}", str(error.filename or inputs.source)) from error

    def _changed_inputs(self, changes: Iterable[FileChange]) -> RenderInputs:
        """Return what would be read once these changes are written."""
        inputs = self.read()
        files = {file.path.absolute(): file for file in inputs.files.found}
        for one in changes:
            if one.path == self.script_path:
                if one.after is None:
                    inputs = read_inputs(self.source, self.options)
                else:
                    inputs = replace(inputs, source=one.path, content=one.after)
            elif one.after is None:
                files.pop(one.path.absolute(), None)
            else:
                files[one.path.absolute()] = SettingsFile(one.path, str(one.path), one.after)
        nearest = self.settings_path if self.settings_path.absolute() in files else inputs.files.nearest
        return replace(inputs, files=self._in_order(replace(inputs.files, nearest=nearest), files.values()))

    def _in_order(self, files: SettingsFiles, found: Iterable[SettingsFile]) -> SettingsFiles:
        """Return the files, these in the order that ``read_settings_files`` gives them."""
        order = {path.absolute(): place for place, path in enumerate(files.candidates)}
        others = sorted((file for file in found if not file.is_cast), key=lambda file: order[file.path.absolute()])
        own = order[self.source.absolute().parent / NAME]
        cast_at = sum(order[file.path.absolute()] < own for file in others)
        cast = tuple(file for file in found if file.is_cast)
        return replace(files, found=(*others[:cast_at], *cast, *others[cast_at:]), cast_at=cast_at)

    def _write(self, change: FileChange) -> None:
        path = change.path
        if path == self.script_path and not self.has_script and change.after is not None:
            if change.before is not None:
                raise UsageError(
                    f"{path.name} exists and is not a script file: rename it, corrections are written there"
                )
            protected = self.snapshot.job.destination.protected
            check_script_file(path, change.after.decode(), protected, is_written_script, is_forced=False)
        try:
            if change.after is None:
                path.unlink(missing_ok=True)
                return
            path = path.resolve()  # a link stays one
            mode = path.stat().st_mode if path.exists() else None
            write_whole(path, change.after)
            if mode is not None:
                path.chmod(mode)
        except OSError as error:
            raise OutputError(f"cannot write {change.path}: {error.strerror}; nothing is lost") from error

    def _look(self) -> dict[Path, Stamp]:
        files = (*candidate_files(self.source, self.options.voices), *cast_candidates(self.source))
        return {path: stamp_of(path) for path in (self.source, self.script_path, *files, *self._assets())}

    def _assets(self) -> tuple[Path, ...]:
        snapshot: Snapshot | None = getattr(self, "snapshot", None)
        if snapshot is None:
            return ()
        settings = snapshot.job.settings
        series = (settings.series,) if settings.series else ()
        return (*settings.assets(), *series, *snapshot.job.parsed.recordings)


def _script_of(source: Path) -> tuple[Path, bool]:
    """Return where the script file of a source is or will be, and whether the source is one itself."""
    try:
        start = source.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", str(source)) from error
    if is_script(start.decode("utf-8", "replace"), source.suffix):
        return source, True
    return source.with_name(f"{source.stem}{SCRIPT_MARK}.yaml"), False
