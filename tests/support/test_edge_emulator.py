"""How tests use the emulator, and proof of how the real client reacts to each fault."""

import asyncio
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import edge_tts
import edge_tts.communicate
import pytest
import trustme
from edge_tts.drm import DRM
from edge_tts.exceptions import NoAudioReceived, SkewAdjustmentError, UnknownResponse

from edge_emulator.emulator import EdgeEmulator
from edge_emulator.faults import Fault, FaultKind

TEXT = "你好，世界。今天的播客开始了！我们聊聊 Python & TTS。"
VOICE = "zh-CN-YunxiNeural"


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[EdgeEmulator]:
    """The whole redirection: two constants; plus a reset of the client's global clock skew."""
    monkeypatch.setattr(DRM, "clock_skew_seconds", 0.0)
    with EdgeEmulator() as server:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", server.websocket_url)
        monkeypatch.setattr("edge_tts.voices.VOICE_LIST", server.voice_list_url)
        yield server


async def collect(
    text: str = TEXT, seconds: float = 30, **options: Any
) -> tuple[bytes, list[str], edge_tts.Communicate]:
    communicate = edge_tts.Communicate(text, VOICE, **options)
    audio, spoken = b"", []
    async with asyncio.timeout(seconds):
        async for message in communicate.stream():
            if message["type"] == "audio":
                audio += message["data"]
            else:
                spoken.append(message["text"])
    return audio, spoken, communicate


def test_streams_audio_and_boundaries(emulator: EdgeEmulator) -> None:
    audio, spoken, communicate = asyncio.run(collect(rate="-10%", pitch="+5Hz"))
    assert audio[:2] == b"\xff\xf3"
    assert len(audio) % 144 == 0
    assert "".join(spoken) == TEXT
    assert communicate.state["cumulative_audio_bytes"] == len(audio)
    request = emulator.requests[0]
    assert (request.text, request.voice, request.rate, request.pitch) == (TEXT, VOICE, "-10%", "+5Hz")
    assert asyncio.run(collect(rate="-10%", pitch="+5Hz"))[0] == audio  # deterministic


def test_voice_list(emulator: EdgeEmulator) -> None:
    manager = asyncio.run(edge_tts.VoicesManager.create())
    assert {voice["ShortName"] for voice in manager.find(Language="zh")} == {VOICE, "zh-CN-XiaoxiaoNeural"}


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_refused_upgrade(emulator: EdgeEmulator, status: int) -> None:
    emulator.faults = [Fault(FaultKind.HTTP_STATUS, status=status, headers={"Retry-After": "7"})]
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        asyncio.run(collect())
    assert caught.value.status == status
    assert caught.value.headers is not None
    assert caught.value.headers["Retry-After"] == "7"


def test_403_is_retried_once_by_the_client(emulator: EdgeEmulator) -> None:
    emulator.faults = [Fault(FaultKind.HTTP_STATUS, status=403)]
    assert asyncio.run(collect())[0]
    assert emulator.upgrades == 2
    emulator.faults = [Fault(FaultKind.HTTP_STATUS, status=403, times=2)]
    with pytest.raises(aiohttp.WSServerHandshakeError):
        asyncio.run(collect())
    emulator.faults = [Fault(FaultKind.HTTP_STATUS, status=403, headers={"Date": "?"})]
    with pytest.raises(SkewAdjustmentError):
        asyncio.run(collect())


