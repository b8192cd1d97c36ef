"""Tells a pronunciation in a notation of sounds (IPA, pinyin) from one in the letters that a voice reads."""

import re
import unicodedata

from interview_audio.normalization.grammar import HAN

_BETWEEN_SLASHES = re.compile(r"\s*(?:/[^/]+/|\[[^\]]+\])\s*")
"""How dictionaries print IPA; nobody says a word by slashes around all of it."""
_PHONETIC = re.compile("[\u0250-\u02af\u02b0-\u02ba\u02bd-\u02d8\u02e0-\u02ff]")
"""IPA's own letters, stress and length marks; without the letters that serve as apostrophes (U+02BB, U+02BC)."""
_ARPABET = re.compile(
    r"(?:AA|AE|AH|AO|AW|AX|AY|B|CH|D|DH|EH|ER|EY|F|G|HH|IH|IY|JH|K|L|M|N|NG|OW|OY|P|R|S|SH|T|TH|UH|UW|V|W|Y|Z|ZH)[0-2]?"
)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
_ZHUYIN = re.compile("[\u3105-\u312f\u31a0-\u31bf]")
_SYLLABLE = (
    "(?>(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ueng|ang|eng|ian|iao|ing|ong|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|[aeiou]))"
)
"""Of pinyin, without its tone; atomic, so that no word can be cut in many ways."""
_WORD_IN_PINYIN = re.compile(f"(?:{_SYLLABLE}r?[1-5]?)+")
_LATIN_WORD = re.compile("[A-Za-z\u0300-\u036f]+(?:[1-5]+[A-Za-z\u0300-\u036f]*)*")
_TONES = dict.fromkeys(map(ord, "\u0304\u0301\u030c\u0300"))
"""The marks of the four tones, once they are apart from their vowels."""
_ONLY_TONES = ("\u0304", "\u030c")
"""Macron and caron: hardly any language but pinyin has them on its vowels, while an acute is in many."""


def notation_of(said: str, written: str) -> str | None:
    """What a pronunciation is written in, where no voice reads that as it is meant; None for ordinary letters.

    Args:
        said: The pronunciation.
        written: Of what: Latin syllables that stand for Chinese characters are pinyin.
    """
    if any(map(str.isalnum, written)) and not any(map(str.isalnum, said)):
        return "a mark without a letter"
    if _MARKUP.search(said):
        return "markup"
    if _ZHUYIN.search(said):
        return "zhuyin"
    if _BETWEEN_SLASHES.fullmatch(said) or _PHONETIC.search(said) or _is_arpabet(said.split()):
        return "phonetic notation"
    return "pinyin" if _is_pinyin(said, len(re.findall(f"[{HAN}]", written))) else None


def _is_arpabet(words: list[str]) -> bool:
    """``N W IH1 N``: symbols of ARPABET, one with a stress."""
    return any(word[-1].isdigit() for word in words) and all(map(_ARPABET.fullmatch, words))


def _is_pinyin(said: str, characters: int) -> bool:
    """Whether all Latin words are pinyin: with tones, or syllable by syllable for so many Chinese characters."""
    words = _LATIN_WORD.findall(unicodedata.normalize("NFD", said))
    bare = [word.translate(_TONES).replace("u\u0308", "u").replace("v", "u") for word in words]
    if not words or not all(map(_WORD_IN_PINYIN.fullmatch, map(str.lower, bare))):
        return False
    syllables = sum(len(re.findall(_SYLLABLE, word.lower())) for word in bare)
    if not characters:
        return len(words) > 1 and all(
            word[-1].isdigit() or word != plain for word, plain in zip(words, bare, strict=True)
        )
    has_tones = any(word[-1].isdigit() or mark in word for word in words for mark in _ONLY_TONES)
    return has_tones or (syllables == characters and any(map(str.islower, bare)))
