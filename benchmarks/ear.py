"""What a listener understands: error rates of the rendered interviews by Whisper, against their own captions."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import interview_audio
from benchmarks.seeds import ROOT

EAR = ROOT.parent / "shared" / "tools" / "listen.py"


def measure(language: str, source: Path, limit: float) -> dict[str, float | str]:
    """Character error rate for Chinese, word error rate for English."""
    if not EAR.exists():
        return {"skipped": "the ear (../shared/tools/listen.py) is not at hand"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "episode"
        interview_audio("render", source, "-o", folder, "--engine", "kokoro")
        words = [sys.executable, str(EAR), str(source), language, str(folder), str(limit)]
        heard = subprocess.run(words, capture_output=True, text=True, check=False, encoding="utf-8").stdout
    print(heard)
    rate = re.search(r"error rate ([\d.]+) over (\d+)", heard)
    if rate is None:
        return {"skipped": f"the ear failed: {heard[-200:]}"}
    return {"error_rate": float(rate[1]), "units": float(rate[2]), "limit": limit}
