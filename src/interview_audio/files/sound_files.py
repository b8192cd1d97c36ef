"""Decodes the sound files that a user names, in any format that FFmpeg knows; never one that has it open others.

Writes WAV, which every player has, for what is heard once.
"""

import io
import itertools
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.errors import InterviewAudioError
from interview_audio.files.input_files import SOUND, InputFileError, beginning_of

_PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"<", b"v=0")
"""How the texts begin (HLS, concat, DASH, SDP) for which FFmpeg opens other files: devices and pipes among them."""


class SoundFileError(InterviewAudioError):
    """A file of the user's holds no sound that can be read: says which, why, and what to do."""


@contextmanager
def open_sound(path: Path) -> Iterator[av.container.InputContainer]:
    """Open a file that has audio, and close it again.

    Raises:
        SoundFileError: It cannot be read or, while it is open, decoded.
    """
    try:
        if beginning_of(path, SOUND, max(map(len, _PLAYLISTS))).startswith(_PLAYLISTS):
            raise SoundFileError(f"{path} is a playlist, not sound; choose the audio file itself")
        # The prefix keeps a colon in a name from being read as a protocol.
        with av.open(f"file:{path}") as container:
            if not container.streams.audio:
                raise SoundFileError(f"{path} has no audio; choose another file")
            yield container
    except InputFileError as error:
        raise SoundFileError(f"{path}: {error}") from error
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise SoundFileError(f"{path} cannot be read ({error.strerror}); check the file name") from error
    except av.error.FFmpegError as error:
        reason = error.strerror or "unknown format"
        raise SoundFileError(f"{path} cannot be decoded ({reason}); convert it to WAV, FLAC or MP3") from error


def sound_seconds(path: Path) -> float | None:
    """Return the length of a file whose first sound can be decoded; None where the file does not say it.

    Raises:
        SoundFileError: It cannot be read or decoded.
    """
    with open_sound(path) as container:
        if next(decoded_frames(container), None) is None:
            raise SoundFileError(f"{path} has no sound that can be decoded; convert it to WAV, FLAC or MP3")
        return None if container.duration is None else container.duration / 1_000_000


def mono_samples(
    container: av.container.InputContainer, sample_rate: int, kind: Literal["flt", "s16"]
) -> Iterator[NDArray[Any]]:
    """Yield the audio of an open file at this rate, folded to mono, from where it has been sought."""
    # Joined files change their rate or their channels on the way.
    for _, frames in itertools.groupby(decoded_frames(container), _kind_of):
        resampler = av.AudioResampler(format=kind, layout="mono", rate=sample_rate)
        for frame in itertools.chain(frames, [None]):
            for made in resampler.resample(frame):
                yield made.to_ndarray()[0]


def decoded_frames(container: av.container.InputContainer) -> Iterator[av.AudioFrame]:
    """Yield what can be decoded of the audio of an open file."""
    for packet in container.demux(audio=0):
        # Many a file begins or ends in the middle of a packet: players pass over it.
        with suppress(av.error.InvalidDataError):
            yield from packet.decode()


def _kind_of(frame: av.AudioFrame) -> tuple[int, str, str]:
    return frame.sample_rate, frame.format.name, frame.layout.name


def wav_of(samples: NDArray[np.int16], sample_rate: int) -> bytes:
    """Return mono sound as a WAV file."""
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setparams((1, 2, sample_rate, 0, "NONE", ""))
        sound.writeframes(samples.astype("<i2").tobytes())
    return content.getvalue()
