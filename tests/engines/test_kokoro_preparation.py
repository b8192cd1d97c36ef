"""The fast graph is made once, whole or not at all; the faster graph speaks, and which one spoke is recorded."""

import json
import multiprocessing
import time

import pytest

from interview_audio.engines.kokoro import preparation, weights
from interview_audio.engines.kokoro.graphs import recipe
from interview_audio.engines.kokoro.speaker import FAST, PUBLISHED, Speaker
from interview_audio.engines.protocol import Utterance
from interview_audio.engines.registry import load_engine
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
    monkeypatch.setattr(weights, "joined", lambda: b"weights")
    monkeypatch.setattr(recipe, "published_graph", lambda _: b"published")
    monkeypatch.setattr(recipe, "fast_graph", lambda _: Graph(log))
    monkeypatch.setattr(preparation, "_time", lambda graph: 0.6 if graph == b"published" else 0.25)
    return log


def test_it_is_made_once_and_timed(quick):
    steps = []
    assert preparation.speeds() is None
    assert preparation.prepare(steps.append) == preparation.Speeds(published=0.6, fast=0.25)
    assert steps == ["checking the weights", "writing the fast graph", "timing both graphs"]
    assert preparation.prepare() == preparation.speeds() == preparation.Speeds(0.6, 0.25)
    assert preparation.fast_file().read_bytes() == b"a fast graph"
    assert quick.read_text() == "made\n"
    preparation.prepare(again=True)
    assert quick.read_text() == "made\nmade\n"


def test_two_first_renders_prepare_once(quick):
    with multiprocessing.get_context("fork").Pool(3) as pool:
        results = pool.starmap(preparation.prepare, [()] * 3)
    assert results == [preparation.Speeds(0.6, 0.25)] * 3
    assert quick.read_text() == "made\n"


@pytest.mark.parametrize("step", ["writing the fast graph", "timing both graphs"])
def test_an_interrupted_preparation_leaves_nothing_that_is_used(quick, step):
    def interrupt(now):
        if now == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        preparation.prepare(interrupt)
    assert preparation.speeds() is None
    (preparation.folder() / ".interview-audio-0123456789ab.0.part").write_bytes(b"half")  # as a killed one leaves it
    preparation.prepare()
    assert sorted(path.name for path in preparation.folder().iterdir() if path.name != "lock") == [
        "fast.onnx",
        "speeds.json",
    ]


def test_an_interrupted_write_leaves_no_file(quick, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        preparation.prepare()
    assert [path.name for path in preparation.folder().iterdir() if path.name != "lock"] == []


def test_no_room(quick, monkeypatch):
    usage = type("Usage", (), {"free": 7_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(EngineError, match=r"needs 250 MB in .*, but only 7 MB are free"):
        preparation.prepare()


def test_a_cache_folder_that_cannot_be_written(quick, tmp_path):
    (tmp_path / "cache" / "interview-audio").mkdir(parents=True)
    (tmp_path / "cache" / "interview-audio" / "kokoro").write_text("a file", "utf-8")
    assert preparation.speeds() is None
    with pytest.raises(EngineError, match="cannot write Kokoro's fast graph to"):
        preparation.prepare()


def test_a_record_that_cannot_be_read(quick):
    preparation.prepare()
    (preparation.folder() / "speeds.json").write_text("[]", "utf-8")
    with pytest.raises(EngineError, match="delete that folder"):
        preparation.speeds()


def test_it_pays_off_for_longer_texts_only(quick):
    engine = load_engine("kokoro", {})
    short, long = [HELLO], [Utterance("你好" * 20, "zh", "zf_xiaoxiao")] * 6
    assert not engine.worth_preparing(short)
    assert engine.worth_preparing(long)
    assert load_engine("kokoro", {"graph": "fast"}).worth_preparing(short)
    assert not load_engine("kokoro", {"graph": "published"}).worth_preparing(long)
    assert not load_engine("kokoro", {"graph": "own.onnx"}).worth_preparing(long)
    assert "not prepared" in engine.preparation_state()
    said = engine.prepare(lambda _: None)
    assert "uses its fast graph" in said
    assert "fast 0.25, published 0.60" in said
    assert not engine.worth_preparing(long)
    assert engine.preparation_state().startswith(said)
    assert load_engine("kokoro", {"graph": "published"}).preparation_state() == (
        "uses the graph published, as set in engines.kokoro"
    )


@pytest.mark.parametrize(("setting", "fast", "expected"), [
    ("auto", 0.25, FAST),
    ("auto", 0.9, PUBLISHED),  # a processor without fast int8 convolutions
    ("fast", 0.9, FAST),
    ("published", 0.25, PUBLISHED),
])  # fmt: skip
def test_the_faster_graph_speaks_unless_one_is_named(quick, monkeypatch, setting, fast, expected):
    preparation.prepare()
    (preparation.folder() / "speeds.json").write_text(json.dumps({"published": 0.6, "fast": fast}), "utf-8")
    monkeypatch.setattr(Speaker, "_load", lambda self, graph: graph)
    speaker = Speaker(setting, None)
    assert speaker.ready() == speaker.graph == expected


def test_the_fast_graph_is_taken_up_when_it_becomes_ready(quick, monkeypatch):
    monkeypatch.setattr(Speaker, "_load", lambda self, graph: graph)
    speaker = Speaker("auto", None)
    assert speaker.ready() == PUBLISHED
    preparation.prepare()
    assert speaker.ready() == FAST


def test_a_graph_of_ones_own(tmp_path):
    with pytest.raises(
        EngineError, match=r"own\.onnx not found; check the file name, or set graph to auto, fast, published"
    ):
        load_engine("kokoro", {"graph": str(tmp_path / "own.onnx")}).check("af_heart", "en")
    with pytest.raises(EngineError, match="graph and model cannot be set together"):
        load_engine("kokoro", {"graph": "fast", "model": "x.onnx"})
    (tmp_path / "own.onnx").write_bytes(b"not a graph")
    engine = load_engine("kokoro", {"graph": str(tmp_path / "own.onnx")})
    assert engine.identity != load_engine("kokoro", {}).identity
    with pytest.raises(EngineError, match="onnxruntime cannot load"):
        engine.speak(HELLO)


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["fast", "published"])
def test_each_graph_says_the_same_thing_twice(setting):
    engines = [load_engine("kokoro", {"graph": setting}) for _ in range(2)]
    first, second = (engine.speak(HELLO) for engine in engines)
    assert first.samples.tobytes() == second.samples.tobytes()
    assert first.words == second.words
    assert first.made_by == {"fast": FAST, "published": PUBLISHED}[setting]
    assert engines[0].identity == load_engine("kokoro", {}).identity
