"""Kokoro on a graphics card, tried with an onnxruntime that only says it has one and computes on the processor."""

import builtins
import contextlib
import importlib.metadata
import json
import sys
import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper
from onnxruntime.capi import onnxruntime_pybind11_state as failures

from interview_audio.engines.kokoro import devices, gpu_graph, graphs, model
from interview_audio.engines.kokoro.engine import KokoroEngine
from interview_audio.engines.kokoro.model import FAST
from interview_audio.engines.kokoro.runtime import CONTROLS, RuntimeBuild, runtime_build
from interview_audio.engines.kokoro.weights import Weights
from interview_audio.engines.protocol import Accelerated, DeviceChoosing, Utterance, resource_of
from interview_audio.errors import EngineError
from interview_audio.rendering.render import _tell_devices

HELLO = Utterance("Hello there.", "en", "af_heart")
LONG = Utterance("word " * 300, "en", "af_heart")
GPU = "gpu 1 on cuda"
CARD = devices.Card("A card", 24_000_000_000)


def tiny(part, gain=1.0):
    """A graph with Kokoro's inputs and outputs: whole, its encoder or its vocoder; each token sounds 600 samples."""
    text, pitch, energy = gpu_graph._BETWEEN
    encoder = [
        helper.make_node("Cast", ["tokens"], ["numbers"], to=TensorProto.FLOAT),
        *(helper.make_node("ReduceSum", [name], [name + "/sum"], keepdims=0) for name in CONTROLS),
        helper.make_node("Sum", [name + "/sum" for name in CONTROLS], ["controls"]),
        helper.make_node("Mul", ["controls", "nothing"], ["no controls"]),
        helper.make_node("Add", ["numbers", "no controls"], [text]),
        helper.make_node("Identity", [text], [pitch]),
        helper.make_node("Identity", [text], [energy]),
        helper.make_node("Mul", ["tokens", "zeros"], ["none"]),
        helper.make_node("Add", ["none", "one"], ["duration"]),
    ]
    vocoder = [
        helper.make_node("Transpose", [pitch], ["column"]),
        helper.make_node("MatMul", ["column", "wave"], ["waves"]),
        helper.make_node("Reshape", ["waves", "flat"], ["audio"]),
    ]
    wave = gain * np.sin(np.arange(600) / 4) / 500
    constants = [
        helper.make_tensor("zeros", TensorProto.INT64, [1], [0]),
        helper.make_tensor("nothing", TensorProto.FLOAT, [], [0]),
        *(helper.make_tensor(name, TensorProto.FLOAT, [1, 1, 1], [0]) for name in CONTROLS if part != "vocoder"),
        helper.make_tensor("one", TensorProto.INT64, [1], [1]),
        helper.make_tensor("flat", TensorProto.INT64, [1], [-1]),
        helper.make_tensor("wave", TensorProto.FLOAT, [1, 600], wave.astype(np.float32)),
    ]
    given: dict[str, Any] = {"tokens": (TensorProto.INT64, [1, None]), "speed": (TensorProto.FLOAT, [None])}
    given |= dict.fromkeys(CONTROLS, (TensorProto.FLOAT, [1, 1, None]))
    between: dict[str, Any] = dict.fromkeys(gpu_graph._BETWEEN, (TensorProto.FLOAT, [None, None]))
    parts: dict[str, Any] = {
        "whole": ([*encoder, *vocoder], given, ["audio", "duration"]),
        "encoder": (encoder, given, ["duration", *gpu_graph._BETWEEN]),
        "vocoder": (vocoder, between, ["audio"]),
    }
    nodes, inputs, outputs = parts[part]
    kinds = {"duration": TensorProto.INT64}
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info(name, kind, shape)
            for name, (kind, shape) in (inputs | {"style": (TensorProto.FLOAT, [1, 256])}).items()
        ],
        [helper.make_tensor_value_info(name, kinds.get(name, TensorProto.FLOAT), None) for name in outputs],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


class FakeRuntime:
    """What a test can turn about the card; ``opened`` are the options of every session on it."""

    def __init__(self):
        self.opened = []
        self.is_silently_elsewhere = False
        self.fails = False
        self.real = onnxruntime.InferenceSession

    def session(self, source, options, providers, **named):
        on_cpu = self.real(source, options, providers=["CPUExecutionProvider"])
        if providers == ["CPUExecutionProvider"]:
            return on_cpu
        self.opened.append((providers, named))
        names = [*([] if self.is_silently_elsewhere else [providers[0][0]]), "CPUExecutionProvider"]
        return SimpleNamespace(get_providers=lambda: names, get_outputs=on_cpu.get_outputs, run=self.run_on(on_cpu))

    def run_on(self, session):
        def run(*arguments):
            if self.fails:
                raise failures.NotImplemented("[ONNXRuntimeError] : 9 : NOT_IMPLEMENTED : Conv\nmore")
            return session.run(*arguments)

        return run


