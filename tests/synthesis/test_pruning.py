"""A store is kept within limits, the longest unused clips first, and nothing goes that a render needs."""

import os
import time

import numpy as np
import pytest

from interview_audio.errors import StoreError
from interview_audio.synthesis.clip_file import Provenance, write_clip
from interview_audio.synthesis.clips import Measurement
from interview_audio.synthesis.pruning import (
    RECENT,
    EngineShare,
    Pruned,
    PruningPlan,
    StoreContents,
    StoreLimits,
    carry_out,
    contents,
    plan_pruning,
    prune,
    prune_when_due,
    shares,
)
from interview_audio.synthesis.store import ClipStore

DAY = 86_400
KEYS = tuple(f"{number:02x}" * 32 for number in range(5))
SIZE = 1000


@pytest.fixture
def store(tmp_path):
    """Five files of a kilobyte; the first was used today, each other one a day earlier."""
    store = ClipStore(tmp_path)
    for age, key in enumerate(KEYS):
        put(store, key, age * DAY + 60)
    return store


def put(store, key, age, content=b"\0" * SIZE):
    path = store.path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    used = time.time() - age
    os.utime(path, (used, used))


def kept(store):
    return {clip.key for clip in contents(store).clips}


def test_contents_are_listed_the_longest_unused_first(store):
    held = contents(store)
    assert [clip.key for clip in held.clips] == list(reversed(KEYS))
    assert (held.bytes, held.leftovers) == (5 * SIZE, ())


def test_a_store_that_is_not_there_is_empty_and_stays_away(tmp_path):
    store = ClipStore(tmp_path / "nowhere")
    assert contents(store) == StoreContents((), ())
    assert plan_pruning(store, StoreLimits(0, 0)) == PruningPlan(StoreContents((), ()))
    assert prune(store, StoreLimits(0, 0)) == Pruned()
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        (StoreLimits(), 5),
        (StoreLimits(bytes=5 * SIZE), 5),
        (StoreLimits(bytes=5 * SIZE - 1), 4),
        (StoreLimits(bytes=2 * SIZE), 2),
        (StoreLimits(bytes=0), 0),
        (StoreLimits(older_than=10 * DAY), 5),
        (StoreLimits(older_than=2.5 * DAY), 3),
        (StoreLimits(older_than=0), 0),
        (StoreLimits(bytes=4 * SIZE, older_than=1.5 * DAY), 2),
        (StoreLimits(bytes=SIZE, older_than=1.5 * DAY), 1),
    ],
)
def test_limits(store, limits, left):
    expected = Pruned(5 - left, (5 - left) * SIZE)
    plan = plan_pruning(store, limits)
    assert (len(plan.clips), plan.bytes, plan.is_most) == (5 - left, (5 - left) * SIZE, left < 3)
    assert kept(store) == set(KEYS)
    assert prune(store, limits) == expected
    assert kept(store) == set(KEYS[:left])


def test_what_was_used_in_the_last_day_stays_if_that_is_asked_for(store):
    """The first was used a minute ago, the second a day and a minute ago: a use is noted once an hour."""
    for limits in (StoreLimits(bytes=0, recent=RECENT), StoreLimits(older_than=0, recent=RECENT)):
        plan = plan_pruning(store, limits)
        assert [clip.key for clip in plan.clips] == list(reversed(KEYS[2:]))
        assert [clip.key for clip in plan.spared] == [KEYS[1], KEYS[0]]
    assert plan_pruning(store, StoreLimits(bytes=3 * SIZE, recent=RECENT)).spared == ()
    assert prune(store, StoreLimits(bytes=0, recent=RECENT)) == Pruned(3, 3 * SIZE)
    assert kept(store) == set(KEYS[:2])


def test_only_what_was_shown_is_removed(store):
    plan = plan_pruning(store, StoreLimits(bytes=3 * SIZE))
    put(store, "ee" * 32, 0, b"\0" * 100 * SIZE)
    os.utime(store.path(KEYS[4]))
    assert carry_out(store, plan) == Pruned(1, SIZE)
    assert kept(store) == {*KEYS[:3], KEYS[4], "ee" * 32}


def test_what_is_leased_stays_and_the_next_goes_instead(store):
    with store.lease([KEYS[4], KEYS[2], "ff" * 32]):
        assert prune(store, StoreLimits(bytes=3 * SIZE)) == Pruned(2, 2 * SIZE)
        assert kept(store) == {KEYS[0], KEYS[2], KEYS[4]}
        assert prune(store, StoreLimits(bytes=0, older_than=0)) == Pruned(1, SIZE)
        assert kept(store) == {KEYS[2], KEYS[4]}
    assert prune(store, StoreLimits(bytes=0)) == Pruned(2, 2 * SIZE)


