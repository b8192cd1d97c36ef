"""Every failure of the service that is known: speech is whole or an error says what to do, and nothing is asked twice."""

import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import trustme

import edge_emulator.synthetic_speech
from edge_emulator.emulator import EdgeEmulator
from edge_emulator.faults import Fault, FaultKind
from edge_emulator.redirection import redirect
from interview_audio.engines.protocol import Utterance
from interview_audio.errors import EngineError, OutageError, SpeechError, VoiceError

TEXT = "你好，世界。今天的播客开始了！"
VOICE = "zh-CN-YunxiNeural"
KIND = FaultKind


def utterance(text=TEXT, voice=VOICE):
    return Utterance(text, "zh", voice)


SHAPES = [
    "No.",
    "嗯。",
    "a",
    "1,234,567",
    "It is 1,000,000.",
    "See https://www.example.com/a/b?c=d for more.",
    "NASA, the F.B.I. and AT&T",
    "Ada’s rock'n'roll — “well-known”…",
    "他用 OpenXR 和 GPT-4，35.5% 的 km²。",
    "はい、ガス代は一円。",
    "🎉 Yes! 🎉",
]


@pytest.mark.parametrize(
    ("fault", "upgrades", "requests"),
    [
        (Fault(KIND.HTTP_STATUS, status=403), 2, 1),
        (Fault(KIND.HTTP_STATUS, status=429), 2, 1),
        (Fault(KIND.HTTP_STATUS, status=429, headers={"Retry-After": "7"}), 2, 1),
        (Fault(KIND.HTTP_STATUS, status=503, times=2), 3, 1),
        (Fault(KIND.HTTP_STATUS, status=503, headers={"Retry-After": "0"}), 2, 1),
        (Fault(KIND.HANDSHAKE_HANG), 2, 1),
        (Fault(KIND.HANG, after=0), 2, 2),
        (Fault(KIND.HANG, after=2), 2, 2),
        (Fault(KIND.SLOW, delay=3), 2, 2),
        (Fault(KIND.DISCONNECT, after=0), 2, 2),
        (Fault(KIND.DISCONNECT, after=2, times=3), 4, 4),
        (Fault(KIND.CLOSE, after=0), 2, 2),
        (Fault(KIND.CLOSE, after=2), 2, 2),
        (Fault(KIND.CLOSE, after=30), 2, 2),  # in the silence after the last word
        (Fault(KIND.TRUNCATE, after=2), 2, 2),
        (Fault(KIND.TRUNCATE, after=20), 2, 2),
        (Fault(KIND.SHORTEN, times=2), 3, 3),
        (Fault(KIND.UNREPORTED, times=2), 3, 3),
        (Fault(KIND.HALVED, times=2), 3, 3),
        (Fault(KIND.MUTED, times=2), 3, 3),
        (Fault(KIND.SKIPPED, times=2), 3, 3),
        (Fault(KIND.UNTOLD, times=2), 3, 3),
        (Fault(KIND.NO_AUDIO, times=2), 3, 3),
        (Fault(KIND.UNKNOWN_PATH), 2, 2),
        (Fault(KIND.GARBAGE), 2, 2),
    ],
    ids=lambda value: f"{value.kind.value}-{value.status}-{value.after}" if isinstance(value, Fault) else None,
)
def test_what_passes_is_survived(emulator, edge, fault, upgrades, requests):
    clean = edge().speak(utterance())
    emulator.upgrades = 0
    emulator.requests.clear()
    emulator.faults = [fault]
    hangs = fault.kind in (KIND.HANDSHAKE_HANG, KIND.HANG, KIND.SLOW)
    speech = edge(idle=2 if hangs else 30).speak(utterance())
    assert np.array_equal(speech.samples, clean.samples)
    assert speech.words == clean.words
    assert (emulator.upgrades, len(emulator.requests)) == (upgrades, requests)


