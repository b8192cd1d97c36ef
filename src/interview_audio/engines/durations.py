"""How long a text takes to say, where a sound is speech, and when each word is heard if a service does not tell."""

import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.protocol import SpokenWord
from interview_audio.engines.utterance_pieces import PreparedText

_TYPICAL_SECONDS_PER_CHARACTER = {"zh": 0.2, "en": 0.065}
"""Of speech, as Kokoro's voices were measured."""
_TYPICAL_SECONDS_PER_CHARACTER_ELSEWHERE = 0.07
"""Most other languages are written in letters, and spoken a little slower per letter than English."""
_SECONDS_PER_LETTER, _SECONDS_PER_IDEOGRAPH = 1 / 16, 0.2
"""Measured by others on Edge's voices: 14 to 16 Latin letters and 4 to 5 Chinese characters a second."""
_SECONDS_PER_DIGIT = 0.25
"""A digit is a word."""
_MIN_SECONDS_PER_DIGIT = 0.1
"""At least: ``1,000,000`` is two words."""
_SECONDS_PER_KANA, _SECONDS_PER_HANGUL = 0.13, 0.16
"""A kana is a mora, a hangul block a syllable, and both are shorter than what a Chinese character stands for."""
_SLOWER_LETTERS = (
    ("\u3040", "\u30ff", _SECONDS_PER_KANA),
    ("\uac00", "\ud7a3", _SECONDS_PER_HANGUL),
    ("\u2e80", "\U0010ffff", _SECONDS_PER_IDEOGRAPH),
)
"""Ranges of letters that take longer than a Latin one; the first range that holds a letter counts."""
_PAUSE_SECONDS = dict.fromkeys("。！？；.!?;…\n", 0.35) | dict.fromkeys("，、：,:—", 0.15)
"""After a mark between two words; rough."""
_AUDIBLE_SHARE = 0.02
"""Part of the loudest sample from which sound counts as speech: -34 dB, above the noise that encoders leave."""
_FRAME_SECONDS = 0.01
"""One audible sample makes its whole frame audible: a frame is longer than a period of the lowest voice."""
_MAX_STOP_SECONDS = 0.2
"""Silence inside a word at most, as before a ``p`` or ``t``; what is longer is a pause."""
WORD_PATTERN = re.compile(r"[^\W_\u2e80-\U000323af]+(?:['’-][^\W_\u2e80-\U000323af]+)*|[^\W_]")
"""A word of letters and digits, or one character of Chinese, Japanese or Korean."""


def typical_seconds_per_character(language: str) -> float:
    """Return how much speech a character is in a language, until a voice has been measured on this machine."""
    return _TYPICAL_SECONDS_PER_CHARACTER.get(language, _TYPICAL_SECONDS_PER_CHARACTER_ELSEWHERE)


def estimate_seconds(text: str) -> float:
    """Return roughly how long a text takes to say at rate 1, by its letters and digits."""
    return sum(map(_character_seconds, text))


def shortest_seconds(text: str) -> float:
    """Return how long a text takes to say at rate 1, with numbers as short as they may be read."""
    digits = sum(map(str.isdecimal, text))
    return estimate_seconds("".join(filter(str.isalpha, text))) + _MIN_SECONDS_PER_DIGIT * digits


def _character_seconds(character: str) -> float:
    if character.isalpha():
        slower = (seconds for first, last, seconds in _SLOWER_LETTERS if first <= character <= last)
        return next(slower, _SECONDS_PER_LETTER)
    return _SECONDS_PER_DIGIT if character.isalnum() else 0.0


def audible_range(samples: NDArray[np.int16], sample_rate: int) -> tuple[float, float]:
    """Return the seconds of the first and the last audible sample, or the whole length of a silent sound."""
    height = np.abs(samples.astype(np.int32))
    audible = np.flatnonzero(height >= max(1.0, _AUDIBLE_SHARE * float(height.max(initial=0))))
    if not audible.size:
        return 0.0, samples.size / sample_rate
    return float(audible[0]) / sample_rate, float(audible[-1] + 1) / sample_rate


def voiced_seconds(samples: NDArray[np.int16], sample_rate: int) -> float:
    """Return the seconds of speech, without pauses and silence at the ends: silence shows no spoken words."""
    places = np.flatnonzero(audible_frames(samples, sample_rate))
    if not places.size:
        return 0.0
    steps = np.diff(places)
    longest_step = round(_MAX_STOP_SECONDS / _FRAME_SECONDS) + 1
    frames = 1 + steps[steps <= longest_step].sum() + (steps > longest_step).sum()
    return float(frames) * _FRAME_SECONDS


def audible_frames(samples: NDArray[np.int16], sample_rate: int, share: float = _AUDIBLE_SHARE) -> NDArray[np.bool_]:
    """Return for each hundredth of a second whether it is as loud as this share of the loudest sample."""
    height = np.abs(samples.astype(np.int32))
    frame = round(_FRAME_SECONDS * sample_rate)
    loudest = np.pad(height, (0, -height.size % frame)).reshape(-1, frame).max(axis=1, initial=0)
    return np.asarray(loudest >= max(1.0, share * float(height.max(initial=0))))


def estimate_words(text: PreparedText, piece: tuple[int, int], audible: tuple[float, float]) -> list[SpokenWord]:
    """Spread the words of a piece over its audible part, each as long as its letters take, with pauses at marks.

    Args:
        text: What was sent, and for what.
        piece: The range of it that is heard here.
        audible: Seconds from the first sample, as ``audible_range`` returns them.
    """
    found = [match.span() for match in WORD_PATTERN.finditer(text.sent, *piece)]
    lengths = [estimate_seconds(text.sent[start:end]) for start, end in found]
    pauses = [_pause_seconds(text.sent[end:start]) for (_, end), (start, _) in pairwise(found)]
    first, last = audible
    stretch = (last - first) / (sum(lengths) + sum(pauses) or 1.0)
    words, clock = [], first
    for span, length, pause in zip(found, lengths, [*pauses, 0.0], strict=False):
        end = min(clock + length * stretch, last)
        words.append(SpokenWord(min(clock, end), end, text.written_range(*span)))
        clock += (length + pause) * stretch
    return words


def _pause_seconds(between: str) -> float:
    return max((_PAUSE_SECONDS.get(character, 0.0) for character in between), default=0.0)
