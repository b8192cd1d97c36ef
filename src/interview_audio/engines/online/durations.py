"""How long a text takes to say, and when each word is heard where a service does not tell.

Whether what came for a text can be all of its speech, by how long it is; all that can be told without word times.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.online.retries import LATER, SetbackError, Trouble, broken
from interview_audio.engines.online.utterance_pieces import Wording
from interview_audio.engines.protocol import SpokenWord
from interview_audio.text.units import counted

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


SHORTEST_OF_EXPECTED = 0.5
"""Speech without its pauses takes at least this part of what its text would take.

Of 250 lines in five voices of Kokoro none took less than 0.68 of it, so that a voice a third faster passes as well. Of
those of more than two seconds 56 in 100 are found when half is left of them, 94 with two fifths, 99 with a third.
"""
SHORTEST_AT_RATE = 0.6
"""The same of a voice that is known to speak at the rate that it is told: 26 letters or 8 Chinese characters a second.

Edge's voices were measured (``estimation``).
"""
LONGEST_OF_EXPECTED, LONGEST_BESIDES = 5.0, 15.0
"""With pauses it takes at most this many times as long, plus seconds: addresses and abbreviations are spelt."""
_LEAST_SECONDS_A_DIGIT = 0.1
"""At least: ``1,000,000`` is two words."""
_SILENCE = 100
"""Greatest sample of a clip in which nothing is said."""


def seconds_without_doubt(text: str) -> float:
    """How long a text takes to say at rate 1, with numbers as short as they may be read."""
    digits = sum(map(str.isdecimal, text))
    return expected_seconds("".join(filter(str.isalpha, text))) + _LEAST_SECONDS_A_DIGIT * digits


def incomplete(heard: float, wanted: float, what: str = "") -> SetbackError:
    """The setback where sound is missing.

    Args:
        heard: Seconds of speech that came.
        wanted: Seconds that there should be.
        what: ``about``, where the text alone tells them.
    """
    return broken(f"incomplete audio ({heard:.1f} of {what}{wanted:.1f} s)")


def check_audible(samples: NDArray[np.int16]) -> None:
    """Raise ``SetbackError`` where nothing is said at all."""
    if int(np.abs(samples.astype(np.int32)).max(initial=0)) < _SILENCE:
        raise SetbackError(Trouble.SILENT, "no speech was received, only silence", LATER)


def check_whole(samples: NDArray[np.int16], sample_rate: int, text: str, rate: float, *, is_followed: bool) -> None:
    """Raise where it is silence, or too short or too long.

    Args:
        samples: Mono.
        sample_rate: Hz.
        text: What the voice was to say of what was sent.
        rate: Of speech: 1.1 is faster.
        is_followed: The voice is known to speak at this rate. Else a rate widens what passes, and never narrows it:
            not every model follows it, and some are told in words to hurry.

    Raises:
        SetbackError: It cannot be all, or is nothing.
    """
    check_audible(samples)
    fastest, slowest = (rate, rate) if is_followed else (max(rate, 1.0), min(rate, 1.0))
    usual = seconds_without_doubt(text) / fastest
    voiced, seconds = voiced_seconds(samples, sample_rate), samples.size / sample_rate
    if voiced < (SHORTEST_AT_RATE if is_followed else SHORTEST_OF_EXPECTED) * usual:
        raise incomplete(voiced, usual, "about ")
    if seconds > LONGEST_OF_EXPECTED * expected_seconds(text) / slowest + LONGEST_BESIDES:
        raise broken(f"audio that does not end ({seconds:.0f} s for {counted(len(text), 'character')})")
