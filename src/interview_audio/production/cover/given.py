"""Reads the picture that the user gives as cover and makes it what Apple Podcasts asks for, where it can be."""

import io
import struct
import warnings
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from interview_audio.errors import ConfigurationError
from interview_audio.input_files import COVER, InputFileError, read_file

SMALLEST, LARGEST = 1400, 3000
"""Pixels of width and height that Apple Podcasts takes."""

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")
_CUT_SHARE = 0.02
"""Of the longer side: what an export left uneven is cut off; more would cut into what the picture shows."""
# What Pillow's decoders raise on damaged files, beside UnidentifiedImageError, which is an OSError.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error)


def read_cover(path: Path) -> Image.Image:
    """The picture as sRGB, upright, on white where it is transparent, square, 1400 to 3000 pixels wide.

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
    if shorter < SMALLEST:
        raise ConfigurationError(
            f"{size}, but podcast apps need at least {SMALLEST} x {SMALLEST}; set show.cover to a larger picture",
            str(path),
        )
    side = min(shorter, LARGEST)
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
            f"the cover has too many pixels; set show.cover to a picture of {LARGEST} x {LARGEST}", str(path)
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
