"""Parts of speech of English words in their sentence, by an averaged perceptron.

The weights are those of Matthew Honnibal's tagger (MIT), packed by ``tools/pack_english_tagger.py``: rounded to halves,
and without those below 1, which changes the tag of 14 words in 1000. Tags are those of the Penn Treebank.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Sequence

from interview_audio.engines.kokoro.english.dictionary import PackedTable

_START = ("-START-", "-START2-")
_END = ("-END-", "-END2-")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""A letter of the table for each tag, in their order."""
_TAGS = "tags"
"""The key of all tags."""
_WEIGHT = re.compile(r"([A-Za-z])(-?\d+)")
_FIXED = "="
"""What the key of a word begins with that has one tag wherever it stands."""


class Tagger:
    """Guesses the part of speech of each word of a sentence."""

    def __init__(self) -> None:
        """Load the weights; they take 2 MB."""
        self._table = PackedTable("tagger.zlib")
        self._tags = (self._table.find(_TAGS) or "").split(" ")
        self._weights = functools.lru_cache(maxsize=4096)(self._found)

    def tags(self, words: Sequence[str]) -> list[str]:
        """Tag the words of a sentence.

        Args:
            words: Words and marks; contractions in two (``do``, ``n't``).
        """
        context = [*_START, *map(_folded, words), *_END]
        tags: list[str] = []
        before, earlier = _START
        for index, word in enumerate(words):
            tag = self._table.find(_FIXED + word) or self._guess(_features(word, context, index + 2, before, earlier))
            tags.append(tag)
            before, earlier = tag, before
        return tags

    def _guess(self, features: Sequence[str]) -> str:
        scores: dict[int, int] = defaultdict(int)  # never empty: one feature is that of every word
        for feature in features:
            for tag, weight in self._weights(feature):
                scores[tag] += weight
        return self._tags[max(scores, key=lambda tag: (scores[tag], tag))]

    def _found(self, feature: str) -> Sequence[tuple[int, int]]:
        weights = _WEIGHT.findall(self._table.find(feature) or "")
        return tuple((_LETTERS.index(letter), int(weight)) for letter, weight in weights)


def _features(word: str, context: Sequence[str], index: int, before: str, earlier: str) -> Sequence[str]:
    here, previous, following = context[index], context[index - 1], context[index + 1]
    return (
        "bias",
        f"ending:{word[-3:]}",
        f"initial:{word[:1]}",
        f"tag-1:{before}",
        f"tag-2:{earlier}",
        f"tags:{before}:{earlier}",
        f"word:{here}",
        f"tag-1,word:{before}:{here}",
        f"word-1:{previous}",
        f"ending-1:{previous[-3:]}",
        f"word-2:{context[index - 2]}",
        f"word+1:{following}",
        f"ending+1:{following[-3:]}",
        f"word+2:{context[index + 2]}",
    )


def _folded(word: str) -> str:
    return "!HYPHEN" if "-" in word[1:] else word.lower()
