"""The command: a real server, with clients of other makers, slow ones, and some that go away."""

import asyncio
import contextlib
import http.client
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from urllib.parse import urlsplit

import aiohttp
import podcastparser
import psutil
import pytest

from interview_audio import cli
from interview_audio.cli.commands import serve as serve_command
from interview_audio.errors import OutputError
from interview_audio.publishing import server
from interview_audio.publishing.server import Addresses, ServeOptions, qr_code, serve
from interview_audio.web_server import listen
from served_folder import put_episode, sound

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
LONG = sound("long", 3_000_000)
"""More than sockets hold for a client that does not read."""
WITHOUT_THE_SERVER = """
import sys
from interview_audio import cli
cli.command_line(["serve", "--help"], standalone_mode=False)
sys.exit("starlette" in sys.modules or "segno" in sys.modules)
"""


@contextlib.contextmanager
def started(folder):
    """Serve a folder with a token, as the command does; gives the process and the address."""
    words = ["serve", folder, "--port", "0", "--token"]
    command = [sys.executable, "-m", "interview_audio", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()
            assert process.stdout.readline().strip() == f"{address}feed.xml"
            yield process, address
        finally:
            process.kill()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A server of one episode, with its folder."""
    folder = tmp_path_factory.mktemp("served") / "out"
    put_episode(folder, "long", LONG)
    with started(folder) as (process, address):
        yield process, address, folder


def asked(address, name="long.mp3", more=""):
    """Open a connection and ask for a file as it is written here."""
    place = urlsplit(address)
    client = socket.create_connection((place.hostname, place.port))
    client.sendall(f"GET {place.path}{name} HTTP/1.1\r\nHost: {place.netloc}\r\n{more}\r\n".encode())
    return client


def test_parallel_ranges_are_right(running):
    _, address, _ = running

    async def part(session, number):
        start = number * 14_999
        async with session.get(f"{address}long.mp3", headers={"Range": f"bytes={start}-{start + 9_999}"}) as answer:
            return answer.status, answer.headers["Content-Range"], await answer.read()

    async def parts():
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            return await asyncio.gather(*(part(session, number) for number in range(200)))

    for number, (status, place, content) in enumerate(asyncio.run(parts())):
        start = number * 14_999
        assert (status, content) == (206, LONG[start : start + 10_000])
        assert place == f"bytes {start}-{start + len(content) - 1}/{len(LONG)}"


def test_slow_readers_hold_up_nobody(running):
    _, address, _ = running
    slow = [asked(address, more="Connection: close\r\n") for _ in range(60)]  # more than there are threads
    heads = [client.recv(1) for client in slow]
    for _ in range(3):
        with urllib.request.urlopen(f"{address}long.mp3") as answer:
            assert answer.read() == LONG
        assert [client.recv(1) for client in slow[:5]]
    received = heads[-1] + b"".join(iter(lambda: slow[-1].recv(1 << 20), b""))
    assert received.endswith(LONG)
    for client in slow:
        client.close()


@pytest.mark.slow
def test_a_thousand_that_go_away_leave_nothing_behind(running):
    process, address, _ = running
    watched = psutil.Process(process.pid)

    def go_away(times):
        for number in range(times):
            client = asked(address, more="Range: bytes=0-\r\n" if number % 2 else "")
            if number % 3:
                client.recv(number)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # without a farewell
            client.close()

    go_away(100)
    before, open_before = watched.memory_info().rss, watched.num_fds()
    go_away(1000)
    with urllib.request.urlopen(f"{address}long.mp3") as answer:
        assert answer.read() == LONG
    for _ in range(100):
        if watched.num_fds() <= open_before + 5:
            break
        time.sleep(0.1)
    assert watched.num_fds() <= open_before + 5
    assert watched.memory_info().rss - before < 30_000_000


def test_paths_are_refused_as_they_are_sent(running):
    _, address, folder = running
    (folder.parent / "secret.txt").write_text("secret")
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname, place.port)
    for path in (
        "../secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "long.mp3%00",
        "%ff",
        "..\\secret.txt",
        "/long.mp3",
    ):
        connection.putrequest("GET", f"{place.path}{path}")
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (404, b"")
    connection.close()
    for path in (f"http://{place.netloc}{place.path}../secret.txt", "/", f"{place.path[:-1]}", "/../../etc/passwd"):
        with contextlib.closing(socket.create_connection((place.hostname, place.port))) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode())
            received = b"".join(iter(lambda: client.recv(1 << 16), b""))
            assert received.startswith(b"HTTP/1.1 404 "), path
    with contextlib.closing(socket.create_connection((place.hostname, place.port))) as client:
        client.sendall(b"GET \x00\xff not http\r\n\r\n")
        assert client.recv(1 << 16).startswith(b"HTTP/1.1 400 ")


def test_a_podcast_app_subscribes_and_downloads(running):
    """``podcastparser`` is the reader of gPodder."""
    _, address, folder = running
    put_episode(folder, "later")
    for _ in range(50):  # the folder is not looked at again for a second
        with urllib.request.urlopen(f"{address}feed.xml") as answer:
            feed = podcastparser.parse(f"{address}feed.xml", answer)
        if len(feed["episodes"]) > 1:
            break
        time.sleep(0.1)
    assert {episode["title"] for episode in feed["episodes"]} == {"Episode later", "Episode long"}
    for episode in feed["episodes"]:
        (enclosure,) = episode["enclosures"]
        with urllib.request.urlopen(enclosure["url"]) as answer:
            content = answer.read()
        assert (len(content), enclosure["mime_type"]) == (enclosure["file_size"], "audio/mpeg")
        assert content in (LONG, sound("later"))
    (folder / "later.episode.json").unlink()


def test_ctrl_c_ends_it_while_somebody_downloads(tmp_path):
    put_episode(tmp_path, "long", LONG)
    with started(tmp_path) as (process, address):
        reader = asked(address)
        assert reader.recv(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        said = process.stderr.read().splitlines()
        assert said[1:] == ["Press Ctrl-C to end.", "127.0.0.1 listens to long.mp3", "", "Stopped serving."]
        reader.close()


def test_a_port_that_is_taken_is_one_clear_line():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OutputError, match=f"port {port} cannot be used: .*; choose another with --port N"):
            listen("127.0.0.1", port)
    for host in ("a..b", "192.0.2.77"):
        with pytest.raises(OutputError, match=f"{host} is not an address of this machine; choose another with --host"):
            listen(host, 0)


@pytest.fixture
def addresses(monkeypatch, tmp_path):
    """Return what would be served, with its address, without serving it."""

    def found(**options):
        monkeypatch.setattr(server, "run_server", lambda *_, **__: None)
        put_episode(tmp_path, "a")
        ready = []
        serve(tmp_path, ServeOptions(port=0, **options), ready.append, pytest.fail, pytest.fail)
        return ready[0]

    return found


def test_others_reach_it_with_a_token_that_stays(addresses):
    own = addresses()
    assert (own.has_token, own.is_open, urlsplit(own.page).path) == (False, False, "/")
    first, second = addresses(host="0.0.0.0"), addresses(host="0.0.0.0")
    assert first.is_open
    assert len(urlsplit(first.page).path) == 24
    assert urlsplit(first.page).path == urlsplit(second.page).path == urlsplit(addresses(has_token=True).page).path
    assert urlsplit(addresses(host="0.0.0.0", has_token=False).page).path == "/"


def test_a_folder_without_episodes_is_told_in_the_terminal(monkeypatch, tmp_path):
    monkeypatch.setattr(server, "run_server", lambda *_, **__: None)
    warned = []
    serve(tmp_path, ServeOptions(port=0), lambda _: None, warned.append, pytest.fail)
    assert warned == [
        f"there is no episode to listen to in {tmp_path} yet; render one into it with -o, and it appears here"
    ]


def test_the_code_is_drawn_on_a_terminal_alone(monkeypatch, capsys, tmp_path):
    address = "http://192.168.1.20:8468/abcdefghijklmnopqrstuv/"
    there = Addresses(address, (f"{address}feed.xml",), ("http://10.0.0.4:8468/",), is_open=True, has_token=True)
    serve_command._show(there, tmp_path)
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [address, f"{address}feed.xml"]
    assert "Warning: while this runs, everybody who has this address" in shown.err
    monkeypatch.setattr(serve_command, "terminal_width", lambda: 100)
    serve_command._show(there, tmp_path)
    rows = [line.removeprefix("\x1b[38;5;16;48;5;231m") for line in capsys.readouterr().out.splitlines()[2:]]
    assert all(row.endswith("\x1b[0m") for row in rows)
    halves = [[divmod(" ▄▀█".index(half), 2) for half in row.removesuffix("\x1b[0m")] for row in rows]
    modules = [[half[part] for half in row] for row in halves for part in (0, 1)]
    wanted = [list(map(int, row)) for row in qr_code(address).matrix_iter(border=4)]
    assert modules[: len(wanted)] == wanted
    assert not any(map(any, modules[len(wanted) :]))
    monkeypatch.setattr(serve_command, "terminal_width", lambda: 30)
    serve_command._show(there, tmp_path)
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_other_commands_do_not_load_the_server():
    subprocess.run([sys.executable, "-c", WITHOUT_THE_SERVER], check=True, stdout=subprocess.DEVNULL)


def test_the_command_is_listed():
    assert "serve" in cli.command_line.list_commands(None)
