"""A store at an address: machines fetch what others have made, and of a clip that two make one stays, for both."""

import errno
import hashlib
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from interview_audio.errors import StoreError
from interview_audio.storage import objects
from interview_audio.storage.addresses import Address, location
from interview_audio.storage.objects import RefusedError
from interview_audio.synthesis.clip_file import DamagedClipError, read_samples, write_clip
from interview_audio.synthesis.clips import Measurement
from interview_audio.synthesis.pruning import contents
from interview_audio.synthesis.store import ClipStore, open_store

KEY = "ab" * 32
OTHER = "cd" * 32
RATE = 24000


@pytest.fixture
def machine(tmp_path, bucket, monkeypatch):
    """Open the store of a bucket on a machine of this name: with a cache of its own."""

    def on(name="one"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / name))
        return open_store(location("s3://show/clips/"))

    return on


def speak(store, key=KEY, seed=1):
    """Write what an engine says, which is never twice the same."""
    sound = np.random.default_rng(seed).integers(-3000, 3000, 4000).astype(np.int16)
    write_clip(store.draft(key), sound, RATE, (), Measurement(0, len(sound), (-23.0,)))


def make(store, key=KEY, seed=1):
    with store.making(key) as stored:
        assert stored is None
        speak(store, key, seed)
        return store.keep(key)


def there(bucket, key=KEY):
    return bucket.client.get_object(Bucket="show", Key=f"clips/v1/{key[:2]}/{key}.flac")["Body"].read()


def spoilt(content, *, is_sound):
    """Change the sound of a clip, or what is said of it."""
    changed = bytearray(content)
    changed[-20 if is_sound else content.index(b"INTERVIEW_AUDIO") + 30] ^= 1
    return bytes(changed)


def killed_while_making(store, key, content=None, seed=None):
    """Begin to make a clip, and come to an end after it was written, or something else, or nothing."""
    with suppress(KeyboardInterrupt), store.making(key) as stored:
        assert stored is None
        if seed is not None:
            speak(store, key, seed)
        if content is not None:
            store.draft(key).write_bytes(content)
        raise KeyboardInterrupt


def test_what_one_machine_made_another_finds(machine, bucket):
    made = make(machine("one"))
    store = machine("two")
    assert store.location == Address("s3://show/clips")
    found = store.find(KEY)
    assert found.path.is_relative_to(store.home)
    assert found.path != made.path
    assert found.path.read_bytes() == made.path.read_bytes() == there(bucket)
    bucket.requests.clear()
    assert store.find(KEY) == found
    with store.making(KEY) as stored:
        assert stored == found
    assert bucket.requests == []


def test_what_is_missing_is_asked_for_once_and_before_it_is_made(machine, bucket):
    store = machine("one")
    make(machine("two"))
    bucket.requests.clear()
    store.prefetch([KEY, OTHER])
    assert sorted(method for method, _ in bucket.requests) == ["GET", "GET"]
    assert store.find(KEY)
    assert store.find(OTHER) is None
    assert len(bucket.requests) == 2
    make(machine("two"), OTHER)
    with store.making(OTHER) as stored:
        assert stored
    assert store.find(OTHER) == stored


def test_of_two_machines_that_make_a_clip_the_first_one_wins(machine, bucket):
    one, two = machine("one"), machine("two")
    with one.making(KEY), two.making(KEY):
        speak(one, seed=1)
        speak(two, seed=2)
        assert machine("one").find(KEY) is None  # it is not known yet whose stays
        kept = [two.keep(KEY)]
        assert read_samples(machine("one").find(KEY).path).tolist() == read_samples(kept[0].path).tolist()
        kept.append(one.keep(KEY))
    assert kept[0].path.read_bytes() == kept[1].path.read_bytes() == there(bucket)
    assert (read_samples(kept[1].path) == np.random.default_rng(2).integers(-3000, 3000, 4000)).all()
    assert one.find(KEY) == kept[1]


def race(store, keys, me, other):
    """Make clips, each at the moment when another one begins to make it."""
    for seed, key in enumerate(keys):
        with store.making(key) as stored:
            assert stored is None
            Path(f"{me}-{key}").touch()
            given_up = time.monotonic() + 60
            while not Path(f"{other}-{key}").exists():
                assert time.monotonic() < given_up, "the other process has ended"
                time.sleep(0.001)
            speak(store, key, [seed, os.getpid()])
            store.keep(key)


def test_two_processes_that_race_for_clips_read_the_same_bytes_afterwards(machine, tmp_path, bucket):
    keys = [hashlib.sha256(bytes([number])).hexdigest() for number in range(8)]
    store = machine("one")
    with subprocess.Popen(
        [sys.executable, __file__, *keys],
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / "two"), "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as other:
        race(store, keys, "one", "two")
        assert other.wait(60) == 0
    assert sum(method == "PUT" for method, _ in bucket.requests) == 16
    for key in keys:
        assert [path.read_bytes() for path in tmp_path.rglob(f"{key}.flac")] == [there(bucket, key)] * 2


