"""``interview-audio share``: what it makes beside a finished episode."""

import re

import mutagen
import pytest


@pytest.fixture
def episode(rendered, tmp_path):
    return tmp_path / "out" / "talk.en.mp3"


def test_a_clip_is_named_after_its_turn_and_made_again_in_its_place(run, episode):
    clip = episode.with_name("talk.en.turn-3.mp3")
    outcome = run("share", episode, "--clip", "turn:3", "--base-url", "https://x.org/show")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith(f"{clip}  0:0")
    tags = mutagen.File(clip).tags
    assert "https://x.org/show/talk.en." in str(tags.getall("COMM")[0])
    assert tags.getall("APIC")
    assert run("share", episode, "--clip", "turn:3").code == 0
    clip.write_bytes(b"mine")
    outcome = run("share", episode, "--clip", "turn:3")
    assert (outcome.code, clip.read_bytes()) == (1, b"mine")
    assert "was not made by `share`" in outcome.err


def test_a_post_needs_to_know_where_listeners_find_the_episode(run, episode, tmp_path):
    assert run("share", episode, "--post").err.startswith("Error: --post links to the episode")
    assert run("share", episode, "--post", "--base-url", "https://x.org/", "-o", "posts").code == 0
    assert 'src="https://x.org/talk.en.mp3"' in (tmp_path / "posts" / "talk.en.post.html").read_text("utf-8")
    (tmp_path / "out" / "podcast.yaml").write_text("title: The reef\nbase_url: https://y.org/show/\n")
    assert run("share", episode, "--post").code == 0
    snippet = episode.with_name("talk.en.post.html").read_text("utf-8")
    assert 'src="https://y.org/show/talk.en.mp3"' in snippet
    assert '"partOfSeries":{"@type":"PodcastSeries","name":"The reef"}' in snippet
    assert "is not the address of a web page" in run("share", episode, "--post", "--base-url", "reef").err


def test_what_cannot_be_shared_is_said(run, episode, interview):
    assert run("share", episode).err.startswith("Error: say what to make of the episode")
    interview = interview.rename(interview.with_name("other.txt"))
    refused = run("share", interview, "--post").err
    assert refused == (
        f"Error: {interview} is not an episode of this program, as other.episode.json is not beside it; name the sound "
        "file of an episode that `render` made\n"
    )


@pytest.mark.parametrize("what", [("--clip", "chapter:1"), ("--video", "--size", "1080x1080")], ids=str)
@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda sound: b"", "it cannot be"),
        (lambda sound: bytes(range(256)) * 100, "it cannot be"),
        (lambda sound: sound[:-5000], "it (ends before what its record says|cannot be decoded)"),  # within a frame, too
    ],
)
def test_a_sound_that_is_not_what_was_rendered_is_said(run, episode, what, damage, reason):
    episode.write_bytes(damage(episode.read_bytes()))
    before = sorted(episode.parent.iterdir())
    outcome = run("share", episode, *what)
    last = outcome.err.splitlines()[-1]
    assert outcome.code == 1
    assert re.match(f"Error: {episode}: {reason}", last)
    assert sorted(episode.parent.iterdir()) == before


def test_the_sound_files_that_can_be_named_are_said(run, episode):
    named = f"name the sound file: {episode}\n"
    assert run("share", episode.parent, "--clip", "turn:1").err == f"Error: {episode.parent} is a folder; {named}"
    page = episode.with_name("talk.en.chapters.json")
    assert run("share", page, "--video").err.endswith(f"is not beside it; {named}")
    record = episode.with_name("talk.en.episode.json").read_text("utf-8")
    for number in range(6):
        sound = episode.with_name(f"a{number}.mp3")
        sound.touch()
        sound.with_name(f"a{number}.episode.json").write_text(
            record.replace('"talk.en.mp3"', f'"{sound.name}"'), "utf-8"
        )
    assert run("share", episode.parent, "--clip", "turn:1").err.endswith(
        "a3.mp3, " + f"{sound.with_name('a4.mp3')}, …\n"
    )


def test_a_mistake_in_podcast_yaml_stops_a_post_alone(run, episode):
    (episode.parent / "podcast.yaml").write_text("titel: The reef\n")
    outcome = run("share", episode, "--clip", "turn:3")
    assert (outcome.code, outcome.out.startswith(str(episode.with_name("talk.en.turn-3.mp3")))) == (0, True)
    assert outcome.err.startswith("Warning: ")
    assert "podcast.yaml:1:1: " in outcome.err
    assert "no link to the episode" in outcome.err
    outcome = run("share", episode, "--clip", "turn:3", "--base-url", "https://x.org/")
    assert (outcome.code, outcome.err) == (0, "")
    outcome = run("share", episode, "--post", "--base-url", "https://x.org/")
    assert (outcome.code, outcome.err.count("podcast.yaml:1:1: ")) == (1, 1)


@pytest.mark.slow
def test_a_clip_s_video_has_its_captions_beside_it(run, episode):
    outcome = run("share", episode, "--clip", "turn:3", "--video", "--captions", "none", "--size", "1080x1080")
    assert outcome.code == 0
    assert outcome.out.startswith(str(episode.with_name("talk.en.turn-3.1080x1080.mp4")))
    assert episode.with_name("talk.en.turn-3.1080x1080.srt").read_text("utf-8").startswith("1\n00:00:00,")
