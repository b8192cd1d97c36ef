"""What an episode's files are called, the source's name in ASCII, as Apple asks of feeds; and what each of them is."""

import hashlib
import mimetypes
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from interview_audio.errors import UsageError

_MOST_CHARACTERS = 100
"""Characters of a stem: with the longest suffix it fits every file system, and a feed's address."""
_WINDOWS_DEVICES = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)),
}
_MEDIA_TYPES = {
    ".aac": "audio/aac",
    ".chapters.json": "application/json+chapters",
    ".flac": "audio/flac",
    ".lrc": "text/plain",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".md": "text/markdown",
    ".mp3": "audio/mpeg",
    ".opus": "audio/ogg",
    ".psc.xml": "application/xml",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".wav": "audio/wav",
}
"""What systems call otherwise, or do not know (IANA's registry; RFC 7845 for Opus; Podcasting 2.0 for chapters)."""
SCRIPT_MARK = ".script"
"""What the name of a script file has before its suffix: ``talk.script.yaml`` is the script of ``talk.txt``."""


def stem_of(source: Path) -> str:
    """Return the source's name without its last suffix and without ``.script``; Chinese becomes pinyin.

    ``采访_灯塔.zh.txt`` gives ``cai-fang_deng-ta.zh``. A name that leaves nothing in ASCII gets a name from its hash.
    """
    name = source.name[: -len(source.suffix)] if source.suffix and source.stem else source.name
    return _stem(name.removesuffix(SCRIPT_MARK), source.name)


def as_stem(name: str) -> str:
    """Return the name that was given for an episode as its files are called.

    Raises:
        UsageError: It is empty or a path.
    """
    if not name.strip(". ") or "/" in name or os.sep in name:
        raise UsageError(f"--name {name!r} is not a file name; -o DIR chooses the folder")
    return _stem(name, name)


def _stem(name: str, whole: str) -> str:
    """Write a name in ASCII that file systems and feeds accept; ``whole`` tells cut and empty names apart."""
    if not name.isascii():
        name = _in_ascii(name)
    name = re.sub(r"[^A-Za-z0-9._]+", "-", name)
    name = re.sub(r"-*([._])-*", r"\1", name).strip("-.")  # a dot or an underscore parts as well as a hyphen
    if len(name) > _MOST_CHARACTERS:
        name = f"{name[:_MOST_CHARACTERS]}-{_digest(whole)}"
    if not name or name.partition(".")[0].upper() in _WINDOWS_DEVICES:
        name = f"episode-{name or _digest(whole)}"
    return name


def check_stems(sources: Sequence[Path]) -> None:
    """Raise ``UsageError`` when two sources would write the same files."""
    seen: dict[str, Path] = {}
    for source in sources:
        stem = stem_of(source).casefold()
        if stem in seen:
            raise UsageError(
                f"{seen[stem]} and {source} would both write {stem_of(source)}.*; "
                "rename one of them, or render them one by one with --name NAME"
            )
        seen[stem] = source


def clashing_stems(sources: Iterable[Path]) -> dict[Path, Path]:
    """Find the sources that would write the same files as another one, and which other one that is."""
    seen: dict[str, Path] = {}
    clashes: dict[Path, Path] = {}
    for source in sources:
        first = seen.setdefault(stem_of(source).casefold(), source)
        if first is not source:
            clashes.setdefault(first, source)
            clashes[source] = first
    return clashes


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def _in_ascii(name: str) -> str:
    from pypinyin import lazy_pinyin

    syllables = "-".join(lazy_pinyin(unicodedata.normalize("NFKC", name)))
    return unicodedata.normalize("NFKD", syllables).encode("ascii", "ignore").decode()


def media_type(name: str) -> str:
    """Return the media type of a file by its name, with the encoding of texts, which are all in UTF-8."""
    known = (kind for suffix, kind in _MEDIA_TYPES.items() if name.endswith(suffix))
    kind = next(known, None) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind == "application/x-subrip" else kind
