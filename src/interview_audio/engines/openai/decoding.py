"""The answer's bytes into samples: WAV, also with a length that a stream did not know, MP3, or bare PCM."""

import io

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.quantities import counted

PCM_RATE = 24000
"""Of bare PCM: 24 kHz, 16 bit, little-endian, mono. Source: OpenAI, text to speech guide, supported output formats."""
LONGEST = 64 * 1024 * 1024
"""Bytes. A WAV header that promises more promises nothing: streams write 0, 2000000000, 0x7fffffff or 0xffffffff."""
_RATES = range(8000, 192001)


class DecodingError(Exception):
    """What came is not sound that is whole."""


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
            raise DecodingError("half a sample is missing")
        return np.frombuffer(content, "<i2").astype(np.int16), PCM_RATE
    if container is None:
        raise DecodingError(f"it is not {form}")
    if container == "wav":
        _check_wav(content)
    try:
        return _decoded(content, container)
    except (av.error.FFmpegError, IndexError) as error:  # IndexError: a file without a stream
        raise DecodingError(f"it is damaged {container}") from error


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
                raise DecodingError(f"{counted(position + size - len(content), 'byte')} missing")
            if content[position + size + size % 2 :][:4] == b"RIFF":
                raise DecodingError("it consists of several WAV files")
            return
        position += size + size % 2
    raise DecodingError("it is WAV without audio")


def _decoded(content: bytes, container: str) -> tuple[NDArray[np.int16], int]:
    with av.open(io.BytesIO(content), "r", format=container) as source:
        stream = source.streams.audio[0]
        rate = stream.codec_context.sample_rate
        if rate not in _RATES:
            raise DecodingError(f"it has {rate} samples per second")
        mono = av.AudioResampler("s16", "mono", rate)
        frames = [made for frame in source.decode(stream) for made in mono.resample(frame)]
        sound = [frame.to_ndarray()[0] for frame in [*frames, *mono.resample(None)]]
    return np.concatenate([np.zeros(0, np.int16), *sound]), rate
