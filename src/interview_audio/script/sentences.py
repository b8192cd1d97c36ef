"""Cuts paragraphs and turns into what is spoken in one go: whole sentences, short neighbours joined, none too long.

A turn with marks is cut at its pauses first. How long a text is to speak is estimated in phonemes, from its writing: no
engine is asked, and one paragraph has the same utterances with every engine.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from interview_audio.configuration.settings import VOLUMES
from interview_audio.engines.protocol import Stretch
from interview_audio.script.lines import VolumeChange
from interview_audio.text.characters import UNSPACED, has_letter_or_digit
from interview_audio.transcript.layout.paragraphs import NO_SPACE_BEFORE
from interview_audio.transcript.lexicon.vocabulary import alternation, word_list
from interview_audio.transcript.turns import SpeechMark

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


_SLOWEST, _FASTEST, _MAX_PITCH = 0.5, 2.0, 6.0
"""What marks within one another may come to."""
_Range = TypeVar("_Range", Stretch, VolumeChange)


@dataclass(frozen=True, slots=True)
class Piece:
    """What is spoken in one go."""

    text: str
    stretches: tuple[Stretch, ...] = ()
    pause: float | None = None
    """Seconds of silence after it that a mark asks for; None where none does."""
    volume_changes: tuple[VolumeChange, ...] = ()


def spoken_pieces(text: str, marks: Sequence[SpeechMark]) -> tuple[Piece, ...]:
    """Return the pieces of a turn, in order.

    Args:
        text: The turn's words.
        marks: Its marks; a pause before the first word is not among the pieces': ``leading_pause``.
    """
    if not marks:
        return tuple(map(Piece, utterances(text)))
    pauses = _pauses(text, marks)
    said = [(mark.start, mark.end) for mark in marks if mark.say]
    begins = [0, *(place for place in pauses if 0 < place < len(text)), len(text)]
    ranges = [
        (start, end) for part in pairwise(begins) for start, end in _unbroken(list(_utterances(text, *part)), said)
    ]
    stretches, volume_changes = flatten(marks), tuple(_volume_changes(marks))
    ends: dict[tuple[int, int], float] = {}
    for place, seconds in pauses.items():
        if place:
            before = ranges[bisect_left(ranges, (place, 0)) - 1]
            ends[before] = ends.get(before, 0.0) + seconds
    return tuple(
        Piece(
            text[start:end],
            tuple(_within(stretches, start, end)),
            ends.get((start, end)),
            tuple(_within(volume_changes, start, end)),
        )
        for start, end in ranges
    )


def whole_piece(text: str, marks: Sequence[SpeechMark]) -> Piece:
    """Return a turn as one piece, of which marks change the volume alone: a recording is said as it is said."""
    pause = _pauses(text, marks).get(len(text)) if marks else None
    return Piece(text, pause=pause, volume_changes=tuple(_volume_changes(marks)))


def leading_pause(text: str, marks: Sequence[SpeechMark]) -> float | None:
    """Return the seconds of silence that marks ask for before the first word of a turn; None where none does."""
    return _pauses(text, marks).get(0) if marks else None


def _pauses(text: str, marks: Sequence[SpeechMark]) -> dict[int, float]:
    """Return the places of pauses, and their seconds; those between the same two words add up.

    Signs behind a pause stay with the words before it.
    """
    wanted = [mark for mark in marks if mark.pause is not None]
    worded = [at for at, character in enumerate(text) if has_letter_or_digit(character)] if wanted else []
    places: dict[int, int] = {}
    found: dict[int, float] = {}
    for mark in wanted:
        following = bisect_left(worded, mark.start)
        place = places.setdefault(following, _behind_signs(text, mark.start))
        place = 0 if following == 0 else len(text) if following == len(worded) else place
        found[place] = found.get(place, 0.0) + (mark.pause or 0.0)
    return found


def _behind_signs(text: str, start: int) -> int:
    """Return where words end for a pause: behind the signs that have no space before them."""
    return next((at for at in range(start, len(text)) if text[at] not in NO_SPACE_BEFORE), len(text))


def _utterances(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    reached = start
    for piece in utterances(text[start:end]):
        begin = text.index(piece, reached, end)
        reached = begin + len(piece)
        yield begin, reached


def _unbroken(ranges: Sequence[tuple[int, int]], said: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the ranges, those joined between which words are said in another way as a whole."""
    joined: tuple[int, int] | None = None
    for start, end in ranges:
        number = bisect_left(said, (start, 0)) - 1
        if joined and number >= 0 and said[number][1] > joined[1]:
            joined = joined[0], end
            continue
        if joined:
            yield joined
        joined = start, end
    if joined:
        yield joined


def flatten(marks: Sequence[SpeechMark]) -> tuple[Stretch, ...]:
    """Return marks within one another as stretches beside one another; words that are said otherwise stay together.

    Marks of volume are no engine's and cut no stretch.
    """
    around = [mark for mark in marks if mark.pause is None and mark.changes_speech]
    return tuple(_stretch(start, end, found) for start, end, found in _beside_one_another(around))


def _volume_changes(marks: Sequence[SpeechMark]) -> Iterator[VolumeChange]:
    around = [mark for mark in marks if mark.volume]
    for start, end, found in _beside_one_another(around):
        volume = sum(mark.volume for mark in found)
        yield VolumeChange(start, end, round(min(max(volume, VOLUMES.low), VOLUMES.high), 2))


def _beside_one_another(marks: Sequence[SpeechMark]) -> Iterator[tuple[int, int, list[SpeechMark]]]:
    """Yield the ranges between all edges of marks around which there are any, with these."""
    places = sorted({place for mark in marks for place in (mark.start, mark.end)})
    is_open: list[SpeechMark] = []
    waiting = sorted(marks, key=lambda mark: -mark.start)
    for start, end in pairwise(places):
        while waiting and waiting[-1].start <= start:
            is_open.append(waiting.pop())
        is_open = [mark for mark in is_open if mark.end > start]
        if is_open:
            yield start, end, is_open


def _stretch(start: int, end: int, marks: Sequence[SpeechMark]) -> Stretch:
    stretch = Stretch(start, end)
    for mark in marks:
        stretch = replace(
            stretch,
            rate=round(min(max(stretch.rate * mark.rate, _SLOWEST), _FASTEST), 4),
            pitch=round(min(max(stretch.pitch + mark.pitch, -_MAX_PITCH), _MAX_PITCH), 2),
            is_stressed=stretch.is_stressed or mark.is_stressed,
            say=mark.say or stretch.say,
        )
    return stretch


def _within(ranges: Sequence[_Range], start: int, end: int) -> Iterator[_Range]:
    """Yield the parts of ranges in a piece, with offsets in it."""
    first = bisect_right(ranges, start, key=lambda one: one.end)
    for one in ranges[first : bisect_left(ranges, end, key=lambda one: one.start)]:
        yield replace(one, start=max(one.start, start) - start, end=min(one.end, end) - start)
