"""Whether a sound can be all of a text, by its length: all that can be told where no word times come with it."""

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.durations import estimate_seconds, voiced_seconds
from interview_audio.engines.online.retries import RUN_AGAIN_LATER, FailureKind, TransientError, incomplete_answer_error
from interview_audio.text.units import counted

MIN_SHARE_OF_ESTIMATE = 0.5
"""Speech without its pauses takes at least this part of what its text would take.

Of 250 lines in five voices of Kokoro none took less than 0.68 of it, so that a voice a third faster passes as well. Of
those of more than two seconds 56 in 100 are found when half is left of them, 94 with two fifths, 99 with a third.
"""
_MIN_SHARE_AT_KNOWN_RATE = 0.6
"""The same of a voice that is known to speak at the rate that it is given: 26 letters or 8 Chinese characters a second.

Edge's voices were measured (``durations``).
"""
_MAX_SHARE_OF_ESTIMATE, _MAX_EXTRA_SECONDS = 5.0, 15.0
"""With pauses it takes at most this many times as long, plus seconds: addresses and abbreviations are spelt."""
_MIN_SECONDS_PER_DIGIT = 0.1
"""At least: ``1,000,000`` is two words."""
_MAX_SILENT_SAMPLE = 100
"""Greatest sample of a clip in which nothing is said: -50 dB, above what MP3 makes of silence."""


def shortest_seconds(text: str) -> float:
    """Return how long a text takes to say at rate 1, with numbers as short as they may be read."""
    digits = sum(map(str.isdecimal, text))
    return estimate_seconds("".join(filter(str.isalpha, text))) + _MIN_SECONDS_PER_DIGIT * digits


def missing_sound_error(heard: float, wanted: float, about: str = "") -> TransientError:
    """Return the error for sound that is too short.

    Args:
        heard: Seconds of speech that came.
        wanted: Seconds that there should be.
        about: ``about `` if that is only estimated.
    """
    return incomplete_answer_error(f"incomplete audio ({heard:.1f} of {about}{wanted:.1f} s)")


def check_audible(samples: NDArray[np.int16]) -> None:
    """Raise ``TransientError`` if nothing is said at all."""
    if int(np.abs(samples.astype(np.int32)).max(initial=0)) < _MAX_SILENT_SAMPLE:
        raise TransientError(FailureKind.SILENT, "no speech was received, only silence", RUN_AGAIN_LATER)


def check_duration(samples: NDArray[np.int16], sample_rate: int, text: str, rate: float, *, follows_rate: bool) -> None:
    """Raise if a sound is silence, or too short or too long for its text.

    Args:
        samples: Mono.
        sample_rate: Hz.
        text: What the voice was to say of what was sent.
        rate: Of speech: 1.1 is faster.
        follows_rate: The voice is known to speak at this rate. Else a rate widens what passes, and never narrows it:
            not every model follows it, and some are told in words to hurry.

    Raises:
        TransientError: It cannot be all, or is nothing.
    """
    check_audible(samples)
    fastest, slowest = (rate, rate) if follows_rate else (max(rate, 1.0), min(rate, 1.0))
    usual = shortest_seconds(text) / fastest
    voiced, seconds = voiced_seconds(samples, sample_rate), samples.size / sample_rate
    if voiced < (_MIN_SHARE_AT_KNOWN_RATE if follows_rate else MIN_SHARE_OF_ESTIMATE) * usual:
        raise missing_sound_error(voiced, usual, "about ")
    if seconds > _MAX_SHARE_OF_ESTIMATE * estimate_seconds(text) / slowest + _MAX_EXTRA_SECONDS:
        raise incomplete_answer_error(
            f"audio that does not end ({seconds:.0f} s for {counted(len(text), 'character')})"
        )
