"""Which server is asked, and how: the settings ``engines.openai``, checked.

The key: from the environment to the request's header, and nowhere else.
"""

import hashlib
import ipaddress
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import SplitResult, urlsplit

from interview_audio.engines.online.utterance_pieces import VERSION
from interview_audio.engines.protocol import MOST_SOCKETS
from interview_audio.errors import EngineError, OutageError

OFFICIAL_URL = "https://api.openai.com/v1"
OFFICIAL_HOST = "api.openai.com"
OFFICIAL_MODEL = "gpt-4o-mini-tts"
OFFICIAL_KEY = "OPENAI_API_KEY"
SOCKETS = 2
FORMATS = ("wav", "mp3", "pcm")
TIMEOUT = 120.0
"""Seconds: a server without a graphics card may speak a whole line before it sends the first byte."""
SETTINGS: dict[str, type | tuple[type, ...]] = {
    "base_url": str,
    "model": str,
    "instructions": str,
    "format": str,
    "key_variable": str,
    "allow_plain_http": bool,
    "proxy": str,
    "sockets": int,
    "timeout": (int, float),
    "extra": dict,
    "offline": bool,
}
_OWN_FIELDS = frozenset(("model", "input", "voice", "response_format", "speed", "instructions", "stream_format"))
_KEY_VARIABLE = re.compile(r"(?:[A-Z][A-Z0-9_]*_)?API_KEY")
"""No other name: a ``voices.yaml`` that came with somebody's text must not have any secret of this machine sent."""
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_-]*")
"""A name without dots, as containers and home networks have; ``134744072`` is the address 8.8.8.8."""
_LOCAL_NAMES = (".local", ".lan", ".internal", ".home.arpa", ".localhost")


