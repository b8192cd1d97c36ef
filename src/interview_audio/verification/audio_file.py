"""A finished sound file, of whatever maker: as FFmpeg-based players read it, frame by frame, and as it sounds.

FFmpeg forgives much in coding, tags, chapters and cover; the walk over the frames of an MP3 decodes nothing and says
what players cannot rely on. What its tag is like in detail is read by ``id3_tags``. Loudness and true peak come from
FFmpeg's meter, which did not set the levels.
"""

import contextlib
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av

from interview_audio.errors import InterviewAudioError
from interview_audio.files.input_files import irregular_kind
from interview_audio.production.containers.mp3_frames import InfoHeader, next_frame, read_info_header
from interview_audio.production.timeline import ChapterMark
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
    """List what players cannot rely on, each on one line; nothing for a good file."""
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


_BRAND_OF_AUDIOBOOKS = "M4B "
# RFC 7845, 5.1: the header's pre-skip, samples of 48 kHz.
_PRE_SKIP = slice(10, 12)
_FORMATS_WITHOUT_ENDS = ("ogg", "flac")


class AudioFileError(InterviewAudioError):
    """A file cannot be read as sound: name another, or render the episode again."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; choose another file or render the episode again"


@dataclass(frozen=True, slots=True)
class FileContents:
    """All that a file says."""

    format: str
    """``mp3``, ``m4b``, ``m4a``, ``opus``, ``flac``; of another file, FFmpeg's name of it."""
    codec: str
    """FFmpeg's name: ``mp3``, ``aac``, ``opus``, ``flac``."""
    channels: int
    sample_rate: int
    """Hz."""
    bitrate: int
    """Bits per second: of the sound where the format says it, else of the whole file; 0 where neither is known."""
    samples: int
    """Length at ``sample_rate`` as the file declares it, without priming and padding; 0 where it does not."""
    chapters: tuple[ChapterMark, ...]
    """In the order in which FFmpeg gives them: that of the file. Ogg and FLAC know no ends."""
    tags: Mapping[str, str]
    """FFmpeg's names in lower case: ``title``, ``artist``, ``album``, ``date``, ``language``."""
    cover: bytes
    """The first attached picture; none if empty."""

    @property
    def milliseconds(self) -> int:
        """Length, rounded half up as `Timeline.milliseconds` does."""
        return _milliseconds(Fraction(self.samples, self.sample_rate))


def read_file(path: Path) -> FileContents:
    """Read everything but the sound.

    Raises:
        AudioFileError: The file does not exist, cannot be opened, or holds no sound.
    """
    try:
        if kind := irregular_kind(path):
            raise AudioFileError(str(path), f"this is {kind}, not an audio file")
        # The prefix keeps a colon in a name from being read as a protocol.
        with av.open(f"file:{path}") as container:
            if not container.streams.audio:
                raise AudioFileError(str(path), "it has no audio")
            return _contents(container, container.streams.audio[0])
    except (av.error.FFmpegError, OSError) as error:
        raise AudioFileError(str(path), f"it cannot be read ({error.strerror})") from error


def _contents(container: av.container.InputContainer, stream: av.AudioStream) -> FileContents:
    has_ends = container.format.name not in _FORMATS_WITHOUT_ENDS
    return FileContents(
        format=_format(container, stream),
        codec=stream.codec_context.codec.canonical_name,
        channels=stream.codec_context.channels,
        sample_rate=stream.codec_context.sample_rate,
        bitrate=stream.codec_context.bit_rate or container.bit_rate or 0,
        samples=_samples(stream),
        chapters=tuple(_chapter(mark, has_ends) for mark in container.chapters()),
        tags={key.lower(): text for key, text in {**stream.metadata, **container.metadata}.items()},
        cover=_cover(container),
    )


def _format(container: av.container.InputContainer, stream: av.AudioStream) -> str:
    names = container.format.name.split(",")
    if "m4a" in names:
        return "m4b" if container.metadata.get("major_brand") == _BRAND_OF_AUDIOBOOKS else "m4a"
    if names == ["ogg"] and stream.codec_context.codec.canonical_name == "opus":
        return "opus"
    return names[0]


