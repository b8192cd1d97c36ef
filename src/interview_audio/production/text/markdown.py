"""Escapes text for Markdown (CommonMark and GitHub's), but only what would be read as markup.

Show notes are pasted into forms that take plain text too: there a backslash too many would be seen.
"""

import re

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_ESCAPE = re.compile(rf"\\({_PUNCTUATION})")
_MARKUP = rf"\\(?={_PUNCTUATION}|$)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|\](?=\()|(?<=\s)#(?=#*$)"
_MARK_IN_WORD = re.compile(r"(?<=[^\W_])_+(?=[^\W_])")


def escaped(text: str) -> str:
    """The text as it is written in a line of Markdown that begins with something else."""
    pattern = "|".join((_MARKUP, *(re.escape(mark) for mark in "*_`~" if _pairs(text, mark))))
    return re.sub(pattern, r"\\\g<0>", text)


def unescaped(text: str) -> str:
    """The text that was escaped."""
    return _ESCAPE.sub(r"\1", text)


def _pairs(text: str, mark: str) -> bool:
    """Whether a mark stands there twice, as emphasis and code need it; one inside a word emphasises nothing."""
    return text.count(mark) > 1 and (mark != "_" or "_" in _MARK_IN_WORD.sub("", text))
