"""Mandarin phonemes in Kokoro's notation: words by jieba, sounds by misaki."""

import contextlib
import functools
import logging
import warnings
from importlib import metadata
from typing import TYPE_CHECKING

from interview_audio.files.app_folders import cache_folder

if TYPE_CHECKING:
    import jieba


class Mandarin:
    """Reads runs of Chinese characters; loads its dictionary once, when it is made."""

    def __init__(self) -> None:
        self.segmenter = _segmenter()

    def words(self, run: str) -> list[tuple[str, str]]:
        """Cuts a run of Chinese characters into words and reads each.

        Args:
            run: Characters for which :func:`has_reading` holds.

        Returns:
            Pairs of the word as written and its phonemes.
        """
        return [(word, word_phonemes(word)) for word in self.segmenter.lcut(run)]


def _segmenter() -> "jieba.Tokenizer":
    with warnings.catch_warnings():
        # jieba 0.42.1 is older than the rules for escapes in strings, and imports pkg_resources.
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
    """Reads one word.

    Tones are those of the dictionary: this is the one place where tone sandhi would come in (pypinyin's
    ``tone_sandhi=True`` instead of misaki's legacy reading).
    """
    from misaki.zh import ZHG2P

    phonemes: str = ZHG2P.word2ipa(word)
    # misaki's own last step: non-syllabic marks are not in Kokoro's vocabulary.
    return phonemes.replace("\N{COMBINING INVERTED BREVE BELOW}", "")


def has_reading(character: str) -> bool:
    """Whether a Chinese character has a reading in the dictionary; about nine in a hundred rare ones have none."""
    from pypinyin.constants import PINYIN_DICT

    return ord(character) in PINYIN_DICT
