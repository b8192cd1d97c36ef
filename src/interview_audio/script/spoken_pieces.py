"""Cuts a turn with its marks into what is spoken in one go: at its pauses, then as ``sentences`` cuts any text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from interview_audio.configuration.settings import VOLUMES
from interview_audio.engines.protocol import Stretch
from interview_audio.script.lines import VolumeChange
from interview_audio.script.sentences import utterances
from interview_audio.text.characters import has_letter_or_digit
from interview_audio.transcript.layout.paragraphs import NO_SPACE_BEFORE
from interview_audio.transcript.turns import SpeechMark

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
