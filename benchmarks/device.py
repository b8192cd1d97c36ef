"""How fast a device speaks, every line of a length of its own, and how far its sound is from the processor's.

usage: python -m benchmarks.device [cuda | coreml | directml | cpu]      (needs that device; prepares the graphs first)
"""

import json
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.speech import LANGUAGES, SAMPLE_RATE, sentences
from interview_audio.engines.kokoro import voices
from interview_audio.engines.kokoro.devices import log_spectral_distance
from interview_audio.engines.kokoro.engine import KokoroEngine
from interview_audio.engines.protocol import Speech, Utterance

COMPARED = 10


def measure(device: str) -> dict[str, Any]:
    """Return what ``doctor`` says, times real time by lines at a time, and distances in dB over ``COMPARED`` lines."""
    engine = KokoroEngine({"device": device})
    engine.prepare(lambda step: print(step, file=sys.stderr))
    lines = [
        Utterance(text, language, names[number % len(names)])
        for language in LANGUAGES
        for names in [[name for name in voices.names() if language in voices.describe(name).languages]]
        for number, text in enumerate(sentences("evaluation", language))
    ]
    engine.load(LANGUAGES)
    spoken = [engine.speak(line) for line in lines[: COMPARED * 4 : 4]]
    usual = KokoroEngine({"device": "cpu"})
    others = [usual.speak(line) for line in lines[: COMPARED * 4 : 4]]
    apart = [
        log_spectral_distance(_floats(one), _floats(other))
        for one, other in zip(spoken, others, strict=True)
        if len(one.samples) == len(other.samples)
    ]
    return {
        "state": engine.device_state(),
        "notice": engine.device_notice(),
        "made_by": sorted({one.made_by for one in spoken}),
        "same_words": sum(one.words == other.words for one, other in zip(spoken, others, strict=True)),
        "distance_db": [statistics.median(apart), max(apart)],
        "times_real_time": {count: _times_real_time(engine, lines, count) for count in (1, 2, 4)},
    }


def _floats(speech: Speech) -> NDArray[np.float32]:
    return speech.samples.astype(np.float32) / np.float32(32768)


def _times_real_time(engine: KokoroEngine, lines: list[Utterance], at_a_time: int) -> float:
    begin = time.perf_counter()
    with ThreadPoolExecutor(at_a_time) as threads:
        speech = sum(len(one.samples) / SAMPLE_RATE for one in threads.map(engine.speak, lines))
    return speech / (time.perf_counter() - begin)


if __name__ == "__main__":
    print(json.dumps(measure(*(sys.argv[1:] or ["cuda"])), indent=1))
