"""Workers on other machines: calls become futures of a Dask cluster that exists already, or of one on this machine.

Dask decides who does what, by the resources that workers declare, and does again what a worker that died has not
finished. What is decided here is what it cannot know: which workers run this very version and see the folders, which
of them an engine cannot speak on, how many calls are handed to it at a time, and what becomes of calls when the
scheduler is gone. A thread of its own does all of that, in one event loop.

What travels is bytes: neither the scheduler nor a worker that is not fit imports anything of this package.
"""

import asyncio
import json
import logging
import pickle
import re
import threading
import uuid
import warnings
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from interview_audio.engines.protocol import MAX_SOCKETS, Online, Resource
from interview_audio.engines.registry import load_engine
from interview_audio.errors import EngineError, InterviewAudioError, OutageError, StoreError, UsageError
from interview_audio.files.atomic_files import TemporaryFiles, make_folder
from interview_audio.storage.addresses import Address, Location
from interview_audio.synthesis.clip_worker import ClipWorker
from interview_audio.synthesis.cluster_members import CPU, GPU, NETWORK, Answer, Call, Fleet, Member, reason_of
from interview_audio.synthesis.planning import ClipJob, EnginePreparation
from interview_audio.synthesis.workers import WorkerFailedError, WorkerKilledError, without_interrupts
from interview_audio.text.units import counted, shortened

if TYPE_CHECKING:
    from distributed import Client, LocalCluster, Nanny
    from distributed import Future as DaskFuture

P = ParamSpec("P")
T = TypeVar("T")

_INSTALL = "pip install 'interview-audio[cluster]'"
_LOCAL = "local:"
_OF_SCHEDULER = r"(tcp|tls|wss?|ucx)://[^/]+:\d+/?"

_LANES: Mapping[Resource, tuple[str, ...]] = {
    "cpu": (CPU,),
    "network": (NETWORK,),
    "gpu": (GPU,),
    "either": (GPU, CPU),
}
"""What a call may occupy, the best first."""
_AHEAD = {CPU: 2, GPU: 2, NETWORK: 1}
"""Calls that are handed to Dask for each that can run: a worker that has finished one begins the next without asking
anybody. A connection too many would be impolite."""
_EXTRA_THREADS = {NETWORK: MAX_SOCKETS, GPU: 4}
"""Of the worker that a cluster of this machine starts once something needs it; four streams fill an H200."""

_LOOK_AGAIN = 1.0
"""Seconds between two looks at which workers there are."""
_WORKERS_A_LOOK = 50
"""With more of them than this, they are looked at less often: a look moves about a kilobyte for each."""
_PROBE_SECONDS = 30.0
"""How long a worker may take to say whether it is fit: it imports this package for it."""
_MISFIT_SECONDS = 60.0
"""After which a worker that is not fit is asked again: a bucket may be reached from there by then."""
_ANSWER_SECONDS = 3.0
"""How long a scheduler may take to answer; then it is asked again."""
_TO_CLOSE = 0.5
"""Seconds that a worker of this machine has to end by itself: whoever has pressed Ctrl-C waits for it."""
_MOST_NAMED = 3
"""Workers that a message names: more do not help to find the fault."""
_MOST_TRIES = 3
"""Workers that are asked to do a call that is no clip, where an engine fails: its settings may be wrong everywhere."""
_MOST_DEATHS = 1
"""How often a worker may die over a call, which is then done again; once more, and it has failed."""
_KILLED = "workers of the cluster were killed over it, perhaps for lack of memory"
_QUIET: Mapping[str, Any] = {
    # The profiler samples each thread a hundred times a second, for a page that nobody looks at.
    "distributed.worker.profile.enabled": False,
    # Each process looks 50 times a second whether it is late, and twice at the machine: 9 % of a core for two workers.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    # Memory that a line frees, the next one needs: if it is given back each time, Kokoro takes 2 % longer.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
}
"""How Dask's workers on this machine differ from what it would choose: they would disturb those who speak."""
_LOGGERS = ("distributed", "distributed.client", "tornado", "tornado.application", "asyncio")
"""They write to the terminal by themselves."""


