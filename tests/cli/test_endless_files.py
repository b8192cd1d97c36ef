"""A file without an end, of a kind that is not read or far too large, is one line wherever a user can name a file."""

import os

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def zeros(path):
    path.symlink_to("/dev/zero")


def pipe(path):
    os.mkfifo(path)


def sparse(path):
    with path.open("wb") as file:
        file.truncate(100 * 10**9)


KINDS = {zeros: "this is a device; choose a file", pipe: "this is a pipe; ", sparse: "larger than the "}


def refused(run, *words):
    outcome = run("plan", *words, "--engine", "tone", "-o", "out")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    return outcome.err


@pytest.mark.parametrize("kind", [zeros, sparse])  # a pipe is waited for, and read
def test_as_source(run, kind, tmp_path):
    kind(tmp_path / "talk.txt")
    assert refused(run, "talk.txt").startswith(f"Error: talk.txt: {KINDS[kind]}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["voices.yaml", "deep/voices.yaml", "configuration/interview-audio/voices.yaml"])
def test_as_settings_that_are_found(run, kind, place, interview, tmp_path):
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True, parents=True)
    (tmp_path / "deep").mkdir(exist_ok=True)
    interview.rename(tmp_path / "deep" / interview.name)
    kind(path)
    assert f"voices.yaml: {KINDS[kind]}" in refused(run, f"deep/{interview.name}")


@pytest.mark.parametrize("kind", [zeros, sparse])
def test_as_settings_that_are_given(run, kind, interview, tmp_path):
    kind(tmp_path / "mine.yaml")
    assert refused(run, interview, "--voices", "mine.yaml").startswith(f"Error: mine.yaml: {KINDS[kind]}")


@pytest.mark.parametrize("kind", KINDS)
def test_as_cover_and_as_music(run, kind, interview, tmp_path):
    kind(tmp_path / "file")
    settings = tmp_path / "voices.yaml"
    settings.write_text("show: {cover: file}", "utf-8")
    assert f"voices.yaml:1:15: show.cover: {tmp_path / 'file'}: {KINDS[kind]}" in refused(run, interview)
    settings.write_text("sound: {intro: file}", "utf-8")
    assert f"voices.yaml:1:16: sound.intro: {tmp_path / 'file'}: {KINDS[kind]}" in refused(run, interview)


@pytest.mark.parametrize(("kind", "named"), [(zeros, "a device"), (pipe, "a pipe")])
def test_as_an_episode_to_verify(run, kind, named, tmp_path):
    kind(tmp_path / "talk.mp3")
    outcome = run("verify", "talk.mp3")
    assert (outcome.code, outcome.err) == (1, "Error: talk.mp3: 1 problem\n")
    assert outcome.out.endswith(
        f"  talk.mp3: this is {named}, not an audio file; choose another file or render it again\n"
    )
