"""Mandarin as Kokoro's phonemes: jieba cuts it into words, pypinyin reads each, a packaged table has the sounds."""

import contextlib
import functools
import logging
import threading
import warnings
from collections.abc import Mapping
from importlib import metadata, resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from interview_audio.files.app_folders import cache_folder

if TYPE_CHECKING:
    import jieba

_IMPORTING = threading.Lock()
"""Python before 3.14 has one list of warning filters for all threads."""


class Mandarin:
    """Reads runs of Chinese characters; loads its dictionary once, when it is made."""

    def __init__(self) -> None:
        self.segmenter = _segmenter()

    def words(self, run: str) -> list[tuple[str, str]]:
        """Cut a run of Chinese characters into words and read each.

        Args:
            run: Characters for which :func:`has_reading` holds.

        Returns:
            Pairs of the word as written and its phonemes.
        """
        return [(word, word_phonemes(word)) for word in self.segmenter.lcut(run)]


def _segmenter() -> "jieba.Tokenizer":
    with _IMPORTING, warnings.catch_warnings():
        # jieba 0.42.1 is older than the rules for escapes in strings, and imports pkg_resources where that exists.
        warnings.simplefilter("ignore")
        import jieba
    # It reports loading its dictionary as if it were an error.
    jieba.setLogLevel(logging.CRITICAL)
    folder = cache_folder()
    with contextlib.suppress(OSError):  # Without its cache jieba only starts a second later.
        folder.mkdir(parents=True, exist_ok=True)
    segmenter = jieba.Tokenizer()
    # Its own choice is one file in a temporary folder that all users share.
    segmenter.tmp_dir = str(folder)
    segmenter.cache_file = f"jieba-{metadata.version('jieba')}.cache"
    segmenter.initialize()
    return segmenter


@functools.lru_cache(maxsize=8192)
def word_phonemes(word: str) -> str:
    """Return the phonemes of a word; a syllable that the table does not know has none.

    Tones are those of the dictionary: this is the one place where tone sandhi would come in (pypinyin's
    ``tone_sandhi=True``).
    """
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
    return "".join(_sounds().get(syllable, "") for syllable in syllables)


def has_reading(character: str) -> bool:
    """Tell whether the dictionary can read a Chinese character; it lacks about nine in a hundred rare ones."""
    from pypinyin.constants import PINYIN_DICT

    return ord(character) in PINYIN_DICT


@functools.cache
def _sounds() -> Mapping[str, str]:
    """Return the phonemes of every syllable of Mandarin, by its pinyin with the number of its tone."""
    text = (resources.files(__package__) / "pinyin.txt").read_text("utf-8")
    return MappingProxyType(dict(line.split(" ") for line in text.splitlines() if not line.startswith("#")))
