"""Commands that write to an address, and those that say that they do not."""

import json

import pytest


@pytest.mark.usefixtures("small_episodes", "bucket")
def test_render_batch_and_feed_write_to_an_address(run, interview, bucket):
    made = run("render", interview, "-o", "s3://show/pod", "--engine", "tone", "--store", "clips")
    assert (made.code, made.out.split("  ")[0]) == (0, "s3://show/pod/talk.en.mp3")
    bucket.sent()
    again = run("batch", interview, "-o", "s3://show/pod", "--engine", "tone", "--store", "clips", "--jobs", 1)
    assert (again.code, "1 source: 1 unchanged" in again.out.splitlines()) == (0, True)
    assert bucket.sent() == []
    fed = run("feed", "s3://show/pod", "--base-url", "https://example.org/show")
    assert (fed.code, fed.out) == (0, "s3://show/pod/feed.xml  1 episode, written: https://example.org/show/feed.xml\n")
    shown = json.loads(run("feed", "s3://show/pod", "--json").out)
    assert shown["feeds"][0]["path"] == "s3://show/pod/feed.xml"
    assert shown["feeds"][0]["changed"] is False
    assert bucket.sent() == ["podcast-cover.jpg", "feed.xml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["plan", "talk.en.txt", "-o", "s3://show/a"],
            "s3://show/a: this needs a folder; only `render`",
        ),
        (["render", "talk.en.txt", "-o", "s3://show/a", "--preview", "9"], "s3://show/a: this needs a folder"),
        (["render", "talk.en.txt", "-o", "s3://show/a", "--offline"], "s3://show/a is on the network, where --offline"),
        (["render", "talk.en.txt", "-o", "https://x.org/a"], "https://x.org/a: pages are read there; name a folder or"),
        (["render", "talk.en.txt", "-o", "memory://show/a"], "memory://show/a: is gone when this command ends"),
        (["render", "talk.en.txt", "-o", "s3:/show/a"], "for an address write s3://show/a, for a folder ./s3:/show/a"),
        (["serve", "s3://a:secret@show/a"], "s3://show/a is not on this machine; copy the episodes into a folder"),
        (["verify", "s3://show/a"], "s3://show/a is not on this machine"),
        (["publish", "s3://show/a", "--to", "x"], "s3://show/a is not on this machine"),
        (["share", "s3://show/a"], "s3://show/a is not on this machine"),
        (["feed", "s3://show/a", "--check"], "s3://show/a: --check and --init need a folder"),
    ],
)
def test_what_needs_a_folder_says_so(run, interview, words, said):
    refused = run(*words)
    assert refused.code == 2
    assert said in refused.err
