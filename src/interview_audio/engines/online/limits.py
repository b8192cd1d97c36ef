"""How long an answer is waited for: between two signs of life, and in all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from interview_audio.engines.online.retries import broken


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
