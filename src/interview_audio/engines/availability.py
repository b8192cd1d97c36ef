"""Whether an engine can speak on this machine now: the answer, how it is known, and what to do if not."""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Availability:
    """What a look at the engine found."""

    state: Literal["ready", "unknown", "unavailable"]
    """``unknown`` where only a request would tell and none was allowed."""
    how: str
    """How that is known, in a line."""
    remedy: str = ""
    """What would make it ready, or better; empty where there is nothing to do."""


@runtime_checkable
class Diagnosable(Protocol):
    """What an engine may be besides: one that can say whether it works."""

    def availability(self, *, online: bool) -> Availability:
        """Look; raises nothing.

        Args:
            online: Whether a short request may be sent over the network.
        """
