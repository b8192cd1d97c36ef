"""Whether what came for a text can be all of its speech, by how long it is; all that can be told without word times."""

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.online.estimation import expected_seconds, voiced_seconds
from interview_audio.engines.online.retries import LATER, SetbackError, Trouble, broken

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
_SECONDS_A_DIGIT = 0.1
"""At least: ``1,000,000`` is two words."""
_SILENCE = 100
"""Greatest sample of a clip in which nothing is said."""


def seconds_without_doubt(text: str) -> float:
    """How long a text takes to say at rate 1, with numbers as short as they may be read."""
    digits = sum(map(str.isdecimal, text))
    return expected_seconds("".join(filter(str.isalpha, text))) + _SECONDS_A_DIGIT * digits


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
        raise SetbackError(Trouble.SILENT, "silence came", LATER)


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
        raise broken(f"audio that does not end ({seconds:.0f} s for {len(text)} characters)")
