"""The key: from the environment to the request's header, and nowhere else."""

import os
import re

from interview_audio.engines.openai.server import Server
from interview_audio.errors import OutageError

_SENDABLE = re.compile(r"[\x21-\x7e]+")


def read_key(server: Server) -> str | None:
    """The key for this server now; None where none is to be sent. No error's text holds it.

    Raises:
        OutageError: There is no key and there must be one, it is no key, or others could read it on its way.
    """
    if flaw := _flaw(server):  # raised here, where no variable holds the key
        raise flaw
    return _kept(server) or None


def headers(server: Server) -> dict[str, str]:
    """What is sent with each request. ``identity``: the byte count must be that of the sound."""
    key = read_key(server)
    plain = {"Accept-Encoding": "identity", "User-Agent": "interview-audio"}
    return plain | ({"Authorization": f"Bearer {key}"} if key else {})


def without_key(text: str, server: Server) -> str:
    """A text of the server without the key, should it repeat it."""
    key = _kept(server)
    return text.replace(key, "…") if key else text


def _kept(server: Server) -> str:
    return os.environ.get(server.key_variable, "").strip() if server.key_variable else ""


def _flaw(server: Server) -> OutageError | None:
    key = _kept(server)
    if server.key_variable is None:
        return None
    if not key:
        return OutageError(
            f"`{server.key_variable}` is not set",
            f"set this environment variable to your key for {server.address} and run again",
        )
    if not _SENDABLE.fullmatch(key):
        return OutageError(
            f"`{server.key_variable}` holds a space, a line break or an accent", "set it to the key alone"
        )
    if not server.is_secret_on_the_way:
        return OutageError(
            f"{server.address} uses plain http, which would show others the key in {server.key_variable}",
            "use https:// in engines.openai.base_url, remove key_variable, or set allow_plain_http: true",
        )
    return None
