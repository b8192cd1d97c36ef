"""The Kokoro engine: phonemes of an utterance into sound with word times, in pieces that the graph can hold."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.engine import Speech, SpokenWord, Utterance, VoiceInfo, shortened
from interview_audio.engines.kokoro import voices, weights
from interview_audio.errors import EngineError, SpeechError, VoiceError
from interview_audio.normalization import spoken as text_preparation

if TYPE_CHECKING:
    from kokoro_onnx import Kokoro

    from interview_audio.engines.kokoro.phonemes import PhonemeWord, Phonemizer

LANGUAGES = ("zh", "en")
SAMPLE_RATE = 24000
PHONEMES_VERSION = 1
"""Raised whenever the same text would get other phonemes: it is part of a clip's key."""
MOST_TOKENS = 400
"""Phonemes in one run of the graph: it holds 510, but a process holds 844 MB then, and prosody tires before."""
LEAD, TRAIL = 0.05, 0.12
"""Seconds kept around the sound where an utterance had to be cut in pieces."""
_ENDS = ".!?…,;:— "
_FULL_SCALE = 32767


class KokoroEngine:
    """Kokoro-82M by kokoro-onnx, one thread a process: parallel processes over lines beat threads inside one line."""

    name = "kokoro"
    local = True
    heavy = True

    def __init__(self, settings: Mapping[str, Any]) -> None:
        unknown = set(settings) - {"graph", "model"}
        if unknown:
            raise EngineError(f"engines.kokoro knows graph and model, not {', '.join(sorted(unknown))}")
        if settings.get("graph", "auto") not in ("auto", "published"):
            raise EngineError(f"engines.kokoro.graph can be auto or published, not {settings['graph']!r}")
        self._model = Path(str(settings["model"])).expanduser() if settings.get("model") else None

    @cached_property
    def identity(self) -> str:
        """The hash of the weights and of the voice tables, and the version of what prepares the text."""
        model = weights.SHA256 if self._model is None else hashlib.sha256(self._own_model().read_bytes()).hexdigest()
        return f"kokoro {model[:16]} {voices.SHA256[:16]} text {text_preparation.VERSION}.{PHONEMES_VERSION}"

    def voices(self) -> Sequence[VoiceInfo]:
        """The packaged voices; blends of them are voices too."""
        return [voices.describe(name) for name in voices.names()]

    def check(self, voice: str, language: str) -> None:
        """See ``Engine``."""
        if language not in LANGUAGES:
            raise VoiceError(f"kokoro speaks {' and '.join(LANGUAGES)}, not {language!r}")
        voices.parse_blend(voice)
        if self._model is not None:
            self._own_model()

    def speak(self, utterance: Utterance) -> Speech:
        """See ``Engine``."""
        accent = voices.accent(utterance.voice)
        text = self._phonemizer(utterance.text, utterance.language, accent, utterance.pronunciations)
        if not text.phonemes.strip():
            raise SpeechError(
                f"kokoro has no sound for {shortened(utterance.text)!r}; "
                "use other words, or pronunciations: in voices.yaml"
            )
        style = voices.style(utterance.voice)
        sound: list[NDArray[np.float32]] = []
        words: list[SpokenWord] = []
        pieces = list(split(text.words))
        for piece in pieces:
            audio, spoken = self._speak_piece(piece, style, utterance.rate)
            if len(pieces) > 1:
                audio, spoken = _without_padding(audio, spoken)
            clock = sum(map(len, sound)) / SAMPLE_RATE
            words += [SpokenWord(word.start + clock, word.end + clock, word.written) for word in spoken]
            sound.append(audio)
        samples = np.round(np.clip(np.concatenate(sound), -1, 1) * _FULL_SCALE).astype(np.int16)
        return Speech(samples, SAMPLE_RATE, tuple(words), text.unspoken, made_by="published")

    def _speak_piece(
        self, words: Sequence["PhonemeWord"], style: NDArray[np.float32], rate: float
    ) -> tuple[NDArray[np.float32], list[SpokenWord]]:
        phonemes = "".join(word.phonemes for word in words)
        leading = len(phonemes) - len(phonemes.lstrip())
        # kokoro-onnx adds pauses of its own once the graph reports durations: none, the script decides on pauses.
        audio, _, timings = self._kokoro.create_timed(
            phonemes, style, rate, is_phonemes=True, trim=False, sentence_pause=0, clause_pause=0
        )
        if len(timings) != len(phonemes.strip()):
            raise EngineError(f"kokoro spoke {len(timings)} of {len(phonemes.strip())} phonemes; please report this")
        spoken = []
        position = -leading
        for word in words:
            first, last = max(position, 0), min(position + len(word.phonemes.rstrip()), len(timings))
            position += len(word.phonemes)
            if first < last:
                spoken.append(SpokenWord(timings[first].start, timings[last - 1].end, (word.start, word.end)))
        return audio, spoken

    @cached_property
    def _phonemizer(self) -> "Phonemizer":
        from kokoro_onnx.config import DEFAULT_VOCAB

        from interview_audio.engines.kokoro.phonemes import Phonemizer

        return Phonemizer(DEFAULT_VOCAB)

    @cached_property
    def _kokoro(self) -> "Kokoro":
        import onnxruntime
        from kokoro_onnx import Kokoro
        from onnxruntime.capi import onnxruntime_pybind11_state as failures

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        path = self._own_model() if self._model else weights.timed_graph()
        try:
            session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except (failures.InvalidProtobuf, failures.InvalidGraph, failures.Fail, failures.NoSuchFile) as error:
            raise EngineError(f"{path} is no graph that onnxruntime can load; delete it or name another") from error
        kokoro: Kokoro = Kokoro.from_session(session, str(voices.table_file()))
        if not kokoro.has_timings:
            raise EngineError(f"{path} has no output `duration`; word times need an export of kokoro-onnx that has it")
        return kokoro

    def _own_model(self) -> Path:
        if self._model is None or not self._model.is_file():
            raise EngineError(f"engines.kokoro.model: there is no file {self._model}")
        return self._model


def split(words: Sequence["PhonemeWord"], most: int = MOST_TOKENS) -> Iterator[Sequence["PhonemeWord"]]:
    """Cut words into runs of at most ``most`` phonemes, after the strongest mark in the second half of each run."""
    start = 0
    while start < len(words):
        end, size = start, 0
        while end < len(words) and (end == start or size + len(words[end].phonemes) <= most):
            size += len(words[end].phonemes)
            end += 1
        if end < len(words):
            candidates = range((start + end + 1) // 2, end + 1)
            end = min(candidates, key=lambda index: (_strength(words[index - 1]), -index))
        yield words[start:end]
        start = end


def _strength(word: "PhonemeWord") -> int:
    """How well a cut after this word would sound: 0 is best."""
    mark = word.phonemes.rstrip()[-1:]
    return _ENDS.index(mark) if mark and mark in _ENDS else len(_ENDS)


def _without_padding(
    audio: NDArray[np.float32], words: Sequence[SpokenWord]
) -> tuple[NDArray[np.float32], list[SpokenWord]]:
    first = max(0, round((words[0].start - LEAD) * SAMPLE_RATE))
    last = min(len(audio), round((words[-1].end + TRAIL) * SAMPLE_RATE))
    shift = first / SAMPLE_RATE
    return audio[first:last], [SpokenWord(word.start - shift, word.end - shift, word.written) for word in words]
