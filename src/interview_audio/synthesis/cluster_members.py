"""The workers of a cluster: what they are asked, which of them are fit, and how much they do at once."""

import pickle
import platform
import queue
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import interview_audio
from interview_audio.engines.protocol import MAX_SOCKETS
from interview_audio.errors import InterviewAudioError
from interview_audio.storage.addresses import Address
from interview_audio.storage.remote_files import open_remote_folder
from interview_audio.synthesis.clip_worker import InProcess
from interview_audio.text.units import shortened

CPU, NETWORK, GPU = "CPU", "NETWORK", "GPU"
"""The Dask resources that workers declare: lines that they speak on a core, over the network, on a graphics card."""

_REACH_SECONDS = 20.0
"""How long addresses may take to answer a worker, which answers nobody meanwhile."""
_reached: dict[str, str] = {}
"""Addresses that this worker has reached, each with the last run that has asked."""

Answer = tuple[Literal["fit", "misfit", "made", "error"], Any, str]
"""What became of a call: its result or error as bytes, or why this worker cannot be used; and the address of the worker
that was called."""


def answer(version: str, python: str, places: tuple[tuple[str, str], ...], call: bytes = b"") -> Answer:
    """Do a call, unless this worker is not fit for it; without one, say whether it is.

    Runs on workers. Other versions of this package call it, too: it takes and returns plain values, and stays here.

    Args:
        version: Of this package, where the call was made.
        python: Its Python, such as ``3.12``.
        places: Folders that must be seen here, each with the path of a file in it, and addresses that must be reached
            from here, each with a name of the run that asks.
        call: A function, its arguments and its named arguments, pickled.
    """
    if not call:
        reason = _misfit(version, python, places)
        return ("misfit", reason, "") if reason else ("fit", "", "")
    from distributed import get_worker

    here = get_worker().address
    if reason := _misfit(version, python, places):
        return "misfit", reason, here
    function, arguments, named = pickle.loads(call)  # noqa: S301 - whoever reaches a worker can have it do anything
    try:
        return "made", pickle.dumps(InProcess(function)(*arguments, **named)), here
    except InterviewAudioError as error:
        return "error", pickle.dumps(error), here


def _misfit(version: str, python: str, places: tuple[tuple[str, str], ...]) -> str:
    if version != interview_audio.__version__:
        return f"interview-audio {interview_audio.__version__} there, {version} here: install the same version"
    if python != _python():  # its tables of characters are others, and so may be what is read, and the keys of clips
        return f"Python {_python()} there, {python} here: install the same version"
    addresses = {place: token for place, token in places if "://" in place}
    for folder, token in places:
        if folder not in addresses and not Path(token).exists():
            return f"{folder} is not seen there: give an address (s3://…) instead, or a folder that all machines see"
    reason = _unreached([Address(address) for address, run in addresses.items() if _reached.get(address) != run])
    if not reason:
        _reached.update(addresses)
    return reason


def _unreached(addresses: Sequence[Address]) -> str:
    """Return why one of these addresses cannot be reached from here; empty if all of them can."""
    end = time.monotonic() + _REACH_SECONDS
    for address, said in [(address, _asked(address)) for address in addresses]:
        try:
            reason = said.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            reason = f"{address}: no answer within {_REACH_SECONDS:g} seconds; check the connection"
        if reason:
            return f"asked from there, {reason}"
    return ""


def _asked(address: Address) -> "queue.SimpleQueue[str]":
    """Have a thread ask for what is at an address; return where it puts why that fails, or nothing."""
    said: queue.SimpleQueue[str] = queue.SimpleQueue()

    def ask() -> None:
        try:
            open_remote_folder(address).sizes(["."])
        except (InterviewAudioError, ValueError) as error:  # botocore refuses an endpoint that is no address so
            said.put(str(error) or type(error).__name__)
        else:
            said.put("")

    threading.Thread(target=ask, daemon=True).start()
    return said


def _python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


@dataclass(frozen=True, slots=True)
class Call:
    """Becomes ``answer(…)`` where it is unpickled: a scheduler has to know ``pickle.loads`` and nothing else."""

    places: tuple[tuple[str, str], ...]
    call: bytes = b""

    def __reduce__(self) -> tuple[Any, ...]:
        return answer, (interview_audio.__version__, _python(), self.places, self.call)


