"""``docs/transcripts.md``: each of its samples is read as it says there."""

import re
from pathlib import Path

import pytest

from interview_audio.rendering.job import parse

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "transcripts.md"
SAMPLE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ARROW = re.compile(r" +→ ")
SUFFIXES = {"text": "txt"}


def samples() -> list[tuple[str, str]]:
    """Give the suffix and the lines of every sample with readings."""
    found = SAMPLE.findall(GUIDE.read_text(encoding="utf-8"))
    return [(SUFFIXES.get(name, name), body) for name, body in found if "→" in body]


@pytest.mark.parametrize(("suffix", "sample"), samples())
def test_a_sample_is_read_as_the_guide_says(suffix: str, sample: str, tmp_path: Path) -> None:
    divided = [ARROW.split(line, maxsplit=1) for line in sample.splitlines()]
    wanted = {number: reading[0] for number, (_, *reading) in enumerate(divided, start=1) if reading}
    source = tmp_path / f"sample.{suffix}"
    source.write_text("\n".join(text.rstrip() for text, *_ in divided), encoding="utf-8")
    transcript = parse(source)
    assert {turn.line: _reading(turn.kind, turn.speaker) for turn in transcript.turns} == wanted
    assert transcript.receipt.unaccounted == 0


def _reading(kind: str, speaker: str | None) -> str:
    return speaker or {"narration": "narrator"}.get(kind, kind)
