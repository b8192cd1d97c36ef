"""Both sizes of a cover as JPEG: the one that is embedded in the sound file and the one that a feed points to."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from interview_audio.production.cover.drawing import draw_cover
from interview_audio.production.cover.given import read_cover

EMBEDDED = 600
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
    small = picture.resize((EMBEDDED, EMBEDDED), Image.Resampling.LANCZOS)
    return Cover(_jpeg(small), _jpeg(picture), warnings)


def _jpeg(picture: Image.Image) -> bytes:
    """Baseline: what the most screens can show."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY, optimize=True, dpi=(72, 72))
    return file.getvalue()
