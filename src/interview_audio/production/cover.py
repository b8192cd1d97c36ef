"""The cover of an episode as two JPEGs: the one embedded in the sound file, and the one that a feed points to.

It is the user's picture, made what Apple Podcasts asks for where that is possible, or drawn from the title: its words,
and below them two voices taking turns. The title is as large as it fits, broken where a reader would break it. Text is
measured and drawn in the two fonts that the package carries, so that every machine draws the same.
"""

import bisect
import hashlib
import io
import itertools
import math
import struct
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from interview_audio.errors import ConfigurationError
from interview_audio.files.input_files import COVER, InputFileError, read_file

_SMALLEST, _LARGEST = 1400, 3000
"""Pixels of width and height that Apple Podcasts takes; it likes the largest best."""

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")
_CUT_SHARE = 0.02
"""Of the longer side: what an export left uneven is cut off; more would cut into what the picture shows."""
# What Pillow's decoders raise on damaged files, beside UnidentifiedImageError, which is an OSError.
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error)

_EMBEDDED = 600
"""Pixels of width and height in the sound file: players read its whole tag before they play."""

_QUALITY = 90
_ORIENTATION = 0x0112
"""The tag of EXIF that says how a picture is turned."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The picture of an episode, square, without transparency or metadata."""

    embedded: bytes
    """JPEG of 600 x 600 pixels."""
    full: bytes
    """JPEG of 1400 x 1400 to 3000 x 3000 pixels, as Apple Podcasts asks of feeds."""
    warnings: tuple[str, ...]
    """What the user should know: each one line."""


def check_cover(path: Path | None) -> None:
    """See that the user's picture, if there is one, can be the cover.

    Raises:
        ConfigurationError: It is missing, damaged, no picture, too small or not square.
    """
    if path is not None:
        _read_picture(path)


def make_cover(title: str, path: Path | None) -> Cover:
    """Make the cover of an episode; the same input and Pillow give the same bytes.

    Args:
        title: Of the episode.
        path: The user's picture; without one, a cover is drawn.

    Raises:
        ConfigurationError: The user's picture cannot be the cover.
    """
    if path is not None:
        return _cover(_read_picture(path), ())
    drawn = draw_cover(title)
    return _cover(drawn.picture, drawn.warnings)


def is_fit_cover(path: Path) -> bool:
    """Tell whether the user's picture goes into a feed as it is: a JPEG of the right size, upright, in RGB.

    Raises:
        ConfigurationError: It cannot be the cover.
    """
    side = _read_picture(path).size
    with Image.open(path) as picture:
        is_upright = picture.getexif().get(_ORIENTATION, 1) == 1
        return picture.format == "JPEG" and picture.mode == "RGB" and picture.size == side and is_upright


def _cover(picture: Image.Image, warnings: tuple[str, ...]) -> Cover:
    small = picture.resize((_EMBEDDED, _EMBEDDED), Image.Resampling.LANCZOS)
    return Cover(_jpeg(small), _jpeg(picture), warnings)


