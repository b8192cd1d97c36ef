"""Hands the frames of an episode to FFmpeg's encoders, each at its sample."""

from collections.abc import Iterator

import av

from interview_audio.configuration.settings import Sound

BITEXACT = {"fflags": "+bitexact"}
"""Leaves the encoder's version, the clock and random serial numbers out of the file."""


def add_sound(container: av.container.OutputContainer, codec: str, sample_format: str, sound: Sound) -> av.AudioStream:
    """A mono stream that `encode` fills; a bit rate of 0 is left to the encoder."""
    stream = container.add_stream(codec, rate=sound.sample_rate, layout="mono", format=sample_format)
    assert isinstance(stream, av.AudioStream)
    stream.codec_context.flags |= av.codec.context.Flags.bitexact
    if sound.bitrate:
        stream.bit_rate = sound.bitrate * 1000
    return stream


def encode(frames: Iterator[av.AudioFrame], container: av.container.OutputContainer, stream: av.AudioStream) -> None:
    """Encode all frames into the last of the file's streams to be filled."""
    position = 0
    for frame in frames:
        frame.pts = position
        position += frame.samples
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
