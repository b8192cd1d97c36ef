"""The store finds whole clips, notes their use, and lets one process at a time make one."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest

from interview_audio.errors import StoreError
from interview_audio.synthesis.clip_file import DamagedClipError, read_samples, write_clip
from interview_audio.synthesis.clips import Measurement
from interview_audio.synthesis.store import SAME_USE, ClipStore

KEY = "ab" * 32
RATE = 24000
SOUND = np.tile(np.array([3000, -3000], np.int16), 2000)


@pytest.fixture
def store(tmp_path):
    return ClipStore(tmp_path / "clips")


def put(store, key=KEY):
    write_clip(store.path(key), SOUND, RATE, (), Measurement(0, len(SOUND), (-23.0,)))
    return store.path(key)


def files(store):
    return [path.relative_to(store.folder).as_posix() for path in store.folder.rglob("*") if path.is_file()]


def test_a_clip_has_its_place_and_is_found_there(store, tmp_path):
    assert store.path(KEY) == tmp_path / "clips" / "v1" / "ab" / f"{KEY}.flac"
    assert store.find(KEY) is None
    path = put(store)
    clip = store.find(KEY)
    assert (clip.key, clip.path, clip.samples, clip.sample_rate) == (KEY, path, len(SOUND), RATE)
    assert files(store) == [f"ab/{KEY}.flac"]


def test_a_use_is_noted_once_an_hour(store):
    path = put(store)
    recently = time.time() - SAME_USE / 2
    os.utime(path, (recently, recently))
    before = path.stat().st_mtime_ns
    store.find(KEY)
    assert path.stat().st_mtime_ns == before
    long_ago = time.time() - 2 * SAME_USE
    os.utime(path, (long_ago, long_ago))
    store.find(KEY)
    assert path.stat().st_mtime_ns > before


@pytest.mark.parametrize("content", [b"", b"\0" * 500])
def test_a_file_that_is_no_clip_is_damaged_and_can_be_discarded(store, content):
    path = put(store)
    path.write_bytes(content)
    with pytest.raises(DamagedClipError):
        store.find(KEY)
    store.discard(path)
    assert store.find(KEY) is None
    assert files(store) == []


def test_a_clip_that_another_process_has_made_again_is_not_discarded(store):
    path = put(store)
    store.discard(path)
    assert files(store) == [f"ab/{KEY}.flac"]
    store.discard(store.path("cd" * 32).parent.parent / "ab" / "nothing.flac")


def test_a_clip_that_is_gone_need_not_be_discarded(store):
    path = put(store)
    path.unlink()
    store.discard(path)
    assert files(store) == []


def test_a_store_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match="cannot write to the clip store"):
        ClipStore(tmp_path / "file").prepare()
    with pytest.raises(StoreError, match="cannot reserve clips in "), ClipStore(tmp_path / "file").lease([KEY]):
        pass
    with pytest.raises(StoreError, match="cannot store the clip "), ClipStore(tmp_path / "file").making(KEY):
        pass


def test_preparing_leaves_only_the_folder(store):
    store.prepare()
    assert store.folder.is_dir()
    assert files(store) == []


def test_who_makes_a_clip_sees_whether_it_was_made_meanwhile(store):
    with store.making(KEY) as found:
        assert found is None
    path = put(store)
    with store.making(KEY) as found:
        assert found == store.find(KEY)
    path.write_bytes(b"damaged")
    with store.making(KEY) as found:
        assert found is None
    assert files(store) == [f"ab/{KEY}.flac"]


MAKE = """
import sys, time
from pathlib import Path
import numpy as np
from interview_audio.synthesis.clip_file import write_clip
from interview_audio.synthesis.clips import Measurement
from interview_audio.synthesis.store import ClipStore

store = ClipStore(Path(sys.argv[1]))
for number in range(8):
    key = f"{number:02}" * 32
    with store.making(key) as found:
        if found is None:
            time.sleep(0.01)
            write_clip(store.path(key), np.zeros(100, np.int16), 24000, (), Measurement(0, 100, ()))
            print(key, flush=True)
"""


def test_processes_that_want_the_same_clips_make_each_once(store, tmp_path):
    command = [sys.executable, "-c", MAKE, str(tmp_path / "clips")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    made = [key for process in processes for key in process.communicate()[0].split()]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(made) == [f"{number:02}" * 32 for number in range(8)]
    assert sorted(files(store)) == [f"{number:02}/{key}.flac" for number, key in enumerate(sorted(made))]


HOLD = """
import sys
from pathlib import Path
from interview_audio.synthesis.store import ClipStore
with ClipStore(Path(sys.argv[1])).making(sys.argv[2]):
    print("making", flush=True)
    sys.stdin.read()
"""


def test_a_killed_maker_holds_nobody_up_and_others_are_not_held_up_at_all(store, tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path / "clips"), KEY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout.readline() == "making\n"
        neighbour = "ab" + "cd" * 31  # in the same folder
        with store.making(neighbour) as found:
            assert found is None
        maker.kill()
    with store.making(KEY) as found:
        assert found is None
    put(store)
    assert np.array_equal(read_samples(store.path(KEY)), SOUND)
    assert files(store) == [f"ab/{KEY}.flac"]
