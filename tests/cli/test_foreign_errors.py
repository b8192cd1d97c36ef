"""What the system refuses, where nobody expected it, is a line; a mistake of ours keeps its traceback."""

import errno
import io
import os
from pathlib import Path

import pytest

from interview_audio.rendering import up_to_date


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "a/b"), "a/b: Permission denied; check the path and"),
        (OSError(errno.EIO, "Input/output error", "old", None, "new"), "old -> new: Input/output error; check"),
        (OSError(errno.ENOSPC, "No space left on device"), "the output cannot be written: No space left on device"),
    ],
)
def test_a_foreign_error_that_names_its_file_is_a_line(run, interview, monkeypatch, error, line):
    monkeypatch.setattr(up_to_date, "read_bytes", raising(error))
    outcome = run("check", interview)
    assert outcome.code == 1
    assert outcome.err.startswith(f"Error: {line}")
    assert outcome.err.count("\n") == 1


def test_a_mistake_of_ours_keeps_its_traceback(monkeypatch, interview):
    from interview_audio import cli

    monkeypatch.setattr("sys.argv", ["interview-audio", "check", str(interview)])
    monkeypatch.setattr(up_to_date, "read_bytes", raising(OSError("no file is named")))
    with pytest.raises(OSError, match="no file is named"):
        cli.main()


def raising(error):
    def fail(*_, **__):
        raise error

    return fail


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc")
@pytest.mark.parametrize("words", [("-o", "/proc"), ("-o", "/dev/null"), ("-o", "out", "--store", "/proc")])
def test_a_folder_where_nothing_can_be_written_is_told_at_once(run, interview, words):
    outcome = run("render", interview, "--engine", "tone", *words)
    assert outcome.code == 1
    assert outcome.err.startswith(
        f"Error: cannot write to {'/' if words[0:2] != ('-o', 'out') else 'the clip store /'}"
    )
    assert outcome.err.count("\n") == 1


@pytest.fixture
def _without_working_folder(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    try:
        gone.rmdir()
    except OSError:
        pytest.skip("this system keeps the folder that a process works in")


@pytest.mark.usefixtures("_without_working_folder")
def test_a_working_folder_that_was_removed_is_no_obstacle(run, interview):
    assert run("check", interview).code == 0
    outcome = run("render", interview, "--engine", "tone")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)


@pytest.mark.usefixtures("_without_working_folder")
@pytest.mark.parametrize(
    "words",
    [
        ("check", "-"),
        ("script", "-"),
        ("plan", "-", "--engine", "tone"),
        ("render", "-", "--engine", "tone"),
        ("script", "talk.en.txt", "-o", "talk.yaml"),
    ],
)
def test_what_needs_a_working_folder_that_was_removed_says_so(run, interview, words, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(interview.read_bytes())))
    outcome = run(*(interview if word == interview.name else word for word in words))
    line = "Error: the working folder no longer exists; change to another folder and run again\n"
    assert (outcome.code, outcome.out, outcome.err) == (1, "", line)
