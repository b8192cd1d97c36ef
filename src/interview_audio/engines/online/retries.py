"""What a failed attempt means, how often it is worth another, and the loop that makes them.

How long an answer is waited for: between two signs of life, and in all.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import TypeVar

from interview_audio.engines.online.rate_limiter import LONGEST_OUTAGE, LONGEST_WAIT, Pace
from interview_audio.errors import OutageError
from interview_audio.text.units import counted, times

T = TypeVar("T")


LATER = "run again later"
"""The remedy where waiting is all there is."""


class Trouble(Enum):
    """Why an attempt failed, as far as that decides about the next one."""

    THROTTLED = "throttled"
    """The service answers that there are too many requests, or that it is not able to."""
    NETWORK = "network"
    """It was not reached."""
    BROKEN = "broken"
    """It was reached, and the answer is not whole."""
    SILENT = "silent"
    """The answer is whole and holds no sound."""
    STRANGE = "strange"
    """The answer is not understood."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a kind of trouble is borne, and the pauses between."""

    attempts: int
    base: float = 0.0
    """Seconds: the ceiling of the first pause; it doubles."""
    cap: float = 0.0

    def pause(self, failed: int, chance: Random) -> float:
        """Seconds before the next attempt: full jitter, anything from nothing to the ceiling.

        Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
        """
        return chance.uniform(0, min(self.cap, self.base * 2 ** (failed - 1)))


PATIENCE = {
    Trouble.THROTTLED: Patience(6),  # the pauses are the pace's, for all lines at once
    Trouble.NETWORK: Patience(6, 2, 30),
    Trouble.BROKEN: Patience(6, 1, 30),
    Trouble.SILENT: Patience(3, 1, 30),
    Trouble.STRANGE: Patience(3, 1, 30),
}
MOST_ATTEMPTS = 10
"""Of one request, whatever the troubles."""
FIRST_ATTEMPTS = 3
"""To reach a service that has never answered: who is offline should hear of it within seconds."""


class SetbackError(Exception):
    """An attempt failed, and another may not."""

    def __init__(self, trouble: Trouble, reason: str, remedy: str, retry_after: float | None = None) -> None:
        super().__init__(trouble, reason, remedy, retry_after)
        self.trouble = trouble
        self.reason = reason
        self.remedy = remedy
        self.retry_after = retry_after

    def told(self, attempts: int) -> str:
        """The reason, and how often it was met if it was more than once."""
        if attempts == 1:
            return self.reason
        return f"{self.reason}, {times(attempts)}"

    def as_outage(self, attempts: int, besides: str = "") -> OutageError:
        """The error where patience ends.

        Args:
            attempts: How often it was met.
            besides: What follows in the reason: for what, or in which time.
        """
        return OutageError(self.told(attempts) + besides, self.remedy)


def broken(reason: str) -> SetbackError:
    """The setback where an answer is not whole."""
    return SetbackError(Trouble.BROKEN, reason, LATER)


class ExhaustedError(Exception):
    """Patience has ended; with the last trouble, and how often it was met."""

    def __init__(self, setback: SetbackError, attempts: int) -> None:
        super().__init__(setback, attempts)
        self.setback = setback
        self.attempts = attempts


async def persist(attempt: Callable[[], Awaitable[T]], pace: Pace, chance: Random) -> T:
    """Attempt until it succeeds, each time with a connection of the pace, and without one in between.

    Args:
        attempt: Sends one request.
        pace: Shared by all requests to the service.
        chance: For the jitter.

    Raises:
        ExhaustedError: With the last setback.
        OutageError: The service asks for a longer wait than ``LONGEST_WAIT``, nothing was spoken for
            ``LONGEST_OUTAGE``, or the attempt raised it.
    """
    with pace.request():
        return await _persist(attempt, pace, chance)


async def _persist(attempt: Callable[[], Awaitable[T]], pace: Pace, chance: Random) -> T:
    failed: Counter[Trouble] = Counter()
    while True:
        async with pace.socket() as opened:
            try:
                answer = await attempt()
            except SetbackError as error:
                setback = error
            else:
                pace.succeeded()
                return answer
            if setback.trouble is Trouble.THROTTLED:
                _cool_down(setback, pace, opened)
        failed[setback.trouble] += 1
        pause = _pause(setback, failed, pace, chance)
        if setback.trouble is not Trouble.THROTTLED:
            await pace.rest(pause, setback.reason)


def _pause(setback: SetbackError, failed: Counter[Trouble], pace: Pace, chance: Random) -> float:
    """Seconds before the next attempt; raises where there is none."""
    trouble, met = setback.trouble, failed[setback.trouble]
    patience = PATIENCE[trouble]
    pause = pace.cooling_left() if trouble is Trouble.THROTTLED else patience.pause(met, chance)
    most = FIRST_ATTEMPTS if trouble is Trouble.NETWORK and not pace.has_succeeded else patience.attempts
    is_exhausted = met >= most or failed.total() >= MOST_ATTEMPTS
    quiet = pace.quiet()
    if quiet + (0.0 if is_exhausted else pause) >= LONGEST_OUTAGE:  # nor is it then asked whether it is the text
        raise setback.as_outage(met, f", and nothing was spoken for {quiet / 60:.0f} minutes") from setback
    if is_exhausted:
        raise ExhaustedError(setback, met) from setback
    return pause


def _cool_down(setback: SetbackError, pace: Pace, opened: float) -> None:
    if setback.retry_after is not None and setback.retry_after > LONGEST_WAIT:
        wait = counted(int(-(-setback.retry_after // 60)), "minute")
        raise OutageError(f"{setback.reason} and asks to wait {wait}", "run again after that") from setback
    pace.throttled(opened, setback.reason, setback.retry_after)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to wait."""

    idle: float
    """Without anything coming."""
    whole: float
    """For all of it."""


@asynccontextmanager
async def watched(limits: Limits, host: str, on_sign: Callable[[], None]) -> AsyncIterator[Callable[[], None]]:
    """The block is ended where limits are; gives what it is to call whenever something comes.

    Args:
        limits: From the block's beginning.
        host: Who answers, for messages.
        on_sign: Told of everything that comes.

    Raises:
        SetbackError: A limit was reached.
    """
    loop = asyncio.get_running_loop()
    latest = loop.time() + limits.whole
    try:
        async with asyncio.timeout(min(limits.idle, limits.whole)) as patience:

            def heard() -> None:
                on_sign()
                patience.reschedule(min(loop.time() + limits.idle, latest))

            yield heard
    except TimeoutError as error:
        if not patience.expired():
            raise
        when = patience.when()
        if when is not None and when < latest:
            raise broken(f"{host} sent nothing for {limits.idle:g} s") from error
        raise broken(f"an answer from {host} took more than {limits.whole:g} s") from error
