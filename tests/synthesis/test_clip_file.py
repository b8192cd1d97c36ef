import errno
import hashlib
import os
import pickle

import numpy as np
import pytest

from interview_audio.errors import StoreError
from interview_audio.synthesis.clip_file import (
    DamagedClipError,
    MissingClipError,
    Provenance,
    read_clip,
    read_engine,
    read_provenance,
    read_samples,
    read_words,
    write_clip,
)
from interview_audio.synthesis.clips import Clip, Measurement, Word, measure

RATE = 24000
SAMPLES = (np.random.default_rng(7).standard_normal(2 * RATE) * 3000).astype(np.int16)
MEASURED = Measurement(480, 40000, (-23.5, -22.012, -120.691))
WORDS = (Word("你好，", 0.25, 0.75), Word('"world"\n=\u0000', 0.75, 1.5))


def test_a_clip_comes_back_as_it_was_written(tmp_path):
    path = tmp_path / "ab" / "abc.flac"
    write_clip(path, SAMPLES, RATE, WORDS, MEASURED, Provenance("published graph", ("㐂",), "kokoro"))
    assert read_clip("abc", path) == Clip("abc", path, RATE, len(SAMPLES), 480, 40000, MEASURED.loudness, ("㐂",))
    assert read_words(path) == WORDS
    assert np.array_equal(read_samples(path), SAMPLES)
    assert read_provenance(path) == Provenance("published graph", ("㐂",), "kokoro")
    assert read_engine(str(path)) == "kokoro"


def test_three_hundred_words_survive(tmp_path):
    words = tuple(Word(f"第{number}个很长的词，", number / 3, number / 3 + 0.333) for number in range(300))
    write_clip(tmp_path / "a.flac", SAMPLES, RATE, words, measure(SAMPLES, RATE))
    assert read_words(tmp_path / "a.flac") == words


@pytest.mark.parametrize("length", [0, 1, 4607, 4609])
def test_any_length_survives(tmp_path, length):
    write_clip(tmp_path / "a.flac", SAMPLES[:length], RATE, (), measure(SAMPLES[:length], RATE))
    assert read_clip("a", tmp_path / "a.flac").samples == length
    assert np.array_equal(read_samples(tmp_path / "a.flac"), SAMPLES[:length])


def test_a_clip_is_replaced_and_no_other_file_remains(tmp_path):
    for length in (RATE, RATE // 2):
        write_clip(tmp_path / "a.flac", SAMPLES[:length], RATE, (), MEASURED)
    assert [path.name for path in tmp_path.iterdir()] == ["a.flac"]
    assert read_clip("a", tmp_path / "a.flac").samples == RATE // 2


def test_the_same_clip_is_the_same_bytes(tmp_path):
    for name in ("a.flac", "b.flac"):
        write_clip(tmp_path / name, SAMPLES, RATE, WORDS, MEASURED)
    assert (tmp_path / "a.flac").read_bytes() == (tmp_path / "b.flac").read_bytes()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match=r"^cannot store the clip \S+a\.flac \(.+\); make room") as caught:
        write_clip(tmp_path / "file" / "a.flac", SAMPLES, RATE, (), MEASURED)
    assert "\n" not in str(caught.value)


def test_a_failed_write_leaves_no_file(tmp_path):
    (tmp_path / "a.flac").mkdir()
    with pytest.raises(StoreError):
        write_clip(tmp_path / "a.flac", SAMPLES, RATE, (), MEASURED)
    assert [path.name for path in tmp_path.iterdir()] == ["a.flac"]


def test_a_full_disk_leaves_no_part_of_a_clip(tmp_path, monkeypatch):
    def fail(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StoreError, match=r"a\.flac \(No space left on device\); make room"):
        write_clip(tmp_path / "a.flac", SAMPLES, RATE, (), MEASURED)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_clip_is_not_a_damaged_one(tmp_path):
    for read in (lambda path: read_clip("a", path), read_words, read_samples):
        with pytest.raises(MissingClipError, match=r"a\.flac: the stored clip is gone"):
            read(tmp_path / "a.flac")


