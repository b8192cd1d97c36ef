"""Reads and rewrites the nodes of an ONNX graph, and makes operators of a vocoder run faster.

Norms are fused with their activations, and convolutions are made static int8. ``GraphEditor`` knows nothing of Kokoro.

A norm was written out as nine operators; ``InstanceNormalization`` is one. Snake, x + sin²(ax)/a (Ziyin, Hartwig and
Ueda 2020, equation 3), is c (w - cos w + 1) with w = 2ax and c = 1/(2a), because sin² v = (1 - cos 2v)/2; w comes out
of the norm itself, whose style scale and shift are multiplied by 2a beforehand. That is a third of the passes over
memory.

The ranges of the convolutions are measured beforehand, so that onnxruntime runs prepacked ``QLinearConv``. Every output
channel has a scale of its own although the operator has one for all: it is folded into the weights' scales and taken
out by a ``DequantizeLinear`` for each channel. The share of a Snake is folded into a ``QuantizeLinear`` for each
channel in front, in the same way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from interview_audio.errors import EngineError


class GraphEditor:
    """A model whose nodes are replaced by what makes the same tensor; ``finish`` drops what is not read any more."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self._model = model
        self._tensors = {tensor.name: tensor for tensor in model.graph.initializer}
        self._added: dict[str, NDArray[Any]] = {}
        self._producers: dict[str, onnx.NodeProto] = {name: node for node in model.graph.node for name in node.output}
        self._readers: dict[str, list[onnx.NodeProto]] = {}
        for node in model.graph.node:
            for name in node.input:
                self._readers.setdefault(name, []).append(node)

    def nodes(self, operator: str) -> list[onnx.NodeProto]:
        """Return the nodes of this operator that make a tensor now, in the published order."""
        unique = {id(node): node for node in self._producers.values() if node.op_type == operator}
        return list(unique.values())

    def producer(self, tensor: str) -> onnx.NodeProto | None:
        """Return the node that makes a tensor; None for an input and for a constant."""
        return self._producers.get(tensor)

    def made_by(self, tensor: str, operator: str) -> onnx.NodeProto:
        """Return the node that makes a tensor; raise ``EngineError`` where it is not of this operator."""
        node = self.producer(tensor)
        if node is None or node.op_type != operator:
            raise EngineError(
                f"in Kokoro's graph, {tensor} comes from {node.op_type if node else None}, not {operator}"
            )
        return node

    def readers(self, tensor: str) -> Sequence[onnx.NodeProto]:
        """Return the nodes of the published graph that read a tensor."""
        return self._readers.get(tensor, [])

    def reader(self, tensor: str, operator: str) -> onnx.NodeProto:
        """Return the published node of this operator that reads a tensor; raise ``EngineError`` without one."""
        found = [node for node in self.readers(tensor) if node.op_type == operator]
        if not found:
            raise EngineError(f"in Kokoro's graph, no {operator} uses {tensor}")
        first: onnx.NodeProto = found[0]
        return first

    def is_constant(self, tensor: str) -> bool:
        """Tell whether the file holds a tensor."""
        return tensor in self._tensors or tensor in self._added

    def array(self, tensor: str) -> NDArray[Any]:
        """Return the value of a constant."""
        return self._added[tensor] if tensor in self._added else numpy_helper.to_array(self._tensors[tensor])

    def constant_of(self, node: onnx.NodeProto) -> NDArray[Any]:
        """Return the value of the constant among a node's inputs."""
        return self.array(next(name for name in node.input if self.is_constant(name)))

    def variable_of(self, node: onnx.NodeProto) -> str:
        """Return the name of the first input of a node that is not a constant."""
        name: str = next(name for name in node.input if not self.is_constant(name))
        return name

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Add a constant and return its name."""
        self._added[name] = value
        return name

    def forget(self, name: str) -> None:
        """Drop a constant, if it is an added one, before the end: no node needs it any more."""
        self._added.pop(name, None)

    def add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Add a node in place of the one that has made ``output`` so far, and return ``output``."""
        domain = attributes.pop("domain", None)
        self._producers[output] = helper.make_node(
            operator, inputs, [output], name=output + "/made", domain=domain, **attributes
        )
        return output

    def take_part(self, inputs: Sequence[str] | None, outputs: Sequence[str]) -> None:
        """Leave of the model the part that makes ``outputs`` of ``inputs``; both may be any float tensors of it.

        Args:
            inputs: None for those that the model has.
            outputs: In this order.
        """
        graph = self._model.graph
        known = {value.name: value.SerializeToString() for value in (*graph.input, *graph.output)}
        for values, names in ((graph.input, inputs), (graph.output, outputs)):
            if names is not None:
                del values[:]
                values.extend(
                    onnx.ValueInfoProto.FromString(known[name])
                    if name in known
                    else helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
                    for name in names
                )
        for name in inputs or ():
            self._producers.pop(name, None)

    def finish(self, extra_outputs: Sequence[tuple[str, int]] = ()) -> onnx.ModelProto:
        """Return the model with the nodes that its outputs need, in an order that can be run.

        Args:
            extra_outputs: Name and element type of tensors to give out too.
        """
        graph = self._model.graph
        for name, kind in extra_outputs:
            graph.output.append(helper.make_tensor_value_info(name, kind, None))
        nodes = self._in_order([output.name for output in graph.output])
        read = {name for node in nodes for name in node.input}
        del graph.node[:]
        graph.node.extend(nodes)
        del graph.initializer[:]
        graph.initializer.extend(tensor for name, tensor in self._tensors.items() if name in read)
        for name in [name for name in self._added if name in read]:
            graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(self._added.pop(name)), name))
        del graph.value_info[:]
        return self._model

    def _in_order(self, outputs: Sequence[str]) -> list[onnx.NodeProto]:
        done: dict[int, onnx.NodeProto] = {}
        waiting = [(name, False) for name in reversed(outputs)]
        while waiting:
            name, ready = waiting.pop()
            node = self._producers.get(name)
            if node is None or id(node) in done:
                continue
            if ready:
                done[id(node)] = node
            else:
                waiting.append((name, True))
                waiting += [(needed, False) for needed in reversed(node.input)]
        return list(done.values())


