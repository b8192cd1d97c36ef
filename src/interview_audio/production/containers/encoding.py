"""Hands the frames of an episode to FFmpeg's encoders, each at its sample."""

from collections.abc import Iterator
from fractions import Fraction

import av

from interview_audio.configuration.settings import Sound

BITEXACT = {"fflags": "+bitexact"}
"""Leaves the encoder's version, the clock and random serial numbers out of the file."""


def add_sound(container: av.container.OutputContainer, codec: str, sample_format: str, sound: Sound) -> av.AudioStream:
    """A mono stream that `encode` fills; a bit rate of 0 is left to the encoder."""
    stream = container.add_stream(codec, rate=sound.sample_rate, layout="mono", format=sample_format)
    assert isinstance(stream, av.AudioStream)
    _configure(stream.codec_context, sound)
    return stream


def new_encoder(codec: str, sample_format: str, sound: Sound) -> av.AudioCodecContext:
    """An encoder of mono sound, the same as that of `add_sound`, without a file."""
    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = sound.sample_rate, "mono", sample_format
    encoder.time_base = Fraction(1, sound.sample_rate)
    _configure(encoder, sound)
    encoder.open()
    return encoder


def _configure(encoder: av.AudioCodecContext, sound: Sound) -> None:
    encoder.flags |= av.codec.context.Flags.bitexact
    if sound.bitrate:
        encoder.bit_rate = sound.bitrate * 1000


def encode(frames: Iterator[av.AudioFrame], container: av.container.OutputContainer, stream: av.AudioStream) -> None:
    """Encode all frames into the last of the file's streams to be filled."""
    position = 0
    for frame in frames:
        frame.pts = position
        position += frame.samples
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
