"""A batch: one queue over the lines of all sources; what fails stops nothing else, and episodes come one by one."""

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from interview_audio.engines import registry
from interview_audio.engines.tone import ToneEngine
from interview_audio.errors import InterviewAudioError, OutageError, SpeechError
from interview_audio.machine import usable_cores
from interview_audio.rendering.batch import Batch
from interview_audio.rendering.options import options_of
from interview_audio.rendering.render import render
from interview_audio.rendering.source_calls import SourceTask, plan_source, render_source
from interview_audio.synthesis.clip_worker import ClipWorker
from interview_audio.synthesis.workers import LocalWorkers, WorkerAlone, WorkerKilledError, WorkerPool


class Threads:
    """Workers that are threads of this process."""

    def __init__(self, threads, capacity=2):
        self._threads, self._capacity = threads, capacity
        self.worker = ClipWorker()
        self.calls = []

    is_elsewhere = False

    def capacity(self, needs):
        return self._capacity

    def submit(self, call, *args, **kwargs):
        self.calls.append((call, args))
        return self._threads.submit(call, self.worker, *args, **kwargs)

    def waiting(self):
        return None


class Heard:
    def __init__(self):
        self.told = []

    def __getattr__(self, name):
        return lambda *args: self.told.append((name, *args))


@pytest.fixture
def workers():
    with ThreadPoolExecutor(2) as threads:
        yield Threads(threads)


@pytest.fixture
def sources(tmp_path):
    def write(count, lines=2):
        paths = []
        for number in range(count):
            said = "\n\n".join(
                f"Q: Question {number} {line}?\n\nAnna: Answer {number} {line}." for line in range(lines)
            )
            paths.append(tmp_path / f"talk{number:02}.txt")
            paths[-1].write_text(f"# Talk {number}\n\n{said}\n", "utf-8")
        return paths

    return write


@pytest.fixture
def tasks(tmp_path):
    def of(paths, **chosen):
        options = options_of({"engine": "tone", "output": tmp_path / "out", "store": tmp_path / "clips"} | chosen)
        return [SourceTask(path, options) for path in paths]

    return of


def ends_of(tasks, workers, heard=None):
    return {end.source.name: end for end in Batch(tasks, workers, heard or Heard()).run()}


def test_every_source_becomes_the_episode_that_render_makes(sources, tasks, workers, tmp_path):
    paths = sources(3)
    ends = ends_of(tasks(paths), workers)
    assert [ends[path.name].state for path in paths] == ["done"] * 3
    assert [end.spoken for end in ends.values()] == [5, 5, 5]
    alone = render(paths[1], engine="tone", output=tmp_path / "alone", store=tmp_path / "others")
    made = tmp_path / "out" / alone.path.name
    assert made.read_bytes() == alone.path.read_bytes()
    again = ends_of(tasks(paths), workers)
    assert {end.state for end in again.values()} == {"unchanged"}


def test_an_end_says_how_much_of_the_words_its_episode_leaves_out(sources, tasks, workers):
    (path,) = sources(1)
    path.write_text("# Talk\n\nQ: One two?\n\nAnna: Three.\n\n![](a.png)\n*The stairs at dawn*\n", "utf-8")
    for _ in range(2):
        (end,) = ends_of(tasks([path]), workers).values()
        assert end.result.not_read.words > 0
        assert 0 < end.result.not_read.share < 1


def test_what_settings_name_for_another_source_is_no_warning_and_what_none_has_is_one(sources, tasks, workers):
    paths = sources(3)
    paths[2] = paths[2].rename(paths[2].with_suffix(".md"))
    paths[2].write_text(paths[2].read_text("utf-8").replace("Anna", "Nora Field"), "utf-8")
    settings = paths[0].with_name("voices.yaml")
    settings.write_text("speakers:\n  Nora Field: {rate: 1.1}\n  Keeper: {rate: 1.2}\n", "utf-8")
    heard = Heard()
    ends = ends_of(tasks(paths), workers, heard)
    assert [(end.state, end.warnings) for end in ends.values()] == [("done", ())] * 3
    told = [message for name, *message in heard.told if name == "warning"]
    assert told == [[f"{settings}:3:3: nobody in any of 3 interviews is called 'Keeper'"]]
    paths[0].write_text(paths[0].read_text("utf-8").replace("Answer", "Reply"), "utf-8")
    heard = Heard()
    ends_of(tasks(paths), workers, heard)
    assert "warning" not in [name for name, *_ in heard.told]


def test_so_it_is_where_the_episodes_go_to_an_address(sources, tasks, workers, bucket):
    paths = sources(2)
    paths[1].write_text(paths[1].read_text("utf-8").replace("Anna", "Nora Field"), "utf-8")
    settings = paths[0].with_name("voices.yaml")
    settings.write_text("speakers:\n  Nora Field: {rate: 1.1}\n  Keeper: {rate: 1.2}\n", "utf-8")
    heard = Heard()
    ends = ends_of(tasks(paths, output="s3://show/pod"), workers, heard)
    assert [(end.state, end.warnings) for end in ends.values()] == [("done", ())] * 2
    told = [message for name, *message in heard.told if name == "warning"]
    assert told == [[f"{settings}:3:3: nobody in any of 2 interviews is called 'Keeper'"]]


