"""Tells the address of a place on the network from a folder of this machine."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from interview_audio.errors import UsageError
from interview_audio.text.printable import without_password

_PAGES = ("http", "https", "ftp")
"""Addresses of pages: they are read there, and nothing is written."""


@dataclass(frozen=True, slots=True)
class Address:
    """A place that fsspec reaches: ``s3://bucket/prefix``, ``gs://bucket/prefix``; messages show no password of it."""

    text: str = field(repr=False)
    """As people write it, without a slash at the end."""

    def __truediv__(self, name: str) -> "Address":
        return Address(f"{self.text}/{name}")

    def __str__(self) -> str:
        return without_password(self.text)


Location = Path | Address


def location(written: str | Path | Address) -> Location:
    """Return what is meant by a folder or an address; ``file://`` is a folder.

    Raises:
        UsageError: It is the address of a page.
    """
    if not isinstance(written, str):
        return written
    scheme, mark, rest = written.partition("://")
    if not mark:
        return Path(written)
    if scheme == "file":
        return Path(unquote(urlsplit(written).path) or "/")
    if scheme in _PAGES:
        raise UsageError(f"{without_password(written)}: pages are read there; name a folder or a bucket (s3://…)")
    return Address(f"{scheme}://{rest.rstrip('/')}")
