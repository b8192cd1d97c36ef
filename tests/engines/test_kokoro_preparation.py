"""The fast graph is made once, whole or not at all; the faster graph speaks, and which one spoke is recorded."""

import json
import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from interview_audio.engines.kokoro import devices, graphs, model
from interview_audio.engines.kokoro.engine import KokoroEngine
from interview_audio.engines.kokoro.model import FAST, PUBLISHED, ModelLoader
from interview_audio.engines.kokoro.weights import Weights
from interview_audio.engines.protocol import Utterance
from interview_audio.errors import EngineError

HELLO = Utterance("Hello there.", "en", "af_heart")


class Graph:
    """Stands for a graph that takes a moment to make."""

    def __init__(self, log):
        self.log = log

    def SerializeToString(self):  # noqa: N802
        with self.log.open("a") as file:
            file.write("made\n")
        time.sleep(0.2)
        return b"a fast graph"


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """A preparation that makes 12 bytes; its log counts how often."""
    log = tmp_path / "log"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(Weights, "read", lambda _: b"weights")
    monkeypatch.setattr(graphs, "published_graph", lambda _: b"published")
    monkeypatch.setattr(graphs, "fast_graph", lambda _: Graph(log))
    monkeypatch.setattr(devices, "build_fault", lambda device: f"no {device} here")
    monkeypatch.setattr(model, "_time", lambda graph: 0.6 if graph == b"published" else 0.25)
    return log


def prepare(*steps, **options):
    return model.prepare_fast_graph(Weights().read, *steps, **options)


def test_it_is_made_once_and_timed(quick):
    steps = []
    assert model.measured_speeds() is None
    assert prepare(steps.append) == model.Speeds(published=0.6, fast=0.25)
    assert steps == ["checking the weights", "writing the fast graph", "timing both graphs"]
    assert prepare() == model.measured_speeds() == model.Speeds(0.6, 0.25)
    assert model.fast_graph_file().read_bytes() == b"a fast graph"
    assert quick.read_text() == "made\n"
    prepare(again=True)
    assert quick.read_text() == "made\nmade\n"


def test_two_first_renders_prepare_once(quick):
    with multiprocessing.get_context("fork").Pool(3) as pool:
        results = pool.starmap(prepare, [()] * 3)
    assert results == [model.Speeds(0.6, 0.25)] * 3
    assert quick.read_text() == "made\n"


@pytest.mark.parametrize("step", ["writing the fast graph", "timing both graphs"])
def test_an_interrupted_preparation_leaves_nothing_that_is_used(quick, step):
    def interrupt(now):
        if now == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(interrupt)
    assert model.measured_speeds() is None
    # As a killed one leaves it.
    (model.fast_graph_folder() / ".interview-audio-0123456789ab.0.part").write_bytes(b"half")
    prepare()
    assert sorted(path.name for path in model.fast_graph_folder().iterdir() if path.name != "lock") == [
        "fast.onnx",
        "speeds.json",
    ]


