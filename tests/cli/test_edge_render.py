"""Rendering with the edge engine as a user does: the real client, a service on this machine, its failures."""

import shutil
import subprocess
import sys
import threading

import pytest

from edge_emulator.emulator import EdgeEmulator
from edge_emulator.faults import Fault, FaultKind
from edge_emulator.redirection import redirect
from interview_audio.engines.edge.voices import packaged_voices
from interview_audio.engines.online.retries import MAX_OUTAGE_SECONDS, Timeouts
from interview_audio.files.episode_record import EpisodeRecord
from interview_audio.synthesis.clip_file import read_samples
from interview_audio.text.units import counted
from loopback.clock import QuickClock

EDGE = ("--engine", "edge", "--store", "clips", "-o", "out")

pytestmark = pytest.mark.usefixtures("small_episodes")


@pytest.fixture
def service(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with EdgeEmulator(voices=[voice.name for voice in packaged_voices()]) as emulator:
        redirect(monkeypatch, emulator)
        yield emulator


@pytest.fixture
def clock(monkeypatch):
    """The engine's clock: what it would wait for a service that is gone."""
    quick = QuickClock()
    monkeypatch.setattr("interview_audio.engines.online.retries.MonotonicClock", lambda: quick)
    return quick


def voices_of(folder):
    return {voice.name for member in EpisodeRecord.read(folder, "talk.en").cast for voice in member.voices}


def test_an_episode_by_the_service_and_the_same_again_without_a_request(run, interview, tmp_path, service):
    before = threading.enumerate()
    outcome = run("render", interview, *EDGE)
    assert outcome.code == 0, outcome.err
    assert all(voice.startswith("edge:en-") for voice in voices_of(tmp_path / "out"))
    sent = len(service.requests)
    (tmp_path / "voices.yaml").write_text("pauses: {turn: 1}", "utf-8")
    assert run("render", interview, *EDGE).code == 0
    assert len(service.requests) == sent
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert len(left) < 8, left  # one for each connection would be left


def test_an_outage_keeps_what_was_spoken_names_the_rest_and_says_how_to_go_on(run, interview, tmp_path, service, clock):
    service.gone_after = 3
    outcome = run("render", interview, *EDGE, "--jobs", "1")
    assert outcome.code == 1
    assert "not spoken yet (lines " in outcome.err
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
    assert f"{counted(kept, 'clip')} stored" in again.err
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


def sounds(store):
    return {path.name: read_samples(path).tobytes() for path in store.rglob("*.flac")}


def test_half_a_line_is_asked_for_again_and_nothing_short_is_stored(run, interview, tmp_path, service, clock):
    service.faults = [Fault(FaultKind.SHORTEN, times=2)]
    outcome = run("render", interview, *EDGE)
    assert outcome.code == 0, outcome.err
    assert "no sound for" not in outcome.err
    kept = sounds(tmp_path / "clips")
    assert len(service.requests) == len(kept) + 2
    assert run("render", interview, "--engine", "edge", "--store", "whole", "-o", "again").code == 0
    assert kept == sounds(tmp_path / "whole")


@pytest.mark.parametrize("kind", [FaultKind.SHORTEN, FaultKind.HALVED], ids=lambda kind: kind.value)
def test_speech_that_is_always_cut_is_an_error_with_its_line_and_is_never_stored(
    run, interview, tmp_path, service, clock, kind
):
    interview.write_text(
        "Q: What do you do when the lamp of the tower is out?\n\nAB: I light it again, of course.\n", "utf-8"
    )
    service.faults = [Fault(kind, times=-1)]
    for _ in range(2):  # a second render makes no difference
        outcome = run("render", interview, *EDGE)
        assert outcome.code == 1
        assert "Error: incomplete audio (" in outcome.err
        assert "), six times, for '" in outcome.err
        assert "(lines 1, 3 of the source)" in outcome.err
        assert "unchanged" not in outcome.out + outcome.err
        assert sounds(tmp_path / "clips") == {}
        assert not list((tmp_path / "out").glob("talk*"))


def test_one_line_that_is_always_cut_names_itself_and_the_others_are_stored(run, interview, tmp_path, service, clock):
    service.faults = [Fault(FaultKind.SHORTEN, times=-1, match="coffee")]
    outcome = run("render", interview, *EDGE)
    assert outcome.code == 1
    assert "Error: line 7: incomplete audio (without 'at me. Then one of us makes c…'), six times, for " in outcome.err
    assert len(sounds(tmp_path / "clips")) == 6


@pytest.mark.parametrize(
    ("fault", "reason", "most"),
    [
        (
            Fault(FaultKind.HTTP_STATUS, status=429, times=-1),
            "answered 429 (too many requests), six times; 7 of 7",
            345,
        ),
        (
            Fault(FaultKind.HTTP_STATUS, status=503, times=-1),
            "answered 503 (unavailable at the moment), six times; 7 of 7",
            345,
        ),
        (
            Fault(FaultKind.HTTP_STATUS, status=503, times=-1, headers={"Retry-After": "590"}),
            "answered 503 (unavailable at the moment), three times, and nothing was spoken for 20 minutes; 7 of 7",
            MAX_OUTAGE_SECONDS,
        ),
        (Fault(FaultKind.HANG, times=-1), "127.0.0.1 sent nothing for 0.1 s, six times, for '", 2 * 31),
    ],
    ids=["429", "503", "503-asking-for-time", "hang"],
)
def test_what_never_ends_is_given_up_by_the_documented_limits(
    run, interview, tmp_path, service, clock, monkeypatch, fault, reason, most
):
    monkeypatch.setattr("interview_audio.engines.edge.service.TIMEOUTS", Timeouts(idle=0.1, total=5))
    (tmp_path / "voices.yaml").write_text(
        "engines: {edge: {sockets: 1}}", "utf-8"
    )  # two would wait twice by this clock
    began = clock.time
    service.faults = [Fault(**vars(fault))]
    outcome = run("render", interview, *EDGE)
    assert outcome.code == 1
    assert reason in outcome.err
    assert "run again later" in outcome.err
    assert clock.time - began <= most
    assert sounds(tmp_path / "clips") == {}


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
    assert "Waiting: edge: 127.0.0.1 answered 429" in outcome.err


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
