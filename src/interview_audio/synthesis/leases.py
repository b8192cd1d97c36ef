"""Leases: which clips the renders that run now need, so that none of them is pruned."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from interview_audio.durable import PREFIX, Temporaries, leftovers, sweep
from interview_audio.errors import StoreError
from interview_audio.locking import alone

_LEASE = ".part"


class Leases:
    """A folder with a file for each render, which holds a key a line and is owned as temporary files are.

    Leases are given and looked at one after the other, behind one lock that is held for milliseconds: a render that has
    its lease finds no clip that is about to be pruned.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def lease(self, keys: Iterable[str]) -> Iterator[None]:
        """Keep these clips while the context lasts, or until the process ends.

        Raises:
            StoreError: The folder cannot be written.
        """
        with ExitStack() as held:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                temporaries = held.enter_context(Temporaries(self._folder))
                with alone(self._gate):
                    temporaries.new().write_text("\n".join(keys), "ascii", newline="\n")
            except OSError as error:
                raise StoreError(
                    f"{self._folder}: no clip can be reserved there ({error.strerror}): "
                    f"make room or choose another folder with --store"
                ) from error
            yield

    @contextmanager
    def closed(self) -> Iterator[frozenset[str]]:
        """A context in which no render begins; gives the keys that those which run need.

        Raises:
            OSError: The folder cannot be read or written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with alone(self._gate):
            sweep(self._folder)
            files = [path for path in leftovers(self._folder) if path.suffix == _LEASE]
            yield frozenset(key for file in files for key in _keys(file))

    @property
    def _gate(self) -> Path:
        return self._folder / f"{PREFIX}gate.lock"


def _keys(lease: Path) -> list[str]:
    try:
        return lease.read_text("ascii").split()
    except FileNotFoundError:  # its render has ended
        return []
