"""A render that is killed at any moment leaves a sound store and an old or a new episode, and the next one goes on."""

import json
import os
import subprocess
import sys

import pytest

# Renders in children of a process that has rendered, so that a kill meets the render and not its start, nor the drawing
# of its cover. How long a render takes is learned again and again: the machine has other work too.
DRIVER = """
import functools, json, os, random, shutil, signal, sys, time
from pathlib import Path
from interview_audio import cli
from interview_audio.rendering import render as rendering
from interview_audio.cli.commands import render as command
from interview_audio.files.atomic_files import leftovers, sweep
from interview_audio.engines import tone
from interview_audio.production.containers import mp3
from interview_audio.files.staged_files import complete_published
from interview_audio.synthesis.clip_file import read_clip, read_samples
from interview_audio.synthesis.pruning import StoreLimits, contents, prune
from interview_audio.synthesis.store import ClipStore

rendering.make_cover = functools.cache(rendering.make_cover)

def render(source, output, store):
    sys.argv = ["interview-audio", "render", str(source), "-o", str(output), "--engine", "tone", "--store", str(store)]
    try:
        cli.main()
    except SystemExit as stop:
        return stop.code or 0

def start(*words):
    child = os.fork()
    if not child:
        sys.stdout = sys.stderr = open(os.devnull, "w")
        os._exit(render(*words))
    return child

def finish(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def seconds_of(*words):
    began = time.monotonic()
    assert finish(start(*words)) == 0
    return time.monotonic() - began

def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}

def clips(store):
    return {path.name: path.stat().st_ino for path in store.rglob("*.flac")}

source, count, seed = Path("talk.txt"), int(sys.argv[1]), int(sys.argv[2])
shutil.copy("old.txt", source)
assert render(source, "old-out", "old-clips") == 0
shutil.copy("new.txt", source)  # edited since
shutil.copytree("old-clips", "new-clips")
shutil.copytree("old-out", "new-out")  # whose cast is kept
length = seconds_of(source, "new-out", "new-clips")
before, after = files(Path("old-out")), files(Path("new-out"))
chance = random.Random(seed)
summary = {"renders": 0, "killed": 0, "some clips": 0, "old": 0, "new": 0}
while summary["killed"] < count:  # some end before their moment
    summary["renders"] += 1
    number = summary["renders"]
    output, store = Path(f"out-{number}"), Path(f"clips-{number}")
    shutil.copytree("old-out", output)
    shutil.copytree("old-clips", store)
    child = start(source, output, store)
    moment = chance.uniform(0, length)
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    if finish(child) == -signal.SIGKILL:
        summary["killed"] += 1
    else:
        length = moment
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
    length = max(length, seconds_of(source, output, store))
    assert files(output) == after
    again = clips(store)
    assert again.keys() == clips(Path("new-clips")).keys()
    assert made.items() <= again.items(), "made again"
    prune(ClipStore(store), StoreLimits())
    assert contents(ClipStore(store)).leftovers == ()
    shutil.rmtree(store)
    shutil.rmtree(output)
print(json.dumps(summary))
"""

# The fewer samples are encoded, the more of the moments are those of writing, flushing and renaming.
SMALL = "sound: {sample_rate: 16000, bitrate: 16}"


def talk(path, answers):
    lines = ["Numbers\n", *(f"Q: What is {number}?\n\nAda: It is number {number}, no less.\n" for number in answers)]
    path.write_text("\n".join(lines), "utf-8")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows does not fork")
def test_killed_at_twenty_random_moments(tmp_path):
    (tmp_path / "voices.yaml").write_text(SMALL, "utf-8")
    talk(tmp_path / "old.txt", range(4))
    talk(tmp_path / "new.txt", range(2, 9))
    result = subprocess.run([sys.executable, "-c", DRIVER, "20", "20"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    summary = json.loads(result.stdout.splitlines()[-1])
    assert (summary["killed"], summary["old"] > 0, summary["some clips"] > 0) == (20, True, True)
