"""Parts of addresses that nobody can guess, and that stay the same: a subscription is an address."""

import json
import re
import secrets
from hashlib import sha256
from pathlib import Path

from interview_audio.errors import StoreError
from interview_audio.files.app_folders import data_folder
from interview_audio.files.atomic_files import file_lock, make_folder, write_whole

_BYTES = 16
"""128 bits: at a million guesses a second, longer than there have been stars."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def private_path(kind: str, of: str) -> str:
    """Return the part of the address; it is made once, kept where only this user reads it, and forgotten with its file.

    Args:
        kind: What it is for: ``serve``, ``publish``.
        of: What it leads to.

    Returns:
        22 characters that addresses may have.

    Raises:
        StoreError: It cannot be kept.
    """
    path = private_file(kind, of, "json")
    try:
        with file_lock(path.with_suffix(".lock")):  # two first runs at once agree on one
            known = _read(path)
            if known is None:
                known = secrets.token_urlsafe(_BYTES)
                content = json.dumps({"kind": kind, "of": of, "path": known}, indent=2)
                write_whole(path, f"{content}\n".encode(), mode=0o600)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}; make room, or check its permissions") from error
    return known


def private_file(kind: str, of: str, suffix: str) -> Path:
    """Return where something is kept for this user alone; its folder is there.

    Args:
        kind: As for ``private_path``.
        of: As for ``private_path``.
        suffix: Of the file's name, without a full stop before it.

    Raises:
        StoreError: There is no place for it.
    """
    folder = data_folder() / "private"
    try:
        make_folder(folder)
        folder.chmod(0o700)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made: {error.strerror}; check its permissions") from error
    name = sha256(f"{kind}\n{of}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return folder / f"{kind}-{name}.{suffix}"


def _read(path: Path) -> str | None:
    try:
        known = json.loads(path.read_bytes())["path"]
    except (OSError, ValueError, KeyError, TypeError):  # it is not there, or somebody has damaged it
        return None
    return known if isinstance(known, str) and _TOKEN.fullmatch(known) else None
