"""Kokoro's voices: the packaged tables, and blends of them (``af_heart*0.6 + af_bella*0.4``)."""

import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.protocol import VoiceInfo, VoiceTraits, unknown_voice_error
from interview_audio.errors import VoiceError

FILE = "voices-v1.0.npz"
SHA256 = "4e3db928df91f296f5bdbef007a5b1063d37e0c136098ce04c2703d4cabd49c4"
MEASURES = "measures.tsv"
"""What ``tools/measure_voices.py`` writes."""
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
    return "en-gb" if _main_part(formula)[0] == "b" else "en-us"


def describe_blend(formula: str) -> VoiceInfo:
    """Return a voice's languages and gender: those of its main part, if it is a blend.

    Raises:
        VoiceError: It is not a blend, or a voice does not exist.
    """
    return replace(describe(_main_part(formula)), name=formula)


def _main_part(formula: str) -> str:
    return max(parse_blend(formula), key=lambda part: part[1])[0]


def traits(formula: str, language: str) -> VoiceTraits:
    """Return how a voice sounds in a language: as measured, or the weighted mean of what it is blended of.

    A part that was not measured in this language sounds as in its own; how clear and good that is, is not known.

    Raises:
        VoiceError: It is not a blend, or a voice does not exist.
    """
    parts = parse_blend(formula)
    known = _measures().get((_normal(parts), language))
    return known or _mean([(_part_traits(name, language), share) for name, share in parts if share])


def measured() -> tuple[tuple[str, str], ...]:
    """Return the voices and blends that were measured, as the table writes them, each with the language it spoke."""
    return tuple((row[0], row[1]) for row in _rows())


def _part_traits(name: str, language: str) -> VoiceTraits:
    measures, alone = _measures(), _normal([(name, 1.0)])
    own = measures[alone, describe(name).languages[0]]
    return measures.get((alone, language)) or replace(own, clarity=None, quality=None)


def _mean(parts: Sequence[tuple[VoiceTraits, float]]) -> VoiceTraits:
    def mean(values: Sequence[float]) -> float:
        return sum(value * share for value, (_, share) in zip(values, parts, strict=True))

    clarity = [one.clarity for one, _ in parts if one.clarity is not None]
    quality = [one.quality for one, _ in parts if one.quality is not None]
    return VoiceTraits(
        pitch=math.exp(mean([math.log(one.pitch) for one, _ in parts])),
        liveliness=mean([one.liveliness for one, _ in parts]),
        timbre=tuple(map(mean, zip(*(one.timbre for one, _ in parts), strict=True))),
        clarity=mean(clarity) if len(clarity) == len(parts) else None,
        quality=mean(quality) if len(quality) == len(parts) else None,
    )


@cache
def _measures() -> Mapping[tuple[str, str], VoiceTraits]:
    """Return how each voice or blend of the packaged table sounds in a language."""
    return {(_normal(parse_blend(row[0])), row[1]): _row_traits(row[2:]) for row in _rows()}


def _rows() -> list[list[str]]:
    text = resources.files(__package__).joinpath(MEASURES).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")][1:]


def _row_traits(row: Sequence[str]) -> VoiceTraits:
    _, units, errors, quality, pitch, liveliness, *timbre = map(float, row)
    return VoiceTraits(pitch, liveliness, tuple(timbre), 1 - errors / units, quality)


def _normal(parts: Sequence[tuple[str, float]]) -> str:
    """Write a blend in one way, whatever its order, spaces and the sum of its shares."""
    shares = ((name, round(share, 3)) for name, share in sorted(parts))
    return "+".join(f"{name}*{share}" for name, share in shares)
