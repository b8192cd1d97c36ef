"""Failures of servers: speech is whole or an error says what to do, and nothing is asked more than needed."""

import gzip
import io
import json
import ssl
import threading
import wave
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import trustme

from interview_audio.engines.protocol import Utterance
from interview_audio.errors import EngineError, OutageError, SpeechError, VoiceError
from speech_server.server import Fault, complaint, spoken

TEXT = "Nobody asks the lamp, and the lamp is glad."


def say(engine, text=TEXT, voice="alto"):
    return engine.speak(Utterance(text, "en", voice))


def wav(samples, channels=1):
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(24000)
        file.writeframes(samples.astype("<i2").tobytes())
    return content.getvalue()


SHAPES = (
    "No.",
    "a",
    "Hm, well...",
    "1,234,567",
    "It is 1,000,000.",
    "See https://www.example.com/a?b=c for more.",
    "NASA and the F.B.I.",
    "嗯。",
    "他用 OpenXR 和 GPT-4。",
    "はい、そうです。",
)
WHOLE = spoken(TEXT, "alto", 1.0, "wav")
SILENCE = wav(np.zeros(3 * 24000))


@pytest.mark.parametrize(
    ("fault", "requests"),
    [
        (Fault(status=429, times=2), 3),
        (Fault(status=429, headers={"Retry-After": "7"}), 2),
        (Fault(status=503, headers={"Retry-After": "0"}), 2),
        (Fault(status=502, body=b"<html>bad gateway</html>"), 2),
        (Fault(status=500, body=b"\x1b[31moops\n"), 2),
        (Fault(kind="cut", after=0), 2),
        (Fault(kind="cut", after=5000), 2),
        (Fault(kind="reset", after=0), 2),
        (Fault(kind="reset", after=5000, times=5), 6),
        (Fault(kind="hang", after=0), 2),
        (Fault(kind="hang", after=5000), 2),
        (Fault(kind="part"), 2),
        (Fault(kind="body"), 2),
        (Fault(kind="body", body=WHOLE[:20000]), 2),
        (Fault(kind="body", body=WHOLE[:40]), 2),
        (Fault(kind="body", body=WHOLE[:300] + WHOLE[:300]), 2),
        (Fault(kind="body", body=b"noise" * 3000), 2),
        (Fault(kind="body", body=SILENCE), 2),
        (Fault(kind="body", body=wav(np.tile([9000, -9000], 24000 * 30))), 2),  # a model that does not stop
        (Fault(kind="body", headers={"Content-Type": "application/json"}, body=b"{}"), 2),
        (Fault(kind="body", headers={"Content-Encoding": "gzip"}, body=gzip.compress(WHOLE)), 2),
    ],
    ids=lambda value: f"{value.kind}-{value.status}-{value.after}" if isinstance(value, Fault) else None,
)
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_what_passes_is_survived(speech_server, openai, fault, requests, chunked):
    clean = say(openai())
    speech_server.asked.clear()
    speech_server.is_chunked = chunked
    speech_server.faults = [Fault(**vars(fault))]
    speech = say(openai(timeout=1 if fault.kind == "hang" else 30))
    assert np.array_equal(speech.samples, clean.samples)
    assert speech_server.texts == [TEXT] * requests


@pytest.mark.parametrize("form", ["wav", "mp3", "pcm"])
@pytest.mark.parametrize(
    ("kind", "share"), [("part", 0.3), ("fade", 0.3), ("short", 0.3)], ids=["said-in-part", "silent-in-part", "cut"]
)
def test_short_speech_is_asked_for_again_in_every_form(speech_server, openai, form, kind, share):
    clean = say(openai(format=form))
    speech_server.asked.clear()
    speech_server.faults = [Fault(kind, share=share, times=2)]
    assert np.array_equal(say(openai(format=form)).samples, clean.samples)
    assert speech_server.texts == [TEXT] * 3


@pytest.mark.parametrize(
    ("form", "fault", "reason"),
    [
        ("wav", Fault("part", share=0.3), r"0\.8 of about 2\.1 s"),
        ("pcm", Fault("fade", share=0.3), r"0\.9 of about 2\.1 s"),
        ("mp3", Fault("part", share=0.3), r"0\.8 of about 2\.1 s"),
        ("wav", Fault("short", share=0.9), r"[\d,]+ bytes missing"),
        ("mp3", Fault("short", share=0.9), r"\d+ bytes of the last frame missing"),
    ],
    ids=["wav-part", "pcm-fade", "mp3-part", "wav-cut", "mp3-cut"],
)
def test_what_is_never_whole_is_an_error_that_says_how_much_came(speech_server, openai, form, fault, reason):
    speech_server.faults = [Fault(**(vars(fault) | {"times": -1, "match": "lamp"}))]
    with pytest.raises(SpeechError, match=rf"^incomplete audio \({reason}\), six times, for 'Nobody asks"):
        say(openai(format=form))
    assert speech_server.texts == [TEXT] * 6 + ["1 2 3"]