def test_what_is_damaged_here_is_fetched_again(machine, bucket):
    store = machine()
    clip = make(store)
    for content in (b"", b"\0" * 500):
        clip.path.write_bytes(content)
        assert store.find(KEY) == clip
    clip.path.write_bytes(spoilt(there(bucket), is_sound=True))  # which is looked at only when it is used
    store.discard(clip.path)
    assert store.find(KEY) == clip
    assert clip.path.read_bytes() == there(bucket)


@pytest.mark.parametrize("is_sound", [False, True])
def test_what_is_damaged_there_is_replaced(machine, bucket, is_sound):
    clip = make(machine("one"))
    name, content = f"clips/v1/ab/{KEY}.flac", spoilt(there(bucket), is_sound=is_sound)
    bucket.client.put_object(Bucket="show", Key=name, Body=content)
    store = machine("two")
    if not is_sound:
        with pytest.raises(DamagedClipError, match=rf"^s3://show/clips/v1/ab/{KEY}.flac: the stored clip is damaged"):
            store.find(KEY)
        store.prefetch([KEY])  # leaves it to who looks for it
    else:
        damaged = store.find(KEY)
        store.discard(damaged.path)
        assert store.find(KEY) is None
    make(store, seed=3)
    assert store.path(KEY).read_bytes() == there(bucket) != clip.path.read_bytes()
    assert not store.draft(KEY).exists()


def test_what_could_not_be_sent_is_sent_by_whoever_needs_it(machine, bucket, monkeypatch):
    for limit in ("_GIVES_UP_AFTER", "_FIRST_GIVES_UP_AFTER"):
        monkeypatch.setattr(objects, limit, 0)
    store = machine()
    for key in (KEY, OTHER):
        killed_while_making(store, key, seed=1)
        bucket.stop()
        with pytest.raises(StoreError, match="cannot be reached"):
            store.keep(key)
        bucket.listen()
    assert contents(store).clips == ()  # and so it is not pruned
    again = machine()
    assert again.find(KEY).path.read_bytes() == there(bucket)
    assert OTHER not in str(bucket.stored)
    again.prepare()
    assert again.path(OTHER).read_bytes() == there(bucket, OTHER)
    assert not any((store.home / "unsent").iterdir())
    assert len(contents(store).clips) == 2


def test_a_clip_of_a_process_that_was_killed_gives_way_to_the_one_that_is_there(machine, bucket):
    store = machine("one")
    killed_while_making(store, KEY, seed=1)
    make(machine("two"), seed=2)
    assert store.find(KEY).path.read_bytes() == there(bucket)
    killed_while_making(store, OTHER)
    assert not store.draft(OTHER).exists()
    killed_while_making(store, OTHER, content=b"half")  # whose disk has lost power
    assert store.find(OTHER) is None
    make(store, OTHER)


def test_who_may_only_read_can_use_what_is_there(machine, bucket):
    make(machine("one"))
    store = machine("two")
    bucket.refused = lambda method, path: ("403 Forbidden", "AccessDenied") if method == "PUT" else None
    store.prepare()
    assert store.find(KEY)
    with pytest.raises(RefusedError, match="refused"):
        make(store, OTHER)
    store.prepare()
    store.prefetch([KEY, OTHER])
    assert store.find(OTHER) is None
    bucket.refused = None
    assert store.find(OTHER)


def test_a_cache_without_room_is_not_blamed_on_the_address(machine, bucket, monkeypatch):
    make(machine())

    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(StoreError, match=r"\(No space left on device\); make room, or set XDG_CACHE_HOME"):
        machine("two").find(KEY)


def test_a_folder_that_was_copied_into_a_bucket_is_a_shared_store(machine, bucket, tmp_path):
    folder = ClipStore(tmp_path / "clips")
    speak(folder)
    name = folder.path(KEY).relative_to(folder.home).as_posix()
    bucket.client.put_object(Bucket="show", Key=f"clips/{name}", Body=folder.path(KEY).read_bytes())
    assert machine().find(KEY).path.read_bytes() == folder.path(KEY).read_bytes()


def test_pruning_leaves_what_is_there(machine, bucket):
    store = machine()
    make(store)
    assert store.contents_there().clips == 1
    store.path(KEY).unlink()
    assert contents(store).clips == ()
    assert store.find(KEY)
    assert (store.contents_there().clips, store.contents_there().bytes) == (1, len(there(bucket)))


def test_places_have_caches_of_their_own(machine, bucket, monkeypatch):
    home = machine().home
    assert open_store(location("s3://show/others")).home != home
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert open_store(location("s3://show/clips")).home != home
    assert open_store(location("file:///tmp/clips")).home.parts[-2:] == ("tmp", "clips")


if __name__ == "__main__":  # another process, as one of the tests starts it
    race(open_store(location("s3://show/clips")), sys.argv[1:], "two", "one")
