"""The loop in a thread of its own: results, errors, and that closing leaves nothing."""

import asyncio
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest

from interview_audio.engines.online.background import BackgroundLoop


async def give(value):
    await asyncio.sleep(0)
    return value


async def wait_for_ever(began):
    began.set()
    await asyncio.Event().wait()


def test_results_and_errors_come_back():
    loop = BackgroundLoop("test-results")
    assert [loop.run(give(value)) for value in (1, 2)] == [1, 2]
    with pytest.raises(TimeoutError):
        loop.run(asyncio.wait_for(asyncio.Event().wait(), 0.001))
    loop.close()


def test_closing_cancels_what_runs_and_what_comes():
    loop = BackgroundLoop("test-closing")
    began = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(loop.run, wait_for_ever(began))
        began.wait()
        loop.close()
        assert isinstance(future.exception(), CancelledError)
    assert "test-closing" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(CancelledError):
        loop.run(give(1))
    loop.close()


def test_a_loop_that_was_never_used_closes():
    BackgroundLoop("test-unused").close()