def test_a_clip_that_is_leased_or_used_while_others_are_removed_stays(store, monkeypatch):
    from interview_audio.synthesis import pruning

    monkeypatch.setattr(pruning, "_BATCH", 1)
    removed = pruning._removed
    renders = []

    def removing(store, batch):
        if not renders:  # a render begins after the list of what goes was made
            renders.append(store.lease([KEYS[2]]))
            renders[0].__enter__()
            os.utime(store.path(KEYS[3]))
        return removed(store, batch)

    monkeypatch.setattr(pruning, "_removed", removing)
    assert prune(store, StoreLimits(bytes=0)) == Pruned(3, 3 * SIZE)
    renders[0].__exit__(None, None, None)
    assert kept(store) == {KEYS[2], KEYS[3]}


def test_what_killed_renders_left_is_removed_and_counted(store):
    shard = store.path(KEYS[0]).parent
    left = [
        store.folder / ".interview-audio-0123456789ab.0.part",
        shard / ".interview-audio-0123456789ab.0.part",
        shard / f".interview-audio-{KEYS[0]}.lock",
    ]
    for path in left:
        path.touch()
    assert sorted(contents(store).leftovers) == sorted(left)
    assert sorted(plan_pruning(store, StoreLimits()).held.leftovers) == sorted(left)
    assert prune(store, StoreLimits()) == Pruned(leftovers=3)
    assert contents(store).leftovers == ()
    assert kept(store) == set(KEYS)


def test_foreign_files_are_let_be(store):
    (store.folder / "ab").mkdir()
    foreign = [store.folder / "note.txt", store.folder / "ab" / "note.txt", store.folder.parent / "speeds.json"]
    for path in foreign:
        path.touch()
    prune(store, StoreLimits(0, 0))
    assert all(path.exists() for path in foreign)


def test_the_limit_is_looked_after_once_an_hour(store):
    assert prune_when_due(store, 4 * SIZE) == Pruned(1, SIZE)
    assert prune_when_due(store, 2 * SIZE) == Pruned()
    long_ago = time.time() - 2 * 3600
    os.utime(store.folder / "pruned", (long_ago, long_ago))
    assert prune_when_due(store, 2 * SIZE) == Pruned(2, 2 * SIZE)


def test_a_clock_that_was_wrong_does_not_put_it_off_for_ever(store):
    prune_when_due(store, 4 * SIZE)
    in_a_year = time.time() + 365 * DAY
    os.utime(store.folder / "pruned", (in_a_year, in_a_year))
    assert prune_when_due(store, 2 * SIZE) == Pruned(2, 2 * SIZE)


def test_each_engine_has_its_share(tmp_path):
    store = ClipStore(tmp_path)
    silence = np.zeros(100, np.int16)
    for key, engine in zip(KEYS, ("kokoro", "tone", "kokoro", "kokoro"), strict=False):
        write_clip(store.path(key), silence, 24000, (), Measurement(0, 100, ()), Provenance(engine=engine))
    put(store, KEYS[4], 0, b"no clip")
    outdate(store.path(KEYS[3]))
    sizes = {engine: store.path(KEYS[index]).stat().st_size for index, engine in enumerate(("kokoro", "tone"))}
    assert shares(contents(store).clips) == (
        EngineShare("kokoro", 2, 2 * sizes["kokoro"]),
        EngineShare("", 1, store.path(KEYS[3]).stat().st_size, is_outdated=True),
        EngineShare("tone", 1, sizes["tone"]),
        EngineShare("", 1, 7),
    )


def outdate(path):
    """Make a clip one of an earlier build, whose comment was JSON from its beginning."""
    content = bytearray(path.read_bytes())
    start = content.index(b"INTERVIEW_AUDIO=") + len(b"INTERVIEW_AUDIO=")
    content[start : start + 12] = b'{"schema":1,'
    path.write_bytes(content)


def test_clips_of_an_earlier_build_go_before_others_where_that_is_asked_for(tmp_path):
    store = ClipStore(tmp_path)
    for key in KEYS:
        write_clip(store.path(key), np.zeros(100, np.int16), 24000, (), Measurement(0, 100, ()))
    outdate(store.path(KEYS[3]))
    outdate(store.path(KEYS[4]))
    size = store.path(KEYS[0]).stat().st_size
    assert store.find(KEYS[3]) is None
    assert prune(store, StoreLimits(bytes=10 * size)) == Pruned()
    with store.lease([KEYS[4]]):
        pruned = prune(store, StoreLimits(bytes=5 * size, keeps_outdated=False))
    assert (pruned.clips, kept(store)) == (1, {*KEYS[:3], KEYS[4]})
    assert prune(store, StoreLimits(bytes=3 * size, keeps_outdated=False)).clips == 1
    assert kept(store) == {*KEYS[:3]}


def test_a_clip_that_cannot_be_removed_is_one_line(store, monkeypatch):
    def refuse(path, **_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(store.folder), "unlink", refuse)
    with pytest.raises(StoreError, match=r"^.*\(Permission denied\): check its permissions") as caught:
        prune(store, StoreLimits(0))
    assert "\n" not in str(caught.value)
