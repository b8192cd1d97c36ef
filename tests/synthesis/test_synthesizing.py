"""Every line gets its clip: stored ones are found, missing ones made once, failures named and nothing else lost."""

import json
import os
import signal
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

import pytest

from interview_audio.engines.protocol import Utterance
from interview_audio.engines.registry import BUILT_IN_ENGINES
from interview_audio.engines.tone import ToneEngine
from interview_audio.errors import EngineError, SpeechError, StoreError
from interview_audio.files.atomic_files import LockHeldError
from interview_audio.machine import sensible_jobs
from interview_audio.script.lines import Line, Voice
from interview_audio.synthesis.clip_worker import ClipWorker, ProcessExecutor, ThreadExecutor
from interview_audio.synthesis.planning import ClipJob, EnginePreparation, plan_synthesis
from interview_audio.synthesis.pruning import StoreLimits, contents, prune
from interview_audio.synthesis.store import ClipStore, open_store
from interview_audio.synthesis.synthesizing import ClipAttempts, synthesize
from interview_audio.synthesis.workers import WorkerKilledError, WorkerProcesses


def line(text, number=1):
    return Line(0, "Ada", "en", text, Voice("tone", "male-1"), 0.1, None, number)


LINES = (line("One.", 1), line("Two words.", 2), line("One.", 3))


@pytest.fixture
def this_thread():
    with ThreadPoolExecutor(1) as pool:
        yield ThreadExecutor(pool, ClipWorker())


@pytest.fixture
def processes():
    pools = []

    def start(warm_up=None):
        pools.append(WorkerProcesses(2, warm_up).grow(2))
        return ProcessExecutor(pools[-1])

    yield start
    for pool in pools:
        pool.shutdown()


def planned(lines, tmp_path):
    return plan_synthesis(lines, ToneEngine({}), {}, {}, ClipStore(tmp_path))


def test_each_text_is_made_once_and_found_afterwards(tmp_path, this_thread):
    plan = planned(LINES, tmp_path)
    assert len(plan.jobs) == 2
    made = []
    clips = synthesize(LINES, plan, this_thread, made.append)
    assert [clip.key for clip in clips] == list(plan.keys)
    assert clips[0] == clips[2]
    assert len(made) == 2
    again = planned(LINES, tmp_path)
    assert not again.jobs
    assert synthesize(LINES, again, this_thread, made.append) == clips
    assert len(made) == 2


class PreparingTones(ToneEngine):
    """Tones that come sooner once something was made, or could not be."""

    name = "preparing tones"
    preparation_seconds = 9.0
    order: ClassVar[list[str]] = []

    def __init__(self, settings):
        super().__init__({})
        self.remedy = settings.get("remedy")

    def worth_preparing(self, utterances):
        return len(utterances) > 1

    def preparation_state(self):
        return ""

    def prepare(self, on_step, *, again=False):
        self.order.append("prepared")
        if self.remedy:
            raise EngineError(self.remedy)
        return "twice as fast from now on"

    def speak(self, utterance):
        self.order.append(utterance.text)
        return super().speak(utterance)


@pytest.mark.parametrize(
    ("settings", "told"),
    [({}, "twice as fast from now on"), ({"remedy": "no room"}, "no room; continuing without it")],
)
def test_an_engine_is_prepared_first_and_a_failure_of_that_stops_nothing(
    tmp_path, monkeypatch, this_thread, settings, told
):
    monkeypatch.setitem(BUILT_IN_ENGINES, "preparing tones", f"{__name__}:PreparingTones")
    monkeypatch.setattr(PreparingTones, "order", [])
    plan = plan_synthesis(LINES, PreparingTones(settings), settings, {}, ClipStore(tmp_path))
    assert plan.preparation == EnginePreparation("preparing tones", json.dumps(settings), 9.0)
    notices = []
    clips = synthesize(LINES, plan, this_thread, lambda _: None, notices.append)
    assert PreparingTones.order == ["prepared", "Two words.", "One."]
    assert notices == [told]
    assert len(clips) == 3
    short = plan_synthesis(LINES[:1], PreparingTones({}), {}, {}, ClipStore(tmp_path / "other"))
    assert short.preparation is None


