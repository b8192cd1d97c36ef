"""How the processor time of a function grows with its input."""

import time
from collections.abc import Callable

TIMES = 4
"""How much larger the large input is: work that is linear takes about so much longer, what is quadratic its square."""
MOST = 10
"""How much longer it may take: generous, so that a busy machine makes no difference."""
_RUNS = 2
_UNMEASURABLE_SECONDS = 0.002


def grows_too_fast(work: Callable[[str], object], piece: str, characters: int) -> bool:
    """Whether a function takes far more than ``TIMES`` as long for a text of ``TIMES`` as many characters."""
    small, large = (
        min(_processor_seconds(work, piece * (size // len(piece))) for _ in range(_RUNS))
        for size in (characters, TIMES * characters)
    )
    return large > MOST * max(small, _UNMEASURABLE_SECONDS)


def _processor_seconds(work: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    work(text)
    return time.process_time() - begun
