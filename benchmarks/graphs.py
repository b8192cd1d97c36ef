"""Processor seconds for a second of speech of each graph, one thread, in turns; and the memory of a worker."""

import statistics
import sys
import time
from typing import Any

from benchmarks.processes import run
from benchmarks.speech import LANGUAGES, SAMPLE_RATE, Reader, sentences, session, sound
from interview_audio.engines.kokoro import graphs, voices
from interview_audio.engines.kokoro.weights import Weights
from interview_audio.engines.protocol import Utterance
from interview_audio.engines.registry import load_engine
from interview_audio.script.sentences import MAX_UTTERANCE_PHONEMES, estimate_phonemes

SENTENCES = 8
"""A language; each is spoken by another voice."""
ROUNDS = 3


def measure() -> dict[str, Any]:
    """Seconds a graph, the ratio to the published one, and peak megabytes of a process that speaks a longest line."""
    published = Weights().read()
    made = {
        "published": session(graphs.published_graph(published)),
        "float": session(graphs.float_graph(published)),
        "fast": session(graphs.fast_graph(published)),
    }
    reader = Reader()
    feeds = [
        reader.feed(text, language, name)
        for language in LANGUAGES
        for text, name in zip(sentences("evaluation", language)[4::7][:SENTENCES], _names(language), strict=False)
    ]
    seconds: dict[str, list[float]] = {name: [] for name in made}
    for _ in range(ROUNDS):
        for feed in feeds:
            for name, graph in made.items():
                start = time.process_time()
                samples = sound(graph, feed)
                seconds[name].append((time.process_time() - start) / (len(samples) / SAMPLE_RATE))
    ratios = [fast / slow for fast, slow in zip(seconds["fast"], seconds["published"], strict=True)]
    return {
        "cpu_s_per_audio_s": {name: statistics.median(values) for name, values in seconds.items()},
        "fast_over_published": statistics.median(ratios),
        "worker_peak_mb": {name: _peak(name) for name in ("published", "fast")},
    }


def _names(language: str) -> list[str]:
    return [name for name in voices.names() if language in voices.describe(name).languages]


def _peak(graph: str) -> float:
    return run([sys.executable, "-m", "benchmarks.graphs", graph]).peak_bytes / 1e6


def main(graph: str) -> None:
    """Speak one line of as many tokens as a line may have."""
    line = ""
    for sentence in sentences("evaluation", "en") * 2:
        if estimate_phonemes(f"{line} {sentence}") > MAX_UTTERANCE_PHONEMES:
            break
        line = f"{line} {sentence}"
    load_engine("kokoro", {"graph": graph}).speak(Utterance(line.strip(), "en", "af_heart"))


if __name__ == "__main__":
    main(sys.argv[1])
