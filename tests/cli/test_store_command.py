"""`interview-audio store`: what it prints, removes and refuses."""

import os
import time
from pathlib import Path

import pytest

DAY = 86_400


@pytest.fixture
def filled(run, interview, tmp_path):
    """A store with the clips of one render, of which one was not used for 40 days."""
    assert run("render", interview, "-o", "out", "--engine", "tone", "--store", "clips").code == 0
    clips = sorted((tmp_path / "clips").rglob("*.flac"))
    long_ago = time.time() - 40 * DAY
    os.utime(clips[0], (long_ago, long_ago))
    return clips


def test_show(run, filled, tmp_path):
    lines = run("store", "show", "--store", "clips").out.splitlines()
    assert Path(lines[0]) == Path("clips/v1")
    assert lines[1].startswith("7 clips, ")
    assert ", used from 20" in lines[1]
    assert lines[2].split()[:2] == ["tone", "7"]
    assert len(lines) == 3


def test_show_an_empty_store(run, tmp_path):
    outcome = run("store", "show", "--store", "nowhere")
    assert (outcome.code, outcome.out.splitlines()[1]) == (0, "0 clips, 0 B")
    assert not (tmp_path / "nowhere").exists()


def test_show_what_cannot_be_read(run, filled):
    filled[1].write_bytes(b"")
    filled[1].with_name(".interview-audio-0123456789ab.0.part").touch()
    lines = run("store", "show", "--store", "clips").out.splitlines()
    assert lines[3].split() == ["damaged", "1", "0", "B"]
    assert lines[4] == "damaged: cannot be read, spoken again when needed"
    assert lines[5].startswith("1 temporary file of renders that are running or were killed")


def test_clips_of_an_earlier_build_are_told_of_made_again_and_pruned(run, filled, interview):
    for path in filled[:2]:
        content = bytearray(path.read_bytes())
        start = content.index(b"INTERVIEW_AUDIO=") + len(b"INTERVIEW_AUDIO=")
        content[start : start + 12] = b'{"schema":1,'
        path.write_bytes(content)
    lines = run("store", "show", "--store", "clips").out.splitlines()
    assert lines[3].split()[:3] == ["older", "format", "2"]
    assert lines[4:] == [
        "older format: written by an earlier version, spoken again when needed; `store prune` removes them"
    ]
    assert run("store", "prune", "--dry-run", "--store", "clips").out.startswith("2 clips, ")
    outcome = run("render", interview, "-o", "other", "--engine", "tone", "--store", "clips")
    assert (", 2 to speak" in outcome.err, "Warning" in outcome.err) == (True, False)
    assert run("store", "prune", "--store", "clips").out == "0 clips, 0 B, removed\n"


def test_prune_by_age(run, filled):
    size = filled[0].stat().st_size / 1000
    words = ("store", "prune", "--older-than", "30d", "--store", "clips")
    assert run(*words, "--dry-run").out == f"1 clip, {size:.1f} kB, would be removed\n"
    assert filled[0].exists()
    assert run(*words).out == f"1 clip, {size:.1f} kB, removed\n"
    assert [path.exists() for path in filled] == [False, *[True] * 6]


def test_prune_by_size_and_by_default(run, filled):
    assert run("store", "prune", "--store", "clips").out == "0 clips, 0 B, removed\n"
    assert run("store", "prune", "--max-size", "0", "--store", "clips").out.startswith("7 clips, ")
    assert not any(path.exists() for path in filled)


def test_a_pruned_clip_is_made_again(run, filled, interview):
    run("store", "prune", "--older-than", "30d", "--store", "clips")
    outcome = run("render", interview, "-o", "other", "--engine", "tone", "--store", "clips")
    assert (outcome.code, ", 1 to speak" in outcome.err) == (0, True)


@pytest.mark.parametrize(("option", "value"), [("--older-than", "30"), ("--max-size", "ten"), ("--store", __file__)])
def test_wrong_words(run, option, value):
    outcome = run("store", "prune", option, value)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert option in outcome.err
