"""What is a folder, what is an address, and what is neither."""

from pathlib import Path

import pytest

from interview_audio.errors import UsageError
from interview_audio.storage.addresses import Address, location


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("clips", Path("clips")),
        ("C:/clips", Path("C:/clips")),
        ("./s3:/show", Path("s3:/show")),
        ("talk:2", Path("talk:2")),
        ("file:///srv/my%20clips", Path("/srv/my clips")),
        ("file://localhost/srv", Path("/srv")),
        ("file:/srv/clips", Path("/srv/clips")),
        ("s3://show/clips/", Address("s3://show/clips")),
        ("S3://Show/Clips", Address("s3://Show/Clips")),
    ],
)
def test_an_address_is_told_from_a_folder(written, meant):
    assert location(written) == meant


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("s3:/show/clips", "for an address write s3://show/clips, for a folder ./s3:/show/clips"),
        ("file://srv/clips", "three slashes: file:///srv/"),
        ("HTTPS://example.org/a", "pages are read there"),
    ],
)
def test_what_is_written_wrongly_makes_no_folder(written, said):
    with pytest.raises(UsageError, match=said):
        location(written)


def test_a_folder_that_looks_like_an_address_is_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        Path("s3:/show").mkdir(parents=True)
    except OSError:
        pytest.skip("no such name on this system")
    assert location("s3:/show") == Path("s3:/show")
