"""The clip store: one FLAC file a clip, named by the hash of everything that shaped its sound."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from interview_audio.errors import StoreError
from interview_audio.script.lines import Line
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.flac import read_clip

SCHEMA = 1


def default_folder() -> Path:
    """Where clips are kept unless ``--store`` says otherwise."""
    return platformdirs.user_cache_path("interview-audio", appauthor=False) / "clips"


def matching_pronunciations(line: Line, pronunciations: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Those pronunciations of the line's language whose written form occurs in it."""
    return {written: said for written, said in pronunciations.get(line.language, {}).items() if written in line.text}


def clip_key(line: Line, identity: str, pronunciations: Mapping[str, str]) -> str:
    """The name of a line's clip: SHA-256 over engine, what it speaks with, voice, rate, language and written text.

    Args:
        line: What is said and by which voice; who says it and the pause after it do not count.
        identity: ``Engine.identity``.
        pronunciations: What ``matching_pronunciations`` gave.
    """
    shaped_by = [
        SCHEMA,
        line.voice.engine,
        identity,
        line.voice.name,
        line.voice.rate,
        line.language,
        line.text,
        sorted(pronunciations.items()),
    ]
    return hashlib.sha256(json.dumps(shaped_by, ensure_ascii=False).encode()).hexdigest()


class ClipStore:
    """Clips under one folder: ``v1/<first two hex digits>/<key>.flac``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / f"v{SCHEMA}"

    def path(self, key: str) -> Path:
        """Where the clip of this key is or will be."""
        return self._folder / key[:2] / f"{key}.flac"

    def find(self, key: str) -> Clip | None:
        """The stored clip, or None where none is stored.

        Raises:
            DamagedClipError: There is one, and it cannot be read.
        """
        path = self.path(key)
        return read_clip(key, path) if path.exists() else None

    def prepare(self) -> None:
        """Make the folder; raises ``StoreError`` where nothing can be written to it."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                pass
        except OSError as error:
            raise StoreError(
                f"cannot write to the clip store {self._folder}: {error.strerror}; choose another with --store DIR"
            ) from error

    def discard(self, path: Path) -> None:
        """Remove a damaged clip, so that it is made again; raises ``StoreError`` where that is impossible."""
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"cannot remove the damaged clip {path}: {error.strerror}") from error
