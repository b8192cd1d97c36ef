"""Every test has its own working folder and no settings of the user; the cache folder is one for the whole run."""

import os
import signal
import sys
from pathlib import Path

import pytest

# Where a machine is told to write no bytecode, each of the hundreds of processes that tests start would compile every
# module anew, and each run of the suite every test.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_configure():
    """In the background (`make test &`) Ctrl-C is ignored, by what the tests start and interrupt, too: undo that."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    """Those that take longest come first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, tmp_path_factory, monkeypatch, worker_id):
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent  # Kokoro's graph is prepared once for all workers
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def interview(tmp_path) -> Path:
    """A short interview of two people."""
    path = tmp_path / "talk.en.txt"
    path.write_text(INTERVIEW, "utf-8")
    return path


INTERVIEW = """The keeper of the light

Ada Brook has kept the light for 31 years. She told us how.

Q: Ada, what is the first thing you do in the morning?

AB: I look at the sea, and the sea looks at me. Then one of us makes coffee.

And then I wind the clock. It has a will of its own.

Q: Do you ever sleep?

AB: No.

Follow us for more interviews!
"""
