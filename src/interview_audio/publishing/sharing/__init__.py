"""What is made of a finished episode to share it: clips, videos, snippets for a post; and which files it may replace.

Nothing is synthesized: the sound, the captions, the cover and the record are read. What was made is listed beside the
episode, each file with its SHA-256, so that the next run replaces its own files and nobody else's.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from interview_audio.errors import OutputError
from interview_audio.files.episode_record import read_manifest
from interview_audio.files.ownership import sha256_of
from interview_audio.files.staged_files import StagedFiles
from interview_audio.production.timeline import in_seconds
from interview_audio.text.printable import json_text

_LIST_SUFFIX = ".shared.json"
"""Of the file that lists what was made of an episode; listeners do not get it."""


class SharedFiles:
    """The files made of one episode in one folder: a new one takes the place of nothing but an earlier one.

    Args:
        folder: Where they are; it is made if it does not exist.
        stem: Of the episode's file names.
        is_forced: Other files are replaced, too.
    """

    def __init__(self, folder: Path, stem: str, *, is_forced: bool = False) -> None:
        self._folder = folder
        self._list = folder / f"{stem}{_LIST_SUFFIX}"
        self._is_forced = is_forced

    def check(self, names: Iterable[str]) -> None:
        """See that files of these names may be written, and the list of them.

        Raises:
            OutputError: One exists and was not made here, or was changed since.
        """
        if self._is_forced:
            return
        written = self._written()
        paths = [self._folder / name for name in names]
        foreign = [self._list] if self._list.exists() and read_manifest(self._list) is None else []
        changed = (path for path in paths if path.exists() and not _is_as_written(path, written.get(path.name)))
        obstacle = next(chain(foreign, changed), None)
        if obstacle:
            raise OutputError(
                f"{obstacle} exists and was not made by `share`, or was changed since; "
                "move it away, choose another folder with -o, or replace it with --force"
            )

    @contextmanager
    def staging(self) -> Iterator[StagedFiles]:
        """Open a context for files in the making; raise ``OutputError`` if they cannot be written."""
        try:
            with StagedFiles(self._folder) as staging:
                yield staging
        except OSError as error:
            raise OutputError(
                f"{self._folder}: nothing can be written there ({error.strerror}); make room or choose another folder "
                "with -o"
            ) from error

    def publish(self, staging: StagedFiles, made: Mapping[str, Path]) -> tuple[Path, ...]:
        """Move finished files into place, all or none, and list them.

        Args:
            staging: Where they were made.
            made: Name to temporary file.

        Returns:
            The final paths, in the same order.

        Raises:
            OutputError: See ``check``.
            OSError: Nothing was moved.
        """
        listing = staging.temporary()

        def name_files() -> dict[str, Path]:
            self.check(made)
            hashes = {name: sha256_of(path) for name, path in made.items()}
            kept = {name: hashed for name, hashed in self._written().items() if (self._folder / name).exists()}
            listing.write_text(_listed(kept | hashes), "utf-8", newline="\n")
            return {**made, self._list.name: listing}

        return staging.publish(name_files)[:-1]

    def _written(self) -> dict[str, str]:
        """Return the SHA-256 of each file that is listed, by name."""
        manifest = read_manifest(self._list)
        return {name: str(hashed) for name, hashed in manifest.written.items()} if manifest else {}


def _is_as_written(path: Path, sha256: str | None) -> bool:
    return path.is_file() and sha256_of(path) == sha256


def _listed(hashes: Mapping[str, str]) -> str:
    files = [{"name": name, "sha256": hashed} for name, hashed in sorted(hashes.items())]
    return json_text({"files": files}, indent=1) + "\n"


def address_of(base_url: str, name: str, *times: int) -> str:
    """Return the address of an episode's file, and of a moment or a stretch in it.

    Args:
        base_url: Of the folder that listeners reach; ends with a slash.
        name: Of the file.
        times: Milliseconds of the moment, or of start and end: a media fragment, which pages and sounds understand.
    """
    moment = ",".join(str(in_seconds(milliseconds)) for milliseconds in times)
    return f"{base_url}{quote(name)}{'#t=' * bool(times)}{moment}"
