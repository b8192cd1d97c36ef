"""The answer's bytes into samples: WAV, also with a length that a stream did not know, MP3, or bare PCM.

One request to the server and its answer, whole, or what its failure means; no error holds the request.
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

from interview_audio.engines.online.network import Route, meaning, retry_after
from interview_audio.engines.online.retries import LATER, Limits, SetbackError, Trouble, watched
from interview_audio.engines.openai.server import Server, headers, without_key
from interview_audio.errors import OutageError
from interview_audio.text.printable import printable
from interview_audio.text.units import counted

PCM_RATE = 24000
"""Of bare PCM: 24 kHz, 16 bit, little-endian, mono. Source: OpenAI, text to speech guide, supported output formats."""
LONGEST = 64 * 1024 * 1024
"""Bytes. A WAV header that promises more promises nothing: streams write 0, 2000000000, 0x7fffffff or 0xffffffff."""
_RATES = range(8000, 192001)
_MPEG_1 = 3
"""The version bits of an MP3 frame's header. Its tables: ISO/IEC 11172-3 and 13818-3, layer III."""
_KILOBITS = (
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
)
"""Bit rates by their index, of MPEG 2 and 2.5, and of MPEG 1."""
_FRAME_SAMPLES = (576, 1152)
_DELAY_FRAMES = 4
"""What a decoder may take off for the delay and the padding of the encoder."""


class DecodingError(Exception):
    """What came is not sound that is whole; the message says so in full."""


def decode(content: bytes, form: str) -> tuple[NDArray[np.int16], int]:
    """Samples, shape ``(n,)``, mono, and their rate in Hz; several channels are mixed.

    A server that sends another format than it was asked for is understood where the bytes say which.

    Args:
        content: The whole answer.
        form: ``wav``, ``mp3`` or ``pcm``, as asked for.

    Raises:
        DecodingError: It is no sound, or ends before its header says.
    """
    container = _container(content)
    if container is None and form == "pcm":
        if len(content) % 2:
            raise DecodingError("incomplete audio (half a sample is missing)")
        return np.frombuffer(content, "<i2").astype(np.int16), PCM_RATE
    if container is None:
        raise DecodingError(f"unusable audio (not {form})")
    if container == "wav":
        _check_wav(content)
    try:
        samples, rate, last = _decoded(content, container)
    except (av.error.FFmpegError, IndexError) as error:  # IndexError: a file without a stream
        raise DecodingError(f"unusable audio (damaged {container})") from error
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
    """Walk the chunks up to the data, which must all be there. Source: RIFF, each chunk is name, size, content."""
    position = 12
    while position + 8 <= len(content):
        name, size = content[position : position + 4], int.from_bytes(content[position + 4 : position + 8], "little")
        position += 8
        if name == b"data":
            if size and size <= LONGEST and position + size > len(content):
                raise DecodingError(f"incomplete audio ({counted(position + size - len(content), 'byte')} missing)")
            if content[position + size + size % 2 :][:4] == b"RIFF":
                raise DecodingError("unusable audio (several WAV files in a row)")
            return
        position += size + size % 2
    raise DecodingError("incomplete audio (WAV without sound)")


def _check_mp3(content: bytes, samples: int, last: bytes) -> None:
    """The last frame must be whole, and there must be as many as the first one states, if it does (Xing, LAME)."""
    is_frame = len(last) > 3 and last[0] == 0xFF and last[1] & 0xE0 == 0xE0
    if is_frame and (missing := _frame_size(last) - len(last)) > 0:
        raise DecodingError(f"incomplete audio ({counted(missing, 'byte')} of the last frame missing)")
    start = content.find(b"\xff", _id3_size(content))
    head = content[start : start + 64]
    at = max(head.find(b"Xing"), head.find(b"Info"))
    if at < 4 or not head[at + 7] & 1:
        return
    each = _FRAME_SAMPLES[_is_mpeg_1(head)]
    stated = int.from_bytes(head[at + 8 : at + 12], "big") * each
    if samples < stated - _DELAY_FRAMES * each:
        raise DecodingError(f"incomplete audio ({samples / stated:.0%} of what its header states)")


