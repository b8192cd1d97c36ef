"""The server as it is used: requests with patience, what their failure means, and whether it works at all.

Whether the server can be used from this machine, for ``doctor``.
"""

import json
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.online.durations import check_whole
from interview_audio.engines.online.network import Route, find_proxy
from interview_audio.engines.online.rate_limiter import Pace
from interview_audio.engines.online.request_runner import Requests
from interview_audio.engines.online.retries import LATER, ExhaustedError, Limits, SetbackError, Trouble, broken, persist
from interview_audio.engines.openai.exchange import Answer, DecodingError, RefusedError, decode, get, post
from interview_audio.engines.openai.server import OFFICIAL_KEY, Server, read_key
from interview_audio.engines.openai.voices import OFFICIAL, listed_names, sent_voice
from interview_audio.engines.protocol import Availability, shortened
from interview_audio.errors import EngineError, InterviewAudioError, OutageError, SpeechError, VoiceError
from interview_audio.text.units import counted

TEST_WORDS = "1 2 3"
_LONGEST_ANSWER = 900.0
"""Seconds."""
_LIST_LIMITS = Limits(5.0, 10.0)
_SETTINGS = "see engines.openai in voices.yaml"


@dataclass(frozen=True, slots=True)
class Request:
    """What one request is to say."""

    text: str
    voice: str
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Sound:
    """All that came for a request."""

    samples: NDArray[np.int16]
    """Mono."""
    sample_rate: int
    software: str


@dataclass(frozen=True, slots=True)
class Service:
    """The way to the server, for coroutines of one event loop."""

    server: Server
    pace: Pace
    chance: Random

    def route(self) -> Route:
        """Where requests go now; raises ``OutageError`` where the proxy cannot be used."""
        server = self.server
        schemes = (server.base_url.partition(":")[0], "all")
        is_direct = server.proxy is None and server.is_loopback  # a proxy's loopback is another machine's
        proxy = None if is_direct else find_proxy(server.host, server.proxy, "engines.openai.proxy", schemes)
        return Route("openai", server.address, proxy, self._remedy_for_refusal, _SETTINGS)

    async def say(self, request: Request) -> Sound:
        """Say a text that fits one request, with as many attempts as it is worth.

        Raises:
            SpeechError: The server says everything but this.
            VoiceError: It has no such voice.
            OutageError: It cannot be used now.
        """
        route = self.route()
        read_key(self.server)
        try:
            return await persist(lambda: self._attempt(request, route), self.pace, self.chance)
        except ExhaustedError as error:
            setback, attempts = error.setback, error.attempts
            if setback.trouble in (Trouble.THROTTLED, Trouble.NETWORK):
                raise setback.as_outage(attempts) from error
            outage = setback.as_outage(attempts, f", for {shortened(request.text)!r}")
            raise await self._explained(outage, request, setback.told(attempts)) from error
        except RefusedError as error:
            if "voice" in error.complaint.lower():
                raise VoiceError(f"{error.reason} for the voice {request.voice!r}; choose another") from error
            raise await self._explained(OutageError(error.reason, _SETTINGS), request, error.reason) from error

    async def list_voices(self) -> list[str]:
        """The names that ``GET …/audio/voices`` gives; none where the server has no such list.

        Raises:
            OutageError: It is not reached.
        """
        try:
            answer = await get(self.server, self.route(), _LIST_LIMITS, "/audio/voices")
            return listed_names(json.loads(answer.content))
        except SetbackError as error:
            raise error.as_outage(1) from error
        except (RefusedError, ValueError, RecursionError):
            return []

    async def try_out(self, voice: str) -> None:
        """Say a test word, in one attempt; raises ``OutageError``."""
        try:
            async with self.pace.socket():
                await self._attempt(Request(TEST_WORDS, voice), self.route())
        except SetbackError as error:
            raise error.as_outage(1) from error
        except RefusedError as error:
            raise OutageError(error.reason, _SETTINGS) from error

    async def _attempt(self, request: Request, route: Route) -> Sound:
        server = self.server
        limits = Limits(server.timeout, _LONGEST_ANSWER)
        return _sound(await post(server, route, limits, _body(request, server), self.pace.heard), request, server)

    async def _explained(self, outage: OutageError, request: Request, reason: str) -> InterviewAudioError:
        """Whether it is this text or the server."""
        try:
            await self.try_out(request.voice)
        except OutageError:
            return outage
        return SpeechError(
            f"{reason}, for {shortened(request.text)!r} with {request.voice}, while openai speaks other text; "
            "run again later, change the words, or add a pronunciation to voices.yaml"
        )

    def _remedy_for_refusal(self) -> str:
        variable = self.server.key_variable
        if variable is None:
            return "set its key as an environment variable and name that variable in engines.openai.key_variable"
        where = "at platform.openai.com" if variable == OFFICIAL_KEY and self.server.is_official else "on the server"
        return f"check the key in {variable} {where}: it may be wrong or lack a permission"


def _body(request: Request, server: Server) -> dict[str, Any]:
    body: dict[str, Any] = {
        **server.extra,
        "model": server.model,
        "input": request.text,
        "voice": sent_voice(request.voice, is_official=server.is_official),
        "response_format": server.format,
    }
    if request.rate != 1:
        body["speed"] = round(request.rate, 3)
    if server.instructions:
        body["instructions"] = server.instructions
    return body


def _sound(answer: Answer, request: Request, server: Server) -> Sound:
    """Raise ``SetbackError`` where the answer is not the whole speech."""
    if not answer.content:
        raise SetbackError(Trouble.SILENT, "no audio was received", LATER)
    if answer.kind.startswith("text/") or "json" in answer.kind:
        raise SetbackError(Trouble.STRANGE, f"{server.address} sent {answer.kind} instead of audio", _SETTINGS)
    try:
        samples, rate = decode(answer.content, server.format)
    except DecodingError as error:
        raise broken(str(error)) from error
    check_whole(samples, rate, request.text, request.rate, is_followed=False)
    return Sound(samples, rate, answer.software)


def diagnose(service: Service, requests: Requests, *, online: bool) -> Availability:
    """See ``Diagnosable``.

    Args:
        service: The way to it.
        requests: Where requests run.
        online: Whether the list of voices and a test word may be asked for.
    """
    server = service.server
    try:
        proxy = service.route().proxy
        key = f"with the key in {server.key_variable}" if read_key(server) else "without a key"
        where = f"{server.address}, {key}, {f'through {proxy}' if proxy else 'without a proxy'}"
        if not online:
            return Availability("unknown", f"not tested; {where}", "run: interview-audio doctor --online")
        names = [voice.name for voice in OFFICIAL] if server.is_official else requests.run_apart(service.list_voices)
        if not names:
            return Availability(
                "unknown", f"{where}: it answers, but lists no voices to try", "try it with a short text"
            )
        requests.run_apart(lambda: service.try_out(names[0]))
    except OutageError as error:
        return Availability("unavailable", error.reason, error.remedy)
    except EngineError as error:  # this machine has no room for a connection
        return Availability("unavailable", str(error))
    return Availability("ready", f"{names[0]} spoke, {where}, {counted(len(names), 'voice')}")
