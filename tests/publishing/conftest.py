"""A folder of finished episodes, made of records and a few bytes: feeds read nothing else."""

import datetime
from dataclasses import replace

import pytest

from interview_audio.files.episode_record import RecordedAbout, RecordedChapter, RecordedFile, RecordedMember
from interview_audio.production import cover
from interview_audio.publishing import publish as publishing
from interview_audio.publishing.catalogue import read_catalogue
from interview_audio.publishing.channel import read_channel
from interview_audio.publishing.feed import write_feeds
from records import RECORD
from served_folder import put_episode, sound
from shows import CONTENTS, JPEG, NOW, SIDECARS


@pytest.fixture(autouse=True)
def _covers_not_drawn(monkeypatch):
    """Drawing takes half a second, and ``test_cover`` looks at it."""
    drawn, made = cover.Cover(b"", JPEG, ()), cover.make_cover
    monkeypatch.setattr(cover, "make_cover", lambda title, path: made(title, path) if path else drawn)


@pytest.fixture
def add(tmp_path):
    """Put an episode into the folder; gives its folder."""

    def put(stem, suffix=".mp3", sound=b"sound", **changes):
        folder = tmp_path / "out"
        folder.mkdir(exist_ok=True)
        for ending in SIDECARS:
            (folder / (stem + ending)).write_bytes(CONTENTS.get(ending, b"{}"))
        (folder / (stem + suffix)).write_bytes(sound)
        names = [stem + ending for ending in (*SIDECARS, suffix)]
        record = replace(RECORD, files=tuple(RecordedFile(name, 1, "12ab") for name in names), earlier={}, **changes)
        (folder / f"{stem}.episode.json").write_text(record.format(), "utf-8")
        return folder

    return put


@pytest.fixture
def show(add):
    """A folder with an episode in English and one in Chinese."""
    cast = (RecordedMember("Q", "host", (), "pool", "Interviewer"), RecordedMember("Ida Holm", "guest", (), "pool"))
    english = replace(RECORD.lines[0], text="We met Ida & her <lamp>.", speaker="narrator")
    add(
        "lamp.en",
        title="The lamp & the <sea>",
        language="en",
        duration=61.4,
        cast=cast,
        lines=(english, RECORD.lines[1]),
        about=RecordedAbout(datetime.date(2024, 5, 6), "The Lamp", "The voices are synthetic."),
        chapters=(RecordedChapter("Who?", 0.0, 30.0), RecordedChapter('Why "so"?', 30.5, 61.4)),
    )
    return add("ta.zh", duration=3725.0, about=RecordedAbout(None, "The Lamp", ""))


@pytest.fixture
def publish():
    """Write the feeds of a folder, and return them."""

    def write(folder, base_url="https://example.org/show/", now=NOW):
        return write_feeds(read_catalogue(folder), read_channel(folder), base_url, now)

    return write


@pytest.fixture
def episodes(tmp_path, monkeypatch):
    """A folder of two episodes with every kind of file; the cover of the show is a few bytes."""
    monkeypatch.setattr(publishing, "cover_of", lambda feed: b"\xff\xd8cover")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for stem in ("a", "b"):
        put_episode(tmp_path / "out", stem, sound(stem, 3000))
    return tmp_path / "out"
