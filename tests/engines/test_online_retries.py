"""How often each kind of failure is worth another attempt, with which pauses, and when it ends."""

import asyncio
import pickle
import random

import pytest

from interview_audio.engines.online.retries import (
    MAX_OUTAGE_SECONDS,
    FailureKind,
    RateLimiter,
    RetriesExhaustedError,
    RetryPolicy,
    TransientError,
    retry,
)
from interview_audio.errors import OutageError


def attempts_of(clock, kinds, has_succeeded=True):
    """Attempts that were made before policy ended, the kinds coming in turn for ever."""
    made = []

    async def attempt():
        made.append(kinds[len(made) % len(kinds)])
        raise TransientError(made[-1], "it broke", "mend it")

    limiter = RateLimiter(1, clock, random.Random(3))
    if has_succeeded:
        limiter.note_success()
    with pytest.raises(RetriesExhaustedError) as caught:
        asyncio.run(retry(attempt, limiter))
    assert caught.value.attempts == made.count(made[-1])
    return made


@pytest.mark.parametrize("kind", list(FailureKind))
def test_each_kind_is_attempted_as_often_as_the_documentation_says(clock, kind):
    attempts = 3 if kind in (FailureKind.SILENT, FailureKind.NOT_UNDERSTOOD) else 6
    assert attempts_of(clock, [kind]) == [kind] * attempts


def test_who_never_reached_the_service_hears_of_it_soon(clock):
    assert attempts_of(clock, [FailureKind.UNREACHABLE], has_succeeded=False) == [FailureKind.UNREACHABLE] * 3
    assert sum(clock.slept) <= 2 + 4


def test_kinds_that_take_turns_end_too(clock):
    assert len(attempts_of(clock, [FailureKind.UNREACHABLE, FailureKind.INCOMPLETE, FailureKind.THROTTLED])) == 10


REFUSED = TransientError(FailureKind.THROTTLED, "answers 429", "wait")
ASKED_TO_WAIT = TransientError(FailureKind.THROTTLED, "answers 503", "wait", 400.0)
HUNG = TransientError(FailureKind.INCOMPLETE, "nothing came", "wait")


@pytest.mark.parametrize(
    ("failure", "seconds", "attempts", "least", "most"),
    [
        (REFUSED, 0, 6, 170, 345),
        (ASKED_TO_WAIT, 0, 3, 800, MAX_OUTAGE_SECONDS),
        (HUNG, 30, 6, 180, 180 + 31),  # edge, nothing at all
        (HUNG, 180, 6, 1080, 1080 + 31),  # edge, a byte now and then
        (HUNG, 120, 6, 720, 720 + 31),  # openai, nothing at all
        (HUNG, 900, 2, 1800, MAX_OUTAGE_SECONDS + 900),  # openai, a byte now and then
    ],
)
def test_what_never_ends_is_given_up_after_a_known_time(clock, failure, seconds, attempts, least, most):
    """The figures of ``docs/online.md``."""
    made = []

    async def attempt():
        made.append(clock.time)
        clock.time += seconds
        raise failure

    began = clock.time
    with pytest.raises((RetriesExhaustedError, OutageError)) as caught:
        asyncio.run(retry(attempt, RateLimiter(1, clock, random.Random(3))))
    assert len(made) == attempts
    assert least <= clock.time - began <= most
    if isinstance(caught.value, OutageError):
        assert ", and nothing was spoken for " in str(caught.value)


def test_who_hears_others_being_answered_goes_on(clock):
    limiter = RateLimiter(2, clock, random.Random(3))
    made = []

    async def attempt():
        made.append(1)
        limiter.note_success()  # another line
        raise ASKED_TO_WAIT

    with pytest.raises(RetriesExhaustedError):
        asyncio.run(retry(attempt, limiter))
    assert len(made) == 6


def test_pauses_are_anything_up_to_a_doubling_ceiling():
    policy = RetryPolicy(6, base_seconds=2, max_seconds=30)
    for failed, ceiling in ((1, 2), (2, 4), (4, 16), (5, 30), (50, 30)):
        pauses = [policy.pause_seconds(failed, random.Random(seed)) for seed in range(200)]
        assert 0 <= min(pauses) < 0.1 * ceiling
        assert 0.9 * ceiling < max(pauses) <= ceiling


def test_another_error_is_not_tried_again(clock):
    made = []

    async def attempt():
        made.append(1)
        raise OutageError("refused", "upgrade")

    with pytest.raises(OutageError):
        asyncio.run(retry(attempt, RateLimiter(1, clock, random.Random(3))))
    assert len(made) == 1


def test_the_errors_survive_pickling():
    outage = TransientError(FailureKind.UNREACHABLE, "it broke", "mend it").as_outage(3)
    for error in (outage, TransientError(FailureKind.SILENT, "a", "b", 3.0)):
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), copy.args) == (type(error), error.args)
    assert str(outage) == "it broke, three times; mend it"
    assert (outage.reason, outage.remedy) == ("it broke, three times", "mend it")
