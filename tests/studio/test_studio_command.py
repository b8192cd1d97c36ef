"""The command: a real server, which Ctrl-C ends."""

import json
import signal
import subprocess
import sys
import urllib.request

import pytest

WITHOUT_THE_SERVER = """
import sys
from interview_audio import cli
cli.command_line(["studio", "--help"], standalone_mode=False)
sys.exit("starlette" in sys.modules or "uvicorn" in sys.modules)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_the_command_serves_a_page_until_it_is_interrupted(interview):
    words = ["studio", interview, "--engine", "tone", "--store", "clips", "--no-browser"]
    command = [sys.executable, "-m", "interview_audio", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:")
            with urllib.request.urlopen(f"{address}state") as answer:
                state = json.load(answer)
            with urllib.request.urlopen(f"{address}events") as events:
                assert events.readline() == b"event: state\n"
                edit = {"version": state["version"], "action": "tune", "speaker": "Ada Brook", "rate": 1.1}
                request = urllib.request.Request(
                    f"{address}edit", json.dumps(edit).encode(), {"Content-Type": "application/json"}
                )
                with urllib.request.urlopen(request) as answer:
                    version = json.load(answer)["version"]
                told = [events.readline() for _ in range(4)]
                assert told[2:] == [b"event: state\n", f'data: {{"version": "{version}"}}\n'.encode()]
                with interview.with_name("voices.yaml").open("a", encoding="utf-8") as settings:
                    settings.write("# by hand\n")
                assert [events.readline() for _ in range(2)][1] == b"event: state\n"
                process.send_signal(signal.SIGINT)
                assert process.wait(10) == 130
            assert process.stderr.read().splitlines()[-1] == "Closed the studio."
        finally:
            process.kill()
    assert (
        interview.with_name("voices.yaml")
        .read_text("utf-8")
        .endswith("speakers:\n  Ada Brook: {rate: 1.1}\n# by hand\n")
    )


def test_other_commands_do_not_load_the_server():
    subprocess.run([sys.executable, "-c", WITHOUT_THE_SERVER], check=True, stdout=subprocess.DEVNULL)
