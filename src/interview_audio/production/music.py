"""Opens the music of an episode before anything is spoken, so that what cannot be played is an error then; plays it."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.settings import Music, Sound
from interview_audio.errors import ConfigurationError
from interview_audio.files.sound_files import SoundFileError, mono_samples, open_sound
from interview_audio.production.loudness import SILENCE, integrated_loudness
from interview_audio.production.streams import read_ahead

Kind = Literal["intro", "outro", "sting", "bed"]
_Places = Mapping[tuple[str, ...], tuple[str, int, int]]
"""Path of keys in the settings to file, line and column."""

# A bed begins anew at each stretch of narration, so that what lies beyond this is seldom heard.
_MEASURED_OF_A_BED = 600
_WINDOW = 0.4
_SEAM = 0.005


@dataclass(frozen=True, slots=True)
class MusicPiece:
    """A music file that has been played to its end once."""

    music: Music
    sample_rate: int
    """Of the file, in Hz."""
    samples: int
    """Played of it, at its own rate; of a bed at most ten minutes are counted, however long it lasts."""
    loudness: float
    """Integrated (EBU R128) of these samples folded to mono, LUFS, mono counted once."""

    def length(self, sample_rate: int) -> int:
        """Return the whole samples that are played at another rate."""
        return self.samples * sample_rate // self.sample_rate


@dataclass(frozen=True, slots=True)
class Soundtrack:
    """The music of an episode; None where the settings name no file."""

    intro: MusicPiece | None = None
    outro: MusicPiece | None = None
    sting: MusicPiece | None = None
    bed: MusicPiece | None = None


def open_music(sound: Sound, places: _Places | None = None) -> Soundtrack:
    """Play every music file once, to know its length and loudness and that it can be played.

    Args:
        sound: The settings that name the files.
        places: Where in the settings' files the values are, for messages; ``Settings.places``.

    Raises:
        ConfigurationError: A file is missing, is not audio, or holds only silence; with its place.
    """
    pieces = {
        "intro": _opened("intro", sound.intro, places or {}),
        "outro": _opened("outro", sound.outro, places or {}),
        "sting": _opened("sting", sound.sting, places or {}),
        "bed": _opened("bed", sound.bed, places or {}),
    }
    return Soundtrack(**pieces)


def play(piece: MusicPiece, sample_rate: int) -> Generator[NDArray[np.float32], None, None]:
    """Yield what is played of a piece once, as mono blocks of any length: 1.0 is full scale.

    Raises:
        ConfigurationError: The file is not what it was when it was opened.
    """
    remaining = piece.length(sample_rate)
    with closing(_blocks(piece.music.path, sample_rate)) as blocks:
        for block in blocks:
            yield block[:remaining]
            remaining -= len(block)
            if remaining <= 0:
                return


def repeat(piece: MusicPiece, sample_rate: int) -> Generator[NDArray[np.float32], None, None]:
    """Yield a piece over and over, without a click where it begins again; raises as `play` does.

    The whole file is repeated, unless the settings say how much of it.
    """
    fade = round(_SEAM * sample_rate)
    while True:
        once = play(piece, sample_rate) if piece.music.seconds else _blocks(piece.music.path, sample_rate)
        is_empty = True
        for block in _without_edges(once, fade):
            is_empty = False
            yield block
        if is_empty:
            raise ConfigurationError(f"{piece.music.path} has changed and no longer has audio; render again")


def _without_edges(blocks: Iterator[NDArray[np.float32]], fade: int) -> Iterator[NDArray[np.float32]]:
    """Yield the blocks with a short fade at the beginning of the first and the end of the last."""
    rise = np.linspace(0, 1, fade, dtype=np.float32)
    held = next(blocks, None)
    if held is None:
        return
    held[:fade] *= rise[: len(held)]
    for block in blocks:
        if len(block) < fade:
            held = np.concatenate([held, block])
        else:
            yield held
            held = block
    held[-fade:] *= rise[::-1][-len(held) :]
    yield held


def _opened(kind: Kind, music: Music | None, places: _Places) -> MusicPiece | None:
    if music is None:
        return None
    try:
        piece = _measured(music, _longest(kind, music))
    except ConfigurationError as error:
        place = places.get(("sound", kind, "file")) or places.get(("sound", kind)) or ("", None, None)
        raise ConfigurationError(f"sound.{kind}: {error.message}", *place) from error
    return piece


def _longest(kind: Kind, music: Music) -> float | None:
    limits = [music.seconds, _MEASURED_OF_A_BED if kind == "bed" else None]
    return min((limit for limit in limits if limit is not None), default=None)


def _measured(music: Music, seconds: float | None) -> MusicPiece:
    with _reading(music.path) as container:
        rate = container.streams.audio[0].rate
    count = 0

    def counted() -> Iterator[NDArray[np.float32]]:
        nonlocal count
        most = None if seconds is None else round(seconds * rate)
        with closing(_blocks(music.path, rate)) as blocks:
            for block in blocks:
                part = block if most is None else block[: most - count]
                count += len(part)
                yield part
                if count == most:
                    break
        # A sting may be shorter than the window in which loudness is measured.
        if count < _WINDOW * rate:
            yield np.zeros(round(_WINDOW * rate) - count, np.float32)

    with closing(read_ahead(counted())) as blocks:
        loudness = integrated_loudness(blocks, rate)
    if loudness <= SILENCE:
        raise ConfigurationError(f"{music.path} is silent; choose a file with music, or write null for none")
    return MusicPiece(music, rate, count, loudness)


def _blocks(path: Path, sample_rate: int) -> Generator[NDArray[np.float32], None, None]:
    """Yield the whole file at this rate, folded to mono, in blocks of about a second."""
    gathered: list[NDArray[np.float32]] = []
    with _reading(path) as container:
        for part in mono_samples(container, sample_rate, "flt"):
            gathered.append(part)
            if sum(map(len, gathered)) >= sample_rate:
                yield np.concatenate(gathered)
                gathered = []
    if gathered:
        yield np.concatenate(gathered)


@contextmanager
def _reading(path: Path) -> Iterator[av.container.InputContainer]:
    try:
        with open_sound(path) as container:
            yield container
    except SoundFileError as error:
        raise ConfigurationError(str(error)) from error
