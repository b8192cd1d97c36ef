"""A second render: with nothing changed, and with another pause (everything is stored, the episode is made anew)."""

import sys
import tempfile
from pathlib import Path

from benchmarks.processes import COMMAND, fastest, interview_audio, run

TIMES = 7


def measure(source: Path, times: int = 3) -> dict[str, float]:
    """Unchanged against ``--version``; produced anew against a bare encode of the same samples."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        voices = folder / "voices.yaml"
        render = ("render", source, "-o", folder, "--store", folder / "store", "--engine", "tone", "--voices", voices)
        produce, encode = [], []
        for number in range(times):
            voices.write_text(f"pauses: {{turn: 0.3{number}}}\n", "utf-8")
            produce.append(interview_audio(*render).seconds)
            episode = next(folder.glob("*.mp3"))
            bare = [sys.executable, "-m", "benchmarks.encoding", episode]
            encode.append(float(run(bare).output))
        unchanged = fastest([COMMAND, *render], TIMES)
        version = fastest([COMMAND, "--version"], TIMES)
    return {
        "version_s": version,
        "unchanged_s": unchanged,
        "unchanged_over_version": unchanged / version,
        "produce_s": min(produce[1:]),
        "bare_encode_s": min(encode),
        "produce_over_encode": min(produce[1:]) / min(encode),
    }
