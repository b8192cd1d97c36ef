"""English words as Kokoro's phonemes: by misaki's dictionaries, and by espeak-ng where they have no entry."""

import functools
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from enum import Enum, auto

from interview_audio.engines.kokoro.english.dictionary import (
    CONSONANTS,
    DEFAULT,
    PRIMARY,
    SECONDARY,
    VOWELS,
    Dictionary,
    compounded,
    inflected,
    lines_of,
    stressed,
    unstressed,
    weakened,
)
from interview_audio.engines.kokoro.english.espeak import Espeak
from interview_audio.engines.kokoro.english.heteronyms import Heteronyms, Sentence, Tagger, sentence_around
from interview_audio.engines.kokoro.english.names import Names
from interview_audio.normalization.capitals import is_english

_LETTER = re.compile(r"([A-Z])('s)?")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z']+")
_PAUSES = frozenset(";:,.!?—…")
_BEFORE_PAUSE = "None"
_CONTRACTION = re.compile("'(?:d|ll|ve|s)$")
_SHORTEST_PART = 3
"""Letters of a part of a compound that is written as one word, but for its last part, which has one more."""
_ACCENTED_ENDING = ("é", "és")


class _Next(Enum):
    """What follows a word."""

    VOWEL = auto()
    CONSONANT = auto()
    PAUSE = auto()