def reason_of(said: Any) -> str:
    """Return why a worker is not fit, from its answer or the error that it raised instead; empty if it is."""
    if isinstance(said, ModuleNotFoundError) and said.name == interview_audio.__name__:
        return f"interview-audio is not installed there: pip install interview-audio=={interview_audio.__version__}"
    if isinstance(said, Exception):
        return (
            f"it cannot read our calls ({type(said).__name__}: {shortened(str(said), 100)}): "
            f"install interview-audio {interview_audio.__version__}"
        )
    kind, reason, _ = said
    return str(reason) if kind == "misfit" else ""


@dataclass(slots=True, eq=False)
class Member:
    """A worker of the cluster."""

    address: str
    host: str
    threads: int
    resources: Mapping[str, float]
    is_fit: bool | None = None
    """None until it has said so."""
    reason: str = ""
    """Why it is not."""
    judged: float = 0.0
    """When it has said so, by the clock of ``time.monotonic``."""


class Fleet:
    """The workers that there are now. One thread changes it; others may ask."""

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        """By address."""
        self.fit: tuple[Member, ...] = ()
        """Those that have said that they can be used."""
        self._awaited: frozenset[str] = frozenset()
        self._declared: frozenset[str] = frozenset()
        self._slots: Mapping[str, int] = {}

    def update(self, workers: Mapping[str, Mapping[str, Any]]) -> None:
        """Take over which there are, as the scheduler knows them."""
        self.members = {
            address: self.members.get(address)
            or Member(address, worker["host"], worker["nthreads"], dict(worker["resources"]))
            for address, worker in workers.items()
        }
        self._settle()

    def judge(self, member: Member, reason: str) -> None:
        """Note why a worker cannot be used; nothing, if it can."""
        member.is_fit, member.reason, member.judged = not reason, reason, time.monotonic()
        self._settle()

    def forget_fitness(self) -> None:
        """Have every worker asked again."""
        for member in self.members.values():
            member.is_fit = None
        self._settle()

    def await_resource(self, resource: str, *, is_coming: bool = True) -> None:
        """Note that a worker is being started that declares a resource: what needs it waits for that one."""
        self._awaited = self._awaited | {resource} if is_coming else self._awaited - {resource}
        self._settle()

    @property
    def unknown(self) -> list[Member]:
        """Those that have not said yet whether they are fit."""
        return [member for member in self.members.values() if member.is_fit is None]

    def misfits(self, seconds: float = 0.0) -> list[Member]:
        """Return those that were not fit when they said so, at least some seconds ago."""
        latest = time.monotonic() - seconds
        return [member for member in self.members.values() if member.is_fit is False and member.judged <= latest]

    def awaits(self, resource: str) -> bool:
        """Tell whether a worker was started for this resource."""
        return resource in self._awaited

    def declares(self, resource: str) -> bool:
        """Tell whether a worker that can be used declares a resource; then nobody else is given what needs it."""
        return resource in self._declared

    def slots(self, resource: str) -> int:
        """Count the calls that occupy a resource and run at once."""
        return self._slots.get(resource, 0)

    def _settle(self) -> None:
        """Count once for many calls: a large cluster has thousands of workers."""
        self.fit = tuple(member for member in self.members.values() if member.is_fit)
        # Those that have not been heard of yet count: otherwise others would be given their work meanwhile.
        hoped = [member for member in self.members.values() if member.is_fit is not False]
        self._declared = frozenset(resource for resource in (CPU, NETWORK, GPU) if _declared(hoped, resource))
        slots = {resource: self._count(resource) for resource in (CPU, NETWORK, GPU)}
        self._slots = {**slots, NETWORK: min(slots[NETWORK], MAX_SOCKETS)}

    def _count(self, resource: str) -> int:
        if resource in self._declared:
            return _declared(self.fit, resource)
        if resource == GPU or resource in self._awaited:
            return 0
        return sum(member.threads for member in self.fit)


def _declared(members: Iterable[Member], resource: str) -> int:
    return sum(int(member.resources.get(resource, 0)) for member in members)
