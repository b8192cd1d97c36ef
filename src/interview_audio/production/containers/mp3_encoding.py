"""Encodes sound to the frames of an MP3 by LAME on all cores, to the same bytes on any number of them."""

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.settings import Sound
from interview_audio.production.containers.encoding import new_encoder
from interview_audio.production.containers.segments import Part, cut
from interview_audio.production.sound.filtering import frame_of
from interview_audio.synthesis.capacity import usable_cores

Packet: TypeAlias = "av.Packet[av.AudioStream]"
CODEC, SAMPLE_FORMAT = "libmp3lame", "fltp"
_MOST_THREADS = 8
"""More would wait for the one that mixes, and hold memory."""


def encode_mp3(blocks: Iterable[NDArray[np.float32]], sound: Sound) -> Generator[Packet, None, None]:
    """Yield the frames of a stream in order, one a packet, with their times.

    Args:
        blocks: Mono, at ``sound.sample_rate``.
        sound: Bit rate and sample rate.
    """
    frame_samples = _encoder(sound).frame_size
    parts = cut(blocks, frame_samples, sound.sample_rate)
    with closing(_encoded(parts, sound)) as encoded:
        for number, packet in enumerate(chain.from_iterable(encoded)):
            packet.pts = packet.dts = number * frame_samples
            yield packet


def _encoded(parts: Iterable[Part], sound: Sound) -> Generator[list[Packet], None, None]:
    """The frames of each part in order, parts encoded side by side."""
    threads = min(usable_cores(), _MOST_THREADS)
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


def _encode_part(part: Part, sound: Sound, before: "Future[_Progress] | None") -> _Progress:
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