def _jpeg(picture: Image.Image) -> bytes:
    """Encode a baseline JPEG, which the most screens can show."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY, optimize=True, dpi=(72, 72))
    return file.getvalue()


def _read_picture(path: Path) -> Image.Image:
    """Read the picture as sRGB, upright, on white where it is transparent, square, 1400 to 3000 pixels wide.

    Raises:
        ConfigurationError: It is missing, damaged, too large, no picture, too small or not square.
    """
    try:
        content = read_file(path, COVER)
    except InputFileError as error:
        raise ConfigurationError(str(error), str(path)) from error
    except OSError as error:
        raise ConfigurationError(
            f"the cover cannot be read ({error.strerror}); check the file name", str(path)
        ) from error
    picture = _decoded(content, path)
    longer, shorter = max(picture.size), min(picture.size)
    size = "{} x {} pixels".format(*picture.size)
    if longer - shorter > longer * _CUT_SHARE:
        raise ConfigurationError(f"{size}, but a cover must be square; crop the picture", str(path))
    if shorter < _SMALLEST:
        raise ConfigurationError(
            f"{size}, but podcast apps need at least {_SMALLEST} x {_SMALLEST}; set cover to a larger picture",
            str(path),
        )
    side = min(shorter, _LARGEST)
    return ImageOps.fit(in_srgb(without_transparency(picture)), (side, side), Image.Resampling.LANCZOS)


def _decoded(content: bytes, path: Path) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                upright = ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ConfigurationError(
            f"the cover has too many pixels; set cover to a picture of {_LARGEST} x {_LARGEST}", str(path)
        ) from error
    except UnidentifiedImageError as error:
        raise ConfigurationError(
            "not a picture that can be read; set cover to a JPEG or PNG file", str(path)
        ) from error
    except DAMAGE as error:
        raise ConfigurationError(f"the cover is damaged ({error}); save it again", str(path)) from error
    if upright.mode.startswith(("I", "F")):
        raise ConfigurationError("the cover has more than 8 bits per channel; save it as JPEG", str(path))
    return upright


def without_transparency(picture: Image.Image) -> Image.Image:
    """Lay a picture on white where it is transparent."""
    if not picture.has_transparency_data:
        return picture
    layered = picture.convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")
    flat.info.update(picture.info)
    return flat


def in_srgb(picture: Image.Image) -> Image.Image:
    """Convert a picture to the colours that every screen shows."""
    profile = picture.info.get("icc_profile")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            # Of another kind of colour than the picture, or damaged: browsers and players pass over it, too.
            made = None
        if made is not None:
            return made
    return picture.convert("RGB")


_SIDE = _LARGEST
"""Pixels of width and height of a drawn cover."""

_MARGIN = 240
_TITLE_BOX = (_SIDE - 2 * _MARGIN, 1640)
_SIZES = range(720, 129, -10)
_LEADING, _ASCENT = 1.24, 0.88
_BARS, _BAR_SHARE = 21, 0.56
_LONGEST_BAR, _SHORTEST_BAR = 0.95, 0.14
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
# Background above and below, the voice that asks, the voice that answers. White on any of the backgrounds, even at the
# bottom of the cover, has a contrast of at least 7 to 1 (WCAG 2, level AAA).
_PALETTES = (
    ("#14213d", "#27406e", "#fca311", "#e5e9f2"),
    ("#10312b", "#1f5b4f", "#f2c14e", "#d9f0e6"),
    ("#3b0f2b", "#6e1f4f", "#ff9b71", "#fbe3ef"),
    ("#1b1b3a", "#41337a", "#6ee7b7", "#e6e1ff"),
    ("#2b1a12", "#6b3a21", "#ffd166", "#f8e6d8"),
    ("#0b3142", "#14566b", "#ff8c61", "#d7f0f5"),
    ("#2d0a0f", "#7a1f2b", "#ffb86b", "#fde3e0"),
    ("#22252b", "#474e5c", "#4cc9f0", "#e8ebf0"),
)


@dataclass(frozen=True, slots=True)
class DrawnCover:
    """A drawn cover."""

    picture: Image.Image
    """RGB, square."""
    warnings: tuple[str, ...]


def draw_cover(title: str) -> DrawnCover:
    """Draw a cover of 3000 x 3000 pixels; colours and voices come from the title.

    Signs that the package's fonts lack are left out (emoji). A letter that they lack leaves out the title as a whole,
    rather than show it with a hole, and a warning says so.
    """
    plain = _plain(title)
    missing = "".join(dict.fromkeys(filter(has_no_glyph, plain)))
    seed = hashlib.sha256(title.encode("utf-8", "replace")).digest()
    above, below, asking, answering = _PALETTES[seed[0] % len(_PALETTES)]
    picture = _gradient(above, below)
    canvas = ImageDraw.Draw(picture)
    shown = plain if plain and not missing else ""
    if shown:
        _draw_title(canvas, shown)
    _draw_voices(canvas, seed, (asking, answering), (2050, 2820) if shown else (700, 2300))
    return DrawnCover(picture, (_warning(missing),) if missing else ())


def _warning(missing: str) -> str:
    return f"the cover has no title, because no font has {missing[:20]}; set show.cover to a picture of your own"


def _plain(title: str) -> str:
    """Return a title on one line, without what is invisible, and without signs that have no glyph."""
    visible = " ".join("".join(filter(_is_visible, unicodedata.normalize("NFC", title))).split())
    if any(map(has_no_glyph, visible)):
        visible = unicodedata.normalize("NFKC", visible)
    kept = (character for character in visible if character.isalnum() or not has_no_glyph(character))
    return " ".join("".join(kept).split())


def _is_visible(character: str) -> bool:
    is_invisible = unicodedata.category(character)[0] == "C" or character in _VARIATION_SELECTORS
    return character.isspace() or not is_invisible


def _draw_title(canvas: ImageDraw.ImageDraw, title: str) -> None:
    layout = lay_out_title(title, text_width, _TITLE_BOX, _SIZES, _LEADING)
    for number, line in enumerate(layout.lines):
        baseline = _MARGIN + layout.size * (_ASCENT + number * _LEADING)
        draw_line(canvas, (_MARGIN, baseline), line, layout.size)


def _gradient(above: str, below: str) -> Image.Image:
    mask = Image.linear_gradient("L").resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)
    # In place: each picture of this size takes 36 MB.
    picture = Image.new("RGB", (_SIDE, _SIDE), above)
    picture.paste(below, (0, 0, _SIDE, _SIDE), mask)
    return picture


def _draw_voices(canvas: ImageDraw.ImageDraw, seed: bytes, colours: tuple[str, str], rows: tuple[int, int]) -> None:
    top, bottom = rows
    pitch = (_SIDE - 2 * _MARGIN) / (_BARS - 1 + _BAR_SHARE)
    width = pitch * _BAR_SHARE
    voice, left_to_say = 0, 2 + seed[1] % 3
    for index in range(_BARS):
        if left_to_say == 0:
            voice, left_to_say = 1 - voice, 3 + seed[index] % 4 * (1 - voice)
        left_to_say -= 1
        share = _SHORTEST_BAR + (_LONGEST_BAR - _SHORTEST_BAR) * seed[index + 8] / 255
        half = share * (bottom - top) / 2
        left, middle = _MARGIN + index * pitch, (top + bottom) / 2
        canvas.rounded_rectangle(
            (left, middle - half, left + width, middle + half), radius=width / 2, fill=colours[voice]
        )


_WESTERN, _EASTERN = "NotoSans-Bold-subset.ttf", "NotoSansCJKsc-Bold-subset.otf"
# A code point that no font has: what a font draws for it, it draws for every character that it lacks.
_UNASSIGNED = "\U0001fbfe"
_HALF_EMPTY = frozenset("“‘「『（【《〈")
"""Full-width marks with their ink on the right."""


def has_no_glyph(character: str) -> bool:
    """Tell whether neither of the fonts has a character."""
    return all(_font_lacks(font, character) for font in (_WESTERN, _EASTERN))


def text_width(text: str) -> float:
    """Measure the width of a line, in units of the letters' size."""
    return sum(_font(name, 1000).getlength(part) for name, part in _runs(text)) / 1000


