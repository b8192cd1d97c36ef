"""The edge engine: an utterance to the service and back, by as many threads at once as there are connections."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

from interview_audio.engines.edge.voices import HAN_RUN, EdgeVoice, EdgeVoiceList
from interview_audio.engines.online.request_runner import RequestRunner
from interview_audio.engines.online.retries import Clock, RateLimiter, Timeouts
from interview_audio.engines.protocol import MAX_SOCKETS, Availability, Speech, SpokenWord, Utterance, VoiceInfo
from interview_audio.engines.utterance_pieces import (
    TEXT_VERSION,
    PreparedText,
    SpokenPiece,
    cut_text,
    join_pieces,
    merge_words,
    prepare_text,
)
from interview_audio.errors import EngineError, OutageError, SpeechError, VoiceError
from interview_audio.text.characters import has_letter_or_digit
from interview_audio.text.units import shortened

# The client and its libraries take a third of a second to import: only what sends something does.
if TYPE_CHECKING:
    from interview_audio.engines.edge.service import EdgeAnswer, EdgeService

_DEFAULT_SOCKETS = 2
"""From the service's users: one at a time works, four at once did not in July 2026 (edge-tts issue 482)."""
_OUTPUT_FORMAT = "audio-24khz-48kbitrate-mono-mp3"
"""The only one that the client asks for."""
_SETTINGS = ("proxy", "sockets", "offline")
_CODEC_DELAY = 1105
"""Samples by which MP3 delays a sound: 576 in an encoder as LAME's, 529 in every decoder. The service's boundaries are
those of the sound that it encodes, and its frames have no header that tells a decoder what to leave out.
"""


