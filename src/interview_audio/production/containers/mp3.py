"""MP3: an ID3v2.3 tag of our own before a constant bit rate from LAME, which works on many cores.

A stream of sound is cut where it is silent, so that encoders may work on its segments side by side. The bytes are the
same on any number of cores: an encoder that begins in silence has the same past as one that has come from the
beginning, where the silence is longer than what it remembers, which is its filter bank and a frame of its transform.
No frame borrows bits from those before it (ISO/IEC 11172-3, 2.4.3.4: ``main_data_begin``), and the frames of a segment
begin where they would have begun, as all segments but the last are whole frames long. So the frames of the segments,
each without those that the encoder adds behind its end, are one stream. (Frames differ by a byte to keep a bit rate on
average; each encoder begins to count anew, so that a segment may differ by one byte.)

The tag has chapters in time order, as every reader that we know understands them. Its writer is our own, because those
at hand lose or misorder chapters: FFmpeg's v2.4 breaks on titles of more than 125 bytes, and mutagen sorts chapters by
size (quodlibet/mutagen#506). Layout after id3v2.3.0 and the ID3v2 Chapter Frame Addendum 1.0.
"""

import io
import math
import shutil
import struct
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TypeAlias

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.settings import Sound
from interview_audio.production.containers.episode_writer import (
    BITEXACT,
    EpisodeWriter,
    Tags,
    add_sound,
    lines_of_lyrics,
    new_encoder,
)
from interview_audio.production.containers.mp3_frames import first_frame, with_length
from interview_audio.production.streams import filter_stream, frame_of
from interview_audio.production.timeline import MOST_CHAPTERS, Timeline, chapter_marks
from interview_audio.text.printable import printable

SILENT_FRAMES = 4
"""On each side of a cut; behind it LAME saves bits for the first sound, as it does at the start of a file."""
LEAST_SECONDS, MOST_SECONDS = 6, 20
"""Of a part."""
_TOP_LEVEL_AND_ORDERED = 0x03
_NO_OFFSET = 0xFFFFFFFF
_FRONT_COVER = 3
_LATIN_1, _UTF_16 = b"\x00", b"\x01"
_BYTE_ORDER = b"\xff\xfe"


def write_tag(tags: Tags, timeline: Timeline) -> bytes:
    """Make the bytes that come before the sound in the MP3.

    Args:
        tags: Title and so on; empty ones are left out.
        timeline: Chapters and length.

    Raises:
        ValueError: There are more chapters than a table of contents can count.
    """
    if len(timeline.chapters) > MOST_CHAPTERS:
        raise ValueError(f"{len(timeline.chapters)} chapters, at most {MOST_CHAPTERS}")
    texts = (*_text_frames(tags, timeline), *_comment_frames(tags), *_lyrics_frames(tags))
    frames = b"".join((*texts, *_chapter_frames(tags, timeline), *_cover_frames(tags)))
    return b"ID3\x03\x00\x00" + _syncsafe(len(frames)) + frames


def _text_frames(tags: Tags, timeline: Timeline) -> list[bytes]:
    texts = {
        "TIT2": tags.title,
        "TPE1": tags.artist,
        "TALB": tags.album,
        "TLAN": tags.language_code,
        "TYER": f"{tags.date:%Y}" if tags.date else None,
        "TDAT": f"{tags.date:%d%m}" if tags.date else None,
        "TLEN": str(timeline.milliseconds(timeline.length)),
    }
    return [_text_frame(identifier, text) for identifier, text in texts.items() if text]


def _comment_frames(tags: Tags) -> list[bytes]:
    """Return the comment (id3v2.3.0, 4.11), whose description is empty: that is the one that players show."""
    return _described_frames("COMM", tags, printable(tags.comment))


def _lyrics_frames(tags: Tags) -> list[bytes]:
    """Return the lyrics (id3v2.3.0, 4.9), which are written like a comment and have lines."""
    return _described_frames("USLT", tags, lines_of_lyrics(tags))


def _described_frames(identifier: str, tags: Tags, text: str) -> list[bytes]:
    language = tags.language_code.encode("ascii")
    if not text:
        return []
    if text.isascii():
        return [_frame(identifier, _LATIN_1 + language + b"\x00" + text.encode("ascii") + b"\x00")]
    empty, ended = _BYTE_ORDER + b"\x00\x00", _BYTE_ORDER + text.encode("utf-16-le") + b"\x00\x00"
    return [_frame(identifier, _UTF_16 + language + empty + ended)]