class English:
    """Reads Latin words in one accent."""

    def __init__(self, accent: str, vocabulary: Collection[str]) -> None:
        """Load the dictionary of an accent.

        Args:
            accent: ``en-us`` or ``en-gb``.
            vocabulary: The phonemes to keep.

        Raises:
            EngineError: There is no such accent.
        """
        self._accent = accent
        self._vocabulary = frozenset(vocabulary)
        self._dictionary = Dictionary(accent)
        self._espeak = Espeak(accent)
        self._heteronyms = Heteronyms(accent)
        self._names = Names(accent, lambda word: self._readings(word) is not None)
        self._readings = functools.lru_cache(maxsize=8192)(self._word_readings)

    @functools.cached_property
    def _tagger(self) -> Tagger:
        return Tagger()

    def knows(self, word: str) -> bool:
        """Tell whether a word is read surely: it, or all that it is made of, is in a dictionary or a list.

        Args:
            word: As it is written, or as it is spoken.
        """
        plain = _plain(word)
        whole = _CONTRACTION.sub("", plain)
        if self._readings(plain) is not None or self._readings(whole) is not None:
            return True
        if self._names.chinese([plain]) or whole in _guessed_right():
            return True
        parts = [part for part in plain.split("-") if part]
        return len(parts) > 1 and all(len(part) == 1 or self.knows(part) for part in parts)

    def phrase(self, words: Sequence[str], before: str = "", after: str = "") -> list[str | None]:
        """Read the words of a phrase that holds no punctuation.

        Args:
            words: Latin words. Two or more single capitals in a row are spelled as one acronym.
            before: The text before them, as far as it may decide how they sound.
            after: The text after them, from the mark on that ends the phrase.

        Returns:
            The phonemes of each word, with the space that follows them inside the phrase; None for a word without one.

        Raises:
            EngineError: espeak-ng is needed and cannot be loaded.
        """
        chosen = self._chosen(words, before, after)
        backwards: list[str | None] = []
        follows = _begins_after(after)
        for first, last in reversed(_units(words)):
            if last - first > 1 or (words[first] == "A" and (first > 0 or len(words) == 1)):
                sounds = self._spelled(words[first:last])
            else:
                sounds = [self._word(words[first], follows, chosen.get(first))]
            follows = _begins(sounds[0], follows)
            kept = ["".join(sound for sound in word if sound in self._vocabulary) for word in sounds]
            if kept[-1] and backwards:
                kept[-1] += " "
            backwards += [word or None for word in reversed(kept)]
        return backwards[::-1]

    def _chosen(self, words: Sequence[str], before: str, after: str) -> Mapping[int, str]:
        """Return the sounds of the Chinese names of a phrase and of its words with several readings, by their index."""
        names = self._names.chinese(words)
        several = [i for i, word in enumerate(words) if i not in names and self._is_heteronym(_plain(word))]
        if not several:
            return names
        sentence = sentence_around(words, before, after, self._tagger)
        return {**names, **{index: self._heteronym(sentence, index, _plain(words[index])) for index in several}}

    def _is_heteronym(self, word: str) -> bool:
        if word.lower() in self._heteronyms:
            return True
        readings = self._readings(word)
        return readings is not None and len(readings.keys() - {_BEFORE_PAUSE}) > 1

    def _heteronym(self, sentence: Sentence, index: int, word: str) -> str:
        readings = self._readings(word) or {DEFAULT: self._espeak.guess(word)}
        return self._heteronyms.sound(sentence, sentence.places[index], readings)

    def _spelled(self, letters: Sequence[str]) -> list[str]:
        """Say each letter by itself, the last one with the main stress."""
        *leading, last = (self._letter(letter) for letter in letters)
        return [*(weakened(letter) for letter in leading), last]

    def _letter(self, letter: str) -> str:
        sound = (self._dictionary.readings(letter[0]) or {}).get(DEFAULT, "")
        if len(letter) == 1:
            return sound
        plural = inflected("x's", lambda _: {DEFAULT: sound}, accent=self._accent)
        return sound if plural is None else plural[DEFAULT]

    def _word(self, word: str, follows: _Next, chosen: str | None) -> str:
        """Read one word, a compound that has no entry by its parts; ``chosen``: what its sentence tells."""
        if chosen is not None:
            return _emphasized(word, chosen)
        parts = [part for part in word.split("-") if part]
        if len(parts) < 2 or self._readings(_plain(word)) is not None:
            return self._part(word, follows)
        sounds: list[str] = []
        for part in reversed(parts):
            is_letter = len(part) == 1 and part.isascii()
            sounds.append(self._letter(part.upper()) if is_letter else self._part(part, follows))
            follows = _begins(sounds[-1], follows)
        return "".join(compounded(sounds[::-1]))

    def _part(self, word: str, follows: _Next) -> str:
        plain = _plain(word)
        weak = _WEAK.get(plain.lower())
        if weak is not None and follows in weak:
            return weak[follows]
        readings = self._readings(plain)
        if readings is None:
            return self._espeak.guess(word if word != word.upper() or len(word) == 1 else word.capitalize())
        sound = readings[DEFAULT]
        if follows is _Next.PAUSE:
            sound = readings.get(_BEFORE_PAUSE, sound)
        return _emphasized(plain, sound)

    def _word_readings(self, word: str) -> Mapping[str, str] | None:
        """Return how a word sounds by its part of speech, or None if it is unknown."""
        lookup = self._entry
        if word.endswith("'"):
            return self._readings(word[:-1])
        for form in dict.fromkeys((word, word.lower())):
            readings = lookup(form) or inflected(form, lookup, accent=self._accent)
            if readings is not None:
                return readings
        return self._unaccented(word) or self._camel(word) or self._joined(word)

    def _entry(self, word: str) -> Mapping[str, str] | None:
        sound = self._names.sound(word)
        found = self._dictionary.readings(word) if sound is None else {DEFAULT: sound}
        if found is None and word == word.lower() and (sound := self._names.sound(word.capitalize())):
            return {DEFAULT: sound}
        return found

    def _unaccented(self, word: str) -> Mapping[str, str] | None:
        """Look an accented word up without its accents; ``exposé`` is not ``expose``, so its end is to sound."""
        plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
        if plain == word or not plain.isascii():
            return None
        # Güneş is no plural of gun.
        is_whole = word == word.lower() or plain.endswith("'s")
        readings = self._readings(plain) if is_whole else self._entry(plain)
        if readings is None or not word.endswith(_ACCENTED_ENDING):
            return readings
        return readings if unstressed(readings[DEFAULT]).endswith(("A", "Az")) else None

    def _joined(self, word: str) -> Mapping[str, str] | None:
        """Read ``bikeshed`` by its two parts, if both are common words; the first one has the stress."""
        stem, ending = _stem(word.lower())
        first_parts, last_parts = _no_compounds()
        for size in range(_SHORTEST_PART, len(stem) - _SHORTEST_PART):
            parts = stem[:size], stem[size:]
            if not all(map(is_english, parts)) or parts[0] in first_parts or parts[1] in last_parts:
                continue
            first, last = self._readings(parts[0]), self._readings(parts[1] + ending)
            if first and last and PRIMARY in first[DEFAULT]:
                return {DEFAULT: first[DEFAULT] + weakened(last[DEFAULT])}
        return None

    def _camel(self, word: str) -> Mapping[str, str] | None:
        """Read ``YouTube`` by its parts, if each of them is a word of three letters or more."""
        parts = _CAMEL.findall(word)
        if len(parts) < 2 or "".join(parts) != word or min(map(len, parts)) < 3:
            return None
        readings = [self._readings(part) for part in parts]
        known = [reading[DEFAULT] for reading in readings if reading is not None]
        return {DEFAULT: "".join(compounded(known))} if len(known) == len(parts) else None


