"""The pronunciations that a user gives: where they apply in a text, for all engines, and in which notation they are.

Notations of sounds (IPA, pinyin) are told from the letters that a voice reads. Beside them is what the names that a
text knows say of themselves: surnames that are read otherwise than the same characters elsewhere.
"""

import functools
import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from interview_audio.normalization.grammar import table
from interview_audio.normalization.signs import fold_characters
from interview_audio.text.characters import HAN, LATIN, count_han, has_letter_or_digit, letters_and_digits


class FoundPronunciation(NamedTuple):
    """A stretch of written text that a pronunciation replaces."""

    start: int
    end: int
    spoken: str


def find_pronunciations(
    text: str, pronunciations: Mapping[str, str], here: Sequence[tuple[int, int, str]] = ()
) -> Iterator[FoundPronunciation]:
    """Yield what the pronunciations replace in a text, in order and without overlap.

    Letters match whatever their width and apostrophes whatever their shape; case counts. The longest written form
    wins, and Latin ones match whole words only. Of two that differ only in shape the last one counts.

    Args:
        text: Written words.
        pronunciations: Written form to spoken form.
        here: Start, end and spoken form of what is said otherwise at one place only, in order: that wins there.
    """
    waiting = deque(FoundPronunciation(*one) for one in here)
    reached = 0
    for found in _everywhere(text, pronunciations):
        while waiting and waiting[0].start < found.end:
            reached = waiting[0].end
            yield waiting.popleft()
        if found.start >= reached:
            yield found
    yield from waiting


def _everywhere(text: str, pronunciations: Mapping[str, str]) -> Iterator[FoundPronunciation]:
    spoken = {fold_characters(written): said for written, said in pronunciations.items() if written}
    if spoken:
        for match in _pattern(tuple(spoken)).finditer(fold_characters(text)):
            yield FoundPronunciation(match.start(), match.end(), spoken[match[0]])


def applies(written: str, text: str) -> bool:
    """Tell whether a pronunciation of this written form changes how a text is spoken."""
    return applies_to_folded(written, fold_characters(text))


def applies_to_folded(written: str, folded: str) -> bool:
    """Tell the same of a text that is folded already, where many written forms are looked for in it."""
    word = fold_characters(written)
    return bool(word) and _pattern((word,)).search(folded) is not None


@functools.lru_cache(maxsize=64)
def _pattern(written: tuple[str, ...]) -> re.Pattern[str]:
    """Find any of these folded written forms in a folded text, the longest first."""
    return re.compile("|".join(map(_bounded, sorted(written, key=len, reverse=True))))


def _bounded(word: str) -> str:
    letter = rf"[{LATIN}\d]"
    before = rf"(?<!{letter})" if re.match(letter, word) else ""
    after = rf"(?!{letter})" if re.match(letter, word[-1]) else ""
    return before + re.escape(word) + after


_BETWEEN_SLASHES = re.compile(r"\s*(?:/[^/]+/|\[[^\]]+\])\s*")
"""How dictionaries print IPA; nobody says a word by slashes around all of it."""
_PHONETIC = re.compile("[\u0250-\u02af\u02b0-\u02b8\u02c0-\u02d8\u02e0-\u02ff]")
"""IPA's own letters, stress and length marks; without those that names in Latin letters are written with: apostrophes
(U+02BB, U+02BC), the hamza and ayn of Arabic ones (U+02BE, U+02BF), the soft sign of Russian ones (U+02B9)."""
_OWN_LETTERS = {
    "ak": "ɛɔ", "az": "ə", "bm": "ɛɔɲ", "ee": "ɖɛɣɔʋ", "ff": "ɓɗɲ", "ha": "ɓɗ", "ln": "ɛɔ", "tw": "ɛɔ",
}  # fmt: skip
"""Letters of IPA that are ordinary ones of a language, as its orthography has them."""
_ARPABET_VOWEL = "(?:AA|AE|AH|AO|AW|AX|AY|EH|ER|EY|IH|IY|OW|OY|UH|UW)"
_ARPABET = re.compile(rf"{_ARPABET_VOWEL}[0-2]?|B|CH|D|DH|F|G|HH|JH|K|L|M|N|NG|P|R|S|SH|T|TH|V|W|Y|Z|ZH")
_STRESSED = re.compile(f"{_ARPABET_VOWEL}[0-2]")
"""A digit of stress, which only vowels have: ``R2 D2`` is read as it is written."""
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
_ZHUYIN = re.compile("[\u3105-\u312f\u31a0-\u31bf]")
_SYLLABLE = (
    "(?>(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ueng|ang|eng|ian|iao|ing|ong|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|[aeiou]))"
)
"""Of pinyin, without its tone; atomic, so that no word can be cut in many ways."""
_WORD_IN_PINYIN = re.compile(f"(?:{_SYLLABLE}r?[1-5]?)+")
_LATIN_WORD = re.compile("[A-Za-z\u0300-\u036f]+(?:[1-5]+[A-Za-z\u0300-\u036f]*)*")
_NUMBERED = re.compile(f"(?:{_SYLLABLE}(?<=[a-z]{{2}})[1-5])+")
"""One word that nobody writes but for its tones: ``xi2``, ``bei3jing1``; ``a2`` may be a name."""
_TONES = dict.fromkeys(map(ord, "\u0304\u0301\u030c\u0300"))
"""The marks of the four tones, once they are apart from their vowels."""
_MACRON, _CARON = "\u0304", "\u030c"
_ONLY_TONES = (_MACRON, _CARON)
"""Hardly any language but pinyin has them on its vowels, while an acute is in many."""
_WITH_CARON = ("cs",)
"""Languages that do have one: ``ě``."""


