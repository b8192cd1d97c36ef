"""What may stand in the place of a file: standard input, a pipe, and a page of the web; nothing of it meets a disk."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from interview_audio.errors import ConfigurationError

TALK = "Q: Why did you stay, Ida?\n\nIda Holm: I like birds.\n\nQ: And now?\n\nIda Holm: I sleep.\n"


def check(folder: Path, *words: str, content: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    temporary = folder / "temporary"
    temporary.mkdir()
    environment = os.environ | {"TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary)}
    command = [sys.executable, "-m", "interview_audio", "check", *words]
    finished = subprocess.run(command, input=content, capture_output=True, check=False, cwd=folder, env=environment)
    assert list(temporary.iterdir()) == []
    return finished


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_standard_input(tmp_path: Path, encoding: str) -> None:
    finished = check(tmp_path, "-", content=TALK.encode(encoding))
    assert finished.returncode == 0, finished.stderr
    assert "episode" in finished.stdout.decode().splitlines()[0]


def test_the_title_names_what_comes_from_standard_input(tmp_path: Path) -> None:
    finished = check(tmp_path, "-", "--title", "On / salt", content=TALK.encode())
    assert "On / salt" in finished.stdout.decode().splitlines()[0]


def test_an_empty_standard_input_is_one_line(tmp_path: Path) -> None:
    finished = check(tmp_path, "-")
    assert finished.returncode == 1
    assert b"standard-input" in finished.stderr
    assert finished.stderr.count(b"\n") == 1


def test_a_page_that_cannot_be_fetched_is_one_line(tmp_path: Path) -> None:
    finished = check(tmp_path, "http://127.0.0.1:9/talk")
    assert finished.returncode == 1
    assert finished.stderr.startswith(b"Error: http://127.0.0.1:9/talk: ")
    assert finished.stderr.count(b"\n") == 1


def test_the_file_of_standard_input_is_called_like_the_title() -> None:
    from click.testing import CliRunner

    from interview_audio.cli.commands.check import check as command

    outcome = CliRunner().invoke(command, ["-", "--title", "On: salt"], input=b" \n")
    assert "On- salt.txt: the file is empty" in str(outcome.exception)
    assert str(outcome.exception).startswith("standard-input")


@pytest.fixture
def pipe():
    """A path such as a shell's ``<(...)`` gives, of a pipe that holds this text and no writer any more."""
    opened = []

    def filled(text: str) -> str:
        reading, writing = os.pipe()
        opened.append(reading)
        os.write(writing, text.encode())
        os.close(writing)
        return f"/dev/fd/{reading}"

    yield filled
    for reading in opened:
        os.close(reading)


needs_pipes = pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")


@needs_pipes
@pytest.mark.parametrize("command", ["check", "script", "plan"])
def test_a_pipe_is_read_once_and_called_an_episode(run, pipe, command):
    outcome = run(command, pipe(TALK))
    assert (outcome.code, outcome.err) == (0, "")
    assert "episode" in outcome.out
    assert "I like birds." in outcome.out or command != "script"


@needs_pipes
def test_pipes_are_rendered_and_a_second_render_finds_them_unchanged(run, pipe, small_episodes, tmp_path):
    words = ("render", "--engine", "tone", "--store", "clips", "--title", "On: salt")
    assert run(*words, pipe(TALK)).code == 0
    again = run(*words, pipe(TALK))
    assert (again.code, "(unchanged)" in again.out) == (0, True)
    assert sorted(tmp_path.glob("output/*.mp3")) == [tmp_path / "output" / "On-salt.mp3"]


@needs_pipes
def test_a_named_pipe_keeps_its_name_and_the_settings_beside_it(run, tmp_path):
    named = tmp_path / "deep" / "talk.txt"
    named.parent.mkdir()
    os.mkfifo(named)
    (tmp_path / "deep" / "voices.yaml").write_text("engine: nonsense", "utf-8")
    writer = threading.Thread(target=named.write_text, args=(TALK, "utf-8"))
    writer.start()
    outcome = run("plan", "deep/talk.txt")
    writer.join()
    assert outcome.err.startswith(f"Error: {tmp_path / 'deep' / 'voices.yaml'}:1:9: there is no engine 'nonsense'")


