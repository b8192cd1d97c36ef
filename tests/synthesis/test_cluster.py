"""The same clips, errors and order from threads, processes and a Dask cluster; and what only a cluster has."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from interview_audio.engines.tone import ToneEngine
from interview_audio.errors import SpeechError
from interview_audio.script.lines import Line, Voice
from interview_audio.synthesis.clip_worker import ClipWorker, ProcessExecutor, ThreadExecutor
from interview_audio.synthesis.cluster import open_cluster
from interview_audio.synthesis.planning import plan_synthesis
from interview_audio.synthesis.store import ClipStore
from interview_audio.synthesis.synthesizing import synthesize
from interview_audio.synthesis.workers import WorkerProcesses


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


@pytest.fixture(scope="module", params=[threads, processes, dask], ids=lambda one: one.__name__)
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
