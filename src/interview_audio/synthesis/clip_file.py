"""One clip as one FLAC file: the sound, and in a Vorbis comment its words, its measurement and its provenance.

The comment begins with its schema and the CRC-32 of the rest: the engine's name and, on the next line, JSON. The sound
answers for itself with the MD5 that every FLAC file carries in its STREAMINFO (RFC 9639, section 8.2).
"""

import hashlib
import io
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.errors import StoreError
from interview_audio.files.atomic_files import make_folder, write_whole
from interview_audio.synthesis.clips import Clip, Measurement, Word

_COMMENT = "INTERVIEW_AUDIO"
_SCHEMA = "2"
_FIRST_SCHEMA = b'{"schema":1,'
"""How the comment of earlier builds began."""
_VORBIS_COMMENT = 4
"""Type of the metadata block (RFC 9639, section 8.1)."""
_MD5 = slice(18, 34)
"""Place of the MD5 of the samples in STREAMINFO."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a stored clip was made, as its engine said."""

    made_by: str = ""
    """What ran: a model's graph, a server's version."""
    unspoken: tuple[str, ...] = ()
    """Words and characters of the text that it has no sound for."""
    engine: str = ""
    """Its name."""


class MissingClipError(StoreError):
    """A stored clip is missing: the next render makes it."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: the stored clip is gone; render again"


class DamagedClipError(StoreError):
    """A stored clip cannot be read: without it, the next render makes it again."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: the stored clip is damaged ({self.reason}): delete it and render again"


class OutdatedClipError(DamagedClipError):
    """A stored clip has the format of an earlier build: a render that needs it makes it again."""


def write_clip(
    path: Path,
    samples: NDArray[np.int16],
    sample_rate: int,
    words: Sequence[Word],
    measurement: Measurement,
    provenance: Provenance = Provenance(),
) -> None:
    """Store a clip, whole or not at all; the folder is made if it does not exist.

    Args:
        path: Where the clip will be; a file of that name is replaced.
        samples: Mono sound.
        sample_rate: In Hz.
        words: Written words with times in seconds from the first sample.
        measurement: What `measure` says of the samples.
        provenance: How the clip was made.

    Raises:
        StoreError: The file cannot be written.
    """
    about = {
        "sample_rate": sample_rate,
        "samples": len(samples),
        **asdict(measurement),
        "made_by": provenance.made_by,
        "unspoken": provenance.unspoken,
        "words": [[word.text, word.start, word.end] for word in words],
    }
    try:
        make_folder(path.parent)
        write_whole(
            path,
            _encoded(samples, sample_rate, _sealed(f"{provenance.engine}\n{json.dumps(about, separators=(',', ':'))}")),
        )
    except OSError as error:
        raise StoreError(
            f"cannot store the clip {path} ({error.strerror}); make room, or choose another folder with --store"
        ) from error


def read_clip(key: str, path: Path) -> Clip:
    """Read what production needs to know of a stored clip: the comment, no sound.

    Raises:
        DamagedClipError: The file is not a clip as `write_clip` writes it, or may not be read.
        OutdatedClipError: An earlier build wrote it.
        MissingClipError: There is no such file.
        StoreError: It cannot be opened.
    """
    about = _about(path)
    return Clip(
        key=key,
        path=path,
        sample_rate=about["sample_rate"],
        samples=about["samples"],
        onset=about["onset"],
        offset=about["offset"],
        loudness=tuple(about["loudness"]),
        unspoken=tuple(about["unspoken"]),
    )


def read_words(path: Path) -> tuple[Word, ...]:
    """Read the words of a stored clip; raises what `read_clip` does."""
    return tuple(Word(text, start, end) for text, start, end in _about(path)["words"])


def read_samples(path: Path) -> NDArray[np.int16]:
    """Read the sound of a stored clip and check that it is what was written.

    Raises:
        DamagedClipError: The file is cut short or altered, or may not be read.
        MissingClipError: There is no such file.
        StoreError: It cannot be opened.
    """
    # All at once, so that the disk's errors are Python's own and libavformat takes no name with a colon for a protocol.
    with _opened(path) as file:
        content = file.read()
    samples, expected = _decoded(path, content)
    if hashlib.md5(samples.astype("<i2").tobytes(), usedforsecurity=False).digest() != expected:
        raise DamagedClipError(str(path), "its audio has changed since it was stored")
    return samples


