"""Every rewriting of Kokoro's graph computes what it replaces; whole, the fast graph speaks as the float graph does."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from interview_audio.engines.kokoro import graphs, voices
from interview_audio.engines.kokoro.graph_operators import (
    ConvolutionRange,
    GraphEditor,
    fuse_norms,
    integer_convolutions,
)
from interview_audio.engines.kokoro.graphs import convolve_spectrum, float_convolutions
from interview_audio.engines.kokoro.runtime import Model, Prosody
from interview_audio.engines.kokoro.weights import Weights
from interview_audio.errors import EngineError

RANDOM = np.random.default_rng(7)


def model(nodes, constants, inputs=("x",), outputs=("y",)):
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def run(made, **inputs):
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, inputs)[0]


def operators(made):
    return [node.op_type for node in made.graph.node]


def floats(*shape):
    return RANDOM.standard_normal(shape).astype(np.float32)


def test_a_dynamic_int8_convolution_becomes_a_float_one():
    weight = RANDOM.integers(0, 255, (4, 3, 5)).astype(np.uint8)
    bias = floats(4)
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]),
        helper.make_node("ConvInteger", ["q", "w", "z", "wz"], ["i"], kernel_shape=[5], pads=[4, 4], dilations=[2]),
        helper.make_node("Mul", ["s", "ws"], ["scale"]),
        helper.make_node("Div", ["bias", "scale"], ["b1"]),
        helper.make_node("Floor", ["b1"], ["b2"]),
        helper.make_node("Cast", ["b2"], ["b3"], to=TensorProto.INT32),
        helper.make_node("Reshape", ["b3", "shape"], ["b4"]),
        helper.make_node("Add", ["i", "b4"], ["a"]),
        helper.make_node("Cast", ["a"], ["c"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["c", "scale"], ["y"]),
    ]
    scale, shape = np.float32(0.01), np.array([1, -1, 1], np.int64)
    published = model(nodes, {"w": weight, "wz": np.uint8(120), "ws": scale, "bias": bias, "shape": shape})
    x = floats(1, 3, 40)
    before = run(published, x=x)
    graph = GraphEditor(published)
    float_convolutions(graph)
    made = graph.finish()
    assert operators(made) == ["Conv"]
    assert np.abs(run(made, x=x) - before).max() < 0.1  # what quantizing the input at run time costs


def snake_behind_a_norm(alpha):
    nodes = [
        helper.make_node("ReduceMean", ["x", "time"], ["mean"]),
        helper.make_node("Sub", ["x", "mean"], ["centred"]),
        helper.make_node("Mul", ["centred", "centred"], ["square"]),
        helper.make_node("ReduceMean", ["square", "time"], ["variance"]),
        helper.make_node("Add", ["variance", "epsilon"], ["safe"]),
        helper.make_node("Sqrt", ["safe"], ["deviation"]),
        helper.make_node("Div", ["centred", "deviation"], ["normed"]),
        helper.make_node("Add", ["scale", "one"], ["factor"]),
        helper.make_node("Mul", ["factor", "normed"], ["scaled"]),
        helper.make_node("Add", ["scaled", "shift"], ["styled"]),
        helper.make_node("Mul", ["alpha", "styled"], ["angle"]),
        helper.make_node("Sin", ["angle"], ["sine"]),
        helper.make_node("Pow", ["sine", "two"], ["squared"]),
        helper.make_node("Mul", ["reciprocal", "squared"], ["weighed"]),
        helper.make_node("Add", ["styled", "weighed"], ["snake"]),
        helper.make_node("Conv", ["snake", "w", "b"], ["y"], kernel_shape=[3], pads=[1, 1]),
    ]
    constants = {
        "time": np.array([2]),
        "epsilon": np.float32(1e-5),
        "one": np.float32(1),
        "two": np.float32(2),
        "alpha": alpha.reshape(1, -1, 1),
        "reciprocal": 1 / alpha.reshape(1, -1, 1),
        "w": floats(5, len(alpha), 3),
        "b": floats(5),
    }
    return model(nodes, constants, inputs=("x", "scale", "shift"))


@pytest.mark.parametrize("smallest", [0.5, 1e-4, -1e-4])
def test_norm_and_snake_are_fused_exactly(smallest):
    alpha = np.array([smallest, 0.7, 1.5, 3], np.float32)
    published = snake_behind_a_norm(alpha)
    inputs = {"x": floats(1, 4, 200), "scale": floats(1, 4, 1), "shift": floats(1, 4, 1)}
    before = run(published, **inputs)
    graph = GraphEditor(published)
    snakes = fuse_norms(graph)
    made = graph.finish()
    assert list(snakes) == ["snake"]
    assert operators(made).count("InstanceNormalization") == operators(made).count("Cos") == 1
    assert {"Sin", "Pow", "ReduceMean"}.isdisjoint(operators(made))
    assert np.abs(run(made, **inputs) - before).max() < 5e-3


@pytest.mark.parametrize("smallest", [0.5, 1e-3])  # the share of the second is too great to be folded
def test_a_convolution_behind_a_snake_loses_little_in_int8(smallest):
    published = snake_behind_a_norm(np.array([smallest, 0.7, 1.5, 3], np.float32))
    inputs = {"x": floats(1, 4, 400), "scale": floats(1, 4, 1), "shift": floats(1, 4, 1)}
    probe = onnx.ModelProto()
    probe.CopyFrom(published)
    probe.graph.output.insert(0, helper.make_tensor_value_info("snake", TensorProto.FLOAT, None))
    snake, before = run(probe, **inputs), run(published, **inputs)
    measured = ConvolutionRange(float(snake.min()), float(snake.max()), before[0].min(1), before[0].max(1))
    graph = GraphEditor(published)
    snakes = fuse_norms(graph)
    integer_convolutions(graph, {"y": measured}, snakes)
    made = graph.finish()
    assert operators(made).count("QLinearConv") == 1
    assert "Conv" not in operators(made)
    error = run(made, **inputs) - before
    assert np.abs(error).max() < 0.03 * np.abs(before).max()
    assert abs(error.mean()) < 0.002 * np.abs(before).max()  # what folding the share shifts is taken back


def test_the_spectrum_as_a_convolution():
    nodes = [
        helper.make_node("STFT", ["x", "step", "window", "size"], ["spectrum"], onesided=1),
        helper.make_node("Transpose", ["spectrum"], ["turned"], perm=[0, 2, 1, 3]),
        helper.make_node("Gather", ["turned", "zero"], ["real"], axis=3),
        helper.make_node("Gather", ["turned", "first"], ["imaginary"], axis=3),
        helper.make_node("Concat", ["real", "imaginary"], ["y"], axis=1),
    ]
    window = np.hanning(21)[:20].astype(np.float32)
    constants = {"step": np.int64(5), "window": window, "size": np.int64(20), "zero": np.int64(0), "first": np.int64(1)}
    published = model(nodes, constants)
    x = floats(1, 403)
    before = run(published, x=x)
    graph = GraphEditor(published)
    convolve_spectrum(graph)
    made = graph.finish()
    assert "STFT" not in operators(made)
    after = run(made, x=x)
    assert after.shape == before.shape
    assert np.abs(after - before).max() < 1e-4  # the published operator rounds that much


def predictions():
    """A small export: its pitch and energy are inputs, two frames a token, and its samples are both."""
    nodes = [
        helper.make_node("Identity", ["durations"], [graphs.DURATIONS]),
        helper.make_node("Identity", ["alignment"], ["/encoder/Cast_4_output_0"]),
        helper.make_node("Identity", ["f0"], ["/encoder/F0_proj/Conv_output_0"]),
        helper.make_node("Identity", ["n"], ["/encoder/N_proj/Conv_output_0"]),
        helper.make_node("Concat", ["/encoder/F0_proj/Conv_output_0", "/encoder/N_proj/Conv_output_0"], ["y"], axis=1),
    ]
    small = model(nodes, {}, inputs=("durations", "alignment", "f0", "n"))
    small.graph.input[0].type.tensor_type.elem_type = TensorProto.INT64
    return small.SerializeToString()


def test_a_token_is_said_higher_louder_and_more_level_where_it_is_voiced():
    made = onnx.load_from_string(graphs.published_graph(predictions()))
    assert [output.name for output in made.graph.output] == ["y", "duration"]
    tokens, frames = 5, 60
    f0, n = 150 + 50 * floats(1, 1, 2 * frames).clip(-2, 2), floats(1, 1, 2 * frames)
    f0[..., 48:54] = 9.5  # no voice
    given = {
        "durations": np.full(tokens, 12, np.int64),
        "alignment": np.kron(np.eye(tokens), np.ones((1, 12))).astype(np.float32),
        "f0": f0,
        "n": n,
    }
    assert np.array_equal(run(made, **given)[0], np.concatenate([f0, n], 1)[0])
    one, none = np.ones((1, 1, tokens), np.float32), np.zeros((1, 1, tokens), np.float32)
    assert np.array_equal(run(made, **given, pitch=one, level=none, energy=none)[0], np.concatenate([f0, n], 1)[0])
    pitch, level, energy = one.copy(), none.copy(), none.copy()
    pitch[..., 1], level[..., 2], energy[..., 4] = 1.5, 1, 0.7
    pitch[..., 2] = 2
    tuned, louder = run(made, **given, pitch=pitch, level=level, energy=energy)[0]
    middles = slice(32, 40), slice(56, 64), slice(104, 112)
    assert np.allclose(tuned[:16], f0[0, 0, :16])
    assert np.allclose(tuned[middles[0]], 1.5 * f0[0, 0, middles[0]])
    assert np.allclose(tuned[middles[1]], 2 * f0[f0 > 10].mean())
    assert np.array_equal(tuned[48:54], f0[0, 0, 48:54])
    assert np.allclose(louder[middles[2]] - n[0, 0, middles[2]], 0.7)
    assert np.allclose(louder[:80], n[0, 0, :80])


def test_an_export_of_another_shape_gets_no_controls():
    with pytest.raises(EngineError, match="in Kokoro's graph, nothing makes /encoder/N_proj"):
        graphs.published_graph(model([helper.make_node("Identity", ["x"], ["y"])], {}).SerializeToString())


@pytest.mark.slow
def test_neutral_controls_change_no_sample():
    weights, style = Weights().read(), voices.style("af_heart")
    export = onnx.load_from_string(weights)
    export.graph.output.append(helper.make_tensor_value_info("duration", TensorProto.INT64, ["tokens"]))
    export.graph.node.append(helper.make_node("Identity", [graphs.DURATIONS], ["duration"]))
    made = export.SerializeToString(), graphs.published_graph(weights)
    phonemes = "ɑːɹ juː ɹˈɛdi?"
    before, after = (Model(graph) for graph in made)
    plain = before.speak(phonemes, style, 1.07)
    for prosody in (None, Prosody.neutral(len(phonemes))):
        spoken = after.speak(phonemes, style, 1.07, prosody)
        assert spoken.samples.tobytes() == plain.samples.tobytes()
        assert spoken.times == plain.times


def test_a_graph_of_another_shape_is_said_to_be_one():
    graph = GraphEditor(model([helper.make_node("Identity", ["x"], ["y"])], {}))
    with pytest.raises(EngineError, match=r"in Kokoro's graph, y comes from Identity, not Conv"):
        integer_convolutions(graph, {"y": ConvolutionRange(0, 1, floats(1), floats(1))}, {})
    with pytest.raises(EngineError, match="no Mul uses x"):
        graph.reader("x", "Mul")


def test_ranges_are_read_as_they_were_written(tmp_path):
    measured = {
        "a": ConvolutionRange(-1.5, 2.0, np.array([-1, -2], np.float32), np.array([3, 4], np.float32)),
        "b": ConvolutionRange(0.0, 1.0, np.array([-5], np.float32), np.array([6], np.float32)),
    }
    graphs.save_ranges(measured, tmp_path / "ranges.npz")
    read = graphs.load_ranges(tmp_path / "ranges.npz")
    assert [(name, one.low, one.high) for name, one in read.items()] == [("a", -1.5, 2.0), ("b", 0.0, 1.0)]
    assert read["a"].output_low.tolist() == [-1, -2]
    assert read["b"].output_high.tolist() == [6]


@pytest.mark.slow
def test_the_fast_graph_speaks_as_the_float_graph_does():
    published = Weights().read()
    made = (graphs.float_graph(published), graphs.fast_graph(published))
    style = voices.style("af_heart")
    spoken = [Model(graph.SerializeToString()).speak("wˈɛlkʌm bˈæk tə ðə ʃˈoʊ", style, 1) for graph in made]
    assert spoken[0].times == spoken[1].times
    exact, fast = (one.samples for one in spoken)
    assert fast.shape == exact.shape
    level = 20 * np.log10(np.std(fast) / np.std(exact))
    assert abs(level) < 1
    assert np.abs(np.diff(fast)).max() < 1.5 * np.abs(np.diff(exact)).max()  # no clicks
    frames = [np.lib.stride_tricks.sliding_window_view(one, 1024)[::256] * np.hanning(1024) for one in (exact, fast)]
    power = [np.abs(np.fft.rfft(one)) ** 2 for one in frames]
    floor = power[0].max() * 1e-6
    decibels = 10 * np.log10((power[0] + floor) / (power[1] + floor))
    assert np.sqrt((decibels**2).mean(1)).mean() < 3.5
