"""Covers as podcast apps get them."""

import contextlib
import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from interview_audio.errors import ConfigurationError
from interview_audio.production.cover import check_cover, make_cover

RED = (200, 30, 30)


def opened(content):
    return Image.open(io.BytesIO(content))


def saved(tmp_path, image, name="cover.png", **options):
    path = tmp_path / name
    image.save(path, **options)
    return path


@pytest.mark.parametrize("title", ["A talk", "", "灯塔：一次漫长的谈话", "a" * 300, "مرحبا", "😀", "\ud800", "\n \t"])
def test_any_title_has_both_sizes(title):
    cover = make_cover(title, None)
    full, embedded = opened(cover.full), opened(cover.embedded)
    assert (full.format, full.mode, full.size, full.info["dpi"]) == ("JPEG", "RGB", (3000, 3000), (72, 72))
    assert (embedded.format, embedded.mode, embedded.size) == ("JPEG", "RGB", (600, 600))
    assert "progression" not in embedded.info
    assert len(cover.embedded) < 200_000


def test_the_same_title_is_the_same_picture_and_another_is_not():
    assert make_cover("A talk", None) == make_cover("A talk", None)
    assert make_cover("A talk", None).full != make_cover("Another talk", None).full


def test_a_title_without_a_font_is_left_out_and_said():
    assert make_cover("A talk with مها", None).warnings == (
        "the cover has no title, because no font has مها; set show.cover to a picture of your own",
    )
    assert make_cover("A 😀 talk with 祎堃 and Łukasz", None).warnings == ()


@pytest.mark.parametrize(("given", "full"), [(1400, 1400), (2000, 2000), (3000, 3000), (3100, 3000)])
def test_a_given_cover_has_the_size_that_apple_takes(tmp_path, given, full):
    cover = make_cover("", saved(tmp_path, Image.new("RGB", (given, given), RED)))
    assert (opened(cover.full).size, opened(cover.embedded).size) == ((full, full), (600, 600))
    assert cover.warnings == ()


def colour_at_top(path):
    return opened(make_cover("", path).full).getpixel((700, 20))


def near(colour, other):
    return all(abs(a - b) <= 4 for a, b in zip(colour, other, strict=True))


def test_a_given_cover_is_upright_whatever_the_camera_says(tmp_path):
    image = Image.new("RGB", (1500, 1500), "white")
    image.paste(RED, (0, 0, 300, 1500))
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(tmp_path, image, "cover.jpg", exif=exif)
    assert near(colour_at_top(path), RED)
    assert not opened(make_cover("", path).full).getexif()


@pytest.mark.parametrize(
    ("mode", "fill", "seen"),
    [
        ("RGBA", (*RED, 0), (255, 255, 255)),
        ("RGBA", (*RED, 255), RED),
        ("LA", (90, 0), (255, 255, 255)),
        ("L", 90, (90, 90, 90)),
        ("1", 1, (255, 255, 255)),
        ("CMYK", (0, 255, 255, 0), (255, 0, 0)),
    ],
)
def test_a_given_cover_is_rgb_on_white(tmp_path, mode, fill, seen):
    name = "cover.tif" if mode == "CMYK" else "cover.png"
    assert near(colour_at_top(saved(tmp_path, Image.new(mode, (1400, 1400), fill), name)), seen)


def test_a_palette_with_a_transparent_colour_is_on_white(tmp_path):
    image = Image.new("P", (1400, 1400), 0)
    image.putpalette([0, 0, 0, *RED])
    assert colour_at_top(saved(tmp_path, image, transparency=0)) == (255, 255, 255)


def test_colours_of_another_space_are_translated(tmp_path):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = saved(tmp_path, Image.new("RGB", (1400, 1400), RED), icc_profile=lab)
    assert near(colour_at_top(path), RED)
    assert "icc_profile" not in opened(make_cover("", path).full).info


def test_a_damaged_profile_is_passed_over(tmp_path):
    path = saved(tmp_path, Image.new("RGB", (1400, 1400), RED), icc_profile=b"no profile")
    assert near(colour_at_top(path), RED)


def test_a_picture_that_is_nearly_square_is_cut(tmp_path):
    assert opened(make_cover("", saved(tmp_path, Image.new("RGB", (1500, 1475)))).full).size == (1475, 1475)


@pytest.mark.parametrize(
    ("size", "message"),
    [
        ((1920, 1080), "1920 x 1080 pixels, but a cover must be square; crop the picture"),
        (
            (800, 800),
            "800 x 800 pixels, but podcast apps need at least 1400 x 1400; set cover to a larger picture",
        ),
    ],
)
def test_a_cover_of_the_wrong_shape_is_refused(tmp_path, size, message):
    path = saved(tmp_path, Image.new("RGB", size))
    with pytest.raises(ConfigurationError) as refused:
        check_cover(path)
    assert str(refused.value) == f"{path}: {message}"


def refusal(tmp_path, content):
    path = tmp_path / "cover.jpg"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError) as refused:
        check_cover(path)
    return str(refused.value).removeprefix(f"{path}: ")


def test_what_is_no_picture_or_of_a_rare_format_is_refused(tmp_path):
    ppm = b"P6 1400 1400 255\n" + bytes(3 * 1400 * 1400)
    assert refusal(tmp_path, ppm) == "not a picture that can be read; set cover to a JPEG or PNG file"
    assert refusal(tmp_path, b"<svg/>") == "not a picture that can be read; set cover to a JPEG or PNG file"
    assert refusal(tmp_path, b"") == "not a picture that can be read; set cover to a JPEG or PNG file"


def test_a_damaged_picture_is_refused(tmp_path):
    file = io.BytesIO()
    Image.effect_noise((1400, 1400), 60).save(file, "JPEG")
    content = file.getvalue()
    assert refusal(tmp_path, content[: len(content) // 2]).startswith("the cover is damaged (image file is truncated")


def test_a_missing_picture_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.png", tmp_path):
        with pytest.raises(ConfigurationError, match=r"the cover cannot be read|this is a folder"):
            check_cover(path)


def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path):
    path = saved(tmp_path, Image.new("1", (20000, 20000)))
    with pytest.raises(ConfigurationError, match="too many pixels"):
        check_cover(path)
    check_cover(None)


def test_more_than_eight_bits_are_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="more than 8 bits per channel"):
        check_cover(saved(tmp_path, Image.new("I;16", (1400, 1400))))


@pytest.mark.parametrize("seed", range(30))
def test_damage_of_any_kind_is_an_error_of_ours_or_a_picture(tmp_path, seed):
    random = np.random.default_rng(seed)
    file = io.BytesIO()
    format_ = ("PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP")[seed % 6]
    Image.new("P" if format_ == "GIF" else "RGB", (1400, 1400)).save(file, format_)
    content = bytearray(file.getvalue())
    for place in random.integers(0, min(len(content), 400), 6):
        content[place] = random.integers(256)
    path = tmp_path / "cover"
    path.write_bytes(content)
    with contextlib.suppress(ConfigurationError):
        check_cover(path)
