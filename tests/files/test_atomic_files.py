"""Files are written whole or not at all, durably, and what a killed process left is told from what a living one has."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from interview_audio.files.atomic_files import (
    Temporaries,
    leftovers,
    make_folder,
    sweep,
    sync_file,
    write_whole,
)

OWN = """
import sys
from pathlib import Path
from interview_audio.files.atomic_files import Temporaries
with Temporaries(Path(sys.argv[1])) as temporaries:
    temporaries.new().write_text("half a file")
    print("made", flush=True)
    sys.stdin.read()
"""


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def owner(tmp_path):
    """A process that has a temporary file until it is killed or its input ends."""
    command = [sys.executable, "-c", OWN, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "made\n"
        yield process
        process.kill()


def test_a_file_is_written_and_replaced(tmp_path):
    for content in (b"first", b""):
        write_whole(tmp_path / "a", content)
        assert contents(tmp_path) == {"a": content}


@pytest.mark.skipif(os.name == "nt", reason="Windows does not flush folders")
def test_the_content_is_on_the_disk_before_the_name_and_the_name_before_it_returns(tmp_path, monkeypatch):
    done = []
    fsync, replace = os.fsync, os.replace

    def flushed(handle):
        done.append(os.fstat(handle).st_ino)
        fsync(handle)

    def renamed(source, target):
        done.append(Path(target).name)
        replace(source, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", renamed)
    write_whole(tmp_path / "a", b"content")
    assert done == [(tmp_path / "a").stat().st_ino, "a", tmp_path.stat().st_ino]


@pytest.mark.parametrize("error", [OSError("no room"), KeyboardInterrupt()])
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failed_write_leaves_what_was_there(tmp_path, monkeypatch, call, error):
    (tmp_path / "a").write_bytes(b"old")

    def fail(*_):
        raise error

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(type(error)):
        write_whole(tmp_path / "a", b"new")
    assert contents(tmp_path) == {"a": b"old"}


def test_temporary_names_go_with_their_context_whether_they_were_used_or_not(tmp_path):
    with Temporaries(tmp_path) as temporaries:
        temporaries.new().write_bytes(b"")
        temporaries.new()
        assert len(leftovers(tmp_path)) == 2  # the file and the lock
    assert contents(tmp_path) == {}


def test_what_a_living_process_has_is_not_swept(tmp_path, owner):
    before = contents(tmp_path)
    assert sweep(tmp_path) == ()
    assert contents(tmp_path) == before
    assert b"half a file" in before.values()


def test_what_a_killed_process_left_is_swept(tmp_path, owner):
    owner.kill()
    owner.wait()
    (part,) = (path for path in leftovers(tmp_path) if path.suffix == ".part")
    part.with_name(f"{part.name}.bare").write_bytes(b"what was made beside it")
    assert len(sweep(tmp_path)) == 3
    assert contents(tmp_path) == {}


def test_what_a_journal_needs_and_what_is_not_ours_is_not_swept(tmp_path):
    names = [
        ".interview-audio-0123456789ab.0.part",
        ".interview-audio-0123456789ab.journal",
        ".interview-audio",
        ".interview-audio-",
        "interview-audio-0123456789ab.0.part",
        ".0123456789ab.0.part",
        ".other.part",
    ]
    for name in names:
        (tmp_path / name).touch()
    assert sweep(tmp_path) == ()
    assert sorted(contents(tmp_path)) == sorted(names)


def test_folders_are_made_with_those_above(tmp_path):
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        make_folder(tmp_path / "file" / "a")


def test_flushing_a_file_changes_nothing_in_it(tmp_path):
    (tmp_path / "a").write_bytes(b"content")
    sync_file(tmp_path / "a")
    assert contents(tmp_path) == {"a": b"content"}


def test_only_names_of_ours_are_swept_and_only_files(tmp_path):
    kept = {".interview-audio-notes.md", ".interview-audio-x.0.part", ".interview-audio-0123456789ab.0.part.txt"}
    for name in kept:
        (tmp_path / name).write_text("mine", "utf-8")
    (tmp_path / ".interview-audio-0123456789ab.7.part").mkdir()
    (tmp_path / ".interview-audio-0123456789ab.0.part.bare").touch()
    assert [path.name for path in sweep(tmp_path)] == [".interview-audio-0123456789ab.0.part.bare"]
    assert kept < {path.name for path in tmp_path.iterdir()}
