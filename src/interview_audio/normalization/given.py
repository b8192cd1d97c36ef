"""Where the pronunciations that a user gives apply: folded, and Latin ones to whole words only."""

import functools
import re

from interview_audio.normalization.characters import fold
from interview_audio.normalization.grammar import LATIN


@functools.lru_cache(maxsize=64)
def given_pattern(written: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of these folded written forms in a folded text, the longest first."""
    words = sorted(written, key=len, reverse=True)
    bounded = (
        (rf"(?<![{LATIN}\d])" if re.match(rf"[{LATIN}\d]", word) else "")
        + re.escape(word)
        + (rf"(?![{LATIN}\d])" if re.match(rf"[{LATIN}\d]", word[-1]) else "")
        for word in words
    )
    return re.compile("|".join(bounded))


def applies(written: str, text: str) -> bool:
    """Whether a pronunciation of this written form changes how a text is spoken."""
    return applies_to_folded(written, fold(text))


def applies_to_folded(written: str, folded: str) -> bool:
    """The same for a text that is folded already, where many written forms are looked for in it."""
    word = fold(written)
    return bool(word) and given_pattern((word,)).search(folded) is not None
