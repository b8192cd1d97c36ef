"""Whenever the power fails during a render, the store and the episode are right after it.

A render is recorded: which names its folders got, what its files held, and what of both it had flushed. Then the power
fails after each step: what was flushed is on the disk, and of the rest any part may be.
"""

import itertools
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from interview_audio.files.atomic_files import PREFIX, sweep
from interview_audio.files.staged_files import complete_published

CALLS = ("replace", "rename", "unlink", "remove", "mkdir", "rmdir", "fsync")
FOLDER = "a folder"
RENDER = ("--engine", "tone", "--store", "clips")

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="Windows does not flush folders"),
    pytest.mark.usefixtures("small_episodes"),
]


@dataclass
class Recorder:
    """What happened to the files under a folder, in steps.

    A step is ("names", {path: file or None}), ("content", file, bytes), ("flushed", file) or ("folder flushed", path);
    a file is a number, whatever its name is.
    """

    root: Path
    steps: list[tuple] = field(default_factory=list)
    _names: dict[str, object] = field(default_factory=dict)
    _states: dict[object, tuple] = field(default_factory=dict)
    _files: dict[tuple, int] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def install(self, monkeypatch):
        for name in CALLS:
            monkeypatch.setattr(os, name, self._recorded(name, getattr(os, name)))

    def look(self, *, is_one_change=False):
        """Note what has changed since the last look: by one call that was recorded, or by others."""
        found = {str(path.relative_to(self.root)): path for path in sorted(self.root.rglob("*"))}
        now = {name: self._file(path) for name, path in found.items()}
        changes = {name: now.get(name) for name in {**self._names, **now} if now.get(name) != self._names.get(name)}
        for name, file in now.items():
            if file != FOLDER:
                status = found[name].stat()
                if self._states.get(file) != (status.st_mtime_ns, status.st_size):
                    self._states[file] = (status.st_mtime_ns, status.st_size)
                    self.steps.append(("content", file, found[name].read_bytes()))
        groups = [changes] if is_one_change else [{name: file} for name, file in changes.items()]
        self.steps += [("names", group) for group in groups if group]
        self._names = now
        self._files = {place: file for place, file in self._files.items() if file in now.values()}

    def _file(self, path):
        status = path.stat()
        if path.is_dir():
            return FOLDER
        return self._files.setdefault((status.st_dev, status.st_ino), len(self.steps) * 1000 + len(self._files))

    def _recorded(self, name, call):
        def recorded(*words, **options):
            with self._lock:
                self.look()
                try:
                    return call(*words, **options)
                finally:
                    self.look(is_one_change=True)
                    if name == "fsync":
                        self._flushed(os.fstat(words[0]))

        return recorded

    def _flushed(self, status):
        if (status.st_dev, status.st_ino) in self._files:
            self.steps.append(("flushed", self._files[status.st_dev, status.st_ino]))
            return
        for folder in (self.root, *(path for path in self.root.rglob("*") if path.is_dir())):
            if os.path.samestat(folder.stat(), status):
                self.steps.append(("folder flushed", str(folder.relative_to(self.root))))


@dataclass
class Disk:
    """What is on a disk, and what is only on its way there."""

    names: dict[str, object] = field(default_factory=dict)
    pending: list[dict[str, object]] = field(default_factory=list)
    written: dict[object, bytes] = field(default_factory=dict)
    flushed: dict[object, bytes] = field(default_factory=dict)

    def take(self, step):
        match step:
            case ("names", changes):
                self.pending.append(changes)
            case ("content", file, content):
                self.written[file] = content
            case ("flushed", file):
                self.flushed[file] = self.written[file]
            case ("folder flushed", folder):
                flushed = [changes for changes in self.pending if is_in(folder, changes)]
                self.pending = [changes for changes in self.pending if changes not in flushed]
                for changes in flushed:
                    self.names |= changes

    def all_flushed(self):
        self.names |= {name: file for changes in self.pending for name, file in changes.items()}
        self.pending, self.flushed = [], dict(self.written)

    def after_power_loss(self):
        """Every disk that may be found: files by name."""
        for chosen in parts(self.pending):
            names = self.names | {name: file for changes in chosen for name, file in changes.items()}
            for rest in (0.0, 0.5, 1.0):
                yield {
                    name: self._content(file, rest)
                    for name, file in names.items()
                    if file not in (None, FOLDER) and has_folders(name, names)
                }

    def _content(self, file, rest):
        if self.flushed.get(file) == self.written[file]:
            return self.written[file]
        return self.written[file][: int(len(self.written[file]) * rest)]


