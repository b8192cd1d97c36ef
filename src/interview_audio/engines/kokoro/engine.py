"""The Kokoro engine: phonemes of an utterance into sound with word times, in pieces that the graph can hold."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.kokoro import preparation, voices, weights
from interview_audio.engines.kokoro.speaker import Speaker
from interview_audio.engines.protocol import Availability, Speech, SpokenWord, Utterance, VoiceInfo
from interview_audio.errors import EngineError, SpeechError, VoiceError
from interview_audio.normalization import spoken_text as text_preparation
from interview_audio.text.units import shortened

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
PAYS_OFF_AFTER = 45.0
"""Seconds of speech from which a first run gains more by the fast graph than it takes to make: see docs."""
SECONDS_A_CHARACTER = {"zh": 0.2, "en": 0.065}
PREPARATION_SECONDS = 13.0
"""What making and timing the fast graph took on the machine of docs/performance.md: no other has done so before."""
PACKAGES = ("kokoro_onnx", "onnxruntime", "misaki", "jieba", "espeakng_loader", "phonemizer", *weights.WHEELS)
WARMING = {"zh": "你好，hello。", "en": "Hello."}
"""What makes the dictionaries of a language load; Mandarin interviews hold English words."""
_ENDS = ".!?…,;:— "
_FULL_SCALE = 32767


class KokoroEngine:
    """Kokoro-82M by kokoro-onnx, one thread a process: parallel processes over lines beat threads inside one line."""

    name = "kokoro"
    local = True
    heavy = True
    preparation_seconds = PREPARATION_SECONDS

    def __init__(self, settings: Mapping[str, Any]) -> None:
        unknown = set(settings) - {"graph", "model"}
        if unknown:
            raise EngineError(f"engines.kokoro has the settings graph and model, not {', '.join(sorted(unknown))}")
        self._speaker = Speaker(settings.get("graph") or "auto", settings.get("model"))

    @cached_property
    def identity(self) -> str:
        """The hash of the weights and of the voice tables, and the version of what prepares the text."""
        text = f"{text_preparation.VERSION}.{PHONEMES_VERSION}"
        return f"kokoro {self._speaker.model_hash()[:16]} {voices.SHA256[:16]} text {text}"

    def voices(self) -> Sequence[VoiceInfo]:
        """The packaged voices; blends of them are voices too."""
        return [voices.describe(name) for name in voices.names()]

    def check(self, voice: str, language: str) -> None:
        """See ``Engine``."""
        if language not in LANGUAGES:
            raise VoiceError(f"kokoro speaks {' and '.join(LANGUAGES)}, not {language!r}")
        voices.parse_blend(voice)
        self._speaker.check()

    def availability(self, *, online: bool) -> Availability:  # noqa: ARG002 - it never leaves the machine
        """See ``Diagnosable``: whether its graph, weights and packages are here."""
        try:
            self._speaker.check()
            self._speaker.model_hash()
        except EngineError as error:
            return Availability("unavailable", str(error), "choose another in engines.kokoro, or remove the setting")
        missing = [name for name in PACKAGES if find_spec(name) is None]
        if missing:
            return Availability(
                "unavailable", f"not installed: {', '.join(missing)}", "pip install --force-reinstall interview-audio"
            )
        return Availability("ready", "weights and voices are installed; no network needed")

    def worth_preparing(self, utterances: Sequence[Utterance]) -> bool:
        """See ``Preparing``: the fast graph is not there, is wanted, and there is enough to say for it to pay off."""
        if not self._speaker.wants_fast():
            return False
        speech = sum(len(one.text) * SECONDS_A_CHARACTER.get(one.language, 0.1) for one in utterances)
        return self._speaker.insists or speech >= PAYS_OFF_AFTER

    def preparation_state(self) -> str:
        """See ``Preparing``."""
        if not self._speaker.may_be_fast():
            return f"uses the graph {self._speaker.setting}, as set in engines.kokoro"
        measured = preparation.speeds()
        if measured is None:
            return (
                "the fast graph is not prepared yet; the next long render does it, or: interview-audio doctor --prepare"
            )
        return f"{_compared(measured)}; in {preparation.folder()}"

    def prepare(self, on_step: Callable[[str], None], *, again: bool = False) -> str:
        """See ``Preparing``: make the fast graph and time it."""
        return _compared(preparation.prepare(on_step, again=again))

    def load(self, languages: Collection[str]) -> None:
        """See ``Loading``: the dictionaries, and beside them the graph, which onnxruntime loads without Python's lock.

        Raises:
            EngineError: One of them cannot be loaded.
        """
        with ThreadPoolExecutor(1) as beside:
            graph = beside.submit(self._speaker.ready)
            for language in set(languages) & WARMING.keys():
                self._phonemizer(WARMING[language], language)
            graph.result()

    def unread(self, text: str, voice: str) -> str:  # noqa: ARG002 - all of its voices read the same
        """See ``Selective``: it reads Latin letters and Chinese characters."""
        from interview_audio.engines.kokoro.phonemes import unread

        return unread(text)

    def speak(self, utterance: Utterance) -> Speech:
        """See ``Engine``."""
        accent = voices.accent(utterance.voice)
        text = self._phonemizer(utterance.text, utterance.language, accent, utterance.pronunciations)
        if not text.phonemes.strip():
            raise SpeechError(
                f"kokoro cannot speak {shortened(utterance.text)!r}; "
                "change the words, or add a pronunciation to voices.yaml"
            )
        style = voices.style(utterance.voice)
        kokoro = self._speaker.ready()
        sound: list[NDArray[np.float32]] = []
        words: list[SpokenWord] = []
        pieces = list(split(text.words))
        for piece in pieces:
            audio, spoken = _speak_piece(kokoro, piece, style, utterance.rate)
            if len(pieces) > 1:
                audio, spoken = _without_padding(audio, spoken)
            clock = sum(map(len, sound)) / SAMPLE_RATE
            words += [SpokenWord(word.start + clock, word.end + clock, word.written) for word in spoken]
            sound.append(audio)
        samples = np.round(np.clip(np.concatenate(sound), -1, 1) * _FULL_SCALE).astype(np.int16)
        return Speech(samples, SAMPLE_RATE, tuple(words), text.unspoken, made_by=self._speaker.graph)

    @cached_property
    def _phonemizer(self) -> "Phonemizer":
        from kokoro_onnx.config import DEFAULT_VOCAB

        from interview_audio.engines.kokoro.phonemes import Phonemizer

        return Phonemizer(DEFAULT_VOCAB)


def _compared(measured: preparation.Speeds) -> str:
    return (
        f"Kokoro uses its {measured.faster} graph on this machine (processor seconds per second of speech: "
        f"fast {measured.fast:.2f}, published {measured.published:.2f})"
    )


def _speak_piece(
    kokoro: "Kokoro", words: Sequence["PhonemeWord"], style: NDArray[np.float32], rate: float
) -> tuple[NDArray[np.float32], list[SpokenWord]]:
    phonemes = "".join(word.phonemes for word in words)
    leading = len(phonemes) - len(phonemes.lstrip())
    # kokoro-onnx adds pauses of its own once the graph reports durations: none, the script decides on pauses.
    audio, _, timings = kokoro.create_timed(
        phonemes, style, rate, is_phonemes=True, trim=False, sentence_pause=0, clause_pause=0
    )
    if len(timings) != len(phonemes.strip()):
        raise EngineError(f"kokoro spoke only {len(timings)} of {len(phonemes.strip())} phonemes; please report this")
    spoken = []
    position = -leading
    for word in words:
        first, last = max(position, 0), min(position + len(word.phonemes.rstrip()), len(timings))
        position += len(word.phonemes)
        if first < last:
            spoken.append(SpokenWord(timings[first].start, timings[last - 1].end, (word.start, word.end)))
    return audio, spoken


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
