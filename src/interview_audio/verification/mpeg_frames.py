"""Walks the frames of an MP3 by their headers, decoding nothing, and says what players cannot rely on."""

from dataclasses import dataclass
from pathlib import Path

from interview_audio.production.containers.mp3_frames import InfoHeader, next_frame, read_info_header
from interview_audio.text.units import counted


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
        first = next_frame(file)
        if first is None:
            return MpegFrames(0, 0, 0, (), 0, 0, None, path.stat().st_size - start)
        header, content = first
        info = read_info_header(content)
        count, size, bitrates = (0, header.size, {}) if info else (1, header.size, {header.bitrate: None})
        while (found := next_frame(file)) is not None and found[0].stream == header.stream:
            count += 1
            size += found[0].size
            bitrates[found[0].bitrate] = None
    rest = path.stat().st_size - start - size
    return MpegFrames(header.sample_rate, header.channels, header.samples, tuple(bitrates), count, size, info, rest)


def frame_problems(frames: MpegFrames) -> tuple[str, ...]:
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
