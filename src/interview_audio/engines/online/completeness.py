"""Whether what came for a text can be all of its speech."""

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.online.estimation import expected_seconds
from interview_audio.engines.online.retries import LATER, SetbackError, Trouble, broken

SHORTEST_OF_EXPECTED, LONGEST_OF_EXPECTED, LONGEST_BESIDES = 0.3, 5.0, 15.0
"""Speech is between these parts of what its text would take, the second plus seconds: some break off, some loop."""
_SILENCE = 100
"""Greatest sample of a clip in which nothing is said."""


def check_whole(samples: NDArray[np.int16], sample_rate: int, text: str, rate: float) -> None:
    """Raise where it is silence, or too short or too long.

    Args:
        samples: Mono.
        sample_rate: Hz.
        text: What the voice was to say of what was sent.
        rate: Of speech: 1.1 is faster.

    Raises:
        SetbackError: It cannot be all, or is nothing.
    """
    if int(np.abs(samples.astype(np.int32)).max(initial=0)) < _SILENCE:
        raise SetbackError(Trouble.SILENT, "silence came", LATER)
    seconds, expected = samples.size / sample_rate, expected_seconds(text)
    # Not every model follows the rate: it widens what passes, and never narrows it.
    is_short = seconds < SHORTEST_OF_EXPECTED * expected / max(rate, 1)
    if is_short or seconds > LONGEST_OF_EXPECTED * expected / min(rate, 1) + LONGEST_BESIDES:
        raise broken(f"{seconds:.1f} s of sound came for {len(text)} characters")
