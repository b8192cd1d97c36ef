"""Chapter titles from questions: the sentence that asks, cut at a clause to a number of columns."""

import re

from interview_audio.script.sentences import sentences
from interview_audio.transcript.lexicon.typography import columns

_CLAUSE = re.compile(r"[，。！？；：,;:!?](?=\D|$)|[.](?=\s|$)|——|—|\s–\s")
STANDS_ALONE = 13
"""Columns from which a question says what it is about: six Chinese characters and a mark, three short words."""
_AFTER_QUESTION = " \"'”’」』）)"
_OUTER = " \t\n，,；;：:、。.—–-"


def chapter_title(question: str, most_columns: int) -> str:
    """A title of at most ``most_columns`` columns: the first sentence that asks, else the first, cut at a clause.

    A question too short to stand alone (``On what?``) keeps the sentence before it. A mark alone is no sentence.
    """
    parts = [part for part in sentences(" ".join(question.split())) if has_words(part)]
    asking = [index for index, part in enumerate(parts) if part.rstrip(_AFTER_QUESTION).endswith(("?", "？"))]
    chosen = next((index for index in asking if columns(parts[index]) >= STANDS_ALONE), asking[0] if asking else 0)
    text = "".join(parts[chosen : chosen + 1])
    if asking and chosen > 0 and columns(text) < STANDS_ALONE:
        text = parts[chosen - 1] + text
    return fitted(text.strip(), most_columns)


def has_words(text: str) -> bool:
    """Whether a text has a letter or a digit: a mark alone (``?``, ``***``) names nothing."""
    return any(map(str.isalnum, text))


def fitted(text: str, most: int) -> str:
    """The text, or what of it fits so many columns, cut at a clause or between words; nothing of a mark alone."""
    if not has_words(text):
        return ""
    title = _fitted(text, most)
    return title if has_words(title) else _fitted(text[_first_word(text) :], most)


def _first_word(text: str) -> int:
    return next(index for index, character in enumerate(text) if character.isalnum())


def _fitted(text: str, most: int) -> str:
    if columns(text) <= most:
        return text.rstrip(_OUTER)
    fitting = text[: _last_clause_end(text, most)].rstrip(_OUTER)
    if fitting and columns(fitting) >= most // 3:
        return fitting
    return _cut_between_words(text, most - 1) + "…"


def _last_clause_end(text: str, most: int) -> int:
    """Where the last clause ends that fits so many columns; 0 if none does. Each clause is measured once."""
    end, width = 0, 0
    for match in _CLAUSE.finditer(text):
        width += columns(text[end : match.start()])
        if width > most:
            break
        end = match.start()
    return end


def _cut_between_words(text: str, most: int) -> str:
    width = 0
    for index, char in enumerate(text):
        width += columns(char)
        if width > most:
            head = text[:index]
            space = head.rfind(" ")
            latin = char.isascii() and head[-1:].isascii() and not char.isspace()
            return (head[:space] if latin and space > 0 else head).rstrip(_OUTER)
    return text
