"""Makes text fit to be written into any format: one line, no character that a reader stumbles over."""

import re
import unicodedata

_REPLACEMENT = "\ufffd"
_SPACES = re.compile(r"\s+")
_NO_BREAK_SPACES = frozenset("\u00a0\u2007\u202f")


def printable(text: str) -> str:
    """The text on one line, white space folded, what no file may carry shown as U+FFFD.

    That is: control characters, lone surrogates and non-characters, which XML 1.0 forbids and at which other readers
    stop. No-break spaces inside stay, and so do the marks of writing direction. Doing it again changes nothing.
    """
    folded = _SPACES.sub(_fold, text).strip()
    return "".join(_REPLACEMENT if _is_forbidden(character) else character for character in folded)


def _fold(spaces: re.Match[str]) -> str:
    return spaces[0] if _NO_BREAK_SPACES.issuperset(spaces[0]) else " "


def _is_forbidden(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Cc", "Cs")
        or ord(character) & 0xFFFE == 0xFFFE
        or "\ufdd0" <= character <= "\ufdef"
    )
