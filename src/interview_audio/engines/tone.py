"""The tone engine: test tones as long as the text would take to say, instant and deterministic, in every language.

For dry runs and for tests and benchmarks of everything that is not speech. Each word is one tone, so that the words
can be seen in a waveform; the voice's name sets the pitch.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.protocol import Speech, SpokenWord, Utterance, VoiceInfo
from interview_audio.engines.utterance_pieces import merge_words, prepare_text
from interview_audio.errors import EngineError, SpeechError
from interview_audio.text.units import shortened

SAMPLE_RATE = 24000
_LANGUAGES = ("zh", "en", "ja", "fr", "de", "es")
"""Those that transcripts are most often in; tones fit any."""
_PADDING_SECONDS = 0.15
"""Silence at both ends, as real engines leave it."""
_GAP_SECONDS, _PAUSE_SECONDS = 0.02, 0.2
"""Between two words, and more of it for each mark between them."""
_CHARACTER_SECONDS = 0.2
"""A Chinese character."""
_WORD_SECONDS, _LETTER_SECONDS = 0.1, 0.055
"""A word of letters: its own time and that of each letter."""
_FADE_SECONDS = 0.01
"""At both ends of a tone: it would click without."""
_AMPLITUDE = 4000
_VOICES = tuple(
    VoiceInfo(f"{gender}-{number}", _LANGUAGES, gender, "a test tone")
    for gender in ("female", "male")
    for number in range(1, 5)
)
_WORD = re.compile(r"[^\W\d_\u2e80-\U000323af]+(?:['’-][^\W\d_\u2e80-\U000323af]+)*|\w")
_PAUSE = re.compile(r"[。！？；.!?;]|[，、：,:—…]")


class ToneEngine:
    """Says each word as a tone."""

    name = "tone"
    obeys_pitch = True
    local = True
    heavy = False
    identity = "tone 2"

    def __init__(self, settings: Mapping[str, Any]) -> None:
        if settings:
            raise EngineError(f"engines.tone has no settings; remove {', '.join(sorted(settings))}")

    def voices(self) -> Sequence[VoiceInfo]:
        """Return four high and four low tones; every other name is a voice too."""
        return _VOICES

    def check(self, voice: str, language: str) -> None:
        """Accept it: every voice speaks every language."""

    def speak(self, utterance: Utterance) -> Speech:
        """Return one tone a word or Chinese character; raise ``SpeechError`` for a text without words."""
        text = prepare_text(utterance.text, utterance.pronunciations, utterance.said_here)
        found = list(_WORD.finditer(text.sent))
        if not found:
            raise SpeechError(f"no words to speak in {shortened(utterance.text)!r}; change the text")
        words = []
        clock = _PADDING_SECONDS
        for match, following in zip(found, [*found[1:], None], strict=True):
            length = _tone_seconds(match[0]) / utterance.rate
            words.append(SpokenWord(round(clock, 6), round(clock + length, 6), text.written_range(*match.span())))
            between = text.sent[match.end() : following.start() if following else match.end()]
            clock += length + _GAP_SECONDS + _PAUSE_SECONDS * len(_PAUSE.findall(between))
        samples = np.zeros(round((clock - _GAP_SECONDS + _PADDING_SECONDS) * SAMPLE_RATE), np.int16)
        for tone in words:
            _add_tone(samples, tone, _pitch(utterance.voice) * 2 ** (utterance.pitch / 12))
        return Speech(samples, SAMPLE_RATE, merge_words(words), made_by=self.identity)


def _tone_seconds(word: str) -> float:
    return _CHARACTER_SECONDS if len(word) == 1 else _WORD_SECONDS + _LETTER_SECONDS * len(word)


def _pitch(voice: str) -> float:
    """Return the pitch in Hz: lower for the names of men's voices, of Kokoro's too."""
    low = 110.0 if voice.startswith(("male", "am_", "bm_", "zm_")) else 200.0
    return low * (1 + hashlib.sha256(voice.encode()).digest()[0] / 384)


def _add_tone(samples: NDArray[np.int16], word: SpokenWord, pitch: float) -> None:
    first, last = round(word.start * SAMPLE_RATE), round(word.end * SAMPLE_RATE)
    clock = np.arange(last - first) / SAMPLE_RATE
    wave = sum(np.sin(2 * np.pi * pitch * harmonic * clock) / harmonic for harmonic in (1, 2, 3))
    envelope = np.minimum(1, np.minimum(clock, clock[::-1]) / _FADE_SECONDS)
    samples[first:last] = np.round(_AMPLITUDE * wave * envelope).astype(np.int16)
