"""The studio as a person waits for it: from a click to a line's sound, new and stored, and a change of a long text."""

import json
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.processes import COMMAND

_EXAMPLE = Path(__file__).parents[1] / "examples" / "lighthouse.en.txt"
_LINES = 12
_TURNS = 3_000


def measure() -> dict[str, float]:
    """Seconds; the promises are 2.5 for a new line, 0.3 for a stored one, 1 for state and change of 3,000 turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        talk, long = folder / "talk.txt", folder / "long.txt"
        talk.write_bytes(_EXAMPLE.read_bytes())
        long.write_text(_interview(), "utf-8")
        return {**_lines(talk), **_changes(long)}


def _interview() -> str:
    turns = [
        f"{'Q' if number % 2 == 0 else 'Ada'}: This is lamp number {number}. It burns until the morning, and so do I."
        for number in range(_TURNS)
    ]
    return "\n\n".join(["The keeper of the light", *turns])


def _lines(source: Path) -> dict[str, float]:
    with _studio(source) as address:
        lines = [f"{address}lines/{name}.wav" for name in json.loads(_fetched(f"{address}state"))["lines"]]
        first = _seconds(lines[0])  # with what is left of loading the engine
        new = [_seconds(line) for line in lines[1 : _LINES + 1]]
        stored = [_seconds(line) for line in lines[1 : _LINES + 1]]
    return {
        "first_line_s": first,
        "new_line_median_s": median(new),
        "new_line_most_s": max(new),
        "stored_line_most_s": max(stored),
    }


def _changes(source: Path) -> dict[str, float]:
    with _studio(source, "--engine", "tone") as address:
        _fetched(f"{address}state")
        took = []
        for number in (1000, 2000):  # the first one writes the script file
            state = json.loads(_fetched(f"{address}state"))
            turn = state["turns"][number]["id"]
            body = {"version": state["version"], "action": "text", "turn": turn, "text": f"Something else: {number}."}
            took.append(_seconds(f"{address}edit", body))
            state_s = _seconds(f"{address}state")
    return {"turns": _TURNS, "first_change_s": took[0], "change_s": took[1], "state_s": state_s}


@contextmanager
def _studio(source: Path, *words: str) -> Iterator[str]:
    folders = ["-o", str(source.parent / "out"), "--store", str(source.parent / "store")]
    command = [str(COMMAND), "studio", str(source), *folders, "--no-browser", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def _seconds(address: str, body: dict[str, Any] | None = None) -> float:
    began = time.perf_counter()
    _fetched(address, body)
    return time.perf_counter() - began


def _fetched(address: str, body: dict[str, Any] | None = None) -> bytes:
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, content, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        found: bytes = answer.read()
    return found
