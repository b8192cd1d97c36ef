"""The graphs that can be made of Kokoro's published export, each from the same weights.

The export quantizes the input of every convolution at run time (``DynamicQuantizeLinear`` and ``ConvInteger``), which
onnxruntime has no fast kernel for (microsoft/onnxruntime#12854). The fast graph undoes that, fuses what can be fused,
and quantizes the vocoder's convolutions again with ranges that were measured beforehand.
"""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from interview_audio.engines.kokoro.graph_editor import GraphEditor, shape_attributes
from interview_audio.engines.kokoro.graph_operators import ConvolutionRange, Snake, fuse_norms, integer_convolutions

DURATIONS = "/encoder/Gather_output_0"
"""The tensor that holds the frames of every token; newer exports give it out as ``duration``."""
_VOCODER = "/decoder/"
_IN_FLOAT = ("conv_post", "noise_convs", "STFT")
"""Convolutions that lose too much in int8 (8.5-11.5 dB for the first), or are too small to gain anything."""
_RANGES = "ranges-v1.npz"
_BARELY = 1e-20


def published_graph(weights: bytes) -> bytes:
    """Return the export as it was published, with word times: the output ``duration``.

    Messages of protocol buffers merge when they are joined, so that nothing has to be parsed and written again.
    """
    graph = onnx.GraphProto()
    graph.node.append(helper.make_node("Identity", [DURATIONS], ["duration"]))
    graph.output.append(helper.make_tensor_value_info("duration", TensorProto.INT64, ["tokens"]))
    return weights + bytes(onnx.ModelProto(graph=graph).SerializeToString())


def float_graph(weights: bytes) -> onnx.ModelProto:
    """Return the export with all convolutions in float: what others are compared with."""
    graph = GraphEditor(onnx.load_from_string(published_graph(weights)))
    float_convolutions(graph)
    return graph.finish()


def fast_graph(weights: bytes) -> onnx.ModelProto:
    """Return the vocoder in static int8, norms and activations fused; durations and pitch are the float graph's.

    A change in what this returns raises ``model._GRAPH_VERSION``: a machine keeps the graph that it has made.
    """
    graph, snakes = _rewritten(weights)
    integer_convolutions(graph, load_ranges(), snakes)
    return graph.finish()


def observed_graph(weights: bytes) -> tuple[onnx.ModelProto, list[tuple[str, str]]]:
    """Return the fast graph before its convolutions become integers, for measuring ranges.

    Returns:
        The model, which gives out every tensor that is to be measured, and the names of the input and the output of
        each convolution that is to become int8.
    """
    graph, _ = _rewritten(weights)
    pairs = [
        (node.input[0], node.output[0])
        for node in graph.nodes("Conv")
        if node.output[0].startswith(_VOCODER) and not any(part in node.output[0] for part in _IN_FLOAT)
    ]
    names = dict.fromkeys(name for pair in pairs for name in pair)
    return graph.finish([(name, TensorProto.FLOAT) for name in names]), pairs


def ranges_file() -> Path:
    """Return the packaged file of the vocoder's ranges, made by ``python -m benchmarks.calibrate``.

    It holds names, input ranges (float32), and output ranges for each channel (float16, one after the other).
    """
    return Path(str(resources.files(__package__) / _RANGES))


def load_ranges(path: Path | None = None) -> dict[str, ConvolutionRange]:
    """Return the ranges by the name of the convolution's output; the packaged ones, unless a file is named."""
    with np.load(path or ranges_file()) as data:
        ends = np.cumsum(data["channels"])
        parts = [np.split(data[key].astype(np.float32), ends[:-1]) for key in ("output_low", "output_high")]
        inputs = data["input"].astype(float).tolist()
        return {
            str(name): ConvolutionRange(low, high, output_low, output_high)
            for name, (low, high), output_low, output_high in zip(data["names"], inputs, *parts, strict=True)
        }


