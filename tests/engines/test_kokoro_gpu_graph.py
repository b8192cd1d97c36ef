"""Every rewriting for a graphics card computes what it replaces; both parts together speak as the float graph does."""

from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from interview_audio.engines.kokoro import devices, gpu_graph, graphs, voices
from interview_audio.engines.kokoro.graph_operators import GraphEditor
from interview_audio.engines.kokoro.runtime import Model, Prosody, open_session
from interview_audio.engines.kokoro.weights import Weights

RANDOM = np.random.default_rng(7)


def model(nodes, constants):
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, None)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def run(made, **inputs):
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, inputs)


def rewritten(published, rewrite):
    """The model after a rewriting, and its operators."""
    graph = GraphEditor(onnx.ModelProto.FromString(published.SerializeToString()))
    rewrite(graph)
    made = graph.finish()
    return made, [node.op_type for node in made.graph.node]


def floats(*shape):
    return RANDOM.standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize(("taps", "dilation", "padding", "has_bias"), [
    (7, 3, 9, True),
    (3, 1, 1, False),
    (11, 5, 0, True),
    (1, 1, 0, True),
])  # fmt: skip
def test_a_convolution_becomes_a_product(taps, dilation, padding, has_bias):
    shape = {"kernel_shape": [taps], "dilations": [dilation], "pads": [padding, padding]}
    nodes = [helper.make_node("Conv", ["x", "w", *(["b"] if has_bias else [])], ["y"], **shape)]
    published = model(nodes, {"w": floats(4, 3, taps), "b": floats(4)})
    made, operators = rewritten(published, gpu_graph.convolutions_as_products)
    assert "Conv" not in operators
    for length in (60, 97):
        x = floats(1, 3, length)
        assert np.abs(run(made, x=x)[0] - run(published, x=x)[0]).max() < 1e-4


@pytest.mark.parametrize(("weight", "shape"), [
    (floats(4, 3, 5), {"strides": [2]}),
    (floats(3, 1, 5), {"group": 3}),
    (floats(1, 3, 5), {}),
])  # fmt: skip
def test_other_convolutions_stay(weight, shape):
    published = model([helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[5], **shape)], {"w": weight})
    assert rewritten(published, gpu_graph.convolutions_as_products)[1] == ["Conv"]


def test_an_arctangent_becomes_a_polynomial():
    published = model([helper.make_node("Atan", ["x"], ["y"])], {})
    made, operators = rewritten(published, gpu_graph.polynomial_arctangents)
    assert "Atan" not in operators
    x = np.concatenate([np.linspace(-3, 3, 1001), [-1e30, -1e6, 1e6, 1e30, 0]]).astype(np.float32)
    assert np.abs(run(made, x=x)[0] - np.arctan(x)).max() < 1e-6


def test_an_integer_product_becomes_a_float_one():
    weight, scale = RANDOM.integers(0, 255, (6, 4)).astype(np.uint8), np.float32(0.01)
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]),
        helper.make_node("MatMulInteger", ["q", "w", "z", "wz"], ["i"]),
        helper.make_node("Mul", ["s", "ws"], ["scale"]),
        helper.make_node("Cast", ["i"], ["c"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["c", "scale"], ["y"]),
    ]
    published = model(nodes, {"w": weight, "wz": np.uint8(120), "ws": scale})
    made, operators = rewritten(published, gpu_graph.float_products)
    assert operators == ["MatMul"]
    x = floats(5, 6)
    assert np.allclose(run(made, x=x)[0], x @ ((weight.astype(np.float32) - 120) * scale), atol=1e-5)


def test_a_part_takes_what_the_other_one_makes():
    nodes = [
        helper.make_node("Neg", ["x"], ["between"]),
        helper.make_node("Abs", ["x"], ["unread"]),
        helper.make_node("Exp", ["between"], ["y"]),
    ]
    first, _ = rewritten(model(nodes, {}), lambda graph: graph.take_part(None, ["between"]))
    second, operators = rewritten(model(nodes, {}), lambda graph: graph.take_part(["between"], ["y"]))
    assert operators == ["Exp"]
    assert [value.name for value in second.graph.input] == ["between"]
    x = floats(3)
    assert np.allclose(run(second, between=run(first, x=x)[0])[0], np.exp(-x))


@pytest.mark.slow
def test_both_parts_together_speak_as_the_float_graph_does():
    weights, style = Weights().read(), voices.style("af_heart")
    parts = (
        open_session(part(weights).SerializeToString()) for part in (gpu_graph.encoder_graph, gpu_graph.vocoder_graph)
    )
    split, exact = Model(gpu_graph.SplitSession(*parts)), Model(graphs.float_graph(weights).SerializeToString())
    phonemes = "ɑːɹ juː ɹˈɛdi?"
    said = replace(Prosody.neutral(len(phonemes)), pitch=np.full(len(phonemes), 1.3, np.float32))
    assert split.has_controls
    one, other = (made.speak(phonemes, style, 1, said) for made in (split, exact))
    assert one.times == other.times  # captions do not tell which device spoke
    assert devices.log_spectral_distance(one.samples, other.samples) < 2  # the bar is 3 dB
    assert abs(20 * np.log10(np.std(one.samples) / np.std(other.samples))) < 0.3