class EdgeEngine:
    """Microsoft Edge's voices; an ``Online`` and a ``Diagnosable`` engine.

    Once the service cannot be used, the instance is done: see ``RequestRunner``.
    """

    name = "edge"
    obeys_pitch = True
    local = False
    heavy = False
    identity = f"edge {_OUTPUT_FORMAT} text {TEXT_VERSION}"

    def __init__(
        self,
        settings: Mapping[str, Any],
        *,
        clock: Clock | None = None,
        rng: Random | None = None,
        timeouts: Timeouts | None = None,
        list_timeouts: Timeouts | None = None,
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            settings: ``proxy``: address of an HTTP proxy; ``sockets``: 1 to 8; ``offline``: send nothing, ever.
            clock: Another time than the machine's.
            rng: Another source of jitter.
            timeouts: How long to wait for speech, if not ``service.TIMEOUTS``.
            list_timeouts: How long to wait for the list of voices, if not ``service.LIST_TIMEOUTS``.

        Raises:
            EngineError: A setting is wrong.
        """
        _check_settings(settings)
        self.sockets = int(settings.get("sockets") or _DEFAULT_SOCKETS)
        self._proxy = settings.get("proxy")
        self._is_offline = bool(settings.get("offline"))
        self._timeouts, self._list_timeouts = timeouts, list_timeouts
        self._limiter = RateLimiter(self.sockets, clock, rng)
        self._runner = RequestRunner("edge")
        self._voices = EdgeVoiceList(None if self._is_offline else self._fetch_voices)

    def voices(self) -> Sequence[VoiceInfo]:
        """Return those of the last list that the service gave, else of the packaged one; nothing is sent."""
        return [voice.info for voice in self._voices.known().values()]

    def describe(self, voice: str) -> VoiceInfo:
        """See ``Describing``: a multilingual voice speaks any language."""
        found = self._voices.find(voice)
        return replace(found.info, languages=()) if found.is_multilingual else found.info

    def check(self, voice: str, language: str) -> None:
        """See ``Engine``; asks for the list of voices once a day."""
        found = self._voices.find(voice)
        if not found.reads(language):
            raise VoiceError(f"{voice} cannot speak {language!r}; {self._alternative(found, language)}")

    def unread(self, text: str, voice: str) -> str:
        """See ``Selective``."""
        return self._voices.find(voice).unread(text)

    def speak(self, utterance: Utterance) -> Speech:
        """See ``Engine``; for several threads at once.

        Raises:
            SpeechError: There is nothing to say, or the service says everything but this.
            VoiceError: There is no such voice, or it cannot read this.
            OutageError: The service cannot be used now.
            EngineError: The engine was closed.
        """
        voice = self._voices.find(utterance.voice)
        text = prepare_text(utterance.text, utterance.pronunciations, utterance.said_here)
        if not has_letter_or_digit(text.sent):
            raise SpeechError(f"no words to speak in {shortened(utterance.text)!r}; change the text")
        unread = [] if voice.reads_han() else HAN_RUN.findall(text.sent)
        if unread and not has_letter_or_digit(HAN_RUN.sub("", text.sent)):
            raise VoiceError(
                f"{voice.name} cannot read Chinese ({shortened(utterance.text)!r}); {self._alternative(voice, 'zh')}"
            )
        if self._is_offline:
            raise OutageError("edge sends text to an online service, which --offline forbids", "leave out --offline")
        pieces = [piece for piece in cut_text(text.sent) if has_letter_or_digit(text.sent[slice(*piece)])]
        answers = self._runner.run(lambda: self._say(utterance, voice, [text.sent[start:end] for start, end in pieces]))
        return _speech(utterance.text, text, list(zip(pieces, answers, strict=True)), unread)

    def availability(self, *, online: bool) -> Availability:
        """See ``Diagnosable``: the proxy and the list of voices; with ``online`` a short request."""
        from interview_audio.engines.edge.service import diagnose_edge

        return diagnose_edge(self._service, self._voices, self._runner, online=online and not self._is_offline)

    def waiting(self) -> str | None:
        """See ``Online``."""
        found = self._limiter.waiting()
        return f"edge: {found}" if found else None

    def close(self) -> None:
        """See ``Online``."""
        self._runner.close()

    async def _say(self, utterance: Utterance, voice: EdgeVoice, texts: Sequence[str]) -> "list[EdgeAnswer]":
        from interview_audio.engines.edge.service import EdgeRequest

        requests = [EdgeRequest(text, voice, utterance.rate, utterance.pitch) for text in texts]
        return [await self._service.say(request) for request in requests]

    @cached_property
    def _service(self) -> "EdgeService":
        # Two threads may make two of them: it has no state of its own.
        from interview_audio.engines.edge.service import LIST_TIMEOUTS, TIMEOUTS, EdgeService

        timeouts, list_timeouts = self._timeouts or TIMEOUTS, self._list_timeouts or LIST_TIMEOUTS
        return EdgeService(self._proxy, self._limiter, timeouts, list_timeouts, self._voices.replace)

    def _fetch_voices(self) -> "Sequence[EdgeVoice]":
        return self._runner.run_apart(self._service.list_voices)

    def _alternative(self, voice: EdgeVoice, language: str) -> str:
        fitting = [other for other in self._voices.known().values() if other.language == language]
        same = [other.name for other in fitting if other.gender == voice.gender] or [one.name for one in fitting]
        return f"choose one like {same[0]}, or a Multilingual one" if same else "choose a Multilingual one"


def _check_settings(settings: Mapping[str, Any]) -> None:
    unknown = set(settings) - set(_SETTINGS)
    if unknown:
        raise EngineError(f"engines.edge has the settings {', '.join(_SETTINGS)}, not {', '.join(sorted(unknown))}")
    proxy, sockets = settings.get("proxy"), settings.get("sockets")
    if proxy is not None and not isinstance(proxy, str):
        raise EngineError("engines.edge.proxy must be an address like http://127.0.0.1:8080")
    if sockets is not None and (type(sockets) is not int or not 1 <= sockets <= MAX_SOCKETS):
        raise EngineError(f"engines.edge.sockets must be a number from 1 to {MAX_SOCKETS}, not {sockets!r}")


def _speech(
    written: str, text: PreparedText, said: "Sequence[tuple[tuple[int, int], EdgeAnswer]]", unread: Sequence[str]
) -> Speech:
    """Join the answers for one utterance."""
    import edge_tts

    from interview_audio.engines.edge.service import SAMPLE_RATE
    from interview_audio.engines.edge.word_boundaries import letters_without_word

    samples, words = join_pieces([_spoken_piece(text, piece, answer) for piece, answer in said], SAMPLE_RATE)
    unspoken = tuple(dict.fromkeys([*unread, *letters_without_word(written, words)]))
    return Speech(samples, SAMPLE_RATE, tuple(words), unspoken, f"edge-tts {edge_tts.__version__}")


def _spoken_piece(text: PreparedText, piece: tuple[int, int], answer: "EdgeAnswer") -> SpokenPiece:
    """Return an answer with its words, which are estimated if the service reports none."""
    from interview_audio.engines.durations import audible_range, estimate_words
    from interview_audio.engines.edge.service import SAMPLE_RATE
    from interview_audio.engines.edge.word_boundaries import spoken_words

    words = spoken_words(text, piece, answer.boundaries, answer.samples.size / SAMPLE_RATE)
    if words:
        audible = words[0].start, max(word.end for word in words)
        heard = _delayed(words, _CODEC_DELAY / SAMPLE_RATE, answer.samples.size / SAMPLE_RATE)
        return SpokenPiece(answer.samples, heard, audible)
    audible = audible_range(answer.samples, SAMPLE_RATE)
    return SpokenPiece(answer.samples, merge_words(estimate_words(text, piece, audible)), audible)


def _delayed(words: Sequence[SpokenWord], delay: float, seconds: float) -> list[SpokenWord]:
    """Return words so much later, but not after the end of a sound of so many seconds."""
    return [replace(word, start=min(word.start + delay, seconds), end=min(word.end + delay, seconds)) for word in words]
