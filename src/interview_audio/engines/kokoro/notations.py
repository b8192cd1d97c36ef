"""Pronunciations in IPA and in pinyin as Kokoro's phonemes; and its phonemes as IPA, for people.

Kokoro's English phonemes are misaki's (EN_PHONES.md of misaki 0.9.4): one letter for a diphthong or an affricate, no
length in American, and a mark of stress right before its vowel. Letters of its vocabulary beyond those, which it knows
from other languages, stay as they are. What ``pronounce`` prints may be written between slashes as it is.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from interview_audio.engines.kokoro.english.dictionary import PRIMARY, SECONDARY, VOWELS
from interview_audio.engines.kokoro.mandarin import sound_of
from interview_audio.engines.kokoro.runtime import vocabulary
from interview_audio.normalization.pronunciations import PINYIN
from interview_audio.normalization.spoken_text import Span
from interview_audio.text.characters import HAN

_BRITISH = "en-gb"
_TIE = "\u0361"
_BELOW = "\u035c"
_TIED = {"ts": "ʦ", "dz": "ʣ", "tɕ": "ʨ", "dʑ": "ʥ", "ʈʂ": "ꭧ"}
"""Affricates that are two sounds without a tie: *cats*."""
_ALIKE = {
    "t\u0361ʃ": "ʧ", "d\u0361ʒ": "ʤ", "tʃ": "ʧ", "dʒ": "ʤ", "eɪ": "A", "eː": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y",
    "ɝː": "ɜɹ", "ɝ": "ɜɹ", "ɚ": "əɹ", "l\u0329": "ᵊl", "n\u0329": "ᵊn", "m\u0329": "ᵊm", "ɹ\u0329": "əɹ",
    "r\u0329": "əɹ", "r": "ɹ", "g": "ɡ", "ɫ": "l", "ʍ": "w", "ɱ": "m", "ʉ": "u", "ɾ": "T", "'": PRIMARY, "’": PRIMARY,
}  # fmt: skip
"""Sequences of IPA as misaki writes them in both accents."""
_AMERICAN = _ALIKE | {
    "oʊ": "O", "əʊ": "O", "oː": "O", "ɜːɹ": "ɜɹ", "ɜːr": "ɜɹ", "ɜː": "ɜɹ", "eə": "ɛ", "ɒ": "ɑ", "ː": "", "ˑ": "",
}  # fmt: skip
_BRITISH_ALIKE = _ALIKE | {"oʊ": "Q", "əʊ": "Q", "oː": "Q", "eə": "ɛː", "iə": "ɪə", "ˑ": ""}
_NARROW = str.maketrans("", "", "\u0361\u035c\u032a\u0325\u030a\u032f\u031e\u031f\u0320\u0329\u0330\u0324.‿-")
"""Marks of a narrow transcription and of syllables, which no sound of the vocabulary depends on."""
_FINAL = {"e": "A", "o": "O"}
_INNER = {"e": "ɛ", "o": "ɔ"}
"""Dictionaries of British English write the vowel of *dress* as ``e``; at the end of a word it is that of *day*."""
_OPTIONAL = re.compile(r"\(([^()\s])\)")
"""A sound that some say: ``(r)``, ``(ə)``."""
_PAUSES_AND_TONES = frozenset(';:,.!?—…"()“”↓→↗↘')
_MORE_VOWELS = frozenset("eoyøœɯɤɨɐɚᵊ")
_IPA = {
    "A": "eɪ", "I": "aɪ", "O": "oʊ", "Q": "əʊ", "W": "aʊ", "Y": "ɔɪ", "ʤ": "dʒ", "ʧ": "tʃ", "T": "ɾ",
}  # fmt: skip
_TWO_LETTERS = frozenset(_IPA.values())
"""Two sounds that would be one without the mark of a syllable between them: *courtship*."""


def ipa_to_phonemes(said: str, accent: str) -> str:
    """Return the phonemes of words in IPA, with spaces between them.

    Args:
        said: With or without the slashes or brackets around it.
        accent: ``en-us`` or ``en-gb``: of the voice, in whose notation what an English dictionary writes is put.
    """
    table, pattern = (_BRITISH_ALIKE, _BRITISH_PATTERN) if accent == _BRITISH else (_AMERICAN, _AMERICAN_PATTERN)
    text = _OPTIONAL.sub(lambda one: "" if accent == _BRITISH and one[1] in "rɹ" else one[1], _letters(said))
    words = (pattern.sub(lambda found: table[found[0]], _tied(word)).translate(_NARROW) for word in text.split())
    return " ".join(_stress_at_vowels(_opened(word, accent)) for word in words if word)


def ipa_fault(said: str) -> str:
    """Return the first letter of IPA for which Kokoro has no sound, empty if it has all of them."""
    known = frozenset(vocabulary()) - _PAUSES_AND_TONES
    phonemes = ipa_to_phonemes(said, "en-us")
    return next((letter for letter in phonemes if letter not in known), "")


def to_ipa(phonemes: str) -> str:
    """Return phonemes as IPA that :func:`ipa_to_phonemes` turns back into them, without marks of pauses."""
    kept = [phoneme for phoneme in phonemes.strip() if phoneme not in _PAUSES_AND_TONES]
    apart = (
        "." if first + second in _TWO_LETTERS else "" for first, second in zip(kept, [*kept[1:], ""], strict=False)
    )
    return "".join(_IPA.get(phoneme, phoneme) + mark for phoneme, mark in zip(kept, apart, strict=True))


def _pattern(table: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))


_AMERICAN_PATTERN, _BRITISH_PATTERN = _pattern(_AMERICAN), _pattern(_BRITISH_ALIKE)


def _letters(said: str) -> str:
    """Return what is between slashes, letters and their marks apart; ``ç`` is a letter of its own."""
    return unicodedata.normalize("NFD", said.strip().strip("/[]")).replace("c\u0327", "ç").replace(_BELOW, _TIE)


def _tied(word: str) -> str:
    for pair, one in _TIED.items():
        word = word.replace(f"{pair[0]}{_TIE}{pair[1]}", one)
    return word


def _opened(word: str, accent: str) -> str:
    """Write a plain ``e`` and ``o`` as English has them: open inside a word, a diphthong at its end."""
    said = "".join(_INNER.get(letter, letter) for letter in word[:-1]) + _FINAL.get(word[-1:], word[-1:])
    return said.replace("O", "Q") if accent == _BRITISH else said


def _stress_at_vowels(word: str) -> str:
    """Move each mark of stress right before the next vowel: dictionaries have it before the syllable."""
    said: list[str] = []
    waiting = ""
    for sound in word:
        if sound in (PRIMARY, SECONDARY):
            waiting = sound
            continue
        if waiting and (sound in VOWELS or sound in _MORE_VOWELS):
            said.append(waiting)
            waiting = ""
        said.append(sound)
    return "".join(said)


_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_NEUTRAL = "5"
_LONGEST_SYLLABLE = 6
_PIECE = re.compile(r"[a-z\u0300-\u036f]+[1-5]?")
_R_AFTER_NUMBER = re.compile(r"([1-5])r(?![a-z])")
_APART = re.compile(r"[\s'’·-]+")


class PinyinError(ValueError):
    """A text is not pinyin with tones; says why in words that follow it."""


def pinyin_to_phonemes(said: str) -> str:
    """Return the phonemes of pinyin with tones, as one word.

    Args:
        said: With numbers (``hen3 chang2``; 5 is the neutral tone) or marks (``hěn cháng``), syllables apart or joined.

    Raises:
        PinyinError: It is not pinyin, or has no tone.
    """
    return "".join(map(sound_of, pinyin_syllables(said)))


def pinyin_syllables(said: str) -> list[str]:
    """Return the syllables of pinyin, each with the number of its tone.

    Raises:
        PinyinError: It is not pinyin, or has no tone.
    """
    found = [syllable for word in _APART.split(said.strip()) if word for syllable in _syllables_of(word)]
    toneless = [letters for letters, tone in found if not tone]
    if len(toneless) == len(found):
        raise PinyinError(f"has no tones; write {toneless[0] if toneless else 'ma'}1 to 4, or 5 for the neutral tone")
    return [letters + (tone or _NEUTRAL) for letters, tone in found]


def _syllables_of(word: str) -> Iterator[tuple[str, str]]:
    letters = unicodedata.normalize("NFD", word.lower()).replace("u\u0308", "v").replace("u:", "v")
    # A mark of the tone may be between the letter and its two dots.
    letters = re.sub("u([\u0304\u0301\u030c\u0300])\u0308", r"v\1", letters)
    letters = _R_AFTER_NUMBER.sub(r"r\1", letters)
    pieces = _PIECE.findall(letters)
    if "".join(pieces) != letters:
        raise PinyinError(f"has {word!r}, which is not pinyin; write all of it in pinyin")
    for piece in pieces:
        yield from _cut(piece, word)


def _cut(piece: str, word: str) -> Iterator[tuple[str, str]]:
    """Cut joined syllables; a number at the end is the tone of the last one, the others have marks or none."""
    number = piece[-1] if piece[-1].isdigit() else ""
    plain: list[str] = []
    tones: dict[int, str] = {}
    for letter in piece.rstrip("12345"):
        if letter in _TONES and plain:
            tones[len(plain) - 1] = _TONES[letter]
        else:
            plain.append(letter)
    start, joined = 0, "".join(plain)
    while start < len(plain):
        end = _end_of_syllable(joined, start)
        if not end:
            raise PinyinError(f"has {word!r}, which is not pinyin; correct it")
        tone = next((tones[place] for place in range(start, end) if place in tones), "")
        yield joined[start:end], tone or (number if end == len(plain) else "")
        start = end


def _end_of_syllable(letters: str, start: int) -> int:
    """Return where the longest syllable ends; a consonant before a vowel begins the next one (``fangan``: fan gan)."""
    for end in range(min(len(letters), start + _LONGEST_SYLLABLE), start, -1):
        is_next_ones = letters[end - 1] in "ngr" and letters[end : end + 1] in tuple("aeiouv")
        syllable = letters[start:end]
        if not is_next_ones and sound_of(f"{syllable.removesuffix('r')}1") and sound_of(f"{syllable}1"):
            return end
    return 0


def pinyin_of(spans: Iterable[Span], readings: Callable[[str], Iterable[tuple[str, str, bool]]]) -> str:
    """Return the pinyin of what is spoken in Chinese characters, and of what a user has given in pinyin.

    Args:
        spans: What is spoken: ``spoken_spans``.
        readings: Cuts characters into words, each with its pinyin: ``Phonemizer.mandarin_readings``.
    """
    words: list[str] = []
    for notation, run in itertools.groupby(spans, key=lambda span: span.notation):
        spoken = "".join(span.spoken for span in run)
        if notation == PINYIN:
            words.append("".join(pinyin_syllables(spoken)))
        elif not notation:
            runs = _CHARACTERS.findall(spoken)
            words += [pinyin.replace(" ", "") for run in runs for _, pinyin, _ in readings(run)]
    return " ".join(word for word in words if word)


_CHARACTERS = re.compile(f"[{HAN}]+")
