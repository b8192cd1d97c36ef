"""Two renders at the same time share the work, make no clip twice, and each makes its episode."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

unix = pytest.mark.skipif(os.name == "nt", reason="no such signals")

# The command line with tones that take a moment and are written down.
COUNTED = """
import sys, time
from interview_audio import cli
from interview_audio.engines.tone import ToneEngine

log, speak = sys.argv.pop(1), ToneEngine.speak

def counted(engine, utterance):
    with open(log, "a", encoding="utf-8") as file:
        file.write(f"{utterance.voice} {utterance.text}\\n")
    time.sleep(0.03)
    return speak(engine, utterance)

ToneEngine.speak = counted
cli.main()
"""


TONE = ("--engine", "tone", "--store", "clips")


@pytest.fixture(autouse=True)
def _small_episodes(tmp_path):
    """In this process and in others."""
    (tmp_path / "voices.yaml").write_text("sound: {sample_rate: 16000, bitrate: 16}", "utf-8")


def talk(path, answers):
    lines = ["Numbers\n", *(f"Q: What is {number}?\n\nAda: It is number {number}.\n" for number in answers)]
    path.write_text("\n".join(lines), "utf-8")
    return path


def render(source, output):
    return subprocess.Popen(
        [sys.executable, "-c", COUNTED, "log", "render", str(source), "-o", output, *TONE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# The same, but what each process says first takes until ... and others can be said meanwhile.
SLOW = """
import os, sys, time
from pathlib import Path
from interview_audio import cli
from interview_audio.engines.tone import ToneEngine
from interview_audio.errors import EngineError

until, speak, deadline = sys.argv.pop(1), ToneEngine.speak, time.monotonic() + 60
mine = Path(f"spoken-{os.getpid()}")

def slow(engine, utterance):
    if not mine.exists():
        mine.touch()
        while not eval(until):
            if time.monotonic() > deadline:
                raise EngineError("nobody else speaks")
            time.sleep(0.01)
        if until != MEETING:
            raise EngineError("broken")
    with mine.open("a", encoding="utf-8") as file:
        file.write(f"{utterance.voice} {utterance.text}\\n")
    time.sleep(0.02)
    return speak(engine, utterance)

