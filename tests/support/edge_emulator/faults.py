"""The failures of the service that the emulator can reproduce."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class FaultKind(Enum):
    """What goes wrong; the first two at the upgrade, the others in the turn."""

    HTTP_STATUS = "http_status"  # refuse the upgrade with ``status`` and ``headers``
    HANDSHAKE_HANG = "handshake_hang"  # accept the connection, never answer
    NO_AUDIO = "no_audio"  # turn.start and turn.end with nothing between them
    DISCONNECT = "disconnect"  # abort the TCP connection after ``after`` audio messages
    CLOSE = "close"  # WebSocket close frame after ``after`` audio messages, no turn.end
    TRUNCATE = "truncate"  # all boundaries, only ``after`` audio messages, then a normal turn.end
    SHORTEN = "shorten"  # the first half of the text as if it were all, then a normal turn.end
    UNREPORTED = "unreported"  # all audio, but boundaries of the first half of the text alone
    HALVED = "halved"  # all boundaries, but audio of the first half of the text alone, with its silence at the end
    MUTED = "muted"  # all boundaries and audio of the right length, the second half of which is silence
    SKIPPED = "skipped"  # the middle third of the text is left out as if it were not there
    UNTOLD = "untold"  # no boundaries at all, and audio of the first third of the text
    HANG = "hang"  # fall silent after ``after`` audio messages
    SLOW = "slow"  # wait ``delay`` seconds before every audio message
    UNKNOWN_PATH = "unknown_path"  # a message path the client does not know
    GARBAGE = "garbage"  # five audio messages that are no MP3, after ``after`` of them


UPGRADE_FAULTS = {FaultKind.HTTP_STATUS, FaultKind.HANDSHAKE_HANG}
CUTTING_FAULTS = {FaultKind.DISCONNECT, FaultKind.CLOSE, FaultKind.TRUNCATE, FaultKind.HANG}


@dataclass
class Fault:
    """One planned fault, used ``times`` times (-1: always) on texts containing ``match``."""

    kind: FaultKind
    times: int = 1
    match: str = ""  # not used by upgrade faults: the text is not known yet
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    after: int = 2
    delay: float = 0.05
