"""The openai engine: an utterance to a server and back, by as many threads at once as there are connections."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from interview_audio.engines.online.rate_limiter import Pace, Surroundings, surroundings
from interview_audio.engines.online.request_runner import Requests
from interview_audio.engines.online.utterance_pieces import Wording, is_speakable, pieces, word
from interview_audio.engines.openai.server import read_server
from interview_audio.engines.openai.voices import OFFICIAL, VoiceList
from interview_audio.engines.protocol import Availability, Speech, Utterance, VoiceInfo, shortened
from interview_audio.errors import OutageError, SpeechError

if TYPE_CHECKING:
    from interview_audio.engines.openai.service import Service, Sound


class OpenAIEngine:
    """A server with ``POST /v1/audio/speech``; an ``Online``, a ``Diagnosable`` and a ``Varying`` engine.

    Once the server cannot be used, the instance is done: see ``Requests``.
    """

    name = "openai"
    heavy = False
    varies = True

    def __init__(self, settings: Mapping[str, Any], around: Surroundings | None = None) -> None:
        """Prepare; nothing is sent, and no key is read.

        Args:
            settings: ``engines.openai``, see ``docs/online.md``; ``offline``: send nothing off this machine.
            around: Other time and chance than the machine's.

        Raises:
            EngineError: A setting is wrong.
        """
        self._server = read_server(settings)
        self.sockets = self._server.sockets
        self.local = self._server.is_loopback and self._server.proxy is None
        self.identity = self._server.identity
        self._may_ask = self.local or not self._server.is_offline
        around = around or surroundings()
        self._chance = around.chance
        self._pace = Pace(self.sockets, around.clock, around.chance)
        self._requests = Requests("openai")
        is_listed = not self._server.is_official and self._may_ask
        known = OFFICIAL if self._server.is_official else ()
        self._voices = VoiceList(known, self._fetch_voices if is_listed else None)

    def voices(self) -> Sequence[VoiceInfo]:
        """OpenAI's; of another server those that it lists: asked for once, without any of the text."""
        return self._voices.all()

    def no_voices(self) -> str:
        """See ``Listing``."""
        if not self._may_ask:
            return f"--offline forbids asking {self._server.address}; leave it out, or name a voice that you know"
        if self._voices.outage:
            return str(self._voices.outage)
        return f"{self._server.address} does not list its voices; see its documentation"

    def check(self, voice: str, language: str) -> None:  # noqa: ARG002  # the Protocol's
        """See ``Engine``: whether the server has the voice; which languages it reads, nobody says."""
        self._voices.find(voice)

    def speak(self, utterance: Utterance) -> Speech:
        """See ``Engine``; for several threads at once. Word times are estimated: no server tells them.

        Raises:
            SpeechError: There is nothing to say, or the server says everything but this.
            VoiceError: There is no such voice.
            OutageError: The server cannot be used now, or there is no key.
            EngineError: The engine was closed.
        """
        self._voices.find(utterance.voice)
        wording = word(utterance.text, utterance.pronunciations)
        if not is_speakable(wording.sent):
            raise SpeechError(f"no words to speak in {shortened(utterance.text)!r}; change the text")
        if not self._may_ask:
            raise OutageError(
                f"openai sends text to {self._server.address}, which --offline forbids", "leave out --offline"
            )
        ranges = [(start, end) for start, end in pieces(wording.sent) if is_speakable(wording.sent[start:end])]
        sounds = self._requests.run(lambda: self._say(utterance, [wording.sent[start:end] for start, end in ranges]))
        return _speech(wording, list(zip(ranges, sounds, strict=True)), self._server.model)

    def availability(self, *, online: bool) -> Availability:
        """See ``Diagnosable``: address, proxy and key; with ``online`` a test word."""
        from interview_audio.engines.openai.service import diagnose

        return diagnose(self._service, self._requests, online=online and self._may_ask)

    def waiting(self) -> str | None:
        """See ``Online``."""
        found = self._pace.waiting()
        return f"openai: {found}" if found else None

    def close(self) -> None:
        """See ``Online``."""
        self._requests.close()

    async def _say(self, utterance: Utterance, texts: Sequence[str]) -> "list[Sound]":
        from interview_audio.engines.openai.service import Request

        return [await self._service.say(Request(text, utterance.voice, utterance.rate)) for text in texts]

    @cached_property
    def _service(self) -> "Service":
        """Two threads may make two of them: it has no state of its own."""
        from interview_audio.engines.openai.service import Service

        return Service(self._server, self._pace, self._chance)

    def _fetch_voices(self) -> Sequence[str]:
        return self._requests.run_apart(self._service.list_voices)


def _speech(wording: Wording, said: "Sequence[tuple[tuple[int, int], Sound]]", model: str) -> Speech:
    """The sounds of one utterance as one."""
    from interview_audio.engines.online.durations import estimated_words, merged, sounding_part
    from interview_audio.engines.online.utterance_pieces import Part, joined

    rate, parts = said[0][1].sample_rate, []
    for piece, sound in said:
        if sound.sample_rate != rate:
            raise OutageError("the server changed its sample rate between two answers", "see the server's log")
        sounding = sounding_part(sound.samples, rate)
        parts.append(Part(sound.samples, estimated_words(wording, piece, sounding), sounding))
    samples, words = joined(parts, rate)
    return Speech(samples, rate, merged(words), made_by=f"{model} {said[0][1].software}".strip())