_WEAK: Mapping[str, Mapping[_Next, str]] = {
    "a": dict.fromkeys(_Next, "ɐ"),
    "an": dict.fromkeys(_Next, "ɐn"),
    "am": {_Next.VOWEL: "ɐm", _Next.CONSONANT: "ɐm"},
    "i": dict.fromkeys(_Next, "ˌI"),
    "in": {_Next.VOWEL: "ɪn", _Next.CONSONANT: "ɪn", _Next.PAUSE: "ˈɪn"},
    "the": {_Next.VOWEL: "ði", _Next.CONSONANT: "ðə", _Next.PAUSE: "ðə"},
    "to": {_Next.VOWEL: "tʊ", _Next.CONSONANT: "tə"},
}
"""Words that change with what follows, as misaki has them in both accents."""


@functools.cache
def _no_compounds() -> Sequence[frozenset[str]]:
    return [frozenset(line.split()) for line in lines_of("no_compounds.txt")]


@functools.cache
def _guessed_right() -> frozenset[str]:
    return frozenset(word for line in lines_of("guessed_right.txt") for word in line.split())


def _stem(word: str) -> tuple[str, str]:
    """Cut the ending of a plural or a genitive off."""
    ending = next((ending for ending in ("'s", "s") if word.endswith(ending) and not word.endswith("ss")), "")
    return word.removesuffix(ending), ending


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).replace("’", "'").replace("‘", "'")


def _units(words: Sequence[str]) -> list[tuple[int, int]]:
    """Return ranges of words that are read as one: acronyms spelled in letters, and every other word by itself.

    A letter with ``'s`` ends its acronym: ``B B C's C D's`` are two.
    """
    units: list[tuple[int, int]] = []
    first = 0
    for index, word in enumerate(words):
        is_followed = index + 1 < len(words) and _LETTER.fullmatch(words[index + 1]) is not None
        goes_on = _LETTER.fullmatch(word) is not None and len(word) == 1 and is_followed
        if not goes_on:
            units.append((first, index + 1))
            first = index + 1
    return units


def _emphasized(word: str, sound: str) -> str:
    """Give a word with a capital a stress if it has none, as misaki does; one in capitals a main one."""
    if word == word.lower():
        return sound
    return stressed(sound, PRIMARY if len(word) > 1 and word == word.upper() else SECONDARY)


def _begins(sound: str, follows: _Next) -> _Next:
    """Tell how a word begins for the word before it; what has no vowel and no consonant leaves it to what follows."""
    for phoneme in sound:
        if phoneme in VOWELS:
            return _Next.VOWEL
        if phoneme in CONSONANTS:
            return _Next.CONSONANT
    return follows


def _begins_after(after: str) -> _Next:
    """Tell what follows a phrase, as far as its letters say."""
    first = after.lstrip(' "“”()')[:1]
    if not first or first in _PAUSES:
        return _Next.PAUSE
    return _Next.VOWEL if first.lower() in "aeio" else _Next.CONSONANT
