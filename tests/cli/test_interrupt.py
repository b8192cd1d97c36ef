"""Ctrl-C while the resolver of names hangs, which nothing can cancel: the process ends all the same."""

import os
import signal
import subprocess
import sys

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
    from interview_audio.cli import main
    main()
"""


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