def _chapter_frames(tags: Tags, timeline: Timeline) -> list[bytes]:
    if not timeline.chapters:
        return []
    elements = [b"chp%d\x00" % number for number in range(len(timeline.chapters))]
    contents = b"toc\x00" + bytes([_TOP_LEVEL_AND_ORDERED, len(elements)]) + b"".join(elements)
    frames = [_frame("CTOC", contents + _text_frame("TIT2", tags.title))]
    images = tags.chapter_images or (b"",) * len(elements)
    for element, mark, image in zip(elements, chapter_marks(timeline), images, strict=True):
        times = struct.pack(">4I", mark.start, mark.end, _NO_OFFSET, _NO_OFFSET)
        # The title comes first: VLC reads no other one.
        inside = (_text_frame("TIT2", mark.title), *_link_frames(mark.link), *_picture_frames("image/jpeg", image))
        frames.append(_frame("CHAP", element + times + b"".join(inside)))
    return frames


def _link_frames(address: str) -> list[bytes]:
    """Return the link of a chapter (id3v2.3.0, 4.3.2), whose description is empty."""
    return [_frame("WXXX", _LATIN_1 + b"\x00" + address.encode("ascii"))] if address else []


def _cover_frames(tags: Tags) -> list[bytes]:
    return _picture_frames(tags.cover_type, tags.cover)


def _picture_frames(media_type: str, image: bytes) -> list[bytes]:
    if not image:
        return []
    # Of a chapter, too: AntennaPod takes the front cover before any other picture.
    return [_frame("APIC", _LATIN_1 + media_type.encode("ascii") + bytes([0, _FRONT_COVER, 0]) + image)]


def _text_frame(identifier: str, text: str) -> bytes:
    plain = printable(text)
    if plain.isascii():
        return _frame(identifier, _LATIN_1 + plain.encode("ascii") + b"\x00")
    return _frame(identifier, _UTF_16 + _BYTE_ORDER + plain.encode("utf-16-le") + b"\x00\x00")


def _frame(identifier: str, body: bytes) -> bytes:
    return identifier.encode("ascii") + struct.pack(">IH", len(body), 0) + body


def _syncsafe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


@dataclass(frozen=True, slots=True)
class SoundPart:
    """Samples that follow those of the part before."""

    samples: NDArray[np.float32]
    """Mono; whole frames, but for the last part of a stream."""
    ends_segment: bool = True
    """The next part may have an encoder of its own."""
    ends_stream: bool = False


