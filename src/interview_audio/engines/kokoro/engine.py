"""The Kokoro engine: phonemes of an utterance into sound with word times, in pieces that the graph can hold."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.durations import typical_seconds_per_character
from interview_audio.engines.kokoro import voices
from interview_audio.engines.kokoro.devices import DeviceFailedError
from interview_audio.engines.kokoro.model import ModelLoader, Speeds, fast_graph_folder, measured_speeds
from interview_audio.engines.kokoro.runtime import SAMPLE_RATE, Model, Prosody, vocabulary
from interview_audio.engines.kokoro.weights import Weights
from interview_audio.engines.protocol import Availability, Sounds, Speech, SpokenWord, Utterance, VoiceInfo, VoiceTraits
from interview_audio.engines.utterance_pieces import trimmed_range
from interview_audio.errors import EngineError, SpeechError, VoiceError
from interview_audio.normalization import spoken_text as text_preparation
from interview_audio.normalization.pronunciations import IPA, PINYIN
from interview_audio.normalization.spoken_text import spoken_spans
from interview_audio.text.units import shortened

if TYPE_CHECKING:
    from interview_audio.engines.kokoro.phonemes import PhonemeWord, Phonemizer

_LANGUAGES = ("zh", "en")
_PHONEMES_VERSION = 4
"""Raised whenever the same text would get other phonemes: it is part of a clip's key."""
MOST_TOKENS = 400
"""Phonemes in one run of the graph: it holds 510, but a process holds 844 MB then, and prosody tires before."""
_PAYS_OFF_AFTER = 45.0
"""Seconds of speech from which a first run gains more by the fast graph than it takes to make: docs/performance.md."""
_PREPARATION_SECONDS = 13.0
"""What making and timing the fast graph took on the machine of docs/performance.md: an estimate for this one."""
_PACKAGES = ("onnxruntime", "onnx", "jieba", "pypinyin", "espeakng_loader", "phonemizer")
_SETTINGS = ("graph", "device", "model", "weights", "proxy")
_WARMING = {"zh": "你好，hello。", "en": "Hello."}
"""What makes the dictionaries of a language load; Mandarin interviews hold English words."""
_INSTEAD = {
    "zhuyin": "write pinyin (hang2 for ㄏㄤˊ)",
    "a mark without a letter": "write it as it sounds, in ordinary letters (win for Nguyen)",
    "markup": "write it as it sounds, in ordinary letters (win for Nguyen)",
}
_IPA_INSTEAD = "write IPA between slashes (/wɪn/), or as it sounds in ordinary letters (win)"
_ENDS = ".!?…,;:— "
_FULL_SCALE = 32767
_HEARD_EARLIER = 0.025
"""Seconds, one frame, by which a sound is heard before the frames that Kokoro counts for its phoneme, but for the first
one after a mark: docs/sound.md.
"""


