"""Every text that a user can see is in one list, and it is plain English."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs" / "messages.txt"
ODD = re.compile(
    r"(?<!there )\bis (?:none|no (?!longer)[a-z]+|his)\b|\bstands?\b|\bgives? way\b|\bmend\b|\banew\b|\bforeseen\b|\bwhoever\b"
    r"|\bof which only\b|\bwhat (?:came|goes on)\b|\bis there,|\bby the look of it\b"
)
"""Turns of phrase that no colleague would use."""


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("list_messages", ROOT / "tools" / "list_messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_list_holds_every_message(tool):
    listed = LIST.read_text("utf-8")
    assert tool.listing() == listed, "a message changed: run python tools/list_messages.py --write, and read its diff"


def test_no_message_is_odd():
    assert [line for line in LIST.read_text("utf-8").splitlines() if ODD.search(line)] == []


def test_what_is_a_message(tool):
    source = '''
"""A docstring of the module."""
WORDS = frozenset("one two three")
FORM = re.compile(r"one two")
NOTE: "Sequence[Any] | None" = None

@click.command()
@click.option("--loud", help="Louder.")
def speak(name: "str | None" = None) -> "str | None":
    """Speak a line.

    Twice, if need be.
    """
    if not name:
        raise VoiceError("none")
    raise OutageError(f"{route.host} is away", "wait for it")

def _inner(count):
    """A docstring inside."""
    echo(f"{'one line' if count == 1 else 'many lines'}: {shortened(text)}" + " and so on")
    return "plain", f"{name}.txt", {"key": "a value"}
'''
    assert tool.messages(source) == [
        "a value",
        "Louder.",
        "none",
        "Speak a line.",
        "Twice, if need be.",
        "{host} is away; wait for it",
        "{one line | many lines}: {text} and so on",
    ]
