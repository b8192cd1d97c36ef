"""Loads a graph into kokoro-onnx, as a worker has it: on one thread."""

from pathlib import Path
from typing import TYPE_CHECKING

from interview_audio.engines.kokoro import voices
from interview_audio.engines.kokoro.english import ESPEAK
from interview_audio.errors import EngineError

if TYPE_CHECKING:
    from kokoro_onnx import Kokoro
    from onnxruntime import InferenceSession


def load_kokoro(graph: Path | bytes) -> "Kokoro":
    """Kokoro with this graph and the packaged voices.

    Raises:
        EngineError: It is no graph that onnxruntime can load, or it has no word times.
    """
    session = open_session(graph)
    from kokoro_onnx import Kokoro  # takes a while too, which others may use while the graph is loaded

    if isinstance(graph, bytes):
        session._model_path = str(voices.table_file())  # kokoro-onnx 0.6.1 wants it to name a file that exists
    with ESPEAK:  # dictionaries may be loaded beside this, with espeak-ng's data at a shorter path
        kokoro: Kokoro = Kokoro.from_session(session, str(voices.table_file()))
    if not kokoro.has_timings:
        raise EngineError(f"{graph!s} has no output `duration`, needed for word times; use another kokoro-onnx export")
    return kokoro


def open_session(graph: Path | bytes) -> "InferenceSession":
    """One thread: parallel processes over lines beat threads inside one line.

    Raises:
        EngineError: It is no graph that onnxruntime can load.
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
    except (failures.InvalidProtobuf, failures.InvalidGraph, failures.Fail, failures.NoSuchFile) as error:
        name = graph if isinstance(graph, Path) else "the published graph"
        raise EngineError(f"onnxruntime cannot load {name}; delete it or choose another") from error
