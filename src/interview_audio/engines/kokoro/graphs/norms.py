"""The styled instance norms, and the Snake activations behind them, in a third of their passes over memory.

A norm was written out as nine operators; ``InstanceNormalization`` is one. Snake, x + sin²(ax)/a (Ziyin, Hartwig and
Ueda 2020, equation 3), is c (w - cos w + 1) with w = 2ax and c = 1/(2a), because sin² v = (1 - cos 2v)/2; w comes out
of the norm itself, whose style scale and shift are multiplied by 2a beforehand.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from interview_audio.engines.kokoro.graphs.editor import GraphEditor


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
