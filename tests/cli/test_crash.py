"""A render that is killed at any moment leaves a sound store and an old or a new episode, and the next one goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = Path(__file__).parents[1] / "support" / "killed_renders.py"
# The fewer samples are encoded, the more of the moments are those of writing, flushing and renaming.
SMALL = "sound: {sample_rate: 16000, bitrate: 16}"


def talk(path, answers):
    lines = ["Numbers\n", *(f"Q: What is {number}?\n\nAda: It is number {number}, no less.\n" for number in answers)]
    path.write_text("\n".join(lines), "utf-8")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows does not fork")
def test_killed_at_ten_random_moments(tmp_path):
    (tmp_path / "voices.yaml").write_text(SMALL, "utf-8")
    talk(tmp_path / "old.txt", range(4))
    talk(tmp_path / "new.txt", range(2, 9))
    result = subprocess.run([sys.executable, DRIVER, "10", "20"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    summary = json.loads(result.stdout.splitlines()[-1])
    assert (summary["killed"], summary["old"] > 0, summary["some clips"] > 0) == (10, True, True)
