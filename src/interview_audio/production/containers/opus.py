"""Opus in Ogg: chapters and cover in the comment header."""

from collections.abc import Iterator
from pathlib import Path

import av

from interview_audio.configuration.settings import Sound
from interview_audio.production.containers.container import Container, Tags
from interview_audio.production.containers.encoding import BITEXACT, add_sound, encode
from interview_audio.production.containers.vorbis_comments import PICTURE, comments, picture_comment
from interview_audio.production.timeline import Timeline


class Opus(Container):
    """See `Container`."""

    def write(self, frames: Iterator[av.AudioFrame], sound: Sound, tags: Tags, timeline: Timeline, path: Path) -> None:
        """See `Container`."""
        with av.open(f"file:{path}", "w", format="opus", options=BITEXACT) as container:
            stream = add_sound(container, "libopus", "flt", sound)
            # "voip" would cut the lowest octave and spend bits on intelligibility: a clean voice has that already.
            stream.options["application"] = "audio"
            stream.metadata.update(comments(tags, timeline))
            if tags.cover:
                stream.metadata[PICTURE] = picture_comment(tags)
            encode(frames, container, stream)
