"""Which device Kokoro speaks on: the processor, or a graphics card that can do it and was measured to be faster.

What onnxruntime says of cards is not believed. It names CUDA wherever it was built with it, without a card, a driver or
libraries, and a session that asks for CUDA then runs on the processor without a word. So a card counts as one that
speaks after a session says that it is on the card, and lines were spoken that sound as the processor's do.

That is found out once on a machine, timed with lines of lengths that are new each time, as those of a render are, and
written to ``gpu.json`` in the folder of the fast graph. A few processes of a machine hold the card, as many as its
memory allows, each by a lock; the others speak on the processor meanwhile: clips of both stand side by side.
"""

import contextlib
import ctypes
import functools
import importlib.metadata
import io
import json
import math
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.kokoro import voices
from interview_audio.engines.kokoro.runtime import (
    SAMPLE_RATE,
    Model,
    TimedSamples,
    open_session,
    runtime_build,
    session_errors,
)
from interview_audio.errors import EngineError
from interview_audio.files.atomic_files import file_lock, try_file_lock, write_whole
from interview_audio.machine import forbid_telemetry, usable_cores
from interview_audio.text.units import counted

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Device = Literal["cuda", "coreml", "directml"]
_DEVICES: tuple[Device, ...] = ("cuda", "coreml", "directml")
SETTINGS = ("auto", "cpu", *_DEVICES)
"""What ``engines.kokoro.device`` may be."""
_GRAPH_VERSION = 1
"""Raised whenever the same weights would give other graphs for a card: what was measured counts no more."""
_PROVIDERS: Mapping[Device, str] = MappingProxyType(
    {"cuda": "CUDAExecutionProvider", "coreml": "CoreMLExecutionProvider", "directml": "DmlExecutionProvider"}
)
_PACKAGES: Mapping[Device, str] = MappingProxyType({"cuda": "onnxruntime-gpu", "directml": "onnxruntime-directml"})
"""Builds of onnxruntime that know a device; CoreML is in that for macOS."""
_OPTIONS: Mapping[Device, Mapping[str, str]] = MappingProxyType(
    # onnxruntime would try every algorithm for every new length, five times as long: docs/performance.md.
    {"cuda": {"cudnn_conv_algo_search": "HEURISTIC"}, "coreml": {}, "directml": {}}
)
_MEMORY_OF_ONE = 6_000_000_000
"""Bytes of a card for one process: 2.9 GB were measured after a line of 11.5 s, and it grows with a line's length."""
_MOST_PROCESSES = 4
"""On one card: from there on they are no faster together."""
_NEEDED_BYTES = 400_000_000
"""Free space that both graphs, 270 MB, are sure to fit in."""
_RETRIED_AFTER = 3600.0
"""Seconds after which a device is tried again that has spoken here and failed in a run: its memory may be free then."""
_MEASURED_AFTER = 24 * 3600.0
"""Seconds after which one is measured again that has never spoken here: drivers come, and go at every update."""
_SILENT = 4
"""onnxruntime's level of messages that keeps to itself what we say in one line."""
_LONGEST_TIMING = 20.0
"""Seconds: a device that has not spoken all lines by then is timed by those that it has."""
_UNLIKE = 4.0
"""dB, log-spectral, from the fast graph on the processor: from there on something else was computed. The lines that are
timed are at most 1.5 apart."""
_TIMED_VOICE = "af_heart"
_TIMED_PHONEMES = (
    "wˈɛlkʌm bˈæk tə ðə ʃˈoʊ, æn θˈæŋk ju fɔɹ lˈɪsnɪŋ. tədˈA wi tˈɔk əbˈWt ðə sˈi, ænd əbˈWt ˈɔl ðə θˈɪŋz ðæt "
    "lˈɪv ɪn ɪt: fˈɪʃ, wˈAlz, ænd ðə smˈɔləst ʌv plˈænts. mI ɡˈɛst hæz spˈɛnt twˈɛnti jˈɪɹz ˌʌndəɹwˈɔTəɹ."
)
"""What is spoken to time a device, from the beginning to a word that differs each time."""
_TIMED_LINES = 12
_WARMING_LINES = 4


