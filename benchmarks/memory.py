"""Peak memory of the main process for a short and a very long synthetic episode, made by the tone engine."""

import json
import tempfile
from pathlib import Path

from benchmarks.processes import interview_audio

QUESTION = "Q: What happened in the year {number} at the lighthouse, and who was there to see it?\n\n"
ANSWER = "Ada Brook: In that year, number {number}, {rest}\n\n"
REST = " ".join(["the lamp was lit, the sea was calm, and nobody came to ask for anything at all."] * 4)
SECONDS_AN_EXCHANGE = 33
QUICKER = "sound: {sample_rate: 24000, bitrate: 32}\n"


def measure(short_minutes: int = 10, long_minutes: int = 300) -> dict[str, float]:
    """Peak megabytes of a render, synthesis and production in one process, short and long, and their ratio."""
    results: dict[str, float] = {}
    for name, minutes in (("short", short_minutes), ("long", long_minutes)):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "talk.txt"
            source.write_text("The years\n\n" + _interview(minutes), "utf-8")
            (Path(folder) / "voices.yaml").write_text(QUICKER, "utf-8")
            store = Path(folder) / "store"
            rendered = interview_audio("render", source, "-o", folder, "--store", store, "--engine", "tone")
            results[f"{name}_mb"] = rendered.peak_bytes / 1e6
            episode = json.loads((Path(folder) / "talk.episode.json").read_text("utf-8"))
            results[f"{name}_minutes"] = episode["duration"] / 60
    return results | {"long_over_short": results["long_mb"] / results["short_mb"]}


def _interview(minutes: int) -> str:
    count = minutes * 60 // SECONDS_AN_EXCHANGE
    return "".join((QUESTION + ANSWER).format(number=number, rest=REST) for number in range(count))
