"""The files of episodes and shows at an address, which people have beside ours there: none of theirs is replaced.

What is put there says of itself that it is ours: an object of S3 by the hash beside it. Elsewhere a file that is small
is read, and compared with what was put there. A file is put under a condition, where the server knows such: that there
is none, or that it is still the one that was seen.
"""

import functools
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from interview_audio.errors import OutputError
from interview_audio.files.episode_record import RECORD_SUFFIX, EpisodeRecord
from interview_audio.files.file_names import media_type
from interview_audio.files.ownership import COVER_SUFFIX, LYRICS_SUFFIX, SIDECAR_SUFFIXES
from interview_audio.storage.addresses import Address
from interview_audio.storage.buckets import CONNECTIONS, MARK, OutgoingFile, Use, in_parallel
from interview_audio.storage.objects import (
    FileSystemObjects,
    ListedObject,
    ObjectStore,
    S3Objects,
    UnknownConditionError,
    endpoint,
)

_MADE = "interview-audio-made"
"""Metadata of an object in S3: a render or a feed has put it there, and may replace it."""
_SMALL = 4_000_000
"""Bytes up to which a file is read to see whose it is; sound is larger, and known by its size."""
_SOUND_SUFFIXES = (".mp3", ".m4b", ".m4a", ".opus", ".flac")
_USE = Use(OutputError, OutputError, "writing to", "a folder or s3://…", "run again, finished episodes are kept")


@dataclass(frozen=True, slots=True)
class FileThere:
    """A file that is at an address."""

    size: int
    """Bytes."""
    tag: str = ""
    """What the server calls this content; empty where it does not say."""
    sha256: str = ""
    """Of its content, in hexadecimal; empty where that is not known."""
    is_marked: bool = False
    """It says of itself that it is ours, and nobody has changed it since."""


class RemoteFolder(ObjectStore, Protocol):
    """An address with files."""

    keeps_marks: bool
    """Whether what is put there says of itself that it is ours."""

    def files(self) -> Sequence[ListedObject]:
        """List what lies in it; not what lies in folders of it, such as a store of clips.

        Raises:
            OutputError: It cannot be reached, or refuses.
        """

    def sizes(self, names: Sequence[str]) -> Mapping[str, int]:
        """Return which of these files are there, with their bytes.

        Raises:
            OutputError: It cannot be reached, or refuses.
        """

    def look(self, name: str) -> FileThere | None:
        """Return what is there under a name; None if there is nothing.

        Raises:
            OutputError: It cannot be reached, or refuses.
        """

    def put(self, file: OutgoingFile, over: FileThere | None) -> bool:
        """Put a file there; False where there is another one than the one that was seen, or one where none was.

        Raises:
            OutputError: It cannot be reached, or refuses.
        """


def open_remote_folder(address: Address) -> RemoteFolder:
    """Return the files at an address: the same one to every caller in this process.

    Raises:
        UsageError: It is no such address.
        OutputError: What it needs is not installed.
    """
    return _opened(address, os.getpid(), endpoint())


@functools.cache
def _opened(address: Address, process: int, server: str) -> RemoteFolder:  # noqa: ARG001
    return FileSystemFolder(address, _USE) if address.s3_path is None else S3Folder(address.s3_path, _USE)


class S3Folder(S3Objects):
    """A prefix in a bucket of S3, or of what speaks like it."""

    keeps_marks = True
    _marks: Mapping[str, str] = MappingProxyType({_MADE: "yes"})

    def files(self) -> Sequence[ListedObject]:
        """See ``RemoteFolder``."""
        return self._with_prefix("", Delimiter="/")

    def sizes(self, names: Sequence[str]) -> Mapping[str, int]:
        """See ``RemoteFolder``."""
        # One list costs less than asking for many that are not there; all of an episode's begin with its stem.
        beginning = "".join(first for first, _ in takewhile(_are_same, zip(min(names), max(names), strict=False)))
        there = {one.name: one.bytes for one in self.listed([beginning])}
        return {name: there[name] for name in names if name in there}

    def look(self, name: str) -> FileThere | None:
        """See ``RemoteFolder``."""
        try:
            answer: Mapping[str, Any] = self._call("head_object", Key=self._prefix + name)
        except FileNotFoundError:
            return None
        metadata = {key.lower(): value for key, value in answer.get("Metadata", {}).items()}
        size, tag = answer["ContentLength"], answer["ETag"]
        if MARK in metadata and _MADE in metadata:
            return FileThere(size, tag, metadata[MARK], is_marked=True)
        content = self.get(name) if size <= _SMALL else None
        return FileThere(size, tag, hashlib.sha256(content.content).hexdigest() if content else "")

    def put(self, file: OutgoingFile, over: FileThere | None) -> bool:
        """See ``RemoteFolder``."""
        condition = {"IfMatch": over.tag} if over else {"IfNoneMatch": "*"}
        try:
            return self._put(file, condition if self._is_conditional else {})
        except UnknownConditionError:
            self._is_conditional = False
            return self._put(file, {})


def _are_same(characters: tuple[str, str]) -> bool:
    return characters[0] == characters[1]


