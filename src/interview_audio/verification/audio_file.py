"""Reads a finished sound file, of whatever maker, as FFmpeg-based players do, and measures its decoded sound.

It forgives what FFmpeg forgives: coding, tags, chapters, cover. What an MP3's tag and frames are like in detail is read
by ``id3_tags`` and ``mpeg_frames``. Loudness and true peak come from FFmpeg's meter, which did not set the levels.
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
from interview_audio.production.timeline import ChapterMark

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
