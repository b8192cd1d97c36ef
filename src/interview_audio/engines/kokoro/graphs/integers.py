"""Convolutions in static int8: ranges measured beforehand, so that onnxruntime runs prepacked ``QLinearConv``.

Every output channel has a scale of its own although the operator has one for all: it is folded into the weights'
scales and taken out by a ``DequantizeLinear`` a channel. The share of a Snake is folded into a ``QuantizeLinear`` a
channel in front, in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray

from interview_audio.engines.kokoro.graphs.editor import GraphEditor, shape_attributes
from interview_audio.engines.kokoro.graphs.norms import Snake

_LEVELS = 255


@dataclass(frozen=True, slots=True)
class ConvolutionRange:
    """Between which values the tensors around a convolution stay; zero is inside."""

    low: float
    """Of its input."""
    high: float
    output_low: NDArray[np.float32]
    """Of its output; shape (channels,)."""
    output_high: NDArray[np.float32]


def integer_convolutions(
    graph: GraphEditor, ranges: Mapping[str, ConvolutionRange], snakes: Mapping[str, Snake]
) -> None:
    """Replace float convolutions by static int8 ones.

    Args:
        graph: With float convolutions.
        ranges: By the name of the convolution's output; those without one stay in float.
        snakes: What ``fuse_norms`` gave.
    """
    quantized: dict[tuple[str, float, float], _Quantized] = {}
    for name, measured in ranges.items():
        node = graph.made_by(name, "Conv")
        key = (node.input[0], measured.low, measured.high)
        if key not in quantized:
            quantized[key] = _quantize(graph, *key, snakes.get(node.input[0]))
        _convolve(graph, node, quantized[key], measured)


@dataclass(frozen=True, slots=True)
class _Quantized:
    tensor: str
    scale: np.float32
    zero: int
    excess: NDArray[np.float64] | None
    """How much too high each channel is, for the bias to take away."""


def _quantize(graph: GraphEditor, source: str, low: float, high: float, snake: Snake | None) -> _Quantized:
    scale = np.float32((high - low) / _LEVELS)
    zero = round(-low / float(scale))
    name = f"{source}/quantized_{zero}"
    if snake is None:
        scales, zeros, excess, read = np.asarray(scale), np.asarray(zero, np.uint8), None, source
    else:
        scales = (scale / snake.share).astype(np.float32)
        steps = np.round(snake.share / scale)
        fits = bool(np.all((steps + zero >= 0) & (steps + zero <= _LEVELS)))
        if fits:
            zeros, read = (steps + zero).astype(np.uint8), snake.bent
            excess = steps.astype(np.float64) * float(scale) - snake.share
        else:
            one = graph.constant(source + "/one", np.asarray(1, np.float32))
            read = graph.add("Add", [snake.bent, one], source + "/raised")
            zeros, excess = np.full(len(scales), zero, np.uint8), None
    inputs = [read, graph.constant(name + "/scale", scales), graph.constant(name + "/zero", zeros)]
    graph.add("QuantizeLinear", inputs, name, axis=1)
    return _Quantized(name, scale, zero, excess)


def _convolve(graph: GraphEditor, node: onnx.NodeProto, source: _Quantized, measured: ConvolutionRange) -> None:
    name = node.output[0]
    weight = graph.array(node.input[1])
    bias = graph.array(node.input[2]).astype(np.float64) if len(node.input) > 2 else np.zeros(len(weight))
    if source.excess is not None:
        bias = bias - weight.astype(np.float64).sum(2) @ source.excess
    steps = np.maximum(np.abs(weight).max((1, 2)), 1e-8) / 127
    integers = np.round(weight / steps[:, None, None]).astype(np.int8)
    low, high = np.minimum(measured.output_low, 0), np.maximum(measured.output_high, 0)
    output_scale = np.maximum((high - low) / _LEVELS, 1e-8).astype(np.float32)
    output_zero = np.round(-low / output_scale).astype(np.uint8)
    unit = float(source.scale) * steps.astype(np.float64)
    middle = 128
    # The operator's one zero point is the middle; a channel's own is in its bias: bias + (zero - middle) output steps.
    levels = np.round((bias + (output_zero.astype(np.float64) - middle) * output_scale) / unit)
    inputs = [
        source.tensor,
        graph.constant(source.tensor + "/step", np.asarray(source.scale)),
        graph.constant(source.tensor + "/origin", np.asarray(source.zero, np.uint8)),
        graph.constant(name + "/integers", integers),
        graph.constant(name + "/steps", (steps / output_scale).astype(np.float32)),
        graph.constant(name + "/zeros", np.zeros(len(weight), np.int8)),
        graph.constant("/unit_scale", np.asarray(1, np.float32)),
        graph.constant("/middle", np.asarray(middle, np.uint8)),
        graph.constant(name + "/levels", np.clip(levels, -(2**31), 2**31 - 1).astype(np.int32)),
    ]
    codes = graph.add("QLinearConv", inputs, name + "/codes", **shape_attributes(node))
    scales = graph.constant(name + "/output_scale", output_scale)
    graph.add("DequantizeLinear", [codes, scales, graph.constant(name + "/output_zero", output_zero)], name, axis=1)
    graph.forget(node.input[1])
