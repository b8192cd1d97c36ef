"""Draws a plain square cover: colours and a waveform that come from the title, and the title if a font can say it."""

import hashlib
import io
import itertools
from collections.abc import Iterator
from colorsys import hls_to_rgb

from PIL import Image, ImageDraw, ImageFont

SIZE = 600
"""Pixels of width and height."""

_MARGIN = 48
_BARS = 24
_TITLE_HEIGHT = 300
_LARGEST, _SMALLEST, _STEP = 64, 28, 4
_LEADING = 1.3
_FONTS = (
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJK-Regular.ttc",
    "NotoSansSC-Bold.otf",
    "SourceHanSansCN-Bold.otf",
    "SourceHanSansSC-Bold.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "STHeiti Medium.ttc",
    "msyhbd.ttc",
    "msyh.ttc",
    "simhei.ttf",
    "DejaVuSans-Bold.ttf",
)
_WHITE = (255, 255, 255)
# A code point that no font has: what a font draws for it, it draws for every character that it lacks.
_UNASSIGNED = "\U0001fbfe"

Colour = tuple[int, int, int]
Font = ImageFont.FreeTypeFont


def draw_cover(title: str) -> bytes:
    """Draw the cover of an episode.

    The same title gives the same picture on a machine with the same fonts. A title that no font of the machine has all
    the characters for is left out, rather than drawn as empty boxes.

    Returns:
        A PNG.
    """
    seed = hashlib.sha256(title.encode("utf-8", "replace")).digest()
    hue = seed[0] / 256
    image = Image.new("RGB", (SIZE, SIZE), _colour(hue, 0.24))
    canvas = ImageDraw.Draw(image)
    plain = " ".join(title.split())
    font_name = next((name for name in _available_fonts() if _has_all(name, plain)), None)
    named = bool(plain) and font_name is not None
    _draw_bars(canvas, seed, _colour(hue + 0.08, 0.62), SIZE * 3 // 4 if named else SIZE // 2)
    if named and font_name is not None:
        _draw_title(canvas, plain, font_name)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _colour(hue: float, lightness: float) -> Colour:
    red, green, blue = hls_to_rgb(hue % 1, lightness, 0.5)
    return round(red * 255), round(green * 255), round(blue * 255)


def _draw_bars(canvas: ImageDraw.ImageDraw, seed: bytes, colour: Colour, middle: int) -> None:
    pitch = (SIZE - 2 * _MARGIN) / _BARS
    for index, value in zip(range(_BARS), itertools.cycle(seed), strict=False):
        left = _MARGIN + index * pitch
        half = 10 + value / 255 * (SIZE // 4 - _MARGIN - 10)
        canvas.rounded_rectangle((left, middle - half, left + pitch * 0.6, middle + half), pitch * 0.3, fill=colour)


def _draw_title(canvas: ImageDraw.ImageDraw, title: str, font_name: str) -> None:
    for size in range(_LARGEST, _SMALLEST - 1, -_STEP):
        font = _font(font_name, size)
        lines = list(_wrapped(title, font))
        widest = max(font.getlength(line) for line in lines)
        if len(lines) * size * _LEADING <= _TITLE_HEIGHT and widest <= SIZE - 2 * _MARGIN:
            break
    shown = lines[: int(_TITLE_HEIGHT / (size * _LEADING))]
    for number, line in enumerate(shown):
        canvas.text((_MARGIN, _MARGIN + number * size * _LEADING), line, font=font, fill=_WHITE)


def _wrapped(title: str, font: Font) -> Iterator[str]:
    """Lines that fit the width, broken at spaces, and between any two characters that are not Latin."""
    line = ""
    for piece in _pieces(title):
        if line and font.getlength((line + piece).rstrip()) > SIZE - 2 * _MARGIN:
            yield line.rstrip()
            line = ""
        line += piece
    yield line.rstrip()


def _pieces(title: str) -> Iterator[str]:
    for narrow, group in itertools.groupby(title, key=lambda character: ord(character) < 0x2E80):
        text = "".join(group)
        if narrow:
            words = text.split(" ")
            yield from (word + " " for word in words[:-1])
            yield words[-1]
        else:
            yield from text


def _available_fonts() -> Iterator[str]:
    for name in _FONTS:
        try:
            _font(name, _SMALLEST)
        except OSError:
            continue
        yield name
    yield ""


def _has_all(font_name: str, text: str) -> bool:
    font = _font(font_name, _SMALLEST)
    missing = _drawn(font, _UNASSIGNED)
    return all(character == " " or _drawn(font, character) != missing for character in set(text))


def _drawn(font: Font, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)


def _font(name: str, size: int) -> Font:
    """A font of the system by its file's name; without a name, the one that Pillow carries."""
    if name:
        return ImageFont.truetype(name, size)
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise OSError("Pillow was built without FreeType")
    return font
