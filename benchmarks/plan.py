"""``plan`` of a script of 500 lines in a store of 100,000 clips: all of its lines stored, and none."""

import tempfile
from pathlib import Path

from benchmarks.processes import COMMAND, fastest, interview_audio

LINES, CLIPS = 500, 100_000
TIMES = 5


def measure() -> dict[str, float]:
    """Seconds of the fastest of a few runs; the promise is under 1 s."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        talk, other = folder / "talk.txt", folder / "other.txt"
        talk.write_text(_interview("lamp"), "utf-8")
        other.write_text(_interview("boat"), "utf-8")
        options = ("-o", folder / "out", "--store", folder / "store", "--engine", "tone")
        interview_audio("render", talk, *options)
        _fill(folder / "store")
        return {
            "clips": sum(1 for _ in (folder / "store").rglob("*.flac")),
            "lines": LINES,
            "all_stored_s": fastest([COMMAND, "plan", talk, *options], TIMES),
            "none_stored_s": fastest([COMMAND, "plan", other, *options], TIMES),
        }


def _interview(subject: str) -> str:
    """Paragraphs by two people, one a line."""
    turns = [f"{'Q' if number % 2 == 0 else 'AB'}: This is {subject} number {number}." for number in range(LINES)]
    return "\n\n".join(["The keeper of the light", *turns])


def _fill(store: Path) -> None:
    """Clips as the store names them, until there are enough: all like the first one."""
    stored = sorted(store.rglob("*.flac"))
    content = stored[0].read_bytes()
    for number in range(CLIPS - len(stored)):
        key = f"{number * 0x9E3779B97F4A7C15 % 2**256:064x}"[::-1]
        path = stored[0].parents[1] / key[:2] / f"{key}.flac"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
