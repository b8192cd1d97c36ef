"""misaki's English dictionaries: the pronunciations that Kokoro was trained on, one accent at a time.

A dictionary is one compressed text with a line a word in the order of its bytes, made by
``tools/pack_english_dictionaries.py``. It is kept as bytes and searched by halves: as Python's objects it would take
ten times the memory and the time in each worker.
"""

import functools
import zlib
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

from interview_audio.errors import EngineError

_FILES = {"en-us": "us.zlib", "en-gb": "gb.zlib"}
_LONGEST_WORD = 60
"""Letters; the longest of the dictionaries has 45."""

DEFAULT = "DEFAULT"
"""The part of speech of a reading that holds for every other one."""


class Dictionary:
    """The pronunciations of one accent."""

    def __init__(self, accent: str) -> None:
        """Load a dictionary; it takes 40 ms and 5 MB.

        Args:
            accent: ``en-us`` or ``en-gb``.

        Raises:
            EngineError: There is no dictionary of this accent.
        """
        if accent not in _FILES:
            raise EngineError(f"no English dictionary for the accent {accent}; there are {' and '.join(_FILES)}")
        self._text = zlib.decompress((resources.files(__package__) / _FILES[accent]).read_bytes())
        self.readings = functools.lru_cache(maxsize=8192)(self._readings)

    def _readings(self, word: str) -> Mapping[str, str] | None:
        """Look a word up as it is written, then with its first letter in the other case.

        Args:
            word: In ASCII letters, with apostrophes, hyphens and full stops.

        Returns:
            Phonemes by part of speech: :data:`DEFAULT` and, of a word with several readings, some of misaki's tags
            (``VERB``, ``NOUN``, ``ADJ``, ``ADV``, ``DT``, ``VBD``, ``VBN``, ``VBP``, and ``None`` before a pause).
            None for an unknown word.
        """
        if not word.isascii() or not 0 < len(word) <= _LONGEST_WORD:
            return None
        found = self._found(word)
        if found is None and len(word) > 1 and word[1:] == word[1:].lower():
            found = self._found(word[0].swapcase() + word[1:])
        if found is None:
            return None
        default, *others = found.split(" ")
        return MappingProxyType({DEFAULT: default, **dict(other.split("=") for other in others)})

    def _found(self, word: str) -> str | None:
        text, key = self._text, word.encode("ascii")
        low, high = 0, len(text)
        while low < high:
            # A line starts after each line break; the text ends with one.
            start = text.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = text.index(b"\n", start)
            entry, _, phonemes = text[start:end].partition(b"\t")
            if entry == key:
                return phonemes.decode("utf-8")
            if entry < key:
                low = end + 1
            else:
                high = start
        return None
