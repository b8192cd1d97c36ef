"""The limit of connections: halved once for those refused together, back one by one, and what it waits for."""

import asyncio
import itertools
import random

import pytest

from interview_audio.engines.online.retries import ANSWERS_TO_RECOVER, RateLimiter


def run(clock, sockets, steps):
    limiter = RateLimiter(sockets, clock, random.Random(1))
    asyncio.run(steps(limiter))
    return limiter


async def refused(limiter, times, retry_after=None):
    """So many connections that are open together, all refused."""

    async def one():
        async with limiter.connection() as opened:
            await together.wait()
            limiter.note_throttled(opened, "too many requests", retry_after)

    together = asyncio.Barrier(times)
    await asyncio.gather(*(one() for _ in range(times)))


def test_connections_refused_together_halve_the_limit_once(clock):
    limiter = run(clock, 8, lambda limiter: refused(limiter, 5))
    assert limiter.limit == 4


def test_refused_again_it_halves_again_and_never_to_nothing(clock):
    async def steps(limiter):
        for _ in range(4):
            await refused(limiter, 1)

    assert run(clock, 8, steps).limit == 1


@pytest.mark.parametrize(("retry_after", "least", "most"), [(40, 40, 41), (None, 7.5, 15)])
def test_nobody_begins_before_the_service_wishes(clock, retry_after, least, most):
    async def steps(limiter):
        await refused(limiter, 2, retry_after)
        before = clock.now()
        async with limiter.connection() as opened:
            assert least <= opened - before <= most

    run(clock, 2, steps)


def test_pauses_double_until_something_succeeds(clock):
    pauses = []

    async def steps(limiter):
        for good in (False, False, False, True, False):
            before = clock.now()
            async with limiter.connection() as opened:
                pauses.append(opened - before)
                if good:
                    limiter.note_success()
                else:
                    limiter.note_throttled(opened, "", None)
        before = clock.now()
        async with limiter.connection() as opened:
            pauses.append(opened - before)

    run(clock, 1, steps)
    ceilings = [0, 15, 30, 60, 0, 15]
    assert [ceiling / 2 <= pause <= ceiling for ceiling, pause in zip(ceilings, pauses, strict=True)] == [True] * 6


def test_the_limit_recovers_one_by_one(clock):
    async def steps(limiter):
        await refused(limiter, 1)
        for _ in range(ANSWERS_TO_RECOVER):
            assert limiter.limit == 2
            limiter.note_success()
        assert limiter.limit == 3
        for _ in range(10 * ANSWERS_TO_RECOVER):
            limiter.note_success()
        assert limiter.limit == 4

    run(clock, 4, steps)


def test_first_connections_open_apart_and_a_single_one_at_once(clock):
    async def steps(limiter):
        async def hold():
            async with limiter.connection() as opened:
                times.append(opened)
                await done.wait()

        done = asyncio.Event()
        times = []
        tasks = [asyncio.create_task(hold()) for _ in range(3)]
        while len(times) < 3:
            await asyncio.sleep(0)
        done.set()
        await asyncio.gather(*tasks)
        assert all(later - earlier >= 0.05 for earlier, later in itertools.pairwise(times))

    run(clock, 3, steps)
    clock.slept.clear()

    async def alone(limiter):
        for _ in range(3):
            async with limiter.connection():
                pass

    run(clock, 1, alone)
    assert clock.slept == []


def test_it_says_what_it_waits_for(clock):
    async def steps(limiter):
        assert limiter.waiting() is None
        await refused(limiter, 1, 12)
        assert limiter.waiting().startswith("too many requests; continuing in 1")
        assert limiter.waiting().endswith(" s with 1 connection")
        clock.time += 20
        assert limiter.waiting() is None
        resting = asyncio.create_task(limiter.pause(9, "not reached"))
        clock.sleep = lambda _: asyncio.sleep(3600)
        await asyncio.sleep(0)
        assert limiter.waiting() == "not reached; trying again in 9 s"
        resting.cancel()
        async with limiter.connection():
            clock.time += 8
            assert limiter.waiting() == "nothing has arrived for 8 s"
            limiter.note_activity()
            assert limiter.waiting() is None

    run(clock, 2, steps)


def test_it_says_how_long_it_has_waited_and_when_it_gives_up(clock):
    async def steps(limiter):
        with limiter.request():
            assert limiter.waiting() is None
            await refused(limiter, 1, 12)
            assert limiter.waiting().endswith(" s with 1 connection; giving up in 20 min at the latest")
            clock.time += 200
            await refused(limiter, 1, 12)
            assert limiter.waiting().endswith(" s with 1 connection; waited 3 min, giving up in 17 min at the latest")
            limiter.note_success()
            assert limiter.waiting().endswith(" s with 1 connection; giving up in 20 min at the latest")

    run(clock, 2, steps)