def is_in(folder, changes):
    return all(str(Path(name).parent) == folder for name in changes)


def has_folders(name, names):
    return all(names.get(str(folder)) == FOLDER for folder in Path(name).parents if str(folder) != ".")


def parts(changes):
    """Any part of a few changes; of many, those that come to mind."""
    if len(changes) <= 5:
        return [part for length in range(len(changes) + 1) for part in itertools.combinations(changes, length)]
    prefixes = [changes[:length] for length in range(len(changes) + 1)]
    without = [[*changes[:index], *changes[index + 1 :]] for index in range(len(changes))]
    return [*prefixes, *without, *([change] for change in changes)]


def visible(files, folder):
    """What a folder of a disk holds, but for temporary files."""
    return {
        Path(name).name: content
        for name, content in files.items()
        if Path(name).parent == Path(folder) and not Path(name).name.startswith(PREFIX)
    }


def clips(files):
    return {name: content for name, content in files.items() if name.endswith(".flac")}


def on_disk(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def recovered(files, folder):
    """What the output folder holds once the next run has looked at it."""
    (folder / "out").mkdir(parents=True)
    for name, content in files.items():
        if Path(name).parent == Path("out"):
            (folder / name).write_bytes(content)
    complete_published(folder / "out")
    sweep(folder / "out")
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("--format", "flac")], ids=["mp3", "another suffix"])
def test_the_power_fails_at_any_moment_of_a_render(run, interview, tmp_path, monkeypatch, more):
    if more:
        pytest.importorskip("interview_audio.production.containers.flac_and_opus")
    root = tmp_path / "disk"
    root.mkdir()
    monkeypatch.chdir(root)
    assert run("render", interview, "-o", "out", *RENDER).code == 0
    old = visible(on_disk(root), "out")
    interview.write_text(interview.read_text("utf-8").replace("No.", "Never. I dream."), "utf-8")
    recorder = Recorder(root)
    recorder.look()
    before = len(recorder.steps)
    with monkeypatch.context() as patch:
        recorder.install(patch)
        assert run("render", interview, "-o", "out", *RENDER, *more).code == 0
        recorder.look()
    after = on_disk(root)
    new, whole = visible(after, "out"), clips(after)
    assert old.keys() <= new.keys()
    assert old["talk.en.vtt"] != new["talk.en.vtt"]

    disk = Disk()
    for step in recorder.steps[:before]:
        disk.take(step)
    disk.all_flushed()
    stored = {name: whole[name] for name in clips(dict.fromkeys(disk.names, b""))}
    seen, outcomes = set(), set()
    for step in [("start",), *recorder.steps[before:]]:
        disk.take(step)
        for files in disk.after_power_loss():
            found = clips(files)
            assert stored.items() <= found.items() <= whole.items()
            state = hash(frozenset((name, content) for name, content in files.items() if name.startswith("out")))
            if state not in seen:
                seen.add(state)
                result = recovered(files, tmp_path / f"after-{len(seen)}")
                assert result in (old, new)
                outcomes.add(result == new)
    assert outcomes == {True, False}
    assert len(seen) > 30
    kept = next(iter(disk.after_power_loss()))  # all that was only on its way is lost
    assert (visible(kept, "out"), clips(kept)) == (new, whole)
