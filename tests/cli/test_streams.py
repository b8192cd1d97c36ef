"""Standard streams that are closed, full or read by nobody: no traceback, and an episode is made all the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="descriptors are redirected by a POSIX shell")
DRIVER = Path(__file__).parents[1] / "support" / "redirected_commands.py"
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")

RENDER = "render talk.en.txt --engine tone --store clips -o"


@FULL
def test_every_command_ends_in_order_whatever_its_streams_are(interview, tmp_path):
    full = "Error: cannot write to standard output: No space left on device\n"
    closed = "Error: cannot write to standard output: it is closed\n"
    warning = "Warning: cannot write to standard output: No space left on device; the episode has been made\n"
    tries = [
        ("check talk.en.txt", "/dev/full", "err", 1, full),
        ("check talk.en.txt", "-", "err", 1, closed),
        ("check talk.en.txt", "/dev/null", "/dev/full", 0, ""),
        ("check nowhere.txt", "/dev/null", "/dev/full", 2, ""),
        ("check talk.en.txt", "-", "-", 1, ""),
        ("--help", "/dev/full", "err", 1, full),
        ("script talk.en.txt -o talk.yaml", "-", "err", 0, ""),
        (f"{RENDER} a", "/dev/full", "err", 0, warning),
        (f"{RENDER} b", "-", "/dev/full", 0, ""),
    ]
    outcomes = []
    with subprocess.Popen([sys.executable, DRIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as driver:
        for words, out, err, _, _ in tries:
            (tmp_path / "err").unlink(missing_ok=True)
            driver.stdin.write(f"{words} {out} {err}\n")
            driver.stdin.flush()
            code = int(driver.stdout.readline())
            said = (tmp_path / "err").read_text("utf-8") if err == "err" else ""
            outcomes.append((words, out, err, code, last_line(said)))
    assert outcomes == tries
    assert all((tmp_path / folder / "talk.en.mp3").exists() for folder in "ab")


def last_line(said):
    """The last line, unless it is progress."""
    line = (said.splitlines(keepends=True) or [""])[-1]
    return "" if line.startswith("Producing") else line


def start(*words, **streams):
    return subprocess.Popen([sys.executable, "-m", "interview_audio", *words], text=True, **streams)


def test_a_reader_that_wants_no_more_is_no_error(interview):
    reading, writing = os.pipe()
    os.close(reading)
    with start("check", str(interview), stdout=writing, stderr=subprocess.PIPE) as process:
        os.close(writing)
        assert process.communicate()[1] == ""
    assert process.returncode == 141


def test_standard_streams_that_are_closed_from_the_start(interview, tmp_path):
    """Python itself starts without them; no file of ours gets their numbers."""
    words = [sys.executable, "-m", "interview_audio", "script", str(interview), "-o", "talk.yaml"]
    assert subprocess.run(["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *words], check=False).returncode == 0
    assert "schema" in (tmp_path / "talk.yaml").read_text("utf-8")
    words = [sys.executable, "-m", "interview_audio", "check", "-"]
    closed = subprocess.run(["sh", "-c", '"$@" <&-', "sh", *words], capture_output=True, text=True, check=False)
    assert closed.returncode == 1
    assert closed.stderr.startswith("Error: standard input: it is closed;")
    assert closed.stderr.count("\n") == 1
