"""misaki's English dictionaries: the pronunciations that Kokoro was trained on, one accent at a time."""

import functools
from collections.abc import Mapping
from types import MappingProxyType

from interview_audio.engines.kokoro.english.packed import PackedTable
from interview_audio.errors import EngineError

_FILES = {"en-us": "us.zlib", "en-gb": "gb.zlib"}

DEFAULT = "DEFAULT"
"""The part of speech of a reading that holds for every other one."""


class Dictionary:
    """The pronunciations of one accent, made by ``tools/pack_english_dictionaries.py``."""

    def __init__(self, accent: str) -> None:
        """Load a dictionary; it takes 5 MB.

        Args:
            accent: ``en-us`` or ``en-gb``.

        Raises:
            EngineError: There is no dictionary of this accent.
        """
        if accent not in _FILES:
            raise EngineError(f"no English dictionary for the accent {accent}; there are {' and '.join(_FILES)}")
        self._words = PackedTable(_FILES[accent])
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
        found = self._words.find(word)
        if found is None and len(word) > 1 and word[1:] == word[1:].lower():
            found = self._words.find(word[0].swapcase() + word[1:])
        if found is None:
            return None
        default, *others = found.split(" ")
        return MappingProxyType({DEFAULT: default, **dict(other.split("=") for other in others)})
