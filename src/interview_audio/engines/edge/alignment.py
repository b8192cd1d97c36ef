"""Which written words the service's word boundaries stand for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interview_audio.engines.edge.coverage import Boundary
from interview_audio.engines.engine import SpokenWord
from interview_audio.engines.online.estimation import WORD, merged
from interview_audio.engines.online.wording import Wording

MOST_SKIPPED = 60
"""Letters between two words that are found; one that is found only further on is another of the same spelling."""
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Heard:
    """A stretch of what was sent and when it is heard."""

    start: float
    end: float
    sent: tuple[int, int]


def spoken_words(
    wording: Wording, piece: tuple[int, int], boundaries: Sequence[Boundary], seconds: float
) -> tuple[SpokenWord, ...]:
    """The words of a piece with their times and written ranges, which do not overlap; none if none are reported.

    Args:
        wording: What was sent, and for what.
        piece: The range of it that was sent with this request.
        boundaries: What the service reports.
        seconds: Length of the sound, in which all times lie.
    """
    words, clock = [], 0.0
    for one in _placed(wording.sent, piece, boundaries):
        clock = min(max(clock, one.start), seconds)
        words.append(SpokenWord(clock, min(max(clock, one.end), seconds), wording.written_range(*one.sent)))
    return merged(words)


def unheard(text: str, words: Sequence[SpokenWord]) -> list[str]:
    """Runs of letters in a written text that no word covers."""
    missing = []
    position = 0
    for start, end in [*(word.written for word in words), (len(text), len(text))]:
        missing += _LETTERS.findall(text[position:start])
        position = end
    return missing


def _placed(sent: str, piece: tuple[int, int], boundaries: Sequence[Boundary]) -> Iterator[_Heard]:
    """Each boundary where its text stands; those that stand nowhere take what lies between their neighbours."""
    first, end = piece
    folded = "".join(map(_folded, sent[first:end]))  # the piece alone: a long text has many
    position = first
    lost: list[Boundary] = []
    for boundary in boundaries:
        place = _find("".join(map(_folded, boundary.text)), folded, position - first)
        if place is None:
            lost.append(boundary)
            continue
        found = first + place[0], first + place[1]
        yield from _between(sent, (position, found[0]), lost)
        lost = []
        yield _Heard(boundary.start, boundary.end, found)
        position = found[1]
    yield from _between(sent, (position, end), lost)


def _folded(character: str) -> str:
    """In lower case, if that is one character as well: places stay."""
    lower = character.lower()
    return lower if len(lower) == 1 else character


def _find(text: str, sent: str, position: int) -> tuple[int, int] | None:
    """The nearest place of a text that begins a word or goes on where the last one ended."""
    for start, stop in _occurrences(text.split(), sent, position):
        if start == position or not (_is_narrow(sent[start]) and _is_narrow(sent[start - 1])):
            skipped = sum(map(str.isalpha, sent[position:start]))
            return (start, stop) if skipped <= MOST_SKIPPED else None
    return None


def _occurrences(words: Sequence[str], sent: str, position: int) -> Iterator[tuple[int, int]]:
    if not words:
        return
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    yield from (match.span() for match in pattern.finditer(sent, position))


def _is_narrow(character: str) -> bool:
    """Whether words of such characters are written apart."""
    return character.isalnum() and ord(character) < 0x2E80


def _between(sent: str, gap: tuple[int, int], lost: Sequence[Boundary]) -> Iterator[_Heard]:
    words = [match.span() for match in WORD.finditer(sent, *gap)]
    if lost and words:
        yield _Heard(lost[0].start, lost[-1].end, (words[0][0], words[-1][1]))
