"""What a render has leased stays leased until it ends, however it ends."""

import subprocess
import sys
import threading

import pytest

from interview_audio.synthesis.store import Leases

LEASE = """
import sys
from pathlib import Path
from interview_audio.synthesis.store import Leases
with Leases(Path(sys.argv[1])).lease(sys.argv[2:]):
    print("leased", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def leases(tmp_path):
    return Leases(tmp_path / "leases")


def leased(leases):
    with leases.frozen() as keys:
        return keys


def test_keys_are_leased_while_the_context_lasts(leases, tmp_path):
    assert leased(leases) == frozenset()
    with leases.lease(["a", "b"]), leases.lease(iter(["b", "c"])):
        assert leased(leases) == {"a", "b", "c"}
    assert leased(leases) == frozenset()
    assert list((tmp_path / "leases").iterdir()) == []


def test_a_lease_without_keys(leases):
    with leases.lease([]):
        assert leased(leases) == frozenset()


@pytest.mark.parametrize("is_killed", [True, False])
def test_a_lease_of_another_process_ends_with_it(leases, tmp_path, is_killed):
    command = [sys.executable, "-c", LEASE, str(tmp_path / "leases"), "a", "b"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "leased\n"
        assert leased(leases) == {"a", "b"}
        if is_killed:
            process.kill()
    assert leased(leases) == frozenset()
    assert list((tmp_path / "leases").iterdir()) == []


def test_no_lease_is_given_while_they_are_looked_at(leases):
    given = threading.Event()

    def give():
        with leases.lease(["a"]):
            given.set()

    thread = threading.Thread(target=give)
    with leases.frozen() as keys:
        thread.start()
        assert not given.wait(0.2)
        assert keys == frozenset()
    assert given.wait(60)
    thread.join()
