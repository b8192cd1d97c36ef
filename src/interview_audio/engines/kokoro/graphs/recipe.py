"""The graphs that can be made of Kokoro's published export, each from the same weights."""

import onnx
from onnx import TensorProto, helper

from interview_audio.engines.kokoro.graphs import ranges
from interview_audio.engines.kokoro.graphs.editor import GraphEditor
from interview_audio.engines.kokoro.graphs.floating import float_convolutions
from interview_audio.engines.kokoro.graphs.integers import integer_convolutions
from interview_audio.engines.kokoro.graphs.norms import Snake, fuse_norms
from interview_audio.engines.kokoro.graphs.spectrum import convolve_spectrum

DURATIONS = "/encoder/Gather_output_0"
"""The tensor that holds the frames of every token; kokoro-onnx reads it from an output called ``duration``."""
_VOCODER = "/decoder/"
_IN_FLOAT = ("conv_post", "noise_convs", "STFT")
"""Convolutions that lose too much in int8 (8.5-11.5 dB for the first), or are too small to gain anything."""


def published_graph(weights: bytes) -> bytes:
    """The export as it was published, with word times: the output ``duration``.

    Messages of protocol buffers merge when they are joined, so that nothing has to be parsed and written again.
    """
    graph = onnx.GraphProto()
    graph.node.append(helper.make_node("Identity", [DURATIONS], ["duration"]))
    graph.output.append(helper.make_tensor_value_info("duration", TensorProto.INT64, ["tokens"]))
    return weights + bytes(onnx.ModelProto(graph=graph).SerializeToString())


def float_graph(weights: bytes) -> onnx.ModelProto:
    """The export with all convolutions in float: what others are compared with."""
    graph = GraphEditor(onnx.load_from_string(published_graph(weights)))
    float_convolutions(graph)
    return graph.finish()


def fast_graph(weights: bytes) -> onnx.ModelProto:
    """The vocoder in static int8, norms and activations fused; durations and pitch are the float graph's."""
    graph, snakes = _rewritten(weights)
    integer_convolutions(graph, ranges.load(), snakes)
    return graph.finish()


def observed_graph(weights: bytes) -> tuple[onnx.ModelProto, list[tuple[str, str]]]:
    """The fast graph before its convolutions become integers, for measuring ranges.

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


def _rewritten(weights: bytes) -> tuple[GraphEditor, dict[str, Snake]]:
    graph = GraphEditor(onnx.load_from_string(published_graph(weights)))
    float_convolutions(graph)
    snakes = fuse_norms(graph)
    convolve_spectrum(graph)
    return graph, snakes
