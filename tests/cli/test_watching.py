"""``render --watch``: what changed is rendered again, a mistake is told, and Ctrl-C ends it."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from queue import Queue

import pytest
import watchfiles

from interview_audio.cli.episodes import changes
from interview_audio.rendering.options import RenderOptions

PATIENCE = 60
"""Seconds that a line may take to come before the watch counts as deaf."""


class Watch:
    """A watch in a process of its own; what it says comes as it is said."""

    def __init__(self, *words):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "interview_audio", "render", *map(str, words), "--engine", "tone", "--store", "clips",
             "-o", "out", "--watch"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self.said = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            self.said.put(line.rstrip("\n"))
        self.said.put(None)

    def hear(self, words):
        while (line := self.said.get(timeout=PATIENCE)) is not None:
            if words in line:
                return line
        raise AssertionError(f"ended before it said {words!r}")


@contextmanager
def watching_process(*words):
    watch = Watch(*words)
    try:
        yield watch
    finally:
        watch.process.kill()
        watch.process.wait()
        watch.process.stdout.close()


@pytest.fixture
def watch(interview):
    with watching_process(interview) as watch:
        yield watch


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_a_watch_from_its_beginning_to_its_end(watch, interview, tmp_path):
    watch.hear("(done)")
    watch.hear("Watching for changes")
    interview.write_text(interview.read_text("utf-8").replace("No.", "Never."), "utf-8")
    assert watch.hear(" of 7 lines spoken, ").startswith("out/talk.en.mp3: 1 of 7 lines spoken, ")
    (tmp_path / "voices.yaml").write_text("speakers: {host", "utf-8")
    assert watch.hear("Error: ").startswith(f"Error: {tmp_path}/voices.yaml:1:")
    saved = tmp_path / "voices.yaml~"
    saved.write_text("speakers: {host: {voices: {en: {tone: male-4}}}}\n", "utf-8")
    saved.replace(tmp_path / "voices.yaml")
    watch.hear(": 2 of 7 lines spoken, ")
    interview.unlink()
    watch.hear("Error: ")
    interview.write_text("Q: Well?\n\nAda: Well.\n\nQ: So?\n\nAda: So.\n", "utf-8")
    watch.hear(" of 4 lines spoken, ")
    watch.process.send_signal(signal.SIGINT)
    watch.hear("Stopped watching.")
    assert watch.process.wait(PATIENCE) == 130
    assert watch.said.get(timeout=PATIENCE) is None


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_a_redo_waits_for_the_run_that_succeeds_and_is_done_once(run, interview, tmp_path):
    assert run("render", interview, "--engine", "tone", "--store", "clips", "-o", "out").code == 0
    (tmp_path / "voices.yaml").write_text("speakers: {host", "utf-8")
    with watching_process(interview, "--redo", "line:7") as watch:
        watch.hear("Error: ")
        watch.hear("Watching for changes")
        (tmp_path / "voices.yaml").unlink()
        watch.hear(": 1 of 7 lines spoken, ")
        assert takes_in(tmp_path) == {7: 2}
        interview.write_text(interview.read_text("utf-8").replace("No.", "Never."), "utf-8")
        watch.hear(": 1 of 7 lines spoken, ")
        assert takes_in(tmp_path) == {7: 2}


def takes_in(tmp_path):
    episode = json.loads((tmp_path / "out" / "talk.en.episode.json").read_text("utf-8"))
    return {line["line"]: line["take"] for line in episode["lines"] if "take" in line}


def test_a_system_that_reports_no_changes_is_looked_at(monkeypatch, tmp_path):
    def refuse(*_, **__):
        raise OSError(28, "no more watches")

    monkeypatch.setattr(watchfiles, "watch", refuse)
    source, notices = tmp_path / "talk.txt", []
    source.write_text("Q: Yes?", "utf-8")
    changed = changes([source], RenderOptions(), notices.append, look_again=0)
    assert next(changed) == (source,)
    source.write_text("Q: Really?", "utf-8")
    assert next(changed) == (source,)
    assert notices == ["The system reports no changes ([Errno 28] no more watches); checking the files every 0 s"]