@pytest.mark.skipif(os.name == "nt", reason="Windows may not open a folder, as if it were another user's")
def test_a_folder_in_the_place_of_a_clip_is_said_so(tmp_path):
    (tmp_path / "a.flac").mkdir()
    for read in (lambda path: read_clip("a", path), read_samples):
        with pytest.raises(StoreError, match=r"a\.flac: the clip cannot be read \(Is a directory\)") as caught:
            read(tmp_path / "a.flac")
        assert not isinstance(caught.value, DamagedClipError)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_clip_that_may_not_be_read_is_as_good_as_damaged(tmp_path):
    write_clip(tmp_path / "a.flac", SAMPLES, RATE, (), MEASURED)
    (tmp_path / "a.flac").chmod(0)
    for read in (lambda path: read_clip("a", path), read_samples):
        with pytest.raises(DamagedClipError, match="Permission denied"):
            read(tmp_path / "a.flac")


@pytest.mark.parametrize("content", [b"", b"fLaC", b"not a FLAC file" * 100], ids=["empty", "marker", "text"])
@pytest.mark.parametrize("read", [lambda path: read_clip("a", path), read_words, read_samples])
def test_what_is_no_clip_is_damaged(tmp_path, read, content):
    (tmp_path / "a.flac").write_bytes(content)
    with pytest.raises(DamagedClipError, match="is damaged"):
        read(tmp_path / "a.flac")


@pytest.mark.parametrize("part", [0.3, 0.5, 0.9, 0.999])
def test_a_truncated_clip_is_damaged(tmp_path, part):
    path = tmp_path / "a.flac"
    write_clip(path, SAMPLES, RATE, WORDS, MEASURED)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(DamagedClipError):
        read_samples(path)


def all_of(path):
    return read_clip("a", path), read_words(path), read_samples(path).tobytes()


@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_an_altered_byte_anywhere_is_noticed_or_changes_nothing(tmp_path, mask):
    path = tmp_path / "a.flac"
    write_clip(path, SAMPLES[:2000], RATE, WORDS, MEASURED, Provenance("graph"))
    whole, expected = path.read_bytes(), all_of(path)
    noticed = 0
    for place in [*range(600), *range(600, len(whole), 37), len(whole) - 1]:
        content = bytearray(whole)
        content[place] ^= mask
        path.write_bytes(content)
        try:
            assert all_of(path) == expected, f"byte {place}"
        except DamagedClipError:
            noticed += 1
    assert noticed > 500


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"=2 ", b"=1 ", "its word times or loudness are missing"),
        (b"INTERVIEW_AUDIO=", b"INTERVIEW_VIDEO=", "its word times or loudness are missing"),
        (b'"onset":480', b'"onset":481', "its word times or loudness have changed since they were stored"),
    ],
)
def test_a_damaged_comment_is_told_without_the_sound(tmp_path, old, new, reason):
    path = tmp_path / "a.flac"
    write_clip(path, SAMPLES, RATE, WORDS, MEASURED)
    assert path.read_bytes().count(old) == 1
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(DamagedClipError, match=reason):
        read_clip("a", path)


def test_the_sound_is_checked_against_the_checksum_that_every_flac_file_has(tmp_path):
    path = tmp_path / "a.flac"
    write_clip(path, SAMPLES, RATE, WORDS, MEASURED)
    content = bytearray(path.read_bytes())
    assert content[26:42] == hashlib.md5(SAMPLES.astype("<i2").tobytes()).digest()
    content[30] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedClipError, match="its audio has changed since it was stored"):
        read_samples(path)


def test_a_clip_has_no_padding(tmp_path):
    write_clip(tmp_path / "a.flac", SAMPLES[:100], RATE, (), MEASURED)
    assert (tmp_path / "a.flac").stat().st_size < 1000


@pytest.mark.parametrize("error", [DamagedClipError("a.flac", "cut short"), MissingClipError("a.flac")])
def test_the_errors_survive_pickling(error):
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.path) == (str(error), "a.flac")