def test_worker_processes_give_the_same_clips(tmp_path, this_thread, processes):
    here = synthesize(LINES, planned(LINES, tmp_path / "a"), this_thread, lambda _: None)
    there = synthesize(LINES, planned(LINES, tmp_path / "b"), processes(), lambda _: None)
    assert [clip.path.read_bytes() for clip in here] == [clip.path.read_bytes() for clip in there]


def test_a_line_that_cannot_be_said_is_named_and_the_others_are_stored(tmp_path, this_thread):
    lines = (line("One.", 1), line("……", 7), line("Two words.", 9))
    with pytest.raises(SpeechError, match="line 7: no words to speak"):
        synthesize(lines, planned(lines, tmp_path), this_thread, lambda _: None)
    assert len(planned(lines, tmp_path).stored) == 2


def test_what_another_render_makes_is_left_to_it_and_heard_of_at_once(tmp_path, this_thread):
    lines = (line("The longest line of them all.", 1), line("Two words.", 2), line("Three.", 3))
    plan, elsewhere = planned(lines, tmp_path / "a"), planned(lines[:1], tmp_path / "b")
    synthesize(lines[:1], elsewhere, this_thread, lambda _: None)
    (key,) = elsewhere.jobs
    ours, theirs = (open_store(of.jobs[key].store) for of in (plan, elsewhere))
    heard, notices = [], []

    def on_clip(made):
        heard.append((plan.keys.index(made.clip.key), made.is_ours))
        if len(heard) == 1:
            theirs.path(key).replace(ours.path(key))

    with ours.making(key):  # by somebody who does not end before this render does
        clips = synthesize(lines, plan, this_thread, on_clip, notices.append)
    assert sorted(heard) == [(0, False), (1, True), (2, True)]
    assert [clip.key for clip in clips] == list(plan.keys)
    assert notices == []


def test_what_another_render_does_not_finish_is_made_by_a_worker_that_waited(tmp_path, processes):
    plan = planned(LINES, tmp_path)
    key = plan.keys[1]
    with ThreadPoolExecutor(1) as beside, ExitStack() as other:
        other.enter_context(open_store(plan.jobs[key].store).making(key))
        waiting = threading.Event()
        made = beside.submit(synthesize, LINES, plan, processes(), lambda _: None, lambda _: waiting.set())
        assert waiting.wait(60)
        other.close()
        clips = made.result(60)
    assert [clip.key for clip in clips] == list(plan.keys)


class DeadlyTones(ToneEngine):
    """Tones whose process is killed by some words: once, or every time."""

    name = "deadly tones"

    def __init__(self, settings):
        super().__init__({})
        self.folder = Path(settings["folder"])

    def speak(self, utterance):
        scar = self.folder / str(len(utterance.text))
        is_deadly = "twice" in utterance.text or ("once" in utterance.text and not scar.exists())
        if is_deadly:
            scar.write_bytes(b"")
            os.kill(os.getpid(), signal.SIGKILL)
        return super().speak(utterance)


def deadly(monkeypatch, processes):
    monkeypatch.setitem(BUILT_IN_ENGINES, "deadly tones", f"{__name__}:DeadlyTones")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))))
    return processes((monkeypatch_built_in, ("deadly tones", f"{__name__}:DeadlyTones")))