def test_clock_skew_is_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DRM, "clock_skew_seconds", 0.0)
    with EdgeEmulator(check_token=True, clock_skew=3600) as emulator:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", emulator.websocket_url)
        assert asyncio.run(collect())[0]
        assert emulator.upgrades == 2
        assert asyncio.run(collect())[0]
        assert emulator.upgrades == 3
    assert DRM.clock_skew_seconds == pytest.approx(3600, abs=2)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(FaultKind.NO_AUDIO), NoAudioReceived),
        (Fault(FaultKind.DISCONNECT, after=0), NoAudioReceived),
        (Fault(FaultKind.UNKNOWN_PATH), UnknownResponse),
        (Fault(FaultKind.HANG), TimeoutError),  # ours: receive_timeout does not apply
    ],
)
def test_turn_faults_that_raise(emulator: EdgeEmulator, fault: Fault, expected: type[Exception]) -> None:
    emulator.faults = [fault]
    with pytest.raises(expected):
        asyncio.run(collect(seconds=2, receive_timeout=1))


@pytest.mark.parametrize("kind", [FaultKind.DISCONNECT, FaultKind.CLOSE, FaultKind.TRUNCATE])
def test_turn_faults_that_pass_silently(emulator: EdgeEmulator, kind: FaultKind) -> None:
    emulator.faults = [Fault(kind)]
    audio, spoken, communicate = asyncio.run(collect())
    assert len(audio) == 2 * 720
    assert "".join(spoken) == TEXT
    turn_ended = communicate.state["cumulative_audio_bytes"] == len(audio)
    assert turn_ended == (kind is FaultKind.TRUNCATE)


def test_receive_timeout_covers_only_the_handshake(emulator: EdgeEmulator) -> None:
    emulator.faults = [Fault(FaultKind.HANDSHAKE_HANG)]
    with pytest.raises(aiohttp.SocketTimeoutError):
        asyncio.run(collect(receive_timeout=1))


@pytest.mark.parametrize(
    ("voice", "text"), [("zh-CN-XiaochenNeural", TEXT), (VOICE, "……！？"), ("en-US-AriaNeural", "你好")]
)
def test_missing_voice_and_unspeakable_text(emulator: EdgeEmulator, voice: str, text: str) -> None:
    with pytest.raises(NoAudioReceived):
        asyncio.run(anext(edge_tts.Communicate(text, voice).stream()))


def test_text_without_spaces_is_not_split(emulator: EdgeEmulator) -> None:
    asyncio.run(collect("hello " * 1000, rate="+900%"))
    assert [len(request.text) <= 4096 for request in emulator.requests] == [True, True]
    emulator.requests.clear()
    asyncio.run(collect("你好世界，" * 400, rate="+900%"))
    assert [len(request.text.encode()) for request in emulator.requests] == [6000]  # edge_tts 7.3.1 bug


def test_tls_with_the_real_host_name() -> None:
    authority, server = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("speech.platform.bing.com").configure_cert(server)

    async def speak(text: str) -> bytes:
        try:
            return (await collect(text, connector=service.connector()))[0]
        finally:
            await asyncio.sleep(0.25)  # aiohttp closes a connection with TLS only some rounds of the loop later

    with EdgeEmulator(tls_context=server) as service:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            asyncio.run(speak(TEXT))
        authority.configure_trust(edge_tts.communicate._SSL_CTX)
        assert asyncio.run(speak(TEXT))
        with pytest.raises(RuntimeError, match="Session is closed"):  # a connector serves one turn
            asyncio.run(speak("hello " * 1000))


def test_child_process(emulator: EdgeEmulator, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, edge_tts.communicate, edge_tts.voices\n"
        "edge_tts.communicate.WSS_URL = os.environ['EDGE_WEBSOCKET_URL']\n"
        "edge_tts.voices.VOICE_LIST = os.environ['EDGE_VOICE_LIST_URL']\n"
    )
    urls = {"EDGE_WEBSOCKET_URL": emulator.websocket_url, "EDGE_VOICE_LIST_URL": emulator.voice_list_url}
    output = tmp_path / "hello.mp3"
    command = [sys.executable, "-m", "edge_tts", "--voice", VOICE, "--text", TEXT, "--write-media", str(output)]
    subprocess.run(command, env={**os.environ, **urls, "PYTHONPATH": str(tmp_path)}, check=True, timeout=30)
    assert output.stat().st_size > 1000
