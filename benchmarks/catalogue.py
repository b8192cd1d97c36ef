"""A batch of many short interviews against a `render` for each of them; and when its episodes are finished."""

import itertools
import json
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.processes import COMMAND, interview_audio

TEXTS = Path(__file__).with_name("texts")
PHRASES_APART = 7
"""Between a question and its answer in the list of sentences: no two sources have the same pair."""


def measure(sources: int = 200, separately: int = 20) -> dict[str, float]:
    """Seconds of the batch, of the separate commands (a few of them stand for all), and the ratio.

    ``first_episode`` is the share of the batch's time, from its start, after which its first episode was finished;
    ``half_of_the_episodes`` that for half of them.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = _write(folder / "sources", sources)
        ends, seconds = _ends_of_batch(folder, folder / "sources")
        some = texts[:: sources // separately]
        apart = [
            interview_audio("render", text, "-o", folder / "apart", "--store", folder / "apart-store").seconds
            for text in some
        ]
    separate = sum(apart) / len(apart) * sources
    return {
        "sources": sources,
        "batch_s": seconds,
        "separate_commands_tried": len(apart),
        "separate_s": separate,
        "times_as_fast": separate / seconds,
        "first_episode": ends[0] / seconds,
        "half_of_the_episodes": ends[len(ends) // 2] / seconds,
    }


def _write(folder: Path, count: int) -> list[Path]:
    """Write short interviews, a question and an answer each, in both languages; no two say the same."""
    folder.mkdir()
    phrases = {
        language: (TEXTS / f"evaluation.{language}.txt").read_text("utf-8").splitlines() for language in ("en", "zh")
    }
    texts = []
    for number, (language, label) in zip(range(count), itertools.cycle((("en", "Ida"), ("zh", "李明"))), strict=False):
        of_language = phrases[language]
        first = number // 2
        answer = of_language[(first + PHRASES_APART + first // len(of_language)) % len(of_language)]
        text = folder / f"talk-{number:03}.txt"
        text.write_text(f"Q: {of_language[first % len(of_language)]}\n\n{label}: {answer}\n", "utf-8")
        texts.append(text)
    return texts


def _ends_of_batch(folder: Path, *words: object) -> tuple[list[float], float]:
    """Return the seconds from the start until each source of a batch was finished, and until its end."""
    command = [COMMAND, "batch", *words, "-o", folder / "together", "--store", folder / "together-store", "--json"]
    start = time.perf_counter()
    with subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        # A source that has ended begins a line, and so ends the one before: the first of them opens the list.
        lines = [(time.perf_counter() - start, line) for line in process.stdout]
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(map(str, command)))
    seconds = time.perf_counter() - start
    sources = json.loads("".join(line for _, line in lines))["sources"]
    return [moment for moment, _ in lines[: len(sources)]], seconds
