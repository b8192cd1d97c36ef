"""misaki's English dictionaries, and its notation of sounds, as Kokoro was trained on them, one accent at a time.

The dictionaries are text that is searched by halves, which a worker loads in hundredths of a second: as Python's
objects a dictionary of 180,000 words takes 70 MB and a third of a second in each worker.

The notation has one character a sound: ``A I O Q W Y`` are the vowels of *day, my, go, go* (British)*, now, boy*,
``ʤ ʧ`` the consonants of *judge, church*, ``T`` the American t of *water*, ``ᵊ`` and ``ᵻ`` the weak vowels of *little,
roses*. A stress mark is right before its vowel.
"""

import functools
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
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


def lines_of(name: str) -> Iterator[str]:
    """Yield the lines of a list of this package that are no comments."""
    lines = (resources.files(__package__) / name).read_text("utf-8").splitlines()
    return (line for line in lines if line and not line.startswith("#"))


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


VOWELS = frozenset("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ")
CONSONANTS = frozenset("bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ")
PRIMARY, SECONDARY = "ˈ", "ˌ"
_HEAVY = frozenset("AIOQWYʤʧ")
_TAP = "T"
_BEFORE_A_VOWEL = re.compile(r"(?<!s)[ptk](?=[ɹlwj]?[ˈˌ]?[AIOQWYaiuæɑɒɔəɛɜɪʊʌᵊᵻ])")
_SPELT_OUT = {
    "A": "eɪ", "I": "aɪ", "O": "oʊ", "Q": "əʊ", "W": "aʊ", "Y": "ɔɪ", "ʤ": "dʒ", "ʧ": "tʃ", "ᵊ": "ə", "ᵻ": "ɪ",
    "ɜɹ": "ɜː", "ɜ": "ɜː", "əɹ": "ɚ",
}  # fmt: skip
"""Sounds of misaki as espeak-ng writes them."""
_TWO_SOUNDS = re.compile("[ɜə]ɹ(?![ˈˌAIOQWYaiuæɑɒɔəɛɜɪʊʌᵊᵻ])|ɜ(?=ɹ)|[AIOQWYʤʧᵊᵻ]")
_LONG = re.compile("(?<=[ˈˌ])[iuɑɔ](?![ːɪ])")
"""Vowels that misaki's American leaves without the mark of their length."""
Readings = Mapping[str, str]
Lookup = Callable[[str], Readings | None]

_BRITISH = "en-gb"
_DOUBLED = re.compile(r"([bcdgklmnprstvxz])\1ing$|cking$")
_TAPPING = frozenset("AIOWYiuæɑəɛɪɹʊʌ")
"""Sounds after which an American t before a vowel is a tap."""


def unstressed(phonemes: str) -> str:
    """Return a word without its stress marks."""
    return phonemes.replace(PRIMARY, "").replace(SECONDARY, "")


def weakened(phonemes: str) -> str:
    """Return a word whose main stress is a secondary one; it keeps no other stress. One without it stays as it is."""
    if PRIMARY not in phonemes:
        return phonemes
    return phonemes.replace(SECONDARY, "").replace(PRIMARY, SECONDARY)


def stressed(phonemes: str, mark: str) -> str:
    """Return a word that has a stress of this kind or a stronger one, on its first vowel if it had none.

    Args:
        phonemes: A word.
        mark: :data:`PRIMARY` or :data:`SECONDARY`.
    """
    if PRIMARY in phonemes or mark in phonemes:
        return phonemes
    if SECONDARY in phonemes:
        return phonemes.replace(SECONDARY, PRIMARY)
    first = next((index for index, sound in enumerate(phonemes) if sound in VOWELS), None)
    return phonemes if first is None else phonemes[:first] + mark + phonemes[first:]


def among_mandarin(phonemes: str) -> str:
    """Return a word as it is to be said among Mandarin, in the manner of that language's notation.

    A bare ``t`` is the d of pinyin there. English p, t and k are aspirated before a vowel, but not after an s; misaki
    need not write it, for in English a ``t`` is nothing else. Among Mandarin phonemes Kokoro takes *Tesla* for *desla*,
    and does not know the American tap. Nor has Mandarin letters that stand for two sounds: they are written as
    espeak-ng does, and long vowels as long.
    """
    aspirated = _BEFORE_A_VOWEL.sub(r"\g<0>ʰ", phonemes.replace(_TAP, "t"))
    return _LONG.sub(r"\g<0>ː", _TWO_SOUNDS.sub(lambda found: _SPELT_OUT[found[0]], aspirated))


