"""Which settings files count for a source, and that each is read once."""

import hashlib
import pickle
from pathlib import Path

import pytest

from interview_audio.configuration.loading import load_settings, settings_from
from interview_audio.configuration.lookup import NAME, packaged_default, read_settings_files
from interview_audio.errors import ConfigurationError


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A source with settings beside it, in the working folder and in a file of its own; what each says of pauses."""
    for name in ("work", "texts"):
        (tmp_path / name).mkdir()
        (tmp_path / name / NAME).write_text(f"show: {{title: {name}}}\npauses: {{turn: 0.1}}\n", "utf-8")
    (tmp_path / "own.yaml").write_text("show: {title: own}\n", "utf-8")
    (tmp_path / "texts" / "talk.txt").write_text("Q: Why?\n", "utf-8")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def test_files_are_found_from_the_weakest_to_the_strongest(folders):
    files = read_settings_files(folders / "texts" / "talk.txt", folders / "own.yaml")
    expected = [folders / "work" / NAME, folders / "texts" / NAME, folders / "own.yaml"]
    assert [file.path for file in files.found] == expected
    assert list(files.candidates)[-3:] == expected
    assert files.nearest == folders / "own.yaml"
    assert settings_from(files).show.title == "own"


def test_the_nearest_file_is_about_the_source(folders):
    source = folders / "texts" / "talk.txt"
    assert read_settings_files(source, None).nearest == source.with_name(NAME)
    assert read_settings_files(None, None).nearest is None


def test_a_way_that_leads_up_and_down_again_is_written_plainly_unless_a_link_is_on_it(folders):
    nearest = read_settings_files(Path("../texts/talk.txt"), None).nearest
    assert str(nearest) == str(folders / "texts" / NAME)
    (folders / "far").mkdir()
    (folders / "far" / "there").mkdir()
    (folders / "far" / "texts").mkdir()
    (folders / "far" / "texts" / NAME).write_text("show: {title: far}\n", "utf-8")
    (folders / "link").symlink_to(folders / "far" / "there")
    linked = read_settings_files(Path("../link/../texts/talk.txt"), None).nearest
    assert linked.read_text("utf-8") == "show: {title: far}\n"


def test_what_was_read_is_not_read_again(folders):
    files = read_settings_files(folders / "texts" / "talk.txt", None)
    for file in files.found:
        file.path.unlink()
    settings = settings_from(files)
    assert (settings.show.title, settings.pauses.turn) == ("texts", 0.1)
    assert settings.places["pauses", "turn"] == (str(folders / "texts" / NAME), 2, 16)


def test_each_has_the_digest_of_its_file(folders):
    files = read_settings_files(folders / "texts" / "talk.txt", None)
    paths = [packaged_default(), folders / "work" / NAME, folders / "texts" / NAME]
    assert [file.path for file in files.all] == paths
    assert [file.sha256 for file in files.all] == [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def test_what_cannot_be_read_is_named(folders):
    (folders / "work" / NAME).unlink()
    (folders / "work" / NAME).mkdir()
    with pytest.raises(ConfigurationError, match=f"{NAME}: this is a folder"):
        read_settings_files(None, None)


def test_settings_survive_a_way_to_a_worker_and_cannot_be_changed():
    settings = load_settings([])
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert len({settings.sound, settings.pauses, settings.chapters, settings.show, settings.read}) == 5
    with pytest.raises(AttributeError):
        settings.sound.bitrate = 64  # type: ignore[misc]