def read_provenance(path: Path) -> Provenance:
    """Read how a stored clip was made; raises what `read_clip` does."""
    engine, _, text = _unsealed(path).partition("\n")
    about = json.loads(text)
    return Provenance(about["made_by"], tuple(about["unspoken"]), engine)


def read_engine(path: str | Path) -> str:
    """Read which engine made a stored clip; raises what `read_clip` does.

    Takes a plain string too: a store has 100,000 clips, and making as many paths takes a second.
    """
    return _unsealed(path).partition("\n")[0]


def _about(path: Path) -> Mapping[str, Any]:
    about: Mapping[str, Any] = json.loads(_unsealed(path).partition("\n")[2])
    return about


def _sealed(text: str) -> str:
    return f"{_SCHEMA} {_checksum(text.encode()).decode()} {text}"


def _unsealed(path: str | Path) -> str:
    # The blocks are walked here and not by libavformat, which takes seven times as long to open a file.
    with _opened(path) as file:
        block = _comment_block(file)
    sealed = next((text for text in _entries(block) if text.startswith(f"{_COMMENT}=".encode())), b"")
    content = sealed.partition(b"=")[2]
    if content.startswith(_FIRST_SCHEMA):
        raise OutdatedClipError(str(path), "it is in an older format")
    schema, _, rest = content.partition(b" ")
    checksum, _, text = rest.partition(b" ")
    if schema != _SCHEMA.encode():
        raise DamagedClipError(str(path), "its word times or loudness are missing")
    if checksum != _checksum(text):
        raise DamagedClipError(str(path), "its word times or loudness have changed since they were stored")
    return text.decode()


def _checksum(text: bytes) -> bytes:
    return f"{zlib.crc32(text):08x}".encode()


def _comment_block(file: IO[bytes]) -> bytes:
    """Return the first Vorbis comment among the metadata blocks, or nothing."""
    is_last = file.read(4) != b"fLaC"
    while not is_last:
        kind, *length = file.read(4) or b"\xff"
        is_last = kind >= 128
        content = file.read(int.from_bytes(length))
        if kind % 128 == _VORBIS_COMMENT:
            return content
    return b""


def _entries(block: bytes) -> Iterator[bytes]:
    """Yield the entries of a Vorbis comment (RFC 9639, section 8.6), as far as they can be read."""
    at = 4 + int.from_bytes(block[:4], "little") + 4  # the vendor's name, and how many entries follow
    while at < len(block):
        end = at + 4 + int.from_bytes(block[at : at + 4], "little")
        yield block[at + 4 : end]
        at = end


def _encoded(samples: NDArray[np.int16], sample_rate: int, comment: str) -> bytes:
    # In memory, so that the disk's errors are Python's own: libavformat forgets some of them when it closes a file.
    target = io.BytesIO()
    with av.open(target, "w", format="flac", options={"metadata_header_padding": "0"}) as container:
        stream = container.add_stream("flac", rate=sample_rate, layout="mono", format="s16")
        container.metadata[_COMMENT] = comment
        if len(samples):
            frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
            frame.sample_rate = sample_rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def _decoded(path: Path, content: bytes) -> tuple[NDArray[np.int16], bytes]:
    """Return the sound of a file, and the MD5 that it should have."""
    try:
        # A damaged tag of the encoder is not worth an error: it is never read.
        with av.open(io.BytesIO(content), "r", format="flac", metadata_errors="replace") as container:
            stream = container.streams.audio[0]
            frames = [frame.to_ndarray()[0] for frame in container.decode(stream)]
            expected = (stream.codec_context.extradata or b"")[_MD5]
    except av.error.FFmpegError as error:
        raise DamagedClipError(str(path), error.strerror or "it cannot be decoded") from error
    return np.concatenate(frames) if frames else np.zeros(0, np.int16), expected


@contextmanager
def _opened(path: str | Path) -> Iterator[IO[bytes]]:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - not only paths
            yield file
    except FileNotFoundError as error:
        raise MissingClipError(str(path)) from error
    except PermissionError as error:
        raise DamagedClipError(str(path), error.strerror or "it cannot be opened") from error
    except OSError as error:
        raise StoreError(
            f"{path}: the clip cannot be read ({error.strerror}): check the folder or choose another with --store"
        ) from error
