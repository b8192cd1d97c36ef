"""Measures between which values the tensors of Kokoro's vocoder stay, and writes the ranges that the package ships.

All voices read sentences of our own, four in a voice's language and one in the other. The input of a convolution is
cut at the 0.01 % quantiles of the widest sentence, which was measured to lie closest to the float graph (see
docs/performance.md); the outputs keep their least and greatest value in each channel.

usage: python -m benchmarks.calibrate
"""

import numpy as np
from numpy.typing import NDArray

from benchmarks.speech import LANGUAGES, Reader, sentences, session
from interview_audio.engines.kokoro import graphs, voices
from interview_audio.engines.kokoro.graph_operators import ConvolutionRange
from interview_audio.engines.kokoro.weights import Weights

QUANTILES = (0.0001, 0.9999)
EVERY = 7
"""Quantiles are taken over every seventh value."""


def main() -> None:
    """Measure and write."""
    model, convolutions = graphs.observed_graph(Weights().read())
    names = list(dict.fromkeys(name for pair in convolutions for name in pair))
    graph, reader = session(model), Reader()
    texts = {language: sentences("calibration", language) for language in LANGUAGES}
    seen: dict[str, _Seen] = {name: _Seen() for name in names}
    for number, voice in enumerate(voices.names()):
        for language in LANGUAGES:
            own = language in voices.describe(voice).languages
            for take in range(4 if own else 1):
                text = texts[language][(number * 3 + take * 5) % len(texts[language])]
                outputs = graph.run(names, reader.feed(text, language, voice))
                for name, value in zip(names, outputs, strict=True):
                    seen[name].add(value[0])
        print(f"{number + 1} of {len(voices.names())}: {voice}", flush=True)
    measured = {
        output: ConvolutionRange(seen[source].low, seen[source].high, seen[output].least, seen[output].greatest)
        for source, output in convolutions
    }
    graphs.save_ranges(measured, graphs.ranges_file())
    print(f"{len(measured)} convolutions, {graphs.ranges_file().stat().st_size} bytes")


class _Seen:
    """What was seen of a tensor of shape (channels, time) so far."""

    def __init__(self) -> None:
        self.low = self.high = 0.0
        self.least = self.greatest = np.zeros(1, np.float32)

    def add(self, value: NDArray[np.float32]) -> None:
        low, high = np.quantile(value.reshape(-1)[::EVERY], QUANTILES)
        self.low, self.high = min(self.low, float(low)), max(self.high, float(high))
        self.least = np.minimum(self.least, value.min(1))
        self.greatest = np.maximum(self.greatest, value.max(1))


if __name__ == "__main__":
    main()