def draw_line(
    canvas: ImageDraw.ImageDraw, place: tuple[float, float], text: str, size: int, colour: str = "white"
) -> None:
    """Draw a line of text.

    Args:
        canvas: To draw on.
        place: Pixels from the left to the ink of the line, and from the top to its baseline.
        text: Without characters that the fonts lack.
        size: Of the letters, in pixels.
        colour: Of the letters, as Pillow names colours.
    """
    left, baseline = place
    runs = list(_runs(text))
    if runs and runs[0][0] == _EASTERN and text[0] in _HALF_EMPTY:
        left -= size / 2
    for name, part in runs:
        font = _font(name, size)
        canvas.text((left, baseline), part, font=font, fill=colour, anchor="ls")
        left += font.getlength(part)


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Yield parts of a line with their font; quotation marks and dashes take the width of the writing around them."""
    is_eastern = any(unicodedata.east_asian_width(character) in "WF" for character in text)
    preferred = (_EASTERN, _WESTERN) if is_eastern else (_WESTERN, _EASTERN)

    def font_of(character: str) -> str:
        return preferred[_font_lacks(preferred[0], character) and not _font_lacks(preferred[1], character)]

    for name, part in itertools.groupby(text, key=font_of):
        yield name, "".join(part)


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(__file__).with_name("fonts") / name, size)


@cache
def _font_lacks(name: str, character: str) -> bool:
    return character != " " and _glyph(name, character) == _glyph(name, _UNASSIGNED)


def _glyph(name: str, character: str) -> tuple[tuple[int, int], bytes]:
    mask = _font(name, 32).getmask(character)
    return mask.size, bytes(mask)


_CLAUSE_END = frozenset("，；：、。！？…—,;:.!?)）】》」』”’|/·–")
_CLOSING = frozenset("，；：、。！？…—,;:.!?)）】》〉」』”’%％·ーっッゃャゅュょョ～")
_OPENING = frozenset("“‘「『（【《〈([{")
# Chinese words of one character that cling to the word before or after them; no line begins or ends with those.
_CLINGS_BEFORE = frozenset("的了吗呢吧着过们地得之者后里中々")
_CLINGS_AFTER = frozenset("第不与和及或在是把被对从向为将")
_LIGHT_WORDS = frozenset(
    {"a", "an", "the", "of", "to", "in", "on", "at", "by", "and", "or", "for", "with", "from", "&"}
)
_SHORTEST_BEFORE_HYPHEN = 4
_LONGEST_DROPPED = 20
"""Characters of a last word that is left out as a whole where a title is too long."""
_MOST_CHARACTERS = 2000
"""Of a title that are looked at: three times as many as of the narrowest letters fit."""

# What a break costs, in doublings of the letters' size: a title is set smaller rather than broken badly.
_WELL, _BETWEEN_WORDS, _IN_A_PHRASE, _AGAINST_THE_GRAIN = 0.0, 0.06, 0.22, 0.6
_UNEVEN, _LONELY = 0.2, 0.5


@dataclass(frozen=True, slots=True)
class TitleLayout:
    """A title in lines, with the size of its letters."""

    lines: tuple[str, ...]
    size: int
    """Of the letters, in pixels."""


@dataclass(frozen=True, slots=True)
class _MeasuredTitle:
    """A title in the parts between which a line may end; widths in units of the letters' size."""

    pieces: tuple[str, ...]
    """A space stays with the part before."""
    starts: tuple[float, ...]
    """Where each part begins, and the end of the last."""
    ends: tuple[float, ...]
    """Where each part ends, without its space."""
    costs: tuple[float, ...]
    """Of a break after each part but the last."""