@dataclass(frozen=True, slots=True)
class ClusterPatience:
    """How many seconds a run waits for what is not there, before it fails."""

    first: float = 15.0
    """For the scheduler, at the beginning: its address may be wrong."""
    scheduler: float = 120.0
    """For the scheduler, once it is lost: it may be started again."""
    workers: float = 300.0
    """For a worker, where there is none: machines are started, moved, started again."""
    fit: float = 30.0
    """For a worker that can be used, where there are only others."""


def check_cluster(address: str) -> None:
    """See beforehand whether there can be such a cluster.

    Raises:
        UsageError: Such an address does not exist, or Dask is not installed.
    """
    _local_workers(address)
    _check_installed()


def open_cluster(
    address: str, on_notice: Callable[[str], None], patience: ClusterPatience | None = None
) -> AbstractContextManager["DaskWorkers"]:
    """Return the workers of a cluster; entering the context connects to it.

    Args:
        address: ``local:4`` for four workers on this machine, the address of a scheduler (``tcp://host:8786``,
            ``tls://…``), or the file that ``dask scheduler --scheduler-file`` writes.
        on_notice: Called with one-line notices about the cluster, by a thread of its own.
        patience: How long it waits for what is not there.

    Raises:
        UsageError: Such an address does not exist, or Dask is not installed.
        EngineError: The scheduler cannot be reached; on entering.
    """
    return DaskWorkers(address, on_notice, patience or ClusterPatience())


@dataclass(slots=True, eq=False)
class _Task:
    """A call, until its future is done."""

    name: str
    call: bytes
    future: Future[Any]
    needs: Resource = "cpu"
    engine: tuple[str, str] | None = None
    """The engine that it is for and its settings, if it makes a clip."""
    host: str = ""
    """The machine that it is for, if only one is."""
    is_begun: bool = False
    refusals: dict[str, EngineError] = field(default_factory=dict)
    """By worker, why an engine could not do it there."""
    faults: int = 0
    strandings: int = 0
    """How often all workers were gone that could have done it; they may have died of it."""

    @property
    def queue(self) -> tuple[Resource, tuple[str, str] | None]:
        """Those of one queue wait for each other; each service has one, as its connections are counted."""
        return self.needs, self.engine if self.needs == "network" else None

    def begin(self) -> bool:
        """Tell whether somebody still wants it."""
        self.is_begun = self.is_begun or self.future.set_running_or_notify_cancel()
        return self.is_begun


@dataclass(frozen=True, slots=True, eq=False)
class _Sent:
    """A call that Dask has."""

    future: "DaskFuture"
    resource: str
    is_declared: bool
    """Only a worker that declares the resource may do it."""
    workers: frozenset[str] | None
    """Only these may; None for all."""
    follower: "asyncio.Task[None]"


@dataclass(slots=True, eq=False)
class _Preparation:
    """What is to be made once on each machine, those that come later included."""

    task: _Task
    hosts: set[str] = field(default_factory=set)


class _ConnectionLostError(Exception):
    """The scheduler is gone, or the way to it."""


