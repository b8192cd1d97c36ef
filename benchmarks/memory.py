"""Peak memory of the main process for a short and a very long synthetic episode, made by the tone engine."""

import tempfile
from pathlib import Path

from benchmarks.processes import interview_audio

QUESTION = "Q: What happened in the year {number} at the lighthouse, and who was there to see it?\n\n"
ANSWER = "Ada Brook: In that year, number {number}, {rest}\n\n"
REST = " ".join(["the lamp was lit, the sea was calm, and nobody came to ask for anything at all."] * 4)
SECONDS_AN_EXCHANGE = 33


def measure(short_minutes: int = 10, long_minutes: int = 300) -> dict[str, float]:
    """Peak megabytes of a first render (which synthesizes) and of one that only produces, short and long."""
    results: dict[str, float] = {}
    for name, minutes in (("short", short_minutes), ("long", long_minutes)):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "talk.txt"
            source.write_text("The years\n\n" + _interview(minutes), "utf-8")
            words = ("render", source, "-o", folder, "--store", Path(folder) / "store", "--engine", "tone")
            first = interview_audio(*words)
            (Path(folder) / "talk.vtt").unlink()
            second = interview_audio(*words)
            results |= {f"{name}_first_mb": first.peak_bytes / 1e6, f"{name}_produce_mb": second.peak_bytes / 1e6}
    return results | {"long_over_short": results["long_produce_mb"] / results["short_produce_mb"]}


def _interview(minutes: int) -> str:
    count = minutes * 60 // SECONDS_AN_EXCHANGE
    return "".join((QUESTION + ANSWER).format(number=number, rest=REST) for number in range(count))
