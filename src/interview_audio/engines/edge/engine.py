"""The edge engine: an utterance to the service and back, by as many threads at once as there are connections."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from interview_audio.engines.edge.voices import EdgeVoice, VoiceList
from interview_audio.engines.online.rate_limiter import Pace, Surroundings, surroundings
from interview_audio.engines.online.request_runner import Requests
from interview_audio.engines.online.utterance_pieces import HAN, VERSION, Wording, is_speakable, pieces, word
from interview_audio.engines.protocol import MOST_SOCKETS, Availability, Speech, Utterance, VoiceInfo, shortened
from interview_audio.errors import EngineError, OutageError, SpeechError, VoiceError

if TYPE_CHECKING:
    from interview_audio.engines.edge.exchange import Turn
    from interview_audio.engines.edge.service import Service
    from interview_audio.engines.online.retries import Limits
    from interview_audio.engines.online.utterance_pieces import Part

SOCKETS = 2
"""From the service's users: one at a time works, four at once did not in July 2026 (edge-tts issue 482)."""
OUTPUT_FORMAT = "audio-24khz-48kbitrate-mono-mp3"
"""The only one that the client asks for."""
_SETTINGS = {"proxy": str, "sockets": int, "offline": bool}


class EdgeEngine:
    """Microsoft Edge's voices; an ``Online`` and a ``Diagnosable`` engine.

    Once the service cannot be used, the instance is done: see ``Requests``.
    """

    name = "edge"
    local = False
    heavy = False
    identity = f"edge {OUTPUT_FORMAT} text {VERSION}"

    def __init__(
        self, settings: Mapping[str, Any], around: Surroundings | None = None, limits: "Limits | None" = None
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            settings: ``proxy``: address of an HTTP proxy; ``sockets``: 1 to 8; ``offline``: send nothing, ever.
            around: Other time and chance than the machine's.
            limits: Other patience with one answer than ``turns.LIMITS``.

        Raises:
            EngineError: A setting is wrong.
        """
        _check(settings)
        self.sockets = int(settings.get("sockets") or SOCKETS)
        self._proxy = settings.get("proxy")
        self._is_offline = bool(settings.get("offline"))
        around = around or surroundings()
        self._chance, self._limits = around.chance, limits
        self._pace = Pace(self.sockets, around.clock, around.chance)
        self._requests = Requests("edge")
        self._voices = VoiceList(None if self._is_offline else self._fetch_voices)

    def voices(self) -> Sequence[VoiceInfo]:
        """Those of the last list that the service gave, else of the packaged one; nothing is sent."""
        return [voice.info for voice in self._voices.known().values()]

    def check(self, voice: str, language: str) -> None:
        """See ``Engine``; asks for the list of voices once a day."""
        found = self._voices.find(voice)
        if not found.reads(language):
            raise VoiceError(f"{voice} cannot speak {language!r}; {self._instead(found, language)}")

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
        wording = word(utterance.text, utterance.pronunciations)
        if not is_speakable(wording.sent):
            raise SpeechError(f"no words to speak in {shortened(utterance.text)!r}; change the text")
        silent = [] if voice.reads_han() else HAN.findall(wording.sent)
        if silent and not is_speakable(HAN.sub("", wording.sent)):
            raise VoiceError(
                f"{voice.name} cannot read Chinese ({shortened(utterance.text)!r}); {self._instead(voice, 'zh')}"
            )
        if self._is_offline:
            raise OutageError("edge sends text to an online service, which --offline forbids", "leave out --offline")
        ranges = [span for span in pieces(wording.sent) if is_speakable(wording.sent[slice(*span)])]
        turns = self._requests.run(
            lambda: self._say(utterance, voice, [wording.sent[start:end] for start, end in ranges])
        )
        return _speech(utterance.text, wording, list(zip(ranges, turns, strict=True)), silent)

    def availability(self, *, online: bool) -> Availability:
        """See ``Diagnosable``: the proxy and the list of voices; with ``online`` a short request."""
        from interview_audio.engines.edge.service import diagnose

        return diagnose(self._service, self._voices, self._requests, online=online and not self._is_offline)

    def waiting(self) -> str | None:
        """See ``Online``."""
        found = self._pace.waiting()
        return f"edge: {found}" if found else None

    def close(self) -> None:
        """See ``Online``."""
        self._requests.close()

    async def _say(self, utterance: Utterance, voice: EdgeVoice, texts: Sequence[str]) -> "list[Turn]":
        return [await self._service.say(text, voice, utterance.rate) for text in texts]

    @cached_property
    def _service(self) -> "Service":
        """Two threads may make two of them: it has no state of its own."""
        from interview_audio.engines.edge.exchange import LIMITS
        from interview_audio.engines.edge.service import Service

        return Service(self._proxy, self._pace, self._chance, self._limits or LIMITS, self._voices.replace)

    def _fetch_voices(self) -> "Sequence[EdgeVoice]":
        return self._requests.run_apart(self._service.list_voices)

    def _instead(self, voice: EdgeVoice, language: str) -> str:
        fitting = [other for other in self._voices.known().values() if other.language == language]
        same = [other.name for other in fitting if other.gender == voice.gender] or [one.name for one in fitting]
        return f"choose one like {same[0]}, or a Multilingual one" if same else "choose a Multilingual one"


def _check(settings: Mapping[str, Any]) -> None:
    unknown = set(settings) - _SETTINGS.keys()
    if unknown:
        raise EngineError(f"engines.edge has the settings {', '.join(_SETTINGS)}, not {', '.join(sorted(unknown))}")
    proxy, sockets = settings.get("proxy"), settings.get("sockets")
    if proxy is not None and not isinstance(proxy, str):
        raise EngineError("engines.edge.proxy must be an address like http://127.0.0.1:8080")
    if sockets is not None and (type(sockets) is not int or not 1 <= sockets <= MOST_SOCKETS):
        raise EngineError(f"engines.edge.sockets must be a number from 1 to {MOST_SOCKETS}, not {sockets!r}")


def _speech(
    text: str, wording: Wording, said: "Sequence[tuple[tuple[int, int], Turn]]", silent: Sequence[str]
) -> Speech:
    """The turns of one utterance as one."""
    import edge_tts

    from interview_audio.engines.edge.exchange import SAMPLE_RATE
    from interview_audio.engines.edge.word_boundaries import unheard
    from interview_audio.engines.online.utterance_pieces import joined

    samples, words = joined([_part(wording, piece, turn) for piece, turn in said], SAMPLE_RATE)
    missing = tuple(dict.fromkeys([*silent, *unheard(text, words)]))
    return Speech(samples, SAMPLE_RATE, tuple(words), missing, f"edge-tts {edge_tts.__version__}")


def _part(wording: Wording, piece: tuple[int, int], turn: "Turn") -> "Part":
    """A turn with its words, which are estimated where the service reports none."""
    from interview_audio.engines.edge.exchange import SAMPLE_RATE
    from interview_audio.engines.edge.word_boundaries import spoken_words
    from interview_audio.engines.online.durations import estimated_words, merged, sounding_part
    from interview_audio.engines.online.utterance_pieces import Part

    sounding = sounding_part(turn.samples, SAMPLE_RATE)
    words = spoken_words(wording, piece, turn.boundaries, turn.samples.size / SAMPLE_RATE)
    if not words:
        return Part(turn.samples, merged(estimated_words(wording, piece, sounding)), sounding)
    return Part(turn.samples, words, (words[0].start, max(one.end for one in words)))
