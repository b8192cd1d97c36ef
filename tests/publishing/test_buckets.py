"""Buckets: what a server of S3 gets, whenever a run ends; and file systems that know no hashes."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest

from interview_audio.errors import OutputError, UsageError
from interview_audio.publishing.publish import PublishOptions, publish
from interview_audio.storage import buckets
from interview_audio.storage.buckets import OutgoingFile
from interview_audio.storage.targets import LIST_NAME, State, TargetError, open_target
from served_folder import put_episode, sound

BASE = "https://example.org/show/"
FORKS = Path(__file__).parents[1] / "support" / "publishing_forks.py"


class Silent:
    def begin(self, files, size):
        pass

    def sent(self, size):
        pass

    def finishing(self):
        pass


def published(folder, to="s3://show/pod", **options):
    return publish(folder, PublishOptions(to, BASE, **options), Silent())


@pytest.fixture
def episode(episodes):
    """The folder with one episode: each file is a request."""
    for path in episodes.glob("b.*"):
        path.unlink()
    return episodes


def test_a_bucket_gets_what_is_new_or_changed_with_types_and_the_feed_last(episode, bucket):
    assert len(published(episode, is_dry=True).sent) == 10
    assert bucket.sent() == []
    published(episode)
    sent = bucket.sent()
    assert len(sent) == len(set(sent)) == 10
    assert sent[-1] == "feed.xml"
    assert set(sent[-4:-1]) == {"a.html", "index.html", "podcast-cover.jpg"}
    heads = {name: bucket.client.head_object(Bucket="show", Key=f"pod/{name}") for name in sent}
    assert {name: (head["ContentType"], head["CacheControl"]) for name, head in heads.items()} == {
        "a.vtt": ("text/vtt; charset=utf-8", "public, max-age=3600"),
        "a.srt": ("application/x-subrip; charset=utf-8", "public, max-age=3600"),
        "a.transcript.json": ("application/json", "public, max-age=3600"),
        "a.chapters.json": ("application/json+chapters", "public, max-age=3600"),
        "a.md": ("text/markdown; charset=utf-8", "public, max-age=3600"),
        "a.mp3": ("audio/mpeg", "public, max-age=3600"),
        "a.html": ("text/html; charset=utf-8", "public, max-age=300"),
        "index.html": ("text/html; charset=utf-8", "public, max-age=300"),
        "podcast-cover.jpg": ("image/jpeg", "public, max-age=3600"),
        "feed.xml": ("application/rss+xml; charset=utf-8", "public, max-age=300"),
    }
    assert bucket.stored["/show/pod/a.mp3"] == (episode / "a.mp3").read_bytes()
    bucket.requests.clear()
    published(episode)
    assert [method for method, _ in bucket.requests] == ["HEAD", "GET", "GET"]  # the feed that is there, and the list
    put_episode(episode, "a", sound("another", 4000))
    published(episode)
    assert bucket.sent() == ["a.mp3", "feed.xml"]


def test_an_object_whose_tag_is_no_md5_is_known_by_its_hash(episode, bucket):
    # So are objects that came in parts, as here, and those of buckets that are encrypted with a key.
    published(episode)
    client, key = bucket.client, {"Bucket": "show", "Key": "pod/a.mp3"}
    metadata = client.head_object(**key)["Metadata"]
    upload = key | {"UploadId": client.create_multipart_upload(**key, Metadata=metadata)["UploadId"]}
    part = client.upload_part(**upload, PartNumber=1, Body=(episode / "a.mp3").read_bytes())
    client.complete_multipart_upload(**upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    assert client.head_object(**key)["ETag"].endswith('-1"')
    bucket.sent()
    published(episode)
    assert bucket.sent() == []


def test_an_object_of_somebody_else_is_replaced_only_when_that_is_asked_for(episode, bucket):
    client = bucket.client
    client.put_object(Bucket="show", Key="pod/index.html", Body=b"theirs")
    client.put_object(Bucket="show", Key="pod/other.mp3", Body=b"theirs")
    bucket.sent()
    with pytest.raises(OutputError, match=r"s3://show/pod: index\.html was put there by somebody else"):
        published(episode)
    assert bucket.sent() == []
    published(episode, is_replacing=True)
    assert bucket.stored["/show/pod/other.mp3"] == b"theirs"
    assert not [method for method, _ in bucket.requests if method == "DELETE"]


def test_what_changes_on_its_way_is_refused(bucket):
    file = OutgoingFile.of("a.mp3", b"sound", "audio/mpeg")
    with pytest.raises(TargetError, match=r"s3://show: .*Content-MD5"):
        open_target("s3://show").send([replace(file, content=b"noise")], lambda *_: None)
    assert bucket.stored == {}


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "s3://none: there is no such bucket; create it"),
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "credentials; set AWS_ACCESS_KEY_ID and"),
        ({"AWS_PROFILE": "nobody"}, "profile .nobody. could not be found; set AWS_ACCESS_KEY_ID"),
    ],
)
def test_a_bucket_that_cannot_be_used_is_one_line(episode, bucket, monkeypatch, variables, message):
    for name, value in variables.items():
        monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    with pytest.raises(TargetError, match=f"s3://none: .*{message.partition('none: ')[2] or message}"):
        published(episode, "s3://none")


def test_an_extra_that_is_missing_is_named(episode, monkeypatch):
    for name in ("s3fs", "fsspec"):
        monkeypatch.setitem(sys.modules, name, None)
    for address in ("s3://show/pod", "gs://show/pod"):
        with pytest.raises(TargetError, match=re.escape(f"{address} needs: pip install 'interview-audio[s3]'")):
            published(episode, address)
    with pytest.raises(UsageError, match="s3://: no bucket"):
        published(episode, "s3://")
    with pytest.raises(UsageError, match=r"^foo://: not a known address; write a folder, s3://… or git[+]…$"):
        published(episode, "foo://x")


def test_every_address_that_asks_for_the_extra_is_known_to_it():
    fsspec = pytest.importorskip("fsspec", reason="the extra `s3` is not installed")
    assert set(fsspec.available_protocols()) >= buckets._SCHEMES


def test_a_run_whose_server_goes_away_half_way_says_so_and_the_next_one_goes_on(episode, bucket, monkeypatch):
    monkeypatch.setattr(buckets, "_ATTEMPTS", 1)

    def stop(path, content):
        if path.endswith("a.mp3"):
            bucket.stop()

    bucket.on_stored = stop
    with pytest.raises(
        TargetError, match=r"s3://show/pod: cannot be reached \(.*\); check the connection and AWS_ENDPOINT"
    ):
        published(episode)
    assert "/show/pod/feed.xml" not in bucket.stored
    bucket.on_stored = None
    bucket.listen()
    arrived = set(bucket.sent())
    published(episode)
    rest = bucket.sent()
    assert rest[-1] == "feed.xml"
    assert arrived & set(rest) == set()


@pytest.mark.slow
def test_a_feed_is_never_ahead_of_its_files_and_a_run_that_was_killed_goes_on(episodes, bucket, tmp_path):
    put_episode(episodes, "a", sound("a", 3_000_000))  # more than sockets hold: killed, half of it has not left
    early = []

    def look(path, content):
        if path.endswith("feed.xml"):
            found = feedparser.parse(content)
            named = [link.href for entry in found.entries for link in entry.links if link.rel == "enclosure"]
            wanted = [*named, *re.findall(rb'url="([^"]*)"', content)]
            paths = {f"/show/pod/{os.fsdecode(one).removeprefix(BASE)}" for one in wanted}
            early.extend(paths - bucket.stored.keys())

    bucket.on_stored = look
    with subprocess.Popen([sys.executable, FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forks:

        def start():
            print("out --to s3://show/pod --base-url", BASE, file=forks.stdin, flush=True)
            return int(forks.stdout.readline())

        def ended():
            return int(forks.stdout.readline())

        def killed_at(name):
            with bucket.held(name) as arrived:
                process = start()
                assert arrived.wait(30)
                os.kill(process, signal.SIGKILL)
                assert ended() == -signal.SIGKILL

        killed_at("a.mp3")
        assert "/show/pod/a.mp3" not in bucket.stored
        assert "/show/pod/feed.xml" not in bucket.stored
        first = bucket.sent()
        killed_at("index.html")
        assert set(first) & set(bucket.sent()) <= {"index.html"}
        start()
        assert ended() == 0
        put_episode(episodes, "c", sound("c", 3_000_000))
        bucket.sent()
        killed_at("c.mp3")
        assert b"c.mp3" not in bucket.stored["/show/pod/feed.xml"]
        start()
        assert ended() == 0
        assert b"c.mp3" in bucket.stored["/show/pod/feed.xml"]
        bucket.sent()
        start()
        assert ended() == 0
        assert bucket.sent() == []
        forks.stdin.close()
    assert early == []


@pytest.fixture
def memory():
    fsspec = pytest.importorskip("fsspec", reason="the extra `s3` is not installed")
    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files
    files.store.clear()


def outgoing(**contents):
    return [OutgoingFile.of(name, content, "text/plain") for name, content in contents.items()]


def states(files):
    target = open_target("memory://shows/pod")
    found = target.look(files)
    target.close()
    return list(found.values())


def test_a_file_system_without_hashes_keeps_a_list(episodes, memory):
    assert len(published(episodes, "memory://shows/pod").sent) == 17
    assert memory.cat_file("/shows/pod/a.mp3") == (episodes / "a.mp3").read_bytes()
    assert published(episodes, "memory://shows/pod").sent == ()
    put_episode(episodes, "b", sound("another", 3000))  # as long as before
    assert [file.name for file, _ in published(episodes, "memory://shows/pod").sent] == ["b.mp3"]


def test_what_a_killed_run_may_have_written_to_it_is_sent_again(memory):
    old, new = outgoing(a=b"old", b=b"old"), outgoing(a=b"new", b=b"new")
    target = open_target("memory://shows/pod")
    assert list(target.look(old).values()) == [State.ABSENT] * 2
    target.begin(old)
    target.send(old, lambda *_: None)
    target.finish()
    assert states(old) == [State.SAME] * 2
    target.look(new)
    target.begin(new)
    target.send(new[:1], lambda *_: None)  # and killed: it does not finish
    assert states(new) == [State.OUTDATED] * 2
    assert states(old) == [State.OUTDATED] * 2


def test_a_file_of_somebody_else_in_it_is_known(memory):
    memory.pipe_file("/shows/pod/a", b"theirs")
    assert states(outgoing(a=b"ours")) == [State.FOREIGN]
    memory.pipe_file(f"/shows/pod/{LIST_NAME}", b"damaged")
    assert states(outgoing(a=b"ours")) == [State.FOREIGN]
