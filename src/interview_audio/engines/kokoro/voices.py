"""Kokoro's voices: the packaged tables, and blends of them (``af_heart*0.6 + af_bella*0.4``)."""

import re
import zipfile
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.protocol import VoiceInfo, unknown_voice_error
from interview_audio.errors import VoiceError

FILE = "voices-v1.0.npz"
SHA256 = "4e3db928df91f296f5bdbef007a5b1063d37e0c136098ce04c2703d4cabd49c4"
_ACCENT_NAMES = {"a": "American English", "b": "British English", "z": "Mandarin"}
_PART = re.compile(r"([A-Za-z]\w*)(?:\s*\*\s*(\d+(?:\.\d+)?|\.\d+))?")


def table_file() -> Path:
    """Return the packaged file of voice tables: for each voice 510 rows, one a number of tokens, of 256 values."""
    return Path(str(resources.files(__package__) / FILE))


@cache
def names() -> tuple[str, ...]:
    """Return the names of all packaged voices, without reading a table."""
    with zipfile.ZipFile(table_file()) as archive:
        return tuple(sorted(name.removesuffix(".npy") for name in archive.namelist()))


def describe(name: str) -> VoiceInfo:
    """Return what the name says: accent and gender are its first two letters."""
    language = "zh" if name[0] == "z" else "en"
    gender = "female" if name[1] == "f" else "male"
    return VoiceInfo(name, (language,), "female" if gender == "female" else "male", _ACCENT_NAMES[name[0]])


def parse_blend(formula: str) -> tuple[tuple[str, float], ...]:
    """Return voices and their shares, which add up to 1; a plain name is a blend of one.

    Raises:
        VoiceError: It is not a blend, or a voice does not exist.
    """
    parts = []
    for term in formula.split("+"):
        match = _PART.fullmatch(term.strip())
        if match is None:
            raise VoiceError(f"{formula!r} is not a blend of voices; write it like af_heart*0.6 + af_bella*0.4")
        name, weight = match[1], float(match[2] or 1)
        if name not in names():
            raise unknown_voice_error("kokoro", name, names())
        parts.append((name, weight))
    total = sum(weight for _, weight in parts)
    if total <= 0:
        raise VoiceError(f"the shares of {formula!r} add up to 0; give at least one voice a share above 0")
    return tuple((name, weight / total) for name, weight in parts)


@lru_cache(maxsize=16)
def style(formula: str) -> NDArray[np.float32]:
    """Return the style table of a voice or blend, a row for each number of tokens: shape (510, 1, 256), read-only."""
    with np.load(table_file()) as tables:
        blended = np.zeros((510, 1, 256), np.float32)
        for name, share in parse_blend(formula):
            blended += tables[name].astype(np.float32) * np.float32(share)
    blended.flags.writeable = False  # shared by all who ask for this voice
    return blended


def accent(formula: str) -> str:
    """Return how this voice reads Latin words: ``en-gb`` for a British voice, else ``en-us``."""
    leading = max(parse_blend(formula), key=lambda part: part[1])[0]
    return "en-gb" if leading[0] == "b" else "en-us"
