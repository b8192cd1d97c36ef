"""Standard streams that are closed, full or read by nobody: no traceback, and an episode is made all the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="descriptors are redirected by a POSIX shell")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")

# Each command in a fork of a process that has loaded what they need: twenty starts of Python would take seconds.
DRIVER = """
import functools, os, sys
from interview_audio import cli
from interview_audio.rendering import render as rendering
from interview_audio.cli.commands import check, render

rendering.make_cover = functools.cache(rendering.make_cover)

def redirect(handle, where):
    if where == "-":
        os.close(handle)
    else:
        os.dup2(os.open(where, os.O_RDWR | os.O_CREAT), handle)

def restart(handle, mode):
    # As Python finds its streams when it starts.
    try:
        os.fstat(handle)
    except OSError:
        return None
    return open(handle, mode, closefd=False)

for line in sys.stdin:
    *words, out, err = line.split()
    child = os.fork()
    if not child:
        redirect(2, err)  # first, so that it doesn't get the number of a closed output
        redirect(1, out)
        sys.stdout = sys.__stdout__ = restart(1, "w")
        sys.stderr = sys.__stderr__ = restart(2, "w")
        sys.argv = ["interview-audio", *words]
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code
        except BaseException:
            code = 99
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
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
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as driver:
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
