"""Walks the frames of an MP3 by their headers, decoding nothing, and says where they are not as players rely on them.

Layout after ISO/IEC 11172-3, 2.4.1.3, and 13818-3.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from interview_audio.configuration.settings import MPEG1_BITRATES, MPEG2_BITRATES
from interview_audio.production.containers.info_header import InfoHeader, read_info_header
from interview_audio.quantities import counted

_HEADER = 4
_SYNC = 0xFFE00000
_LAYER_3 = 0b01
_MPEG1, _MPEG2, _MPEG2_5 = 0b11, 0b10, 0b00
_SAMPLE_RATES = {_MPEG1: (44100, 48000, 32000), _MPEG2: (22050, 24000, 16000), _MPEG2_5: (11025, 12000, 8000)}
_MONO = 0b11


@dataclass(frozen=True, slots=True)
class MpegFrames:
    """The frames of a file, counted."""

    sample_rate: int
    """Hz; 0 where there is no frame."""
    channels: int
    frame_samples: int
    """Samples that a frame decodes to."""
    bitrates: tuple[int, ...]
    """kbit/s, each once, in order of appearance; one for a constant bit rate."""
    count: int
    """Frames with sound."""
    size: int
    """Bytes of all frames, that with the Info header included."""
    info: InfoHeader | None
    rest: int
    """Bytes from the first place where no whole frame begins to the end of the file."""

    @property
    def samples(self) -> int:
        """Length of the sound."""
        edges = self.info.delay + self.info.padding if self.info else 0
        return self.count * self.frame_samples - edges


@dataclass(frozen=True, slots=True)
class _Header:
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
        return 1152 if self.version == _MPEG1 else 576


def read_frames(path: Path, start: int = 0) -> MpegFrames:
    """Walk from the first frame to where no whole frame of the same stream follows.

    Args:
        path: Of an MP3.
        start: Where the first frame begins: behind the tag.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        file.seek(start)
        first = _next(file)
        if first is None:
            return MpegFrames(0, 0, 0, (), 0, 0, None, path.stat().st_size - start)
        header, content = first
        info = read_info_header(content)
        count, size, bitrates = (0, header.size, {}) if info else (1, header.size, {header.bitrate: None})
        while (found := _next(file)) is not None and found[0].stream == header.stream:
            count += 1
            size += found[0].size
            bitrates[found[0].bitrate] = None
    rest = path.stat().st_size - start - size
    return MpegFrames(header.sample_rate, header.channels, header.samples, tuple(bitrates), count, size, info, rest)


def first_frame(file: BinaryIO) -> tuple[bytes, int]:
    """Read the frame at which a file stands.

    Returns:
        Its bytes, and how many samples a frame of this kind decodes to.

    Raises:
        ValueError: No whole frame begins here.
    """
    found = _next(file)
    if found is None:
        raise ValueError("no MPEG frame begins here")
    header, content = found
    return content, header.samples


def complaints(frames: MpegFrames) -> tuple[str, ...]:
    """What is not as players rely on it, each on one line; none of a sound file."""
    if not frames.size:
        return ("no MPEG frame follows the tag",)
    found = []
    if len(frames.bitrates) > 1:
        rates = ", ".join(map(str, sorted(frames.bitrates)))
        found.append(f"the bit rate varies ({rates} kbit/s), which makes players jump to the wrong place")
    if frames.rest:
        follow = "follows" if frames.rest == 1 else "follow"
        found.append(f"{counted(frames.rest, 'byte')} {follow} the last whole frame")
    info = frames.info
    if info is None:
        found.append("the Info header that states the length is missing, so players guess it")
    else:
        if info.frames != frames.count:
            found.append(f"the Info header states {info.frames} frames, but there are {frames.count}")
        if info.size != frames.size:
            found.append(f"the Info header states {info.size} bytes, but there are {frames.size}")
    return tuple(found)


def _next(file: BinaryIO) -> tuple[_Header, bytes] | None:
    start = file.read(_HEADER)
    header = _header(start) if len(start) == _HEADER else None
    if header is None:
        return None
    content = start + file.read(header.size - _HEADER)
    return (header, content) if len(content) == header.size else None


def _header(start: bytes) -> _Header | None:
    (word,) = struct.unpack(">I", start)
    version, layer, rate, speed = word >> 19 & 3, word >> 17 & 3, word >> 12 & 15, word >> 10 & 3
    if word & _SYNC != _SYNC or version not in _SAMPLE_RATES or layer != _LAYER_3 or speed == 3 or rate in (0, 15):
        return None
    bitrate = (MPEG1_BITRATES if version == _MPEG1 else MPEG2_BITRATES)[rate - 1]
    sample_rate = _SAMPLE_RATES[version][speed]
    size = (144 if version == _MPEG1 else 72) * bitrate * 1000 // sample_rate + (word >> 9 & 1)
    channels = 1 if word >> 6 & 3 == _MONO else 2
    return _Header(version, bitrate, sample_rate, channels, size)