def cut(blocks: Iterable[NDArray[np.float32]], frame_samples: int, sample_rate: int) -> Iterator[SoundPart]:
    """Cut a stream into parts, the same ones whatever the sizes of its blocks.

    Args:
        blocks: Mono sound.
        frame_samples: What one frame encodes.
        sample_rate: Of the sound, Hz.

    Yields:
        Parts, at least one. Where there is silence, each is a segment; elsewhere a segment has several.
    """
    least, most = (seconds * sample_rate // frame_samples for seconds in (LEAST_SECONDS, MOST_SECONDS))
    samples, first = np.zeros(0, np.float32), least
    for block in blocks:
        samples = np.concatenate([samples, block])
        while (last := len(samples) // frame_samples - SILENT_FRAMES) >= first:
            place = _silent_place(samples, frame_samples, range(first, min(last, most) + 1))
            if place is None and last < most:
                first = last + 1
                break
            part, samples = np.split(samples, [(place or most) * frame_samples])
            first = least
            yield SoundPart(part, ends_segment=place is not None)
    yield SoundPart(samples, ends_stream=True)


def _silent_place(samples: NDArray[np.float32], frame_samples: int, places: range) -> int | None:
    """Find the first of some frames with silence on both sides."""
    edges = slice((places.start - SILENT_FRAMES) * frame_samples, (places.stop - 1 + SILENT_FRAMES) * frame_samples)
    sounding = np.any(samples[edges].reshape(-1, frame_samples), axis=1)
    around = np.lib.stride_tricks.sliding_window_view(sounding, 2 * SILENT_FRAMES)
    silent = np.flatnonzero(~np.any(around, axis=1))
    return places[int(silent[0])] if len(silent) else None


Packet: TypeAlias = "av.Packet[av.AudioStream]"
CODEC, SAMPLE_FORMAT = "libmp3lame", "fltp"
_MOST_THREADS = 8
"""More would wait for the one that mixes, and hold memory."""


def encode_mp3(blocks: Iterable[NDArray[np.float32]], sound: Sound, cores: int = 1) -> Generator[Packet, None, None]:
    """Yield the frames of a stream in order, one a packet, with their times.

    Args:
        blocks: Mono, at ``sound.sample_rate``.
        sound: Bit rate and sample rate.
        cores: That may be used; the frames are the same on any number of them.
    """
    frame_samples = _encoder(sound).frame_size
    parts = cut(blocks, frame_samples, sound.sample_rate)
    with closing(_encoded(parts, sound, cores)) as encoded:
        for number, packet in enumerate(chain.from_iterable(encoded)):
            packet.pts = packet.dts = number * frame_samples
            yield packet


def _encoded(parts: Iterable[SoundPart], sound: Sound, cores: int) -> Generator[list[Packet], None, None]:
    """Yield the frames of each part in order; parts are encoded side by side."""
    threads = min(cores, _MOST_THREADS)
    pool = ThreadPoolExecutor(threads)
    waiting: deque[Future[_Progress]] = deque()
    unfinished: Future[_Progress] | None = None
    try:
        for part in parts:
            # A part whose segment has begun waits for the part before, which has a thread already: they come in order.
            task = pool.submit(_encode_part, part, sound, unfinished)
            unfinished = None if part.ends_segment else task
            waiting.append(task)
            if len(waiting) > threads:
                yield waiting.popleft().result().packets
        for task in waiting:
            yield task.result().packets
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Progress:
    """A segment, encoded up to the end of a part."""

    encoder: av.AudioCodecContext
    samples: int
    """Given to the encoder since the segment began."""
    frames: int
    """Made of them."""
    packets: list[Packet]
    """The frames of this part."""


def _encode_part(part: SoundPart, sound: Sound, before: "Future[_Progress] | None") -> _Progress:
    segment = before.result() if before else _Progress(_encoder(sound), 0, 0, [])
    encoder, samples, packets = segment.encoder, segment.samples, []
    for start in range(0, len(part.samples), sound.sample_rate):  # by the second: the encoder copies what it is given
        block = part.samples[start : start + sound.sample_rate]
        packets += encoder.encode(frame_of(block, sound.sample_rate, samples))
        samples += len(block)
    if part.ends_segment:
        packets += encoder.encode(None)
    if not part.ends_stream:  # the next segment begins where the silence behind this one would be encoded
        del packets[samples // encoder.frame_size - segment.frames :]
    return _Progress(encoder, samples, segment.frames + len(packets), packets)


def _encoder(sound: Sound) -> av.AudioCodecContext:
    return new_encoder(CODEC, SAMPLE_FORMAT, sound)


_PROBE_SECONDS = 1


class Mp3(EpisodeWriter):
    """See `EpisodeWriter`."""

    def write(self, frames: Iterator[av.AudioFrame], sound: Sound, tags: Tags, timeline: Timeline, path: Path) -> None:
        """See `EpisodeWriter`."""
        tag = write_tag(tags, timeline)
        bare = path.with_name(f"{path.name}.bare")
        try:
            # By name: to a file that Python has opened, libavformat loses the first of several errors. The prefix
            # keeps a colon in a name from being read as a protocol.
            _encode(frames, sound, f"file:{bare}", self.cores)
            with bare.open("rb") as source, path.open("wb") as target:
                first, frame_samples = first_frame(source)
                target.write(tag + with_length(first, frame_samples, timeline.length))
                shutil.copyfileobj(source, target)
        finally:
            bare.unlink(missing_ok=True)

    def added_gain(self, sound: Sound) -> float:
        """See `EpisodeWriter`; at some bit rates LAME scales its input by 0.95, and nothing says at which: we try."""
        instants = np.arange(_PROBE_SECONDS * sound.sample_rate) / sound.sample_rate
        probe = (0.1 * np.sin(2 * math.pi * 1000 * instants)).astype(np.float32)
        with av.open(io.BytesIO(encoded_mp3(probe, sound)), "r") as container:
            heard = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
        middle = slice(len(probe) // 4, len(probe) * 3 // 4)
        return 20 * math.log10(_rms(heard[middle]) / _rms(probe[middle]))


def encoded_mp3(samples: NDArray[np.float32], sound: Sound) -> bytes:
    """Return a short mono sound as an MP3 without a tag.

    Args:
        samples: From -1 to 1, at the sample rate of ``sound``.
        sound: That rate, and the bit rate.
    """
    file = io.BytesIO()
    _encode(filter_stream([samples], sound.sample_rate, [("aformat", "sample_fmts=fltp")]), sound, file)
    return file.getvalue()


def _encode(frames: Iterator[av.AudioFrame], sound: Sound, file: str | BinaryIO, cores: int = 1) -> None:
    # The tag is our own; libavformat writes the Info header, which tells players the exact length.
    options = {"id3v2_version": "0", "write_xing": "1", **BITEXACT}
    blocks = (frame.to_ndarray()[0] for frame in frames)
    with (
        av.open(file, "w", format="mp3", options=options) as container,
        closing(encode_mp3(blocks, sound, cores)) as packets,
    ):
        stream = add_sound(container, CODEC, SAMPLE_FORMAT, sound)
        for packet in packets:
            packet.stream = stream
            container.mux(packet)


def _rms(samples: NDArray[np.float32]) -> float:
    return math.sqrt(float(np.mean(np.square(samples, dtype=np.float64))))
