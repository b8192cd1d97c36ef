import io

import pytest
from PIL import Image, ImageFont

from interview_audio.production import cover
from interview_audio.production.cover import SIZE, draw_cover

NO_FONT_HAS = "\U0001fbfe"


@pytest.mark.parametrize(
    "title",
    ["A talk", "", "奥特曼重返公司：一次漫长的谈话", "a" * 300, "very " * 100, "مرحبا", "😀", NO_FONT_HAS, "\n \t"],
)
def test_any_title_has_a_small_square_png(title):
    picture = draw_cover(title)
    image = Image.open(io.BytesIO(picture))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (SIZE, SIZE))
    assert len(picture) < 200_000


def test_the_same_title_is_the_same_picture_and_another_is_not():
    assert draw_cover("A talk") == draw_cover("A talk")
    assert draw_cover("A talk") != draw_cover("Another talk")


def test_a_title_without_glyphs_is_not_drawn(monkeypatch):
    drawn = []
    monkeypatch.setattr(cover, "_draw_title", lambda canvas, title, font: drawn.append(title))
    for title in ("A talk", f"A {NO_FONT_HAS}", ""):
        draw_cover(title)
    assert drawn == ["A talk"]


def test_a_machine_without_fonts_draws_latin_titles_all_the_same(monkeypatch):
    monkeypatch.setattr(cover, "_FONTS", ())
    drawn = []
    monkeypatch.setattr(cover, "_draw_title", lambda canvas, title, font: drawn.append(title))
    draw_cover("A talk")
    draw_cover("谈话")
    assert drawn == ["A talk"]


@pytest.mark.parametrize("title", ["One two three four five six seven", "一次漫长的谈话，关于未来" * 2])
def test_lines_of_a_title_fit_and_join_to_it(title):
    font = ImageFont.load_default(28)
    lines = list(cover._wrapped(title, font))
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    assert max(font.getlength(line) for line in lines) <= SIZE
