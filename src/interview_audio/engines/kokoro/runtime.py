"""Kokoro on onnxruntime: phonemes in, samples and the time of each phoneme out.

The inputs and outputs are those of kokoro-onnx's exports: token numbers between two zeros, a row of a voice table and
a speed in; samples and the frames of each token out.
"""

import functools
import importlib.metadata
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from interview_audio.errors import EngineError
from interview_audio.machine import forbid_telemetry

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

SAMPLE_RATE = 24000
"""In Hz, of every export."""
CONTROLS: Mapping[str, float] = MappingProxyType({"pitch": 1, "level": 0, "energy": 0})
"""Inputs of the graphs made here that may have a value for each token, see ``graphs.add_controls``; and their neutral
values."""
_MAX_TOKENS = 510
"""In one run: Kokoro's text encoder knows 512 positions, and two are taken by the zeros."""
_EMBEDDED_CONFIG = "kokoro_config"
"""Where newer exports of kokoro-onnx carry their own vocabulary."""
_TYPES: Mapping[str, type[np.generic]] = MappingProxyType(
    {
        "tensor(float)": np.float32,
        "tensor(float16)": np.float16,
        "tensor(double)": np.float64,
        "tensor(int32)": np.int32,
        "tensor(int64)": np.int64,
    }
)
"""The exports disagree: the speed is a float in v1.0 and an integer in v1.1-zh."""


@functools.cache
def vocabulary() -> Mapping[str, int]:
    """Return the token number of each of Kokoro's phonemes, a character each: packaged data, see NOTICE."""
    numbers = json.loads((resources.files(__package__) / "vocabulary.json").read_text("utf-8"))
    return MappingProxyType(numbers)


@dataclass(frozen=True, slots=True)
class Prosody:
    """How phonemes are to be said other than Kokoro says them of itself: a value for each phoneme, shape (n,)."""

    pitch: NDArray[np.float32]
    """What the pitch is multiplied by."""
    level: NDArray[np.float32]
    """How far the pitch is first drawn to its mean: 0 not at all, 1 all the way."""
    energy: NDArray[np.float32]
    """What is added to the natural logarithm of the power."""
    pace: NDArray[np.float32]
    """What the rate is multiplied by."""

    @classmethod
    def neutral(cls, phonemes: int) -> Self:
        """Return the prosody that changes nothing."""
        one, zero = np.ones(phonemes, np.float32), np.zeros(phonemes, np.float32)
        return cls(one, zero, zero.copy(), one.copy())

    def kept(self, which: Sequence[int]) -> Self:
        """Return the values of these phonemes, in this order."""
        index = np.array(which, int)
        return type(self)(self.pitch[index], self.level[index], self.energy[index], self.pace[index])


@dataclass(frozen=True, slots=True)
class TimedSamples:
    """The sound of a string of phonemes."""

    samples: NDArray[np.float32]
    """Mono at ``SAMPLE_RATE``, full scale at 1, with the silence that Kokoro leaves at both ends."""
    times: tuple[tuple[float, float], ...]
    """Start and end of each phoneme, in seconds; a phoneme that the export does not know has none."""


class Session(Protocol):
    """What a ``Model`` needs of an ``onnxruntime.InferenceSession``."""

    def get_inputs(self) -> Sequence[Any]:
        """Return what it must be given."""

    def get_overridable_initializers(self) -> Sequence[Any]:
        """Return what it may be given."""

    def get_outputs(self) -> Sequence[Any]:
        """Return what it gives, the sound first."""

    def get_modelmeta(self) -> Any:
        """Return what is noted with the graph."""

    def run(self, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]]) -> Sequence[Any]:
        """Compute outputs."""


