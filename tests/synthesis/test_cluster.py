"""The same clips, errors and order from threads, processes and a Dask cluster; and what only a cluster has."""

import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import resource_tracker

import psutil
import pytest

from interview_audio.engines.protocol import MAX_SOCKETS
from interview_audio.engines.tone import ToneEngine
from interview_audio.errors import EngineError, SpeechError, UsageError
from interview_audio.script.lines import Line, Voice
from interview_audio.synthesis import cluster_members
from interview_audio.synthesis.clip_worker import ClipWorker, ProcessExecutor, ThreadExecutor
from interview_audio.synthesis.cluster import ClusterPatience, open_cluster
from interview_audio.synthesis.cluster_members import Call
from interview_audio.synthesis.planning import plan_synthesis
from interview_audio.synthesis.store import ClipStore
from interview_audio.synthesis.synthesizing import synthesize
from interview_audio.synthesis.workers import WorkerFailedError, WorkerProcesses


def line(text, number=1):
    return Line(0, "Ada", "en", text, Voice("tone", "male-1"), 0.1, None, number)


LINES = (line("One.", 1), line("Two words.", 2), line("One.", 3), line("And three of them.", 4))


@contextmanager
def threads():
    with ThreadPoolExecutor(2) as pool:
        yield ThreadExecutor(pool, ClipWorker())


@contextmanager
def processes():
    pool = WorkerProcesses(2).grow(2)
    yield ProcessExecutor(pool)
    pool.shutdown()


@contextmanager
def dask():
    with open_cluster("local:2", print) as workers:
        yield workers


@pytest.fixture(
    scope="module",
    params=[threads, processes, pytest.param(dask, marks=pytest.mark.slow)],
    ids=lambda one: one.__name__,
)
def executor(request):
    with request.param() as opened:
        yield opened


def planned(lines, tmp_path):
    return plan_synthesis(lines, ToneEngine({}), {}, {}, ClipStore(tmp_path))


def test_clips_are_the_same_wherever_they_are_made(tmp_path, executor):
    with threads() as here:
        expected = synthesize(LINES, planned(LINES, tmp_path / "here"), here, lambda _: None)
    made = []
    clips = synthesize(LINES, planned(LINES, tmp_path / "there"), executor, made.append)
    assert [clip.path.read_bytes() for clip in clips] == [clip.path.read_bytes() for clip in expected]
    assert [clip.key for clip in clips] == [clip.key for clip in expected]
    assert len(made) == 3


def test_errors_are_the_same_wherever_they_come_from(tmp_path, executor):
    lines = (line("One.", 1), line("……", 7), line("Two words.", 9))
    with pytest.raises(SpeechError, match=r"^line 7: no words to speak in '……'; change the text$"):
        synthesize(lines, planned(lines, tmp_path), executor, lambda _: None)
    assert len(planned(lines, tmp_path).stored) == 2


@pytest.mark.parametrize(
    "address",
    [
        "local",
        "local:0",
        "local:many",
        "somewhere:8786",
        "scheduler.txt",
        "http://host:8786",
        "tcp://host",
        "s3://a/b.json",
    ],
)
def test_an_address_that_is_none_is_said_with_those_that_are(address):
    with pytest.raises(UsageError, match=rf"^--cluster {address}: give local:4 for four workers on this machine"):
        open_cluster(address, print)


def test_what_is_no_scheduler_is_not_waited_for_longer_than_one():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        workers = open_cluster(address, print, ClusterPatience(first=0.2))
        with (
            pytest.raises(EngineError, match=rf"^the scheduler {address} cannot be reached \(it does not answer"),
            workers,
        ):
            pass


@pytest.mark.parametrize("content", ["[]", "{}", "no JSON"])
def test_a_scheduler_file_that_names_none_is_said(content, tmp_path):
    file = tmp_path / "scheduler.json"
    file.write_text(content, "utf-8")
    workers = open_cluster(str(file), print, ClusterPatience(first=0.1))
    with pytest.raises(EngineError, match=r"scheduler\.json cannot be reached \("), workers:
        pass


def test_without_dask_one_line_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed.versions", None)
    with pytest.raises(UsageError, match=r"^--cluster needs Dask: pip install 'interview-audio\[cluster\]'$"):
        open_cluster("local:1", print).__enter__()


def said_of(*addresses, run="one"):
    """Return what a worker says that is to reach these addresses."""
    function, arguments = Call(tuple((address, run) for address in addresses)).__reduce__()
    return function(*arguments)


def test_a_worker_says_which_address_cannot_be_reached_from_there_and_asks_once_a_run(bucket, monkeypatch):
    assert said_of("s3://show/a", "s3://show/b") == ("fit", "", "")
    asked = len(bucket.requests)
    assert said_of("s3://show/a", "s3://show/b")[0] == "fit"
    assert len(bucket.requests) == asked
    assert said_of("s3://show/a", run="two")[0] == "fit"
    assert len(bucket.requests) == asked + 1
    assert said_of("s3://show/a", "s3://absent/a")[1].startswith("asked from there, s3://absent/a: there is no such b")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "")
    assert said_of("s3://show/c")[1].startswith("asked from there, s3://show/c: Unable to locate credentials; set AWS_")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nowhere")
    assert said_of("s3://show/d")[1].startswith("asked from there, ")


def test_a_worker_waits_for_an_address_for_some_seconds_at_most(monkeypatch):
    monkeypatch.setattr(cluster_members, "_REACH_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        said = said_of("s3://silent/a", "s3://silent/b")
    assert said[:2] == ("misfit", "asked from there, s3://silent/a: no answer within 0.1 seconds; check the connection")


def die(worker):
    raise ZeroDivisionError("a fault")


def threads_and_processes():
    return {thread.name for thread in threading.enumerate()}, psutil.Process().children()


def sleep(worker):
    time.sleep(600)


@pytest.mark.slow
def test_a_cluster_of_this_machine_has_a_worker_for_the_network_once_it_is_needed_and_leaves_nothing(tmp_path):
    resource_tracker.ensure_running()  # Python's own, once for all
    before = threads_and_processes()
    (job,) = planned(LINES[:1], tmp_path).jobs.values()
    with open_cluster("local:1", print) as workers:
        assert workers.capacity("network") == workers.capacity("cpu") == 1
        assert workers.submit(ClipWorker.make_clip, replace(job, needs="network")).result().clip.key == job.key
        assert workers.capacity("network") == MAX_SOCKETS
        failed = workers.submit(die).exception()
        assert isinstance(failed, WorkerFailedError)
        assert "ZeroDivisionError: a fault" in str(failed)
        left = workers.submit(sleep)
    assert "the workers of the cluster were stopped" in str(left.exception())
    deadline = time.monotonic() + 30
    while has_left(before) and time.monotonic() < deadline:  # threads that watched the processes end soon after them
        time.sleep(0.05)
    assert not has_left(before)


def has_left(before):
    threads, processes = threads_and_processes()
    return [name for name in threads - before[0] if not name.startswith("Dask-Offload")] or processes != before[1]
