"""Renders that are killed at random moments: `python killed_renders.py COUNT SEED`, in a folder with old.txt and new.txt.

They run in children of a process that has rendered, so that a kill meets the render and not its start, nor the drawing
of its cover. How long a render takes is learned again and again: the machine has other work too.
"""

import functools
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

from interview_audio import cli
from interview_audio.cli.commands import render as _command  # loaded here, not in each child
from interview_audio.engines import tone as _engine
from interview_audio.files.atomic_files import sweep
from interview_audio.files.staged_files import complete_published
from interview_audio.production import cover
from interview_audio.production.containers import mp3 as _mp3
from interview_audio.rendering import render as rendering
from interview_audio.synthesis.clip_file import read_clip, read_samples
from interview_audio.synthesis.pruning import StoreLimits, contents, prune
from interview_audio.synthesis.store import ClipStore

LOADED = (_command, _engine, _mp3)
setattr(rendering, "make_cover", functools.cache(cover.make_cover))  # noqa: B010 - not exported


def render(source, output, store):
    sys.argv = ["interview-audio", "render", str(source), "-o", str(output), "--engine", "tone", "--store", str(store)]
    try:
        cli.main()
    except SystemExit as stop:
        return stop.code or 0


def start(*words):
    child = os.fork()
    if not child:
        sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - open until the child ends
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


def main():
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


if __name__ == "__main__":
    main()
