"""A render that is killed at any moment leaves a sound store and an old or a new episode, and the next one goes on."""

import json
import os
import subprocess
import sys

import pytest

# Renders in children of a process that has imported all it needs, so that a kill meets the render and not its start.
DRIVER = """
import json, os, random, shutil, signal, sys, time
from pathlib import Path
from interview_audio import cli, pipeline
from interview_audio.cli import render
from interview_audio.durable import leftovers, sweep
from interview_audio.engines import tone
from interview_audio.production.containers import mp3
from interview_audio.production.staging import complete_published
from interview_audio.synthesis.flac import read_clip, read_samples
from interview_audio.synthesis.pruning import Limits, contents, prune
from interview_audio.synthesis.store import ClipStore

def start(source, output, store):
    child = os.fork()
    if child:
        return child
    sys.stdout = sys.stderr = open(os.devnull, "w")
    sys.argv = ["interview-audio", "render", str(source), "-o", str(output), "--engine", "tone", "--store", str(store)]
    try:
        cli.main()
    except SystemExit as stop:
        os._exit(stop.code or 0)

def finish(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}

def clips(store):
    return {path.name: path.stat().st_ino for path in store.rglob("*.flac")}

old, new, count, seed = Path("old") / "talk.txt", Path("new") / "talk.txt", int(sys.argv[1]), int(sys.argv[2])
assert finish(start(old, "old-out", "old-clips")) == 0
shutil.copytree("old-clips", "new-clips")
shutil.copytree("old-out", "new-out")  # whose cast is kept
began = time.monotonic()
assert finish(start(new, "new-out", "new-clips")) == 0
length = time.monotonic() - began
before, after = files(Path("old-out")), files(Path("new-out"))
chance = random.Random(seed)
summary = {"killed": 0, "some clips": 0, "old": 0, "new": 0}
number = 0
while summary["killed"] < count:  # some end before their moment
    number += 1
    output, store = Path(f"out-{number}"), Path(f"clips-{number}")
    shutil.copytree("old-out", output)
    shutil.copytree("old-clips", store)
    child = start(new, output, store)
    time.sleep(chance.uniform(0, length))
    os.kill(child, signal.SIGKILL)
    summary["killed"] += finish(child) == -signal.SIGKILL
    for path in store.rglob("*.flac"):
        read_clip(path.stem, path)
        read_samples(path)
    made = clips(store)
    summary["some clips"] += len(clips(Path("old-clips"))) < len(made) < len(clips(Path("new-clips")))
    complete_published(output)
    sweep(output)
    found = files(output)
    assert found in (before, after), (number, found.keys())
    summary["new" if found == after else "old"] += 1
    assert finish(start(new, output, store)) == 0
    assert files(output) == after
    again = clips(store)
    assert again.keys() == clips(Path("new-clips")).keys()
    assert made.items() <= again.items(), "made again"
    prune(ClipStore(store), Limits())
    assert contents(ClipStore(store)).leftovers == ()
    shutil.rmtree(store)
    shutil.rmtree(output)
print(json.dumps(summary))
"""

# The fewer samples are encoded, the more of the moments are those of writing, flushing and renaming.
SMALL = "sound: {sample_rate: 16000, bitrate: 16}"


def talk(path, answers):
    path.parent.mkdir()
    lines = ["Numbers\n", *(f"Q: What is {number}?\n\nAda: It is number {number}, no less.\n" for number in answers)]
    path.write_text("\n".join(lines), "utf-8")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows does not fork")
def test_killed_at_fifty_random_moments(tmp_path):
    (tmp_path / "voices.yaml").write_text(SMALL, "utf-8")
    talk(tmp_path / "old" / "talk.txt", range(4))
    talk(tmp_path / "new" / "talk.txt", range(2, 9))
    result = subprocess.run([sys.executable, "-c", DRIVER, "50", "20"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    summary = json.loads(result.stdout)
    assert (summary["killed"], summary["old"] > 0, summary["some clips"] > 0) == (50, True, True)
