"""English phonemes in Kokoro's notation, by espeak-ng, phrase by phrase with the way back to words."""

import difflib
import functools
import itertools
import logging
import os
import re
import shutil
import threading
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from interview_audio.errors import EngineError
from interview_audio.files.app_folders import cache_folder
from interview_audio.files.atomic_files import file_lock, make_folder

if TYPE_CHECKING:
    from phonemizer.backend import EspeakBackend

_LONGEST_DATA_PATH = 150
"""Bytes; espeak-ng 1.52 cuts a longer path (its buffer holds 160), then ends the whole process."""
_STRESS = "ˈˌ"
_WEAK = {"a": "ɐ", "an": "ɐn"}
"""Words that no phrase says as they sound alone."""
_ALIKE = {"ɐ": "ə", "ɾ": "t"}
"""What a sound of a word alone may become inside a phrase."""
_LETTER = re.compile(r"[A-Z](?:'s)?")
_UNDECOMPOSED = str.maketrans("łŁđĐıŋŊ", "lLdDinN")

_ESPEAK = threading.Lock()
"""Held while espeak-ng works: it keeps its state in globals, and phonemizer does so with the place of its data."""


class English:
    """Reads Latin words in one accent; keeps espeak-ng loaded."""

    def __init__(self, accent: str, vocabulary: Collection[str]) -> None:
        """Load espeak-ng.

        Args:
            accent: ``en-us`` or ``en-gb``.
            vocabulary: The phonemes to keep.

        Raises:
            EngineError: espeak-ng cannot be loaded, or does not know the accent.
        """
        self._vocabulary = frozenset(vocabulary)
        self._backend = _backend(accent)
        self._alone = functools.lru_cache(maxsize=8192)(self._espeak)

    def phrase(self, words: Sequence[str]) -> list[str | None]:
        """Read the words of a phrase that holds no punctuation.

        Args:
            words: Latin words. Two or more single capitals in a row are spelled as one acronym.

        Returns:
            The phonemes of each word, with the space that follows them inside the phrase. espeak-ng joins small
            words (``of the`` is ``ʌvðə``): those have no space between them. A word that cannot be told from its
            neighbour's sound is empty, one without a phoneme is None.
        """
        units = _units(words)
        written = [_readable("".join(words[first:last])) for first, last in units]
        alone = [_WEAK.get(word) or self._alone(word) for word in written]
        spoken = _aligned(alone, self._espeak(" ".join(written)))
        phonemes: list[str | None] = []
        for (first, last), sound, expected in zip(units, spoken, alone, strict=True):
            if not expected:
                phonemes += [None] * (last - first)
            elif last - first > 1:
                phonemes += self._spelled(words[first:last], sound)
            elif words[first] == "A" and first > 0:
                phonemes.append(self._alone("A") + " " * sound.endswith(" "))
            else:
                phonemes.append(sound)
        return phonemes

    def _spelled(self, letters: Sequence[str], sound: str) -> list[str]:
        """Say each letter by itself: espeak-ng says the A of ``A I`` as an article, and AGI as a word."""
        *leading, last = (self._alone(letter) for letter in letters)
        return [*(letter.replace("ˈ", "ˌ") for letter in leading), last + " " * sound.endswith(" ")]

    def _espeak(self, text: str) -> str:
        with _ESPEAK:
            (phonemes,) = self._backend.phonemize([text], strip=True)
        kept = "".join(phoneme for phoneme in phonemes if phoneme in self._vocabulary)
        return " ".join(kept.split())


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
            return EspeakBackend(accent, with_stress=True, language_switch="remove-flags", logger=silent)
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


def _units(words: Sequence[str]) -> list[tuple[int, int]]:
    """Return ranges of words that are read as one: acronyms spelled in letters, and every other word by itself."""
    units = []
    for spelled, run in itertools.groupby(range(len(words)), key=lambda index: bool(_LETTER.fullmatch(words[index]))):
        indices = list(run)
        if spelled and len(indices) > 1:
            units.append((indices[0], indices[-1] + 1))
        else:
            units += [(index, index + 1) for index in indices]
    return units


def _readable(word: str) -> str:
    """Keep the accents of Western Europe, which espeak-ng knows; it spells other letters by their code points."""
    letters = unicodedata.normalize("NFC", word)
    return "".join(letter if letter <= "ÿ" else _without_accents(letter) for letter in letters)


def _without_accents(letter: str) -> str:
    letters = unicodedata.normalize("NFD", letter.translate(_UNDECOMPOSED))
    return "".join(part for part in letters if not unicodedata.combining(part))


def _aligned(alone: Sequence[str], phrase: str) -> list[str]:
    """Cut the phonemes of a phrase at its words, given how each word sounds alone."""
    tokens = phrase.split(" ")
    if len(tokens) == len(alone) and not any(" " in word or not word for word in alone):
        return [token + " " for token in tokens[:-1]] + tokens[-1:]
    cut = [""] * len(alone)
    for sound, word in zip(phrase, _owners(alone, phrase), strict=True):
        cut[word] += sound
    for word in range(len(cut) - 1, 0, -1):
        if cut[word] == " ":
            cut[word - 1], cut[word] = cut[word - 1] + " ", ""
    return cut


def _owners(alone: Sequence[str], phrase: str) -> list[int]:
    """Return the word of each phoneme of the phrase, in ascending order; a space belongs to the word before it."""
    expected = [(sound, word) for word, sounds in enumerate(alone) for sound in f"{sounds} " if sound not in _STRESS]
    heard = [index for index, sound in enumerate(phrase) if sound not in _STRESS]
    matcher = difflib.SequenceMatcher(
        None,
        [_ALIKE.get(sound, sound) for sound, _ in expected],
        [_ALIKE.get(phrase[index], phrase[index]) for index in heard],
        autojunk=False,
    )
    owners = dict.fromkeys(range(len(phrase)), -1)
    for _, first, last, start, end in matcher.get_opcodes():
        for offset, index in enumerate(heard[start:end]):
            # What sounds otherwise in the phrase is shared out evenly; an added sound goes to the word before.
            nearest = first + offset * (last - first) // (end - start) if last > first else max(0, first - 1)
            owners[index] = expected[nearest][1]
    # A stress mark comes before the sound that it belongs to.
    for index in range(len(phrase) - 1, -1, -1):
        if owners[index] < 0:
            owners[index] = owners.get(index + 1, len(alone) - 1)
    return list(owners.values())
