"""Edge's voices: which scripts each reads, and the service's own list, kept for a day, else the packaged one."""

import json
import re
import threading
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import cast

from interview_audio.engines.protocol import Gender, VoiceInfo, unknown_voice_error
from interview_audio.errors import OutageError, VoiceError, suggestion
from interview_audio.files.app_folders import cache_folder
from interview_audio.files.atomic_files import make_folder, write_whole
from interview_audio.text.characters import HAN

MAX_LIST_AGE_SECONDS = 24 * 3600
HAN_RUN = re.compile(f"[{HAN}]+")
_NAME_ENDING = "Neural"
_MAIN_REGIONS = {"en": "US", "zh": "CN", "pt": "BR", "ja": "JP", "ko": "KR", "ar": "EG", "sv": "SE", "da": "DK"}
"""Where most listeners of a language live, if that is not the country of the same code."""
_SPOKEN_THERE = {"zh-HK": "yue", "yue": "yue", "wuu": "wuu", "nb": "no"}
"""What voices of a locale speak, if that is not its first subtag: a Hong Kong voice reads Cantonese."""
_NOT_LATIN = frozenset(
    "zh yue wuu ja ko ru uk bg mk el he ar fa ur ps hi mr ne bn gu kn ml ta te si my km lo th ka am mn kk".split()  # noqa: SIM905
)
"""Languages that a voice for Latin writing passes over in silence, as users have measured for Chinese."""
_HAN_READERS = frozenset(("zh", "yue", "wuu"))
_LANGUAGES_OF_SCRIPTS = {
    "HIRAGANA": {"ja"}, "KATAKANA": {"ja"}, "HANGUL": {"ko"}, "CYRILLIC": {"ru", "uk", "bg", "mk", "kk", "mn", "sr"},
    "GREEK": {"el"}, "HEBREW": {"he"}, "ARABIC": {"ar", "fa", "ur", "ps"}, "DEVANAGARI": {"hi", "mr", "ne"},
    "BENGALI": {"bn"}, "GUJARATI": {"gu"}, "KANNADA": {"kn"}, "MALAYALAM": {"ml"}, "TAMIL": {"ta"}, "TELUGU": {"te"},
    "SINHALA": {"si"}, "MYANMAR": {"my"}, "KHMER": {"km"}, "LAO": {"lo"}, "THAI": {"th"}, "GEORGIAN": {"ka"},
    "ETHIOPIC": {"am"},
}  # fmt: skip
"""The languages whose voices read a script (see ``script_of``); of other scripts nothing is known."""


LANGUAGES = frozenset(
    """
    af am ar az bg bn bs ca cs cy da de el en es et fa fi fil fr ga gl gu he hi hr hu id is it iu ja jv ka kk km kn ko
    lo lt lv mk ml mn mr ms mt my ne nl no pl ps pt ro ru si sk sl so sq sr su sv sw ta te th tr uk ur uz vi yue zh zu
    """.split()  # noqa: SIM905 - a list of 76 texts would be 76 lines
)
"""Languages that the service had voices for in November 2026: what a message may promise before its list is fetched."""


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
        """The language that it speaks."""
        return _SPOKEN_THERE.get(self.locale) or _SPOKEN_THERE.get(self._tag, self._tag)

    @property
    def is_multilingual(self) -> bool:
        """Whether it reads any language, which it detects by itself, sentence by sentence."""
        return "Multilingual" in self.name

    @property
    def long_name(self) -> str:
        """The service's name for it; the client derives it from most short names, and fails on ``iu-Cans-CA``."""
        locale, _, name = self.name.rpartition("-")
        return f"Microsoft Server Speech Text to Speech Voice ({locale}, {name})"

    @property
    def info(self) -> VoiceInfo:
        """The voice as engines describe voices."""
        return VoiceInfo(self.name, (self.language,), self.gender, "multilingual" if self.is_multilingual else "")

    def reads(self, language: str) -> bool:
        """Tell whether it says anything in this language, even with an accent."""
        if self.is_multilingual or language == self.language or language not in _NOT_LATIN:
            return True
        return {language, self.language} <= _HAN_READERS

    def reads_han(self) -> bool:
        """Tell whether it says Chinese characters, and does not pass over them in silence."""
        return self.is_multilingual or self.language in _HAN_READERS | {"ja"}

    def unread(self, text: str) -> str:
        """Return the letters of a text that it passes over in silence, judged by their script."""
        if self.is_multilingual:
            return ""
        return "".join(character for character in text if not self._reads_script(script_of(character)))

    def _reads_script(self, script: str) -> bool:
        if script == "CJK":
            return self.reads_han()
        languages = _LANGUAGES_OF_SCRIPTS.get(script)
        return languages is None or self.language in languages

    @property
    def _tag(self) -> str:
        return self.name.partition("-")[0]