class DeviceFailedError(EngineError):
    """A device does not do what it should: the processor speaks."""


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """What is known of a device on this machine."""

    seconds: float = 0.0
    """Wall seconds for a second of speech, as many lines at a time as ``processes``."""
    on_processor: float = 0.0
    """The same for the faster graph of the processor, on all ``cores`` without any loss."""
    cores: int = 1
    processes: int = 1
    """How many may hold the device at a time."""
    card: str = ""
    """What its driver calls it."""
    fault: str = ""
    """Why it cannot be used; empty where it can."""
    retried_at: float = 0.0
    """Seconds since 1970 from which the fault counts no more."""

    @property
    def may_be_tried(self) -> bool:
        """Whether there is no fault, or it is long ago."""
        return not self.fault or time.time() >= self.retried_at

    @property
    def is_faster(self) -> bool:
        """Whether it is faster than the whole processor."""
        return 0 < self.seconds < self.on_processor


class DeviceModel(Model):
    """A model whose vocoder is on a device; ``close`` gives its place there back.

    Raises:
        DeviceFailedError: The device cannot be used.
    """

    def __init__(self, device: Device, place: Path, room: contextlib.ExitStack | None = None) -> None:
        from interview_audio.engines.kokoro.gpu_graph import SplitSession

        self.device = device
        self._room = room or contextlib.ExitStack()
        encoder, vocoder = _graph_files(place)
        session = _open_on(device, vocoder)
        try:
            super().__init__(SplitSession(open_session(encoder), session), _made_by(device))
        except EngineError as error:
            raise DeviceFailedError(str(error)) from error

    def close(self) -> None:
        """Let another process have the place on the device."""
        self._room.close()

    def _run(
        self, tokens: list[int], style: NDArray[np.float32], given: Mapping[str, NDArray[Any]]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        try:
            return super()._run(tokens, style, given)
        except session_errors() as error:
            raise DeviceFailedError(f"{self.device} fails: {_first_line(error)}") from error


class DeviceChoice:
    """What ``engines.kokoro.device`` means on this machine now.

    Every ``place`` is the folder of the fast graph.

    Raises:
        EngineError: There is no such device.
    """

    def __init__(self, setting: str) -> None:
        if setting not in SETTINGS:
            raise EngineError(f"engines.kokoro.device must be {', '.join(SETTINGS)}, not {setting!r}")
        self.setting = setting
        self._named: Device | None = next((device for device in _DEVICES if device == setting), None)
        self._left_until: dict[Device, float] = {}
        """When a device may be tried again that has failed in this process, whether that could be recorded or not."""

    @property
    def wanted(self) -> Literal["cpu", "gpu", "either"]:
        """See ``Accelerated``."""
        return "gpu" if self._named else "either" if self.setting == "auto" else "cpu"

    @property
    def is_required(self) -> bool:
        """Whether the device is to be used even where it is slower."""
        return self._named is not None

    @property
    def candidates(self) -> tuple[Device, ...]:
        """Devices that may be tried: none, on most machines.

        The setting allows them, this onnxruntime is built for them, and they have not failed in this process lately.
        """
        return tuple(device for device in self._known if time.time() >= self._left_until.get(device, 0))

    @functools.cached_property
    def _known(self) -> tuple[Device, ...]:
        allowed = (self._named,) if self._named else _DEVICES if self.setting == "auto" else ()
        return tuple(device for device in allowed if not build_fault(device))

    def chosen(self, place: Path) -> Device | None:
        """Return the device to speak on; None for the processor."""
        found = measured_devices(place) if self.candidates else {}
        usable = [
            device
            for device in self.candidates
            if device in found
            and found[device].may_be_tried
            and found[device].seconds
            and (self.is_required or found[device].is_faster)
        ]
        return min(usable, key=lambda device: found[device].seconds, default=None)

    def unmeasured(self, place: Path) -> Device | None:
        """Return the device that is to be measured before it can be chosen.

        Others than CUDA are measured where they are named: nobody has seen one that speaks faster than the processor.
        """
        wanted = self._named or "cuda"
        return wanted if wanted in self.candidates and _is_due(measured_devices(place).get(wanted)) else None

    def prepare(
        self,
        place: Path,
        read_weights: Callable[[], bytes],
        processor_seconds: float,
        on_step: Callable[[str], None],
        *,
        again: bool = False,
    ) -> None:
        """Make the graphs for a card and measure the device, unless that was done before.

        Args:
            place: Has the fast graph.
            read_weights: Returns the published export.
            processor_seconds: What the processor's better graph takes for a second of speech.
            on_step: Called with what is being done.
            again: Do it even if it was done before.

        Raises:
            EngineError: The weights cannot be read, or the folder cannot be written.
        """
        wanted = self._named or "cuda"
        if wanted not in self.candidates:
            return
        try:
            with file_lock(place / "lock"):
                if again or _is_due(measured_devices(place).get(wanted)):
                    measured = _unmeasured(wanted, processor_seconds)
                    if not measured.fault:
                        on_step("writing the graphs for the graphics card")
                        _write_graphs(place, read_weights, again=again)
                        on_step(f"timing {wanted}")
                        measured = _measured(measured, wanted, place)
                    _record(place, wanted, measured)
        except OSError as error:
            raise EngineError(f"cannot write Kokoro's graphs to {place}: {error.strerror or error}") from error

    def open(self, place: Path) -> DeviceModel | None:
        """Load the model on the device; None where the processor speaks.

        That is where none is chosen, other processes have taken all places on it, or it fails, which is recorded.
        """
        device = self.chosen(place)
        room = device and _take_room(place, measured_devices(place).get(device, DeviceRecord()).processes)
        if not device or not room:
            return None
        try:
            return DeviceModel(device, place, room)
        except DeviceFailedError as error:
            room.close()
            self.failed(place, device, str(error))
            return None

    def failed(self, place: Path, device: Device, fault: str) -> None:
        """Record that a device which has spoken here does not do so any more; it is tried again after an hour."""
        self._left_until[device] = retried_at = time.time() + _RETRIED_AFTER
        with contextlib.suppress(OSError), file_lock(place / "lock"):
            before = measured_devices(place).get(device, DeviceRecord())
            _record(place, device, replace(before, fault=fault, retried_at=retried_at))

    def notice(self, place: Path) -> str:
        """Return why the processor speaks although a device is set or a card is there; empty where it is slower."""
        if self._named and (fault := build_fault(self._named)):
            return f"Kokoro speaks on the processor, not on {self._named}: {fault}"
        for device, measured in measured_devices(place).items() if self._known else ():
            is_expected = device in self._known and (self.is_required or measured.card)
            if is_expected and not measured.may_be_tried:
                return f"Kokoro {_why_not(device, measured)}"
        return ""

    def state(self, place: Path) -> str:
        """Return a line about what speaks and why, for ``doctor``."""
        if self.setting == "cpu":
            return "speaks on the processor, as set in engines.kokoro"
        found = measured_devices(place)
        if device := self.chosen(place):
            slower = "" if found[device].is_faster else ", slower, but set in engines.kokoro.device"
            return f"speaks on {_titled(device, found[device])}{slower}: {_compared(found[device])}"
        if missing := self.unmeasured(place):
            return f"{missing} is not measured yet; the next long render does it, or: interview-audio doctor --prepare"
        wanted = self._named or "cuda"
        if wanted in found and wanted in self._known:
            return _why_not(wanted, found[wanted])
        if self._named:
            return f"speaks on the processor, not on {wanted}: {build_fault(wanted)}"
        card = find_card()
        if card.fault:
            return f"speaks on the processor: {card.fault}"
        return f"speaks on the processor, not on {card.name}: {build_fault(wanted)}"


def _why_not(device: Device, measured: DeviceRecord) -> str:
    if not measured.fault:
        return f"speaks on the processor: {_titled(device, measured)} is slower: {_compared(measured)}"
    then = "an hour later" if measured.seconds else "a day later, or now with: interview-audio doctor --prepare"
    return f"speaks on the processor, not on {_titled(device, measured)}: {measured.fault}; it is tried again {then}"


def _titled(device: Device, measured: DeviceRecord) -> str:
    return f"{device} ({measured.card})" if measured.card else device


def _compared(measured: DeviceRecord) -> str:
    return (
        f"seconds per second of speech {measured.seconds:.4f} with {counted(measured.processes, 'line')} at a time, "
        f"on {counted(measured.cores, 'core')} {measured.on_processor:.4f}"
    )


def _made_by(device: Device) -> str:
    return f"gpu {_GRAPH_VERSION} on {device}"


def build_fault(device: Device) -> str:
    """Return why the installed build of onnxruntime does not know a device, and what to do; empty if it does."""
    if device == "coreml":
        return "" if sys.platform == "darwin" else "CoreML is a part of macOS; set engines.kokoro.device to auto"
    wanted, build = _PACKAGES[device], runtime_build()
    if build.package == wanted:
        return ""
    try:
        hidden = importlib.metadata.version(wanted)
    except importlib.metadata.PackageNotFoundError:
        extra = "'interview-audio[gpu]'" if device == "cuda" else wanted
        return (
            f"{build.package} {build.version} is built without it; run: pip install {extra}, "
            f"then: pip install --force-reinstall --no-deps {wanted}"
        )
    return (
        f"the files of {build.package} {build.version} lie over those of {wanted} {hidden}; "
        f"run: pip install --force-reinstall --no-deps {wanted}=={hidden}"
    )


@dataclass(frozen=True, slots=True)
class Card:
    """The first graphics card of NVIDIA's driver."""

    name: str = ""
    memory: int = 0
    """In bytes."""
    fault: str = ""
    """Why there is none; empty where there is one."""


def find_card() -> Card:
    """Ask NVIDIA's driver for its first card; nothing is taken of its memory."""
    library = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        driver = ctypes.CDLL(library)
    except OSError:
        return Card(fault=f"no driver of NVIDIA is installed ({library} not found)")
    count, name, memory = ctypes.c_int(), ctypes.create_string_buffer(100), ctypes.c_size_t()
    if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)) or not count.value:
        return Card(fault="NVIDIA's driver has no card that this process may use")
    driver.cuDeviceGetName(name, len(name), 0)
    driver.cuDeviceTotalMem_v2(ctypes.byref(memory), 0)
    return Card(name.value.decode("utf-8", "replace"), memory.value)


