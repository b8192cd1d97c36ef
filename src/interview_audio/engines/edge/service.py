"""The service as it is used: requests with patience, what their failure means, and whether it works at all."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit

import aiohttp
import edge_tts
from edge_tts import communicate
from edge_tts.drm import DRM
from edge_tts.exceptions import SkewAdjustmentError

from interview_audio.engines.edge.turns import Request, Turn, take_turn
from interview_audio.engines.edge.voices import EdgeVoice, gender
from interview_audio.engines.engine import shortened
from interview_audio.engines.online.limits import Limits, watched
from interview_audio.engines.online.network_errors import Route, meaning
from interview_audio.engines.online.pacing import Pace
from interview_audio.engines.online.proxies import find_proxy
from interview_audio.engines.online.retries import LATER, ExhaustedError, SetbackError, Trouble, persist
from interview_audio.errors import InterviewAudioError, OutageError, SpeechError, VoiceError
from interview_audio.quantities import counted

PROXY_SCHEMES = ("wss", "https", "all")
"""The client itself follows ``WSS_PROXY`` for speech and ``HTTPS_PROXY`` for the list of voices, and no other."""
TEST_WORDS = "1 2 3"
"""Every voice can read these."""
_LIST_LIMITS = Limits(10.0, 10.0)
_NOTABLE_SKEW = 60.0
_UPGRADE = "update edge-tts: pip install --upgrade edge-tts"


@dataclass(frozen=True, slots=True)
class Service:
    """The way to the service, for coroutines of one event loop."""

    proxy: str | None
    """As ``engines.edge.proxy`` has it."""
    pace: Pace
    chance: Random
    limits: Limits
    on_list: Callable[[list[EdgeVoice]], None]
    """Told a list of voices that came besides."""

    def route(self) -> Route:
        """Where requests go now; raises ``OutageError`` where the proxy cannot be used."""
        host = urlsplit(communicate.WSS_URL).hostname or ""  # type: ignore[attr-defined]  # where the client takes it from
        proxy = find_proxy(host, self.proxy, "engines.edge.proxy", PROXY_SCHEMES)
        return Route("edge", host, proxy, _remedy_for_refusal, _UPGRADE)

    async def say(self, text: str, voice: EdgeVoice, rate: float) -> Turn:
        """Say a text that fits one request, with as many attempts as it is worth.

        Raises:
            SpeechError: The service says everything but this.
            VoiceError: The voice is gone.
            OutageError: The service cannot be used now.
        """
        request = Request(text, voice, rate)
        route = self.route()

        async def attempt() -> Turn:
            return await take_turn(request, route, self.limits, self.pace.heard)

        try:
            return await persist(attempt, self.pace, self.chance)
        except ExhaustedError as error:
            raise await self._explained(error, request, route) from error

    async def list_voices(self) -> list[EdgeVoice]:
        """The voices that the service has now; raises ``OutageError`` where it does not say."""
        route = self.route()
        try:
            async with watched(_LIST_LIMITS, route.host, self.pace.heard):
                entries = await edge_tts.list_voices(proxy=route.proxy.url if route.proxy else None)
            voices = [EdgeVoice(str(entry["ShortName"]), gender(entry["Gender"])) for entry in entries]
        except SetbackError as error:
            raise error.as_outage(1) from error
        except SkewAdjustmentError as error:
            raise OutageError(f"{route.host} refused the request", route.refused()) from error
        except (aiohttp.ClientError, OSError) as error:
            found = meaning(error, route)
            raise (found.as_outage(1) if isinstance(found, SetbackError) else found) from error
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise OutageError(f"{route.host} sent a list of voices in an unknown format", _UPGRADE) from error
        if not voices:
            raise OutageError(f"{route.host} sent an empty list of voices", LATER)
        return voices

    async def try_out(self, voice: EdgeVoice) -> None:
        """Say a test word, in one attempt; raises ``OutageError``."""
        try:
            async with self.pace.socket():
                await take_turn(Request(TEST_WORDS, voice), self.route(), self.limits, self.pace.heard)
        except SetbackError as error:
            raise error.as_outage(1) from error

    async def _explained(self, error: ExhaustedError, request: Request, route: Route) -> InterviewAudioError:
        """Whether it is the voice, this text or the service."""
        setback = error.setback
        if setback.trouble in (Trouble.THROTTLED, Trouble.NETWORK):
            return setback.as_outage(error.attempts)
        if setback.trouble is Trouble.SILENT and await self._is_gone(request.voice):
            return VoiceError(f"{route.service} no longer has the voice {request.voice.name}; choose another")
        try:
            await self.try_out(request.voice)
        except OutageError:
            return setback.as_outage(error.attempts, f", for {shortened(request.text)!r}")
        return SpeechError(
            f"{setback.told(error.attempts)}, for {shortened(request.text)!r} with {request.voice.name}, while edge "
            "speaks other text; run again later, or use other words or pronunciations: in voices.yaml"
        )

    async def _is_gone(self, voice: EdgeVoice) -> bool:
        try:
            voices = await self.list_voices()
        except OutageError:
            return False
        self.on_list(voices)
        return voice.name not in {other.name for other in voices}


def clock_error() -> str | None:
    """How wrong this machine's clock is, as the service has shown in this process; None where that is not notable."""
    skew = DRM.clock_skew_seconds
    if abs(skew) < _NOTABLE_SKEW:
        return None
    return f"this machine's clock is {counted(round(abs(skew) / 60), 'minute')} {'slow' if skew > 0 else 'fast'}"


def _remedy_for_refusal() -> str:
    clock = clock_error()
    blocked = f"{_UPGRADE}; if the service is blocked, set an HTTP proxy as engines.edge.proxy"
    return f"{clock}: correct it; otherwise {blocked}" if clock else blocked
