"""Whether the service can be used from this machine, for ``doctor``."""

from interview_audio.engines.availability import Availability
from interview_audio.engines.edge.service import Service, clock_error
from interview_audio.engines.edge.voices import EdgeVoice, VoiceList
from interview_audio.engines.online.requests import Requests
from interview_audio.errors import EngineError, OutageError

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