def weight(phonemes: str) -> int:
    """Return how long a part of a compound is: diphthongs and affricates count twice."""
    return len(phonemes) + sum(sound in _HEAVY for sound in phonemes)


def compounded(parts: list[str]) -> list[str]:
    """Return the parts of a compound with no more main stresses than one word bears.

    As misaki does it: of the parts, half keep their main stress, the later of two letters and the longer of words.
    """
    spoken = [index for index, part in enumerate(parts) if part]
    strong = sum(PRIMARY in parts[index] for index in spoken)
    if len(spoken) < 2 or strong <= (len(spoken) + 1) // 2:
        return parts
    order = sorted(spoken, key=lambda index: (PRIMARY in parts[index], weight(parts[index]), index))
    weak = frozenset(order[: len(spoken) // 2])
    return [weakened(part) if index in weak else part for index, part in enumerate(parts)]


def inflected(word: str, lookup: Lookup, accent: str) -> Readings | None:
    """Read a word by the entry of its stem: it differs by ``-s``, ``-ed``, ``-ing`` or a possessive.

    The rules of sound are those of Wiktionary's entries -s, -ed and -ing, in the form in which Kokoro learned them.

    Args:
        word: A word that has no entry.
        lookup: The entries.
        accent: ``en-us`` or ``en-gb``.

    Returns:
        Its sounds by part of speech, as many as the stem has; None if no entry fits.
    """
    for stems, ending in ((_before_s, _with_s), (_before_ed, _with_ed), (_before_ing, _with_ing)):
        for stem in stems(word):
            readings = lookup(stem)
            if readings is not None:
                sounds = {tag: ending(sound, accent) for tag, sound in readings.items()}
                return None if "" in sounds.values() else sounds
    return None


def _before_s(word: str) -> Iterator[str]:
    if len(word) < 3 or not word.endswith("s"):
        return
    if word.endswith("'s"):
        yield word[:-2]
        return
    if not word.endswith("ss"):
        yield word[:-1]
    if len(word) > 4 and word.endswith("ies"):
        yield word[:-3] + "y"
    elif len(word) > 4 and word.endswith("es"):
        yield word[:-2]


def _before_ed(word: str) -> Iterator[str]:
    if len(word) < 4 or not word.endswith("d"):
        return
    if not word.endswith("dd") and word.endswith("ed"):
        yield word[:-1]
    if len(word) > 4 and word.endswith("ed") and not word.endswith("eed"):
        yield word[:-2]
        yield from _undoubled(word[:-2])
    if len(word) > 4 and word.endswith("ied"):
        yield word[:-3] + "y"


def _before_ing(word: str) -> Iterator[str]:
    if len(word) < 5 or not word.endswith("ing"):
        return
    if len(word) > 5:
        yield word[:-3]
    yield word[:-3] + "e"
    if len(word) > 5 and _DOUBLED.search(word):
        yield word[:-4]


def _undoubled(stem: str) -> Iterator[str]:
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] in "bdgklmnprtvz":
        yield stem[:-1]


def _with_s(stem: str, accent: str) -> str:
    if stem[-1] in "ptkfθT":
        return stem + "s"
    if stem[-1] in "szʃʒʧʤ":
        return stem + ("ɪz" if accent == _BRITISH else "ᵻz")
    return stem + "z"


def _with_ed(stem: str, accent: str) -> str:
    if stem[-1] in "pkfθʃsʧ":
        return stem + "t"
    if stem[-1] not in "dt":
        return stem + "d"
    if accent == _BRITISH:
        return stem + "ɪd"
    return _tapped(stem) + "ᵻd"


def _with_ing(stem: str, accent: str) -> str:
    # A British word that ends in a silent r sounds it again: the rule for that is nobody's yet, espeak-ng knows it.
    if accent == _BRITISH and stem[-1] in "əː":
        return ""
    return (stem if accent == _BRITISH else _tapped(stem)) + "ɪŋ"


def _tapped(stem: str) -> str:
    return stem[:-1] + "T" if len(stem) > 1 and stem[-1] == "t" and stem[-2] in _TAPPING else stem
