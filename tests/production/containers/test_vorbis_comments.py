import struct

from interview_audio.production.containers.flac_and_opus import comments, picture_block
from interview_audio.production.timeline import Chapter, Timeline
from interview_audio.transcript.turns import Reference


def test_tags_and_chapters_are_named_as_players_know_them(press):
    hour = 3600 * 1000
    chapters = (Chapter("One", 0, 1), Chapter("二\n2", 11 * hour + 754_321, 12 * hour))
    assert comments(press.tags, Timeline(1000, (), chapters, 12 * hour)) == {
        "TITLE": "访谈：灯塔 & more",
        "ARTIST": "Ada Brook, 林默",
        "ALBUM": "My show",
        "DATE": "2024-03-21",
        "LANGUAGE": "zho",
        "CHAPTER000": "00:00:00.000",
        "CHAPTER000NAME": "One",
        "CHAPTER001": "11:12:34.321",
        "CHAPTER001NAME": "二 2",
    }


def test_what_is_not_known_is_left_out(press):
    assert comments(press.bare_tags, Timeline(1000, (), (), 1)) == {"TITLE": "Talk", "LANGUAGE": "und"}


def test_a_picture_says_its_size(press):
    cover = press.tags.cover
    block = picture_block(press.tags)
    assert block == struct.pack(">2I9s6I", 3, 9, b"image/png", 0, 64, 64, 24, 0, len(cover)) + cover


def test_a_chapter_has_its_link(press):
    link = Reference("link", "https://a.example/ä")
    named = comments(press.bare_tags, Timeline(1000, (), (Chapter("One", 0, 1, link=link), Chapter("Two", 1, 2)), 2))
    assert {name for name in named if name.endswith("URL")} == {"CHAPTER000URL"}
    assert named["CHAPTER000URL"] == "https://a.example/%C3%A4"
