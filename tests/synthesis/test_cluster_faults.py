"""What happens to a cluster while it works: the run finishes, or says exactly why not, and nothing finished is lost.

And who of it does what, by the resources that workers declare.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

import interview_audio
from interview_audio.engines.registry import BUILT_IN_ENGINES
from interview_audio.engines.tone import ToneEngine
from interview_audio.errors import EngineError
from interview_audio.rendering.batch import SilentBatchListener, run_batch
from interview_audio.rendering.options import options_of
from interview_audio.script.lines import Line, Voice
from interview_audio.synthesis.clip_worker import ClipWorker
from interview_audio.synthesis.cluster import ClusterPatience, open_cluster
from interview_audio.synthesis.planning import EnginePreparation, plan_synthesis
from interview_audio.synthesis.store import ClipStore
from interview_audio.synthesis.synthesizing import synthesize
from interview_audio.synthesis.workers import WorkerKilledError

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")]

IMPATIENT = ClusterPatience(first=1, scheduler=1, workers=1, fit=1)


class TestTones(ToneEngine):
    """Tones that kill their process, wait or fail over some words."""

    __test__ = False
    name = "test tones"
    sockets = 2
    preparation_seconds = 1.0

    def waiting(self):
        return None

    def close(self):
        pass

    def worth_preparing(self, utterances):
        return False

    def preparation_state(self):
        return ""

    def prepare(self, on_step, *, again=False):
        (self.folder / f"prepared {uuid.uuid4()}").write_text(os.environ["WHERE"], "utf-8")
        return "faster from now on"

    def __init__(self, settings):
        super().__init__({})
        self.folder = Path(settings["folder"])

    def speak(self, utterance):
        scar = self.folder / f"scar {utterance.text}"
        if "twice" in utterance.text or ("once" in utterance.text and not scar.exists()):
            scar.write_bytes(b"")
            os.kill(os.getpid(), signal.SIGKILL)
        if "slowly" in utterance.text:
            begun = self.folder / f"begun {utterance.text}"
            begun.write_text(os.environ.get("WHERE", ""), "utf-8")
            at_once = len(list(self.folder.glob("begun*"))) - len(list(self.folder.glob("ended*")))
            time.sleep(0.5)
            (self.folder / f"ended {utterance.text}").write_text(str(at_once), "utf-8")
        if os.environ.get("WEIGHTLESS"):
            raise EngineError("the weights are missing here")
        return super().speak(utterance)


ENGINE = f"{__name__}:TestTones"
KNOWS_ENGINE = f"""
from interview_audio.engines.registry import BUILT_IN_ENGINES
BUILT_IN_ENGINES["{TestTones.name}"] = "{ENGINE}"
"""
"""Run by workers before anything else."""


def line(text, number):
    return Line(0, "Ada", "en", text, Voice(TestTones.name, "male-1"), 0.1, None, number)


@pytest.fixture(autouse=True)
def _engine(monkeypatch):
    monkeypatch.setitem(BUILT_IN_ENGINES, TestTones.name, ENGINE)


class Cluster:
    """A scheduler and workers as people start them."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.started = []
        self.notices = []

    def start(self, *command, **environment):
        paths = os.pathsep.join((str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")))
        environ = {
            **os.environ,
            "PYTHONPATH": paths,
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
            "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
            **environment,
        }
        log = (self.folder / f"log {len(self.started)}").open("wb")
        with log:
            self.started.append(
                subprocess.Popen([sys.executable, "-m", *command], env=environ, cwd=self.folder, stdout=log, stderr=log)
            )
        return self.started[-1]

    def scheduler(self):
        host = ("--host", "127.0.0.1", "--port", str(self.port), "--dashboard-address", "127.0.0.1:0")
        return self.start("distributed.cli.dask_scheduler", *host)

    def worker(self, *options, preload=KNOWS_ENGINE, **environment):
        script = self.folder / f"preload_{len(self.started)}.py"
        script.write_text(preload, "utf-8")
        always = ("--nthreads", "1", "--no-dashboard", "--memory-limit", "0", "--preload", str(script))
        return self.start("distributed.cli.dask_worker", self.address, *always, *options, **environment)

    def open(self, patience=None):
        return open_cluster(self.address, self.notices.append, patience)

    def end(self):
        for process in self.started:
            kill(process)


def kill(process):
    """End a process and those that it has started."""
    if process.poll() is None:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
    process.wait()


@pytest.fixture
def cluster(tmp_path):
    """A cluster whose scheduler a test may kill."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    made = Cluster(folder)
    yield made
    made.end()


@pytest.fixture(scope="module")
def _running(tmp_path_factory):
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    made.scheduler()
    yield made
    made.end()


@pytest.fixture
def running(_running):
    """A scheduler, to which a test adds workers of its own."""
    yield _running
    for worker in _running.started[1:]:
        kill(worker)
    _running.notices.clear()


def planned(lines, tmp_path):
    settings = {"folder": str(tmp_path)}
    return plan_synthesis(lines, TestTones(settings), settings, {}, ClipStore(tmp_path / "store"))


def stored(lines, tmp_path):
    return len(planned(lines, tmp_path).stored)


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def slow_lines(count):
    return tuple(line(f"Number {'x' * number}, slowly.", number) for number in range(1, count + 1))


def meanwhile(condition, *actions):
    """Do something in another thread once a condition holds."""

    def do():
        wait_for(condition)
        for action in actions:
            action()

    thread = threading.Thread(target=do)
    thread.start()
    return thread


def made_by(cluster, lines, tmp_path, patience=None):
    with cluster.open(patience) as workers:
        return synthesize(lines, planned(lines, tmp_path), workers, lambda _: None)


def has_begun(tmp_path):
    return lambda: list(tmp_path.glob("begun*"))


def die(worker):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_is_killed_once_over_a_line_costs_nothing(tmp_path, running):
    running.worker()
    lines = (line("One.", 1), line("Killed once.", 2), line("Three.", 3))
    assert len(made_by(running, lines, tmp_path)) == 3
    assert list(tmp_path.glob("scar*"))


def test_a_call_over_which_two_workers_are_killed_has_failed_and_others_go_on(tmp_path, running):
    running.worker()
    lines = (line("One.", 1), line("Two.", 2))
    with running.open() as workers:
        deadly = workers.submit(die)
        assert "were killed over it, perhaps for lack of memory" in str(deadly.exception())
        assert isinstance(deadly.exception(), WorkerKilledError)
        assert len(synthesize(lines, planned(lines, tmp_path), workers, lambda _: None)) == 2


def test_a_scheduler_that_is_started_anew_costs_no_line(tmp_path, cluster):
    scheduler = cluster.scheduler()
    worker = cluster.worker()
    lines = slow_lines(6)
    anew = meanwhile(
        has_begun(tmp_path), lambda: kill(scheduler), lambda: kill(worker), cluster.scheduler, cluster.worker
    )
    assert len(made_by(cluster, lines, tmp_path)) == 6
    anew.join()
    assert any("he connection to the scheduler" in notice for notice in cluster.notices)


def test_a_scheduler_that_is_gone_for_good_ends_the_run_and_what_is_finished_is_kept(tmp_path, cluster):
    scheduler = cluster.scheduler()
    cluster.worker()
    lines = (line("Three.", 3), line("A long line that is said slowly.", 1))
    gone = meanwhile(has_begun(tmp_path), lambda: kill(scheduler))
    with pytest.raises(EngineError, match=rf"^the scheduler {cluster.address} cannot be reached .* are kept: start it"):
        made_by(cluster, lines, tmp_path, ClusterPatience(scheduler=1))
    gone.join()


def test_a_scheduler_that_was_never_there_is_named(tmp_path, cluster):
    with pytest.raises(EngineError, match=rf"^the scheduler {cluster.address} cannot be reached"):
        made_by(cluster, slow_lines(1), tmp_path, IMPATIENT)


def test_workers_that_are_gone_for_good_end_the_run(tmp_path, running):
    worker = running.worker("--no-nanny")
    lines = slow_lines(4)
    with running.open(ClusterPatience(workers=1)) as workers:
        wait_for(workers.has_workers)
        gone = meanwhile(lambda: stored(lines, tmp_path), lambda: kill(worker))
        with pytest.raises(EngineError, match=rf"^no worker is connected to {running.address}; start one on each"):
            synthesize(lines, planned(lines, tmp_path), workers, lambda _: None)
        gone.join()
        with pytest.raises(EngineError, match=r"^no worker is connected"):
            workers.submit(die)
    assert 1 <= stored(lines, tmp_path) < 4
    assert [notice for notice in running.notices if "for up to 1 seconds" in notice]


OTHER_VERSION = f"{KNOWS_ENGINE}\nimport interview_audio\ninterview_audio.__version__ = '0.0.1'"
OTHER_PYTHON = f"{KNOWS_ENGINE}\nimport platform\nplatform.python_version_tuple = lambda: ('3', '9', '1')"
NOT_INSTALLED = """
import sys
class Absent:
    def find_spec(self, name, path, target=None):
        if name == "interview_audio":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
"""
OTHER_DISK = f"""{KNOWS_ENGINE}
from interview_audio.synthesis import cluster_members as cluster
class Unseen:
    def __init__(self, path):
        pass
    def exists(self):
        return False
cluster.Path = Unseen
"""
UNFIT = {
    OTHER_VERSION: rf"interview-audio 0\.0\.1 there, {interview_audio.__version__} here: install the same version",
    OTHER_PYTHON: r"Python 3\.9 there, 3\.\d+ here: install the same version",
    NOT_INSTALLED: "interview-audio is not installed there: pip install interview-audio==",
    OTHER_DISK: r"store is not seen there: give an address \(s3://",
}


def test_workers_that_are_not_fit_are_left_out_and_named_once(tmp_path, running):
    for preload in UNFIT:
        running.worker("--no-nanny", preload=preload)
    lines = tuple(line(f"Number {number}.", number) for number in range(1, 20))
    left_out = meanwhile(lambda: len(running.notices) >= 5, running.worker)
    assert len(made_by(running, lines, tmp_path)) == 19
    left_out.join()
    for reason in UNFIT.values():
        assert (
            len(
                [
                    notice
                    for notice in running.notices
                    if re.search(rf"^Worker tcp://\S+ is left out: .*{reason}", notice)
                ]
            )
            == 1
        )


@pytest.mark.parametrize("preload", [OTHER_VERSION, NOT_INSTALLED, OTHER_DISK], ids=["version", "none", "disk"])
def test_without_a_fit_worker_the_run_says_why(tmp_path, running, preload):
    running.worker("--no-nanny", preload=preload)
    with pytest.raises(EngineError, match=rf"^no worker of {running.address} can be used: .*{UNFIT[preload]}"):
        made_by(running, slow_lines(1), tmp_path, ClusterPatience(fit=1))


def test_a_worker_on_which_an_engine_cannot_speak_is_left_out_for_it(tmp_path, running):
    lines = tuple(line(f"Number {number}.", number) for number in range(1, 20))
    running.worker("--no-nanny", WEIGHTLESS="1")
    with pytest.raises(EngineError, match=r"^the weights are missing here \(on tcp://127\.0\.0\.1:\d+\)"):
        made_by(running, lines, tmp_path)
    running.worker("--no-nanny")
    with running.open() as workers:
        wait_for(lambda: workers.capacity("cpu") == 2)
        assert len(synthesize(lines, planned(lines, tmp_path), workers, lambda _: None)) == 19


def batched(cluster, sources, output, patience=None):
    """Do what ``batch … --cluster`` does."""
    options = options_of({"engine": "tone", "store": "s3://show/clips", "output": output})
    with cluster.open(patience) as workers:
        workers.require(options.store)
        workers.require(options.output)
        return list(run_batch(sources, options, workers, SilentBatchListener()))


def test_a_worker_that_has_no_keys_for_the_bucket_is_left_out_and_its_work_done_by_others(
    tmp_path, running, bucket, monkeypatch
):
    sources = [tmp_path / f"talk{number}.txt" for number in range(4)]
    for number, source in enumerate(sources):
        source.write_text(f"Ada: This is number {number}.\n\nBen: So it is.\n", "utf-8")
    running.worker("--no-nanny", AWS_ACCESS_KEY_ID="")
    reason = r"asked from there, s3://show/clips: Unable to locate credentials; set AWS_ACCESS_KEY_ID and "
    alone = rf"^no worker of {running.address} can be used: {reason}.*, or AWS_PROFILE \(on tcp://127\.0\.0\.1:\d+\); "
    with pytest.raises(EngineError, match=alone):
        batched(running, sources, "s3://show/mixed", ClusterPatience(fit=1))
    running.notices.clear()
    running.worker("--no-nanny")
    ends = batched(running, sources, "s3://show/mixed")
    assert [(end.state, end.reason) for end in ends] == [("done", "")] * 4
    (left_out,) = [notice for notice in running.notices if "left out" in notice]
    assert re.match(rf"^Worker tcp://127\.0\.0\.1:\d+ is left out: {reason}", left_out)
    monkeypatch.setattr("interview_audio.synthesis.cluster._MISFIT_SECONDS", 0.2)
    bucket.refused = lambda *_: ("403 Forbidden", "AccessDenied")
    allowed = meanwhile(lambda: "refused" in "".join(running.notices), lambda: setattr(bucket, "refused", None))
    assert {end.state for end in batched(running, sources, "s3://show/mixed")} == {"unchanged"}
    allowed.join()
    with pytest.raises(EngineError, match="s3://absent/mixed: there is no such bucket; create it, or correct the addr"):
        batched(running, sources, "s3://absent/mixed", ClusterPatience(fit=1))


def jobs(tmp_path, needs, count=1):
    lines = tuple(line(f"Slowly {needs} {'x' * number}.".lower(), number) for number in range(1, count + 1))
    return [replace(job, needs=needs) for job in planned(lines, tmp_path).jobs.values()]


def test_calls_are_done_by_the_workers_that_declare_what_they_need(tmp_path, running):
    running.worker("--no-nanny", "--resources", "CPU=1", WHERE="cpu")
    running.worker("--no-nanny", "--resources", "NETWORK=4", "--nthreads", "4", WHERE="network")
    running.worker("--no-nanny", "--resources", "GPU=1", "--host", "127.0.0.2", WHERE="gpu")
    settings = planned((line("One.", 1),), tmp_path).jobs.popitem()[1].engine_settings
    with running.open() as workers:
        wait_for(lambda: [workers.capacity(needs) for needs in ("cpu", "network", "gpu", "either")] == [1, 4, 1, 2])
        preparation = workers.submit(ClipWorker.prepare_engine, EnginePreparation(TestTones.name, settings))
        wanted = [
            *jobs(tmp_path, "cpu", 2),
            *jobs(tmp_path, "network", 3),
            *jobs(tmp_path, "gpu"),
            *jobs(tmp_path, "either"),
        ]
        wait([workers.submit(ClipWorker.make_clip, job) for job in wanted])
        assert preparation.result() == "faster from now on"
        wait_for(lambda: len(list(tmp_path.glob("prepared*"))) == 2)
    where = {path.name.split()[2]: path.read_text() for path in tmp_path.glob("begun*")}
    assert where == {"cpu": "cpu", "network": "network", "gpu": "gpu", "either": "gpu"}
    # One on each machine: the card's has no core to give, and is prepared nevertheless.
    assert "gpu" in {path.read_text() for path in tmp_path.glob("prepared*")}


def test_connections_are_bounded_over_the_whole_cluster_whoever_has_them(tmp_path, running):
    running.worker("--no-nanny", "--nthreads", "3")
    running.worker("--no-nanny", "--nthreads", "3")
    with running.open(ClusterPatience(fit=0.5)) as workers:
        wait_for(lambda: workers.capacity("cpu") == 6)
        made = [workers.submit(ClipWorker.make_clip, job) for job in jobs(tmp_path, "network", 8)]
        on_core = workers.submit(ClipWorker.make_clip, jobs(tmp_path, "either")[0])
        assert all(future.result().is_ours for future in (*made, on_core))
        needs_card = workers.submit(ClipWorker.make_clip, jobs(tmp_path, "gpu")[0])
        assert str(needs_card.exception()).startswith(
            f"no worker of {running.address} declares the resource GPU; start one on a machine with a graphics card: "
            f"dask worker {running.address} --nthreads 4 --resources GPU=4"
        )
    at_once = [int(path.read_text()) for path in tmp_path.glob("ended*network*")]
    assert max(at_once) <= TestTones.sockets + 1  # the one on a core may be among them
    assert len([notice for notice in running.notices if "declares the resource NETWORK" in notice]) == 1


KILLED = """
from concurrent.futures import wait
import time
from interview_audio.synthesis.cluster import open_cluster

def sleep(worker):
    time.sleep(600)

if __name__ == "__main__":
    with open_cluster("local:1", print) as workers:
        futures = [workers.submit(sleep) for _ in range(4)]
        time.sleep(0.5)
        print("working", flush=True)
        wait(futures)
"""


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_no_process_of_this_machine_outlives_a_run(tmp_path, sent):
    script = tmp_path / "killed.py"
    script.write_text(KILLED, "utf-8")
    run = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout.readline() == b"working\n"
    children = psutil.Process(run.pid).children(recursive=True)
    assert len(children) >= 1
    run.send_signal(sent)
    _, shown = run.communicate()
    _, alive = psutil.wait_procs(children, 20)
    assert alive == []
    assert b"distributed." not in shown.replace(b"site-packages/distributed", b"")  # the names of its loggers
