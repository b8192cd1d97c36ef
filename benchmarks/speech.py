"""Runs Kokoro's graphs on sentences of our own, without the rest of the product."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from interview_audio.engines.kokoro import voices
from interview_audio.engines.kokoro.phonemes import Phonemizer
from interview_audio.engines.kokoro.runtime import open_session, vocabulary

TEXTS = Path(__file__).with_name("texts")
LANGUAGES = ("zh", "en")
SAMPLE_RATE = 24000


def sentences(purpose: str, language: str) -> list[str]:
    """``calibration`` or ``evaluation`` sentences; no sentence is in both."""
    return (TEXTS / f"{purpose}.{language}.txt").read_text("utf-8").splitlines()


def session(graph: onnx.ModelProto | bytes | Path) -> "onnxruntime.InferenceSession":
    """As a worker of the product has it."""
    return open_session(graph.SerializeToString() if isinstance(graph, onnx.ModelProto) else graph)


class Reader:
    """Turns sentences into what a graph is fed with."""

    def __init__(self) -> None:
        self._phonemizer = Phonemizer(vocabulary())
        self._styles: dict[str, NDArray[np.float32]] = {}

    def feed(self, text: str, language: str, voice: str) -> dict[str, NDArray[np.generic]]:
        """The inputs ``tokens``, ``style`` and ``speed``."""
        phonemes = self._phonemizer(text, language, voices.accent(voice)).phonemes
        tokens = [vocabulary()[phoneme] for phoneme in phonemes if phoneme in vocabulary()]
        style = self._styles.setdefault(voice, voices.style(voice))
        return {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style[len(tokens) - 1],
            "speed": np.ones(1, np.float32),
        }


def sound(graph: onnxruntime.InferenceSession, feeds: dict[str, NDArray[np.generic]]) -> NDArray[np.float32]:
    """The first output of a graph."""
    outputs: Sequence[NDArray[np.float32]] = graph.run([graph.get_outputs()[0].name], feeds)
    return outputs[0]
