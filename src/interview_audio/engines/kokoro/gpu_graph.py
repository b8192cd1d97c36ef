"""Kokoro for a graphics card: the encoder as the processor has it, and the vocoder without what a card is slow at.

The encoder predicts durations, pitch and energy, and it takes the ``CONTROLS``. It is that of the fast graph, takes a
fourteenth of that graph's time, and stays on the processor: durations, and with them the times of words, are those of
every other graph. In float, or on a card, they are not (docs/performance.md).

The vocoder, all the rest of the work, is in float. onnxruntime makes a plan of cuDNN for each convolution whenever the
length of a line is new, which takes five times as long as the line; as matrix products they need none.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from numpy.typing import NDArray

from interview_audio.engines.kokoro.graph_operators import GraphEditor, shape_attributes
from interview_audio.engines.kokoro.graphs import rewritten_graph

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_BETWEEN = ("/encoder/MatMul_1_output_0", "/encoder/Reshape_output_0", "/encoder/Reshape_1_output_0")
"""What the vocoder reads of the encoder: the text for each frame (1, 512, frames), the pitch and the energy."""
_TO_THE_END = 2**62
# Abramowitz and Stegun 1964, 4.4.49, from the ninth power down: at most 2e-8 wrong between -1 and 1.
_ARCTANGENT = (
    0.0028662257,
    -0.0161657367,
    0.0429096138,
    -0.0752896400,
    0.1065626393,
    -0.1420889944,
    0.1999355085,
    -0.3333314528,
    1.0,
)


def encoder_graph(weights: bytes) -> onnx.ModelProto:
    """Return the part of the fast graph that predicts, for the processor."""
    graph = rewritten_graph(weights)
    graph.take_part(None, ["duration", *_BETWEEN])
    return graph.finish()


def vocoder_graph(weights: bytes) -> onnx.ModelProto:
    """Return the part that makes sound of what is predicted and of a style, all in float, for a card.

    A change in what this or ``encoder_graph`` returns raises ``devices._GRAPH_VERSION``.
    """
    graph = rewritten_graph(weights)
    graph.take_part(["style", *_BETWEEN], ["audio"])
    float_products(graph)
    polynomial_arctangents(graph)
    convolutions_as_products(graph)
    return graph.finish()


class SplitSession:
    """Two sessions that look like one of the whole graph; several threads may use it at once.

    Args:
        encoder: Of ``encoder_graph``.
        vocoder: Of ``vocoder_graph``.
    """

    def __init__(self, encoder: "InferenceSession", vocoder: "InferenceSession") -> None:
        self._encoder = encoder
        self._vocoder = vocoder
        self.get_inputs = encoder.get_inputs
        self.get_overridable_initializers = encoder.get_overridable_initializers
        self.get_modelmeta = encoder.get_modelmeta

    def get_outputs(self) -> Sequence[Any]:
        """Return what both give out, the sound first."""
        return [*self._vocoder.get_outputs(), *self._encoder.get_outputs()]

    def run(self, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]]) -> Sequence[Any]:
        """Return these outputs; raises what onnxruntime raises."""
        predicted = dict(zip(("duration", *_BETWEEN), self._encoder.run(["duration", *_BETWEEN], inputs), strict=True))
        read = {name: predicted[name] for name in _BETWEEN}
        (audio,) = self._vocoder.run(["audio"], {"style": inputs["style"], **read})
        made = {"audio": audio, **predicted}
        return [made[name] for name in outputs]


def float_products(graph: GraphEditor) -> None:
    """Replace DynamicQuantizeLinear, MatMulInteger, Cast and Mul scale by one float ``MatMul`` each."""
    for node in graph.nodes("MatMulInteger"):
        cast = graph.reader(node.output[0], "Cast")
        scaled = graph.reader(cast.output[0], "Mul")
        scales = graph.made_by(next(name for name in scaled.input if name != cast.output[0]), "Mul")
        weight = node.input[1] + "/float"
        if not graph.is_constant(weight):  # products share their weights
            integers = graph.array(node.input[1]).astype(np.float32) - np.float32(graph.array(node.input[3]))
            graph.constant(weight, (integers * graph.constant_of(scales)).astype(np.float32))
        source = graph.made_by(node.input[0], "DynamicQuantizeLinear").input[0]
        graph.add("MatMul", [source, weight], scaled.output[0])


def polynomial_arctangents(graph: GraphEditor) -> None:
    """Replace every ``Atan``, which has no kernel for CUDA, by a polynomial: the source of it is above."""
    for node in graph.nodes("Atan"):
        source, output = node.input[0], node.output[0]

        def number(name: str, value: float, output: str = output) -> str:
            return graph.constant(f"{output}/{name}", np.asarray(value, np.float32))

        size = graph.add("Abs", [source], output + "/size")
        is_steep = graph.add("Greater", [size, number("one", 1)], output + "/is_steep")
        inverse = graph.add("Reciprocal", [size], output + "/inverse")
        ratio = graph.add("Where", [is_steep, inverse, size], output + "/ratio")
        square = graph.add("Mul", [ratio, ratio], output + "/square")
        value = number("c0", _ARCTANGENT[0])
        for power, factor in enumerate(_ARCTANGENT[1:], 1):
            value = graph.add("Mul", [value, square], f"{output}/times{power}")
            value = graph.add("Add", [value, number(f"c{power}", factor)], f"{output}/plus{power}")
        value = graph.add("Mul", [value, ratio], output + "/flat")
        steep = graph.add("Sub", [number("right_angle", np.pi / 2), value], output + "/steep")
        angle = graph.add("Where", [is_steep, steep, value], output + "/angle")
        graph.add("Mul", [angle, graph.add("Sign", [source], output + "/sign")], output)


def convolutions_as_products(graph: GraphEditor) -> None:
    """Replace each ``Conv`` over time of stride 1 by slices, one for each tap, and one ``MatMul``."""
    for node in graph.nodes("Conv"):
        shape = shape_attributes(node)
        weight = graph.array(node.input[1])
        if shape.get("group", 1) != 1 or shape.get("strides", [1])[0] != 1 or len(weight) == 1:
            continue
        output = node.output[0]
        matrix = np.ascontiguousarray(weight.transpose(0, 2, 1).reshape(len(weight), -1))
        factors = [graph.constant(output + "/matrix", matrix), _taps(graph, node, weight.shape[2], shape)]
        if len(node.input) > 2:
            column = graph.constant(output + "/column", graph.array(node.input[2]).reshape(-1, 1))
            graph.add("Add", [graph.add("MatMul", factors, output + "/product"), column], output)
        else:
            graph.add("MatMul", factors, output)
        graph.forget(node.input[1])


def _taps(graph: GraphEditor, node: onnx.NodeProto, count: int, shape: Mapping[str, Any]) -> str:
    """Add what a convolution reads, its input once for each tap, one under the other; shape (1, taps x channels, n)."""
    source, output = node.input[0], node.output[0]
    if count == 1:
        return str(source)
    before, after = shape.get("pads", [0, 0])
    if before or after:
        pads = graph.constant(output + "/pads", np.array([0, 0, before, 0, 0, after], np.int64))
        source = graph.add("Pad", [source, pads], output + "/padded")
    axis = graph.constant(output + "/axis", np.array([2], np.int64))
    parts = []
    for tap in range(count):
        begin, left = (shape.get("dilations", [1])[0] * number for number in (tap, count - 1 - tap))
        bounds = [
            graph.constant(f"{output}/begin{tap}", np.array([begin], np.int64)),
            graph.constant(f"{output}/end{tap}", np.array([-left or _TO_THE_END], np.int64)),
        ]
        parts.append(graph.add("Slice", [source, *bounds, axis], f"{output}/tap{tap}"))
    return graph.add("Concat", parts, output + "/taps", axis=1)