def test_of_one_source_alone_the_warning_names_it_and_who_speaks(sources, tasks, workers):
    (path,) = sources(1)
    path.with_name("voices.yaml").write_text("speakers: {Keeper: {rate: 1.2}}\n", "utf-8")
    heard = Heard()
    ends_of(tasks([path]), workers, heard)
    (told,) = [message for name, message in (one[:2] for one in heard.told if len(one) > 1) if name == "warning"]
    assert told.endswith("1:12: nobody in talk00.txt is called 'Keeper'; its speakers are Q and Anna")


def test_what_fails_stops_nothing_else_and_says_where(sources, tasks, workers):
    paths = sources(4)
    paths[0].write_bytes(b"")
    paths[2].write_text("---\ntitle: [\n---\n\nQ: One?\n\nAnna: Two.\n", "utf-8")
    paths[3].with_name("voices.yaml").write_text("", "utf-8")
    paths[3].unlink()
    ends = ends_of(tasks(paths), workers)
    assert {name: end.state for name, end in ends.items()} == {
        "talk00.txt": "failed",
        "talk01.txt": "done",
        "talk02.txt": ends["talk02.txt"].state,
        "talk03.txt": "failed",
    }
    assert "talk00.txt" in ends["talk00.txt"].reason
    assert "talk03.txt" in ends["talk03.txt"].reason


def test_a_file_that_somebody_edited_is_kept_and_told_of(sources, tasks, workers, tmp_path):
    (path,) = sources(1)
    ends_of(tasks([path]), workers)
    notes = tmp_path / "out" / "talk00.md"
    notes.write_text("mine", "utf-8")
    path.write_text(path.read_text("utf-8").replace("Answer 0 1", "Another answer"), "utf-8")
    heard = Heard()
    (end,) = ends_of(tasks([path]), workers, heard).values()
    assert (end.state, end.spoken, notes.read_text("utf-8")) == ("done", 1, "mine")
    assert (
        "notice",
        f"{notes} was edited and is kept; the new one is {tmp_path / 'out' / 'talk00.new.md'}",
    ) in heard.told


def test_episodes_are_finished_one_by_one_and_only_some_sources_are_held(sources, tasks, workers):
    taken = []

    def handed_out():
        for task in tasks(sources(12, lines=1)):
            taken.append(task)
            yield task

    batch = Batch(handed_out(), workers, Heard()).run()
    assert next(batch).state == "done"
    clips = [call for call, _ in workers.calls if call is ClipWorker.make_clip]
    assert len(taken) < 12
    assert len(clips) < 12
    assert len(list(batch)) == 11


def test_an_episode_is_made_on_one_core_while_others_are_at_work_and_on_idle_ones_in_the_end(sources, tasks, workers):
    paths = sources(7)
    list(Batch(tasks(paths[1:]), workers, Heard()).run())
    list(Batch(tasks(paths[:1]), workers, Heard()).run())
    idle = [args[0].idle for call, args in workers.calls if call is render_source]
    assert (idle[0], idle[-1]) == (0, 1)
    assert [WorkerAlone(ClipWorker(), more).cores for more in (0, 1, 999)] == [
        1,
        min(2, usable_cores()),
        usable_cores(),
    ]


def test_a_line_that_several_sources_have_is_spoken_once(sources, tasks, workers):
    first, second = sources(2)
    second.write_text(first.read_text("utf-8"), "utf-8")
    ends = ends_of(tasks([first, second]), workers)
    assert {end.state for end in ends.values()} == {"done"}
    keys = [args[0].key for call, args in workers.calls if call is ClipWorker.make_clip]
    assert len(keys) == len(set(keys)) == 5


class Elsewhere(Threads):
    """Workers in another folder, with other settings."""

    is_elsewhere = True

    def __init__(self, folder):
        super().__init__(None)
        self.folder = folder

    def submit(self, call, *args, **kwargs):
        future = Future()
        with chdir(self.folder):
            try:
                future.set_result(call(self.worker, *args, **kwargs))
            except InterviewAudioError as error:
                future.set_exception(error)
        return future