IPA, PINYIN = "IPA", "pinyin"
"""Notations that an engine may take: between slashes, and with tones."""


def notation_of(said: str, written: str, language: str) -> str | None:
    """Return the notation of a pronunciation that a voice does not read as letters; None for ordinary letters.

    What may be either is taken for letters: a voice that reads a notation badly is heard and changed, while who writes
    ordinary letters and is refused can do nothing.

    Args:
        said: The pronunciation.
        written: Of what: Latin syllables that stand for Chinese characters are pinyin.
        language: Of the lines, as a primary tag.
    """
    if has_letter_or_digit(written) and not has_letter_or_digit(said):
        return "a mark without a letter"
    if _MARKUP.search(said):
        return "markup"
    if _ZHUYIN.search(said):
        return "zhuyin"
    if _BETWEEN_SLASHES.fullmatch(said):
        return IPA
    if any(letter not in _OWN_LETTERS.get(language, "") for letter in _PHONETIC.findall(said)):
        return "phonetic notation"
    # ``R2 D2`` for ``R2-D2``: only divided otherwise.
    if letters_and_digits(said).casefold() == letters_and_digits(written).casefold():
        return None
    if _is_arpabet(said.split()):
        return "phonetic notation"
    return PINYIN if _is_pinyin(said, written, language) else None


def _is_arpabet(words: list[str]) -> bool:
    """Tell whether words are ARPABET with stress (``N W IH1 N``); one symbol alone (``ER1``) may be anything."""
    return len(words) > 1 and any(map(_STRESSED.fullmatch, words)) and all(map(_ARPABET.fullmatch, words))


def _is_pinyin(said: str, written: str, language: str) -> bool:
    """Tell whether all Latin words are pinyin: with tones, or syllable by syllable for Chinese characters."""
    characters = count_han(written)
    words = _LATIN_WORD.findall(unicodedata.normalize("NFD", said))
    bare = [word.translate(_TONES).replace("u\u0308", "u").replace("v", "u") for word in words]
    if not words or not all(map(_WORD_IN_PINYIN.fullmatch, map(str.lower, bare))):
        return False
    if not any(map(str.islower, bare)):  # ``A1``, ``UI``
        return False
    if not characters:
        if len(words) == 1:
            return _NUMBERED.fullmatch(words[0]) is not None and not any(map(str.isdigit, written))
        return _has_tones_throughout(words, language)
    syllables = sum(len(re.findall(_SYLLABLE, word.lower())) for word in bare)
    return syllables == characters or any(word[-1].isdigit() or mark in word for word in words for mark in _ONLY_TONES)


def _has_tones_throughout(words: list[str], language: str) -> bool:
    """Tell whether every word has its tone, and these are not the accents of other languages (``ré né``, ``kā ū``)."""
    marks = [{chr(mark) for mark in _TONES if chr(mark) in word} for word in words]
    if not all(found or word[-1].isdigit() for found, word in zip(marks, words, strict=True)):
        return False
    every: set[str] = set().union(*marks)
    has_caron = _CARON in every and language not in _WITH_CARON
    return any(word[-1].isdigit() for word in words) or has_caron or (_MACRON in every and len(every) > 1)


_NAME = re.compile(f"[{HAN}]{{2,5}}")


def surname_reading(name: str) -> tuple[str, ...]:
    """Return the pinyin of the surname that a name begins with, a syllable a character; empty if it is no special one.

    Args:
        name: Chinese characters of either script.
    """
    surnames = _surnames()
    return surnames.get(name[:2]) or surnames.get(name[:1], ())


def special_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of some people's names that a voice has to know to read them, each once, the longest first."""
    special = {name for name in names if _NAME.fullmatch(name) and len(surname_reading(name)) in range(1, len(name))}
    return tuple(sorted(special, key=lambda name: (-len(name), name)))


@functools.cache
def _surnames() -> Mapping[str, tuple[str, ...]]:
    readings = ((forms.split(), tuple(pinyin.split())) for forms, pinyin in table("surnames").items())
    return MappingProxyType({form: pinyin for forms, pinyin in readings for form in forms})
