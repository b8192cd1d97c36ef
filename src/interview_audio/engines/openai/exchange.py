"""One request to the server and its answer, whole, or what its failure means; and the answer's bytes as samples.

No error holds the request: it holds the key.
"""

import contextlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.online.network import Route, parse_retry_after, translate_error
from interview_audio.engines.online.retries import (
    RUN_AGAIN_LATER,
    FailureKind,
    Timeouts,
    TransientError,
    idle_timeout,
    incomplete_answer_error,
)
from interview_audio.engines.openai.server import Server, remove_key, request_headers
from interview_audio.errors import OutageError
from interview_audio.text.printable import printable
from interview_audio.text.units import counted, shortened

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""Of an answer. A WAV header that promises more promises nothing: streams write 0, 2000000000, 0x7fffffff or
0xffffffff."""
_CONNECT_SECONDS = 10.0
_THROTTLING_STATUSES = frozenset((408, 425, 429, 502, 503, 504))
"""500 is not among them: servers of one's own answer so to a voice or a text that they cannot say."""
_OUT_OF_CREDIT = ("insufficient_quota", "billing_hard_limit_reached", "credit")
_MAX_COMPLAINT_BYTES, _MAX_SHOWN_CHARS = 65536, 150
_SEE_SETTINGS = "see engines.openai in voices.yaml"
_PCM_RATE = 24000
"""Of bare PCM: 24 kHz, 16 bit, little-endian, mono. Source: OpenAI, text to speech guide, supported output formats."""
_SAMPLE_RATES = range(8000, 192001)
_MPEG_1 = 3
"""The version bits of an MP3 frame's header. Its tables: ISO/IEC 11172-3 and 13818-3, layer III."""
_KILOBITS = (
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
)
"""Bit rates by their index, of MPEG 2 and 2.5, and of MPEG 1."""
_SAMPLES_PER_FRAME = (576, 1152)
"""Of MPEG 2 and 2.5, and of MPEG 1."""
_DELAY_FRAMES = 4
"""What a decoder may take off for the delay and the padding of the encoder."""