class FileSystemFolder(FileSystemObjects):
    """A folder in a file system of fsspec, which keeps no hash beside a file."""

    keeps_marks = False

    def files(self) -> Sequence[ListedObject]:
        """See ``RemoteFolder``."""
        try:
            found = self._asked(lambda: self._files.ls(self._root, detail=True))
        except FileNotFoundError:
            return ()
        files = (entry for entry in found if entry["type"] == "file")
        return [ListedObject(entry["name"].rpartition("/")[2], entry["size"] or 0) for entry in files]

    def sizes(self, names: Sequence[str]) -> Mapping[str, int]:
        """See ``RemoteFolder``."""
        found = in_parallel(self._size, names, CONNECTIONS)
        return {name: size for name, size in zip(names, found, strict=True) if size is not None}

    def look(self, name: str) -> FileThere | None:
        """See ``RemoteFolder``."""
        size = self._size(name)
        if size is None:
            return None
        content = self.get(name) if size <= _SMALL else None
        return FileThere(size, "", hashlib.sha256(content.content).hexdigest() if content else "")

    def put(self, file: OutgoingFile, over: FileThere | None) -> bool:
        """See ``RemoteFolder``."""
        with file.open() as source:
            content = source.read()  # whole: a file that fsspec has open is stored as it is when somebody interrupts
        if over is None:
            return self.put_new(file.name, content)
        self._asked(lambda: self._files.pipe_file(self._path(file.name), content))
        return True

    def _size(self, name: str) -> int | None:
        try:
            return int(self._asked(lambda: self._files.info(self._path(name)))["size"] or 0)
        except FileNotFoundError:
            return None


def put(folder: RemoteFolder, file: OutgoingFile, over: FileThere | None) -> None:
    """Put a file there over the one that was seen.

    Raises:
        OutputError: It cannot be reached, or refuses, or somebody has put another one there meanwhile.
    """
    if not folder.put(file, over):
        now = folder.look(file.name)
        if now is None or now.sha256 != file.sha256:  # else the answer to our own was lost, and it was sent again
            raise OutputError(f"{folder.address}/{file.name}: somebody has put another one there meanwhile; run again")


class RemoteEpisode:
    """The episode of one name at an address: what is there of it, and how the next one takes its place.

    Args:
        address: Where.
        stem: Of its file names.
    """

    def __init__(self, address: Address, stem: str) -> None:
        self.address = address
        self._stem = stem
        self._folder = open_remote_folder(address)
        self._sizes: dict[str, int | None] = {}
        self._seen: dict[str, FileThere | None] = {}
        self._written: Mapping[str, int] = {}
        """Bytes of files by the record that is there."""

    def fetch_record(self, folder: Path) -> EpisodeRecord | None:
        """Put the record that is there into a folder, and return it; None if there is none, or it cannot be read.

        Raises:
            OutputError: It cannot be reached, or refuses.
        """
        name = self._stem + RECORD_SUFFIX
        found = self._folder.get(name)
        usual = (*SIDECAR_SUFFIXES, LYRICS_SUFFIX, COVER_SUFFIX, RECORD_SUFFIX, *_SOUND_SUFFIXES)
        self._look_for([self._stem + suffix for suffix in usual])
        if found is None:
            return None
        (folder / name).write_bytes(found.content)
        self._seen[name] = FileThere(len(found.content), found.tag)
        record = EpisodeRecord.read(folder, self._stem)
        self._written = {file.name: file.size for file in record.files} if record else {}
        return record

    def size(self, name: str) -> int | None:
        """See ``ownership.Elsewhere``."""
        if name not in self._sizes:
            self._look_for([name])
        return self._sizes[name]

    def is_ours(self, name: str, written: Mapping[str, str | int]) -> bool:
        """See ``ownership.Elsewhere``; of a killed render's files, too, that no record lists yet."""
        file = self._look(name)
        if file is None or file.is_marked:
            return file is not None
        announced = self._announced
        digests = {*written.values(), *(digest for _, digest in announced.values())}
        sizes = {self._written.get(name), announced.get(name, (None, ""))[0]}
        return file.sha256 in digests if file.sha256 else file.size in sizes

    def shown(self, name: str) -> str:
        """See ``ownership.Elsewhere``."""
        return str(self.address / name)

    def send(self, paths: Sequence[Path]) -> None:
        """Send the files of an episode: the record after all that it lists but the sound, and the sound last.

        Raises:
            OutputError: They cannot be sent, or somebody has put others there meanwhile. The next attempt replaces what
                has been sent.
        """
        files = [OutgoingFile.of(path.name, path, media_type(path.name)) for path in paths]
        *sidecars, record, sound = files
        if not self._folder.keeps_marks:
            self._announce(files)
        in_parallel(self._put, sidecars, CONNECTIONS)
        self._put(record)
        self._put(sound)
        if not self._folder.keeps_marks:
            with suppress(OutputError):  # it does no harm
                self._folder.delete(self._announcement)

    def _put(self, file: OutgoingFile) -> None:
        seen = self._look(file.name) if self.size(file.name) is not None else None
        if seen and seen.is_marked and seen.sha256 == file.sha256:
            return
        put(self._folder, file, seen)

    def _look_for(self, names: Sequence[str]) -> None:
        self._sizes |= {**dict.fromkeys(names), **self._folder.sizes(names)}

    def _look(self, name: str) -> FileThere | None:
        if name not in self._seen:
            self._seen[name] = self._folder.look(name)
        return self._seen[name]

    @property
    def _announcement(self) -> str:
        return f".{self._stem}.sending.json"

    @cached_property
    def _announced(self) -> Mapping[str, tuple[int, str]]:
        """Bytes and SHA-256 of files that a killed render may have sent, where they have no marks."""
        found = None if self._folder.keeps_marks else self._folder.get(self._announcement)
        try:
            listed = json.loads(found.content if found else b"{}")
            return {str(name): (int(size), str(digest)) for name, (size, digest) in listed.items()}
        except (ValueError, TypeError, AttributeError):
            return {}

    def _announce(self, files: Sequence[OutgoingFile]) -> None:
        listed = json.dumps({file.name: [file.size, file.sha256] for file in files}).encode()
        over = self._folder.look(self._announcement)
        self._folder.put(OutgoingFile.of(self._announcement, listed, "application/json"), over)
