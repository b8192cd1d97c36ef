"""Characters brought to one form before anything is recognised, each in its own place, so that positions stay."""

import unicodedata
from fractions import Fraction

_ALIKE = {
    **dict.fromkeys("’‘‛ʼ＇", "'"),
    **dict.fromkeys("‐‑−﹣－", "-"),
    "〇": "零",
    "․": ".",
}
# Chinese punctuation is punctuation of Chinese, not wide Latin.
_KEPT = frozenset("，：；？！｡､…")
# Symbols, joiners, controls, enclosing marks and punctuation: all that is no letter, mark of a letter, number or space.
_SOUNDLESS = frozenset(["So", "Sk", "Sm", "Sc", "Cf", "Cc", "Me", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps"])


class _Folding(dict[int, str]):
    """Fills itself character by character: a table of all of Unicode would take longer than a book."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character in _ALIKE:
        return _ALIKE[character]
    if character in _KEPT or is_numeral_sign(character):
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    compatible = unicodedata.normalize("NFKC", character)
    return compatible if len(compatible) == 1 else character


_FOLDING = _Folding()


def fold_characters(text: str) -> str:
    """Bring look-alikes to one form: full-width letters, digits of every script, apostrophes, hyphens.

    Returns:
        A text of the same length, character for character.
    """
    return text if text.isascii() else text.translate(_FOLDING)


def is_numeral_sign(character: str) -> bool:
    """Tell whether a character is a number by itself and not a letter: ``①``, ``½``, ``Ⅳ``, ``²``."""
    return character.isnumeric() and not character.isdecimal() and not character.isalpha()


def numeral_value(character: str) -> Fraction:
    """Return the value of a numeral sign."""
    return Fraction(unicodedata.numeric(character)).limit_denominator(1000)


def stands_for_nothing(character: str) -> bool:
    """Tell whether a character has no sound by its nature: pictures, modifiers, joiners, controls."""
    return unicodedata.category(character) in _SOUNDLESS or "\U0001f000" <= character <= "\U0001faff"