class RequestRefusedError(Exception):
    """The server understood the request and refuses it: for its text, its voice, its model or a setting."""

    def __init__(self, reason: str, complaint: str) -> None:
        super().__init__(reason, complaint)
        self.reason = reason
        self.complaint = complaint


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer with status 200."""

    content: bytes
    media_type: str
    """Lower case, without parameters."""
    software: str
    """What the ``Server`` header says."""


async def post_speech(
    server: Server, route: Route, timeouts: Timeouts, body: Mapping[str, Any], on_bytes: Callable[[], None]
) -> HttpAnswer:
    """Send ``POST …/audio/speech``.

    Args:
        server: Where to.
        route: Through which proxy.
        timeouts: How long to wait.
        body: The request.
        on_bytes: Called for each portion that comes.

    Raises:
        TransientError: This attempt failed; the answer, if any, is not whole.
        RequestRefusedError: The server refuses this request.
        OutageError: No attempt can succeed.
    """
    return await _exchange(server, route, timeouts, ("POST", "/audio/speech", body), on_bytes)


async def get(server: Server, route: Route, timeouts: Timeouts, path: str) -> HttpAnswer:
    """Send ``GET`` for a path below the base URL; raise as ``post_speech`` does."""
    return await _exchange(server, route, timeouts, ("GET", path, None), lambda: None)


async def _exchange(
    server: Server,
    route: Route,
    timeouts: Timeouts,
    request: tuple[str, str, Mapping[str, Any] | None],
    on_bytes: Callable[[], None],
) -> HttpAnswer:
    method, path, body = request
    failure: TransientError | OutageError
    try:
        async with (
            idle_timeout(timeouts, route.host, on_bytes) as note_activity,
            aiohttp.ClientSession(
                headers=request_headers(server),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(connect=_CONNECT_SECONDS),
            ) as session,
            session.request(
                method,
                server.base_url + path,
                json=body,
                proxy=route.proxy.url if route.proxy else None,
                allow_redirects=False,  # a key goes nowhere but where the settings say
            ) as response,
        ):
            note_activity()
            if response.status != 200:
                raise _refusal_error(response, await _read_complaint(response, server), route)
            return await _receive(response, route, note_activity)
    except (aiohttp.ClientError, OSError) as error:
        failure = translate_error(error, route)
    raise failure  # out here, for the errors of aiohttp hold the request and so the key


async def _receive(response: aiohttp.ClientResponse, route: Route, on_bytes: Callable[[], None]) -> HttpAnswer:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise _not_understood_error(f"{route.host} sent a compressed answer, which was not requested")
    portions, size = [], 0
    async for portion in response.content.iter_any():
        on_bytes()
        size += len(portion)
        if size > MAX_ANSWER_BYTES:
            raise _not_understood_error(f"{route.host} sent more than {MAX_ANSWER_BYTES // 1024**2} MB")
        portions.append(portion)
    return HttpAnswer(
        b"".join(portions), response.content_type.lower(), _on_one_line(response.headers.get("Server", ""))
    )


async def _read_complaint(response: aiohttp.ClientResponse, server: Server) -> str:
    """Return what a refusal says, for a message; nothing if it breaks off."""
    content = b""
    try:
        async for portion in response.content.iter_any():
            content += portion
            if len(content) >= _MAX_COMPLAINT_BYTES:
                break
    except aiohttp.ClientError:
        return ""  # the status says more than that the connection broke
    return _explanation(content, server)


def _refusal_error(response: aiohttp.ClientResponse, complaint: str, route: Route) -> Exception:
    status = response.status
    reason = f"{route.host} answered {status}" + (f" ({complaint})" if complaint else "")
    if status == 402 or (status == 429 and any(word in complaint for word in _OUT_OF_CREDIT)):
        return OutageError(reason, "top up the account; waiting does not help")
    if status in _THROTTLING_STATUSES:
        return TransientError(FailureKind.THROTTLED, reason, RUN_AGAIN_LATER, parse_retry_after(response.headers))
    if status in (401, 403):  # what it says of a key may show a part of it
        return OutageError(f"{route.host} refused the request ({status})", route.refused())
    if 300 <= status < 400:
        return OutageError(f"{route.host} redirects to another address ({status})", "correct engines.openai.base_url")
    if status == 500:
        return TransientError(FailureKind.NOT_UNDERSTOOD, reason, f"{_SEE_SETTINGS}, and the server's log")
    if 400 <= status < 500 and status != 407:
        return RequestRefusedError(reason, complaint)
    return OutageError(reason, _SEE_SETTINGS)


def _explanation(content: bytes, server: Server) -> str:
    """Return the text of a refusal: OpenAI's ``error.message``, FastAPI's ``detail``, or plain text."""
    text = content.decode("utf-8", "replace")
    if text.lstrip().startswith("<"):  # a page of a proxy or web server
        return ""
    with contextlib.suppress(ValueError, RecursionError):  # plain text, more than was read, or nesting without end
        text = _innermost_text(json.loads(text))
    return _on_one_line(remove_key(text, server))


def _innermost_text(answer: Any) -> str:
    """Return the innermost text of an answer, with the error code beside it."""
    if isinstance(answer, list):
        answer = answer[0] if answer else ""
    if not isinstance(answer, dict):
        return str(answer)
    inner = next((answer[key] for key in ("error", "detail", "message", "msg") if answer.get(key)), "")
    code = answer.get("code")
    return _innermost_text(inner) + (f" [{code}]" if isinstance(code, str) and code else "")


def _on_one_line(text: str) -> str:
    """Return the part of a text that fits a message."""
    return shortened(printable(text), _MAX_SHOWN_CHARS)


def _not_understood_error(reason: str) -> TransientError:
    return TransientError(FailureKind.NOT_UNDERSTOOD, reason, f"{_SEE_SETTINGS}, and the server's log")


def decode_audio(content: bytes, requested_format: str) -> tuple[NDArray[np.int16], int]:
    """Decode an answer: WAV, also with a length that a stream did not know, MP3, or bare PCM.

    A server that sends another format than it was asked for is understood if the bytes say which.

    Args:
        content: The whole answer.
        requested_format: ``wav``, ``mp3`` or ``pcm``.

    Returns:
        Samples, shape ``(n,)``, several channels mixed to one, and their rate in Hz.

    Raises:
        TransientError: It is not a sound, or ends before its header says.
    """
    container = _container(content)
    if container is None and requested_format == "pcm":
        if len(content) % 2:
            raise incomplete_answer_error("incomplete audio (half a sample is missing)")
        return np.frombuffer(content, "<i2").astype(np.int16), _PCM_RATE
    if container is None:
        raise incomplete_answer_error(f"unusable audio (not {requested_format})")
    if container == "wav":
        _check_wav(content)
    try:
        samples, rate, last = _decode(content, container)
    except (av.error.FFmpegError, IndexError) as error:  # IndexError: a file without a stream
        raise incomplete_answer_error(f"unusable audio (damaged {container})") from error
    if container == "mp3":
        _check_mp3(content, samples.size, last)
    return samples, rate


def _container(content: bytes) -> str | None:
    if content[:4] == b"RIFF":
        return "wav"
    if content[:4] in (b"fLaC", b"OggS"):
        return {b"fLaC": "flac", b"OggS": "ogg"}[content[:4]]
    is_frame = len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2  # sync, layer III
    return "mp3" if content[:3] == b"ID3" or (is_frame and content[1] & 0x18 != 0x08) else None


def _check_wav(content: bytes) -> None:
    """Walk the chunks up to the data, which must be complete. Source: RIFF; a chunk is name, size, content."""
    position = 12
    while position + 8 <= len(content):
        name, size = content[position : position + 4], int.from_bytes(content[position + 4 : position + 8], "little")
        position += 8
        if name == b"data":
            if size and size <= MAX_ANSWER_BYTES and position + size > len(content):
                raise incomplete_answer_error(
                    f"incomplete audio ({counted(position + size - len(content), 'byte')} missing)"
                )
            if content[position + size + size % 2 :][:4] == b"RIFF":
                raise incomplete_answer_error("unusable audio (several WAV files in a row)")
            return
        position += size + size % 2
    raise incomplete_answer_error("incomplete audio (WAV without sound)")


def _check_mp3(content: bytes, samples: int, last: bytes) -> None:
    """Raise unless the last frame is whole, and there are as many as the first one states if it does (Xing, LAME)."""
    is_frame = len(last) > 3 and last[0] == 0xFF and last[1] & 0xE0 == 0xE0
    if is_frame and (missing := _frame_size(last) - len(last)) > 0:
        raise incomplete_answer_error(f"incomplete audio ({counted(missing, 'byte')} of the last frame missing)")
    start = content.find(b"\xff", _id3_size(content))
    head = content[start : start + 64]
    at = max(head.find(b"Xing"), head.find(b"Info"))
    if at < 4 or not head[at + 7] & 1:
        return
    each = _SAMPLES_PER_FRAME[_is_mpeg_1(head)]
    stated = int.from_bytes(head[at + 8 : at + 12], "big") * each
    if samples < stated - _DELAY_FRAMES * each:
        raise incomplete_answer_error(f"incomplete audio ({samples / stated:.0%} of what its header states)")


def _frame_size(frame: bytes) -> int:
    """Return the bytes of an MP3 frame by its header; 0 if that does not tell."""
    bitrate, rate = frame[2] >> 4, (44100, 48000, 32000, 0)[frame[2] >> 2 & 3]
    halved = {_MPEG_1: 0, 2: 1, 0: 2}.get(frame[1] >> 3 & 3)
    if not rate or halved is None or not 0 < bitrate < 15:
        return 0
    is_mpeg_1 = _is_mpeg_1(frame)
    padding = frame[2] >> 1 & 1
    return _SAMPLES_PER_FRAME[is_mpeg_1] // 8 * _KILOBITS[is_mpeg_1][bitrate] * 1000 // (rate >> halved) + padding


def _is_mpeg_1(frame: bytes) -> bool:
    return frame[1] >> 3 & 3 == _MPEG_1


def _id3_size(content: bytes) -> int:
    """Return the bytes of the tag at the beginning. Source: ID3v2.4, 3.1: seven bits a byte."""
    if content[:3] != b"ID3":
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte
    return 10 + size


def _decode(content: bytes, container: str) -> tuple[NDArray[np.int16], int, bytes]:
    """Return samples, their rate, and the last packet."""
    with av.open(io.BytesIO(content), "r", format=container) as source:
        stream = source.streams.audio[0]
        rate = stream.codec_context.sample_rate
        if rate not in _SAMPLE_RATES:
            raise incomplete_answer_error(f"unusable audio ({rate} samples per second)")
        mono = av.AudioResampler("s16", "mono", rate)
        packets = [packet for packet in source.demux(stream) if packet.size]
        last = bytes(packets[-1]) if packets else b""
        decoded = [*(frame for packet in packets for frame in stream.decode(packet)), *stream.decode(None)]
        frames = [resampled for frame in decoded for resampled in mono.resample(frame)]
        sound = [frame.to_ndarray()[0] for frame in [*frames, *mono.resample(None)]]
    return np.concatenate([np.zeros(0, np.int16), *sound]), rate, last
