"""What a writer of episodes is: it makes one file of sound, tags, chapters and cover; and what all of them share."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Protocol

import av

from interview_audio.configuration.settings import Format, Sound
from interview_audio.production.timeline import Timeline
from interview_audio.text.printable import printable

_CONTAINERS: Mapping[Format, str] = {
    "mp3": "interview_audio.production.containers.mp3:Mp3",
    "m4b": "interview_audio.production.containers.mp4:M4b",
    "m4a": "interview_audio.production.containers.mp4:M4a",
    "opus": "interview_audio.production.containers.flac_and_opus:Opus",
    "flac": "interview_audio.production.containers.flac_and_opus:Flac",
}
# ISO 639-2/T for the primary subtags of BCP 47.
_LANGUAGES = {
    "ar": "ara", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fi": "fin",
    "fr": "fra", "he": "heb", "hi": "hin", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn", "ko": "kor",
    "ms": "msa", "nb": "nob", "nl": "nld", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus",
    "sv": "swe", "th": "tha", "tr": "tur", "uk": "ukr", "vi": "vie", "yue": "yue", "zh": "zho",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says of an episode beside its chapters."""

    title: str
    artists: tuple[str, ...]
    album: str | None
    language: str
    """BCP 47."""
    date: datetime.date | None
    """Of publication; None where the source has none."""
    cover: bytes
    """PNG or JPEG; none if empty."""
    comment: str = ""
    """What players show as the comment; none if empty."""
    lyrics: str = ""
    """What players show as lyrics, with line ends; none if empty."""
    chapter_images: tuple[bytes, ...] = ()
    """A JPEG for each chapter, empty for one that has none; an MP3 alone holds them."""

    @property
    def artist(self) -> str:
        """All artists as one text: ID3v2.3 separates them with "/", which players show as it is."""
        return ", ".join(self.artists)

    @property
    def language_code(self) -> str:
        """ISO 639-2/T, as files name languages; ``und`` for one that is not known here."""
        return _LANGUAGES.get(self.language.partition("-")[0].lower(), "und")

    @property
    def cover_type(self) -> str:
        """The media type of the cover, by its first bytes."""
        return "image/png" if self.cover.startswith(b"\x89PNG") else "image/jpeg"


def lines_of_lyrics(tags: Tags) -> str:
    """Return the lyrics fit for any format, their line ends as they are."""
    return "\n".join(map(printable, tags.lyrics.split("\n")))


class EpisodeWriter(Protocol):
    """Writes one format.

    Args:
        cores: That it may use.
    """

    cores: int

    def __init__(self, cores: int = 1) -> None:
        self.cores = cores

    def write(self, frames: Iterator[av.AudioFrame], sound: Sound, tags: Tags, timeline: Timeline, path: Path) -> None:
        """Encode frames into a file with tags, chapters and cover; the same input gives the same bytes.

        Args:
            frames: Mono, float planar, at ``sound.sample_rate``; ``timeline.length`` samples in all.
            sound: Bit rate and sample rate, already checked to fit the format.
            tags: Title and so on; empty ones are left out.
            timeline: Chapters and length.
            path: The file to write; whatever its suffix is, this format is written.

        Raises:
            OSError: The file cannot be written.
            ValueError: There are more chapters than the format can list.
        """

    def added_gain(self, sound: Sound) -> float:  # noqa: ARG002 - some encoders' depends on it
        """Return the dB by which the encoder at these settings makes sound louder: most do not."""
        return 0.0


def writer_of(sound: Sound, cores: int = 1) -> EpisodeWriter:
    """Return the writer of the format that the settings ask for; it uses this many cores at most."""
    module, _, name = _CONTAINERS[sound.format].partition(":")
    container: EpisodeWriter = getattr(import_module(module), name)(cores)
    return container


BITEXACT = {"fflags": "+bitexact"}
"""Leaves the encoder's version, the clock and random serial numbers out of the file."""


def add_sound(container: av.container.OutputContainer, codec: str, sample_format: str, sound: Sound) -> av.AudioStream:
    """Add a mono stream that `encode` fills; a bit rate of 0 is left to the encoder."""
    stream = container.add_stream(codec, rate=sound.sample_rate, layout="mono", format=sample_format)
    assert isinstance(stream, av.AudioStream)
    _configure(stream.codec_context, sound)
    return stream


def new_encoder(codec: str, sample_format: str, sound: Sound) -> av.AudioCodecContext:
    """Return an encoder of mono sound, the same as that of `add_sound`, without a file."""
    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = sound.sample_rate, "mono", sample_format
    encoder.time_base = Fraction(1, sound.sample_rate)
    _configure(encoder, sound)
    encoder.open()
    return encoder


def _configure(encoder: av.AudioCodecContext, sound: Sound) -> None:
    encoder.flags |= av.codec.context.Flags.bitexact
    if encoder.name == "libmp3lame":
        # A frame whose bits lie in frames before it (the bit reservoir) is lost where a player begins with it: Chromium
        # was up to 100 ms late after a seek, and is 24 ms off without. It costs 0.1 dB of log-spectral distance.
        encoder.options = {"reservoir": "0"}
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
