"""The edge engine in fair weather: words, pieces, settings, proxies, what it refuses to send, and its health."""

import socket

import numpy as np
import pytest

from interview_audio.engines.edge.engine import EdgeEngine
from interview_audio.engines.edge.service import pitch_hertz, rate_percent
from interview_audio.engines.edge.voices import EdgeVoice
from interview_audio.engines.online.retries import Timeouts
from interview_audio.engines.protocol import Diagnosable, Online, Utterance
from interview_audio.engines.registry import load_engine
from interview_audio.errors import EngineError, OutageError, SpeechError, VoiceError
from interview_audio.script.takes import MOST_TAKES
from interview_audio.synthesis.clips import ClipSpec

VOICE = "zh-CN-YunxiNeural"


def test_it_is_an_engine_of_ours():
    engine = load_engine("edge", {"sockets": 3})
    assert isinstance(engine, EdgeEngine)
    assert isinstance(engine, Online)
    assert isinstance(engine, Diagnosable)
    assert (engine.local, engine.heavy, engine.sockets) == (False, False, 3)
    assert EdgeEngine({}).sockets == 2
    assert engine.identity == "edge audio-24khz-48kbitrate-mono-mp3 text 2"


def test_written_words_have_times_and_the_voice_gets_what_is_pronounced(emulator, edge):
    text = "用 OpenXR，好。"
    speech = edge().speak(Utterance(text, "zh", VOICE, 1.05, {"OpenXR": "open X R"}))
    assert [text[slice(*word.written)] for word in speech.words] == ["用", "OpenXR", "好"]
    assert [(request.text, request.rate) for request in emulator.requests] == [("用 open X R，好。", "+5%")]
    assert (speech.sample_rate, speech.samples.dtype, speech.unspoken) == (24000, np.int16, ())
    assert speech.made_by.startswith("edge-tts 7.")
    # The tone begins where the emulator's boundaries say, and MP3 delays it.
    first = np.flatnonzero(np.abs(speech.samples) > 500)[0] / 24000
    starts = [word.start - first for word in speech.words]
    assert starts == pytest.approx([0, 0.26 / 1.05, (0.26 + 0.48 + 0.2) / 1.05], abs=0.002)


@pytest.mark.parametrize(("rate", "sent"), [(1.0, "+0%"), (0.5, "-50%"), (2.0, "+100%"), (1.004, "+0%"), (1.1, "+10%")])
def test_rates(emulator, edge, rate, sent):
    edge().speak(Utterance("好。", "zh", VOICE, rate))
    assert emulator.requests[0].rate == sent


def test_semitones_become_hertz_by_the_usual_pitch_of_the_gender(emulator, edge):
    edge().speak(Utterance("好。", "zh", VOICE, pitch=2.0))
    edge().speak(Utterance("好。", "zh", VOICE))
    assert [request.pitch for request in emulator.requests] == ["+25Hz", "+0Hz"]
    assert [pitch_hertz(pitch, EdgeVoice("en-US-GuyNeural", "male")) for pitch in (-6, -1, 2, 6)] == [-34, -6, 14, 48]


def percents_of_takes(rate):
    takes = [ClipSpec("edge", "edge", VOICE, rate, "zh", "好。", take=take) for take in range(1, MOST_TAKES + 1)]
    return {rate_percent(take.spoken_rate) for take in takes}


def test_no_two_takes_of_any_rate_are_the_same_to_the_service():
    rates = [number / 1000 for number in range(500, 2001)]
    assert [rate for rate in rates if len(percents_of_takes(rate)) < MOST_TAKES] == []


def test_a_text_too_long_for_one_request_is_sent_in_pieces(emulator, edge):
    text = "这是很长的一句话。" * 80
    speech = edge().speak(Utterance(text, "zh", VOICE))
    assert len(emulator.requests) == 2
    assert "".join(request.text for request in emulator.requests) == text
    assert len(speech.words) == 8 * 80
    assert [word.written for word in speech.words] == [
        (index, index + 1) for index in range(len(text)) if text[index] != "。"
    ]
    assert all(one.end <= other.start + 1e-6 for one, other in zip(speech.words, speech.words[1:], strict=False))
    assert speech.words[-1].end <= speech.samples.size / 24000


@pytest.mark.parametrize(
    ("utterance", "error", "message"),
    [
        (Utterance("……！？", "zh", VOICE), SpeechError, "no words to speak in"),
        (Utterance("", "zh", VOICE), SpeechError, "no words to speak in"),
        (
            Utterance("你好。", "zh", "en-US-AriaNeural"),
            VoiceError,
            "en-US-AriaNeural cannot read Chinese.+like zh-CN-",
        ),
        (Utterance("你好。", "zh", "zh-CN-NobodyNeural"), VoiceError, "has no voice 'zh-CN-NobodyNeural'"),
    ],
)
def test_what_is_never_sent(emulator, edge, utterance, error, message):
    with pytest.raises(error, match=message):
        edge().speak(utterance)
    assert emulator.upgrades == 0