class DaskWorkers:
    """See ``Workers`` and ``ClipExecutor``: the workers of a Dask cluster. A context.

    Args:
        address: See ``open_cluster``.
        on_notice: Called with one-line notices, by the thread that speaks to the cluster.
        patience: How long it waits for what is not there.
    """

    def __init__(self, address: str, on_notice: Callable[[str], None], patience: ClusterPatience) -> None:
        self._address = address
        self._local = _local_workers(address)
        self._on_notice = on_notice
        self._patience = patience
        self._noted: set[str] = set()
        self._fleet = Fleet()
        self._queues: dict[tuple[Resource, tuple[str, str] | None], deque[_Task]] = {}
        self._running: dict[_Task, _Sent] = {}
        self._busy: Counter[str] = Counter()
        self._busy_engines: Counter[tuple[str, str]] = Counter()
        self._sockets: dict[tuple[str, str], int] = {}
        self._left_out: dict[tuple[str, str], dict[str, EngineError]] = {}
        """By engine and settings, the workers on which it cannot speak, and why."""
        self._probes: dict[Member, asyncio.Task[None]] = {}
        self._preparations: list[_Preparation] = []
        self._places: dict[str, str] = {}
        """Folders that workers must see, each with the path of a file in it, and addresses that they must reach."""
        self._run_name = uuid.uuid4().hex
        self._missing_since: dict[str, float] = {}
        self._waits_for = ""
        self._failure: EngineError | None = None
        self._is_closing = False
        self._is_lost = False
        """The connection to the scheduler."""
        self._held = ExitStack()
        self._extras: list[Nanny] = []
        self._cluster: LocalCluster | None = None
        self._started = threading.Event()
        self._adding = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="cluster", daemon=True)

    def __enter__(self) -> Self:
        _check_installed()
        self._held.enter_context(_silence())
        self._loop = asyncio.new_event_loop()
        self._wake, self._look = asyncio.Event(), asyncio.Event()
        try:
            with without_interrupts():  # what the thread starts does not hear Ctrl-C either
                self._thread.start()
            self._started.wait()
        except BaseException:  # Ctrl-C
            self._stop()
            raise
        if self._failure:
            self._stop()
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        self._is_closing = True
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._wake.set)
        self._thread.join()
        self._held.close()

    # What other threads call.

    @property
    def is_elsewhere(self) -> bool:
        """See ``Workers``."""
        return self._local is None

    def capacity(self, needs: Resource) -> int:
        """See ``Workers``."""
        return max(1, sum(self._fleet.slots(resource) for resource in _LANES[needs]))

    def has_workers(self) -> bool:
        """Tell whether there are workers that can be used."""
        return bool(self._fleet.fit)

    def waiting(self) -> str | None:
        """See ``Workers``."""
        return self._waits_for or None

    def submit(self, call: Callable[Concatenate[ClipWorker, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See ``Workers``; an engine is prepared once on each machine.

        Raises:
            EngineError: The cluster is gone.
        """
        future: Future[T] = Future()
        work = args[0] if args else None
        task = _Task(getattr(call, "__name__", "call"), pickle.dumps((call, args, kwargs)), future)
        if isinstance(work, ClipJob):
            task.needs, task.engine = work.needs, (work.engine, work.engine_settings)
            self.require(work.store)
            if work.needs == "network":
                self._count_sockets(work.engine, work.engine_settings)
        with self._adding:
            if self._failure:
                raise self._failure
            self._loop.call_soon_threadsafe(self._add, task, isinstance(work, EnginePreparation))
        return future

    def require(self, place: Location) -> None:
        """Use only workers that reach an address, or see a folder of this machine, which is made if need be.

        Raises:
            StoreError: Nothing can be written to the folder.
        """
        name = place.text if isinstance(place, Address) else str(place.absolute())
        if name in self._places or self._failure:
            return
        token = self._run_name if isinstance(place, Address) else self._token(place.absolute())
        with self._adding:
            self._places = {**self._places, name: token}
            if not self._failure:
                self._loop.call_soon_threadsafe(self._ask_again)

    def _token(self, folder: Path) -> str:
        """Make a file by which a folder is known, for as long as this is open."""
        try:
            make_folder(folder)
            token = self._held.enter_context(TemporaryFiles(folder)).new()
            token.touch()
        except OSError as error:
            raise StoreError(f"cannot write to {folder} ({error.strerror}); choose another folder") from error
        return str(token)

    def _count_sockets(self, name: str, settings: str) -> None:
        """Learn how many connections an engine may have: over the whole cluster, not on each worker."""
        if (name, settings) not in self._sockets:
            engine = load_engine(name, json.loads(settings))
            self._sockets[name, settings] = min(engine.sockets, MAX_SOCKETS) if isinstance(engine, Online) else 1

    # The rest is called in the event loop, by its thread.

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._serve())
            except EngineError as error:
                self._give_up(error)
            finally:
                if self._failure is None:
                    self._give_up(WorkerKilledError("the workers of the cluster were stopped"))
                self._started.set()

    async def _serve(self) -> None:
        async with self._scheduler() as where:
            patience = self._patience.first
            while not self._is_closing:
                client = await self._connected(where, patience)
                try:
                    await self._work(client)
                except _ConnectionLostError:
                    lost, seconds = f"the connection to the scheduler {self._address} is lost", self._patience.scheduler
                    self._waits_for = lost
                    self._notice(f"{lost}; waiting for up to {seconds:g} seconds", again=True)
                finally:
                    self._recall(list(self._running))
                    with suppress(OSError):
                        await client.close(timeout=_TO_CLOSE)
                patience = self._patience.scheduler

    @asynccontextmanager
    async def _scheduler(self) -> AsyncIterator[Callable[[], str]]:
        """Yield what tells the address of the scheduler."""
        if self._local is None:
            yield lambda: _address_of(self._address)
            return
        import dask
        from distributed import LocalCluster

        with dask.config.set(_QUIET):
            async with AsyncExitStack() as stack:
                cluster = LocalCluster(
                    n_workers=self._local,
                    threads_per_worker=1,
                    asynchronous=True,
                    scheduler_kwargs={"allowed_failures": _MOST_DEATHS},
                    dashboard_address="127.0.0.1:0",
                    **_worker_options(CPU, 1),
                )
                stack.push_async_callback(cluster.close, timeout=5)
                try:
                    self._cluster = await cluster
                except (OSError, RuntimeError) as error:
                    raise EngineError(
                        f"the workers of {self._address} cannot be started ({shortened(str(error), 150)}); use fewer"
                    ) from error
                stack.push_async_callback(self._close_local)
                yield lambda: cluster.scheduler_address

    async def _close_local(self) -> None:
        """End the processes that were started here, whatever they do."""
        nannies = [*self._extras, *(self._cluster.workers.values() if self._cluster else ())]
        await asyncio.gather(*(nanny.close(timeout=_TO_CLOSE) for nanny in nannies), return_exceptions=True)

    async def _connected(self, where: Callable[[], str], patience: float) -> "Client":
        end = self._loop.time() + patience
        while True:
            try:
                return await _client_of(where(), min(patience, _ANSWER_SECONDS))
            except (OSError, ValueError) as error:
                if self._is_closing or self._loop.time() >= end:
                    why = shortened(str(error) or "no answer", 150)
                    kept = "finished clips are kept: " if self._started.is_set() else ""
                    raise EngineError(
                        f"the scheduler {self._address} cannot be reached ({why}); "
                        f"{kept}start it with dask scheduler, or correct --cluster, and run again"
                    ) from error
                await asyncio.sleep(0.1)

    async def _work(self, client: "Client") -> None:
        """Hand out calls for as long as the connection lasts."""
        self._is_lost = False
        looking = asyncio.create_task(self._keep_looking(client))
        try:
            while not self._is_closing:
                self._wake.clear()
                if client.status != "running" or self._is_lost:
                    raise _ConnectionLostError
                if looking.done():
                    looking.result()
                self._hand_out(client)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _LOOK_AGAIN)
        finally:
            looking.cancel()
            self._probes = {}

    # Which workers there are.

    async def _keep_looking(self, client: "Client") -> None:
        try:
            while True:
                self._look.clear()
                await self._look_once(client)
                self._wake.set()
                pause = _LOOK_AGAIN * max(1, len(self._fleet.members) / _WORKERS_A_LOOK)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._look.wait(), pause)
        except OSError:  # the connection is lost, which the other side of it sees as well
            self._wake.set()

    async def _look_once(self, client: "Client") -> None:
        identity = await client.scheduler.identity(n_workers=-1)
        self._fleet.update(identity["workers"])
        for member in (*self._fleet.unknown, *self._fleet.misfits(_MISFIT_SECONDS)):
            if member not in self._probes:
                self._probes[member] = asyncio.create_task(self._probe(client, member))
        if self._probes:  # one that dies over it may keep us waiting
            await asyncio.wait(self._probes.values(), timeout=_LOOK_AGAIN)
        self._probes = {
            member: probe
            for member, probe in self._probes.items()
            if not probe.done() and member.address in self._fleet.members
        }
        self._spread_preparations()
        self._recall_stranded()
        if not self._probes or self._fleet.fit:
            self._started.set()

    async def _probe(self, client: "Client", member: Member) -> None:
        """Ask a worker whether it is fit."""
        places = tuple(self._places.items())
        probe = pickle.dumps(Call(places))
        asking = client.run(pickle.loads, probe, workers=[member.address], on_error="return")
        try:
            said = (await asyncio.wait_for(asking, _PROBE_SECONDS)).get(member.address)
        except TimeoutError:
            self._judge(member, "it does not answer")
            return
        except OSError:  # the connection is lost
            return
        # One that is gone again needs no judgement; one that was not asked for all places is asked again.
        if said is not None and not isinstance(said, OSError) and len(places) == len(self._places):
            self._judge(member, reason_of(said))

    def _judge(self, member: Member, reason: str) -> None:
        self._fleet.judge(member, reason)
        self._wake.set()
        if reason and member.address in self._fleet.members:
            self._notice(f"worker {member.address} is left out: {reason}", once=reason)

    def _ask_again(self) -> None:
        self._fleet.forget_fitness()
        self._look.set()

    def _recall_stranded(self) -> None:
        """Take back the calls that nobody will do who is here now: Dask would wait for the very same workers."""
        live = self._fleet.members.keys()
        stranded = [
            task
            for task, sent in self._running.items()
            if (sent.workers is not None and not sent.workers & live)
            or (sent.is_declared and not self._fleet.declares(sent.resource))
        ]
        self._recall(stranded)
        for task in stranded:
            task.strandings += 1
            if task.strandings > _MOST_DEATHS:
                self._queues[task.queue].remove(task)
                task.future.set_exception(WorkerKilledError(_KILLED))

    def _spread_preparations(self) -> None:
        for preparation in self._preparations:
            task = preparation.task
            for host in {member.host for member in self._fleet.fit} - preparation.hosts:
                # The first machine speaks for all of them.
                future = task.future if not preparation.hosts else Future[Any]()
                preparation.hosts.add(host)
                self._queue(_Task(task.name, task.call, future, host=host), first=True)

    # Which calls there are.

    def _add(self, task: _Task, is_preparation: bool) -> None:  # noqa: FBT001 - call_soon takes no named arguments
        if self._failure:
            task.future.set_exception(self._failure)
        elif is_preparation:
            self._preparations.append(_Preparation(task))
            self._spread_preparations()
            self._wake.set()
        else:
            if task.needs in ("network", "gpu"):
                self._start_extra(_LANES[task.needs][0])
            self._queue(task)

    def _start_extra(self, resource: str) -> None:
        """Start the worker of this machine that does what needs more than a core, with the first such call."""
        if self._cluster is None or resource not in _EXTRA_THREADS or self._fleet.awaits(resource):
            return
        from distributed import Nanny

        self._fleet.await_resource(resource)
        options = _worker_options(resource, _EXTRA_THREADS[resource])
        nanny = Nanny(
            self._cluster.scheduler_address,
            name=resource.lower(),
            nthreads=_EXTRA_THREADS[resource],
            host="127.0.0.1",
            dashboard=False,
            **options,
        )
        self._extras.append(nanny)
        self._starting = asyncio.ensure_future(nanny)
        self._starting.add_done_callback(partial(self._extra_started, resource))

    def _extra_started(self, resource: str, starting: "asyncio.Future[Any]") -> None:
        if starting.cancelled() or starting.exception():  # others have to do its work
            self._fleet.await_resource(resource, is_coming=False)
        self._look.set()

    def _queue(self, task: _Task, *, first: bool = False) -> None:
        queue = self._queues.setdefault(task.queue, deque())
        if first:
            queue.appendleft(task)
        else:
            queue.append(task)
        self._wake.set()

    def _hand_out(self, client: "Client") -> None:
        for queue in self._queues.values():
            while queue and self._hand_out_one(client, queue):
                pass
        self._check_patience()

    def _hand_out_one(self, client: "Client", queue: deque[_Task]) -> bool:
        """Hand out the first call of a queue; tell whether there may be room for the next."""
        task = queue[0]
        if not task.is_begun and task.future.cancelled():
            queue.popleft()
            task.begin()
            return True
        if task.engine in self._sockets and self._busy_engines[task.engine] >= self._sockets[task.engine]:
            return False
        is_able = False
        for resource in _LANES[task.needs]:
            slots = self._fleet.slots(resource)
            able = self._able(task, resource) if slots else set()
            is_able = is_able or able is None or bool(able)
            if able != set() and self._busy[resource] < _AHEAD[resource] * slots:
                queue.popleft()
                if task.begin():
                    self._send(client, task, resource, able)
                return True
        if is_able or not self._fleet.fit or self._fleet.unknown or not any(map(self._fleet.slots, _LANES[task.needs])):
            return False
        queue.popleft()
        if task.begin():
            task.future.set_exception(self._refused(task))
        return True

    def _able(self, task: _Task, resource: str) -> set[str] | None:
        """Return the workers that may do a call; None for all that declare the resource, as Dask finds by itself."""
        left_out = self._left_out.get(task.engine, {}) if task.engine else {}
        fit = self._fleet.fit
        if len(fit) == len(self._fleet.members) and not left_out and not task.refusals and not task.host:
            return None
        declared = self._fleet.declares(resource)
        return {
            member.address
            for member in fit
            if member.address not in left_out
            and member.address not in task.refusals
            and (member.host == task.host if task.host else not declared or member.resources.get(resource, 0) >= 1)
        }

    def _refused(self, task: _Task) -> EngineError:
        """Return the error of a call that no worker can do, with the reasons."""
        refusals = {**(self._left_out.get(task.engine, {}) if task.engine else {}), **task.refusals}
        if not refusals:
            return EngineError(f"the machine {task.host} is no longer part of the cluster")
        return EngineError(_with_workers((address, str(error)) for address, error in refusals.items()))

    def _send(self, client: "Client", task: _Task, resource: str, able: set[str] | None) -> None:
        is_declared = self._fleet.declares(resource) and not task.host
        if resource == NETWORK and not is_declared:
            self._notice(
                f"no worker declares the resource {NETWORK}: any of them speaks over the network, "
                f"{MAX_SOCKETS} at a time at most (dask worker … --resources {NETWORK}={MAX_SOCKETS} says who may)"
            )
        future = client.submit(
            pickle.loads,
            pickle.dumps(Call(tuple(self._places.items()), task.call)),
            key=f"{task.name}-{uuid.uuid4().hex}",
            pure=False,
            workers=None if able is None else sorted(able),
            resources={resource: 1} if is_declared else None,
        )
        workers = None if able is None else frozenset(able)
        follower = asyncio.create_task(self._follow(task, future))
        follower.add_done_callback(partial(self._followed, task))
        self._running[task] = _Sent(future, resource, is_declared, workers, follower)
        self._busy[resource] += 1
        if task.engine:
            self._busy_engines[task.engine] += 1

    def _free(self, task: _Task) -> _Sent:
        """Count a call as no longer running, and have Dask forget it."""
        sent = self._running.pop(task)
        self._busy[sent.resource] -= 1
        if task.engine:
            self._busy_engines[task.engine] -= 1
        sent.future.release()
        self._wake.set()
        return sent

    def _recall(self, tasks: Iterable[_Task]) -> None:
        """Take back calls that were handed out; they are handed out again."""
        for task in reversed(list(tasks)):
            self._free(task).follower.cancel()
            self._queue(task, first=True)

    # What becomes of a call.

    async def _follow(self, task: _Task, future: "DaskFuture") -> None:
        from distributed.client import FutureCancelledError
        from distributed.scheduler import KilledWorker

        error = await future.exception()
        said: Answer = ("fit", None, "")
        try:
            if error is None:
                said = await future
        except (OSError, FutureCancelledError):
            self._is_lost = True
        if self._is_lost or isinstance(error, FutureCancelledError):
            self._is_lost = True
            self._wake.set()
            return
        self._free(task)
        if isinstance(error, KilledWorker):
            task.future.set_exception(WorkerKilledError(_KILLED))
        elif error is not None:
            self._after_fault(task, error)
        else:
            self._take(task, said)

    def _followed(self, task: _Task, follower: "asyncio.Task[None]") -> None:
        """Pass on what should not have happened: nobody may wait for ever."""
        if not follower.cancelled() and (error := follower.exception()) and not task.future.done():
            task.future.set_exception(error)

    def _take(self, task: _Task, said: Answer) -> None:
        kind, value, worker = said
        if kind == "misfit":  # it has come since the last look
            if worker in self._fleet.members:
                self._judge(self._fleet.members[worker], value)
            self._look.set()
            self._queue(task, first=True)
        elif kind == "made":
            task.future.set_result(pickle.loads(value))  # noqa: S301 - of our own worker
        else:
            self._after_error(task, pickle.loads(value), worker)  # noqa: S301

    def _after_error(self, task: _Task, error: InterviewAudioError, worker: str) -> None:
        """Have another worker try where an engine cannot work on this one."""
        if not isinstance(error, EngineError) or isinstance(error, OutageError) or task.host:
            task.future.set_exception(error)
            return
        task.refusals[worker] = error
        if task.engine:
            left_out = self._left_out.setdefault(task.engine, {})
            if worker not in left_out:
                left_out[worker] = error
                self._notice(f"{worker} is left out for {task.engine[0]}: {error}", once=f"{task.engine[0]} {error}")
        elif len(task.refusals) == _MOST_TRIES:
            task.future.set_exception(self._refused(task))
            return
        self._queue(task, first=True)

    def _after_fault(self, task: _Task, error: BaseException) -> None:
        """Ask all workers again whether they are fit: a call that cannot even be read was not at fault."""
        task.faults += 1
        if isinstance(error, ImportError | AttributeError) and task.faults <= _MOST_TRIES:
            self._ask_again()
            self._queue(task, first=True)
            return
        failed = WorkerFailedError(f"a worker of the cluster failed: {type(error).__name__}: {error}")
        failed.__cause__ = error
        task.future.set_exception(failed)

    # What is not there.

    def _check_patience(self) -> None:
        """Wait for workers that are needed and not there, and give up in the end."""
        problems = {problem: patience for problem, patience in self._problems() if problem}
        now = self._loop.time()
        self._missing_since = {problem: self._missing_since.get(problem, now) for problem in problems}
        self._waits_for = next(iter(problems), "")
        for problem, patience in problems.items():
            self._notice(f"{problem}; waiting for up to {patience:g} seconds")
            if now - self._missing_since[problem] < patience:
                continue
            if self._fleet.fit:  # only a card is missing
                self._fail_queue("gpu", _ended_by(problem))
            elif misfits := self._fleet.misfits():
                reasons = _with_workers((member.address, member.reason) for member in misfits)
                self._give_up(_ended_by(self._unusable(reasons)))
            else:
                self._give_up(_ended_by(problem))

    def _problems(self) -> Iterator[tuple[str, float]]:
        is_preparing = any(not preparation.task.future.done() for preparation in self._preparations)
        if not (self._running or is_preparing or any(self._queues.values())):
            return
        fleet, start = self._fleet, f"dask worker {self._shown_address}"
        if not fleet.members:
            problem = f"no worker is connected to {self._address}; start one on each machine with: {start} --nthreads 1"
            yield problem, self._patience.workers
        elif not fleet.fit and not fleet.unknown:
            # Not whose they are: one that is started again and again is no other problem each time.
            reasons = "; ".join(dict.fromkeys(member.reason for member in fleet.misfits()))
            yield self._unusable(reasons), self._patience.fit
        elif not fleet.slots(GPU) and self._queues.get(("gpu", None)) and not fleet.awaits(GPU):
            problem = (
                f"no worker of {self._address} declares the resource {GPU}; start one on a machine with a graphics "
                f"card: {start} --nthreads 4 --resources {GPU}=4"
            )
            yield problem, self._patience.fit

    def _unusable(self, reasons: str) -> str:
        return f"no worker of {self._address} can be used: {reasons}"

    @property
    def _shown_address(self) -> str:
        return self._address if "://" in self._address else "ADDRESS"

    def _fail_queue(self, needs: Resource, error: EngineError) -> None:
        queue = self._queues.pop((needs, None))
        for task in queue:
            if task.begin():
                task.future.set_exception(error)

    def _give_up(self, error: EngineError) -> None:
        """Fail all that is under way and all that will come."""
        with self._adding:
            self._failure = self._failure or error
        self._is_closing = True
        left = [*self._running, *(preparation.task for preparation in self._preparations)]
        for task in [*left, *(task for queue in self._queues.values() for task in queue)]:
            if not task.future.done() and task.begin():
                task.future.set_exception(error)
        self._queues.clear()
        self._wake.set()

    def _notice(self, message: str, *, once: str = "", again: bool = False) -> None:
        key = once or message
        if again or key not in self._noted:
            self._noted.add(key)
            self._on_notice(f"{message[:1].upper()}{message[1:]}")


async def _client_of(address: str, seconds: float) -> "Client":
    """Connect to a scheduler; what is none may keep Dask waiting for ever.

    Raises:
        OSError: There is no answer.
    """
    from distributed import Client

    client = Client(address, asynchronous=True, set_as_default=False, timeout=seconds)
    try:
        return await asyncio.wait_for(client, 2 * seconds)  # Dask's own error says more
    except TimeoutError as error:
        with suppress(OSError):
            await asyncio.wait_for(client.close(timeout=_TO_CLOSE), 2 * _TO_CLOSE)
        raise OSError("it does not answer as one does") from error


def _local_workers(address: str) -> int | None:
    """Return how many workers this machine is to have; None where the cluster exists already.

    Raises:
        UsageError: There is no such address.
    """
    if address.startswith(_LOCAL):
        count = address.removeprefix(_LOCAL)
        if count.isdecimal() and int(count) > 0:
            return int(count)
    elif re.fullmatch(_OF_SCHEDULER, address) or ("://" not in address and Path(address).suffix == ".json"):
        return None
    raise UsageError(
        f"--cluster {address}: give local:4 for four workers on this machine, the address of a Dask scheduler "
        "(tcp://host:8786), or its scheduler file (….json)"
    )


def _address_of(address: str) -> str:
    """Return the address of a scheduler, which its file may tell; that of one started anew tells another."""
    if "://" in address:
        return address
    try:
        return str(json.loads(Path(address).read_text("utf-8"))["address"])
    except (LookupError, TypeError) as error:
        raise ValueError("the file names no scheduler") from error


def _worker_options(resource: str, count: int) -> dict[str, Any]:
    """Return the options of a worker of this machine."""
    return {
        "resources": {resource: count},
        # Dask would stop giving work to one that holds four fifths of its share of the memory, and kill it with more.
        "memory_limit": 0,
        "silence_logs": logging.CRITICAL,
    }


def _ended_by(problem: str) -> EngineError:
    return EngineError(f"{problem}; finished clips are kept, run again")


def _with_workers(reasons: Iterable[tuple[str, str]]) -> str:
    """Return what keeps workers from their work, of pairs of an address and a reason: each reason once."""
    by_reason: dict[str, list[str]] = {}
    for address, reason in reasons:
        by_reason.setdefault(reason, []).append(address)
    return "; ".join(f"{reason} (on {_named(where)})" for reason, where in by_reason.items())


def _named(addresses: list[str]) -> str:
    more = len(addresses) - _MOST_NAMED
    return ", ".join(addresses[:_MOST_NAMED]) + (f" and {counted(more, 'other')}" if more > 0 else "")


def _check_installed() -> None:
    try:
        from distributed.versions import VersionMismatchWarning
    except ImportError as error:
        raise UsageError(f"--cluster needs Dask: {_INSTALL}") from error
    # What matters of it is asked of each worker; where the rest does not fit, Dask fails by itself.
    warnings.simplefilter("ignore", VersionMismatchWarning)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Dask's own messages from the terminal: what matters of them is a notice or an error of ours."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(logger.handlers, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [logging.NullHandler()], False
    try:
        yield
    finally:
        for logger, (handlers, propagate) in zip(loggers, before, strict=True):
            logger.handlers, logger.propagate = handlers, propagate
