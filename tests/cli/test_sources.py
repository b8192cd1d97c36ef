"""What may stand in the place of a file: standard input, and a page of the web."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

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

    from interview_audio.cli.check import check as command

    outcome = CliRunner().invoke(command, ["-", "--title", "On: salt"], input=b" \n")
    assert "On- salt.txt: the file is empty" in str(outcome.exception)
    assert str(outcome.exception).startswith(tempfile.gettempdir())
