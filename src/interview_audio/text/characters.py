"""Characters and names: which are Han, kana, Hangul or Latin, what can be said, how wide it is, what compares equal.

Names are compared in one way wherever they are written: in labels, in ``voices.yaml``, in ``--redo speaker:NAME``.
The constants without a type of their own are ranges for use inside a character class: ``re.compile(f"[{HAN}]")``.
Columns are those of a terminal, and of limits that are stated in columns.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable


def columns(text: str) -> int:
    """Count the columns of a terminal that a text takes.

    A Chinese character, a Korean syllable and an emoji take two, a combining accent and an emoji's joiner none.
    """
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # 14 ms, which a text in plain English need not wait for

    return cell_len(text)


@functools.cache
def is_wide(character: str) -> bool:
    """Tell whether one character is as wide as a Chinese one (Unicode, EastAsianWidth: Wide or Fullwidth).

    This is a property of the character by itself, for fonts and for the places where a line may break; what a text
    takes in a terminal depends on its neighbours, and ``columns`` tells that.
    """
    return unicodedata.east_asian_width(character) in ("W", "F")


HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters: the unified ideographs with extension A, the compatibility ideographs, and planes 2 and 3 whole.

Planes 2 and 3 are reserved for ideographs, so a character that a later Unicode adds there is one already. The hexagrams
(U+4DC0) between the first two blocks, the radicals (U+2E80), and 々 and 〇 (U+3005, U+3007) are not in it.
"""
HIRAGANA = r"\u3041-\u309f"
KANA = r"\u3041-\u30fa\u30fd-\u30ff\uff66-\uff9d"
"""Hiragana and katakana of both widths; not ``・`` and ``ー``, which Chinese and numbers write too."""
HANGUL = r"\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\uffa0-\uffdc"
"""Korean syllables and their letters."""
UNSPACED = rf"\u2e80-\u2fff\u3005-\u3007{HAN}\u3040-\u30ff"
"""Scripts without spaces between words: Han with its radicals and 々〇, and kana with ``・`` and ``ー``.

A line or a sentence may end after any of them; Korean has spaces.
"""
LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
"""Latin letters, those of Vietnamese and of transcriptions included."""

_UNSPACED_RUN = re.compile(rf"[{UNSPACED}]+")
_WORD = re.compile(rf"[^\W_{UNSPACED}]+(?:['’][^\W_{UNSPACED}]+)*")
"""A word of the other scripts."""
_ASCII_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*", re.ASCII)
"""The same words, found faster."""
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_KOREAN = re.compile(f"[{HANGUL}]")
_CLOSING = "\"'”’」』)）]】》"
"""Marks that may stand behind the end of a sentence."""


def space_between(before: str, after: str) -> str:
    """Return what is between two sentences: a space, or nothing where one ends or the other begins as in Chinese."""
    last, first = before.rstrip(_CLOSING)[-1:], after[:1]
    return " " if before and after and not any(map(_needs_no_space, last + first)) else ""


def _needs_no_space(character: str) -> bool:
    return is_wide(character) and not _KOREAN.match(character)  # which is written with spaces


def joined(texts: Iterable[str]) -> str:
    """Join sentences, or the lines of one, with spaces where the writing has them."""
    parts: list[str] = []
    for text in filter(None, texts):
        parts += (space_between(parts[-1], text), text) if parts else (text,)
    return "".join(parts)


def has_han(text: str) -> bool:
    """Tell whether a text has a Chinese character."""
    return _HAN_CHARACTER.search(text) is not None


def count_han(text: str) -> int:
    """Count the Chinese characters of a text."""
    return len(_HAN_CHARACTER.findall(text))


def has_letter_or_digit(text: str) -> bool:
    """Tell whether a text has anything that a voice could say: a letter or a digit of any script."""
    return any(map(str.isalnum, text))


def letters_and_digits(text: str) -> str:
    """Return a text without its spaces, marks and punctuation, for comparison."""
    return "".join(filter(str.isalnum, text))


def count_words(text: str) -> int:
    """Count the words of a text; in scripts without spaces between words each character is one."""
    if text.isascii():
        return len(_ASCII_WORD.findall(text))
    spaced, runs = _UNSPACED_RUN.subn(" ", text)
    return len(text) - len(spaced) + runs + len(_WORD.findall(spaced))


_MIDDLE_DOTS = re.compile(rf"[・•‧･∙⋅]|(?<=[{HAN}{KANA}])．(?=[{HAN}{KANA}])")
"""The full-width full stop is a middle dot between Chinese characters only; in ``Ｉ．Ｈ．`` it ends an initial."""
_IGNORED = re.compile(r"[\s.。'’‘‛ʼ`´\"“”„‟«»‹›《》「」『』@\u00ad\u200b-\u200f\u2060\ufeff]+")
"""Spaces, full stops, apostrophes, quotation marks, the sign of a handle, and what is invisible."""
_CACHED = 4096
"""Keys that are kept: a transcript asks for the same few again and again."""


@functools.lru_cache(maxsize=_CACHED)
def name_key(name: str) -> str:
    """Fold a name so that two ways to write it compare equal.

    Case, width, spaces, full stops, apostrophes, quotation marks and the kinds of middle dot do not matter: ``I.H.`` is
    ``IH``, ``“Ida”`` is ``Ida``, ``O’Hara`` is ``O'Hara``, ``艾达・霍尔姆`` is ``艾达·霍尔姆``. The key of a key is the
    key itself. A name of nothing but such marks keeps them: its key is empty only where the name is blank.
    """
    folded = _folded(with_middle_dots(name))
    # What was between two characters is gone, so that they may combine now.
    return _folded(_IGNORED.sub("", folded)) or "".join(folded.split())


def with_middle_dots(name: str) -> str:
    """Return a name with ``·`` in the place of each character that is used as a middle dot."""
    return _MIDDLE_DOTS.sub("·", name)


def _folded(name: str) -> str:
    # Folding the case takes some characters out of their normal form, so the form is restored after it.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
