"""Measures and draws text in the two fonts that the package carries, so that every machine draws the same."""

import itertools
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import ImageDraw, ImageFont

_WESTERN, _EASTERN = "NotoSans-Bold-subset.ttf", "NotoSansCJKsc-Bold-subset.otf"
# A code point that no font has: what a font draws for it, it draws for every character that it lacks.
_UNASSIGNED = "\U0001fbfe"
_HALF_EMPTY = frozenset("“‘「『（【《〈")
"""Full-width marks with their ink on the right."""


def lacks(character: str) -> bool:
    """Whether neither of the fonts has a character."""
    return all(_lacks(font, character) for font in (_WESTERN, _EASTERN))


def text_width(text: str) -> float:
    """Width of a line, in units of the letters' size."""
    return sum(_font(name, 1000).getlength(part) for name, part in _runs(text)) / 1000


def draw_line(canvas: ImageDraw.ImageDraw, place: tuple[float, float], text: str, size: int) -> None:
    """Draw a line of text in white.

    Args:
        canvas: To draw on.
        place: Pixels from the left to the ink of the line, and from the top to its baseline.
        text: Without characters that the fonts lack.
        size: Of the letters, in pixels.
    """
    left, baseline = place
    runs = list(_runs(text))
    if runs and runs[0][0] == _EASTERN and text[0] in _HALF_EMPTY:
        left -= size / 2
    for name, part in runs:
        font = _font(name, size)
        canvas.text((left, baseline), part, font=font, fill="white", anchor="ls")
        left += font.getlength(part)


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Parts of a line with their font; quotation marks and dashes take the width of the writing that they stand in."""
    is_eastern = any(unicodedata.east_asian_width(character) in "WF" for character in text)
    preferred = (_EASTERN, _WESTERN) if is_eastern else (_WESTERN, _EASTERN)

    def font_of(character: str) -> str:
        return preferred[_lacks(preferred[0], character) and not _lacks(preferred[1], character)]

    for name, part in itertools.groupby(text, key=font_of):
        yield name, "".join(part)


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(__file__).with_name(name), size)


@cache
def _lacks(name: str, character: str) -> bool:
    return character != " " and _glyph(name, character) == _glyph(name, _UNASSIGNED)


def _glyph(name: str, character: str) -> tuple[tuple[int, int], bytes]:
    mask = _font(name, 32).getmask(character)
    return mask.size, bytes(mask)
