"""Words that no dictionary has, by espeak-ng, in the notation that Kokoro was trained on."""

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
_SYLLABIC = re.compile("(\\S)\u0329")

_ESPEAK = threading.Lock()
"""Held while espeak-ng works: it keeps its state in globals, and phonemizer does so with the place of its data."""


class Espeak:
    """Guesses how a word sounds; keeps espeak-ng loaded from its first guess on."""

    def __init__(self, accent: str) -> None:
        """Keep the accent: ``en-us`` or ``en-gb``."""
        self._accent = accent
        notation = _NOTATION | (_BRITISH if accent == "en-gb" else _AMERICAN)
        self._notation = sorted(notation.items(), key=lambda pair: -len(pair[0]))
        self.guess = functools.lru_cache(maxsize=8192)(self._guess)

    @functools.cached_property
    def _backend(self) -> "EspeakBackend":
        return _backend(self._accent)

    def _guess(self, word: str) -> str:
        """Read one word.

        Args:
            word: Latin letters, with or without accents.

        Returns:
            Its phonemes, empty if it has none.

        Raises:
            EngineError: espeak-ng cannot be loaded, or does not know the accent.
        """
        backend = self._backend
        with _ESPEAK:
            (phonemes,) = backend.phonemize([_readable(word)], strip=True)
        for sound, ours in self._notation:
            phonemes = phonemes.replace(sound, ours)
        return _SYLLABIC.sub(r"ᵊ\1", phonemes).replace(_TIE, "").replace(" ", "")


def _backend(accent: str) -> "EspeakBackend":
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
            return EspeakBackend(accent, with_stress=True, tie=_TIE, language_switch="remove-flags", logger=silent)
        except RuntimeError as error:
            raise EngineError(f"espeak-ng cannot be used for English: {error}") from error


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