def _frame_size(frame: bytes) -> int:
    """Bytes of an MP3 frame by its header; 0 where that does not tell."""
    bitrate, rate = frame[2] >> 4, (44100, 48000, 32000, 0)[frame[2] >> 2 & 3]
    halved = {_MPEG_1: 0, 2: 1, 0: 2}.get(frame[1] >> 3 & 3)
    if not rate or halved is None or not 0 < bitrate < 15:
        return 0
    is_mpeg_1 = _is_mpeg_1(frame)
    padding = frame[2] >> 1 & 1
    return _FRAME_SAMPLES[is_mpeg_1] // 8 * _KILOBITS[is_mpeg_1][bitrate] * 1000 // (rate >> halved) + padding


def _is_mpeg_1(frame: bytes) -> bool:
    return frame[1] >> 3 & 3 == _MPEG_1


def _id3_size(content: bytes) -> int:
    """Bytes of the tag at the beginning. Source: ID3v2.4, 3.1: seven bits a byte."""
    if content[:3] != b"ID3":
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte
    return 10 + size


def _decoded(content: bytes, container: str) -> tuple[NDArray[np.int16], int, bytes]:
    """Samples, their rate, and the last packet."""
    with av.open(io.BytesIO(content), "r", format=container) as source:
        stream = source.streams.audio[0]
        rate = stream.codec_context.sample_rate
        if rate not in _RATES:
            raise DecodingError(f"unusable audio ({rate} samples per second)")
        mono = av.AudioResampler("s16", "mono", rate)
        packets = [packet for packet in source.demux(stream) if packet.size]
        last = bytes(packets[-1]) if packets else b""
        decoded = [*(frame for packet in packets for frame in stream.decode(packet)), *stream.decode(None)]
        frames = [made for frame in decoded for made in mono.resample(frame)]
        sound = [frame.to_ndarray()[0] for frame in [*frames, *mono.resample(None)]]
    return np.concatenate([np.zeros(0, np.int16), *sound]), rate, last


_CONNECT = 10.0
_THROTTLING = frozenset((408, 425, 429, 502, 503, 504))
"""500 is not among them: servers of one's own answer so to a voice or a text that they cannot say."""
_OUT_OF_CREDIT = ("insufficient_quota", "billing_hard_limit_reached", "credit")
_LONGEST_COMPLAINT, _SHOWN = 65536, 150
_SETTINGS = "see engines.openai in voices.yaml"