def measured_devices(place: Path) -> dict[Device, DeviceRecord]:
    """Return what is recorded of the devices of this machine; what cannot be read is measured again."""
    try:
        recorded = json.loads((place / "gpu.json").read_text("utf-8"))
        if recorded["version"] != _GRAPH_VERSION:
            return {}
        found = {device: DeviceRecord(**recorded[device]) for device in _DEVICES if device in recorded}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    are_there = all(file.exists() for file in _graph_files(place))
    return {device: one for device, one in found.items() if are_there or not one.seconds}


def _graph_files(place: Path) -> tuple[Path, Path]:
    """Return where the graphs of the encoder and of the vocoder are, once they are made."""
    return place / "gpu-encoder.onnx", place / "gpu-vocoder.onnx"


def _record(place: Path, device: Device, measured: DeviceRecord) -> None:
    kept = measured_devices(place) | {device: measured}
    content = {"version": _GRAPH_VERSION} | {name: asdict(one) for name, one in kept.items()}
    write_whole(place / "gpu.json", json.dumps(content).encode())


def _write_graphs(place: Path, read_weights: Callable[[], bytes], *, again: bool) -> None:
    from interview_audio.engines.kokoro import gpu_graph

    if not again and any(one.seconds for one in measured_devices(place).values()):
        return  # they were made for another device
    (place / "gpu.json").unlink(missing_ok=True)
    free = shutil.disk_usage(place).free
    if free < _NEEDED_BYTES:
        needed = _NEEDED_BYTES // 1_000_000
        raise EngineError(
            f"Kokoro's graphs for a card need {needed} MB in {place}, but only {free // 1_000_000} MB are free"
        )
    weights = read_weights()
    for file, make in zip(_graph_files(place), (gpu_graph.encoder_graph, gpu_graph.vocoder_graph), strict=True):
        write_whole(file, make(weights).SerializeToString())