@needs_pipes
def test_settings_may_come_by_a_pipe(run, pipe, interview):
    outcome = run("plan", interview, "--voices", pipe("engine: nonsense"))
    assert outcome.err.startswith("Error: (--voices):1:9: there is no engine 'nonsense'")
    outcome = run("plan", interview, "--voices", pipe("sound: {intro: theme.mp3}"))
    assert "sound.intro: theme.mp3" in outcome.err
    assert run("check", interview, "--voices", "/dev/null").code == 0


@needs_pipes
def test_commands_of_one_process_do_not_share_what_was_piped(pipe, interview):
    from interview_audio.cli.commands.plan import plan

    names = ("one", "two")
    begun = [plan.make_context("plan", [str(interview), "--voices", pipe(f"engine: {name}")]) for name in names]
    for context, name in zip(begun, names, strict=True):
        with context, pytest.raises(ConfigurationError, match=f"there is no engine '{name}'"):
            plan.invoke(context)


@needs_pipes
def test_what_was_piped_has_no_place_of_its_own_and_is_known_by_its_text(run, pipe, small_episodes, tmp_path):
    words = ("render", "--engine", "tone", "--store", "clips", "--title", "Salt")
    assert run(*words, pipe(TALK)).code == 0
    recorded = json.loads((tmp_path / "output" / "Salt.episode.json").read_bytes())["source"]
    assert recorded == {"file": None, "sha256": hashlib.sha256(TALK.encode()).hexdigest()}
    assert run(*words, pipe(TALK.replace("I sleep.", "I sleep, at last."))).code == 0
    other = run(*words, pipe("Q: Is this about glass?\n\nAda: It is about sand and a very hot oven.\n"))
    assert (other.code, "belongs to another interview's episode" in other.err) == (1, True)


@needs_pipes
def test_a_pipe_without_an_end_is_left_at_the_limit(run, tmp_path):
    endless = subprocess.Popen(["yes"], stdout=subprocess.PIPE)
    outcome = run("check", f"/dev/fd/{endless.stdout.fileno()}")
    endless.stdout.close()
    endless.wait()
    assert outcome.code == 1
    assert outcome.err.endswith("/episode.txt: larger than the 20 MB limit; split it\n")
    assert outcome.err.count("\n") == 1


@needs_pipes
def test_a_render_of_standard_input_that_is_killed_leaves_nothing_of_it(tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    words = ("render", "-", "--engine", "tone", "--store", "clips", "-o", "out")
    command = [sys.executable, "-m", "interview_audio", *words]
    talk = "".join(f"Q: What is {number}?\n\nAda: It is {number}.\n\n" for number in range(200))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as rendering:
        rendering.stdin.write(talk.encode())
        rendering.stdin.close()
        while b"speak" not in rendering.stderr.readline():  # the text has been read, and is read again later
            assert rendering.poll() is None
        rendering.send_signal(signal.SIGKILL)
    assert list(temporary.iterdir()) == []
    assert not list(tmp_path.glob("out/*")), "nor of the episode that was not begun"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="nothing here can be opened and not read")
def test_what_cannot_be_read_is_an_error_and_no_wrong_usage(run, interview, monkeypatch):
    with Path("/proc/self/mem").open("rb") as unreadable:
        number = unreadable.fileno()
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=unreadable))
        line = "it cannot be read: Input/output error"
        for words, where in [
            (("check", "-"), "standard input"),
            (("check", f"/dev/fd/{number}"), f"/dev/fd/{number}"),
            (("check", interview, "--voices", f"/dev/fd/{number}"), f"/dev/fd/{number}"),
        ]:
            outcome = run(*words)
            assert (outcome.code, outcome.err) == (1, f"Error: {where}: {line}\n")