class RefusedError(Exception):
    """The server understood the request and does not do it: the text, the voice, the model or a setting."""

    def __init__(self, reason: str, complaint: str) -> None:
        super().__init__(reason, complaint)
        self.reason = reason
        self.complaint = complaint


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer with status 200."""

    content: bytes
    kind: str
    """Media type, lower case, without parameters."""
    software: str
    """What the ``Server`` header says."""


async def post(
    server: Server, route: Route, limits: Limits, body: Mapping[str, Any], on_bytes: Callable[[], None]
) -> Answer:
    """Send ``POST …/audio/speech``.

    Args:
        server: Where to.
        route: Through which proxy.
        limits: How long to wait.
        body: The request.
        on_bytes: Called for each portion that comes.

    Raises:
        SetbackError: This attempt failed; the answer, if any, is not whole.
        RefusedError: The server does not do it.
        OutageError: No attempt can succeed.
    """
    return await _exchange(server, route, limits, ("POST", "/audio/speech", body), on_bytes)


async def get(server: Server, route: Route, limits: Limits, path: str) -> Answer:
    """Ask for a path below the base URL; raises as ``post`` does."""
    return await _exchange(server, route, limits, ("GET", path, None), lambda: None)


async def _exchange(
    server: Server,
    route: Route,
    limits: Limits,
    request: tuple[str, str, Mapping[str, Any] | None],
    on_bytes: Callable[[], None],
) -> Answer:
    method, path, body = request
    trouble: SetbackError | OutageError
    try:
        async with (
            watched(limits, route.host, on_bytes) as heard,
            aiohttp.ClientSession(
                headers=headers(server),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(connect=_CONNECT),
            ) as session,
            session.request(
                method,
                server.base_url + path,
                json=body,
                proxy=route.proxy.url if route.proxy else None,
                allow_redirects=False,  # a key goes nowhere but where the settings say
            ) as response,
        ):
            heard()
            if response.status != 200:
                raise _refusal(response, await _complaint(response, server), route)
            return await _received(response, route, heard)
    except (aiohttp.ClientError, OSError) as error:
        trouble = meaning(error, route)
    raise trouble  # out here, for the errors of aiohttp hold the request and so the key


async def _received(response: aiohttp.ClientResponse, route: Route, on_bytes: Callable[[], None]) -> Answer:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise _strange(f"{route.host} sent a compressed answer, which was not requested")
    portions, size = [], 0
    async for portion in response.content.iter_any():
        on_bytes()
        size += len(portion)
        if size > LONGEST:
            raise _strange(f"{route.host} sent more than {LONGEST // 1024**2} MB")
        portions.append(portion)
    return Answer(b"".join(portions), response.content_type.lower(), _on_one_line(response.headers.get("Server", "")))


async def _complaint(response: aiohttp.ClientResponse, server: Server) -> str:
    """What a refusal says; nothing if it does not say it to the end."""
    content = b""
    try:
        async for portion in response.content.iter_any():
            content += portion
            if len(content) >= _LONGEST_COMPLAINT:
                break
    except aiohttp.ClientError:
        return ""  # that it broke off says less than the status, which stands
    return _said(content, server)


def _refusal(response: aiohttp.ClientResponse, complaint: str, route: Route) -> Exception:
    status = response.status
    reason = f"{route.host} answered {status}" + (f" ({complaint})" if complaint else "")
    if status == 402 or (status == 429 and any(word in complaint for word in _OUT_OF_CREDIT)):
        return OutageError(reason, "top up the account; waiting does not help")
    if status in _THROTTLING:
        return SetbackError(Trouble.THROTTLED, reason, LATER, retry_after(response.headers))
    if status in (401, 403):  # what it says of a key may show a part of it
        return OutageError(f"{route.host} refused the request ({status})", route.refused())
    if 300 <= status < 400:
        return OutageError(f"{route.host} redirects to another address ({status})", "correct engines.openai.base_url")
    if status == 500:
        return SetbackError(Trouble.STRANGE, reason, f"{_SETTINGS}, and the server's log")
    if 400 <= status < 500 and status != 407:
        return RefusedError(reason, complaint)
    return OutageError(reason, _SETTINGS)


def _said(content: bytes, server: Server) -> str:
    """What a refusal says, in a few words: OpenAI's ``error.message``, FastAPI's ``detail``, or plain text."""
    text = content.decode("utf-8", "replace")
    if text.lstrip().startswith("<"):  # a page of a proxy or web server
        return ""
    with contextlib.suppress(ValueError, RecursionError):  # plain text, more than was read, or nesting without end
        text = _message(json.loads(text))
    return _on_one_line(without_key(text, server))


def _message(answer: Any) -> str:
    """The innermost text, with the code that stands beside it."""
    if isinstance(answer, list):
        answer = answer[0] if answer else ""
    if not isinstance(answer, dict):
        return str(answer)
    inner = next((answer[key] for key in ("error", "detail", "message", "msg") if answer.get(key)), "")
    code = answer.get("code")
    return _message(inner) + (f" [{code}]" if isinstance(code, str) and code else "")


def _on_one_line(text: str) -> str:
    """What fits a message of it."""
    line = printable(text)
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _strange(reason: str) -> SetbackError:
    return SetbackError(Trouble.STRANGE, reason, f"{_SETTINGS}, and the server's log")
