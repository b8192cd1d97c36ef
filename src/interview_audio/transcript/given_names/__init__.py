"""Given names that are nearly always a woman's, or nearly always a man's: lists, made by tools/condense_given_names.py.

Nothing is read before a name is asked for.
"""

import functools
import unicodedata
from importlib import resources
from typing import Literal

GENDERS: tuple[Literal["female", "male"], ...] = ("female", "male")
_WITHOUT_MARK = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ŋ": "n"}
    | dict.fromkeys("'’‘ʼʻ`")
)


def gender_of_name(name: str, *, is_alone: bool = False) -> Literal["female", "male"] | None:
    """The gender of nearly all people of a given name in Latin letters; None where there are both, or too few.

    Args:
        name: The given name.
        is_alone: Whether nothing follows it, so that it may be a surname.
    """
    folded = fold_name(name)
    if is_alone and folded in _names("surnames"):
        return None
    return next((gender for gender in GENDERS if folded in _names(gender)), None)


def fold_name(name: str) -> str:
    """A name in the letters a to z, as the lists have it: Jürgen is jurgen, Søren is soren."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_WITHOUT_MARK)
    return "".join(character for character in plain if not unicodedata.combining(character))


@functools.cache
def _names(kind: str) -> frozenset[str]:
    return frozenset((resources.files(__name__) / f"{kind}.txt").read_text("ascii").split())
