"""How long a text takes to say, and when each word is heard where a service does not tell."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.engine import SpokenWord
from interview_audio.engines.online.wording import Wording

_SECONDS_A_LETTER, _SECONDS_A_CHARACTER, _SECONDS_A_DIGIT = 1 / 16, 0.2, 0.25
"""Of Latin and of Chinese writing: measured by others on Edge's voices as 14-16 and 4-5 a second. A digit is a word."""
_SECONDS_A_KANA, _SECONDS_A_HANGUL = 0.13, 0.16
"""A kana is a mora, a hangul block a syllable, and both are shorter than what a Chinese character stands for."""
_SLOWER = (
    ("\u3040", "\u30ff", _SECONDS_A_KANA),
    ("\uac00", "\ud7a3", _SECONDS_A_HANGUL),
    ("\u2e80", "\U0010ffff", _SECONDS_A_CHARACTER),
)
"""Ranges of letters that take longer than a Latin one; the first that holds a letter counts."""
_PAUSES = dict.fromkeys("。！？；.!?;…\n", 0.35) | dict.fromkeys("，、：,:—", 0.15)
"""Seconds after a mark between two words; rough."""
_AUDIBLE = 0.02
"""Part of the loudest sample from which sound counts as speech: -34 dB."""
_FRAME = 0.01
"""Seconds in which one audible sample makes the whole audible: longer than a period of the lowest voice."""
_STOP = 0.2
"""Seconds of silence inside a word at most, as before a ``p`` or ``t``; what is longer is a pause."""
WORD = re.compile(r"[^\W_\u2e80-\U000323af]+(?:['’-][^\W_\u2e80-\U000323af]+)*|[^\W_]")


def expected_seconds(text: str) -> float:
    """How long a text takes to say at rate 1, roughly."""
    return sum(map(_seconds, text))


def sounding_part(samples: NDArray[np.int16], sample_rate: int) -> tuple[float, float]:
    """Seconds at which the first and the last audible sample lie; the whole length where all is silence."""
    height = np.abs(samples.astype(np.int32))
    audible = np.flatnonzero(height >= max(1.0, _AUDIBLE * float(height.max(initial=0))))
    if not audible.size:
        return 0.0, samples.size / sample_rate
    return float(audible[0]) / sample_rate, float(audible[-1] + 1) / sample_rate


def voiced_seconds(samples: NDArray[np.int16], sample_rate: int) -> float:
    """How long is spoken in all, without silence at the ends and pauses: neither says that anything was said."""
    places = np.flatnonzero(audible_frames(samples, sample_rate))
    if not places.size:
        return 0.0
    steps = np.diff(places)
    return (
        float(1 + steps[steps <= round(_STOP / _FRAME) + 1].sum() + (steps > round(_STOP / _FRAME) + 1).sum()) * _FRAME
    )


def audible_frames(samples: NDArray[np.int16], sample_rate: int, part: float = _AUDIBLE) -> NDArray[np.bool_]:
    """For each hundredth of a second, whether it is as loud as this part of the loudest sample."""
    height = np.abs(samples.astype(np.int32))
    frame = round(_FRAME * sample_rate)
    loudest = np.pad(height, (0, -height.size % frame)).reshape(-1, frame).max(axis=1, initial=0)
    return np.asarray(loudest >= max(1.0, part * float(height.max(initial=0))))


def estimated_words(wording: Wording, piece: tuple[int, int], sounding: tuple[float, float]) -> list[SpokenWord]:
    """The words of a piece over the part that sounds, each as long as its letters take, with pauses at marks.

    Args:
        wording: What was sent, and for what.
        piece: The range of it that sounds here.
        sounding: Seconds from the first sample, as ``sounding_part`` gives them.
    """
    found = [match.span() for match in WORD.finditer(wording.sent, *piece)]
    lengths = [expected_seconds(wording.sent[start:end]) for start, end in found]
    gaps = [_pause(wording.sent[end:start]) for (_, end), (start, _) in pairwise(found)]
    first, last = sounding
    pace = (last - first) / (sum(lengths) + sum(gaps) or 1.0)
    words, clock = [], first
    for span, length, gap in zip(found, lengths, [*gaps, 0.0], strict=False):
        end = min(clock + length * pace, last)
        words.append(SpokenWord(min(clock, end), end, wording.written_range(*span)))
        clock += (length + gap) * pace
    return words


def merged(words: Sequence[SpokenWord]) -> tuple[SpokenWord, ...]:
    """The words in order, with those that are said for one written word as one."""
    result: list[SpokenWord] = []
    for word in words:
        if result and word.written[0] < result[-1].written[1]:
            last = result.pop()
            written = (last.written[0], max(last.written[1], word.written[1]))
            result.append(SpokenWord(last.start, max(last.end, word.end), written))
        else:
            result.append(word)
    return tuple(result)


def _seconds(character: str) -> float:
    if character.isalpha():
        return next((seconds for first, last, seconds in _SLOWER if first <= character <= last), _SECONDS_A_LETTER)
    return _SECONDS_A_DIGIT if character.isalnum() else 0.0


def _pause(between: str) -> float:
    return max((_PAUSES.get(character, 0.0) for character in between), default=0.0)
