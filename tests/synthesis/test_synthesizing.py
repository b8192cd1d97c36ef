"""Every line gets its clip: stored ones are found, missing ones made once, failures named and nothing else lost."""

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest

from interview_audio.engines.engine import BUILT_IN
from interview_audio.engines.tone import ToneEngine
from interview_audio.errors import EngineError, SpeechError
from interview_audio.script.lines import Line, Voice
from interview_audio.synthesis.capacity import sensible_jobs
from interview_audio.synthesis.planning import Preparation, plan_work
from interview_audio.synthesis.store import ClipStore
from interview_audio.synthesis.synthesizing import synthesize
from interview_audio.synthesis.workers import WorkerProcesses


def line(text, number=1):
    return Line(0, "Ada", "en", text, Voice("tone", "male-1"), 0.1, None, number)


LINES = (line("One.", 1), line("Two words.", 2), line("One.", 3))


@pytest.fixture
def this_thread():
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def processes():
    pools = []

    def start(warm_up=None):
        pools.append(WorkerProcesses(2, warm_up).grow(2))
        return pools[-1]

    yield start
    for pool in pools:
        pool.shutdown()


def work_of(lines, tmp_path):
    return plan_work(lines, ToneEngine({}), {}, {}, ClipStore(tmp_path))


def test_each_text_is_made_once_and_found_afterwards(tmp_path, this_thread):
    work = work_of(LINES, tmp_path)
    assert len(work.tasks) == 2
    made = []
    clips = synthesize(LINES, work, this_thread, made.append)
    assert [clip.key for clip in clips] == list(work.keys)
    assert clips[0] == clips[2]
    assert len(made) == 2
    again = work_of(LINES, tmp_path)
    assert not again.tasks
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
    [({}, "twice as fast from now on"), ({"remedy": "no room"}, "no room; speaking goes on without it")],
)
def test_an_engine_is_prepared_first_and_a_failure_of_that_stops_nothing(
    tmp_path, monkeypatch, this_thread, settings, told
):
    monkeypatch.setitem(BUILT_IN, "preparing tones", f"{__name__}:PreparingTones")
    monkeypatch.setattr(PreparingTones, "order", [])
    work = plan_work(LINES, PreparingTones(settings), settings, {}, ClipStore(tmp_path))
    assert work.preparation == Preparation("preparing tones", json.dumps(settings), 9.0)
    notices = []
    clips = synthesize(LINES, work, this_thread, lambda _: None, notices.append)
    assert PreparingTones.order == ["prepared", "Two words.", "One."]
    assert notices == [told]
    assert len(clips) == 3
    short = plan_work(LINES[:1], PreparingTones({}), {}, {}, ClipStore(tmp_path / "other"))
    assert short.preparation is None


def test_worker_processes_give_the_same_clips(tmp_path, this_thread, processes):
    here = synthesize(LINES, work_of(LINES, tmp_path / "a"), this_thread, lambda _: None)
    there = synthesize(LINES, work_of(LINES, tmp_path / "b"), processes(), lambda _: None)
    assert [clip.path.read_bytes() for clip in here] == [clip.path.read_bytes() for clip in there]


def test_a_line_that_cannot_be_said_is_named_and_the_others_are_stored(tmp_path, this_thread):
    lines = (line("One.", 1), line("……", 7), line("Two words.", 9))
    with pytest.raises(SpeechError, match="line 7: nothing to say"):
        synthesize(lines, work_of(lines, tmp_path), this_thread, lambda _: None)
    assert len(work_of(lines, tmp_path).stored) == 2


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
    monkeypatch.setitem(BUILT_IN, "deadly tones", f"{__name__}:DeadlyTones")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))))
    return processes((monkeypatch_built_in, ("deadly tones", f"{__name__}:DeadlyTones")))


def monkeypatch_built_in(name, place):
    """In a worker, whose table is its own."""
    BUILT_IN[name] = place


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_line_over_which_a_worker_is_killed_is_made_by_another(tmp_path, monkeypatch, processes):
    settings = {"folder": str(tmp_path)}
    lines = tuple(line(f"Number {'x' * number}{' once' * (number == 3)}.", number) for number in range(1, 9))
    pool = deadly(monkeypatch, processes)
    work = plan_work(lines, DeadlyTones(settings), settings, {}, ClipStore(tmp_path / "store"))
    clips = synthesize(lines, work, pool, lambda _: None)
    assert [clip.key for clip in clips] == list(work.keys)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_line_over_which_two_workers_are_killed_is_named_and_the_others_are_stored(tmp_path, monkeypatch, processes):
    settings = {"folder": str(tmp_path)}
    lines = tuple(line(f"Number {'x' * number}{' twice' * (number == 3)}.", number) for number in range(1, 9))
    pool = deadly(monkeypatch, processes)
    store = ClipStore(tmp_path / "store")
    work = plan_work(lines, DeadlyTones(settings), settings, {}, store)
    with pytest.raises(EngineError, match=r"^line 3: a worker process was killed.*run it again with --jobs 1; what"):
        synthesize(lines, work, pool, lambda _: None)
    assert len(plan_work(lines, DeadlyTones(settings), settings, {}, store).stored) == 7


def test_jobs_fit_the_machine():
    assert 1 <= sensible_jobs() <= (os.cpu_count() or 1)