ToneEngine.speak = slow
cli.main()
"""
MEETING = "len(list(Path().glob('spoken-*'))) == 2"
"""Until the other one says something too."""


def slow_render(source, output, until=MEETING):
    words = ("render", str(source), "-o", output, "--engine", "tone", "--store", "clips")
    return subprocess.Popen(
        [sys.executable, "-c", f"MEETING = {MEETING!r}\n{SLOW}", until, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(path):
    deadline = time.monotonic() + 60
    while not (path.exists() or time.monotonic() > deadline):
        time.sleep(0.01)
    assert path.exists()


def test_two_renders_of_one_source_share_its_lines(tmp_path):
    source = talk(tmp_path / "talk.txt", [*range(8), *range(8)])  # each line twice
    renders = [slow_render(source, output) for output in ("a", "b")]
    outcomes = [(*process.communicate(), process.returncode) for process in renders]
    assert [code for *_, code in outcomes] == [0, 0], outcomes
    shares = [Path(f"spoken-{process.pid}").read_text("utf-8").splitlines() for process in renders]
    assert all(shares)
    assert Counter(shares[0] + shares[1]).most_common(1)[0][1] == 1
    assert len(shares[0] + shares[1]) == len(list(Path("clips").rglob("*.flac")))
    texts = [line.partition(" ")[2] for line in shares[0] + shares[1]]
    (measured,) = json.loads(Path("clips/speeds.json").read_text("utf-8"))["speeds"]
    assert measured["characters"] <= len("".join(texts)), "each counts what it has spoken itself"
    assert Path("a/talk.mp3").read_bytes() == Path("b/talk.mp3").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("end", ["fails", pytest.param("is killed", marks=unix), pytest.param("goes on", marks=unix)])
def test_a_line_of_another_render_is_waited_for_and_made_when_that_one_ends(tmp_path, end):
    source = talk(tmp_path / "talk.txt", range(8))
    with slow_render(source, "a", "Path('end').exists()") as first:
        wait_for(Path(f"spoken-{first.pid}"))
        with slow_render(source, "b", MEETING) as second:
            while "Waiting" not in (told := second.stderr.readline()):
                assert told, "ended without waiting"
            assert told.strip() == "Waiting for another render, which is speaking 1 of these lines"
            if end == "goes on":
                second.send_signal(signal.SIGINT)
            elif end == "is killed":
                first.kill()
            else:
                Path("end").touch()
            err = second.communicate(timeout=60)[1]
        Path("end").touch()
        broken = first.communicate()[1]
    assert second.returncode == (130 if end == "goes on" else 0), err
    assert first.returncode == (-signal.SIGKILL if end == "is killed" else 1)
    assert ("broken" in broken) == (end != "is killed")


@pytest.mark.slow
@pytest.mark.parametrize(("first", "second"), [(range(8), range(8)), (range(8), range(4, 12))])
def test_no_clip_is_made_twice(tmp_path, run, first, second):
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    sources = talk(tmp_path / "1" / "talk.txt", first), talk(tmp_path / "2" / "talk.txt", second)
    renders = [render(source, output) for source, output in zip(sources, ("a", "b"), strict=True)]
    outcomes = [(*process.communicate(), process.returncode) for process in renders]
    assert [code for *_, code in outcomes] == [0, 0], outcomes
    spoken = (tmp_path / "log").read_text("utf-8").splitlines()
    assert len(spoken) == len(set(spoken)) == len(list((tmp_path / "clips").rglob("*.flac")))
    assert {line.split()[-1] for line in spoken} >= {f"{number}." for number in {*first, *second}}
    assert [path for path in (tmp_path / "clips").rglob("*") if path.name.startswith(".")] == []
    for source, output in zip(sources, ("a", "b"), strict=True):
        assert run("render", source, "-o", f"{output} alone", *TONE).code == 0
        assert (tmp_path / output / "talk.mp3").read_bytes() == (tmp_path / f"{output} alone/talk.mp3").read_bytes()


@pytest.mark.slow
def test_of_two_sources_with_one_name_rendered_at_once_one_is_refused_and_one_episode_is_whole(tmp_path, run):
    sources = []
    for folder, numbers in (("1", range(2)), ("2", range(2, 5))):
        (tmp_path / folder).mkdir()
        sources.append(talk(tmp_path / folder / "talk.txt", numbers))
        assert run("render", sources[-1], "-o", f"alone-{folder}", *TONE).code == 0
    renders = [render(source, "out") for source in sources]
    said = [process.communicate()[1] for process in renders]
    assert sorted(process.returncode for process in renders) == [0, 1]
    assert sum("belongs to the episode of " in err for err in said) == 1
    found = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert found in [
        {path.name: path.read_bytes() for path in (tmp_path / f"alone-{folder}").iterdir()} for folder in ("1", "2")
    ]


def test_nothing_that_a_running_render_needs_is_pruned(tmp_path, run):
    source = talk(tmp_path / "talk.txt", range(2, 8))
    assert run("render", talk(tmp_path / "other.txt", range(4)), "-o", "before", *TONE).code == 0
    stored = set((tmp_path / "clips").rglob("*.flac"))
    with render(source, "out") as process:
        while "Speaking" not in (line := process.stderr.readline()):
            assert line, "ended before it spoke"
        assert run("store", "prune", "--max-size", "0", "--all", "--yes", "--store", "clips").code == 0
        process.communicate()
    assert process.returncode == 0
    left = set((tmp_path / "clips").rglob("*.flac"))
    assert stored & left, "the new text says some of what the other one said"
    assert stored - left, "and not all of it"
