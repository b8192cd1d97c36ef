"""The voices of a server: OpenAI's as known facts, those of others as the server lists them, if it does."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from interview_audio.engines.protocol import VoiceInfo, unknown_voice
from interview_audio.errors import OutageError, VoiceError

_LANGUAGES = ("en", "zh", "ja", "ko", "fr", "de", "es", "it", "pt", "ru")
"""Some of those that OpenAI's voices speak, in the order of use here; they were made for English."""
_OFFICIAL: Mapping[str, Literal["female", "male", "unknown"]] = {
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
OFFICIAL = tuple(VoiceInfo(name, _LANGUAGES, gender) for name, gender in _OFFICIAL.items())
_CUSTOM = re.compile(r"voice_\w+")
"""The identifier of a voice of one's own at OpenAI."""
_WEIGHT = re.compile(r"\(\d*\.?\d+\)")
_KOKORO_NAME = re.compile(r"([abefhijpz])([fm])_\w+")
_KOKORO_LANGUAGES = dict(zip("abefhijpz", ("en", "en", "es", "fr", "hi", "it", "ja", "pt", "zh"), strict=True))
_MOST_CHARACTERS = 200


class VoiceList:
    """The voices there are, for all threads."""

    def __init__(self, known: Sequence[VoiceInfo], fetch: Callable[[], Sequence[str]] | None) -> None:
        """Prepare.

        Args:
            known: Facts.
            fetch: Asks the server, and raises ``OutageError``; None where facts are enough or it must not be asked.
        """
        self._voices = tuple(known)
        self._fetch = fetch
        self._lock = threading.Lock()
        self.outage: OutageError | None = None
        """Why the server could not be asked."""

    def all(self) -> Sequence[VoiceInfo]:
        """Those that are known; asks the server once. None where it lists none: then it has those that it has."""
        with self._lock:
            fetch, self._fetch = self._fetch, None
            if fetch:
                try:
                    self._voices = tuple(map(described, fetch()))
                except OutageError as error:  # any name may be a voice; speaking says what is wrong
                    self.outage = error
        return self._voices

    def find(self, name: str) -> None:
        """Raise ``VoiceError`` where the server cannot have this voice."""
        if not name.strip() or not name.isprintable() or len(name) > _MOST_CHARACTERS:
            raise VoiceError(f"openai has no voice {name[:40]!r}; choose one that the server has")
        names = [voice.name for voice in self.all()]
        if names and name not in names and not _CUSTOM.fullmatch(name) and not _is_blend(name, names):
            raise unknown_voice("openai", name, names)


def sent_voice(name: str, *, is_official: bool) -> str | dict[str, str]:
    """As the request has it: OpenAI wants a voice of one's own as an object."""
    return {"id": name} if is_official and _CUSTOM.fullmatch(name) else name


def listed_names(answer: Any) -> list[str]:
    """The names in what a server gives as its list: of texts or objects, bare or under ``voices`` or ``data``."""
    entries = (
        next((answer[key] for key in ("voices", "data") if key in answer), []) if isinstance(answer, dict) else answer
    )
    names = [_name(entry) for entry in entries] if isinstance(entries, list) else []
    return [name for name in names if name]


def described(name: str) -> VoiceInfo:
    """What Kokoro's way of naming tells of a voice: language, then gender; nothing for other names."""
    match = _KOKORO_NAME.fullmatch(name)
    if match is None:
        return VoiceInfo(name, (), "unknown")
    return VoiceInfo(name, (_KOKORO_LANGUAGES[match[1]],), "female" if match[2] == "f" else "male")


def _name(entry: Any) -> str:
    if isinstance(entry, dict):
        entry = next((entry[key] for key in ("id", "voice_id", "name") if key in entry), "")
    return entry if isinstance(entry, str) else ""


def _is_blend(name: str, names: Sequence[str]) -> bool:
    """Whether it is voices of Kokoro-FastAPI joined by plus or minus, each with a weight or without."""
    return set(re.split(r"[+-]", _WEIGHT.sub("", name))) <= set(names)
