"""How an utterance is spoken again if its sound was wrong: once more or in two parts, and then a little slower."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from interview_audio.engines.durations import audible_range
from interview_audio.engines.protocol import Engine, Speech, SpokenWord, Stretch, Utterance, Varying
from interview_audio.engines.utterance_pieces import SpokenPiece, cut_text, join_pieces
from interview_audio.synthesis.clips import SLOWEST
from interview_audio.text.characters import has_letter_or_digit

_SLOWER = 0.97
"""Of the rate: other samples altogether, and nobody hears that it is slower."""
_FIRST_PART = 0.7
"""Of a text that is cut in two, at most: at a mark between 35 and 70 in 100 of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What an engine is asked for at once: an utterance, or the half of one."""

    start: int
    """Where its text begins in that of the utterance."""
    utterance: Utterance


def ways_to_speak(engine: Engine, utterance: Utterance) -> Iterator[tuple[Part, ...]]:
    """Yield an utterance as it is, and then otherwise, each time for where the sound of the last one was wrong.

    An engine that varies says it once more; another one would give the same samples, and is asked for two parts where
    the text has a mark between them. Last of all, every engine speaks 3 % slower.
    """
    yield (Part(0, utterance),)
    if isinstance(engine, Varying) and engine.varies:
        yield (Part(0, utterance),)
    elif parts := cut_in_two(utterance):
        yield parts
    slower = utterance.rate * _SLOWER
    yield (Part(0, replace(utterance, rate=round(slower if slower >= SLOWEST else utterance.rate / _SLOWER, 4))),)


def cut_in_two(utterance: Utterance) -> tuple[Part, ...]:
    """Cut an utterance at the best mark near its middle; empty where there is none between words."""
    text = utterance.text
    cut = next(cut_text(text, round(_FIRST_PART * len(escape(text).encode()))), (0, 0))[1]
    before = text[:cut].rstrip()
    is_at_mark = bool(before) and not (before[-1].isalnum() or before[-1] in "'’-")
    has_words = has_letter_or_digit(text[:cut]) and has_letter_or_digit(text[cut:])
    if not (is_at_mark and has_words) or any(one.start < cut < one.end for one in utterance.stretches):
        return ()
    return _part(utterance, 0, cut), _part(utterance, cut, len(text))


def _part(utterance: Utterance, start: int, end: int) -> Part:
    stretches = tuple(_moved(one, start) for one in utterance.stretches if start <= one.start and one.end <= end)
    return Part(start, replace(utterance, text=utterance.text[start:end], stretches=stretches))


def _moved(stretch: Stretch, by: int) -> Stretch:
    return replace(stretch, start=stretch.start - by, end=stretch.end - by)


def join_parts(parts: Sequence[Part], spoken: Sequence[Speech]) -> Speech:
    """Return the sounds of the parts of an utterance as one; an only one stays as it is."""
    first = spoken[0]
    if len(spoken) == 1:
        return first
    pieces = [_piece(part.start, speech) for part, speech in zip(parts, spoken, strict=True)]
    samples, words = join_pieces(pieces, first.sample_rate)
    unspoken = tuple(dict.fromkeys(one for speech in spoken for one in speech.unspoken))
    return Speech(samples, first.sample_rate, tuple(words), unspoken, first.made_by)


def _piece(start: int, speech: Speech) -> SpokenPiece:
    audible = audible_range(speech.samples, speech.sample_rate)

    def inside(time: float) -> float:  # the silence around a part is trimmed, and with it the times that reach into it
        return min(max(time, audible[0]), audible[1])

    words = [
        SpokenWord(inside(word.start), inside(word.end), (word.written[0] + start, word.written[1] + start))
        for word in speech.words
    ]
    return SpokenPiece(speech.samples, words, audible)
