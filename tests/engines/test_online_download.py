"""One large file is downloaded once, on from where it stopped, and is what it should be or is not there."""

import hashlib
import multiprocessing
import shutil

import pytest

from interview_audio.engines.online.download import RemoteFile, download
from interview_audio.errors import EngineError
from loopback.file_server import FileServer

CONTENT = bytes(range(256)) * 3000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server():
    with FileServer(CONTENT) as serving:
        yield serving


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept" / "weights.onnx"


def part_of(path):
    return path.with_name("weights.onnx.part")


def remote(server, size=None):
    return RemoteFile(server.address, size or len(CONTENT), SHA256, "copy it by hand")


def fetch(server, path, on_progress=lambda *_: None, **changes):
    waited = []
    download(remote(server, **changes), path, on_progress, wait=waited.append)
    return waited


def names(path):
    return sorted(one.name for one in path.parent.iterdir())


def test_it_is_downloaded_once_and_checked(server, path):
    seen = []
    assert fetch(server, path, lambda *done: seen.append(done)) == []
    assert path.read_bytes() == CONTENT
    assert names(path) == ["weights.onnx"]
    assert [arrived for arrived, _ in seen] == sorted(arrived for arrived, _ in seen)
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    fetch(server, path)
    assert server.asked == [""]


def test_a_broken_connection_goes_on_where_it_broke(server, path):
    server.cuts = [300_000, 100_000]
    assert fetch(server, path) == [1.0, 1.0]
    assert path.read_bytes() == CONTENT
    assert len(server.asked) == 3
    assert server.asked[0] == ""
    assert 0 < int(server.asked[1][6:-1]) <= 300_000


def test_an_interrupted_download_goes_on_in_the_next_run(server, path):
    def interrupt(arrived, _):
        if arrived > 400_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(server, path, interrupt)
    assert not path.exists()
    kept = part_of(path).stat().st_size
    assert 0 < kept < len(CONTENT)
    fetch(server, path)
    assert server.asked == ["", f"bytes={kept}-"]
    assert path.read_bytes() == CONTENT
    assert names(path) == ["weights.onnx"]


def test_a_part_that_is_whole_already_needs_no_request(server, path):
    path.parent.mkdir()
    part_of(path).write_bytes(CONTENT)
    fetch(server, path)
    assert server.asked == []
    assert path.read_bytes() == CONTENT


def test_a_server_that_ignores_ranges_sends_all_again(server, path):
    server.knows_ranges = False
    path.parent.mkdir()
    part_of(path).write_bytes(CONTENT[:1000])
    fetch(server, path)
    assert server.asked == ["bytes=1000-"]
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("begun", [b"another release", CONTENT + b"more"])
def test_a_beginning_of_another_file_is_thrown_away(server, path, begun):
    path.parent.mkdir()
    part_of(path).write_bytes(begun)
    fetch(server, path)
    assert path.read_bytes() == CONTENT


def test_another_file_of_the_same_size_is_refused(server, path):
    server.content = b"x" * len(CONTENT)
    with pytest.raises(EngineError) as caught:
        fetch(server, path)
    assert str(caught.value) == (
        f"{server.address} is not the expected file (wrong sha256), perhaps a page of a proxy; copy it by hand"
    )
    assert names(path) == []


@pytest.mark.parametrize("content", [b"<html>Log in</html>", CONTENT + b"more"])
def test_a_file_of_another_size_is_refused_at_once(server, path, content):
    server.content = content
    with pytest.raises(EngineError, match=rf"the expected file \({len(content)} bytes instead of {len(CONTENT)}\)"):
        fetch(server, path)
    assert len(server.asked) == 1
    assert not path.exists()


def test_a_server_that_does_not_say_the_size_cannot_fill_the_disk(server, path):
    server.content, server.knows_size = CONTENT * 9, False
    with pytest.raises(EngineError, match="wrong sha256"):
        fetch(server, path)
    assert names(path) == []


def test_a_missing_file_is_told_at_once(server, path):
    server.statuses = [404]
    with pytest.raises(EngineError, match=r"/release/file answered 404 Not Found; copy it by hand"):
        fetch(server, path)
    assert len(server.asked) == 1


def test_a_busy_server_is_asked_again(server, path):
    server.statuses = [503, 429]
    assert fetch(server, path) == [1.0, 1.0]
    assert path.read_bytes() == CONTENT
    server.statuses = [503] * 9
    path.unlink()
    with pytest.raises(EngineError, match=r"cannot download .* \(it answered 503\); check the network, or copy it by"):
        fetch(server, path)
    assert len(server.statuses) == 5


def test_a_network_that_drops_every_connection(server, path):
    server.cuts = [100_000] * 9
    with pytest.raises(EngineError) as caught:
        fetch(server, path)
    assert str(caught.value).startswith("the download from 127.0.0.1 stopped after ")
    assert str(caught.value).endswith("; run again to continue it, or copy it by hand")
    assert part_of(path).exists()


def test_nobody_answers(server, path):
    server.disappear()
    with pytest.raises(EngineError, match=r"cannot download .* \(.*refused.*\); check the network, or copy it by hand"):
        fetch(server, path)


def test_no_room(server, path, monkeypatch):
    usage = shutil.disk_usage(path.parent.parent)._replace(free=1_000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(EngineError, match=r"weights\.onnx needs 1 MB in .*, but only 0 MB are free"):
        fetch(server, path)
    assert server.asked == []


def test_a_folder_that_cannot_be_made(server, path):
    path.parent.write_text("a file", "utf-8")
    with pytest.raises(EngineError, match=r"cannot write .*weights\.onnx: Not a directory"):
        fetch(server, path)


def test_two_processes_download_once(server, path):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.starmap(download, [(remote(server), path)] * 2)
    assert path.read_bytes() == CONTENT
    assert server.asked == [""]


def test_a_proxy_of_the_environment_is_used(server, path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    beyond = RemoteFile("http://release.invalid/release/file", len(CONTENT), SHA256, "copy it by hand")
    download(beyond, path)
    assert path.read_bytes() == CONTENT


def test_a_proxy_of_the_settings_wins_and_must_be_one(server, path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    beyond = RemoteFile("http://release.invalid/release/file", len(CONTENT), SHA256, "copy it by hand")
    with pytest.raises(EngineError, match="own names a socks5 proxy, but only HTTP proxies can be used"):
        download(beyond, path, proxy="socks5://127.0.0.1:1", proxy_key="own")
    download(beyond, path, proxy=f"http://127.0.0.1:{server.port}", proxy_key="own")
    assert path.read_bytes() == CONTENT
