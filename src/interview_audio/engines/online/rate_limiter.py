"""How many connections a service is asked to bear: a limit that halves when it throttles, and recovers."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Protocol

from interview_audio.text.units import counted

LONGEST_WAIT = 600.0
"""Seconds: a service that asks for more is not waited for."""
LONGEST_OUTAGE = 1200.0
"""Seconds in which nothing is spoken after which no attempt is made: two of the longest waits, so that one is borne."""
RECOVERY = 20
"""Good requests in a row after which one more connection is tried."""
_COOL_DOWN, _LONGEST_COOL_DOWN = 15.0, 120.0
"""Seconds after a first refusal that names no time, and the most that doubling leads to."""
_APART = (0.05, 0.2)
"""Seconds between connections that would otherwise open in one moment: at first and after a cool-down."""
_NOTICEABLE = 5.0
"""Seconds of silence after which a user is told."""


class Clock(Protocol):
    """Time, so that tests need not wait."""

    def now(self) -> float:
        """Seconds since any moment."""

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
class Surroundings:
    """What tests put in the place of the world."""

    clock: Clock
    chance: Random


def surroundings() -> Surroundings:
    """The machine's time, and its own chance."""
    return Surroundings(MonotonicClock(), Random())  # noqa: S311  # jitter


@dataclass(frozen=True, slots=True)
class _Rest:
    reason: str
    until: float


class Pace:
    """For one event loop; ``waiting`` is for any thread."""

    def __init__(self, sockets: int, clock: Clock, chance: Random) -> None:
        self._most = self._limit = sockets
        self._clock = clock
        self._chance = chance
        self._open = 0
        self._freed = asyncio.Event()
        self._to_space = sockets - 1  # none where there is one socket: nothing opens beside it
        self._not_before = -float("inf")
        self._throttled_at = -float("inf")
        self._level = 0
        self._streak = 0
        self._has_succeeded = False
        self._cooling = _Rest("", self._not_before)
        self._rests: dict[int, _Rest] = {}
        self._heard = clock.now()
        self._succeeded_at = -float("inf")
        self._begun: dict[int, float] = {}

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
        """While the block runs, its task has a request under way, with all of its attempts and the pauses between."""
        key = id(asyncio.current_task())
        self._begun[key] = self._clock.now()
        try:
            yield
        finally:
            del self._begun[key]

    def quiet(self) -> float:
        """Seconds for which requests are under way and none was answered in full."""
        begun = min(tuple(self._begun.values()), default=self._clock.now())
        return self._clock.now() - max(begun, self._succeeded_at)

    def cooling_left(self) -> float:
        """Seconds until connections may be opened again."""
        return max(0.0, self._not_before - self._clock.now())

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[float]:
        """A place among the open connections, as soon as there is one; gives the time at which it was had."""
        while (pause := self._not_before - self._clock.now()) > 0 or self._open >= self._limit:
            if pause > 0:
                await self._clock.sleep(pause)
            else:
                self._freed.clear()
                await self._freed.wait()
        self._open += 1
        opened = self._heard = self._clock.now()
        if self._to_space:
            self._to_space -= 1
            self._not_before = opened + self._chance.uniform(*_APART)
        try:
            yield opened
        finally:
            self._open -= 1
            self._freed.set()

    def heard(self) -> None:
        """Something came from the service."""
        self._heard = self._clock.now()

    def succeeded(self) -> None:
        """A request was answered in full."""
        self._has_succeeded = True
        self._succeeded_at = self._clock.now()
        self._level = 0
        self._streak += 1
        if self._streak >= RECOVERY and self._limit < self._most:
            self._streak = 0
            self._limit += 1
            self._freed.set()

    def throttled(self, opened: float, reason: str, retry_after: float | None) -> None:
        """The service refused a connection: halve the limit, and let nobody begin before it wishes.

        Connections that were opened together and refused together count once. A time that the service names is kept,
        plus up to a second; else the pause is between half and all of a doubling ceiling, since a block lasts minutes
        and jitter down to nothing would only prolong it.

        Args:
            opened: When this connection was had from ``socket``.
            reason: What the service said, for ``waiting``.
            retry_after: Seconds that it asks for, if it does.
        """
        now = self._clock.now()
        is_new = opened >= self._throttled_at
        if is_new:
            self._throttled_at = now
            self._limit = max(1, self._limit // 2)
            self._streak = 0
            self._level += 1
        if retry_after is not None:
            pause = retry_after + self._chance.uniform(0, 1)
        elif is_new:
            ceiling = min(_LONGEST_COOL_DOWN, _COOL_DOWN * 2 ** (self._level - 1))
            pause = self._chance.uniform(ceiling / 2, ceiling)
        else:
            return
        self._not_before = max(self._not_before, now + pause)
        self._to_space = self._limit - 1
        self._cooling = _Rest(reason, self._not_before)

    async def rest(self, seconds: float, reason: str) -> None:
        """Wait before a next attempt, without holding a connection."""
        key = id(asyncio.current_task())
        self._rests[key] = _Rest(reason, self._clock.now() + seconds)
        try:
            await self._clock.sleep(seconds)
        finally:
            del self._rests[key]

    def waiting(self) -> str | None:
        """See ``Online``."""
        what = self._waited_for()
        if what is None or not self._begun:
            return what
        waited, left = (self.quiet() / 60, (LONGEST_OUTAGE - self.quiet()) / 60)
        so_far = f"waited {waited:.0f} min, " if waited >= 1 else ""
        return f"{what}; {so_far}giving up in {max(1.0, left):.0f} min at the latest"

    def _waited_for(self) -> str | None:
        now = self._clock.now()
        if now < self._cooling.until:
            sockets = counted(self._limit, "connection")
            return f"{self._cooling.reason}; continuing in {self._cooling.until - now:.0f} s with {sockets}"
        rests = sorted(tuple(self._rests.values()), key=lambda rest: rest.until)  # noqa: C414  # another thread adds
        if rests and not self._open:
            return f"{rests[0].reason}; trying again in {max(0.0, rests[0].until - now):.0f} s"
        if self._open and now - self._heard > _NOTICEABLE:
            return f"nothing has arrived for {now - self._heard:.0f} s"
        return None
