import pytest

from interview_audio.production import cover
from interview_audio.production.cover import draw_cover


def shown(monkeypatch, title):
    drawn = []
    monkeypatch.setattr(cover, "_draw_title", lambda canvas, text: drawn.append(text))
    draw_cover(title)
    return drawn


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("  A\n talk ", ["A talk"]),
        ("🎙\ufe0f A talk 👩\u200d👩\u200d👧 at home", ["A talk at home"]),
        ("\u202bA\u202c talk\u200b", ["A talk"]),
        ("Caf\u0065\u0301", ["Café"]),
        ("𝐁𝐨𝐥𝐝 words", ["Bold words"]),
        ("祎堃喆镕谈 AI ①", ["祎堃喆镕谈 AI ①"]),
        ("Łódź, Αθήνα, Київ, Hà Nội", ["Łódź, Αθήνα, Київ, Hà Nội"]),
        ("東京の「声」、서울", ["東京の「声」、서울"]),
        ("भारत", []),
        ("😀", []),
        ("", []),
    ],
)
def test_the_title_is_drawn_as_far_as_the_fonts_go(monkeypatch, title, text):
    assert shown(monkeypatch, title) == text


def luminance(colour):
    """Relative luminance (WCAG 2)."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", cover._PALETTES)
def test_white_letters_are_legible_on_every_background(palette):
    assert min(1.05 / (luminance(colour) + 0.05) for colour in palette[:2]) >= 7


def test_the_title_stays_within_the_margins():
    for title in ("“灯塔”", "A" * 200, "gjpqy " * 40):
        picture = draw_cover(title).picture.convert("L").point(lambda value: 255 if value > 250 else 0)
        left, top, right, _ = picture.getbbox()
        assert left >= 240 - 10
        assert top >= 240 - 10
        assert right <= 3000 - 240 + 10
