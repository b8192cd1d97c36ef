import io

import pytest
from PIL import Image

from interview_audio.production.chapter_images import ChapterImages, fit_into_tag, make_chapter_images
from interview_audio.production.timeline import Chapter, Timeline, chapter_marks
from interview_audio.transcript.turns import Reference


@pytest.fixture
def source(tmp_path):
    Image.effect_noise((1000, 563), 90).convert("RGB").save(tmp_path / "sea wide.jpg", quality=95)
    Image.new("RGBA", (200, 100), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    Image.new("RGB", (32, 32)).save(tmp_path / "icon.png")
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "sea wide.jpg").read_bytes()[:3000])
    (tmp_path / "folder.jpg").mkdir()
    return tmp_path / "talk.md"


def made(source, *targets):
    chapters = [
        Chapter(f"{number}", number, number + 1, Reference("image", target, number + 1) if target else None)
        for number, target in enumerate(targets)
    ]
    return make_chapter_images(chapters, source, "talk")


def test_files_are_made_smaller_and_each_is_published_once(source):
    images = made(source, "sea%20wide.jpg", "", "clear.png", "sea wide.jpg", "https://lämp.example/ä b.jpg")
    assert images.warnings == ()
    assert images.of_chapters == (".image-1.jpg", "", ".image-2.jpg", ".image-1.jpg", "")
    assert [mark.image for mark in chapter_marks(Timeline(1000, (), images.chapters, 5))] == [
        "talk.image-1.jpg",
        "",
        "talk.image-2.jpg",
        "talk.image-1.jpg",
        "https://xn--lmp-qla.example/%C3%A4%20b.jpg",
    ]
    wide, clear = (Image.open(io.BytesIO(content)) for content in images.files.values())
    assert (wide.format, wide.size, clear.size, clear.getpixel((0, 0))) == (
        "JPEG",
        (800, 450),
        (200, 100),
        (255, 255, 255),
    )


@pytest.mark.parametrize(
    ("target", "what"),
    [
        ("missing.jpg", "there is no such file; put it there, or correct its name"),
        ("text.jpg", "it is not a picture that can be read; save it as JPEG or PNG"),
        ("cut.jpg", "it is damaged"),
        ("icon.png", "it has only 32 x 32 pixels; 64 are the fewest that show anything"),
        ("folder.jpg", "this is a folder; choose a file in it"),
        ("/etc/lamp.jpg", "it has a place on a server or a disk; write its way from the folder of the text"),
        ("a" * 300 + ".jpg", "it cannot be read (File name too long); check its name"),
    ],
)
def test_what_cannot_be_shown_is_one_warning_and_the_chapter_has_none(source, target, what):
    images = made(source, target, target, "clear.png")
    assert images.of_chapters == ("", "", ".image-1.jpg")
    assert [chapter.image and chapter.image.target for chapter in images.chapters] == [None, None, "talk.image-1.jpg"]
    (warning,) = images.warnings
    assert warning.startswith(f"talk.md: line 1: {target} cannot be the image of a chapter: {what}")


def test_one_that_is_too_large_is_not_read(source, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert "it has too many pixels; save it smaller" in made(source, "clear.png").warnings[0]
    with (source.parent / "huge.jpg").open("wb") as file:
        file.truncate(40_000_000)
    assert "larger than the 30 MB limit; save it smaller, as JPEG" in made(source, "huge.jpg").warnings[0]


@pytest.mark.parametrize("room", [-5, 0, 5_000, 60_000, 10_000_000])
def test_a_tag_gets_as_much_of_them_as_it_has_room_for(source, room):
    images = made(source, "sea wide.jpg", "", "clear.png", "sea wide.jpg")
    fitted = fit_into_tag(images, room)
    assert sum(map(len, fitted)) <= max(room, 0)
    assert (len(fitted), fitted[1]) == (4, b"")
    assert bool(fitted[2]) == (room >= 5_000)
    if room > 1_000_000:
        assert fitted[0] == images.files[".image-1.jpg"]
    elif room > 50_000:
        assert Image.open(io.BytesIO(fitted[0])).size[0] < 800


def test_an_episode_without_images_has_none():
    assert fit_into_tag(ChapterImages((), {}, (), ()), 100) == ()