class KokoroEngine:
    """Kokoro-82M, one thread a process: parallel processes over lines beat threads inside one line."""

    name = "kokoro"
    local = True
    heavy = True
    preparation_seconds = _PREPARATION_SECONDS
    tells_words_of = _LANGUAGES
    reads_names = True

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Keep the settings; nothing is loaded.

        Args:
            settings: ``graph``: auto, fast, published or the path of a graph; ``device``: auto, cpu, cuda, coreml or
                directml; ``model``: the path of an export; ``weights``: where the published export is, see ``Weights``;
                ``proxy``: an HTTP proxy to download it.

        Raises:
            EngineError: A setting is unknown or cannot be used.
        """
        unknown = set(settings) - set(_SETTINGS)
        if unknown:
            names = f"{', '.join(_SETTINGS[:-1])} and {_SETTINGS[-1]}"
            raise EngineError(f"engines.kokoro has the settings {names}, not {', '.join(sorted(unknown))}")
        for name, value in settings.items():
            if value is not None and not isinstance(value, str):
                raise EngineError(f"engines.kokoro.{name} must be text, not {value!r}")
        weights = Weights(settings.get("weights"), settings.get("proxy"))
        graph, device = settings.get("graph") or "auto", settings.get("device") or "auto"
        self._loader = ModelLoader(graph, settings.get("model"), weights, device)

    @cached_property
    def identity(self) -> str:
        """The hash of the weights and of the voice tables, and the version of what prepares the text."""
        text = f"{text_preparation.VERSION}.{_PHONEMES_VERSION}"
        return f"kokoro {self._loader.model_hash()[:16]} {voices.SHA256[:16]} text {text}"

    @property
    def obeys_pitch(self) -> bool:
        """See ``Tunable``: the graphs that are made here do, one of the user's own need not."""
        return self._loader.own is None

    @property
    def obeys_stretches(self) -> bool:
        """See ``Expressive``: the same graphs do."""
        return self._loader.own is None

    def voices(self) -> Sequence[VoiceInfo]:
        """Return the packaged voices; blends of them are voices too."""
        return [voices.describe(name) for name in voices.names()]

    def describe(self, voice: str) -> VoiceInfo:
        """See ``Describing``: a blend is what its main part is."""
        return voices.describe_blend(voice)

    def traits(self, voice: str, language: str) -> VoiceTraits | None:
        """See ``Measured``."""
        return voices.traits(voice, language)

    def check(self, voice: str, language: str) -> None:
        """See ``Engine``."""
        if language not in _LANGUAGES:
            raise VoiceError(f"kokoro speaks {' and '.join(_LANGUAGES)}, not {language!r}")
        voices.parse_blend(voice)
        self._loader.check()

    def availability(self, *, online: bool) -> Availability:  # noqa: ARG002 - it never leaves the machine
        """See ``Diagnosable``: whether its graph and packages are here, and where its weights come from."""
        try:
            self._loader.model_hash()
        except EngineError as error:
            return Availability("unavailable", str(error), "choose another in engines.kokoro, or remove the setting")
        missing = [name for name in _PACKAGES if find_spec(name) is None]
        if missing:
            return Availability(
                "unavailable", f"not installed: {', '.join(missing)}", "pip install --force-reinstall interview-audio"
            )
        return self._state_of_weights()

    def _state_of_weights(self) -> Availability:
        weights = self._loader.weights
        if own := self._loader.own:
            return Availability("ready", f"weights from {own}, as set in engines.kokoro; no network needed")
        try:
            source = weights.find()
            has_fast_graph = not self._loader.needs_weights()
        except EngineError as error:
            return Availability("unavailable", str(error))
        if source:
            return Availability("ready", f"weights from {source.description}; no network needed")
        if has_fast_graph:
            return Availability("ready", "weights from the fast graph; no network needed")
        return Availability(
            "unknown",
            f"the first render downloads its weights ({weights.size / 1_000_000:.0f} MB) from {weights.host}",
            "set engines.kokoro.weights to use a copy",
        )

    def needs_download(self) -> str:
        """See ``Downloading``: the weights, where the installation has none."""
        weights = self._loader.weights
        if not self._loader.needs_weights() or weights.find():
            return ""
        return f"Kokoro's weights ({weights.size / 1_000_000:.0f} MB) from {weights.host}"

    def download(self, on_progress: Callable[[int, int], None], *, is_offline: bool = False) -> None:
        """See ``Downloading``."""
        if self._loader.needs_weights():
            self._loader.weights.fetch(on_progress, is_offline=is_offline)

    def worth_preparing(self, utterances: Sequence[Utterance]) -> bool:
        """See ``Preparing``: the fast graph is missing, is wanted, and there is enough to say for it to pay off.

        The same holds for a graphics card that is not measured yet.
        """
        if not self._loader.lacks_fast() and not self._loader.lacks_device():
            return False
        speech = sum(len(one.text) * typical_seconds_per_character(one.language) for one in utterances)
        is_required = self._loader.requires_fast or self._loader.device.is_required
        return is_required or speech >= _PAYS_OFF_AFTER

    def device_wanted(self) -> Literal["cpu", "gpu", "either"]:
        """See ``Accelerated``."""
        return self._loader.device.wanted

    def device_state(self) -> str:
        """See ``DeviceChoosing``."""
        return self._loader.device.state(fast_graph_folder())

    def device_notice(self) -> str:
        """See ``DeviceChoosing``."""
        return self._loader.device.notice(fast_graph_folder())

    def preparation_state(self) -> str:
        """See ``Preparing``."""
        if not self._loader.allows_fast:
            untuned = "; it need not follow pitch, stress and questions" if self._loader.own else ""
            return f"uses the graph {self._loader.setting}, as set in engines.kokoro{untuned}"
        measured = measured_speeds()
        if measured is None:
            return (
                "the fast graph is not prepared yet; the next long render does it, or: interview-audio doctor --prepare"
            )
        return f"{_compared(measured)}; in {fast_graph_folder()}"

    def prepare(self, on_step: Callable[[str], None], *, again: bool = False) -> str:
        """See ``Preparing``: make the fast graph and time it."""
        if again:  # the user asks for it, perhaps where only the fast graph is left of the weights
            self._loader.weights.fetch(lambda *_: None)
        return _compared(self._loader.prepare(on_step, again=again))

    def load(self, languages: Collection[str]) -> None:
        """See ``Loading``: the dictionaries, and beside them the graph, which onnxruntime loads without Python's lock.

        Raises:
            EngineError: One of them cannot be loaded.
        """
        with ThreadPoolExecutor(1) as beside:
            graph = beside.submit(self._loader.load)
            for language in set(languages) & _WARMING.keys():
                self._phonemizer(_WARMING[language], language)
            graph.result()

    def unread(self, text: str, voice: str) -> str:  # noqa: ARG002 - all of its voices read the same
        """See ``Selective``: it reads Latin letters and Chinese characters."""
        from interview_audio.engines.kokoro.phonemes import unread

        return unread(text)

    def notation_fault(self, said: str, notation: str) -> str:
        """See ``Phonetic``: it takes IPA between slashes, and pinyin with tones."""
        from interview_audio.engines.kokoro.notations import PinyinError, ipa_fault, ipa_to_phonemes, pinyin_syllables

        if notation == IPA:
            letter = ipa_fault(said)
            if not letter and ipa_to_phonemes(said, "en-us"):
                return ""
            return f"has {letter or 'no letter'!r}, for which kokoro has no sound; write the nearest one that it has"
        if notation == PINYIN:
            try:
                pinyin_syllables(said)
            except PinyinError as error:
                return str(error)
            return ""
        return f"is {notation}, which kokoro cannot read; {_INSTEAD.get(notation, _IPA_INSTEAD)}"

    def sounds(self, utterance: Utterance) -> Sounds:
        """See ``Phonetic``."""
        from interview_audio.engines.kokoro.notations import pinyin_of

        spans = spoken_spans(utterance.text, utterance.language, utterance.pronunciations, utterance.said_here)
        phonemizer, names = self._phonemizer, utterance.names
        read = phonemizer.read(utterance.text, spans, voices.accent(utterance.voice), utterance.language, names)
        spoken = "".join(span.spoken for span in spans)
        pinyin = pinyin_of(spans, lambda run: phonemizer.mandarin_readings(run, names))
        return Sounds(spoken, read.phonemes, pinyin, read.unspoken)

    def guesses(self, utterance: Utterance) -> Sequence[tuple[str, str]]:
        """See ``Phonetic``: IPA of Latin words, pinyin of Chinese ones."""
        spans = spoken_spans(utterance.text, utterance.language, utterance.pronunciations, utterance.said_here)
        return self._phonemizer.guesses(utterance.text, spans, voices.accent(utterance.voice), utterance.names)

    def speak(self, utterance: Utterance) -> Speech:
        """See ``Engine``."""
        from interview_audio.engines.kokoro.intonation import stressed

        accent = voices.accent(utterance.voice)
        text = self._phonemizer(
            utterance.text,
            utterance.language,
            accent,
            utterance.pronunciations,
            utterance.said_here,
            utterance.names,
        )
        if not text.phonemes.strip():
            raise SpeechError(
                f"kokoro cannot speak {shortened(utterance.text)!r}; "
                "change the words, or add a pronunciation to voices.yaml"
            )
        said = stressed(utterance, text.words)
        model = self._loader.load()
        try:
            return _speak(model, utterance, said, text.unspoken)
        except DeviceFailedError as error:
            self._loader.leave_device(model, error)
            return _speak(self._loader.load(), utterance, said, text.unspoken)

    @cached_property
    def _phonemizer(self) -> "Phonemizer":
        from interview_audio.engines.kokoro.phonemes import Phonemizer

        return Phonemizer(vocabulary())