@pytest.mark.parametrize(
    ("fault", "upgrades", "message"),
    [
        (Fault(KIND.HTTP_STATUS, status=403, times=-1), 2, r"refused the request \(403\); update edge-tts"),
        (Fault(KIND.HTTP_STATUS, status=401, times=-1), 1, r"refused the request \(401\); update edge-tts"),
        (Fault(KIND.HTTP_STATUS, status=404, times=-1), 1, "answered 404; update edge-tts"),
        (
            Fault(KIND.HTTP_STATUS, status=403, headers={"Date": "?"}, times=-1),
            1,
            "refused the request \\(403\\); update edge-tts",
        ),
        (
            Fault(KIND.HTTP_STATUS, status=403, headers={"Date": "Fri, 01 Jan 2100 00:00:00 GMT"}, times=-1),
            2,
            "minutes slow: correct it; otherwise update",
        ),
        (Fault(KIND.HTTP_STATUS, status=429, times=-1), 6, r"answered 429 \(too many requests\), six times; run again"),
        (
            Fault(KIND.HTTP_STATUS, status=503, times=-1),
            6,
            r"answered 503 \(unavailable at the moment\), six times; run again",
        ),
        (
            Fault(KIND.HTTP_STATUS, status=429, headers={"Retry-After": "3600"}, times=-1),
            1,
            "asks to wait 60 minutes; run again after that",
        ),
    ],
    ids=lambda value: f"{value.status}-{value.headers}" if isinstance(value, Fault) else None,
)
def test_an_outage_says_what_to_do(emulator, edge, fault, upgrades, message):
    emulator.faults = [fault]
    engine = edge()
    engine.check(VOICE, "zh")
    with pytest.raises(OutageError, match=message):
        engine.speak(utterance())
    assert (emulator.upgrades, len(emulator.requests)) == (upgrades, 0)
    with pytest.raises(OutageError, match=message):  # and asks no more
        engine.speak(utterance("另一句话。"))
    assert emulator.upgrades == upgrades


def test_a_wrong_clock_is_allowed_for(monkeypatch, edge):
    with EdgeEmulator(check_token=True, clock_skew=3600) as emulator:
        redirect(monkeypatch, emulator)
        engine = edge()
        engine.speak(utterance())
        engine.speak(utterance("另一句话。"))
        assert emulator.list_requests == 2  # the list is asked for first, and finds the time out
        assert emulator.upgrades == 2
        found = engine.availability(online=True)
    assert (found.state, found.remedy) == ("ready", "correct the clock")
    assert "clock is 60 minutes slow (corrected for)" in found.how


@pytest.mark.parametrize(("attempts", "times"), [(3, "three"), (6, "six")], ids=["never-reached", "reached-before"])
def test_a_name_that_is_not_found(emulator, edge, clock, monkeypatch, attempts, times):
    asked = []

    def fail(host, *arguments, **options):
        asked.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    engine = edge(sockets=1)
    if attempts == 6:
        engine.speak(utterance())
    clock.slept.clear()
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", "ws://speech.invalid/?x=y")
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(OutageError, match=rf"the host speech.invalid was not found, {times} times; check the"):
        engine.speak(utterance())
    assert asked == ["speech.invalid"] * attempts
    assert [0 <= slept <= 2 * 2**number for number, slept in enumerate(clock.slept)] == [True] * (attempts - 1)


def test_a_connection_that_is_refused(emulator, edge):
    engine = edge()
    engine.check(VOICE, "zh")
    emulator.disappear()
    with pytest.raises(
        OutageError, match=r"127\.0\.0\.1 refused the connection, three times; check that the server is running"
    ):
        engine.speak(utterance())
    assert emulator.upgrades == 0


def test_a_certificate_that_is_refused(monkeypatch, edge):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(server)
    with EdgeEmulator(tls_context=server) as emulator:
        redirect(monkeypatch, emulator)
        with pytest.raises(OutageError, match=r"certificate of 127\.0\.0\.1 is not valid \(.+\); check the clock"):
            edge().speak(utterance())
        assert (emulator.upgrades, emulator.list_requests) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "requests"), [(KIND.NO_AUDIO, 3), (KIND.UNKNOWN_PATH, 3), (KIND.TRUNCATE, 6), (KIND.DISCONNECT, 6)]
)
def test_one_text_that_is_never_said_is_not_an_outage(emulator, edge, kind, requests):
    emulator.faults = [Fault(kind, times=-1, match="播客")]
    engine = edge()
    with pytest.raises(
        SpeechError, match=r", for '你好，世界.+ while edge speaks other text; run again later, change the words"
    ):
        engine.speak(utterance())
    assert [request.text for request in emulator.requests] == [TEXT] * requests + ["1 2 3"]
    engine.speak(utterance("再见。"))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (KIND.SHORTEN, "without '天的播客开始了'"),
        (KIND.UNREPORTED, "without '天的播客开始了'"),
        (KIND.HALVED, r"1\.6 of 3\.0 s"),
        (KIND.MUTED, r"1\.7 of 3\.0 s"),
        (KIND.SKIPPED, "without '今天的播'"),
        (KIND.UNTOLD, r"1\.0 of about 2\.4 s"),
        (KIND.TRUNCATE, r"0\.2 of 3\.0 s"),
    ],
)
def test_what_is_never_whole_is_an_error_that_says_how_much_came(emulator, edge, kind, reason):
    emulator.faults = [Fault(kind, times=-1, match="播客")]
    with pytest.raises(SpeechError, match=rf"^incomplete audio \({reason}\), six times, for '你好，世界。"):
        edge().speak(utterance())
    assert [request.text for request in emulator.requests] == [TEXT] * 6 + ["1 2 3"]


