"""The Info header in an MP3's first frame, by which players know how long the sound is and where it begins.

Layout after LAME's "Mp3 Info Tag rev 1" and its VbrTag.c.

Walks the frames of an MP3 by their headers, decoding nothing, and says where they are not as players rely on them.

Layout after ISO/IEC 11172-3, 2.4.1.3, and 13818-3.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from interview_audio.configuration.settings import MPEG1_BITRATES, MPEG2_BITRATES

_XING_HEADER = 4
_CHECKSUM = 2
_NAMES = (b"Info", b"Xing")
_HAS_FRAMES, _HAS_BYTES, _HAS_SEEK_POINTS, _HAS_QUALITY = 1, 2, 4, 8
_SEEK_POINTS = 100
_COUNT = 4
# From the encoder's name: twelve bits each of delay and padding, and at the end a checksum of all bytes before it.
_EDGES = slice(21, 24)
_TAG_CHECKSUM = 34
_MOST_PADDING = 0xFFF
_CRC_16_REFLECTED = 0xA001


@dataclass(frozen=True, slots=True)
class InfoHeader:
    """What the first frame says of all the others; it holds no sound itself."""

    frames: int | None
    """Beside this one; None where it does not say."""
    size: int | None
    """Bytes of all frames, this one included; None where it does not say."""
    delay: int
    """Samples that the encoder put before the sound."""
    padding: int
    """Samples that it put behind."""


def read_info_header(frame: bytes) -> InfoHeader | None:
    """Read the header from the first frame of an MP3; None where that frame holds sound."""
    position = _position(frame)
    if frame[position : position + 4] not in _NAMES:
        return None
    (flags,) = struct.unpack_from(">I", frame, position + 4)
    counts = position + 8
    frames = int.from_bytes(frame[counts : counts + _COUNT]) if flags & _HAS_FRAMES else None
    counts += _COUNT if flags & _HAS_FRAMES else 0
    size = int.from_bytes(frame[counts : counts + _COUNT]) if flags & _HAS_BYTES else None
    edges = int.from_bytes(frame[_encoder(frame) :][_EDGES])
    return InfoHeader(frames, size, edges >> 12, edges & _MOST_PADDING)


def with_length(frame: bytes, frame_samples: int, length: int) -> bytes:
    """The first frame with the padding that leaves so many samples of sound.

    FFmpeg counts at most one frame of padding beside the decoder's delay, though LAME may add up to 47 samples more;
    and it writes the checksum of a stereo header whatever the channels.

    Args:
        frame: The first frame of an MP3, with a header that counts its frames.
        frame_samples: Samples that one frame decodes to.
        length: Of the sound, in samples.

    Raises:
        ValueError: The frame holds no such header, or the file holds fewer samples or far more.
    """
    info = read_info_header(frame)
    if info is None or info.frames is None:
        raise ValueError("the first frame does not count the others")
    padding = info.frames * frame_samples - info.delay - length
    if not 0 <= padding <= _MOST_PADDING:
        raise ValueError(f"{info.frames} frames for {length} samples")
    encoder = _encoder(frame)
    edges = (info.delay << 12 | padding).to_bytes(3)
    end = encoder + _TAG_CHECKSUM
    head = frame[: encoder + _EDGES.start] + edges + frame[encoder + _EDGES.stop : end]
    return head + _checksum(head).to_bytes(2) + frame[end + 2 :]


def _position(frame: bytes) -> int:
    """Where the header stands: in place of the sound, behind the side information."""
    is_mpeg1, is_mono, has_checksum = frame[1] & 0x08, frame[3] >> 6 == 0b11, not frame[1] & 0x01
    side = (17 if is_mono else 32) if is_mpeg1 else (9 if is_mono else 17)
    return _XING_HEADER + (_CHECKSUM if has_checksum else 0) + side


def _encoder(frame: bytes) -> int:
    """Where the encoder's name stands, behind those counts that the flags announce."""
    position = _position(frame)
    (flags,) = struct.unpack_from(">I", frame, position + 4)
    sizes = {_HAS_FRAMES: _COUNT, _HAS_BYTES: _COUNT, _HAS_SEEK_POINTS: _SEEK_POINTS, _HAS_QUALITY: _COUNT}
    return position + 8 + sum(size for flag, size in sizes.items() if flags & flag)


def _checksum(content: bytes) -> int:
    """CRC-16 with the reflected polynomial 0x8005, as LAME computes it."""
    remainder = 0
    for byte in content:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (_CRC_16_REFLECTED if remainder & 1 else 0)
    return remainder


_HEADER = 4
_SYNC = 0xFFE00000
_LAYER_3 = 0b01
_MPEG1, _MPEG2, _MPEG2_5 = 0b11, 0b10, 0b00
_SAMPLE_RATES = {_MPEG1: (44100, 48000, 32000), _MPEG2: (22050, 24000, 16000), _MPEG2_5: (11025, 12000, 8000)}
_MONO = 0b11


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """A frame by its first four bytes."""

    version: int
    bitrate: int
    sample_rate: int
    channels: int
    size: int

    @property
    def stream(self) -> tuple[int, int, int]:
        """What is the same in all frames of a stream."""
        return self.version, self.sample_rate, self.channels

    @property
    def samples(self) -> int:
        """Samples that the frame decodes to."""
        return 1152 if self.version == _MPEG1 else 576


def first_frame(file: BinaryIO) -> tuple[bytes, int]:
    """Read the frame at which a file stands.

    Returns:
        Its bytes, and how many samples a frame of this kind decodes to.

    Raises:
        ValueError: No whole frame begins here.
    """
    found = next_frame(file)
    if found is None:
        raise ValueError("no MPEG frame begins here")
    header, content = found
    return content, header.samples


def next_frame(file: BinaryIO) -> tuple[FrameHeader, bytes] | None:
    """Read the frame at which a file stands, and its header; None where no whole frame begins."""
    start = file.read(_HEADER)
    header = _header(start) if len(start) == _HEADER else None
    if header is None:
        return None
    content = start + file.read(header.size - _HEADER)
    return (header, content) if len(content) == header.size else None


def _header(start: bytes) -> FrameHeader | None:
    (word,) = struct.unpack(">I", start)
    version, layer, rate, speed = word >> 19 & 3, word >> 17 & 3, word >> 12 & 15, word >> 10 & 3
    if word & _SYNC != _SYNC or version not in _SAMPLE_RATES or layer != _LAYER_3 or speed == 3 or rate in (0, 15):
        return None
    bitrate = (MPEG1_BITRATES if version == _MPEG1 else MPEG2_BITRATES)[rate - 1]
    sample_rate = _SAMPLE_RATES[version][speed]
    size = (144 if version == _MPEG1 else 72) * bitrate * 1000 // sample_rate + (word >> 9 & 1)
    channels = 1 if word >> 6 & 3 == _MONO else 2
    return FrameHeader(version, bitrate, sample_rate, channels, size)
