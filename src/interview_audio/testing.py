"""The contract of engines, as a test that anyone can run on theirs; it needs no test framework.

    from interview_audio.testing import check_engine
    check_engine(MyEngine({}), "en", "my-voice")

With pytest, one test a promise: ``@pytest.mark.parametrize("promise", PROMISES, ids=name_of)`` and
``promise(Trial(MyEngine({}), "en", "my-voice"))``.
"""

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from interview_audio.engines.protocol import Engine, Speech, Utterance, Varying, VoiceInfo
from interview_audio.errors import EngineError, InterviewAudioError, SpeechError, VoiceError

SENTENCES = {
    "zh": "灯塔守护人每天清晨擦亮玻璃，记录风向和潮水。",
    "en": "The keeper of the light winds the clock each morning, and the sea looks on. ",
}
"""Others speak the English one."""
LONG_CHARACTERS = 3000
NO_VOICE = "no-such-voice"
_AUDIBLE = 100
_SILENT_TEXT = "……！？ —"
_CALLS_AT_ONCE = 4
_TOLERANCE = 1e-3
"""Seconds by which word times may miss the sound."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An engine, and the language and voice that it is tried with."""

    engine: Engine
    language: str
    voice: str
    """One that speaks the language."""

    @property
    def sentence(self) -> str:
        """Something to say in this language."""
        return SENTENCES.get(self.language, SENTENCES["en"])

    def utterance(self, text: str, rate: float = 1.0, pronunciations: dict[str, str] | None = None) -> Utterance:
        """Return an utterance of a text by the voice."""
        return Utterance(text, self.language, self.voice, rate, pronunciations or {})

    def speak(self, text: str, rate: float = 1.0, pronunciations: dict[str, str] | None = None) -> Speech:
        """Say a text, and check the sound and its words."""
        speech = self.engine.speak(self.utterance(text, rate, pronunciations))
        _check_sound(speech)
        _check_words(speech, text)
        return speech


def check_engine(engine: Engine, language: str, voice: str) -> None:
    """Hold an engine to its contract; some 15 utterances are said, one of them of 3,000 characters.

    Args:
        engine: It, built.
        language: One that it speaks, such as ``en``.
        voice: One of its voices for that language.

    Raises:
        AssertionError: The first promise that it breaks, in a sentence.
    """
    for promise in PROMISES:
        promise(Trial(engine, language, voice))


def name_of(promise: Callable[[Trial], None]) -> str:
    """Return a promise's name, for test reports."""
    return promise.__name__.replace("_", "-")


def describes_itself(trial: Trial) -> None:
    """Check name, identity and voices, which the program relies on."""
    engine = trial.engine
    _assert(isinstance(engine.name, str) and engine.name != "", "name must be a string that is not empty")
    _assert(isinstance(engine.identity, str) and engine.identity != "", "identity must be a string that is not empty")
    _assert(type(engine.local) is bool and type(engine.heavy) is bool, "local and heavy must be True or False")
    voices = engine.voices()
    _assert(all(isinstance(voice, VoiceInfo) for voice in voices), "voices() must return VoiceInfo")
    names = [voice.name for voice in voices]
    _assert(len(names) == len(set(names)), "voices() lists a voice twice")


def knows_its_voices(trial: Trial) -> None:
    """Check that ``check`` accepts the voice, and that ``speak`` refuses what ``check`` refuses."""
    trial.engine.check(trial.voice, trial.language)
    error = _error(lambda: trial.engine.check(NO_VOICE, trial.language))
    if error is None:
        trial.engine.speak(Utterance(trial.sentence, trial.language, NO_VOICE))
        return
    _assert(isinstance(error, VoiceError), f"check() of an unknown voice raised {type(error).__name__}, not VoiceError")
    error = _error(lambda: trial.engine.speak(Utterance(trial.sentence, trial.language, NO_VOICE)))
    _assert(isinstance(error, VoiceError), "speak() accepted a voice that check() refuses: it must raise VoiceError")


def speaks(trial: Trial) -> None:
    """Check that a sentence is sound with words in their places, at a rate that does not change."""
    speech, other = trial.speak(trial.sentence), trial.speak(trial.sentence[:12])
    _assert(len(speech.words) > 0, "the speech has no words: captions need at least one SpokenWord")
    _assert(speech.sample_rate == other.sample_rate, "sample_rate differs between two utterances")
    _assert(other.samples.size < speech.samples.size, "a longer text does not give longer speech")


def says_the_same_again(trial: Trial) -> None:
    """Check that an utterance gives the same samples again, unless the engine says that it varies (``Varying``)."""
    first, second = trial.speak(trial.sentence), trial.speak(trial.sentence)
    may_differ = isinstance(trial.engine, Varying) and trial.engine.varies
    _assert(
        may_differ or np.array_equal(first.samples, second.samples),
        "the same utterance gave different samples: set varies = True on the engine, or make it deterministic",
    )


def refuses_what_has_no_words(trial: Trial) -> None:
    """Check that a text that cannot be said is a ``SpeechError``, not silence."""
    for text in (_SILENT_TEXT, ""):
        error = _error(lambda text=text: trial.engine.speak(trial.utterance(text)))  # type: ignore[misc]
        _assert(isinstance(error, SpeechError), f"speak({text!r}) must raise SpeechError, not {_named(error)}")


