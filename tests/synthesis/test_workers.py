"""Worker processes answer, outlive one another, and leave nothing behind."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path

import psutil
import pytest

from interview_audio.engines.protocol import Utterance
from interview_audio.errors import EngineError, SpeechError
from interview_audio.machine import usable_cores
from interview_audio.synthesis import workers
from interview_audio.synthesis.planning import ClipJob
from interview_audio.synthesis.workers import Courtesy, LocalWorkers, WorkerKilledError, WorkerPool, WorkerProcesses

unix = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")


@pytest.fixture
def pool():
    made = WorkerProcesses(2).grow(2)
    yield made
    made.shutdown(cancel_futures=True)


def raise_speech_error(text):
    raise SpeechError(text)


def test_calls_are_answered_in_other_processes(pool):
    futures = [pool.submit(pow, number, 2) for number in range(20)]
    assert [future.result() for future in futures] == [number**2 for number in range(20)]
    assert pool.submit(os.getpid).result() != os.getpid()


def test_our_errors_come_back_as_they_are(pool):
    with pytest.raises(SpeechError, match="no words"):
        pool.submit(raise_speech_error, "no words").result()
    assert pool.submit(len, "abc").result() == 3


FAULT = """
from interview_audio.synthesis.workers import WorkerProcesses

if __name__ == "__main__":
    pool = WorkerProcesses(1).grow(1)
    print(type(pool.submit(*FAULT).exception()).__name__, pool.submit(len, "abc").result())
    pool.shutdown()
"""


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ('(int, "x")', "ValueError: invalid literal for int"),
        # It is what a pipe to the parent raises as well, which ends a worker in silence.
        ('(exec, "raise ConnectionResetError(104)")', "ConnectionResetError: 104"),
    ],
)
def test_a_fault_of_the_program_is_no_error_of_ours_and_shows_its_traceback(tmp_path, call, shown):
    (tmp_path / "fault.py").write_text(f"FAULT = {call}\n{FAULT}", "utf-8")
    command = [sys.executable, str(tmp_path / "fault.py")]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "WorkerFailedError 3\n"
    assert shown in result.stderr


@unix
def test_the_death_of_a_process_costs_its_call_alone(pool):
    before = {process.pid for process in multiprocessing.active_children()}
    deadly = pool.submit(os._exit, 9)
    others = [pool.submit(len, "x" * number) for number in range(30)]
    with pytest.raises(WorkerKilledError):
        deadly.result()
    assert [future.result() for future in others] == list(range(30))
    after = {process.pid for process in multiprocessing.active_children()}
    assert len(after) == 2
    assert len(after & before) == 1


def test_processes_start_before_the_first_call_and_are_warmed_up(tmp_path):
    pool = WorkerProcesses(2, (leave_name, (str(tmp_path),))).grow(2)
    try:
        deadline = time.monotonic() + 60
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(list(tmp_path.iterdir())) == 2
    finally:
        pool.shutdown()
    assert multiprocessing.active_children() == []


def leave_name(folder):
    (Path(folder) / str(os.getpid())).write_bytes(b"")
    raise SpeechError("what a warm-up says is heard again later")


def test_more_processes_can_be_started_and_never_too_many(pool):
    small = WorkerProcesses(3)
    try:
        before = len(multiprocessing.active_children())
        waiting = small.submit(len, "abc")
        small.grow(1).grow(0).grow(1)
        assert waiting.result() == 3
        assert len(multiprocessing.active_children()) == before + 1
        small.grow(9)
        assert len(multiprocessing.active_children()) == before + 3
    finally:
        small.shutdown()


def test_calls_that_no_process_was_started_for_end_with_the_pool():
    pool = WorkerProcesses(2)
    futures = [pool.submit(len, "abc") for _ in range(5)]
    pool.shutdown(cancel_futures=True)
    assert all(future.cancelled() or isinstance(future.exception(), WorkerKilledError) for future in futures)


def test_cancelling_ends_long_calls_at_once_and_leaves_nothing():
    pool, threads = WorkerProcesses(2).grow(2), threading.active_count()
    futures = [pool.submit(time.sleep, 600) for _ in range(5)]
    pool.submit(len, "")
    pool.shutdown(cancel_futures=True)
    assert all(future.done() for future in futures)
    assert multiprocessing.active_children() == []
    assert threading.active_count() <= threads


@unix
def test_no_process_that_is_just_being_started_outlives_the_pool(monkeypatch):
    pool, starting = WorkerProcesses(1).grow(1), threading.Event()
    start = workers._Worker.__init__

    def start_slowly(worker, warm_up):
        starting.set()
        time.sleep(0.3)
        start(worker, warm_up)

    monkeypatch.setattr(workers._Worker, "__init__", start_slowly)
    (process,) = multiprocessing.active_children()
    process.kill()
    process.join()
    future = pool.submit(time.sleep, 5)
    assert starting.wait(60)
    pool.shutdown(cancel_futures=True)
    assert isinstance(future.exception(), WorkerKilledError)
    assert multiprocessing.active_children() == []


@unix
def test_a_system_that_starts_no_more_processes_is_told_of(monkeypatch):
    pool = WorkerProcesses(2).grow(1)

    def refuse(process):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(multiprocessing.context.SpawnProcess, "start", refuse)
    refused = r"^a worker process cannot be started \(Resource temporarily unavailable\): use fewer with --jobs$"
    with pytest.raises(EngineError, match=refused):
        pool.grow(2)
    assert pool.submit(len, "abc").result() == 3
    with pytest.raises(EngineError, match=refused):
        pool.submit(os._exit, 9).result()
    with pytest.raises(EngineError, match=refused):
        pool.submit(len, "abc").result()
    pool.shutdown()
    assert multiprocessing.active_children() == []


ORPHANS = """
import os, sys, time
from interview_audio.synthesis.workers import WorkerProcesses

