"""The commands for voices as a person waits for them, each with the start of its process."""

import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.processes import COMMAND

_ROUNDS = 5
_SENTENCE = "The light has burned since eighteen ninety, and nobody has switched it off."


def measure() -> dict[str, float]:
    """Seconds; the promises are 0.4 for a check, 0.5 for a sentence that is stored and 3 for a new one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        heard = ["audition", "af_heart", "-o", "heard", "--store", "clips", "--force", "--text"]
        new = [_seconds(folder, *heard, f"{_SENTENCE} {number}.") for number in range(_ROUNDS)]
        return {
            "check_s": median(_seconds(folder, "check") for _ in range(_ROUNDS)),
            "list_s": median(_seconds(folder, "list") for _ in range(_ROUNDS)),
            "audition_new_s": median(new),
            "audition_stored_s": median(_seconds(folder, *heard, f"{_SENTENCE} 1.") for _ in range(_ROUNDS)),
        }


def _seconds(folder: Path, *words: str) -> float:
    began = time.perf_counter()
    subprocess.run([COMMAND, "voices", *words], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began
