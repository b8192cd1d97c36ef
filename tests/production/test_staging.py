import contextlib

import pytest

from interview_audio.production.staging import Staging


def contents(folder):
    return {path.name: path.read_text("utf-8") if path.is_file() else None for path in folder.iterdir()}


def temporary(staging, text):
    path = staging.temporary()
    path.write_text(text, "utf-8")
    return path


def test_published_files_are_in_place_and_nothing_else_is(tmp_path):
    folder = tmp_path / "new" / "folder"
    with Staging(folder) as staging:
        temporary(staging, "scratch")
        paths = staging.publish({"a.vtt": temporary(staging, "captions"), "a.mp3": temporary(staging, "sound")})
    assert paths == (folder / "a.vtt", folder / "a.mp3")
    assert contents(folder) == {"a.vtt": "captions", "a.mp3": "sound"}


def test_nothing_is_in_place_before_all_is_published(tmp_path):
    with Staging(tmp_path) as staging:
        temporary(staging, "sound")
        assert [path.suffix for path in tmp_path.iterdir()] == [".part"]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError])
def test_what_is_not_published_is_removed(tmp_path, interruption):
    (tmp_path / "a.mp3").write_text("old", "utf-8")
    with contextlib.suppress(interruption), Staging(tmp_path) as staging:
        temporary(staging, "sound")
        raise interruption
    assert contents(tmp_path) == {"a.mp3": "old"}


def test_if_a_file_cannot_be_moved_the_others_are_put_back(tmp_path):
    (tmp_path / "a.vtt").write_text("old captions", "utf-8")
    (tmp_path / "a.mp3").mkdir()
    with pytest.raises(OSError, match=r"a\.mp3"), Staging(tmp_path) as staging:
        staging.publish(
            {
                "a.vtt": temporary(staging, "captions"),
                "a.json": temporary(staging, "chapters"),
                "a.mp3": temporary(staging, "sound"),
            }
        )
    assert contents(tmp_path) == {"a.vtt": "old captions", "a.mp3": None}
