"""Edge's voices: the service's own list, kept for a day, else the packaged one."""

import json
import tempfile
import threading
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal, cast

from interview_audio.engines.protocol import VoiceInfo, unknown_voice
from interview_audio.errors import OutageError, VoiceError
from interview_audio.files.app_folders import cache_folder
from interview_audio.text.suggestions import suggestion

KEPT_SECONDS = 24 * 3600
_ENDING = "Neural"
_MAIN_REGIONS = {"en": "US", "zh": "CN", "pt": "BR", "ja": "JP", "ko": "KR", "ar": "EG", "sv": "SE", "da": "DK"}
"""Where most listeners of a language are, if it is not the country of the same code."""
_SPOKEN_THERE = {"zh-HK": "yue", "yue": "yue", "wuu": "wuu", "nb": "no"}
"""What voices of a locale speak, where that is not its first subtag: a Hong Kong voice reads Cantonese."""
_NOT_LATIN = frozenset(
    "zh yue wuu ja ko ru uk bg mk el he ar fa ur ps hi mr ne bn gu kn ml ta te si my km lo th ka am mn kk".split()  # noqa: SIM905
)
"""Languages that a voice for Latin writing passes over in silence, as users have measured for Chinese."""
_HAN_READERS = frozenset(("zh", "yue", "wuu"))
_SCRIPTS = {
    "HIRAGANA": {"ja"}, "KATAKANA": {"ja"}, "HANGUL": {"ko"}, "CYRILLIC": {"ru", "uk", "bg", "mk", "kk", "mn", "sr"},
    "GREEK": {"el"}, "HEBREW": {"he"}, "ARABIC": {"ar", "fa", "ur", "ps"}, "DEVANAGARI": {"hi", "mr", "ne"},
    "BENGALI": {"bn"}, "GUJARATI": {"gu"}, "KANNADA": {"kn"}, "MALAYALAM": {"ml"}, "TAMIL": {"ta"}, "TELUGU": {"te"},
    "SINHALA": {"si"}, "MYANMAR": {"my"}, "KHMER": {"km"}, "LAO": {"lo"}, "THAI": {"th"}, "GEORGIAN": {"ka"},
    "ETHIOPIC": {"am"},
}  # fmt: skip
"""Whose voices read a script, by the first word of its characters' names in Unicode; of others nothing is known."""

Gender = Literal["female", "male", "unknown"]


@dataclass(frozen=True, slots=True)
class EdgeVoice:
    """A voice by its short name, ``zh-CN-YunxiNeural``."""

    name: str
    gender: Gender

    @property
    def locale(self) -> str:
        """``zh-CN``; a dialect has a third part, ``zh-CN-liaoning``."""
        return self.name.rpartition("-")[0]

    @property
    def language(self) -> str:
        """The language it speaks."""
        return _SPOKEN_THERE.get(self.locale) or _SPOKEN_THERE.get(self._tag, self._tag)

    @property
    def is_multilingual(self) -> bool:
        """Whether it reads any language, which it finds out by itself, sentence by sentence."""
        return "Multilingual" in self.name

    @property
    def long_name(self) -> str:
        """As the service calls it; the client makes it from most short names, and fails on ``iu-Cans-CA``."""
        locale, _, name = self.name.rpartition("-")
        return f"Microsoft Server Speech Text to Speech Voice ({locale}, {name})"

    @property
    def info(self) -> VoiceInfo:
        """As engines describe voices."""
        return VoiceInfo(self.name, (self.language,), self.gender, "multilingual" if self.is_multilingual else "")

    def reads(self, language: str) -> bool:
        """Whether it says anything in this language, be it with an accent."""
        if self.is_multilingual or language == self.language or language not in _NOT_LATIN:
            return True
        return {language, self.language} <= _HAN_READERS

    def reads_han(self) -> bool:
        """Whether Chinese characters are more than silence to it."""
        return self.is_multilingual or self.language in _HAN_READERS | {"ja"}

    def unread(self, text: str) -> str:
        """The letters of a text that are silence to it, by their script."""
        if self.is_multilingual:
            return ""
        return "".join(character for character in text if not self._reads_script(_script(character)))

    def _reads_script(self, script: str) -> bool:
        if script == "CJK":
            return self.reads_han()
        languages = _SCRIPTS.get(script)
        return languages is None or self.language in languages

    @property
    def _tag(self) -> str:
        return self.name.partition("-")[0]


