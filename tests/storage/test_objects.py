"""Objects that many share: one of several writers wins, what is got is what was put, and a server may be away a while."""

import sys
import threading
from typing import Any

import pytest

from interview_audio.errors import StoreError, UsageError
from interview_audio.storage import objects as storing
from interview_audio.storage.addresses import Address
from interview_audio.storage.objects import RefusedError, open_objects


@pytest.fixture(params=["s3", "memory"])
def objects(request, bucket):
    """A bucket, and a file system that knows no hashes."""
    if request.param == "s3":
        yield open_objects(Address("s3://show/clips"))
    else:
        shared: Any = open_objects(Address("memory://show/clips"))
        yield shared
        shared._files.rm(shared._root, recursive=True)


@pytest.fixture
def s3(bucket):
    return open_objects(Address("s3://show/clips"))


@pytest.fixture
def fresh():
    """What is opened now was never used, and nobody uses it later."""
    storing._opened.cache_clear()
    yield
    storing._opened.cache_clear()


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(storing, "_PAUSES", (0.01, 0.05))


@pytest.fixture
def impatient(monkeypatch):
    for limit in ("_FIRST_GIVES_UP_AFTER", "_GIVES_UP_AFTER"):
        monkeypatch.setattr(storing, limit, 0)


def test_an_object_is_put_once_and_got_listed_and_removed(objects):
    assert objects.get("v1/ab/one") is None
    assert objects.put_new("v1/ab/one", b"first")
    assert not objects.put_new("v1/ab/one", b"second")
    assert objects.get("v1/ab/one").content == b"first"
    assert objects.put_new("v2/ab/one", b"another")
    assert [(one.name, one.bytes) for one in objects.listed(["v1/a", "v1/b"])] == [("v1/ab/one", 5)]
    objects.delete("v1/ab/one")
    objects.delete("v1/ab/one")
    assert objects.get("v1/ab/one") is None
    assert objects.put_new("v1/ab/one", b"third")


def test_of_many_writers_one_wins(s3, bucket):
    won = {}
    for name in ("a", "b", "c"):
        gate, winners = threading.Barrier(6), []

        def write(number, name=name, gate=gate, winners=winners):
            gate.wait()
            if s3.put_new(name, f"{name}{number}".encode()):
                winners.append(number)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(winners) == 1
        won[name] = f"{name}{winners[0]}".encode()
    assert {name: s3.get(name).content for name in won} == won


def test_more_objects_than_a_page_of_a_listing_are_all_listed(s3, bucket, monkeypatch):
    for number in range(7):
        bucket.client.put_object(Bucket="show", Key=f"clips/v1/{number}", Body=b"x")
    call = s3._files.call_s3
    small = {"list_objects_v2": {"MaxKeys": 3}}
    monkeypatch.setattr(s3._files, "call_s3", lambda method, **words: call(method, **words, **small.get(method, {})))
    assert len(s3.listed(["v1/"])) == 7


@pytest.mark.parametrize("arrives", [lambda content: content[:-2], lambda content: content[:-2] + b"??"])
def test_what_arrives_damaged_is_got_again(s3, bucket, arrives, quick):
    s3.put_new("a", b"a long sound")
    bucket.client.put_object(Bucket="show", Key="clips/b", Body=b"a long sound")  # as other programs do: without a mark
    for name in ("a", "b"):
        spoilt = iter([True])
        bucket.on_its_way = lambda path, content, spoilt=spoilt: arrives(content) if next(spoilt, 0) else content
        found = s3.get(name)
        assert (found.content, found.is_verified) == (b"a long sound", True)
        assert next(spoilt, None) is None


def test_what_is_always_cut_short_is_an_error(s3, bucket, impatient):
    s3.put_new("a", b"a long sound")
    bucket.on_its_way = lambda path, content: content[:5]
    with pytest.raises(StoreError, match=r"^s3://show/clips: .*; "):
        s3.get("a")
    numbers = iter(range(100))
    bucket.on_its_way = lambda path, content: b"%12d" % next(numbers)
    with pytest.raises(StoreError, match=r"^s3://show/clips/a: arrives otherwise each time; check the connection"):
        s3.get("a")


