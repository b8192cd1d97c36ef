"""The graphs that can be made of Kokoro's published export, each from the same weights.

The export quantizes the input of every convolution at run time (``DynamicQuantizeLinear`` and ``ConvInteger``), which
onnxruntime has no fast kernel for (microsoft/onnxruntime#12854). The fast graph undoes that, fuses what can be fused,
and quantizes the vocoder's convolutions again with ranges that were measured beforehand.

Every graph made here also takes a value for each token for how it is to be said (``CONTROLS``): they are spread over
frames by the alignment that the export computes for itself, and change what it predicts before the vocoder reads it.
"""

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from interview_audio.engines.kokoro.graph_operators import (
    ConvolutionRange,
    GraphEditor,
    Snake,
    fuse_norms,
    integer_convolutions,
    shape_attributes,
)
from interview_audio.engines.kokoro.runtime import CONTROLS
from interview_audio.errors import EngineError

DURATIONS = "/encoder/Gather_output_0"
"""The tensor that holds the frames of every token; newer exports give it out as ``duration``."""
_ALIGNMENT = "/encoder/Cast_4_output_0"
"""Which token each frame belongs to, of 0 and 1; shape (tokens, frames)."""
_PITCH = "/encoder/F0_proj/Conv_output_0"
"""In Hz, below ``_VOICELESS`` where there is none; two values a frame; shape (1, 1, 2 x frames)."""
_ENERGY = "/encoder/N_proj/Conv_output_0"
"""A natural logarithm of power; two values a frame; shape (1, 1, 2 x frames)."""
_VOICELESS = 40
"""Hz: lower predictions are none, or on their way there; the vocoder's source makes a voice of what is above 10."""
_EASED = 11
"""Half frames, 138 ms, over which a change of pitch, level or energy is spread: a voice glides between tokens."""
_VOCODER = "/decoder/"
_IN_FLOAT = ("conv_post", "noise_convs", "STFT")
"""Convolutions that lose too much in int8 (8.5-11.5 dB for the first), or are too small to gain anything."""
_RANGES = "ranges-v1.npz"
_BARELY = 1e-20


def published_graph(weights: bytes) -> bytes:
    """Return the export as it was published, with word times, the output ``duration``, and with ``CONTROLS``.

    Neutral values of the controls change no sample.
    """
    return bytes(_published(weights).SerializeToString())


def _published(weights: bytes) -> onnx.ModelProto:
    model = onnx.load_from_string(weights)
    graph = model.graph
    graph.node.append(helper.make_node("Identity", [DURATIONS], ["duration"]))
    graph.output.append(helper.make_tensor_value_info("duration", TensorProto.INT64, ["tokens"]))
    add_controls(graph)
    return model


def add_controls(graph: onnx.GraphProto) -> None:
    """Give a graph the inputs ``CONTROLS``, a value for each token, and let ``speed`` have one for each, too.

    ``level`` pulls the pitch towards its mean over the utterance, all the way at 1; ``pitch`` multiplies what comes of
    that; ``energy`` is added. They are neutral where they are not given: 0, 1 and 0. Where no voice is predicted, none
    is made.
    """
    pitch, energy = _PITCH + "/predicted", _ENERGY + "/predicted"
    constants = {"voiceless": [_VOICELESS], "least": [1], "nothing": [0], "scales": [1, 1, 2]}
    _make_elsewhere(graph, _ENERGY, energy, [*_curve("energy"), _node("Add", [energy, "energy/curve"], _ENERGY)])
    _make_elsewhere(graph, _PITCH, pitch, [
        *_curve("pitch"),
        *_curve("level"),
        _node("Greater", [pitch, "control/voiceless"], "control/predicted"),
        _node("Greater", ["level/steps", "control/least"], "control/forced"),
        _node("Or", ["control/predicted", "control/forced"], "control/voiced"),
        _node("Cast", ["control/predicted"], "control/weights", to=TensorProto.FLOAT),
        _node("Where", ["control/predicted", pitch, "control/nothing"], "control/heard"),
        _node("ReduceSum", ["control/heard"], "control/sum"),
        _node("ReduceSum", ["control/weights"], "control/count"),
        _node("Max", ["control/count", "control/least"], "control/frames"),
        _node("Div", ["control/sum", "control/frames"], "control/mean"),
        _node("Sub", ["control/mean", pitch], "control/off"),
        _node("Min", ["level/curve", "control/least"], "control/levelling"),
        _node("Mul", ["control/off", "control/levelling"], "control/pull"),
        _node("Add", [pitch, "control/pull"], "control/levelled"),
        _node("Mul", ["control/levelled", "pitch/curve"], "control/tuned"),
        _node("Where", ["control/voiced", "control/tuned", pitch], _PITCH),
    ])  # fmt: skip
    for name, value in constants.items():
        graph.initializer.append(numpy_helper.from_array(np.array(value, np.float32), "control/" + name))
    for name, neutral in CONTROLS.items():
        graph.input.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 1, "controls"]))
        graph.initializer.append(numpy_helper.from_array(np.full((1, 1, 1), neutral, np.float32), name))
    for given in graph.input:
        if given.name == "speed":
            given.type.tensor_type.shape.dim[0].dim_param = "speeds"


def _node(operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(operator, inputs, [output], name=output + "/made", **attributes)


def _curve(control: str) -> list[onnx.NodeProto]:
    """Return what makes ``CONTROL/curve``, two values a frame, of a value for each token or of one for all."""
    around = _EASED // 2
    return [
        _node("Cast", [DURATIONS], control + "/durations", to=TensorProto.FLOAT),
        _node("Mul", [control + "/durations", "control/nothing"], control + "/zeros"),
        _node("Add", [control, control + "/zeros"], control + "/tokens"),
        _node("MatMul", [control + "/tokens", _ALIGNMENT], control + "/frames"),
        _node(
            "Resize",
            [control + "/frames", "", "control/scales"],
            control + "/steps",
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        ),
        _node("AveragePool", [control + "/steps"], control + "/curve", kernel_shape=[_EASED], pads=[around, around]),
    ]


def _make_elsewhere(graph: onnx.GraphProto, name: str, predicted: str, nodes: Sequence[onnx.NodeProto]) -> None:
    """Let the node that makes a tensor make ``predicted`` instead, and put nodes behind it that make the tensor."""
    for index, node in enumerate(graph.node):
        if name in node.output:
            node.output[list(node.output).index(name)] = predicted
            for offset, added in enumerate(nodes, 1):
                graph.node.insert(index + offset, added)
            return
    raise EngineError(f"in Kokoro's graph, nothing makes {name}")


def float_graph(weights: bytes) -> onnx.ModelProto:
    """Return the export with all convolutions in float: what others are compared with."""
    graph = GraphEditor(_published(weights))
    float_convolutions(graph)
    return graph.finish()


def fast_graph(weights: bytes) -> onnx.ModelProto:
    """Return the vocoder in static int8, norms and activations fused; durations and pitch are the float graph's.

    A change in what this returns raises ``model._GRAPH_VERSION``: a machine keeps the graph that it has made.
    """
    graph, snakes = _rewritten(weights)
    integer_convolutions(graph, load_ranges(), snakes)
    return graph.finish()


def rewritten_graph(weights: bytes) -> GraphEditor:
    """Return the fast graph before its convolutions become integers, for more rewriting."""
    return _rewritten(weights)[0]


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
    graph = GraphEditor(_published(weights))
    float_convolutions(graph)
    snakes = fuse_norms(graph)
    convolve_spectrum(graph)
    return graph, snakes
