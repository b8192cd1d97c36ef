"""The show at an address: what a feed is made of is brought here, and what has changed is put back.

That is records, feeds, ``podcast.yaml`` and pictures of the show. Of sound, captions and pages only names and sizes are
asked for; an empty file of that size stands for each.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from interview_audio.errors import InterviewAudioError, OutputError, reworded
from interview_audio.files.episode_record import RECORD_SUFFIX
from interview_audio.files.file_names import media_type
from interview_audio.publishing.channel import NAME, Channel
from interview_audio.publishing.feed import FEED_TYPE
from interview_audio.storage.addresses import Address
from interview_audio.storage.buckets import CONNECTIONS, OutgoingFile, in_parallel
from interview_audio.storage.remote_files import FileThere, RemoteFolder, open_remote_folder, put

_LONGEST_NAME = 255
"""Bytes of a file's name, on most disks; an object's may have more."""


class RemoteShow:
    """What a feed is made of, in a folder of this machine for as long as that is needed.

    Args:
        address: Of the episodes.
        folder: An empty one.

    Raises:
        OutputError: It cannot be reached, or refuses.
    """

    def __init__(self, address: Address, folder: Path) -> None:
        self.address = address
        self.folder = folder
        self._remote: RemoteFolder = open_remote_folder(address)
        self._seen: dict[str, FileThere | None] = {}
        sizes = {one.name: one.bytes for one in self._remote.files() if _is_plain(one.name)}
        in_parallel(self._fetch, filter(_is_read, sizes), CONNECTIONS)
        for name, size in sizes.items():
            if not _is_read(name):
                self._stand_in(name, size)

    def fetch_covers(self, channel: Channel) -> None:
        """Bring the pictures here that a ``podcast.yaml`` at the address names beside it."""
        named = (channel.cover, *(one.cover for one in channel.languages.values()))
        for path in {path for path in named if path and path.parent == self.folder and path.exists()}:
            self._fetch(path.name)

    def send(self, names: Iterable[str]) -> None:
        """Put files where the show is that are other than there, in this order.

        Raises:
            OutputError: They cannot be sent, or somebody has changed them there meanwhile.
        """
        for name in names:
            kind = FEED_TYPE if name.endswith(".xml") else media_type(name)
            file = OutgoingFile.of(name, self.folder / name, kind)
            seen = self._seen.get(name)
            if not (seen and seen.sha256 == file.sha256):
                put(self._remote, file, seen)

    def shown(self, text: str) -> str:
        """Return a message with the address in it."""
        return text.replace(str(self.folder), str(self.address))

    def _fetch(self, name: str) -> None:
        found = self._remote.get(name)
        if found is not None:
            file = OutgoingFile.of(name, found.content, "")
            self._seen[name] = FileThere(file.size, found.tag, file.sha256)
            (self.folder / name).write_bytes(found.content)

    def _stand_in(self, name: str, size: int) -> None:
        with (self.folder / name).open("wb") as file:
            os.truncate(file.fileno(), size)  # takes no room on the disk


def _is_plain(name: str) -> bool:
    """Tell whether a file of a folder can have this name: none of ours has another."""
    return name not in ("", ".", "..") and Path(name).name == name and len(os.fsencode(name)) <= _LONGEST_NAME


def _is_read(name: str) -> bool:
    is_feed = name.startswith("feed") and name.endswith(".xml") and not name.endswith(".psc.xml")
    return name.endswith(RECORD_SUFFIX) or is_feed or name == NAME or _is_picture(name)


def _is_picture(name: str) -> bool:
    return name.startswith("podcast-cover") and name.endswith(".jpg")


@contextmanager
def remote_show(address: Address) -> Iterator[RemoteShow]:
    """Open the show at an address; messages name that, and not the folder of this machine.

    Raises:
        OutputError: It cannot be reached, or refuses.
    """
    with tempfile.TemporaryDirectory(prefix="interview-audio-") as above:
        show = _brought_here(address, Path(above).resolve())
        try:
            yield show
        except InterviewAudioError as error:
            raise reworded(error, show.shown) from error


def _brought_here(address: Address, above: Path) -> RemoteShow:
    folder = above / (Path(address.text.partition("://")[2]).name or "show")
    try:
        folder.mkdir()  # a show that says nothing else of itself is called like its folder
        return RemoteShow(address, folder)
    except OSError as error:
        raise OutputError(
            f"the feed of {address} cannot be made in {above.parent} ({error.strerror}); make room there, or set TMPDIR"
        ) from error
