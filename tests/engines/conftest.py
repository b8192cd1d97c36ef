"""An edge service on this machine, and engines that speak with it without waiting for real time."""

import random

import pytest

from edge_emulator.emulator import EdgeEmulator
from edge_emulator.redirection import redirect
from interview_audio.engines.edge.engine import EdgeEngine
from interview_audio.engines.online.retries import Timeouts
from interview_audio.engines.openai.engine import OpenAIEngine
from loopback.clock import QuickClock
from speech_server.server import SpeechServer


@pytest.fixture
def clock():
    return QuickClock()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch, request):
    # The emulator's list of voices is fetched into the cache: other tests would take it for the service's.
    if request.node.path.name.startswith("test_edge") or "emulator" in request.fixturenames:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def emulator(monkeypatch):
    with EdgeEmulator() as server:
        redirect(monkeypatch, server)
        yield server


@pytest.fixture
def edge(clock):
    """Builds engines and closes them; ``idle`` is real time, and short only where a connection is to hang."""
    built = []

    def build(idle=30, list_timeouts=None, **settings):
        timeouts = Timeouts(idle, total=60)
        rng = random.Random(7)
        built.append(EdgeEngine(settings, clock=clock, rng=rng, timeouts=timeouts, list_timeouts=list_timeouts))
        return built[-1]

    yield build
    for engine in built:
        engine.close()


@pytest.fixture
def speech_server():
    with SpeechServer() as server:
        yield server


@pytest.fixture
def openai(clock, speech_server):
    """Builds engines that speak with the server and closes them."""
    built = []

    def build(max_answer_seconds=None, **settings):
        given = {"base_url": speech_server.base_url, "model": "m"} | settings
        rng = random.Random(7)
        built.append(OpenAIEngine(given, clock=clock, rng=rng, max_answer_seconds=max_answer_seconds))
        return built[-1]

    yield build
    for engine in built:
        engine.close()
