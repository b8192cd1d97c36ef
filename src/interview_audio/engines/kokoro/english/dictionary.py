"""misaki's English dictionaries: the pronunciations that Kokoro was trained on, one accent at a time.

They are text that is searched by halves, which a worker loads in hundredths of a second: as Python's objects a
dictionary of 180,000 words takes 70 MB and a third of a second in each worker.
"""

import functools
import zlib
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

from interview_audio.errors import EngineError

_FILES = {"en-us": "us.zlib", "en-gb": "gb.zlib"}

DEFAULT = "DEFAULT"
"""The part of speech of a reading that holds for every other one."""


_LONGEST_KEY = 80
"""Characters; those of the tables have 45 at most."""


class PackedTable:
    """A compressed text, with a line an entry in the order of its bytes: the key, a tab, the value."""

    def __init__(self, name: str) -> None:
        """Load a file of this package, as the tools in ``tools/`` pack it."""
        self._text = zlib.decompress((resources.files(__package__) / name).read_bytes())

    def find(self, key: str) -> str | None:
        """Return the value of a key."""
        if not 0 < len(key) <= _LONGEST_KEY:
            return None
        text, wanted = self._text, key.encode("utf-8", "surrogatepass")
        low, high = 0, len(text)
        while low < high:
            # A line starts after each line break; the text ends with one.
            start = text.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = text.index(b"\n", start)
            found, _, value = text[start:end].partition(b"\t")
            if found == wanted:
                return value.decode("utf-8")
            if found < wanted:
                low = end + 1
            else:
                high = start
        return None


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