def save_ranges(measured: Mapping[str, ConvolutionRange], path: Path) -> None:
    """Write ranges as ``load_ranges`` reads them."""
    values = list(measured.values())
    np.savez_compressed(
        path,
        names=np.array(list(measured)),
        channels=np.array([len(one.output_low) for one in values]),
        input=np.array([(one.low, one.high) for one in values], np.float32),
        output_low=np.concatenate([one.output_low for one in values]).astype(np.float16),
        output_high=np.concatenate([one.output_high for one in values]).astype(np.float16),
    )


def float_convolutions(graph: GraphEditor) -> None:
    """Replace DynamicQuantizeLinear, ConvInteger, [Add bias], Cast and Mul scale by one float ``Conv`` each.

    The weights are those of the export.
    """
    for node in graph.nodes("ConvInteger"):
        following = graph.readers(node.output[0])[0]
        bias = None
        if following.op_type == "Add":
            bias = _bias(graph, next(name for name in following.input if name != node.output[0]))
            following = graph.reader(following.output[0], "Cast")
        scaled = graph.reader(following.output[0], "Mul")
        scales = graph.made_by(next(name for name in scaled.input if name != following.output[0]), "Mul")
        weight = (_integers(graph, node) * graph.constant_of(scales)).astype(np.float32)
        output = scaled.output[0]
        inputs = [graph.made_by(node.input[0], "DynamicQuantizeLinear").input[0]]
        inputs.append(graph.constant(output + "/weight", weight))
        if bias is not None:
            inputs.append(graph.constant(output + "/bias", bias.reshape(-1).astype(np.float32)))
        graph.add("Conv", inputs, output, **shape_attributes(node))


def _integers(graph: GraphEditor, node: onnx.NodeProto) -> NDArray[np.int32]:
    return graph.array(node.input[1]).astype(np.int32) - np.int32(graph.array(node.input[3]))


def _bias(graph: GraphEditor, name: str) -> NDArray[Any]:
    """Return the bias behind Reshape(Cast(Floor(Div(bias, scale))))."""
    while not graph.is_constant(name):
        node = graph.producer(name)
        assert node is not None
        name = node.input[0]
    return graph.array(name)


def convolve_spectrum(graph: GraphEditor) -> None:
    """Replace each one-sided ``STFT`` of which the real and imaginary parts are read apart by one convolution."""
    for node in graph.nodes("STFT"):
        signal, step, window, size = node.input
        length, name = int(graph.array(size)), node.output[0]
        phase = np.outer(np.arange(length // 2 + 1), np.arange(length)) % length * (2 * np.pi / length)
        basis = np.concatenate([np.cos(phase), -np.sin(phase)]) * graph.array(window)
        basis[np.abs(basis) < 1e-12] = 0
        shape = graph.constant(name + "/shape", np.array([1, 1, -1], np.int64))
        # The first and the last bin are real. The published operator leaves rounding noise in their imaginary parts,
        # mostly positive in the first and negative in the last, and the angle of a negative real part jumps with it.
        signs = np.zeros(len(basis), np.float32)
        signs[[length // 2 + 1, -1]] = _BARELY, -_BARELY
        inputs = [
            graph.add("Reshape", [signal, shape], name + "/signal"),
            graph.constant(name + "/basis", basis[:, None].astype(np.float32)),
            graph.constant(name + "/signs", signs),
        ]
        parts = graph.add("Conv", inputs, name + "/parts", kernel_shape=[length], strides=[int(graph.array(step))])
        transposed = graph.reader(name, "Transpose").output[0]
        for part in graph.readers(transposed):
            index = int(graph.array(part.input[1]))
            bounds = np.array([index, index + 1]) * (length // 2 + 1)
            ends = [graph.constant(f"{part.output[0]}/{n}", bounds[n : n + 1]) for n in (0, 1)]
            axis = graph.constant(part.output[0] + "/axis", np.array([1], np.int64))
            graph.add("Slice", [parts, *ends, axis], part.output[0])


def _rewritten(weights: bytes) -> tuple[GraphEditor, dict[str, Snake]]:
    graph = GraphEditor(onnx.load_from_string(published_graph(weights)))
    float_convolutions(graph)
    snakes = fuse_norms(graph)
    convolve_spectrum(graph)
    return graph, snakes
