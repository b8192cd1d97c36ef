"""The user's own folders: settings, a cache, what is kept; where there is no home for them, another place.

A user may have no home (a service, a container with a number instead of a name), another user's (``sudo``), or one on
a disk that is only read. None of this is a reason not to make an episode.
"""

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

from interview_audio.errors import StoreError

NAME = "interview-audio"
_MOST_NAMES = 100
"""Folders of other users, files and links with our name that are passed over in the temporary folder."""


def settings_folder() -> Path | None:
    """Return where the user's settings are, whether that folder exists or not; None if the user has no home."""
    return _absolute(lambda: platformdirs.user_config_path(NAME, appauthor=False))


def cache_folder() -> Path:
    """Where clips, and what engines prepare, are kept between runs; it may not be there yet.

    Without one that can be written it is a folder of this user alone in the temporary folder, which is made.

    Raises:
        StoreError: There is no place for it.
    """
    folder = _in_home()
    return folder if folder and _is_writable(folder) else _temporary()


def data_folder() -> Path:
    """Where what must not change between runs is kept, and nobody clears up; it may not be there yet.

    Without one that can be written it is the same folder as that of the cache.

    Raises:
        StoreError: There is no place for it.
    """
    folder = _data_home()
    return folder if folder and _is_writable(folder) else _temporary()


def fallback_notice() -> str | None:
    """Return a line that says where things are kept if not in the home; None if they are kept there.

    Raises:
        StoreError: There is no place for them.
    """
    folder = cache_folder()
    home = _in_home()
    if folder == home:
        return None
    return f"{_reason(home)}; clips are kept in {folder} (choose another folder with --store DIR)"


def secrets_notice() -> str | None:
    """Return a line that says where secret addresses are kept if nobody promises to keep them; None otherwise.

    Raises:
        StoreError: There is no place for them.
    """
    folder, home = data_folder(), _data_home()
    if folder == home:
        return None
    return f"{_reason(home)}; the secret part of the address is kept in {folder}, and with it lost: set XDG_DATA_HOME"


def _reason(home: Path | None) -> str:
    return f"Cannot write to {home}" if home else "This user has no home folder"


def _data_home() -> Path | None:
    return _absolute(lambda: platformdirs.user_data_path(NAME, appauthor=False))


def _in_home() -> Path | None:
    return _absolute(lambda: platformdirs.user_cache_path(NAME, appauthor=False))


def _absolute(find: Callable[[], Path]) -> Path | None:
    """Return a folder below the home; None without a home, which versions of platformdirs report in two ways."""
    try:
        folder = find()
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None  # ``~/.cache`` as it is written


def _is_writable(folder: Path) -> bool:
    """Tell whether files can be made there, or the folder itself if it is missing, without writing anything."""
    nearest = next(place for place in (folder, *folder.parents) if os.path.lexists(place) or place == place.parent)
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def _temporary() -> Path:
    """Return a folder in the temporary one that this user owns and nobody else may enter: clips are private."""
    try:
        above = Path(tempfile.gettempdir())
        for name in _names():
            folder = above / name
            with contextlib.suppress(FileExistsError):  # whatever it is
                folder.mkdir(mode=0o700)
            if _is_own(folder):
                return folder
    except OSError as error:
        raise StoreError(
            f"no folder for clips can be created ({error.strerror}); choose one with --store DIR, or set XDG_CACHE_HOME"
        ) from error
    raise StoreError(f"all folders {above / NAME}-* belong to other users; choose another folder with --store DIR")


def _names() -> list[str]:
    user = f"-{os.getuid()}" if hasattr(os, "getuid") else ""
    return [f"{NAME}{user}", *(f"{NAME}{user}-{number}" for number in range(2, _MOST_NAMES))]


def _is_own(folder: Path) -> bool:
    """Tell whether it is a folder of this user alone, and not a link that somebody has put there for us to follow."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or os.name == "nt":
        return stat.S_ISDIR(status.st_mode)
    return status.st_uid == os.getuid() and not status.st_mode & 0o077
