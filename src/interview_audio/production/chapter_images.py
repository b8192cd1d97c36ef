"""The images of chapters: those that the source names, scaled for a file beside the episode and for the sound's tag.

An image of the web is linked by its address and never loaded. One on this machine that cannot be shown costs the
episode nothing: a warning says why, with the line of the source.
"""

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from PIL import Image, ImageOps, UnidentifiedImageError

from interview_audio.files.input_files import CHAPTER_IMAGE, InputFileError, read_file, written_path
from interview_audio.files.ownership import chapter_image_suffix
from interview_audio.production.cover import DAMAGE, FORMATS, in_srgb, without_transparency
from interview_audio.production.timeline import Chapter
from interview_audio.text.printable import printable
from interview_audio.transcript.turns import Reference

LARGEST_TAG = 300_000
"""Bytes of a tag, which players load before they play (help.prx.org/hc/en-us/articles/360022234293)."""
_SIDES = (800, 600, 400, 300, 200, 120)
"""Pixels of the longer side: PRX asks for 800 at most; below 120 nothing is recognised."""
_QUALITIES = (85, 70)
_SMALLEST = 64
"""Pixels of the shorter side below which an image is an icon."""


class _ImageError(ValueError):
    """A file cannot be a chapter's image; says why and what to do in words that follow its name."""


@dataclass(frozen=True, slots=True)
class ChapterImages:
    """Chapters with their images."""

    chapters: tuple[Chapter, ...]
    """Each image with the address or the name of the file that listeners get; none where it cannot be shown."""
    files: Mapping[str, bytes]
    """JPEGs of at most 800 x 800 pixels by suffix."""
    of_chapters: tuple[str, ...]
    """The suffix of each chapter's file; empty where it has none."""
    warnings: tuple[str, ...]
    """What the user should know: each one line."""


def make_chapter_images(chapters: Sequence[Chapter], source: Path, stem: str) -> ChapterImages:
    """Read the images of chapters that are files, and make of each what is published.

    Args:
        chapters: With the images that the source has in them.
        source: The file that names them, from its folder.
        stem: Of the episode's file names.
    """
    made: dict[Path, str] = {}
    failed: dict[Path, str] = {}
    files: dict[str, bytes] = {}
    shown: list[Chapter] = []
    suffixes: list[str] = []
    for chapter in chapters:
        image, suffix = chapter.image, ""
        if image is not None and not image.is_remote:
            path = written_path(image.target, source.parent)
            if path not in made and path not in failed:
                try:
                    content = _jpeg(_picture(path, image), _SIDES[0], _QUALITIES[0])
                    made[path] = chapter_image_suffix(len(made) + 1)
                    files[made[path]] = content
                except _ImageError as error:
                    where = f"{source.name}: line {image.line}: " if image.line else f"{source.name}: "
                    failed[path] = f"{where}{printable(image.target)} cannot be the image of a chapter: {error}"
            suffix = made.get(path, "")
            image = replace(image, target=quote(f"{stem}{suffix}")) if suffix else None
        shown.append(replace(chapter, image=image))
        suffixes.append(suffix)
    return ChapterImages(tuple(shown), files, tuple(suffixes), tuple(failed.values()))


def fit_into_tag(images: ChapterImages, room: int) -> tuple[bytes, ...]:
    """Return a JPEG for each chapter that has a file, empty for the others; together at most so many bytes.

    Each may have an equal share of what those before it left; one that is not recognisable in that is left out.
    """
    waiting = sum(map(bool, images.of_chapters))
    fitted: list[bytes] = []
    for suffix in images.of_chapters:
        content = b""
        if suffix:
            content = next(_smaller(images.files[suffix], room // waiting), b"")
            room -= len(content)
            waiting -= 1
        fitted.append(content)
    return tuple(fitted)


def _smaller(content: bytes, most: int) -> Iterator[bytes]:
    """Yield what an image becomes that has at most so many bytes, the best first."""
    if len(content) <= most:
        yield content
    if most <= 0:
        return
    with Image.open(io.BytesIO(content)) as picture:
        sides = (side for side in _SIDES if side <= max(picture.size) or side == _SIDES[-1])
        for side in sides:
            for quality in _QUALITIES:
                smaller = _jpeg(picture, side, quality)
                if len(smaller) <= most:
                    yield smaller


def _picture(path: Path, image: Reference) -> Image.Image:
    """Read a picture as sRGB, upright, on white where it is transparent.

    Raises:
        _ImageError: It cannot be shown.
    """
    if Path(image.target).is_absolute() or image.target.startswith(("/", "\\")):
        raise _ImageError("it has a place on a server or a disk; write its way from the folder of the text")
    try:
        content = read_file(path, CHAPTER_IMAGE)
    except InputFileError as error:
        raise _ImageError(str(error)) from error
    except FileNotFoundError as error:
        raise _ImageError("there is no such file; put it there, or correct its name") from error
    except (OSError, ValueError) as error:
        raise _ImageError(f"it cannot be read ({getattr(error, 'strerror', None) or error}); check its name") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                opened.draft("RGB", (2 * _SIDES[0], 2 * _SIDES[0]))  # a JPEG need not be decoded in full size
                upright = ImageOps.exif_transpose(opened)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _ImageError("it has too many pixels; save it smaller") from error
    except UnidentifiedImageError as error:
        raise _ImageError("it is not a picture that can be read; save it as JPEG or PNG") from error
    except DAMAGE as error:
        raise _ImageError(f"it is damaged ({error}); save it again") from error
    if upright.mode.startswith(("I", "F")):
        raise _ImageError("it has more than 8 bits per channel; save it as JPEG")
    if min(upright.size) < _SMALLEST:
        size = "{} x {} pixels".format(*upright.size)
        raise _ImageError(f"it has only {size}; {_SMALLEST} are the fewest that show anything")
    return in_srgb(without_transparency(upright))


def _jpeg(picture: Image.Image, side: int, quality: int) -> bytes:
    """Encode a picture within a square of this side."""
    scaled = picture.copy()
    scaled.thumbnail((side, side), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    scaled.save(file, "JPEG", quality=quality, optimize=True, dpi=(72, 72))
    return file.getvalue()