@pytest.mark.parametrize("rate", [0.5, 1.0, 2.0])
def test_lines_of_many_shapes_are_whole_at_once(emulator, edge, rate):
    engine = edge()
    for text in SHAPES:
        engine.speak(Utterance(text, "zh", VOICE, rate))
    assert [request.text for request in emulator.requests] == SHAPES


def test_no_sound_for_any_text_is_an_outage(emulator, edge):
    emulator.faults = [Fault(KIND.NO_AUDIO, times=-1)]
    with pytest.raises(OutageError, match=r"no audio was received, three times, for '你好，.+'; run again later"):
        edge().speak(utterance())
    assert len(emulator.requests) == 4


def test_silence_is_no_speech(emulator, edge, monkeypatch):
    silence = edge_emulator.synthetic_speech.encode(np.zeros(5 * 24000, np.int16))
    monkeypatch.setattr("edge_emulator.emulator.synthesize", lambda *_: silence)
    with pytest.raises(
        OutageError, match=r"no speech was received, only silence, three times, for '你好，.+'; run again later"
    ):
        edge().speak(utterance())
    assert len(emulator.requests) == 4


def test_speech_without_reported_words_is_measured_by_its_text(emulator, edge, monkeypatch):
    monkeypatch.setattr("edge_emulator.emulator.boundaries", lambda *_: ())
    emulator.faults = [Fault(KIND.TRUNCATE, after=2)]
    assert len(edge().speak(utterance()).words) == 12
    assert len(emulator.requests) == 2


def test_a_voice_that_was_removed(emulator, edge):
    engine = edge()
    engine.check(VOICE, "zh")
    emulator.voices = ("zh-CN-XiaoxiaoNeural",)
    with pytest.raises(VoiceError, match="no longer has the voice zh-CN-YunxiNeural; choose another"):
        engine.speak(utterance())
    assert (len(emulator.requests), emulator.list_requests) == (3, 2)
    with pytest.raises(VoiceError, match="has no voice 'zh-CN-YunxiNeural'"):  # known from now on, in other runs too
        edge().check(VOICE, "zh")
    assert emulator.list_requests == 2


def test_the_service_is_gone_for_the_second_half(monkeypatch, edge):
    texts = [f"这是第{number}句话。" for number in range(12)]
    with EdgeEmulator(gone_after=6) as emulator:
        redirect(monkeypatch, emulator)
        engine = edge(sockets=4)
        said, failed = {}, {}
        with ThreadPoolExecutor(4) as pool:
            for text, future in [(text, pool.submit(engine.speak, utterance(text))) for text in texts]:
                error = future.exception()
                (failed if error else said)[text] = error or future.result()
        assert {type(error) for error in failed.values()} == {OutageError}
        assert said
        assert len(said) <= 6
        emulator.reappear()
        before = len(emulator.requests)
        again = edge(sockets=4)
        for text in failed:
            again.speak(utterance(text))
        assert sorted(request.text for request in emulator.requests[before:]) == sorted(failed)


def test_who_waits_while_another_meets_the_outage_ends_with_it(emulator, edge):
    emulator.faults = [Fault(KIND.HANG, match="甲")]
    engine = edge()
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(engine.speak, utterance("甲在说话。"))
        while not emulator.requests:
            threading.Event().wait(0.01)
        emulator.faults = [Fault(KIND.HTTP_STATUS, status=403, times=-1)]
        with pytest.raises(OutageError, match=r"refused the request \(403\)"):
            engine.speak(utterance("乙在说话。"))
        assert str(hanging.exception()).startswith("127.0.0.1 refused the request (403); update edge-tts")
    assert (emulator.upgrades, len(emulator.requests)) == (3, 1)


def test_closing_ends_eight_connections_that_hang(emulator, edge):
    emulator.faults = [Fault(KIND.HANG, times=-1)]
    engine = edge(idle=60, sockets=8)
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(engine.speak, utterance(f"第{number}句话。")) for number in range(8)]
        while len(emulator.requests) < 8:
            threading.Event().wait(0.01)
        assert "edge" in {thread.name for thread in threading.enumerate()}
        engine.close()
        errors = [future.exception() for future in futures]
    assert [type(error) for error in errors] == [EngineError] * 8
    assert str(errors[0]) == "edge was stopped before it had finished; run again, finished clips are kept"
    assert "edge" not in {thread.name for thread in threading.enumerate()}
    for _ in range(500):
        if not emulator.open_connections:
            break
        threading.Event().wait(0.01)
    assert emulator.open_connections == 0
    engine.close()
    with pytest.raises(EngineError, match="was stopped"):
        engine.speak(utterance())
