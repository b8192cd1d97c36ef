"""Convolutions in float: the dynamic int8 convolutions of the published export undone, with its weights as they are.

The export quantizes the input of every convolution at run time (``DynamicQuantizeLinear`` and ``ConvInteger``), which
onnxruntime has no fast kernel for (microsoft/onnxruntime#12854).
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from interview_audio.engines.kokoro.graphs.editor import GraphEditor


def float_convolutions(graph: GraphEditor) -> None:
    """Replace DynamicQuantizeLinear, ConvInteger, [Add bias], Cast and Mul scale by one float ``Conv`` each."""
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


def shape_attributes(convolution: onnx.NodeProto) -> dict[str, Any]:
    """Those attributes of a convolution that its other forms have too."""
    names = ("dilations", "group", "kernel_shape", "pads", "strides")
    return {one.name: onnx.helper.get_attribute_value(one) for one in convolution.attribute if one.name in names}


def _integers(graph: GraphEditor, node: onnx.NodeProto) -> NDArray[np.int32]:
    return graph.array(node.input[1]).astype(np.int32) - np.int32(graph.array(node.input[3]))


def _bias(graph: GraphEditor, name: str) -> NDArray[Any]:
    """The bias behind Reshape(Cast(Floor(Div(bias, scale))))."""
    while not graph.is_constant(name):
        node = graph.producer(name)
        assert node is not None
        name = node.input[0]
    return graph.array(name)
