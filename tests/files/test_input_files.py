"""What a user names is read to its end within a limit, or refused by what it is."""

import hashlib
import os
import socket
from pathlib import Path

import pytest

from interview_audio.files import input_files
from interview_audio.files.input_files import (
    InputFileError,
    SizeLimit,
    beginning_of,
    descriptor_of,
    digest_of,
    drain,
    is_read_once,
    is_there,
    read_file,
)

TEN = SizeLimit("10 B", "cut it")


def beginning_of_ten(path, limit):
    return beginning_of(path, limit, 10)


unix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def test_up_to_the_limit_and_not_beyond(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    assert read_file(path, TEN) == b"x" * 10
    assert digest_of(path, TEN) == hashlib.sha256(b"x" * 10).hexdigest()
    assert beginning_of(path, TEN, 3) == b"xxx"
    path.write_bytes(b"x" * 11)
    for refuses in (read_file, digest_of, beginning_of_ten):
        with pytest.raises(InputFileError, match=r"^larger than the 10 B limit; cut it$"):
            refuses(path, TEN)


def test_a_sparse_file_is_refused_by_its_size(tmp_path, monkeypatch):
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(100 * 10**9)
    monkeypatch.setattr("os.fdopen", None)  # it is not even opened
    for refuses in (read_file, digest_of, beginning_of_ten):
        with pytest.raises(InputFileError, match="larger than the 4 GB limit"):
            refuses(path, input_files.SOUND)


@unix
def test_what_is_no_file_is_told_by_its_kind_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:  # in the working folder: its path has 100 bytes at most
        listening.bind("socket")
        for path, kind in (("pipe", "a pipe"), ("socket", "a socket"), ("/dev/zero", "a device"), (".", "a folder")):
            for refuses in (read_file, digest_of, beginning_of_ten):
                with pytest.raises(InputFileError, match=f"^this is {kind}; "):
                    refuses(tmp_path / path, TEN)


@unix
def test_a_pipe_in_the_place_of_the_file_that_was_looked_at_is_not_waited_for(tmp_path, monkeypatch):
    path, pipe = tmp_path / "file", tmp_path / "pipe"
    path.write_bytes(b"")
    os.mkfifo(pipe)
    status = path.stat()
    monkeypatch.setattr(type(path), "stat", lambda _: status)
    with pytest.raises(InputFileError, match="this is a pipe"):
        read_file(pipe, TEN)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux has it")
def test_files_of_the_system_that_say_they_are_empty_are_read():
    assert read_file(Path("/proc/self/stat"), input_files.SOURCE)


def test_what_was_piped_is_read_where_there_is_no_file_and_before_one(tmp_path):
    path = tmp_path / "file"
    piped = {path: b"text"}
    assert (is_there(path), is_there(path, piped), read_file(path, TEN, piped)) == (False, True, b"text")
    path.write_bytes(b"on disk")
    assert (read_file(path, TEN, piped), read_file(path, TEN)) == (b"text", b"on disk")
    with pytest.raises(InputFileError, match="larger than the 10 B limit"):
        read_file(path, TEN, {path: b"x" * 11})


@unix
def test_a_pipe_is_drained_to_one_byte_beyond_the_limit(tmp_path):
    reading, writing = os.pipe()
    os.write(writing, b"x" * 50)
    os.close(writing)
    path = Path(f"/dev/fd/{reading}")
    assert is_read_once(path)
    assert drain(path, TEN) == b"x" * 11
    os.close(reading)


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/dev/fd/63", "63"),
        ("/dev/stdin", "0"),
        ("/proc/self/fd/5", "5"),
        ("/proc/12/fd/5", "5"),
        ("/dev/fd/x", None),
        ("talk.txt", None),
    ],
)
def test_descriptors(path, number):
    assert descriptor_of(Path(path)) == number


@unix
def test_the_null_device_is_read_as_empty_and_no_other_device_is(tmp_path):
    assert is_read_once(Path("/dev/null"))
    assert not is_read_once(Path("/dev/zero"))
    (tmp_path / "file").touch()
    assert not is_read_once(tmp_path / "file")
