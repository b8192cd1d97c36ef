"""`--store s3://…`: a second machine speaks nothing, and its episode has the same bytes."""

import pytest

from interview_audio.engines.tone import ToneEngine

TONE = ("--engine", "tone", "--store", "s3://show/clips")


@pytest.fixture(autouse=True)
def _machines(bucket, monkeypatch, tmp_path, small_episodes):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "one"))


def test_a_second_machine_speaks_nothing_and_makes_the_same_episode(run, interview, bucket, monkeypatch, tmp_path):
    first = run("render", interview, *TONE, "-o", "first")
    assert first.code == 0, first.err
    put = sorted(path for method, path in bucket.requests if method == "PUT")
    assert len(put) == 7
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "two"))
    monkeypatch.setattr(ToneEngine, "speak", None)
    bucket.requests.clear()
    second = run("render", interview, *TONE, "-o", "second")
    assert second.code == 0, second.err
    assert "0 to speak, 7 clips stored" in second.err
    assert sorted(bucket.requests) == [("GET", path) for path in put]
    of_first, of_second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "second")
    )
    assert of_first == of_second
    shown = run("store", "show", "--store", "s3://show/clips").out.splitlines()
    assert shown[0] == "s3://show/clips"
    assert shown[1].startswith("7 clips, ")
    assert shown[2] == "On this machine:"
    assert str(tmp_path / "two") in shown[3].replace("\\", "")
    assert shown[5].split()[:2] == ["tone", "7"]
    pruned = run("store", "prune", "--max-size", "0B", "--all", "--yes", "--store", "s3://show/clips/")
    assert pruned.out.startswith("7 clips, ")
    assert pruned.out.splitlines()[-1].startswith("s3://show/clips is as it was, for others may need its clips")
    assert not [path for method, path in bucket.requests if method in ("PUT", "DELETE")]
    bucket.requests.clear()
    assert "in the store  7  100.0 %" in run("plan", interview, *TONE, "-o", "third").out
    assert len(bucket.requests) == 7


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("plan", "--store", "s3://none/clips"), 1, "s3://none/clips: there is no such bucket; create it"),
        (("plan", "--store", "s3://"), 2, "s3://: no bucket; write s3://BUCKET or s3://BUCKET/FOLDER"),
        (("plan", "--store", "foo://clips"), 2, "foo://: not a known address"),
        (("plan", "--store", "https://user:secret@example.org/clips"), 2, "example.org/clips: pages are read there"),
        (
            ("render", "--offline", "--store", "s3://show/clips"),
            2,
            "s3://show/clips is on the network, where --offline",
        ),
    ],
)
def test_an_address_that_cannot_be_used_is_one_line(run, interview, words, code, message):
    outcome = run(words[0], interview, "--engine", "tone", *words[1:])
    assert outcome.code == code
    assert message in outcome.err
    assert "secret" not in outcome.err
    assert len(outcome.err.splitlines()) <= 3


def test_an_address_of_files_is_a_folder(run, interview, tmp_path):
    assert run("plan", interview, "--engine", "tone", "--store", (tmp_path / "my clips").as_uri()).code == 0
    assert run("store", "show", "--store", (tmp_path / "my clips").as_uri()).out.startswith(str(tmp_path / "my clips"))
    (tmp_path / "file").touch()
    assert "is a file" in run("plan", interview, "--store", (tmp_path / "file").as_uri()).err


def test_clips_that_were_made_before_the_network_was_gone_are_sent_by_the_next_run(run, interview, bucket, monkeypatch):
    count = iter(range(100))
    bucket.refused = lambda method, path: (
        ("403 Forbidden", "AccessDenied") if method == "PUT" and next(count) > 2 else None
    )
    outcome = run("render", interview, *TONE, "-o", "out")
    assert outcome.code == 1
    assert outcome.err.splitlines()[-1] == (
        "Error: s3://show/clips: refused (AccessDenied); check the credentials and their rights"
    )
    assert len(bucket.stored) == 3
    bucket.refused = None
    assert run("render", interview, *TONE, "-o", "out").code == 0
    assert len(bucket.stored) == 7
