"""A run's workers: started early or late, kept from one episode to the next, gone with the run."""

import multiprocessing
import os
import threading

import pytest

from interview_audio.engines.tone import ToneEngine
from interview_audio.synthesis.planning import EnginePreparation
from interview_audio.synthesis.workers import EngineWork, WorkerPool


class Heavy(ToneEngine):
    heavy = True


LIGHT, HEAVY = ToneEngine({}), Heavy({})


def children():
    return {process.pid for process in multiprocessing.active_children()}


def where(executor):
    """The process that a worker is in."""
    return executor.submit(process_of).result()


def process_of(worker, *_):
    return os.getpid()


def test_a_light_engine_speaks_in_this_process():
    with WorkerPool() as pool:
        pool.warm_up(LIGHT, {}, ["en"], 2)
        assert where(pool.executor(LIGHT, {}, ["en"], 5)) == os.getpid()
        assert children() == set()


def test_what_was_expected_works_and_is_kept_from_one_episode_to_the_next():
    with WorkerPool(2) as pool:
        pool.warm_up(HEAVY, {}, ["en"], 1)
        early = children()
        assert len(early) == 1
        first = pool.executor(HEAVY, {}, ["zh"], 5)
        both = children()
        assert len(both) == 2
        assert early < both
        assert where(pool.executor(HEAVY, {}, ["en"], 1)) in both
        assert where(first) in children() == both
        pool.stop_unused()
        assert len(children()) == 2
    assert children() == set()


def test_the_engines_of_an_episode_work_side_by_side(monkeypatch):
    monkeypatch.setattr(Heavy, "name", "heavy tones")
    light, heavy = (EngineWork(engine, {}, ["en"]) for engine in (LIGHT, HEAVY))
    with WorkerPool(1) as pool:
        pool.warm_up(HEAVY, {}, ["en"], 1)
        early = children()
        executor = pool.executor_for([light, heavy])
        places = {name: executor.submit(process_of, EnginePreparation(name, "{}")) for name in ("tone", "heavy tones")}
        assert {name: place.result() for name, place in places.items()} == {
            "tone": os.getpid(),
            "heavy tones": next(iter(early)),
        }
    assert children() == set()


def test_how_many_there_may_be_stands_for_the_run(monkeypatch):
    answers = [3, 1, 1, 1]  # what is free, before and after the first ones hold memory
    monkeypatch.setattr("interview_audio.synthesis.workers.sensible_jobs", lambda: answers.pop(0))
    with WorkerPool() as pool:
        pool.warm_up(HEAVY, {}, ["en"], 1)
        assert [pool.jobs_for(HEAVY, clips) for clips in (0, 2, 9)] == [1, 2, 3]
        assert pool.jobs_for(LIGHT, 9) == 1
        pool.warm_up(HEAVY, {}, ["en"])
        assert len(children()) == 3
    assert answers == [1, 1, 1]


def test_what_was_expected_in_vain_is_dismissed():
    with WorkerPool(2) as pool:
        pool.warm_up(HEAVY, {}, ["en"], 2)
        pool.stop_unused()
        assert children() == set()


def test_other_settings_get_other_workers():
    with WorkerPool(1) as pool:
        pool.executor(HEAVY, {"a": 1}, ["en"], 1)
        first = children()
        pool.executor(HEAVY, {"a": 2}, ["en"], 1)
        assert len(children()) == 1
        assert not children() & first


@pytest.mark.parametrize("engine", [LIGHT, HEAVY], ids=["light", "heavy"])
def test_an_error_leaves_nothing_behind(engine):
    threads = threading.active_count()

    def fail():
        with WorkerPool(2) as pool:
            pool.executor(engine, {}, ["en"], 2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert children() == set()
    assert threading.active_count() <= threads
