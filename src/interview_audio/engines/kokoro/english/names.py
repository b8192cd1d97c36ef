"""Names of other languages in English text, as newsreaders say them: a table, and Chinese ones by their pinyin."""

import functools
import itertools
import re
from collections.abc import Callable, Mapping, Sequence

from interview_audio.engines.kokoro.english.dictionary import DEFAULT, PRIMARY, SECONDARY, inflected, lines_of, stressed

_BRITISH = "en-gb"
_LONGEST_NAME = 24
_LONGEST_SYLLABLE = 6
_NAME = re.compile("[A-Z][a-zü]+(?:['’-][A-Za-z][a-zü]*)*")
_GENITIVE = re.compile("['’]s$")
_APART = re.compile("['’-]")
_CANNOT_FOLLOW = frozenset("aeo")
"""A syllable that begins with one of these has an apostrophe before it inside a word: Xi'an is not Xian."""
_RARE = ("zh", "x", "q")
"""What words of other languages hardly begin with that are nothing but pinyin."""
_ONLY_CHINESE = re.compile("[iu]ang$|iao$|iong$|^jia")
"""Letters of a syllable that only Chinese has."""
_CHINESE_ENDING = re.compile("(?:ng|i[au]|iao|[iu]an|u[aeio]|ou|ei|ao)$")
"""Ends of syllables that Western first names of nothing but pinyin (Lena, Dana, Mila) do not have."""
_FUNCTION_WORDS = frozenset(["An", "He", "You"])


class Names:
    """Knows how names of other languages are said in one accent."""

    def __init__(self, accent: str, is_word: Callable[[str], bool]) -> None:
        """Keep an accent.

        Args:
            accent: ``en-us`` or ``en-gb``.
            is_word: Tells whether dictionaries have a word.
        """
        self._accent = accent
        self._is_word = is_word

    def sound(self, name: str) -> str | None:
        """Return the sound that the table has for a name, as it is written; None if it has none."""
        said = _table("foreign_names.tsv").get(name)
        return None if said is None else said[self._accent == _BRITISH]

    def chinese(self, words: Sequence[str]) -> Mapping[int, str]:
        """Return the sounds of the Chinese names of a phrase, by the index of their words.

        A word of nothing but pinyin is a Chinese name if its letters leave no doubt or it is a surname that is no
        English word; beside such a name others are, too: behind it any that dictionaries do not have, and surnames
        on both sides that are words otherwise (``Zheng He``).

        Args:
            words: As they are written, with nothing but spaces between them.
        """
        cut = {index: syllables for index, word in enumerate(words) if (syllables := _syllables(word)) is not None}
        sure = {index for index in cut if self._is_certain(_stem(words[index]), cut[index])}
        sure |= {index for index in cut.keys() - sure if self._is_given_name(words, index, cut)}
        beside = {
            index
            for index in cut.keys() - sure
            if (index - 1 in sure and self._may_follow(_stem(words[index])))
            or (index + 1 in sure and self._may_precede(words[index], index, cut))
        }
        return {index: self._said(words[index], cut[index]) for index in sorted(sure | beside)}

    def _is_certain(self, name: str, syllables: Sequence[str]) -> bool:
        if name in _lists()[0]:
            return True
        if self._is_word(name) or name in _lists()[2]:
            return False
        first, *others = syllables
        is_marked = first.startswith(_RARE) or any(map(_ONLY_CHINESE.search, syllables))
        has_ending = any(_CHINESE_ENDING.search(syllable) for syllable in syllables if not syllable.startswith("q"))
        is_longer = others and all(syllable.endswith("ng") for syllable in syllables)
        return is_marked or is_longer or (has_ending and any(syllable.startswith(_RARE) for syllable in others))

    def _may_follow(self, name: str) -> bool:
        return name in _lists()[1] or not self._is_word(name)

    def _is_given_name(self, words: Sequence[str], index: int, cut: Mapping[int, Sequence[str]]) -> bool:
        """Tell whether a word of several syllables stands behind a surname that is a word otherwise: ``Li Yanhong``."""
        if index - 1 not in cut or words[index - 1] not in _lists()[1] or len(cut[index]) < 2:
            return False
        return not self._is_word(_stem(words[index])) and any(map(_CHINESE_ENDING.search, cut[index]))

    def _may_precede(self, name: str, index: int, cut: Mapping[int, Sequence[str]]) -> bool:
        if name in _lists()[1]:
            # No sentence goes on with a given name behind the pronoun: He Jiankui is a name.
            return index > 0 or name not in _FUNCTION_WORDS or (name == "He" and len(cut[index + 1]) > 1)
        return not self._is_word(name) and any(map(_CHINESE_ENDING.search, cut[index]))

    def _said(self, word: str, syllables: Sequence[str]) -> str:
        sounds = [_sounds()[syllable][self._accent == _BRITISH] for syllable in syllables]
        *leading, last = sounds
        marked = [stressed(sound, SECONDARY) if index % 2 == 0 else sound for index, sound in enumerate(leading)]
        said = "".join([*marked, stressed(last, PRIMARY)])
        genitive = inflected("x's", lambda _: {DEFAULT: said}, self._accent) if _GENITIVE.search(word) else None
        return said if genitive is None else genitive[DEFAULT]


def _stem(word: str) -> str:
    return _GENITIVE.sub("", word)


@functools.lru_cache(maxsize=4096)
def _syllables(word: str) -> tuple[str, ...] | None:
    """Cut a name into syllables of pinyin; None if it is written otherwise."""
    name = _stem(word)
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        return None
    parts = [_cut(part) for part in _APART.split(name.lower())]
    return tuple(itertools.chain.from_iterable(part for part in parts if part)) if all(parts) else None


def _cut(letters: str) -> tuple[str, ...]:
    """Cut letters at the longest syllables that leave syllables; empty if there is no way."""
    for size in range(min(_LONGEST_SYLLABLE, len(letters)), 0, -1):
        head, rest = letters[:size], letters[size:]
        if head not in _sounds():
            continue
        if not rest:
            return (head,)
        tail = _cut(rest) if rest[0] not in _CANNOT_FOLLOW else ()
        if tail:
            return (head, *tail)
    return ()


@functools.cache
def _table(name: str) -> Mapping[str, Sequence[str]]:
    return {key: rest for key, *rest in (line.split("\t") for line in lines_of(name))}


@functools.cache
def _lists() -> Sequence[frozenset[str]]:
    return [frozenset(line.split()) for line in lines_of("pinyin_names.txt")]


@functools.cache
def _sounds() -> Mapping[str, tuple[str, str]]:
    """Return the sounds of each syllable, American and British."""
    initials: dict[str, str] = {}
    found: dict[str, tuple[str, str]] = {}
    for written, american, *more in (line.split("\t") for line in lines_of("pinyin.tsv")):
        if written.endswith("-"):
            initials[written[:-1]] = american
        elif written.startswith("="):
            found[written[1:]] = (american, more[0])
        else:
            for start in ("" if start == "-" else start for start in more[1].split()):
                initial = initials.get(start, start)
                found[start + written] = (initial + american, initial + more[0])
    return found