def _speak(model: Model, utterance: Utterance, said: Sequence["PhonemeWord"], unspoken: tuple[str, ...]) -> Speech:
    """Speak the words of an utterance in as many runs as they need."""
    style = voices.style(utterance.voice)
    sound: list[NDArray[np.float32]] = []
    words: list[SpokenWord] = []
    pieces = list(split(said))
    for piece, prosody in zip(pieces, _prosodies(utterance, said, pieces), strict=True):
        audio, spoken = _speak_piece(model, piece, style, utterance.rate, prosody, is_alone=len(pieces) == 1)
        clock = sum(map(len, sound)) / SAMPLE_RATE
        words += [SpokenWord(word.start + clock, word.end + clock, word.written) for word in spoken]
        sound.append(audio)
    samples = np.round(np.clip(np.concatenate(sound), -1, 1) * _FULL_SCALE).astype(np.int16)
    return Speech(samples, SAMPLE_RATE, tuple(words), unspoken, made_by=_made_by(model))


def _made_by(model: Model) -> str:
    return model.name if model.has_controls else f"{model.name}, without pitch and stress"


def _compared(measured: Speeds) -> str:
    return (
        f"Kokoro uses its {measured.faster} graph on this machine (processor seconds per second of speech: "
        f"fast {measured.fast:.2f}, published {measured.published:.2f})"
    )


