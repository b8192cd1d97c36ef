"""Words that no dictionary has, by espeak-ng, in the notation that Kokoro was trained on.

A word whose accents tell its language is read by that language's rules, in English sounds.
"""

import functools
import logging
import os
import re
import shutil
import threading
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from interview_audio.errors import EngineError
from interview_audio.files.app_folders import cache_folder
from interview_audio.files.atomic_files import file_lock, make_folder

if TYPE_CHECKING:
    from phonemizer.backend import EspeakBackend

_LONGEST_DATA_PATH = 150
"""Bytes; espeak-ng 1.52 cuts a longer path (its buffer holds 160), then ends the whole process."""
_UNDECOMPOSED = str.maketrans("łŁđĐıŋŊ", "lLdDinN")

_TIE = "^"
_NOTATION = {
    "ʔˌn\u0329": "tn",
    "ʔn\u0329": "tn",
    "a^ɪ": "I",
    "a^ʊ": "W",
    "d^ʒ": "ʤ",
    "e^ɪ": "A",
    "t^ʃ": "ʧ",
    "ɔ^ɪ": "Y",
    "ə^l": "ᵊl",
    "ʲo": "jo",
    "ʲə": "jə",
    "ʲ": "",
    "ɚ": "əɹ",
    "e": "A",
    "r": "ɹ",
    "x": "k",
    "ç": "k",
    "ɐ": "ə",
    "ɬ": "l",
    "\u0303": "",
    "ɾ": "T",
    "ʔ": "t",
}
"""espeak-ng's sounds as misaki writes them in both accents; the longest are replaced first."""
_AMERICAN = {"ɚɹ": "əɹ", "o^ʊ": "O", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ː": "", "o": "ɔ"}
_BRITISH = {"e^ə": "ɛː", "iə": "ɪə", "ə^ʊ": "Q", "o": "ɔ"}
_TONGUES = {
    "pl": "[ąęłśźżń]",
    "cs": "[řěůťď]",
    "tr": r"[ğışİ]|[öü]z|\bç",
    "ro": "[șță]",
    "hu": "[őű]|(?:sz|gy|zs).{0,20}[áéíóú]|[áéíóú].{0,20}(?:sz|gy|zs)",
    "hr": "[čćšžđ]",
    "nb": "[åøæ]",
    "de": "[äöüß]",
    "es-419": "[ñáíóú]",
}
"""Languages of espeak-ng, each with letters that tell it; the first one that a word has letters of reads it."""
_VIETNAMESE = re.compile("[ơưƠƯạ-ỹẠ-Ỹ]")
_FOREIGN = {
    "t^ʃ": "ʧ", "d^ʒ": "ʤ", "t^ɕ": "ʧ", "d^ʑ": "ʤ", "a^ɪ": "I", "a^ʊ": "W", "e^ɪ": "A", "ɔ^ø": "Y", "ɔ^ɪ": "Y",
    "ø^y": "Y", "ɲs": "ns", "ɲ": "nj", "ʎ": "lj", "r\u031d": "ɹʒ", "ɕ": "ʃ", "ʑ": "ʒ", "ɨ": "ɪ", "x": "h", "ɣ": "ɡ",
    "ð": "d", "β": "b", "y": "u", "ʏ": "ʊ", "ɯ": "ɪ", "ɟ": "ɡ", "c": "k", "ç": "h", "ɫ": "l", "ɐ": "ə", "ʁ": "ɹ",
    "r": "ɹ", "ɾ": "ɹ", "\u0303": "n", "ʋ": "v", "ɵ": "ə", "ʂ": "ʃ", "ʈ": "t", "ɖ": "d", "ɳ": "n", "ɭ": "l", "ʝ": "j",
    "ʲ": "", "ʔ": "", "ː": "", _TIE: "",
}  # fmt: skip
"""Sounds of those languages as English speakers come near them, in both accents."""
_FOREIGN_AMERICAN = {
    "a": "ɑ", "o": "O", "ɒ": "ɑ", "ɜ": "əɹ", "ø": "ɜɹ", "œ": "ɜɹ", "ør": "ɜɹ", "øːr": "ɜɹ", "œr": "ɜɹ", "œɾ": "ɜɹ",
}  # fmt: skip
_FOREIGN_BRITISH = {
    "o": "Q", "ɜ": "ə", "ø": "ɜː", "œ": "ɜː", "ˈi": "ˈiː", "ˈu": "ˈuː", "ˈa": "ˈɑː", "ˈɑ": "ˈɑː",
}  # fmt: skip
_VOWEL = "[AIOQWYaiuæɑɒɔəɛɜɪʊʌˈˌ]"
_NEARER = (
    (re.compile(r"([bdfɡhklmnpstvzʃʒ])\1"), r"\1"),
    (re.compile("(?<=[^ˈˌ])[ɑaæ]$"), "ə"),
    (re.compile(f"[OQ](?=ɹ(?!{_VOWEL}))"), "ɔ"),
)
"""What no English word has: long consonants, a clear *a* at its weak end, *go* before an r that ends a syllable."""
_SILENT_R = re.compile(f"(?P<vowel>[aɑɔɛ]?)ɹ(?!{_VOWEL})")
_LONG = {"a": "ɑː", "ɑ": "ɑː", "ɔ": "ɔː", "ɛ": "ɛː", "": ""}
"""A British vowel before an r that is not heard."""
_SYLLABIC = re.compile("(\\S)\u0329")

_ESPEAK = threading.Lock()
"""Held while espeak-ng works: it keeps its state in globals, and phonemizer does so with the place of its data."""


class Espeak:
    """Guesses how a word sounds; keeps espeak-ng loaded from its first guess on."""

    def __init__(self, accent: str) -> None:
        """Keep the accent: ``en-us`` or ``en-gb``."""
        self._accent = accent
        notation = _NOTATION | (_BRITISH if accent == "en-gb" else _AMERICAN)
        self._foreign = _FOREIGN | (_FOREIGN_BRITISH if accent == "en-gb" else _FOREIGN_AMERICAN)
        self._notation = sorted(notation.items(), key=lambda pair: -len(pair[0]))
        self.guess = functools.lru_cache(maxsize=8192)(self._guess)

    def _guess(self, word: str) -> str:
        """Read one word; the language that its accents tell is read by that language's rules, in English sounds.

        Args:
            word: Latin letters, with or without accents.

        Returns:
            Its phonemes, empty if it has none.

        Raises:
            EngineError: espeak-ng cannot be loaded, or does not know the accent.
        """
        tongue = _tongue(word)
        phonemes = _phonemes(word, tongue) if tongue else _phonemes(_readable(word), self._accent)
        return self._in_english(word, phonemes) if tongue else self._in_notation(phonemes)

    def _in_notation(self, phonemes: str) -> str:
        for sound, ours in self._notation:
            phonemes = phonemes.replace(sound, ours)
        return _SYLLABIC.sub(r"ᵊ\1", phonemes).replace(_TIE, "").replace(" ", "")

    def _in_english(self, word: str, phonemes: str) -> str:
        """Bring the sounds of another language near to English ones; ``e`` is *day* at the end of a word alone."""
        if "v" in word.lower() and "b" not in word.lower():
            phonemes = phonemes.replace("β", "v")  # Spanish has one sound for both letters
        longest_first = sorted(map(re.escape, self._foreign), key=len, reverse=True)
        said = re.sub("|".join(longest_first), lambda found: self._foreign[found[0]], phonemes.replace(" ", ""))
        said = said[:-1].replace("e", "ɛ") + ("A" if said.endswith("e") else said[-1:])
        for found, better in _NEARER:
            said = found.sub(better, said)
        return _SILENT_R.sub(lambda one: _LONG[one["vowel"]], said) if self._accent == "en-gb" else said


def _tongue(word: str) -> str | None:
    """Return espeak-ng's name of the language that the accents of a word tell, if they tell one."""
    letters = unicodedata.normalize("NFC", word)
    if _VIETNAMESE.search(letters):
        return None
    both = f"{letters} {letters.lower()}"  # to ignore case would make i of the Turkish İ
    return next((tongue for tongue, accents in _TONGUES.items() if re.search(accents, both)), None)


def _phonemes(word: str, language: str) -> str:
    backend = _backend(language)
    with _ESPEAK:
        spoken: list[str] = backend.phonemize([word], strip=True)
    return spoken[0]


@functools.cache
def _backend(language: str) -> "EspeakBackend":
    import espeakng_loader
    from phonemizer.backend import EspeakBackend
    from phonemizer.backend.espeak.wrapper import EspeakWrapper

    data = str(_short_path(Path(espeakng_loader.get_data_path())))
    silent = logging.Logger("espeak-ng")
    silent.addHandler(logging.NullHandler())
    with _ESPEAK:
        EspeakWrapper.set_library(os.environ.get("PHONEMIZER_ESPEAK_LIBRARY") or espeakng_loader.get_library_path())
        EspeakWrapper.set_data_path(data)
        try:
            return EspeakBackend(language, with_stress=True, tie=_TIE, language_switch="remove-flags", logger=silent)
        except RuntimeError as error:
            raise EngineError(f"espeak-ng cannot be used for {language}: {error}") from error


def _short_path(data: Path) -> Path:
    """Return where espeak-ng can find its data: a deep installation needs a copy nearer to the root."""
    if len(os.fsencode(data)) <= _LONGEST_DATA_PATH:
        return data
    copy = cache_folder() / data.name
    if len(os.fsencode(copy)) > _LONGEST_DATA_PATH:
        raise EngineError(
            f"{data}: espeak-ng cannot use a path longer than {_LONGEST_DATA_PATH} bytes; "
            "install interview-audio in a folder with a shorter path"
        )
    try:
        make_folder(copy.parent)
        with file_lock(copy.with_name(f"{copy.name}.lock")):
            if not copy.is_dir():
                unfinished = copy.with_name(f"{copy.name}.part")
                shutil.rmtree(unfinished, ignore_errors=True)  # of a process that was killed
                shutil.copytree(data, unfinished)
                unfinished.rename(copy)
    except (OSError, shutil.Error) as error:
        raise EngineError(f"cannot copy espeak-ng's data to {copy}: {error}") from error
    return copy


def _readable(word: str) -> str:
    """Keep the accents of Western Europe, which espeak-ng knows; it spells other letters by their code points."""
    letters = unicodedata.normalize("NFC", word)
    return "".join(letter if letter <= "ÿ" else _without_accents(letter) for letter in letters)


def _without_accents(letter: str) -> str:
    letters = unicodedata.normalize("NFD", letter.translate(_UNDECOMPOSED))
    return "".join(part for part in letters if not unicodedata.combining(part))
