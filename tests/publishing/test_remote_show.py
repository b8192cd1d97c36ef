"""The feed of episodes at an address: made of records, put beside them, and put over nothing that is not ours."""

import errno

import pytest

from interview_audio.errors import OutputError
from interview_audio.files.episode_record import EpisodeRecord
from interview_audio.publishing.catalogue import read_catalogue
from interview_audio.publishing.channel import read_channel
from interview_audio.publishing.feed import write_feeds
from interview_audio.publishing.remote_show import RemoteShow, remote_show
from interview_audio.storage import objects
from interview_audio.storage.addresses import Address
from interview_audio.storage.remote_files import open_remote_folder
from shows import JPEG, NOW

URL = "https://example.org/show/"


@pytest.fixture
def there(show, bucket):
    """The same show at an address; gives what is in the bucket by name."""
    for path in show.iterdir():
        bucket.client.put_object(Bucket="show", Key=f"pod/{path.name}", Body=path.read_bytes())
    bucket.requests.clear()

    def objects():
        found = bucket.client.list_objects_v2(Bucket="show", Prefix="pod/")["Contents"]
        keys = {one["Key"].removeprefix("pod/"): one["Key"] for one in found}
        return {name: bucket.client.get_object(Bucket="show", Key=key)["Body"].read() for name, key in keys.items()}

    return objects


def write(now=NOW):
    with remote_show(Address("s3://show/pod")) as show:
        channel = read_channel(show.folder)
        show.fetch_covers(channel)
        (written,) = write_feeds(read_catalogue(show.folder), channel, URL, now)
        show.send((written.cover.name, written.path.name))
        return written.is_changed, [show.shown(notice) for notice in written.notices]


def test_the_feed_at_an_address_is_that_of_a_folder_and_no_sound_is_read(show, publish, there, bucket):
    (here,) = publish(show)
    assert write() == (True, [])
    read = {path.rpartition("/")[2] for method, path in bucket.requests if method == "GET"}
    assert read == {"show", "lamp.en.episode.json", "ta.zh.episode.json"}
    assert bucket.sent() == ["podcast-cover.jpg", "feed.xml"]
    assert there()["feed.xml"] == here.path.read_bytes()
    assert write() == (False, [])
    assert bucket.sent() == []
    head = bucket.client.head_object(Bucket="show", Key="pod/feed.xml")
    assert head["ContentType"] == "application/rss+xml; charset=utf-8"


def test_what_was_edited_at_an_address_is_kept_and_what_is_foreign_refused(there, bucket):
    write()
    edited = there()["feed.xml"].replace(b"The lamp", b"Our lamp")
    bucket.client.put_object(Bucket="show", Key="pod/feed.xml", Body=edited)
    (notice,) = write()[1]
    assert notice.startswith("s3://show/pod/feed.xml was changed after it was written, and is kept; the new feed is")
    assert there()["feed.xml"] == edited
    assert "feed.new.xml" in there()
    bucket.client.put_object(Bucket="show", Key="pod/feed.xml", Body=b"<rss><channel/></rss>")
    with pytest.raises(OutputError, match=r"^s3://show/pod/feed\.xml was not written by this command"):
        write()


def test_a_podcast_yaml_and_a_cover_at_the_address_count(there, bucket, tmp_path):
    bucket.client.put_object(Bucket="show", Key="pod/podcast.yaml", Body=b"title: Our show\ncover: ours.jpg\n")
    bucket.client.put_object(Bucket="show", Key="pod/ours.jpg", Body=JPEG)
    write()
    assert b"<title>Our show</title>" in there()["feed.xml"]
    assert there()["podcast-cover.jpg"] == JPEG


def test_a_feed_that_somebody_has_put_there_meanwhile_stays(there, bucket):
    def come_first(*_):
        bucket.on_stored = None
        bucket.client.put_object(Bucket="show", Key="pod/feed.xml", Body=b"theirs")

    bucket.on_stored = come_first
    with pytest.raises(OutputError, match=r"^s3://show/pod/feed\.xml: somebody has put another one there meanwhile"):
        write()
    assert there()["feed.xml"] == b"theirs"


def test_an_answer_that_was_lost_is_no_other_feed(there, bucket, monkeypatch):
    monkeypatch.setattr(objects, "_PAUSES", (0.01, 0.01))

    def lose_the_answer(path, _):
        if path.endswith("feed.xml"):
            bucket.on_stored = None
            raise RuntimeError

    bucket.on_stored = lose_the_answer
    assert write() == (True, [])
    assert bucket.on_stored is None
    assert b"The lamp" in there()["feed.xml"]


@pytest.mark.parametrize("address", ["s3://show/pod", "memory://listing/pod"])
def test_what_lies_in_folders_of_a_show_is_not_listed(bucket, address):
    folder = open_remote_folder(Address(address))
    assert list(folder.files()) == []
    for name in ("feed.xml", "clips/v1/ab/abc.flac"):
        assert folder.put_new(name, b"abc")
    assert [(one.name, one.bytes) for one in folder.files()] == [("feed.xml", 3)]


def test_an_object_whose_name_no_file_can_have_is_left_out(there, bucket):
    bucket.client.put_object(Bucket="show", Key=f"pod/{300 * 'x'}.mp3", Body=b"theirs")
    assert write() == (True, [])


@pytest.mark.usefixtures("there")
def test_a_disk_without_room_is_told_without_a_temporary_name(monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/interview-audio-x/pod/feed.xml")

    monkeypatch.setattr(RemoteShow, "_stand_in", fail)
    with pytest.raises(OutputError, match=r"^the feed of s3://show/pod cannot be made in .*No space left"):
        write()


def test_an_episode_whose_sound_has_not_come_yet_is_left_out(there, bucket):
    bucket.client.delete_object(Bucket="show", Key="pod/ta.zh.mp3")
    with remote_show(Address("s3://show/pod")) as show:
        catalogue = read_catalogue(show.folder)
        assert [one.stem for one in catalogue.episodes] == ["lamp.en"]
        assert [show.shown(problem) for problem in catalogue.problems] == [
            "s3://show/pod/ta.zh.mp3: the sound is not there; render the interview again to publish it"
        ]
        assert isinstance(catalogue.episodes[0].record, EpisodeRecord)
