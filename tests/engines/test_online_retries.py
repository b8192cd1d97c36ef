"""Patience: how often each trouble is borne, with which pauses, and when it ends."""

import asyncio
import pickle
import random

import pytest

from interview_audio.engines.online.rate_limiter import LONGEST_OUTAGE, Pace
from interview_audio.engines.online.retries import (
    FIRST_ATTEMPTS,
    MOST_ATTEMPTS,
    PATIENCE,
    ExhaustedError,
    SetbackError,
    Trouble,
    persist,
)
from interview_audio.errors import OutageError


def attempts_of(clock, troubles, has_succeeded=True):
    """Attempts that were made before patience ended, the troubles coming in turn for ever."""
    made = []

    async def attempt():
        made.append(troubles[len(made) % len(troubles)])
        raise SetbackError(made[-1], "it broke", "mend it")

    pace = Pace(1, clock, random.Random(3))
    if has_succeeded:
        pace.succeeded()
    with pytest.raises(ExhaustedError) as caught:
        asyncio.run(persist(attempt, pace, random.Random(3)))
    assert caught.value.attempts == made.count(made[-1])
    return made


@pytest.mark.parametrize("trouble", list(Trouble))
def test_each_trouble_has_its_patience(clock, trouble):
    assert attempts_of(clock, [trouble]) == [trouble] * PATIENCE[trouble].attempts


def test_who_never_reached_the_service_hears_of_it_soon(clock):
    assert attempts_of(clock, [Trouble.NETWORK], has_succeeded=False) == [Trouble.NETWORK] * FIRST_ATTEMPTS
    assert sum(clock.slept) <= 2 + 4


def test_troubles_that_take_turns_end_too(clock):
    assert len(attempts_of(clock, [Trouble.NETWORK, Trouble.BROKEN, Trouble.THROTTLED])) == MOST_ATTEMPTS


REFUSED = SetbackError(Trouble.THROTTLED, "answers 429", "wait")
ASKED_TO_WAIT = SetbackError(Trouble.THROTTLED, "answers 503", "wait", 400.0)
HUNG = SetbackError(Trouble.BROKEN, "nothing came", "wait")


@pytest.mark.parametrize(
    ("setback", "seconds", "attempts", "least", "most"),
    [
        (REFUSED, 0, 6, 170, 345),
        (ASKED_TO_WAIT, 0, 3, 800, LONGEST_OUTAGE),
        (HUNG, 30, 6, 180, 180 + 31),  # edge, nothing at all
        (HUNG, 180, 6, 1080, 1080 + 31),  # edge, a byte now and then
        (HUNG, 120, 6, 720, 720 + 31),  # openai, nothing at all
        (HUNG, 900, 2, 1800, LONGEST_OUTAGE + 900),  # openai, a byte now and then
    ],
)
def test_what_never_ends_is_given_up_after_a_known_time(clock, setback, seconds, attempts, least, most):
    """The figures of ``docs/online.md``."""
    made = []

    async def attempt():
        made.append(clock.time)
        clock.time += seconds
        raise setback

    began = clock.time
    with pytest.raises((ExhaustedError, OutageError)) as caught:
        asyncio.run(persist(attempt, Pace(1, clock, random.Random(3)), random.Random(3)))
    assert len(made) == attempts
    assert least <= clock.time - began <= most
    if isinstance(caught.value, OutageError):
        assert ", and nothing was spoken for " in str(caught.value)


def test_who_hears_others_being_answered_goes_on(clock):
    pace = Pace(2, clock, random.Random(3))
    made = []

    async def attempt():
        made.append(1)
        pace.succeeded()  # another line
        raise ASKED_TO_WAIT

    with pytest.raises(ExhaustedError):
        asyncio.run(persist(attempt, pace, random.Random(3)))
    assert len(made) == PATIENCE[Trouble.THROTTLED].attempts


def test_pauses_are_anything_up_to_a_doubling_ceiling():
    patience = PATIENCE[Trouble.NETWORK]
    for failed, ceiling in ((1, 2), (2, 4), (4, 16), (5, 30), (50, 30)):
        pauses = [patience.pause(failed, random.Random(seed)) for seed in range(200)]
        assert 0 <= min(pauses) < 0.1 * ceiling
        assert 0.9 * ceiling < max(pauses) <= ceiling


def test_another_error_is_not_tried_again(clock):
    made = []

    async def attempt():
        made.append(1)
        raise OutageError("refused", "upgrade")

    with pytest.raises(OutageError):
        asyncio.run(persist(attempt, Pace(1, clock, random.Random(3)), random.Random(3)))
    assert len(made) == 1


def test_the_errors_survive_pickling():
    outage = SetbackError(Trouble.NETWORK, "it broke", "mend it").as_outage(3)
    for error in (outage, SetbackError(Trouble.SILENT, "a", "b", 3.0)):
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), copy.args) == (type(error), error.args)
    assert str(outage) == "it broke, three times; mend it"
    assert (outage.reason, outage.remedy) == ("it broke, three times", "mend it")
