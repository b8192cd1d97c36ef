"""A settings file with a mistake: its line, its column, what is wrong and what to do, as ``tests/data`` has it."""

import re
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data" / "broken_settings.txt"
CASE = re.compile(
    r"^=== (?P<name>[^\n]*?)(?: \((?P<encoding>[a-z0-9-]+)\))?\n(?P<content>.*?)^>>> (?P<message>[^\n]*)\n",
    re.MULTILINE | re.DOTALL,
)
SIGNS = str.maketrans({"⇥": "\t", "⍽": "\u00a0", "␀": "\0", "⏎": "\r"})
CASES = [
    pytest.param(case["content"].translate(SIGNS).encode(case["encoding"] or "utf-8"), case["message"], id=case["name"])
    for case in CASE.finditer(DATA.read_text("utf-8"))
]


def test_there_are_sixty_and_none_twice():
    assert len({case.id for case in CASES}) == len({case.values[0] for case in CASES}) == len(CASES)
    assert len(CASES) >= 60


@pytest.mark.parametrize(("content", "message"), CASES)
def test_the_message_says_where_what_and_what_to_do(run, tmp_path, monkeypatch, content, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "voices.yaml").write_bytes(content)
    outcome = run("voices", "check")
    assert (outcome.code, outcome.err) == (1, f"Error: {tmp_path / 'voices.yaml'}:{message}\n")
