"""Reads and rewrites the nodes of an ONNX graph; knows nothing of Kokoro."""

from collections.abc import Sequence
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