def test_an_interrupted_write_leaves_no_file(quick, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        prepare()
    assert [path.name for path in model.fast_graph_folder().iterdir() if path.name != "lock"] == []


def test_no_room(quick, monkeypatch):
    usage = type("Usage", (), {"free": 7_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(EngineError, match=r"needs 250 MB in .*, but only 7 MB are free"):
        prepare()


def test_a_cache_folder_that_cannot_be_written(quick, tmp_path):
    (tmp_path / "cache" / "interview-audio").mkdir(parents=True)
    (tmp_path / "cache" / "interview-audio" / "kokoro").write_text("a file", "utf-8")
    assert model.measured_speeds() is None
    with pytest.raises(EngineError, match="cannot write Kokoro's fast graph to"):
        prepare()


def test_a_record_that_cannot_be_read(quick):
    prepare()
    (model.fast_graph_folder() / "speeds.json").write_text("[]", "utf-8")
    with pytest.raises(EngineError, match="delete that folder"):
        model.measured_speeds()


def test_it_pays_off_for_longer_texts_only(quick):
    engine = KokoroEngine({})
    short, long = [HELLO], [Utterance("你好" * 20, "zh", "zf_xiaoxiao")] * 6
    assert not engine.worth_preparing(short)
    assert engine.worth_preparing(long)
    assert KokoroEngine({"graph": "fast"}).worth_preparing(short)
    assert not KokoroEngine({"graph": "published"}).worth_preparing(long)
    assert not KokoroEngine({"graph": "own.onnx"}).worth_preparing(long)
    assert "not prepared" in engine.preparation_state()
    said = engine.prepare(lambda _: None)
    assert "uses its fast graph" in said
    assert "fast 0.25, published 0.60" in said
    assert not engine.worth_preparing(long)
    assert engine.preparation_state().startswith(said)
    assert KokoroEngine({"graph": "published"}).preparation_state() == (
        "uses the graph published, as set in engines.kokoro"
    )


@pytest.mark.parametrize(("setting", "fast", "expected"), [
    ("auto", 0.25, FAST),
    ("auto", 0.9, PUBLISHED),  # a processor without fast int8 convolutions
    ("fast", 0.9, FAST),
    ("published", 0.25, PUBLISHED),
])  # fmt: skip
def test_the_faster_graph_speaks_unless_one_is_named(quick, monkeypatch, setting, fast, expected):
    prepare()
    (model.fast_graph_folder() / "speeds.json").write_text(json.dumps({"published": 0.6, "fast": fast}), "utf-8")
    monkeypatch.setattr(model, "Model", lambda _, name: SimpleNamespace(name=name))
    assert ModelLoader(setting, None, Weights()).load().name == expected


def test_the_fast_graph_is_taken_up_when_it_becomes_ready(quick, monkeypatch):
    monkeypatch.setattr(model, "Model", lambda _, name: SimpleNamespace(name=name))
    loader = ModelLoader("auto", None, Weights())
    assert loader.load().name == PUBLISHED
    prepare()
    assert loader.load().name == FAST
    assert loader.load() is loader.load()


def test_threads_load_one_model_between_them(quick, monkeypatch):
    def open_slowly(_, name):
        loaded.append(name)
        time.sleep(0.05)
        return SimpleNamespace(name=name)

    loaded = []
    monkeypatch.setattr(model, "Model", open_slowly)
    loader = ModelLoader("published", None, Weights())
    with ThreadPoolExecutor(4) as threads:
        models = list(threads.map(lambda _: loader.load(), range(8)))
    assert loaded == [PUBLISHED]
    assert all(one is models[0] for one in models)


def test_a_graph_of_ones_own(tmp_path):
    with pytest.raises(
        EngineError, match=r"own\.onnx not found; check the file name, or set graph to auto, fast, published"
    ):
        KokoroEngine({"graph": str(tmp_path / "own.onnx")}).check("af_heart", "en")
    with pytest.raises(EngineError, match="graph and model cannot be set together"):
        KokoroEngine({"graph": "fast", "model": "x.onnx"})
    (tmp_path / "own.onnx").write_bytes(b"not a graph")
    engine = KokoroEngine({"graph": str(tmp_path / "own.onnx")})
    assert engine.identity != KokoroEngine({}).identity
    with pytest.raises(EngineError, match="onnxruntime cannot load"):
        engine.speak(HELLO)


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["fast", "published"])
def test_each_graph_says_the_same_thing_twice(setting):
    engines = [KokoroEngine({"graph": setting}) for _ in range(2)]
    first, second = (engine.speak(HELLO) for engine in engines)
    assert first.samples.tobytes() == second.samples.tobytes()
    assert first.words == second.words
    assert first.made_by == {"fast": FAST, "published": PUBLISHED}[setting]
    assert engines[0].identity == KokoroEngine({}).identity
