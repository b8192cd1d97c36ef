"""Tells the address of a place on the network from a folder of this machine."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from interview_audio.errors import UsageError
from interview_audio.text.printable import without_password

_PAGES = ("http", "https", "ftp")
"""Addresses of pages: they are read there, and nothing is written."""
_SLIP = re.compile(r"([A-Za-z][A-Za-z0-9+]+):/(?!/)(.*)")
"""An address with a slash too few, which would name a folder; the drives of Windows have one letter."""


@dataclass(frozen=True, slots=True)
class Address:
    """A place that fsspec reaches: ``s3://bucket/prefix``, ``gs://bucket/prefix``; messages show no password of it."""

    text: str = field(repr=False)
    """As people write it, without a slash at the end."""

    @property
    def s3_path(self) -> str | None:
        """Bucket and folder, where it is a place of S3 or of what speaks like it."""
        scheme, _, path = self.text.partition("://")
        return path if scheme in ("s3", "s3a") else None

    def __truediv__(self, name: str) -> "Address":
        return Address(f"{self.text}/{name}")

    def __str__(self) -> str:
        return without_password(self.text)


Location = Path | Address


def location(written: str | Path | Address) -> Location:
    """Return what is meant by a folder or an address; ``file://`` is a folder.

    Raises:
        UsageError: It is the address of a page, or written wrongly.
    """
    if not isinstance(written, str):
        return written
    scheme, mark, rest = written.partition("://")
    scheme = scheme.lower()
    if scheme.startswith("file:/") or (scheme == "file" and mark):  # both are in use
        return _folder(written)
    if not mark:
        _refuse_slip(written)
        return Path(written)
    if scheme in _PAGES:
        raise UsageError(f"{without_password(written)}: pages are read there; name a folder or a bucket (s3://…)")
    return Address(f"{scheme}://{rest.rstrip('/')}")


def _refuse_slip(written: str) -> None:
    slip = _SLIP.match(written)
    if slip and not Path(f"{slip[1]}:").exists():
        raise UsageError(f"{written}: for an address write {slip[1]}://{slip[2]}, for a folder ./{written}")


def _folder(written: str) -> Path:
    parts = urlsplit(written)
    if parts.netloc not in ("", "localhost"):
        shown = without_password(written)
        raise UsageError(f"{shown}: is not on this machine; the address of a folder has three slashes: file:///srv/…")
    return Path(unquote(parts.path) or "/")
