"""`interview-audio store`: what it prints, removes and refuses."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

DAY = 86_400


@pytest.fixture
def filled(rendered, tmp_path):
    """A store with the clips of one render, of which one was not used for 40 days."""
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
    assert run("store", "prune", "--dry-run", "--store", "clips").out.startswith("2 of 7 clips, ")
    outcome = run("render", interview, "-o", "other", "--engine", "tone", "--store", "clips")
    assert (", 2 to speak" in outcome.err, "Warning" in outcome.err) == (True, False)
    assert run("store", "prune", "--store", "clips").out == "0 clips, 0 B, removed\n"


def test_prune_by_age(run, filled):
    size = filled[0].stat().st_size / 1000
    words = ("store", "prune", "--older-than", "30d", "--store", "clips")
    foreseen = run(*words, "--dry-run").out
    assert re.fullmatch(rf"1 of 7 clips, {size:.1f} kB of \d+ kB, used \S+ \S+: would be removed\n", foreseen)
    assert filled[0].exists()
    assert run(*words).out == f"1 clip, {size:.1f} kB, removed\n"
    assert [path.exists() for path in filled] == [False, *[True] * 6]


def test_prune_by_default(run, filled):
    assert run("store", "prune", "--store", "clips").out == "0 clips, 0 B, removed\n"


def test_clips_of_an_episode_of_the_last_day_stay_without_all(run, filled):
    for limit in (("--max-size", "0"), ("--older-than", "0d")):
        outcome = run("store", "prune", *limit, "--store", "clips", "--dry-run")
        assert outcome.out.startswith("1 of 7 clips, ")
        assert re.search(r"\nkept: 6 clips, \d+ kB, used in the last day; --all removes them too\n", outcome.out)
    assert run("store", "prune", "--max-size", "0", "--store", "clips").out.startswith("1 clip, ")
    assert [path.exists() for path in filled] == [False, *[True] * 6]


@pytest.fixture
def prune_all(filled):
    return ("store", "prune", "--max-size", "0GB", "--all", "--store", "clips")


def test_more_than_half_of_the_store_is_not_removed_unasked(run, filled, prune_all):
    outcome = run(*prune_all)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert outcome.err.startswith("Error: more than half of the store would be removed: 7 of 7 clips, ")
    assert "--yes" in outcome.err
    assert all(path.exists() for path in filled)
    assert run(*prune_all, "--dry-run").out.startswith("7 of 7 clips, ")
    assert all(path.exists() for path in filled)
    assert run(*prune_all, "--yes").out.startswith("7 clips, ")
    assert not any(path.exists() for path in filled)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (b"n\n", 1, "Nothing was removed."),
        (b"y\n", 0, ""),
        (b"\x04", 1, "Nothing was removed."),  # Ctrl-D
        (signal.SIGINT, 130, "Interrupted."),
    ],
)
def test_on_a_terminal_it_is_shown_and_asked(filled, prune_all, answer, code, said):
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "interview_audio", *prune_all]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs) as asking:
        shown = b""
        while not shown.endswith(b"[y/N]: "):
            shown += os.read(ours, 1000)
        if isinstance(answer, bytes):
            os.write(ours, answer)
        else:
            asking.send_signal(answer)
        assert asking.wait() == code
    os.write(theirs, b"|")
    os.close(theirs)
    after = b""
    while not after.endswith(b"|"):
        after += os.read(ours, 1000)
    os.close(ours)
    assert shown.startswith(b"7 of 7 clips, ")
    assert after.decode()[:-1].replace("y\r\n", "").replace("n\r\n", "").replace("^D\b\b", "").strip() == said
    assert [path.exists() for path in filled] == [bool(code)] * 7


def test_a_pruned_clip_is_made_again(run, filled, interview):
    run("store", "prune", "--older-than", "30d", "--store", "clips")
    outcome = run("render", interview, "-o", "other", "--engine", "tone", "--store", "clips")
    assert (outcome.code, ", 1 to speak" in outcome.err) == (0, True)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--older-than", "30"),
        ("--older-than", "-1d"),
        ("--max-size", "ten"),
        ("--max-size", "-1GB"),
        ("--max-size", "9" * 20 + "GB"),
        ("--store", __file__),
    ],
)
def test_wrong_words(run, option, value):
    outcome = run("store", "prune", option, value)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert option in outcome.err


def test_a_size_without_a_unit_is_asked_for_and_removes_nothing(run, filled, tmp_path):
    outcome = run("store", "prune", "--max-size", "10", "--store", "clips", "--yes", "--all")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "'10' has no unit; did you mean '10 GB'?" in outcome.err
    (tmp_path / "voices.yaml").write_text("store: {max_size: 10}", "utf-8")
    outcome = run("store", "prune", "--store", "clips")
    assert outcome.err.endswith("voices.yaml:1:19: store.max_size: '10' has no unit; did you mean '10 GB'?\n")
    assert all(path.exists() for path in filled)


def test_the_end_of_a_render_keeps_its_own_clips_however_small_the_store_is_to_be(run, interview, tmp_path):
    """Otherwise each render of it would speak everything anew."""
    (tmp_path / "voices.yaml").write_text("store: {max_size: 1kB}", "utf-8")
    words = ("render", interview, "--engine", "tone", "--store", "clips")
    assert run(*words, "-o", "out").code == 0
    assert len(list((tmp_path / "clips").rglob("*.flac"))) == 7
    other = tmp_path / "other.txt"
    other.write_text("Q: Who?\n\nA: Nobody.\n", "utf-8")
    (tmp_path / "clips" / "v1" / "pruned").unlink()
    outcome = run("render", other, "--engine", "tone", "--store", "clips", "-o", "out")
    assert "The clip store was full" in outcome.err
    assert len(list((tmp_path / "clips").rglob("*.flac"))) == 2
