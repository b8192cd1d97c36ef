"""One clip as one FLAC file: the sound, and in a Vorbis comment its words, its measurement and how it was made.

The file is written under another name and renamed, so that a clip exists whole or not at all.
"""

import contextlib
import io
import json
import os
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.errors import StoreError
from interview_audio.synthesis.clips import Clip, Word
from interview_audio.synthesis.measurement import Measurement

_COMMENT = "INTERVIEW_AUDIO"
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Making:
    """What an engine said of a clip, beside its sound."""

    made_by: str = ""
    """What ran: a graph, a server's version."""
    unspoken: tuple[str, ...] = ()
    """Words and characters of the text that it has no sound for."""


class DamagedClipError(StoreError):
    """A stored clip cannot be read: delete it, and the next render makes it again."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: the stored clip is damaged ({self.reason}): delete it and render again"


def write_clip(
    path: Path,
    samples: NDArray[np.int16],
    sample_rate: int,
    words: Sequence[Word],
    measurement: Measurement,
    making: Making = Making(),
) -> None:
    """Store a clip, whole or not at all; the folder is made if it does not exist.

    Args:
        path: Where the clip will be; a file of that name is replaced.
        samples: Mono sound.
        sample_rate: In Hz.
        words: Written words with times in seconds from the first sample.
        measurement: What `measure` says of the samples.
        making: What is worth recording of how the clip was made.

    Raises:
        StoreError: The file cannot be written.
    """
    comment = json.dumps(
        {
            "schema": _SCHEMA,
            "crc32": zlib.crc32(samples.astype("<i2").tobytes()),
            **asdict(measurement),
            **asdict(making),
            "words": [[word.text, word.start, word.end] for word in words],
        },
        separators=(",", ":"),
    )
    _replace(path, _encoded(samples, sample_rate, comment))


def read_clip(key: str, path: Path) -> Clip:
    """Read what production needs to know of a stored clip: header and comment, no sound.

    Raises:
        DamagedClipError: The file is not a clip as `write_clip` writes it.
        StoreError: There is no such file, or it cannot be opened.
    """
    with _reading(path) as container:
        stream = container.streams.audio[0]
        comment = _comment(container, path)
        return Clip(
            key=key,
            path=path,
            sample_rate=stream.rate,
            samples=stream.duration or 0,
            onset=comment["onset"],
            offset=comment["offset"],
            loudness=tuple(comment["loudness"]),
            unspoken=tuple(comment["unspoken"]),
        )


def read_words(path: Path) -> tuple[Word, ...]:
    """Read the words of a stored clip.

    Raises:
        DamagedClipError: The file is not a clip as `write_clip` writes it.
        StoreError: There is no such file, or it cannot be opened.
    """
    with _reading(path) as container:
        return tuple(Word(text, start, end) for text, start, end in _comment(container, path)["words"])


def read_samples(path: Path) -> NDArray[np.int16]:
    """Read the sound of a stored clip and check that it is what was written.

    Raises:
        DamagedClipError: The file is cut short or altered.
        StoreError: There is no such file, or it cannot be opened.
    """
    with _reading(path) as container:
        expected = _comment(container, path)["crc32"]
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    samples = np.concatenate(frames) if frames else np.zeros(0, np.int16)
    if zlib.crc32(samples.astype("<i2").tobytes()) != expected:
        raise DamagedClipError(str(path), "its sound is not what was stored")
    return samples


def _encoded(samples: NDArray[np.int16], sample_rate: int, comment: str) -> bytes:
    # In memory, so that the disk's errors are Python's own: libavformat forgets some of them when it closes a file.
    target = io.BytesIO()
    with av.open(target, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=sample_rate, layout="mono", format="s16")
        container.metadata[_COMMENT] = comment
        if len(samples):
            frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
            frame.sample_rate = sample_rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise StoreError(
            f"{path}: the clip cannot be stored ({error.strerror}): make room or choose another folder with --store"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[av.container.InputContainer]:
    try:
        # The prefix keeps a colon in a name from being read as a protocol.
        with av.open(f"file:{path}", format="flac") as container:
            yield container
    except (av.error.FileNotFoundError, av.error.PermissionError, av.error.IsADirectoryError) as error:
        raise StoreError(
            f"{path}: the clip cannot be read ({error.strerror}): check the folder or choose another with --store"
        ) from error
    except av.error.FFmpegError as error:
        raise DamagedClipError(str(path), error.strerror or "it cannot be decoded") from error


def _comment(container: av.container.InputContainer, path: Path) -> Mapping[str, Any]:
    text = container.metadata.get(_COMMENT)
    if text is None:
        raise DamagedClipError(str(path), "it has no words and no measurement")
    try:
        comment: Mapping[str, Any] = json.loads(text)
    except ValueError as error:
        raise DamagedClipError(str(path), "its comment is not JSON") from error
    if comment.get("schema") != _SCHEMA:
        raise DamagedClipError(str(path), f"its schema is {comment.get('schema')}, not {_SCHEMA}")
    return comment
