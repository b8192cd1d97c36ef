"""A source and its settings are read once on the way to an episode, whatever is asked for beside it."""

import subprocess
import sys

import pytest

TALK = "A talk\n\nQ: Well, how are you?\n\nAda Brook: I am fine.\n"
PROBE = """
import os, sys

opened = []
sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0])) if event == "open" else None)
sys.argv = ["interview-audio", *sys.argv[1:]]
from interview_audio import cli

try:
    cli.main()
except SystemExit as stop:
    assert not stop.code, stop.code
names = [os.path.basename(path) for path in opened]
print(names.count("talk.txt"), names.count("mine.yaml"), names.count("talk.episode.json"))
"""
TONE = ("--engine", "tone", "--store", "clips", "--voices", "mine.yaml")


@pytest.fixture
def readings(tmp_path):
    """Run a command; return how often it opened the source, the settings file and the record of the last render."""
    (tmp_path / "talk.txt").write_text(TALK, "utf-8")
    (tmp_path / "mine.yaml").write_text("chapters: {min_seconds: 0}\n", "utf-8")

    def run(*words):
        command = [sys.executable, "-c", PROBE, *words, *TONE]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return tuple(map(int, done.stdout.split("\n")[-2].split()))

    return run


def test_each_file_is_read_once(readings, tmp_path):
    assert readings("plan", "talk.txt", "--fallback", "edge")[:2] == (1, 1)
    assert readings("render", "talk.txt", "--fallback", "edge")[:2] == (1, 1)
    assert readings("render", "talk.txt") == (1, 1, 1)  # it is up to date
    (tmp_path / "talk.txt").write_text(TALK.replace("fine", "well"), "utf-8")
    assert readings("render", "talk.txt")[:2] == (1, 1)