def test_workers_in_another_folder_make_the_same_of_relative_paths_and_settings_and_name_them_as_given(
    sources, tmp_path, monkeypatch
):
    here, there = tmp_path / "here", tmp_path / "there"
    for folder, engine in ((here, "tone"), (there, "nobody")):
        folder.mkdir()
        (folder / "voices.yaml").write_text(f"engine: {engine}\n", "utf-8")
    monkeypatch.chdir(here)
    paths = [Path(os.path.relpath(path)) for path in sources(2)]
    paths[0].write_bytes(b"")
    options = options_of({"output": "out", "store": "clips"})
    ends = ends_of([SourceTask(path, options) for path in paths], Elsewhere(there))
    failed, done = ends["talk00.txt"], ends["talk01.txt"]
    assert failed.reason.startswith(f"{paths[0]}: ")
    assert (done.state, done.result and done.result.path) == ("done", Path("out/talk01.mp3"))
    alone = render(paths[1], output="alone", store="others")
    for path in alone.files:
        assert (here / "out" / path.name).read_bytes() == path.read_bytes()


class Faulty(ToneEngine):
    """Cannot say some texts."""

    faults: ClassVar = {}

    def speak(self, utterance):
        for part, error in self.faults.items():
            if part in utterance.text:
                raise error
        return super().speak(utterance)


@contextmanager
def faults(monkeypatch, **engines):
    for name, of in engines.items():
        engine = type(f"Faulty{name}", (Faulty,), {"name": name, "faults": of})
        monkeypatch.setattr(registry, "_offers", dict)
        monkeypatch.setitem(registry.BUILT_IN_ENGINES, name, f"{__name__}:{engine.__name__}")
        monkeypatch.setitem(globals(), engine.__name__, engine)
    yield


def test_lines_that_cannot_be_said_are_named_as_render_names_them(sources, tasks, workers, monkeypatch, tmp_path):
    paths = sources(2)
    with faults(monkeypatch, tone={"Answer 0": SpeechError("no sound")}):
        ends = ends_of(tasks(paths), workers)
        with pytest.raises(SpeechError) as alone:
            render(paths[0], engine="tone", output=tmp_path / "alone", store=tmp_path / "others")
    assert (ends["talk00.txt"].state, ends["talk00.txt"].reason) == ("failed", str(alone.value))
    assert ends["talk01.txt"].state == "done"


def test_a_service_that_is_lost_is_asked_no_more_and_the_fallback_speaks_whole_episodes(
    sources, tasks, workers, monkeypatch
):
    workers._capacity = 1  # so that the last is planned when the service is known to be gone
    paths = sources(5, lines=1)
    with faults(monkeypatch, edge={"Question 0": OutageError("the service is gone", "try later")}):
        first = ends_of(tasks(paths, engine="edge"), workers)
        assert first["talk00.txt"].state == "failed"
        assert "the service is gone" in first["talk00.txt"].reason
        assert {end.state for end in first.values()} <= {"failed", "not tried", "done"}
        second = ends_of(tasks(paths, engine="edge", fallback="tone"), workers)
    assert {end.state for end in second.values()} == {"done"}
    told = [warning for end in second.values() for warning in end.warnings]
    assert any("tone speaks the whole episode" in warning for warning in told)
    assert not [warning for warning in told if "; 0 of" in warning]


def test_offline_a_service_is_asked_for_nothing(sources, tasks, workers, monkeypatch):
    paths = sources(2)
    with faults(monkeypatch, edge={}):
        monkeypatch.setattr(Faulty, "local", False)
        refused = ends_of(tasks(paths, engine="edge", offline=True), workers)
        assert {end.state for end in refused.values()} == {"failed"}
        assert "5 of 5 lines not stored, and --offline forbids edge" in refused["talk00.txt"].reason
        assert not any(call is ClipWorker.make_clip for call, _ in workers.calls)
        spoken = ends_of(tasks(paths, engine="edge", offline=True, fallback="tone"), workers)
    assert {end.state for end in spoken.values()} == {"done"}
    assert "tone speaks the whole episode" in spoken["talk00.txt"].warnings[0]


def test_a_worker_that_is_killed_costs_one_attempt(sources, tasks, workers):
    killed = threading.Event()
    submit = workers.submit

    def killing(call, *args, **kwargs):
        if call in (plan_source, render_source) and args[0].source.name == "talk00.txt" and not killed.is_set():
            killed.set()
            return workers._threads.submit(_die)
        return submit(call, *args, **kwargs)

    workers.submit = killing
    ends = ends_of(tasks(sources(2)), workers)
    assert {end.state for end in ends.values()} == {"done"}
    workers.submit = lambda call, *args, **kwargs: workers._threads.submit(_die)
    (end,) = ends_of(tasks(sources(1), force=True), workers).values()
    assert (end.state, end.reason) == ("failed", "a worker process was killed")


def _die():
    raise WorkerKilledError("a worker process was killed")


def test_processes_do_the_same(sources, tasks, tmp_path):
    paths = sources(2)
    paths[1].write_bytes(b"")
    with WorkerPool(2) as pool:
        ends = ends_of(tasks(paths), LocalWorkers(pool))
    assert {name: end.state for name, end in ends.items()} == {"talk00.txt": "done", "talk01.txt": "failed"}
    assert (tmp_path / "out" / "talk00.mp3").exists()
