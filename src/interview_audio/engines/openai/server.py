"""Which server is asked, and how: the settings ``engines.openai``, checked, and the key; and which voices it has.

The key goes from the environment to the request's header, and nowhere else. OpenAI's voices are known, those of others
are listed by the server, if it does that.
"""

import hashlib
import ipaddress
import json
import os
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import SplitResult, urlsplit

from interview_audio.engines.protocol import MAX_SOCKETS, Gender, VoiceInfo, unknown_voice_error
from interview_audio.engines.utterance_pieces import TEXT_VERSION
from interview_audio.errors import EngineError, OutageError, VoiceError

OFFICIAL_KEY_VARIABLE = "OPENAI_API_KEY"
_OFFICIAL_URL = "https://api.openai.com/v1"
_OFFICIAL_HOST = "api.openai.com"
_OFFICIAL_MODEL = "gpt-4o-mini-tts"
_DEFAULT_SOCKETS = 2
_FORMATS = ("wav", "mp3", "pcm")
_DEFAULT_TIMEOUT_SECONDS = 120.0
"""A server without a graphics card may speak a whole line before it sends the first byte."""
_MAX_TIMEOUT_SECONDS = 3600
SETTINGS: Mapping[str, type | tuple[type, ...]] = {
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
"""Names and types; ``docs/online.md`` explains each but ``offline``, which is the command line's."""
_REQUEST_FIELDS = frozenset(("model", "input", "voice", "response_format", "speed", "instructions", "stream_format"))
_KEY_VARIABLE = re.compile(r"(?:[A-Z][A-Z0-9_]*_)?API_KEY")
"""No other name: a ``voices.yaml`` that came with somebody's text must not send any secret of this machine."""
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_-]*")
"""A host name without dots, as containers and home networks have; ``134744072`` is the address 8.8.8.8."""
_SENDABLE_KEY = re.compile(r"[\x21-\x7e]+")
"""What a header can hold: printable ASCII without spaces."""
_LOCAL_NAMES = (".local", ".lan", ".internal", ".home.arpa", ".localhost")


@dataclass(frozen=True, slots=True)
class Server:
    """A server and how it is to speak; holds no key."""

    base_url: str
    model: str
    instructions: str
    format: Literal["wav", "mp3", "pcm"]
    key_variable: str | None
    """The environment variable with the key; None if none is sent."""
    allow_plain_http: bool
    proxy: str | None
    sockets: int
    timeout: float
    """Seconds without a byte after which an attempt fails."""
    extra: Mapping[str, Any]
    """More fields of the request, as this server knows them."""
    is_offline: bool
    """Whether nothing may leave this machine."""

    @property
    def host(self) -> str:
        """Host name or address, without port."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def address(self) -> str:
        """Host and port, for messages."""
        return urlsplit(self.base_url).netloc

    @property
    def is_official(self) -> bool:
        """Whether it is OpenAI's own."""
        return self.host == _OFFICIAL_HOST

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
        """A hash of what shapes the sound, the address included: servers mean different voices by one name."""
        path = self.base_url.partition("://")[2]
        shaped_by = [path, self.model, self.instructions, self.format, sorted(self.extra.items()), TEXT_VERSION]
        return f"openai {hashlib.sha256(json.dumps(shaped_by, ensure_ascii=False).encode()).hexdigest()[:32]}"


def read_server(settings: Mapping[str, Any]) -> Server:
    """Read the settings ``engines.openai``; raise ``EngineError`` for one that is wrong."""
    _check_types(settings)
    given = {name: value for name, value in settings.items() if value is not None}
    base_url = _base_url(given.get("base_url", _OFFICIAL_URL))
    is_official = urlsplit(base_url).hostname == _OFFICIAL_HOST
    model = given.get("model") or (_OFFICIAL_MODEL if is_official else "")
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
        int(_within("sockets", given.get("sockets", _DEFAULT_SOCKETS), MAX_SOCKETS)),
        float(_within("timeout", given.get("timeout", _DEFAULT_TIMEOUT_SECONDS), _MAX_TIMEOUT_SECONDS)),
        _extra(given.get("extra", {})),
        given.get("offline", False),
    )


