"""What an episode's files are called: the source's name in ASCII, as Apple asks of feeds."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from interview_audio.errors import UsageError


def stem_of(source: Path) -> str:
    """The source's name without its last suffix and without ``.script``; Chinese becomes pinyin.

    A name that leaves nothing in ASCII gets a name from its hash.
    """
    name = source.name[: -len(source.suffix)] if source.suffix and source.stem else source.name
    name = name.removesuffix(".script")
    if not name.isascii():
        name = _in_ascii(name)
    name = re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-.")
    return name or "episode-" + hashlib.sha256(source.name.encode()).hexdigest()[:8]


def check_stems(sources: Sequence[Path]) -> None:
    """Raise ``UsageError`` when two sources would write the same files."""
    seen: dict[str, Path] = {}
    for source in sources:
        stem = stem_of(source).casefold()
        if stem in seen:
            raise UsageError(f"{seen[stem]} and {source} would both write {stem_of(source)}.mp3; rename one of them")
        seen[stem] = source


def _in_ascii(name: str) -> str:
    from pypinyin import lazy_pinyin

    syllables = "-".join(lazy_pinyin(unicodedata.normalize("NFKC", name)))
    return unicodedata.normalize("NFKD", syllables).encode("ascii", "ignore").decode()
