"""Limits on the wait for an answer: between two signs of life, and in all."""

import asyncio

import pytest

from interview_audio.engines.online.retries import FailureKind, Timeouts, TransientError, idle_timeout


async def drip(limits, pauses):
    signs = []
    async with idle_timeout(limits, "speech.invalid", lambda: signs.append(1)) as heard:
        for pause in pauses:
            await asyncio.sleep(pause)
            heard()
    return len(signs)


def test_what_drips_in_time_comes():
    assert asyncio.run(drip(Timeouts(60, 60), [0, 0, 0])) == 3


@pytest.mark.parametrize(
    ("limits", "pauses", "message"),
    [
        (Timeouts(0.01, 60), [0, 3600], "speech.invalid sent nothing for 0.01 s"),
        (Timeouts(60, 0.01), [3600], "an answer from speech.invalid took more than 0.01 s"),
        (Timeouts(60, 0.3), [0.01] * 10_000, "an answer from speech.invalid took more than 0.3 s"),
    ],
)
def test_a_limit_ends_the_wait_and_is_named(limits, pauses, message):
    with pytest.raises(TransientError) as found:
        asyncio.run(drip(limits, pauses))
    assert (found.value.kind, found.value.reason) == (FailureKind.INCOMPLETE, message)


def test_a_time_out_of_the_block_itself_is_its_own():
    async def block():
        async with idle_timeout(Timeouts(60, 60), "speech.invalid", list):
            raise TimeoutError("own")

    with pytest.raises(TimeoutError, match="own"):
        asyncio.run(block())