class Model:
    """A loaded graph. Several threads may use it at once.

    Args:
        graph: The file of the graph, its content, or a session that has loaded it.
        name: What clips record about it.

    Raises:
        EngineError: onnxruntime cannot load it, or it does not tell word times.
    """

    def __init__(self, graph: Path | bytes | Session, name: str = "") -> None:
        self.name = name
        self._session: Session = open_session(graph) if isinstance(graph, Path | bytes) else graph
        outputs = [output.name for output in self._session.get_outputs()]
        if "duration" not in outputs:
            where = graph if isinstance(graph, Path) else "the published graph"
            raise EngineError(
                f"{where} has no output `duration`, needed for word times; use another kokoro-onnx export"
            )
        self._outputs = [outputs[0], "duration"]
        self._types = {one.name: _TYPES.get(one.type, np.float32) for one in self._session.get_inputs()}
        # Older exports call the tokens "tokens", newer ones "input_ids".
        self._tokens_input = "input_ids" if "input_ids" in self._types else "tokens"
        optional = self._session.get_overridable_initializers()
        self.has_controls = {one.name for one in optional} >= CONTROLS.keys()
        """Whether it obeys a prosody: an export that was not made here has no inputs for it."""
        self._vocabulary = _embedded_vocabulary(self._session) or vocabulary()

    def speak(
        self, phonemes: str, style: NDArray[np.float32], speed: float, prosody: Prosody | None = None
    ) -> TimedSamples:
        """Speak phonemes, those beyond the limit of one run in a run of their own.

        Args:
            phonemes: A character each.
            style: A voice's table, a row for each number of tokens; shape (510, 1, 256).
            speed: 1 is the voice's own.
            prosody: Of each phoneme; a graph without ``has_controls`` leaves it out.
        """
        which = [index for index, phoneme in enumerate(phonemes) if phoneme in self._vocabulary]
        known = [self._vocabulary[phonemes[index]] for index in which]
        said = prosody.kept(which) if prosody and self.has_controls else None
        samples = [np.zeros(0, np.float32)]
        times: list[tuple[float, float]] = []
        begin = 0
        for first in range(0, len(known), _MAX_TOKENS):
            tokens = known[first : first + _MAX_TOKENS]
            given = _controls(said.kept(range(first, first + len(tokens))), speed) if said else self._speed(speed)
            sound, frames = self._run(tokens, style[len(tokens) - 1], given)
            edges = (begin + _edges(frames, len(sound))) / SAMPLE_RATE
            times += [(float(edges[index]), float(edges[index + 1])) for index in range(len(tokens))]
            samples.append(sound)
            begin += len(sound)
        return TimedSamples(np.concatenate(samples), tuple(times))

    def _run(
        self, tokens: list[int], style: NDArray[np.float32], given: Mapping[str, NDArray[Any]]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        inputs: dict[str, NDArray[Any]] = {
            self._tokens_input: np.array([[0, *tokens, 0]], self._types[self._tokens_input]),
            "style": style.astype(self._types["style"]),
        }
        samples, frames = self._session.run(self._outputs, inputs | dict(given))
        return np.asarray(samples).ravel(), np.asarray(frames).ravel()

    def _speed(self, speed: float) -> dict[str, NDArray[Any]]:
        kind = self._types.get("speed", np.float32)
        return {"speed": np.array([max(1, round(speed)) if issubclass(kind, np.integer) else speed], kind)}


def _controls(prosody: Prosody, speed: float) -> dict[str, NDArray[np.float32]]:
    """Return the inputs of a graph with controls; the zeros at both ends go on as their neighbours do."""
    shaped = {name: np.pad(getattr(prosody, name), 1, mode="edge")[None, None] for name in CONTROLS}
    return shaped | {"speed": np.pad(prosody.pace * np.float32(speed), 1, mode="edge")}


def open_session(graph: Path | bytes) -> "InferenceSession":
    """Load a graph to run on one thread: parallel processes over lines beat threads inside one line.

    Raises:
        EngineError: It is not a graph that onnxruntime can load.
    """
    forbid_telemetry()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    source = str(graph) if isinstance(graph, Path) else graph
    try:
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except session_errors() as error:
        name = graph if isinstance(graph, Path) else "the published graph"
        raise EngineError(f"onnxruntime cannot load {name}; delete it or choose another") from error


def session_errors() -> tuple[type[Exception], ...]:
    """Return what onnxruntime raises where it cannot load or run a graph."""
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    return (
        failures.InvalidProtobuf,
        failures.InvalidGraph,
        failures.InvalidArgument,
        failures.NotImplemented,  # an operator, or a precision, that this processor has no kernel for
        failures.RuntimeException,
        failures.Fail,
        failures.EPFail,
        failures.NoSuchFile,
    )


@dataclass(frozen=True, slots=True)
class RuntimeBuild:
    """Which onnxruntime there is: its packages for processors and for cards share one folder, and the last one wins."""

    package: str
    """``onnxruntime``, ``onnxruntime-gpu`` or another name of its own."""
    version: str


@functools.cache
def runtime_build() -> RuntimeBuild:
    """Return what the files of onnxruntime are, by what they say of themselves; nothing of it is loaded.

    Metadata tells what was installed, not whose files are left.
    """
    package, origin = "onnxruntime", getattr(find_spec("onnxruntime"), "origin", None)
    try:
        said = (Path(origin or "").parent / "capi" / "build_and_package_info.py").read_text("utf-8")
        found = dict(re.findall(r"^(package_name|__version__) *= *['\"](.+?)['\"]", said, re.MULTILINE))
        return RuntimeBuild(found["package_name"], found["__version__"])
    except (OSError, KeyError):  # a build of somebody else's
        return RuntimeBuild(package, importlib.metadata.version(package))


def _edges(frames: NDArray[np.int64], samples: int) -> NDArray[np.int64]:
    """Return the sample at which each token starts, and where the last one ends.

    The frames of the leading zero come first, which is silence before the first token.
    """
    passed = np.cumsum(frames)
    edges: NDArray[np.int64] = np.round(passed * (samples / passed[-1])).astype(np.int64)
    return edges


def _embedded_vocabulary(session: "InferenceSession") -> Mapping[str, int]:
    config = session.get_modelmeta().custom_metadata_map.get(_EMBEDDED_CONFIG)
    if not config:
        return {}
    try:
        numbers: Mapping[str, int] = json.loads(config)["vocab"]
    except (ValueError, KeyError, TypeError):  # not such a note; all exports without one have the packaged vocabulary
        return {}
    return numbers
