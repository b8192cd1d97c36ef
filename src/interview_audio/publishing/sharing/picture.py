"""The picture of a video: the cover and titles, who speaks and what is said, and how far the episode is.

A picture is made once, and of it only what differs is drawn again: a video of an hour has some five thousand frames.
Text is set in the two fonts that covers are drawn with; captions with letters that those lack are left to a track.
"""

import io
import itertools
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from PIL import Image, ImageDraw

from interview_audio.production.cover import draw_cover, draw_line, has_no_glyph, lay_out_title, text_width
from interview_audio.text.characters import joined
from interview_audio.text.printable import printable

SIZES = ("1920x1080", "1080x1080", "1080x1920")
_WHITE, _DIM = "#ffffff", "#aab3c0"
_HOST, _OTHERS, _NARRATOR = "#ffc857", ("#8fd3ff", "#9ff0c3", "#ffb3c7", "#d5c3ff"), "#d7dce3"
"""Colours of voices: on the background all have a contrast of 7 to 1 or more (WCAG 2, level AAA)."""
_BRIGHTEST = 54
"""Of the background's channels, of 255: white on it has a contrast of 12 to 1."""
_UNHEARD = 0.32
"""Opacity of what has not been heard yet."""
_LEADING, _ASCENT = 1.34, 0.88
_BAR, _GAP = 6, 4
"""Pixels of a bar of the waveform, and between two, at a height of 1080."""
_SUPERSAMPLED = 4
_LONGEST_LINE = 400
"""Characters of which no more than a part fit on a line, whatever they are."""
_COVER = 1080
"""Pixels of the longest side of a cover."""
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_REPLACEMENT = "〓"
"""For a letter without a glyph, as Chinese and Japanese printers have it."""
_MOST_MISSING = 0.01
"""Part of the letters that may be shown so; beyond it a text is not readable."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""


@dataclass(frozen=True, slots=True)
class Shot:
    """What a frame shows that the next one may not."""

    speaker: str = ""
    """As captions have it."""
    text: str = ""
    """Of the caption, its lines divided as the file has them; empty for none."""
    chapter: str = ""
    bars: int = 0
    """Of the waveform that have been heard."""
    heard: str = ""
    """The clock."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the waveform."""

    height: float
    """From 0 to 1."""
    speaker: str
    """Who speaks there; empty for nobody."""


