"""The workers of a cluster: what they are asked, which of them are fit, and how much they do at once."""

import pickle
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import interview_audio
from interview_audio.engines.protocol import MAX_SOCKETS
from interview_audio.errors import InterviewAudioError
from interview_audio.synthesis.clip_worker import InProcess
from interview_audio.text.units import shortened

CPU, NETWORK, GPU = "CPU", "NETWORK", "GPU"
"""The Dask resources that workers declare: lines that they speak on a core, over the network, on a graphics card."""

Answer = tuple[Literal["fit", "misfit", "made", "error"], Any, str]
"""What became of a call: its result or error as bytes, or why this worker cannot be used; and the address of the worker
that was called."""


def answer(version: str, python: str, folders: tuple[tuple[str, str], ...], call: bytes = b"") -> Answer:
    """Do a call, unless this worker is not fit for it; without one, say whether it is.

    Runs on workers. Other versions of this package call it, too: it takes and returns plain values, and stays here.

    Args:
        version: Of this package, where the call was made.
        python: Its Python, such as ``3.12``.
        folders: Folders that must be seen here, each with the path of a file in it.
        call: A function, its arguments and its named arguments, pickled.
    """
    if not call:
        reason = _misfit(version, python, folders)
        return ("misfit", reason, "") if reason else ("fit", "", "")
    from distributed import get_worker

    here = get_worker().address
    if reason := _misfit(version, python, folders):
        return "misfit", reason, here
    function, arguments, named = pickle.loads(call)  # noqa: S301 - whoever reaches a worker can have it do anything
    try:
        return "made", pickle.dumps(InProcess(function)(*arguments, **named)), here
    except InterviewAudioError as error:
        return "error", pickle.dumps(error), here


def _misfit(version: str, python: str, folders: tuple[tuple[str, str], ...]) -> str:
    if version != interview_audio.__version__:
        return f"interview-audio {interview_audio.__version__} there, {version} here: install the same version"
    if python != _python():  # its tables of characters are others, and so may be what is read, and the keys of clips
        return f"Python {_python()} there, {python} here: install the same version"
    for folder, token in folders:
        if not Path(token).exists():
            return f"{folder} is not seen there: give an address (s3://…) instead, or a folder that all machines see"
    return ""


def _python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


@dataclass(frozen=True, slots=True)
class Call:
    """Becomes ``answer(…)`` where it is unpickled: a scheduler has to know ``pickle.loads`` and nothing else."""

    folders: tuple[tuple[str, str], ...]
    call: bytes = b""

    def __reduce__(self) -> tuple[Any, ...]:
        return answer, (interview_audio.__version__, _python(), self.folders, self.call)


def reason_of(said: Any) -> str:
    """Return why a worker is not fit, from its answer or the error that it raised instead; empty if it is."""
    if isinstance(said, ModuleNotFoundError) and said.name == interview_audio.__name__:
        return f"interview-audio is not installed there: pip install interview-audio=={interview_audio.__version__}"
    if isinstance(said, Exception):
        return (
            f"they cannot read our calls ({type(said).__name__}: {shortened(str(said), 100)}): "
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
        member.is_fit, member.reason = not reason, reason
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

    @property
    def reasons(self) -> list[str]:
        """Why workers are not fit, each reason once."""
        return list(dict.fromkeys(member.reason for member in self.members.values() if member.is_fit is False))

    def awaits(self, resource: str) -> bool:
        """Tell whether a worker was started for this resource."""
        return resource in self._awaited

    def declares(self, resource: str) -> bool:
        """Tell whether a fit worker declares a resource; then nobody else is given what needs it."""
        return resource in self._declared

    def slots(self, resource: str) -> int:
        """Count the calls that occupy a resource and run at once."""
        return self._slots.get(resource, 0)

    def _settle(self) -> None:
        """Count once for many calls: a large cluster has thousands of workers."""
        self.fit = fit = tuple(member for member in self.members.values() if member.is_fit)
        threads = sum(member.threads for member in fit)
        declared = {resource: _declared(fit, resource) for resource in (CPU, NETWORK, GPU)}
        slots = {
            resource: count or (0 if resource == GPU or resource in self._awaited else threads)
            for resource, count in declared.items()
        }
        self._declared = frozenset(resource for resource, count in declared.items() if count)
        self._slots = {**slots, NETWORK: min(slots[NETWORK], MAX_SOCKETS)}


def _declared(members: Iterable[Member], resource: str) -> int:
    return sum(int(member.resources.get(resource, 0)) for member in members)
