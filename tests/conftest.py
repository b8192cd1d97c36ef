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


@pytest.fixture(scope="session")
def s3_server():
    """A server of S3, one for each process of the suite."""
    pytest.importorskip("s3fs", reason="the extra `s3` is not installed")
    pytest.importorskip("moto", reason="the group `test` is not installed")
    import s3_server

    with s3_server.running() as server:
        yield server


@pytest.fixture
def bucket(s3_server, monkeypatch):
    """The server with an empty bucket, `show`, as the variables of AWS say."""
    s3_server.clear()
    s3_server.client.create_bucket(Bucket="show")
    s3_server.requests.clear()
    for name, value in {
        "AWS_ENDPOINT_URL": s3_server.address,
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }.items():
        monkeypatch.setenv(name, value)
    return s3_server


INTERVIEW = """The keeper of the light

Ada Brook has kept the light for 31 years. She told us how.

Q: Ada, what is the first thing you do in the morning?

AB: I look at the sea, and the sea looks at me. Then one of us makes coffee.

And then I wind the clock. It has a will of its own.

Q: Do you ever sleep?

AB: No.

Follow us for more interviews!
"""