def script_of(character: str) -> str:
    """Return the script of a letter by the first word of its name in Unicode (``LATIN``, ``CJK``, ``CYRILLIC``).

    It is ``DIGIT`` for a digit of any script, and empty for everything else.
    """
    if character.isdecimal():
        return "DIGIT"
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""


@dataclass(frozen=True, slots=True)
class _FetchedList:
    """A list of voices with its age."""

    fetched_at: float | None
    """Seconds since 1970; None for the packaged list."""
    voices: Mapping[str, EdgeVoice]

    @property
    def age_seconds(self) -> float | None:
        """None for the packaged list."""
        return None if self.fetched_at is None else abs(time.time() - self.fetched_at)


class EdgeVoiceList:
    """The voices that the service has, for all threads of one engine."""

    def __init__(self, fetch: Callable[[], Sequence[EdgeVoice]] | None, file: Path | None = None) -> None:
        """Prepare.

        Args:
            fetch: Asks the service, and raises ``OutageError``; None if it must not be asked.
            file: Where the list is kept; in the user's cache folder if None.
        """
        self._fetch = fetch
        self._file = file or cache_folder() / "edge" / "voices.json"
        self._lock = threading.Lock()
        self._was_asked = False
        self._latest: _FetchedList | None = None

    def known(self) -> Mapping[str, EdgeVoice]:
        """Return the voices by name, in order, as the last list has them, however old; nothing is asked."""
        return self._list().voices

    def age_seconds(self) -> float | None:
        """Return how long ago the service gave the list; None for the packaged list."""
        return self._list().age_seconds

    def find(self, name: str) -> EdgeVoice:
        """Return the voice of this name, from a list of at most a day if the service can be asked.

        Raises:
            VoiceError: There is no such voice.
        """
        age = self.age_seconds()
        if age is None or age > MAX_LIST_AGE_SECONDS:
            self._ask()
        voices = self.known()
        if name not in voices:
            raise _unknown_voice_error(name, tuple(voices))
        return voices[name]

    def replace(self, voices: Sequence[EdgeVoice]) -> None:
        """Keep a list that came from the service just now."""
        now = time.time()
        self._latest = _sorted_list(now, voices)
        content = json.dumps({"time": now, "voices": {voice.name: voice.gender for voice in voices}})
        with suppress(OSError):  # the next run asks again
            make_folder(self._file.parent)
            write_whole(self._file, content.encode())

    def _ask(self) -> None:
        """Ask the service for its list, at most once."""
        with self._lock:
            if self._fetch is None or self._was_asked:
                return
            self._was_asked = True
            with suppress(OutageError):  # an old list is better than none; speaking will say what is wrong
                self.replace(self._fetch())

    def _list(self) -> _FetchedList:
        if self._latest is None:
            self._latest = self._read() or _sorted_list(None, packaged_voices())
        return self._latest

    def _read(self) -> _FetchedList | None:
        """Read the list that was kept; None if there is none that can be read."""
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            voices = [EdgeVoice(str(name), parse_gender(gender)) for name, gender in kept["voices"].items()]
            return _sorted_list(float(kept["time"]), voices) if voices else None
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None


def _sorted_list(fetched_at: float | None, voices: Sequence[EdgeVoice]) -> _FetchedList:
    return _FetchedList(fetched_at, {voice.name: voice for voice in sorted(voices, key=_sort_key)})


def _sort_key(voice: EdgeVoice) -> tuple[str, bool, str]:
    """Put voices of a language together, those of its main country first."""
    main = f"{voice.language}-{_MAIN_REGIONS.get(voice.language, voice.language.upper())}"
    return voice.language, voice.locale != main, voice.name


@cache
def packaged_voices() -> tuple[EdgeVoice, ...]:
    """Return the voices of ``known_voices.txt``."""
    voices = []
    for line in resources.files(__package__).joinpath("known_voices.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        locale, _, names = line.partition(" ")
        for gender, group in zip(("female", "male"), names.split("/"), strict=True):
            voices += [EdgeVoice(f"{locale}-{name}{_NAME_ENDING}", parse_gender(gender)) for name in group.split()]
    return tuple(voices)


def parse_gender(written: str) -> Gender:
    """Return the service's word for a gender as ours."""
    lower = written.lower()
    return cast("Gender", lower) if lower in ("female", "male") else "unknown"


def _unknown_voice_error(name: str, known: Sequence[str]) -> VoiceError:
    """Suggest a voice by its own name first: who writes ``Aria`` means ``en-US-AriaNeural``."""
    own_name = name.lower().removesuffix(_NAME_ENDING.lower()).rpartition("-")[2]
    containing = [other for other in known if own_name and f"-{own_name}" in other.lower()]
    if containing:
        return VoiceError(f"edge has no voice {name!r}{suggestion(containing[0])}")
    return unknown_voice_error("edge", name, known)
