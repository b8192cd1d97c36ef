"""What a container is: how sound, tags and chapters become one file that players open."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

import av

from interview_audio.configuration.settings import Sound
from interview_audio.production.timeline import Timeline


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


class Container(Protocol):
    """Writes one format."""

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
        """

    def added_gain(self, sound: Sound) -> float:
        """The dB by which the encoder at these settings makes sound louder than it was given."""


_CONTAINERS = {
    "mp3": "interview_audio.production.containers.mp3:Mp3",
}


def container_of(sound: Sound) -> Container:
    """The container of the format that the settings ask for."""
    module, _, name = _CONTAINERS[sound.format].partition(":")
    container: Container = getattr(import_module(module), name)()
    return container