def test_a_content_whose_tag_is_no_hash_is_read_twice(s3, bucket):
    client, key = bucket.client, {"Bucket": "show", "Key": "clips/a"}
    upload = key | {"UploadId": client.create_multipart_upload(**key)["UploadId"]}
    part = client.upload_part(**upload, PartNumber=1, Body=b"sound")
    client.complete_multipart_upload(**upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    bucket.requests.clear()
    found = s3.get("a")
    assert (found.content, found.is_verified) == (b"sound", False)
    assert len(bucket.requests) == 2


def test_a_server_that_is_started_anew_is_waited_for(s3, bucket, quick):
    s3.put_new("a", b"sound")
    bucket.stop()
    again = threading.Timer(0.15, bucket.listen)
    again.start()
    assert s3.get("a").content == b"sound"
    again.join()
    failing = iter([("503 Slow Down", "SlowDown"), ("500 Internal", "InternalError"), ("409 Conflict", "Conflict")])
    bucket.refused = lambda method, path: next(failing, None)
    assert s3.put_new("b", b"sound")


def test_a_server_that_stays_away_is_one_line(s3, bucket, impatient):
    bucket.stop()
    try:
        with pytest.raises(
            StoreError,
            match=r"^s3://show/clips: cannot be reached \(.*\); check the connection and AWS_ENDPOINT_URL; run again",
        ):
            s3.put_new("a", b"sound")
    finally:
        bucket.listen()


def test_a_server_that_knows_no_conditions_is_asked_beforehand(fresh, s3, bucket):
    unknown = iter([("501 Not Implemented", "NotImplemented")])
    bucket.refused = lambda method, path: next(unknown, None)
    assert s3.put_new("a", b"first")
    assert not s3.put_new("a", b"second")
    assert s3.put_new("b", b"another")
    assert s3.get("a").content == b"first"


def test_who_may_only_read_is_told_so_when_writing(s3, bucket):
    s3.put_new("a", b"first")
    bucket.refused = lambda method, path: ("403 Forbidden", "AccessDenied") if method != "GET" else None
    assert s3.get("a").content == b"first"
    with pytest.raises(RefusedError, match=r"^s3://show/clips: refused \(AccessDenied\); check the credentials"):
        s3.put_new("b", b"second")
    with pytest.raises(RefusedError):
        s3.delete("a")


def test_what_is_removed_is_only_what_was_seen(s3, bucket):
    s3.put_new("a", b"first")
    bucket.refused = lambda method, path: (
        ("412 Precondition Failed", "PreconditionFailed") if method == "DELETE" else None
    )
    s3.delete("a", s3.get("a").tag)
    assert s3.get("a").content == b"first"


def test_what_another_package_says_of_credentials_is_one_line(monkeypatch):
    class DefaultCredentialsError(Exception):
        pass

    def refuse(*_, **__):
        raise DefaultCredentialsError("no default credentials")

    shared: Any = open_objects(Address("memory://show/clips"))
    monkeypatch.setattr(shared._files, "cat_file", refuse, raising=False)
    with pytest.raises(StoreError, match=r"^memory://show/clips: no default credentials; check the address"):
        shared.get("a")


@pytest.mark.parametrize(
    ("address", "variables", "message"),
    [
        ("s3://none/x", {}, r"^s3://none/x: there is no such bucket; create it, or correct the address$"),
        (
            "s3://show/x",
            {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
            r"^s3://show/x: .*; set AWS_ACCESS",
        ),
        ("s3://show/x", {"AWS_PROFILE": "nobody"}, r"^s3://show/x: .*nobody.*; set AWS_ACCESS_KEY_ID"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_line(bucket, fresh, monkeypatch, address, variables, message):
    for name, value in variables.items():
        monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match=message):
        open_objects(Address(address)).put_new("a", b"sound")


def test_an_extra_that_is_missing_is_named(bucket, fresh, monkeypatch):
    for name in ("s3fs", "fsspec"):
        monkeypatch.setitem(sys.modules, name, None)
    for address in ("s3://show/x", "gs://show/x"):
        with pytest.raises(StoreError, match=rf"clips in {address} needs: pip install 'interview-audio\[s3\]'$"):
            open_objects(Address(address))
    with pytest.raises(UsageError, match=r"^foo://: not a known address; write a folder or s3://…$"):
        open_objects(Address("foo://x"))


@pytest.mark.parametrize(
    ("address", "said"),
    [("s3:///clips", "s3:///clips: no bucket"), ("s3://my show/clips", "a bucket cannot be called 'my show'")],
)
def test_what_names_no_bucket_is_wrong_usage(address, said):
    with pytest.raises(UsageError, match=said):
        open_objects(Address(address))


def test_an_endpoint_without_a_scheme_is_an_error_in_one_line(fresh, bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "localhost:9000")
    with pytest.raises(StoreError, match="Invalid endpoint: localhost:9000; check AWS_ENDPOINT_URL"):
        open_objects(Address("s3://show/clips")).get("a")


def test_a_server_that_fails_is_quoted_without_numbers_of_ours(fresh, impatient, s3, bucket):
    bucket.refused = lambda *_: ("503 Slow Down", "SlowDown")
    with pytest.raises(StoreError, match=r"^s3://show/clips: SlowDown; run again"):
        s3.get("a")
