"""Are the fast graph and that for graphics cards as good as the published one? All against the float graph, and by ear.

All voices speak sentences of our own that no range was measured on. Distances are log-spectral: 1024-point Hann
frames, 256 apart, over all bins, with a floor 60 dB under the loudest bin, averaged over the frames of speech.
"""

import statistics
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
from numpy.typing import NDArray

from benchmarks.hearing import hear, plain_text, whisper_base
from benchmarks.speech import LANGUAGES, SAMPLE_RATE, Reader, sentences, session, sound
from interview_audio.engines.kokoro import graphs, voices
from interview_audio.engines.kokoro.gpu_graph import SplitSession, encoder_graph, vocoder_graph
from interview_audio.engines.kokoro.weights import Weights

FLOOR = 1e-6
FRAME, STEP = 1024, 256
RESAMPLES = 10_000
GRAPHS = ("published", "fast", "gpu")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One sentence by one voice."""

    voice: str
    text: str
    distance: dict[str, float]
    """Of each graph to the float graph, in dB."""
    level: float
    """Of the fast graph over the published one, in dB."""
    step: dict[str, float]
    """The greatest step between two samples, full scale 1."""
    errors: dict[str, float]
    """Wrong characters (zh) or words (en)."""
    heard: dict[str, str]
    log_probability: dict[str, float]
    units: int


def measure(voices_a_sentence: int) -> dict[str, Any]:
    """Return the table of docs/performance.md, a language at a time."""
    results: dict[str, Any] = {}
    for language in LANGUAGES:
        names = [name for name in voices.names() if language in voices.describe(name).languages]
        texts = sentences("evaluation", language)
        jobs = [
            (language, text, names[(number * voices_a_sentence + take) % len(names)])
            for number, text in enumerate(texts)
            for take in range(voices_a_sentence)
        ]
        with ProcessPoolExecutor(2) as pool:
            rows = list(pool.map(_compare, *zip(*jobs, strict=True), chunksize=4))
        results[language] = _summary(rows)
        worst = sorted(rows, key=lambda row: row.errors["fast"] - row.errors["published"], reverse=True)
        results[language]["heard_worse"] = [asdict(row) for row in worst[:4]]
    return results


def _summary(rows: list[Comparison]) -> dict[str, Any]:
    wrong = {graph: np.array([row.errors[graph] for row in rows]) for graph in GRAPHS}
    units = np.array([row.units for row in rows])
    picks = np.random.default_rng(1).integers(0, len(rows), (RESAMPLES, len(rows)))
    differences = (wrong["fast"] - wrong["published"])[picks].sum(1) / units[picks].sum(1)
    return {
        "sentences": len(rows),
        "voices": len({row.voice for row in rows}),
        "distance_db_median": {graph: statistics.median(row.distance[graph] for row in rows) for graph in GRAPHS},
        "distance_db_worst": {graph: max(row.distance[graph] for row in rows) for graph in GRAPHS},
        "level_db_median": statistics.median(row.level for row in rows),
        "level_db_worst": max((row.level for row in rows), key=abs),
        "greatest_step": {graph: max(row.step[graph] for row in rows) for graph in GRAPHS},
        "step_ratio_worst": max(row.step["fast"] / row.step["published"] for row in rows),
        "error_rate": {graph: float(wrong[graph].sum() / units.sum()) for graph in GRAPHS},
        "error_rate_difference_95": [float(np.quantile(differences, part)) for part in (0.025, 0.975)],
        "log_probability": {graph: statistics.mean(row.log_probability[graph] for row in rows) for graph in GRAPHS},
    }


def _compare(language: str, text: str, voice: str) -> Comparison:
    feeds = _reader().feed(text, language, voice)
    sounds = {name: sound(graph, feeds) for name, graph in _graphs().items()}
    plain = plain_text(language)
    said = plain(text)
    heard = {name: hear(_ear(), _at_16_khz(sounds[name]), language) for name in GRAPHS}
    units = len(said) if language == "zh" else len(said.split())
    rate = jiwer.cer if language == "zh" else jiwer.wer
    return Comparison(
        voice,
        text,
        {name: distance(sounds["float"], sounds[name]) for name in GRAPHS},
        20 * float(np.log10(_rms(sounds["fast"]) / _rms(sounds["published"]))),
        {name: float(np.abs(np.diff(sounds[name])).max()) for name in GRAPHS},
        {name: rate(said, plain(heard[name].text) or " ") * units for name in GRAPHS},
        {name: heard[name].text for name in GRAPHS},
        {name: heard[name].log_probability for name in GRAPHS},
        units,
    )


def distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Log-spectral distance in dB of two sounds of equal length."""
    first, second = _power(one), _power(other)
    floor = first.max() * FLOOR
    decibels = 10 * np.log10((first + floor) / (second + floor))
    energy = first.sum(1)
    return float(np.sqrt((decibels**2).mean(1))[energy > energy.max() * 1e-5].mean())


def _power(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::STEP]
    return np.asarray(np.abs(np.fft.rfft(frames * np.hanning(FRAME))) ** 2, np.float64)


def _rms(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def _at_16_khz(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=16000)
    frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
    frame.sample_rate = SAMPLE_RATE
    parts = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray()[0] for part in parts])


@cache
def _graphs() -> dict[str, Any]:
    published = Weights().read()
    return {
        "float": session(graphs.float_graph(published)),
        "published": session(graphs.published_graph(published)),
        "fast": session(graphs.fast_graph(published)),
        # Computed on the processor: a card rounds otherwise, by 0.3 dB.
        "gpu": SplitSession(*(session(part(published)) for part in (encoder_graph, vocoder_graph))),
    }


@cache
def _reader() -> Reader:
    return Reader()


@cache
def _ear() -> Any:
    folder = Path(tempfile.mkdtemp(prefix="interview-audio-ear-"))
    return whisper_base(folder, threads=1)
