"""The openai engine: an utterance to a server and back, by as many threads at once as there are connections."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

from interview_audio.engines.online.request_runner import RequestRunner
from interview_audio.engines.online.retries import Clock, RateLimiter
from interview_audio.engines.openai.server import OFFICIAL_VOICES, ServerVoiceList, read_server
from interview_audio.engines.protocol import Availability, Speech, Utterance, VoiceInfo
from interview_audio.engines.utterance_pieces import (
    PreparedText,
    SpokenPiece,
    cut_text,
    join_pieces,
    merge_words,
    prepare_text,
)
from interview_audio.errors import OutageError, SpeechError
from interview_audio.text.characters import has_letter_or_digit
from interview_audio.text.units import shortened

# The client and the decoder take a third of a second to import: only what sends something does.
if TYPE_CHECKING:
    from interview_audio.engines.openai.service import OpenAIService, ServerSpeech


class OpenAIEngine:
    """A server with ``POST /v1/audio/speech``; an ``Online``, a ``Diagnosable`` and a ``Varying`` engine.

    Once the server cannot be used, the instance is done: see ``RequestRunner``.
    """

    name = "openai"
    heavy = False
    varies = True

    def __init__(
        self,
        settings: Mapping[str, Any],
        *,
        clock: Clock | None = None,
        rng: Random | None = None,
        max_answer_seconds: float | None = None,
    ) -> None:
        """Prepare; nothing is sent, and no key is read.

        Args:
            settings: ``engines.openai``, see ``docs/online.md``; ``offline``: send nothing off this machine.
            clock: Another time than the machine's.
            rng: Another source of jitter.
            max_answer_seconds: How long to wait for a whole answer, if not ``service.MAX_ANSWER_SECONDS``.

        Raises:
            EngineError: A setting is wrong.
        """
        self._server = read_server(settings)
        self.sockets = self._server.sockets
        self.local = self._server.is_loopback and self._server.proxy is None
        self.identity = self._server.identity
        self._may_ask = self.local or not self._server.is_offline
        self._max_answer_seconds = max_answer_seconds
        self._limiter = RateLimiter(self.sockets, clock, rng)
        self._runner = RequestRunner("openai")
        is_listed = not self._server.is_official and self._may_ask
        known = OFFICIAL_VOICES if self._server.is_official else ()
        self._voices = ServerVoiceList(known, self._fetch_voices if is_listed else None)

    def voices(self) -> Sequence[VoiceInfo]:
        """Return OpenAI's, or those that another server lists: it is asked once, without any of the text."""
        return self._voices.all()

    def no_voices(self) -> str:
        """See ``Listing``."""
        if not self._may_ask:
            return f"--offline forbids asking {self._server.address}; leave it out, or name a voice that you know"
        if self._voices.outage:
            return str(self._voices.outage)
        return f"{self._server.address} does not list its voices; see its documentation"

    def check(self, voice: str, language: str) -> None:  # noqa: ARG002  # the protocol's
        """See ``Engine``: whether the server has the voice; servers do not say which languages it reads."""
        self._voices.check(voice)

    def speak(self, utterance: Utterance) -> Speech:
        """See ``Engine``; for several threads at once. Word times are estimated: no server reports them.

        Raises:
            SpeechError: There is nothing to say, or the server says everything but this.
            VoiceError: There is no such voice.
            OutageError: The server cannot be used now, or there is no key.
            EngineError: The engine was closed.
        """
        self._voices.check(utterance.voice)
        text = prepare_text(utterance.text, utterance.pronunciations, utterance.said_here)
        if not has_letter_or_digit(text.sent):
            raise SpeechError(f"no words to speak in {shortened(utterance.text)!r}; change the text")
        if not self._may_ask:
            raise OutageError(
                f"openai sends text to {self._server.address}, which --offline forbids", "leave out --offline"
            )
        pieces = [(start, end) for start, end in cut_text(text.sent) if has_letter_or_digit(text.sent[start:end])]
        answers = self._runner.run(lambda: self._say(utterance, [text.sent[start:end] for start, end in pieces]))
        return _speech(text, list(zip(pieces, answers, strict=True)), self._server.model)

    def availability(self, *, online: bool) -> Availability:
        """See ``Diagnosable``: address, proxy and key; with ``online`` a test word."""
        from interview_audio.engines.openai.service import diagnose_server

        return diagnose_server(self._service, self._runner, online=online and self._may_ask)

    def waiting(self) -> str | None:
        """See ``Online``."""
        found = self._limiter.waiting()
        return f"openai: {found}" if found else None

    def close(self) -> None:
        """See ``Online``."""
        self._runner.close()

    async def _say(self, utterance: Utterance, texts: Sequence[str]) -> "list[ServerSpeech]":
        from interview_audio.engines.openai.service import SpeechRequest

        return [await self._service.say(SpeechRequest(text, utterance.voice, utterance.rate)) for text in texts]

    @cached_property
    def _service(self) -> "OpenAIService":
        # Two threads may make two of them: it has no state of its own.
        from interview_audio.engines.openai.service import MAX_ANSWER_SECONDS, OpenAIService

        return OpenAIService(self._server, self._limiter, self._max_answer_seconds or MAX_ANSWER_SECONDS)

    def _fetch_voices(self) -> Sequence[str]:
        return self._runner.run_apart(self._service.list_voices)


def _speech(text: PreparedText, said: "Sequence[tuple[tuple[int, int], ServerSpeech]]", model: str) -> Speech:
    """Join the answers for one utterance."""
    from interview_audio.engines.durations import audible_range, estimate_words

    rate, pieces = said[0][1].sample_rate, []
    for piece, answer in said:
        if answer.sample_rate != rate:
            raise OutageError("the server changed its sample rate between two answers", "see the server's log")
        audible = audible_range(answer.samples, rate)
        pieces.append(SpokenPiece(answer.samples, estimate_words(text, piece, audible), audible))
    samples, words = join_pieces(pieces, rate)
    return Speech(samples, rate, merge_words(words), made_by=f"{model} {said[0][1].software}".strip())