def _script(character: str) -> str:
    """``CJK``, ``CYRILLIC``; empty for what is no letter."""
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list as it was had."""

    time: float | None
    """Seconds since 1970; None for the packaged one."""
    voices: Mapping[str, EdgeVoice]

    @property
    def age(self) -> float | None:
        """Seconds."""
        return None if self.time is None else abs(time.time() - self.time)


class VoiceList:
    """The voices there are, for all threads."""

    def __init__(self, fetch: Callable[[], Sequence[EdgeVoice]] | None, file: Path | None = None) -> None:
        """Prepare.

        Args:
            fetch: Asks the service, and raises ``OutageError``; None where it must not be asked.
            file: Where the list is kept; in the user's cache folder if None.
        """
        self._fetch = fetch
        self._file = file or cache_folder() / "edge" / "voices.json"
        self._lock = threading.Lock()
        self._was_asked = False
        self._last: _Listed | None = None

    def known(self) -> Mapping[str, EdgeVoice]:
        """The voices by name, in order, as the last list has them, however old; nothing is asked."""
        return self._listed().voices

    def age(self) -> float | None:
        """Seconds since the list was had from the service; None for the packaged list."""
        return self._listed().age

    def find(self, name: str) -> EdgeVoice:
        """The voice of this name, in a list of at most a day if the service can be asked.

        Raises:
            VoiceError: There is none.
        """
        age = self.age()
        if age is None or age > KEPT_SECONDS:
            self._ask()
        voices = self.known()
        if name not in voices:
            raise _unknown(name, tuple(voices))
        return voices[name]

    def replace(self, voices: Sequence[EdgeVoice]) -> None:
        """Keep a list that came from the service just now."""
        self._last = _listed(time.time(), voices)
        content = json.dumps({"time": self._last.time, "voices": {voice.name: voice.gender for voice in voices}})
        with suppress(OSError):  # the next run asks again
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self._file.parent, suffix=".part", delete=False
            ) as temporary:
                temporary.write(content)
            try:
                Path(temporary.name).replace(self._file)
            finally:
                Path(temporary.name).unlink(missing_ok=True)

    def _ask(self) -> None:
        """Ask the service for its list, at most once."""
        with self._lock:
            if self._fetch is None or self._was_asked:
                return
            self._was_asked = True
            with suppress(OutageError):  # an old list is better than none; speaking will say what is wrong
                self.replace(self._fetch())

    def _listed(self) -> _Listed:
        if self._last is None:
            self._last = self._kept() or _listed(None, packaged())
        return self._last

    def _kept(self) -> _Listed | None:
        """The list of the file; None where there is none that can be read."""
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            voices = [EdgeVoice(str(name), gender(of)) for name, of in kept["voices"].items()]
            return _listed(float(kept["time"]), voices) if voices else None
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None


def _listed(since: float | None, voices: Sequence[EdgeVoice]) -> _Listed:
    return _Listed(since, {voice.name: voice for voice in sorted(voices, key=_rank)})


@cache
def packaged() -> tuple[EdgeVoice, ...]:
    """The voices of ``known_voices.txt``."""
    voices = []
    for line in resources.files(__package__).joinpath("known_voices.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        locale, _, names = line.partition(" ")
        for of, group in zip(("female", "male"), names.split("/"), strict=True):
            voices += [EdgeVoice(f"{locale}-{name}{_ENDING}", gender(of)) for name in group.split()]
    return tuple(voices)


def gender(written: str) -> Gender:
    """The service's word for it, as ours."""
    lower = written.lower()
    return cast("Gender", lower) if lower in ("female", "male") else "unknown"


def _rank(voice: EdgeVoice) -> tuple[str, bool, str]:
    """Voices of a language together, those of its main country first."""
    main = f"{voice.language}-{_MAIN_REGIONS.get(voice.language, voice.language.upper())}"
    return voice.language, voice.locale != main, voice.name


def _unknown(name: str, known: Sequence[str]) -> VoiceError:
    part = name.lower().removesuffix(_ENDING.lower()).rpartition("-")[2]
    containing = [other for other in known if part and f"-{part}" in other.lower()]
    if containing:
        return VoiceError(f"edge has no voice {name!r}{suggestion(containing[0])}")
    return unknown_voice("edge", name, known)
