"""An episode is up to date while nothing that shaped it and nothing of itself has changed."""

import os
from dataclasses import replace
from types import MappingProxyType

import pytest

from interview_audio.errors import ConfigurationError, SourceError
from interview_audio.files.episode_record import RecordedFile
from interview_audio.files.ownership import SIDECAR_SUFFIXES
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.up_to_date import asset_digests, fingerprint, is_up_to_date, read_inputs
from records import record


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "deep" / "talk.txt"
    path.parent.mkdir()
    path.write_text("Q: Yes?\nA: Yes.", "utf-8")
    return path


def made(source, **options):
    chosen = RenderOptions(**options)
    return fingerprint(read_inputs(source, chosen), chosen)


def digests(assets, source, options):
    return asset_digests(assets, read_inputs(source, options))


def is_current(episode, source, options, waiting=MappingProxyType({})):
    return is_up_to_date(replace(read_inputs(source, options), record=episode, waiting=waiting), options)


def episode_of(source, folder, assets=()):
    """Return the record of an episode whose sidecar files, but not its sound, are in the folder."""
    sidecars = [f"talk{suffix}" for suffix in SIDECAR_SUFFIXES]
    for name in sidecars:
        (folder / name).touch()
    return record(
        fingerprint=replace(made(source), assets=assets),
        source=None,
        files=(*(RecordedFile(name, 0, None) for name in sidecars), RecordedFile("talk.mp3", 5, None)),
    )


def test_what_is_given_by_hand_counts_and_what_is_not_given_does_not(source):
    assert made(source) == made(source, title=None)
    assert made(source) != made(source, title="T")


def test_reading_everything_makes_another_episode(source):
    folder = source.parent / "out"
    folder.mkdir()
    episode = episode_of(source, folder)
    (folder / "talk.mp3").write_bytes(b"sound")
    assert is_current(episode, source, RenderOptions(output=folder))
    assert made(source) != made(source, reads_everything=True)
    assert not is_current(episode, source, RenderOptions(output=folder, reads_everything=True))


def test_an_episode_that_was_not_checked_strictly_is_checked_and_one_that_was_is_good_without(source, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "talk.mp3").write_bytes(b"sound")
    unchecked = episode_of(source, tmp_path / "out")
    checked = replace(unchecked, fingerprint=made(source, is_strict=True))
    current = [
        is_current(episode, source, RenderOptions(output=tmp_path / "out", is_strict=is_strict))
        for episode in (unchecked, checked)
        for is_strict in (False, True)
    ]
    assert current == [True, False, True, True]


@pytest.mark.parametrize("place", ["deep/voices.yaml", "voices.yaml", "configuration/interview-audio/voices.yaml"])
def test_every_settings_file_counts(source, tmp_path, place):
    before = made(source)
    file = tmp_path / place
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text("engine: tone", "utf-8")
    assert made(source) != before


def test_the_source_and_the_explicit_file_count(source, tmp_path):
    before = made(source)
    source.write_text("Q: No?\nA: No.", "utf-8")
    assert made(source) != before
    voices = tmp_path / "mine.yaml"
    voices.write_text("", "utf-8")
    assert made(source, voices=voices) != made(source)


def test_up_to_date_only_with_all_files_in_full(source, tmp_path):
    options = RenderOptions(output=tmp_path)
    (tmp_path / "talk.mp3").write_bytes(b"12345")
    episode = episode_of(source, tmp_path)
    assert is_current(episode, source, options)
    assert not is_current(episode, source, RenderOptions(output=tmp_path, format="opus"))
    (tmp_path / "talk.mp3").write_bytes(b"123")
    assert not is_current(episode, source, options)
    (tmp_path / "talk.mp3").unlink()
    assert not is_current(episode, source, options)
    (tmp_path / "waiting").write_bytes(b"12345")
    assert is_current(episode, source, options, {"talk.mp3": tmp_path / "waiting"})
    assert not is_current(episode, source, options, {"talk.mp3": source})
    (tmp_path / "talk.mp3").write_bytes(b"12345")
    (tmp_path / "talk.md").unlink()
    others = [file for file in episode.files if file.name != "talk.md"]
    edited = replace(episode, files=(RecordedFile("talk.new.md", 1, "ab", "talk.md"), *others))
    assert not is_current(edited, source, options)
    (tmp_path / "talk.md").write_bytes(b"mine")
    (tmp_path / "talk.new.md").write_bytes(b"new")
    assert is_current(edited, source, options)


def test_an_episode_without_a_file_that_renders_write_now_is_made_again(source, tmp_path):
    (tmp_path / "talk.mp3").write_bytes(b"12345")
    episode = episode_of(source, tmp_path)
    earlier = replace(episode, files=tuple(file for file in episode.files if file.name != "talk.html"))
    assert is_current(episode, source, RenderOptions(output=tmp_path))
    assert not is_current(earlier, source, RenderOptions(output=tmp_path))


def test_music_and_cover_count_by_content_and_not_by_where_the_whole_lies(source, tmp_path, monkeypatch):
    music, cover = source.parent / "music" / "theme.mp3", tmp_path / "cover.png"
    music.parent.mkdir()
    music.write_bytes(b"la")
    cover.write_bytes(b"face")
    options = RenderOptions(output=tmp_path)
    assets = digests([music, cover, music], source, options)
    assert [asset.file for asset in assets] == ["cover.png", "music/theme.mp3"]
    (tmp_path / "talk.mp3").write_bytes(b"12345")
    episode = episode_of(source, tmp_path, assets)
    assert is_current(episode, source, options)
    music.write_bytes(b"lala")
    assert not is_current(episode, source, options)
    music.unlink()
    assert not is_current(episode, source, options)


def test_an_asset_or_a_source_that_has_become_endless_is_not_read(source, tmp_path):
    music = source.parent / "theme.mp3"
    music.write_bytes(b"la")
    (tmp_path / "talk.mp3").write_bytes(b"12345")
    episode = episode_of(source, tmp_path, digests([music], source, RenderOptions(output=tmp_path)))
    os.truncate(music, 100 * 10**9)
    with pytest.raises(ConfigurationError, match=r"theme\.mp3: larger than the 4 GB limit"):
        is_current(episode, source, RenderOptions(output=tmp_path))
    os.truncate(source, 100 * 10**9)
    with pytest.raises(SourceError, match=r"talk\.txt: larger than the 20 MB limit; split it"):
        made(source)


def test_an_asset_seen_from_a_folder_with_fewer_settings_is_not_current(source, tmp_path, monkeypatch):
    music = source.parent / "theme.mp3"
    music.write_bytes(b"la")
    (source.parent / "voices.yaml").write_text("", "utf-8")
    options = RenderOptions(output=tmp_path)
    (tmp_path / "talk.mp3").write_bytes(b"12345")
    assets = tuple(replace(asset, beside=2) for asset in digests([music], source, options))
    episode = episode_of(source, tmp_path, assets)
    monkeypatch.chdir(source.parent)
    assert not is_current(episode, source, options)
