"""The voices of a server: OpenAI's are known, those of others are listed by the server, if it does that."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from interview_audio.engines.protocol import Gender, VoiceInfo, unknown_voice_error
from interview_audio.errors import OutageError, VoiceError

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
