"""M4B and M4A: AAC-LC in MP4, with chapters as QuickTime players and as Nero's descendants look for them.

Everything but the chapter titles of the second kind is as FFmpeg's muxer writes it.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av

from interview_audio.configuration.settings import Sound
from interview_audio.printable import printable
from interview_audio.production.chapter_marks import chapter_marks
from interview_audio.production.chapters import MOST_CHAPTERS
from interview_audio.production.containers.container import Container, Tags
from interview_audio.production.containers.encoding import BITEXACT, add_sound, encode
from interview_audio.production.containers.nero_chapters import mend_titles
from interview_audio.production.timeline import Timeline

_MILLISECOND = Fraction(1, 1000)
_AUDIOBOOK = "2"  # iTunes's media kind "stik"
_PICTURE_CODECS = {"image/png": "png", "image/jpeg": "mjpeg"}
# A width is asked for and written nowhere: a cover is an item of the tag, not a track.
_ANY_WIDTH = 1


class M4a(Container):
    """See `Container`."""

    brand = "M4A "
    kind: str | None = None

    def write(self, frames: Iterator[av.AudioFrame], sound: Sound, tags: Tags, timeline: Timeline, path: Path) -> None:
        """See `Container`."""
        if len(timeline.chapters) > MOST_CHAPTERS:
            raise ValueError(f"{len(timeline.chapters)} chapters, at most {MOST_CHAPTERS}")
        options = {
            **BITEXACT,
            "brand": self.brand,
            "movflags": "+faststart",  # players on the web read the chapters before the sound has come
            "movie_timescale": str(sound.sample_rate),  # so that the length is true to the sample, not the millisecond
        }
        with av.open(f"file:{path}", "w", format="mp4", options=options) as container:
            stream = add_sound(container, "aac", "fltp", sound)
            # FFmpeg's default search, "twoloop", is slower and, on ten lines of our voices, no better from 56 kbit/s:
            # PESQ 4.29 against 4.44 at 80 kbit/s.
            stream.options["aac_coder"] = "fast"
            stream.metadata["language"] = tags.language_code
            container.metadata.update(_texts(tags, self.kind))
            container.set_chapters(_chapters(timeline))
            _add_cover(container, tags)
            encode(frames, container, stream)
        mend_titles(path)


class M4b(M4a):
    """See `Container`; an audiobook, for which players remember the place."""

    brand = "M4B "
    kind = _AUDIOBOOK


def _texts(tags: Tags, kind: str | None) -> dict[str, str]:
    texts = {
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "date": tags.date.isoformat() if tags.date else None,
        "media_type": kind,
    }
    return {name: printable(text) for name, text in texts.items() if text}


def _chapters(timeline: Timeline) -> "list[av.container.core.Chapter]":
    return [
        {
            "id": number,
            "start": mark.start,
            "end": timeline.milliseconds(chapter.end),
            "time_base": _MILLISECOND,
            "metadata": {"title": mark.title},
        }
        for number, (mark, chapter) in enumerate(zip(chapter_marks(timeline), timeline.chapters, strict=True))
    ]


def _add_cover(container: av.container.OutputContainer, tags: Tags) -> None:
    if not tags.cover:
        return
    stream = container.add_mux_stream(_PICTURE_CODECS[tags.cover_type], width=_ANY_WIDTH, height=_ANY_WIDTH)
    stream.disposition = av.stream.Disposition.attached_pic
    container.start_encoding()
    packet = av.Packet(tags.cover)
    packet.stream = stream
    packet.pts = packet.dts = 0
    packet.is_keyframe = True
    container.mux(packet)
