import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from interview_audio.errors import OutputError
from interview_audio.files.atomic_files import PREFIX
from interview_audio.files.ownership import sha256_of
from interview_audio.files.staged_files import StagedFiles, complete_published, waiting_files

OLD = {"a.vtt": "old captions", "a.json": "old chapters", "a.mp3": "old sound"}
NEW = {"a.vtt": "new captions", "a.json": "new chapters", "a.mp3": "new sound"}


def contents(folder):
    return {path.name: path.read_text("utf-8") if path.is_file() else None for path in folder.iterdir()}


def write_all(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


def temporary(staging, text):
    path = staging.temporary()
    path.write_text(text, "utf-8")
    return path


def publish(folder, files):
    with StagedFiles(folder) as staging:
        return staging.publish(lambda: {name: temporary(staging, text) for name, text in files.items()})


def test_published_files_are_in_place_and_nothing_else_is(tmp_path):
    folder = tmp_path / "new" / "folder"
    with StagedFiles(folder) as staging:
        temporary(staging, "scratch")
        paths = staging.publish(lambda: {"a.vtt": temporary(staging, "captions"), "a.mp3": temporary(staging, "sound")})
    assert paths == (folder / "a.vtt", folder / "a.mp3")
    assert contents(folder) == {"a.vtt": "captions", "a.mp3": "sound"}


def test_nothing_is_in_place_before_all_is_published(tmp_path):
    with StagedFiles(tmp_path) as staging:
        temporary(staging, "sound")
        assert all(path.name.startswith(PREFIX) for path in tmp_path.iterdir())


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError])
def test_what_is_not_published_is_removed(tmp_path, interruption):
    (tmp_path / "a.mp3").write_text("old", "utf-8")
    with contextlib.suppress(interruption), StagedFiles(tmp_path) as staging:
        temporary(staging, "sound")
        raise interruption
    assert contents(tmp_path) == {"a.mp3": "old"}


def test_if_a_file_cannot_be_replaced_none_is(tmp_path):
    (tmp_path / "a.vtt").write_text("old captions", "utf-8")
    (tmp_path / "a.mp3").mkdir()
    with pytest.raises(OSError, match=r"a\.mp3"):
        publish(tmp_path, NEW)
    assert contents(tmp_path) == {"a.vtt": "old captions", "a.mp3": None}


# Ends its process, as kill -9 does, at the n-th renaming.
KILLED = """
import json, os, sys
from pathlib import Path
from interview_audio.files.staged_files import StagedFiles

replace, left = os.replace, int(sys.argv[2])

def replaced(source, target):
    global left
    if not left:
        os._exit(9)
    left -= 1
    replace(source, target)

os.replace = replaced
with StagedFiles(Path(sys.argv[1])) as staging:
    files = {}
    for name, text in json.loads(sys.argv[3]).items():
        files[name] = staging.temporary()
        files[name].write_text(text, "utf-8")
    staging.publish(lambda: files)
"""


@pytest.mark.parametrize(("renamings", "expected"), [(0, OLD), (1, NEW), (2, NEW), (3, NEW), (4, NEW)])
def test_a_killed_run_leaves_the_old_files_or_the_new_ones(tmp_path, renamings, expected):
    write_all(tmp_path, OLD)
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(renamings), json.dumps(NEW)]
    assert subprocess.run(command, check=False).returncode == (9 if renamings < 4 else 0)
    complete_published(tmp_path)
    assert {name: text for name, text in contents(tmp_path).items() if not name.startswith(PREFIX)} == expected
    with StagedFiles(tmp_path):
        pass  # the next run sweeps
    assert contents(tmp_path) == expected


def test_what_was_complete_is_moved_before_the_next_run_is(tmp_path):
    write_all(tmp_path, OLD)
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), "2", json.dumps(NEW)], check=False)
    publish(tmp_path, {"a.mp3": "newest sound"})
    assert contents(tmp_path) == {**NEW, "a.mp3": "newest sound"}


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_an_interruption_between_two_moves_ends_with_the_new_files(tmp_path, monkeypatch, moves):
    write_all(tmp_path, OLD)
    replace, done = os.replace, []

    def interrupted(source, target):
        done.append(target)
        if len(done) == moves + 2:  # the first one is the journal's
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish(tmp_path, NEW)
    assert contents(tmp_path) == NEW