def test_a_voice_that_would_be_silent_is_refused(emulator, edge):
    engine = edge()
    engine.check(VOICE, "en")
    with pytest.raises(VoiceError, match="en-US-GuyNeural cannot speak 'zh'; choose one like zh-CN-"):
        engine.check("en-US-GuyNeural", "zh")
    assert (emulator.upgrades, emulator.list_requests) == (0, 1)


def test_what_a_voice_passes_over_is_said(emulator, edge):
    speech = edge().speak(Utterance("Her name is 王芳 and she writes.", "en", "en-US-AriaNeural"))
    assert speech.unspoken == ("王芳",)
    assert len(emulator.requests) == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"voice": "x"}, "has the settings proxy, sockets, offline, not voice"),
        ({"proxy": 3128}, "engines.edge.proxy must be an address"),
        ({"sockets": 0}, "a number from 1 to 8, not 0"),
        ({"sockets": 9}, "a number from 1 to 8, not 9"),
        ({"sockets": True}, "a number from 1 to 8, not True"),
    ],
)
def test_wrong_settings(settings, message):
    with pytest.raises(EngineError, match=message):
        EdgeEngine(settings)


@pytest.mark.parametrize("named_by", ["setting", "HTTPS_PROXY", "ALL_PROXY"])
def test_speech_and_list_go_through_the_proxy(emulator, edge, monkeypatch, named_by):
    proxy = f"http://127.0.0.1:{emulator.port}"  # it takes requests for any host, as a proxy does
    for name in ("edge_tts.communicate.WSS_URL", "edge_tts.voices.VOICE_LIST"):
        url = emulator.websocket_url if "WSS" in name else emulator.voice_list_url
        monkeypatch.setattr(name, url.replace(f"127.0.0.1:{emulator.port}", "speech.invalid"))
    if named_by != "setting":
        monkeypatch.setenv(named_by, proxy)
    engine = edge(proxy=proxy if named_by == "setting" else None)
    assert engine.speak(Utterance("好。", "zh", VOICE)).samples.size
    assert (emulator.upgrades, emulator.list_requests) == (1, 1)
    found = engine.availability(online=True)
    assert found.state == "ready"
    assert f"through 127.0.0.1:{emulator.port} (" in found.how


def test_offline_nothing_is_sent(emulator, edge):
    engine = edge(offline=True)
    engine.check(VOICE, "zh")
    assert len(engine.voices()) == 322
    with pytest.raises(OutageError, match="leave out --offline"):
        engine.speak(Utterance("好。", "zh", VOICE))
    assert engine.availability(online=True).state == "unknown"
    assert (emulator.upgrades, emulator.list_requests) == (0, 0)


def test_health_without_a_request(emulator, edge):
    found = edge().availability(online=False)
    assert (found.state, found.how) == ("unknown", "not tested; without a proxy, 322 voices (packaged list)")
    assert (emulator.upgrades, emulator.list_requests) == (0, 0)


def test_health_with_a_request(emulator, edge):
    found = edge().availability(online=True)
    assert (found.state, found.remedy) == ("ready", "")
    assert found.how == "zh-CN-XiaoxiaoNeural spoke, without a proxy, 4 voices (listed today)"
    assert [request.text for request in emulator.requests] == ["1 2 3"]


def test_a_machine_without_room_for_a_connection(edge, monkeypatch):
    def full(*_, **__):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("threading.Thread.start", full)
    found = edge().availability(online=True)
    assert found.state == "unavailable"
    assert found.how.startswith("edge cannot open a connection (Too many open files); close other programs")


def test_ill_health(emulator, edge, monkeypatch):
    emulator.disappear()
    found = edge().availability(online=True)
    assert (found.state, found.remedy) == (
        "unavailable",
        "check that the server is running and no firewall blocks it",
    )
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    found = edge().availability(online=False)
    assert (found.state, found.how) == (
        "unavailable",
        "ALL_PROXY names a socks5 proxy, but only HTTP proxies can be used",
    )
    engine = edge()
    engine.close()
    assert engine.availability(online=False).state == "unavailable"


def test_a_list_of_voices_that_never_comes(emulator, edge, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setattr("edge_tts.voices.VOICE_LIST", f"http://127.0.0.1:{deaf.getsockname()[1]}/?x=1")
        found = edge(list_timeouts=Timeouts(0.05, 0.05)).availability(online=True)
    assert (found.state, found.remedy) == ("unavailable", "run again later")
    assert found.how == "an answer from 127.0.0.1 took more than 0.05 s"


def test_the_silence_of_a_clip_without_boundaries_is_told_from_speech(emulator, edge, monkeypatch):
    monkeypatch.setattr("edge_emulator.emulator.boundaries", lambda *_: ())
    speech = edge().speak(Utterance("一二三四五六七八九十", "zh", VOICE))
    assert [word.written for word in speech.words] == [(index, index + 1) for index in range(10)]
    heard = float(np.flatnonzero(np.abs(speech.samples.astype(int)) > 1000)[0]) / speech.sample_rate
    assert 0.175 <= speech.words[0].start == pytest.approx(heard, abs=0.02)


def test_importing_the_engine_loads_no_client():
    import subprocess
    import sys

    code = "import sys, interview_audio.engines.edge.engine; print({'aiohttp', 'edge_tts', 'av'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