@dataclass(frozen=True, slots=True)
class _Breaking:
    """A way to break the rest of a title."""

    cost: float
    ends: tuple[int, ...]
    """Index of the part after each line."""


def lay_out_title(
    title: str, width_of: Callable[[str], float], box: tuple[int, int], sizes: Sequence[int], leading: float
) -> TitleLayout:
    """Find the size and the breaks at which a title reads best; what does not fit even at the smallest size is cut.

    Args:
        title: One line, not empty, without spaces around.
        width_of: Width of a text in units of the letters' size.
        box: Width and height in pixels; a line of the smallest letters fits.
        sizes: Of letters, in pixels, the largest first.
        leading: From line to line, in units of the letters' size.
    """
    width_of, widest = cache(width_of), box[0] / sizes[-1]
    title = _within_reach(title, width_of, widest, int(box[1] / (sizes[-1] * leading)))
    while True:
        measured = _measured(title, width_of, widest)
        best: tuple[float, TitleLayout] | None = None
        for size in sizes:
            breaking = _break(measured, box[0] / size, int(box[1] / (size * leading)))
            if breaking is not None and (best is None or math.log2(size) - breaking.cost > best[0]):
                best = math.log2(size) - breaking.cost, TitleLayout(_lines(measured.pieces, breaking.ends), size)
        if best is not None:
            return best[1]
        title = _shortened(title)


