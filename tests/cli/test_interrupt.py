"""Being told to end: at any moment from the first import on, and also where nothing can be cancelled."""

import os
import signal
import subprocess
import sys
import time

import pytest

INTERVIEW = "Q: Does the light ever sleep?\n\nAda: No. The light does not, so why would I?\n"
WITH_A_DEAD_RESOLVER = """
import socket, sys, threading
import edge_tts.communicate, edge_tts.voices

def hang(*args, **kwargs):
    print("asked for a name", flush=True)
    threading.Event().wait()

if __name__ == "__main__":
    socket.getaddrinfo = hang
    edge_tts.communicate.WSS_URL = "wss://speech.invalid/v1?x=1"
    edge_tts.voices.VOICE_LIST = "https://speech.invalid/voices?x=1"
    from interview_audio.__main__ import main
    main()
"""


# Runs a command in a fork for each name, and sends itself a signal when the module of that name is being imported.
AT_AN_IMPORT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's job in the background ignores it

class Sender:
    def __init__(self, name):
        self.name = name

    def find_spec(self, name, path=None, target=None):
        if name == self.name:
            os.kill(os.getpid(), signal.SIGINT)

for name in sys.argv[1:]:
    child = os.fork()
    if not child:
        os.dup2(os.open("err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        sys.meta_path.insert(0, Sender(name))
        sys.argv = "interview-audio render talk.en.txt --engine tone -o out --store clips".split()
        from interview_audio.__main__ import main
        try:
            main()
        finally:
            os._exit(99)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with open("err") as said:
        print(name, code, said.read().strip() or "-", sep="|", flush=True)
"""
INTERRUPTED = "Interrupted; finished clips are kept"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")


@POSIX
def test_ctrl_c_during_an_import_shows_no_traceback(tmp_path):
    (tmp_path / "talk.en.txt").write_text(INTERVIEW, "utf-8")
    early = ["interview_audio.cli", "click", "click.core", "interview_audio.errors"]
    late = ["interview_audio.cli.commands.render", "yaml", "numpy", "interview_audio.rendering.render", "av"]
    words = [sys.executable, "-c", AT_AN_IMPORT, *early, *late]
    result = subprocess.run(words, capture_output=True, text=True, check=True)
    outcomes = dict(line.split("|", 1) for line in result.stdout.splitlines())
    assert {name: outcomes[name] for name in early} == dict.fromkeys(early, "130|-")
    # Where the import takes long, the process ends before it could say so.
    assert {outcomes[name].partition(",")[0] for name in late} <= {f"130|{INTERRUPTED}", "130|-"}
    assert not (tmp_path / "out").exists()


# The main thread waits for a lock of the C library's that nobody gives back: no signal interrupts that.
STUCK = """
import ctypes, signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)
from interview_audio.transcript import reading

def hang(_):
    mutex = ctypes.create_string_buffer(64)
    ctypes.CDLL(None).pthread_mutex_lock(mutex)
    threading.Timer(0.1, print, ("waiting",), {"flush": True}).start()
    ctypes.CDLL(None).pthread_mutex_lock(mutex)

reading.fetch_page = hang
from interview_audio.__main__ import main
main()
"""


WAITING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from interview_audio.__main__ import main
main()
"""


def told_to_end(process, number, *, is_ready):
    """Send a signal when the process is where it should be; gives its exit code, seconds and standard error."""
    try:
        is_ready()
        began = time.monotonic()
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        return process.returncode, time.monotonic() - began, err
    finally:
        process.kill()


@POSIX
@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_a_command_that_waits_for_its_input_ends_at_once(tmp_path, name, code):
    words = [sys.executable, "-c", WAITING, "check", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        process.stdin.write("Q: Half a sen")
        process.stdin.flush()
        outcome = told_to_end(process, getattr(signal, name), is_ready=lambda: wait_until_read(process.stdin))
    assert (outcome[0], outcome[2].strip()) == (code, "Interrupted.")
    assert outcome[1] < 10  # it has nothing to wait for; a busy machine may take its time


def wait_until_read(pipe):
    """Until a process has taken what was written into its pipe."""
    import fcntl
    import struct
    import termios

    while struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"    "))[0]:
        time.sleep(0.01)


@POSIX
def test_a_command_that_nothing_can_interrupt_ends_all_the_same(tmp_path):
    words = [sys.executable, "-c", STUCK, "check", "https://speech.invalid/"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        outcome = told_to_end(process, signal.SIGTERM, is_ready=process.stdout.readline)
    assert (outcome[0], outcome[2]) == (143, "")
    assert outcome[1] < 10


@POSIX
def test_who_presses_ctrl_c_twice_does_not_wait(tmp_path):
    words = [sys.executable, "-c", STUCK, "check", "https://speech.invalid/"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        began = time.monotonic()
        for _ in range(1000):
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
            if process.poll() is not None:
                break
        assert process.communicate()[1] == ""
    assert process.returncode == 130
    assert time.monotonic() - began < 5.0  # what a slow end is given


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl-C alone there")
@pytest.mark.parametrize("is_list_known", [False, True])
def test_ctrl_c_does_not_wait_for_the_resolver(tmp_path, is_list_known):
    (tmp_path / "talk.en.txt").write_text(INTERVIEW, "utf-8")
    (tmp_path / "dead.py").write_text(WITH_A_DEAD_RESOLVER, "utf-8")
    if is_list_known:  # then the threads of the render ask, else the main one
        keep_list(tmp_path / "cache")
    command = [sys.executable, "dead.py", "render", "talk.en.txt", "--engine", "edge", "--store", "clips"]
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment | {"XDG_CACHE_HOME": str(tmp_path / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline() == "asked for a name\n"
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)  # the resolver never answers: that it ends, is the proof
        finally:
            process.kill()
    assert process.returncode == 130
    assert err.endswith("Interrupted; finished clips are kept, run again to continue.\n")


def keep_list(cache):
    """A list of voices of just now, so that nobody asks for one."""
    import json
    import time

    folder = cache / "interview-audio" / "edge"
    folder.mkdir(parents=True)
    voices = {"en-US-AvaMultilingualNeural": "female", "en-US-GuyNeural": "male"}
    (folder / "voices.json").write_text(json.dumps({"time": time.time(), "voices": voices}), "utf-8")
