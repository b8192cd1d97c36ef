"""The measured ranges of Kokoro's vocoder: packaged data, made by ``python -m benchmarks.calibrate``."""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import numpy as np

from interview_audio.engines.kokoro.graphs.integers import ConvolutionRange

FILE = "ranges-v1.npz"


def data_file() -> Path:
    """The packaged file: names, input ranges (float32), and output ranges a channel (float16, one after the other)."""
    return Path(str(resources.files(__package__) / FILE))


def load(path: Path | None = None) -> dict[str, ConvolutionRange]:
    """The ranges by the name of the convolution's output; those that are packaged, unless a file is named."""
    with np.load(path or data_file()) as data:
        ends = np.cumsum(data["channels"])
        parts = [np.split(data[key].astype(np.float32), ends[:-1]) for key in ("output_low", "output_high")]
        inputs = data["input"].astype(float).tolist()
        return {
            str(name): ConvolutionRange(low, high, output_low, output_high)
            for name, (low, high), output_low, output_high in zip(data["names"], inputs, *parts, strict=True)
        }


def save(measured: Mapping[str, ConvolutionRange], path: Path) -> None:
    """Write ranges as ``load`` reads them."""
    values = list(measured.values())
    np.savez_compressed(
        path,
        names=np.array(list(measured)),
        channels=np.array([len(one.output_low) for one in values]),
        input=np.array([(one.low, one.high) for one in values], np.float32),
        output_low=np.concatenate([one.output_low for one in values]).astype(np.float16),
        output_high=np.concatenate([one.output_high for one in values]).astype(np.float16),
    )
