"""Cuts a paragraph into utterances: whole sentences, short neighbours joined, none too long to be spoken in one go.

How long a text is to speak is estimated in phonemes, from its writing: no engine is asked, and one paragraph has the
same utterances with every engine.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from interview_audio.text.characters import UNSPACED, has_letter_or_digit
from interview_audio.transcript.lexicon.vocabulary import alternation, word_list

MAX_UTTERANCE_PHONEMES = 300
"""Estimated phonemes of an utterance at most: memory and prosody of Kokoro, which takes 510, are good up to here."""
_SHORT_UTTERANCE_PHONEMES = 60
"""An utterance with fewer is joined with its neighbour: very short ones are spoken badly."""

_CLOSING = r"(?:[\"'”’」』）)\]】》]|[\u00a0\u202f]?[»›])*"
_SENTENCE_END = re.compile(
    rf"(?:[。！？!?；;]+|…+|\.{{2,}}|(?<![.\d])\.(?=[\s\"'”’)\]»›]|$)|(?<=\d)\.(?=\s|$)){_CLOSING}\s*"
)
_CLAUSE_END = re.compile(rf"(?:[，、：]|[,:](?!\d)|——|—|–\s){_CLOSING}\s*")
_WORD_END = re.compile(rf"\s+|(?<=[{UNSPACED}])(?=[^\s{UNSPACED}])")
_ABBREVIATION = re.compile(rf"(?:\b(?:{alternation('abbreviations')})|\b(?:[A-Za-z]\.)*[A-Z])\.$")
_BEFORE_NUMBER = re.compile(r"\b(?:Nos?|Figs?|pp?|Vol|Ch|Sec|Art)\.$")
"""What is an abbreviation before a number only: after ``No.`` a sentence may begin."""
_CLOSES_LATER = re.compile(r"»(?:\s|\Z)")
"""A French quotation ends after a space; a German one may begin so: ``»Ja«``."""
_DATE = re.compile(
    r"\b\d{1,2}\.\s+(Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
"""A German day, whose full stop ends nothing; the group is the month."""
_PHONEME_CLASSES = re.compile(rf"(?P<cjk>[{UNSPACED}])|(?P<digit>\d)|(?P<other>\S)|\s")


_PHONEMES_OF_A_CHARACTER = {"cjk": 5.0, "digit": 5.0, "other": 1.2, None: 1.0}
_LONGEST_ABBREVIATION = max(map(len, word_list("abbreviations"))) + 2
"""Characters of an abbreviation with its full stop and what precedes it: how far back one is looked for."""


def estimate_phonemes(text: str, before: float = 0.0) -> float:
    """Estimate how many phonemes a text has when it is spoken.

    Measured over our examples, with stresses and tones counted: a Chinese character has 4.6 phonemes, a Latin letter
    1.1; a digit becomes a word.

    Args:
        text: As written.
        before: Phonemes of what precedes it, which are counted too.
    """
    return sum((_PHONEMES_OF_A_CHARACTER[match.lastgroup] for match in _PHONEME_CLASSES.finditer(text)), before)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of ``text``; joined they are the text again."""
    start = 0
    months = {match.start(1) for match in _DATE.finditer(text)}
    for match in _SENTENCE_END.finditer(text):
        is_within = match.end() in months or _CLOSES_LATER.match(text, match.end())
        if is_within or _goes_on(text, match):
            continue
        yield text[start : match.end()]
        start = match.end()
    if start < len(text):
        yield text[start:]


def _goes_on(text: str, end: re.Match[str]) -> bool:
    """Tell whether a sentence that seems to end does not: after an abbreviation, before a small letter."""
    following = text[end.end() : end.end() + 1]
    stop = end.start() + len(end[0].rstrip())
    # Only the last few characters are looked at: a text of abbreviations alone never ends a sentence.
    window = max(0, stop - _LONGEST_ABBREVIATION), stop
    if following.isdigit() and _BEFORE_NUMBER.search(text, *window):
        return True
    is_open = following.islower() or (following and _ABBREVIATION.search(text, *window))
    return bool(is_open) and text[stop - 1] in ".…"


@dataclass(slots=True)
class _Joined:
    """Pieces that are spoken in one go, with what is asked of them again and again."""

    pieces: list[str] = field(default_factory=list)
    phonemes: float = 0.0
    has_words: bool = False

    def add(self, piece: str) -> None:
        """Join one more."""
        self.pieces.append(piece)
        self.phonemes = estimate_phonemes(piece, self.phonemes)
        self.has_words = self.has_words or has_letter_or_digit(piece)


@lru_cache(maxsize=8192)  # a script of which one paragraph has changed is cut anew with every change
def utterances(text: str) -> tuple[str, ...]:
    """Return what is spoken in one go, in order, stripped; only the white space between them is lost.

    A sentence over ``MAX_UTTERANCE_PHONEMES`` is cut at clauses, then between words, then anywhere.
    """
    joined: list[_Joined] = []
    for piece in (piece for sentence in sentences(text) for piece in _short_enough(sentence)):
        if not joined or not _belong_together(joined[-1], piece):
            joined.append(_Joined())
        joined[-1].add(piece)
    return tuple(stripped for one in joined if (stripped := "".join(one.pieces).strip()))


def _belong_together(before: _Joined, piece: str) -> bool:
    """Tell whether a piece is spoken with what precedes it: one of them is short, or has no words."""
    if not (before.has_words and has_letter_or_digit(piece)):
        return True
    is_short = min(before.phonemes, estimate_phonemes(piece)) < _SHORT_UTTERANCE_PHONEMES
    return is_short and estimate_phonemes(piece, before.phonemes) <= MAX_UTTERANCE_PHONEMES


def _short_enough(text: str) -> Iterator[str]:
    if estimate_phonemes(text) <= MAX_UTTERANCE_PHONEMES:
        yield text
        return
    for boundary in (_CLAUSE_END, _WORD_END):
        pieces = _packed(_cut(text, boundary))
        if len(pieces) > 1:
            for piece in pieces:
                yield from _short_enough(piece)
            return
    yield from _halved(text)


def _halved(text: str) -> Iterator[str]:
    """Yield the parts of a text that has no place to cut, each within the limit."""
    if estimate_phonemes(text) <= MAX_UTTERANCE_PHONEMES:
        yield text
        return
    middle = len(text) // 2
    yield from _halved(text[:middle])
    yield from _halved(text[middle:])


def _cut(text: str, boundary: re.Pattern[str]) -> list[str]:
    ends = [*(match.end() for match in boundary.finditer(text) if 0 < match.end() < len(text)), len(text)]
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _packed(pieces: list[str]) -> list[str]:
    """Join neighbours again, into parts of about one length, each within the limit where its pieces are."""
    total = estimate_phonemes("".join(pieces))
    share = total / -(-total // MAX_UTTERANCE_PHONEMES)
    parts: list[list[str]] = [[]]
    size = 0.0
    for piece in pieces:
        if parts[-1] and (size >= share or size + estimate_phonemes(piece) > MAX_UTTERANCE_PHONEMES):
            parts.append([])
            size = 0.0
        parts[-1].append(piece)
        size = estimate_phonemes(piece, size)
    return ["".join(part) for part in parts]
