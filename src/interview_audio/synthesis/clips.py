"""A clip: the sound of one line, as the store holds it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Word:
    """A written word and when it is heard."""

    text: str
    """As written, with the punctuation that belongs to it; the words of a clip join to its text but for spaces."""
    start: float
    """Seconds from the clip's first sample, before trimming."""
    end: float


@dataclass(frozen=True, slots=True)
class Clip:
    """One utterance of sound: mono, 16 bit, untrimmed as the engine made it, in a FLAC file of the store.

    Word times stay in the file (``synthesis.flac.read_words``): a five-hour episode has fifty thousand.
    """

    key: str
    path: Path
    sample_rate: int
    samples: int
    """Length of the file in samples."""
    onset: int
    """First sample to be heard: the engine's padding ends here."""
    offset: int
    """One past the last sample to be heard."""
    loudness: tuple[float, ...]
    """Momentary loudness (EBU R128, 400 ms window, LUFS, mono counted once) each 100 ms of ``onset:offset``."""
    unspoken: tuple[str, ...] = ()
    """Words and characters of the text that the engine had no sound for."""
