"""The clips at an address that many machines share: what is fetched from there, and what is sent there."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from interview_audio.errors import StoreError
from interview_audio.files.atomic_files import TemporaryFiles, make_folder
from interview_audio.storage.addresses import Address
from interview_audio.storage.objects import ListedObject, StoredObject, open_objects
from interview_audio.synthesis.clip_file import DamagedClipError, read_clip, read_samples

_TRIES = 5
"""How often a clip is sent while others put and remove the one that is there."""


class SharedClips:
    """Clips under an address, by the names that they have in the folder of a store."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._objects = open_objects(address)

    def fetch(self, name: str, path: Path) -> bool:
        """Write the clip of this name to a file of this machine; tell whether there is one.

        Raises:
            DamagedClipError: What is there cannot be read; the file is as it was.
            StoreError: The address cannot be read, or the file cannot be written.
        """
        found = self._objects.get(name)
        if found is not None:
            self._write(found, name, path)
        return found is not None

    def send(self, name: str, draft: Path, path: Path) -> None:
        """Put a clip there, unless there is one; that which is there then is in ``path`` afterwards, and no draft is.

        A damaged one there is replaced.

        Raises:
            RefusedError: We may not write there.
            StoreError: The address cannot be reached, or a file cannot be read or written.
        """
        try:
            content = draft.read_bytes()
            if self._stays(name, content, path):
                draft.replace(path)
            else:
                draft.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"cannot send the clip {draft} ({error.strerror}); make room, then run again") from error

    def _stays(self, name: str, content: bytes, path: Path) -> bool:
        """Put a clip there; tell whether it is the one that stays. If not, write the other one to ``path``."""
        for _ in range(_TRIES):
            if self._objects.put_new(name, content):
                return True
            found = self._objects.get(name)
            if found is None:  # removed a moment ago
                continue
            if found.content == content:
                return True
            try:
                self._write(found, name, path)
            except DamagedClipError:
                self._objects.delete(name, found.tag)
            else:
                return False
        raise StoreError(f"{self._address}/{name}: others remove it as soon as it is there; run again")

    def discard(self, name: str, path: Path) -> None:
        """Remove the clip of this name if it is damaged there; else it takes the place of the file, which was.

        Raises:
            StoreError: The address cannot be read or written, or the file cannot be written.
        """
        found = self._objects.get(name)
        if found is None:
            return
        try:
            self._write(replace(found, is_verified=False), name, path)
        except DamagedClipError:
            self._objects.delete(name, found.tag)

    def contents(self, prefix: str) -> Sequence[ListedObject]:
        """List what is there under a folder of the layout; raises ``StoreError`` if it cannot be read."""
        return self._objects.listed([f"{prefix}/{digit:x}" for digit in range(16)])

    def _write(self, found: StoredObject, name: str, path: Path) -> None:
        """Write what was got to a file, whole or not at all, if it is a clip.

        It need not outlive a power failure: what is damaged here is fetched again.
        """
        try:
            make_folder(path.parent)
            with TemporaryFiles(path.parent) as temporaries:
                temporary = temporaries.new()
                temporary.write_bytes(found.content)
                self._check(temporary, name, is_verified=found.is_verified)
                temporary.replace(path)
        except OSError as error:
            raise StoreError(
                f"cannot store the clip {path} ({error.strerror}); make room, or set XDG_CACHE_HOME to another folder"
            ) from error

    def _check(self, path: Path, name: str, *, is_verified: bool) -> None:
        try:
            read_clip(path.stem, path)
            if not is_verified:  # cut short, a clip still begins as it should
                read_samples(path)
        except DamagedClipError as error:
            raise type(error)(f"{self._address}/{name}", error.reason) from error