def test_what_is_always_short_is_an_outage(speech_server, openai):
    speech_server.faults = [Fault("fade", share=0.25, times=-1)]
    with pytest.raises(
        OutageError, match=r"^incomplete audio \(.+\), six times, for 'Nobody asks .+'; run again later"
    ):
        say(openai())


@pytest.mark.parametrize("rate", [0.5, 1.0, 2.0])
def test_lines_of_many_shapes_are_whole_at_once(speech_server, openai, rate):
    engine = openai()
    for text in SHAPES:
        engine.speak(Utterance(text, "en", "alto", rate))
    assert speech_server.texts == list(SHAPES)


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 503}, {"kind": "hang"}], ids=["429", "503", "hang"])
def test_what_never_ends_is_given_up_by_the_documented_limits(speech_server, openai, clock, fault):
    speech_server.faults = [Fault(**fault, times=-1)]
    began = clock.time
    with pytest.raises(OutageError, match=r", six times(, for '.+')?; run again later"):
        say(openai(sockets=1, max_answer_seconds=0.1 if "kind" in fault else None))
    assert clock.time - began <= (31 if "kind" in fault else 345)


def test_a_server_is_given_the_time_that_it_asks_for(speech_server, openai, clock):
    speech_server.faults = [Fault(status=429, headers={"Retry-After": "41"})]
    say(openai(sockets=1))
    assert [41 <= slept <= 42 for slept in clock.slept] == [True]


PERMANENT = [
    (401, b"", r"refused the request \(401\); set its key as an environment variable", 1),
    (403, b"", r"refused the request \(403\)", 1),
    (402, b"", "answered 402; top up the account", 1),
    (429, complaint("quota", code="insufficient_quota"), r"answered 429 \(quota \[insufficient_quota\]\); top up", 1),
    (301, b"", r"redirects to another address \(301\); correct engines.openai.base_url", 1),
    (404, complaint("no model m"), r"answered 404 \(no model m\); see engines.openai in voices.yaml", 2),
    (422, json.dumps({"detail": [{"msg": "no"}]}).encode(), r"answered 422 \(no\); see", 2),
    (400, b"\x1b[2Jplain\ntext", r"answered 400 \(\ufffd\[2Jplain text\); see", 2),
    (400, b"[" * 60000, r"answered 400 \(\[\[\[.+…\); see", 2),
    (
        500,
        b"oops",
        r"answered 500 \(oops\), three times, for '.+'; see engines.openai in voices.yaml, and the server's log",
        4,
    ),
    (503, b"", "answered 503, six times; run again later", 6),
    (501, b"", "answered 501; see", 1),
]


@pytest.mark.parametrize(("status", "body", "message", "requests"), PERMANENT, ids=lambda value: str(value)[:20])
def test_an_outage_says_what_to_do(speech_server, openai, status, body, message, requests):
    speech_server.faults = [Fault(status=status, body=body, headers={"Location": "http://127.0.0.1:9/"}, times=-1)]
    engine = openai()
    with pytest.raises(OutageError, match=message) as caught:
        say(engine)
    assert "\x1b" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(speech_server.texts) == requests
    with pytest.raises(OutageError, match=message):  # and asks no more
        say(engine, "Another.")
    assert len(speech_server.texts) == requests


@pytest.mark.parametrize(
    ("kind", "message", "requests"),
    [
        ("portions", r"answered 402 \(no money is left here\); top up the account", 1),
        ("torn", r"answered 402; top up the account", 1),
    ],
)
def test_what_a_refusal_says_comes_in_portions_and_may_break_off(speech_server, openai, kind, message, requests):
    speech_server.faults = [Fault(kind, 402, body=complaint("no money is left here"), after=20, times=-1)]
    with pytest.raises(OutageError, match=message):
        say(openai())
    assert len(speech_server.texts) == requests


def test_a_wait_that_is_too_long(speech_server, openai):
    speech_server.faults = [Fault(status=429, headers={"Retry-After": "3600"}, times=-1)]
    with pytest.raises(OutageError, match="asks to wait 60 minutes; run again after that"):
        say(openai())
    assert len(speech_server.texts) == 1


