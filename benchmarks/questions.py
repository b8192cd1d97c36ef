"""Do yes/no questions rise at their end? The pitch of the last fifth of a second of voice against the fifth before it.

Questions are those of ``tests/data/speech/questions.tsv`` that are to rise, spoken by several voices with and without
what the engine does for them. Pitch is Praat's (autocorrelation, 75-400 Hz for men and 100-600 Hz for women, every
5 ms), in semitones; unvoiced stretches are left out.

usage: python -m benchmarks.questions en|zh [EVERY [FIRST]]     (needs praat-parselmouth, for development only)
"""

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import parselmouth
from numpy.typing import NDArray

from interview_audio.engines.kokoro import intonation, voices
from interview_audio.engines.protocol import Utterance
from interview_audio.engines.registry import load_engine

QUESTIONS = Path(__file__).parents[1] / "tests" / "data" / "speech" / "questions.tsv"
VOICES = {
    "en": ("af_heart", "af_bella", "am_michael", "am_fenrir", "bf_emma", "bm_george"),
    "zh": ("zf_xiaobei", "zf_xiaoxiao", "zf_xiaoyi", "zm_yunjian", "zm_yunxi", "zm_yunyang"),
}
RISE = 2.0
"""Semitones that count as a rise."""
WINDOW, STEP = 0.2, 0.005


def main(language: str, every: int = 1, first: int = 0) -> None:
    """Print the median change and the share of rises by voice, with the questions as statements and as they are."""
    engine = load_engine("kokoro", {})
    changes: dict[str, list[tuple[float, float]]] = {voice: [] for voice in VOICES[language]}
    for text in list(rising(language))[first::every]:
        for voice, found in changes.items():
            utterance = Utterance(text, language, voice)
            with patch.object(intonation, "questions", lambda _: ()):
                plain = engine.speak(utterance).samples
            found.append((final_change(plain, voice), final_change(engine.speak(utterance).samples, voice)))
    for voice, found in (*changes.items(), ("all", [pair for pairs in changes.values() for pair in pairs])):
        before, after = zip(*found, strict=True)
        print(f"{voice:12} without {_summary(before)}   with {_summary(after)}   {len(found)} questions")


def rising(language: str) -> Iterator[str]:
    """Yield the questions of a language that are to rise."""
    for line in QUESTIONS.read_text("utf-8").splitlines():
        if line.startswith(f"{language}\trises\t"):
            yield line.split("\t")[2]


def final_change(samples: NDArray[np.int16], voice: str) -> float:
    """Return how many semitones the last ``WINDOW`` of voice lies above the one before it, by their medians."""
    is_man = voices.describe(voice).gender == "male"
    sound = parselmouth.Sound(samples / 32768, 24000)
    low, high = (75, 400) if is_man else (100, 600)
    hertz = sound.to_pitch_ac(STEP, low, pitch_ceiling=high).selected_array["frequency"]
    semitones = 12 * np.log2(hertz[hertz > 0])
    count = min(round(WINDOW / STEP), len(semitones) // 2)
    if not count:
        return 0.0
    return float(np.median(semitones[-count:]) - np.median(semitones[-2 * count : -count]))


def _summary(changes: tuple[float, ...]) -> str:
    return f"{statistics.median(changes):+5.1f} {sum(one >= RISE for one in changes) / len(changes):4.0%}"


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