if __name__ == "__main__":
    pool = WorkerProcesses(2).grow(2)
    print(*[pool.submit(os.getpid).result() for _ in range(20)], flush=True)
    time.sleep(600)
"""


@unix
def test_workers_end_when_their_parent_is_killed(tmp_path):
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS, "utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        workers = [psutil.Process(int(word)) for word in set(parent.stdout.readline().split())]
        parent.kill()
    assert psutil.wait_procs(workers, 20)[1] == []


def work(seconds):
    """Use so much of a processor; return what the process has used so far, and when that was."""
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass
    return time.process_time(), time.monotonic()


@unix
def test_workers_give_way_and_keep_within_their_share_of_the_processors_on_average():
    courtesy = Courtesy(7, percent=25 / usable_cores())  # a quarter of a core
    limited = WorkerProcesses(1, courtesy=courtesy).grow(1)
    try:
        assert limited.submit(os.nice, 0).result() == os.nice(0) + 7
        marks = [limited.submit(work, seconds).result() for seconds in (0.05, 0.02, 0.1, 0.05)]
    finally:
        limited.shutdown()
    # From the end of the first call to that of the last, whose own pause is still to come.
    used, passed = (end - begin for begin, end in zip(marks[0], marks[-1], strict=True))
    assert used - 0.05 <= 0.27 * passed


@pytest.mark.parametrize(
    ("asked_for", "percent", "processes"), [(8, None, 8), (8, 100, 4), (8, 50, 2), (1, 50, 1), (8, 60, 3), (8, 1, 1)]
)
def test_fewer_workers_are_started_where_fewer_are_allowed(asked_for, percent, processes, monkeypatch):
    monkeypatch.setattr(workers, "usable_cores", lambda: 4)
    assert WorkerPool(asked_for, Courtesy(percent=percent)).jobs == processes


def test_a_pool_that_is_closed_waits_for_no_pause():
    slow = WorkerProcesses(1, courtesy=Courtesy(percent=0.001)).grow(1)
    slow._threads.submit(lambda: None).result()
    slow.shutdown()
    assert slow._workers[0].exit_code == 0


class Absent:
    """An engine whose weights are not here."""

    heavy = True


def test_an_engine_is_made_ready_once_before_it_speaks_in_a_process(tmp_path, monkeypatch):
    asked = []

    def make_ready(engine):
        asked.append(engine)
        if isinstance(engine, Absent):
            raise EngineError("no network")

    job = ClipJob("tone", "{}", Utterance("So.", "en", "a"), "key", tmp_path)
    with WorkerPool(1) as pool:
        ready = LocalWorkers(pool, make_ready)
        monkeypatch.setattr(pool, "processes", lambda _: Direct())
        assert ready.submit(pow, job).result() == "called"
        assert ready.submit(pow, job).result() == "called"
        assert [engine.name for engine in asked] == ["tone"]
        monkeypatch.setattr(pool.engines, "get", lambda *_: Absent())
        unready = LocalWorkers(pool, make_ready)
        for _ in range(2):
            assert str(unready.submit(pow, job).exception()) == "no network"
        assert len(asked) == 2


class Direct:
    def submit(self, *_):
        future = Future()
        future.set_result("called")
        return future


def test_a_batch_starts_no_more_processes_than_it_has_calls():
    before = set(multiprocessing.active_children())
    with WorkerPool(5) as pool:
        ready = LocalWorkers(pool)
        for _ in range(3):
            assert ready.submit(_process_of).result() != os.getpid()
        assert len(set(multiprocessing.active_children()) - before) == 1


def _process_of(worker):
    return os.getpid()
