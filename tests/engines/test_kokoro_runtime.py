"""What Kokoro's exports are given and give, tried on a small graph of the same inputs and outputs."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from onnx import TensorProto, helper

from interview_audio.engines.kokoro import graphs, voices
from interview_audio.engines.kokoro.runtime import Model, Prosody, vocabulary
from interview_audio.errors import EngineError

PHONEMES = "hɛlˈoʊ"


def export(tokens="tokens", speed=TensorProto.FLOAT, outputs=("audio", "duration"), vocab=None):
    """A graph whose samples are tokens + the first number of the style * speed, and whose tokens take a frame each."""
    nodes = [
        helper.make_node("Cast", [tokens], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["speed"], ["pace"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["style", "zero"], ["first"], axis=1),
        helper.make_node("Mul", ["first", "pace"], ["offset"]),
        helper.make_node("Add", ["numbers", "offset"], ["audio"]),
        helper.make_node("Mul", [tokens, "zeros"], ["none"]),
        helper.make_node("Add", ["none", "one"], ["duration"]),
    ]
    constants = [
        helper.make_tensor("zero", TensorProto.INT64, [], [0]),
        helper.make_tensor("zeros", TensorProto.INT64, [1], [0]),
        helper.make_tensor("one", TensorProto.INT64, [1], [1]),
    ]
    inputs = [
        helper.make_tensor_value_info(tokens, TensorProto.INT64, [1, None]),
        helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, 256]),
        helper.make_tensor_value_info("speed", speed, [1]),
    ]
    kinds = {"audio": TensorProto.FLOAT, "duration": TensorProto.INT64}
    given = [helper.make_tensor_value_info(name, kinds[name], None) for name in outputs]
    graph = helper.make_graph(nodes, "small", inputs, given, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    if vocab:
        helper.set_model_props(model, {"kokoro_config": vocab})
    return model.SerializeToString()


@pytest.fixture
def style():
    return np.arange(510, dtype=np.float32).reshape(510, 1, 1).repeat(256, 2)


def test_tokens_stand_between_zeros_with_the_style_of_their_number(style):
    spoken = Model(export()).speak(PHONEMES, style, 2)
    numbers = [0, *(vocabulary()[phoneme] for phoneme in PHONEMES), 0]
    assert spoken.samples.tolist() == [number + 2 * (len(PHONEMES) - 1) for number in numbers]
    assert spoken.times == tuple((index / 24000, (index + 1) / 24000) for index in range(1, len(PHONEMES) + 1))


def test_what_one_run_cannot_hold_is_spoken_in_two(style):
    spoken = Model(export()).speak("a" * 600, style, 1)
    assert len(spoken.samples) == 512 + 92
    assert len(spoken.times) == 600
    assert spoken.times[509:511] == ((510 / 24000, 511 / 24000), (513 / 24000, 514 / 24000))


def test_exports_with_other_inputs_and_a_vocabulary_of_their_own(style):
    model = Model(export("input_ids", TensorProto.INT32, vocab='{"vocab": {"h": 7}}'))
    assert model.speak("hx", style, 1.4).samples.tolist() == [0, 7, 0]  # one token: row 0; the speed is rounded to 1
    assert len(model.speak("hx", style, 1).times) == 1
    assert len(Model(export(vocab="no json")).speak("hx", style, 1).times) == 2


def test_an_export_without_word_times_is_refused():
    with pytest.raises(EngineError, match="the published graph has no output `duration`"):
        Model(export(outputs=("audio",)))


def test_threads_share_a_model(style):
    model = Model(export())
    texts = [PHONEMES[: 1 + number % len(PHONEMES)] for number in range(64)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda text: model.speak(text, style, 1).samples.tolist(), texts))
    assert together == [model.speak(text, style, 1).samples.tolist() for text in texts]


def test_a_style_is_shared_and_cannot_be_changed():
    assert voices.style("af_heart") is voices.style("af_heart")
    with pytest.raises(ValueError, match="read-only"):
        voices.style("af_heart")[0] = 0


def test_the_vocabulary_is_that_of_kokoro_onnx():
    config = pytest.importorskip(
        "kokoro_onnx.config", reason="kokoro-onnx is not installed (it needs Python below 3.14)"
    )
    assert dict(vocabulary()) == config.DEFAULT_VOCAB


@pytest.mark.slow
@pytest.mark.parametrize("speed", [0.8, 1.25])
def test_samples_and_times_are_those_of_kokoro_onnx(tmp_path, speed):
    kokoro_onnx = pytest.importorskip("kokoro_onnx", reason="kokoro-onnx is not installed (it needs Python below 3.14)")
    from interview_audio.engines.kokoro.runtime import open_session
    from interview_audio.engines.kokoro.weights import Weights

    graph = tmp_path / "published.onnx"
    graph.write_bytes(graphs.published_graph(Weights().read()))
    theirs = kokoro_onnx.Kokoro.from_session(open_session(graph), str(voices.table_file()))
    style = voices.style("af_heart*0.5 + bm_george*0.5")
    phonemes = "ðə sˈiː, mˈoʊstli."
    samples, _, times = theirs.create_timed(
        phonemes, style, speed, is_phonemes=True, trim=False, sentence_pause=0, clause_pause=0
    )
    spoken = Model(graph).speak(phonemes, style, speed)
    assert spoken.samples.tobytes() == samples.tobytes()
    assert spoken.times == tuple((one.start, one.end) for one in times)


def test_a_prosody_is_left_out_by_an_export_without_inputs_for_it(style):
    model = Model(export())
    louder = replace(Prosody.neutral(len(PHONEMES)), energy=np.ones(len(PHONEMES), np.float32))
    assert not model.has_controls
    assert model.speak(PHONEMES, style, 2, louder).samples.tolist() == model.speak(PHONEMES, style, 2).samples.tolist()


def test_a_prosody_follows_its_phonemes(style):
    said = Prosody(*(np.arange(5, dtype=np.float32) + 10 * row for row in range(4)))
    model = Model(controlled())
    # "x1y" are tokens but for the 1; the zeros at both ends are said as their neighbours are.
    samples = model.speak("x1y", style, 2, said.kept([0, 1, 2])).samples
    assert model.has_controls
    assert samples.reshape(4, 4).tolist() == [[0, 0, 2, 2], [10, 10, 12, 12], [20, 20, 22, 22], [60, 60, 64, 64]]
    assert len(model.speak("x" * 600, style, 1, Prosody.neutral(600)).times) == 600


def controlled():
    """A graph whose samples are its controls and its speed."""
    rows = ("pitch", "level", "energy")
    nodes = [
        helper.make_node("Reshape", ["speed", "row"], ["pace"]),
        helper.make_node("Concat", [*rows, "pace"], ["audio"], axis=1),
        helper.make_node("Mul", ["tokens", "zeros"], ["none"]),
        helper.make_node("Add", ["none", "one"], ["duration"]),
    ]
    constants = [
        *(helper.make_tensor(name, TensorProto.FLOAT, [1, 1, 1], [0]) for name in rows),
        helper.make_tensor("row", TensorProto.INT64, [3], [1, 1, -1]),
        helper.make_tensor("zeros", TensorProto.INT64, [1], [0]),
        helper.make_tensor("one", TensorProto.INT64, [1], [1]),
    ]
    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, None]),
        helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, 256]),
        helper.make_tensor_value_info("speed", TensorProto.FLOAT, [None]),
        *(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 1, None]) for name in rows),
    ]
    kinds = {"audio": TensorProto.FLOAT, "duration": TensorProto.INT64}
    given = [helper.make_tensor_value_info(name, kind, None) for name, kind in kinds.items()]
    graph = helper.make_graph(nodes, "small", inputs, given, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()


_SPEAK = """
import sys
from pathlib import Path
from interview_audio.engines.kokoro.runtime import open_session

open_session(Path(sys.argv[1]))
"""


def test_onnxruntime_keeps_nothing_about_its_use(tmp_path):
    """It would from 1.32 on, in the cache folder, to be sent to its makers."""
    graph = tmp_path / "graph.onnx"
    graph.write_bytes(export())
    kept_in = {name: str(tmp_path / "home") for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA")}
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"} | kept_in
    (tmp_path / "home").mkdir()
    subprocess.run([sys.executable, "-c", _SPEAK, str(graph)], check=True, env=environment)
    assert list((tmp_path / "home").iterdir()) == []
