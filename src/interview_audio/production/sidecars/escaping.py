"""Words that no reader of captions takes for markup: what it would obey is written with marks that look alike.

SubRip has no escapes, and readers of WebVTT differ in theirs. Measured with pysubs2 1.8, srt 3.5, webvtt-py 0.6,
FFmpeg 8 and our own reader: pysubs2 takes every line with two clock times for the times of a cue, arrow or not, and
drops what stands in braces; FFmpeg and pysubs2 break the line at a backslash before N, n or h; webvtt-py and pysubs2
drop what stands between < and >, be it ``1 < 2 and 3 > 2``, and show ``&lt;`` as it is written; ours lets another
person speak after >>, as television does, and undoes ``&lt;`` in SubRip too.

Escapes text for Markdown (CommonMark and GitHub's), but only what would be read as markup.

Show notes are pasted into forms that take plain text too: there a backslash too many would be seen.
"""

import re

_LOOKALIKES = (
    (re.compile(r"-{2,}>"), "→"),
    (re.compile(r">(?=>)|(?<=>)>"), "＞"),
    (re.compile(r"&(?=#?\w{1,32};)"), "＆"),
    (re.compile(r"\\(?=[Nnh])"), "＼"),
    (re.compile(r"(?<=\d):(?=(?:\d{1,2}:)?\d{1,2}[.,]\d)"), "："),  # of 0:12:34.5; 12:30 is no time of a cue
)
_BRACKETS = str.maketrans({"{": "｛", "}": "｝", "<": "＜"})


def as_words(text: str) -> str:
    """A part of a caption in which every reader finds the same words, and no times, styles or line ends of its own."""
    for pattern, lookalike in _LOOKALIKES:
        text = pattern.sub(lookalike, text)
    return text.translate(_BRACKETS)


MARKDOWN_PUNCTUATION = r"[!-/:-@\[-`{-~]"


_MARKUP = rf"\\(?={MARKDOWN_PUNCTUATION}|$)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|\](?=\()|(?<=\s)#(?=#*$)"
_MARK_IN_WORD = re.compile(r"(?<=[^\W_])_+(?=[^\W_])")


def escaped(text: str) -> str:
    """The text as it is written in a line of Markdown that begins with something else."""
    pattern = "|".join((_MARKUP, *(re.escape(mark) for mark in "*_`~" if _pairs(text, mark))))
    return re.sub(pattern, r"\\\g<0>", text)


def _pairs(text: str, mark: str) -> bool:
    """Whether a mark stands there twice, as emphasis and code need it; one inside a word emphasises nothing."""
    return text.count(mark) > 1 and (mark != "_" or "_" in _MARK_IN_WORD.sub("", text))
