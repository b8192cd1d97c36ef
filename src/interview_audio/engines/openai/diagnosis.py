"""Whether the server can be used from this machine, for ``doctor``."""

from interview_audio.engines.availability import Availability
from interview_audio.engines.online.requests import Requests
from interview_audio.engines.openai.keys import read_key
from interview_audio.engines.openai.service import Service
from interview_audio.engines.openai.voices import OFFICIAL
from interview_audio.errors import EngineError, OutageError
from interview_audio.quantities import counted


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
            return Availability("unknown", f"{where}: it answers, but lists no voices to try", "render a short text")
        requests.run_apart(lambda: service.try_out(names[0]))
    except OutageError as error:
        return Availability("unavailable", error.reason, error.remedy)
    except EngineError as error:  # this machine has no room for a connection
        return Availability("unavailable", str(error))
    return Availability("ready", f"{names[0]} spoke, {where}, {counted(len(names), 'voice')}")