def test_a_file_that_cannot_be_moved_any_more_waits_for_the_next_run(tmp_path, monkeypatch):
    write_all(tmp_path, OLD)
    replace = os.replace

    def held(source, target):
        if Path(target).name == "a.mp3":
            raise PermissionError(13, "it is played", str(target))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", held)
        with pytest.raises(OutputError, match=r"there cannot be moved into place \(it is played: .*a\.mp3\)"):
            publish(tmp_path, NEW)
    complete_published(tmp_path)
    assert contents(tmp_path) == NEW


def test_a_folder_without_a_journal_is_not_touched(tmp_path):
    complete_published(tmp_path / "nowhere")
    write_all(tmp_path, OLD)
    before = tmp_path.stat().st_mtime_ns
    complete_published(tmp_path)
    assert (contents(tmp_path), tmp_path.stat().st_mtime_ns) == (OLD, before)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("journal", "message"),
    [
        ("", "not a list of files to move"),
        ("[]", "not a list of files to move"),
        ('{"moves": [["a"]]}', "not a list of files to move"),
        ('{"moves": [[".interview-audio-abababababab.0.part", "../a.mp3"]]}', "outside this folder"),
        ('{"moves": [["a.vtt", "a.mp3"]]}', "outside this folder"),
        ('{"moves": [["../.interview-audio-abababababab.0.part", "a.mp3"]]}', "outside this folder"),
        ('{"moves": [[".interview-audio-abababababab.0.part", ".."]]}', "outside this folder"),
        ('{"moves": [[".interview-audio-abababababab.0.part", ""]]}', "outside this folder"),
        ('{"moves": [[".interview-audio-abababababab.0.part", 1]]}', "outside this folder"),
    ],
)
def test_a_journal_of_somebody_else_moves_nothing(tmp_path, journal, message):
    write_all(tmp_path, OLD)
    (tmp_path / ".interview-audio-abababababab.0.part").write_text("new sound", "utf-8")
    (tmp_path / ".interview-audio-abababababab.journal").write_text(journal, "utf-8")
    before = contents(tmp_path)
    with pytest.raises(OutputError, match=message) as caught:
        complete_published(tmp_path)
    assert "\n" not in str(caught.value)
    assert contents(tmp_path) == before


def test_an_older_episode_never_replaces_a_newer_one(tmp_path):
    write_all(tmp_path, OLD)
    with StagedFiles(tmp_path) as later:  # it looked before the other one was complete
        subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), "1", json.dumps(NEW)], check=False)
        later.publish(lambda: {"a.mp3": temporary(later, "newest sound")})
    complete_published(tmp_path)
    assert contents(tmp_path)["a.mp3"] == "newest sound"


def test_what_a_person_changed_after_a_kill_is_kept_and_the_new_file_lies_beside_it(tmp_path):
    (tmp_path / "a.md").write_text("old", "utf-8")
    (tmp_path / "a.mp3").write_text("old", "utf-8")
    moves = []
    for number, name in enumerate(("a.md", "a.mp3")):
        (tmp_path / f".interview-audio-abababababab.{number}.part").write_text("new", "utf-8")
        moves.append([f".interview-audio-abababababab.{number}.part", name, sha256_of(tmp_path / name)])
    (tmp_path / ".interview-audio-abababababab.journal").write_text(json.dumps({"moves": moves}), "utf-8")
    (tmp_path / "a.md").write_text("edited", "utf-8")
    complete_published(tmp_path)
    found = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir() if not path.name.endswith(".lock")}
    assert found == {"a.md": "edited", "a.new.md": "new", "a.mp3": "new"}


def test_a_list_that_vanishes_while_somebody_looks_is_that_of_a_render_at_work(tmp_path, monkeypatch):
    gone = tmp_path / f"{PREFIX}0123456789ab.journal"
    monkeypatch.setattr("interview_audio.files.staged_files.journals", lambda _: (gone,))
    assert waiting_files(tmp_path) == {}
