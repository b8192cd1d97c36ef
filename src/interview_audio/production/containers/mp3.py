"""MP3: an ID3v2.3 tag of our own before a constant bit rate from LAME."""

import io
import math
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.settings import Sound
from interview_audio.production.containers.container import Container, Tags
from interview_audio.production.containers.encoding import BITEXACT, add_sound
from interview_audio.production.containers.id3 import write_tag
from interview_audio.production.containers.info_header import with_length
from interview_audio.production.containers.mp3_encoding import CODEC, SAMPLE_FORMAT, encode_mp3
from interview_audio.production.containers.mpeg_frames import first_frame
from interview_audio.production.sound.filtering import filter_stream
from interview_audio.production.timeline import Timeline

_PROBE_SECONDS = 1


class Mp3(Container):
    """See `Container`."""

    def write(self, frames: Iterator[av.AudioFrame], sound: Sound, tags: Tags, timeline: Timeline, path: Path) -> None:
        """See `Container`."""
        tag = write_tag(tags, timeline)
        bare = path.with_name(f"{path.name}.bare")
        try:
            # By name: to a file that Python has opened, libavformat loses the first of several errors. The prefix
            # keeps a colon in a name from being read as a protocol.
            _encode(frames, sound, f"file:{bare}")
            with bare.open("rb") as source, path.open("wb") as target:
                first, frame_samples = first_frame(source)
                target.write(tag + with_length(first, frame_samples, timeline.length))
                shutil.copyfileobj(source, target)
        finally:
            bare.unlink(missing_ok=True)

    def added_gain(self, sound: Sound) -> float:
        """See `Container`; at some bit rates LAME scales its input by 0.95, and says nowhere at which. So we ask."""
        instants = np.arange(_PROBE_SECONDS * sound.sample_rate) / sound.sample_rate
        probe = (0.1 * np.sin(2 * math.pi * 1000 * instants)).astype(np.float32)
        file = io.BytesIO()
        _encode(filter_stream([probe], sound.sample_rate, [("aformat", "sample_fmts=fltp")]), sound, file)
        file.seek(0)
        with av.open(file, "r") as container:
            heard = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
        middle = slice(len(probe) // 4, len(probe) * 3 // 4)
        return 20 * math.log10(_rms(heard[middle]) / _rms(probe[middle]))


def _encode(frames: Iterator[av.AudioFrame], sound: Sound, file: str | BinaryIO) -> None:
    # Tags are ours to write (see id3); the Info header, from which players know the exact length, is libavformat's.
    options = {"id3v2_version": "0", "write_xing": "1", **BITEXACT}
    blocks = (frame.to_ndarray()[0] for frame in frames)
    with av.open(file, "w", format="mp3", options=options) as container, closing(encode_mp3(blocks, sound)) as packets:
        stream = add_sound(container, CODEC, SAMPLE_FORMAT, sound)
        for packet in packets:
            packet.stream = stream
            container.mux(packet)


def _rms(samples: NDArray[np.float32]) -> float:
    return math.sqrt(float(np.mean(np.square(samples, dtype=np.float64))))
