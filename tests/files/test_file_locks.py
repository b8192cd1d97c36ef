"""A lock is held by one process at a time, leaves no file, and does not outlive the process that holds it."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from interview_audio.files.atomic_files import LockHeldError, file_lock, try_file_lock

HOLD = """
import sys
from pathlib import Path
from interview_audio.files.atomic_files import file_lock
with file_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
COUNT = """
import sys
from pathlib import Path
from interview_audio.files.atomic_files import file_lock
counter = Path(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with file_lock(counter.with_suffix(".lock")):
        counter.write_text(str(int(counter.read_text()) + 1))
"""


@pytest.fixture
def holder(tmp_path):
    """A process that holds the lock until it is killed or its input ends."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "a.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_lock_leaves_no_file(tmp_path):
    with file_lock(tmp_path / "a.lock"):
        assert [path.name for path in tmp_path.iterdir()] == ["a.lock"]
    with try_file_lock(tmp_path / "a.lock") as is_free:
        assert is_free
        assert [path.name for path in tmp_path.iterdir()] == ["a.lock"]
    assert list(tmp_path.iterdir()) == []


def test_a_lock_is_given_back_after_an_error(tmp_path):
    with pytest.raises(KeyboardInterrupt), file_lock(tmp_path / "a.lock"):
        raise KeyboardInterrupt
    with try_file_lock(tmp_path / "a.lock") as is_free:
        assert is_free


def test_a_lock_that_another_process_holds_is_not_free_until_that_ends(tmp_path, holder):
    with try_file_lock(tmp_path / "a.lock") as is_free:
        assert not is_free
    assert (tmp_path / "a.lock").exists()
    holder.communicate()
    with try_file_lock(tmp_path / "a.lock") as is_free:
        assert is_free


def test_a_lock_of_a_killed_process_is_free(tmp_path, holder):
    holder.kill()
    holder.wait()
    with file_lock(tmp_path / "a.lock"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_no_two_processes_hold_a_lock_though_its_file_comes_and_goes(tmp_path):
    counter = tmp_path / "counter"
    counter.write_text("0")
    command = [sys.executable, "-c", COUNT, str(counter), "100"]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert counter.read_text() == "300"
    assert list(tmp_path.iterdir()) == [counter]


def test_different_locks_do_not_wait_for_each_other(tmp_path, holder):
    with try_file_lock(tmp_path / "b.lock") as is_free:
        assert is_free


def test_waiting_for_a_lock_can_be_given_up(tmp_path, holder):
    answers = iter([False, False, True])
    with (
        pytest.raises(LockHeldError, match=r"a\.lock: another process"),
        file_lock(tmp_path / "a.lock", lambda: next(answers)),
    ):
        pytest.fail("it is held by another process")
    assert list(answers) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc")
@pytest.mark.parametrize("folder", ["/proc", "/proc/self/fd"])
def test_a_folder_in_which_no_file_can_be_made_is_not_waited_for(folder):
    with pytest.raises(OSError), file_lock(Path(folder) / "a.lock"):  # noqa: PT011 - which one is the system's business
        pytest.fail("no file can be there")


@pytest.mark.skipif(os.name == "nt", reason="Windows locks in another way")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EIO])
def test_a_disk_that_knows_no_locks_is_not_waited_for(tmp_path, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(OSError) as caught, file_lock(tmp_path / "a.lock"):  # noqa: PT011
        pytest.fail("it cannot be locked")
    assert caught.value.errno == number
