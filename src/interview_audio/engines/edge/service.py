"""The service as it is used: requests with patience, what their failure means, and whether it works at all.

Whether the service can be used from this machine, for ``doctor``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit

import aiohttp
import edge_tts
from edge_tts import communicate
from edge_tts.drm import DRM
from edge_tts.exceptions import SkewAdjustmentError

from interview_audio.engines.edge.exchange import Request, Turn, take_turn
from interview_audio.engines.edge.voices import EdgeVoice, VoiceList, gender
from interview_audio.engines.online.network import Route, find_proxy, meaning
from interview_audio.engines.online.rate_limiter import Pace
from interview_audio.engines.online.request_runner import Requests
from interview_audio.engines.online.retries import (
    LATER,
    ExhaustedError,
    Limits,
    SetbackError,
    Trouble,
    persist,
    watched,
)
from interview_audio.engines.protocol import Availability, shortened
from interview_audio.errors import EngineError, InterviewAudioError, OutageError, SpeechError, VoiceError
from interview_audio.text.units import counted

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
            "speaks other text; run again later, change the words, or add a pronunciation to voices.yaml"
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


TEST_VOICE = "zh-CN-XiaoxiaoNeural"


def diagnose(service: Service, voices: VoiceList, requests: Requests, *, online: bool) -> Availability:
    """See ``Diagnosable``.

    Args:
        service: The way to it.
        voices: Its list.
        requests: Where requests run.
        online: Whether the list of voices and a test word may be asked for.
    """
    try:
        proxy = service.route().proxy
        through = f"through {proxy}" if proxy else "without a proxy"
        if not online:
            return Availability(
                "unknown", f"not tested; {through}, {_listed(voices)}", "run: interview-audio doctor --online"
            )
        voice = requests.run_apart(lambda: _try_out(service, voices))
    except OutageError as error:
        return Availability("unavailable", error.reason, error.remedy)
    except EngineError as error:  # this machine has no room for a connection
        return Availability("unavailable", str(error))
    wrong = clock_error()
    return Availability(
        "ready",
        f"{voice.name} spoke, {through}, {_listed(voices)}" + (f"; {wrong} (corrected for)" if wrong else ""),
        "correct the clock" if wrong else "",
    )


async def _try_out(service: Service, voices: VoiceList) -> EdgeVoice:
    listed = await service.list_voices()
    voices.replace(listed)
    voice = next((voice for voice in listed if voice.name == TEST_VOICE), listed[0])
    await service.try_out(voice)
    return voice


def _listed(voices: VoiceList) -> str:
    age = voices.age()
    count = len(voices.known())
    if age is None:
        return f"{count} voices (packaged list)"
    days = int(age / (24 * 3600))
    when = ("today", "yesterday")[days] if days < 2 else f"{days} days ago"
    return f"{count} voices (listed {when})"
