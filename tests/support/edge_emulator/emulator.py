"""Loopback emulator of the Microsoft Edge read-aloud text-to-speech service.

It speaks the protocol that the ``edge_tts`` 7.x client expects (WebSocket endpoint,
voice list, boundary metadata, MP3 frames) and reproduces the known failures of the
service::

    with EdgeEmulator([Fault(FaultKind.HTTP_STATUS, status=503)]) as emulator:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", emulator.websocket_url)
        monkeypatch.setattr("edge_tts.voices.VOICE_LIST", emulator.voice_list_url)

With a ``tls_context`` no constant needs replacing: pass ``emulator.connector()`` to
``edge_tts.Communicate`` and add the test CA to ``edge_tts.communicate._SSL_CTX``.
"""

import asyncio
import json
import re
import socket
import ssl
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import formatdate
from xml.etree import ElementTree

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from loopback.server import LoopbackServer

from .faults import CUTTING_FAULTS, UPGRADE_FAULTS, Fault, FaultKind
from .synthetic_speech import boundaries, speakable, synthesize

BASE_PATH = "/consumer/speech/synthesize/readaloud"
AUDIO_MESSAGE_BYTES = 720  # five MP3 frames of 24 ms
DEFAULT_VOICES = ("en-US-AriaNeural", "en-US-GuyNeural", "zh-CN-XiaoxiaoNeural", "zh-CN-YunxiNeural")


@dataclass(frozen=True)
class SynthesisRequest:
    """One SSML message as the emulator understood it."""

    text: str
    voice: str
    rate: str
    volume: str
    pitch: str
    boundary: str
    fault: FaultKind | None


class _LoopbackResolver(AbstractResolver):
    """Resolves every host name to the emulator's address and port."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to release."""