def raises_errors_that_travel(trial: Trial) -> None:
    """Check that errors come back from a worker process unchanged, on one line."""
    for utterance in (trial.utterance(_SILENT_TEXT), Utterance(trial.sentence, trial.language, "")):
        error = _error(lambda utterance=utterance: trial.engine.speak(utterance))  # type: ignore[misc]
        if error is not None:
            _assert(_travels(error), f"{type(error).__name__} does not survive pickling: give super() all arguments")
            _assert(str(error) != "" and "\n" not in str(error), "an error's message must be one line")


def refuses_unknown_settings(trial: Trial) -> None:
    """Check that a misspelt setting is an ``EngineError``, so that nobody wonders why it does nothing."""
    try:
        error = _error(lambda: type(trial.engine)({"no such setting": 1}))  # type: ignore[call-arg]
    except TypeError as reason:
        raise AssertionError("the class must take its settings as its only argument") from reason
    _assert(isinstance(error, EngineError), f"an unknown setting must raise EngineError, not {_named(error)}")


def says_long_texts_whole(trial: Trial) -> None:
    """Check that three thousand characters are said to their end, in proportion to a sentence."""
    sentence = trial.sentence
    text = sentence * (LONG_CHARACTERS // len(sentence) + 1)
    speech, one = trial.speak(text), trial.speak(sentence)
    last = speech.words[-1].written[1]
    _assert(last >= len(text.rstrip()) - len(sentence) // 2, f"speech ends at character {last} of {len(text)}")
    expected = one.samples.size * len(text) / len(sentence)
    _assert(speech.samples.size > 0.5 * expected, "a long text is much shorter than its sentences one by one")


def honours_pronunciations(trial: Trial) -> None:
    """Check that another pronunciation sounds different, and that its word keeps its written place."""
    word = trial.sentence[:2] if trial.language == "zh" else trial.sentence.split()[1]
    said = trial.sentence[:9] if trial.language == "zh" else " ".join(trial.sentence.split()[:4])
    plain, other = trial.speak(trial.sentence), trial.speak(trial.sentence, pronunciations={word: said})
    _assert(other.samples.size > plain.samples.size, "a longer pronunciation does not make the speech longer")


def honours_the_rate(trial: Trial) -> None:
    """Check that a higher rate is shorter speech, a lower one longer."""
    slow, plain, fast = (trial.speak(trial.sentence, rate).samples.size for rate in (0.8, 1.0, 1.25))
    _assert(slow > plain > fast, f"rates 0.8, 1 and 1.25 give {slow}, {plain} and {fast} samples")


def is_safe_to_call_at_once(trial: Trial) -> None:
    """Check that each of several threads gets its own speech."""
    texts = [trial.sentence * (number + 1) for number in range(_CALLS_AT_ONCE)]
    with ThreadPoolExecutor(_CALLS_AT_ONCE) as pool:
        sizes = [speech.samples.size for speech in pool.map(trial.speak, texts)]
    _assert(sizes == sorted(set(sizes)), f"texts of 1 to {_CALLS_AT_ONCE} sentences at once give {sizes} samples")


PROMISES: tuple[Callable[[Trial], None], ...] = (
    describes_itself,
    refuses_unknown_settings,
    knows_its_voices,
    refuses_what_has_no_words,
    raises_errors_that_travel,
    speaks,
    says_the_same_again,
    honours_pronunciations,
    honours_the_rate,
    is_safe_to_call_at_once,
    says_long_texts_whole,
)
"""In the order in which a broken engine shows it soonest."""


def _check_sound(speech: Speech) -> None:
    samples = speech.samples
    _assert(isinstance(samples, np.ndarray) and samples.dtype == np.int16, "samples must be a numpy array of int16")
    _assert(samples.ndim == 1, f"samples must be mono, shape (n,), not {samples.shape}")
    _assert(
        type(speech.sample_rate) is int and speech.sample_rate >= 8000, "sample_rate must be an int of 8000 or more"
    )
    loudest = int(np.abs(samples.astype(np.int32)).max(initial=0))
    _assert(loudest >= _AUDIBLE, f"the speech is silent: its loudest sample is {loudest}")


def _check_words(speech: Speech, text: str) -> None:
    length = speech.samples.size / speech.sample_rate
    clock, position = 0.0, 0
    for number, word in enumerate(speech.words):
        first, last = word.written
        _assert(position <= first < last <= len(text), f"word {number} has the range {word.written}, out of order")
        _assert(
            clock - _TOLERANCE <= word.start <= word.end <= length + _TOLERANCE,
            f"word {number} is heard from {word.start} to {word.end} s, out of order or outside the {length:.3f} s",
        )
        clock, position = word.start, last


def _error(call: Callable[[], object]) -> InterviewAudioError | None:
    try:
        call()
    except InterviewAudioError as error:
        return error
    return None


def _travels(error: InterviewAudioError) -> bool:
    try:
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    except (pickle.PickleError, TypeError, AttributeError):
        return False
    return (type(copy), str(copy)) == (type(error), str(error))


def _named(error: InterviewAudioError | None) -> str:
    return type(error).__name__ if error else "succeed"


def _assert(holds: bool, sentence: str) -> None:  # noqa: FBT001
    if not holds:
        raise AssertionError(sentence)
