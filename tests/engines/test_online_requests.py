"""Requests of one engine: the first outage ends them all, and closing leaves nothing behind."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from interview_audio.engines.online.request_runner import RequestRunner
from interview_audio.errors import EngineError, OutageError


async def give():
    return 5


async def fail():
    raise OutageError("gone", "wait")


@pytest.fixture
def requests():
    requests = RequestRunner("choir")
    yield requests
    requests.close()


def test_results_come_from_any_thread(requests):
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: requests.run(give), range(8))) == [5] * 8


def test_the_first_outage_ends_what_waits_and_what_comes(requests):
    waits = threading.Event()

    async def wait():
        waits.set()
        await asyncio.sleep(3600)

    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(requests.run, wait)
        waits.wait()
        with pytest.raises(OutageError, match="gone; wait"):
            requests.run(fail)
        assert repr(hanging.exception()) == "OutageError('gone', 'wait')"
    with pytest.raises(OutageError, match="gone; wait"):
        requests.run(give)
    assert requests.run_apart(give) == 5


def test_an_outage_apart_is_its_own(requests):
    with pytest.raises(OutageError):
        requests.run_apart(fail)
    assert requests.run(give) == 5


def test_a_closed_one_says_so(requests):
    requests.close()
    with pytest.raises(EngineError, match="choir was stopped before it had finished; run again"):
        requests.run(give)
    assert "choir" not in {thread.name for thread in threading.enumerate()}