def _prosodies(
    utterance: Utterance, words: Sequence["PhonemeWord"], pieces: Sequence[Sequence["PhonemeWord"]]
) -> Iterator[Prosody | None]:
    """Yield how each piece of an utterance is said."""
    from interview_audio.engines.kokoro.intonation import prosody

    whole, start = prosody(utterance, words), 0
    for piece in pieces:
        end = start + sum(len(word.phonemes) for word in piece)
        yield whole and whole.kept(range(start, end))
        start = end


def _speak_piece(
    model: Model,
    words: Sequence["PhonemeWord"],
    style: NDArray[np.float32],
    rate: float,
    prosody: Prosody | None,
    *,
    is_alone: bool,
) -> tuple[NDArray[np.float32], list[SpokenWord]]:
    """Speak one run of words; what is not alone loses the silence around it."""
    phonemes = "".join(word.phonemes for word in words)
    leading = len(phonemes) - len(phonemes.lstrip())
    phonemes = phonemes.strip()
    said = prosody and prosody.kept(range(leading, leading + len(phonemes)))
    sound = model.speak(phonemes, style, rate, said)
    if len(sound.times) != len(phonemes):
        raise EngineError(f"kokoro spoke only {len(sound.times)} of {len(phonemes)} phonemes; please report this")
    span = sound.times[0][0], sound.times[-1][1]
    first, last = (0, len(sound.samples)) if is_alone else trimmed_range(span, len(sound.samples), SAMPLE_RATE)
    cut = first / SAMPLE_RATE
    spoken = [
        SpokenWord(max(start - cut, 0), max(end - cut, 0), written)
        for start, end, written in _heard(words, phonemes, sound.times, leading)
    ]
    return sound.samples[first:last], spoken


def _heard(
    words: Sequence["PhonemeWord"], phonemes: str, times: Sequence[tuple[float, float]], leading: int
) -> Iterator[tuple[float, float, tuple[int, int]]]:
    """Yield when words are heard, in seconds, and their written ranges.

    What Kokoro counts for the space before a word is heard as the beginning of that word; what it counts for the mark
    at the end of the last one is silence.

    Args:
        words: Of a run.
        phonemes: Theirs, without the spaces at both ends.
        times: Start and end of each phoneme's frames.
        leading: Spaces before the first phoneme.
    """
    position = -leading
    for word in words:
        first, last = max(position, 0), min(position + len(word.phonemes.rstrip()), len(times))
        position += len(word.phonemes)
        if first < last:
            begins = first - 1 if first and phonemes[first - 1] == " " else first
            is_after_mark = begins > 0 and phonemes[begins - 1] in _ENDS
            start, end = times[begins][0], times[last - 1][1]
            yield (
                start - _HEARD_EARLIER * (not is_after_mark),
                end - _HEARD_EARLIER * (last < len(times)),
                (word.start, word.end),
            )


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
