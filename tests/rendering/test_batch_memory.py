"""What is remembered of batches: how each source ended, whoever was killed, and whoever wrote at the same time."""

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from interview_audio.rendering.batch import SourceEnd
from interview_audio.rendering.batch_memory import BatchMemory, DamagedMemoryError
from interview_audio.rendering.options import RenderOptions
from interview_audio.storage.addresses import location

OPTIONS = RenderOptions(output=Path("out"), engine="tone")


@pytest.fixture
def sources(tmp_path):
    paths = [tmp_path / f"{name}.txt" for name in "abcd"]
    for path in paths:
        path.touch()
    return paths


@pytest.fixture
def memory():
    return BatchMemory(Path("out"))


def left_of(memory):
    return [path.name for path in memory.read().unfinished()]


def test_what_failed_was_not_tried_or_not_reached_is_left(sources, memory):
    memory.begin(sources, OPTIONS, is_continued=False)
    assert left_of(memory) == ["a.txt", "b.txt", "c.txt", "d.txt"]
    for source, state in zip(sources, ("done", "unchanged", "failed"), strict=False):
        memory.add(SourceEnd(source, state))
    assert left_of(BatchMemory(Path("out").absolute())) == ["c.txt", "d.txt"]
    assert left_of(BatchMemory(Path("another"))) == []
    known = memory.read()
    assert [known.is_finished(source) for source in sources] == [True, True, False, False]
    assert not known.is_finished(Path("new.txt"))
    assert known.is_finished(Path("x/..") / sources[0].name)


def test_another_batch_into_the_same_place_forgets_nothing_but_what_is_gone(sources, memory):
    first, second = sources[:2], sources[2:]
    memory.begin(first, OPTIONS, is_continued=False)
    memory.add(SourceEnd(first[0], "done"))
    memory.begin(second, OPTIONS, is_continued=False)
    memory.add(SourceEnd(second[0], "done"))
    assert left_of(memory) == ["b.txt", "d.txt"]
    memory.begin(first, OPTIONS, is_continued=False)
    assert left_of(memory) == ["a.txt", "b.txt", "d.txt"]
    first[1].unlink()
    memory.begin([], OPTIONS, is_continued=True)
    assert left_of(memory) == ["a.txt", "b.txt", "d.txt"]
    memory.begin([], OPTIONS, is_continued=False)
    assert left_of(memory) == ["a.txt", "d.txt"]


def test_the_file_can_be_read_by_people_and_grows_no_further_than_its_sources(sources, memory, tmp_path):
    named = tmp_path / "海\udce4.txt"
    for _ in range(3):
        memory.begin([named, sources[1]], OPTIONS, is_continued=True)
        memory.add(SourceEnd(named, "failed", reason="海.txt:3: no words", line=3))
    header, choice, *entries = map(json.loads, memory.path.read_text("utf-8").splitlines())
    assert header == {"interview_audio_batches": 1, "output": str(tmp_path / "out")}
    assert choice["options"] == {"engine": "tone"}
    assert [entry["state"] for entry in entries] == ["open", "open", "failed"]
    assert entries[-1] == entries[0] | {"state": "failed", "reason": "海.txt:3: no words", "line": 3}
    assert entries[-1]["source"] == str(named)
    assert "海" in memory.path.read_text("utf-8")


def test_a_password_of_an_address_is_not_written_down(sources):
    memory = BatchMemory(location("s3://me:secret@bucket/shows"))
    memory.begin(sources, replace(OPTIONS, output=None), is_continued=False)
    assert "secret" not in memory.path.read_text("utf-8")
    assert memory.path != BatchMemory(location("s3://bucket/shows")).path


def test_a_last_line_that_was_cut_off_does_not_count(sources, memory):
    memory.begin(sources, OPTIONS, is_continued=False)
    memory.add(SourceEnd(sources[0], "done"))
    whole = memory.path.read_bytes()
    for cut in range(len(whole) - 30, len(whole)):
        memory.path.write_bytes(whole[:cut])
        assert left_of(memory) == ["a.txt", "b.txt", "c.txt", "d.txt"]
    memory.add(SourceEnd(sources[1], "done"))  # by another batch that goes on
    assert left_of(memory) == ["a.txt", "c.txt", "d.txt"]


DAMAGED = [
    b"",
    b"\n",
    b"\xff\xfe\x00",
    b'{"interview_audio_batches": 2}\n',
    b"[]\n",
    b'{"interview_audio_batches": 1}\n{"source": "/a.txt", "state": "do\n{"source": "/b.txt", "state": "done"}\n',
    b'{"interview_audio_batches": 1}\n7\n',
    b'{"interview_audio_batches": 1}\n{"source": "/a.txt", "state": "elsewhere", "choice": ""}\n',
    b'{"interview_audio_batches": 1}\n{"choice": "1", "options": 2}\n',
    b'{"interview_audio_batches": 1}\n' + b"[" * 100_000 + b"\n",
]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_memory_is_an_error_and_the_next_batch_begins_anew(content, sources, memory):
    memory.path.parent.mkdir(parents=True)
    memory.path.write_bytes(content)
    with pytest.raises(DamagedMemoryError, match="is damaged"):
        memory.read()
    memory.begin(sources[:1], OPTIONS, is_continued=True)
    assert left_of(memory) == ["a.txt"]


def test_batches_at_once_lose_no_end_of_each_other(sources, memory, tmp_path):
    others = [tmp_path / f"other{number}.txt" for number in range(30)]
    for path in others:
        path.touch()
    other = BatchMemory(Path("out"))
    other.begin(others, OPTIONS, is_continued=False)
    memory.begin(sources, OPTIONS, is_continued=False)

    def end_others():
        for number, path in enumerate(others):
            other.add(SourceEnd(path, "failed" if number == 7 else "done"))

    thread = threading.Thread(target=end_others)
    thread.start()
    memory.add(SourceEnd(sources[0], "done"))
    memory.begin(sources[1:], OPTIONS, is_continued=True)  # which writes the whole file anew
    memory.add(SourceEnd(sources[1], "done"))
    thread.join()
    assert left_of(memory) == ["other7.txt", "c.txt", "d.txt"]


def test_what_was_chosen_otherwise_is_told(sources, memory):
    chosen = replace(OPTIONS, is_strict=True, voices=Path("my.yaml"))
    memory.begin(sources[:2], chosen, is_continued=False)
    known = memory.read()
    assert known.changed_options(sources, chosen) == ([], [])
    assert known.changed_options(sources, replace(OPTIONS, engine="kokoro", format="opus")) == (
        ["--engine tone", f"--voices {Path('my.yaml').absolute()}", "without --format"],
        ["--strict"],
    )
    assert known.changed_options(sources[2:], OPTIONS) == ([], [])
