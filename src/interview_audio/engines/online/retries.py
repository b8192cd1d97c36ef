"""When a failed attempt is worth another: kinds of failure, their retry policies, and timeouts for one answer."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import TypeVar

from interview_audio.engines.online.rate_limiter import MAX_OUTAGE_SECONDS, MAX_RETRY_AFTER_SECONDS, RateLimiter
from interview_audio.errors import OutageError
from interview_audio.text.units import counted, times

Answer = TypeVar("Answer")

RUN_AGAIN_LATER = "run again later"
"""The remedy when waiting is all that helps."""


class FailureKind(Enum):
    """Why an attempt failed, as far as that decides about the next one."""

    THROTTLED = "throttled"
    """The service answers that there are too many requests, or that it is not able to."""
    UNREACHABLE = "unreachable"
    """It was not reached."""
    INCOMPLETE = "incomplete"
    """It was reached, and the answer is not whole."""
    SILENT = "silent"
    """The answer is whole and holds no sound."""
    NOT_UNDERSTOOD = "not understood"
    """The answer is nothing that the client knows."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often one kind of failure is worth another attempt, and the pauses between."""

    attempts: int
    base_seconds: float = 0.0
    """The ceiling of the first pause; it doubles."""
    max_seconds: float = 0.0

    def pause_seconds(self, failed: int, rng: Random) -> float:
        """Return the pause before the next attempt: full jitter, anything from nothing to the ceiling.

        Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
        """
        return rng.uniform(0, min(self.max_seconds, self.base_seconds * 2 ** (failed - 1)))


_RETRY_POLICIES = {
    FailureKind.THROTTLED: RetryPolicy(6),  # the rate limiter makes the pauses, for all lines at once
    FailureKind.UNREACHABLE: RetryPolicy(6, 2, 30),
    FailureKind.INCOMPLETE: RetryPolicy(6, 1, 30),
    FailureKind.SILENT: RetryPolicy(3, 1, 30),  # mostly the text's or the voice's fault, which does not pass
    FailureKind.NOT_UNDERSTOOD: RetryPolicy(3, 1, 30),
}
_MAX_ATTEMPTS = 10
"""Of one request, whatever the failures: a service that fails in ever new ways is down."""
_FIRST_ATTEMPTS = 3
"""To reach a service that has never answered: who is offline should hear of it within seconds."""


class TransientError(Exception):
    """An attempt failed, and another may not."""

    def __init__(self, kind: FailureKind, reason: str, remedy: str, retry_after: float | None = None) -> None:
        super().__init__(kind, reason, remedy, retry_after)
        self.kind = kind
        self.reason = reason
        self.remedy = remedy
        self.retry_after = retry_after

    def __str__(self) -> str:
        return self.reason

    def describe(self, attempts: int) -> str:
        """Return the reason, with how often it was met if that was more than once."""
        if attempts == 1:
            return self.reason
        return f"{self.reason}, {times(attempts)}"

    def as_outage(self, attempts: int, context: str = "") -> OutageError:
        """Return the error that ends the request.

        Args:
            attempts: How often this failure was met.
            context: What follows in the reason: for which text, or in which time.
        """
        return OutageError(self.describe(attempts) + context, self.remedy)


def incomplete_answer_error(reason: str) -> TransientError:
    """Return the error for an answer that is not whole."""
    return TransientError(FailureKind.INCOMPLETE, reason, RUN_AGAIN_LATER)


class RetriesExhaustedError(Exception):
    """The last attempt that the policy allows failed; holds its failure, and how often that was met."""

    def __init__(self, failure: TransientError, attempts: int) -> None:
        super().__init__(failure, attempts)
        self.failure = failure
        self.attempts = attempts


async def retry(attempt: Callable[[], Awaitable[Answer]], limiter: RateLimiter) -> Answer:
    """Attempt until it succeeds, each time with a connection of the limiter, and without one in between.

    Args:
        attempt: Sends one request.
        limiter: Shared by all requests to the service.

    Raises:
        RetriesExhaustedError: With the last failure.
        OutageError: The service asks for a longer wait than ``MAX_RETRY_AFTER_SECONDS``, nothing was spoken for
            ``MAX_OUTAGE_SECONDS``, or the attempt raised it.
    """
    failures: Counter[FailureKind] = Counter()
    with limiter.request():
        while True:
            async with limiter.connection() as opened_at:
                try:
                    answer = await attempt()
                except TransientError as error:
                    failure = error
                else:
                    limiter.note_success()
                    return answer
                if failure.kind is FailureKind.THROTTLED:
                    _cool_down(failure, limiter, opened_at)
            failures[failure.kind] += 1
            pause = _pause_seconds(failure, failures, limiter)
            if failure.kind is not FailureKind.THROTTLED:
                await limiter.pause(pause, failure.reason)


def _pause_seconds(failure: TransientError, failures: Counter[FailureKind], limiter: RateLimiter) -> float:
    """Return the pause before the next attempt; raise if there is to be none."""
    kind, met = failure.kind, failures[failure.kind]
    policy = _RETRY_POLICIES[kind]
    pause = limiter.cool_down_left() if kind is FailureKind.THROTTLED else policy.pause_seconds(met, limiter.rng)
    is_first_contact = kind is FailureKind.UNREACHABLE and not limiter.has_succeeded
    is_exhausted = (
        met >= (_FIRST_ATTEMPTS if is_first_contact else policy.attempts) or failures.total() >= _MAX_ATTEMPTS
    )
    silent = limiter.seconds_without_answer()
    # Checked first: after so long a silence nobody should wait for the test word that tells text from service.
    if silent + (0.0 if is_exhausted else pause) >= MAX_OUTAGE_SECONDS:
        raise failure.as_outage(met, f", and nothing was spoken for {silent / 60:.0f} minutes") from failure
    if is_exhausted:
        raise RetriesExhaustedError(failure, met) from failure
    return pause


def _cool_down(failure: TransientError, limiter: RateLimiter, opened_at: float) -> None:
    if failure.retry_after is not None and failure.retry_after > MAX_RETRY_AFTER_SECONDS:
        wait = counted(int(-(-failure.retry_after // 60)), "minute")
        raise OutageError(f"{failure.reason} and asks to wait {wait}", "run again after that") from failure
    limiter.note_throttled(opened_at, failure.reason, failure.retry_after)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long an answer is waited for, in seconds."""

    idle: float
    """Without anything coming."""
    total: float
    """For all of it."""


@asynccontextmanager
async def idle_timeout(
    timeouts: Timeouts, host: str, on_activity: Callable[[], None]
) -> AsyncIterator[Callable[[], None]]:
    """End the block when nothing comes for too long, or all of it takes too long.

    Args:
        timeouts: Counted from the block's beginning.
        host: Who answers, for messages.
        on_activity: Called for everything that comes.

    Yields:
        What the block is to call whenever something comes.

    Raises:
        TransientError: A timeout was reached.
    """
    loop = asyncio.get_running_loop()
    latest = loop.time() + timeouts.total
    try:
        async with asyncio.timeout(min(timeouts.idle, timeouts.total)) as deadline:

            def note_activity() -> None:
                on_activity()
                deadline.reschedule(min(loop.time() + timeouts.idle, latest))

            yield note_activity
    except TimeoutError as error:
        if not deadline.expired():  # another timeout, of the block itself
            raise
        when = deadline.when()
        if when is not None and when < latest:
            raise incomplete_answer_error(f"{host} sent nothing for {timeouts.idle:g} s") from error
        raise incomplete_answer_error(f"an answer from {host} took more than {timeouts.total:g} s") from error