@dataclass(frozen=True, slots=True)
class Server:
    """A server and what it is to speak with; holds no key."""

    base_url: str
    model: str
    instructions: str
    format: Literal["wav", "mp3", "pcm"]
    key_variable: str | None
    """The environment's variable with the key; None where none is sent."""
    allow_plain_http: bool
    proxy: str | None
    sockets: int
    timeout: float
    """Seconds without a byte after which an attempt is given up."""
    extra: Mapping[str, Any]
    """Fields that are sent besides, as this server knows them."""
    is_offline: bool
    """Whether nothing may leave this machine."""

    @property
    def host(self) -> str:
        """Without port."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def address(self) -> str:
        """Host and port, for messages."""
        return urlsplit(self.base_url).netloc

    @property
    def is_official(self) -> bool:
        """Whether it is OpenAI's own."""
        return self.host == OFFICIAL_HOST

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine, by its address or the name ``localhost`` (RFC 6761, 6.3)."""
        address = _ip(self.host)
        return self.host == "localhost" if address is None else address.is_loopback

    @property
    def is_nearby(self) -> bool:
        """Whether it is on this machine or, by its address or name, in a private network."""
        address = _ip(self.host)
        if address is None:
            return bool(_PLAIN_NAME.fullmatch(self.host)) or self.host.endswith(_LOCAL_NAMES)
        return address.is_loopback or address.is_private or address.is_link_local

    @property
    def is_secret_on_the_way(self) -> bool:
        """Whether nobody between can read a key."""
        return self.base_url.startswith("https:") or self.is_nearby or self.allow_plain_http

    @property
    def identity(self) -> str:
        """A hash of what shapes the sound; of the address too, since servers mean different voices by one name."""
        path = self.base_url.partition("://")[2]
        shaped_by = [path, self.model, self.instructions, self.format, sorted(self.extra.items()), VERSION]
        return f"openai {hashlib.sha256(json.dumps(shaped_by, ensure_ascii=False).encode()).hexdigest()[:32]}"


def read_server(settings: Mapping[str, Any]) -> Server:
    """The server of ``engines.openai``; raises ``EngineError`` for a setting that is wrong."""
    _check_kinds(settings)
    given = {name: value for name, value in settings.items() if value is not None}
    base_url = _base_url(given.get("base_url", OFFICIAL_URL))
    is_official = urlsplit(base_url).hostname == OFFICIAL_HOST
    model = given.get("model") or (OFFICIAL_MODEL if is_official else "")
    if not model:
        raise EngineError("engines.openai.model is missing; set it to a model of this server")
    return Server(
        base_url,
        model,
        given.get("instructions", ""),
        cast("Literal['wav', 'mp3', 'pcm']", _format(given.get("format", "wav"))),
        _key_variable(given.get("key_variable"), is_official=is_official),
        given.get("allow_plain_http", False),
        given.get("proxy"),
        int(_within("sockets", given.get("sockets", SOCKETS), MOST_SOCKETS)),
        float(_within("timeout", given.get("timeout", TIMEOUT), 3600)),
        _extra(given.get("extra", {})),
        given.get("offline", False),
    )


def _check_kinds(settings: Mapping[str, Any]) -> None:
    if secret := sorted({"key", "api_key", "token"} & settings.keys()):
        raise EngineError(
            f"engines.openai.{secret[0]}: a key does not belong in a settings file; set the environment variable "
            f"{OFFICIAL_KEY}, or another that engines.openai.key_variable names"
        )
    unknown = settings.keys() - SETTINGS
    if unknown:
        raise EngineError(f"engines.openai has the settings {', '.join(SETTINGS)}, not {', '.join(sorted(unknown))}")
    for name, value in settings.items():
        kind = SETTINGS[name]
        is_flag = isinstance(value, bool)
        if value is not None and (not isinstance(value, kind) or (is_flag and kind is not bool)):
            words = {str: "text", bool: "true or false", dict: "a mapping"}
            raise EngineError(
                f"engines.openai.{name} must be {words.get(cast('type', kind), 'a number')}, not {value!r}"
            )


def _base_url(written: str) -> str:
    """Without a slash at its end; ``/v1`` where it has no path."""
    parts = _split(written)
    if "@" in parts.netloc:
        raise EngineError("engines.openai.base_url contains a name or password; set the key as an environment variable")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise EngineError(f"engines.openai.base_url must be an address like {OFFICIAL_URL}, with nothing after it")
    path = parts.path.rstrip("/").removesuffix("/audio/speech") or "/v1"
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def _split(written: str) -> SplitResult:
    try:
        parts = urlsplit(written.strip())
        is_address = parts.port != 0
    except ValueError:  # a port that is none, or a bracket too many
        is_address = False
    if not is_address:
        raise EngineError(f"engines.openai.base_url is not an address like {OFFICIAL_URL}")
    return parts


def _format(written: str) -> str:
    if written not in FORMATS:
        raise EngineError(f"engines.openai.format must be one of {', '.join(FORMATS)}, not {written!r}")
    return written


def _key_variable(written: str | None, *, is_official: bool) -> str | None:
    """OpenAI's key goes to OpenAI alone, unless the settings say otherwise."""
    if written is None:
        return OFFICIAL_KEY if is_official else None
    if not _KEY_VARIABLE.fullmatch(written):
        raise EngineError(
            "engines.openai.key_variable must name an environment variable that ends in API_KEY, "
            "such as SPEECH_API_KEY; the key itself does not belong here"
        )
    return written


def _within(name: str, value: float, most: int) -> float:
    if not 1 <= value <= most:
        raise EngineError(f"engines.openai.{name} must be a number from 1 to {most}, not {value!r}")
    return value


def _extra(written: Mapping[str, Any]) -> Mapping[str, Any]:
    own = sorted(_OWN_FIELDS & written.keys())
    if own:
        raise EngineError(f"engines.openai.extra cannot set {own[0]}; it has a setting of its own")
    if not all(isinstance(name, str) and isinstance(value, str | int | float) for name, value in written.items()):
        raise EngineError("engines.openai.extra must map names to text, numbers, true or false")
    return dict(written)


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


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
