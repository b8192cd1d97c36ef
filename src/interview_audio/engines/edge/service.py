"""The service as the engine uses it: requests that are retried, why they failed in the end, and a test for doctor."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
import edge_tts
from edge_tts import communicate
from edge_tts.drm import DRM
from edge_tts.exceptions import SkewAdjustmentError

from interview_audio.engines.edge.exchange import EdgeAnswer, EdgeRequest, request_speech
from interview_audio.engines.edge.voices import EdgeVoice, EdgeVoiceList, parse_gender
from interview_audio.engines.online.network import Route, find_proxy, translate_error
from interview_audio.engines.online.rate_limiter import RateLimiter
from interview_audio.engines.online.request_runner import RequestRunner, diagnose
from interview_audio.engines.online.retries import (
    RUN_AGAIN_LATER,
    FailureKind,
    RetriesExhaustedError,
    Timeouts,
    TransientError,
    idle_timeout,
    retry,
)
from interview_audio.engines.protocol import Availability
from interview_audio.errors import InterviewAudioError, OutageError, SpeechError, VoiceError
from interview_audio.text.units import counted, shortened

_PROXY_SCHEMES = ("wss", "https", "all")
"""The client itself follows ``WSS_PROXY`` for speech and ``HTTPS_PROXY`` for the list of voices, and no other."""
_TEST_WORDS = "1 2 3"
"""Every voice can read these."""
_TEST_VOICE = "zh-CN-XiaoxiaoNeural"
LIST_TIMEOUTS = Timeouts(idle=10.0, total=10.0)
_NOTABLE_SKEW_SECONDS = 60.0
"""The service accepts a clock that is five minutes off; one that is a minute off is mentioned."""
_UPGRADE = "update edge-tts: pip install --upgrade edge-tts"


@dataclass(frozen=True, slots=True)
class EdgeService:
    """The way to the service, for coroutines of one event loop."""

    proxy: str | None
    """As ``engines.edge.proxy`` has it."""
    limiter: RateLimiter
    timeouts: Timeouts
    list_timeouts: Timeouts
    on_voice_list: Callable[[list[EdgeVoice]], None]
    """Called with a list of voices that came in the course of something else."""

    def route(self) -> Route:
        """Return where requests go now; raise ``OutageError`` if the proxy cannot be used."""
        host = urlsplit(communicate.WSS_URL).hostname or ""  # type: ignore[attr-defined]  # where the client takes it from
        proxy = find_proxy(host, self.proxy, "engines.edge.proxy", _PROXY_SCHEMES)
        return Route("edge", host, proxy, _remedy_for_refusal, _UPGRADE)

    async def say(self, text: str, voice: EdgeVoice, rate: float) -> EdgeAnswer:
        """Say a text that fits one request, with as many attempts as it is worth.

        Raises:
            SpeechError: The service says everything but this.
            VoiceError: The service no longer has the voice.
            OutageError: The service cannot be used now.
        """
        request = EdgeRequest(text, voice, rate)
        route = self.route()

        async def attempt() -> EdgeAnswer:
            return await request_speech(request, route, self.timeouts, self.limiter.note_activity)

        try:
            return await retry(attempt, self.limiter)
        except RetriesExhaustedError as error:
            raise await self._explain(error, request, route) from error

    async def list_voices(self) -> list[EdgeVoice]:
        """Return the voices that the service has now; raise ``OutageError`` if it does not say."""
        route = self.route()
        try:
            async with idle_timeout(self.list_timeouts, route.host, self.limiter.note_activity):
                entries = await edge_tts.list_voices(proxy=route.proxy.url if route.proxy else None)
            voices = [EdgeVoice(str(entry["ShortName"]), parse_gender(entry["Gender"])) for entry in entries]
        except TransientError as error:
            raise error.as_outage(1) from error
        except SkewAdjustmentError as error:
            raise OutageError(f"{route.host} refused the request", route.refused()) from error
        except (aiohttp.ClientError, OSError) as error:
            found = translate_error(error, route)
            raise (found.as_outage(1) if isinstance(found, TransientError) else found) from error
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise OutageError(f"{route.host} sent a list of voices in an unknown format", _UPGRADE) from error
        if not voices:
            raise OutageError(f"{route.host} sent an empty list of voices", RUN_AGAIN_LATER)
        return voices

    async def say_test_words(self, voice: EdgeVoice) -> None:
        """Say test words, in one attempt; raise ``OutageError`` if that fails."""
        try:
            async with self.limiter.connection():
                request = EdgeRequest(_TEST_WORDS, voice)
                await request_speech(request, self.route(), self.timeouts, self.limiter.note_activity)
        except TransientError as error:
            raise error.as_outage(1) from error

    async def _explain(self, error: RetriesExhaustedError, request: EdgeRequest, route: Route) -> InterviewAudioError:
        """Find out whether it is the voice, this text or the service."""
        failure = error.failure
        if failure.kind in (FailureKind.THROTTLED, FailureKind.UNREACHABLE):
            return failure.as_outage(error.attempts)
        if failure.kind is FailureKind.SILENT and await self._is_gone(request.voice):
            return VoiceError(f"{route.service} no longer has the voice {request.voice.name}; choose another")
        try:
            await self.say_test_words(request.voice)
        except OutageError:
            return failure.as_outage(error.attempts, f", for {shortened(request.text)!r}")
        return SpeechError(
            f"{failure.describe(error.attempts)}, for {shortened(request.text)!r} with {request.voice.name}, while "
            "edge speaks other text; run again later, change the words, or add a pronunciation to voices.yaml"
        )

    async def _is_gone(self, voice: EdgeVoice) -> bool:
        try:
            voices = await self.list_voices()
        except OutageError:
            return False
        self.on_voice_list(voices)
        return voice.name not in {other.name for other in voices}


def diagnose_edge(service: EdgeService, voices: EdgeVoiceList, runner: RequestRunner, *, online: bool) -> Availability:
    """See ``Diagnosable``.

    Args:
        service: The way to it.
        voices: Its list.
        runner: Where requests run.
        online: Whether the list of voices and test words may be asked for.
    """

    def how() -> str:
        proxy = service.route().proxy
        return f"{f'through {proxy}' if proxy else 'without a proxy'}, {_describe_list(voices)}"

    def speak() -> Availability:
        voice = runner.run_apart(lambda: _say_with_a_listed_voice(service, voices))
        clock = _clock_error()
        state = f"{voice.name} spoke, {how()}" + (f"; {clock} (corrected for)" if clock else "")
        return Availability("ready", state, "correct the clock" if clock else "")

    return diagnose(how, speak, online=online)


async def _say_with_a_listed_voice(service: EdgeService, voices: EdgeVoiceList) -> EdgeVoice:
    listed = await service.list_voices()
    voices.replace(listed)
    voice = next((voice for voice in listed if voice.name == _TEST_VOICE), listed[0])
    await service.say_test_words(voice)
    return voice


def _describe_list(voices: EdgeVoiceList) -> str:
    age = voices.age_seconds()
    count = len(voices.known())
    if age is None:
        return f"{count} voices (packaged list)"
    days = int(age / (24 * 3600))
    when = ("today", "yesterday")[days] if days < 2 else f"{days} days ago"
    return f"{count} voices (listed {when})"


def _clock_error() -> str | None:
    """Return how wrong this machine's clock is, None if not notably.

    The client keeps the difference to the service's time for the whole process: it is the machine's, so that engines
    in several threads may share it.
    """
    skew = DRM.clock_skew_seconds
    if abs(skew) < _NOTABLE_SKEW_SECONDS:
        return None
    return f"this machine's clock is {counted(round(abs(skew) / 60), 'minute')} {'slow' if skew > 0 else 'fast'}"


def _remedy_for_refusal() -> str:
    clock = _clock_error()
    blocked = f"{_UPGRADE}; if the service is blocked, set an HTTP proxy as engines.edge.proxy"
    return f"{clock}: correct it; otherwise {blocked}" if clock else blocked
