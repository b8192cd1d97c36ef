import shutil

import pytest

from interview_audio.verification.facts import read_episode
from interview_audio.verification.report import players_show


def shown(path):
    return {view.players: view.shows for view in players_show(read_episode(path))}


def test_what_players_show_of_an_episode(episode):
    assert shown(episode) == {
        "Apple Podcasts": "4 chapters, transcript with speakers (.vtt in the feed), cover from the feed",
        "Overcast, Castro, Pocket Casts": "4 chapters, cover",
        "AntennaPod": "4 chapters, transcript (.transcript.json in the feed), cover",
        "Spotify, YouTube": "4 chapters (from talk.en.md in the description)",
        "VLC 3": "no chapters for MP3, cover",
        "cars, plain MP3 players": "title, artist, cover, no chapters",
    }


def test_what_players_show_of_a_sound_file_alone(episode, tmp_path):
    alone = shutil.copy(episode, tmp_path / "灯塔.mp3")
    assert shown(alone) == {
        "Apple Podcasts": "4 chapters, its own automatic transcript, cover from the feed, needs an ASCII file name",
        "Overcast, Castro, Pocket Casts": "4 chapters, cover",
        "AntennaPod": "4 chapters, no transcript, cover",
        "Spotify, YouTube": "no chapters: no show notes with 00:00 lines",
        "VLC 3": "no chapters for MP3, cover",
        "cars, plain MP3 players": "title, artist, cover, no chapters",
    }


def test_without_a_tag_and_its_table(episode):
    content = episode.read_bytes()
    size = 10 + sum(septet << shift for septet, shift in zip(content[6:10], (21, 14, 7, 0), strict=True))
    episode.write_bytes(content[size:])
    views = shown(episode)
    assert views["Overcast, Castro, Pocket Casts"] == "no chapters, no cover"
    assert views["AntennaPod"] == (
        "4 chapters (.chapters.json in the feed), transcript (.transcript.json in the feed), no cover"
    )
    assert views["cars, plain MP3 players"] == "the file name, no cover, no chapters"


def test_a_later_tag_loses_chapters_and_titles(episode, tmp_path):
    from mutagen.id3 import ID3, TIT2

    alone = shutil.copy(episode, tmp_path / "alone.mp3")
    tag = ID3(alone)
    tag["CHAP:chp1"].sub_frames["TIT2"] = TIT2(encoding=3, text=["很" * 43])
    tag.delall("CTOC")
    tag.save(alone, v2_version=4)
    views = shown(alone)
    assert views["Overcast, Castro, Pocket Casts"] == "3 chapters (not listed by Overcast), cover"
    assert views["cars, plain MP3 players"].endswith("only the file name if it cannot read ID3v2.4")


@pytest.mark.parametrize(
    ("format_", "apple", "others", "vlc"),
    [
        (
            "m4b",
            "4 chapters, transcript with speakers (.vtt in the feed), cover from the feed",
            "4 chapters, cover",
            "4 chapters, cover",
        ),
        ("opus", "does not play opus", "opus only on devices that play it", "4 chapters, cover"),
    ],
)
def test_other_formats(render, format_, apple, others, vlc):
    views = shown(render(format_))
    assert (views["Apple Podcasts"], views["Overcast, Castro, Pocket Casts"], views["VLC 3"]) == (apple, others, vlc)


def test_two_marks_are_too_few_for_a_description(episode):
    notes = episode.with_name("talk.en.md")
    notes.write_text("00:00 One\n00:20 Two\n", "utf-8")
    assert shown(episode)["Spotify, YouTube"] == "no chapters: the description has 2, but needs 3"