class EdgeEmulator(LoopbackServer):
    """The server, a context manager. ``faults`` may be changed while it runs.

    Like the service, it sends no audio for a voice it lacks or a text the voice cannot read.
    ``latency`` is the time in seconds from a request to the first answer of its turn.
    ``gone_after`` turns have begun, the server drops all connections and refuses new ones
    until ``reappear``.

    ``clock_skew`` shifts the server's clock and ``Date`` header; ``check_token`` answers
    403 to a stale ``Sec-MS-GEC``; ``max_connections`` answers 429 above that many at once.
    """

    def __init__(
        self,
        faults: Iterable[Fault] = (),
        *,
        voices: Iterable[str] = DEFAULT_VOICES,
        tls_context: ssl.SSLContext | None = None,
        clock_skew: float = 0.0,
        check_token: bool = False,
        max_connections: int | None = None,
        latency: float = 0.0,
        gone_after: int | None = None,
    ) -> None:
        super().__init__(tls_context)
        self.faults = list(faults)
        self.voices = tuple(voices)
        self.requests: list[SynthesisRequest] = []
        self.upgrades = self.open_connections = self.peak_connections = self.list_requests = 0
        self.latency, self.gone_after = latency, gone_after
        self._clock_skew, self._check_token, self._max_connections = clock_skew, check_token, max_connections

    @property
    def websocket_url(self) -> str:
        """Replacement for ``edge_tts.communicate.WSS_URL``."""
        return f"ws{'s' if self._tls else ''}://127.0.0.1:{self.port}{BASE_PATH}/edge/v1?TrustedClientToken=x"

    @property
    def voice_list_url(self) -> str:
        """Replacement for ``edge_tts.voices.VOICE_LIST``."""
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}{BASE_PATH}/voices/list?trustedclienttoken=x"

    def connector(self) -> aiohttp.TCPConnector:
        """A connector that leads here, good for one session (edge_tts closes it)."""
        return aiohttp.TCPConnector(resolver=_LoopbackResolver(self.port))

    def routes(self) -> Iterable[web.RouteDef]:
        return web.get(f"{BASE_PATH}/edge/v1", self._websocket), web.get(f"{BASE_PATH}/voices/list", self._voice_list)

    def _take_fault(self, *, upgrade: bool, text: str = "") -> Fault | None:
        for fault in self.faults:
            if fault.times and (fault.kind in UPGRADE_FAULTS) == upgrade and (upgrade or fault.match in text):
                fault.times -= 1
                return fault
        return None

    def _refusal(self, request: web.Request) -> web.Response | None:
        now = time.time() + self._clock_skew
        date = {"Date": formatdate(now, usegmt=True)}
        if self._max_connections is not None and self.open_connections >= self._max_connections:
            return web.Response(status=429, headers=date)
        if self._check_token:
            from edge_tts.drm import generate_sec_ms_gec_v2  # edge_tts 7.3 and later

            tokens = {generate_sec_ms_gec_v2(now + shift) for shift in (-300, 0, 300)}
            if request.query.get("Sec-MS-GEC") not in tokens:
                return web.Response(status=403, headers=date)
        return None

    async def _voice_list(self, request: web.Request) -> web.Response:
        self.list_requests += 1
        voices = []
        for short_name in self.voices:
            locale, _, name = short_name.rpartition("-")
            full_name = f"Microsoft Server Speech Text to Speech Voice ({locale}, {name})"
            common = {"Gender": "Female", "Status": "GA", "FriendlyName": full_name}
            voices.append({"Name": full_name, "ShortName": short_name, "Locale": locale, **common})
        return self._refusal(request) or web.json_response(voices)

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        self.upgrades += 1
        if fault := self._take_fault(upgrade=True):
            if fault.kind is FaultKind.HANDSHAKE_HANG:
                await asyncio.sleep(3600)
            return web.Response(status=fault.status, headers=fault.headers)
        if refusal := self._refusal(request):
            return refusal
        self.open_connections += 1
        self.peak_connections = max(self.peak_connections, self.open_connections)
        try:
            ws = web.WebSocketResponse()
            await ws.prepare(request)
            boundary = "SentenceBoundary"
            async for message in ws:
                head, _, body = str(message.data).partition("\r\n\r\n")
                if "Path:speech.config" in head:
                    options = json.loads(body)["context"]["synthesis"]["audio"]["metadataoptions"]
                    boundary = "WordBoundary" if options["wordBoundaryEnabled"] == "true" else "SentenceBoundary"
                elif "Path:ssml" in head:
                    await self._turn(request, ws, body, boundary)
            return ws
        finally:
            self.open_connections -= 1

    async def _turn(self, request: web.Request, ws: web.WebSocketResponse, ssml: str, boundary: str) -> None:
        voice_element = ElementTree.fromstring(ssml)[0]
        voice = re.sub(r".*\((.+), (.+)\)", r"\1-\2", voice_element.get("name", ""))
        text, options = voice_element[0].text or "", voice_element[0].attrib
        fault = self._take_fault(upgrade=False, text=text)
        kind = fault.kind if fault else None
        self.requests.append(
            SynthesisRequest(text, voice, options["rate"], options["volume"], options["pitch"], boundary, kind)
        )
        if self.gone_after is not None and len(self.requests) > self.gone_after:
            self.gone_after = None
            await self.vanish()
        await asyncio.sleep(self.latency)
        request_id, stream_id = uuid.uuid4().hex, uuid.uuid4().hex

        async def send(path: str, body: object) -> None:
            head = f"X-RequestId:{request_id}\r\nContent-Type:application/json; charset=utf-8\r\nPath:{path}"
            await ws.send_str(f"{head}\r\n\r\n{json.dumps(body)}")

        async def send_audio(data: bytes) -> None:
            mime = "Content-Type:audio/mpeg\r\n" if data else ""  # the closing message has none
            head = f"X-RequestId:{request_id}\r\n{mime}X-StreamId:{stream_id}\r\nPath:audio\r\n".encode()
            await ws.send_bytes(len(head).to_bytes(2, "big") + head + data)

        await send("turn.start", {"context": {"serviceTag": uuid.uuid4().hex}})
        if kind is FaultKind.UNKNOWN_PATH:
            await send("unknown.path", {})
        if kind is not FaultKind.NO_AUDIO and voice in self.voices and speakable(text, voice):
            await send("response", {"audio": {"type": "inline", "streamId": stream_id}})
            told, sounding = _fallen_short(text, kind)
            for event in boundaries(told, boundary, options["rate"]):
                await send("audio.metadata", {"Metadata": [event]})
            audible = 0.5 if kind is FaultKind.MUTED else 1.0
            mp3 = await asyncio.to_thread(synthesize, sounding, voice, options["rate"], audible)
            if fault and kind is FaultKind.GARBAGE:
                damaged = slice(fault.after * AUDIO_MESSAGE_BYTES, (fault.after + 5) * AUDIO_MESSAGE_BYTES)
                mp3 = mp3[: damaged.start] + bytes(len(mp3[damaged])) + mp3[damaged.stop :]
            for number, start in enumerate(range(0, len(mp3), AUDIO_MESSAGE_BYTES)):
                if fault and kind is FaultKind.SLOW:
                    await asyncio.sleep(fault.delay)
                if fault and kind in CUTTING_FAULTS and number == fault.after:
                    if kind is FaultKind.TRUNCATE:
                        break
                    if kind is FaultKind.HANG:
                        await asyncio.sleep(3600)
                    if kind is FaultKind.DISCONNECT and request.transport:
                        await asyncio.sleep(0.05)  # a reset discards what the client has not read
                        request.transport.abort()
                    await ws.close(code=aiohttp.WSCloseCode.INTERNAL_ERROR)
                    return
                await send_audio(mp3[start : start + AUDIO_MESSAGE_BYTES])
            await send_audio(b"")
        await send("turn.end", {})


def _fallen_short(text: str, kind: FaultKind | None) -> tuple[str, str]:
    """What a fault leaves of a text in the boundaries and in the sound."""
    half, third = text[: len(text) // 2], len(text) // 3
    rest = text[:third] + text[2 * third :]
    left = {
        FaultKind.SHORTEN: (half, half),
        FaultKind.UNREPORTED: (half, text),
        FaultKind.HALVED: (text, half),
        FaultKind.SKIPPED: (rest, rest),
        FaultKind.UNTOLD: ("", text[:third]),
    }
    return left.get(kind, (text, text)) if kind else (text, text)