@dataclass(frozen=True, slots=True)
class Titles:
    """What stays on a picture."""

    title: str
    above: str
    """The show's name, or of a part the episode's title; empty for none."""
    length: str
    """The clock at the end."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where everything is, and how large, in pixels."""

    cover: Box
    titles: Box
    title_sizes: Sequence[int]
    captions: Box
    caption_sizes: Sequence[int]
    wave: Box

    @property
    def small(self) -> int:
        """Size of the small letters."""
        return max(self.caption_sizes[0] * 11 // 20, 8)


def _layout(width: int, height: int) -> _Layout:
    """Return the layout of a wide, a square or a tall picture; their measures are those of 1080p."""
    scale = min(width, height) / 1080

    def box(*edges: float) -> Box:
        left, top, right, bottom = (round(edge * scale) for edge in edges)
        return left, top, right, bottom

    def sizes(largest: int, smallest: int) -> list[int]:
        return [max(round(size * scale), 6) for size in range(largest, smallest - 1, -4)]

    if width > height:
        return _Layout(
            box(110, 92, 570, 552),
            box(640, 92, 1810, 552),
            sizes(64, 40),
            box(110, 622, 1810, 880),
            sizes(64, 36),
            box(110, 920, 1810, 992),
        )
    if width == height:
        return _Layout(
            box(72, 72, 352, 352),
            box(392, 72, 1008, 352),
            sizes(56, 28),
            box(72, 420, 1008, 850),
            sizes(60, 36),
            box(72, 888, 1008, 952),
        )
    # What apps lay over a tall video: a line at the top, and their buttons and the text of the post below.
    return _Layout(
        box(72, 180, 612, 720),
        box(72, 760, 1008, 980),
        sizes(56, 32),
        box(72, 1030, 1008, 1480),
        sizes(66, 40),
        box(72, 1500, 1008, 1570),
    )


def _bar_width(size: tuple[int, int]) -> tuple[int, int]:
    """Return the whole pixels of a bar of the waveform, and of the gap between two."""
    scale = min(size) / 1080
    return max(round(_BAR * scale), 1), max(round(_GAP * scale), 1)


def letters_without_glyph(texts: Sequence[str]) -> tuple[str, bool]:
    """Return the letters of texts that the fonts lack, each once, and whether there are too many of them to read on."""
    letters = [letter for text in texts for letter in unicodedata.normalize("NFC", text) if letter.isalnum()]
    missing = [letter for letter in letters if _glyphs(letter) == _REPLACEMENT]
    return "".join(dict.fromkeys(missing)), len(missing) > _MOST_MISSING * len(letters)


@dataclass
class VideoPicture:
    """A picture that is drawn again where a shot differs from the one before."""

    size: tuple[int, int]
    titles: Titles
    cover: Image.Image
    wave: Sequence[Bar]
    people: Mapping[str, str]
    """Role by name: ``host``, ``guest``, ``narrator``."""
    _shown: Shot | None = field(default=None, init=False)
    _picture: Image.Image = field(init=False)

    def __post_init__(self) -> None:
        self._picture = self._background.copy()

    def of(self, shot: Shot) -> Image.Image:
        """Return the picture of a shot; it is the same object each time, drawn over."""
        before = self._shown
        if before is None or (before.speaker, before.text) != (shot.speaker, shot.text):
            self._draw_caption(shot)
        if before is None or before.chapter != shot.chapter:
            self._draw_chapter(shot.chapter)
        if before is None or before.bars != shot.bars:
            self._draw_wave(0 if before is None else min(before.bars, shot.bars), shot.bars)
        if before is None or before.heard != shot.heard:
            self._draw_clock(shot.heard)
        self._shown = shot
        return self._picture

    @staticmethod
    def bars_of(size: tuple[int, int]) -> int:
        """Return how many bars a waveform has."""
        left, _, right, _ = _layout(*size).wave
        width, gap = _bar_width(size)
        return (right - left + gap) // (width + gap)

    @cached_property
    def _places(self) -> _Layout:
        return _layout(*self.size)

    @cached_property
    def _colours(self) -> Mapping[str, str]:
        others = itertools.cycle(_OTHERS)
        fixed = {"host": _HOST, "narrator": _NARRATOR}
        return {name: fixed.get(role) or next(others) for name, role in self.people.items()}

    def _colour(self, speaker: str) -> str:
        return self._colours.get(speaker, _NARRATOR)

    @cached_property
    def _background(self) -> Image.Image:
        """The picture without anything that changes."""
        halves = self.cover.resize((1, 2), Image.Resampling.BOX)  # a blur of more pixels would show as steps
        above, below = (_darkened(halves.getpixel((0, row))) for row in range(2))
        picture = Image.new("RGB", self.size, above)
        picture.paste(below, (0, 0, *self.size), Image.linear_gradient("L").resize(self.size, Image.Resampling.BICUBIC))
        left, top, right, _ = self._places.cover
        side = right - left
        mask = Image.new("L", (side * _SUPERSAMPLED,) * 2)
        ImageDraw.Draw(mask).rounded_rectangle(
            (0, 0, side * _SUPERSAMPLED - 1, side * _SUPERSAMPLED - 1), radius=side * _SUPERSAMPLED // 24, fill=255
        )
        small = self.cover.resize((side, side), Image.Resampling.LANCZOS)
        picture.paste(small, (left, top), mask.resize((side, side), Image.Resampling.LANCZOS))
        self._draw_titles(ImageDraw.Draw(picture))
        return picture

    def _draw_titles(self, canvas: ImageDraw.ImageDraw) -> None:
        left, top, right, bottom = self._places.titles
        small = self._places.small
        above = _fitting(_written(self.titles.above), small, right - left)
        if above:
            draw_line(canvas, (left, top + small * _ASCENT), above, small, _DIM)
            top += round(small * 1.9)
        bottom -= round(small * 1.9)  # the chapter's
        title = _written(self.titles.title)
        if not title or bottom - top < self._places.title_sizes[-1] * 1.2:
            return
        layout = lay_out_title(title, text_width, (right - left, bottom - top), self._places.title_sizes, 1.2)
        for number, line in enumerate(layout.lines):
            draw_line(canvas, (left, top + layout.size * (_ASCENT + number * 1.2)), line, layout.size, _WHITE)

    def _draw_chapter(self, chapter: str) -> None:
        left, _, right, bottom = self._places.titles
        small = self._places.small
        self._clear((left, bottom - round(small * 1.5), right, bottom + small // 2))
        text = _fitting(_written(chapter), small, right - left)
        if text:
            draw_line(self._canvas, (left, bottom - small * 0.3), text, small, _DIM)

    def _draw_caption(self, shot: Shot) -> None:
        left, top, right, bottom = self._places.captions
        self._clear((left - self._places.small, top, right + self._places.small, bottom))
        # Where no words are shown, the name has their place.
        small = self._places.small if shot.text else self._places.caption_sizes[0]
        name = _fitting(_written(shot.speaker), small, right - left)
        if name:
            draw_line(self._canvas, (left, top + small * _ASCENT), name, small, self._colour(shot.speaker))
        if not shot.text:
            return
        top += round(small * 1.7)
        lines, size = self._caption_lines(shot.text, (right - left, bottom - top))
        for number, line in enumerate(lines):
            draw_line(self._canvas, (left, top + size * (_ASCENT + number * _LEADING)), line, size, _WHITE)

    def _caption_lines(self, text: str, room: tuple[int, int]) -> tuple[Sequence[str], int]:
        """Return a caption in the lines of its file, or in others where those are too wide; and the letters' size."""
        lines = [line for line in map(_written, text.split("\n")) if line]
        sizes = self._places.caption_sizes
        whole = joined(lines)
        widest = max(map(text_width, lines), default=0)
        if widest * sizes[0] <= room[0]:
            return lines, sizes[0]
        for size in sizes:
            layout = lay_out_title(whole, text_width, room, [size], _LEADING)
            if "".join("".join(layout.lines).split()) == "".join(whole.split()):
                return layout.lines, size
        return layout.lines, layout.size

    def _draw_wave(self, first: int, end: int) -> None:
        """Draw the bars from one on: as heard up to another, and at first the rest as they will be."""
        left, top, _, bottom = self._places.wave
        width, gap = _bar_width(self.size)
        last = len(self.wave) if self._shown is None else end
        start, stop = (left + number * (width + gap) for number in (first, last))
        self._clear((start, top, stop, bottom))
        layer = Image.new("RGBA", (stop - start, bottom - top))
        canvas = ImageDraw.Draw(layer)
        for number in range(first, last):
            bar = self.wave[number]
            colour = self._colour(bar.speaker) if bar.speaker else _DIM
            half = max(bar.height, 0.06) * (bottom - top) / 2
            x, middle = (number - first) * (width + gap), (bottom - top) / 2
            alpha = 255 if number < end else round(255 * _UNHEARD)
            edges = (x, middle - half, x + width - 1, middle + half)
            canvas.rounded_rectangle(edges, radius=width / 2, fill=(*_rgb(colour), alpha))
        self._picture.paste(layer, (start, top), layer)

    def _draw_clock(self, heard: str) -> None:
        left, _, right, bottom = self._places.wave
        small = self._places.small * 4 // 5
        baseline = bottom + round(small * 1.75)
        self._clear((left, bottom + 1, right, baseline + small // 2))
        draw_line(self._canvas, (left, baseline), heard, small, _DIM)
        draw_line(
            self._canvas, (right - text_width(self.titles.length) * small, baseline), self.titles.length, small, _DIM
        )

    @cached_property
    def _canvas(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self._picture)

    def _clear(self, box: Box) -> None:
        self._picture.paste(self._background.crop(box), box[:2])


def _darkened(colour: object) -> tuple[int, ...]:
    """Return a colour as dark as the background is."""
    assert isinstance(colour, tuple)
    scale = min(_BRIGHTEST / max(*colour, 1), 1.0)
    return tuple(round(channel * scale) for channel in colour)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _written(text: str) -> str:
    """Return a text on one line with glyphs alone: signs that the fonts lack are left out, letters shown as missing."""
    return " ".join("".join(map(_glyphs, unicodedata.normalize("NFC", printable(text)))).split())


@cache
def _glyphs(character: str) -> str:
    """Return what is drawn for a character: itself, the same in a plainer form, or what shows that one is missing."""
    if character.isspace():
        return " "
    if unicodedata.category(character) == "Cf" or character in _VARIATION_SELECTORS:
        return ""
    for form in (character, unicodedata.normalize("NFKC", character)):
        if not any(map(has_no_glyph, form)):
            return form
    return _REPLACEMENT if character.isalnum() else ""


def _fitting(text: str, size: int, width: int) -> str:
    """Return as much of a text as fits on a line."""
    text = text[:_LONGEST_LINE]
    if text_width(text) * size <= width:
        return text
    while text and text_width(text + "…") * size > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def cover_picture(content: bytes, title: str) -> Image.Image:
    """Return a cover to draw: that of the episode, or one drawn from its title where it has none that can be read.

    Args:
        content: JPEG or PNG; none if empty.
        title: Of the episode.
    """
    if content:
        try:
            with Image.open(io.BytesIO(content)) as picture:
                return _small(picture.convert("RGB"))
        except OSError:
            pass
    return _small(draw_cover(title).picture)


def _small(cover: Image.Image) -> Image.Image:
    """Return a cover no larger than any picture shows it: the rest would take memory all the time."""
    return cover.resize((_COVER, _COVER), Image.Resampling.LANCZOS) if cover.width > _COVER else cover
