"""The loop in a thread of its own: results, errors, and that closing leaves nothing."""

import asyncio
import socket
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest

from interview_audio.engines.online import request_runner
from interview_audio.engines.online.request_runner import BackgroundLoop
from interview_audio.errors import EngineError


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


async def resolve(name):
    return await asyncio.get_running_loop().getaddrinfo(name, 80)


def test_closing_does_not_wait_for_the_resolver(monkeypatch):
    asked, may_answer = threading.Event(), threading.Event()
    order = []

    def getaddrinfo(*_args, **_hints):
        asked.set()
        may_answer.wait(60)
        order.append("answered")
        return []

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    loop = BackgroundLoop("test-resolver")
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(loop.run, resolve("light.invalid"))
        asked.wait()
        loop.close()
        order.append("closed")
        assert isinstance(future.exception(), CancelledError)
    resolver = [thread for thread in threading.enumerate() if thread.name == "resolver"]
    may_answer.set()
    for thread in resolver:
        thread.join()
    assert order == ["closed", "answered"]


def test_names_are_resolved_and_what_the_resolver_raises_comes_back(monkeypatch):
    answers = {"light": [("address",)]}

    def getaddrinfo(name, *_args, **_hints):
        if name not in answers:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return answers[name]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    loop = BackgroundLoop("test-names")
    assert loop.run(resolve("light")) == [("address",)]
    with pytest.raises(socket.gaierror, match="no such name"):
        loop.run(resolve("dark"))
    loop.close()


@pytest.mark.parametrize(
    ("place", "name", "error"),
    [
        (request_runner, "_Loop", OSError(24, "Too many open files")),
        (threading.Thread, "start", RuntimeError("can't start new thread")),
    ],
)
def test_a_machine_without_room_for_a_loop_is_an_error_and_not_a_wait(monkeypatch, place, name, error):
    def full(*_):
        raise error

    monkeypatch.setattr(place, name, full)
    loop = BackgroundLoop("choir")
    why = error.args[-1]
    with pytest.raises(EngineError, match=rf"^choir cannot open a connection \({why}\); close other programs"):
        loop.run(give(1))
    monkeypatch.undo()
    assert loop.run(give(1)) == 1
    loop.close()
