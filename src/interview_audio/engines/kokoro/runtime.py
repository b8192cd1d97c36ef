"""Kokoro on onnxruntime: phonemes in, samples and the time of each phoneme out.

The inputs and outputs are those of kokoro-onnx's exports: token numbers between two zeros, a row of a voice table and
a speed in; samples and the frames of each token out.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interview_audio.errors import EngineError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

SAMPLE_RATE = 24000
"""In Hz, of every export."""
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
class TimedSamples:
    """The sound of a string of phonemes."""

    samples: NDArray[np.float32]
    """Mono at ``SAMPLE_RATE``, full scale at 1, with the silence that Kokoro leaves at both ends."""
    times: tuple[tuple[float, float], ...]
    """Start and end of each phoneme, in seconds; a phoneme that the export does not know has none."""


class Model:
    """A loaded graph. Several threads may use it at once.

    Args:
        graph: The file of the graph, or its content.
        name: What clips record about it.

    Raises:
        EngineError: onnxruntime cannot load it, or it does not tell word times.
    """

    def __init__(self, graph: Path | bytes, name: str = "") -> None:
        self.name = name
        self._session = open_session(graph)
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
        self._vocabulary = _embedded_vocabulary(self._session) or vocabulary()

    def speak(self, phonemes: str, style: NDArray[np.float32], speed: float) -> TimedSamples:
        """Speak phonemes, those beyond the limit of one run in a run of their own.

        Args:
            phonemes: A character each.
            style: A voice's table, a row for each number of tokens; shape (510, 1, 256).
            speed: 1 is the voice's own.
        """
        known = [self._vocabulary[phoneme] for phoneme in phonemes if phoneme in self._vocabulary]
        samples = [np.zeros(0, np.float32)]
        times: list[tuple[float, float]] = []
        begin = 0
        for first in range(0, len(known), _MAX_TOKENS):
            tokens = known[first : first + _MAX_TOKENS]
            sound, frames = self._run(tokens, style[len(tokens) - 1], speed)
            edges = (begin + _edges(frames, len(sound))) / SAMPLE_RATE
            times += [(float(edges[index]), float(edges[index + 1])) for index in range(len(tokens))]
            samples.append(sound)
            begin += len(sound)
        return TimedSamples(np.concatenate(samples), tuple(times))

    def _run(
        self, tokens: list[int], style: NDArray[np.float32], speed: float
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        speed_type = self._types.get("speed", np.float32)
        given: Any = max(1, round(speed)) if issubclass(speed_type, np.integer) else speed
        inputs = {
            self._tokens_input: np.array([[0, *tokens, 0]], self._types[self._tokens_input]),
            "style": style.astype(self._types["style"]),
            "speed": np.array([given], speed_type),
        }
        samples, frames = self._session.run(self._outputs, inputs)
        return np.asarray(samples).ravel(), np.asarray(frames).ravel()


def open_session(graph: Path | bytes) -> "InferenceSession":
    """Load a graph to run on one thread: parallel processes over lines beat threads inside one line.

    Raises:
        EngineError: It is not a graph that onnxruntime can load.
    """
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    source = str(graph) if isinstance(graph, Path) else graph
    try:
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except (
        failures.InvalidProtobuf,
        failures.InvalidGraph,
        failures.InvalidArgument,
        failures.NotImplemented,  # an operator, or a precision, that this processor has no kernel for
        failures.RuntimeException,
        failures.Fail,
        failures.NoSuchFile,
    ) as error:
        name = graph if isinstance(graph, Path) else "the published graph"
        raise EngineError(f"onnxruntime cannot load {name}; delete it or choose another") from error


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