def monkeypatch_built_in(name, place):
    """In a worker, whose table is its own."""
    BUILT_IN_ENGINES[name] = place


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_line_over_which_a_worker_is_killed_is_made_by_another(tmp_path, monkeypatch, processes):
    settings = {"folder": str(tmp_path)}
    lines = tuple(line(f"Number {'x' * number}{' once' * (number == 3)}.", number) for number in range(1, 9))
    pool = deadly(monkeypatch, processes)
    plan = plan_synthesis(lines, DeadlyTones(settings), settings, {}, ClipStore(tmp_path / "store"))
    clips = synthesize(lines, plan, pool, lambda _: None)
    assert [clip.key for clip in clips] == list(plan.keys)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_line_over_which_two_workers_are_killed_is_named_and_the_others_are_stored(tmp_path, monkeypatch, processes):
    settings = {"folder": str(tmp_path)}
    lines = tuple(line(f"Number {'x' * number}{' twice' * (number == 3)}.", number) for number in range(1, 9))
    pool = deadly(monkeypatch, processes)
    store = ClipStore(tmp_path / "store")
    plan = plan_synthesis(lines, DeadlyTones(settings), settings, {}, store)
    with pytest.raises(EngineError, match=r"^line 3: a worker process was killed.*run again with --jobs 1, finished"):
        synthesize(lines, plan, pool, lambda _: None)
    assert len(plan_synthesis(lines, DeadlyTones(settings), settings, {}, store).stored) == 7


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_workers_that_are_killed_whatever_they_say_end_it(tmp_path, monkeypatch, processes):
    settings = {"folder": str(tmp_path)}
    lines = tuple(line(f"Number {'x' * number} twice.", number) for number in range(1, 40))
    pool = deadly(monkeypatch, processes)
    plan = plan_synthesis(lines, DeadlyTones(settings), settings, {}, ClipStore(tmp_path / "store"))
    with pytest.raises(EngineError, match=r"^10 worker processes in a row were killed, perhaps"):
        synthesize(lines, plan, pool, lambda _: None)


def die_while_loading(scar):
    """In the first worker that comes here."""
    try:
        Path(scar).touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def die_while_writing(scar):
    """In a worker: its first file is not flushed any more."""
    flush = os.fsync

    def flush_or_die(file):
        die_while_loading(scar)
        flush(file)

    os.fsync = flush_or_die


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("warm_up", [die_while_loading, die_while_writing])
def test_a_worker_that_is_killed_costs_no_line(tmp_path, monkeypatch, processes, warm_up):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))))
    store = ClipStore(tmp_path)
    clips = synthesize(LINES, planned(LINES, tmp_path), processes((warm_up, (str(tmp_path / "scar"),))), lambda _: None)
    assert (tmp_path / "scar").exists()
    assert sorted({clip.path for clip in clips}) == sorted(tmp_path.rglob("*.flac"))
    assert len({clip.path.read_bytes() for clip in clips}) == 2
    prune(store, StoreLimits())
    assert contents(store).leftovers == ()


def fill_disk():
    """In a worker: no file may be longer than this."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


@pytest.mark.skipif(sys.platform == "win32", reason="no limits")
def test_a_disk_that_is_full_in_a_worker_is_one_line_and_leaves_no_part(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))))
    processes = WorkerProcesses(2, (fill_disk, ())).grow(2)
    with pytest.raises(StoreError, match=r"cannot store the clip \S+ \(File too large\); make room, or choose another"):
        synthesize(LINES, planned(LINES, tmp_path), ProcessExecutor(processes), lambda _: None)
    processes.shutdown()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_jobs_fit_the_machine():
    assert 1 <= sensible_jobs() <= (os.cpu_count() or 1)


def test_a_clip_that_killed_a_worker_is_waited_for_too_while_another_render_makes_it(tmp_path):
    attempts, job = ClipAttempts(), ClipJob("tone", "{}", Utterance("So.", "en", "a"), "key", tmp_path)
    for error, is_elsewhere in ((WorkerKilledError("killed"), False), (LockHeldError("key"), True)):
        future = Future()
        future.set_exception(error)
        assert attempts.outcome(job, future) is None
        assert attempts.is_elsewhere("key") == is_elsewhere
