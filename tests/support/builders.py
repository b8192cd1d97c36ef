"""Clips that sound a little like speech, and the scripts and settings around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.settings import Chapters, Pauses, Read, Settings, Sound
from interview_audio.script.lines import CastMember, Line, Script, Voice
from interview_audio.synthesis.clip_file import read_clip, write_clip
from interview_audio.synthesis.clips import Clip, Word, measure

RATE = 24000


@dataclass(frozen=True)
class Studio:
    """Makes clips in a folder of its own."""

    folder: Path

    def clip(self, samples: NDArray[np.int16], words: Sequence[Word] = (), name: str = "") -> Clip:
        key = name or f"clip{len(list(self.folder.iterdir()))}"
        path = self.folder / f"{key}.flac"
        write_clip(path, samples, RATE, words, measure(samples, RATE))
        return read_clip(key, path)

    @staticmethod
    def speech(seconds: float, *, seed: int = 0, peak: float = 0.5, padding: float = 0.2) -> NDArray[np.int16]:
        """Harmonics of a voice in syllables, with silence around."""
        instants = np.arange(round(seconds * RATE)) / RATE
        pitch = 110 + 40 * np.random.default_rng(seed).random()
        voice = sum(np.sin(2 * np.pi * pitch * k * instants + k * k) / k for k in range(1, 30))
        sound = voice * np.sin(np.pi * 3 * instants) ** 2
        quiet = np.zeros(round(padding * RATE))
        return np.concatenate([quiet, sound / np.max(np.abs(sound)) * peak * 32767, quiet]).astype(np.int16)

    @staticmethod
    def click(seconds: float) -> NDArray[np.int16]:
        """A tone that starts at once, at its loudest."""
        instants = np.arange(round(seconds * RATE)) / RATE
        return (np.cos(2 * np.pi * 2000 * instants) * 0.3 * 32767).astype(np.int16)

    @staticmethod
    def line(text: str = "Hello.", *, speaker: str = "Ada", pause: float = 0.35, chapter: str | None = None) -> Line:
        return Line(0, speaker, "en", text, Voice("tone", speaker.lower()), pause, chapter, 1)

    @staticmethod
    def script(lines: Sequence[Line], *, title: str = "A talk", language: str = "en") -> Script:
        speakers = tuple(dict.fromkeys(line.speaker for line in lines if line.speaker != "narrator"))
        cast = tuple(
            CastMember(speaker, "guest", (("en", Voice("tone", speaker.lower())),), "pool") for speaker in speakers
        )
        return Script(title, language, speakers, cast, tuple(lines))

    @staticmethod
    def settings(**changes: object) -> Settings:
        parts = {
            "pauses": Pauses(),
            "chapters": Chapters(min_seconds=0),
            "sound": Sound(),
            **changes,
        }
        return Settings("tone", {}, {}, {}, Read(), {}, **parts)  # type: ignore[arg-type]