def shape_attributes(convolution: onnx.NodeProto) -> dict[str, Any]:
    """Return those attributes of a convolution that its other forms have too."""
    names = ("dilations", "group", "kernel_shape", "pads", "strides")
    return {one.name: helper.get_attribute_value(one) for one in convolution.attribute if one.name in names}


@dataclass(frozen=True, slots=True)
class Snake:
    """An activation as share (w - cos w + 1), one share a channel."""

    bent: str
    """The tensor w - cos w."""
    share: NDArray[np.float32]
    """c; shape (channels,)."""


def fuse_norms(graph: GraphEditor) -> dict[str, Snake]:
    """Fuse every styled instance norm over time, and its Snake where one follows.

    Returns:
        The activations by the name of their output.
    """
    snakes = {}
    for divided in graph.nodes("Div"):
        source = _normed(graph, divided)
        if source is None:
            continue
        for scaled in graph.readers(divided.output[0]):  # blocks that read one tensor share its norm, not their style
            shifted = graph.reader(scaled.output[0], "Add")
            activation = _snake(graph, shifted.output[0])
            if activation is None:
                _styled(graph, source, scaled, shifted, shifted.output[0], np.float32(1))
            else:
                alpha, output = activation
                snakes[output] = _wound(graph, source, scaled, shifted, alpha, output)
    return snakes


@dataclass(frozen=True, slots=True)
class _Source:
    tensor: str
    epsilon: float


def _normed(graph: GraphEditor, divided: onnx.NodeProto) -> _Source | None:
    """Return what is normed, if this division is the middle of a norm over time."""
    centred, deviation = (graph.producer(name) for name in divided.input)
    if centred is None or deviation is None or centred.op_type != "Sub" or deviation.op_type != "Sqrt":
        return None
    mean = graph.producer(centred.input[1])
    if mean is None or mean.op_type != "ReduceMean" or graph.array(mean.input[1]).tolist() != [2]:
        return None
    epsilon = graph.constant_of(graph.made_by(deviation.input[0], "Add"))
    return _Source(centred.input[0], float(epsilon))


def _styled(
    graph: GraphEditor, source: _Source, scaled: onnx.NodeProto, shifted: onnx.NodeProto, output: str, gain: Any
) -> str:
    """Add the norm with its style, times ``gain``: shape (channels,), or one number."""
    one_more = graph.made_by(scaled.input[0], "Add")  # 1 + the style's scale
    shift = next(name for name in shifted.input if name != scaled.output[0])
    scale = _flat(graph, graph.variable_of(one_more), output + "/scale", gain)
    scale = graph.add("Add", [scale, graph.constant(output + "/gain", np.asarray(gain))], output + "/scale_of_norm")
    bias = _flat(graph, shift, output + "/shift", gain)
    return graph.add("InstanceNormalization", [source.tensor, scale, bias], output, epsilon=source.epsilon)


def _wound(
    graph: GraphEditor,
    source: _Source,
    scaled: onnx.NodeProto,
    shifted: onnx.NodeProto,
    alpha: NDArray[np.float32],
    output: str,
) -> Snake:
    wound = _styled(graph, source, scaled, shifted, output + "/wound", 2 * alpha)
    bent = graph.add("Sub", [wound, graph.add("Cos", [wound], output + "/cosine")], output + "/bent")
    share = (1 / (2 * alpha)).astype(np.float32)
    factors = graph.constant(output + "/share", share.reshape(1, -1, 1))
    graph.add("Add", [graph.add("Mul", [bent, factors], output + "/straight"), factors], output)
    return Snake(bent, share)


def _snake(graph: GraphEditor, source: str) -> tuple[NDArray[np.float32], str] | None:
    """Return alpha, shape (channels,), and the output of the Snake that reads this tensor, if there is one."""
    for node in graph.readers(source):
        following = graph.readers(node.output[0])
        if node.op_type == "Mul" and following and following[0].op_type == "Sin":
            squared = graph.reader(following[0].output[0], "Pow")
            weighed = graph.reader(squared.output[0], "Mul")
            output = graph.reader(weighed.output[0], "Add").output[0]
            return graph.constant_of(node).reshape(-1).astype(np.float32), output
    return None


def _flat(graph: GraphEditor, style: str, name: str, gain: Any) -> str:
    """Add a style vector of shape (1, channels, 1) as one of (channels,), times ``gain``."""
    shape = graph.constant(name + "/shape", np.array([-1], np.int64))
    flat = graph.add("Reshape", [style, shape], name + "/flat")
    return graph.add("Mul", [flat, graph.constant(name + "/factor", np.asarray(gain))], name)


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