def _samples(stream: av.AudioStream) -> int:
    if stream.duration is None or stream.time_base is None:
        return 0
    samples = round(stream.duration * stream.time_base * stream.codec_context.sample_rate)
    header = stream.codec_context.extradata or b""
    # FFmpeg counts what an Opus decoder is told to skip; of MP3 and MP4 it does not.
    return samples - int.from_bytes(header[_PRE_SKIP], "little") if header.startswith(b"OpusHead") else samples


def _chapter(mark: Mapping[str, Any], has_end: bool) -> ChapterMark:  # noqa: FBT001 - of the format
    start, end = (_milliseconds(mark[edge] * mark["time_base"]) for edge in ("start", "end"))
    return ChapterMark(mark["metadata"].get("title", ""), start, end if has_end else None)


def _milliseconds(seconds: Fraction) -> int:
    return math.floor(seconds * 1000 + Fraction(1, 2))


def _cover(container: av.container.InputContainer) -> bytes:
    for stream in container.streams.video:
        if stream.disposition & av.stream.Disposition.attached_pic:
            return next((bytes(packet) for packet in container.demux(stream) if packet.size), b"")
    return b""


SILENCE = -70.0
"""LUFS of what no meter hears."""

# A mono file plays from two loudspeakers; a meter that counts one of them reads 3 LU less (EBU R128, dual mono).
_METER = "metadata=1:framelog=quiet:dualmono=1:peak=true"
_QUIETEST = 1e-6


@dataclass(frozen=True, slots=True)
class MeasuredSound:
    """What comes out of a decoder."""

    loudness: float
    """Integrated, in LUFS (EBU R128), mono as dual mono; -70 for silence."""
    true_peak: float
    """dBTP; -120 for silence."""
    seconds: Fraction
    """Length of the decoded sound."""
    fault: str
    """Why the sound could not be decoded to its end; empty if it could."""

    @property
    def milliseconds(self) -> int:
        """Length, rounded half up as `Timeline.milliseconds` does."""
        return math.floor(self.seconds * 1000 + Fraction(1, 2))


def measure_sound(path: Path) -> MeasuredSound:
    """Decode a file and measure it, in as much memory for ten hours as for a minute.

    Args:
        path: Of a file that FFmpeg opens and that has sound.
    """
    samples, fault = 0, ""
    with av.open(f"file:{path}") as container:
        stream = container.streams.audio[0]
        meter = _Meter(stream)
        try:
            for frame in container.decode(stream):
                samples += frame.samples
                meter.hear(frame)
        except av.error.FFmpegError as error:
            fault = error.strerror or type(error).__name__
        metadata = meter.end()
        rate = stream.codec_context.sample_rate
    true_peak = max(float(metadata.get("lavfi.r128.true_peak", 0)), _QUIETEST)
    loudness = max(float(metadata.get("lavfi.r128.I", SILENCE)), SILENCE)
    return MeasuredSound(loudness, 20 * math.log10(true_peak), Fraction(samples, rate), fault)


class _Meter:
    """FFmpeg's ``ebur128`` behind a stream."""

    def __init__(self, stream: av.AudioStream) -> None:
        self._graph = av.filter.Graph()
        source = self._graph.add_abuffer(template=stream)
        meter = self._graph.add("ebur128", _METER)
        self._graph.link_nodes(source, meter, self._graph.add("abuffersink")).configure()

        # It counts up; the last frame may be too short for it to say anything.
        self._last: deque[av.AudioFrame] = deque(maxlen=2)

    def hear(self, frame: av.AudioFrame | None) -> None:
        """Measure one frame more; None ends the sound."""
        self._graph.push(frame)
        # The graph says by raising that it wants more, or that it has no more.
        with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
            while True:
                self._last.append(cast(av.AudioFrame, self._graph.pull()))

    def end(self) -> dict[str, str]:
        """Return what the meter says about the whole sound."""
        self.hear(None)
        metadata: dict[str, str] = {}
        for frame in self._last:
            metadata |= frame.metadata
        return metadata