def _check_types(settings: Mapping[str, Any]) -> None:
    if secret := sorted({"key", "api_key", "token"} & settings.keys()):
        raise EngineError(
            f"engines.openai.{secret[0]}: a key does not belong in a settings file; set the environment variable "
            f"{OFFICIAL_KEY_VARIABLE}, or another that engines.openai.key_variable names"
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
    """Return the address without a slash at its end, and with ``/v1`` if it has no path."""
    parts = _split(written)
    if "@" in parts.netloc:
        raise EngineError("engines.openai.base_url contains a name or password; set the key as an environment variable")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise EngineError(f"engines.openai.base_url must be an address like {_OFFICIAL_URL}, with nothing after it")
    path = parts.path.rstrip("/").removesuffix("/audio/speech") or "/v1"
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def _split(written: str) -> SplitResult:
    try:
        parts = urlsplit(written.strip())
        is_address = parts.port != 0
    except ValueError:  # a port that is not a number, or an unmatched bracket
        is_address = False
    if not is_address:
        raise EngineError(f"engines.openai.base_url is not an address like {_OFFICIAL_URL}")
    return parts


def _format(written: str) -> str:
    if written not in _FORMATS:
        raise EngineError(f"engines.openai.format must be one of {', '.join(_FORMATS)}, not {written!r}")
    return written


def _key_variable(written: str | None, *, is_official: bool) -> str | None:
    """Send OpenAI's key to OpenAI alone, unless the settings say otherwise."""
    if written is None:
        return OFFICIAL_KEY_VARIABLE if is_official else None
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
    own = sorted(_REQUEST_FIELDS & written.keys())
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


def read_key(server: Server) -> str | None:
    """Return the key for this server now, None if none is to be sent. No error's text holds it.

    Raises:
        OutageError: There is no key and there must be one, it cannot be a key, or others could read it on its way.
    """
    if problem := _key_problem(server):  # raised here, where no variable holds the key
        raise problem
    return _key_in_environment(server) or None


def request_headers(server: Server) -> dict[str, str]:
    """Return the headers of each request; not compressed, so that the byte count is that of the sound."""
    key = read_key(server)
    plain = {"Accept-Encoding": "identity", "User-Agent": "interview-audio"}
    return plain | ({"Authorization": f"Bearer {key}"} if key else {})


def remove_key(text: str, server: Server) -> str:
    """Return a text of the server without the key, should it repeat it."""
    key = _key_in_environment(server)
    return text.replace(key, "…") if key else text


def _key_in_environment(server: Server) -> str:
    return os.environ.get(server.key_variable, "").strip() if server.key_variable else ""


def _key_problem(server: Server) -> OutageError | None:
    key = _key_in_environment(server)
    if server.key_variable is None:
        return None
    if not key:
        return OutageError(
            f"`{server.key_variable}` is not set",
            f"set this environment variable to your key for {server.address} and run again",
        )
    if not _SENDABLE_KEY.fullmatch(key):
        return OutageError(
            f"`{server.key_variable}` holds a space, a line break or an accent", "set it to the key alone"
        )
    if not server.is_secret_on_the_way:
        return OutageError(
            f"{server.address} uses plain http, which would show others the key in {server.key_variable}",
            "use https:// in engines.openai.base_url, remove key_variable, or set allow_plain_http: true",
        )
    return None


_LANGUAGES = ("en", "zh", "ja", "ko", "fr", "de", "es", "it", "pt", "ru")
"""Some of those that OpenAI's voices speak, in the order of use here; they were made for English."""
_GENDERS: Mapping[str, Gender] = {
    "alloy": "unknown",
    "ash": "male",
    "ballad": "male",
    "cedar": "male",
    "coral": "female",
    "echo": "male",
    "fable": "unknown",
    "marin": "female",
    "nova": "female",
    "onyx": "male",
    "sage": "female",
    "shimmer": "female",
    "verse": "male",
}
"""Names: OpenAI's API reference, "Create speech". Genders as they sound; OpenAI states none."""
OFFICIAL_VOICES = tuple(VoiceInfo(name, _LANGUAGES, gender) for name, gender in _GENDERS.items())
_OWN_VOICE = re.compile(r"voice_\w+")
"""The identifier of a user's own voice at OpenAI."""
_WEIGHT = re.compile(r"\(\d*\.?\d+\)")
_KOKORO_NAME = re.compile(r"([abefhijpz])([fm])_\w+")
_KOKORO_LANGUAGES = dict(zip("abefhijpz", ("en", "en", "es", "fr", "hi", "it", "ja", "pt", "zh"), strict=True))
_MAX_NAME_CHARS = 200
_MAX_SHOWN_CHARS = 40


class ServerVoiceList:
    """The voices that a server has, for all threads of one engine."""

    def __init__(self, known: Sequence[VoiceInfo], fetch: Callable[[], Sequence[str]] | None) -> None:
        """Prepare.

        Args:
            known: Voices that are known without asking.
            fetch: Asks the server, and raises ``OutageError``; None if they are enough or it must not be asked.
        """
        self._voices = tuple(known)
        self._fetch = fetch
        self._lock = threading.Lock()
        self.outage: OutageError | None = None
        """Why the server could not be asked."""

    def all(self) -> Sequence[VoiceInfo]:
        """Return the known voices, after asking the server once; if it lists none, any name may be a voice."""
        with self._lock:
            fetch, self._fetch = self._fetch, None
            if fetch:
                try:
                    self._voices = tuple(map(describe_voice, fetch()))
                except OutageError as error:  # any name may be a voice; speaking says what is wrong
                    self.outage = error
        return self._voices

    def check(self, name: str) -> None:
        """Raise ``VoiceError`` if the server cannot have this voice."""
        if not name.strip() or not name.isprintable() or len(name) > _MAX_NAME_CHARS:
            raise VoiceError(f"openai has no voice {name[:_MAX_SHOWN_CHARS]!r}; choose one that the server has")
        names = [voice.name for voice in self.all()]
        if names and name not in names and not _OWN_VOICE.fullmatch(name) and not _is_blend(name, names):
            raise unknown_voice_error("openai", name, names)


def voice_parameter(name: str, *, is_official: bool) -> str | dict[str, str]:
    """Return a voice as the request has it: OpenAI takes a user's own voice as an object."""
    return {"id": name} if is_official and _OWN_VOICE.fullmatch(name) else name


def parse_voice_names(answer: Any) -> list[str]:
    """Return the names in a server's list: of texts or objects, bare or under ``voices`` or ``data``."""
    entries = (
        next((answer[key] for key in ("voices", "data") if key in answer), []) if isinstance(answer, dict) else answer
    )
    names = [_name(entry) for entry in entries] if isinstance(entries, list) else []
    return [name for name in names if name]


def describe_voice(name: str) -> VoiceInfo:
    """Describe a voice by its name if Kokoro made it: language, then gender; other names tell nothing."""
    match = _KOKORO_NAME.fullmatch(name)
    if match is None:
        return VoiceInfo(name, (), "unknown")
    return VoiceInfo(name, (_KOKORO_LANGUAGES[match[1]],), "female" if match[2] == "f" else "male")


def _name(entry: Any) -> str:
    if isinstance(entry, dict):
        entry = next((entry[key] for key in ("id", "voice_id", "name") if key in entry), "")
    return entry if isinstance(entry, str) else ""


def _is_blend(name: str, names: Sequence[str]) -> bool:
    """Tell whether a name is voices of Kokoro-FastAPI joined by plus or minus, with or without weights."""
    return set(re.split(r"[+-]", _WEIGHT.sub("", name))) <= set(names)
