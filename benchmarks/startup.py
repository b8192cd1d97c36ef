"""Start-up: ``--version`` against ``import click``."""

import sys

from benchmarks.processes import COMMAND, fastest

TIMES = 15


def measure() -> dict[str, float]:
    """Ratio of the fastest runs; the promise is at most 1.5."""
    click = fastest([sys.executable, "-c", "import click"], TIMES)
    version = fastest([COMMAND, "--version"], TIMES)
    return {"import_click_s": click, "version_s": version, "ratio": version / click}
