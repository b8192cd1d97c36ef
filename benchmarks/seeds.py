"""The texts that benchmarks render: the two real interviews where they are at hand, else our examples."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def sources() -> dict[str, Path]:
    """Language to source file: from ``INTERVIEW_AUDIO_SEEDS`` (default ``../shared/seeds``), else ``examples/``."""
    folder = Path(os.environ.get("INTERVIEW_AUDIO_SEEDS", ROOT.parent / "shared" / "seeds"))
    texts = sorted(folder.glob("*.txt")) or sorted((ROOT / "examples").glob("*.txt"))
    chinese = [text for text in texts if _is_chinese(text)]
    english = [text for text in texts if not _is_chinese(text)]
    return {"zh": chinese[0], "en": english[0]}


def _is_chinese(text: Path) -> bool:
    content = text.read_text("utf-8")
    return sum("\u4e00" <= char <= "\u9fff" for char in content) > len(content) / 4
