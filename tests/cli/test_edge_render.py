"""Rendering with the edge engine as a user does: the real client, a service on this machine, its failures."""

import shutil
import subprocess
import sys
import threading

import pytest

from edge_emulator.emulator import EdgeEmulator
from edge_emulator.faults import Fault, FaultKind
from edge_emulator.redirection import redirect
from interview_audio.engines.edge.voices import packaged
from interview_audio.freshness import read_episode
from loopback.clock import QuickClock

EDGE = ("--engine", "edge", "--store", "clips", "-o", "out")

pytestmark = pytest.mark.usefixtures("small_episodes")


@pytest.fixture
def service(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with EdgeEmulator(voices=[voice.name for voice in packaged()]) as emulator:
        redirect(monkeypatch, emulator)
        yield emulator


@pytest.fixture
def clock(monkeypatch):
    """The engine's clock: what it would wait for a service that is gone."""
    quick = QuickClock()
    monkeypatch.setattr("interview_audio.engines.online.pacing.MonotonicClock", lambda: quick)
    return quick


def voices_of(folder):
    return {voice["voice"] for member in read_episode(folder, "talk.en")["cast"] for voice in member["voices"].values()}


def test_an_episode_by_the_service_and_the_same_again_without_a_request(run, interview, tmp_path, service):
    outcome = run("render", interview, *EDGE)
    assert outcome.code == 0, outcome.err
    assert all(voice.startswith("edge:en-") for voice in voices_of(tmp_path / "out"))
    sent = len(service.requests)
    (tmp_path / "voices.yaml").write_text("pauses: {turn: 1}", "utf-8")
    assert run("render", interview, *EDGE).code == 0
    assert len(service.requests) == sent
    assert threading.active_count() < 9


def test_an_outage_keeps_what_was_spoken_names_the_rest_and_says_how_to_go_on(run, interview, tmp_path, service, clock):
    service.gone_after = 3
    outcome = run("render", interview, *EDGE, "--jobs", "1")
    assert outcome.code == 1
    assert "not spoken yet (line " in outcome.err
    assert f"continue later: interview-audio render {interview} --engine edge" in outcome.err
    assert outcome.err.rstrip().endswith("--engine kokoro")
    assert not (tmp_path / "out" / "talk.en.mp3").exists()
    kept = len(list((tmp_path / "clips").rglob("*.flac")))
    assert kept == 3
    assert sum(clock.slept) > 0
    service.reappear()
    before = len(service.requests)
    again = run("render", interview, *EDGE)
    assert again.code == 0
    assert f"{kept} clips stored" in again.err
    lines = len(list((tmp_path / "clips").rglob("*.flac")))
    assert len(service.requests) - before == lines - kept


def test_a_fallback_speaks_the_whole_episode_and_never_a_part_of_it(run, interview, tmp_path, service, clock):
    service.gone_after = 3
    outcome = run("render", interview, *EDGE, "--jobs", "1", "--fallback", "tone")
    assert outcome.code == 0, outcome.err
    assert "Warning: " in outcome.err
    assert "tone speaks the whole episode (--fallback)" in outcome.err
    assert all(voice.startswith("tone:") for voice in voices_of(tmp_path / "out"))
    service.reappear()
    assert run("render", interview, *EDGE, "--fallback", "tone").code == 0
    assert all(voice.startswith("edge:") for voice in voices_of(tmp_path / "out"))


def test_offline_sends_nothing_and_uses_what_is_stored(run, interview, tmp_path, service):
    refused = run("render", interview, *EDGE, "--offline")
    assert refused.code == 1
    assert "lines not stored, and --offline forbids edge" in refused.err
    assert (service.upgrades, len(service.requests)) == (0, 0)
    run("render", interview, *EDGE)
    sent = service.upgrades
    (tmp_path / "voices.yaml").write_text("pauses: {turn: 1}", "utf-8")
    assert run("render", interview, *EDGE, "--offline").code == 0
    assert service.upgrades == sent


def test_a_voice_that_reads_no_chinese_is_refused_before_anything_is_sent(run, tmp_path, service):
    source = tmp_path / "mixed.txt"
    source.write_text(
        "Q: What is the word for it?\n\nAB: 灯塔。\n\nQ: And how is it written?\n\nAB: Like that.\n", "utf-8"
    )
    (tmp_path / "voices.yaml").write_text("speakers: {AB: {voices: {en: {edge: en-US-GuyNeural}}}}", "utf-8")
    outcome = run("render", source, *EDGE, "--language", "en")
    assert outcome.code == 1
    assert outcome.err.startswith("Error: line 3 is in Chinese characters: en-US-GuyNeural ")
    assert len(service.requests) == 0


def test_a_wait_is_told(run, interview, service):
    service.faults.append(Fault(FaultKind.HTTP_STATUS, status=429, headers={"Retry-After": "3"}))
    outcome = run("render", interview, *EDGE)
    assert outcome.code == 0, outcome.err
    assert "Waiting: edge: 127.0.0.1 answers 429" in outcome.err


def test_plan_counts_the_requests(run, interview, service):
    outcome = run("plan", interview, *EDGE)
    assert outcome.code == 0
    assert "request" in outcome.out
    assert len(service.requests) == 0


def test_doctor_sends_nothing_unless_asked(run, service):
    assert run("doctor").code == 0
    assert (service.upgrades, len(service.requests)) == (0, 0)
    online = run("doctor", "--online")
    assert "ready" in online.out.partition("edge:")[2].splitlines()[1]
    assert len(service.requests) == 1


@pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.run(["unshare", "-rn", "true"], check=False).returncode != 0,
    reason="no network namespaces here",
)
def test_without_any_network_offline_uses_what_is_stored(run, interview, tmp_path, service):
    run("render", interview, *EDGE)
    (tmp_path / "voices.yaml").write_text("pauses: {turn: 1}", "utf-8")
    command = [sys.executable, "-m", "interview_audio", "render", interview, *EDGE, "--offline"]
    cut_off = subprocess.run(["unshare", "-rn", *command], capture_output=True, text=True, check=False)
    assert cut_off.returncode == 0, cut_off.stderr
    assert ", 0 to speak" in cut_off.stderr
