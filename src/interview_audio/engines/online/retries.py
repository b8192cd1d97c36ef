"""When a service is asked again, and over how many connections: failures and their retry policies, timeouts, the limit.

A failed attempt is worth another or is not, by its kind. The limit of connections halves when the service throttles,
and recovers slowly; the scheme is TCP's: additive increase, multiplicative decrease (Chiu and Jain, 1989).
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Protocol, TypeVar

from interview_audio.errors import OutageError
from interview_audio.text.units import counted, times

_MAX_RETRY_AFTER_SECONDS = 600.0
"""If a service asks for a longer wait, it is an error: whoever started the render should hear of it."""
MAX_OUTAGE_SECONDS = 1200.0
"""Without any speech, after which no attempt is made: two of the longest waits, so that one of them is survived."""
ANSWERS_TO_RECOVER = 20
"""Good answers in a row after which one more connection is tried."""
_FIRST_COOL_DOWN_SECONDS, _MAX_COOL_DOWN_SECONDS = 15.0, 120.0
"""After a first refusal that names no time, and the most that doubling leads to: Edge's blocks last minutes."""
_SECONDS_APART = (0.05, 0.2)
"""Between connections that would otherwise open at the same moment, at first and after a cool-down: services take a
burst for an attack."""
_NOTICEABLE_SILENCE_SECONDS = 5.0
"""Without a byte, after which a user is told."""


class Clock(Protocol):
    """Time, so that tests need not wait."""

    def now(self) -> float:
        """Return seconds since any fixed moment."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class MonotonicClock:
    """The machine's time."""

    def now(self) -> float:
        """See ``Clock``."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See ``Clock``."""
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class _Pause:
    reason: str
    until: float


