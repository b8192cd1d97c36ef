"""The server: speaks with test tones, as it is told to fail."""

import asyncio
import io
import json
import struct
import wave
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from edge_emulator.synthetic_speech import encode
from interview_audio.engines.protocol import Utterance
from interview_audio.engines.tone import SAMPLE_RATE, ToneEngine
from loopback.server import LoopbackServer


@dataclass
class Fault:
    """What goes wrong with a request for speech."""

    kind: str = "status"
    """``status``, ``cut`` (at ``after`` bytes), ``reset`` and ``hang`` (the same), ``part`` (of the text: its first ``share``),
    ``fade`` (the same length, of which only the first ``share`` sounds), ``short`` (only the first ``share`` of the
    bytes, as if they were all), ``body``;
    ``portions`` and ``torn``: a status whose body comes in two portions, or only the first of them."""
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    after: int = 0
    share: float = 0.05
    times: int = 1
    """Requests that it meets; -1 for all."""
    match: str = ""


@dataclass(frozen=True)
class Asked:
    """A request for speech as it came."""

    body: dict[str, Any]
    headers: dict[str, str]


class SpeechServer(LoopbackServer):
    """A context manager; ``faults`` and the rest may be changed while it runs.

    ``voices``: what ``GET /v1/audio/voices`` answers; None: 404. ``key``: asked for if it is not None.
    ``wav_length``: what a WAV header says of the data; None: the truth. ``sent_as``: a format whatever was asked for.
    """

    def __init__(self, faults: Iterable[Fault] = (), *, voices: Any = None, key: str | None = None) -> None:
        super().__init__()
        self.faults = list(faults)
        self.voices, self.key = voices, key
        self.wav_length: int | None = None
        self.sent_as: str | None = None
        self.is_chunked = False
        self.latency = 0.0
        self.asked: list[Asked] = []
        self.list_requests = self.open = self.peak = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def texts(self) -> list[str]:
        return [asked.body["input"] for asked in self.asked]

    def routes(self) -> Iterable[web.RouteDef]:
        return web.post("/v1/audio/speech", self._speech), web.get("/v1/audio/voices", self._list)

    async def _list(self, request: web.Request) -> web.Response:
        self.list_requests += 1
        return web.json_response(self.voices) if self.voices is not None else web.Response(status=404)

    async def _speech(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked.append(Asked(body, dict(request.headers)))
        self.open += 1
        self.peak = max(self.peak, self.open)
        try:
            await asyncio.sleep(self.latency)
            return await self._answer(request, body)
        finally:
            self.open -= 1

    async def _answer(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        if self.key is not None and request.headers.get("Authorization") != f"Bearer {self.key}":
            message = f"Incorrect API key provided: {request.headers.get('Authorization')}"
            return web.json_response({"error": {"message": message}}, status=401)
        fault = self._fault(body["input"])
        if fault and fault.kind in ("status", "body"):
            status = fault.status if fault.kind == "status" else 200
            return web.Response(status=status, headers=fault.headers, body=fault.body)
        if fault and fault.kind in ("portions", "torn"):
            return await self._complain(request, fault)
        form = self.sent_as or body["response_format"]
        content = self._content(body, form, fault)
        response = web.StreamResponse(headers={"Content-Type": f"audio/{form}", "Server": "tones/1"})
        if self.is_chunked:
            response.enable_chunked_encoding()
        else:
            response.content_length = len(content)
        await response.prepare(request)
        if fault and fault.kind in ("cut", "reset", "hang"):
            await response.write(content[: fault.after])
            await asyncio.sleep(3600 if fault.kind == "hang" else 0.02)
            assert request.transport
            request.transport.abort() if fault.kind == "reset" else request.transport.close()
            return response
        await response.write(content)
        await response.write_eof()
        return response

    def _content(self, body: dict[str, Any], form: str, fault: Fault | None) -> bytes:
        text, kind, share = body["input"], fault.kind if fault else "", fault.share if fault else 1.0
        if kind == "part":
            text = text[: int(len(text) * share)]
        audible = share if kind == "fade" else 1.0
        content = spoken(text, str(body["voice"]), body.get("speed", 1.0), form, self.wav_length, audible)
        return content[: int(len(content) * share) // 2 * 2] if kind == "short" else content

    async def _complain(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        response = web.StreamResponse(status=fault.status, headers=fault.headers)
        response.content_length = len(fault.body)
        await response.prepare(request)
        await response.write(fault.body[: fault.after])
        await asyncio.sleep(0.05)
        if fault.kind == "torn":
            assert request.transport
            request.transport.close()
        else:
            await response.write(fault.body[fault.after :])
        return response

    def _fault(self, text: str) -> Fault | None:
        for fault in self.faults:
            if fault.times and fault.match in text:
                fault.times -= 1
                return fault
        return None


def spoken(text: str, voice: str, rate: float, form: str, wav_length: int | None = None, audible: float = 1.0) -> bytes:
    """Tones for a text in a format, of which the first part is audible."""
    samples = ToneEngine({}).speak(Utterance(text, "en", voice, rate)).samples.copy()
    samples[int(len(samples) * audible) :] = 0
    if form == "mp3":
        return encode(samples)
    pcm = samples.astype("<i2").tobytes()
    if form == "pcm":
        return pcm
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(pcm)
    made = content.getvalue()
    return made if wav_length is None else made[:40] + struct.pack("<I", wav_length) + made[44:]


def complaint(message: str, **more: Any) -> bytes:
    """A refusal as OpenAI words it."""
    return json.dumps({"error": {"message": message, **more}}).encode()