def _within_reach(title: str, width_of: Callable[[str], float], widest: float, most: int) -> str:
    """Cut what is far beyond so many lines: leaving that out word by word would take quadratic time."""
    looked_at = title[:_MOST_CHARACTERS]
    measured = _measured(looked_at, width_of, widest)
    fitting = bisect.bisect_right(measured.ends, widest * most)
    kept = sum(map(len, measured.pieces[: fitting + 1])) + 2 * _LONGEST_DROPPED
    return title if kept >= len(title) else f"{looked_at[:kept].rstrip()}…"


def _shortened(title: str) -> str:
    """Leave out the last word of a title, or the last character where no spaces separate words."""
    kept = title.removesuffix("…").rstrip()
    space = kept.rfind(" ", len(kept) - _LONGEST_DROPPED)
    return f"{kept[: space if space > 0 else len(kept) - 1].rstrip()}…"


def _measured(title: str, width_of: Callable[[str], float], widest: float) -> _MeasuredTitle:
    pieces = [part for piece in _pieces(title) for part in ([piece] if width_of(piece) <= widest else piece)]
    starts = tuple(itertools.accumulate(map(width_of, pieces), initial=0.0))
    ends = tuple(start + width_of(piece.rstrip()) for start, piece in zip(starts, pieces, strict=False))
    costs = tuple(itertools.starmap(_break_cost, itertools.pairwise(pieces)))
    return _MeasuredTitle(tuple(pieces), starts, ends, costs)


def _pieces(title: str) -> list[str]:
    pieces: list[str] = []
    for index, character in enumerate(title):
        if pieces and not _may_break(pieces[-1], character, title[index + 1 : index + 2]):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _may_break(before: str, after: str, next_but_one: str) -> bool:
    last = before[-1]
    if after == " " or after in _CLOSING or last in _OPENING or unicodedata.category(after)[0] == "M":
        return False
    if last == "-":  # but not in GPT-4, X-ray or co-op
        return len(before) > _SHORTEST_BEFORE_HYPHEN and after.isalpha() and next_but_one.isalpha()
    return last in " –—/" or _is_wide(last) or _is_wide(after)


def _is_wide(character: str) -> bool:
    # Korean is written with spaces and broken at them.
    return unicodedata.east_asian_width(character) in "WF" and not "가" <= character <= "힣"


def _break_cost(before: str, after: str) -> float:
    word, last, first = before.strip(), before.rstrip()[-1:], after[0]
    if last in _CLAUSE_END:
        return _WELL
    if before.endswith(" "):
        return _IN_A_PHRASE if word.lower() in _LIGHT_WORDS else _BETWEEN_WORDS
    if first in _CLINGS_BEFORE or last in _CLINGS_AFTER or first == last:
        return _AGAINST_THE_GRAIN
    if first in _OPENING or first in _CLINGS_AFTER or last in _CLINGS_BEFORE:
        return _BETWEEN_WORDS
    return _IN_A_PHRASE


def _break(measured: _MeasuredTitle, width: float, most: int) -> _Breaking | None:
    """Find the best lines for the whole title, at most so many; None if they do not fit."""
    total = len(measured.pieces)

    @cache
    def rest(start: int, count: int) -> _Breaking | None:
        if measured.ends[-1] - measured.starts[start] > width * count:
            return None
        found = []
        for end in range(start + 1, total + 1):
            taken = measured.ends[end - 1] - measured.starts[start]
            if taken > width:
                break
            if end == total:
                lonely = start > 0 and len(measured.pieces[start]) == 1 == end - start
                found.append(_Breaking(_LONELY if lonely else 0.0, (end,)))
            elif after := rest(end, count - 1):
                cost = measured.costs[end - 1] + _UNEVEN * (1 - taken / width) ** 2
                found.append(_Breaking(cost + after.cost, (end, *after.ends)))
        return min(found, key=lambda breaking: breaking.cost, default=None)

    return rest(0, most)


def _lines(pieces: Sequence[str], ends: Sequence[int]) -> tuple[str, ...]:
    return tuple("".join(pieces[start:end]).strip() for start, end in itertools.pairwise((0, *ends)))
