"""The cover of an episode as two JPEGs: the one embedded in the sound file, and the one that a feed points to.

It is drawn from the title, or is the user's picture, made what Apple Podcasts asks for where that is possible.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from interview_audio.errors import ConfigurationError
from interview_audio.files.input_files import COVER, InputFileError, read_file
from interview_audio.production.cover.drawing import draw_cover

_SMALLEST, _LARGEST = 1400, 3000
"""Pixels of width and height that Apple Podcasts takes."""

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")
_CUT_SHARE = 0.02
"""Of the longer side: what an export left uneven is cut off; more would cut into what the picture shows."""
# What Pillow's decoders raise on damaged files, beside UnidentifiedImageError, which is an OSError.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error)


def read_cover(path: Path) -> Image.Image:
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
            f"the cover cannot be read ({error.strerror}); check the file name in show.cover", str(path)
        ) from error
    picture = _decoded(content, path)
    longer, shorter = max(picture.size), min(picture.size)
    size = "{} x {} pixels".format(*picture.size)
    if longer - shorter > longer * _CUT_SHARE:
        raise ConfigurationError(f"{size}, but a cover must be square; crop the picture", str(path))
    if shorter < _SMALLEST:
        raise ConfigurationError(
            f"{size}, but podcast apps need at least {_SMALLEST} x {_SMALLEST}; set show.cover to a larger picture",
            str(path),
        )
    side = min(shorter, _LARGEST)
    return ImageOps.fit(_in_srgb(_without_transparency(picture)), (side, side), Image.Resampling.LANCZOS)


def _decoded(content: bytes, path: Path) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                upright = ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ConfigurationError(
            f"the cover has too many pixels; set show.cover to a picture of {_LARGEST} x {_LARGEST}", str(path)
        ) from error
    except UnidentifiedImageError as error:
        raise ConfigurationError(
            "not a picture that can be read; set show.cover to a JPEG or PNG file", str(path)
        ) from error
    except _DAMAGE as error:
        raise ConfigurationError(f"the cover is damaged ({error}); save it again", str(path)) from error
    if upright.mode.startswith(("I", "F")):
        raise ConfigurationError("the cover has more than 8 bits per channel; save it as JPEG", str(path))
    return upright


def _without_transparency(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture
    layered = picture.convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")
    flat.info.update(picture.info)
    return flat


def _in_srgb(picture: Image.Image) -> Image.Image:
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


_EMBEDDED = 600
"""Pixels of width and height in the sound file: players read its whole tag before they play."""

_QUALITY = 90


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
        read_cover(path)


def make_cover(title: str, path: Path | None) -> Cover:
    """Make the cover of an episode; the same input and Pillow give the same bytes.

    Args:
        title: Of the episode.
        path: The user's picture; without one, a cover is drawn.

    Raises:
        ConfigurationError: The user's picture cannot be the cover.
    """
    if path is not None:
        return _cover(read_cover(path), ())
    drawn = draw_cover(title)
    return _cover(drawn.picture, drawn.warnings)


def _cover(picture: Image.Image, warnings: tuple[str, ...]) -> Cover:
    small = picture.resize((_EMBEDDED, _EMBEDDED), Image.Resampling.LANCZOS)
    return Cover(_jpeg(small), _jpeg(picture), warnings)


def _jpeg(picture: Image.Image) -> bytes:
    """Encode a baseline JPEG, which the most screens can show."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY, optimize=True, dpi=(72, 72))
    return file.getvalue()