def test_a_voice_that_the_server_refuses(speech_server, openai):
    speech_server.faults = [Fault(status=400, body=complaint("Voice alto is not there"), times=-1)]
    with pytest.raises(VoiceError, match=r"Voice alto is not there\) for the voice 'alto'; choose another"):
        say(openai())
    assert len(speech_server.texts) == 1


@pytest.mark.parametrize(
    ("fault", "requests"), [({"status": 400}, 1), ({"status": 500}, 3), ({"kind": "part"}, 6), ({"kind": "body"}, 3)]
)
def test_one_text_that_is_never_said_is_not_an_outage(speech_server, openai, fault, requests):
    speech_server.faults = [Fault(**fault, times=-1, match="lamp")]
    engine = openai()
    with pytest.raises(
        SpeechError,
        match=r", for 'Nobody asks the lamp.+ while openai speaks other text; run again later, change the words",
    ):
        say(engine)
    assert speech_server.texts == [TEXT] * requests + ["1 2 3"]
    say(engine, "Others are said.")


@pytest.mark.parametrize("form", ["wav", "mp3", "pcm"])
def test_an_answer_without_end_is_not_taken(speech_server, openai, monkeypatch, form):
    monkeypatch.setattr("interview_audio.engines.openai.service.MAX_ANSWER_BYTES", 2_000)
    with pytest.raises(OutageError, match="sent more than"):
        say(openai(format=form))
    assert len(speech_server.texts) == 4


def test_stereo_at_another_rate_is_mixed(speech_server, openai):
    both = np.stack([np.full(48000, 2000), np.full(48000, 4000)], axis=1)
    speech_server.faults = [Fault(kind="body", body=wav(both, channels=2))]
    speech = say(openai())
    assert speech.samples.shape == (48000,)
    assert set(speech.samples[100:-100].tolist()) <= {2999, 3000, 3001}


def test_nobody_listens(openai, unused_tcp_port_of_a_server_that_left):
    engine = openai(base_url=f"http://127.0.0.1:{unused_tcp_port_of_a_server_that_left}")
    with pytest.raises(
        OutageError, match=r"127\.0\.0\.1:\d+ refused the connection, three times; check that the server is running"
    ):
        say(engine)


@pytest.fixture
def unused_tcp_port_of_a_server_that_left():
    from speech_server.server import SpeechServer

    with SpeechServer() as server:
        port = server.port
    return port  # noqa: RET504  # after the server has left


def test_a_certificate_that_is_refused(openai):
    import http.server

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        server.handle_error = lambda *_: None
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with pytest.raises(OutageError, match=r"the certificate of 127\.0\.0\.1:\d+ is not valid"):
                say(openai(base_url=f"https://127.0.0.1:{server.server_port}/v1"))
        finally:
            server.shutdown()
            thread.join()


def test_as_many_connections_as_are_allowed(speech_server, openai):
    speech_server.latency = 0.1
    engine = openai(sockets=3)
    with ThreadPoolExecutor(8) as pool:
        speeches = list(pool.map(lambda number: say(engine, "Yes. " * (number + 1)), range(9)))
    assert speech_server.peak == 3
    sizes = [speech.samples.size for speech in speeches]
    assert sizes == sorted(set(sizes))


def test_closing_ends_eight_connections_that_hang(speech_server, openai):
    speech_server.faults = [Fault(kind="hang", after=100, times=-1)]
    engine = openai(sockets=8)
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(say, engine, f"Line {number}.") for number in range(8)]
        while len(speech_server.asked) < 8:
            threading.Event().wait(0.01)
        engine.close()
        errors = [future.exception() for future in futures]
    assert [type(error) for error in errors] == [EngineError] * 8
    assert str(errors[0]) == "openai was stopped before it had finished; run again, finished clips are kept"
    assert "openai" not in {thread.name for thread in threading.enumerate()}
    for _ in range(500):
        if not speech_server.open:
            break
        threading.Event().wait(0.01)
    assert speech_server.open == 0
    engine.close()
    with pytest.raises(EngineError, match="was stopped"):
        say(engine)


def test_who_waits_says_so(speech_server, openai):
    engine = openai()
    assert engine.waiting() is None
    engine._limiter.note_throttled(engine._limiter._clock.now(), "h answers 429", 30)
    assert engine.waiting().startswith("openai: h answers 429; continuing in 3")
