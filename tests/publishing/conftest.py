"""A folder of two episodes, and where it is published to."""

import pytest

from interview_audio.publishing import publish as publishing
from served_folder import put_episode, sound


@pytest.fixture
def show(tmp_path, monkeypatch):
    """The folder; the cover of the show, whose drawing takes half a second, is a few bytes."""
    monkeypatch.setattr(publishing, "cover_of", lambda feed: b"\xff\xd8cover")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for stem in ("a", "b"):
        put_episode(tmp_path / "out", stem, sound(stem, 3000))
    return tmp_path / "out"


@pytest.fixture(scope="session")
def s3_server():
    """A server of S3, one for each process of the suite."""
    pytest.importorskip("s3fs", reason="the extra `publish` is not installed")
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
