"""A whole back catalogue on a cluster with a shared store, while workers are killed and the store restarts."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress

import psutil
import pytest

from catalogue_texts import write_catalogue

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
COMMAND = (sys.executable, "-m", "interview_audio")


@pytest.mark.slow
def test_a_catalogue_is_made_while_workers_are_killed_and_the_store_restarts(tmp_path, bucket):
    sources = write_catalogue(tmp_path / "texts", 60)
    made = make_catalogue(tmp_path, bucket, "tone", len(sources))
    assert made["totals"] | {"done": 60, "failed": 0, "not_tried": 0} == made["totals"]
    episodes = [str(path) for path in sorted((tmp_path / "out").glob("*.mp3"))]
    assert len(episodes) == 60
    verified = subprocess.run(
        [*COMMAND, "verify", *episodes], capture_output=True, text=True, env=environment(tmp_path), check=False
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr


def make_catalogue(tmp_path, bucket, engine, count):
    """Run the batch of ``texts``; after a fifth and after a half of it a worker dies, in between the store does."""
    command = [*COMMAND, "batch", "texts", "-o", "out", "--engine", engine, "--json"]
    command += ["--store", "s3://show/clips", "--cluster", "local:2"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as batch:
        told = []
        reader = threading.Thread(target=lambda: told.extend(batch.stderr), daemon=True)
        reader.start()
        after(batch, tmp_path, count // 5)
        kill_a_worker(batch.pid)
        after(batch, tmp_path, count // 3)
        bucket.stop()
        time.sleep(3)
        bucket.listen()
        after(batch, tmp_path, count // 2)
        kill_a_worker(batch.pid)
        out = batch.stdout.read()
    reader.join(10)
    assert batch.returncode == 0, out + "".join(told)
    return json.loads(out)


def after(batch, tmp_path, count):
    """Wait until so many episodes are there."""
    for _ in range(2400):
        if len(list((tmp_path / "out").glob("*.mp3"))) >= count:
            return
        if batch.poll() is not None:
            raise AssertionError(batch.stdout.read() + batch.stderr.read())
        time.sleep(0.1)
    raise AssertionError("no progress for minutes")


def kill_a_worker(pid):
    """Kill the process below this one that has worked most."""
    busy = []
    for process in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            busy.append((process.cpu_times().user, process))
    max(busy, key=lambda one: one[0])[1].kill()


def environment(tmp_path):
    """Return the variables of a process whose home is empty."""
    homes = {name: str(tmp_path / "home") for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    return os.environ | homes
