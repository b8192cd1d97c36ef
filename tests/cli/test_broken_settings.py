"""A settings or script file with a mistake: its line, what is wrong and what to do, as ``tests/data`` has it."""

import json
import re
import time
from pathlib import Path

import pytest
import yaml

from interview_audio.configuration.mistakes import StrictLoader, explain

DATA = Path(__file__).parents[1] / "data"
CASE = re.compile(
    r"^=== (?P<name>[^\n]*?)(?: \((?P<encoding>[a-z0-9-]+)\))?\n(?P<content>.*?)^>>> (?P<message>[^\n]*)\n",
    re.MULTILINE | re.DOTALL,
)
SIGNS = str.maketrans({"⇥": "\t", "⍽": "\u00a0", "␀": "\0", "⏎": "\r"})


def cases(name):
    """The files in a data file: their bytes, and the message for each."""
    return [
        pytest.param(
            case["content"].translate(SIGNS).encode(case["encoding"] or "utf-8"), case["message"], id=case["name"]
        )
        for case in CASE.finditer((DATA / name).read_text("utf-8"))
    ]


SETTINGS = cases("broken_settings.txt")
SCRIPTS = cases("broken_scripts.txt")


def test_there_are_sixty_and_none_twice():
    assert len({case.id for case in SETTINGS}) == len({case.values[0] for case in SETTINGS}) == len(SETTINGS)
    assert len(SETTINGS) >= 60


@pytest.mark.parametrize(("content", "message"), SETTINGS)
def test_a_mistake_in_settings_is_named(run, tmp_path, monkeypatch, content, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "voices.yaml").write_bytes(content)
    outcome = run("voices", "check")
    assert (outcome.code, outcome.err) == (1, f"Error: {tmp_path / 'voices.yaml'}:{message}\n")


def test_a_line_of_spaces_takes_no_more_steps_than_it_has_characters():
    spaces = " " * 40_000
    started = time.process_time()
    for text in (f"a{spaces}b\nc: d\n", f"a: [b{spaces}c\n", f"a: *b{spaces}c\n", f"a: &b{spaces}c: d: e\n"):
        with pytest.raises(yaml.YAMLError) as error:
            yaml.load(text, StrictLoader)
        assert explain(text, error.value).line
    assert time.process_time() - started < 1  # the square of it takes 3 s for each


@pytest.mark.parametrize(("content", "message"), SCRIPTS)
def test_a_mistake_in_a_script_file_is_named(run, tmp_path, monkeypatch, content, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk.script.yaml").write_bytes(content + b"language: en\n")
    outcome = run("check", "talk.script.yaml")
    assert (outcome.code, outcome.err) == (1, f"Error: talk.script.yaml:{message}\n")


def test_what_looks_like_something_else_is_a_text_in_a_script_file(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    turns = "- speaker: No\n  text: 1984\n- speaker: 007\n  text: 12:30:45\n- speaker: No\n  text: yes\n"
    (tmp_path / "talk.script.yaml").write_text(f"title: 1e3\nlanguage: no\nturns:\n{turns}")
    outcome = run("script", "talk.script.yaml", "--engine", "tone", "--format", "json")
    script = json.loads(outcome.out)
    assert (script["title"], script["language"]) == ("1e3", "no")
    assert [(turn["speaker"], turn["text"]) for turn in script["turns"]] == [
        ("No", "1984"), ("007", "12:30:45"), ("No", "yes"),
    ]  # fmt: skip
