"""Recognises pull quotes: a sentence of the interview set apart to catch the eye, which nobody says twice."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from interview_audio.transcript.typography import columns, is_whole_quotation

GRAM = 8
"""Letters in a row that are compared."""
NARROWEST = 16
WIDEST = 480
"""Columns between which a paragraph can be a pull quote."""
REPEATED = 0.95
"""Share of a paragraph's rows of letters that must stand elsewhere for it to be a repetition."""
ATTRIBUTION = re.compile(r"(?<=[”\"」』])\s*[—–―-]{1,2}\s*[^”\"」』]{1,40}\Z")
"""Who said it, behind a quotation."""
NOT_LETTERS = re.compile(r"[\W_]+")


def find_repetitions(texts: Sequence[str], candidates: Sequence[int]) -> frozenset[int]:
    """Find the paragraphs that repeat what other paragraphs say.

    Takes time linear in the text. A paragraph that only its own twins repeat is none: one of them must be spoken.

    Args:
        texts: The words of all paragraphs.
        candidates: Indices of those that may be pull quotes.

    Returns:
        The indices of those that are repetitions.
    """
    letters = {index: NOT_LETTERS.sub("", texts[index]).casefold() for index in candidates if _fits(texts[index])}
    letters = {index: text for index, text in letters.items() if len(text) >= GRAM}
    twins = Counter(letters.values())
    wanted = {text[place : place + GRAM] for text in letters.values() for place in range(len(text) - GRAM + 1)}
    if not wanted:
        return frozenset()
    total = _count(texts, wanted)
    return frozenset(index for index, text in letters.items() if _is_repeated(text, total, twins[text]))


def is_set_apart(text: str, *, is_quoted: bool) -> bool:
    """Say whether a paragraph stands wholly in quotation marks, or is set as a quotation."""
    return (is_quoted or is_whole_quotation(ATTRIBUTION.sub("", text))) and columns(text) <= WIDEST


def _fits(text: str) -> bool:
    return NARROWEST <= columns(text) <= WIDEST


def _count(texts: Sequence[str], wanted: set[str]) -> Counter[str]:
    total: Counter[str] = Counter()
    for text in texts:
        letters = NOT_LETTERS.sub("", text).casefold()
        grams = [letters[place : place + GRAM] for place in range(len(letters) - GRAM + 1)]
        total.update(filter(wanted.__contains__, grams))
    return total


def _is_repeated(text: str, total: Mapping[str, int], twins: int) -> bool:
    grams = Counter(text[place : place + GRAM] for place in range(len(text) - GRAM + 1))
    repeated = sum(count for gram, count in grams.items() if total[gram] > count * twins)
    return repeated >= REPEATED * sum(grams.values())