class RateLimiter:
    """Shared by all requests to one service, on one event loop; ``waiting`` is for any thread."""

    def __init__(self, max_connections: int, clock: Clock | None = None, rng: Random | None = None) -> None:
        """Begin without a limit below the maximum.

        Args:
            max_connections: That may be open at a time.
            clock: The machine's time if None.
            rng: For jitter; the machine's own if None.
        """
        self._clock = clock or MonotonicClock()
        self._rng = rng or Random()  # noqa: S311  # jitter
        self._max_connections = self._limit = max_connections
        self._open = 0
        self._freed = asyncio.Event()
        self._to_space = max_connections - 1  # none if there is one connection: nothing opens beside it
        self._not_before = -float("inf")
        self._throttled_at = -float("inf")
        self._refusals = 0
        self._good_answers = 0
        self._has_succeeded = False
        self._cool_down = _Pause("", self._not_before)
        self._pauses: dict[int, _Pause] = {}
        self._heard_at = self._clock.now()
        self._succeeded_at = -float("inf")
        self._requests_begun: dict[int, float] = {}

    @property
    def rng(self) -> Random:
        """The source of jitter."""
        return self._rng

    @property
    def limit(self) -> int:
        """Connections that may be open now."""
        return self._limit

    @property
    def has_succeeded(self) -> bool:
        """Whether the service has ever answered a request in full."""
        return self._has_succeeded

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count a request as under way while the block runs, with all of its attempts and the pauses between."""
        key = id(asyncio.current_task())
        self._requests_begun[key] = self._clock.now()
        try:
            yield
        finally:
            del self._requests_begun[key]

    def seconds_without_answer(self) -> float:
        """Return for how long requests have been under way and none was answered in full."""
        begun = min(tuple(self._requests_begun.values()), default=self._clock.now())
        return self._clock.now() - max(begun, self._succeeded_at)

    def cool_down_left(self) -> float:
        """Return seconds until connections may be opened again."""
        return max(0.0, self._not_before - self._clock.now())

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[float]:
        """Wait for a place among the open connections and hold it while the block runs; yields when it was opened."""
        while (pause := self._not_before - self._clock.now()) > 0 or self._open >= self._limit:
            if pause > 0:
                await self._clock.sleep(pause)
            else:
                self._freed.clear()
                await self._freed.wait()
        self._open += 1
        opened_at = self._heard_at = self._clock.now()
        if self._to_space:
            self._to_space -= 1
            self._not_before = opened_at + self._rng.uniform(*_SECONDS_APART)
        try:
            yield opened_at
        finally:
            self._open -= 1
            self._freed.set()

    def note_activity(self) -> None:
        """Note that something came from the service."""
        self._heard_at = self._clock.now()

    def note_success(self) -> None:
        """Note that a request was answered in full."""
        self._has_succeeded = True
        self._succeeded_at = self._clock.now()
        self._refusals = 0
        self._good_answers += 1
        if self._good_answers >= ANSWERS_TO_RECOVER and self._limit < self._max_connections:
            self._good_answers = 0
            self._limit += 1
            self._freed.set()

    def note_throttled(self, opened_at: float, reason: str, retry_after: float | None) -> None:
        """Halve the limit after a refusal, and let no connection open before the service wishes.

        Connections that were opened together and refused together count once. A time that the service names is kept,
        plus up to a second; else the pause is between half and all of a doubling ceiling, since a block lasts minutes
        and jitter down to nothing would only prolong it.

        Args:
            opened_at: When the refused connection was opened, as ``connection`` yields it.
            reason: What the service said, for ``waiting``.
            retry_after: Seconds that it asks for, if it does.
        """
        now = self._clock.now()
        is_new = opened_at >= self._throttled_at
        if is_new:
            self._throttled_at = now
            self._limit = max(1, self._limit // 2)
            self._good_answers = 0
            self._refusals += 1
        if retry_after is not None:
            pause = retry_after + self._rng.uniform(0, 1)
        elif is_new:
            ceiling = min(_MAX_COOL_DOWN_SECONDS, _FIRST_COOL_DOWN_SECONDS * 2 ** (self._refusals - 1))
            pause = self._rng.uniform(ceiling / 2, ceiling)
        else:
            return
        self._not_before = max(self._not_before, now + pause)
        self._to_space = self._limit - 1
        self._cool_down = _Pause(reason, self._not_before)

    async def pause(self, seconds: float, reason: str) -> None:
        """Wait before the next attempt of a request, without holding a connection."""
        key = id(asyncio.current_task())
        self._pauses[key] = _Pause(reason, self._clock.now() + seconds)
        try:
            await self._clock.sleep(seconds)
        finally:
            del self._pauses[key]

    def waiting(self) -> str | None:
        """See ``Online``."""
        what = self._waited_for()
        if what is None or not self._requests_begun:
            return what
        silent = self.seconds_without_answer()
        waited, left = (silent / 60, (MAX_OUTAGE_SECONDS - silent) / 60)
        so_far = f"waited {waited:.0f} min, " if waited >= 1 else ""
        return f"{what}; {so_far}giving up in {max(1.0, left):.0f} min at the latest"

    def _waited_for(self) -> str | None:
        now = self._clock.now()
        if now < self._cool_down.until:
            connections = counted(self._limit, "connection")
            return f"{self._cool_down.reason}; continuing in {self._cool_down.until - now:.0f} s with {connections}"
        pauses = sorted(tuple(self._pauses.values()), key=lambda one: one.until)  # noqa: C414  # another thread adds
        if pauses and not self._open:
            return f"{pauses[0].reason}; trying again in {max(0.0, pauses[0].until - now):.0f} s"
        if self._open and now - self._heard_at > _NOTICEABLE_SILENCE_SECONDS:
            return f"nothing has arrived for {now - self._heard_at:.0f} s"
        return None


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
        OutageError: The service asks for a longer wait than ``_MAX_RETRY_AFTER_SECONDS``, nothing was spoken for
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
    if failure.retry_after is not None and failure.retry_after > _MAX_RETRY_AFTER_SECONDS:
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
