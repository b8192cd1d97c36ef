"""An installation without Kokoro's data packages downloads the weights once, says so, and never does so offline."""

import hashlib

import pytest

from interview_audio.engines.kokoro import model, weights
from interview_audio.engines.kokoro.weights import Export
from interview_audio.synthesis.workers import WorkerPool
from loopback.file_server import FileServer

CONTENT = b"0123456789" * 400_000
"""Four megabytes that stand for the weights."""


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(weights.VARIABLE, raising=False)
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.setattr(weights, "PACKAGES", ("no_such_package",))
    with FileServer(CONTENT) as serving:
        export = Export(serving.address, len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
        monkeypatch.setattr(weights, "RELEASE", export)
        yield serving


def test_offline_it_is_refused_in_one_line(run, server, interview, monkeypatch):
    monkeypatch.setattr(WorkerPool, "warm_up", lambda *_: None)  # workers would find the packages of this installation
    outcome = run("render", interview, "--offline")
    assert outcome.code == 1
    assert outcome.err.splitlines()[-1] == (
        "Error: Kokoro's weights are not on this machine, and --offline forbids downloading them; "
        "leave out --offline once, or set engines.kokoro.weights to a copy of kokoro-v1.0.int8.onnx"
    )
    assert server.asked == []


def test_doctor_says_that_there_will_be_a_download(run, server):
    outcome = run("doctor")
    assert f"unknown: the first render downloads its weights (4 MB) from 127.0.0.1:{server.port}; set" in outcome.out
    assert server.asked == []


def test_preparing_downloads_first_and_shows_how_far_it_is(run, server, tmp_path, monkeypatch):
    speeds = model.Speeds(published=0.6, fast=0.25)
    monkeypatch.setattr(model, "prepare_fast_graph", lambda read, *_, **__: read() and speeds)
    outcome = run("doctor", "--prepare")
    assert outcome.code == 0
    lines = outcome.err.splitlines()
    assert lines[0] == f"Downloading Kokoro's weights (4 MB) from 127.0.0.1:{server.port}, once"
    assert lines[-1] == "Downloading 100 %"
    kept = tmp_path / "cache" / "interview-audio" / "kokoro" / "kokoro-v1.0.int8.onnx"
    assert kept.read_bytes() == CONTENT
    assert run("doctor", "--prepare").err == ""
    assert f"ready: weights from {kept}, downloaded; no network needed" in "".join(run("doctor").out.split("\n    "))
