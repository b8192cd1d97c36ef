"""A stored clip that is damaged in any way is made again with a warning, and the episode is as if nothing had been."""

import os
import stat

import pytest

from interview_audio.rendering import preview, render

TONE = ("--engine", "tone", "--store", "clips")

pytestmark = pytest.mark.usefixtures("small_episodes")


def cut(content):
    return content[: len(content) * 2 // 3]


def altered(place):
    def alter(content):
        changed = bytearray(content)
        changed[place(len(content))] ^= 0x10
        return bytes(changed)

    return alter


DAMAGES = {
    "no bytes": lambda _: b"",
    "header": altered(lambda _: 5),
    "checksum": altered(lambda _: 30),
    "comment": lambda content: content.replace(b'"onset":', b'"Onset":'),
    "another version": lambda content: content.replace(b"INTERVIEW_AUDIO=2", b"INTERVIEW_AUDIO=9"),
    "cut": cut,
    "one bit of sound": altered(lambda length: length * 2 // 3),
}


@pytest.fixture
def episode(rendered, tmp_path):
    return (tmp_path / "out" / "talk.en.mp3").read_bytes()


def clip_in(tmp_path):
    return max((tmp_path / "clips").rglob("*.flac"), key=lambda path: path.stat().st_size)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_clip_is_made_again(run, interview, tmp_path, episode, damage):
    path = clip_in(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert path.read_bytes() != whole
    outcome = run("render", interview, "-o", "other", *TONE)
    (warning,) = (line for line in outcome.err.splitlines() if line.startswith("Warning: "))
    assert (outcome.code, path.name in warning, warning.endswith("it will be spoken again")) == (0, True, True)
    assert "render again" not in warning  # it is what just happens
    assert path.read_bytes() == whole
    assert (tmp_path / "other" / "talk.en.mp3").read_bytes() == episode


def test_several_damaged_clips_are_made_again(run, interview, tmp_path, episode):
    paths = sorted((tmp_path / "clips").rglob("*.flac"))
    for path in paths:
        path.write_bytes(altered(lambda length: length * 2 // 3)(path.read_bytes()))
    outcome = run("render", interview, "-o", "other", *TONE)
    assert outcome.code == 0
    assert outcome.err.count("The keeper of the light") == 2
    assert outcome.err.count("it will be spoken again") == len(paths)
    assert (tmp_path / "other" / "talk.en.mp3").read_bytes() == episode


def test_a_disk_that_damages_what_is_written_ends_the_render(run, interview, tmp_path, episode, monkeypatch):
    from interview_audio.files import atomic_files
    from interview_audio.synthesis import clip_file

    def damaging(path, content):
        atomic_files.write_whole(path, altered(lambda length: length * 2 // 3)(content))

    monkeypatch.setattr(clip_file, "write_whole", damaging)
    outcome = run("render", interview, "-o", "other", "--engine", "tone", "--store", "new")
    assert outcome.code == 1
    assert "is damaged (its audio has changed since it was stored)" in outcome.err.splitlines()[-1]
    assert list((tmp_path / "other").iterdir()) == []


@pytest.mark.parametrize(
    ("words", "module", "name"),
    [((), render, "assemble"), (("--preview", "600"), preview, "produce_preview")],
    ids=["render", "preview"],
)
def test_a_clip_that_another_render_has_found_damaged_and_removed_is_waited_for_or_made(
    run, interview, tmp_path, episode, monkeypatch, words, module, name
):
    path = clip_in(tmp_path)
    produce = getattr(module, name)

    def produce_without_clip(*arguments):
        monkeypatch.setattr(module, name, produce)
        path.unlink()
        return produce(*arguments)

    monkeypatch.setattr(module, name, produce_without_clip)
    outcome = run("render", interview, "-o", "other", *TONE, *words)
    assert (outcome.code, path.exists()) == (0, True), outcome.err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_clip_that_may_not_be_read_is_made_again(run, interview, tmp_path, episode):
    path = clip_in(tmp_path)
    path.chmod(0)
    outcome = run("render", interview, "-o", "other", *TONE)
    assert (outcome.code, "Permission denied); delete" in outcome.err or "it will be spoken again" in outcome.err) == (
        0,
        True,
    )
    assert stat.S_IMODE(path.stat().st_mode) & stat.S_IRUSR


def test_a_folder_in_the_place_of_a_clip_is_one_line(run, interview, tmp_path, episode):
    path = clip_in(tmp_path)
    path.unlink()
    path.mkdir()
    outcome = run("render", interview, "-o", "other", *TONE)
    assert outcome.code == 1
    assert outcome.err.splitlines()[-1].startswith(f"Error: {path.relative_to(tmp_path)}: the clip cannot be ")