def _take_room(place: Path, processes: int) -> contextlib.ExitStack | None:
    """Take one of the places on a card until the stack is closed, or the process ends; None where all are taken."""
    for number in range(processes):
        room = contextlib.ExitStack()
        try:
            if room.enter_context(try_file_lock(place / f"gpu-{number}.lock")):
                return room
        except OSError:  # a cache folder that is only read: nothing is shared there
            return room
        room.close()
    return None


def _is_due(measured: DeviceRecord | None) -> bool:
    return measured is None or (not measured.seconds and measured.may_be_tried)


def _unmeasured(device: Device, processor_seconds: float) -> DeviceRecord:
    """Return what is known of a device before it has spoken."""
    card, cores = find_card() if device == "cuda" else Card(), usable_cores()
    processes = max(1, min(_MOST_PROCESSES, card.memory // _MEMORY_OF_ONE, cores))
    found = DeviceRecord(on_processor=processor_seconds / cores, cores=cores, processes=processes, card=card.name)
    return _faulty(found, card.fault) if card.fault else found


def _faulty(measured: DeviceRecord, fault: str) -> DeviceRecord:
    return replace(measured, fault=fault, retried_at=time.time() + _MEASURED_AFTER)


def _measured(known: DeviceRecord, device: Device, place: Path) -> DeviceRecord:
    """Have a device speak, compare it with the processor, and time it."""
    *warming, proof = _lines()[:_WARMING_LINES]
    try:
        model = DeviceModel(device, place)
        usual = _spoken(Model(place / "fast.onnx"), proof)
        if log_spectral_distance(_spoken(model, proof).samples, usual.samples) > _UNLIKE:
            return _faulty(known, f"{device} computes another sound than the processor")
        return replace(known, seconds=_time(model, known.processes, warming, _lines()[_WARMING_LINES:]))
    except DeviceFailedError as error:
        return _faulty(known, str(error))


def _lines() -> Sequence[str]:
    """Return strings of phonemes, no two of one length, as they come in a render."""
    ends = [index for index, phoneme in enumerate(_TIMED_PHONEMES) if phoneme == " "]
    chosen = np.linspace(len(ends) // 5, len(ends) - 1, _TIMED_LINES + _WARMING_LINES).round().astype(int)
    mixed = [*chosen[2::3], *chosen[::3], *chosen[1::3]]
    return [_TIMED_PHONEMES[: ends[index]] for index in mixed]


def _spoken(model: Model, phonemes: str) -> TimedSamples:
    return model.speak(phonemes, voices.style(_TIMED_VOICE), 1)


def _time(model: Model, at_a_time: int, warming: Sequence[str], lines: Sequence[str]) -> float:
    """Return wall seconds for a second of speech, with so many lines at a time."""
    with ThreadPoolExecutor(at_a_time) as threads:
        list(threads.map(functools.partial(_spoken, model), warming))
        begin = time.perf_counter()

        def speak(phonemes: str) -> float:
            if time.perf_counter() - begin > _LONGEST_TIMING:
                return 0.0
            return len(_spoken(model, phonemes).samples) / SAMPLE_RATE

        speech = sum(threads.map(speak, lines))
        return (time.perf_counter() - begin) / speech


def log_spectral_distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return how far apart two sounds are, in dB; endless where they are not of one length, or a number is none."""
    if len(one) != len(other) or not np.isfinite(one).all():
        return math.inf
    first, second = _power(one), _power(other)
    floor = second.max() * 1e-6
    decibels = 10 * np.log10((first + floor) / (second + floor))
    return float(np.sqrt((decibels**2).mean(1)).mean())


def _power(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    frames = np.lib.stride_tricks.sliding_window_view(samples, 1024)[::256] * np.hanning(1024)
    return np.asarray(np.abs(np.fft.rfft(frames)) ** 2, np.float64)


def _open_on(device: Device, graph: Path) -> "InferenceSession":
    """Load a graph on a device.

    Raises:
        DeviceFailedError: The session is not there, or is somewhere else.
    """
    forbid_telemetry()
    import onnxruntime

    provider = _PROVIDERS[device]
    if provider not in onnxruntime.get_available_providers():
        raise DeviceFailedError(f"onnxruntime {onnxruntime.__version__} has no {provider}")
    missing = _preloaded() if device == "cuda" else ""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _SILENT
    options.enable_mem_pattern = device != "directml"  # which demands it
    try:
        with _silent_onnxruntime():
            session = onnxruntime.InferenceSession(
                str(graph),
                options,
                providers=[(provider, dict(_OPTIONS[device]))],
                enable_fallback=0,  # which would print to stdout, and speak on the processor
            )
    except session_errors() as error:
        raise DeviceFailedError(f"{device} fails: {missing or _first_line(error)}") from error
    if session.get_providers()[0] != provider:
        raise DeviceFailedError(f"onnxruntime cannot use {device} here: {missing or 'it does not say why'}")
    return session


@functools.cache
def _preloaded() -> str:
    """Load the libraries of CUDA that pip has installed, once in a process; return what is missing, and what to do.

    onnxruntime prints that, and what a program prints may be what another one reads.
    """
    import onnxruntime

    said = io.StringIO()
    preload = getattr(onnxruntime, "preload_dlls", None)  # since 1.21
    with contextlib.redirect_stdout(said):
        if preload:
            preload()
    missing = re.search(r"Failed to load ([^\s:]+)", said.getvalue())
    return f"{missing[1]} is missing; run: pip install 'onnxruntime-gpu[cuda,cudnn]'" if missing else ""


@contextlib.contextmanager
def _silent_onnxruntime() -> Iterator[None]:
    """Keep messages of no session, which ``log_severity_level`` does not reach, from stderr while the block runs."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(_SILENT)
    try:
        yield
    finally:
        onnxruntime.set_default_logger_severity(3)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]
