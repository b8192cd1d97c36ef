"""Test tones as long as the text would take to say: instant, deterministic, in every language.

For dry runs and for tests and benchmarks of everything that is not speech. Each word is one tone, so that the
words can be seen in a waveform; the voice's name sets the pitch.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.online.durations import merged
from interview_audio.engines.online.utterance_pieces import word
from interview_audio.engines.protocol import Speech, SpokenWord, Utterance, VoiceInfo, shortened
from interview_audio.errors import EngineError, SpeechError

LANGUAGES = ("zh", "en", "ja", "fr", "de", "es")
"""Those that a transcript is recognised in; tones fit any."""
SAMPLE_RATE = 24000
PADDING = 0.15
"""Seconds of silence at both ends, as real engines leave them."""
GAP = 0.02
VOICES = tuple(
    VoiceInfo(f"{gender}-{number}", LANGUAGES, gender, "a test tone")
    for gender in ("female", "male")
    for number in range(1, 5)
)
_WORD = re.compile(r"[^\W\d_\u2e80-\U000323af]+(?:['’-][^\W\d_\u2e80-\U000323af]+)*|\w")
_PAUSE = re.compile(r"[。！？；.!?;]|[，、：,:—…]")


class ToneEngine:
    """See the module."""

    name = "tone"
    local = True
    heavy = False
    identity = "tone 2"

    def __init__(self, settings: Mapping[str, Any]) -> None:
        if settings:
            raise EngineError(f"engines.tone has no settings; remove {', '.join(sorted(settings))}")

    def voices(self) -> Sequence[VoiceInfo]:
        """Four high and four low tones; every other name is a voice too."""
        return VOICES

    def check(self, voice: str, language: str) -> None:
        """Every voice speaks every language."""

    def speak(self, utterance: Utterance) -> Speech:
        """One tone a word, a Chinese character being a word; raises ``SpeechError`` for a text without words."""
        wording = word(utterance.text, utterance.pronunciations)
        found = list(_WORD.finditer(wording.sent))
        if not found:
            raise SpeechError(f"no words to speak in {shortened(utterance.text)!r}; change the text")
        words = []
        clock = PADDING
        for match, following in zip(found, [*found[1:], None], strict=True):
            length = (0.2 if len(match[0]) == 1 else 0.1 + 0.055 * len(match[0])) / utterance.rate
            words.append(SpokenWord(round(clock, 6), round(clock + length, 6), wording.written_range(*match.span())))
            between = wording.sent[match.end() : following.start() if following else match.end()]
            clock += length + GAP + 0.2 * len(_PAUSE.findall(between))
        samples = np.zeros(round((clock - GAP + PADDING) * SAMPLE_RATE), np.int16)
        for tone in words:
            _add_tone(samples, tone, _pitch(utterance.voice))
        return Speech(samples, SAMPLE_RATE, merged(words), made_by=self.identity)


def _pitch(voice: str) -> float:
    low = 110.0 if voice.startswith(("male", "am_", "bm_", "zm_")) else 200.0
    return low * (1 + hashlib.sha256(voice.encode()).digest()[0] / 384)


def _add_tone(samples: NDArray[np.int16], word: SpokenWord, pitch: float) -> None:
    first, last = round(word.start * SAMPLE_RATE), round(word.end * SAMPLE_RATE)
    clock = np.arange(last - first) / SAMPLE_RATE
    wave = sum(np.sin(2 * np.pi * pitch * harmonic * clock) / harmonic for harmonic in (1, 2, 3))
    envelope = np.minimum(1, np.minimum(clock, clock[::-1]) / 0.01)
    samples[first:last] = np.round(4000 * wave * envelope).astype(np.int16)
