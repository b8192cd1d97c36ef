"""The very first render on a machine, which prepares the fast graph beside its work, against one that does without."""

import statistics
import tempfile
from pathlib import Path

from benchmarks.processes import interview_audio
from benchmarks.seeds import ROOT

SOURCE = ROOT / "examples" / "lighthouse.zh.txt"


def measure(rounds: int) -> dict[str, float]:
    """Seconds of both, and the ratio (below 1: preparing pays within the first episode)."""
    preparing: list[float] = []
    without: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        off = folder / "voices.yaml"
        off.write_text("engines: {kokoro: {graph: published}}\n", "utf-8")
        for number in range(rounds):
            for seconds, options in ((preparing, []), (without, ["--voices", off])):
                own = folder / f"{number}{len(options)}"
                command = ["render", SOURCE, "-o", own / "out", *options]
                seconds.append(interview_audio(*command, environment={"XDG_CACHE_HOME": str(own / "cache")}).seconds)
    return {
        "preparing_s": statistics.median(preparing),
        "without_s": statistics.median(without),
        "ratio": statistics.median(one / other for one, other in zip(preparing, without, strict=True)),
    }