@pytest.fixture
def cpu_only(monkeypatch, tmp_path):
    """A machine without a card where making and timing the graphs takes no time."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(Weights, "read", lambda _: b"weights")
    monkeypatch.setattr(graphs, "published_graph", lambda _: tiny("whole").SerializeToString())
    monkeypatch.setattr(graphs, "fast_graph", lambda _: tiny("whole"))
    monkeypatch.setattr(gpu_graph, "encoder_graph", lambda _: tiny("encoder"))
    monkeypatch.setattr(gpu_graph, "vocoder_graph", lambda _: tiny("vocoder"))
    monkeypatch.setattr(model, "_time", lambda graph: 60 if isinstance(graph, bytes) else 25)
    monkeypatch.setattr(devices, "find_card", lambda: devices.Card(fault="no driver of NVIDIA is installed"))


@pytest.fixture
def card(cpu_only, monkeypatch):
    """A machine with a card, and an onnxruntime for it whose libraries are loaded with much noise."""
    fake = FakeRuntime()
    monkeypatch.setattr(devices, "find_card", lambda: CARD)
    monkeypatch.setattr(devices, "runtime_build", lambda: RuntimeBuild("onnxruntime-gpu", "1.31.1"))
    monkeypatch.setattr(onnxruntime, "InferenceSession", fake.session)
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr(onnxruntime, "preload_dlls", lambda: builtins.print("Failed to load libcudnn.so.9"))
    devices._preloaded.cache_clear()
    yield fake
    devices._preloaded.cache_clear()


def names():
    return {path.name for path in model.fast_graph_folder().iterdir()}


def recorded():
    return devices.measured_devices(model.fast_graph_folder())["cuda"]


def test_a_card_that_is_faster_speaks_and_is_measured_once(card, capsys):
    engine, steps = KokoroEngine({}), []
    assert engine.speak(HELLO).made_by == "published"
    assert "cuda is not measured yet" in engine.device_state()
    assert engine.worth_preparing([LONG])
    assert "fast graph" in engine.prepare(steps.append)
    assert steps[-2:] == ["writing the graphs for the graphics card", "timing cuda"]
    assert engine.speak(HELLO).made_by == GPU  # taken up between two lines
    assert not engine.worth_preparing([LONG])
    assert KokoroEngine({"device": "cpu"}).speak(HELLO).made_by == FAST
    assert "gpu.json" in names()
    assert recorded().is_faster
    assert recorded().processes == min(4, recorded().cores)
    assert engine.device_state().startswith("speaks on cuda (A card): seconds per second of speech 0.0")
    assert engine.device_notice() == ""
    providers, named = card.opened[0]
    assert providers == [("CUDAExecutionProvider", {"cudnn_conv_algo_search": "HEURISTIC"})]
    assert named == {"enable_fallback": 0}  # else onnxruntime prints and goes on without the card
    again = len(card.opened)
    KokoroEngine({}).prepare(steps.append)
    assert len(card.opened) == again
    assert capsys.readouterr().out == ""


def test_clips_of_card_and_processor_are_the_same_clips(card):
    on_card, on_processor = KokoroEngine({"device": "cuda"}), KokoroEngine({"device": "cpu"})
    assert on_card.identity == on_processor.identity
    one, other = on_card.speak(HELLO), on_processor.speak(HELLO)
    assert (one.made_by, other.made_by) == (GPU, FAST)
    assert one.words == other.words
    assert np.abs(one.samples - other.samples).max() <= 1


def test_without_a_card_nothing_is_done_for_one(cpu_only, monkeypatch):
    monkeypatch.setattr(devices, "runtime_build", lambda: RuntimeBuild("onnxruntime", "1.32.0"))
    monkeypatch.setattr(devices, "measured_devices", None)  # not even looked for
    engine = KokoroEngine({})
    engine.prepare(lambda _: None)
    assert names() - {"lock"} == {"fast.onnx", "speeds.json"}
    assert engine.speak(HELLO).made_by == FAST
    assert engine.device_notice() == ""


def elsewhere(card, _):
    card.is_silently_elsewhere = True
    return (
        r"onnxruntime cannot use cuda here: libcudnn.so.9 is missing; run: pip install 'onnxruntime-gpu\[cuda,cudnn\]'"
    )


def failing(card, _):
    card.fails = True
    return r"cuda fails: \[ONNXRuntimeError\] : 9 : NOT_IMPLEMENTED : Conv"


def wrong(_, monkeypatch):
    monkeypatch.setattr(gpu_graph, "vocoder_graph", lambda _: tiny("vocoder", gain=float("nan")))
    return "cuda computes another sound than the processor"


def no_card(_, monkeypatch):
    monkeypatch.setattr(devices, "find_card", lambda: devices.Card(fault="no driver of NVIDIA is installed"))
    return "no driver of NVIDIA is installed"


def no_provider(_, monkeypatch):
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    return "onnxruntime .* has no CUDAExecutionProvider"


@pytest.mark.parametrize("setting", ["auto", "cuda"])
@pytest.mark.parametrize("break_it", [elsewhere, failing, wrong, no_card, no_provider])
def test_a_card_that_does_not_work_leaves_the_processor_to_speak(card, monkeypatch, capfd, break_it, setting):
    why = break_it(card, monkeypatch)
    engine = KokoroEngine({"device": setting})
    engine.prepare(lambda _: None)
    assert engine.speak(HELLO).made_by == FAST
    line = rf"speaks on the processor, not on cuda.*: {why}; it is tried again a day later, or now with: .*doctor --prepare"
    with pytest.raises(AssertionError, match=f"^{line}$"):
        raise AssertionError(engine.device_state())
    is_expected = setting == "cuda" or break_it is not no_card
    assert engine.device_notice() == (f"Kokoro {engine.device_state()}" if is_expected else "")
    assert capfd.readouterr() == ("", "")
    assert not engine.worth_preparing([LONG])
    later = time.time() + 24 * 3600 + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert engine.worth_preparing([LONG])
    assert engine.speak(HELLO).made_by == FAST


def test_a_slower_card_speaks_only_where_it_is_set(card, monkeypatch):
    monkeypatch.setattr(model, "_time", lambda _: 1e-9)
    engine = KokoroEngine({})
    engine.prepare(lambda _: None)
    assert engine.speak(HELLO).made_by == "published"  # as fast as the fast one
    assert engine.device_state().startswith("speaks on the processor: cuda (A card) is slower: seconds per second")
    named = KokoroEngine({"device": "cuda"})
    assert named.speak(HELLO).made_by == GPU
    assert "slower, but set in engines.kokoro.device" in named.device_state()
    assert (engine.device_notice(), named.device_notice()) == ("", "")


def test_a_card_that_fails_in_a_run_is_left_for_an_hour(card, monkeypatch):
    first, second = KokoroEngine({}), KokoroEngine({})
    first.prepare(lambda _: None)
    assert first.speak(HELLO).made_by == GPU
    card.fails = True
    assert first.speak(HELLO).made_by == FAST  # the same line, once more
    card.fails = False
    assert first.speak(HELLO).made_by == FAST
    assert second.speak(HELLO).made_by == FAST
    notice = second.device_notice()
    assert notice.startswith("Kokoro speaks on the processor, not on cuda (A card): cuda fails")
    assert notice.endswith("it is tried again an hour later")
    later = time.time() + 3601
    monkeypatch.setattr(time, "time", lambda: later)
    assert [engine.speak(HELLO).made_by for engine in (second, first)] == [GPU, GPU]
    assert second.device_notice() == ""


def test_as_many_processes_hold_a_card_as_its_memory_allows(card, monkeypatch):
    monkeypatch.setattr(devices, "find_card", lambda: devices.Card("Small", 8_000_000_000))
    one, other = KokoroEngine({"device": "cuda"}), KokoroEngine({"device": "cuda"})
    one.load([])
    other.load([])
    assert recorded().processes == 1
    assert [engine.speak(HELLO).made_by for engine in (one, other)] == [GPU, FAST]
    one._loader._model.close()  # type: ignore[attr-defined]
    assert other.speak(HELLO).made_by == GPU


def test_the_card_is_opened_where_a_run_asks_for_it_alone(card):
    engine = KokoroEngine({"device": "cuda"})
    assert engine.worth_preparing([HELLO])
    assert engine.speak(HELLO).made_by == GPU  # as with graph: fast, the first line waits for it
    assert KokoroEngine({"device": "cpu"}).device_state() == "speaks on the processor, as set in engines.kokoro"
    assert KokoroEngine({"graph": "fast"}).speak(HELLO).made_by == FAST


def test_a_record_of_another_version_or_another_kind_counts_no_more(card):
    KokoroEngine({}).prepare(lambda _: None)
    record = model.fast_graph_folder() / "gpu.json"
    content = json.loads(record.read_text("utf-8"))
    for other in ({**content, "version": 0}, {"version": 1, "cuda": {"speed": 3}}, []):
        record.write_text(json.dumps(other), "utf-8")
        assert devices.measured_devices(model.fast_graph_folder()) == {}


def test_a_graph_that_was_deleted_is_made_again(card):
    KokoroEngine({}).prepare(lambda _: None)
    (model.fast_graph_folder() / "gpu-encoder.onnx").write_bytes(b"damaged")
    assert KokoroEngine({}).speak(HELLO).made_by == FAST
    (model.fast_graph_folder() / "gpu-encoder.onnx").unlink()
    engine = KokoroEngine({})
    assert engine.speak(HELLO).made_by == FAST
    assert engine.worth_preparing([LONG])
    engine.prepare(lambda _: None)
    assert engine.speak(HELLO).made_by == GPU


def test_no_room_for_the_graphs(card, monkeypatch):
    KokoroEngine({"device": "cpu"}).prepare(lambda _: None)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=7_000_000))
    with pytest.raises(EngineError, match=r"graphs for a card need 400 MB in .*, but only 7 MB are free"):
        KokoroEngine({}).prepare(lambda _: None)


def test_settings():
    with pytest.raises(EngineError, match="device must be auto, cpu, cuda, coreml, directml, not 'gpu'"):
        KokoroEngine({"device": "gpu"})
    with pytest.raises(EngineError, match="cuda has a graph of its own; remove device, or graph and model"):
        KokoroEngine({"device": "cuda", "graph": "fast"})
    wanted = {name: KokoroEngine({"device": name}).device_wanted() for name in devices.SETTINGS}
    assert wanted == {"auto": "either", "cpu": "cpu", "cuda": "gpu", "coreml": "gpu", "directml": "gpu"}
    assert KokoroEngine({"graph": "published"}).device_wanted() == "cpu"
    engine = KokoroEngine({})
    assert isinstance(engine, Accelerated)
    assert isinstance(engine, DeviceChoosing)
    assert resource_of(engine) == "either"


@pytest.mark.parametrize(("package", "installed", "says"), [
    ("onnxruntime-gpu", {}, ""),
    ("onnxruntime", {}, "onnxruntime 1.32.0 is built without it; run: pip install 'interview-audio[gpu]', "
     "then: pip install --force-reinstall --no-deps onnxruntime-gpu"),
    ("onnxruntime", {"onnxruntime-gpu": "1.31.1"}, "the files of onnxruntime 1.32.0 lie over those of onnxruntime-gpu "
     "1.31.1; run: pip install --force-reinstall --no-deps onnxruntime-gpu==1.31.1"),
])  # fmt: skip
def test_a_build_for_processors_is_told_with_the_command_that_mends_it(monkeypatch, package, installed, says):
    def version(name):
        with contextlib.suppress(KeyError):
            return installed[name]
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(devices, "runtime_build", lambda: RuntimeBuild(package, "1.32.0"))
    monkeypatch.setattr(importlib.metadata, "version", version)
    assert devices.build_fault("cuda") == says
    notice = KokoroEngine({"device": "cuda"}).device_notice()
    assert notice == (f"Kokoro speaks on the processor, not on cuda: {says}" if says else "")


def test_what_onnxruntime_is_is_read_without_loading_it():
    assert runtime_build().version == onnxruntime.__version__
    assert model.fast_graph_folder().name.endswith(f"-onnxruntime-{onnxruntime.__version__}")


def test_why_a_device_does_not_speak_is_said_once_in_a_run():
    said = []
    listener = SimpleNamespace(notice=said.append)
    engine = KokoroEngine({"device": "coreml"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "platform", "linux")
        for pool in (SimpleNamespace(notices=set()), SimpleNamespace(notices=set())):
            for works in (
                [SimpleNamespace(engine=engine)],
                [SimpleNamespace(engine=object())],
                [SimpleNamespace(engine=engine)],
            ):
                _tell_devices(works, listener, pool)
    assert said == ["Kokoro speaks on the processor, not on coreml: CoreML is a part of macOS; "
                    "set engines.kokoro.device to auto"] * 2  # fmt: skip
