"""Whether an answer's sound is whole, by its bytes, and can be all of its text, by its length.

That is all that can be told where no word times come with it.
"""

import io

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.durations import estimate_seconds, shortest_seconds, voiced_seconds
from interview_audio.engines.online.retries import RUN_AGAIN_LATER, FailureKind, TransientError, incomplete_answer_error
from interview_audio.text.units import counted

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""Of an answer. A WAV header that promises more promises nothing: streams write 0, 2000000000, 0x7fffffff or
0xffffffff."""
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


MIN_SHARE_OF_ESTIMATE = 0.5
"""Speech without its pauses takes at least this part of what its text would take.

Of 250 lines in five voices of Kokoro none took less than 0.68 of it, so that a voice a third faster passes as well. Of
those of more than two seconds 56 in 100 are found when half is left of them, 94 with two fifths, 99 with a third.
"""
_MIN_SHARE_AT_KNOWN_RATE = 0.6
"""The same of a voice that is known to speak at the rate that it is given: 26 letters or 8 Chinese characters a second.

Edge's voices were measured (``durations``).
"""
_MAX_SHARE_OF_ESTIMATE, _MAX_EXTRA_SECONDS = 5.0, 15.0
"""With pauses it takes at most this many times as long, plus seconds: addresses and abbreviations are spelt."""
_MAX_SILENT_SAMPLE = 100
"""Greatest sample of a clip in which nothing is said: -50 dB, above what MP3 makes of silence."""


def missing_sound_error(heard: float, wanted: float, about: str = "") -> TransientError:
    """Return the error for sound that is too short.

    Args:
        heard: Seconds of speech that came.
        wanted: Seconds that there should be.
        about: ``about `` if that is only estimated.
    """
    return incomplete_answer_error(f"incomplete audio ({heard:.1f} of {about}{wanted:.1f} s)")


def check_audible(samples: NDArray[np.int16]) -> None:
    """Raise ``TransientError`` if nothing is said at all."""
    if int(np.abs(samples.astype(np.int32)).max(initial=0)) < _MAX_SILENT_SAMPLE:
        raise TransientError(FailureKind.SILENT, "no speech was received, only silence", RUN_AGAIN_LATER)


def check_duration(samples: NDArray[np.int16], sample_rate: int, text: str, rate: float, *, follows_rate: bool) -> None:
    """Raise if a sound is silence, or too short or too long for its text.

    Args:
        samples: Mono.
        sample_rate: Hz.
        text: What the voice was to say of what was sent.
        rate: Of speech: 1.1 is faster.
        follows_rate: The voice is known to speak at this rate. Else a rate widens what passes, and never narrows it:
            not every model follows it, and some are told in words to hurry.

    Raises:
        TransientError: It cannot be all, or is nothing.
    """
    check_audible(samples)
    fastest, slowest = (rate, rate) if follows_rate else (max(rate, 1.0), min(rate, 1.0))
    usual = shortest_seconds(text) / fastest
    voiced, seconds = voiced_seconds(samples, sample_rate), samples.size / sample_rate
    if voiced < (_MIN_SHARE_AT_KNOWN_RATE if follows_rate else MIN_SHARE_OF_ESTIMATE) * usual:
        raise missing_sound_error(voiced, usual, "about ")
    if seconds > _MAX_SHARE_OF_ESTIMATE * estimate_seconds(text) / slowest + _MAX_EXTRA_SECONDS:
        raise incomplete_answer_error(
            f"audio that does not end ({seconds:.0f} s for {counted(len(text), 'character')})"
        )
