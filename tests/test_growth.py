"""A text that nobody would write takes no more than its share of time: one word, one mark, one address, repeated.

`python -m benchmarks.growth` times every stage with every shape. Here are those that once grew with the square of their
length, or faster: at this size the first took 23 s by itself. What is limited is processor time, for all of them together
and to some ten times what they need, so that a busy machine makes no difference.
"""

import subprocess
import sys
from pathlib import Path

import pytest

resource = pytest.importorskip("resource", reason="processor time is limited as POSIX does")

PROCESSOR_SECONDS = 30
LENGTH = 16_000
TALK = "The keepers\n\nQ: Why is it so?\n\nIda Holm: {said}\n\nQ: And then?\n\nIda Holm: Nothing.\n"
PICTURE = f"![]({'data:image/png;base64,' + 'iVBORw0KGgo/AAAA+NSUhEUg' * (LENGTH // 6)}==)"
HOSTILE = (
    TALK.format(said="X" * LENGTH),
    TALK.format(said="xY" * (LENGTH // 2)),
    "X" * LENGTH + "\n\n" + TALK.format(said="It is."),
    f"# {'J. K. ' * (LENGTH // 6)}\n\n**Why is it so?**\n\nIt is.\n\n**And then?**\n\nNo.\n",
    TALK.format(said="e.g. Dr. " * (LENGTH // 9)),
    TALK.format(said="It is" + " ." * (LENGTH // 2)),
    TALK.format(said=f"It is. {PICTURE} So it is."),
    TALK.format(said='function(e){var t=e.n[0]||"x";return t?a(t):!1};' * (LENGTH // 12)),
)
COMMAND = """
import sys
from interview_audio.cli import command_line
for source in sys.argv[1:]:
    for command in ("check", "script"):
        command_line([command, source, "--engine", "tone", "--language", "en"], standalone_mode=False)
"""


def test_hostile_texts_take_no_more_than_their_share(tmp_path):
    sources = [tmp_path / f"{number}.md" for number in range(len(HOSTILE))]
    for source, text in zip(sources, HOSTILE, strict=True):
        source.write_text(text, "utf-8")
    assert _printed(sources).count("Where the characters went") == len(HOSTILE)


def test_a_picture_in_the_text_is_not_spoken(tmp_path):
    source = tmp_path / "talk.md"
    source.write_text(TALK.format(said=f"It is. {PICTURE} So it is."), "utf-8")
    printed = _printed([source])
    assert "base64" not in printed
    assert "It is. So it is." in printed


def _printed(sources: list[Path]) -> str:
    """What our commands print of the sources, in a process that the system ends when it takes too long."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))

    words = [sys.executable, "-c", COMMAND, *map(str, sources)]
    done = subprocess.run(words, check=False, capture_output=True, text=True, encoding="utf-8", preexec_fn=limit)
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout
