"""What of a folder of episodes goes out to listeners, and what it says of each."""

import json
from dataclasses import replace

import pytest

from interview_audio.errors import UsageError
from interview_audio.files.episode_record import RecordedFile, RecordedMember
from interview_audio.publishing.catalogue import Participant, read_catalogue
from records import RECORD


@pytest.fixture
def folder(tmp_path):
    """A folder with one episode, whose captions a person has edited."""
    for name in ("a.mp3", "a.vtt", "a.new.vtt", "podcast.yaml"):
        (tmp_path / name).write_text(name)
    write_record(tmp_path, "a")
    return tmp_path


def write_record(folder, stem, **changes):
    (folder / f"{stem}.episode.json").write_text(replace(RECORD, **changes).format(), "utf-8")


def narrated(*texts):
    """Lines of the narrator before the first speech."""
    first = replace(RECORD.lines[0], turn=9, text="Good evening.")
    told = [replace(first, turn=turn, speaker="narrator", text=text) for turn, text in enumerate(texts, 1)]
    return (*told, first)


def the_episode(folder):
    return read_catalogue(folder).episodes[0]


def test_the_edited_captions_go_out_and_the_record_does_not(folder):
    files = the_episode(folder).files
    assert {suffix: path.name for suffix, path in files.items()} == {".vtt": "a.vtt", ".mp3": "a.mp3"}
    assert the_episode(folder).sound == folder / "a.mp3"


def test_an_episode_says_what_its_record_does(folder):
    episode = the_episode(folder)
    assert (episode.title, episode.language, str(episode.date)) == ("访谈", "zh", "2024-05-06")
    assert episode.disclosure == "声音由人工智能合成。"
    assert episode.participants == (Participant("林默老师", "guest", is_named=True),)


def test_hosts_come_first_and_a_label_is_nobody_s_name(folder):
    cast = [RecordedMember(name, role, (), "pool") for name, role in (("Ida", "guest"), ("narrator", "narrator"))]
    write_record(folder, "a", language="en", cast=(*cast, RecordedMember("Q", "host", (), "pool", "Interviewer")))
    assert the_episode(folder).participants == (
        Participant("Interviewer", "host", is_named=False),
        Participant("Ida", "guest", is_named=True),
    )


@pytest.mark.parametrize(("label", "role"), [("主持人", "host"), ("Reporter", "host"), ("Guest", "guest")])
def test_what_somebody_does_is_nobody_s_name(folder, label, role):
    write_record(folder, "a", cast=(RecordedMember(label, role, (), "pool", label),))
    assert the_episode(folder).participants == (Participant(label, role, is_named=False),)


def test_a_summary_is_the_introduction_without_the_title(folder):
    write_record(
        folder, "a", title="The Lamp: a talk", lines=narrated("The Lamp:", "a talk", "We met Ida.", "At noon.")
    )
    assert the_episode(folder).summary == "We met Ida. At noon."


def test_a_summary_in_chinese_has_no_spaces_between_sentences(folder):
    write_record(folder, "a", lines=narrated("访谈", "我们见到了她。", "在中午。"))
    assert the_episode(folder).summary == "我们见到了她。在中午。"


def test_without_an_introduction_the_first_speech_is_the_summary(folder):
    write_record(folder, "a", title="Good evening.", lines=narrated("Good evening."))
    assert the_episode(folder).summary == "Good evening."


def test_a_summary_ends_with_a_sentence(folder):
    write_record(folder, "a", lines=narrated("One.", "Two " * 160, "Three."))
    assert the_episode(folder).summary == "One."


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("b.episode.json", "{", "not JSON; render the interview again to publish it"),
        ("b.episode.json", json.dumps({"schema": 1}), "written by another version; render"),
        ("b.episode.json", replace(RECORD, files=(RecordedFile("b.mp3", 1, "ab"),)).format(), "the sound is not there"),
    ],
)
def test_what_cannot_go_out_is_named_and_the_others_go(folder, name, content, problem):
    (folder / name).write_text(content, "utf-8")
    catalogue = read_catalogue(folder)
    assert [episode.stem for episode in catalogue.episodes] == ["a"]
    assert len(catalogue.problems) == 1
    assert problem in catalogue.problems[0]


def test_a_record_gives_out_nothing_from_elsewhere(folder):
    (folder / "other.txt").write_text("secret")
    (folder / "a.md").symlink_to(folder / "other.txt")
    listed = [RecordedFile(name, 1, "ab") for name in ("../a.txt", "other.txt", "a.md", "a/../other.txt")]
    write_record(folder, "a", files=(*listed, RECORD.files[-1]))
    assert list(the_episode(folder).files) == [".mp3"]


def test_a_sound_that_is_a_link_is_named_as_one(folder):
    (folder / "a.mp3").replace(folder / "elsewhere.mp3")
    (folder / "a.mp3").symlink_to(folder / "elsewhere.mp3")
    assert read_catalogue(folder).problems == (
        f"{folder / 'a.mp3'}: it is a link, which is not followed; put the sound itself there",
    )


def test_an_older_record_has_no_date_and_shows_its_speakers(folder):
    content = json.loads(RECORD.format())
    del content["about"], content["cast"][0]["shown"]
    (folder / "a.episode.json").write_text(json.dumps(content))
    assert the_episode(folder).participants[0].name == "林默"
    assert the_episode(folder).date is None


def test_what_is_not_a_folder_is_refused(tmp_path):
    with pytest.raises(UsageError, match="not a folder"):
        read_catalogue(tmp_path / "missing")
